//! Holds the lock of a page to what its file may hold, and to what a reader of it is told.

use prumo_pages::{Lock, diff, read};

const PAGE: &str = "
Criar pedido
============

.. code-block:: bash

    curl -X POST https://loja.example/api/v1/pedido -H 'X-Loja: 7'

.. list-table::
   :header-rows: 1

   * - Atributo
     - Tipo
     - Obrigatório
     - Descrição
     - Valor Default
   * - situacao
     - string
     - Não
     - A situação em que o pedido começa, entre (aberto, fechado)
     - aberto
   * - nota
     - string
     - Obrigatório caso o cliente tenha pedido uma nota no cadastro da loja
     - A nota. Máximo 200 caracteres
     - O texto que o cadastro da loja tem para notas deste cliente
   * - email
     - string
     - Obrigatório caso telefone não informado
     - O e-mail
     -

Retorno::

    {\"status\": \"success\", \"pedido\": {\"id\": 7, \"itens\": [{\"nome\": null}]}}
";

fn lock(text: &str) -> Lock {
    Lock::new([("pedido.rst".to_owned(), read("pedido.rst", text).expect("a page"))])
}

#[test]
fn a_lock_has_facts_with_their_lines_and_no_sentence() {
    let expect = r#"# What the vendor's pages say: facts only, each with the line of its page.
# `prumo docs lock` writes this file, and `prumo docs check` holds the spec against it.
docs: 1
pages:
- page: pedido.rst
  operations:
  - operation: POST /api/v1/pedido
    line: 7
    headers:
    - {name: X-Loja, line: 7}
    parameters:
    - {in: body, name: email, type: string, required: when telefone is not given, line: 27}
    - {in: body, name: nota, type: string, required: "text #56964d26ad493819", default: "text #481ea0f80cb9424d", maxLength: "200", line: 22}
    - {in: body, name: situacao, type: string, required: false, default: aberto, enum: [aberto, fechado], line: 17}
    response:
    - {name: pedido, type: [object], line: 35}
    - {name: pedido.id, type: [number], line: 35}
    - {name: pedido.itens, type: [array], items: [object], line: 35}
    - {name: "pedido.itens[].nome", type: ["null"], line: 35}
    - {name: status, type: [string], line: 35}
"#;
    assert_eq!(lock(PAGE).to_yaml(), expect);
}

/// Rows: how the vendor edits the page, and the kinds of changes against the lock.
#[test]
fn an_edit_is_seen_against_the_lock() {
    let rows: [(&str, &str, &str, &[&str]); 6] = [
        ("nothing", "", "", &[]),
        ("the wording", "A situação em que o pedido começa", "Como começa", &[]),
        (
            "a condition in other words",
            "pedido uma nota",
            "dispensado a nota",
            &["required-changed"],
        ),
        ("a default that is a sentence", "deste cliente", "desta loja", &["default-changed"]),
        ("a value", "(aberto, fechado)", "(aberto, fechado, pausado)", &["enum-value-added"]),
        ("a type in the response", "\"id\": 7", "\"id\": \"7\"", &["response-type-changed"]),
    ];
    let old = Lock::read("loja.docs.yaml", &lock(PAGE).to_yaml()).unwrap().whole();
    for (edit, from, to, expect) in rows {
        let new = read("pedido.rst", &PAGE.replacen(from, to, 1)).unwrap();
        let found: Vec<&str> = diff(&old, &new).iter().map(|change| change.kind.name()).collect();
        assert_eq!(found, expect, "the vendor edits {edit}");
    }
}

/// Rows: what is wrong with a lock, the text, and the error.
#[test]
fn a_broken_lock_is_an_error_with_its_place() {
    let operation =
        "docs: 1\npages:\n- page: a\n  operations:\n  - operation: GET /a\n    line: 1\n";
    let row = |tail: &str| format!("{operation}{tail}");
    let rows = [
        (
            "another version",
            "docs: 2\n".to_owned(),
            "1:1: version 2 of lock files is not known, only 1",
        ),
        ("no version", "pages: []\n".to_owned(), "1:1: `docs` is missing"),
        ("an unknown key", row("    colour: 1\n"), "7:5: unknown key `colour`"),
        (
            "no method",
            row("").replace("GET /a", "/a"),
            "5:5: `operation` is not a method and a path",
        ),
        (
            "an unknown type",
            row("    parameters:\n    - {in: query, name: a, type: word, line: 1}\n"),
            "8:28: `type` is not a type",
        ),
        (
            "an unknown place",
            row("    parameters:\n    - {in: sky, name: a, line: 1}\n"),
            "8:8: `in` is not path, query, header or body",
        ),
        ("no YAML", "docs: [".to_owned(), "1:8: "),
    ];
    for (name, text, expect) in rows {
        let error = Lock::read("a.docs.yaml", &text).expect_err(name).to_string();
        assert!(error.starts_with(&format!("a.docs.yaml:{expect}")), "{name}: {error}");
    }
}

#[test]
fn pages_in_any_order_make_the_same_lock() {
    let page = |name: &str, path: &str| {
        let text = format!("# A\n\nGET /api/{path}\n\nGET /api/z\n");
        (name.to_owned(), read(name, &text).unwrap())
    };
    let (one, other) = (page("b.md", "b"), page("a.md", "a"));
    let there = Lock::new([one.clone(), other.clone()]);
    assert_eq!(there, Lock::new([other, one]));
    assert_eq!(there.page_named("b.md").map(|page| page.operations.len()), Some(2));
    assert_eq!(there.page_named("docs/b.md").map(|page| page.operations.len()), Some(2));
    assert_eq!(there.page_named("c.md"), None);
}
