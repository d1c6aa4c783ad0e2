//! Exports every call as a span of OpenTelemetry, and the duration of every request as its metric
//! `http.client.request.duration`: `cargo run --example opentelemetry`.
//!
//! The clients use `tracing` with OpenTelemetry's names for HTTP clients, so a layer is enough for
//! the spans; an [`Observer`] records the metric. Other exporters (OTLP, Jaeger) can replace those to
//! standard output. Neither spans nor the metric hold a query: the values that the conventions
//! redact (`sig`, `Signature`, `AWSAccessKeyId`, `X-Goog-Signature`) appear nowhere.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, MeterProvider as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tomticket_v1::{Attempt, Observer};
use tracing::Level;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

/// Turns the clients' spans into spans of `provider`.
pub fn subscriber(provider: &SdkTracerProvider) -> impl tracing::Subscriber + Send + Sync + use<> {
    // Excludes the events of the HTTP library.
    let ours = Targets::new().with_target("prumo_runtime", Level::DEBUG);
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("helpdesk"));
    tracing_subscriber::registry().with(layer.with_filter(ours))
}

/// Upper bounds of the buckets, in seconds, as the conventions advise.
const BOUNDARIES: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Records the duration of each request that a client sends to one server.
pub struct Durations {
    seconds: Histogram<f64>,
    server: [KeyValue; 2],
}

impl Durations {
    /// Makes the metric of `provider` for the server at this address.
    pub fn new(provider: &SdkMeterProvider, address: &'static str, port: u16) -> Self {
        let meter = provider.meter("helpdesk");
        let metric = meter.f64_histogram("http.client.request.duration");
        let seconds = metric.with_unit("s").with_boundaries(BOUNDARIES.to_vec()).build();
        let server = [KeyValue::new("server.address", address), KeyValue::new("server.port", i64::from(port))];
        Self { seconds, server }
    }
}

impl Observer for Durations {
    fn attempt(&self, attempt: &Attempt<'_>) {
        let mut attributes = self.server.to_vec();
        attributes.push(KeyValue::new("http.request.method", attempt.operation.method));
        attributes.push(KeyValue::new("url.template", attempt.operation.path));
        if let Some(status) = attempt.status {
            attributes.push(KeyValue::new("http.response.status_code", i64::from(status)));
        }
        // A failure status is its own type of error, anything else has the class of the error.
        match (attempt.status, attempt.error) {
            (Some(status @ 400..), _) => attributes.push(KeyValue::new("error.type", status.to_string())),
            (_, Some(error)) => attributes.push(KeyValue::new("error.type", error.class_name())),
            (_, None) => {}
        }
        self.seconds.record(attempt.took.as_secs_f64(), &attributes);
    }
}

/// Calls a server that does not exist, so that the span shows an error.
#[allow(dead_code)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let exporter = opentelemetry_stdout::SpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    tracing::subscriber::set_global_default(subscriber(&provider))?;

    let meters = SdkMeterProvider::builder()
        .with_periodic_exporter(opentelemetry_stdout::MetricExporter::default())
        .build();

    let client = tomticket_v1::Client::builder()
        .base_url("http://127.0.0.1:1")
        .token("s3cr3t")
        .observer(Durations::new(&meters, "127.0.0.1", 1))
        .build()?;
    let answer = client.ler_chamado().identificador_chamado("4f1d2c3b4a5968778695a4b3c2d1e0f9").send().await;
    if let Err(error) = answer {
        println!("{error}");
    }
    provider.shutdown()?;
    meters.shutdown()?;
    Ok(())
}
