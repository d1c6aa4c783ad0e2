//! Decides how a token is obtained from an authorization server with OAuth 2.
//!
//! | what was given | the request |
//! |---|---|
//! | [`OAuthClient`] alone, or its id and secret in the store | `client_credentials` |
//! | [`OAuthClient`] and a code of the user | `authorization_code`, later `refresh_token` |
//! | [`OAuthClient`] and a refresh token | `refresh_token` |
//!
//! Invariants:
//!
//! * No secret goes to an authorization server over plain HTTP, except to this machine and to a
//!   host that the caller allows.
//! * A refresh token that the server replaces is used no more.

mod application;
mod assertion;
#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
mod authorization;
mod endpoint;
#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
mod key;
mod user;

use std::collections::BTreeMap;

pub(crate) use self::application::Authentication;
pub use self::application::OAuthClient;
pub use self::assertion::AssertionSigner;
pub(crate) use self::assertion::assertion;
#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
pub use self::authorization::AuthorizationRequest;
pub(crate) use self::endpoint::endpoint;
#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
pub use self::key::SigningKey;
pub(crate) use self::user::Proof;
pub use self::user::{RefreshTokens, UserGrant};
use reqwest::Url;

use crate::credentials::Keyring;
use crate::error::Error;
use crate::secret::Secret;
use crate::table::{Flow, OAuth};

/// The credentials that the client builder got for each scheme.
#[derive(Clone, Default)]
pub(crate) struct Grants(pub(crate) BTreeMap<&'static str, GivenGrant>);

/// An application, and the user that it acts for, if any.
#[derive(Clone)]
pub(crate) struct GivenGrant {
    pub(crate) client: OAuthClient,
    pub(crate) user: Option<UserGrant>,
}

/// A request for a token that is due.
pub(crate) struct TokenRequest {
    pub(crate) scheme: &'static str,
    pub(crate) flow: Flow,
    pub(crate) client: OAuthClient,
    pub(crate) scopes: Vec<String>,
    pub(crate) user: Option<UserGrant>,
}

impl Grants {
    /// Returns the secrets of the applications.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.0.values().filter_map(|given| given.client.authentication.secret())
    }

    /// Returns whether the scopes of a token do not depend on the operation.
    pub(crate) fn has_own_scopes(&self, scheme: &str) -> bool {
        self.0
            .get(scheme)
            .is_some_and(|given| given.user.is_some() || given.client.scopes.is_some())
    }

    /// Returns the request for a token of a scheme, or `None` if nothing was given for it.
    pub(crate) async fn request(
        &self,
        keyring: &Keyring,
        scheme: &'static str,
        oauth: OAuth,
        scopes: &[&str],
    ) -> Result<Option<TokenRequest>, Error> {
        let (GivenGrant { client, user }, flow) = match self.0.get(scheme) {
            Some(given) => (given.clone(), given.flow(oauth)),
            None => {
                let Some(flow) = oauth.client_credentials else { return Ok(None) };
                let Some(client) = stored(keyring, scheme, flow.prefix).await? else {
                    return Ok(None);
                };
                (GivenGrant { client, user: None }, flow)
            }
        };
        let scopes = match &client.scopes {
            Some(chosen) => chosen.clone(),
            None => scopes.iter().map(|&scope| scope.to_owned()).collect(),
        };
        Ok(Some(TokenRequest { scheme, flow, client, scopes, user }))
    }
}

impl GivenGrant {
    /// Refuses an application that can't ask for a token: one without an id, with an empty secret,
    /// or without a usable token URL.
    pub(crate) fn check(
        &self,
        scheme: &str,
        oauth: OAuth,
        base_url: &Url,
        plain_http_hosts: &[String],
    ) -> Result<(), Error> {
        let OAuthClient { id, authentication, token_url, .. } = &self.client;
        if id.is_empty() || authentication.secret().is_some_and(|text| text.expose().is_empty()) {
            return Err(Error::invalid(format!(
                "the `OAuthClient` for `{scheme}` has an empty id or secret"
            )));
        }
        let url = token_url.as_deref().unwrap_or(self.flow(oauth).token_url);
        endpoint(base_url, url, "token", plain_http_hosts).map(drop)
    }

    /// Returns the addresses of the flow, which are empty if the spec has none.
    pub(crate) fn flow(&self, oauth: OAuth) -> Flow {
        let flow = match self.user {
            Some(_) => oauth.authorization_code,
            None => oauth.client_credentials,
        };
        flow.unwrap_or(Flow::new(""))
    }
}

/// Returns the application in the store, or `None` if its id or secret is missing.
async fn stored(
    keyring: &Keyring,
    scheme: &'static str,
    prefix: &str,
) -> Result<Option<OAuthClient>, Error> {
    let find = async |member: &str| {
        let name = format!("{prefix}{member}");
        keyring.find(&name).await.map_err(|why| Error::no_credential(scheme, why))
    };
    let Some(id) = find("client_id").await? else { return Ok(None) };
    let Some(secret) = find("client_secret").await? else { return Ok(None) };
    let mut client = OAuthClient::new(id.expose()).secret(secret);
    if let Some(url) = find("token_url").await? {
        client = client.token_url(url.expose());
    }
    if let Some(scopes) = find("scope").await? {
        client = client.scopes(scopes.expose().split_whitespace());
    }
    Ok(Some(client))
}
