//! Checks the example's spans and its metric as an exporter receives them.

#[path = "../examples/opentelemetry.rs"]
mod opentelemetry;

use ::opentelemetry::Value;
use ::opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
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

#[tokio::test]
async fn each_request_is_in_the_metric_of_the_conventions_and_no_query_in_a_span() {
    let exporter = InMemoryMetricExporter::default();
    let meters = SdkMeterProvider::builder().with_periodic_exporter(exporter.clone()).build();
    let spans = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
    let _guard = tracing::subscriber::set_default(opentelemetry::subscriber(&provider));

    let client = tomticket_v1::Client::builder()
        .base_url("http://127.0.0.1:1")
        .token("s3cr3t")
        .retry(tomticket_v1::RetryPolicy::never())
        .observer(opentelemetry::Durations::new(&meters, "127.0.0.1", 1))
        .build()
        .expect("a client");
    let call = client.undocumented("GET", "/x").query("sig", "s1gn4ture").query("Signature", "s1gn4ture");
    assert!(call.send::<serde_json::Value>().await.expect_err("nobody listens").is_connect());
    let shown = format!("{:?}", spans.get_finished_spans().expect("spans"));
    assert!(shown.contains("/x") && !shown.contains("s1gn4ture"), "{shown}");

    meters.force_flush().expect("metrics");
    let exported = exporter.get_finished_metrics().expect("metrics");
    let metric = exported.iter().flat_map(|one| one.scope_metrics()).flat_map(|scope| scope.metrics()).next();
    let metric = metric.expect("a metric");
    assert_eq!((metric.name(), metric.unit()), ("http.client.request.duration", "s"));
    let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() else {
        panic!("no histogram of seconds");
    };
    let points: Vec<_> = histogram.data_points().collect();
    let [point] = points.as_slice() else { panic!("{} series", points.len()) };
    assert_eq!((point.count(), point.bounds().count()), (1, 14));
    let mut attributes: Vec<String> =
        point.attributes().map(|one| format!("{}={}", one.key, one.value)).collect();
    attributes.sort_unstable();
    let expected = [
        "error.type=transport",
        "http.request.method=GET",
        "server.address=127.0.0.1",
        "server.port=1",
        "url.template=/x",
    ];
    assert_eq!(attributes, expected);
}
