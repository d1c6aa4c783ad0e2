//! Paged lists and the type of their items.

use super::{excerpt, file};
use crate::spec::Spec;
use crate::tests::{SPEC, rendered_crate};
use crate::{Material, client};

/// Returns [`SPEC`] with pages: the list is at `items`, and `properties` replace `numero`.
fn paged(items: &str, properties: &str) -> String {
    let paging = format!(
        "      x-paging: {{style: pages, page: pagina, first: 1, size: 50, items: {items}, end: empty-page}}\n      parameters:\n        - {{name: pagina, in: query, x-evidence: observed, schema: {{type: integer}}}}"
    );
    let numero = "        numero: {type: integer, x-evidence: observed}\n";
    SPEC.replacen("      parameters:", &paging, 1).replace(numero, properties)
}

#[test]
fn a_list_in_pages_is_read_by_page_and_by_item() {
    let text = paged(
        "/feitos/itens",
        "        feitos: {type: object, x-evidence: observed, required: [itens], properties: {itens: {type: array, x-evidence: observed, items: {$ref: '#/components/schemas/Feito'}}}}\n",
    );
    let rendered = rendered_crate(&text);
    let text = file(&rendered, "builder.rs");
    insta::assert_snapshot!(excerpt(&text, "paged! {", "}"), @r###"
    paged! {
        /// Reads page by page, starting at page 1 or at [`pagina`](Self::pagina). Each has 50 items. The last page is followed by an empty one.
        CriarItem(call body) -> types::Feito { call.form::<types::Novo, _>(body.clone()) } or_none
    }
    "###);
    assert!(file(&rendered, "lib.rs").contains("pub use prumo_runtime::Pages;"));
}

/// A list and its item: what stands in its place, and the type of an item.
const LISTS: &[(&str, &str)] = &[
    ("{type: array, x-evidence: observed, items: {type: string}}", "-> String {"),
    ("{type: array, x-evidence: observed, items: {type: integer}}", "-> i64 {"),
    ("{x-evidence: observed}", "-> Value {"),
];

#[test]
fn an_item_is_what_the_list_holds() {
    for (list, expect) in LISTS {
        let text = paged("/itens", &format!("        itens: {list}\n"));
        let text = file(&rendered_crate(&text), "builder.rs");
        assert!(
            excerpt(&text, "paged! {", "}").contains(expect),
            "{list}: {}",
            excerpt(&text, "paged! {", "}")
        );
    }
}

#[test]
fn a_list_outside_of_the_payload_is_refused() {
    let list = "{type: array, x-evidence: observed, items: {type: integer}}";
    let text = paged("/outros", &format!("        itens: {list}\n        outros: {list}\n"));
    let text = text.replace("message: /msg}", "message: /msg, payload: /itens}");
    let error =
        client(&Spec::of_text("alfa", "specs/alfa.yaml", &text).unwrap(), &Material::default())
            .map(drop)
            .unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "specs/alfa.yaml: `x-paging` of `criar_item`: no list in the type of its answer: `/outros` is outside of the payload `/itens`"
    );
}
