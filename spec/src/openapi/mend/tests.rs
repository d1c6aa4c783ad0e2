use serde_json::json;

use crate::complaint::Complaints;
use crate::document::Document;
use crate::grammar::walk;
use crate::loss::Loss;
use crate::openapi::OpenApi;

fn read(text: &str) -> Document {
    Document::parse("a.yaml", &format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\n{text}"))
        .unwrap()
}

/// Returns the mends of a document, each with its line.
fn mends(document: &Document) -> Vec<String> {
    let told = OpenApi::new(document).mends().iter();
    let told =
        told.map(|mend| format!("{}: {}", document.nearest_position(&mend.at).line, mend.message));
    told.collect()
}

#[test]
fn a_limit_beyond_every_number_costs_only_itself() {
    let rows = [
        (
            "{type: number, minimum: 1, maximum: 1e400}",
            "3: `maximum` is beyond every number, so it is left out",
        ),
        (
            "{type: number, minimum: -1.5e999}",
            "3: `minimum` is beyond every number, so it is left out",
        ),
        ("{type: number, maximum: .inf}", "3: `maximum` is beyond every number, so it is left out"),
        (
            "{type: array, items: {}, maxItems: 1e309}",
            "3: `maxItems` is beyond every number, so it is left out",
        ),
    ];
    for (schema, told) in rows {
        let document = read(&format!("components: {{schemas: {{A: {schema}}}}}"));
        assert_eq!(mends(&document), [told], "{schema}");
        assert!(OpenApi::new(&document).mends()[0].is_widened, "{schema}");
        let schema = OpenApi::new(&document).root().pointer("/components/schemas/A").unwrap();
        assert!(!schema.to_string().contains("e308"), "{schema}");
    }
    let largest = "components: {schemas: {A: {type: number, maximum: 1.7976931348623157e308}}}";
    assert_eq!(mends(&read(largest)), [""; 0]);
}

#[test]
fn extensions_among_paths_and_responses_hold_anything() {
    for extension in ["null", "1", "[a]", "{get: 1}"] {
        let document = read(&format!(
            "paths:
  x-a: {extension}
  /a: {{get: {{operationId: a, responses: {{x-b: {extension}, '204': {{description: ''}}}}}}}}
"
        ));
        let api = OpenApi::new(&document);
        let mut complaints = Complaints::new(&document, false);
        walk(api, &mut complaints);
        assert_eq!(complaints.finish().len(), 0, "{extension}");
        assert_eq!(mends(&document), [""; 0], "{extension}");
        let operation = api.operations().next().unwrap();
        assert_eq!(operation.responses().unwrap().count(), 1, "{extension}");
    }
}

#[test]
fn a_parameter_of_a_scalar_type_has_no_members() {
    let rows = [
        (
            "{type: string, properties: {q: {type: string}}, required: [q]}",
            json!({"type": "string"}),
            1,
        ),
        ("{type: integer, properties: {q: {}}}", json!({"type": "integer"}), 1),
        ("{type: string, maxLength: 3}", json!({"type": "string", "maxLength": 3}), 0),
        ("{type: object, properties: {}}", json!({"type": "object", "properties": {}}), 0),
    ];
    for (schema, expected, n_mends) in rows {
        let parameter = format!("{{name: q, in: query, schema: {schema}}}");
        let document = read(&format!("components: {{parameters: {{q: {parameter}}}}}"));
        assert_eq!(mends(&document).len(), n_mends, "{schema}");
        let read = OpenApi::new(&document).root().pointer("/components/parameters/q/schema");
        assert_eq!(read, Some(&expected), "{schema}");
    }
}

#[test]
fn an_example_that_is_null_is_none() {
    let media = "application/json: {schema: {type: object}, example: null}";
    let text = format!(
        "paths:\n  /a: {{get: {{responses: {{'200': {{description: '', content: {{{media}}}}}}}}}}}\n"
    );
    let document = read(&text);
    assert_eq!(mends(&document), ["4: an example that is null is left out"]);
    let api = OpenApi::new(&document);
    assert_eq!(api.mends()[0].loss, Some(Loss::Example));
    let operation = api.operations().next().unwrap();
    assert_eq!(operation.answer("200", "application/json").unwrap().examples().count(), 0);
}

#[test]
fn webhooks_and_operations_have_names_of_their_own() {
    let document = read(
        "paths:
  /novo: {post: {responses: {}}}
  /b: {get: {operationId: b, responses: {}}}
x-webhooks:
  novo: {post: {responses: {}}}
  outro: {post: {operationId: b, responses: {}}}
  livre: {post: {responses: {}}}
",
    );
    let api = OpenApi::new(&document);
    let webhooks = api.webhooks().unwrap();
    let webhooks: Vec<&str> =
        webhooks.iter().map(|one| one.as_ref().unwrap().operation.id()).collect();
    let operations: Vec<String> =
        api.operations().map(|operation| operation.id().to_owned()).collect();
    assert_eq!(operations, ["post_novo", "b"]);
    assert_eq!(webhooks, ["post_novo_2", "b_2", "post_livre"]);
    let found = api.operation_at("/x-webhooks/livre/post").map(|one| one.id().to_owned());
    assert_eq!(found.as_deref(), Some("post_livre"));
    assert_eq!(
        mends(&document),
        [
            "8: operationId `b` is taken, or a method that every client has: here it is `b_2`",
            "7: operationId `post_novo` is taken, or a method that every client has: here it is `post_novo_2`",
        ]
    );
}
