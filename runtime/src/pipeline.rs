//! Sends a prepared request and returns its response: credentials, turn, attempts, pauses.
//!
//! Every request is sent from here. Each attempt obtains the credentials, waits for its turn, sends
//! the request, reads the response, and decides whether another attempt follows.
//!
//! Invariants:
//!
//! * A request that may have been carried out is not sent twice, unless it is a read.
//! * A refused token (401) is renewed once per call. Nothing was done in that case, so this is safe
//!   for writes.
//! * Observers get one report for each call, also for one whose caller drops it, and one for each
//!   attempt that ends.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use reqwest::{Method, Request, Response};
use tracing::{Instrument, Span};

use crate::auth::{Carried, How, Issuer, Wanted};
use crate::clock::{Boxed, within};
use crate::credentials::IssuedToken;
use crate::error::Error;
use crate::form::FormPayload;
use crate::inner::Inner;
use crate::job::{Job, Purpose};
use crate::login;
use crate::observer::{Attempt, CallEnd};
use crate::raw_response::RawResponse;
use crate::retry::{RetryPolicy, retry_after};
use crate::secret::Secret;
use crate::setup::FOREVER;
use crate::table::Operation;
use crate::{token, trace, transport};

/// The progress of one call.
struct CallProgress {
    start: Duration,
    /// Number of attempts that were sent.
    n_attempts: u32,
    /// Time spent waiting for turns.
    waited: Duration,
    /// Number of attempts that the retry budget paid for.
    n_retries: u32,
    has_renewed: bool,
    /// The body is single-use and was consumed by an earlier attempt.
    is_body_taken: bool,
}

/// A response with a success status, and the end of its call, which is reported once it is read.
pub(crate) struct Sent<'a> {
    pub(crate) response: RawResponse,
    pub(crate) ending: Ending<'a>,
}

/// The data for the report at the end of a call.
pub(crate) struct Ending<'a> {
    inner: &'a Inner,
    operation: &'static Operation,
    span: Span,
    progress: CallProgress,
    status: Option<u16>,
    is_reported: bool,
}

impl Ending<'_> {
    /// Reports the outcome of the call and returns it.
    pub(crate) fn end<T>(mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        self.is_reported = true;
        let error = outcome.as_ref().err();
        if error.is_none() {
            self.inner.budget().refund(self.progress.n_retries);
        }
        let n_attempts = self.progress.n_attempts;
        trace::end(&self.span, n_attempts, self.progress.waited, self.status, error);
        self.report(error, false);
        outcome
    }

    fn report(&self, error: Option<&Error>, is_dropped: bool) {
        let took = self.inner.clock().now().saturating_sub(self.progress.start);
        let (operation, n_attempts) = (self.operation, self.progress.n_attempts);
        let end = CallEnd { operation, n_attempts, took, error, is_dropped };
        self.inner.observe(|observer| observer.call(&end));
    }
}

impl Drop for Ending<'_> {
    /// Reports a call that the caller drops before its end.
    fn drop(&mut self) {
        if !self.is_reported {
            trace::dropped(&self.span, self.progress.n_attempts);
            self.report(None, true);
        }
    }
}

/// Sends until there is a response or no attempt is left.
///
/// If the call fails, its end is reported here, otherwise with [`Ending::end`].
pub(crate) async fn send(inner: &Inner, job: Job) -> Result<Sent<'_>, Error> {
    let operation = job.operation;
    let is_write = job.is_write();
    let server = match &job.purpose {
        Purpose::Token(endpoint) => &endpoint.server,
        Purpose::Call | Purpose::Login => inner.server(),
    };
    let span = trace::call(operation, server);
    let start = inner.clock().now();
    let progress = CallProgress {
        start,
        n_attempts: 0,
        waited: Duration::ZERO,
        n_retries: 0,
        has_renewed: false,
        is_body_taken: false,
    };
    let mut ending =
        Ending { inner, operation, span: span.clone(), progress, status: None, is_reported: false };
    let outcome = attempts(inner, job, &mut ending.progress).instrument(span).await;
    ending.status =
        outcome.as_ref().map_or_else(Error::status, |response| Some(response.status().as_u16()));
    let n_attempts = ending.progress.n_attempts;
    match outcome {
        Ok(mut response) => {
            response.context.after(n_attempts);
            Ok(Sent { response, ending })
        }
        Err(error) => ending.end(Err(error.in_operation(operation.id).after(n_attempts, is_write))),
    }
}

async fn attempts(
    inner: &Inner,
    mut job: Job,
    progress: &mut CallProgress,
) -> Result<RawResponse, Error> {
    let policy = inner.retry_policy();
    loop {
        let Turn { carried, waited } = turn(inner, &job, progress).await?;
        let left = time_left(inner, progress).ok_or_else(Error::no_time)?;
        let mut request = match job.copy()? {
            Some(request) => request,
            None => {
                progress.is_body_taken = true;
                std::mem::replace(
                    &mut job.request,
                    Request::new(Method::GET, inner.base_url().clone()),
                )
            }
        };
        let prepared =
            within(inner.clock(), left, prepared(inner, &job, &mut request, &carried)).await;
        let secrets = prepared.unwrap_or_else(|| Err(Error::no_time()))?.into();
        *request.timeout_mut() = Some(inner.timeout().min(left).min(FOREVER));

        progress.n_attempts += 1;
        let sent_at = inner.clock().now();
        let outcome = exchange(inner, &job, request, secrets).await;
        let outcome = outcome.map_err(|error| {
            error.after(progress.n_attempts, job.is_write()).for_request(|| job.text())
        });
        let took = inner.clock().now().saturating_sub(sent_at);
        let next = match &outcome {
            Ok(_) => Next::End,
            Err(error) => {
                let decision = decide(inner, &job, &policy, progress, error, &carried);
                carry_out(decision, inner, job.operation, progress, &carried)
            }
        };
        report_attempt(inner, job.operation, progress.n_attempts, waited, took, &outcome, &next);
        match next {
            Next::End => return outcome,
            Next::Renew => {}
            Next::Pause(pause) => inner.clock().sleep(pause).await,
        }
    }
}

/// The credentials of an attempt whose turn has come.
struct Turn {
    carried: Vec<Carried>,
    waited: Duration,
}

/// Obtains the credentials before waiting for the turn, so that no turn is held during a login.
async fn turn(inner: &Inner, job: &Job, progress: &mut CallProgress) -> Result<Turn, Error> {
    let carried = credentials(inner, job, progress).await?;
    let waited = wait(inner, job, progress).await?;
    let now = inner.clock().now();
    if carried.iter().all(|one| one.is_current(now)) {
        return Ok(Turn { carried, waited });
    }
    // A token was refused or expired while waiting. Trying once more is enough: a token may expire
    // faster than the queue moves.
    let carried = credentials(inner, job, progress).await?;
    let again = wait(inner, job, progress).await?;
    Ok(Turn { carried, waited: waited.saturating_add(again) })
}

/// Waits for the turn and returns how long. A wait for which the vendor asked counts as the call's
/// own time.
async fn wait(inner: &Inner, job: &Job, progress: &mut CallProgress) -> Result<Duration, Error> {
    let left = time_left(inner, progress).unwrap_or_default();
    let waited = inner.limiter().turn(job.operation, left).await.map_err(Error::held)?;
    let queued = waited.total.saturating_sub(waited.held);
    progress.waited = progress.waited.saturating_add(queued);
    Ok(waited.total)
}

/// Inserts the credentials into a request, and returns its secrets.
async fn prepared(
    inner: &Inner,
    job: &Job,
    request: &mut Request,
    carried: &[Carried],
) -> Result<Vec<Secret>, Error> {
    match &job.purpose {
        // It goes to another place than the API, and is complete.
        Purpose::Token(_) => Ok(Vec::new()),
        Purpose::Call | Purpose::Login => inner.prepare(job.operation, request, carried).await,
    }
}

/// Sends one request and reads as much of its response as is wanted.
async fn exchange(
    inner: &Inner,
    job: &Job,
    request: Request,
    secrets: Arc<[Secret]>,
) -> Result<RawResponse, Error> {
    let asked = inner.has_own_http().then(|| request.url().clone());
    let response = match job.form.as_ref().and_then(FormPayload::n_moved) {
        None => match &job.purpose {
            Purpose::Token(endpoint) => endpoint.http.execute(request).await?,
            Purpose::Call | Purpose::Login => inner.http().execute(request).await?,
        },
        Some(n_moved) => upload(inner, request, n_moved).await?,
    };
    if asked.is_some_and(|asked| asked != *response.url()) {
        // The request has gone somewhere, so its outcome is unknown.
        let what = "the HTTP client of `.http_client(…)` followed a redirect, which it must not";
        return Err(Error::decode(None, what, Vec::new()));
    }
    RawResponse::receive(inner.clone(), job, secrets, response).await
}

/// Sends a request with files, which may take any time as long as it makes progress.
async fn upload(inner: &Inner, request: Request, n_moved: &AtomicU64) -> Result<Response, Error> {
    let sending = inner.http_for_files().execute(request);
    let sent = transport::while_it_moves(sending, inner.stall_timeout(), n_moved).await;
    Ok(sent.ok_or_else(Error::stalled)??)
}

/// The step after an attempt.
enum Next {
    End,
    /// The token was refused: try again at once with a new one.
    Renew,
    Pause(Duration),
}

/// The consequences of a failed attempt for its call and the calls after it.
struct Decision {
    /// The delay of all requests that the vendor asked for.
    hold: Option<Duration>,
    is_token_refused: bool,
    /// A pause that still has to be paid for.
    next: Next,
}

/// Decides what follows a failed attempt. All side effects are left to [`carry_out`].
fn decide(
    inner: &Inner,
    job: &Job,
    policy: &RetryPolicy,
    progress: &CallProgress,
    error: &Error,
    carried: &[Carried],
) -> Decision {
    let asked = error.headers().and_then(|headers| retry_after(headers, inner.clock().unix()));
    let is_token_refused = error.is_vendor() && error.status() == Some(401);
    let is_repeatable = !progress.is_body_taken && job.is_repeatable();
    let next = if !is_repeatable || error.is_outcome_unknown() {
        Next::End
    } else if is_token_refused && carried.iter().any(|one| one.issuer.is_some()) {
        if progress.has_renewed { Next::End } else { Next::Renew }
    } else if error.is_retryable() {
        let pause = policy.pause(progress.n_attempts, asked, inner.chance());
        let left = time_left(inner, progress).unwrap_or_default();
        pause.filter(|pause| *pause < left).map_or(Next::End, Next::Pause)
    } else {
        Next::End
    };
    Decision { hold: error.is_rate_limited().then(|| policy.hold(asked)), is_token_refused, next }
}

/// Carries out a decision. The call ends if the retry budget can't pay for a pause.
fn carry_out(
    decision: Decision,
    inner: &Inner,
    operation: &Operation,
    progress: &mut CallProgress,
    carried: &[Carried],
) -> Next {
    let Decision { hold, is_token_refused, next } = decision;
    if let Some(wait) = hold {
        inner.limiter().hold(operation, wait);
    }
    if is_token_refused {
        carried.iter().for_each(Carried::forget);
    }
    match next {
        Next::End => return Next::End,
        Next::Renew => progress.has_renewed = true,
        Next::Pause(_) if inner.budget().pay() => progress.n_retries += 1,
        Next::Pause(_) => return Next::End,
    }
    next
}

/// Returns the time that the call has left. Waiting for turns does not count.
fn time_left(inner: &Inner, progress: &CallProgress) -> Option<Duration> {
    let spent = inner.clock().now().saturating_sub(progress.start).saturating_sub(progress.waited);
    inner.total_timeout().checked_sub(spent).filter(|left| !left.is_zero())
}

/// Obtains the credentials of one attempt within the time that the call has left.
async fn credentials(
    inner: &Inner,
    job: &Job,
    progress: &CallProgress,
) -> Result<Vec<Carried>, Error> {
    if job.is_login() {
        return Ok(Vec::new());
    }
    let left = time_left(inner, progress).ok_or_else(Error::no_time)?;
    // This includes waiting for another call's login, which may have more time than this call.
    let carried = within(inner.clock(), left, carried(inner, job.operation)).await;
    carried.unwrap_or_else(|| Err(Error::no_time()))
}

/// Obtains the credentials. A missing one is an error before anything is sent.
async fn carried(inner: &Inner, operation: &Operation) -> Result<Vec<Carried>, Error> {
    let mut carried = Vec::new();
    for wanted in inner.auth().choose(operation, inner.clock().now()).await? {
        carried.push(match wanted {
            Wanted::Secret(secret) => secret,
            Wanted::Token { scheme, how, session } => {
                // The token is for all calls, so the options of the current one do not apply.
                let log_in = || log_in(inner.without_options(), how);
                let (secret, number) = session.token(inner.shared_clock(), log_in).await?;
                Carried { scheme, secret, issuer: Some(Issuer::new(session, number)) }
            }
        });
    }
    Ok(carried)
}

/// Logs in with a call that has its own turn, attempts and time limits.
fn log_in(inner: Inner, how: How) -> Boxed<'static, Result<IssuedToken, Error>> {
    // Boxed, because a call may log in and a login is a call.
    Box::pin(async move {
        let request = match how {
            How::Login(login, grant) => {
                let job = login::job(&inner, login, &grant)?;
                let Sent { response, ending } = send(&inner, job).await?;
                let issued = login::read(&inner, login, response).await;
                return ending.end(issued.map(|(issued, _)| issued));
            }
            How::OAuth(request) => request,
        };
        let _turn = match &request.user {
            Some(user) => Some(user.turn().await),
            None => None,
        };
        let job = token::job(&inner, &request).await?;
        let issued = match send(&inner, job).await {
            Ok(Sent { response, ending }) => {
                ending.end(token::read(&inner, &request, response).await)
            }
            Err(error) => Err(error),
        };
        let may_be_spent = |error: &Error| error.is_vendor() || error.may_have_happened();
        if let Some(user) =
            request.user.as_ref().filter(|_| issued.as_ref().is_err_and(may_be_spent))
        {
            user.spend_code();
        }
        issued
    })
}

fn report_attempt(
    inner: &Inner,
    operation: &Operation,
    number: u32,
    waited: Duration,
    took: Duration,
    outcome: &Result<RawResponse, Error>,
    next: &Next,
) {
    let status = outcome.as_ref().map(|response| response.status().as_u16());
    let pause = match next {
        Next::Pause(pause) => Some(*pause),
        Next::Renew => Some(Duration::ZERO),
        Next::End => None,
    };
    trace::attempt(number, took, status, pause);
    let attempt = Attempt {
        operation,
        number,
        waited,
        took,
        status: status.map_or_else(Error::status, Some),
        error: outcome.as_ref().err(),
        pause,
    };
    inner.observe(|observer| observer.attempt(&attempt));
}
