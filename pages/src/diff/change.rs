//! Describes one change.

use serde_json::{Map, Value, json};

use crate::facts::Operation;

/// The kind of fact that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each name says it; `name` spells it for reports")]
pub enum Kind {
    EndpointAdded,
    EndpointRemoved,
    PathChanged,
    MethodChanged,
    ParamAdded,
    ParamRemoved,
    ParamMoved,
    RequiredChanged,
    DefaultChanged,
    TypeChanged,
    ConstraintAdded,
    ConstraintChanged,
    ConstraintRemoved,
    EnumValueAdded,
    EnumValueRemoved,
    RequestHeaderAdded,
    ResponseFieldAdded,
    ResponseFieldRemoved,
    ResponseTypeChanged,
}

impl Kind {
    /// Returns the name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EndpointAdded => "endpoint-added",
            Self::EndpointRemoved => "endpoint-removed",
            Self::PathChanged => "path-changed",
            Self::MethodChanged => "method-changed",
            Self::ParamAdded => "param-added",
            Self::ParamRemoved => "param-removed",
            Self::ParamMoved => "param-moved",
            Self::RequiredChanged => "required-changed",
            Self::DefaultChanged => "default-changed",
            Self::TypeChanged => "type-changed",
            Self::ConstraintAdded => "constraint-added",
            Self::ConstraintChanged => "constraint-changed",
            Self::ConstraintRemoved => "constraint-removed",
            Self::EnumValueAdded => "enum-value-added",
            Self::EnumValueRemoved => "enum-value-removed",
            Self::RequestHeaderAdded => "request-header-added",
            Self::ResponseFieldAdded => "response-field-added",
            Self::ResponseFieldRemoved => "response-field-removed",
            Self::ResponseTypeChanged => "response-type-changed",
        }
    }
}

impl Kind {
    /// Tells whether the change is about what only the old version has.
    #[must_use]
    pub fn is_removal(self) -> bool {
        self.name().ends_with("-removed")
    }
}

/// One change between two versions of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The kind of fact that changed.
    pub kind: Kind,
    /// The operation: method and path.
    pub operation: String,
    /// The parameter, header or field.
    pub name: Option<String>,
    /// The page, of the old version if something was removed, or else of the new one.
    pub page: String,
    /// The line, of the old version if something was removed, or else of the new one.
    pub line: usize,
    /// The members of the change in a report: `in`, `type`, `from`, `to` and the like.
    pub members: Map<String, Value>,
}

impl Change {
    pub(super) fn new(kind: Kind, operation: &Operation, line: usize) -> Self {
        Self {
            kind,
            operation: operation.name(),
            name: None,
            page: operation.page.clone(),
            line,
            members: Map::new(),
        }
    }

    pub(super) fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn from(self, value: impl Into<Value>) -> Self {
        self.with("from", value)
    }

    pub(super) fn to(self, value: impl Into<Value>) -> Self {
        self.with("to", value)
    }

    /// Returns the change as an object of a report.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("kind".to_owned(), json!(self.kind.name()));
        object.insert("operation".to_owned(), json!(self.operation));
        if let Some(name) = &self.name {
            object.insert("name".to_owned(), json!(name));
        }
        object.extend(self.members.clone());
        Value::Object(object)
    }
}

/// Changes, each once.
#[derive(Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn push(&mut self, change: Change) {
        let is_same = |known: &Change| {
            (known.kind, &known.operation, &known.name)
                == (change.kind, &change.operation, &change.name)
                && known.members == change.members
        };
        if !self.0.iter().any(is_same) {
            self.0.push(change);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Names the old page in those of the changes from `first` on that tell what it had.
    pub(super) fn place_removed(&mut self, first: usize, page: &str) {
        let removed = self.0.iter_mut().skip(first).filter(|change| change.kind.is_removal());
        removed.for_each(|change| page.clone_into(&mut change.page));
    }

    pub(super) fn into_list(self) -> Vec<Change> {
        self.0
    }
}
