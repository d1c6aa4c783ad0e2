//! Sends webhooks to the customer's server, in the order in which their causes happened.
//!
//! Invariants:
//!
//! * A vendor's answer never waits for a webhook, and a webhook is sent once.
//! * Memory is bounded: at most [`MAX_WAITING`] webhooks wait, and the newest [`MAX_DELIVERIES`]
//!   deliveries are kept.

use std::collections::VecDeque;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::header::HOST;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use crate::webhook::Post;

/// The limit of webhooks that wait; later ones are dropped.
const MAX_WAITING: usize = 1_000;

/// The limit of deliveries that are kept; the oldest are dropped.
const MAX_DELIVERIES: usize = 2_000;

/// The time that a receiver has to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The limit of bytes that are read of a receiver's answer.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// A webhook that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The `operationId` of the webhook.
    pub webhook: String,
    /// The status of the receiver's answer; `None` if there was none.
    pub status: Option<u16>,
}

/// The address of a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    host: String,
    port: u16,
    path: String,
}

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// The URL is not one of plain HTTP. The text does not repeat it, because it may hold a secret.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let wrong = || "a webhook's address must be a URL like `http://127.0.0.1:8080/hook`";
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let host = uri.host().filter(|_| uri.scheme_str() == Some("http")).ok_or_else(wrong)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        // `[::1]` is the host of a URL, and `::1` that of a socket.
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: uri.port_u16().unwrap_or(80), path: path.to_owned() })
    }
}

/// The webhooks that wait and those that were sent.
pub(crate) struct Outbox {
    waiting: Sender<(Post, Address)>,
    sent: VecDeque<Delivery>,
}

impl Outbox {
    /// Makes an empty outbox, and the end from which webhooks are taken.
    pub(crate) fn new() -> (Self, Receiver<(Post, Address)>) {
        let (waiting, taken) = channel(MAX_WAITING);
        (Self { waiting, sent: VecDeque::new() }, taken)
    }

    pub(crate) fn add(&self, post: Post, to: Address) {
        // A full outbox drops it, as a vendor does that never repeats a call.
        let _ = self.waiting.try_send((post, to));
    }

    pub(crate) fn keep(&mut self, delivery: Delivery) {
        self.sent.push_back(delivery);
        if self.sent.len() > MAX_DELIVERIES {
            self.sent.pop_front();
        }
    }

    pub(crate) fn sent(&self) -> Vec<Delivery> {
        self.sent.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.sent.clear();
    }
}

/// Sends one webhook, and returns the status of the answer.
///
/// # Errors
///
/// There was no answer in time; the text says why.
pub(crate) async fn send(post: &Post, to: &Address) -> Result<u16, String> {
    let exchange = tokio::time::timeout(PATIENCE, exchange(post, to)).await;
    exchange.map_err(|_| "the receiver did not answer in 5 s".to_owned())?
}

async fn exchange(post: &Post, to: &Address) -> Result<u16, String> {
    let stream = TcpStream::connect((to.host.as_str(), to.port));
    let stream = stream.await.map_err(|error| format!("no connection to the receiver: {error}"))?;
    let broken = |error: hyper::Error| format!("the receiver did not answer: {error}");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let mut request = Request::builder()
        .method(post.method.as_str())
        .uri(&to.path)
        .header(HOST, format!("{}:{}", to.host, to.port));
    for (name, value) in &post.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(post.body.clone()));
    let request = request.map_err(|error| format!("the webhook can't be written: {error}"))?;
    // The set ends the connection when this function returns.
    let mut connections = JoinSet::new();
    connections.spawn(connection);
    let answer = sender.send_request(request).await.map_err(broken)?;
    let status = answer.status().as_u16();
    // The receiver must be able to send its whole answer.
    let _ = Limited::new(answer.into_body(), MAX_ANSWER_BYTES).collect().await;
    Ok(status)
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_receiver_has_a_url_of_plain_http() {
        let read =
            |url| Address::parse(url).map(|to| format!("{} {} {}", to.host, to.port, to.path));
        let rows = [
            ("http://127.0.0.1:8080/hook?a=1", "127.0.0.1 8080 /hook?a=1"),
            ("http://localhost", "localhost 80 /"),
            ("http://[::1]:9/x", "::1 9 /x"),
        ];
        for (url, expected) in rows {
            assert_eq!(read(url).as_deref(), Ok(expected), "{url}");
        }
        for url in ["https://example.com/hook", "/hook", "", "127.0.0.1:80", "http://"] {
            let error = read(url).unwrap_err();
            assert!(error.starts_with("a webhook's address must be"), "{url}: {error}");
        }
    }
}
