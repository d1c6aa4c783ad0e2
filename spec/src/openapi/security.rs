//! Credentials: the place of each, and the login that returns one.

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
