//! `prumo new-operation SPEC ID`: turns a name into the stubs of an operation.
//!
//! Invariants:
//!
//! * A stub is never valid: each holds the word [`TO_FILL_IN`], which the lint refuses in a spec
//!   and the tests refuse in a fixture. An unfinished stub therefore cannot pass as done.
//! * Existing files are not overwritten; only a spec gets the operation added.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use prumo_drift::{Document, below};
use prumo_spec::{OpenApi, TO_FILL_IN};

use crate::project::Project;
use crate::scaffold::{self, is_name};
use crate::{screen, specs};

/// Makes the stubs of a new operation, each failing until it is filled in.
#[derive(clap::Args)]
pub struct Args {
    /// The spec's name: `alfa` for `specs/alfa.yaml`, which is created if necessary;
    /// `alfa/clientes` for its part `specs/alfa/clientes.yaml`.
    spec: String,
    /// The operation's id in the vendor's own words, in snake case: `listar_clientes`.
    id: String,
}

/// Runs the verb: 0 if the stubs were made.
///
/// # Errors
///
/// A name is invalid, or a stub already exists.
pub fn run(project: &Project, args: &Args) -> anyhow::Result<ExitCode> {
    let fixtures = make_stubs(project, &args.spec, &args.id)?;
    let spec = args.spec.split('/').next().unwrap_or_default();
    let steps = scaffold::next_steps(project, spec, Some(&fixtures));
    screen::print(&format!("\nEach fails until it is filled in. Then:\n{steps}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the stubs and returns the folder of the fixtures.
fn make_stubs(project: &Project, spec: &str, id: &str) -> anyhow::Result<PathBuf> {
    let (spec, part) = match spec.split_once('/') {
        Some((spec, part)) => (spec, Some(part)),
        None => (spec, None),
    };
    scaffold::ensure_spec_name(spec)?;
    let is_part = part.is_none_or(|part| is_name(part, '_'));
    ensure!(is_part, "`{spec}` can't have a part of that name: use small letters, digits and `_`");
    ensure!(is_name(id, '_'), "`{id}` is no operation id: use small letters, digits and `_`");

    let root = project.root();
    let whole = whole_of(project, spec)?;
    let folder = project.fixtures().join(spec).join(id);
    let fixtures = FIXTURES.map(|(name, text)| (folder.join(name), text.replace("ID", id)));
    scaffold::ensure_new(root, fixtures.iter().map(|(path, _)| path.as_path()))?;
    if whole.exists() {
        ensure_new(root, &whole, id)?;
    } else if part.is_some() {
        bail!("`{}` is not there to have a part: make it first", project.shown(&whole));
    }

    let file =
        part.map_or(whole.clone(), |part| whole.with_extension("").join(format!("{part}.yaml")));
    let contents = match (file.exists(), part) {
        (true, _) => {
            let text = fs_err::read_to_string(&file)?;
            with_operation(&project.shown(&file), &text, id)?
        }
        (false, Some(_)) => format!("paths:{}{NEW_COMPONENTS}", operation_stub(id)),
        (false, None) => {
            format!("{}{}{NEW_COMPONENTS}", NEW_SPEC.replace("SPEC", spec), operation_stub(id))
        }
    };
    let files: Vec<(PathBuf, String)> = std::iter::once((file, contents)).chain(fixtures).collect();
    scaffold::write(root, &files)?;
    Ok(folder)
}

/// Returns the first file of a spec, which may not exist yet.
fn whole_of(project: &Project, spec: &str) -> anyhow::Result<PathBuf> {
    let found = project
        .spec_files()?
        .into_iter()
        .find(|path| path.file_stem().is_some_and(|stem| stem == spec));
    let whole = found.unwrap_or_else(|| project.specs().join(format!("{spec}.yaml")));
    if whole.extension().is_some_and(|ending| ending == "json") {
        bail!(
            "`{}` is JSON, which no stub is added to\n  hint: name a part of it, such as `{spec}/clientes`, \
             or add the operation by hand",
            project.shown(&whole)
        );
    }
    Ok(whole)
}

/// Fails if any part of the spec has the operation.
fn ensure_new(root: &Path, spec: &Path, id: &str) -> anyhow::Result<()> {
    let document = specs::document(root, &specs::parts_of(spec)?)?;
    let path = below("/paths", &stub_path(id));
    if document.value().pointer(&path).is_some()
        || operation_ids(&document).any(|known| known == id)
    {
        bail!("`{}` has an operation `{id}` already", document.file());
    }
    Ok(())
}

/// Returns `text` with the stub of operation `id` at the end of its paths.
fn with_operation(file: &str, text: &str, id: &str) -> anyhow::Result<String> {
    let document = Document::parse(file, text)?;
    let line = end_of_paths(&document, text).with_context(|| {
        format!("`{file}` has no `paths` to add to; name a part of it, such as `alfa/clientes`")
    })?;
    let (before, after) = split_before(text, line);
    let gap = if before.ends_with('\n') { "" } else { "\n" };
    Ok(format!("{before}{gap}{}{after}", operation_stub(id)))
}

fn operation_ids(document: &Document) -> impl Iterator<Item = String> {
    OpenApi::new(document).operations().map(|operation| operation.id().to_owned())
}

/// Returns the line before which a new path goes: that of the next top-level key, or the end.
fn end_of_paths(document: &Document, text: &str) -> Option<usize> {
    let paths = document.position("/paths")?.line;
    let top = document.value().as_object()?;
    let lines = top.keys().filter_map(|key| Some(document.position(&below("", key))?.line));
    let next = lines.filter(|line| *line > paths).min();
    Some(next.unwrap_or_else(|| text.lines().count() + 1))
}

/// Splits a text before a line (counted from 1) and before the comment that introduces the line.
fn split_before(text: &str, line: usize) -> (&str, &str) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut at = line.saturating_sub(1).min(lines.len());
    while at > 0 && is_lead(lines[at - 1]) {
        at -= 1;
    }
    text.split_at(lines[..at].iter().map(|line| line.len()).sum())
}

/// Returns whether a line is an unindented comment or empty, and so belongs to what follows.
fn is_lead(line: &str) -> bool {
    line.starts_with('#') || line.trim().is_empty()
}

fn stub_path(id: &str) -> String {
    format!("/{TO_FILL_IN}/{id}")
}

fn operation_stub(id: &str) -> String {
    OPERATION.replace("PATH", &stub_path(id)).replace("ID", id)
}

const OPERATION: &str = r##"
  PATH:
    get:
      operationId: ID
      summary: TODO
      x-source:
        page: TODO
        date: TODO
      parameters: []
      responses:
        "200":
          description: TODO
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/TODO"
        "404":
          description: TODO
"##;

const NEW_SPEC: &str = "\
openapi: 3.0.3
info:
  title: SPEC
  version: \"1\"
  description: TODO
servers:
  - url: https://TODO
paths:";

const NEW_COMPONENTS: &str = "
components:
  schemas: {}
";

/// The fixtures of every new operation, by file name.
const FIXTURES: [(&str, &str); 2] = [("good_answer.json", GOOD_ANSWER), ("refusal.json", REFUSAL)];

const GOOD_ANSWER: &str = r#"{
  "origin": "synthetic",
  "source": "TODO",
  "operation": "ID",
  "request": {"method": "GET", "path": "/TODO/ID", "query": {}, "headers": {}},
  "response": {
    "status": 200,
    "headers": {"content-type": "application/json"},
    "body": {}
  }
}
"#;

const REFUSAL: &str = r#"{
  "origin": "synthetic",
  "source": "TODO",
  "operation": "ID",
  "request": {"method": "GET", "path": "/TODO/ID", "query": {}, "headers": {}},
  "response": {
    "status": 404,
    "headers": {"content-type": "application/json"},
    "body": {}
  }
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes an empty project.
    fn project(root: &Path) -> Project {
        fs_err::create_dir_all(root.join("specs")).expect("a folder");
        fs_err::write(root.join("prumo.toml"), "").expect("a file");
        Project::open(root).expect("a project")
    }

    const SPEC: &str = "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      operationId: ler\n\n# What recurs.\ncomponents: {}\n";

    #[test]
    fn the_stub_goes_to_the_end_of_the_paths_and_before_the_next_comment() {
        let text = with_operation("specs/alfa.yaml", SPEC, "criar").expect("a stub");
        let path = text.find("/TODO/criar:").expect("the stub");
        assert!(text.find("operationId: ler").expect("the old one") < path);
        assert!(path < text.find("# What recurs.").expect("the comment"));
        let document = Document::parse("specs/alfa.yaml", &text).expect("still YAML");
        assert_eq!(document.value()["paths"].as_object().expect("paths").len(), 2);
        assert!(document.value()["components"].is_object());
    }

    #[test]
    fn the_stub_goes_to_the_end_of_a_file_without_a_last_line_feed() {
        let text = with_operation("specs/alfa.yaml", "paths:\n  /a: {}", "criar").expect("a stub");
        let document = Document::parse("specs/alfa.yaml", &text).expect("still YAML");
        assert_eq!(document.value()["paths"].as_object().expect("paths").len(), 2);
    }

    #[test]
    fn an_operation_that_any_part_has_is_refused() {
        let root = tempfile::tempdir().expect("a folder");
        make_stubs(&project(root.path()), "alfa", "listar").expect("stubs");
        make_stubs(&project(root.path()), "alfa/clientes", "ler").expect("stubs of a part");
        make_stubs(&project(root.path()), "alfa/clientes", "criar").expect("more stubs of a part");
        let part =
            fs_err::read_to_string(root.path().join("specs/alfa/clientes.yaml")).expect("the part");
        assert_eq!(part.matches("operationId").count(), 2, "{part}");
        fs_err::remove_dir_all(root.path().join("fixtures")).expect("no fixtures");
        for name in ["alfa", "alfa/clientes", "alfa/outra"] {
            let error = make_stubs(&project(root.path()), name, "ler").expect_err("a refusal");
            assert_eq!(
                error.to_string(),
                "`specs/alfa.yaml` has an operation `ler` already",
                "to `{name}`"
            );
        }
        let error =
            make_stubs(&project(root.path()), "beta/clientes", "ler").expect_err("a refusal");
        assert_eq!(
            error.to_string(),
            "`specs/beta.yaml` is not there to have a part: make it first"
        );
    }

    #[test]
    fn stubs_are_made_once_and_nothing_is_overwritten() {
        let root = tempfile::tempdir().expect("a folder");
        make_stubs(&project(root.path()), "alfa", "listar_clientes").expect("stubs");
        let spec = fs_err::read_to_string(root.path().join("specs/alfa.yaml")).expect("the spec");
        let document = Document::parse("specs/alfa.yaml", &spec).expect("YAML");
        assert_eq!(operation_ids(&document).collect::<Vec<_>>(), ["listar_clientes"]);

        let again =
            make_stubs(&project(root.path()), "alfa", "listar_clientes").expect_err("a refusal");
        assert!(again.to_string().contains("refusal.json` are there already"), "{again}");
    }

    #[test]
    fn names_that_are_no_names_are_refused() {
        for (spec, id) in [
            ("../alfa", "ler"),
            ("alfa/../b", "ler"),
            ("alfa/", "ler"),
            ("alfa", "Ler"),
            ("alfa", "ler chamado"),
            ("", "ler"),
        ] {
            let root = tempfile::tempdir().expect("a folder");
            assert!(make_stubs(&project(root.path()), spec, id).is_err(), "`{spec}` `{id}`");
            assert_eq!(fs_err::read_dir(root.path().join("specs")).expect("the folder").count(), 0);
            assert!(!root.path().join("fixtures").exists(), "`{spec}` `{id}`");
        }
    }
}
