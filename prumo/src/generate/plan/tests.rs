//! What a project gets besides the sources of its clients: manifests, licenses, contract tests.

use std::path::Path;

use super::Plan;
use crate::generate::rendered;

const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
servers: [{url: 'https://api.alfa.example/v1/'}]
components: {securitySchemes: {chave: {type: apiKey, in: header, name: x-key}}}
security: [{chave: []}]
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

/// A project with the one spec, and these files besides.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(root.path().join("specs")).unwrap();
    fs_err::write(root.path().join("specs/alfa.yaml"), SPEC).unwrap();
    for (name, text) in files {
        fs_err::write(root.path().join(name), text).unwrap();
    }
    root
}

fn generate(root: &Path) -> Vec<String> {
    let plan = Plan::new(root, &rendered(root, &[]).unwrap().crates, true).unwrap();
    let said = plan.carry_out(root).unwrap();
    let again = Plan::new(root, &rendered(root, &[]).unwrap().crates, true).unwrap();
    assert_eq!(again.stale(), [""; 0], "a second run finds something stale");
    said
}

fn text(root: &Path, name: &str) -> String {
    fs_err::read_to_string(root.join(name)).unwrap()
}

#[test]
fn a_crate_outside_stands_by_itself_and_has_its_contract_test() {
    let cases = [
        ("", "version = \"0.1.0\""),
        ("runtime = {path = '../prumo/runtime'}", "path = \"../../../prumo/runtime\""),
        ("runtime = {path = '/opt/prumo/runtime'}", "path = \"/opt/prumo/runtime\""),
        ("runtime = {git = 'https://git.example/prumo'}", "git = \"https://git.example/prumo\""),
        ("runtime = {version = '0.2'}", "version = \"0.2\""),
    ];
    for (settings, expected) in cases {
        let project = project(&[("prumo.toml", settings)]);
        let root = project.path();
        generate(root);
        let manifest = text(root, "generated/alfa/Cargo.toml");
        assert!(
            manifest.contains(&format!("package = \"prumo-runtime\", {expected}")),
            "{settings}: {manifest}"
        );
        assert!(!manifest.contains("workspace = true"), "{settings}: {manifest}");
        let test = text(root, "generated/alfa/tests/contract.rs");
        assert!(test.contains("\"/../../fixtures/alfa\""), "{test}");
        assert!(test.contains("builder.chave(::prumo_replay::PLANTED_SECRET)"), "{test}");
    }
}

#[test]
fn a_manifest_that_does_not_ask_for_the_contract_test_gets_none() {
    let project = project(&[]);
    let root = project.path();
    fs_err::create_dir_all(root.join("generated/alfa")).unwrap();
    fs_err::write(root.join("generated/alfa/Cargo.toml"), "by hand").unwrap();
    generate(root);
    assert!(!root.join("generated/alfa/tests").exists());
}

#[test]
fn a_new_crate_has_the_licenses_of_the_root_and_keeps_its_own() {
    let project = project(&[("LICENSE-MIT", "mit"), ("LICENSE-APACHE", "apache")]);
    let root = project.path();
    generate(root);
    assert_eq!(text(root, "generated/alfa/LICENSE-MIT"), "mit");
    assert_eq!(text(root, "generated/alfa/LICENSE-APACHE"), "apache");
    fs_err::write(root.join("LICENSE-MIT"), "another").unwrap();
    assert_eq!(generate(root), [""; 0], "a license is written once");
}

#[test]
fn a_workspace_of_ours_has_every_client_in_one_crate() {
    let workspace = "[workspace.dependencies]\nprumo-replay = {path = 'replay'}\n";
    let project = project(&[("Cargo.toml", workspace), ("prumo.toml", "every_client = 'tests/clients'\n")]);
    let root = project.path();
    generate(root);
    let manifest = text(root, "generated/alfa/Cargo.toml");
    assert!(manifest.contains("version.workspace = true"), "{manifest}");
    assert!(!root.join("generated/alfa/tests").exists(), "its tests are those of all clients");
    let manifest = text(root, "tests/clients/Cargo.toml");
    let line = "alfa = { path = \"../../generated/alfa\", features = [\"dispatch\", \"spec\"] }";
    assert!(manifest.lines().any(|one| one == line), "{manifest}");
    let table = text(root, "tests/clients/src/lib.rs");
    assert!(table.contains("\"alfa\", alfa,"), "{table}");

    fs_err::remove_dir_all(root.join("generated/alfa")).unwrap();
    fs_err::remove_file(root.join("specs/alfa.yaml")).unwrap();
    generate(root);
    assert!(
        !text(root, "tests/clients/src/lib.rs").contains("alfa"),
        "a vendor that is gone is in the table"
    );
}
