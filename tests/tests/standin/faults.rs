//! Tests clients against a failing vendor: no write is repeated, no failure is silent, and no
//! secret goes elsewhere.

use std::time::Duration;

use prumo_runtime::Error;
use prumo_standin::{Change, Fault, Running, StandIn};
use tomticket_v2::{Client, RetryPolicy};

use crate::start;

/// Makes a client with three attempts and short pauses.
fn client(server: &Running) -> Client {
    let policy = RetryPolicy::default().max_attempts(3).first_pause(Duration::from_millis(1));
    let builder = Client::builder().base_url(server.url()).bearer(server.token());
    builder.no_rate_limit().retry(policy).build().expect("a client")
}

async fn open(client: &Client) -> Result<Option<String>, Error> {
    let departments = client.department_list().send().await?;
    let department =
        departments.data.first().map(|department| department.id.clone()).unwrap_or_default();
    let created = client
        .ticket_new()
        .customer_id("4242")
        .department_id(department)
        .subject("Sem acesso")
        .message("Desde ontem.");
    Ok(created.send().await?.ticket_id.clone())
}

/// Counts the requests for an operation.
fn n_asked(server: &Running, operation: &str) -> usize {
    server
        .requests()
        .iter()
        .filter(|request| request.operation.as_deref() == Some(operation))
        .count()
}

#[tokio::test]
async fn a_write_that_may_have_happened_is_never_sent_twice() {
    // The fault, the number of created tickets, and whether the client knows that none was created.
    let cases = [
        ("ticket_new:cut,after,times=1", 1),
        ("ticket_new:cut-body,times=1", 1),
        ("ticket_new:cut,times=1", 0),
        ("ticket_new:cut-unread,times=1", 0),
        ("ticket_new:status=502,after,times=1", 1),
        ("ticket_new:status=504,times=1", 0),
        ("ticket_new:page,after,times=1", 1),
        ("ticket_new:truncate,times=1", 1),
    ];
    for (line, n_done) in cases {
        let server = start(StandIn::tomticket_v2()).await;
        server.faults().add(line.parse().expect(line));
        let error = open(&client(&server)).await.expect_err(line);
        assert!(error.may_have_happened(), "{line}: {error}");
        assert_eq!(server.n_done("ticket_new"), n_done, "{line}");
        assert_eq!(n_asked(&server, "ticket_new"), 1, "{line}");
    }
}

#[tokio::test]
async fn a_write_that_was_refused_for_its_rate_is_sent_again() {
    for fault in [Fault::status(429), Fault::status(429).retry_after(Duration::ZERO)] {
        let server = start(StandIn::tomticket_v2()).await;
        server.faults().add(fault.on("ticket_new").times(2));
        open(&client(&server)).await.expect("a ticket");
        assert_eq!((server.n_done("ticket_new"), n_asked(&server, "ticket_new")), (1, 3));
    }
}

#[tokio::test]
async fn a_read_is_sent_again_until_it_is_answered() {
    for line in ["status=503,times=2", "cut,times=2", "cut-body,times=2", "cut-unread,times=2"] {
        let server = start(StandIn::tomticket_v2()).await;
        server.faults().add(line.parse().expect(line));
        let tickets = client(&server).ticket_list().send().await.expect(line);
        assert_eq!(tickets.data.len(), 3, "{line}");
        assert_eq!(n_asked(&server, "ticket_list"), 3, "{line}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_an_error_that_says_so() {
    let server = start(StandIn::tomticket_v2()).await;
    for fault in [Fault::page(), Fault::truncate()] {
        server.faults().add(fault.clone().on("ticket_list").times(1));
        let error = client(&server).ticket_list().send().await.expect_err("no answer");
        assert!(error.is_decode(), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn a_token_does_not_follow_a_redirect() {
    let (server, elsewhere) =
        (start(StandIn::tomticket_v2()).await, start(StandIn::tomticket_v2()).await);
    server.faults().add(Fault::redirect(format!("{}/v2.0/ticket/list", elsewhere.url())));
    let error = client(&server).ticket_list().send().await.expect_err("a redirect");
    assert_eq!(error.status(), Some(307));
    assert!(elsewhere.requests().is_empty(), "{:?}", elsewhere.requests());
}

#[tokio::test]
async fn drift_is_told_by_its_place_or_does_no_harm() {
    // The change, and the place in the error; `None` if the response is decoded nevertheless.
    let cases = [
        (Change::add("/data/*/novo"), None),
        (Change::value("/data/*/ticket_type", "Misto"), None),
        (Change::drop("/data/*/subject"), None),
        (Change::retype("/data/*/subject"), Some("/data/0/subject")),
        (Change::value("/data/*/creation_date", "ontem"), Some("/data/0/creation_date")),
        (Change::rename("/data", "dados"), Some("/data")),
    ];
    for (change, place) in cases {
        let server = start(StandIn::tomticket_v2()).await;
        server.faults().add(Fault::drift(change.clone()).on("ticket_list"));
        let answer = client(&server).ticket_list().send().await;
        match (answer, place) {
            (Ok(page), None) => assert_eq!(page.data.len(), 3, "{change:?}"),
            (Err(error), Some(place)) => {
                assert_eq!(error.pointer(), Some(place), "{change:?}: {error}")
            }
            (answer, _) => panic!("{change:?}: {answer:?}"),
        }
    }
}
