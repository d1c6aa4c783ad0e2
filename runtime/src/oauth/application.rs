//! Holds an application as an authorization server knows it: its id, and how it proves itself.

use std::fmt;
use std::sync::Arc;

use super::AssertionSigner;
use crate::secret::Secret;

/// An application that is registered with an authorization server: a client, in the words of
/// OAuth 2.
///
/// ```
/// use prumo_runtime::OAuthClient;
///
/// let client = OAuthClient::new("my-application").secret("a secret");
/// assert_eq!(format!("{client:?}"), "OAuthClient(***)");
/// ```
#[derive(Clone)]
#[must_use]
pub struct OAuthClient {
    pub(crate) id: String,
    pub(crate) authentication: Authentication,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) token_url: Option<String>,
    pub(crate) authorization_url: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) parameters: Vec<(String, String)>,
}

/// How an application proves itself at the token endpoint.
#[derive(Clone)]
pub(crate) enum Authentication {
    /// With its id alone: a public client, or one whose certificate is its proof.
    None,
    /// With `Authorization: Basic`.
    Basic(Secret),
    /// With a secret in the form.
    Post(Secret),
    /// With a signed assertion.
    Assertion(Arc<dyn AssertionSigner>),
}

impl Authentication {
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Basic(secret) | Self::Post(secret) => Some(secret),
            Self::None | Self::Assertion(_) => None,
        }
    }
}

impl OAuthClient {
    /// Creates an application that sends its id alone: a public client, or one that a server knows
    /// by the certificate of its connection (`tls_client_auth`).
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            authentication: Authentication::None,
            scopes: None,
            token_url: None,
            authorization_url: None,
            audience: None,
            parameters: Vec::new(),
        }
    }

    /// Sends a secret as a password (`client_secret_basic`).
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        self.authentication = Authentication::Basic(secret.into());
        self
    }

    /// Sends a secret in the form (`client_secret_post`).
    pub fn secret_in_form(mut self, secret: impl Into<Secret>) -> Self {
        self.authentication = Authentication::Post(secret.into());
        self
    }

    /// Sends a signed assertion (`private_key_jwt`).
    pub fn signer(mut self, signer: impl AssertionSigner + 'static) -> Self {
        self.authentication = Authentication::Assertion(Arc::new(signer));
        self
    }

    /// Sets the audience of the signed assertion, in place of the token URL. Some servers ask for
    /// their issuer's URL.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Asks for one token with these scopes for all operations, in place of a token with the scopes
    /// of each operation. An empty list asks for no scope by name: most servers then grant all that
    /// the application has.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the token URL in place of the spec's: a sandbox, or a server of the bank's own. A
    /// relative one is below the base URL, or at its root if it starts with `/`.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Sets the authorization URL in place of the spec's.
    pub fn authorization_url(mut self, url: impl Into<String>) -> Self {
        self.authorization_url = Some(url.into());
        self
    }

    /// Adds a member to each token request, such as `audience` or `resource`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuthClient(***)")
    }
}
