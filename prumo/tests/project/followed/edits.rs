//! Holds the edits of a spec to the facts that pages newly say: one row for each kind of change.
//!
//! Invariant: what only widens is edited, and everything else is left to a person with a reason.

use prumo_drift::{Suggestions, documented, read_openapi, suggest_documented};
use prumo_pages::Lock;
use prumo_spec::Document;

const SPEC: &str = "openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example'}]
paths:
  /pedido:
    post:
      operationId: criar_pedido
      parameters:
        - {name: limite, in: query, schema: {type: integer, minimum: 5, maximum: 50}}
        - {name: ordem, in: query, schema: {type: string, enum: [nome, data], x-enum-varnames: [Nome, Data]}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [cliente, canal]
              properties:
                cliente: {type: string, maxLength: 10}
                canal: {type: string}
      responses:
        '200':
          description: O pedido.
          content:
            application/json:
              schema:
                type: object
                properties:
                  # The lines of the order.
                  itens:
                    type: array
                    items:
                      type: object
                      properties:
                        nome: {type: string}
";

/// What the pages said before: the same as the spec.
const FACTS: [&str; 7] = [
    "    parameters:",
    "    - {in: query, name: limite, type: integer, required: false, minimum: \"5\", maximum: \"50\", line: 4}",
    "    - {in: query, name: ordem, type: string, required: false, enum: [nome, data], line: 5}",
    "    - {in: body, name: cliente, type: string, required: true, maxLength: \"10\", line: 6}",
    "    - {in: body, name: canal, type: string, required: true, line: 7}",
    "    response:\n    - {name: itens, type: [array], items: [object], line: 9}",
    "    - {name: \"itens[].nome\", type: [string], line: 10}",
];

/// Rows: the text of a fact, its new text, a line of the spec after it (none if it stays as it is),
/// and a part of the reason why a person must decide.
const ROWS: [(&str, &str, Option<&str>, Option<&str>); 19] = [
    ("\"50\"", "\"80\"", Some("minimum: 5, maximum: 80}"), None),
    ("\"50\"", "\"20\"", None, Some("the docs are stricter")),
    ("minimum: \"5\"", "minimum: \"1\"", Some("minimum: 1, maximum: 50}"), None),
    (
        "maxLength: \"10\"",
        "maxLength: \"12\"",
        Some("cliente: {type: string, maxLength: 12}"),
        None,
    ),
    ("maxLength: \"10\"", "maxLength: \"9\"", None, Some("the docs are stricter")),
    (
        "enum: [nome, data]",
        "enum: [nome, data, cor]",
        Some("enum: [nome, data, cor], x-enum-varnames: [Nome, Data, Cor]}}"),
        None,
    ),
    ("enum: [nome, data]", "enum: [nome]", None, Some("the docs no longer list all values")),
    ("enum: [nome, data]", "enum: [nome, data, \"uma frase\"]", None, Some("no plain word")),
    (
        "name: canal, type: string, required: true",
        "name: canal, type: string, required: false",
        Some("required: [cliente]"),
        None,
    ),
    (
        "name: limite, type: integer, required: false",
        "name: limite, type: integer, required: true",
        None,
        Some("the docs require it now"),
    ),
    (
        "name: canal, type: string",
        "name: canal, type: boolean",
        None,
        Some("say which type the wire has"),
    ),
    (
        "    parameters:",
        "    parameters:\n    - {in: query, name: cor, type: string, required: false, line: 3}",
        Some("- {name: cor, in: query, schema: {type: string}}"),
        None,
    ),
    (
        "    parameters:",
        "    parameters:\n    - {in: query, name: cor, type: string, required: true, line: 3}",
        Some("- {name: cor, in: query, schema: {type: string}}"),
        Some("it is added as optional"),
    ),
    (
        "    parameters:",
        "    parameters:\n    - {in: body, name: cor, type: integer, required: false, line: 3}",
        Some("cor: {type: integer}"),
        None,
    ),
    (
        "    parameters:",
        "    parameters:\n    - {in: query, name: \"cor da capa\", type: string, required: false, line: 3}",
        None,
        Some("add it by hand"),
    ),
    (
        "line: 10}",
        "line: 10}\n    - {name: \"itens[].preco\", type: [number], line: 11}",
        Some("preco: {type: number}"),
        Some("say whether it is always whole"),
    ),
    (
        "line: 10}",
        "line: 10}\n    - {name: \"itens[].fotos\", type: [array], items: [string], line: 11}",
        Some("fotos: {type: array, items: {type: string}}"),
        None,
    ),
    (
        "type: [string], line: 10",
        "type: [string, \"null\"], line: 10",
        Some("nome: {type: string, nullable: true}"),
        None,
    ),
    (
        "line: 10}",
        "line: 10}\n  - operation: DELETE /pedido\n    line: 20",
        None,
        Some("describe the operation"),
    ),
];

fn lock(facts: &str) -> Lock {
    let head = "docs: 1\npages:\n- page: pedido.rst\n  operations:\n  - operation: POST /pedido\n    line: 2\n";
    Lock::read("loja.docs.yaml", &format!("{head}{facts}\n")).expect("a lock")
}

/// Suggests edits of a spec whose pages said `before` and say `now`.
fn suggested(spec: &str, before: &str, now: &str) -> Suggestions {
    let document = Document::parse("loja.yaml", spec).expect("a document");
    let promised = read_openapi(&document).expect("a contract");
    let [earlier, now] = [before, now].map(|facts| lock(facts).contract());
    let findings =
        documented::compare(&promised, &now).newer_than(&documented::compare(&promised, &earlier));
    let sources = [("loja.yaml".to_owned(), spec.to_owned())];
    suggest_documented(&sources, &findings, &promised, &now).expect("suggestions")
}

#[test]
fn what_pages_newly_say_is_an_edit_that_widens_or_a_decision() {
    let before = FACTS.join("\n");
    assert_eq!(suggested(SPEC, &before, &before).made.len(), 0, "nothing changed");
    for (old, new, line, reason) in ROWS {
        assert!(before.contains(old), "no `{old}`");
        let suggested = suggested(SPEC, &before, &before.replacen(old, new, 1));
        let after = suggested.changed.first().map(|(_, _, after)| after.as_str());
        match line {
            Some(line) => {
                let after = after.unwrap_or_default();
                assert!(after.contains(line), "`{new}`: {:?}\n{after}", suggested.open);
                assert!(after.contains("# The lines of the order."), "`{new}`: {after}");
            }
            None => assert_eq!(after, None, "`{new}`"),
        }
        match reason {
            Some(reason) => {
                assert!(
                    suggested.open.iter().any(|open| open.contains(reason)),
                    "`{new}`: {:?}",
                    suggested.open
                );
            }
            None => assert_eq!(suggested.open, [""; 0], "`{new}`"),
        }
    }
}

#[test]
fn a_house_spec_gets_the_evidence_with_the_member() {
    let source = "operationId: criar_pedido\n      x-source: {page: pedido.rst, date: 2026-11-30}";
    let house = SPEC.replacen("operationId: criar_pedido", source, 1);
    let before = FACTS.join("\n");
    let now = format!("{before}\n    - {{name: \"itens[].cor\", type: [string], line: 11}}");
    let after = suggested(&house, &before, &now).changed;
    let after = after.first().map(|(_, _, after)| after.as_str()).unwrap_or_default();
    assert!(after.contains("cor: {type: string, x-evidence: documented}"), "{after}");
}
