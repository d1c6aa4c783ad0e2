//! Tests what is retried, how often, after which pause, and what never is.

use std::time::Duration;

use prumo_runtime::{CallOptions, Error, FilePart, RetryPolicy};

use crate::beta::{Beta, setup};
use crate::clock::FakeClock;
use crate::script::{Scripted, Step, answer, json};
use crate::watcher::Watcher;

const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;
const NO: &str = r#"{"erro":true,"mensagem":"não"}"#;

/// Has no pauses of its own, so that only those that a vendor asks for remain.
fn policy() -> RetryPolicy {
    RetryPolicy::default().first_pause(Duration::ZERO)
}

/// Returns a client with a token, so that it never logs in.
fn client(base_url: &str, clock: &FakeClock) -> Beta {
    Beta::with(setup(base_url, clock).credential("session", "t").retry(policy()))
}

/// A vendor that returns `first` this many times, then an order.
async fn vendor(n_first: usize, first: Vec<u8>) -> Scripted {
    Scripted::answering(
        move |n_before, _| if n_before < n_first { first.clone() } else { json(200, ORDER) },
    )
    .await
}

struct Case {
    name: &'static str,
    status: u16,
    headers: &'static str,
    body: &'static str,
    /// Number of requests for a read and for a write.
    n_requests: (usize, usize),
    /// The sleeps of a read, in seconds.
    slept: &'static [f64],
    /// The failed write may have been carried out.
    is_unknown: bool,
}

const CASE: Case = Case {
    name: "",
    status: 429,
    headers: "",
    body: NO,
    n_requests: (2, 2),
    slept: &[],
    is_unknown: false,
};

/// The vendor, or a proxy in front of it, is down.
const DOWN: Case = Case { status: 503, n_requests: (2, 1), is_unknown: true, ..CASE };

const CASES: &[Case] = &[
    Case { name: "too many, for seconds", headers: "retry-after: 7\r\n", slept: &[7.0], ..CASE },
    Case {
        name: "too many, until a date",
        headers: "Retry-After: Sun, 22 Nov 2026 03:00:13 GMT\r\n",
        slept: &[13.0],
        ..CASE
    },
    Case {
        name: "too many, until a date that is over",
        headers: "Retry-After: Sun, 22 Nov 2026 02:00:00 GMT\r\n",
        ..CASE
    },
    Case {
        name: "too many, as a page that names no time",
        headers: "content-type: text/html\r\n",
        body: "<html>Too Many Requests</html>",
        slept: &[1.0],
        ..CASE
    },
    Case {
        name: "too many, for too long",
        headers: "retry-after: 21\r\n",
        n_requests: (1, 1),
        ..CASE
    },
    Case {
        name: "too many, but it was done",
        headers: "retry-after: 7\r\n",
        body: ORDER,
        n_requests: (2, 1),
        slept: &[7.0],
        is_unknown: true,
        ..CASE
    },
    Case { name: "no answer from behind", status: 502, ..DOWN },
    Case { name: "down, for seconds", headers: "retry-after: 5\r\n", slept: &[5.0], ..DOWN },
    Case {
        name: "down, for too long",
        headers: "retry-after: 3600\r\n",
        n_requests: (1, 1),
        ..DOWN
    },
    Case { name: "no response in time from behind", status: 504, ..DOWN },
    Case { name: "a request that took too long", status: 408, ..DOWN },
    Case { name: "a crash", status: 500, ..DOWN },
    Case { name: "not built", status: 501, n_requests: (1, 1), ..DOWN },
    Case { name: "a plain refusal", status: 422, n_requests: (1, 1), ..CASE },
    Case { name: "a refusal inside a success", status: 200, n_requests: (1, 1), ..CASE },
    Case { name: "a redirect", status: 302, n_requests: (1, 1), ..DOWN },
];

#[tokio::test]
async fn what_is_safe_is_tried_again_and_nothing_else() {
    for case in CASES {
        let first = answer(case.status, case.headers, case.body);
        let (reading, writing) = (vendor(1, first.clone()).await, vendor(1, first).await);
        let clock = FakeClock::new();
        let read = client(&reading.base_url, &clock).read_order(7).await;
        let slept = clock.slept();
        let written = client(&writing.base_url, &FakeClock::new()).create_order().await;
        let n_requests = (reading.requests().len(), writing.requests().len());
        assert_eq!(
            (n_requests, slept.as_slice()),
            (case.n_requests, case.slept),
            "case `{}`",
            case.name
        );
        assert_eq!(
            (read.is_ok(), written.is_ok()),
            (n_requests.0 == 2, n_requests.1 == 2),
            "case `{}`",
            case.name
        );
        let is_unknown = written.as_ref().is_err_and(Error::is_outcome_unknown);
        assert_eq!(is_unknown, case.is_unknown, "case `{}`", case.name);
        for error in [read.err(), written.err()].into_iter().flatten() {
            assert_eq!(
                (error.n_attempts(), error.status()),
                (1, Some(case.status)),
                "case `{}`",
                case.name
            );
        }
    }
}

#[tokio::test]
async fn attempts_are_as_many_as_the_policy_or_the_call_says() {
    let vendor = vendor(usize::MAX, json(503, NO)).await;
    let client = client(&vendor.base_url, &FakeClock::new());
    let cases = [
        (CallOptions::new(), 3),
        (CallOptions::new().no_retry(), 1),
        (CallOptions::new().retry(policy().max_attempts(5)), 5),
        (CallOptions::new().retry(policy().max_attempts(0)), 1),
    ];
    let mut n_requests = 0;
    for (options, expect) in cases {
        let error = client.but(&options).read_order(7).await.unwrap_err();
        n_requests += expect;
        assert_eq!((error.n_attempts() as usize, vendor.requests().len()), (expect, n_requests));
    }
}

#[tokio::test]
async fn the_options_of_a_client_of_a_client_lie_over_each_other() {
    let vendor = vendor(usize::MAX, json(503, NO)).await;
    let once = client(&vendor.base_url, &FakeClock::new())
        .but(&CallOptions::new().no_retry().header("x-a", "1"));
    let error = once.but(&CallOptions::new().header("x-b", "2")).read_order(7).await.unwrap_err();
    assert_eq!(error.n_attempts(), 1);
    let request = vendor.requests().remove(0);
    assert_eq!((request.header("x-a"), request.header("x-b")), (Some("1"), Some("2")));
}

#[tokio::test]
async fn an_outage_is_not_made_worse() {
    let vendor = vendor(usize::MAX, json(503, NO)).await;
    let client = client(&vendor.base_url, &FakeClock::new());
    for call in 0..30 {
        let error = client.clone().read_order(7).await.unwrap_err();
        // A full budget pays for fifty retries, and the clones share it.
        assert_eq!(error.n_attempts(), if call < 25 { 3 } else { 1 }, "call {call}");
    }
}

#[tokio::test]
async fn a_call_ends_before_a_pause_that_its_time_does_not_allow() {
    let vendor = vendor(usize::MAX, answer(503, "retry-after: 6\r\n", NO)).await;
    let clock = FakeClock::new();
    let client = client(&vendor.base_url, &clock)
        .but(&CallOptions::new().total_timeout(Duration::from_secs(10)));
    let error = client.read_order(7).await.unwrap_err();
    assert_eq!(
        (error.n_attempts(), error.status()),
        (2, Some(503)),
        "after 6 seconds there are 4 left"
    );
    assert_eq!(clock.slept(), [6.0]);
}

#[tokio::test]
async fn times_without_end_break_nothing() {
    let vendor = vendor(1, json(503, NO)).await;
    let policy = RetryPolicy::default().first_pause(Duration::MAX).max_pause(Duration::MAX);
    let setup = setup(&vendor.base_url, &FakeClock::new()).credential("session", "t");
    let setup =
        setup.timeout(Duration::MAX).total_timeout(Duration::MAX).connect_timeout(Duration::MAX);
    let client = Beta::with(setup.stall_timeout(Duration::MAX).retry(policy));
    // The pause is a random share of an endless one, so the call has no time for it.
    let error =
        client.but(&CallOptions::new().total_timeout(Duration::from_secs(9))).read_order(7).await;
    assert_eq!(error.unwrap_err().n_attempts(), 1);
    assert_eq!(client.read_order(7).await.unwrap().id, 7);
}

#[tokio::test]
async fn a_request_that_reached_nobody_is_repeated_whatever_it_is() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let watcher = Watcher::default();
    let setup = setup(&base_url, &FakeClock::new()).credential("session", "t").retry(policy());
    let client = Beta::with(setup.observer(watcher.clone()));
    let error = client.create_order().await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable() && !error.may_have_happened());
    assert_eq!(error.to_string(), "`createOrder`: no connection: connection refused");
    let expect = [
        "createOrder 1: transport, no status, waited 0, pause 0",
        "createOrder 2: transport, no status, waited 0, pause 0",
        "createOrder 3: transport, no status, waited 0",
        "createOrder ended: transport, 3 attempts",
    ];
    assert_eq!(watcher.lines(), expect);
}

#[tokio::test]
async fn a_form_is_sent_whole_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("link.txt");
    std::fs::write(&path, "down since 10:58").unwrap();
    for file in [FilePart::from_path(&path), FilePart::from_bytes("link.txt", "down since 10:58")] {
        let vendor = vendor(1, json(429, NO)).await;
        client(&vendor.base_url, &FakeClock::new()).attach(file).await.unwrap();
        let [first, second] = <[_; 2]>::try_from(vendor.requests()).ok().unwrap();
        assert!(first.text().contains("down since 10:58"));
        assert_eq!(first.text(), second.text());
        assert_eq!(first.header("content-length"), second.header("content-length"));
    }
}

/// Returns a body that is single-use.
fn stream() -> reqwest::Body {
    reqwest::Body::wrap_stream(tokio_util::io::ReaderStream::new(&b"down since 10:58"[..]))
}

#[tokio::test]
async fn a_body_that_can_be_read_once_is_sent_once() {
    for refusal in [json(429, NO), json(503, NO)] {
        let vendor = Scripted::playing(vec![vec![Step::ReadBytes(10), Step::Send(refusal)]]).await;
        let client = client(&vendor.base_url, &FakeClock::new());
        let error = client.attach_once(stream()).await.unwrap_err();
        assert!(error.is_vendor(), "{error}");
        assert_eq!((error.n_attempts(), vendor.n_connections()), (1, 1));
    }
}

#[tokio::test]
async fn a_token_that_was_refused_to_a_body_sent_once_is_not_used_again() {
    let token = json(200, r#"{"access_token":"t"}"#);
    let vendor = Scripted::playing(vec![
        vec![Step::Read, Step::Send(token.clone())],
        vec![Step::ReadBytes(10), Step::Send(json(401, NO))],
        vec![Step::Read, Step::Send(token)],
        vec![Step::Read, Step::Send(json(200, ORDER))],
    ])
    .await;
    let client = Beta::with(setup(&vendor.base_url, &FakeClock::new()));
    let error = client.attach_once(stream()).await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    client.read_order(7).await.unwrap();
    assert_eq!(vendor.lines(), ["POST /oauth/token", "POST /oauth/token", "GET /orders/7"]);
}

#[tokio::test]
async fn observers_are_told_of_every_attempt_answer_and_end() {
    let vendor = Scripted::answering(|n_before, request| match (request.line(), n_before) {
        ("POST /oauth/token", _) => json(200, r#"{"access_token":"t"}"#),
        (_, 0) => answer(429, "retry-after: 7\r\n", NO),
        (_, 1) => json(401, NO),
        (_, 2) => json(200, ORDER),
        _ => json(200, "<html>"),
    })
    .await;
    let watcher = Watcher::default();
    let setup =
        setup(&vendor.base_url, &FakeClock::new()).retry(policy()).observer(watcher.clone());
    let client = Beta::with(setup);
    client.create_order().await.unwrap();
    let error: Error = client.create_order().await.unwrap_err();
    assert!(error.is_decode() && error.is_outcome_unknown() && error.n_attempts() == 1);
    let expect = [
        "logIn 1: answered, 200, waited 0",
        "logIn ended: fine, 1 attempts",
        "createOrder answer 429: 31 bytes",
        "createOrder 1: vendor, 429, waited 0, pause 7",
        "createOrder answer 401: 31 bytes",
        "createOrder 2: vendor, 401, waited 0, pause 0",
        "logIn 1: answered, 200, waited 0",
        "logIn ended: fine, 1 attempts",
        "createOrder answer 200: 30 bytes",
        "createOrder 3: answered, 200, waited 0",
        "createOrder ended: fine, 3 attempts",
        "createOrder answer 200: 6 bytes",
        "createOrder 1: answered, 200, waited 0",
        "createOrder ended: decode, 1 attempts",
    ];
    assert_eq!(watcher.lines(), expect);
}
