//! Who may ask: the account's made-up secrets, and the tokens that were given out.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::chance;

/// How many tokens are good at a time; the oldest make room.
const MAX_TOKENS: usize = 1000;

/// What an account of a vendor logs in with; all made up, and never in `Debug`.
#[derive(Clone)]
pub struct Credentials {
    /// TomTicket's token.
    pub token: String,
    /// HubSoft's client.
    pub client_id: String,
    /// HubSoft's client secret.
    pub client_secret: String,
    /// HubSoft's user.
    pub username: String,
    /// The password of HubSoft's user.
    pub password: String,
}

impl Credentials {
    /// Those that a stand-in has unless it is given others.
    #[must_use]
    pub fn made_up() -> Self {
        Self {
            token: "standin-token".to_owned(),
            client_id: "7".to_owned(),
            client_secret: "standin-client-secret".to_owned(),
            username: "integracao@example.com".to_owned(),
            password: "standin-password".to_owned(),
        }
    }

    /// Returns the user and its password, for a person to read.
    pub(crate) fn user(&self) -> String {
        format!("username {}, password {}", self.username, self.password)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// What is known of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    Expired,
    Unknown,
}

/// The tokens that were given out.
pub(crate) struct Tokens {
    issued: VecDeque<(String, Timestamp)>,
    n_issued: u64,
    /// How long one is good.
    pub(crate) lifetime: Duration,
    seed: u64,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration, seed: u64) -> Self {
        Self { issued: VecDeque::new(), n_issued: 0, lifetime, seed }
    }

    /// A new token that is good from `now` on.
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

    /// Ends all that were given out.
    pub(crate) fn expire_all(&mut self, now: Timestamp) {
        for (_, end) in &mut self.issued {
            *end = (*end).min(now);
        }
    }
}
