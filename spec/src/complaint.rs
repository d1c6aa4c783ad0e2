//! Turns "something is wrong at this JSON Pointer" into a line that an editor
//! can jump to: `specs/x.yaml:LINE:COL: <pointer>: <sentence>`.
//!
//! Invariants:
//!
//! * Complaints are collected, never thrown: a run tells all of them at once.
//! * What a house document must do is an error there and a warning in a
//!   foreign document; what cannot be generated is an error in both.

use std::collections::BTreeMap;
use std::fmt;

use crate::document::{Document, DocumentError, DocumentFault};

/// How bad a complaint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The client is not generated.
    Error,
    /// The client is generated, and this is what it could not honour.
    Warning,
}

/// One thing that is wrong with a spec, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Error or warning.
    pub severity: Severity,
    /// The spec, relative to the root of the repository.
    pub file: String,
    /// Line and column, 1-based.
    pub line: usize,
    /// Column, 1-based.
    pub column: usize,
    /// JSON Pointer to the construct.
    pub pointer: String,
    /// A lowercase fragment that names the construct.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, pointer, message, .. } = self;
        let pointer = if pointer.is_empty() { "/" } else { pointer };
        write!(f, "{file}:{line}:{column}: {pointer}: ")?;
        if self.severity == Severity::Warning {
            write!(f, "warning: ")?;
        }
        write!(f, "{message}")?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl From<&DocumentError> for Complaint {
    fn from(error: &DocumentError) -> Self {
        Self {
            severity: Severity::Error,
            file: error.file().to_owned(),
            line: error.position().line,
            column: error.position().column,
            pointer: String::new(),
            message: error.fault().to_string(),
            hint: remedy(error.fault()).map(str::to_owned),
        }
    }
}

/// What to do about a document that is no document.
fn remedy(fault: &DocumentFault) -> Option<&'static str> {
    let sentence = fault.to_string();
    let says = |word: &str| sentence.contains(word);
    match fault {
        DocumentFault::Syntax(_) if says("tab") => Some("indent with spaces: YAML takes no tabs"),
        DocumentFault::Syntax(_) if says("indent") => {
            Some("indent a line, also one with a closing bracket alone, by more than the key it belongs to")
        }
        DocumentFault::Syntax(_) => None,
        DocumentFault::DuplicateKey(_) => Some("keep one of the two"),
        DocumentFault::KeyNotText => Some("write the key in quotes"),
        DocumentFault::MergeKey => Some("write the members out"),
        DocumentFault::TooDeep => Some("move inner schemas to `components` and refer to them"),
        DocumentFault::AliasTooLarge | DocumentFault::AliasInsideItself => Some("use `$ref` instead"),
        DocumentFault::UnknownTag => Some("take the tag off"),
        DocumentFault::TagMismatch => Some("take the tag off, or correct the value"),
        DocumentFault::IntegerTooLarge | DocumentFault::NotFinite => Some("leave the bound or value out"),
        DocumentFault::SecondDocument => Some("put it into a file of its own"),
        _ => None,
    }
}

/// Everything that is wrong with one document so far.
#[derive(Debug)]
pub struct Complaints<'d> {
    document: &'d Document,
    house: bool,
    list: Vec<Complaint>,
}

impl<'d> Complaints<'d> {
    /// An empty list for `document`.
    pub fn new(document: &'d Document, house: bool) -> Self {
        Self { document, house, list: Vec::new() }
    }

    /// Whether the document is ours, with a source on every operation.
    pub fn is_house(&self) -> bool {
        self.house
    }

    /// Something that cannot be generated, or must not be.
    pub fn error(&mut self, at: &str, message: impl Into<String>, hint: &str) {
        self.push(Severity::Error, at, message.into(), hint);
    }

    /// Something a house document must do and a foreign one should.
    pub fn house(&mut self, at: &str, message: impl Into<String>, hint: &str) {
        let severity = if self.house { Severity::Error } else { Severity::Warning };
        self.push(severity, at, message.into(), hint);
    }

    /// Something the client leaves out or widens, whoever wrote the document.
    pub fn warning(&mut self, at: &str, message: impl Into<String>, hint: &str) {
        self.push(Severity::Warning, at, message.into(), hint);
    }

    /// Whether at least one complaint is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|complaint| complaint.severity == Severity::Error)
    }

    /// All complaints in document order, each once; warnings of one kind are one
    /// if there are many.
    pub fn finish(mut self) -> Vec<Complaint> {
        self.list.sort_by(|a, b| {
            (a.line, a.column, &a.pointer, &a.message).cmp(&(b.line, b.column, &b.pointer, &b.message))
        });
        self.list.dedup();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for warning in self.list.iter().filter(|one| one.severity == Severity::Warning) {
            *kinds.entry(kind(&warning.message)).or_default() += 1;
        }
        self.list.retain_mut(|one| {
            let count = match one.severity {
                Severity::Warning => kinds.get_mut(&kind(&one.message)),
                Severity::Error => None,
            };
            let Some(count) = count.filter(|count| **count == 0 || **count > MANY) else { return true };
            let is_first = *count > 0;
            if is_first {
                one.message.push_str(&format!(" (and {} more such places)", *count - 1));
            }
            *count = 0;
            is_first
        });
        self.list
    }

    fn push(&mut self, severity: Severity, at: &str, message: String, hint: &str) {
        let position = self.document.nearest_position(at);
        self.list.push(Complaint {
            severity,
            file: self.document.file_at(at).to_owned(),
            line: position.line,
            column: position.column,
            pointer: at.to_owned(),
            message,
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
        });
    }
}

/// How many warnings of one kind are told one by one.
const MANY: usize = 5;

/// A message without what it names: what stands between backticks.
fn kind(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`")
}
