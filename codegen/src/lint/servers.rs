//! Warns of servers that a client can't use as they are: without a host, with variables, or beside
//! the first one.

use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{Node, behind_scheme, template_names};
use prumo_spec::{OpenApi, below};

/// The way to another server.
const SET: &str = "`.base_url(…)` of the client's builder sets another one";

/// Lints the servers of a foreign document; in a house document they are as we want them.
pub(super) fn lint(api: OpenApi<'_>, complaints: &mut Complaints<'_>) {
    if complaints.is_house() {
        return;
    }
    let servers: Vec<Node<'_>> = api.node().items("servers").into_iter().flatten().collect();
    let Some(first) = servers.first() else { return };
    match behind_scheme(first.words("url")) {
        Some(_) => variables(api, first, complaints),
        None => relative(api, first, complaints),
    }
    if servers.len() > 1 {
        let message = format!("only the first of {} servers is the default", servers.len());
        complaints.warning("/servers", message, SET);
    }
}

fn relative(api: OpenApi<'_>, server: &Node<'_>, complaints: &mut Complaints<'_>) {
    let kept = match api.base_path() {
        Some(path) => format!("a client knows only its path `{path}`"),
        None => "a client knows no base URL".to_owned(),
    };
    let message =
        format!("the server `{}` is relative, without a host: {kept}", server.words("url"));
    complaints.warning(&below(server.at(), "url"), message, "write scheme and host in front of it");
}

fn variables(api: OpenApi<'_>, server: &Node<'_>, complaints: &mut Complaints<'_>) {
    for name in template_names(server.words("url")) {
        let variable = server.child("variables").and_then(|all| all.child(name));
        let default = variable.as_ref().and_then(|one| one.get("default")?.as_str());
        let at = match &variable {
            Some(variable) => variable.at().to_owned(),
            None => below(server.at(), "url"),
        };
        let what = match default {
            Some(default) if api.base_url().is_some() => {
                format!("is `{default}` in the default base URL")
            }
            Some(_) => "may be anything, so a client has no default base URL".to_owned(),
            None => "has no default, so a client has no default base URL".to_owned(),
        };
        complaints.warning(&at, format!("server variable `{name}` {what}"), SET);
    }
}
