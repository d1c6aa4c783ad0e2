//! Tests the files that a project gets besides client sources: manifests, licences, contract tests.

use std::path::Path;

use super::Plan;
use crate::generate::rendered;
use crate::project::Project;

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

/// The start of every project's file in these tests.
const FOLDERS: &str = "generated = 'generated'\n";

/// Makes a project with one spec and these files.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(root.path().join("specs")).unwrap();
    fs_err::write(root.path().join("specs/alfa.yaml"), SPEC).unwrap();
    for folder in ["fixtures", "generated"] {
        fs_err::create_dir_all(root.path().join(folder)).unwrap();
    }
    fs_err::write(root.path().join("prumo.toml"), FOLDERS).unwrap();
    for (name, text) in files {
        let before = if *name == "prumo.toml" { FOLDERS } else { "" };
        fs_err::write(root.path().join(name), format!("{before}{text}")).unwrap();
    }
    root
}

fn planned(root: &Path) -> Plan {
    let project = Project::open(root).unwrap();
    Plan::new(&project, &rendered(&project, &[]).unwrap().clients, true).unwrap()
}

fn generate(root: &Path) -> Vec<String> {
    let plan = planned(root);
    let said = plan.carry_out(root).unwrap();
    let again = planned(root);
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
        ("runtime = {path = 'fixtures'}", "path = \"../../fixtures\""),
        ("runtime = {path = '/tmp'}", "path = \"/tmp\""),
        ("runtime = {git = 'https://git.example/prumo'}", "git = \"https://git.example/prumo\""),
        ("runtime = {version = '0.2'}", "version = \"0.2\""),
    ];
    for (settings, expected) in cases {
        let project = project(&[("prumo.toml", settings)]);
        let root = project.path();
        generate(root);
        let manifest = text(root, "generated/alfa/Cargo.toml");
        assert!(
            manifest.contains(&format!("prumo-runtime = {{ {expected}")),
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
    let project =
        project(&[("Cargo.toml", workspace), ("prumo.toml", "every_client = 'tests/clients'\n")]);
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
