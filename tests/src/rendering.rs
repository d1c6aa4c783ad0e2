//! Formats a request and its outcome for a snapshot.

use std::fmt::Write as _;

use prumo_replay::{Sent, losses};
use prumo_runtime::{Dispatched, Error};
use serde_json::Value;

/// Headers that are left out because they do not depend on the operation.
const DULL: &[&str] = &["host", "content-length", "accept-encoding", "user-agent"];

/// Formats the request as it was sent.
pub fn request(sent: &Sent) -> String {
    let mut out = format!("{} {}\n", sent.method, sent.target);
    for (name, value) in sent.headers.iter().filter(|(name, _)| !DULL.contains(&name.as_str())) {
        let _ = writeln!(out, "{name}: {value}");
    }
    if let Some(body) = &sent.body {
        let _ = write!(out, "\n{}\n", body.trim_end());
    }
    out
}

/// Formats the result that the client returns.
pub fn outcome(outcome: &Result<Dispatched, Error>) -> String {
    match outcome {
        Ok(answer) => success(answer),
        Err(error) => failure(error),
    }
}

fn success(answer: &Dispatched) -> String {
    let losses = losses(&answer.raw, &answer.value);
    let lost = if losses.lost.is_empty() { "nothing".to_owned() } else { losses.lost.join(", ") };
    let mut out = format!("Ok, status {}\n", answer.status);
    if let Some(message) = &answer.message {
        let _ = writeln!(out, "message: {message}");
    }
    let _ = writeln!(out, "lost: {lost}; left out as empty: {}\n", losses.n_empty);
    out + &pretty(&answer.value)
}

fn failure(error: &Error) -> String {
    let mut out = format!("Err: {error}\n");
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{name}: {value}");
        }
    };
    say("operation", error.operation().map(str::to_owned));
    say("status", error.status().map(|status| status.to_string()));
    say("message", error.message().map(str::to_owned));
    say("pointer", error.pointer().map(str::to_owned));
    for sentence in error.errors() {
        say("errors", Some(sentence.clone()));
    }
    say("is", Some(predicates(error)));
    say("body kept", error.body().map(|body| format!("{} bytes", body.len())));
    out
}

fn predicates(error: &Error) -> String {
    let all = [
        ("auth", error.is_auth()),
        ("connect", error.is_connect()),
        ("decode", error.is_decode()),
        ("invalid_request", error.is_invalid_request()),
        ("may_have_happened", error.may_have_happened()),
        ("rate_limited", error.is_rate_limited()),
        ("timeout", error.is_timeout()),
        ("too_large", error.is_too_large()),
        ("vendor", error.is_vendor()),
    ];
    let held: Vec<&str> = all.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name).collect();
    held.join(", ")
}

/// Formats JSON with sorted members, so that a snapshot does not depend on their order.
pub fn pretty(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    format!("{sorted:#}\n")
}
