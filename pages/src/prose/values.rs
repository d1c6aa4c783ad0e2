//! Reads the values that are allowed.

use std::sync::LazyLock;

use regex::Regex;

use super::{is_truth_values, limits, pattern, type_word};
use crate::plain::{fold, plain};
use crate::words::NO_LIST;

/// Returns the values of a cell that is about values: `sim,nao.`, `login`, `Texto: a, b`.
pub(crate) fn in_cell(text: &str) -> Vec<String> {
    let text = without_default(&plain(text));
    if is_truth_values(&fold(&text)) {
        return Vec::new();
    }
    let lettered = lettered(&text);
    if !lettered.is_empty() {
        return lettered.into_iter().map(|one| one.value).collect();
    }
    let whole = list(&text);
    if !whole.is_empty() && is_enum(&whole) {
        return whole;
    }
    in_prose(&text)
}

/// Removes the sentence about the default after the values: `sim,nao. Valor default: sim`.
fn without_default(text: &str) -> String {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)[.;,(\s]+(?:valor\s+)?(?:por\s+)?(?:default|padr[ãa]o)\b.*$")
    });
    let rest = FORM.replace(text, "");
    if rest.trim().is_empty() { text.to_owned() } else { rest.into_owned() }
}

/// A single word is a value only if it is spelled like one.
fn is_enum(values: &[String]) -> bool {
    let is_typed = values.iter().all(|value| type_word(value).is_some());
    let is_lone_word = |value: &String| {
        let is_small =
            value.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
        is_small && value.starts_with(|c: char| c.is_ascii_lowercase())
    };
    !is_typed && (values.len() > 1 || values.iter().all(is_lone_word))
}

/// Returns the values that a description names in a known form: in brackets, in quotes, after a
/// colon, or as letters with their meaning.
pub(crate) fn in_prose(text: &str) -> Vec<String> {
    let whole = plain(text);
    if is_truth_values(&fold(&whole)) {
        return Vec::new();
    }
    let lettered = lettered(&whole);
    if !lettered.is_empty() {
        return lettered.into_iter().map(|one| one.value).collect();
    }
    let mut found = after_mark(&whole);
    if found.len() < 2 {
        found = in_brackets(&whole);
    }
    if found.len() < 2 {
        found = quoted(&whole);
    }
    if found.len() < 2 {
        found = after_colon(&whole);
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// Returns the value that the text marks as the default: `I - Identificador (Padrão)`.
pub(crate) fn marked_default(text: &str) -> Option<String> {
    let text = plain(text);
    lettered(&text).into_iter().find(|one| one.is_default).map(|one| one.value)
}

/// Returns the item of a list of values: `` - `estoque` ``, `1 - Ativo`.
pub(crate) fn listed(text: &str) -> Option<String> {
    let text = plain(text);
    let first = text.split([':', '–', '(']).next().unwrap_or_default();
    let first = first.split(" - ").next().unwrap_or_default().trim();
    let first = first.trim_matches(['"', '\'', '.', ';', ',']);
    is_value(first).then(|| first.to_owned())
}

fn in_brackets(text: &str) -> Vec<String> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| pattern(r"[(\[{]([^()\[\]{}]+)[)\]}]"));
    let lists = FORM.captures_iter(text).map(|found| {
        let inner = found[1].trim();
        let is_example = NO_LIST.iter().any(|word| {
            fold(inner).strip_prefix(word).is_some_and(|rest| rest.starts_with([':', '.', ' ']))
        });
        if is_example || limits::constraints(inner).iter().any(|(name, _)| *name == "format") {
            return Vec::new();
        }
        let values = after_colon(inner);
        if values.is_empty() { list(inner) } else { values }
    });
    lists.into_iter().find(|values| values.len() > 1 && is_enum(values)).unwrap_or_default()
}

fn quoted(text: &str) -> Vec<String> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"["“'‘]([A-Za-z0-9_À-ÿ.-]{1,40})["”'’](?:\s*,?\s*(?:ou|or|e|and)\b|\s*[,;|/]|\s+(?:para|for|quando|se|=|-)|\s*\(|\s*\.?$)"#,
        )
    });
    let mut found: Vec<String> = Vec::new();
    for one in FORM.captures_iter(text) {
        if is_value(&one[1]) && !found.contains(&one[1].to_owned()) {
            found.push(one[1].to_owned());
        }
    }
    found
}

/// Reads the marks of a query's description: `(opcional) a, b, c`.
fn after_mark(text: &str) -> Vec<String> {
    let Some(end) = text.find(')').filter(|_| text.starts_with('(')) else { return Vec::new() };
    let values = list(&text[end + 1..]);
    if is_enum(&values) { values } else { Vec::new() }
}

fn after_colon(text: &str) -> Vec<String> {
    let Some((before, after)) = text.rsplit_once(':') else { return Vec::new() };
    let before = fold(before);
    let last = before.split_whitespace().next_back().unwrap_or_default();
    if NO_LIST.contains(&last) || limits::constraints(text).len() > 1 {
        return Vec::new();
    }
    let values = list(after);
    if is_enum(&values) && values.len() > 1 { values } else { Vec::new() }
}

/// Returns the values if the whole text is a list of them.
fn list(text: &str) -> Vec<String> {
    static BREAK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s*(?:[,;|/]|\s+(?:ou|or|e|and)\s+)\s*(?:(?:ou|or|e|and)\s+)?"));
    static REST: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)[,\s]*\b(?:e\s+)?etc\.*$"));
    let text = REST.replace(text.trim(), "");
    let text = text.trim().trim_end_matches(['.', ';', ',']).trim();
    if text.is_empty() || text.len() > 2000 {
        return Vec::new();
    }
    let mut values = Vec::new();
    for part in BREAK.split(text) {
        let part = part.trim().trim_matches(['"', '\'', '“', '”', '(', ')']);
        if part.is_empty() {
            continue;
        }
        if !is_value(part) {
            return Vec::new();
        }
        if !values.iter().any(|known| known == part) {
            values.push(part.to_owned());
        }
    }
    values
}

fn is_value(text: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let is_outer = |c: char| c.is_alphanumeric() || c == '_';
    !text.is_empty()
        && text.chars().count() <= 40
        && text.chars().all(is_inner)
        && text.starts_with(is_outer)
        && text.ends_with(is_outer)
}

/// A value that is a letter or number with its meaning.
struct Lettered {
    value: String,
    is_default: bool,
}

/// Reads `I - Identificador (Padrão) E - Email`, `Y (Sim), N (Não)`, `5 - Ótimo, 4 - Bom`.
fn lettered(text: &str) -> Vec<Lettered> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?P<before>^|[\s:,;.(\p{Ll}•"”'])(?P<value>[A-Z]|\d{1,3})(?:\s?[-–=]\s?|\s\(|:\s)\p{Lu}"#,
        )
    });
    let found: Vec<_> = FORM
        .captures_iter(text)
        .filter_map(|found| {
            let value = found.name("value")?;
            // A number after a letter without a space ends a word: `ipv6 - Address`.
            let is_glued =
                found["before"].chars().all(char::is_alphanumeric) && !found["before"].is_empty();
            let is_digit = value.as_str().starts_with(|c: char| c.is_ascii_digit());
            (!(is_glued && is_digit && value.as_str().len() > 1)).then_some(value)
        })
        .collect();
    if found.len() < 2 {
        return Vec::new();
    }
    let ends = found.iter().skip(1).map(regex::Match::start).chain([text.len()]);
    let one = |(value, end): (&regex::Match<'_>, usize)| {
        let meaning = fold(&text[value.end()..end.max(value.end())]);
        let is_default = meaning.contains("(padrao") || meaning.contains("(default");
        Lettered { value: value.as_str().to_owned(), is_default }
    };
    let mut values: Vec<Lettered> = Vec::new();
    for value in found.iter().zip(ends).map(one) {
        if !values.iter().any(|known| known.value == value.value) {
            values.push(value);
        }
    }
    if values.len() < 2 { Vec::new() } else { values }
}
