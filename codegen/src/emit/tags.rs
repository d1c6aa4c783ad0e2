//! Decides which file an operation, and each type that it needs, is in.
//!
//! Invariants:
//!
//! * The name of a file is ASCII, no keyword and no module of the crate, whatever the name of the
//!   tag.
//! * A type that only one tag uses is in that tag's file; all others are in `shared`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::names::is_keyword;
use crate::prepare::{Draft, Operation, schema};

/// The file of what several tags use.
pub(super) const SHARED: &str = "shared";

/// The file of types that no operation uses.
const WEBHOOKS: &str = "webhooks";

/// Names that a module has already, or that a file system reserves.
const RESERVED: [&str; 12] =
    ["aux", "builder", "con", "core", "error", "lib", "main", "mod", "nul", "prn", SHARED, "std"];

/// A group of operations: a tag, or the first segment of their paths.
#[derive(Debug)]
pub(super) struct Tag<'d> {
    /// The name as the document spells it.
    pub(super) title: String,
    /// The name of its files.
    pub(super) file: String,
    /// Its operations in document order.
    pub(super) operations: Vec<&'d Operation>,
}

/// Groups the operations of `draft` by their first tags, in document order.
pub(super) fn tags(draft: &Draft) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag<'_>> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for operation in &draft.operations {
        let title = title(operation);
        match tags.iter_mut().find(|tag| tag.title == title) {
            Some(tag) => tag.operations.push(operation),
            None => {
                let file = free(&file_name(&title), &taken);
                taken.insert(file.clone());
                tags.push(Tag { title, file, operations: vec![operation] });
            }
        }
    }
    tags
}

/// Returns an operation's first tag, or else the first segment of its path that is no parameter.
fn title(operation: &Operation) -> String {
    let segment = || operation.path.split('/').find(|one| !one.is_empty() && !one.contains('{'));
    let tag = operation.tags.first().map(String::as_str).filter(|tag| !tag.trim().is_empty());
    tag.or_else(segment).unwrap_or("operations").trim().to_owned()
}

/// Maps the name of each type of `draft` to its file.
pub(super) fn files_of_types(draft: &Draft, tags: &[Tag<'_>]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut place = |file: &str, roots: Vec<&Value>| {
        for name in schema::reachable(&draft.schemas, roots.into_iter()) {
            let known = files.entry(name).or_insert_with(|| file.to_owned());
            if known != file {
                SHARED.clone_into(known);
            }
        }
    };
    for tag in tags {
        place(&tag.file, tag.operations.iter().flat_map(|operation| roots(operation)).collect());
    }
    place(WEBHOOKS, draft.webhooks.iter().map(|webhook| &webhook.body).collect());
    files
}

/// Returns the file of the type `name`.
pub(super) fn file_of<'f>(files: &'f BTreeMap<String, String>, name: &str) -> &'f str {
    files.get(name).map_or(SHARED, String::as_str)
}

/// Returns the file of the operation `id`.
pub(super) fn file_of_operation<'t>(tags: &'t [Tag<'_>], id: &str) -> &'t str {
    let tag = tags.iter().find(|tag| tag.operations.iter().any(|operation| operation.id == id));
    tag.map_or(SHARED, |tag| &tag.file)
}

fn roots(operation: &Operation) -> impl Iterator<Item = &Value> {
    let body = operation.body.as_ref().map(|body| &body.schema);
    body.into_iter().chain(operation.success.slots())
}

/// Turns `title` into the name of a file.
fn file_name(title: &str) -> String {
    let mut name = String::new();
    for sign in title.chars().flat_map(char::to_lowercase) {
        match ascii(sign) {
            Some(sign) => name.push(sign),
            None if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            None => {}
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "operations".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("tag_{name}"),
        Some(_) if is_keyword(name) || RESERVED.contains(&name) => format!("{name}_tag"),
        Some(_) => name.to_owned(),
    }
}

/// Returns the ASCII letter or digit of `sign`, without the accents of Portuguese.
fn ascii(sign: char) -> Option<char> {
    Some(match sign {
        'a'..='z' | '0'..='9' => sign,
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        _ => return None,
    })
}

/// Returns `name`, with a number behind it if it is taken.
pub(super) fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_in_any_words_has_a_file() {
        let cases = [
            ("Alerta", "alerta"),
            ("Configuração de Estoque, Rede e Tarefas", "configuracao_de_estoque_rede_e_tarefas"),
            ("  2FA ", "tag_2fa"),
            ("日本", "operations"),
            ("type", "type_tag"),
            ("Shared", "shared_tag"),
            ("a/b--c", "a_b_c"),
        ];
        for (title, expected) in cases {
            assert_eq!(file_name(title), expected, "tag `{title}`");
        }
    }

    #[test]
    fn two_tags_have_two_files() {
        let operation =
            |tag: &str| Operation { tags: vec![tag.to_owned()], ..Operation::default() };
        let operations = vec![operation("Pôr"), operation("por"), operation("Pôr")];
        let draft = Draft { operations, ..Draft::default() };
        let files: Vec<(String, usize)> =
            tags(&draft).into_iter().map(|tag| (tag.file, tag.operations.len())).collect();
        assert_eq!(files, [("por".to_owned(), 2), ("por_2".to_owned(), 1)]);
    }
}
