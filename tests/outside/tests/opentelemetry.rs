//! Checks the example's spans as an exporter receives them.

#[path = "../examples/opentelemetry.rs"]
mod opentelemetry;

use ::opentelemetry::Value;
use ::opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};

#[tokio::test]
async fn a_call_is_a_span_with_the_names_of_the_conventions_and_no_secret() {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let subscriber = opentelemetry::subscriber(&provider);
    let _guard = tracing::subscriber::set_default(subscriber);

    let client = tomticket_v1::Client::builder()
        .base_url("http://127.0.0.1:1")
        .token("s3cr3t")
        .retry(tomticket_v1::RetryPolicy::never())
        .build()
        .expect("a client");
    let answer = client.ler_chamado().identificador_chamado("4f1d2c3b").send().await;
    assert!(answer.expect_err("nobody listens").is_connect());

    let spans = exporter.get_finished_spans().expect("spans");
    let [span] = spans.as_slice() else { panic!("{} spans", spans.len()) };
    assert_eq!(span.name, "GET /chamado/{token}/{identificador_chamado}");
    assert_eq!(span.span_kind, SpanKind::Client);
    assert!(matches!(span.status, Status::Error { .. }), "{:?}", span.status);
    let attribute = |name: &str| {
        let found = span.attributes.iter().find(|one| one.key.as_str() == name);
        found.map(|one| one.value.to_string()).unwrap_or_default()
    };
    let expected = [
        ("http.request.method", "GET"),
        ("url.scheme", "http"),
        ("url.template", "/chamado/{token}/{identificador_chamado}"),
        ("server.address", "127.0.0.1"),
        ("error.type", "transport"),
        ("prumo.operation", "ler_chamado"),
    ];
    for (name, value) in expected {
        assert_eq!(attribute(name), value, "{name}");
    }
    let port = span.attributes.iter().find(|one| one.key.as_str() == "server.port");
    assert_eq!(port.map(|one| &one.value), Some(&Value::I64(1)), "a number stays one");
    let events: Vec<&str> = span.events.iter().map(|event| &*event.name).collect();
    assert_eq!(events, ["attempt failed"], "one event an attempt");
    let shown = format!("{span:?}");
    assert!(!shown.contains("s3cr3t") && !shown.contains("4f1d2c3b"), "{shown}");
}
