//! Lists in pages, and what an item of one is.

use super::{excerpt, file};
use crate::client;
use crate::spec::Spec;
use crate::tests::{SPEC, rendered_crate};

/// [`SPEC`] with pages: of the list at `items`, which each row of `properties` may make.
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
    insta::assert_snapshot!(excerpt(&text, "/// Reads page by page", "}"), @r###"
        /// Reads page by page, from number 1 on or from that of [`pagina`](Self::pagina). Each has 50 items. An empty page comes behind the last.
        pub fn pages(self) -> ::progenitor_client::Pages<'a, types::Feito> {
            ::progenitor_client::Pages::new(
                    self.call,
                    move |call| call.form::<types::Novo, _>(self.body.clone()),
                )
                .or_none()
        }
        /// Reads item by item, over all [pages](Self::pages).
        pub fn items(self) -> ::progenitor_client::Items<'a, types::Feito> {
            self.pages().items()
        }
    }
    "###);
    assert!(file(&rendered, "lib.rs").contains("pub use progenitor_client::Pages;"));
}

/// What stands in the place of the list, and what an item is.
const LISTS: &[(&str, &str)] = &[
    ("{type: array, x-evidence: observed, items: {type: string}}", "Pages<'a, ::std::string::String>"),
    ("{type: array, x-evidence: observed, items: {type: integer}}", "Pages<'a, i64>"),
    ("{x-evidence: observed}", "Pages<'a, ::serde_json::Value>"),
];

#[test]
fn an_item_is_what_the_list_holds() {
    for (list, expect) in LISTS {
        let text = paged("/itens", &format!("        itens: {list}\n"));
        let text = file(&rendered_crate(&text), "builder.rs");
        assert!(text.contains(expect), "{list}: {}", excerpt(&text, "/// Reads page by page", "}"));
    }
}

#[test]
fn a_list_outside_of_the_payload_is_refused() {
    let list = "{type: array, x-evidence: observed, items: {type: integer}}";
    let text = paged("/outros", &format!("        itens: {list}\n        outros: {list}\n"));
    let text = text.replace("message: /msg}", "message: /msg, payload: /itens}");
    let error = client(&Spec::of_text("alfa", "specs/alfa.yaml", &text).unwrap()).map(drop).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "specs/alfa.yaml: `x-paging` of `criar_item`: no list in the type of its answer: `/outros` is outside of the payload `/itens`"
    );
}
