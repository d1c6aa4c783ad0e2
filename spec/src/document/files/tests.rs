use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Target;
use crate::document::Document;

/// Reads a document and the files that it refers to, of those given by their keys.
fn read(text: &str, files: &[(&str, &str)]) -> Document {
    let document = Document::parse("api.yaml", text).unwrap();
    let mut taken = BTreeMap::new();
    let mut open = document.referenced_files("");
    while let Some(key) = open.pop() {
        let found = files.iter().find(|(name, _)| *name == key);
        if let Some((name, text)) = found.filter(|_| !taken.contains_key(&key)) {
            let file = Document::parse(name, text).unwrap();
            open.extend(file.referenced_files(&key));
            taken.insert(key, file);
        }
    }
    document.with_files(taken)
}

fn at<'d>(document: &'d Document, pointer: &str) -> &'d Value {
    document.value().pointer(pointer).unwrap_or(&Value::Null)
}

#[test]
fn the_target_becomes_a_component_with_its_own_place() {
    let text = "\
openapi: 3.0.3
paths: {/a: {get: {responses: {'200': {$ref: 'answers.yaml#/ok'}}}}}
components: {schemas: {Pedido: {type: string}}}
";
    let answers = "\
ok:
  description: ok
  content: {application/json: {schema: {$ref: 'schemas/pedido.yaml'}}}
";
    let pedido = "\
type: object
properties:
  itens: {type: array, items: {$ref: '#/properties/id'}}
  id: {type: integer}
  pai: {$ref: '../schemas/pedido.yaml'}
  tipo: {$ref: 'comum.yaml#/Pedido'}
";
    let comum = "Pedido: {enum: [a]}";
    let files =
        [("answers.yaml", answers), ("schemas/pedido.yaml", pedido), ("schemas/comum.yaml", comum)];
    let document = read(text, &files);
    let ok = "/paths/~1a/get/responses/200/$ref";
    assert_eq!(at(&document, ok), "#/components/responses/ok");
    let schema = "/components/responses/ok/content/application~1json/schema/$ref";
    assert_eq!(at(&document, schema), "#/components/schemas/pedido");
    let pedido = "/components/schemas/pedido/properties";
    assert_eq!(
        *at(&document, pedido),
        json!({
            "itens": {"type": "array", "items": {"$ref": "#/components/schemas/id"}},
            "id": {"type": "integer"},
            "pai": {"$ref": "#/components/schemas/pedido"},
            "tipo": {"$ref": "#/components/schemas/Pedido_2"},
        })
    );
    assert_eq!(*at(&document, "/components/schemas/Pedido_2"), json!({"enum": ["a"]}));
    assert_eq!(*at(&document, "/components/schemas/Pedido"), json!({"type": "string"}));
    let place = format!("{pedido}/id");
    assert_eq!(document.file_at(&place), "schemas/pedido.yaml");
    assert_eq!(document.position(&place).map(|position| position.line), Some(4));
    assert_eq!(document.file_at("/paths"), "api.yaml");
}

#[test]
fn a_path_item_is_copied_to_where_it_is_referred_to() {
    let text = "openapi: 3.0.3\npaths: {/a: {$ref: 'a.yaml'}, /b: {$ref: 'loop.yaml'}}";
    let item = "get: {operationId: ler, parameters: [{$ref: '#/x-p'}], responses: {}}\nx-p: {name: q, in: query}";
    let document = read(text, &[("a.yaml", item), ("loop.yaml", "$ref: loop.yaml")]);
    assert_eq!(at(&document, "/paths/~1a/get/operationId"), "ler");
    let parameter = "/paths/~1a/get/parameters/0/$ref";
    assert_eq!(at(&document, parameter), "#/components/parameters/x-p");
    assert_eq!(*at(&document, "/components/parameters/x-p"), json!({"name": "q", "in": "query"}));
    assert_eq!(*at(&document, "/paths/~1b"), json!({"$ref": "loop.yaml"}));
}

#[test]
fn a_discriminator_leads_to_files_too() {
    let text = "\
openapi: 3.0.3
components:
  schemas:
    A:
      oneOf: [{$ref: 'b.yaml#/B'}]
      discriminator: {propertyName: t, mapping: {b: 'b.yaml#/B', own: A}}
";
    let document = read(text, &[("b.yaml", "B: {type: object}")]);
    let mapping = "/components/schemas/A/discriminator/mapping";
    assert_eq!(*at(&document, mapping), json!({"b": "#/components/schemas/B", "own": "A"}));
}

#[test]
fn a_file_of_3_1_is_rewritten_with_its_document() {
    let text = "openapi: 3.1.0\ncomponents: {schemas: {A: {$ref: 'b.yaml#/B'}}}";
    let document = read(text, &[("b.yaml", "B: {type: [string, 'null']}")]);
    let b = json!({"type": "string", "nullable": true});
    assert_eq!(*at(&document, "/components/schemas/B"), b);
}

#[test]
fn what_is_not_there_stays_as_it_is() {
    let text = "\
openapi: 3.0.3
components:
  schemas:
    A: {$ref: 'absent.yaml#/B'}
    B: {$ref: 'b.yaml#/C'}
    C: {$ref: 'https://acme.example/c.yaml'}
    D: {$ref: '../out.yaml'}
";
    let document = read(text, &[("b.yaml", "B: {}")]);
    let targets = ["absent.yaml#/B", "b.yaml#/C", "https://acme.example/c.yaml", "../out.yaml"];
    for (name, target) in ["A", "B", "C", "D"].into_iter().zip(targets) {
        assert_eq!(at(&document, &format!("/components/schemas/{name}/$ref")), target);
    }
}

#[test]
fn a_path_of_a_file_is_read_from_the_file_that_names_it() {
    let rows = [
        ("a.yaml#/A", "", Some("a.yaml")),
        ("./a.yaml", "", Some("a.yaml")),
        ("#/A", "x/b.yaml", Some("x/b.yaml")),
        ("a.yaml", "x/b.yaml", Some("x/a.yaml")),
        ("../a%20b.yaml", "x/b.yaml", Some("a b.yaml")),
        ("../../a.yaml", "x/b.yaml", None),
        ("/a.yaml", "", None),
        ("C:\\a.yaml", "", None),
        ("http://acme.example/a.yaml", "", None),
    ];
    for (reference, from, expect) in rows {
        let file = Target::of(reference, from).map(|target| target.file);
        assert_eq!(file.as_deref(), expect, "`{reference}` in `{from}`");
    }
}
