//! Makes the documentation of the client good: every public item has some,
//! paths are those of the spec, and nothing is a doctest that never runs.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, File, ImplItem, Item, Lit, Meta, Visibility, parse_quote};

use super::{is_inherent, module_mut};
use crate::names::{builder, parameter};
use crate::prepare::{Draft, Operation, Parameter};

/// `text` as the attributes of a `///` comment.
pub(crate) fn doc_lines(text: &str) -> Vec<Attribute> {
    let line = |line: &str| {
        if line.is_empty() { String::new() } else { format!(" {line}") }
    };
    text.lines().map(line).map(|line| parse_quote!(#[doc = #line])).collect()
}

/// Mends the documentation of all of `file`.
pub(super) fn mend(file: &mut File, draft: &Draft) {
    document_types(file);
    for item in &mut file.items {
        if let Item::Impl(item) = item
            && is_inherent(item, "Client")
        {
            item.items.iter_mut().for_each(|item| document_method(item, draft));
        }
    }
    Lines { draft }.visit_file_mut(file);
}

fn document_method(item: &mut ImplItem, draft: &Draft) {
    let ImplItem::Fn(function) = item else { return };
    let operation = draft.operations.iter().find(|one| function.sig.ident == parameter(&one.id));
    if let Some(operation) = operation {
        let builder = format!("[`builder::{}`]", builder(&operation.id));
        let text = method_docs(operation, &builder);
        function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        function.attrs.extend(doc_lines(&text));
    }
}

/// What a caller has to know of an operation.
fn method_docs(operation: &Operation, builder: &str) -> String {
    let mut paragraphs = vec![operation.summary.clone(), operation.description.clone()];
    paragraphs.push(format!("`{} {}`, set up through {builder}.", operation.method, operation.path));
    let given = operation.parameters.iter().filter(|one| !one.secret);
    let mut list: Vec<String> = given
        .map(|one| {
            let required = if one.required { "" } else { " (optional)" };
            let docs = docs_of(one);
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
            if body.may_be_absent { " (optional: without any of its fields none is sent)" } else { "" };
        list.push(format!("* `body`{absent}{docs}"));
    }
    paragraphs.push(list.join("\n"));
    if let Some(limit) = operation.max_request_bytes {
        paragraphs.push(format!("A request of more than {limit} bytes is refused before it is sent."));
    }
    if let Some((requests, seconds)) = operation.rate_limit {
        paragraphs.push(format!("The vendor takes {requests} requests in {seconds} s."));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// What the spec says of a parameter.
pub(crate) fn docs_of(parameter: &Parameter) -> String {
    parameter.object.get("description").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A field's type, name and documentation.
type Documented = (String, String, Vec<Attribute>);

/// Documents types and, from the fields they set, the types' builders.
fn document_types(file: &mut File) {
    let Some(types) = module_mut(&mut file.items, "types") else { return };
    let mut fields: Vec<Documented> = Vec::new();
    for item in types.iter_mut() {
        match item {
            Item::Struct(item) => fields.extend(document_fields(item)),
            Item::Impl(item) if item.trait_.is_none() => document_starts(&mut item.items),
            _ => {}
        }
    }
    for item in module_mut(types, "builder").into_iter().flatten() {
        match item {
            Item::Struct(item) if !is_documented(&item.attrs) => {
                let text = format!("Builds a [`{0}`](super::{0}).", item.ident);
                item.attrs.splice(0..0, doc_lines(&text));
            }
            Item::Impl(item) if item.trait_.is_none() => document_setters(item, &fields),
            _ => {}
        }
    }
}

fn document_fields(item: &mut syn::ItemStruct) -> Vec<Documented> {
    let owner = item.ident.to_string();
    let mut documented = Vec::new();
    for field in &mut item.fields {
        let Some(name) = field.ident.as_ref().map(ToString::to_string) else { continue };
        if super::is_flattened(field) {
            let docs = doc_lines("Members that the spec does not know, as they came.");
            field.attrs.splice(0..0, docs);
        } else if !is_documented(&field.attrs) {
            let docs = doc_lines(&format!("`{}`.", super::wire_name(field)));
            field.attrs.splice(0..0, docs);
        }
        let docs = field.attrs.iter().filter(|one| one.path().is_ident("doc")).cloned().collect();
        documented.push((owner.clone(), name, docs));
    }
    documented
}

fn document_starts(items: &mut [ImplItem]) {
    for item in items {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == "builder"
            && !is_documented(&function.attrs)
        {
            function.attrs.extend(doc_lines("Starts a builder."));
        }
    }
}

fn document_setters(item: &mut syn::ItemImpl, fields: &[Documented]) {
    let syn::Type::Path(path) = &*item.self_ty else { return };
    let Some(owner) = path.path.segments.last().map(|segment| segment.ident.to_string()) else { return };
    for item in &mut item.items {
        let ImplItem::Fn(function) = item else { continue };
        let found = fields.iter().find(|(of, name, _)| *of == owner && function.sig.ident == name);
        if let Some((_, _, docs)) = found {
            function.attrs.splice(0..0, docs.iter().cloned());
        }
    }
}

fn is_documented(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

/// Brings every doc comment into `///` lines, with the paths of the spec.
struct Lines<'d> {
    draft: &'d Draft,
}

impl VisitMut for Lines<'_> {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let mut lines = Vec::new();
        for attribute in attributes.drain(..) {
            match text_of(&attribute) {
                // A line between paragraphs is an attribute of its own.
                Some(text) if text.trim().is_empty() => lines.push(parse_quote!(#[doc = ""])),
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

fn text_of(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
