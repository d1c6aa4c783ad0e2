//! Separates HTML, which is kept, from the text that a person wrote.

use super::hash::Draw;
use super::words::{NEUTRAL, by_word, in_form_of};

/// Tags that are kept; any other word in angle brackets is text.
const TAGS: [&str; 48] = [
    "p",
    "br",
    "div",
    "span",
    "b",
    "i",
    "u",
    "s",
    "strong",
    "em",
    "a",
    "img",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "tfoot",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "font",
    "blockquote",
    "pre",
    "code",
    "hr",
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "style",
    "script",
    "center",
    "small",
    "sub",
    "sup",
    "label",
    "input",
    "form",
];

/// Returns the length of the HTML tag at the start of the text.
pub(super) fn tag(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = inner.get(..name_end)?.to_ascii_lowercase();
    let is_known = TAGS.contains(&name.as_str());
    let is_ended = inner.get(name_end..)?.starts_with([' ', '/', '>', '\n', '\t']);
    let end = text.find('>')?;
    (is_known && is_ended).then_some(end + 1)
}

/// Returns the length of the character entity at the start of the text.
pub(super) fn entity(text: &str) -> Option<usize> {
    let end = text.find(';')?;
    let name = text.get(1..end)?;
    let is_number = name.strip_prefix('#').is_some_and(|code| {
        (1..=6).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
    });
    let accents = ["acute", "grave", "circ", "tilde", "cedil", "uml"];
    let is_accent = accents
        .iter()
        .any(|accent| name.strip_suffix(accent).is_some_and(|letter| letter.len() == 1));
    let is_named = ["nbsp", "amp", "lt", "gt", "quot", "apos"].contains(&name);
    (is_number || is_accent || is_named).then_some(end + 1)
}

/// Replaces the attribute values of a tag with neutral words.
pub(super) fn attributes_hidden(tag: &str, draw: &mut Draw) -> String {
    let Some((name, attributes)) = tag.split_once(char::is_whitespace) else {
        return tag.to_owned();
    };
    let separator: String = tag.chars().skip(name.chars().count()).take(1).collect();
    let mut fake = format!("{name}{separator}");
    // Attribute names stand before `=`; everything else may be personal.
    let mut parts = attributes.split('=').peekable();
    while let Some(part) = parts.next() {
        let name_start = match parts.peek() {
            Some(_) => {
                part.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map_or(0, |at| {
                    at + part
                        .get(at..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8)
                })
            }
            None => part.len(),
        };
        let (value, name) = part.split_at(name_start);
        fake += &by_word(value, |word| in_form_of(word, &NEUTRAL, draw));
        if parts.peek().is_some() {
            fake += name;
            fake.push('=');
        }
    }
    fake
}
