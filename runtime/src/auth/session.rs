//! Holds the token that a login issued, and lets one caller at a time renew it.
//!
//! Invariants:
//!
//! * At most one login of a session is in progress. Every call that waits for it takes its token or
//!   its error.
//! * A token is renewed before it expires. If the renewal fails, the old token is used until it
//!   expires.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::{Boxed, Clock};
use crate::credentials::IssuedToken;
use crate::error::Error;
use crate::secret::Secret;
use crate::transport;

/// Time before its expiry at which a token is renewed, unless a tenth of its lifetime is less.
const MAX_EARLY: Duration = Duration::from_secs(60);
/// Time for which the old token is used after a failed renewal, before the next attempt.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// The logins for one scheme.
#[derive(Default)]
pub(crate) struct Session {
    /// Held while logging in.
    turn: Arc<tokio::sync::Mutex<()>>,
    state: Mutex<SessionState>,
}

#[derive(Default)]
struct SessionState {
    token: Option<Token>,
    /// Number of logins that have ended, successful or not.
    n_ended: u64,
    /// The error of the last login, if it failed.
    failure: Option<Arc<Error>>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    /// Number of the login that issued the token.
    number: u64,
    renew_at: Option<Duration>,
    expires_at: Option<Duration>,
}

impl Session {
    /// Returns a valid token: the current one, or the one that a login issues.
    ///
    /// Only one of the waiting callers starts its `log_in`. The login goes on if that caller gives
    /// up, so that those behind it do not start it again.
    pub(crate) async fn token(
        self: &Arc<Self>,
        clock: &Arc<dyn Clock>,
        log_in: impl FnOnce() -> Boxed<'static, Result<IssuedToken, Error>>,
    ) -> Result<(Secret, u64), Error> {
        let n_ended = match self.fresh(clock.now()) {
            Ok(token) => return Ok(token),
            Err(n_ended) => n_ended,
        };
        let turn = Arc::clone(&self.turn).lock_owned().await;
        if let Some(outcome) = self.outcome(clock.now(), n_ended) {
            return outcome;
        }
        let (session, its_clock, login) = (Arc::clone(self), Arc::clone(clock), log_in());
        transport::spawn(async move {
            let issued = login.await;
            session.end(its_clock.now(), issued);
            drop(turn);
        });
        let _turn = self.turn.lock().await;
        // A login ends without an outcome only with the runtime that it runs on.
        self.outcome(clock.now(), n_ended).unwrap_or_else(|| Err(Error::no_time()))
    }

    /// Returns a valid token, or the outcome of a login that has ended since `n_ended` had.
    fn outcome(&self, now: Duration, n_ended: u64) -> Option<Result<(Secret, u64), Error>> {
        match self.fresh(now) {
            Ok(token) => Some(Ok(token)),
            Err(now_ended) if now_ended > n_ended => self.shared(n_ended),
            Err(_) => None,
        }
    }

    /// Returns a token that is not due for renewal, or the number of logins that have ended.
    pub(super) fn fresh(&self, now: Duration) -> Result<(Secret, u64), u64> {
        let state = self.lock();
        match &state.token {
            Some(token) if token.renew_at.is_none_or(|at| now < at) => {
                Ok((token.secret.clone(), token.number))
            }
            _ => Err(state.n_ended),
        }
    }

    /// Returns the outcome of the login that this call has waited for, even if the token is already
    /// due for renewal.
    fn shared(&self, n_ended: u64) -> Option<Result<(Secret, u64), Error>> {
        let state = self.lock();
        if let Some(failure) = &state.failure {
            return Some(Err(Error::login(Arc::clone(failure))));
        }
        let token = state.token.as_ref().filter(|token| token.number > n_ended)?;
        Some(Ok((token.secret.clone(), token.number)))
    }

    pub(super) fn is_current(&self, number: u64, now: Duration) -> bool {
        let state = self.lock();
        let token = state.token.as_ref().filter(|token| token.number == number);
        token.is_some_and(|token| token.expires_at.is_none_or(|at| now < at))
    }

    fn end(&self, now: Duration, issued: Result<IssuedToken, Error>) {
        let mut state = self.lock();
        state.n_ended += 1;
        match issued {
            Ok(IssuedToken { token: secret, expires_in }) => {
                let number = state.n_ended;
                let early = |life: Duration| life.saturating_sub(MAX_EARLY.min(life / 10));
                state.failure = None;
                state.token = Some(Token {
                    secret,
                    number,
                    renew_at: expires_in.map(|life| now.saturating_add(early(life))),
                    expires_at: expires_in.map(|life| now.saturating_add(life)),
                });
            }
            Err(error) => {
                state.failure = Some(Arc::new(error));
                match &mut state.token {
                    Some(token) if token.expires_at.is_none_or(|at| now < at) => {
                        token.renew_at = Some(now.saturating_add(RENEWAL_PAUSE));
                    }
                    Some(_) | None => {}
                }
            }
        }
    }

    /// Drops the token of the login with this number. A newer token stays.
    pub(super) fn forget(&self, number: u64) {
        let mut state = self.lock();
        if state.token.as_ref().is_some_and(|token| token.number == number) {
            state.token = None;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, SessionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
