//! Tests what a call reports to `tracing`: one span, one event per attempt, and no secret.

use std::cell::RefCell;
use std::fmt::{self, Write};
use std::sync::Once;
use std::time::Duration;

use prumo_runtime::{RateLimit, RetryPolicy};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::beta::{Beta, SECRET, setup};
use crate::clock::FakeClock;
use crate::script::{Scripted, answer, json};

const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;

/// Records the spans and events of the runtime as lines, separately for each thread.
///
/// The whole process has a single subscriber. With one per thread, `tracing` may cache the interest
/// of a thread without a subscriber for all threads.
struct Lines;

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl Lines {
    /// Installs the subscriber if necessary, and discards the lines of this thread.
    fn start() {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| tracing_subscriber::registry().with(Lines).init());
        LINES.take();
    }

    fn write(line: String) {
        LINES.with_borrow_mut(|lines| lines.push(line));
    }
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if attributes.metadata().target().starts_with("prumo_runtime") {
            let parent = context.span(id).and_then(|span| Some(span.parent()?.name()));
            let parent = parent.map_or_else(String::new, |name| format!(" in {name}"));
            Self::write(format!("span {}{parent}{}", attributes.metadata().name(), fields.0));
        }
    }

    fn on_record(&self, _id: &Id, values: &Record<'_>, _context: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        Self::write(format!("record{}", fields.0));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if event.metadata().target().starts_with("prumo_runtime") {
            let span = context.event_span(event).map_or("no span", |span| span.name());
            Self::write(format!("{} in {span}:{}", event.metadata().level(), fields.0));
        }
    }
}

#[tokio::test]
async fn a_call_is_one_span_with_an_event_for_each_attempt() {
    let vendor = Scripted::answering(|n_before, request| match (request.line(), n_before) {
        ("POST /oauth/token", _) => json(200, &format!(r#"{{"access_token":"{SECRET}"}}"#)),
        ("GET /orders/7", 0) => answer(503, "retry-after: 2\r\n", ORDER),
        ("GET /orders/7", _) => json(200, ORDER),
        _ => json(200, r#"{"erro":true,"mensagem":"não"}"#),
    })
    .await;
    Lines::start();
    let setup = setup(&vendor.base_url, &FakeClock::new());
    let setup = setup.rate_limit(RateLimit { requests: 2, seconds: 1 });
    let client = Beta::with(setup.retry(RetryPolicy::default().first_pause(Duration::ZERO)));
    client.read_order(7).await.unwrap();
    client.create_order().await.unwrap_err();

    let port = vendor.base_url.rsplit(':').next().unwrap();
    let server = format!(
        "url.scheme=\"http\" url.template=\"T\" server.address=\"127.0.0.1\" server.port={port}"
    );
    let span = |parent: &str, method: &str, path: &str, id: &str| {
        format!(
            "span http.client.call{parent} otel.name={method} {path} otel.kind=\"client\" \
             http.request.method=\"{method}\" {} prumo.operation=\"{id}\"",
            server.replace('T', path)
        )
    };
    let expect = [
        span("", "GET", "/orders/{id}", "readOrder"),
        span(" in http.client.call", "POST", "/oauth/token", "logIn"),
        "DEBUG in http.client.call: message=attempt answered http.response.status_code=200 prumo.attempt=1 prumo.took_ms=0".into(),
        "record http.response.status_code=200".into(),
        "DEBUG in http.client.call: message=attempt failed http.response.status_code=503 error.type=\"503\" \
         prumo.attempt=1 prumo.took_ms=0 prumo.pause_ms=2000".into(),
        "DEBUG in http.client.call: message=attempt answered http.response.status_code=200 prumo.attempt=2 prumo.took_ms=0".into(),
        "record http.request.resend_count=1".into(),
        "record prumo.wait_ms=500".into(),
        "record http.response.status_code=200".into(),
        span("", "POST", "/orders", "createOrder"),
        "DEBUG in http.client.call: message=attempt failed http.response.status_code=200 error.type=\"vendor\" \
         prumo.attempt=1 prumo.took_ms=0".into(),
        "record prumo.wait_ms=500".into(),
        "record http.response.status_code=200".into(),
        "record error.type=\"vendor\"".into(),
        "record otel.status_code=\"ERROR\"".into(),
    ];
    assert_eq!(LINES.take(), expect);
}
