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
