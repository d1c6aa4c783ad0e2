//! Tests of what the verb reads and how it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::*;

const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /a:
    get: {operationId: ler_a, responses: {'200': {description: ok}}}
";

fn args(specs: &[PathBuf], git: Option<&str>) -> Args {
    Args {
        specs: specs.to_vec(),
        git: git.map(str::to_owned),
        format: &FORMATS[0],
        changelog: false,
        semver: false,
    }
}

#[test]
fn the_exit_code_says_whether_something_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs_err::write(&path, text).unwrap();
        path
    };
    let old = file("old.yaml", SPEC);
    let other = file("new.yaml", &SPEC.replace("/a:", "/b:"));
    let broken = file("broken.yaml", "openapi: [");
    let foreign = file("foreign.yaml", &SPEC.replace("3.0.3", "3.2.0"));
    let location = Location::new(Some(folder.path().to_owned()), None);
    let run = |new: &PathBuf| run(&location, &args(&[old.clone(), new.clone()], None));
    assert_eq!(run(&old).unwrap(), ExitCode::SUCCESS);
    assert_eq!(run(&other).unwrap(), ExitCode::from(screen::DRIFTING));
    for unreadable in [broken, foreign, folder.path().join("absent.yaml")] {
        assert!(run(&unreadable).is_err(), "{}", unreadable.display());
    }
}

fn git(root: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Exemplo", "-c", "user.email=exemplo@example.com"];
    let done = Command::new("git").args(identity).args(arguments).current_dir(root).output();
    assert!(done.unwrap().status.success(), "git {arguments:?}");
}

/// The files that a spec of a commit refers to are read from that commit, also when they are gone.
#[test]
fn a_spec_of_a_commit_refers_to_files_of_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |name: &str, text: &str| fs_err::write(root.join(name), text).unwrap();
    fs_err::create_dir_all(root.join("specs/tipos")).unwrap();
    write("prumo.toml", "specs = \"specs\"\n");
    let answer = |reference: &str| {
        let content = format!(
            "content: {{application/json: {{schema: {{$ref: '{reference}#/Pedido'}}}}}}, description: ok"
        );
        SPEC.replace("description: ok", &content)
    };
    write("specs/alfa.yaml", &answer("tipos/pedido.yaml"));
    write("specs/beta.yaml", &answer("comum.yaml"));
    let order = "Pedido: {type: object, properties: {id: {$ref: '#/Id'}}}\nId: {type: integer}\n";
    write("specs/tipos/pedido.yaml", order);
    write("specs/comum.yaml", order);
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "first"]);
    let location = Location::new(Some(root.to_owned()), None);
    assert!(since(&location, "HEAD", &[]).unwrap().is_empty());

    write("specs/tipos/pedido.yaml", &order.replace("Id: {type: integer}", "Id: {type: string}"));
    write("specs/beta.yaml", SPEC);
    fs_err::remove_file(root.join("specs/comum.yaml")).unwrap();
    let changes = since(&location, "HEAD", &[]).unwrap();
    let told: Vec<String> = changes.iter().map(|one| one.old.file.clone()).collect();
    assert!(told.contains(&"specs/tipos/pedido.yaml@HEAD".to_owned()), "{told:?}");
    assert!(told.iter().any(|file| file == "specs/beta.yaml@HEAD"), "{told:?}");
}

#[test]
fn specs_are_compared_with_those_of_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write = |name: &str, text: &str| fs_err::write(root.join(name), text).unwrap();
    fs_err::create_dir_all(root.join("specs/alfa")).unwrap();
    write("prumo.toml", "specs = \"specs\"\n");
    write("specs/alfa.yaml", SPEC);
    write(
        "specs/alfa/parte.yaml",
        &SPEC
            .replace("/a:", "/b:")
            .replace("ler_a", "ler_b")
            .replace("openapi: 3.0.3\ninfo: {title: Alfa, version: '1'}\n", ""),
    );
    write("specs/beta.yaml", SPEC);
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "first"]);
    let location = Location::new(Some(root.to_owned()), None);
    assert!(since(&location, "HEAD", &[]).unwrap().is_empty());

    fs_err::remove_file(root.join("specs/beta.yaml")).unwrap();
    fs_err::remove_file(root.join("specs/alfa/parte.yaml")).unwrap();
    write("specs/gama.yaml", SPEC);
    let changes = since(&location, "HEAD", &[]).unwrap();
    let told: Vec<String> =
        changes.iter().map(|one| format!("{} {}", one.rule.name(), one.old.file)).collect();
    let expected = [
        "operation-removed specs/beta.yaml@HEAD",
        "operation-removed specs/alfa/parte.yaml@HEAD",
        "operation-added specs/gama.yaml",
    ];
    assert_eq!(told, expected);
    for rev in ["nobody", "--output=x", ""] {
        assert!(since(&location, rev, &[]).is_err(), "revision `{rev}`");
    }
}
