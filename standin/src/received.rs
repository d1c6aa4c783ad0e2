//! Keeps the newest requests for a test to look at; their `Debug` shows no content.

use std::collections::VecDeque;
use std::fmt;

use serde_json::Value;

use crate::arguments::{Arguments, Content, Payload};

/// The limit of requests; the oldest are dropped.
const MAX_REQUESTS: usize = 2_000;

/// The limit of bytes that are kept of one request's texts.
const MAX_TEXT_BYTES: usize = 16 << 10;

/// One received request. Its `Debug` shows none of its content.
#[derive(Clone)]
pub struct Received {
    /// The `operationId`; `None` if no operation takes the request.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path with parameters in braces; `None` if no operation takes the request.
    pub template: Option<String>,
    /// The status of the answer; `None` if the connection was cut.
    pub status: Option<u16>,
    /// Whether the work was done, even if the client got an error.
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

    /// Keeps the arguments, up to the limit.
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

    /// Returns an argument of path, query or body; a value that is no text comes as JSON.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.sent.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }

    /// Returns the header of this name, given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }

    /// Returns name and size of each file of a form.
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

/// The newest requests, oldest first.
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
