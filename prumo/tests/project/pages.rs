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
