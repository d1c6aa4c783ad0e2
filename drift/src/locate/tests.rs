use prumo_spec::Document;

use super::Locator;
use crate::finding::Finding;
use crate::rules::{Rule, Severity, Side};

const SPEC: &str = "openapi: 3.0.3
info: {title: Loja, version: '1'}
paths:
  /pedido:
    post:
      operationId: criar_pedido
      parameters:
        - {name: pagina, in: query, schema: {type: integer}}
      requestBody:
        content:
          application/json:
            schema:
              properties:
                nome: {type: string}
      responses:
        '200':
          description: An order.
          headers:
            X-Total:
              schema: {type: integer}
          content:
            application/json:
              schema:
                oneOf:
                  - properties:
                      erro: {enum: [true]}
                      data: {type: string}
                  - properties:
                      erro: {enum: [false]}
                      data:
                        type: array
                        items:
                          $ref: '#/components/schemas/Item'
        4XX: {$ref: '#/components/responses/Refusal'}
components:
  responses:
    Refusal:
      description: Refused.
      content:
        application/json:
          schema: {additionalProperties: {type: string}}
  schemas:
    Item:
      allOf:
        - $ref: '#/components/schemas/Base'
        - properties:
            preco: {type: number}
    Base:
      properties:
        id: {type: integer}
        pai:
          $ref: '#/components/schemas/Item'
";

fn finding(side: Side, status: Option<u16>, case: &str, at: &str) -> Finding {
    Finding {
        spec: "loja".to_owned(),
        rule: Rule::TypeChanged,
        severity: Severity::Breaking,
        operation: Some("criar_pedido".to_owned()),
        side,
        status,
        case: Some(case.to_owned()).filter(|case| !case.is_empty()),
        at: at.to_owned(),
        promised: String::new(),
        seen: String::new(),
        count: 1,
        of: 1,
        first: None,
        waived: None,
        promised_at: None,
        standing: None,
        since: None,
    }
}

/// Returns the text of the line at which a finding is located.
fn located(spec: &str, finding: &Finding) -> String {
    let document = Document::parse("loja.yaml", spec).unwrap();
    let place = Locator::new(&document).place(finding);
    assert_eq!(place.file, "loja.yaml");
    let line = spec.lines().nth(usize::try_from(place.line).unwrap() - 1).unwrap_or_default();
    line.trim().to_owned()
}

#[test]
fn a_finding_is_at_the_line_that_promises_otherwise() {
    let (request, response) = (Side::Request, Side::Response);
    let rows = [
        (
            "a parameter",
            request,
            None,
            "",
            "/query/pagina",
            "- {name: pagina, in: query, schema: {type: integer}}",
        ),
        ("a parameter that is not promised", request, None, "", "/query/cor", "parameters:"),
        ("a member of the request", request, None, "", "/nome", "nome: {type: string}"),
        ("the request", request, None, "", "", "schema:"),
        ("a member of a case", response, Some(200), "erro=false", "/data", "data:"),
        (
            "a member of the other case",
            response,
            Some(200),
            "erro=true",
            "/data",
            "data: {type: string}",
        ),
        (
            "a member behind references",
            response,
            Some(200),
            "erro=false",
            "/data/*/id",
            "id: {type: integer}",
        ),
        (
            "a member of a branch",
            response,
            Some(200),
            "erro=false",
            "/data/*/preco",
            "preco: {type: number}",
        ),
        (
            "a member of a circle",
            response,
            Some(200),
            "",
            "/data/*/pai/pai/preco",
            "preco: {type: number}",
        ),
        ("a header in other case", response, Some(200), "", "/header/x-total", "X-Total:"),
        (
            "an entry of a range's response",
            response,
            Some(422),
            "",
            "/campo",
            "schema: {additionalProperties: {type: string}}",
        ),
        ("a status that is not promised", response, Some(500), "", "", "responses:"),
    ];
    for (name, side, status, case, at, line) in rows {
        assert_eq!(located(SPEC, &finding(side, status, case, at)), line, "{name}");
    }
}

#[test]
fn an_unknown_operation_is_at_the_paths() {
    let stranger = Finding { operation: None, ..finding(Side::Request, None, "", "") };
    assert_eq!(located(SPEC, &stranger), "paths:");
    let named = Finding { operation: Some("apagar".to_owned()), ..stranger };
    assert_eq!(located(SPEC, &named), "paths:");
}

#[test]
fn schemas_that_lead_on_and_on_end() {
    let mut spec = SPEC.replace("'#/components/schemas/Base'", "'#/components/schemas/S0'");
    for number in 0..40 {
        let next = format!("'#/components/schemas/S{}'", (number + 1) % 40);
        spec += &format!("    S{number}: {{anyOf: [{{$ref: {next}}}, {{$ref: {next}}}]}}\n");
    }
    let found = finding(Side::Response, Some(200), "erro=false", "/data/*/id");
    assert!(!located(&spec, &found).is_empty());
}
