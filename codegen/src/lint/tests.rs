//! The lint, one row per rule: a document that breaks it, and the complaint.

mod extensions;
mod foreign;
mod login;
mod operations;
mod paging;
mod schemas;
mod webhooks;

use crate::spec::Spec;
use prumo_spec::complaint::{Complaints, Severity};

/// A house document without a complaint; each row makes one change to it.
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

/// Returns all complaints about `text` as lines of `line: message`.
fn complaints_of(text: &str) -> Vec<String> {
    let spec = Spec::of_text("alfa", "specs/alfa.yaml", text).unwrap();
    let (complaints, _) = crate::client(&spec, &crate::Material::default()).unwrap();
    let shown = |one: &prumo_spec::complaint::Complaint| {
        let warning = if one.severity == Severity::Warning { "warning: " } else { "" };
        format!("{}: {warning}{}", one.line, one.message)
    };
    complaints.iter().map(shown).collect()
}

#[test]
fn a_document_that_fits_has_no_complaint() {
    assert_eq!(complaints_of(FITS), Vec::<String>::new());
}

/// A row: the name, the text to replace, its replacement, and the complaints in order.
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
        (
            "misspelt keyword",
            "required: [id]",
            "requried: [id]",
            &["35: a schema has no keyword `requried`"],
        ),
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
            &[
                "11: path parameter `id` is not `required: true`",
                "11: `required` must be `true` or `false`",
            ],
        ),
        (
            "another version",
            "openapi: 3.0.3",
            "openapi: 3.2.0",
            &["1: OpenAPI 3.2.0 is not supported, only OpenAPI 3.0 and 3.1"],
        ),
        (
            "swagger",
            "openapi: 3.0.3",
            "swagger: '2.0'",
            &["1: Swagger 2.0 is not supported, only OpenAPI 3.0 and 3.1"],
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
fn a_stub_that_is_not_filled_in_is_refused() {
    let stub = FITS.replace("page: manual", "page: TODO").replace("  /item/", "  /TODO/item/");
    assert_eq!(
        complaints_of(&stub),
        ["5: `TODO` is left to fill in", "8: `TODO` is left to fill in"]
    );
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
