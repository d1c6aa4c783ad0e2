//! Tests which files `generate` writes, removes and leaves alone, in temporary folders.

use std::path::Path;

use super::plan::Plan;
use super::rendered;
use crate::project::Project;

const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
servers: [{url: 'https://api.alfa.example/v1/'}]
paths:
  /item/{id}:
    get:
      operationId: ler_item
      summary: Read an item
      x-source: {page: manual, date: 2026-11-22}
      parameters:
        - {name: id, in: path, required: true, x-evidence: observed, schema: {type: string}}
      responses: {'204': {description: Done.}}
";

#[test]
fn a_text_that_is_no_document_is_a_complaint_with_its_place() {
    let repository = repository();
    let broken = "openapi: 3.0.3\npaths: [\n";
    fs_err::write(repository.path().join("specs/beta.yaml"), broken).unwrap();
    let outcome = rendered(&project(repository.path()), &[]).unwrap();
    assert_eq!(outcome.clients.len(), 1, "the other spec is still rendered");
    let place = outcome.complaints[0].to_string();
    assert!(place.starts_with("specs/beta.yaml:"), "{place}");
}

/// Makes a repository with one spec.
fn repository() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(root.path().join("specs")).unwrap();
    fs_err::create_dir_all(root.path().join("generated")).unwrap();
    fs_err::write(root.path().join("specs/alfa.yaml"), SPEC).unwrap();
    fs_err::write(root.path().join("prumo.toml"), "generated = \"generated\"").unwrap();
    root
}

fn project(root: &Path) -> Project {
    Project::open(root).unwrap()
}

fn plan(root: &Path) -> anyhow::Result<Plan> {
    let project = project(root);
    Plan::new(&project, &rendered(&project, &[])?.clients, true)
}

#[test]
fn what_is_deleted_comes_back_and_what_is_left_over_goes() {
    let repository = repository();
    let root = repository.path();
    let said = plan(root).unwrap().carry_out(root).unwrap();
    assert_eq!(
        said[0],
        "Started  generated/alfa: `Cargo.toml` and `README.md` are yours from now on"
    );
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
