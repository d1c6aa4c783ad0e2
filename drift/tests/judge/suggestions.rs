//! Tests the edits that findings suggest: the text after them, and that the traffic then fits.

use prumo_drift::{Contract, Document, Finding, Suggestions, compare, read_openapi, suggest};
use serde_json::{Value, json};

use crate::acme;

const SPEC: &str = r##"# The shop.
openapi: 3.0.3
info: {title: Loja, version: "1"}
paths:
  /itens:
    get:
      operationId: listar
      parameters:
        - {name: pagina, in: query, schema: {type: integer}}
      responses:
        "200":
          description: The items.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Pagina"}
components:
  schemas:
    Pagina:
      type: object
      required: [itens, total]
      properties:
        itens:
          type: array
          items: {$ref: "#/components/schemas/Item"}
        total: {type: integer}  # all of them
    Item:
      type: object
      required:
        - id
        - nome # as it is printed
      properties:
        id: {type: integer}
        # Some have none.
        nome:
          type: string

        situacao:
          type: string
          enum:
            - aberto
            - fechado
          x-enum-varnames: [Aberto, Fechado]
        cor: {type: string, enum: [azul, "2"]}
        fase: {$ref: "#/components/schemas/Fase"}
        antes: {$ref: "#/components/schemas/Fase"}
        de: {$ref: "#/components/schemas/Par"}
        para: {$ref: "#/components/schemas/Par"}
        dono: {$ref: "#/components/schemas/Dono"}
        cliente:
          $ref: "#/components/schemas/Dono"

    Fase: {type: string, enum: [nova]}
    Par: {type: object, required: [x], properties: {x: {type: integer}}}
    Dono:
      description: Who has it.
      type: object
      properties: {idade: {type: integer}}
"##;

fn findings(spec: &str, exchange: &Value) -> Vec<Finding> {
    let promised: Contract = read_openapi(&Document::parse("loja.yaml", spec).unwrap()).unwrap();
    compare(&promised, &acme::observe(&promised, &[exchange.to_string()]))
}

fn exchange(query: &Value, body: &Value) -> Value {
    json!({
        "operation": "listar",
        "request": {"method": "GET", "path": "/itens", "query": query},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": body}
    })
}

fn suggested(spec: &str, exchange: &Value) -> Suggestions {
    suggest(&[("loja.yaml".to_owned(), spec.to_owned())], &findings(spec, exchange)).unwrap()
}

/// Returns the lines that are new, and those that are gone.
fn difference(before: &str, after: &str) -> Vec<String> {
    let is_in = |line: &str, text: &str| text.lines().any(|one| one == line);
    let gone = before.lines().filter(|line| !is_in(line, after)).map(|line| format!("-{line}"));
    let new = after.lines().filter(|line| !is_in(line, before)).map(|line| format!("+{line}"));
    gone.chain(new).collect()
}

#[test]
fn a_finding_becomes_the_smallest_edit_after_which_the_traffic_fits() {
    let item = |members: Value| {
        let mut item = json!({"id": 1, "nome": "a"});
        item.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        json!({"itens": [item], "total": 1})
    };
    let rows: Vec<(&str, Value, &[&str])> = vec![
        ("null in a block", item(json!({"nome": null})), &["+          nullable: true"]),
        (
            "null in a flow",
            json!({"itens": [], "total": null}),
            &[
                "-        total: {type: integer}  # all of them",
                "+        total: {type: integer, nullable: true}  # all of them",
            ],
        ),
        (
            "null in place of a reference in a flow",
            item(json!({"dono": null})),
            &[
                r##"-        dono: {$ref: "#/components/schemas/Dono"}"##,
                r##"+        dono: {nullable: true, allOf: [{$ref: "#/components/schemas/Dono"}]}"##,
            ],
        ),
        (
            "null in place of a reference in a block",
            item(json!({"cliente": null})),
            &[
                r##"-          $ref: "#/components/schemas/Dono""##,
                "+          nullable: true",
                "+          allOf:",
                r##"+            - $ref: "#/components/schemas/Dono""##,
            ],
        ),
        (
            "a value of an enum in a block, with its name",
            item(json!({"situacao": "em_analise"})),
            &[
                "-          x-enum-varnames: [Aberto, Fechado]",
                "+            - em_analise",
                "+          x-enum-varnames: [Aberto, Fechado, EmAnalise]",
            ],
        ),
        (
            "a number as a text of an enum in a flow",
            item(json!({"cor": "37"})),
            &[
                r#"-        cor: {type: string, enum: [azul, "2"]}"#,
                r#"+        cor: {type: string, enum: [azul, "2", "37"]}"#,
            ],
        ),
        (
            "a required member of a list in a flow is absent",
            json!({"itens": []}),
            &["-      required: [itens, total]", "+      required: [itens]"],
        ),
        (
            "a required member of a list in a block is absent",
            json!({"itens": [{"id": 1}], "total": 1}),
            &["-        - nome # as it is printed"],
        ),
        (
            "a value of an enum that two members share",
            item(json!({"fase": "velha", "antes": "velha"})),
            &[
                "-    Fase: {type: string, enum: [nova]}",
                "+    Fase: {type: string, enum: [nova, velha]}",
            ],
        ),
        (
            "an object that two members share",
            item(json!({"de": {"y": 1}, "para": {"y": 2}})),
            &[
                "-    Par: {type: object, required: [x], properties: {x: {type: integer}}}",
                "+    Par: {type: object, properties: {x: {type: integer}, y: {type: integer}}}",
            ],
        ),
        (
            "new members behind a block",
            item(json!({"preco": 1.5, "tags": [], "ok": true})),
            &[
                "+        ok: {type: boolean}",
                "+        preco: {type: number}",
                "+        tags: {type: array, items: {}}",
            ],
        ),
        (
            "a new member of a flow",
            item(json!({"dono": {"cor": "azul"}})),
            &[
                "-      properties: {idade: {type: integer}}",
                "+      properties: {idade: {type: integer}, cor: {type: string}}",
            ],
        ),
    ];
    for (name, body, expected) in rows {
        let exchange = exchange(&json!({}), &body);
        let suggested = suggested(SPEC, &exchange);
        let [(_, before, after)] = suggested.changed.as_slice() else {
            panic!("case `{name}`: {suggested:?}");
        };
        assert_eq!(difference(before, after), expected, "case `{name}`");
        assert_eq!(suggested.open, [""; 0], "case `{name}`");
        assert_eq!(acme::short(&findings(after, &exchange)), [], "case `{name}`\n{after}");
    }
}

#[test]
fn a_parameter_is_added_to_the_list_or_with_it() {
    let exchange = exchange(&json!({"ordem": "asc"}), &json!({"itens": [], "total": 0}));
    let suggestions = suggested(SPEC, &exchange);
    let new = "        - {name: ordem, in: query, schema: {type: string}}";
    assert_eq!(difference(SPEC, &suggestions.changed[0].2), [format!("+{new}")]);
    let parameters =
        SPEC.find("      parameters:").unwrap()..SPEC.find("      responses:").unwrap();
    let without = SPEC.replace(&SPEC[parameters], "");
    let suggestions = suggested(&without, &exchange);
    let after = &suggestions.changed[0].2;
    assert!(
        after.contains("      parameters: [{name: ordem, in: query, schema: {type: string}}]\n"),
        "{after}"
    );
    assert_eq!(acme::short(&findings(after, &exchange)), []);
}

#[test]
fn what_traffic_does_not_prove_is_left_to_a_person() {
    let rows = [
        ("another type", json!({"itens": [], "total": "1"}), "type-changed"),
        (
            "a masked value",
            json!({"itens": [{"id": 1, "nome": "a", "cor": "ana lima"}], "total": 1}),
            "enum-value-unknown",
        ),
        (
            "two types",
            json!({"itens": [{"id": 1, "nome": "a", "x": 1}, {"id": 1, "nome": "a", "x": "b"}], "total": 1}),
            "field-undocumented",
        ),
    ];
    for (name, body, rule) in rows {
        let suggested = suggested(SPEC, &exchange(&json!({}), &body));
        assert!(suggested.changed.is_empty(), "case `{name}`: {suggested:?}");
        assert!(
            suggested.open.iter().any(|one| one.starts_with(rule)),
            "case `{name}`: {suggested:?}"
        );
    }
}

#[test]
fn a_document_in_json_is_edited_in_its_own_style() {
    let document: Value =
        acme::answering(&json!({"type": "object", "properties": {"a": {"type": "integer"}}}));
    for text in [document.to_string(), format!("{document:#}")] {
        let promised = read_openapi(&Document::parse("a.json", &text).unwrap()).unwrap();
        let body = acme::answered(&json!({"a": null, "b": "x"})).to_string();
        let findings = compare(&promised, &acme::observe(&promised, std::slice::from_ref(&body)));
        assert_eq!(findings.len(), 2);
        let suggested = suggest(&[("a.json".to_owned(), text)], &findings).unwrap();
        let after = &suggested.changed[0].2;
        let edited = read_openapi(&Document::parse("a.json", after).unwrap()).unwrap();
        assert_eq!(acme::short(&compare(&edited, &acme::observe(&edited, &[body]))), [], "{after}");
        serde_json::from_str::<Value>(after).unwrap_or_else(|error| panic!("{error}: {after}"));
    }
}
