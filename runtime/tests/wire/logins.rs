//! Tests logins: shared by all calls, renewed early, and hidden from everyone else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use prumo_runtime::{
    Boxed, CallOptions, ClientSetup, CredentialError, Credentials, Error, RateLimit, RetryPolicy,
    Secret,
};
use tokio::task::JoinSet;

use crate::beta::{Beta, OPERATIONS, SCHEMES, SECRET, setup};
use crate::clock::FakeClock;
use crate::everything_printed;
use crate::script::{Scripted, Step, json};
use crate::server::Received;

const LOGIN: &str = "POST /oauth/token";
const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;
const NO: &str = r#"{"erro":true,"mensagem":"não"}"#;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Returns the response to login number `n`, starting at 0.
fn token(n: usize, life: &str) -> Vec<u8> {
    json(200, &format!(r#"{{"access_token":"{SECRET}-t{}","expires_in":{life}}}"#, n + 1))
}

/// Returns the number of the token that a request carries.
fn carried(request: &Received) -> Option<usize> {
    request.header("authorization")?.strip_prefix("Bearer s3cr3t-c0ffee-t")?.parse().ok()
}

/// A vendor that issues the tokens 1, 2, … and returns an order for a good one.
async fn vendor(life: &'static str, is_good: fn(usize) -> bool) -> Scripted {
    Scripted::answering(move |n_before, request| match request.line() {
        LOGIN => token(n_before, life),
        _ if carried(request).is_some_and(is_good) => json(200, ORDER),
        _ => json(401, NO),
    })
    .await
}

/// Returns what the vendor was asked for: `login`, or the number of the token.
fn story(vendor: &Scripted) -> Vec<String> {
    let tell = |request: &Received| match (request.line(), carried(request)) {
        (LOGIN, None) => "login".to_owned(),
        (_, Some(number)) => format!("t{number}"),
        (line, None) => line.to_owned(),
    };
    vendor.requests().iter().map(tell).collect()
}

fn n_logins(vendor: &Scripted) -> usize {
    vendor.lines().iter().filter(|line| *line == LOGIN).count()
}

/// Makes `n` calls at once and returns their errors.
async fn at_once(n: usize, client: &Beta) -> Vec<Error> {
    let mut calls = JoinSet::new();
    for _ in 0..n {
        let client = client.clone();
        calls.spawn(async move { client.read_order(7).await.map(drop) });
    }
    calls.join_all().await.into_iter().filter_map(Result::err).collect()
}

fn client(vendor: &Scripted, clock: &FakeClock) -> Beta {
    Beta::with(setup(&vendor.base_url, clock).retry(RetryPolicy::never()))
}

#[tokio::test]
async fn however_many_calls_wait_one_logs_in() {
    let vendor = vendor("3600", |_| true).await;
    let client = client(&vendor, &FakeClock::new());
    assert!(at_once(100, &client).await.is_empty());
    assert_eq!((n_logins(&vendor), vendor.requests().len()), (1, 101));

    let login = vendor.requests().remove(0);
    assert_eq!(login.header("content-type"), Some("application/json"));
    let sent: serde_json::Value = serde_json::from_slice(&login.body).unwrap();
    let expect = serde_json::json!({
        "grant_type": "password", "client_id": "42", "client_secret": SECRET,
        "username": "api@provedor.example", "password": SECRET,
    });
    assert_eq!(sent, expect);
}

#[tokio::test]
async fn a_login_that_fails_fails_for_those_who_waited_and_for_no_later_call() {
    let vendor = Scripted::answering(|n_before, request| match (request.line(), n_before) {
        (LOGIN, 0) => json(401, &format!(r#"{{"error_description":"senha {SECRET} errada"}}"#)),
        (LOGIN, _) => token(n_before, "3600"),
        _ => json(200, ORDER),
    })
    .await;
    let client = client(&vendor, &FakeClock::new());
    let errors = at_once(10, &client).await;
    assert_eq!((errors.len(), n_logins(&vendor)), (10, 1));
    for error in errors {
        assert!(error.is_login() && error.is_auth() && error.is_vendor());
        assert!(!error.may_have_happened() && !error.is_retryable());
        assert_eq!((error.status(), error.n_attempts()), (Some(401), 0));
        assert_eq!(
            error.to_string(),
            "`readOrder`: the login before the call failed: \
             `logIn`: the vendor refused with status 401: senha *** errada"
        );
        assert!(!everything_printed(&error).contains(SECRET));
        assert_eq!(error.body(), Some(&b""[..]), "what answers a login may hold a token");
    }
    assert!(at_once(10, &client).await.is_empty());
    assert_eq!(n_logins(&vendor), 2);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_runs_out() {
    let (vendor, clock) = (vendor("600", |_| true).await, FakeClock::new());
    let client = client(&vendor, &clock);
    for (advance, expect) in [(0, 1), (539, 1), (1, 2), (539, 2), (1, 3)] {
        clock.advance(seconds(advance));
        client.read_order(7).await.unwrap();
        assert_eq!(n_logins(&vendor), expect);
    }
}

#[tokio::test]
async fn a_renewal_that_fails_leaves_the_old_token_until_it_runs_out() {
    let vendor = Scripted::answering(|n_before, request| match (request.line(), n_before) {
        (LOGIN, 0) => token(0, "600"),
        (LOGIN, _) => json(503, NO),
        _ => json(200, ORDER),
    })
    .await;
    let clock = FakeClock::new();
    let client = client(&vendor, &clock);
    client.read_order(7).await.unwrap();
    // (advance, logins so far)
    for (advance, expect) in [(540, 2), (29, 2), (1, 3)] {
        clock.advance(seconds(advance));
        assert!(at_once(3, &client).await.is_empty());
        assert_eq!(n_logins(&vendor), expect);
    }
    clock.advance(seconds(30));
    let error = client.read_order(7).await.unwrap_err();
    assert!(error.is_login() && error.is_retryable() && !error.is_auth(), "{error}");
    assert_eq!((error.status(), n_logins(&vendor)), (Some(503), 4));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_a_call() {
    let vendor = vendor("3600", |number| number != 1).await;
    let client = client(&vendor, &FakeClock::new());
    let answer = client.create_order().await.unwrap();
    assert_eq!(answer.id, 7);
    assert_eq!(story(&vendor), ["login", "t1", "login", "t2"]);
    client.read_order(7).await.unwrap();
    assert_eq!(story(&vendor).len(), 5, "the new token stays");
}

#[tokio::test]
async fn a_token_that_many_calls_found_refused_is_renewed_once() {
    let vendor = vendor("3600", |number| number != 1).await;
    let client = client(&vendor, &FakeClock::new());
    assert!(at_once(100, &client).await.is_empty());
    assert_eq!(n_logins(&vendor), 2);
}

#[tokio::test]
async fn a_vendor_that_refuses_every_token_is_asked_twice() {
    let vendor = vendor("3600", |_| false).await;
    let client = client(&vendor, &FakeClock::new());
    for expect in [2, 4] {
        let error = client.create_order().await.unwrap_err();
        assert!(error.is_auth() && !error.is_login() && !error.is_outcome_unknown());
        assert_eq!((error.status(), error.n_attempts(), n_logins(&vendor)), (Some(401), 2, expect));
    }
}

#[tokio::test]
async fn a_refusal_that_speaks_for_a_success_is_not_repeated() {
    let vendor = Scripted::answering(|n_before, request| match request.line() {
        LOGIN => token(n_before, "3600"),
        _ => json(401, ORDER),
    })
    .await;
    let error = client(&vendor, &FakeClock::new()).create_order().await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(story(&vendor), ["login", "t1"]);
}

#[tokio::test]
async fn no_token_goes_where_none_is_needed() {
    let vendor = Scripted::answering(|_, _| json(200, ORDER)).await;
    client(&vendor, &FakeClock::new()).news().await.unwrap();
    assert_eq!(vendor.lines(), ["GET /news"]);
    assert_eq!(vendor.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_login_goes_on_for_the_others_when_its_call_is_dropped() {
    let vendor = Scripted::playing(vec![
        vec![Step::Read, Step::Send(token(0, "3600"))],
        vec![Step::Read, Step::Send(json(200, ORDER))],
    ])
    .await;
    let client = client(&vendor, &FakeClock::new());
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.read_order(7).await.map(drop) }
    });
    tokio::task::yield_now().await;
    let second = tokio::spawn(async move { client.read_order(7).await.map(drop) });
    tokio::task::yield_now().await;
    first.abort();
    second.await.unwrap().unwrap();
    assert_eq!(story(&vendor), ["login", "t1"]);
}

#[tokio::test]
async fn nobody_waits_for_the_login_of_another_call_beyond_its_own_time() {
    let vendor = Scripted::playing(vec![vec![Step::Read, Step::Stall]]).await;
    let client = client(&vendor, &FakeClock::new());
    let patient = tokio::spawn({
        let client = client.clone();
        async move { client.read_order(7).await.map(drop) }
    });
    vendor.until_requests(1).await;
    let hasty = client.but(&CallOptions::new().total_timeout(seconds(10)));
    let error = hasty.create_order().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable() && !error.may_have_happened());
    assert_eq!(
        error.to_string(),
        "`createOrder`: the call ran out of time before it could be sent"
    );
    assert_eq!((error.n_attempts(), vendor.requests().len()), (0, 1));
    assert!(!patient.is_finished());
}

#[tokio::test]
async fn the_options_of_a_call_are_not_those_of_the_login() {
    let vendor = Scripted::answering(|n_before, request| match (request.line(), n_before) {
        (LOGIN, 0) => json(503, NO),
        (LOGIN, _) => token(n_before, "3600"),
        _ => json(200, ORDER),
    })
    .await;
    let clock = FakeClock::new();
    let client = Beta::with(setup(&vendor.base_url, &clock));
    let options = CallOptions::new().no_retry().header("x-request-id", "7f3a");
    client.but(&options).read_order(7).await.unwrap();
    assert_eq!(story(&vendor), ["login", "login", "t2"]);
    let ids: Vec<Option<String>> =
        vendor.requests().iter().map(|one| one.header("x-request-id").map(str::to_owned)).collect();
    assert_eq!(ids, [None, None, Some("7f3a".to_owned())]);
}

#[tokio::test]
async fn the_life_of_a_token_is_read_in_every_spelling() {
    let cases = [
        ("600", 2),
        ("\"600\"", 2),
        ("600.5", 2),
        ("null", 1),
        ("\"soon\"", 1),
        ("0", 1),
        ("-1", 1),
        ("18446744073709551615", 1),
        ("1e300", 1),
        ("[600]", 1),
    ];
    for (life, expect) in cases {
        let (vendor, clock) = (vendor(life, |_| true).await, FakeClock::new());
        let client = client(&vendor, &clock);
        client.read_order(7).await.unwrap();
        clock.advance(seconds(3600));
        client.read_order(7).await.unwrap();
        assert_eq!(n_logins(&vendor), expect, "expires_in {life}");
    }
}

#[tokio::test]
async fn a_login_without_a_token_is_an_error_that_keeps_nothing() {
    let cases = [
        (
            r#"{"token":"s3cr3t-c0ffee-x"}"#,
            "can't decode the response with status 200 at `/access_token`: the login returned no token",
        ),
        (
            r#"{"access_token":""}"#,
            "can't decode the response with status 200 at `/access_token`: the login returned no token",
        ),
        (
            r#"{"access_token":"s3cr3t-c0ffee-x\n"}"#,
            "can't decode the response with status 200 at `/access_token`: the login returned a token that no header can contain",
        ),
        (
            r#"{"access_token":["s3cr3t-c0ffee-x"]}"#,
            "can't decode the response with status 200 at `/access_token`: the login returned no token",
        ),
        (
            "<html>s3cr3t-c0ffee-x</html>",
            "can't decode the response with status 200: the login response is not JSON",
        ),
    ];
    for (body, expect) in cases {
        let vendor = Scripted::answering(move |_, _| json(200, body)).await;
        let error = client(&vendor, &FakeClock::new()).create_order().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`createOrder`: the login before the call failed: `logIn`: {expect}")
        );
        assert!(error.is_login() && error.is_decode() && !error.may_have_happened());
        assert!(!everything_printed(&error).contains("s3cr3t"));
        assert_eq!(error.body(), Some(&b""[..]));
    }
}

#[tokio::test]
async fn a_login_that_is_refused_inside_a_success_says_why() {
    let body = r#"{"error":"invalid_credentials","message":"user or s3cr3t-c0ffee is wrong"}"#;
    let vendor = Scripted::answering(move |_, _| json(200, body)).await;
    let error = client(&vendor, &FakeClock::new()).create_order().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`createOrder`: the login before the call failed: `logIn`: \
         the vendor refused with status 200: user or *** is wrong"
    );
    assert!(
        error.is_auth() && error.is_login() && !error.may_have_happened() && !error.is_retryable()
    );
    assert_eq!(error.body(), Some(&b""[..]));
}

#[tokio::test]
async fn a_token_that_ran_out_in_the_queue_is_renewed_before_the_call_goes_out() {
    let (vendor, clock) = (vendor("15", |_| true).await, FakeClock::new());
    let setup = setup(&vendor.base_url, &clock).rate_limit(RateLimit { requests: 1, seconds: 10 });
    let client = Beta::with(setup.retry(RetryPolicy::never()));
    assert!(at_once(3, &client).await.is_empty());
    assert_eq!(story(&vendor), ["login", "t1", "login", "t2", "t2"]);
}

/// A store that records the names it is asked for.
struct Asked(Arc<Mutex<Vec<String>>>);

impl Credentials for Asked {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        self.0.lock().unwrap().push(name.to_owned());
        let has_it = matches!(name, "username" | "password");
        Box::pin(std::future::ready(Ok(has_it.then(|| Secret::new(SECRET)))))
    }
}

#[tokio::test]
async fn a_store_is_asked_for_what_a_login_needs_when_one_is_due() {
    let vendor = vendor("3600", |_| true).await;
    let asked = Arc::default();
    let setup = ClientSetup::new(OPERATIONS, SCHEMES, None).base_url(&vendor.base_url);
    let client = Beta::with(setup.clock(FakeClock::new()).credentials(Asked(Arc::clone(&asked))));
    for _ in 0..3 {
        client.create_order().await.unwrap();
    }
    assert_eq!(story(&vendor), ["login", "t1", "t1", "t1"]);
    let n_asked = |name: &str| asked.lock().unwrap().iter().filter(|asked| *asked == name).count();
    assert_eq!((n_asked("username"), n_asked("password")), (1, 1));
}
