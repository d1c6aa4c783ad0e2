//! Turns a call into a span, and each of its attempts into an event of the span.
//!
//! The names are those of OpenTelemetry's conventions for HTTP clients, so that exporters need no
//! mapping. A path is recorded as its template, so neither a secret nor a personal id gets into a
//! span.

use std::time::Duration;

use tracing::Span;
use tracing::field::Empty;

use crate::error::Error;
use crate::inner::ServerAddress;
use crate::table::Operation;

/// Creates the span of one call.
pub(crate) fn call(operation: &Operation, server: &ServerAddress) -> Span {
    tracing::info_span!(
        "http.client.call",
        otel.name = format_args!("{} {}", operation.method, operation.path),
        otel.kind = "client",
        otel.status_code = Empty,
        error.r#type = Empty,
        http.request.method = operation.method,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        url.scheme = server.scheme,
        url.template = operation.path,
        server.address = server.host,
        server.port = server.port.map(i64::from),
        prumo.operation = operation.id,
        prumo.wait_ms = Empty,
    )
}

/// Records the outcome of an attempt within the span of its call.
pub(crate) fn attempt(
    number: u32,
    took: Duration,
    outcome: Result<u16, &Error>,
    pause: Option<Duration>,
) {
    match outcome {
        Ok(status) => tracing::debug!(
            http.response.status_code = i64::from(status),
            prumo.attempt = i64::from(number),
            prumo.took_ms = milliseconds(took),
            "attempt answered"
        ),
        Err(error) => tracing::debug!(
            http.response.status_code = error.status().map(i64::from),
            error.r#type = error_type(error).as_str(),
            prumo.attempt = i64::from(number),
            prumo.took_ms = milliseconds(took),
            prumo.pause_ms = pause.map(milliseconds),
            "attempt failed"
        ),
    }
}

/// Records the end of the call in its span.
pub(crate) fn end(
    span: &Span,
    n_attempts: u32,
    waited: Duration,
    status: Option<u16>,
    error: Option<&Error>,
) {
    if span.is_disabled() {
        return;
    }
    if n_attempts > 1 {
        span.record("http.request.resend_count", i64::from(n_attempts - 1));
    }
    if milliseconds(waited) > 0 {
        span.record("prumo.wait_ms", milliseconds(waited));
    }
    if let Some(status) = status {
        span.record("http.response.status_code", i64::from(status));
    }
    if let Some(error) = error {
        span.record("error.type", error_type(error).as_str());
        span.record("otel.status_code", "ERROR");
    }
}

/// Records in its span that the caller dropped the call.
pub(crate) fn dropped(span: &Span, n_attempts: u32) {
    if n_attempts > 1 {
        span.record("http.request.resend_count", i64::from(n_attempts - 1));
    }
    span.record("error.type", "dropped");
    span.record("otel.status_code", "ERROR");
}

/// Signed like all numbers here, because OpenTelemetry has no unsigned ones.
fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Returns the status of a refusal, as OpenTelemetry does, otherwise the class of the error. A
/// refusal with a success status has the class `vendor`.
fn error_type(error: &Error) -> String {
    match error.status() {
        Some(status) if error.is_vendor() && status >= 400 => status.to_string(),
        _ => error.class_name().to_owned(),
    }
}
