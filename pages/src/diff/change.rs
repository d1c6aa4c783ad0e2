//! Describes one change.

use serde_json::{Map, Value, json};

use crate::facts::Operation;

/// Writes the enum of kinds and its rows: the kind, its name and its sentence.
macro_rules! kinds {
    ($($kind:ident $name:literal $sentence:literal;)*) => {
        /// The kind of fact that changed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $sentence] $kind,)*
        }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Returns the name for reports.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// Returns what a change of this kind says, in one sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self {
                    $(Self::$kind => $sentence,)*
                }
            }
        }
    };
}

kinds! {
    EndpointAdded "endpoint-added"
        "The pages describe a new operation.";
    EndpointRemoved "endpoint-removed"
        "The pages no longer describe an operation.";
    PathChanged "path-changed"
        "An operation has another path.";
    MethodChanged "method-changed"
        "An operation has another HTTP method.";
    ParamAdded "param-added"
        "An operation takes a new parameter, or its body a new member.";
    ParamRemoved "param-removed"
        "A parameter or member of the body is no longer named.";
    ParamMoved "param-moved"
        "A parameter is sent in another place: path, query, header or body.";
    RequiredChanged "required-changed"
        "A parameter or member became required, optional, or required on a condition.";
    DefaultChanged "default-changed"
        "A parameter that is left out means something else.";
    TypeChanged "type-changed"
        "A parameter or member is documented with another type.";
    ConstraintAdded "constraint-added"
        "A parameter has a limit or format that it did not have.";
    ConstraintChanged "constraint-changed"
        "A limit or format of a parameter is another one.";
    ConstraintRemoved "constraint-removed"
        "A parameter no longer has a limit or format.";
    EnumValueAdded "enum-value-added"
        "A parameter takes one more value.";
    EnumValueRemoved "enum-value-removed"
        "A parameter no longer takes a value.";
    RequestHeaderAdded "request-header-added"
        "A request is shown with one more header.";
    ResponseFieldAdded "response-field-added"
        "A response is shown with a new field.";
    ResponseFieldRemoved "response-field-removed"
        "A response is no longer shown with a field.";
    ResponseTypeChanged "response-type-changed"
        "A field of a response is shown with another type.";
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
