//! Holds the comparison of a spec with pages to a table: what the page says, and the findings.
//!
//! The spec and the pages are made up; the expectation is written by hand.

use prumo_drift::documented::{Differences, compare};
use prumo_drift::{Document, Finding, Waivers, read_openapi};
use prumo_pages::{Lock, read};

const SPEC: &str = "
openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example/api'}]
paths:
  /pedido:
    get:
      operationId: listar_pedidos
      parameters:
        - {name: situacao, in: query, schema: {type: string, enum: [aberto, fechado]}}
        - {name: limite, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: desde, in: query, required: true, schema: {type: string, format: date}}
      responses:
        '200':
          description: Pedidos.
          content:
            application/json:
              schema:
                type: object
                required: [pedidos]
                properties:
                  total: {type: integer}
                  pedidos:
                    type: array
                    items:
                      type: object
                      required: [id]
                      properties:
                        id: {type: integer}
                        nome: {type: string, nullable: true}
  /pedido/{id}:
    delete:
      operationId: remover_pedido
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: Removido.}}
";

const PAGE: &str = "
# Pedidos

GET /api/pedido

| Campo | Descrição | Tipo | Obrigatório |
|---|---|---|---|
| situacao | Uma de (aberto, fechado) | string | Não |
| limite | mínimo 1, máximo 100 | integer | Não |
| desde | AAAA-MM-DD | string | Sim |

Retorno:

```json
{\"total\": 1, \"pedidos\": [{\"id\": 7, \"nome\": \"a\"}]}
```

# Remover

DELETE /api/pedido/{id}
";

fn differences(pages: &[(&str, &str)]) -> Differences {
    let promised =
        read_openapi(&Document::parse("loja.yaml", SPEC).expect("YAML")).expect("a spec");
    let pages =
        pages.iter().map(|(name, text)| ((*name).to_owned(), read(name, text).expect("a page")));
    compare(&promised, &Lock::new(pages).contract())
}

fn line(one: &Finding) -> String {
    let Finding { rule, operation, at, seen, .. } = one;
    format!("{} {} {at} {seen}", rule.name(), operation.as_deref().unwrap_or("-"))
}

fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(line).collect()
}

/// How the page differs, the edit of the page, and the findings.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn check(rows: &[Row]) {
    for &(name, from, to, expect) in rows {
        let page = PAGE.replacen(from, to, 1);
        assert!(name == "nothing" || page != PAGE, "{name}");
        let found = lines(&differences(&[("pedidos.md", &page)]).findings);
        assert_eq!(found, expect, "the page has {name}");
    }
}

#[test]
fn a_difference_of_a_request_is_found() {
    check(&[
        ("nothing", "", "", &[]),
        (
            "another value",
            "(aberto, fechado)",
            "(aberto, fechado, pausado)",
            &["enum-value-unknown listar_pedidos /query/situacao `pausado`"],
        ),
        (
            "a value less",
            "(aberto, fechado)",
            "(aberto, parado)",
            &["enum-value-unknown listar_pedidos /query/situacao `parado`, and no `fechado`"],
        ),
        (
            "another bound",
            "máximo 100",
            "máximo 50",
            &["bound-exceeded listar_pedidos /query/limite at most 50"],
        ),
        ("the same bound in other words", "mínimo 1, máximo 100", "máximo 100, maior que 0", &[]),
        (
            "a date with the day first",
            "AAAA-MM-DD",
            "DD/MM/AAAA",
            &["format-violated listar_pedidos /query/desde DD/MM/AAAA"],
        ),
        (
            "a parameter that is not required",
            "AAAA-MM-DD | string | Sim",
            "AAAA-MM-DD | string | Não",
            &["param-missing listar_pedidos /query/desde optional"],
        ),
        (
            "a parameter that is required",
            "máximo 100 | integer | Não",
            "máximo 100 | integer | Sim",
            &["param-missing listar_pedidos /query/limite required"],
        ),
        (
            "a parameter that is not on the page",
            "| desde | AAAA-MM-DD | string | Sim |\n",
            "",
            &["param-missing listar_pedidos /query/desde on no page"],
        ),
        (
            "a parameter that is not in the spec",
            "| desde |",
            "| cor | A cor | string | Não |\n| desde |",
            &["param-undocumented listar_pedidos /query/cor parameter"],
        ),
    ]);
}

#[test]
fn a_difference_of_an_answer_or_an_endpoint_is_found() {
    check(&[
        (
            "another type in the answer",
            "\"id\": 7",
            "\"id\": \"7\"",
            &["type-changed listar_pedidos /pedidos/*/id string"],
        ),
        (
            "null in the answer",
            "\"total\": 1",
            "\"total\": null",
            &["null-unexpected listar_pedidos /total null"],
        ),
        (
            "a field that is not in the spec",
            "\"id\": 7",
            "\"id\": 7, \"cor\": {\"nome\": 1}",
            &["field-undocumented listar_pedidos /pedidos/*/cor field"],
        ),
        (
            "a required field that is not on the page",
            "\"id\": 7, ",
            "",
            &["field-missing listar_pedidos /pedidos/*/id on no page"],
        ),
        (
            "another method",
            "DELETE /api/pedido/{id}",
            "POST /api/pedido/{id}",
            &["operation-unknown remover_pedido  POST /api/pedido/*"],
        ),
        (
            "an endpoint that is not in the spec",
            "DELETE /api/pedido/{id}",
            "DELETE /api/pedido/{id}\n\n# Cor\n\nGET /api/cor/{id}",
            &["operation-unknown -  GET /api/cor/*"],
        ),
    ]);
}

/// A page need not repeat what is optional: that is a gap, and so is an operation on no page.
#[test]
fn what_a_page_leaves_out_is_a_gap() {
    let page = PAGE.replace(", \"nome\": \"a\"", "").replace("\"total\": 1, ", "");
    let page = page.split("# Remover").next().unwrap_or_default();
    let differences = differences(&[("pedidos.md", page)]);
    assert_eq!(lines(&differences.findings), [] as [&str; 0]);
    let expect = [
        "field-missing listar_pedidos /pedidos/*/nome on no page",
        "field-missing listar_pedidos /total on no page",
        "operation-never-seen remover_pedido  on no page",
    ];
    assert_eq!(lines(&differences.gaps), expect);
    assert_eq!(differences.documented.operations.len(), 1);
}

#[test]
fn pages_of_one_operation_are_one_witness() {
    let half = |from: &str| PAGE.replace(from, "");
    let (one, other) = (
        half("| desde | AAAA-MM-DD | string | Sim |\n"),
        half("| limite | mínimo 1, máximo 100 | integer | Não |\n"),
    );
    let found = differences(&[("um.md", &one), ("dois.md", &other)]);
    assert_eq!(lines(&found.findings), [] as [&str; 0]);
}

/// Rows: a waiver of the docs, and whether it is met, stale or not visible.
#[test]
fn a_waiver_of_the_docs_is_met_stale_or_not_visible() {
    let page = PAGE.replace("máximo 100", "máximo 50");
    let request = "operation: listar_pedidos\n    side: request";
    let rows = [
        ("bound-exceeded", "/query/limite", "", "met"),
        ("enum-value-unknown", "/query/situacao", "", "stale"),
        ("enum-value-unknown", "/query/situacao", "unseen: an older page\n    ", "not visible"),
        ("enum-value-unknown", "/query/situacao", "until: 2026-11-02\n    ", "stale"),
        ("content-type-changed", "\"\"", "", "not visible"),
        ("format-violated", "/query/limite", "", "not visible"),
    ];
    for (rule, at, extra, expect) in rows {
        let text = format!(
            "waivers:\n  - witness: docs\n    rule: {rule}\n    {request}\n    at: {at}\n    {extra}reason: so it is\n    date: 2026-11-01\n"
        );
        let document = Document::parse("w.yaml", &text).expect("YAML");
        let waivers = Waivers::parse(&document).expect("waivers");
        let mut found = differences(&[("pedidos.md", &page)]);
        let sorted = waivers.apply_to_docs(&mut found, "2026-12-01".parse().unwrap());
        let counts = (sorted.n_met, sorted.stale.len(), sorted.invisible.len());
        let word = match counts {
            (1, 0, 0) => "met",
            (0, 1, 0) => "stale",
            (0, 0, 1) => "not visible",
            _ => panic!("{counts:?}"),
        };
        assert_eq!(word, expect, "{rule} {at} {extra}");
        let waived = found.findings.iter().filter(|one| one.waived.is_some()).count();
        assert_eq!(waived, usize::from(expect == "met"), "{rule} {at}");
    }
}
