//! Describes one change between two documents.

use prumo_spec::Position;

use crate::effect::{Effect, Semver, Severity, Side};
use crate::rules::Rule;

/// An operation of one of the documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Called {
    /// The path template, or the name of a webhook.
    pub path: String,
    /// The method in capitals.
    pub method: String,
    /// The `operationId`, or an invented name.
    pub id: String,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentPlace {
    /// The file, as the caller named it.
    pub file: String,
    /// Line and column.
    pub position: Position,
    /// The JSON Pointer.
    pub pointer: String,
}

/// One change, with every operation that it reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The rule.
    pub rule: Rule,
    /// The effect on callers, on its worst side.
    pub effect: Effect,
    /// The sides of calls on which it does; empty where a change has no side.
    pub sides: Vec<Side>,
    /// The place in words: `schema Pedido /itens/*/valor`, `GET /pedidos response 200 /total`.
    pub place: String,
    /// The words for the old part; empty if it is new.
    pub before: String,
    /// The words for the new part; empty if it is gone.
    pub after: String,
    /// The operations that it reaches, sorted.
    pub operations: Vec<Called>,
    /// The place in the old document: of the value, or of the nearest one around it.
    pub old: DocumentPlace,
    /// The place in the new document.
    pub new: DocumentPlace,
}

impl Change {
    /// Returns how severe it is for callers.
    pub fn severity(&self) -> Severity {
        self.effect.severity
    }

    /// Returns the least change of the crate's version.
    pub fn semver(&self) -> Semver {
        self.effect.semver
    }

    /// Returns what it reaches in words: `3 operations`, `2 operations (request, response)`.
    pub fn reach(&self) -> String {
        let noun = if self.operations.len() == 1 { "operation" } else { "operations" };
        let sides: Vec<&str> = self.sides.iter().map(|side| side.name()).collect();
        match sides.as_slice() {
            [] => format!("{} {noun}", self.operations.len()),
            sides => format!("{} {noun} ({})", self.operations.len(), sides.join(", ")),
        }
    }

    /// Returns before and after in words: `integer → string`, `added 5`.
    pub fn step(&self) -> String {
        match (self.before.as_str(), self.after.as_str()) {
            ("", "") => String::new(),
            ("", after) => format!("now {after}"),
            (before, "") => format!("was {before}"),
            (before, after) => format!("{before} → {after}"),
        }
    }
}

/// All changes between two documents: the worst first, then by place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(Vec<Change>);

impl Changes {
    pub(crate) fn new(mut changes: Vec<Change>) -> Self {
        let key = |change: &Change| {
            let Change { rule, effect, place, before, after, old, new, .. } = change.clone();
            (effect.severity, place, rule, before, after, old, new)
        };
        changes.sort_by_cached_key(key);
        Self(changes)
    }

    /// Joins the changes of several documents.
    pub fn joined(all: impl IntoIterator<Item = Self>) -> Self {
        Self::new(all.into_iter().flat_map(|changes| changes.0).collect())
    }

    /// Returns the changes in order.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }

    /// Returns whether no change is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of changes of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|change| change.severity() == severity).count()
    }

    /// Returns the least change of the crate's version, or `None` without a change.
    pub fn semver(&self) -> Option<Semver> {
        self.0.iter().map(Change::semver).max()
    }

    /// Returns the verdict and the counts in one line, for people.
    pub fn summary(&self) -> String {
        if self.is_empty() {
            return "fits     no change\n".to_owned();
        }
        let counts = Severity::ALL.map(|one| format!("{} {}", self.count(one), one.name()));
        let noun = if self.0.len() == 1 { "change" } else { "changes" };
        let semver = self.semver().map_or("none", Semver::name);
        format!("drifts   {} {noun} ({}), version: {semver}\n", self.0.len(), counts.join(", "))
    }
}
