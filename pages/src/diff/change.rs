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
    /// Every kind, in the order of a page.
    pub const ALL: [Self; 19] = [
        Self::EndpointAdded,
        Self::EndpointRemoved,
        Self::PathChanged,
        Self::MethodChanged,
        Self::ParamAdded,
        Self::ParamRemoved,
        Self::ParamMoved,
        Self::RequiredChanged,
        Self::DefaultChanged,
        Self::TypeChanged,
        Self::ConstraintAdded,
        Self::ConstraintChanged,
        Self::ConstraintRemoved,
        Self::EnumValueAdded,
        Self::EnumValueRemoved,
        Self::RequestHeaderAdded,
        Self::ResponseFieldAdded,
        Self::ResponseFieldRemoved,
        Self::ResponseTypeChanged,
    ];

    /// Returns the name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Returns what a change of this kind says, in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.row().1
    }

    /// Returns name and sentence.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::EndpointAdded => ("endpoint-added", "The pages describe a new operation."),
            Self::EndpointRemoved => {
                ("endpoint-removed", "The pages no longer describe an operation.")
            }
            Self::PathChanged => ("path-changed", "An operation has another path."),
            Self::MethodChanged => ("method-changed", "An operation has another HTTP method."),
            Self::ParamAdded => {
                ("param-added", "An operation takes a new parameter, or its body a new member.")
            }
            Self::ParamRemoved => {
                ("param-removed", "A parameter or member of the body is no longer named.")
            }
            Self::ParamMoved => (
                "param-moved",
                "A parameter is sent in another place: path, query, header or body.",
            ),
            Self::RequiredChanged => (
                "required-changed",
                "A parameter or member became required, optional, or required on a condition.",
            ),
            Self::DefaultChanged => {
                ("default-changed", "A parameter that is left out means something else.")
            }
            Self::TypeChanged => {
                ("type-changed", "A parameter or member is documented with another type.")
            }
            Self::ConstraintAdded => {
                ("constraint-added", "A parameter has a limit or format that it did not have.")
            }
            Self::ConstraintChanged => {
                ("constraint-changed", "A limit or format of a parameter is another one.")
            }
            Self::ConstraintRemoved => {
                ("constraint-removed", "A parameter no longer has a limit or format.")
            }
            Self::EnumValueAdded => ("enum-value-added", "A parameter takes one more value."),
            Self::EnumValueRemoved => {
                ("enum-value-removed", "A parameter no longer takes a value.")
            }
            Self::RequestHeaderAdded => {
                ("request-header-added", "A request is shown with one more header.")
            }
            Self::ResponseFieldAdded => {
                ("response-field-added", "A response is shown with a new field.")
            }
            Self::ResponseFieldRemoved => {
                ("response-field-removed", "A response is no longer shown with a field.")
            }
            Self::ResponseTypeChanged => {
                ("response-type-changed", "A field of a response is shown with another type.")
            }
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
