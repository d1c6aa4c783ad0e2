//! Tests the runtime end to end, with handwritten clients against loopback servers: one that gives
//! a single response, and one that misbehaves.

#![expect(clippy::unwrap_used, reason = "the test's own server and client are not `#[test]`s")]

mod answers;
mod beta;
mod client;
mod clock;
mod finding;
mod forms;
mod hostile;
mod limits;
mod logins;
mod oauth;
mod options;
mod paging;
mod reexports;
mod requests;
mod retries;
mod rotation;
mod script;
mod server;
mod spans;
mod transport;
mod uploads;
mod watcher;
mod wild;

use prumo_runtime::Error;

/// Returns everything that a logger could print of an error, including its sources.
fn everything_printed(error: &Error) -> String {
    let mut text = format!("{error} {error:#} {error:?} {error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(&format!(" {source} {source:?}"));
        next = source.source();
    }
    text
}

/// Returns one word for each predicate of the error that is `true`.
fn classes(error: &Error) -> Vec<&'static str> {
    [
        ("vendor", error.is_vendor()),
        ("decode", error.is_decode()),
        ("invalid-request", error.is_invalid_request()),
        ("too-large", error.is_too_large()),
        ("auth", error.is_auth()),
        ("rate-limited", error.is_rate_limited()),
        ("timeout", error.is_timeout()),
        ("connect", error.is_connect()),
        ("maybe", error.may_have_happened()),
    ]
    .into_iter()
    .filter_map(|(class, holds)| holds.then_some(class))
    .collect()
}
