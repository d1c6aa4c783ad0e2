//! Warns of servers that a client can't use as they are: without a host, with variables that have no
//! default, or beside the first one.

use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::{Node, ServerVariable, behind_scheme};
use prumo_spec::{OpenApi, below};

use crate::names::parameter;

/// The way to another server.
const SET: &str = "`.base_url(…)` of the client's builder sets another one";

/// Lints the servers of a foreign document; in a house document they are as we want them.
pub(super) fn lint(api: OpenApi<'_>, complaints: &mut Complaints<'_>) {
    if complaints.is_house() {
        return;
    }
    let servers: Vec<Node<'_>> = api.node().items("servers").into_iter().flatten().collect();
    let Some(first) = servers.first() else { return };
    let template = api.server_template().unwrap_or_default();
    variables(first, &template.variables, complaints);
    if behind_scheme(first.words("url")).is_none() && !template.url.starts_with('{') {
        relative(api, first, complaints);
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

/// Warns of the variables that have no default.
fn variables(server: &Node<'_>, variables: &[ServerVariable], complaints: &mut Complaints<'_>) {
    for ServerVariable { name, .. } in variables.iter().filter(|one| one.default.is_none()) {
        let variable = server.child("variables").and_then(|all| all.child(name));
        let default = variable.as_ref().and_then(|one| one.get("default")?.as_str());
        let at = match &variable {
            Some(variable) => variable.at().to_owned(),
            None => below(server.at(), "url"),
        };
        let what = match default {
            Some(_) => "may be anything",
            None => "has no default",
        };
        let message = format!("server variable `{name}` {what}, so the caller must set it");
        let hint = format!("a client is built with `.{}(…)` or `.base_url(…)`", parameter(name));
        complaints.warning(&at, message, &hint);
    }
}
