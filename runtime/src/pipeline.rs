//! A prepared request to an answer: credentials, a turn, attempts, pauses.
//!
//! This is the one place from which anything is sent. In the order of each
//! attempt: wait for the turn, put the credentials in, send, read the answer,
//! decide whether to try again.
//!
//! Invariants:
//!
//! * What may have been carried out is not sent twice, unless it is a read.
//! * A refused token (401) is renewed once a call; a refusal is no work done,
//!   so this is safe for writes.
//! * Every call ends with one report to the observers, and every attempt with one.

use std::time::Duration;

use reqwest::{Method, Request, Response};
use tracing::{Instrument, Span};

use crate::auth::{Carried, Wanted};
use crate::error::Error;
use crate::form::FormPayload;
use crate::inner::Inner;
use crate::login;
use crate::observer::{Attempt, CallEnd};
use crate::reply::Reply;
use crate::retry::{PASSING, RetryPolicy, retry_after};
use crate::table::Operation;
use crate::trace;

/// A pause that the vendor asks for without saying how long it takes.
const UNTOLD_PAUSE: Duration = Duration::from_secs(1);

/// A request that lacks its credentials, and what is known of it.
pub(crate) struct Job {
    pub(crate) operation: &'static Operation,
    pub(crate) request: Request,
    /// The body, if it is a form: made anew for each attempt.
    pub(crate) form: Option<FormPayload>,
    /// Whether the answer is read to its end, or handed on as it comes.
    pub(crate) whole: bool,
    /// It asks for a token, so it carries none, and to do it twice does no harm.
    pub(crate) is_login: bool,
}

impl Job {
    /// Sending it twice does what sending it once does.
    fn is_safe(&self) -> bool {
        self.is_login || matches!(*self.request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
    }

    /// The request of one attempt; `None` if its body can't be had again.
    fn copy(&self) -> Result<Option<Request>, Error> {
        let Some(mut request) = self.request.try_clone() else {
            return Ok(None);
        };
        if let Some(form) = &self.form {
            *request.body_mut() = Some(form.body()?);
        }
        Ok(Some(request))
    }

    fn is_repeatable(&self) -> bool {
        let is_stream = self.request.body().is_some_and(|body| body.as_bytes().is_none());
        !is_stream && self.form.as_ref().is_none_or(FormPayload::is_repeatable)
    }
}

/// What one call has come to so far.
struct Progress {
    start: Duration,
    /// Attempts that were sent.
    n_attempts: u32,
    /// Time spent waiting for turns.
    waited: Duration,
    has_renewed: bool,
}

/// Sends until there is an answer, or no attempt is left.
pub(crate) async fn send(inner: &Inner, job: Job) -> Result<Reply, Error> {
    let span = trace::call(job.operation, inner.server());
    let ended = span.clone();
    run(inner, job, ended).instrument(span).await
}

async fn run(inner: &Inner, job: Job, span: Span) -> Result<Reply, Error> {
    let operation = job.operation;
    let is_write = !job.is_safe();
    let start = inner.clock().now();
    let mut progress = Progress { start, n_attempts: 0, waited: Duration::ZERO, has_renewed: false };
    let outcome = attempts(inner, job, &mut progress).await;
    let outcome =
        outcome.map_err(|error| error.in_operation(operation.id).after(progress.n_attempts, is_write));
    if outcome.is_ok() {
        inner.budget().refund(progress.n_attempts.saturating_sub(1));
    }
    let status = outcome.as_ref().map(|reply| reply.status().as_u16());
    trace::end(&span, progress.n_attempts, progress.waited, status);
    for observer in inner.observers() {
        observer.call(&CallEnd {
            operation,
            n_attempts: progress.n_attempts,
            took: inner.clock().now().saturating_sub(start),
            error: outcome.as_ref().err(),
        });
    }
    outcome
}

async fn attempts(inner: &Inner, mut job: Job, progress: &mut Progress) -> Result<Reply, Error> {
    let policy = inner.retry_policy();
    loop {
        let turn = inner.limiter().turn(job.operation).await;
        progress.waited = progress.waited.saturating_add(turn);
        let carried = credentials(inner, &job).await?;
        let Some(left) = time_left(inner, progress) else {
            return Err(Error::no_time());
        };
        let mut request = match job.copy()? {
            Some(request) => request,
            None => std::mem::replace(&mut job.request, Request::new(Method::GET, inner.base_url().clone())),
        };
        inner.prepare(job.operation, &mut request, &carried).await?;
        *request.timeout_mut() = Some(inner.timeout().min(left));

        progress.n_attempts += 1;
        let sent_at = inner.clock().now();
        let outcome = exchange(inner, &job, request).await;
        let took = inner.clock().now().saturating_sub(sent_at);
        let next = match &outcome {
            Ok(_) => Next::End,
            Err(error) => decide(inner, &job, &policy, progress, error, &carried),
        };
        report(inner, job.operation, progress.n_attempts, turn, took, &outcome, &next);
        match next {
            Next::End => return outcome,
            Next::Renew => {}
            Next::Pause(pause) => inner.clock().sleep(pause).await,
        }
    }
}

/// One request, and its answer as far as it is wanted.
async fn exchange(inner: &Inner, job: &Job, request: Request) -> Result<Reply, Error> {
    let response: Response = inner.http().execute(request).await?;
    let reply = Reply::receive(inner.clone(), job.operation, response, job.whole).await?;
    Ok(reply)
}

/// What follows an attempt that failed.
enum Next {
    End,
    /// The token was refused: once more with a new one, at once.
    Renew,
    Pause(Duration),
}

fn decide(
    inner: &Inner,
    job: &Job,
    policy: &RetryPolicy,
    progress: &mut Progress,
    error: &Error,
    carried: &[Carried],
) -> Next {
    let asked = error.headers().and_then(|headers| retry_after(headers, inner.clock().unix()));
    if error.is_rate_limited() {
        inner.limiter().hold(job.operation, asked.unwrap_or(UNTOLD_PAUSE));
    }
    if !job.is_repeatable() {
        return Next::End;
    }
    let has_login = carried.iter().any(|one| one.login.is_some());
    if error.status() == Some(401) && error.is_vendor() && has_login {
        carried.iter().for_each(|one| inner.auth().forget(one));
        if progress.has_renewed {
            return Next::End;
        }
        progress.has_renewed = true;
        return Next::Renew;
    }
    if !is_worth_another(job, error) {
        return Next::End;
    }
    let Some(pause) = policy.pause(progress.n_attempts, asked, inner.chance()) else {
        return Next::End;
    };
    let has_time = time_left(inner, progress).is_some_and(|left| pause < left);
    if has_time && inner.budget().pay() { Next::Pause(pause) } else { Next::End }
}

/// Whether the same request may do better, and can do no harm.
fn is_worth_another(job: &Job, error: &Error) -> bool {
    if error.is_connect() || error.is_rate_limited() {
        return true;
    }
    job.is_safe()
        && (error.is_transport()
            || error.is_vendor() && error.status().is_some_and(|status| PASSING.contains(&status)))
}

/// What is left of the call's time; the wait for its turns is not counted.
fn time_left(inner: &Inner, progress: &Progress) -> Option<Duration> {
    let spent = inner.clock().now().saturating_sub(progress.start).saturating_sub(progress.waited);
    inner.total_timeout().checked_sub(spent).filter(|left| !left.is_zero())
}

/// The credentials of one attempt. What is missing is an error before anything is sent.
async fn credentials(inner: &Inner, job: &Job) -> Result<Vec<Carried>, Error> {
    if job.is_login {
        return Ok(Vec::new());
    }
    let mut carried = Vec::new();
    for wanted in inner.auth().choose(job.operation).await? {
        carried.push(match wanted {
            Wanted::Secret(secret) => secret,
            Wanted::Token { scheme, login, session, grant } => {
                let log_in = || login::log_in(inner, login, grant);
                let (secret, number) = session.token(inner.clock(), log_in).await?;
                Carried { scheme, secret, login: Some(number) }
            }
        });
    }
    Ok(carried)
}

fn report(
    inner: &Inner,
    operation: &Operation,
    number: u32,
    waited: Duration,
    took: Duration,
    outcome: &Result<Reply, Error>,
    next: &Next,
) {
    let status = outcome.as_ref().map(|reply| reply.status().as_u16());
    let pause = match next {
        Next::Pause(pause) => Some(*pause),
        Next::Renew => Some(Duration::ZERO),
        Next::End => None,
    };
    trace::attempt(number, took, status, pause);
    for observer in inner.observers() {
        observer.attempt(&Attempt {
            operation,
            number,
            waited,
            took,
            status: status.map_or_else(Error::status, Some),
            error: outcome.as_ref().err(),
            pause,
        });
    }
}
