//! Paging that names something that does not exist, one row per fault.

use super::{FITS, complaints_of};

#[test]
fn paging() {
    const GOOD: &str =
        "style: pages, page: id, first: 1, size: 50, items: /data/lista, end: empty-page";
    let paged = |members: &str| {
        let new = format!("operationId: ler_item\n      x-paging: {{{members}}}");
        let list = "{type: array, items: {type: integer}, x-evidence: observed}";
        let with_list =
            FITS.replacen("        dia:", &format!("        lista: {list}\n        dia:"), 1);
        complaints_of(&with_list.replacen("operationId: ler_item", &new, 1))
    };
    let rows: [(&str, String, &[&str]); 12] = [
        ("fits", GOOD.to_owned(), &[]),
        ("a cap", "style: limit, size: id, items: /data/lista".to_owned(), &[]),
        ("no style", GOOD.replace("style: pages, ", ""), &["8: `x-paging` without `style`"]),
        (
            "misspelt",
            GOOD.replace("items", "itens"),
            &["8: paging of style `pages` without `items`", "8: paging has no `itens`"],
        ),
        (
            "no such style",
            GOOD.replace("pages", "cursor"),
            &["8: `style` does not know \"cursor\""],
        ),
        (
            "no such parameter",
            GOOD.replace("page: id", "page: pagina"),
            &["8: the operation has no parameter `pagina`"],
        ),
        ("no such place", GOOD.replace("/lista", "/listas"), &["8: no answer has `/data/listas`"]),
        (
            "no place",
            GOOD.replace("/data/lista", "data"),
            &["8: `items` must be a JSON Pointer such as `/data`"],
        ),
        ("no list", GOOD.replace("/lista", "/id"), &["8: \"/data/id\" is no list"]),
        (
            "not a number",
            GOOD.replace("first: 1", "first: one"),
            &["8: `first` must be a whole number"],
        ),
        (
            "an end that nothing tells",
            GOOD.replace("empty-page", "next-page"),
            &["8: `next-page` without `next` that tells it"],
        ),
        (
            "a cap with pages",
            "style: limit, size: id, items: /data/lista, first: 0".to_owned(),
            &["8: paging of style `limit` has no `first`"],
        ),
    ];
    for (name, members, expected) in rows {
        assert_eq!(paged(&members), expected, "row `{name}`");
    }
}
