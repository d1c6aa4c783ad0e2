//! The servers of a document, a path or an operation: base URL, and the paths with which calls
//! begin.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Node, SpecError};

/// The most URLs that the enums of a server's variables are written out to; a server with more of
/// them has free variables instead.
const MAX_URLS: usize = 64;

/// The place where calls of an API go, as templates: a variable without an `enum` is still in braces
/// and stands for any text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Server {
    /// Host and port, in lower case and without the default port; `None` for a relative URL.
    pub host: Option<String>,
    /// The path with which calls begin, without a slash at its end; empty if there is none.
    pub stem: String,
}

/// Returns the servers of an object, one for each combination of the variables' enums.
pub(super) fn servers(holder: &Node<'_>) -> Result<Vec<Server>, SpecError> {
    let mut servers = Vec::new();
    for server in holder.items("servers")? {
        server.members("a server object")?;
        let Some(url) = server.text("url")? else {
            continue;
        };
        let is_free = has_free_start(url, &server);
        for url in written_out(url, &server) {
            let server = Server::of_url(&url);
            let any_host = || Some("{host}".to_owned());
            servers.push(Server { host: if is_free { any_host() } else { server.host }, ..server });
        }
    }
    Ok(servers)
}

/// The URL of a server, with the variables that it has in braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerTemplate {
    /// An absolute URL, or the path of a relative one, without a slash at its end.
    pub url: String,
    /// The variables in the URL, in its order.
    pub variables: Vec<ServerVariable>,
}

/// A variable in the URL of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerVariable {
    /// The name between braces.
    pub name: String,
    /// The value where none is set; `None` if no value is right for all callers.
    pub default: Option<String>,
    /// The values that it may have; an empty list allows any.
    pub allowed: Vec<String>,
    /// The description, without space around it.
    pub description: String,
}

impl ServerTemplate {
    /// Returns the URL with the defaults of its variables, if all have one.
    pub fn with_defaults(&self) -> Option<String> {
        self.variables.iter().try_fold(self.url.clone(), |url, variable| {
            Some(url.replace(&format!("{{{}}}", variable.name), variable.default.as_ref()?))
        })
    }
}

/// Returns the first server as a template, or `None` if a client has no use for it.
pub(super) fn template(holder: &Node<'_>) -> Option<ServerTemplate> {
    let (url, server) = first(holder)?;
    let is_whole = ["https://", "http://"].iter().any(|start| url.starts_with(start));
    let url = match is_whole || url.starts_with('{') {
        true => url.trim_end_matches('/').to_owned(),
        false => path_template(&url)?,
    };
    let names = super::template_names(&url).map(str::to_owned).collect::<Vec<_>>();
    let mut variables: Vec<ServerVariable> = Vec::new();
    for name in names {
        if variables.iter().all(|known| known.name != name) {
            variables.push(server_variable(&url, &server, name));
        }
    }
    Some(ServerTemplate { url, variables })
}

/// Reads a variable. A free one in the host has no default that would be right for all callers.
fn server_variable(url: &str, server: &Node<'_>, name: String) -> ServerVariable {
    let Some(variable) = variable(server, &name) else {
        return ServerVariable { name, ..ServerVariable::default() };
    };
    let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
    let allowed: Vec<String> = values.filter_map(text).collect();
    let place = format!("{{{name}}}");
    let host = behind_scheme(url).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let is_port = host.ends_with(&format!(":{place}"));
    let is_free = allowed.is_empty() && !is_port && host.contains(&place);
    let default = variable.get("default").and_then(text).filter(|_| !is_free);
    // What begins a URL must begin with a scheme.
    let is_start = url.starts_with(&place) && !url.starts_with(&format!("{place}://"));
    let default = default.filter(|default| !is_start || default.contains("://"));
    ServerVariable {
        name,
        default,
        allowed,
        description: variable.words("description").trim().to_owned(),
    }
}

/// Returns the URL of the first server, if a client can call it: with scheme and host, and with the
/// defaults of its variables. A free variable in the host has no default that would be right for
/// all callers.
pub(super) fn base_url(holder: &Node<'_>) -> Option<String> {
    let url = template(holder)?.with_defaults()?;
    let is_whole = ["https://", "http://"].iter().any(|start| url.starts_with(start));
    (is_whole && !url.contains('{')).then_some(url)
}

/// Returns the path of the first server, with the defaults of its variables.
pub(super) fn base_path(holder: &Node<'_>) -> Option<String> {
    let (url, server) = first(holder)?;
    let stem = path_template(&with_defaults(&url, &server))?;
    (!stem.contains('{')).then_some(stem)
}

/// Returns the path of a URL without a slash at its end, or `None` if there is none.
fn path_template(url: &str) -> Option<String> {
    let first_segment = url.split('/').next().unwrap_or_default();
    let is_host =
        behind_scheme(url).is_none() && first_segment.trim_start_matches('.').contains(['.', ':']);
    let path = path_of_url(url.trim_start_matches('.')).unwrap_or_default().trim_start_matches('/');
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    // A host without its scheme is no path.
    (!is_host && !path.is_empty()).then(|| format!("/{path}"))
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
        match variable.get("default").and_then(text) {
            Some(default) => url.replace(&format!("{{{name}}}"), &default),
            None => url,
        }
    })
}

impl Server {
    fn of_url(url: &str) -> Self {
        let url = url.split(['?', '#']).next().unwrap_or_default().trim();
        // Relative to the document.
        let url = url.trim_start_matches("../").trim_start_matches("./");
        let (host, path) = match url.strip_prefix("//") {
            Some(rest) => {
                (host_of_url(&format!("https://{rest}")), rest.find('/').map(|at| &rest[at..]))
            }
            None => (host_of_url(url), path_of_url(url)),
        };
        let path = path.unwrap_or_default().trim_matches('/');
        let stem = if path.is_empty() { String::new() } else { format!("/{path}") };
        Self { host: host.filter(|host| !host.ends_with(':')), stem }
    }
}

/// Returns the text of a variable's value; YAML reads the version `2` as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the URLs of a server, with each value of its variables that have an enum.
fn written_out(url: &str, server: &Node<'_>) -> Vec<String> {
    let variables = server.get("variables").and_then(Value::as_object);
    let mut urls = vec![url.to_owned()];
    for (name, variable) in variables.into_iter().flatten() {
        let default = variable.get("default").and_then(text);
        let place = format!("{{{name}}}");
        let mut values: Vec<String> =
            match (variable.get("enum").and_then(Value::as_array), default) {
                (Some(values), default) => {
                    default.into_iter().chain(values.iter().filter_map(text)).collect()
                }
                (None, Some(default)) if default.contains("://") => vec![default],
                // In the text of a template, a variable is exactly one segment.
                (None, Some(default)) if default.is_empty() || default.contains('/') => {
                    vec![default, place.clone()]
                }
                (None, _) => continue,
            };
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(value.clone()));
        if values.is_empty() || !url.contains(&place) || values.len() * urls.len() > MAX_URLS {
            continue;
        }
        urls = urls
            .iter()
            .flat_map(|url| values.iter().map(|value| url.replace(&place, value)))
            .collect();
    }
    urls
}

/// Returns whether a URL starts with a variable that stands for any scheme and host.
fn has_free_start(url: &str, server: &Node<'_>) -> bool {
    let name = url.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
    let variable = name.and_then(|name| server.get("variables")?.get(name));
    variable.is_some_and(|variable| {
        let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
        variable.get("enum").is_none() && default.contains("://")
    })
}

/// Returns host and port of a URL in lower case, without user and default port. A URL without a
/// host gives its scheme and a colon (`data:`), a path gives `None`.
pub fn host_of_url(text: &str) -> Option<String> {
    const WITHOUT_HOST: [&str; 5] = ["about:", "blob:", "data:", "file:", "javascript:"];
    let starts_with = |scheme: &&&str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if let Some(scheme) = WITHOUT_HOST.iter().find(starts_with) {
        return Some((*scheme).to_owned());
    }
    let rest = behind_scheme(text)?;
    let scheme = text.split_once("://")?.0.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        scheme if scheme.contains('{') => "",
        _ => return Some(format!("{scheme}:")),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let bare = host.strip_suffix(default_port).unwrap_or(&host);
    Some(bare.trim_end_matches('.').to_owned())
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
