//! Tests vendors, proxies and networks at their worst: how a call ends, and how often it is sent.
//!
//! Each row is played to a read and to a write. Whatever happens, a write arrives once, its error
//! says what is known about its outcome, and nothing shows the token.

use std::time::Duration;

use prumo_runtime::{Error, FilePart, RetryPolicy};

use crate::beta::{Beta, SECRET, setup};
use crate::clock::FakeClock;
use crate::everything_printed;
use crate::script::{Scripted, Step, answer, json};

const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;

struct Row {
    name: &'static str,
    script: Vec<Step>,
    /// Number of connections for a read and for a write.
    n_connections: (usize, usize),
    /// The verdict of the write's error, or `fine`.
    verdict: &'static str,
    /// The text of the error.
    display: &'static str,
}

const BROKEN: &str = "transport, maybe, unknown";
const UNREADABLE: &str = "decode 200, maybe, unknown";

/// Describes an error by the methods that return `true`.
fn verdict(error: &Error) -> String {
    let mut said = error.class_name().to_owned();
    if let Some(status) = error.status() {
        said += &format!(" {status}");
    }
    let all = [
        ("maybe", error.may_have_happened()),
        ("unknown", error.is_outcome_unknown()),
        ("retryable", error.is_retryable()),
        ("timeout", error.is_timeout()),
        ("connect", error.is_connect()),
    ];
    for (word, holds) in all {
        if holds {
            said += &format!(", {word}");
        }
    }
    said
}

/// Reads a request, then sends these bytes.
fn after_reading(bytes: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, Step::Send(bytes.into())]
}

fn head(lines: &str) -> String {
    format!("HTTP/1.1 200 X\r\ncontent-type: application/json\r\n{lines}\r\n")
}

/// The connection breaks off.
#[expect(clippy::too_many_lines, reason = "one table, one row a case")]
fn cuts() -> Vec<Row> {
    let row = |name, script, display| Row {
        name,
        script,
        n_connections: (3, 1),
        verdict: BROKEN,
        display,
    };
    let half = format!("{}{}", head("content-length: 30\r\n"), &ORDER[..20]);
    let in_body = Row {
        verdict: "transport 200, maybe, unknown",
        ..row(
            "in mid-body",
            after_reading(half.clone()),
            "the transfer broke off: unexpected end of file",
        )
    };
    vec![
        row("at once", vec![], "the connection failed"),
        row(
            "at once, without a good-bye",
            vec![Step::Reset],
            "the connection failed: connection reset",
        ),
        row(
            "in mid-request",
            vec![Step::ReadBytes(10), Step::Reset],
            "the connection failed: connection reset",
        ),
        row("after the request", vec![Step::Read], "the connection failed"),
        row(
            "after the request, hard",
            vec![Step::Read, Step::Reset],
            "the connection failed: connection reset",
        ),
        row("in mid-head", after_reading("HTTP/1.1 200 X\r\ncontent-ty"), "the connection failed"),
        Row {
            name: "after the head",
            script: after_reading(head("content-length: 30\r\n")),
            ..copy(&in_body)
        },
        Row {
            name: "in mid-body, hard",
            script: vec![Step::Read, Step::Send(half.into()), Step::Reset],
            display: "the transfer broke off: connection reset",
            ..copy(&in_body)
        },
        Row {
            name: "in mid-chunk",
            script: after_reading(head("transfer-encoding: chunked\r\n") + "1e\r\n{\"erro\""),
            ..copy(&in_body)
        },
        Row {
            name: "in mid-body, in silence",
            script: vec![
                Step::Read,
                Step::Send(head("content-length: 30\r\n").into()),
                Step::Stall,
            ],
            verdict: "transport 200, maybe, unknown, timeout",
            display: "no response in time",
            ..copy(&in_body)
        },
        Row {
            verdict: "transport, maybe, unknown, timeout",
            ..row("in silence", vec![Step::Read, Step::Stall], "no response in time")
        },
        in_body,
    ]
}

/// The response is not HTTP, or violates HTTP.
fn garbage() -> Vec<Row> {
    let row = |name, bytes: String| Row {
        name,
        script: after_reading(bytes),
        n_connections: (3, 1),
        verdict: BROKEN,
        display: "the connection failed",
    };
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    vec![
        row("another protocol", "SSH-2.0-OpenSSH_9.9\r\n".into()),
        row("a head without an end", head(&format!("x: {}\r\n", "x".repeat(2_000_000)))),
        row("too many headers", head(&many)),
        row("two lengths", head("content-length: 30\r\ncontent-length: 31\r\n") + ORDER),
        row("a length that is none", head("content-length: -1\r\n") + ORDER),
        Row {
            verdict: "transport 200, maybe, unknown",
            display: "the transfer broke off: invalid input parameter",
            ..row(
                "chunks that are none",
                head("transfer-encoding: chunked\r\n") + "zz\r\n{}\r\n0\r\n\r\n",
            )
        },
    ]
}

/// The response is valid HTTP, but not the promised one.
fn answers() -> Vec<Row> {
    let row = |name, bytes: Vec<u8>, verdict, display| Row {
        name,
        script: after_reading(bytes),
        n_connections: (1, 1),
        verdict,
        display,
    };
    let moved = format!("location: https://other.example/orders?token={SECRET}\r\n");
    let too_short = head("content-length: 20\r\n") + ORDER;
    vec![
        row(
            "a page with a status of success",
            answer(200, "content-type: text/html\r\n", "<html>manutenção</html>"),
            UNREADABLE,
            "can't decode the response with status 200: not JSON at line 1 column 1",
        ),
        row(
            "nothing with a status of success",
            answer(200, "", ""),
            UNREADABLE,
            "can't decode the response with status 200: expected JSON, found nothing",
        ),
        row(
            "no content",
            b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n".to_vec(),
            "decode 204, maybe, unknown",
            "can't decode the response with status 204: expected JSON, found nothing",
        ),
        row(
            "a body longer than its length",
            too_short.into_bytes(),
            UNREADABLE,
            "can't decode the response with status 200: the JSON ends too early",
        ),
        row(
            "a redirect to another host",
            answer(302, &moved, ""),
            "vendor 302, maybe, unknown",
            "the vendor refused with status 302",
        ),
        row(
            "a redirect that keeps the method",
            answer(308, &moved, ""),
            "vendor 308, maybe, unknown",
            "the vendor refused with status 308",
        ),
        row(
            "another protocol from here on",
            b"HTTP/1.1 101 X\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n".to_vec(),
            "vendor 101, maybe, unknown",
            "the vendor refused with status 101",
        ),
        row(
            "an answer without end",
            head("").into_bytes().into_iter().chain(vec![b' '; 70_000]).collect(),
            UNREADABLE,
            "can't decode the response with status 200: it is over the limit of 65536 bytes",
        ),
    ]
}

/// The response is unusual but good.
fn oddities() -> Vec<Row> {
    let row =
        |name, script| Row { name, script, n_connections: (1, 1), verdict: "fine", display: "" };
    let ok = json(200, ORDER);
    vec![
        row("byte by byte", vec![Step::Read, Step::Drip(ok.clone())]),
        row(
            "an answer before the request was read",
            vec![Step::ReadBytes(10), Step::Send(ok.clone())],
        ),
        row(
            "a word in between",
            after_reading([b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), ok.clone()].concat()),
        ),
        row(
            "hints in between",
            after_reading([b"HTTP/1.1 103 X\r\nlink: </x>\r\n\r\n".to_vec(), ok.clone()].concat()),
        ),
        row("an old protocol", after_reading(format!("HTTP/1.0 200 OK\r\n\r\n{ORDER}"))),
        row("more than the answer", after_reading([ok.clone(), ok].concat())),
        row("chunks of one byte", after_reading(chunked())),
    ]
}

fn chunked() -> String {
    let chunks: String = ORDER.chars().map(|letter| format!("1;x=y\r\n{letter}\r\n")).collect();
    head("transfer-encoding: chunked\r\n") + &chunks + "0\r\ntrailer: x\r\n\r\n"
}

fn copy(row: &Row) -> Row {
    Row { script: row.script.clone(), ..*row }
}

fn client(server: &Scripted) -> Beta {
    let setup = setup(&server.base_url, &FakeClock::new()).credential("session", SECRET);
    Beta::with(
        setup.retry(RetryPolicy::default().first_pause(Duration::ZERO)).max_answer_bytes(65_536),
    )
}

/// Returns a client that waits for a silent server, unless the whole script is silence.
fn client_for(script: &[Step], server: &Scripted) -> Beta {
    if !matches!(script.last(), Some(Step::Stall)) {
        return client(server);
    }
    let setup = setup(&server.base_url, &FakeClock::new()).credential("session", SECRET);
    let setup = setup.retry(RetryPolicy::default().first_pause(Duration::ZERO));
    // The only real time limit here. However late it fires, nothing else can happen before it.
    Beta::with(setup.stall_timeout(Duration::from_millis(400)))
}

#[tokio::test]
async fn whatever_comes_a_write_arrives_once() {
    for row in [cuts(), garbage(), answers(), oddities()].into_iter().flatten() {
        let name = row.name;
        let play = || Scripted::playing(vec![row.script.clone()]);
        let (reading, writing) = (play().await, play().await);
        let read = client_for(&row.script, &reading).read_order(7).await;
        let written = client_for(&row.script, &writing).create_order().await;
        let n_connections = (reading.n_connections(), writing.n_connections());
        assert_eq!(n_connections, row.n_connections, "row `{name}`: {written:?}");

        let said = written.as_ref().map_or_else(verdict, |_| "fine".to_owned());
        assert_eq!(said, row.verdict, "row `{name}`: {written:?}");
        for (operation, n_attempts, outcome) in [
            ("readOrder", row.n_connections.0, read),
            ("createOrder", row.n_connections.1, written),
        ] {
            let Err(error) = outcome else { continue };
            assert_eq!(
                error.to_string(),
                format!("`{operation}`: {}", row.display),
                "row `{name}`"
            );
            assert_eq!(error.n_attempts() as usize, n_attempts, "row `{name}`");
            assert_eq!(error.is_outcome_unknown(), operation == "createOrder", "row `{name}`");
            let printed = format!("{} {:?}", everything_printed(&error), error.headers());
            assert!(!printed.contains(SECRET), "row `{name}` prints the token: {printed}");
        }
    }
}

#[tokio::test]
async fn an_upload_that_is_answered_too_early_is_sent_once() {
    let file = || FilePart::from_bytes("dump.bin", vec![b'x'; 4_000_000]);
    // (the vendor's script, whether its response is sure to arrive)
    let cases = [
        (vec![Step::ReadBytes(100), Step::Send(json(200, ORDER))], true),
        (vec![Step::ReadBytes(100), Step::Send(json(413, "{}")), Step::Reset], false),
        (vec![Step::ReadBytes(100), Step::Reset], false),
    ];
    for (script, is_sure) in cases {
        let server = Scripted::playing(vec![script]).await;
        let outcome = client(&server).attach(file()).await;
        assert_eq!(outcome.is_ok(), is_sure, "{outcome:?}");
        assert_eq!(server.n_connections(), 1);
        if let Err(error) = outcome {
            assert!(error.is_outcome_unknown() || error.status() == Some(413), "{error}");
        }
    }
}

#[tokio::test]
async fn a_redirect_shows_its_target_only_without_the_token() {
    let other = Scripted::answering(|_, _| json(200, ORDER)).await;
    for (query, is_shown) in [("?page=2", true), ("?token=s3cr3t-c0ffee", false)] {
        let location = format!("location: {}/orders{query}\r\n", other.base_url);
        let server = Scripted::playing(vec![after_reading(answer(307, &location, ""))]).await;
        let error = client(&server).create_order().await.unwrap_err();
        assert_eq!(error.headers().unwrap().contains_key("location"), is_shown);
        assert_eq!((server.n_connections(), other.n_connections()), (1, 0));
    }
}

#[tokio::test]
async fn a_login_that_is_cut_is_made_again_and_the_call_is_sent_once() {
    let server = Scripted::playing(vec![
        vec![Step::Read],
        vec![Step::Read, Step::Reset],
        after_reading(json(200, &format!(r#"{{"access_token":"{SECRET}"}}"#))),
        after_reading(json(200, ORDER)),
    ])
    .await;
    let setup = setup(&server.base_url, &FakeClock::new());
    let setup = setup.retry(RetryPolicy::default().first_pause(Duration::ZERO));
    assert_eq!(Beta::with(setup).create_order().await.unwrap().id, 7);
    let login = "POST /oauth/token";
    assert_eq!(server.lines(), [login, login, login, "POST /orders"]);
}

#[tokio::test]
async fn a_download_that_breaks_off_says_so() {
    let body =
        head("content-length: 30\r\n").replace("application/json", "application/pdf") + "%PDF-1.7";
    let server = Scripted::playing(vec![after_reading(body)]).await;
    let download = client(&server).download().await.unwrap();
    let error = download.into_inner().read_all(1000).await.unwrap_err();
    assert_eq!(verdict(&error), "transport 200, maybe, retryable");
    assert_eq!((error.n_attempts(), error.operation()), (1, Some("download")));
}

#[tokio::test]
async fn what_was_created_is_told_by_whatever_came() {
    let half = head("content-length: 60\r\n") + r#"{"erro":false,"data":{"id":132508,"title":""#;
    // (response, verdict of the error, protocol)
    let cases = [
        (half.into_bytes(), "transport 200, maybe, unknown", Some("132508")),
        (json(200, r#"{"erro":"?","data":{"id":7}}"#), UNREADABLE, Some("7")),
        (
            json(200, r#"{"erro":false,"data":{"id":"20221117000042"}}"#),
            UNREADABLE,
            Some("20221117000042"),
        ),
        (json(201, r#"{"erro":true,"data":{"id":7}}"#), "vendor 201, maybe, unknown", Some("7")),
        (json(500, r#"{"erro":false,"data":{"id":7}}"#), "vendor 500, maybe, unknown", Some("7")),
        (json(200, r#"{"erro":true,"mensagem":"não"}"#), "vendor 200", None),
        (json(200, &format!(r#"{{"erro":false,"data":{{"id":"{SECRET}"}}}}"#)), UNREADABLE, None),
    ];
    for (bytes, expect, protocol) in cases {
        let server = Scripted::playing(vec![after_reading(bytes)]).await;
        let error = client(&server).create_order().await.unwrap_err();
        assert_eq!((verdict(&error).as_str(), error.protocol()), (expect, protocol));
        let printed = everything_printed(&error);
        assert!(
            protocol.is_none_or(|number| number == "7" || !printed.contains(number)),
            "{printed}"
        );
    }
}
