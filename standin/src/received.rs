//! What came, for a test to look at: bounded, and silent about what was in it.

use std::collections::VecDeque;
use std::fmt;

use serde_json::Value;

use crate::arguments::{Arguments, Content, Payload};

/// How many requests are remembered; the oldest make room.
const MAX_REQUESTS: usize = 2_000;

/// How many bytes of one request's texts are remembered.
const MAX_TEXT_BYTES: usize = 16 << 10;

/// One request that came. Its `Debug` says what it was, and nothing of what was in it.
#[derive(Clone)]
pub struct Received {
    /// The `operationId`; none where no operation takes it.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path with parameters in braces; none where no operation takes it.
    pub template: Option<String>,
    /// The status that was answered; none where the connection was cut.
    pub status: Option<u16>,
    /// Whether its work was done, whatever the client was told.
    pub is_done: bool,
    headers: Vec<(String, String)>,
    sent: Vec<(String, String)>,
    files: Vec<(String, u64)>,
}

impl Received {
    pub(crate) fn new(method: &str, headers: Vec<(String, String)>) -> Self {
        Self {
            operation: None,
            method: method.to_owned(),
            template: None,
            status: None,
            is_done: false,
            headers,
            sent: Vec::new(),
            files: Vec::new(),
        }
    }

    pub(crate) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Remembers what was sent, as far as it is not too much.
    pub(crate) fn take(&mut self, arguments: &Arguments) {
        let mut n_bytes = 0;
        for (name, value) in arguments.named() {
            let text = match value {
                Value::String(text) => text,
                value => value.to_string(),
            };
            n_bytes += text.len();
            if n_bytes <= MAX_TEXT_BYTES {
                self.sent.push((name, text));
            }
        }
        if let Payload::Form(parts) = &arguments.body {
            for part in parts {
                if let Content::File { name, bytes, .. } = &part.content {
                    self.files.push((name.clone(), bytes.len() as u64));
                }
            }
        }
    }

    /// What was sent under this name, in path, query or body; what is no text, as JSON.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.sent.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }

    /// The header of this name, in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }

    /// The files of its form, by name and size.
    #[must_use]
    pub fn files(&self) -> &[(String, u64)] {
        &self.files
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Received")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("template", &self.template)
            .field("status", &self.status)
            .field("is_done", &self.is_done)
            .finish_non_exhaustive()
    }
}

/// The requests that came, oldest first.
#[derive(Default)]
pub(crate) struct Log {
    requests: VecDeque<Received>,
}

impl Log {
    pub(crate) fn add(&mut self, received: Received) {
        if self.requests.len() >= MAX_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(received);
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
