//! Laws of the reader and the comparison, held to random pages.

use proptest::prelude::*;
use prumo_pages::{Lock, diff, read};

const NAMES: &[&str] = &["a.rst", "a.md", "a.html", "a.json", "a.txt", "a"];

/// Parts of pages in all formats, which random pages are made of.
const PARTS: &[&str] = &[
    "GET /api/v1/a\n",
    "POST /api/v1/b/<id>\n\n",
    "::\n\n    ",
    ".. list-table::\n",
    "   *  -  Campo\n      -  Tipo\n",
    "   *  -  a\n      -  Texto\n",
    ":nome: (Obrigatório) a, b\n",
    "| Atributo | Descrição | Obrigatório |\n",
    "|---|---|---|\n",
    "| x | sim,nao. | Não |\n",
    "+---+---+\n",
    "====  ====\n",
    "curl -X GET 'https://a.b/api/c?d=1'",
    "{\"a\": [1, {\"b\": null}",
    "]}",
    "\"",
    "\\",
    "é",
    "\u{a0}",
    "…",
    "//",
    "/*",
    "{{url}}",
    "Retorno:\n",
    "```\n",
    "<table>",
    "<tr><td>Campo<td>Tipo",
    "</table>",
    "<li>",
    "Parâmetros Obrigatórios\n",
    "Coluna\nDescrição\nTipo\n",
    "nomeDescrição do nomeString\n",
    "Endpoint\nhttps://api.x.com/v2/y\nMétodo\nGET\n",
    "\n\n",
    "\t",
    "  ",
    "- a: b\n",
    "{\"info\": {}, \"item\": [{\"request\": {\"method\": \"GET\", \"url\": \"{{u}}/a\", \"description\": \"",
    "\"}}]}",
    "1 - Baixa (Padrão)\n2 - Alta\n",
    "Valor Default: ",
    "(",
    ")",
    "mínimo 1, máximo 5",
    "| x | número maior que 0, máximo 20 caracteres, AAAA-MM-DD | Não |\n",
];

/// Parts of locks, which broken locks are made of.
const LOCK_PARTS: &[&str] = &[
    "docs: 1\n",
    "docs: 2\n",
    "pages:\n",
    "- page: a.rst\n  operations:\n",
    "  - operation: GET /a\n    line: 3\n",
    "  - operation: /a\n    line: x\n",
    "    parameters:\n",
    "    - {in: query, name: q, type: string, required: true, line: 4}\n",
    "    - {in: sky, name: q, enum: [a, 1], lines: {enum: [7]}, line: -4}\n",
    "    response:\n",
    "    - {name: \"a[].b\", type: [number], line: 9}\n",
    "    - {type: word}\n",
    "- 3\n",
    "\t",
];

fn any_page() -> impl Strategy<Value = String> {
    let part =
        prop_oneof![3 => proptest::sample::select(PARTS).prop_map(str::to_owned), 1 => ".{0,12}"];
    proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    /// No text makes the reader panic, reading it twice yields the same facts, and a page compared
    /// with itself has no changes.
    #[test]
    fn a_page_reads_the_same_twice(text in any_page(), name in proptest::sample::select(NAMES)) {
        let first = read(name, &text);
        prop_assert_eq!(&first, &read(name, &text));
        if let Ok(page) = first {
            prop_assert!(!page.operations.is_empty());
            prop_assert_eq!(diff(&page, &page), vec![]);
        }
    }

    /// A lock is read as it was written, and says the same as its page.
    #[test]
    fn a_lock_says_what_its_page_says(text in any_page(), name in proptest::sample::select(NAMES)) {
        if let Ok(page) = read(name, &text) {
            let lock = Lock::new([(name.to_owned(), page.clone())]);
            let written = lock.to_yaml();
            prop_assert!(Lock::is_lock(&written));
            let again = Lock::read("acme.docs.yaml", &written);
            prop_assert_eq!(again.as_ref(), Ok(&lock), "{}", written);
            prop_assert_eq!(lock.to_yaml(), again.map(|lock| lock.to_yaml()).unwrap_or_default());
            let whole = lock.whole();
            prop_assert_eq!((diff(&page, &whole), diff(&whole, &page)), (vec![], vec![]));
        }
    }

    /// No text makes the reader of locks panic.
    #[test]
    fn any_text_is_a_lock_or_an_error(lines in proptest::collection::vec(proptest::sample::select(LOCK_PARTS), 0..20)) {
        let _ = Lock::read("acme.docs.yaml", &lines.concat());
    }

    /// Two pages can be compared in both directions.
    #[test]
    fn any_two_pages_compare(old in any_page(), new in any_page(), name in proptest::sample::select(NAMES)) {
        if let (Ok(old), Ok(new)) = (read(name, &old), read(name, &new)) {
            let (there, back) = (diff(&old, &new), diff(&new, &old));
            prop_assert!(there.len() + back.len() < 100_000);
        }
    }
}
