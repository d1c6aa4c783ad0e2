//! Sends a user to an authorization server, and turns the way back into the user's consent.
//!
//! Invariant: a code counts only if the state that comes with it is the one that was sent. The
//! verifier never leaves the program before the code is exchanged.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{constant_time, rand};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use reqwest::Url;

use super::{OAuthClient, UserGrant};
use crate::error::Error;
use crate::secret::Secret;

/// A request to a user to agree, with a random state and PKCE (S256).
///
/// ```
/// # use prumo_runtime::AuthorizationRequest;
/// # fn back(request: AuthorizationRequest, callback: &str) -> Result<(), prumo_runtime::Error> {
/// // Keep `state` and `verifier` in the user's session, and send the browser to `url`.
/// let (url, state, verifier) = (request.url(), request.state(), request.verifier());
/// // When the browser comes back:
/// let request = AuthorizationRequest::resumed(state, verifier, "https://acme.example/back");
/// let consent = request.grant(callback)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct AuthorizationRequest {
    url: String,
    state: Secret,
    verifier: Secret,
    redirect_uri: String,
}

impl AuthorizationRequest {
    /// Creates a request for the user's consent at `url`.
    pub(crate) fn new(
        mut url: Url,
        client: &OAuthClient,
        scopes: &[String],
        redirect_uri: String,
    ) -> Result<Self, Error> {
        let (state, verifier) = (random()?, random()?);
        let challenge = digest(&SHA256, verifier.expose().as_bytes());
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &client.id)
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("state", state.expose())
            .append_pair("code_challenge", &BASE64_URL_SAFE_NO_PAD.encode(challenge))
            .append_pair("code_challenge_method", "S256");
        if !scopes.is_empty() {
            query.append_pair("scope", &scopes.join(" "));
        }
        drop(query);
        Ok(Self { url: url.into(), state, verifier, redirect_uri })
    }

    /// Continues a request whose state and verifier were kept, after a restart or on another
    /// machine.
    pub fn resumed(
        state: impl Into<Secret>,
        verifier: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        let (state, verifier) = (state.into(), verifier.into());
        Self { url: String::new(), state, verifier, redirect_uri: redirect_uri.into() }
    }

    /// Returns the URL to which the user's browser is sent. It is empty for a resumed request.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the random text that comes back with the code.
    #[must_use]
    pub fn state(&self) -> &str {
        self.state.expose()
    }

    /// Returns the secret that proves that the code was asked for here.
    #[must_use]
    pub fn verifier(&self) -> &str {
        self.verifier.expose()
    }

    /// Reads the URL with which the browser came back, or its query.
    ///
    /// # Errors
    ///
    /// Returns an error if the state is another one, if the user did not agree, or if there is no
    /// code.
    pub fn grant(&self, callback: &str) -> Result<UserGrant, Error> {
        let query = callback.split_once('?').map_or(callback, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let value = |name: &str| pairs.iter().find(|(one, _)| one == name).map(|(_, text)| text);
        let invalid = |why: String| Err(Error::invalid(why));
        let state = value("state").map(String::as_bytes).unwrap_or_default();
        let sent = self.state.expose().as_bytes();
        if constant_time::verify_slices_are_equal(state, sent).is_err() {
            return invalid(
                "the state of the callback is not the one that was sent: \
                 the user did not come from this request"
                    .to_owned(),
            );
        }
        if let Some(why) = value("error") {
            // A word of RFC 6749. Any other text could be anything.
            let is_word = why.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_');
            let why = if is_word && why.len() <= 40 { why.as_str() } else { "***" };
            return invalid(format!("the user's consent was refused: {why}"));
        }
        match value("code").filter(|code| !code.is_empty()) {
            Some(code) => {
                let grant = UserGrant::code(code.as_str(), self.redirect_uri.as_str());
                Ok(grant.verifier(&self.verifier))
            }
            None => invalid("the callback has no code".to_owned()),
        }
    }
}

/// Returns 256 random bits as text.
fn random() -> Result<Secret, Error> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes)
        .map_err(|_| Error::invalid("this machine provides no random numbers"))?;
    Ok(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationRequest(***)")
    }
}
