//! Limits of connections, resets over HTTP, and webhooks.

use std::time::Duration;

use prumo_standin::{Delivery, Document, Running, StandIn};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Ask, URLENCODED};

/// Sends bytes, and returns everything that comes until the connection ends.
async fn raw(server: &Running, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address()).await.expect("a connection");
    let _ = stream.write_all(bytes).await;
    let mut told = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut told)).await;
    assert!(ended.is_ok(), "the connection stays open");
    String::from_utf8_lossy(&told).into_owned()
}

async fn impatient() -> Running {
    let stand_in = StandIn::tomticket_v2().unlimited().idle_timeout(Duration::from_millis(100));
    stand_in.start().await.expect("a free port")
}

#[tokio::test]
async fn a_connection_that_stands_still_ends() {
    let server = impatient().await;
    let rows: [(&str, &[u8]); 4] = [
        ("nothing comes", b""),
        ("half a head", b"GET /v2.0/ticket/list HTTP/1.1\r\nhost: a\r\n"),
        (
            "half a body",
            b"POST /v2.0/ticket/new HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nab",
        ),
        ("no second request", b"GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n"),
    ];
    for (situation, bytes) in rows {
        let told = raw(&server, bytes).await;
        let is_answered = told.starts_with("HTTP/1.1 404");
        assert_eq!(is_answered, situation == "no second request", "{situation}: {told}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_gets_413_and_ends_the_connection() {
    let server = crate::support::start("tomticket-v2").await;
    let head = "POST /v2.0/ticket/new HTTP/1.1\r\nhost: a\r\n";
    let announced = format!("{head}content-length: {}\r\n\r\n", (64 << 20) + 1);
    assert!(raw(&server, announced.as_bytes()).await.starts_with("HTTP/1.1 413"));

    let chunk = vec![b'a'; 1 << 20];
    let mut chunked = format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..65 {
        chunked.extend_from_slice(b"100000\r\n");
        chunked.extend_from_slice(&chunk);
        chunked.extend_from_slice(b"\r\n");
    }
    // The server stops reading, so the answer may be lost in the reset of the connection.
    let told = raw(&server, &chunked).await;
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 413"), "{told}");
    let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(413), Some(413)]);
}

async fn n_tickets(server: &Running) -> Value {
    let list = Ask::new("GET", "/v2.0/ticket/list").bearer(&server.token());
    list.send(server).await.expect("an answer").json()["size"].clone()
}

async fn post(server: &Running, path: &str, body: &str) -> (u16, String) {
    let ask = Ask {
        text: Some(("text/plain".to_owned(), body.to_owned())),
        ..Ask::new("POST", &format!("/__standin/{path}"))
    };
    let told = ask.send(server).await.expect("an answer");
    (told.status, told.text.trim_end().to_owned())
}

#[tokio::test]
async fn a_reset_begins_anew() {
    let stand_in = StandIn::tomticket_v2().unlimited().controlled();
    let server = stand_in.start().await.expect("a free port");
    let open = [
        ("customer_id", "4242"),
        ("department_id", &*department(&server).await),
        ("subject", "Assunto"),
        ("message", "Mensagem"),
    ];
    let first = open_ticket(&server, &open).await;
    assert_eq!(n_tickets(&server).await, 4);
    server.faults().add("latency=1".parse().expect("a fault"));

    assert_eq!(post(&server, "reset", "").await, (200, "reset".to_owned()));
    assert_eq!(n_tickets(&server).await, 3);
    assert!(server.faults().left().is_empty());
    assert_eq!(server.n_done("ticket_new"), 0);
    assert_eq!(open_ticket(&server, &open).await, first, "the seed is the same");

    assert_eq!(post(&server, "reset", "seed=7\ntickets=20\n").await.0, 200);
    assert_eq!(n_tickets(&server).await, 20);
    let mut other = open;
    let id = department(&server).await;
    other[1].1 = &id;
    assert_ne!(open_ticket(&server, &other).await, first, "the seed is another");

    server.reset();
    assert_eq!(n_tickets(&server).await, 20, "the start that was set last");
    for wrong in ["seed", "seed=x", "tickets=-1", "size=4"] {
        let sentence = "a line must be `seed=NUMBER` or `tickets=NUMBER`";
        assert_eq!(post(&server, "reset", wrong).await, (400, sentence.to_owned()), "{wrong}");
    }
    assert_eq!(post(&server, "nowhere", "").await.0, 404);
}

async fn department(server: &Running) -> String {
    let list = Ask::new("GET", "/v2.0/department/list").bearer(&server.token());
    let told = list.send(server).await.expect("an answer").json();
    told["data"][0]["id"].as_str().expect("an id").to_owned()
}

async fn open_ticket(server: &Running, open: &[(&str, &str)]) -> Value {
    let ask = Ask::new("POST", "/v2.0/ticket/new").form(open).bearer(&server.token());
    ask.send(server).await.expect("an answer").json()["ticket_id"].clone()
}

/// Answers requests with 204, and returns head and body of each.
async fn receive(listener: TcpListener, n_requests: usize) -> Vec<(String, Value)> {
    let mut received = Vec::new();
    for _ in 0..n_requests {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let (mut text, mut chunk) = (String::new(), [0; 4096]);
        let body = loop {
            let n_bytes = stream.read(&mut chunk).await.expect("bytes");
            text += &String::from_utf8_lossy(&chunk[..n_bytes]);
            let body = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
            match serde_json::from_str(body) {
                Ok(body) => break body,
                Err(_) => assert!(n_bytes > 0, "the request ends early: {text}"),
            }
        };
        let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        stream.write_all(answer).await.expect("an open connection");
        received.push((text, body));
    }
    received
}

#[tokio::test]
async fn tomticket_posts_what_changes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let receiver = tokio::spawn(receive(listener, 4));
    let stand_in = StandIn::tomticket_v2().unlimited().webhooks_to(url);
    let server = stand_in.start().await.expect("a free port");

    let department = department(&server).await;
    let open = [
        ("customer_id", "4242"),
        ("department_id", &*department),
        ("subject", "Assunto"),
        ("message", "Mensagem"),
    ];
    let ticket = open_ticket(&server, &open).await;
    let id = ticket.as_str().expect("an id");
    let token = server.token();
    let finish = [("ticket_id", id), ("message", "Feito")];
    let finish = Ask::new("POST", "/v2.0/ticket/finish").form(&finish).bearer(&token);
    finish.send(&server).await.expect("an answer");
    // A refused request changes nothing, so it causes no webhook.
    Ask::new("POST", "/v2.0/ticket/finish").form(&[]).bearer(&token).send(&server).await;
    let change = Ask {
        text: Some((
            URLENCODED.to_owned(),
            "customer_id=ana%40example.com&customer_type_id=E&name=Ana".to_owned(),
        )),
        ..Ask::new("POST", "/v2.0/customer/update").bearer(&token)
    };
    assert_eq!(change.send(&server).await.expect("an answer").status, 200);

    let received = receiver.await.expect("four webhooks");
    let bodies: Vec<&Value> = received.iter().map(|(_, body)| body).collect();
    assert_eq!(bodies[0]["action"], "validation");
    assert_eq!(*bodies[1], json!({"type": "ticket", "id": id, "action": "created"}));
    assert_eq!(*bodies[2], json!({"type": "ticket", "id": id, "action": "updated"}));
    assert_eq!(*bodies[3], json!({"type": "customer", "id": "4242", "action": "updated"}));
    for (head, _) in &received {
        assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
        assert!(head.to_lowercase().contains("x-hub-signature: sha1="), "{head}");
    }
}

const SPEC: &str = r##"
openapi: 3.0.3
paths: {}
x-webhooks:
  aviso:
    post:
      operationId: aviso
      x-signature: {header: X-Sig, prefix: "", algorithm: hmac-sha256, over: body, encoding: hex}
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [id], properties: {id: {type: integer}}}
      responses: {"200": {description: Received.}}
"##;

/// The digest is what `printf '{"id":5}' | openssl dgst -sha256 -hmac standin-webhook-secret`
/// prints.
const SIGNED: &str = "x-sig: 32dee06aeea50eaf4ac8fa6a53769d8d3d95a58d52b5bfb42e0a3b3669f03b39\r\n";

#[tokio::test]
async fn a_webhook_of_a_spec_is_sent_on_request() {
    let document = Document::parse("alfa.yaml", SPEC).expect("a document");
    let stand_in = StandIn::of_spec(&document).expect("a spec").controlled();
    let server = stand_in.start().await.expect("a free port");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let receiver = tokio::spawn(receive(listener, 2));

    let answered = (200, "answered with 204".to_owned());
    let given = json!({"to": url, "body": {"id": 5}}).to_string();
    assert_eq!(post(&server, "webhooks/aviso", &given).await, answered);
    let made_up = json!({"to": url}).to_string();
    assert_eq!(post(&server, "webhooks/aviso", &made_up).await, answered);
    let received = receiver.await.expect("two webhooks");
    assert_eq!(received[0].1, json!({"id": 5}));
    assert!(received[0].0.contains(SIGNED), "{}", received[0].0);
    assert!(received[1].1["id"].is_i64(), "{}", received[1].1);
    // The receiver is gone now.
    let (status, sentence) = post(&server, "webhooks/aviso", &given).await;
    assert_eq!(status, 502);
    assert!(sentence.starts_with("no connection to the receiver"), "{sentence}");
    let sent = server.deliveries();
    let statuses: Vec<_> = sent.iter().map(|Delivery { status, .. }| *status).collect();
    assert_eq!(statuses, [Some(204), Some(204), None]);

    let rows = [
        ("webhooks/aviso", "", "no receiver: send {\"to\": \"http://127.0.0.1:8080/hook\"}"),
        (
            "webhooks/aviso",
            r#"{"to": "https://a.example"}"#,
            "a webhook's address must be a URL like `http://127.0.0.1:8080/hook`",
        ),
        ("webhooks/outro", "", "the spec has no webhook `outro`; it has aviso"),
    ];
    for (path, body, sentence) in rows {
        assert_eq!(post(&server, path, body).await.1, sentence);
    }
}
