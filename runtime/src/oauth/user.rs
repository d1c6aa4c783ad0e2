//! Holds the proof that a user has agreed: a code at first, then a refresh token that each use may
//! replace.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Boxed;
use crate::credentials::CredentialError;
use crate::error::Error;
use crate::secret::Secret;

/// A store for the refresh token of one user, so that it outlives the program.
///
/// Many servers replace the refresh token each time that it is used, and end the user's consent if
/// an old one comes again. The client therefore saves each new one, and loads it before each use:
/// programs that share a store see each other's.
pub trait RefreshTokens: Send + Sync {
    /// Returns the refresh token, or `None` if the store has none.
    fn load(&self) -> Boxed<'_, Result<Option<Secret>, CredentialError>>;

    /// Replaces the refresh token.
    fn save<'a>(&'a self, token: &'a str) -> Boxed<'a, Result<(), CredentialError>>;
}

/// The consent of a user, on whose behalf an application calls.
///
/// Clones share one state, so that a refresh token is used once.
///
/// ```
/// use prumo_runtime::UserGrant;
///
/// let grant = UserGrant::code("a code", "https://acme.example/back").verifier("a verifier");
/// assert_eq!(format!("{grant:?}"), "UserGrant(***)");
/// ```
#[derive(Clone)]
#[must_use]
pub struct UserGrant(Arc<State>);

struct State {
    /// Held while a token is requested.
    turn: Arc<tokio::sync::Mutex<()>>,
    held: Mutex<Held>,
    store: Mutex<Option<Arc<dyn RefreshTokens>>>,
}

#[derive(Default)]
struct Held {
    code: Option<Code>,
    refresh_token: Option<Secret>,
}

/// A code, which is exchanged once.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) code: Secret,
    pub(crate) redirect_uri: String,
    pub(crate) verifier: Option<Secret>,
}

/// The proof that is sent for the next token.
pub(crate) enum Proof {
    Code(Code),
    RefreshToken(Secret),
}

impl UserGrant {
    fn new(held: Held) -> Self {
        let (held, store) = (Mutex::new(held), Mutex::new(None));
        Self(Arc::new(State { turn: Arc::default(), held, store }))
    }

    /// Creates a consent from the code that the authorization server sent to `redirect_uri`. It is
    /// exchanged when the first call needs a token; codes expire within minutes.
    pub fn code(code: impl Into<Secret>, redirect_uri: impl Into<String>) -> Self {
        let (code, redirect_uri) = (code.into(), redirect_uri.into());
        let code = Some(Code { code, redirect_uri, verifier: None });
        Self::new(Held { code, refresh_token: None })
    }

    /// Creates a consent from a refresh token.
    pub fn refresh_token(token: impl Into<Secret>) -> Self {
        Self::new(Held { code: None, refresh_token: Some(token.into()) })
    }

    /// Creates a consent whose refresh token is in a store.
    pub fn stored(store: impl RefreshTokens + 'static) -> Self {
        Self::new(Held::default()).kept_in(store)
    }

    /// Sets the PKCE verifier of the code's authorization URL.
    pub fn verifier(self, verifier: impl Into<Secret>) -> Self {
        if let Some(code) = &mut self.held().code {
            code.verifier = Some(verifier.into());
        }
        self
    }

    /// Keeps the refresh token in this store.
    pub fn kept_in(self, store: impl RefreshTokens + 'static) -> Self {
        let store: Arc<dyn RefreshTokens> = Arc::new(store);
        *self.0.store.lock().unwrap_or_else(PoisonError::into_inner) = Some(store);
        self
    }

    /// Waits until no other client requests a token with this consent.
    pub(crate) async fn turn(&self) -> tokio::sync::OwnedMutexGuard<()> {
        Arc::clone(&self.0.turn).lock_owned().await
    }

    /// Returns what is sent for the next token: the code, or the latest refresh token.
    pub(crate) async fn proof(&self, scheme: &'static str) -> Result<Proof, Error> {
        if let Some(code) = self.held().code.clone() {
            return Ok(Proof::Code(code));
        }
        let stored = match self.store() {
            Some(store) => store.load().await,
            None => Ok(None),
        };
        let stored = stored.map_err(|why| Error::no_credential(scheme, why))?;
        let token = stored.or_else(|| self.held().refresh_token.clone());
        token.map(Proof::RefreshToken).ok_or_else(|| {
            let why = "the user's consent is used up: there is no code and no refresh token, \
                       so the user has to agree again";
            Error::no_credential(scheme, why.into())
        })
    }

    /// Keeps the refresh token of a response, which replaces the one before.
    pub(crate) async fn keep(&self, token: Secret) {
        self.held().refresh_token = Some(token.clone());
        if let Some(store) = self.store() {
            // The token at hand is good, so the call goes on.
            if let Err(why) = store.save(token.expose()).await {
                tracing::error!("the new refresh token could not be saved: {why}");
            }
        }
    }

    /// Drops the code after it was sent.
    pub(crate) fn spend_code(&self) {
        self.held().code = None;
    }

    fn store(&self) -> Option<Arc<dyn RefreshTokens>> {
        self.0.store.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for UserGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserGrant(***)")
    }
}
