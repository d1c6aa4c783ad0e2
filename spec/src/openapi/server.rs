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

/// Returns the URL of the first server, if a client can use it unchanged.
pub(super) fn base_url<'d>(holder: &Node<'d>) -> Option<&'d str> {
    let servers = holder.get("servers")?.as_array()?;
    let url = servers.first()?.get("url")?.as_str()?;
    let is_absolute = url.starts_with("https://") || url.starts_with("http://");
    (is_absolute && !url.contains('{')).then(|| url.trim_end_matches('/'))
}

fn stem(url: &str, server: &Node<'_>) -> String {
    let mut url = url.to_owned();
    for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten()
    {
        if let Some(default) = variable.get("default").and_then(Value::as_str) {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
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
