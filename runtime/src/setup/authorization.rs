//! Sets how the tokens of OAuth 2 are obtained.

#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
use std::collections::BTreeSet;

use super::ClientSetup;
use crate::error::Error;
#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
use crate::oauth::endpoint;
use crate::oauth::{GivenGrant, OAuthClient, UserGrant};

impl ClientSetup {
    /// Obtains the token of a scheme with `client_credentials`.
    #[must_use]
    pub fn client_credentials(mut self, scheme: &'static str, client: OAuthClient) -> Self {
        self.grants.0.insert(scheme, GivenGrant { client, user: None });
        self
    }

    /// Obtains the token of a scheme on behalf of a user who has agreed.
    #[must_use]
    pub fn authorized(
        mut self,
        scheme: &'static str,
        client: OAuthClient,
        user: UserGrant,
    ) -> Self {
        self.grants.0.insert(scheme, GivenGrant { client, user: Some(user) });
        self
    }

    /// Creates a request to a user to agree, for the authorization URL of a scheme.
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is invalid, or if no usable authorization URL is known.
    #[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
    pub fn authorization_request(
        &self,
        scheme: &str,
        client: &OAuthClient,
        redirect_uri: impl Into<String>,
    ) -> Result<crate::oauth::AuthorizationRequest, Error> {
        let base_url = self.url()?;
        let row = self.schemes.iter().find(|row| row.name == scheme);
        let flow = row.and_then(|row| row.oauth?.authorization_code);
        let known = flow.map_or("", |flow| flow.authorization_url);
        let url = client.authorization_url.as_deref().unwrap_or(known);
        let url = endpoint(&base_url, url, "authorization", &self.plain_http_hosts)?;
        let of_operations = || {
            let scopes = self.operations.iter().flat_map(|one| one.scopes_of(scheme));
            let scopes: BTreeSet<&str> = scopes.copied().collect();
            scopes.into_iter().map(str::to_owned).collect()
        };
        let scopes = client.scopes.clone().unwrap_or_else(of_operations);
        crate::oauth::AuthorizationRequest::new(url, client, &scopes, redirect_uri.into())
    }

    /// Refuses a grant whose token can't be requested.
    pub(super) fn check_grants(&self, base_url: &reqwest::Url) -> Result<(), Error> {
        for (scheme, given) in &self.grants.0 {
            let row = self.schemes.iter().find(|row| row.name == *scheme);
            let Some(oauth) = row.and_then(|row| row.oauth) else {
                return Err(Error::invalid(format!("scheme `{scheme}` has no flow of OAuth 2")));
            };
            given.check(scheme, oauth, base_url, &self.plain_http_hosts)?;
        }
        Ok(())
    }
}
