//! Turns the document of a waivers file into [`Waivers`], or returns the fault.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Waiver, WaiverError, WaiverFault, Waivers, Witness};
use crate::finding::Identity;
use crate::rules::Rule;
use crate::rules::Side;
use prumo_spec::document::{Document, below};

const KEYS: [&str; 11] = [
    "witness",
    "rule",
    "operation",
    "side",
    "status",
    "case",
    "at",
    "unseen",
    "reason",
    "date",
    "until",
];

/// The key of the list.
const LIST: &str = "waivers";

pub(super) fn waivers(document: &Document) -> Result<Waivers, WaiverError> {
    let mut waivers = Waivers::default();
    let root = match document.value() {
        Value::Null => return Ok(waivers),
        Value::Object(members) => Reader { document, pointer: String::new(), members },
        _ => return Err(fault_at(document, "", not(LIST, "a list under its name"))),
    };
    root.check_keys(&[LIST])?;
    let items = match root.members.get(LIST) {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Null) => &[],
        None => return Err(root.fault("", WaiverFault::Missing(LIST))),
        Some(_) => return Err(root.fault(LIST, not(LIST, "a list"))),
    };
    for (index, item) in items.iter().enumerate() {
        let pointer = format!("/{LIST}/{index}");
        let Value::Object(members) = item else {
            return Err(fault_at(document, &pointer, not(LIST, "a list of mappings")));
        };
        let waiver = Reader { document, pointer: pointer.clone(), members }.waiver()?;
        if let Some(other) = waivers.waivers.iter().find(|other| is_same(other, &waiver)) {
            let fault =
                WaiverFault::Repeated { file: other.file.clone(), line: other.position.line };
            return Err(fault_at(document, &pointer, fault));
        }
        waivers.waivers.push(waiver);
    }
    Ok(waivers)
}

/// Returns whether two waivers silence the same findings.
fn is_same(one: &Waiver, other: &Waiver) -> bool {
    one.witness == other.witness && one.finding == other.finding
}

fn not(key: &'static str, expected: &'static str) -> WaiverFault {
    WaiverFault::Unexpected { key, expected }
}

fn fault_at(document: &Document, pointer: &str, fault: WaiverFault) -> WaiverError {
    let position = document.nearest_position(pointer);
    WaiverError { file: document.file_at(pointer).to_owned(), position, fault }
}

/// A mapping of the document.
struct Reader<'a> {
    document: &'a Document,
    pointer: String,
    members: &'a Map<String, Value>,
}

impl<'a> Reader<'a> {
    fn waiver(&self) -> Result<Waiver, WaiverError> {
        self.check_keys(&KEYS)?;
        let waiver = Waiver {
            witness: self.parsed("witness", "`docs` or `wire`", witness)?,
            finding: Identity {
                rule: self.parsed("rule", "a rule that can be waived", rule)?,
                operation: Some(self.parsed("operation", "an operationId", said)?),
                side: self.parsed("side", "`request` or `response`", side)?,
                status: self.status()?,
                case: self.text("case", "a case, such as `erro=false`")?.map(str::to_owned),
                at: self.parsed("at", "a JSON Pointer that starts with `/`", pointer)?,
            },
            reason: self.parsed("reason", "a reason", said)?,
            date: self.parsed("date", "a date, YYYY-MM-DD", date)?,
            until: match self.members.get("until") {
                None => None,
                Some(_) => Some(self.parsed("until", "a date, YYYY-MM-DD", date)?),
            },
            unseen: self.text("unseen", "a reason")?.map(str::to_owned),
            file: self.document.file_at(&self.pointer).to_owned(),
            position: self.document.nearest_position(&self.pointer),
        };
        if waiver.until.is_some_and(|until| until < waiver.date) {
            return Err(self.fault("until", WaiverFault::OverBeforeItBegan));
        }
        Ok(waiver)
    }

    fn check_keys(&self, known: &[&str]) -> Result<(), WaiverError> {
        match self.members.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(self.fault(key, WaiverFault::UnknownKey(key.clone()))),
            None => Ok(()),
        }
    }

    fn status(&self) -> Result<Option<u16>, WaiverError> {
        let Some(value) = self.members.get("status") else {
            return Ok(None);
        };
        let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
        match status.filter(|status| (100..=999).contains(status)) {
            Some(status) => Ok(Some(status)),
            None => Err(self.fault("status", not("status", "a status, 100 to 999"))),
        }
    }

    /// Returns a required member, which `parse` must accept.
    fn parsed<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, WaiverError> {
        let Some(text) = self.text(key, expected)? else {
            return Err(self.fault("", WaiverFault::Missing(key)));
        };
        parse(text).ok_or_else(|| self.fault(key, not(key, expected)))
    }

    fn text(
        &self,
        key: &'static str,
        expected: &'static str,
    ) -> Result<Option<&'a str>, WaiverError> {
        match self.members.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(key, not(key, expected))),
        }
    }

    /// Returns a fault at a key, or at the mapping if the key is empty.
    fn fault(&self, key: &str, fault: WaiverFault) -> WaiverError {
        let pointer = match key {
            "" => self.pointer.clone(),
            key => below(&self.pointer, key),
        };
        fault_at(self.document, &pointer, fault)
    }
}

fn witness(text: &str) -> Option<Witness> {
    match text {
        "docs" => Some(Witness::Docs),
        "wire" => Some(Witness::Wire),
        _ => None,
    }
}

fn side(text: &str) -> Option<Side> {
    [Side::Request, Side::Response].into_iter().find(|side| side.name() == text)
}

/// Refuses to waive a stale waiver, which would never end.
fn rule(text: &str) -> Option<Rule> {
    Rule::parse(text).filter(|&rule| rule != Rule::WaiverStale)
}

/// Checks a JSON Pointer; the empty one is the whole body.
fn pointer(text: &str) -> Option<String> {
    (text.is_empty() || text.starts_with('/')).then(|| text.to_owned())
}

fn said(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Requires `YYYY-MM-DD`, since jiff also accepts forms such as `20261122`.
fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}
