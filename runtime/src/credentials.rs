//! Where a client has its credentials from: its builder, the environment, or the caller's own store.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;

use crate::clock::Boxed;
use crate::secret::Secret;

/// Gives credentials by name when a call needs them.
///
/// Names are those of the client builder's methods (`token`, `bearer`), and
/// for a login `client_id`, `client_secret`, `username` and `password`. It is
/// asked before every call, and for what a login needs when one is due, so a
/// store that rotates its secrets needs no new client; one that is slow should
/// keep what it has fetched.
///
/// ```
/// use prumo_runtime::{Boxed, CredentialError, Credentials, Secret};
///
/// struct Vault;
///
/// impl Credentials for Vault {
///     fn credential<'a>(&'a self, name: &'a str) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
///         Box::pin(async move { Ok((name == "token").then(|| Secret::new("from the vault"))) })
///     }
/// }
/// ```
pub trait Credentials: Send + Sync {
    /// The credential of this name, or none if there is no such.
    fn credential<'a>(&'a self, name: &'a str) -> Boxed<'a, Result<Option<Secret>, CredentialError>>;
}

/// Why a store could not give a credential. It must hold no secret: it is printed.
pub type CredentialError = Box<dyn StdError + Send + Sync>;

/// Credentials from the process's environment.
///
/// With the prefix `HUBSOFT`, the credential `client_id` is the variable
/// `HUBSOFT_CLIENT_ID`. A variable that is empty counts as not set.
#[derive(Clone)]
pub struct EnvCredentials {
    prefix: String,
}

impl EnvCredentials {
    /// Reads variables that start with `prefix` and `_`.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// The variable of a credential.
    #[must_use]
    pub fn variable(&self, name: &str) -> String {
        format!("{}_{}", self.prefix, name).to_ascii_uppercase()
    }
}

impl Credentials for EnvCredentials {
    fn credential<'a>(&'a self, name: &'a str) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        let variable = self.variable(name);
        let found = match std::env::var(&variable) {
            Ok(text) => Ok((!text.is_empty()).then(|| Secret::new(text))),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(format!("the variable `{variable}` is no text").into())
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

/// What a user logs in with: an OAuth 2 password grant.
///
/// ```
/// use prumo_runtime::PasswordGrant;
///
/// let grant = PasswordGrant::new("api@provedor.example", "password").client("42", "client secret");
/// assert_eq!(format!("{grant:?}"), "PasswordGrant(***)");
/// ```
#[derive(Clone)]
#[must_use]
pub struct PasswordGrant {
    pub(crate) members: Vec<(&'static str, Secret)>,
}

impl PasswordGrant {
    /// A user's name and password.
    pub fn new(username: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        Self { members: vec![("username", username.into()), ("password", password.into())] }
    }

    /// The application that the user logs in with.
    pub fn client(mut self, client_id: impl Into<Secret>, client_secret: impl Into<Secret>) -> Self {
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

/// Credentials that were given to the client builder.
#[derive(Clone, Default)]
pub(crate) struct Fixed(pub(crate) BTreeMap<&'static str, Secret>);
