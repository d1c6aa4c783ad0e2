//! The lint, one row a rule: a document that breaks it, and the line that says so.

mod foreign;
mod login;
mod paging;
mod webhooks;

use crate::generate::complaint::{Complaints, Severity};
use crate::generate::spec::Spec;

/// A house document without a complaint; each row changes one thing in it.
const FITS: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
x-envelope: {tag: /ok, success: [true], message: /msg, payload: /data}
paths:
  /item/{token}/{id}:
    get:
      operationId: ler_item
      x-source: {page: manual, date: 2026-11-22}
      parameters:
        - {name: token, in: path, required: true, x-secret: true, x-evidence: documented, schema: {type: string}}
        - {name: id, in: path, required: true, x-evidence: observed, schema: {type: string}}
      responses:
        '200':
          description: An item.
          content:
            application/json:
              schema:
                oneOf: [{$ref: '#/components/schemas/Good'}, {$ref: '#/components/schemas/Bad'}]
components:
  schemas:
    Good:
      type: object
      required: [ok, data]
      properties:
        ok: {type: boolean, enum: [true], x-evidence: observed}
        data: {$ref: '#/components/schemas/Item', x-evidence: observed}
    Bad:
      type: object
      required: [ok, msg]
      properties:
        ok: {type: boolean, enum: [false], x-evidence: observed}
        msg: {type: string, x-evidence: observed}
    Item:
      type: object
      required: [id]
      properties:
        id: {type: integer, x-evidence: observed}
        dia: {type: string, format: br-date, x-evidence: observed}
        cor: {type: string, enum: [a, b], x-enum-varnames: [Amarelo, Branco], x-evidence: observed}
";

/// All complaints about `text`, one a line, as `line: message`.
fn complaints_of(text: &str) -> Vec<String> {
    let spec = Spec::of_text("alfa", "specs/alfa.yaml", text).unwrap();
    let (complaints, _) = crate::generate::client(&spec).unwrap();
    let shown = |one: &crate::generate::complaint::Complaint| {
        let warning = if one.severity == Severity::Warning { "warning: " } else { "" };
        format!("{}: {warning}{}", one.line, one.message)
    };
    complaints.iter().map(shown).collect()
}

#[test]
fn a_document_that_fits_has_no_complaint() {
    assert_eq!(complaints_of(FITS), Vec::<String>::new());
}

/// A row: what is replaced by what, and the complaints in order.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn judge(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (name, old, new, expected) in rows {
        assert!(FITS.contains(old), "row `{name}` changes nothing");
        let found = complaints_of(&FITS.replacen(old, new, 1));
        if found != *expected {
            wrong.push(format!("row `{name}`:\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keywords_and_kinds() {
    judge(&[
        ("misspelt keyword", "required: [id]", "requried: [id]", &["35: a schema has no keyword `requried`"]),
        (
            "keyword of another object",
            "title: Alfa",
            "title: Alfa, tags: []",
            &["2: `info` has no keyword `tags`"],
        ),
        ("unknown extension", "x-secret", "x-secrte", &["10: unknown extension `x-secrte`"]),
        (
            "two types, as in 3.1",
            "id: {type: integer",
            "id: {type: [integer, 'null']",
            &["37: `type` must be text"],
        ),
        ("unknown type", "id: {type: integer", "id: {type: int", &["37: unknown type `int`"]),
        (
            "flag that is text",
            "in: path, required: true, x-ev",
            "in: path, required: 'yes', x-ev",
            &["11: path parameter `id` is not `required: true`", "11: `required` must be `true` or `false`"],
        ),
        (
            "another version",
            "openapi: 3.0.3",
            "openapi: 3.1.0",
            &["1: OpenAPI 3.1.0 cannot be generated, 3.0 can"],
        ),
        (
            "swagger",
            "openapi: 3.0.3",
            "swagger: '2.0'",
            &["1: Swagger 2.0 cannot be generated, OpenAPI 3.0 can"],
        ),
    ]);
}

#[test]
fn references() {
    judge(&[
        (
            "beside a reference",
            "{$ref: '#/components/schemas/Item', x-evidence",
            "{$ref: '#/components/schemas/Item', nullable: true, x-evidence",
            &["26: `nullable` beside `$ref` is ignored by OpenAPI 3.0"],
        ),
        (
            "nowhere",
            "'#/components/schemas/Bad'",
            "'#/components/schemas/Mad'",
            &[
                "18: `$ref: #/components/schemas/Mad` leads nowhere",
                "27: warning: nothing refers to `Bad`, so it becomes no type",
            ],
        ),
        (
            "out of the document",
            "'#/components/schemas/Bad'",
            "'other.yaml#/Bad'",
            &["18: `$ref: other.yaml#/Bad` leads out of the document"],
        ),
    ]);
}

#[test]
fn operations_and_paths() {
    judge(&[
        ("no operationId", "operationId: ler_item", "summary: x", &["6: an operation without `operationId`"]),
        (
            "server of its own",
            "operationId: ler_item",
            "operationId: ler_item\n      servers: [{url: 'https://b.example'}]",
            &["8: `servers` of its own are not used: a client has one base URL"],
        ),
        (
            "callback",
            "operationId: ler_item",
            "operationId: ler_item\n      callbacks: {}",
            &["8: callbacks are not generated"],
        ),
        (
            "reserved operationId",
            "operationId: ler_item",
            "operationId: exec",
            &["7: an operation cannot be the method `exec`"],
        ),
        ("source without a date", ", date: 2026-11-22}", "}", &["8: a source without `date`"]),
    ]);
}

#[test]
fn parameters() {
    judge(&[
        (
            "parameter not in the path",
            "/item/{token}/{id}:",
            "/item/{token}:",
            &["6: path parameter `id` is not in `/item/{token}`"],
        ),
        (
            "parameter not declared",
            "/item/{token}/{id}:",
            "/item/{token}/{id}/{cor}:",
            &["6: path parameter `cor` of `/item/{token}/{id}/{cor}` is not declared"],
        ),
        (
            "same name in two places",
            "name: token, in: path",
            "name: id, in: header, schema: {type: string}}\n        - {name: token, in: path",
            &[
                "6: parameters `id` (path) and `id` (header) become the same method",
                "10: parameter `id` without `x-evidence`",
            ],
        ),
        (
            "secret in a query",
            "- {name: token, in: path",
            "- {name: token, in: query",
            &[
                "6: path parameter `token` of `/item/{token}/{id}` is not declared",
                "10: `x-secret` is for path parameters",
            ],
        ),
        (
            "secret that is part of a segment",
            "/item/{token}/{id}:",
            "/item/x{token}/{id}:",
            &["10: secret parameter `token` is not a whole segment of `/item/x{token}/{id}`"],
        ),
        ("no status", "'200':", "'2OO':", &["13: `2OO` is no status"]),
        (
            "required cookie",
            "name: id, in: path, required: true",
            "name: s, in: cookie, required: true, schema: {type: string}, x-evidence: observed}\n        - {name: id, in: path, required: true",
            &["11: parameter `s`: a cookie"],
        ),
        (
            "parameter called like a method",
            "name: id, in: path, required: true",
            "name: send, in: query, schema: {type: string}, x-evidence: observed}\n        - {name: id, in: path, required: true",
            &["11: a parameter cannot be the method `send` of a builder, which has one already"],
        ),
    ]);
}

#[test]
fn schemas() {
    judge(&[
        (
            "field without evidence",
            "id: {type: integer, x-evidence: observed}",
            "id: {type: integer}",
            &["37: field `id` without `x-evidence`"],
        ),
        (
            "required, but no property",
            "required: [id]",
            "required: [id, dai]",
            &["35: `dai` is required, but no property"],
        ),
        ("unknown format", "format: br-date", "format: br-dat", &["38: unknown format `br-dat`"]),
        (
            "format of another type",
            "type: string, format: br-date",
            "type: integer, format: br-date",
            &["38: format `br-date` with type `integer`"],
        ),
        ("value of another type", "enum: [a, b]", "enum: [a, 2]", &["39: 2 in an enum of type `string`"]),
        (
            "one name for two fields",
            "dia: {type: string, format: br-date, x-evidence: observed}",
            "a-b: {type: string, x-evidence: observed}\n        a_b: {type: string, x-evidence: observed}",
            &["39: `a-b` and `a_b` become the same field `a_b`"],
        ),
        (
            "one name for two components",
            "    Item:\n",
            "    item: {type: string}\n    Item:\n",
            &[
                "33: warning: nothing refers to `item`, so it becomes no type",
                "34: `item` and `Item` become the same type `Item`",
            ],
        ),
        (
            "inline type with the name of a component",
            "dia: {type: string, format: br-date, x-evidence: observed}",
            "dia: {type: object, x-evidence: observed, properties: {x: {type: string, x-evidence: observed}}}\n    \
             ItemDia: {type: object, properties: {y: {type: string, x-evidence: observed}}}\n    Outro:\n      \
             type: object\n      properties:",
            &[
                "38: the type `ItemDia` would be both this inline schema and `/components/schemas/ItemDia`",
                "39: warning: nothing refers to `ItemDia`, so it becomes no type",
                "40: warning: nothing refers to `Outro`, so it becomes no type",
            ],
        ),
        (
            "field called like the one for unknown members",
            "dia: {",
            "extra: {",
            &["33: `extra` of `Item` has the name of the field for unknown members"],
        ),
    ]);
}

#[test]
fn extensions() {
    judge(&[
        (
            "evidence that nobody knows",
            "x-evidence: documented",
            "x-evidence: document",
            &["10: `x-evidence` does not know \"document\""],
        ),
        (
            "names and values of different number",
            "x-enum-varnames: [Amarelo, Branco]",
            "x-enum-varnames: [Amarelo]",
            &["39: `x-enum-varnames` has 1 names for 2 values"],
        ),
        ("name twice", "[Amarelo, Branco]", "[Amarelo, Amarelo]", &["39: `Amarelo` names two values"]),
        (
            "name that is none",
            "[Amarelo, Branco]",
            "[amarelo, Branco]",
            &["39: `amarelo` is no PascalCase name"],
        ),
        (
            "member of the envelope misspelt",
            "payload: /data",
            "paylaod: /data",
            &["3: an envelope has no `paylaod`"],
        ),
        (
            "pointer that leads nowhere",
            "message: /msg",
            "message: /mensagem",
            &["6: `x-envelope` says `message` is `/mensagem`, which no answer of `ler_item` has"],
        ),
        (
            "cap of nothing",
            "operationId: ler_item",
            "operationId: ler_item\n      x-max-request-bytes: 0",
            &["8: `x-max-request-bytes` must be a positive whole number"],
        ),
        (
            "rate without seconds",
            "operationId: ler_item",
            "operationId: ler_item\n      x-rate-limit: {requests: 3}",
            &["8: `x-rate-limit` must be `{requests, seconds}`, two positive whole numbers"],
        ),
        (
            "probe of a parameter that is none",
            "operationId: ler_item",
            "operationId: ler_item\n      x-probe: {safe: true, parameters: {cor: 1}}",
            &["8: the operation has no parameter `cor`"],
        ),
    ]);
}

#[test]
fn protocols() {
    judge(&[
        (
            "protocol that is no pointer",
            "operationId: ler_item",
            "operationId: ler_item\n      x-protocol: data",
            &["8: `x-protocol` must be a JSON Pointer such as `/data`"],
        ),
        (
            "protocol that no answer has",
            "operationId: ler_item",
            "operationId: ler_item\n      x-protocol: /data/protocolo",
            &["8: no answer has `/data/protocolo`"],
        ),
    ]);
}

#[test]
fn list_names() {
    judge(&[
        (
            "list names of another kind",
            "x-source: {page: manual, date: 2026-11-22}",
            "x-source: {page: manual, date: 2026-11-22}\n      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Item'}, encoding: {id: {x-list-names: numbered}}}}}",
            &["9: `x-list-names` must be `indexed`"],
        ),
        (
            "list names of what is no list",
            "x-source: {page: manual, date: 2026-11-22}",
            "x-source: {page: manual, date: 2026-11-22}\n      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Item'}, encoding: {id: {x-list-names: indexed}}}}}",
            &["9: `x-list-names` of `id`, which is no list of texts or files"],
        ),
    ]);
}

#[test]
fn bodies_that_may_be_left_out() {
    let id = "x-source: {page: manual, date: 2026-11-22}";
    let body = |media: &str, schema: &str| {
        let body = format!("requestBody: {{content: {{{media}: {{schema: {schema}}}}}}}");
        complaints_of(&FITS.replacen(id, &format!("{id}\n      {body}"), 1))
    };
    let optional = "{type: object, properties: {motivo: {type: string, x-evidence: observed}}}";
    assert_eq!(body("application/json", optional), [""; 0]);
    let always = ["9: a request body that may be left out is always sent"];
    assert_eq!(body("application/json", "{$ref: '#/components/schemas/Item'}"), always, "`id` is required");
    assert_eq!(body("multipart/form-data", optional), always);
}

#[test]
fn unions() {
    judge(&[
        (
            "branches that nothing tells apart",
            "ok: {type: boolean, enum: [false], x",
            "ok: {type: boolean, x",
            &["17: a document may match two branches of `LerItemResponse`, so it stays untyped JSON"],
        ),
        (
            "no branch means success",
            "success: [true]",
            "success: [1]",
            &["13: 0 branches of the answer have a `ok` that means success, one is needed"],
        ),
    ]);
}

#[test]
fn a_stub_that_is_not_filled_in_is_refused() {
    let stub = FITS.replace("page: manual", "page: TODO").replace("  /item/", "  /TODO/item/");
    assert_eq!(complaints_of(&stub), ["5: `TODO` is left to fill in", "8: `TODO` is left to fill in"]);
    let prose = FITS.replace("description: An item.", "description: A TODO of the vendor.");
    assert_eq!(complaints_of(&prose), [""; 0]);
}

#[test]
fn a_foreign_document_is_warned_where_a_house_document_fails() {
    let foreign = "openapi: 3.0.1
info: {title: Beta, version: '1'}
paths:
  /a:
    get:
      parameters:
        - {name: since, in: query, schema: {type: string, formt: date}}
        - {name: sid, in: cookie, schema: {type: string}}
      responses: {default: {description: x}}
";
    assert_eq!(
        complaints_of(foreign),
        [
            "3: warning: a foreign document: no operation has `x-source`, so no field needs evidence",
            "5: warning: an operation without `operationId`",
            "7: warning: a schema has no keyword `formt`",
            "8: warning: parameter `sid`: a cookie",
        ]
    );
}

#[test]
fn text_without_quotes_is_an_error_of_a_house_document() {
    judge(&[("version", "version: '1'", "version: 1", &["2: `version` must be text"])]);
}

#[test]
fn a_complaint_says_where_and_what_to_do() {
    let text = FITS.replacen("required: [id]", "requried: [id]", 1);
    let spec = Spec::of_text("alfa", "specs/alfa.yaml", &text).unwrap();
    let mut complaints = Complaints::new(&spec.document, true);
    super::lint(&spec, &mut complaints);
    let shown: Vec<String> = complaints.finish().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "specs/alfa.yaml:35:7: /components/schemas/Item/requried: a schema has no keyword `requried`\n  hint: did you mean `required`?"
        ]
    );
}
