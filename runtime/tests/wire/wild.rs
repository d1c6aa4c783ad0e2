//! Tests unexpected responses: compressed bodies, charsets, notices of PHP, dates of a wrong clock,
//! and values that take much memory.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prumo_runtime::{
    Answer, Attempt, CallEnd, CallOptions, ClientSetup, Observer, RateLimit, RetryPolicy,
};

use crate::beta::{Beta, OPERATIONS, SCHEMES, SECRET, setup};
use crate::clock::FakeClock;
use crate::script::{Scripted, answer, json};
use crate::server::Server;

const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;

fn client(base_url: &str) -> Beta {
    let setup = setup(base_url, &FakeClock::new()).credential("session", "session-token");
    Beta::with(setup.retry(RetryPolicy::never()))
}

/// Returns a response with these header lines and bytes.
fn bytes(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// `{"erro":false,"data":{"id":7}}` as gzip.
const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x2d\x2a\xca\x57\xb2\x4a\x4b\
    \xcc\x29\x4e\xd5\x51\x4a\x49\x2c\x49\x54\xb2\xaa\x56\xca\x4c\x51\xb2\x32\xaf\xad\
    \x05\x00\x12\x3b\x48\x77\x1e\x00\x00\x00";

#[tokio::test]
async fn a_success_is_read_whatever_it_is_written_in() {
    let json = "content-type: application/json\r\n";
    let utf_16: Vec<u8> = ORDER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases = [
        bytes(200, &format!("{json}content-encoding: gzip\r\n"), GZIP),
        bytes(200, "content-type: application/json; charset=utf-16le\r\n", &utf_16),
        bytes(200, "content-type: text/html; charset=iso-8859-1\r\n", ORDER.as_bytes()),
    ];
    for case in cases {
        let server = Server::answering_raw(case).await;
        assert_eq!(client(&server.base_url).create_order().await.unwrap().id, 7);
    }
}

#[tokio::test]
async fn a_refusal_is_found_whatever_surrounds_it() {
    let no = r#"{"erro":true,"mensagem":"não"}"#;
    let latin_1 = b"{\"erro\":true,\"mensagem\":\"n\xe3o\"}";
    let notice = "<br />\n<b>Notice</b>: Undefined index: {x} in <b>/a.php</b><br />\n";
    let declared = "content-type: application/json; charset=windows-1252\r\n";
    let html = "content-type: text/html\r\n";
    let behind = [notice, no].concat();
    let in_front = [no, "<br />\n<b>Warning</b>: x"].concat();
    for status in [200, 422] {
        let cases = [
            bytes(status, declared, latin_1),
            bytes(status, html, latin_1),
            bytes(status, html, behind.as_bytes()),
            bytes(status, html, in_front.as_bytes()),
            bytes(status, declared, &[notice.as_bytes(), latin_1].concat()),
        ];
        for (idx, case) in cases.into_iter().enumerate() {
            let server = Server::answering_raw(case).await;
            let client = client(&server.base_url);
            let errors = [
                client.create_order().await.map(drop).unwrap_err(),
                client.download().await.map(drop).unwrap_err(),
            ];
            for error in errors {
                assert!(error.is_vendor(), "case {idx} of {status}: {error}");
                assert_eq!(error.message(), Some("não"), "case {idx} of {status}");
            }
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let json = "content-type: application/json\r\n";
    let latin_1 = b"{\"erro\":false,\"data\":{\"id\":7,\"x\":\"n\xe3o\"}}";
    let cases = [
        (bytes(200, json, latin_1), "windows-1252, since no charset is declared"),
        (bytes(200, &format!("{json}content-encoding: br\r\n"), b"\x8b"), "coding, `br`"),
        (bytes(502, &format!("{json}content-encoding: zstd\r\n"), b"\x8b"), "coding, `zstd`"),
        (bytes(200, &format!("{json}content-encoding: gzip\r\n"), &GZIP[..20]), "`gzip` is broken"),
    ];
    for (answer, expect) in cases {
        let server = Server::answering_raw(answer).await;
        let error = client(&server.base_url).create_order().await.unwrap_err();
        assert!(error.to_string().contains(expect), "{error}");
        assert!(error.is_outcome_unknown());
    }
}

#[tokio::test]
async fn the_number_of_a_ticket_is_found_behind_a_notice() {
    let body = r#"<br /> {x} <b>Notice</b>: x<br />{"erro":false,"data":{"id":20261129000123}}"#;
    let server = Server::answering(200, "text/html", body).await;
    let error = client(&server.base_url).create_order().await.unwrap_err();
    assert_eq!(error.protocol(), Some("20261129000123"));
    assert!(error.is_decode() && error.is_outcome_unknown());
}

#[tokio::test]
async fn a_date_is_read_by_the_clock_of_the_vendor() {
    let dates =
        "date: Sun, 22 Nov 2026 09:00:00 GMT\r\nretry-after: Sun, 22 Nov 2026 09:00:02 GMT\r\n";
    let vendor = Scripted::answering(move |n_before, _| match n_before {
        0 => answer(429, dates, "{}"),
        _ => json(200, ORDER),
    })
    .await;
    let clock = FakeClock::new();
    let client = Beta::with(
        setup(&vendor.base_url, &clock)
            .credential("session", "session-token")
            .retry(RetryPolicy::default().first_pause(Duration::ZERO)),
    );
    client.read_order(7).await.unwrap();
    assert_eq!(clock.slept(), [2.0]);
}

#[tokio::test]
async fn no_call_waits_for_a_hold_longer_than_it_may_take() {
    let vendor = Scripted::answering(|_, request| match request.line() {
        "POST /orders" => json(200, ORDER),
        _ => answer(429, "retry-after: 15\r\n", "{}"),
    })
    .await;
    let clock = FakeClock::new();
    for limit in [None, Some(RateLimit { requests: 3, seconds: 1 })] {
        let setup = setup(&vendor.base_url, &clock).credential("session", "session-token");
        let setup = match limit {
            Some(limit) => setup.rate_limit(limit),
            None => setup.no_rate_limit(),
        };
        let client = Beta::with(setup.retry(RetryPolicy::never()));
        let refused = client.read_order(7).await.unwrap_err();
        assert!(refused.is_rate_limited());
        let slept = clock.slept();

        let quick = client.but(&CallOptions::new().total_timeout(Duration::from_secs(5)));
        let error = quick.create_order().await.unwrap_err();
        assert_eq!(clock.slept(), slept, "it fails at once");
        assert!(error.is_timeout() && error.is_retryable() && !error.may_have_happened());
        assert_eq!(error.retry_in().map(|wait| wait.as_secs()), Some(15));
        assert_eq!(
            error.to_string(),
            "`createOrder`: the vendor asked for no request in the next 15 s, and the call has less time"
        );
        client.create_order().await.unwrap();
    }
}

/// A list of empty objects, which take much more memory than their two letters.
#[tokio::test]
async fn a_response_that_would_take_much_memory_is_an_error() {
    let heavy = format!(r#"{{"erro":false,"data":{{"id":7,"x":[{}{{}}]}}}}"#, "{},".repeat(10_000));
    let server = Scripted::answering(move |_, _| json(200, &heavy)).await;
    let setup = setup(&server.base_url, &FakeClock::new()).credential("session", "session-token");
    let client = Beta::with(setup.max_answer_bytes(64 * 1024));
    let error = client.create_order().await.unwrap_err();
    assert!(error.to_string().contains("more than 1048576 bytes of memory"), "{error}");
    assert!(error.is_decode() && error.is_outcome_unknown());
    let answer = client.undocumented("GET", "/x").send::<serde_json::Value>().await;
    assert!(answer.unwrap_err().is_decode());
}

#[derive(Clone, Default)]
struct Panicking(Arc<AtomicUsize>);

impl Panicking {
    fn panic(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("an observer's own bug");
    }
}

impl Observer for Panicking {
    fn attempt(&self, _: &Attempt<'_>) {
        self.panic();
    }

    fn answer(&self, _: &Answer<'_>) {
        self.panic();
    }

    fn call(&self, _: &CallEnd<'_>) {
        self.panic();
    }
}

/// Keeps the operation, the number of attempts and whether the call was dropped.
#[derive(Clone, Default)]
struct Ends(Arc<Mutex<Vec<End>>>);

type End = (&'static str, u32, bool);

impl Observer for Ends {
    fn call(&self, call: &CallEnd<'_>) {
        self.0.lock().unwrap().push((call.operation.id, call.n_attempts, call.is_dropped));
    }
}

#[tokio::test]
async fn a_panic_in_an_observer_does_not_take_the_answer() {
    let server = Server::answering(200, "application/json", ORDER).await;
    let (panicking, ends) = (Panicking::default(), Ends::default());
    let setup = setup(&server.base_url, &FakeClock::new()).credential("session", "session-token");
    let client = Beta::with(setup.observer(panicking.clone()).observer(ends.clone()));
    assert_eq!(client.create_order().await.unwrap().id, 7);
    assert_eq!(panicking.0.load(Ordering::Relaxed), 3);
    assert_eq!(*ends.0.lock().unwrap(), [("createOrder", 1, false)]);
}

#[tokio::test]
async fn a_call_that_is_dropped_tells_its_observers() {
    let vendor =
        Scripted::playing(vec![vec![crate::script::Step::Read, crate::script::Step::Stall]]).await;
    let ends = Ends::default();
    let setup = setup(&vendor.base_url, &FakeClock::new()).credential("session", "session-token");
    let client = Beta::with(setup.observer(ends.clone()));
    let call = tokio::time::timeout(Duration::from_millis(100), client.create_order()).await;
    assert!(call.is_err());
    assert_eq!(*ends.0.lock().unwrap(), [("createOrder", 1, true)]);
}

#[tokio::test]
async fn a_login_outlives_the_calls_that_gave_up() {
    let is_open = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&is_open);
    let vendor = Scripted::answering(move |_, request| {
        if request.line() != "POST /oauth/token" {
            return json(200, ORDER);
        }
        while !gate.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        json(200, &format!(r#"{{"access_token":"{SECRET}-t1","expires_in":1e999}}"#))
    });
    // The server blocks its thread, so it has a runtime of its own.
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            drop(tell.send(vendor.await));
            std::future::pending::<()>().await;
        });
    });
    let vendor = told.await.ok().unwrap();
    let client = Beta::with(setup(&vendor.base_url, &FakeClock::new()));
    for _ in 0..20 {
        let call = tokio::time::timeout(Duration::from_millis(10), client.read_order(7)).await;
        assert!(call.is_err());
    }
    is_open.store(true, Ordering::Relaxed);
    client.read_order(7).await.unwrap();
    let n_logins = vendor.lines().iter().filter(|line| *line == "POST /oauth/token").count();
    assert_eq!(n_logins, 1);
}

#[tokio::test]
async fn a_proxy_is_used_only_for_what_is_elsewhere() {
    let proxy = Server::answering(200, "application/json", ORDER).await;
    let direct = Server::answering(200, "application/json", ORDER).await;
    let with = |base_url: &str| {
        let setup = ClientSetup::new(OPERATIONS, SCHEMES, None).base_url(base_url);
        setup.credential("session", "session-token").retry(RetryPolicy::never())
    };
    let here = Beta::with(with(&direct.base_url).proxy(&proxy.base_url));
    assert_eq!(here.read_order(7).await.unwrap().id, 7);
    assert_eq!((direct.requests().len(), proxy.requests().len()), (1, 0));

    let elsewhere = Beta::with(with("http://acme.invalid/api").proxy(&proxy.base_url));
    assert_eq!(elsewhere.read_order(7).await.unwrap().id, 7);
    assert_eq!(proxy.request().line(), "GET http://acme.invalid/api/orders/7");

    let off = Beta::with(with("http://acme.invalid").proxy(&proxy.base_url).no_proxy());
    assert!(off.read_order(7).await.unwrap_err().is_connect());
    for wrong in ["", "proxy", "socks5://127.0.0.1:1", "ftp://user:s3cr3t@proxy.example"] {
        let error = with("http://acme.invalid").proxy(wrong).build().unwrap_err();
        assert!(error.is_invalid_request() && !error.to_string().contains("s3cr3t"), "{error}");
    }
}
