//! Turns an operation's security into the credentials that its request carries.
//!
//! Invariants:
//!
//! * An operation without security gets no credential, even if the client has one.
//! * At most one login per scheme is in progress. Every call that waits for it takes its token or
//!   its error.
//! * A token is renewed before it expires. If the renewal fails, the old token is used until it
//!   expires.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::{Boxed, Clock};
use crate::credentials::{Credentials, Fixed};
use crate::error::Error;
use crate::secret::Secret;
use crate::table::{Login, Operation, Scheme};
use crate::transport;

/// Time before its expiry at which a token is renewed, unless a tenth of its lifetime is less.
const MAX_EARLY: Duration = Duration::from_secs(60);
/// Time for which the old token is used after a failed renewal, before the next attempt.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// The credentials of a client and where they come from.
pub(crate) struct Auth {
    schemes: &'static [Scheme],
    fixed: Fixed,
    source: Option<Arc<dyn Credentials>>,
    /// One session for each scheme whose token comes from a login.
    sessions: BTreeMap<&'static str, Arc<Session>>,
}

/// A credential that goes into a request.
pub(crate) struct Carried {
    pub(crate) scheme: &'static Scheme,
    pub(crate) secret: Secret,
    /// Number of the login that issued the secret, if one did.
    pub(crate) login: Option<u64>,
}

/// The members of an OAuth 2 password grant, which are sent to log in.
pub(crate) type Grant = Vec<(&'static str, Secret)>;

/// The name of the one credential that is not secret. An application's number is visible on its
/// owner's screen, and it is short: scrubbing it from a vendor's messages would corrupt other
/// numbers.
const PUBLIC: &str = "client_id";

/// Returns whether the credential with this name must never be shown.
pub(crate) fn is_secret(name: &str) -> bool {
    name != PUBLIC
}

/// Names of the members of a grant, and whether a login requires them.
const GRANT: [(&str, bool); 4] =
    [("client_id", false), ("client_secret", false), ("username", true), ("password", true)];

impl Auth {
    pub(crate) fn new(
        schemes: &'static [Scheme],
        fixed: Fixed,
        source: Option<Arc<dyn Credentials>>,
    ) -> Self {
        let with_login = schemes.iter().filter(|scheme| scheme.login.is_some());
        let sessions = with_login.map(|scheme| (scheme.name, Arc::default())).collect();
        Self { schemes, fixed, source, sessions }
    }

    /// Returns the secret credentials that were given to the builder.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.fixed.0.iter().filter(|(name, _)| is_secret(name)).map(|(_, secret)| secret)
    }

    /// Chooses the first security alternative whose credentials are all available.
    pub(crate) async fn choose(
        &self,
        operation: &Operation,
        now: Duration,
    ) -> Result<Vec<Wanted>, Error> {
        let mut missing = None;
        for names in operation.security {
            match self.all(names, now).await? {
                Ok(wanted) => return Ok(wanted),
                Err(name) => missing = missing.or(Some(name)),
            }
        }
        match missing {
            None => Ok(Vec::new()),
            Some(name) => Err(missing_credential(name)),
        }
    }

    /// Returns all credentials of one alternative, or the name of the first one that is missing.
    async fn all(
        &self,
        names: &'static [&'static str],
        now: Duration,
    ) -> Result<Result<Vec<Wanted>, &'static str>, Error> {
        let mut wanted = Vec::with_capacity(names.len());
        for name in names {
            let scheme = self.scheme(name)?;
            if let Some(secret) = self.find(name).await? {
                wanted.push(Wanted::Secret(Carried { scheme, secret, login: None }));
                continue;
            }
            let (Some(login), Some(session)) = (scheme.login, self.sessions.get(name)) else {
                return Ok(Err(name));
            };
            if let Ok((secret, number)) = session.fresh(now) {
                wanted.push(Wanted::Secret(Carried { scheme, secret, login: Some(number) }));
                continue;
            }
            // Asked for only when a login is due, because the store may be remote.
            match self.grant().await? {
                Ok(grant) => {
                    let session = Arc::clone(session);
                    wanted.push(Wanted::Token { scheme, login, session, grant });
                }
                Err(_) => return Ok(Err(name)),
            }
        }
        Ok(Ok(wanted))
    }

    /// Returns the members of a grant, or the name of the first required one that is missing.
    async fn grant(&self) -> Result<Result<Grant, &'static str>, Error> {
        let mut grant = Grant::new();
        for (name, is_required) in GRANT {
            match self.find(name).await? {
                Some(secret) => grant.push((name, secret)),
                None if is_required => return Ok(Err(name)),
                None => {}
            }
        }
        Ok(Ok(grant))
    }

    /// Returns the secret for a path parameter.
    pub(crate) async fn path_secret(&self, name: &'static str) -> Result<Secret, Error> {
        self.find(name).await?.ok_or_else(|| missing_credential(name))
    }

    async fn find(&self, name: &'static str) -> Result<Option<Secret>, Error> {
        if let Some(secret) = self.fixed.0.get(name) {
            return Ok(Some(secret.clone()));
        }
        match &self.source {
            Some(source) => {
                source.credential(name).await.map_err(|why| Error::no_credential(name, why))
            }
            None => Ok(None),
        }
    }

    fn scheme(&self, name: &str) -> Result<&'static Scheme, Error> {
        let scheme = self.schemes.iter().find(|scheme| scheme.name == name);
        scheme.ok_or_else(|| Error::invalid(format!("the client's table has no scheme `{name}`")))
    }

    /// Returns whether the credential can still be used: its token has not been refused, replaced
    /// or expired.
    pub(crate) fn is_current(&self, carried: &Carried, now: Duration) -> bool {
        match (carried.login, self.sessions.get(carried.scheme.name)) {
            (Some(number), Some(session)) => session.is_current(number, now),
            _ => true,
        }
    }

    /// Drops the token of a login after the vendor refused it.
    pub(crate) fn forget(&self, carried: &Carried) {
        if let (Some(number), Some(session)) =
            (carried.login, self.sessions.get(carried.scheme.name))
        {
            session.forget(number);
        }
    }
}

/// A credential, or what is needed to obtain one.
pub(crate) enum Wanted {
    Secret(Carried),
    Token { scheme: &'static Scheme, login: Login, session: Arc<Session>, grant: Grant },
}

fn missing_credential(name: &str) -> Error {
    Error::invalid(format!(
        "no credential `{name}` is set: call `.{name}(…)` on the client builder"
    ))
}

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

/// The token that a login issued.
pub(crate) struct IssuedToken {
    pub(crate) token: Secret,
    pub(crate) expires_in: Option<Duration>,
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
    fn fresh(&self, now: Duration) -> Result<(Secret, u64), u64> {
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

    fn is_current(&self, number: u64, now: Duration) -> bool {
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
    fn forget(&self, number: u64) {
        let mut state = self.lock();
        if state.token.as_ref().is_some_and(|token| token.number == number) {
            state.token = None;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, SessionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
