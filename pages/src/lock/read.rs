//! Reads a lock from YAML.
//!
//! Invariants:
//!
//! * A key or a word that this version does not know is an error, never passed over.

use std::collections::{BTreeMap, BTreeSet};

use prumo_drift::{Document, DocumentError, Position, below};
use serde_json::{Map, Value};

use super::Lock;
use crate::facts::{Field, Kind, Operation, Page, Parameter, Place, Requirement, Told};
use crate::route;
use crate::words::TYPES;

/// The names of limits.
const CONSTRAINTS: [&str; 6] =
    ["minimum", "exclusiveMinimum", "maximum", "minLength", "maxLength", "format"];

/// A text that is no lock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {fault}", .position.line, .position.column)]
pub struct LockError {
    file: String,
    position: Position,
    fault: LockFault,
}

/// The fault of a lock, without its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockFault {
    /// The text is not YAML.
    #[error("{0}")]
    Syntax(String),
    /// A required key is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A key that a lock does not have.
    #[error("unknown key `{0}`")]
    UnknownKey(String),
    /// A key with a wrong value.
    #[error("`{key}` is not {expected}")]
    Unexpected {
        /// The key.
        key: &'static str,
        /// The expected value.
        expected: &'static str,
    },
    /// A lock of another version.
    #[error("version {0} of lock files is not known, only 1")]
    Version(u64),
}

impl LockError {
    /// Returns what mends it, for the line after the error.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.fault {
            LockFault::Version(_) => "use a newer prumo, or write the lock again",
            _ => "write the lock again with `prumo docs lock`",
        }
    }

    fn of_document(error: &DocumentError) -> Self {
        let fault = LockFault::Syntax(error.fault().to_string());
        Self { file: error.file().to_owned(), position: error.position(), fault }
    }
}

pub(super) fn lock(file: &str, text: &str) -> Result<Lock, LockError> {
    let document = Document::parse(file, text).map_err(|error| LockError::of_document(&error))?;
    let root = Node { document: &document, pointer: String::new(), value: document.value() };
    root.only(&["docs", "pages"])?;
    match root.number("docs")? {
        1 => (),
        other => return Err(root.fault(LockFault::Version(other as u64))),
    }
    let mut pages = Vec::new();
    for node in root.items("pages")? {
        node.only(&["page", "operations"])?;
        let operations: Result<_, _> = node.items("operations")?.iter().map(operation).collect();
        let page = Page { operations: operations?, faults: Vec::new() };
        pages.push((node.text("page")?.to_owned(), page));
    }
    Ok(Lock::new(pages))
}

fn operation(node: &Node<'_>) -> Result<Operation, LockError> {
    node.only(&["operation", "line", "ids", "headers", "parameters", "response"])?;
    let name = node.text("operation")?;
    let (method, path) =
        name.split_once(' ').ok_or_else(|| node.unexpected("operation", "a method and a path"))?;
    if route::method(method).is_none() {
        return Err(node.unexpected("operation", "a method and a path"));
    }
    let titles: Result<Vec<String>, _> =
        node.items("ids")?.iter().map(|id| Ok(id.as_text("ids")?.to_owned())).collect();
    Ok(Operation {
        page: String::new(),
        method: method.to_owned(),
        path: path.to_owned(),
        titles: titles?,
        line: node.number("line")?,
        headers: node.items("headers")?.iter().map(header).collect::<Result<_, _>>()?,
        parameters: node.items("parameters")?.iter().map(parameter).collect::<Result<_, _>>()?,
        response: node.items("response")?.iter().map(field).collect::<Result<_, _>>()?,
    })
}

fn header(node: &Node<'_>) -> Result<Told<String>, LockError> {
    node.only(&["name", "line"])?;
    Ok(Told { value: node.text("name")?.to_owned(), line: node.number("line")? })
}

fn field(node: &Node<'_>) -> Result<Field, LockError> {
    node.only(&["name", "type", "items", "line"])?;
    Ok(Field {
        path: node.text("name")?.to_owned(),
        kinds: kinds(node, "type")?,
        items: kinds(node, "items")?,
        line: node.number("line")?,
    })
}

fn kinds(node: &Node<'_>, key: &'static str) -> Result<BTreeSet<Kind>, LockError> {
    let kind = |item: &Node<'_>| {
        let word = item.as_text(key)?;
        Kind::ALL
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| item.fault(LockFault::Unexpected { key, expected: "a list of types" }))
    };
    node.items(key)?.iter().map(kind).collect()
}

fn parameter(node: &Node<'_>) -> Result<Parameter, LockError> {
    let own = ["in", "name", "type", "required", "default", "enum", "example", "line", "lines"];
    node.only(&[&own[..], &CONSTRAINTS[..]].concat())?;
    let line = node.number("line")?;
    let apart = Apart { node: node.member("lines"), line };
    if let Some(lines) = &apart.node {
        lines.only(&[&["type", "required", "default", "enum"][..], &CONSTRAINTS[..]].concat())?;
    }
    let place = node.text("in")?;
    let place = Place::ALL.into_iter().find(|known| known.word() == place);
    let told = |key| -> Result<Option<Told<String>>, LockError> {
        let Some(value) = node.member(key) else { return Ok(None) };
        Ok(Some(Told { value: value.as_text(key)?.to_owned(), line: apart.of(key)? }))
    };
    let mut constraints = BTreeMap::new();
    for name in CONSTRAINTS {
        constraints.extend(told(name)?.map(|told| (name, told)));
    }
    Ok(Parameter {
        name: node.text("name")?.to_owned(),
        place: place.ok_or_else(|| node.unexpected("in", "path, query, header or body"))?,
        is_described: node.member("example").is_none(),
        line,
        kind: kind_of(node, told("type")?)?,
        required: required(node, &apart)?,
        default: told("default")?,
        values: values(node, &apart)?,
        constraints,
    })
}

fn kind_of(
    node: &Node<'_>,
    told: Option<Told<String>>,
) -> Result<Option<Told<&'static str>>, LockError> {
    let Some(Told { value, line }) = told else { return Ok(None) };
    let word = TYPES.iter().map(|(word, _)| *word).chain(["null"]).find(|word| *word == value);
    let value = word.ok_or_else(|| node.unexpected("type", "a type"))?;
    Ok(Some(Told { value, line }))
}

fn required(node: &Node<'_>, apart: &Apart<'_>) -> Result<Option<Told<Requirement>>, LockError> {
    let Some(value) = node.member("required") else { return Ok(None) };
    let value = match value.value {
        Value::Bool(true) => Requirement::Always,
        Value::Bool(false) => Requirement::Never,
        Value::String(condition) => Requirement::When(condition.clone()),
        _ => return Err(node.unexpected("required", "true, false or a condition")),
    };
    Ok(Some(Told { value, line: apart.of("required")? }))
}

fn values(node: &Node<'_>, apart: &Apart<'_>) -> Result<Vec<Told<String>>, LockError> {
    let lines = match apart.node.as_ref().and_then(|lines| lines.member("enum")) {
        Some(_) => apart.node.as_ref().map_or(Ok(Vec::new()), |lines| lines.items("enum"))?,
        None => Vec::new(),
    };
    let mut values = Vec::new();
    for (at, item) in node.items("enum")?.iter().enumerate() {
        let line = lines.get(at).map_or(Ok(apart.line), |line| line.as_number("lines"))?;
        values.push(Told { value: item.as_text("enum")?.to_owned(), line });
    }
    Ok(values)
}

/// The lines of facts that stand apart from the name of their parameter.
struct Apart<'a> {
    node: Option<Node<'a>>,
    line: usize,
}

impl Apart<'_> {
    fn of(&self, key: &'static str) -> Result<usize, LockError> {
        let apart = self.node.as_ref().and_then(|lines| lines.member(key));
        apart.map_or(Ok(self.line), |line| line.as_number("lines"))
    }
}

/// A value of the document and its place.
struct Node<'a> {
    document: &'a Document,
    pointer: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    fn members(&self) -> Option<&'a Map<String, Value>> {
        self.value.as_object()
    }

    fn member(&self, key: &str) -> Option<Node<'a>> {
        let value = self.members()?.get(key)?;
        Some(Node { document: self.document, pointer: below(&self.pointer, key), value })
    }

    fn required(&self, key: &'static str) -> Result<Node<'a>, LockError> {
        self.member(key).ok_or_else(|| self.fault(LockFault::Missing(key)))
    }

    /// Returns the items of a list; a list that is left out is empty.
    fn items(&self, key: &'static str) -> Result<Vec<Node<'a>>, LockError> {
        let Some(list) = self.member(key) else { return Ok(Vec::new()) };
        let Value::Array(items) = list.value else {
            return Err(list.fault(LockFault::Unexpected { key, expected: "a list" }));
        };
        let item = |(at, value): (usize, &'a Value)| {
            let pointer = below(&list.pointer, &at.to_string());
            Node { document: self.document, pointer, value }
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    fn text(&self, key: &'static str) -> Result<&'a str, LockError> {
        self.required(key)?.as_text(key)
    }

    fn number(&self, key: &'static str) -> Result<usize, LockError> {
        self.required(key)?.as_number(key)
    }

    fn as_text(&self, key: &'static str) -> Result<&'a str, LockError> {
        let text = self.value.as_str();
        text.ok_or_else(|| self.fault(LockFault::Unexpected { key, expected: "a text" }))
    }

    fn as_number(&self, key: &'static str) -> Result<usize, LockError> {
        let number = self.value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| self.fault(LockFault::Unexpected { key, expected: "a number" }))
    }

    fn only(&self, known: &[&str]) -> Result<(), LockError> {
        let Some(members) = self.members() else {
            return Err(self.fault(LockFault::Unexpected { key: "docs", expected: "a mapping" }));
        };
        match members.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => {
                let fault = LockFault::UnknownKey(key.clone());
                Err(self
                    .member(key)
                    .map_or_else(|| self.fault(fault.clone()), |one| one.fault(fault.clone())))
            }
            None => Ok(()),
        }
    }

    fn unexpected(&self, key: &'static str, expected: &'static str) -> LockError {
        let fault = LockFault::Unexpected { key, expected };
        self.member(key).map_or_else(|| self.fault(fault.clone()), |node| node.fault(fault.clone()))
    }

    fn fault(&self, fault: LockFault) -> LockError {
        let position = self.document.nearest_position(&self.pointer);
        let file = self.document.file().to_owned();
        LockError { file, position, fault }
    }
}
