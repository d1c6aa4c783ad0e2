//! Serves replies on loopback and keeps the received requests.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use base64::Engine as _;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

/// A received request.
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query as received.
    pub(crate) target: String,
    /// Names in lower case, in the order sent.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// A response of the server.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Reply {
    /// Returns the recorded response, ready to be sent.
    ///
    /// Headers that describe the transfer are left out, since the recorded body is complete and
    /// decoded.
    pub(crate) fn recorded(response: &Value) -> anyhow::Result<Self> {
        let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        let of_the_transfer = [CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];
        let headers = response["headers"].as_object().into_iter().flatten();
        let headers =
            headers.filter(|(name, _)| of_the_transfer.iter().all(|known| *name != known.as_str()));
        let headers = headers
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        Ok(Self {
            status: status.context("/response/status: no HTTP status")?,
            headers: headers.collect(),
            body: recorded_body(response)?,
        })
    }

    pub(crate) fn json(body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status: 200, headers, body: body.to_string().into() }
    }

    pub(crate) fn not_found() -> Self {
        Self { status: 404, headers: Vec::new(), body: Bytes::new() }
    }

    fn into_response(self) -> hyper::Result<hyper::Response<Full<Bytes>>> {
        let mut response = hyper::Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let response = response.body(Full::new(self.body));
        // No server can send a header that HTTP does not allow; the client gets an error instead.
        Ok(response.unwrap_or_else(|_| bad_gateway()))
    }
}

fn bad_gateway() -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::default());
    *response.status_mut() = hyper::StatusCode::BAD_GATEWAY;
    response
}

fn recorded_body(response: &Value) -> anyhow::Result<Bytes> {
    if let Some(text) = response["text"].as_str() {
        return Ok(text.to_owned().into());
    }
    match (&response["body"], response["base64"].as_str()) {
        (Value::Null, Some(text)) => {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text);
            Ok(bytes.context("/response/base64: not Base64")?.into())
        }
        (Value::Null, None) => Ok(Bytes::new()),
        (body, _) => Ok(body.to_string().into()),
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    task: AbortHandle,
}

impl Server {
    /// Starts a server that replies to each request with the result of `reply`.
    pub(crate) async fn start(
        reply: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let received = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::new(Shared { reply: Box::new(reply), received: Arc::clone(&received) });
        let task = tokio::spawn(accept(listener, shared)).abort_handle();
        Ok(Self { url, received, task })
    }

    /// Returns the address, without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Takes the received requests, oldest first.
    pub(crate) fn take_received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Shared {
    reply: Box<dyn Fn(&Received) -> Reply + Send + Sync>,
    received: Arc<Mutex<Vec<Received>>>,
}

/// Accepts connections until it is aborted, which ends all of them.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that is gone before it is accepted does not stop the server.
                let Ok((stream, _)) = accepted else { continue };
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    let service = service_fn(|request| serve(Arc::clone(&shared), request));
                    // The client reports broken connections.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next() => (),
        }
    }
}

async fn serve(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> hyper::Result<hyper::Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
    let received = Received {
        method: head.method.to_string(),
        target: head.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: headers.collect(),
        body: body.collect().await?.to_bytes(),
    };
    let reply = (shared.reply)(&received);
    shared.received.lock().unwrap_or_else(PoisonError::into_inner).push(received);
    reply.into_response()
}
