//! An operation's security to the credentials that its request carries.
//!
//! Invariants:
//!
//! * An operation without security gets no credential, even if the client has one.
//! * However many calls wait for a login, one is under way; all take its token
//!   or its failure.
//! * A token is renewed before it expires. If that fails, the old one is used
//!   as long as it lasts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::credentials::{Credentials, Fixed};
use crate::error::Error;
use crate::secret::Secret;
use crate::table::{Login, Operation, Scheme};

/// A token is renewed this long before it expires, or a tenth of its life if that is less.
const MAX_EARLY: Duration = Duration::from_secs(60);
/// After a failed renewal, the old token serves this long before the next try.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// What a client knows of its credentials.
pub(crate) struct Auth {
    schemes: &'static [Scheme],
    fixed: Fixed,
    source: Option<Arc<dyn Credentials>>,
    /// One for each scheme whose token comes from a login.
    sessions: BTreeMap<&'static str, Session>,
}

/// A credential that goes into a request.
pub(crate) struct Carried {
    pub(crate) scheme: &'static Scheme,
    pub(crate) secret: Secret,
    /// The login that gave it, if one did.
    pub(crate) login: Option<u64>,
}

/// What is sent to log in: the members of an OAuth 2 password grant.
pub(crate) type Grant = Vec<(&'static str, Secret)>;

/// The number of an application is printed on its owner's screen. It is a short number, too:
/// to look for it in a vendor's texts would take it out of other numbers.
const PUBLIC: &str = "client_id";

/// Whether the credential of this name must be shown nowhere.
pub(crate) fn is_secret(name: &str) -> bool {
    name != PUBLIC
}

/// Names of the credentials of a login, with whether a login can do without.
const GRANT: [(&str, bool); 4] =
    [("client_id", false), ("client_secret", false), ("username", true), ("password", true)];

impl Auth {
    pub(crate) fn new(
        schemes: &'static [Scheme],
        fixed: Fixed,
        source: Option<Arc<dyn Credentials>>,
    ) -> Self {
        let with_login = schemes.iter().filter(|scheme| scheme.login.is_some());
        let sessions = with_login.map(|scheme| (scheme.name, Session::default())).collect();
        Self { schemes, fixed, source, sessions }
    }

    /// The credentials that were given to the builder and must be shown nowhere.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.fixed.0.iter().filter(|(name, _)| is_secret(name)).map(|(_, secret)| secret)
    }

    /// What the first alternative needs of which all credentials are there.
    pub(crate) async fn choose(
        &self,
        operation: &Operation,
        now: Duration,
    ) -> Result<Vec<Wanted<'_>>, Error> {
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

    /// All credentials of one alternative, or the name of the first that is missing.
    async fn all(
        &self,
        names: &'static [&'static str],
        now: Duration,
    ) -> Result<Result<Vec<Wanted<'_>>, &'static str>, Error> {
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
            // Asked for only when a login is due: a store may be far away.
            match self.grant().await? {
                Ok(grant) => wanted.push(Wanted::Token { scheme, login, session, grant }),
                Err(_) => return Ok(Err(name)),
            }
        }
        Ok(Ok(wanted))
    }

    /// What is needed to log in, or the name of what is missing.
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

    /// A secret path parameter.
    pub(crate) async fn path_secret(&self, name: &'static str) -> Result<Secret, Error> {
        self.find(name).await?.ok_or_else(|| missing_credential(name))
    }

    async fn find(&self, name: &'static str) -> Result<Option<Secret>, Error> {
        if let Some(secret) = self.fixed.0.get(name) {
            return Ok(Some(secret.clone()));
        }
        match &self.source {
            Some(source) => source.credential(name).await.map_err(|why| Error::no_credential(name, why)),
            None => Ok(None),
        }
    }

    fn scheme(&self, name: &str) -> Result<&'static Scheme, Error> {
        let scheme = self.schemes.iter().find(|scheme| scheme.name == name);
        scheme.ok_or_else(|| Error::invalid(format!("the client's table has no scheme `{name}`")))
    }

    /// The token can be used yet: it has not been refused, replaced, nor run out.
    pub(crate) fn is_current(&self, carried: &Carried, now: Duration) -> bool {
        match (carried.login, self.sessions.get(carried.scheme.name)) {
            (Some(number), Some(session)) => session.is_current(number, now),
            _ => true,
        }
    }

    /// The vendor refused the token of this login: it is not used again.
    pub(crate) fn forget(&self, carried: &Carried) {
        if let (Some(number), Some(session)) = (carried.login, self.sessions.get(carried.scheme.name)) {
            session.forget(number);
        }
    }
}

/// A credential, or how to come to one.
pub(crate) enum Wanted<'a> {
    Secret(Carried),
    Token { scheme: &'static Scheme, login: Login, session: &'a Session, grant: Grant },
}

fn missing_credential(name: &str) -> Error {
    Error::invalid(format!("no credential `{name}` is set: call `.{name}(…)` on the client builder"))
}

/// The logins of one scheme.
#[derive(Default)]
pub(crate) struct Session {
    /// Whoever holds it may log in.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<SessionState>,
}

#[derive(Default)]
struct SessionState {
    token: Option<Token>,
    /// How many logins have ended, well or not.
    n_ended: u64,
    /// Why the last login failed, if it did.
    failure: Option<Arc<Error>>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    /// The number of the login that gave it.
    number: u64,
    renew_at: Option<Duration>,
    expires_at: Option<Duration>,
}

/// What a login gave.
pub(crate) struct IssuedToken {
    pub(crate) token: Secret,
    pub(crate) expires_in: Option<Duration>,
}

impl Session {
    /// A token that lasts: the one that is there, or that of a login.
    ///
    /// `log_in` makes the login; it is called by one of all who wait.
    pub(crate) async fn token<F>(
        &self,
        clock: &dyn Clock,
        log_in: impl FnOnce() -> F,
    ) -> Result<(Secret, u64), Error>
    where
        F: Future<Output = Result<IssuedToken, Error>>,
    {
        let n_ended = match self.fresh(clock.now()) {
            Ok(token) => return Ok(token),
            Err(n_ended) => n_ended,
        };
        let _turn = self.turn.lock().await;
        match self.fresh(clock.now()) {
            Ok(token) => return Ok(token),
            Err(now_ended) if now_ended > n_ended => {
                if let Some(shared) = self.shared(n_ended) {
                    return shared;
                }
            }
            Err(_) => {}
        }
        let issued = log_in().await;
        self.end(clock.now(), issued)
    }

    /// A token that need not be renewed yet, or the number of logins that have ended.
    fn fresh(&self, now: Duration) -> Result<(Secret, u64), u64> {
        let state = self.lock();
        match &state.token {
            Some(token) if token.renew_at.is_none_or(|at| now < at) => {
                Ok((token.secret.clone(), token.number))
            }
            _ => Err(state.n_ended),
        }
    }

    /// What came of the login that a call has waited for, however short-lived its token is.
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

    fn end(&self, now: Duration, issued: Result<IssuedToken, Error>) -> Result<(Secret, u64), Error> {
        let mut state = self.lock();
        state.n_ended += 1;
        match issued {
            Ok(IssuedToken { token: secret, expires_in }) => {
                let number = state.n_ended;
                let early = |life: Duration| life.saturating_sub(MAX_EARLY.min(life / 10));
                state.failure = None;
                state.token = Some(Token {
                    secret: secret.clone(),
                    number,
                    renew_at: expires_in.map(|life| now.saturating_add(early(life))),
                    expires_at: expires_in.map(|life| now.saturating_add(life)),
                });
                Ok((secret, number))
            }
            Err(error) => {
                let failure = Arc::new(error);
                state.failure = Some(Arc::clone(&failure));
                match &mut state.token {
                    Some(token) if token.expires_at.is_none_or(|at| now < at) => {
                        token.renew_at = Some(now.saturating_add(RENEWAL_PAUSE));
                        Ok((token.secret.clone(), token.number))
                    }
                    _ => Err(Error::login(failure)),
                }
            }
        }
    }

    /// Drops the token of one login; a newer one stays.
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
