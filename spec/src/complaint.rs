//! Turns a fault at a JSON Pointer into a line that an editor can jump to: `specs/x.yaml:LINE:COL:
//! <pointer>: <sentence>`.
//!
//! Invariants:
//!
//! * Complaints are collected, not returned as errors: a run reports all of them at once.
//! * A duty of house documents is an error there and a warning in a foreign document; a construct
//!   that can't be generated is an error in both.

use std::collections::BTreeMap;
use std::fmt;

use crate::document::{Document, DocumentError};
pub use crate::loss::Loss;

/// The severity of a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The client is not generated.
    Error,
    /// The client is generated without honouring the construct.
    Warning,
}

/// A fault of a spec, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// How severe it is.
    pub severity: Severity,
    /// The spec, relative to the root of the repository.
    pub file: String,
    /// Line, 1-based.
    pub line: usize,
    /// Column, 1-based.
    pub column: usize,
    /// JSON Pointer to the construct.
    pub pointer: String,
    /// A lowercase fragment that names the construct.
    pub message: String,
    /// The remedy.
    pub hint: Option<String>,
    /// The names of the operations that the client does without because of it.
    pub costs: Vec<String>,
    /// The other part that the client does without because of it, if there is one.
    pub loss: Option<Loss>,
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
            hint: error.hint().map(str::to_owned),
            costs: Vec::new(),
            loss: None,
        }
    }
}

/// All complaints about one document so far.
#[derive(Debug)]
pub struct Complaints<'d> {
    document: &'d Document,
    house: bool,
    list: Vec<Complaint>,
}

impl<'d> Complaints<'d> {
    /// Returns an empty list for `document`.
    pub fn new(document: &'d Document, house: bool) -> Self {
        Self { document, house, list: Vec::new() }
    }

    /// Returns whether the document is ours, with a source for every operation.
    pub fn is_house(&self) -> bool {
        self.house
    }

    /// Adds an error: a construct that can't or must not be generated.
    pub fn error(&mut self, at: &str, message: impl Into<String>, hint: &str) {
        self.push(Severity::Error, at, message.into(), hint);
    }

    /// Adds a complaint that is an error in a house document and a warning in a foreign one.
    pub fn house(&mut self, at: &str, message: impl Into<String>, hint: &str) {
        let severity = if self.house { Severity::Error } else { Severity::Warning };
        self.push(severity, at, message.into(), hint);
    }

    /// Adds a complaint like [`Self::house`] about a construct that costs a foreign document's client
    /// a part.
    pub fn losing(&mut self, loss: Loss, at: &str, message: impl Into<String>, hint: &str) {
        self.house(at, message, hint);
        if let Some(complaint) = self.list.last_mut() {
            complaint.loss = Some(loss);
        }
    }

    /// Adds a warning: a construct that the client leaves out or widens.
    pub fn warning(&mut self, at: &str, message: impl Into<String>, hint: &str) {
        self.push(Severity::Warning, at, message.into(), hint);
    }

    /// Adds a warning about a construct that costs the client the operation `operation`, which the
    /// message names.
    pub fn costing(&mut self, operation: &str, at: &str, message: impl Into<String>, hint: &str) {
        self.push(Severity::Warning, at, message.into(), hint);
        if let Some(warning) = self.list.last_mut() {
            warning.costs.push(operation.to_owned());
        }
    }

    /// Returns whether at least one complaint is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|complaint| complaint.severity == Severity::Error)
    }

    /// Returns all complaints in document order without duplicates; many warnings of one kind that
    /// cost the client nothing are joined into one.
    pub fn finish(mut self) -> Vec<Complaint> {
        self.list.sort_by(|a, b| {
            (a.line, a.column, &a.pointer, &a.message)
                .cmp(&(b.line, b.column, &b.pointer, &b.message))
        });
        self.list.dedup();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for warning in self.list.iter().filter(|one| is_joined(one)) {
            *kinds.entry(kind(&warning.message)).or_default() += 1;
        }
        self.list.retain_mut(|one| {
            let count = is_joined(one).then(|| kinds.get_mut(&kind(&one.message))).flatten();
            let Some(count) = count.filter(|count| **count == 0 || **count > MANY) else {
                return true;
            };
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
            costs: Vec::new(),
            loss: None,
        });
    }
}

/// The most warnings of one kind that are reported separately.
const MANY: usize = 5;

/// Returns whether a complaint is joined with others of its kind: what is lost is named.
fn is_joined(one: &Complaint) -> bool {
    one.severity == Severity::Warning && one.costs.is_empty() && one.loss.is_none()
}

/// Returns a message without the names between its backticks.
fn kind(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`")
}
