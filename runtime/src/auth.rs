//! Turns an operation's security into the credentials that its request carries.
//!
//! Invariants:
//!
//! * An operation without security gets no credential, even if the client has one.
//! * A request has at most one credential in each place: schemes of one alternative that share a
//!   place are met by one of them.
//! * There is one [`Session`] for each login, and for each set of scopes that a token is asked for.

mod session;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub(crate) use self::session::Session;
use crate::credentials::{Grant, Keyring, is_secret};
use crate::error::Error;
use crate::oauth::{Grants, TokenRequest};
use crate::secret::Secret;
use crate::table::{Login, Operation, Placement, Scheme};

/// The credentials of a client and where they come from.
pub(crate) struct Auth {
    schemes: &'static [Scheme],
    keyring: Keyring,
    grants: Grants,
    sessions: Mutex<BTreeMap<SessionKey, Arc<Session>>>,
}

/// The name of a scheme, and the scopes of its token.
type SessionKey = (&'static str, &'static [&'static str]);

/// A credential that goes into a request.
pub(crate) struct Carried {
    pub(crate) scheme: &'static Scheme,
    pub(crate) secret: Secret,
    /// The login that issued the secret, if one did.
    pub(crate) issuer: Option<Issuer>,
}

/// A login of a session.
pub(crate) struct Issuer {
    session: Arc<Session>,
    number: u64,
}

/// Names of the members of a grant, and whether a login requires them.
const GRANT: [(&str, bool); 4] =
    [("client_id", false), ("client_secret", false), ("username", true), ("password", true)];

impl Auth {
    pub(crate) fn new(schemes: &'static [Scheme], keyring: Keyring, grants: Grants) -> Self {
        Self { schemes, keyring, grants, sessions: Mutex::default() }
    }

    /// Returns the secrets that were given to the builder.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let fixed = self.keyring.fixed.0.iter().filter(|(name, _)| is_secret(name));
        fixed.map(|(_, secret)| secret).chain(self.grants.secrets())
    }

    /// Chooses the first security alternative whose credentials are all available. A call without a
    /// credential is the last choice.
    pub(crate) async fn choose(
        &self,
        operation: &Operation,
        now: Duration,
    ) -> Result<Vec<Wanted>, Error> {
        let mut missing = None;
        for names in operation.security.iter().filter(|names| !names.is_empty()) {
            match self.all(operation, names, now).await? {
                Ok(wanted) => return Ok(wanted),
                Err(scheme) => missing = missing.or(Some(scheme)),
            }
        }
        match missing {
            Some(scheme) if operation.security.iter().all(|names| !names.is_empty()) => {
                Err(missing_credential(scheme))
            }
            Some(_) | None => Ok(Vec::new()),
        }
    }

    /// Returns all credentials of one alternative, or the first scheme whose credential is missing.
    async fn all(
        &self,
        operation: &Operation,
        names: &[&str],
        now: Duration,
    ) -> Result<Result<Vec<Wanted>, &'static Scheme>, Error> {
        let mut wanted: Vec<Wanted> = Vec::with_capacity(names.len());
        let mut missing = Vec::new();
        for name in names {
            let scheme = self.scheme(name)?;
            if wanted.iter().any(|one| share_a_place(one.scheme(), scheme)) {
                continue;
            }
            match self.one(operation, scheme, now).await? {
                Some(one) => wanted.push(one),
                None => missing.push(scheme),
            }
        }
        let is_met = |scheme: &Scheme| wanted.iter().any(|one| share_a_place(one.scheme(), scheme));
        match missing.into_iter().find(|scheme| !is_met(scheme)) {
            Some(scheme) => Ok(Err(scheme)),
            None => Ok(Ok(wanted)),
        }
    }

    /// Returns the credential of a scheme, or `None` if nothing was given for it.
    async fn one(
        &self,
        operation: &Operation,
        scheme: &'static Scheme,
        now: Duration,
    ) -> Result<Option<Wanted>, Error> {
        if let Some(secret) = self.find(scheme.name).await? {
            return Ok(Some(Wanted::Secret(Carried { scheme, secret, issuer: None })));
        }
        if scheme.login.is_none() && scheme.oauth.is_none() {
            return Ok(None);
        }
        let scopes = match self.grants.has_own_scopes(scheme.name) {
            true => &[],
            false => operation.scopes_of(scheme.name),
        };
        let session = self.session((scheme.name, scopes));
        if let Ok((secret, number)) = session.fresh(now) {
            let issuer = Some(Issuer { session, number });
            return Ok(Some(Wanted::Secret(Carried { scheme, secret, issuer })));
        }
        // Asked for only when a login is due, because the store may be remote.
        if let (Some(login), Some(grant)) = (scheme.login, self.grant(scheme).await?) {
            return Ok(Some(Wanted::Token { scheme, how: How::Login(login, grant), session }));
        }
        let request = match scheme.oauth {
            Some(oauth) => self.grants.request(&self.keyring, scheme.name, oauth, scopes).await?,
            None => None,
        };
        Ok(request.map(|request| Wanted::Token {
            scheme,
            how: How::OAuth(Box::new(request)),
            session,
        }))
    }

    fn session(&self, key: SessionKey) -> Arc<Session> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sessions.entry(key).or_default())
    }

    /// Returns the members of a grant, or `None` if a required one is missing.
    async fn grant(&self, scheme: &Scheme) -> Result<Option<Grant>, Error> {
        let mut grant = Grant::new();
        if scheme.login.is_none() {
            return Ok(None);
        }
        for (name, is_required) in GRANT {
            match self.find(name).await? {
                Some(secret) => grant.push((name, secret)),
                None if is_required => return Ok(None),
                None => {}
            }
        }
        Ok(Some(grant))
    }

    /// Returns the secret for a path parameter.
    pub(crate) async fn path_secret(&self, name: &'static str) -> Result<Secret, Error> {
        self.find(name).await?.ok_or_else(|| unset(name, name))
    }

    async fn find(&self, name: &'static str) -> Result<Option<Secret>, Error> {
        self.keyring.find(name).await.map_err(|why| Error::no_credential(name, why))
    }

    fn scheme(&self, name: &str) -> Result<&'static Scheme, Error> {
        let scheme = self.schemes.iter().find(|scheme| scheme.name == name);
        scheme.ok_or_else(|| Error::invalid(format!("the client's table has no scheme `{name}`")))
    }
}

impl Carried {
    /// Returns whether the credential can still be used: its token has not been refused, replaced
    /// or expired.
    pub(crate) fn is_current(&self, now: Duration) -> bool {
        self.issuer.as_ref().is_none_or(|issuer| issuer.session.is_current(issuer.number, now))
    }

    /// Drops the token of a login after the vendor refused it.
    pub(crate) fn forget(&self) {
        if let Some(issuer) = &self.issuer {
            issuer.session.forget(issuer.number);
        }
    }
}

/// A credential, or what is needed to obtain one.
pub(crate) enum Wanted {
    Secret(Carried),
    Token { scheme: &'static Scheme, how: How, session: Arc<Session> },
}

/// A way to obtain a token.
pub(crate) enum How {
    /// By an operation of the API.
    Login(Login, Grant),
    /// At a token endpoint.
    OAuth(Box<TokenRequest>),
}

impl Wanted {
    fn scheme(&self) -> &'static Scheme {
        match self {
            Self::Secret(carried) => carried.scheme,
            Self::Token { scheme, .. } => scheme,
        }
    }
}

impl Issuer {
    pub(crate) fn new(session: Arc<Session>, number: u64) -> Self {
        Self { session, number }
    }
}

/// Returns whether one credential serves both schemes, because it goes to the same place.
fn share_a_place(one: &Scheme, other: &Scheme) -> bool {
    match (one.placement, other.placement) {
        // Each is a path parameter of its own.
        (Placement::PathSegment, _) => one.name == other.name,
        (Placement::Header(one), Placement::Header(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}

fn missing_credential(scheme: &Scheme) -> Error {
    let flows = scheme.oauth.map(|oauth| (oauth.client_credentials, oauth.authorization_code));
    let method = match flows {
        Some((Some(flow), _)) => format!("{}client_credentials", flow.prefix),
        Some((None, Some(flow))) => format!("{}authorized", flow.prefix),
        Some((None, None)) | None => return unset(scheme.name, scheme.name),
    };
    unset(scheme.name, &format!("{method}(…)` or `.{}", scheme.name))
}

fn unset(name: &str, method: &str) -> Error {
    Error::invalid(format!(
        "no credential `{name}` is set: call `.{method}(…)` on the client builder"
    ))
}
