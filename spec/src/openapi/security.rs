//! Credentials: the place of each, and the login that returns one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Node;

/// A security scheme.
#[derive(Clone, Debug)]
pub struct SecurityScheme<'d> {
    name: &'d str,
    written: Node<'d>,
    node: Node<'d>,
}

/// The place of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
    /// A header of this name.
    Header(String),
    /// A query parameter of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
}

/// The login that returns a credential (`x-login`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The `operationId` of the login.
    pub operation: String,
    /// Pointer to the token in the response.
    pub token: String,
    /// Pointer to the lifetime of the token in seconds.
    pub expires_in: Option<String>,
}

/// The addresses of a flow of OAuth 2. One that is not given is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OAuthFlow {
    /// `tokenUrl`.
    pub token_url: String,
    /// `authorizationUrl`.
    pub authorization_url: String,
    /// `refreshUrl`.
    pub refresh_url: String,
}

impl<'d> SecurityScheme<'d> {
    pub(super) fn read(name: &'d str, written: &Node<'d>) -> Self {
        let node = written.followed().unwrap_or_else(|_| written.clone());
        Self { name, written: written.clone(), node }
    }

    /// Returns the name in `components.securitySchemes`.
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the place of the credential, or `None` if OpenAPI 3.0 does not have it.
    pub fn placement(&self) -> Option<Placement> {
        let text = |name: &str| self.node.words(name);
        match (text("type"), text("in")) {
            ("http", _) if text("scheme").eq_ignore_ascii_case("bearer") => Some(Placement::Bearer),
            ("http", _) if text("scheme").eq_ignore_ascii_case("basic") => Some(Placement::Basic),
            ("apiKey", "header") => Some(Placement::Header(text("name").to_owned())),
            ("apiKey", "query") => Some(Placement::Query(text("name").to_owned())),
            ("apiKey", "cookie") => Some(Placement::Cookie(text("name").to_owned())),
            ("oauth2" | "openIdConnect", _) => Some(Placement::Bearer),
            _ => None,
        }
    }

    /// Returns the names of the flows of OAuth 2, such as `clientCredentials`.
    pub fn flow_names(&self) -> impl Iterator<Item = &'d str> {
        let flows = self.node.get("flows").filter(|_| self.node.words("type") == "oauth2");
        let flows = flows.and_then(Value::as_object).into_iter().flatten();
        flows.map(|(name, _)| name.as_str()).filter(|name| !name.starts_with("x-"))
    }

    /// Returns a flow of OAuth 2 by its name.
    pub fn flow(&self, name: &str) -> Option<OAuthFlow> {
        self.flow_names().find(|one| *one == name)?;
        let flow = self.node.get("flows")?.get(name)?.as_object()?;
        let text = |name: &str| {
            flow.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
        };
        Some(OAuthFlow {
            token_url: text("tokenUrl"),
            authorization_url: text("authorizationUrl"),
            refresh_url: text("refreshUrl"),
        })
    }

    /// Returns whether the connection itself is the credential (`mutualTLS`).
    pub fn is_mutual_tls(&self) -> bool {
        self.node.words("type") == "mutualTLS"
    }

    /// Returns the description.
    pub fn description(&self) -> &'d str {
        self.written.words("description")
    }

    /// Returns the login that returns the credential.
    pub fn login(&self) -> Option<Login> {
        let members = self.written.get("x-login")?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Login {
            operation: text("operation")?,
            token: text("token")?,
            expires_in: text("expires-in"),
        })
    }
}

/// Reads `security`: OR of ANDs of scheme names.
pub(super) fn alternatives(value: Option<&Value>) -> Vec<Vec<&str>> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_object)
        .map(|names| names.keys().map(String::as_str).collect())
        .collect()
}

/// Reads the scopes of `security` by scheme: those of the first alternative that names it.
pub(super) fn scopes(value: Option<&Value>) -> BTreeMap<&str, Vec<&str>> {
    let mut scopes = BTreeMap::new();
    let all = value.and_then(Value::as_array).into_iter().flatten();
    for (name, asked) in all.filter_map(Value::as_object).flatten() {
        let asked = asked.as_array().into_iter().flatten().filter_map(Value::as_str);
        scopes.entry(name.as_str()).or_insert_with(|| asked.collect());
    }
    scopes
}
