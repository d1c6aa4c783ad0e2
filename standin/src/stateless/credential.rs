//! Decides whether a request has the made-up credential that its operation requires.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use prumo_drift::contract::{Contract, Parameter};
use prumo_spec::openapi::{Placement, SecurityScheme};
use prumo_spec::{Method, OpenApi};

use crate::asked::Asked;
use crate::credentials::Credentials;

/// Returns a sentence about the missing credential, or `None` if the request may pass.
pub(super) fn lacking(
    api: OpenApi<'_>,
    asked: &Asked<'_>,
    credentials: &Credentials,
) -> Option<String> {
    let is_wrong = |(pointer, secret): (&String, &Parameter)| {
        let of_path = secret.is_secret && pointer.starts_with("/path/");
        of_path && !asked.arguments.path.contains(&(secret.name.clone(), credentials.token.clone()))
    };
    if asked.operation.parameters.iter().any(is_wrong) {
        return Some("the path lacks the token".to_owned());
    }
    let method = Method::named(&asked.operation.method)?;
    let required = api.operation(&asked.operation.path, method)?.security();
    let is_absent = |name: &&str| !has(api.security_scheme(name).as_ref(), asked, credentials);
    let lacks = |names: &Vec<&'_ str>| names.iter().copied().find(is_absent).map(str::to_owned);
    if required.iter().any(|names| lacks(names).is_none()) {
        return None;
    }
    let name = required.iter().find_map(lacks)?;
    Some(format!("the request lacks the credential of `{name}`"))
}

/// Returns the credentials that a spec requires, in lines for a person to read.
pub(super) fn opened_by(
    contract: &Contract,
    api: OpenApi<'_>,
    credentials: &Credentials,
) -> Vec<String> {
    let schemes: Vec<Option<Placement>> =
        api.security_schemes().map(|scheme| scheme.placement()).collect();
    let mut parameters =
        contract.operations.values().flat_map(|operation| operation.parameters.values());
    let has_secret_path = parameters.any(|parameter| parameter.is_secret);
    let mut words = Vec::new();
    if schemes.contains(&Some(Placement::Basic)) {
        words.push(credentials.user());
    }
    if has_secret_path || schemes.iter().any(|placement| *placement != Some(Placement::Basic)) {
        words.push(format!("token {}", credentials.token));
    }
    words
}

/// Returns whether the request has the credential of a scheme; always true for an unknown scheme.
fn has(scheme: Option<&SecurityScheme<'_>>, asked: &Asked<'_>, credentials: &Credentials) -> bool {
    let Some(scheme) = scheme else { return true };
    let token = credentials.token.as_str();
    match scheme.placement() {
        Some(Placement::Header(name)) => {
            // Some specs declare a key in `Authorization`, with a word before it.
            let sent = asked.header(&name.to_lowercase()).unwrap_or_default();
            sent.rsplit(' ').next() == Some(token)
        }
        Some(Placement::Query(name)) => {
            asked.arguments.query.iter().any(|(sent, text)| *sent == name && text == token)
        }
        Some(Placement::Cookie(name)) => asked.cookie(&name) == Some(token),
        Some(Placement::Bearer) => asked.bearer() == Some(token),
        Some(Placement::Basic) => asked.header("authorization") == Some(&basic(credentials)),
        // Another way of HTTP, such as `digest`.
        None => scheme.node().words("type") != "http" || asked.header("authorization").is_some(),
    }
}

/// Returns the `Authorization` of the made-up user.
fn basic(credentials: &Credentials) -> String {
    let pair = format!("{}:{}", credentials.username, credentials.password);
    format!("Basic {}", BASE64_STANDARD.encode(pair))
}
