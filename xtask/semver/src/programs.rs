//! Writes the clients and their callers as examples of one crate, and builds them.
//!
//! Invariants:
//!
//! * A file is written only if its content differs, so that cargo compiles what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::cases::Case;

/// The name of the client of the base.
pub(super) const BEFORE: &str = "before";

const MANIFEST: &str = include_str!("manifest.toml");

/// The start of each caller.
const CALLER: &str = "use crate::Client;

pub type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

async fn item(client: &Client) -> Fallible<crate::types::Item> {
    Ok(client.ler_item().id(1).send().await?.into_inner())
}

async fn list(client: &Client) -> Fallible<crate::types::Lista> {
    Ok(client.listar_itens().send().await?.into_inner())
}
";

/// The program of a client; its arguments are the base URL and the caller.
const MAIN: &str = "
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let (url, caller) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let client = Client::builder().base_url(url).token(\"x\").retry(RetryPolicy::never()).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match caller.as_str() {
@CALLERS
            _ => Err(\"no such caller\".into()),
        }
    })
}
";

/// Writes a project with the base and each changed document as a spec.
pub(super) fn write_specs(
    folder: &Path,
    root: &Path,
    base: &str,
    cases: &[Case],
) -> anyhow::Result<()> {
    let mut specs = BTreeMap::from([(format!("{BEFORE}.yaml"), base.to_owned())]);
    for case in cases {
        specs.insert(format!("{}.yaml", case.slug()), case.changed(base)?);
    }
    let runtime = Value::from(root.join("runtime").to_string_lossy());
    let project =
        format!("specs = \"specs\"\ngenerated = \"generated\"\nruntime = {{ path = {runtime} }}\n");
    update(&folder.join("prumo.toml"), &project)?;
    replace_all(&folder.join("specs"), &specs)
}

/// Writes the crate, one example for each client.
pub(super) fn write(folder: &Path, root: &Path, cases: &[Case]) -> anyhow::Result<()> {
    let calls = folder.join("calls");
    let runtime = Value::from(root.join("runtime").to_string_lossy()).to_string();
    update(&calls.join("Cargo.toml"), &MANIFEST.replace("\"@RUNTIME\"", &runtime))?;
    update(&calls.join("src/lib.rs"), "")?;
    fs_err::copy(root.join("Cargo.lock"), calls.join("Cargo.lock"))?;
    let clients = folder.join("generated");
    let examples = calls.join("examples");
    let all: Vec<&Case> = cases.iter().collect();
    write_client(&clients.join(BEFORE), &examples.join(BEFORE), &all)?;
    for case in cases {
        write_client(&clients.join(case.slug()), &examples.join(case.module()), &[case])?;
    }
    let known: BTreeSet<String> =
        cases.iter().map(Case::module).chain([BEFORE.to_owned()]).collect();
    remove_others(&examples, &known)
}

/// Writes a client as a program with callers.
fn write_client(client: &Path, program: &Path, callers: &[&Case]) -> anyhow::Result<()> {
    let mut files = BTreeMap::new();
    collect(&client.join("src"), "", &mut files)?;
    let mut main = files.remove("lib.rs").context("the client has no `lib.rs`")?;
    let names: Vec<String> = callers.iter().map(|case| case.module()).collect();
    main.extend(names.iter().map(|name| format!("mod {name};\n")));
    let calls =
        names.iter().map(|name| format!("            \"{name}\" => {name}::call(&client).await,"));
    main += &MAIN.replace("@CALLERS", &calls.collect::<Vec<_>>().join("\n"));
    files.insert("main.rs".to_owned(), main);
    for (case, name) in callers.iter().zip(names) {
        let call = &case.call;
        let call = format!(
            "{CALLER}\npub async fn call(client: &Client) -> Fallible<()> {{\n    {call}\n    Ok(())\n}}\n"
        );
        files.insert(format!("{name}.rs"), call);
    }
    replace_all(program, &files)
}

/// Collects the texts of a folder and of those inside, by their paths.
fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => collect(&entry.path(), &format!("{name}/"), files)?,
            false => drop(files.insert(name, fs_err::read_to_string(entry.path())?)),
        }
    }
    Ok(())
}

/// Makes a folder hold exactly these files.
fn replace_all(folder: &Path, files: &BTreeMap<String, String>) -> anyhow::Result<()> {
    fs_err::create_dir_all(folder)?;
    let mut old = BTreeMap::new();
    collect(folder, "", &mut old)?;
    for name in old.keys().filter(|name| !files.contains_key(*name)) {
        fs_err::remove_file(folder.join(name))?;
    }
    files.iter().try_for_each(|(name, text)| update(&folder.join(name), text))
}

/// Removes the folders of programs that no longer exist.
fn remove_others(folder: &Path, known: &BTreeSet<String>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if !known.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs_err::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a file unless it has this text.
fn update(file: &Path, text: &str) -> anyhow::Result<()> {
    if fs_err::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs_err::create_dir_all(folder)?;
    }
    Ok(fs_err::write(file, text)?)
}

/// Builds the programs, and returns those that compile, by name.
pub(super) fn build(folder: &Path, target: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let output = Command::new("cargo")
        .args(["build", "--examples", "--keep-going", "--quiet", "--message-format=json"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(folder.join("calls"))
        .stderr(Stdio::piped())
        .output()
        .context("failed to start `cargo build`")?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let built: BTreeMap<String, PathBuf> = messages.filter_map(|one| program(&one)).collect();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!built.is_empty(), "no caller compiles:\n{}", said.trim());
    Ok(built)
}

/// Returns the program that a message of cargo is about.
fn program(message: &Value) -> Option<(String, PathBuf)> {
    let name = message.pointer("/target/name")?.as_str()?;
    let path = message.get("executable")?.as_str()?;
    Some((name.to_owned(), PathBuf::from(path)))
}
