//! The servers of a document, a path or an operation: base URL, and the paths with which calls
//! begin.

use serde_json::Value;

use super::{Node, SpecError};

/// Returns the paths of an object's servers, with the defaults of variables.
pub(super) fn stems(holder: &Node<'_>) -> Result<Vec<String>, SpecError> {
    let mut stems = Vec::new();
    for server in holder.items("servers")? {
        server.members("a server object")?;
        let Some(url) = server.text("url")? else {
            continue;
        };
        let stem = stem(url, &server);
        if !stem.is_empty() {
            stems.push(stem);
        }
    }
    Ok(stems)
}

/// Returns the URL of the first server, if a client can call it: with scheme and host, and with the
/// defaults of its variables. A free variable in the host has no default that would be right for
/// all callers.
pub(super) fn base_url(holder: &Node<'_>) -> Option<String> {
    let (url, server) = first(holder)?;
    let is_absolute = url.starts_with("https://") || url.starts_with("http://");
    let host = behind_scheme(&url)?.split('/').next()?;
    let mut names = super::template_names(host);
    let is_fixed = |name: &str| variable(&server, name).is_some_and(|one| one.has("enum"));
    let url = with_defaults(&url, &server);
    let is_whole = is_absolute && names.all(is_fixed) && !url.contains('{');
    is_whole.then(|| url.trim_end_matches('/').to_owned())
}

/// Returns the path of the first server, with the defaults of its variables.
pub(super) fn base_path(holder: &Node<'_>) -> Option<String> {
    let (url, server) = first(holder)?;
    let first_segment = url.split('/').next().unwrap_or_default();
    let is_host =
        behind_scheme(&url).is_none() && first_segment.trim_start_matches('.').contains(['.', ':']);
    let stem = stem(url.trim_start_matches('.'), &server);
    // A host without its scheme is no path.
    (!is_host && !stem.is_empty() && !stem.contains('{')).then_some(stem)
}

/// Returns the first server and its URL.
fn first<'d>(holder: &Node<'d>) -> Option<(String, Node<'d>)> {
    let server = holder.items("servers").ok()?.next()?;
    let url = server.get("url")?.as_str()?.trim();
    // Relative to the scheme of the document.
    let url = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
    Some((url, server))
}

fn variable<'d>(server: &Node<'d>, name: &str) -> Option<Node<'d>> {
    server.child("variables")?.child(name)
}

/// Puts the defaults of a server's variables into its URL.
fn with_defaults(url: &str, server: &Node<'_>) -> String {
    let variables = server.get("variables").and_then(Value::as_object);
    variables.into_iter().flatten().fold(url.to_owned(), |url, (name, variable)| {
        match variable.get("default").and_then(Value::as_str) {
            Some(default) => url.replace(&format!("{{{name}}}"), default),
            None => url,
        }
    })
}

fn stem(url: &str, server: &Node<'_>) -> String {
    let url = with_defaults(url, server);
    let path = path_of_url(&url).unwrap_or_default().trim_start_matches('/');
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}

/// Returns the path of a URL, or `None` if it has only a host; a path is returned unchanged.
pub fn path_of_url(text: &str) -> Option<&str> {
    match behind_scheme(text) {
        Some(rest) => rest.find('/').and_then(|start| rest.get(start..)),
        None => Some(text),
    }
}

/// Returns host and path of a URL, or `None` for a path, which may contain `://` as well.
pub fn behind_scheme(text: &str) -> Option<&str> {
    text.split_once("://").filter(|(scheme, _)| !scheme.contains('/')).map(|(_, rest)| rest)
}
