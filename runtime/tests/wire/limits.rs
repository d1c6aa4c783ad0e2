//! Tests the rate limit: how many requests are sent, in which order, and who waits.

use std::sync::Arc;
use std::time::Duration;

use prumo_runtime::{CallOptions, Error, RateLimit, RetryPolicy};
use tokio::task::JoinSet;

use crate::beta::{Beta, setup};
use crate::clock::FakeClock;
use crate::script::{Scripted, answer, json};
use crate::watcher::Watcher;

const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;
const SECOND: Duration = Duration::from_secs(1);

async fn vendor() -> Scripted {
    Scripted::answering(|_, _| json(200, ORDER)).await
}

/// Spawns a call that sends its number to the vendor.
fn spawn(client: &Beta, number: usize) -> tokio::task::JoinHandle<Result<(), Error>> {
    let client = client.but(&CallOptions::new().header("x-number", number.to_string()));
    tokio::spawn(async move { client.list().await.map(drop) })
}

/// Returns the numbers of the calls in order of arrival.
fn arrived(vendor: &Scripted) -> Vec<String> {
    vendor.requests().iter().map(|one| one.header("x-number").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn no_span_holds_more_than_the_vendor_takes() {
    let (vendor, clock) = (vendor().await, FakeClock::still());
    let waits: Arc<std::sync::Mutex<Vec<Duration>>> = Arc::default();
    let client = Beta::with(setup(&vendor.base_url, &clock).observer(Waits(Arc::clone(&waits))));
    // An earlier pause does not allow a burst.
    clock.advance(100 * SECOND);
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { client.list().await.map(drop).unwrap() });
    }
    for _ in 1..20 {
        clock.until_somebody_sleeps(SECOND).await;
        clock.advance_to_next();
    }
    calls.join_all().await;
    // All calls arrived at the same moment, so a wait is also a start time.
    let mut starts = waits.lock().unwrap().clone();
    starts.sort();
    assert_eq!(starts.len(), 20);
    assert!(starts.windows(4).all(|four| four[3] - four[0] >= SECOND), "{starts:?}");
    assert!(starts[19] < Duration::from_millis(6334), "not slower than it must be: {starts:?}");
}

struct Waits(Arc<std::sync::Mutex<Vec<Duration>>>);

impl prumo_runtime::Observer for Waits {
    fn attempt(&self, attempt: &prumo_runtime::Attempt<'_>) {
        self.0.lock().unwrap().push(attempt.waited);
    }
}

#[tokio::test]
async fn who_comes_first_goes_first_and_who_leaves_holds_nobody_up() {
    let (vendor, clock) = (vendor().await, FakeClock::still());
    let client = Beta::with(setup(&vendor.base_url, &clock));
    let calls: Vec<_> = (0..5).map(|number| spawn(&client, number)).collect();
    vendor.until_requests(1).await;
    clock.until_somebody_sleeps(SECOND).await;
    assert_eq!(arrived(&vendor), ["0"]);
    // The next call, and one in the queue.
    calls[1].abort();
    calls[3].abort();
    for (idx, number) in ["2", "4"].into_iter().enumerate() {
        clock.until_somebody_sleeps(SECOND).await;
        clock.advance(Duration::from_millis(334));
        vendor.until_requests(idx + 2).await;
        assert_eq!(arrived(&vendor).last().map(String::as_str), Some(number));
    }
    for (number, call) in calls.into_iter().enumerate() {
        assert_eq!(
            call.await.is_err_and(|error| error.is_cancelled()),
            number % 2 == 1,
            "call {number}"
        );
    }
}

/// The header of the vendor, the longest pause of the policy, and the wait of the next call.
const HOLDS: [(&str, u64, u64); 5] = [
    ("retry-after: 7\r\n", 20, 7),
    ("retry-after: Sun, 22 Nov 2026 03:00:13 GMT\r\n", 20, 13),
    ("", 20, 1),
    ("retry-after: soon\r\n", 20, 1),
    ("retry-after: 18446744073709551615\r\n", 30, 30),
];

#[tokio::test]
async fn a_vendor_that_asks_to_wait_is_heeded_by_everybody() {
    for (header, longest, expect) in HOLDS {
        let vendor = Scripted::answering(move |_, request| match request.line() {
            "GET /list" => answer(
                429,
                &format!("content-type: text/html\r\n{header}"),
                "<h1>Too Many Requests</h1>",
            ),
            _ => json(200, ORDER),
        })
        .await;
        let clock = FakeClock::still();
        let policy = RetryPolicy::never().max_pause(Duration::from_secs(longest));
        let client = Beta::with(setup(&vendor.base_url, &clock).no_rate_limit().retry(policy));
        let error = client.list().await.unwrap_err();
        assert!(error.is_rate_limited() && error.is_retryable() && !error.may_have_happened());

        // A clone, and an operation without a limit.
        let clone = client.clone();
        let other = tokio::spawn(async move { clone.news().await.map(drop) });
        clock.until_somebody_sleeps(Duration::from_secs(expect)).await;
        clock.advance(Duration::from_secs(expect) - Duration::from_nanos(1));
        clock.until_somebody_sleeps(Duration::from_nanos(1)).await;
        assert_eq!(vendor.requests().len(), 1, "{header}");
        clock.advance(Duration::from_nanos(1));
        other.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_limit_of_ones_own_is_for_all_operations_together() {
    let (vendor, clock) = (vendor().await, FakeClock::new());
    let watcher = Watcher::default();
    let setup = setup(&vendor.base_url, &clock).rate_limit(RateLimit { requests: 2, seconds: 60 });
    let client = Beta::with(setup.observer(watcher.clone()));
    client.news().await.unwrap();
    client.list().await.unwrap();
    client.news().await.unwrap();
    assert_eq!(clock.slept(), [30.0, 30.0]);
    let attempts: Vec<String> =
        watcher.lines().into_iter().filter(|line| line.contains("waited")).collect();
    let expect = [
        "news 1: answered, 200, waited 0",
        "list 1: answered, 200, waited 30",
        "news 1: answered, 200, waited 30",
    ];
    assert_eq!(attempts, expect);
}

#[test]
fn a_limit_that_lets_nothing_out_is_refused() {
    for (requests, seconds) in [(0, 1), (1, 0)] {
        let setup = setup("http://beta.example", &FakeClock::new());
        let error = setup.rate_limit(RateLimit { requests, seconds }).build().unwrap_err();
        assert_eq!(error.to_string(), "a rate limit needs at least one request and one second");
    }
}
