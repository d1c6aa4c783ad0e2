//! Mends the documentation of the client: every public item is documented, paths are spelled as in
//! the spec, and no code block is a doctest that never runs.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, File, Ident, Item, Lit, LitStr, Meta, MetaNameValue,
    Visibility,
};

use super::module_mut;
use crate::names::builder;
use crate::prepare::{Draft, Operation};

/// Turns `text` into the attributes of a `///` comment.
pub(crate) fn doc_lines(text: &str) -> Vec<Attribute> {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    text.lines().map(line).map(|line| doc_line(&line)).collect()
}

/// Turns a line into the attribute of a `///` comment. There are thousands, so none is parsed from
/// tokens.
fn doc_line(line: &str) -> Attribute {
    let lit = Lit::Str(LitStr::new(line, Span::call_site()));
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: Ident::new("doc", Span::call_site()).into(),
            eq_token: Default::default(),
            value: Expr::Lit(ExprLit { attrs: Vec::new(), lit }),
        }),
    }
}

/// Mends all documentation in `file`.
pub(super) fn mend(file: &mut File, draft: &Draft) {
    document_types(file);
    let mut lines = Lines { draft };
    for item in &mut file.items {
        match item {
            // progenitor's documentation of builders is not emitted.
            Item::Mod(module) if module.ident == "builder" => {}
            item => lines.visit_item_mut(item),
        }
    }
}

/// Writes the documentation that a caller of an operation needs.
pub(crate) fn method_docs(operation: &Operation, draft: &Draft) -> String {
    let builder = format!("[`builder::{}`]", builder(&operation.method_name));
    let mut paragraphs = vec![operation.summary.clone(), operation.description.clone()];
    paragraphs
        .push(format!("`{} {}`, set up through {builder}.", operation.method, operation.path));
    let given = operation.parameters.iter().filter(|one| !one.secret);
    let mut list: Vec<String> = given
        .map(|one| {
            let required = if one.required { "" } else { " (optional)" };
            let docs = &one.docs;
            let docs = if docs.is_empty() { String::new() } else { format!(": {docs}") };
            format!("* `{}`{required}{docs}", one.setter())
        })
        .collect();
    if let Some(body) = &operation.body {
        let docs = if body.description.is_empty() {
            String::new()
        } else {
            format!(": {}", one_line(&body.description))
        };
        let absent =
            if body.may_be_absent { " (optional: not sent if no field is set)" } else { "" };
        list.push(format!("* `body`{absent}{docs}"));
    }
    paragraphs.push(list.join("\n"));
    if let Some(limit) = operation.max_request_bytes {
        paragraphs
            .push(format!("A request of more than {limit} bytes is refused before it is sent."));
    }
    if let Some((requests, seconds)) = operation.rate_limit {
        paragraphs.push(format!("The vendor allows {requests} requests in {seconds} s."));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    Lines { draft }.mended(&paragraphs.join("\n\n"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Documents the fields of all types.
fn document_types(file: &mut File) {
    for item in module_mut(&mut file.items, "types").into_iter().flatten() {
        if let Item::Struct(item) = item {
            item.fields.iter_mut().for_each(document_field);
        }
    }
}

fn document_field(field: &mut syn::Field) {
    if field.ident.is_none() {
        return;
    }
    if super::is_flattened(field) {
        field.attrs.splice(0..0, doc_lines("Members that are not in the spec, as received."));
    } else if !is_documented(&field.attrs) {
        let docs = doc_lines(&format!("`{}`.", super::wire_name(field)));
        field.attrs.splice(0..0, docs);
    }
}

fn is_documented(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

/// Turns every doc comment into `///` lines, with paths as in the spec.
struct Lines<'d> {
    draft: &'d Draft,
}

impl VisitMut for Lines<'_> {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let mut lines = Vec::new();
        for attribute in attributes.drain(..) {
            match text_of(&attribute) {
                // The empty line between paragraphs is an attribute of its own.
                Some(text) if text.trim().is_empty() => lines.push(doc_line("")),
                Some(text) => lines.extend(doc_lines(&self.mended(&text))),
                None => lines.push(attribute),
            }
        }
        *attributes = lines;
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        visit_mut::visit_item_struct_mut(self, item);
        let is_public = matches!(item.vis, Visibility::Public(_));
        if is_public && !is_documented(&item.attrs) {
            let text = format!("`{}`.", item.ident);
            item.attrs.splice(0..0, doc_lines(&text));
        }
    }
}

impl Lines<'_> {
    fn mended(&self, text: &str) -> String {
        let mut text = text.replace("```ignore", "```text");
        for operation in &self.draft.operations {
            if operation.sent_path != operation.path {
                text = text.replace(&operation.sent_path, &operation.path);
            }
        }
        let lines: Vec<&str> = text
            .trim()
            .lines()
            .map(str::trim_end)
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        lines.join("\n")
    }
}

/// Returns the text of a doc comment.
pub(crate) fn text_of(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if meta.path.is_ident("doc") => {
            Some(text.value())
        }
        _ => None,
    }
}
