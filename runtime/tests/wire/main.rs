//! The runtime end to end, by itself: a client by hand in the words of
//! generated code, against loopback servers: one of a single answer, and one
//! that does what no server should.

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
mod options;
mod paging;
mod reexports;
mod requests;
mod retries;
mod script;
mod server;
mod spans;
mod transport;
mod uploads;
mod watcher;

use prumo_runtime::Error;

/// What a logger could print of an error: both forms of both traits, and the
/// whole chain of sources.
fn everything_printed(error: &Error) -> String {
    let mut text = format!("{error} {error:#} {error:?} {error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        text.push_str(&format!(" {source} {source:?}"));
        next = source.source();
    }
    text
}

/// What an error says of itself, in a word for each predicate that holds.
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
