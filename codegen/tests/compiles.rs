//! Compiles the client of each document in `tests-data`; the documents use names that Rust or the
//! generated code has already.
//!
//! The clients form their own workspace in the target folder, so that their dependencies are built
//! once and kept.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use prumo_codegen::{CrateHome, Material, Rename, Renamed, Spec, client, starter};

/// The features to compile the clients with.
const FEATURES: &str = "blocking,dispatch,spec,webhooks";

#[test]
fn the_client_of_every_foreign_document_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let home = root.join("target/foreign");
    let mut members = Vec::new();
    for entry in
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests-data")).unwrap()
    {
        members.push(written(&root, &home, &entry.unwrap().path()));
    }
    members.sort();
    std::fs::write(home.join("Cargo.toml"), workspace(&root, &members)).unwrap();
    std::fs::copy(root.join("Cargo.lock"), home.join("Cargo.lock")).unwrap();

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&home).env("CARGO_TARGET_DIR", home.join("target"));
    cargo.args(["check", "--offline", "--workspace", "--features", FEATURES]);
    let output = cargo.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let warnings = told.lines().filter(|line| line.starts_with("warning"));
    assert_eq!(warnings.collect::<Vec<_>>(), Vec::<&str>::new(), "{told}");
}

/// Writes the crate of a document and returns its name.
fn written(root: &Path, home: &Path, document: &Path) -> String {
    let name = document.file_stem().unwrap().to_str().unwrap().to_owned();
    let text = std::fs::read_to_string(document).unwrap();
    let mut spec = Spec::parse(&name, &[(format!("{name}.yaml"), text)]).unwrap();
    if name == "renamed" {
        spec.renames = renames();
    }
    let (complaints, rendered) = client(&spec, &Material::default()).unwrap();
    let rendered = rendered.unwrap_or_else(|| panic!("document `{name}`: {complaints:#?}"));
    assert_eq!(rendered.rename_faults, [], "document `{name}`");

    let folder = home.join(&name);
    let root = root.canonicalize().unwrap().to_str().unwrap().to_owned();
    for (file, text) in starter(&name, &rendered.title, &CrateHome::Workspace(root)) {
        write(folder.join(file), &text);
    }
    write(folder.join("openapi.json"), &rendered.bundle);
    for file in &rendered.files {
        write(folder.join("src").join(&file.name), &file.text);
    }
    name
}

/// Returns names for a part of each kind.
fn renames() -> Vec<Rename> {
    let rows = [
        (Renamed::Operation, "get_cobrancas", "listar"),
        (Renamed::Operation, "post_cobrancas", "criar"),
        (Renamed::Type, "Cobranca", "Fatura"),
        (Renamed::Type, "CobrancaDev", "Devedor"),
        (Renamed::Field, "Cobranca.vlr", "valor"),
        (Renamed::Field, "Fatura.sit", "situacao"),
        (Renamed::Field, "Pagina.itens", "faturas"),
        (Renamed::Value, "Ordem.-email", "EmailDecrescente"),
    ];
    rows.into_iter()
        .map(|(kind, part, name)| Rename { kind, part: part.to_owned(), name: name.to_owned() })
        .collect()
}

/// Writes the manifest of a workspace with the dependency versions of this one.
fn workspace(root: &Path, members: &[String]) -> String {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let package =
        manifest.split("\n\n").find(|part| part.starts_with("[workspace.package]")).unwrap();
    let is_needed = |line: &&str| {
        ["reqwest", "serde", "serde_json"]
            .iter()
            .any(|name| line.starts_with(&format!("{name} = ")))
    };
    let dependencies: Vec<&str> = manifest.lines().filter(is_needed).collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{package}\n\n[workspace.dependencies]\n{}\n",
        dependencies.join("\n")
    )
}

fn write(path: PathBuf, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
        std::fs::write(path, text).unwrap();
    }
}
