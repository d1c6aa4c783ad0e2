//! Verifies the webhooks of the stand-in as their receiver does.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use prumo_standin::StandIn;
use tomticket_v2::enums::WebhookAction;
use tomticket_v2::{Secret, webhooks};

/// Accepts one request, answers it, and returns its head and its body.
fn receive(listener: &TcpListener) -> (String, String) {
    let (mut stream, _) = listener.accept().expect("a connection");
    let (mut text, mut chunk) = (String::new(), [0; 4096]);
    while !text.ends_with('}') {
        let n_bytes = stream.read(&mut chunk).expect("bytes");
        assert!(n_bytes > 0, "the request ends early: {text}");
        text += std::str::from_utf8(&chunk[..n_bytes]).expect("text");
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").expect("a receiver");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

/// Returns all values of a header, ignoring case.
fn values<'h>(head: &'h str, name: &str) -> Vec<&'h str> {
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    headers.filter(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

#[test]
fn the_client_verifies_what_the_stand_in_signs() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let server = StandIn::tomticket_v2().webhooks_to(url).start_in_thread().expect("a free port");
    let (head, body) = receive(&listener);

    let verify = |secret: &str| {
        let secrets = [Secret::from(secret)];
        let verified =
            webhooks::webhook_notification(&secrets, |name| values(&head, name), body.as_bytes())?;
        verified.parse()
    };
    let payload = verify(&server.credentials().webhook_secret).expect("a signed webhook");
    assert_eq!(payload.action, WebhookAction::Validation);
    assert!(verify("another secret").is_err());
}
