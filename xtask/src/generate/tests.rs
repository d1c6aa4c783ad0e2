//! The whole pipeline, from the text of a spec to the files of a crate.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::complaint::Complaints;
use super::plan::Plan;
use super::spec::Spec;
use super::{Crate, client, freshness, prepare, rendered};
use crate::workspace;

/// One operation of each kind that the emitters treat apart.
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

pub(super) fn rendered_crate(text: &str) -> Crate {
    let spec = Spec::of_text("alfa", "specs/alfa.yaml", text).unwrap();
    let (complaints, rendered) = client(&spec).unwrap();
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

#[test]
fn a_text_that_is_no_document_is_a_complaint_with_its_place() {
    let repository = repository();
    let broken = "openapi: 3.0.3\npaths: [\n";
    fs_err::write(repository.path().join("specs/beta.yaml"), broken).unwrap();
    let outcome = rendered(repository.path(), &[]).unwrap();
    assert_eq!(outcome.crates.len(), 1, "the other spec is still rendered");
    let place = outcome.complaints[0].to_string();
    assert!(place.starts_with("specs/beta.yaml:"), "{place}");
}

/// Documents of other people's habits; each must become a client.
pub(super) const FOREIGN: [(&str, &str); 3] = [
    ("petstore-like", include_str!("../../tests-data/petstore-like.yaml")),
    ("odd-names", include_str!("../../tests-data/odd-names.yaml")),
    ("names-of-rust", include_str!("../../tests-data/names-of-rust.yaml")),
];

#[test]
fn a_foreign_document_goes_through() {
    for (name, text) in FOREIGN {
        let spec = Spec::of_text(name, name, text).unwrap();
        let (complaints, rendered) = client(&spec).unwrap();
        assert!(rendered.is_some(), "document `{name}`: {complaints:#?}");
    }
}

/// Changes one place of each document after another, in several ways: what
/// comes of it is a client or a complaint that the lint made, never a panic.
#[test]
fn no_mutant_of_a_document_gets_past_the_lint_and_fails() {
    for (name, text) in FOREIGN.into_iter().chain([("alfa", SPEC)]) {
        let original = Spec::of_text(name, name, text).unwrap();
        let mut places = Vec::new();
        pointers(original.value(), String::new(), &mut places);
        let changes = [json!(null), json!("x"), json!(-1), json!([]), json!({}), json!({"$ref": "#/x"})];
        // All of them take minutes; every so many reaches each kind of object.
        for (index, place) in places.iter().enumerate().step_by(STEP) {
            let mut mutant = original.value().clone();
            *mutant.pointer_mut(place).unwrap() = changes[(index / STEP) % changes.len()].clone();
            let spec = Spec::of_text(name, name, &mutant.to_string()).unwrap();
            let (complaints, _) = client(&spec).unwrap();
            let missed =
                complaints.iter().find(|one| one.hint.as_deref().is_some_and(|hint| hint.contains("report")));
            assert_eq!(missed, None, "document `{name}` changed at `{place}`");
        }
    }
}

/// Every how many places is one changed.
const STEP: usize = 7;

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| pointers(value, prumo_drift::below(&at, name), found));
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

/// A repository with the one spec.
fn repository() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(root.path().join("specs")).unwrap();
    fs_err::create_dir_all(root.path().join("generated")).unwrap();
    fs_err::write(root.path().join("specs/alfa.yaml"), SPEC).unwrap();
    root
}

fn plan(root: &Path) -> anyhow::Result<Plan> {
    Plan::new(root, &rendered(root, &[])?.crates, true)
}

#[test]
fn what_is_deleted_comes_back_and_what_is_left_over_goes() {
    let repository = repository();
    let root = repository.path();
    let said = plan(root).unwrap().carry_out(root).unwrap();
    assert_eq!(said[0], "Started  generated/alfa: `Cargo.toml` and `README.md` are yours from now on");
    assert!(plan(root).unwrap().is_fresh());

    let manifest = root.join("generated/alfa/Cargo.toml");
    fs_err::write(&manifest, "by hand").unwrap();
    fs_err::remove_dir_all(root.join("generated/alfa/src")).unwrap();
    plan(root).unwrap().carry_out(root).unwrap();
    assert_eq!(fs_err::read_to_string(&manifest).unwrap(), "by hand");

    fs_err::write(root.join("generated/alfa/src/old.rs"), "").unwrap();
    assert_eq!(plan(root).unwrap().stale(), ["generated/alfa/src/old.rs"]);
    plan(root).unwrap().carry_out(root).unwrap();
    assert!(plan(root).unwrap().is_fresh());
}

#[test]
fn a_copy_that_the_stand_in_has_is_kept_fresh_and_no_other_is_made() {
    let repository = repository();
    let root = repository.path();
    let copy = root.join("standin/specs/alfa.json");
    plan(root).unwrap().carry_out(root).unwrap();
    assert!(!copy.exists());

    fs_err::create_dir_all(copy.parent().unwrap()).unwrap();
    fs_err::write(&copy, "").unwrap();
    assert_eq!(plan(root).unwrap().stale(), ["standin/specs/alfa.json"]);
    plan(root).unwrap().carry_out(root).unwrap();
    let bundle = root.join("generated/alfa/openapi.json");
    assert_eq!(fs_err::read(copy).unwrap(), fs_err::read(bundle).unwrap());
}

#[test]
fn a_crate_without_a_spec_is_a_complaint() {
    let repository = repository();
    let root = repository.path();
    fs_err::create_dir_all(root.join("generated/beta")).unwrap();
    let error = plan(root).unwrap_err().to_string();
    assert!(error.starts_with("`generated/beta` has no spec"), "{error}");
}

#[test]
fn the_clients_of_this_repository_are_fresh() {
    let stale = freshness(&workspace::root()).unwrap();
    assert_eq!(stale, Vec::<String>::new(), "`cargo xtask generate` makes them fresh");
}

/// The judge reads the spec by itself: what has no id must have one name in findings and in the client.
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
    let generated: BTreeSet<String> = draft.operations.iter().map(|operation| operation.id.clone()).collect();
    let judged: BTreeSet<String> =
        prumo_drift::read_openapi(&spec.document).unwrap().operations.into_keys().collect();
    assert_eq!(generated.len(), 6);
    assert_eq!(generated, judged);
}
