//! Tests what `prumo docs diff` says of two versions of a vendor's page.

use crate::prumo;

fn page(rows: &str) -> String {
    format!(
        "Criar pedido
============

.. code-block:: bash

    curl -X POST https://loja.example/api/v1/pedido

.. list-table::
   :header-rows: 1

   * - Atributo
     - Tipo
     - Obrigatório
     - Descrição
{rows}"
    )
}

const NAME: &str = "   * - nome
     - string
     - Sim
     - O nome do pedido
";

const COLOUR: &str = "   * - cor
     - string
     - Não
     - A cor
";

#[test]
fn a_change_of_a_page_is_told_and_its_wording_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let write = |name: &str, text: &str| fs_err::write(root.join(name), text).expect("a file");
    write("before.rst", &page(NAME));
    write("worded.rst", &page(&NAME.replace("O nome do pedido", "Como o pedido se chama")));
    write("after.rst", &page(&format!("{}{COLOUR}", NAME.replace("Sim", "Não"))));
    write("empty.rst", "Nada aqui\n=========\n");
    let diff = |new: &str, format: &str| {
        prumo(root, &["docs", "diff", "before.rst", new, "--format", format])
    };
    let silent = diff("worded.rst", "json");
    assert_eq!(silent.code, Some(0), "{}{}", silent.out, silent.told);
    let changed = diff("after.rst", "json");
    assert_eq!(changed.code, Some(4), "{}{}", changed.out, changed.told);
    let document: serde_json::Value = serde_json::from_str(&changed.out).expect("JSON");
    let told = |one: &serde_json::Value| {
        let text = |member: &str| one[member].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", text("kind"), text("operation"), text("name"))
    };
    let found: Vec<String> =
        document["changes"].as_array().expect("a list").iter().map(told).collect();
    let operation = "POST /api/v1/pedido";
    assert_eq!(
        found,
        [format!("required-changed {operation} nome"), format!("param-added {operation} cor")]
    );
    let text = diff("after.rst", "text");
    assert!(text.out.contains("param-added") && text.out.contains("cor"), "{}", text.out);
    let empty = diff("empty.rst", "json");
    assert_eq!(empty.code, Some(1), "{}", empty.out);
    assert!(empty.told.contains("`empty.rst`"), "{}", empty.told);
}

/// A vendor edits a page that the project has locked, and the lock alone shows the edit.
#[test]
fn pages_are_locked_beside_the_spec_and_compared_with_the_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs_err::write(path, text).expect("a file");
    };
    write("prumo.toml", "");
    write(
        "specs/loja.yaml",
        "openapi: 3.0.3\ninfo: {title: Loja, version: '1'}\nservers: [{url: https://loja.example}]\npaths: {}\n",
    );
    write("site/pedido/criar.rst", &page(NAME));
    write("site/index.md", "# Bem-vindo\n");
    let lock = || prumo(root, &["docs", "lock", "loja", "site"]);
    let written = lock();
    assert_eq!(written.code, Some(0), "{}{}", written.out, written.told);
    assert_eq!(written.out, "written  specs/loja.docs.yaml: 1 operation on 1 page\n");
    assert!(written.told.contains("1 of 2 files name no operation"), "{}", written.told);
    assert_eq!(lock().out, "fresh    specs/loja.docs.yaml: 1 operation on 1 page\n");
    let text = fs_err::read_to_string(root.join("specs/loja.docs.yaml")).expect("a lock");
    assert!(text.contains("- page: pedido/criar.rst\n"), "{text}");
    assert!(!text.contains("O nome do pedido"), "{text}");

    let diff = |new: &str| prumo(root, &["docs", "diff", "specs/loja.docs.yaml", new]);
    assert_eq!(diff("site").code, Some(0), "{}", diff("site").out);
    write("site/pedido/criar.rst", &page(COLOUR));
    let changed = diff("site/pedido/criar.rst");
    assert_eq!(changed.code, Some(4), "{}", changed.told);
    assert!(changed.out.contains("(pedido/criar.rst:15)"), "{}", changed.out);
    assert!(changed.out.contains("(site/pedido/criar.rst:15)"), "{}", changed.out);

    write("specs/loja.docs.yaml", "docs: 1\ncolour: red\n");
    let broken = diff("site");
    assert_eq!(broken.code, Some(1), "{}", broken.out);
    assert!(
        broken.told.contains("specs/loja.docs.yaml:2:1: unknown key `colour`"),
        "{}",
        broken.told
    );
    write("site/pedido/criar.rst", "");
    let empty = lock();
    assert_eq!(empty.code, Some(1), "{}", empty.out);
    // The specs of the project are still those without the lock.
    let lint = prumo(root, &["lint"]);
    assert!(!format!("{}{}", lint.out, lint.told).contains("docs.yaml"), "{}", lint.told);
}

/// The specs of this repository say what the locked pages say, but for known disagreements.
#[test]
fn the_locks_of_this_repository_differ_only_where_a_waiver_says_so() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let checked = prumo(&root, &["docs", "check"]);
    assert_eq!(checked.code, Some(0), "{}{}", checked.out, checked.told);
    assert!(checked.told.contains(" met, 0 stale, "), "{}", checked.told);
}

const SPEC: &str = "openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example/api/v1'}]
paths:
  /pedido:
    post:
      operationId: criar_pedido
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [nome], properties: {nome: {type: string}}}
      responses: {'201': {description: Criado.}}
";

/// Rows: what the vendor's page has, the exit code, and a part of the output.
#[test]
fn a_spec_is_held_against_the_lock_and_its_waivers() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs_err::create_dir(root.join("specs")).expect("a folder");
    let write = |name: &str, text: &str| fs_err::write(root.join(name), text).expect("a file");
    write("prumo.toml", "");
    write("specs/loja.yaml", SPEC);
    let check = |more: &[&str]| prumo(root, &[&["docs", "check"], more].concat());
    let without = check(&[]);
    assert_eq!(without.code, Some(0), "{}", without.told);
    assert!(without.told.contains("skipped"), "{}", without.told);
    let named = check(&["--spec", "loja"]);
    assert_eq!(named.code, Some(1), "{}", named.told);

    let lock = |rows: &str| {
        write("pedido.rst", &page(rows));
        let locked = prumo(root, &["docs", "lock", "loja", "pedido.rst"]);
        assert_eq!(locked.code, Some(0), "{}", locked.told);
    };
    lock(NAME);
    let fits = check(&[]);
    assert_eq!(fits.code, Some(0), "{}{}", fits.out, fits.told);
    lock(&format!("{NAME}{COLOUR}"));
    let differs = check(&[]);
    assert_eq!(differs.code, Some(4), "{}{}", differs.out, differs.told);
    assert!(differs.out.contains("field-undocumented  loja criar_pedido"), "{}", differs.out);
    assert!(differs.out.contains("pedido.rst:19"), "{}", differs.out);
    for format in ["json", "markdown", "github", "sarif", "junit", "html"] {
        let written = check(&["--format", format]);
        assert_eq!(written.code, Some(4), "{format}: {}", written.told);
        assert!(written.out.contains("field-undocumented"), "{format}: {}", written.out);
    }

    let waiver = |rule: &str, at: &str| {
        format!(
            "waivers:\n  - witness: docs\n    rule: {rule}\n    operation: criar_pedido\n    side: request\n    at: {at}\n    reason: The wire knows better.\n    date: 2026-11-22\n"
        )
    };
    let rows = [
        ("field-undocumented", "/cor", 0, "1 waiver of the docs: 1 met, 0 stale, 0 not visible"),
        ("type-changed", "/nome", 4, "1 waiver of the docs: 0 met, 1 stale, 0 not visible"),
        ("body-unreadable", "\"\"", 4, "1 waiver of the docs: 0 met, 0 stale, 1 not visible"),
    ];
    for (rule, at, code, told) in rows {
        write("specs/loja.waivers.yaml", &waiver(rule, at));
        let checked = check(&["--waivers"]);
        assert_eq!(checked.code, Some(code), "{rule}: {}{}", checked.out, checked.told);
        assert!(checked.told.contains(told), "{rule}: {}", checked.told);
        let is_listed = checked.told.contains("loja.waivers.yaml:2:5: not visible in the docs")
            || checked.told.contains("loja.waivers.yaml:2: not visible in the docs");
        assert_eq!(is_listed, rule == "body-unreadable", "{}", checked.told);
    }
}
