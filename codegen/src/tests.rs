//! The whole pipeline, from the text of a spec to the files of a crate.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::spec::Spec;
use super::{Client, Material, client, prepare};
use prumo_spec::complaint::Complaints;

/// A spec with one operation of each kind that the emitters treat differently.
pub(super) const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
servers: [{url: 'https://api.alfa.example/v1/'}]
x-envelope: {tag: /ok, success: [true], message: /msg}
paths:
  /item/{token}/{id}:
    post:
      operationId: criar_item
      summary: Create an item
      x-source: {page: manual, date: 2026-11-22}
      x-max-request-bytes: 1000
      parameters:
        - {name: token, in: path, required: true, x-secret: true, x-evidence: documented, schema: {type: string}}
        - {name: id, in: path, required: true, x-evidence: observed, schema: {type: string}}
        - {name: dia, in: query, x-evidence: observed, schema: {type: string, format: br-date}}
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {$ref: '#/components/schemas/Novo'}
            encoding: {fotos: {x-list-names: indexed}}
      responses:
        '200':
          description: Done.
          content: {application/json: {schema: {$ref: '#/components/schemas/Feito'}}}
components:
  schemas:
    Novo:
      type: object
      required: [titulo, cor]
      properties:
        titulo: {type: string, x-evidence: observed}
        cor: {type: integer, enum: [1, 2], x-enum-varnames: [Red, Blue], x-evidence: observed}
        campos: {type: object, additionalProperties: {type: string}, x-evidence: observed}
        anexos: {type: array, items: {type: string, format: binary}, x-evidence: observed}
        fotos: {type: array, items: {type: string, format: binary}, x-evidence: observed}
        senha: {type: string, format: password, x-evidence: observed}
    Feito:
      type: object
      required: [ok]
      properties:
        ok: {type: boolean, x-evidence: observed}
        msg: {type: string, x-evidence: observed}
        numero: {type: integer, x-evidence: observed}
";

pub(super) fn rendered_crate(text: &str) -> Client {
    let spec = Spec::of_text("alfa", "specs/alfa.yaml", text).unwrap();
    let (complaints, rendered) = client(&spec, &Material::default()).unwrap();
    rendered.unwrap_or_else(|| panic!("{complaints:#?}"))
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(rendered_crate(SPEC).files, rendered_crate(SPEC).files);
}

#[test]
fn a_panic_of_progenitor_is_a_message() {
    let mut draft = super::prepare::Draft::default();
    let field = serde_json::json!({"allOf": [{"$ref": "#/components/schemas/Nowhere"}]});
    let schema = serde_json::json!({"type": "object", "properties": {"b": field}});
    draft.schemas.insert("A".to_owned(), schema);
    let message = super::render::render(&draft).unwrap_err();
    assert!(message.starts_with("progenitor panicked: "), "{message}");
}

/// Documents in the style of other vendors; each must become a client.
pub(super) const FOREIGN: [(&str, &str); 3] = [
    ("petstore-like", include_str!("../tests-data/petstore-like.yaml")),
    ("odd-names", include_str!("../tests-data/odd-names.yaml")),
    ("names-of-rust", include_str!("../tests-data/names-of-rust.yaml")),
];

#[test]
fn a_foreign_document_goes_through() {
    for (name, text) in FOREIGN {
        let spec = Spec::of_text(name, name, text).unwrap();
        let (complaints, rendered) = client(&spec, &Material::default()).unwrap();
        assert!(rendered.is_some(), "document `{name}`: {complaints:#?}");
    }
}

/// Changes one place of a document at a time, in several ways: each mutant must give a client or a
/// complaint of the lint, never a panic.
#[test]
fn no_mutant_of_a_document_gets_past_the_lint_and_fails() {
    for (name, text) in FOREIGN.into_iter().chain([("alfa", SPEC)]) {
        let original = Spec::of_text(name, name, text).unwrap();
        let mut places = Vec::new();
        pointers(original.value(), String::new(), &mut places);
        let changes =
            [json!(null), json!("x"), json!(-1), json!([]), json!({}), json!({"$ref": "#/x"})];
        // All of them would take minutes; this step still reaches each kind of object.
        for (index, place) in places.iter().enumerate().step_by(STEP) {
            let mut mutant = original.value().clone();
            *mutant.pointer_mut(place).unwrap() = changes[(index / STEP) % changes.len()].clone();
            let spec = Spec::of_text(name, name, &mutant.to_string()).unwrap();
            let (complaints, _) = client(&spec, &Material::default()).unwrap();
            let missed = complaints
                .iter()
                .find(|one| one.hint.as_deref().is_some_and(|hint| hint.contains("report")));
            assert_eq!(missed, None, "document `{name}` changed at `{place}`");
        }
    }
}

/// The distance between two changed places.
const STEP: usize = 7;

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| pointers(value, prumo_spec::below(&at, name), found));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| pointers(value, format!("{at}/{index}"), found));
        }
        _ => {}
    }
    if !at.is_empty() {
        found.push(at);
    }
}

/// The judge reads the spec on its own, so both must give an operation without an id the same name.
#[test]
fn the_judge_gives_operations_without_an_id_the_same_names() {
    let answer = "{responses: {'204': {description: Done.}}}";
    let named = "{operationId: get_b_c, responses: {'204': {description: Done.}}}";
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Alfa, version: '1'}}\npaths:\n  /: {{get: {answer}, post: {answer}}}\n  \
         /b-c: {{get: {answer}}}\n  /b_c: {{get: {named}}}\n  /b.c: {{get: {answer}}}\n  /Casa/nova: {{put: {answer}}}\n"
    );
    let spec = Spec::of_text("alfa", "specs/alfa.yaml", &text).unwrap();
    let mut complaints = Complaints::new(&spec.document, spec.is_house());
    let draft = prepare::prepare(&spec, &mut complaints);
    let generated: BTreeSet<String> =
        draft.operations.iter().map(|operation| operation.id.clone()).collect();
    let judged: BTreeSet<String> =
        prumo_drift::read_openapi(&spec.document).unwrap().operations.into_keys().collect();
    assert_eq!(generated.len(), 6);
    assert_eq!(generated, judged);
}
