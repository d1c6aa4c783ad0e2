//! Tests `prumo follow` in a repository of its own: on made-up pages, and on recorded changes of the
//! pages of both vendors.

mod edits;

use std::path::Path;
use std::process::Command;

use crate::{Run, prumo, read};

const SPEC: &str = "openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example/api/v1'}]
paths:
  /pedido:
    get:
      operationId: listar_pedidos
      parameters:
        # The page of a list.
        - {name: pagina, in: query, schema: {type: integer, maximum: 50}}
        - {name: ordem, in: query, required: true, schema: {type: string, enum: [nome]}}
      responses: {'200': {description: Pedidos.}}
";

/// The lock of a page with these parameters.
fn lock(parameters: &str) -> String {
    format!(
        "docs: 1
pages:
- page: pedido.rst
  operations:
  - operation: GET /api/v1/pedido
    line: 3
    parameters:
{parameters}"
    )
}

const PAGE: &str =
    "    - {in: query, name: pagina, type: integer, required: false, maximum: \"50\", line: 9}
";
const ORDER: &str = "    - {in: query, name: ordem, required: true, enum: [nome], line: 8}
";

/// Runs git, which must succeed, and returns what it prints.
pub(crate) fn git(root: &Path, words: &[&str]) -> String {
    let identity = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com"];
    let output = Command::new("git").args(identity).args(words).current_dir(root).output();
    let output = output.expect("git");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs_err::write(path, text).expect("a file");
}

/// Makes a repository with one commit.
pub(crate) fn committed(root: &Path) {
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    git(root, &["config", "user.name", "Ana"]);
    git(root, &["config", "user.email", "ana@example.com"]);
    write(root, ".gitignore", "out/\ntarget/\n");
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "-m", "all"]);
}

/// Returns a repository with the shop, whose pages the lock knows.
fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "prumo.toml", "");
    write(root, "fixtures/.gitkeep", "");
    write(root, "specs/loja.yaml", SPEC);
    write(root, "specs/loja.docs.yaml", &lock(&format!("{ORDER}{PAGE}")));
    committed(root);
    folder
}

/// Follows a lock that says what the pages are now.
fn follow(root: &Path, now: &str, more: &[&str]) -> Run {
    let pages = root.join("target/now.docs.yaml");
    write(root, "target/now.docs.yaml", now);
    let pages = pages.to_string_lossy().into_owned();
    prumo(root, &[&["follow", "loja", "--pages", &pages], more].concat())
}

/// Everything that a failed run must leave as it was.
fn state(root: &Path) -> String {
    let words: [&[&str]; 4] = [
        &["status", "--porcelain"],
        &["branch", "--list", "--all"],
        &["worktree", "list"],
        &["rev-parse", "HEAD"],
    ];
    words.iter().map(|words| git(root, words)).collect()
}

#[test]
fn a_changed_page_becomes_a_branch_with_spec_lock_changelog_and_body() {
    let folder = shop();
    let root = folder.path();
    let before = state(root);
    assert_eq!(follow(root, &lock(&format!("{ORDER}{PAGE}")), &[]).code, Some(0));
    let now = lock(&format!(
        "    - {{in: query, name: cor, enum: [azul, verde], line: 10}}
{}{}    - {{in: query, name: desde, type: string, required: true, line: 11}}
",
        ORDER.replace("true", "false").replace("nome]", "nome, data]"),
        PAGE.replace("50", "100"),
    ));
    let run = follow(root, &now, &["--branch", "novo", "--test", "test -f specs/loja.yaml"]);
    assert_eq!(run.code, Some(4), "{}{}", run.out, run.told);
    assert!(run.out.contains("written  branch novo\n"), "{}", run.out);
    let show = |file: &str| git(root, &["show", &format!("novo:{file}")]);
    let spec = show("specs/loja.yaml");
    for line in [
        "        # The page of a list.",
        "        - {name: pagina, in: query, schema: {type: integer, maximum: 100}}",
        "        - {name: ordem, in: query, required: false, schema: {type: string, enum: [nome, data]}}",
        "        - {name: cor, in: query, schema: {type: string, enum: [azul, verde]}}",
        "        - {name: desde, in: query, schema: {type: string}}",
    ] {
        assert!(spec.lines().any(|one| one == line), "`{line}` in\n{spec}");
    }
    assert!(show("specs/loja.docs.yaml").contains("name: cor"));
    assert!(show("CHANGELOG.md").contains("### `loja`\n\n* "), "{}", show("CHANGELOG.md"));
    let body = read(root, "target/prumo/follow.md");
    assert!(body.contains("| param-added | `GET /api/v1/pedido` | `cor"), "{body}");
    assert!(body.contains("## To decide\n\n- param-undocumented at listar_pedidos"), "{body}");
    assert!(body.contains("the docs require it"), "{body}");
    assert!(body.contains("- `test -f specs/loja.yaml`: fits"), "{body}");
    // The user's own branch and files are as they were, but for the new branch.
    assert_eq!(state(root).replace("  novo\n", ""), before);
    let again = follow(root, &now, &["--branch", "novo"]);
    assert_eq!(again.code, Some(1));
    assert!(again.told.contains("there is a branch `novo` already"), "{}", again.told);
}

#[test]
fn the_patch_does_what_the_branch_does() {
    let folder = shop();
    let root = folder.path();
    let now = lock(&format!("{ORDER}{}", PAGE.replace("50", "100")));
    let patch = follow(root, &now, &["--patch", "-"]);
    assert_eq!(patch.code, Some(4), "{}", patch.told);
    write(root, "target/a.patch", &patch.out);
    git(root, &["apply", "target/a.patch"]);
    assert!(read(root, "specs/loja.yaml").contains("maximum: 100"));
    assert!(read(root, "specs/loja.docs.yaml").contains("maximum: \"100\""));
}

/// Rows: a cause of failure, and a part of what is told. Nothing of the project has changed then.
#[test]
fn nothing_is_touched_when_something_fails() {
    let folder = shop();
    let root = folder.path();
    let before = state(root);
    let now = lock(&format!("{ORDER}{}", PAGE.replace("50", "100")));
    let rows: [(&str, &[&str], &str); 4] = [
        (&now, &["--test", "exit 3"], "`exit 3`: `exit 3` ended with 3, so nothing was changed"),
        (&now, &["--branch", "a..b"], "`a..b` is no name of a branch"),
        (&now, &["--patch", "no/such/folder/a.patch"], "no/such/folder"),
        ("docs: 1\ncolour: red\n", &[], "unknown key `colour`"),
    ];
    for (now, more, told) in rows {
        let run = follow(root, now, more);
        assert_eq!(run.code, Some(1), "{more:?}: {}", run.out);
        assert!(run.told.contains(told), "{more:?}: {}", run.told);
        assert_eq!(state(root), before, "{more:?}");
    }
    write(root, "specs/loja.yaml", &SPEC.replace("Loja", "Outra"));
    let dirty = follow(root, &now, &[]);
    assert_eq!(dirty.code, Some(1));
    assert!(dirty.told.contains("M specs/loja.yaml"), "{}", dirty.told);
}

/// Copies a folder of this repository.
fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).expect("a folder");
    for entry in fs_err::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &target) } else { drop(fs_err::copy(&path, &target)) }
    }
}

/// Follows a recorded change of a vendor: the spec and the lock as they were before it are edited
/// texts of those of today. Returns the spec and the body after it.
fn recorded(vendor: &str, spec_file: &str, edits: &[(&str, &str, &str)]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    write(root, "prumo.toml", "");
    copy(&here.join("specs").join(vendor), &root.join("specs").join(vendor));
    copy(&here.join("fixtures").join(vendor), &root.join("fixtures").join(vendor));
    for ending in ["yaml", "docs.yaml"] {
        let file = format!("specs/{vendor}.{ending}");
        write(root, &file, &read(&here, &file));
    }
    let lock = format!("specs/{vendor}.docs.yaml");
    write(root, "target/now.docs.yaml", &read(root, &lock));
    for (file, now, before) in edits {
        let text = read(root, file);
        assert!(text.contains(now), "{file} has no `{now}`");
        write(root, file, &text.replacen(now, before, 1));
    }
    committed(root);
    let pages = root.join("target/now.docs.yaml").to_string_lossy().into_owned();
    let run = prumo(root, &["follow", vendor, "--pages", &pages, "--branch", "novo"]);
    assert_eq!(run.code, Some(4), "{}{}", run.out, run.told);
    let spec = git(root, &["show", &format!("novo:{spec_file}")]);
    assert_eq!(git(root, &["show", &format!("novo:{lock}")]), read(root, "target/now.docs.yaml"));
    (spec, read(root, "target/prumo/follow.md"))
}

/// On 2023-03-13 the vendor's page named three more columns to search connections by. Recordings
/// that search by them fit only the edited spec.
#[test]
fn a_recorded_change_of_hubsoft_is_followed() {
    let spec = "specs/hubsoft/conexao.yaml";
    let (after, body) = recorded(
        "hubsoft",
        spec,
        &[
            (spec, "enum: [login, ipv4, ipv6_wan, ipv6_lan, mac]", "enum: [login, mac]"),
            (
                "specs/hubsoft.docs.yaml",
                "enum: [login, ipv4, ipv6_wan, ipv6_lan], line: 78, lines: {required: 27, enum: [56, 56, 56, 56]}",
                "enum: [login], line: 78, lines: {required: 27, enum: [56]}",
            ),
        ],
    );
    assert!(after.contains("enum: [login, mac, ipv4, ipv6_lan, ipv6_wan]\n"), "{body}");
    assert!(body.contains("| enum-value-added |"), "{body}");
    assert!(body.contains("- fixtures: fits"), "{body}");
}

/// The vendor's page on customers once called a path `/v2.0/customers/exists`. The spec had it
/// right, so only the lock follows.
#[test]
fn a_recorded_change_of_tomticket_is_followed() {
    let (_, body) = recorded(
        "tomticket-v2",
        "specs/tomticket-v2/customers.yaml",
        &[(
            "specs/tomticket-v2.docs.yaml",
            "GET /v2.0/customer/exists",
            "GET /v2.0/customers/exists",
        )],
    );
    assert!(body.contains("/v2.0/customer/exists"), "{body}");
    assert!(body.contains("The client stays as it is."), "{body}");
}
