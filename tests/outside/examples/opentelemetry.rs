//! Exports every call as a span of OpenTelemetry: `cargo run --example opentelemetry`.
//!
//! The clients use `tracing` with OpenTelemetry's names for HTTP clients, so a layer is enough.
//! Other exporters (OTLP, Jaeger) can replace that to standard output.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
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

/// Calls a server that does not exist, so that the span shows an error.
#[allow(dead_code)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let exporter = opentelemetry_stdout::SpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter).build();
    tracing::subscriber::set_global_default(subscriber(&provider))?;

    let client = tomticket_v1::Client::builder().base_url("http://127.0.0.1:1").token("s3cr3t").build()?;
    let answer = client.ler_chamado().identificador_chamado("4f1d2c3b4a5968778695a4b3c2d1e0f9").send().await;
    if let Err(error) = answer {
        println!("{error}");
    }
    provider.shutdown()?;
    Ok(())
}
