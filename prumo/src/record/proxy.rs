//! Stands between a program and a vendor: plain HTTP from the program on loopback, and whatever the
//! vendor's base URL says to the vendor. Each exchange is kept as a fixture.
//!
//! Invariants:
//!
//! * It forwards to the vendor's host only, and listens on loopback only.
//! * The program gets the vendor's answer as it came, whether it could be kept or not.
//! * No body is larger than [`MAX_BYTES`]; a larger one is refused.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use prumo_drift::exchange::{OwnedExchange, OwnedRequest, OwnedResponse};
use reqwest::Url;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::dump::decoded;
use super::keep::Keeper;
use crate::call::{Catalogue, verdict};
use crate::{clock, screen};

/// The largest body of a request or a response.
const MAX_BYTES: usize = 64 << 20;

/// Headers that are about one connection, and are not forwarded.
const OF_CONNECTION: [&str; 9] = [
    "connection",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The codings that the recording can undo.
const CODINGS: &str = "gzip, deflate";

/// Where the proxy forwards to.
struct Vendor {
    base: Url,
    http: reqwest::Client,
    recorded: UnboundedSender<OwnedExchange>,
}

/// Serves until ctrl-c, or until the process ends otherwise.
///
/// # Errors
///
/// The vendor has no base URL, the port is taken, or an exchange can't be written.
pub(super) fn run(catalogue: &Catalogue, keeper: &mut Keeper<'_>, port: u16) -> anyhow::Result<()> {
    let variable = catalogue.base_url_variable();
    let base = catalogue.base_url().with_context(|| format!("no base URL: set `{variable}`"))?;
    let base = catalogue.with_base_path(base);
    let base =
        Url::parse(&base).with_context(|| format!("the base URL in `{variable}` is no URL"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(catalogue, base, keeper, port))
}

async fn serve(
    catalogue: &Catalogue,
    base: Url,
    keeper: &mut Keeper<'_>,
    port: u16,
) -> anyhow::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("failed to listen on port {port}"))?;
    let no_redirect = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().redirect(no_redirect).build()?;
    let (recorded, kept) = unbounded_channel();
    let url = format!("http://{}", listener.local_addr()?);
    screen::print(&format!(
        "{url}  forwards to {} and records\n  hint: {}={url} your-program\nctrl-c ends it\n",
        base.host_str().unwrap_or_default(),
        catalogue.base_url_variable()
    ))?;
    let vendor = Arc::new(Vendor { base, http, recorded });
    let accepting = tokio::spawn(accept(listener, vendor));
    let result = keep_all(keeper, kept).await;
    accepting.abort();
    result
}

async fn accept(listener: TcpListener, vendor: Arc<Vendor>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let vendor = Arc::clone(&vendor);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&vendor), request));
            // The program sees that its connection broke.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Keeps exchanges one after the other.
async fn keep_all(
    keeper: &mut Keeper<'_>,
    mut kept: UnboundedReceiver<OwnedExchange>,
) -> anyhow::Result<()> {
    while let Some(exchange) = kept.recv().await {
        match decoded(&exchange) {
            Some(exchange) => {
                keeper.keep(exchange)?;
            }
            None => screen::note("skipped  an exchange that can't be read back"),
        }
    }
    Ok(())
}

type Answer = Result<Response<Full<Bytes>>, std::convert::Infallible>;

async fn answer(vendor: Arc<Vendor>, request: Request<Incoming>) -> Answer {
    Ok(match forwarded(&vendor, request).await {
        Ok(response) => response,
        Err((status, said)) => {
            screen::note(&format!("failed   {said}"));
            let mut response =
                Response::new(Full::new(Bytes::from(format!("prumo record: {said}\n"))));
            *response.status_mut() = status;
            response
        }
    })
}

/// The status and the reason of a refused request.
type Refusal = (StatusCode, String);

async fn forwarded(
    vendor: &Vendor,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let (head, body) = request.into_parts();
    let url = target(&vendor.base, &head.uri)?;
    let sent = Limited::new(body, MAX_BYTES).collect().await.map_err(|_| {
        let said = format!("the request has more than {MAX_BYTES} bytes, or broke");
        (StatusCode::PAYLOAD_TOO_LARGE, said)
    })?;
    let sent = sent.to_bytes();
    let mut headers = end_to_end(&head.headers);
    headers.remove("content-length");
    headers.insert("accept-encoding", HeaderValue::from_static(CODINGS));
    let call = vendor.http.request(head.method.clone(), url.clone()).headers(headers.clone());
    let failed = |error: reqwest::Error| {
        let what = match () {
            () if error.is_timeout() => "the vendor did not answer in time",
            () if error.is_connect() => "no connection to the vendor",
            () => "the connection to the vendor broke",
        };
        (StatusCode::BAD_GATEWAY, what.to_owned())
    };
    let call = if sent.is_empty() { call } else { call.body(sent.clone()) };
    let answer = call.send().await.map_err(failed)?;
    let (status, answered) = (answer.status(), end_to_end(answer.headers()));
    let received = answer.bytes().await.map_err(failed)?;

    let recorded = OwnedExchange {
        at: Some(clock::now()),
        origin: Some("live".to_owned()),
        source: None,
        operation: None,
        request: OwnedRequest {
            method: head.method.to_string(),
            path: url.path().to_owned(),
            query: verdict::query(url.query_pairs()),
            headers: header_map(&headers),
            base64: (!sent.is_empty()).then(|| STANDARD.encode(&sent)),
            ..OwnedRequest::default()
        },
        response: OwnedResponse {
            status: status.as_u16(),
            headers: header_map(&answered),
            base64: (!received.is_empty()).then(|| STANDARD.encode(&received)),
            ..OwnedResponse::default()
        },
    };
    // Fails only when the recording has ended.
    let _ = vendor.recorded.send(recorded);
    let mut response = Response::new(Full::new(received));
    *response.status_mut() = status;
    *response.headers_mut() = answered;
    Ok(response)
}

/// Returns the URL that a request is forwarded to.
fn target(base: &Url, asked: &hyper::Uri) -> Result<Url, Refusal> {
    if asked.host().is_some_and(|host| Some(host) != base.host_str()) {
        let said = "only requests to the vendor are forwarded".to_owned();
        return Err((StatusCode::FORBIDDEN, said));
    }
    if asked.path().is_empty() || !asked.path().starts_with('/') {
        // CONNECT has no path.
        let said = "TLS can't be recorded; call the proxy's own URL over plain HTTP".to_owned();
        return Err((StatusCode::METHOD_NOT_ALLOWED, said));
    }
    let stem = base.path().trim_end_matches('/');
    let is_below = asked.path() == stem || asked.path().starts_with(&format!("{stem}/"));
    let mut url = base.clone();
    url.set_path(&if is_below {
        asked.path().to_owned()
    } else {
        format!("{stem}{}", asked.path())
    });
    url.set_query(asked.query());
    Ok(url)
}

fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<String> = headers
        .get_all("connection")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let is_kept = |name: &HeaderName| {
        !OF_CONNECTION.contains(&name.as_str()) && !named.iter().any(|one| one == name.as_str())
    };
    let kept = headers.iter().filter(|(name, _)| is_kept(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn header_map(headers: &HeaderMap) -> Map<String, Value> {
    let text = |value: &HeaderValue| Some(Value::from(value.to_str().ok()?));
    headers.iter().filter_map(|(name, value)| Some((name.to_string(), text(value)?))).collect()
}
