//! Turns an address as a page spells it into a path with variables, and its query.

use crate::words::METHODS;

/// The path and query of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The path without its server: `/cliente/{id}`.
    pub(crate) path: String,
    /// Names and example values of the query.
    pub(crate) query: Vec<(String, String)>,
    /// Whether the address names a server.
    pub(crate) is_whole: bool,
}

impl Route {
    /// Reads an address: with a server, with a placeholder for one, or a path.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text =
            text.trim().trim_matches(['"', '\'', '`', '“', '”']).trim_end_matches([',', ';']);
        if text.is_empty() || text.len() > 2000 || text.contains(char::is_whitespace) {
            return None;
        }
        let (rest, is_whole) = without_server(text)?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let segments: Vec<String> =
            path.split('/').filter(|one| !one.is_empty()).map(segment).collect();
        if segments.is_empty() || !segments.iter().all(|one| is_segment(one)) {
            return None;
        }
        Some(Self { path: format!("/{}", segments.join("/")), query: pairs(query), is_whole })
    }

    /// Returns the names of the path's variables.
    pub(crate) fn variables(path: &str) -> impl Iterator<Item = &str> {
        path.split('/').filter_map(|one| one.strip_prefix('{')?.strip_suffix('}'))
    }
}

fn without_server(text: &str) -> Option<(&str, bool)> {
    if let Some((scheme, rest)) = text.split_once("://") {
        if !["http", "https"].contains(&scheme) {
            return None;
        }
        return rest.find('/').map(|at| (&rest[at..], true));
    }
    if let Some(rest) = text.strip_prefix("{{") {
        let end = rest.find("}}")?;
        return Some((&rest[end + 2..], true));
    }
    if text.starts_with('/') {
        return (!text.starts_with("//")).then_some((text, false));
    }
    // `api.example.com/v1/…`, without a scheme.
    let at = text.find('/')?;
    let host = &text[..at];
    let is_host =
        host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    if is_host {
        return Some((&text[at..], true));
    }
    // `api/v1/…`, without the first slash.
    text.starts_with("api/").then_some((text, false))
}

fn segment(text: &str) -> String {
    let inner = text
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .or_else(|| text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')))
        .or_else(|| text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')))
        .or_else(|| text.strip_prefix(':'))
        .or_else(|| text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')))
        .or_else(|| text.strip_prefix("%7B").and_then(|rest| rest.strip_suffix("%7D")));
    inner.map_or_else(|| text.to_owned(), |name| format!("{{{name}}}"))
}

fn is_segment(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "{}_-.~%@+*$!,:=".contains(c))
}

/// Reads the pairs of a query.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let is_named = |name: &str| name.chars().all(|c| c.is_alphanumeric() || "_-.[]%".contains(c));
    pairs
        .filter(|(name, _)| !name.is_empty() && is_named(name))
        .map(|(name, value)| (name.replace("%5B", "[").replace("%5D", "]"), value.to_owned()))
        .collect()
}

/// Returns what a path has in common with itself on another version of a page: its variables have
/// no names, and an example value is a variable.
pub(crate) fn key(path: &str) -> String {
    let segments = path.split('/').map(|one| if is_variable(one) { "{}" } else { one });
    segments.collect::<Vec<_>>().join("/")
}

/// Tells whether a segment is a variable or an example value of one.
pub(crate) fn is_variable(segment: &str) -> bool {
    if segment.starts_with('{') {
        return true;
    }
    let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let is_hash = segment.len() >= 16
        && segment.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && segment.bytes().any(|byte| byte.is_ascii_digit());
    is_number || is_hash
}

/// Returns the method that a word is.
pub(crate) fn method(word: &str) -> Option<&'static str> {
    METHODS.iter().find(|method| **method == word).copied()
}
