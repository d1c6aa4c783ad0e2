//! Provides a client's credentials: from its builder, from the environment, or from the caller's
//! store.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Boxed;
use crate::secret::Secret;

/// A store that returns credentials by name when a call needs them.
///
/// The names are those of the client builder's methods (`token`, `bearer`), and for a login
/// `client_id`, `client_secret`, `username` and `password`. The store is asked before every call,
/// and for the members of a login when one is due, so that rotated secrets take effect without a
/// new client. A slow store should cache what it has fetched.
///
/// ```
/// use prumo_runtime::{Boxed, CredentialError, Credentials, Secret};
///
/// struct Vault;
///
/// impl Credentials for Vault {
///     fn credential<'a>(
///         &'a self,
///         name: &'a str,
///     ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
///         Box::pin(async move { Ok((name == "token").then(|| Secret::new("from the vault"))) })
///     }
/// }
/// ```
pub trait Credentials: Send + Sync {
    /// Returns the credential with this name, or `None` if the store does not have it.
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>>;
}

/// The error of a credential store. It is printed, so it must not contain a secret.
pub type CredentialError = Box<dyn StdError + Send + Sync>;

/// Credentials from the environment of the process.
///
/// With the prefix `HUBSOFT`, the credential `client_id` is read from the variable
/// `HUBSOFT_CLIENT_ID`. An empty variable counts as unset.
#[derive(Clone)]
pub struct EnvCredentials {
    prefix: String,
}

impl EnvCredentials {
    /// Reads the variables whose names start with `prefix` and `_`.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// Returns the name of the variable for a credential.
    #[must_use]
    pub fn variable(&self, name: &str) -> String {
        format!("{}_{}", self.prefix, name).to_ascii_uppercase()
    }
}

impl Credentials for EnvCredentials {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        let variable = self.variable(name);
        let found = match std::env::var(&variable) {
            Ok(text) => Ok((!text.is_empty()).then(|| Secret::new(text))),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(format!("the variable `{variable}` is not UTF-8").into())
            }
        };
        Box::pin(std::future::ready(found))
    }
}

impl fmt::Debug for EnvCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvCredentials").field("prefix", &self.prefix).finish()
    }
}

/// The credentials of an OAuth 2 password grant.
///
/// ```
/// use prumo_runtime::PasswordGrant;
///
/// let grant = PasswordGrant::new("api@provedor.example", "password").client("42", "a secret");
/// assert_eq!(format!("{grant:?}"), "PasswordGrant(***)");
/// ```
#[derive(Clone)]
#[must_use]
pub struct PasswordGrant {
    pub(crate) members: Vec<(&'static str, Secret)>,
}

impl PasswordGrant {
    /// Creates a grant with a user's name and password.
    pub fn new(username: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        Self { members: vec![("username", username.into()), ("password", password.into())] }
    }

    /// Adds the application on whose behalf the user logs in.
    pub fn client(
        mut self,
        client_id: impl Into<Secret>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.members.push(("client_id", client_id.into()));
        self.members.push(("client_secret", client_secret.into()));
        self
    }
}

impl fmt::Debug for PasswordGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordGrant(***)")
    }
}

/// The credentials that were given to the client builder.
#[derive(Clone, Default)]
pub(crate) struct Fixed(pub(crate) BTreeMap<&'static str, Secret>);

/// The credentials of a client: those of its builder, and behind them those of its store.
pub(crate) struct Keyring {
    pub(crate) fixed: Fixed,
    pub(crate) source: Option<Arc<dyn Credentials>>,
}

impl Keyring {
    /// Returns the credential with this name, if there is one.
    pub(crate) async fn find(&self, name: &str) -> Result<Option<Secret>, CredentialError> {
        if let Some(secret) = self.fixed.0.get(name) {
            return Ok(Some(secret.clone()));
        }
        match &self.source {
            Some(source) => source.credential(name).await,
            None => Ok(None),
        }
    }
}

/// The members of an OAuth 2 password grant, which are sent to log in.
pub(crate) type Grant = Vec<(&'static str, Secret)>;

/// The token that a login issued.
pub(crate) struct IssuedToken {
    pub(crate) token: Secret,
    pub(crate) expires_in: Option<Duration>,
}

/// The name of the one credential that is not secret. An application's number is visible on its
/// owner's screen, and it is short: scrubbing it from a vendor's messages would corrupt other
/// numbers.
const PUBLIC: &str = "client_id";

/// Returns whether the credential with this name must never be shown.
pub(crate) fn is_secret(name: &str) -> bool {
    name != PUBLIC
}
