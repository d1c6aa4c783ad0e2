//! Holds the account's made-up credentials and the tokens that were issued.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::chance;

/// The limit of tokens; the oldest are dropped.
const MAX_TOKENS: usize = 1000;

/// The credentials of the account; all made up, and never in `Debug`.
#[derive(Clone)]
pub struct Credentials {
    /// TomTicket's token; without state, every token and key.
    pub token: String,
    /// HubSoft's client.
    pub client_id: String,
    /// HubSoft's client secret.
    pub client_secret: String,
    /// HubSoft's user; without state, that of basic authentication.
    pub username: String,
    /// The password of the user.
    pub password: String,
    /// The secret that webhooks are signed with.
    pub webhook_secret: String,
}

impl Credentials {
    /// Returns the default credentials.
    #[must_use]
    pub fn made_up() -> Self {
        Self {
            token: "standin-token".to_owned(),
            client_id: "7".to_owned(),
            client_secret: "standin-client-secret".to_owned(),
            username: "integracao@example.com".to_owned(),
            password: "standin-password".to_owned(),
            webhook_secret: "standin-webhook-secret".to_owned(),
        }
    }

    /// Returns user and password in a line for a person to read.
    pub(crate) fn user(&self) -> String {
        format!("username {}, password {}", self.username, self.password)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// The state of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    Expired,
    Unknown,
}

/// The tokens that were issued.
pub(crate) struct Tokens {
    issued: VecDeque<(String, Timestamp)>,
    n_issued: u64,
    /// The lifetime of a token.
    pub(crate) lifetime: Duration,
    seed: u64,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration, seed: u64) -> Self {
        Self { issued: VecDeque::new(), n_issued: 0, lifetime, seed }
    }

    /// Issues a token that is valid from `now` on.
    pub(crate) fn issue(&mut self, now: Timestamp) -> String {
        self.n_issued += 1;
        let token = chance::hex_id(self.seed, &format!("token/{}", self.n_issued));
        let lifetime = SignedDuration::try_from(self.lifetime).unwrap_or(SignedDuration::MAX);
        let end = now.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
        self.issued.push_back((token.clone(), end));
        if self.issued.len() > MAX_TOKENS {
            self.issued.pop_front();
        }
        token
    }

    pub(crate) fn standing(&self, token: &str, now: Timestamp) -> Standing {
        match self.issued.iter().find(|(issued, _)| issued == token) {
            Some((_, end)) if now < *end => Standing::Good,
            Some(_) => Standing::Expired,
            None => Standing::Unknown,
        }
    }

    /// Expires all tokens.
    pub(crate) fn expire_all(&mut self, now: Timestamp) {
        for (_, end) in &mut self.issued {
            *end = (*end).min(now);
        }
    }
}
