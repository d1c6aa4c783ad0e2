//! Decides whether a request has the made-up credential that its operation requires.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use prumo_drift::contract::{Contract, Parameter};
use serde_json::Value;

use super::document;
use crate::asked::Asked;
use crate::credentials::Credentials;

/// Returns a sentence about the missing credential, or `None` if the request may pass.
pub(super) fn lacking(root: &Value, asked: &Asked<'_>, credentials: &Credentials) -> Option<String> {
    let is_wrong = |(pointer, secret): (&String, &Parameter)| {
        let of_path = secret.is_secret && pointer.starts_with("/path/");
        of_path && !asked.arguments.path.contains(&(secret.name.clone(), credentials.token.clone()))
    };
    if asked.operation.parameters.iter().any(is_wrong) {
        return Some("the path lacks the token".to_owned());
    }
    let described = document::operation(root, asked.operation)?;
    let required = described.get("security").or_else(|| root.get("security"))?.as_array()?;
    let lacks = |requirement: &Value| {
        let mut names = requirement.as_object()?.keys();
        names.find(|name| !has(scheme(root, name), asked, credentials)).cloned()
    };
    if required.iter().any(|requirement| lacks(requirement).is_none()) {
        return None;
    }
    let name = required.iter().find_map(lacks)?;
    Some(format!("the request lacks the credential of `{name}`"))
}

/// Returns the credentials that a spec requires, in lines for a person to read.
pub(super) fn opened_by(contract: &Contract, root: &Value, credentials: &Credentials) -> Vec<String> {
    let schemes = root.pointer("/components/securitySchemes").and_then(Value::as_object);
    let schemes =
        || schemes.into_iter().flat_map(|all| all.values()).filter_map(|it| document::resolved(root, it));
    let is_basic = |scheme: &&Value| {
        let word = scheme.get("scheme").and_then(Value::as_str).unwrap_or_default();
        word.eq_ignore_ascii_case("basic")
    };
    let mut parameters = contract.operations.values().flat_map(|operation| operation.parameters.values());
    let has_secret_path = parameters.any(|parameter| parameter.is_secret);
    let mut words = Vec::new();
    if schemes().any(|scheme| is_basic(&scheme)) {
        words.push(credentials.user());
    }
    if has_secret_path || schemes().any(|scheme| !is_basic(&scheme)) {
        words.push(format!("token {}", credentials.token));
    }
    words
}

fn scheme<'d>(root: &'d Value, name: &str) -> Option<&'d Value> {
    let scheme = root.get("components")?.get("securitySchemes")?.get(name)?;
    document::resolved(root, scheme)
}

/// Returns whether the request has the credential of a scheme; always true for an unknown scheme.
fn has(scheme: Option<&Value>, asked: &Asked<'_>, credentials: &Credentials) -> bool {
    let text = |name: &str| scheme.and_then(|scheme| scheme.get(name)).and_then(Value::as_str);
    let token = credentials.token.as_str();
    match (text("type"), text("in"), text("name")) {
        (Some("apiKey"), Some("header"), Some(name)) => {
            // Some specs declare a key in `Authorization`, with a word before it.
            let sent = asked.header(&name.to_lowercase()).unwrap_or_default();
            sent.rsplit(' ').next() == Some(token)
        }
        (Some("apiKey"), Some("query"), Some(name)) => {
            asked.arguments.query.iter().any(|(sent, text)| sent == name && text == token)
        }
        (Some("apiKey"), Some("cookie"), Some(name)) => asked.cookie(name) == Some(token),
        (Some("oauth2" | "openIdConnect"), ..) => asked.bearer() == Some(token),
        (Some("http"), ..) => match text("scheme").unwrap_or_default().to_lowercase().as_str() {
            "bearer" => asked.bearer() == Some(token),
            "basic" => asked.header("authorization") == Some(&basic(credentials)),
            _ => asked.header("authorization").is_some(),
        },
        _ => true,
    }
}

/// Returns the `Authorization` of the made-up user.
fn basic(credentials: &Credentials) -> String {
    let pair = format!("{}:{}", credentials.username, credentials.password);
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}
