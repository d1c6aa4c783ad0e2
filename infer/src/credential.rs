//! Names the credentials of a request, never their values.

use prumo_drift::Exchange;
use prumo_redact::is_secret_header;

use crate::personal;

/// A way to say who calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Credential {
    Bearer,
    Basic,
    Header(String),
    Query(String),
}

impl Credential {
    /// Returns the name of its security scheme.
    pub(crate) fn scheme(&self) -> String {
        match self {
            Self::Bearer => "bearer".to_owned(),
            Self::Basic => "basic".to_owned(),
            Self::Header(name) | Self::Query(name) => {
                let is_part = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                name.chars().map(is_part).collect()
            }
        }
    }
}

/// Returns the credentials in the headers of a request.
pub(crate) fn of_headers(exchange: &Exchange<'_>) -> Vec<Credential> {
    let mut found = Vec::new();
    for (name, value) in exchange.request.headers.iter() {
        let name = name.to_ascii_lowercase();
        let scheme = value.split(' ').next().unwrap_or_default();
        let one = match name.as_str() {
            "authorization" if scheme.eq_ignore_ascii_case("basic") => Credential::Basic,
            "authorization" if scheme.eq_ignore_ascii_case("bearer") => Credential::Bearer,
            "authorization" => Credential::Header(name),
            _ if is_credential(&name) => Credential::Header(name),
            _ => continue,
        };
        found.push(one);
    }
    found
}

/// Returns whether a header other than `authorization` is a credential that a client sets.
pub(crate) fn is_credential(header: &str) -> bool {
    let is_of_browser = header.starts_with("sec-") || header.starts_with("proxy-");
    !is_of_browser
        && !header.contains("cookie")
        && !header.contains("csrf")
        && !header.contains("xsrf")
        && is_secret_header(header)
        && personal::may_be_name(header)
}

/// Returns whether a query parameter is a credential.
pub(crate) fn is_query_credential(name: &str) -> bool {
    personal::is_secret(name) && personal::may_be_name(name) && !name.contains('[')
}
