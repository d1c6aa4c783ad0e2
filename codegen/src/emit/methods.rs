//! Emits `client`: the client, and one method per operation with the documentation that a caller
//! needs.

use std::collections::BTreeSet;

use anyhow::Context as _;
use syn::Item;

use super::examples::Examples;
use super::files::{Module, Piece, comment, spaced};
use super::tags::Tag;
use crate::names;
use crate::polish::method_docs;
use crate::prepare::{Draft, Operation};

/// The module of the client and its methods.
pub(super) fn methods(
    draft: &Draft,
    client: &syn::File,
    tags: &[Tag<'_>],
    examples: &Examples<'_>,
) -> anyhow::Result<Module> {
    let mut pieces = Vec::new();
    for tag in tags {
        for operation in &tag.operations {
            let text = method(operation, draft, examples)
                .with_context(|| format!("operation `{}`", operation.id))?;
            let uses = BTreeSet::from(["crate::builder".to_owned(), "super::Client".to_owned()]);
            pieces.push(Piece {
                file: tag.file.clone(),
                name: String::new(),
                text,
                uses,
                ..Piece::default()
            });
        }
    }
    let docs = "The client and its methods.";
    let within = Some("impl Client");
    Ok(Module { path: "client", docs, root: root(client), pieces, within, ..Module::default() })
}

/// Emits the client itself, as progenitor has it.
fn root(client: &syn::File) -> Piece {
    let items = client.items.iter().filter(|item| match item {
        Item::Struct(item) => item.ident == "Client",
        Item::Impl(item) => item.trait_.is_some(),
        _ => false,
    });
    let items = items.cloned().collect();
    let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
    // The file holds no other name, so both names are free.
    let text = spaced(&prettyplease::unparse(&file)).replace("::prumo_runtime::Inner", "Inner");
    let uses = ["ClientInfo", "Inner"].map(|name| format!("prumo_runtime::{name}")).into();
    Piece { name: "Client".to_owned(), text, uses, ..Piece::default() }
}

fn method(operation: &Operation, draft: &Draft, examples: &Examples<'_>) -> anyhow::Result<String> {
    let mut docs = method_docs(operation, draft);
    if let Some(example) = examples.of(operation)? {
        docs.push_str("\n\n# Example\n\n");
        docs.push_str(&example);
    }
    let (method, builder) =
        (names::parameter(&operation.method_name), names::builder(&operation.method_name));
    Ok(format!(
        "{}pub fn {method}(&self) -> builder::{builder}<'_> {{\n    builder::{builder}::new(self)\n}}",
        comment(&docs)
    ))
}
