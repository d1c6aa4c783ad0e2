//! Recognizes files that people have at hand and that are no recordings, by their first bytes, and
//! reads the responses that some of them hold.
//!
//! A kind is one row of `KINDS`. It has a name, the remedy, and a reader if its exchanges can be
//! converted into our own format.
//!
//! Invariants:
//!
//! * Text that may be an exchange in our own format is never taken for another kind.
//! * A reader keeps the text of each body as it is, with the spelling of its numbers.

mod cassette;
mod names;
mod postman;
mod yaml;

use serde_json::Value;

use self::names::{Outline, outline};

/// The remedy for a kind that is converted.
const CONVERT: &str = "`prumo convert --to ndjson` turns its responses into exchanges";
/// The remedy for a kind without recorded responses.
const RECORD: &str = "it holds expectations; record the traffic itself, for example as HAR with a browser or a proxy";

/// Reads the exchanges of a whole file, or returns a sentence about its fault.
type Reader = fn(&str) -> Result<Converted, String>;

/// A kind of file that is no recording in a format of ours.
#[derive(Debug)]
pub struct ForeignKind {
    /// The name with its article: `a Postman collection`.
    pub name: &'static str,
    /// The way to exchanges that are read here.
    pub remedy: &'static str,
    is_one: fn(&Outline<'_>) -> bool,
    read: Option<Reader>,
}

/// The exchanges of a foreign file.
#[derive(Debug, Default)]
pub struct Converted {
    /// Each as the JSON of our own format.
    pub exchanges: Vec<Value>,
    /// The number of requests without a response.
    pub n_unanswered: u64,
}

/// All kinds; the first one that fits is named.
const KINDS: &[ForeignKind] = &[
    ForeignKind {
        name: "a Postman collection",
        remedy: CONVERT,
        is_one: |start| {
            start.has_all(&["info", "item"])
                || (start.has_any(&["info", "item", "collection"]) && start.holds("getpostman.com"))
        },
        read: Some(postman::read),
    },
    ForeignKind {
        name: "a Postman collection of version 1",
        remedy: "export it as a collection of version 2.1, then `prumo convert --to ndjson` reads it",
        is_one: |start| start.has_all(&["requests", "order"]),
        read: None,
    },
    ForeignKind {
        name: "an Insomnia export",
        remedy: "record the responses as HAR",
        is_one: |start| {
            start.has_any(&["__export_format"]) || start.is_keyed("type: collection.insomnia")
        },
        read: None,
    },
    ForeignKind {
        name: "a Pact file",
        remedy: RECORD,
        is_one: |start| {
            start.has_any(&["consumer", "provider"]) && start.holds("\"interactions\"")
                || start.has_all(&["consumer", "provider"])
        },
        read: None,
    },
    ForeignKind {
        name: "a betamax cassette",
        remedy: CONVERT,
        is_one: |start| start.has_any(&["http_interactions"]) && start.holds("betamax"),
        read: Some(cassette::read),
    },
    ForeignKind {
        name: "a VCR cassette",
        remedy: CONVERT,
        is_one: |start| {
            start.has_any(&["http_interactions", "interactions"])
                || start.is_keyed("http_interactions:")
                || start.is_keyed("interactions:")
                || start.is_keyed("- request:")
        },
        read: Some(cassette::read),
    },
    ForeignKind {
        name: "a set of WireMock stubs",
        remedy: RECORD,
        is_one: |start| start.has_any(&["mappings"]),
        read: None,
    },
    ForeignKind {
        name: "a Hoverfly simulation",
        remedy: RECORD,
        is_one: |start| start.has_any(&["data", "meta"]) && start.holds("\"pairs\""),
        read: None,
    },
    ForeignKind {
        name: "a recording of nock",
        remedy: "record the responses as HAR",
        is_one: |start| start.has_all(&["scope", "method", "status"]),
        read: None,
    },
    ForeignKind {
        name: "an OpenAPI document",
        remedy: "`--spec` names the document to judge against",
        is_one: |start| {
            start.has_any(&["openapi", "swagger"])
                || start.is_keyed("openapi:")
                || start.is_keyed("swagger:")
        },
        read: None,
    },
    ForeignKind {
        name: "a file of mitmproxy's flows",
        remedy: "save it as HAR: `mitmdump -nr FILE --set hardump=FILE.har`",
        is_one: |start| start.is_netstring(),
        read: None,
    },
    ForeignKind {
        name: "a packet capture",
        remedy: "record the traffic as HAR, with a browser or a proxy",
        is_one: |start| {
            let magic: [&[u8]; 4] = [
                b"\x0a\x0d\x0d\x0a",
                b"\xd4\xc3\xb2\xa1",
                b"\xa1\xb2\xc3\xd4",
                b"\x4d\x3c\xb2\xa1",
            ];
            magic.iter().any(|magic| start.bytes.starts_with(magic))
        },
        read: None,
    },
];

/// Returns the kind of a file with this start, or `None` if it may be a recording.
pub fn recognize(start: &[u8]) -> Option<&'static ForeignKind> {
    let outline = outline(start);
    if outline.has_any(&["request", "response", "log"]) {
        return None;
    }
    KINDS.iter().find(|kind| (kind.is_one)(&outline))
}

impl ForeignKind {
    /// Returns whether its exchanges can be read.
    pub fn is_readable(&self) -> bool {
        self.read.is_some()
    }

    /// Reads the exchanges of a whole file.
    ///
    /// # Errors
    ///
    /// Returns a sentence without a value of the file if it can't be read.
    pub fn read(&self, text: &str) -> Result<Converted, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match self.read {
            Some(read) => read(text),
            None => Err(format!("{} holds no exchange", self.name)),
        }
    }
}

#[cfg(test)]
mod tests;
