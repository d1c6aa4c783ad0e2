//! Turns YAML or JSON text into one JSON value and the place of each of its members.
//!
//! Everything that is written by hand (specs, waivers) comes in through
//! [`Document`], so every complaint about it can name file, line and column.
//!
//! Invariants:
//!
//! * One text is one document, or a part of one that is laid over the first
//!   ([`Document::with_part`]); each key of a mapping appears once.
//! * Members keep the order in which they are written.
//! * Nesting ends at [`MAX_DEPTH`] levels and aliases may copy a bounded
//!   amount, so no text, however hostile, exhausts the stack or the memory.
//! * A YAML 1.1 merge (a plain `<<` key) is refused: YAML 1.2, which OpenAPI
//!   asks for, knows none. A quoted `"<<"` is a key like any other.
//! * An error tells where and what, and of the text only the offending key.

mod build;
mod join;
mod json;
mod yaml;

use serde_json::{Map, Value};

use self::build::Place;
pub use crate::pointer::below;
use crate::pointer::names;

/// How deep lists and mappings may nest.
pub const MAX_DEPTH: usize = 200;

/// A parsed text that knows where each of its members is written.
#[derive(Debug, Clone)]
pub struct Document {
    /// The files that it was read from; the first is the one it is called by.
    sources: Vec<Source>,
    value: Value,
    place: Place,
}

/// A file that a document, or a part of it, was read from.
#[derive(Debug, Clone)]
struct Source {
    file: String,
    /// Where the text ends; YAML's scanner places what is left out beyond that.
    end: Position,
}

/// A place in a text; both numbers count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A text that is no document, or none that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {fault}", .position.line, .position.column)]
pub struct DocumentError {
    file: String,
    position: Position,
    fault: DocumentFault,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentFault {
    /// Neither YAML nor JSON; the sentence is the scanner's.
    #[error("{0}")]
    Syntax(String),
    /// A key was seen before in the same mapping.
    #[error("key `{0}` appears twice in one mapping")]
    DuplicateKey(String),
    /// A key that is a list or a mapping, an alias, or left out.
    #[error("a mapping key is not plain text")]
    KeyNotText,
    /// A YAML 1.1 merge.
    #[error("merge key `<<` is not part of YAML 1.2")]
    MergeKey,
    /// Lists and mappings nest deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Aliases copy more than a document may hold.
    #[error("aliases copy more than a document may hold")]
    AliasTooLarge,
    /// An alias inside the node that it names.
    #[error("an alias refers to the node it stands in")]
    AliasInsideItself,
    /// A tag outside the core schema.
    #[error("a tag outside the core schema of YAML 1.2")]
    UnknownTag,
    /// A scalar that is not what its tag says.
    #[error("a scalar does not fit its tag")]
    TagMismatch,
    /// An integer that fits neither 64 bits signed nor unsigned.
    #[error("an integer beyond 64 bits")]
    IntegerTooLarge,
    /// Infinity, not-a-number, or a float beyond the finite ones.
    #[error("a number that JSON cannot hold")]
    NotFinite,
    /// A text with more than one YAML document.
    #[error("a second document starts here, one file holds one")]
    SecondDocument,
    /// U+0000, which no text file holds.
    #[error("a null character")]
    NullCharacter,
    /// What a part says, another part says already.
    #[error("`{key}` is in `{file}` already")]
    InAnotherPart {
        /// The key, or what is no mapping at all.
        key: String,
        /// The file that has it.
        file: String,
    },
}

impl Document {
    /// Parses `text`, YAML 1.2 or JSON; `file` is only what errors call it.
    ///
    /// A byte order mark at the start is skipped. A text of nothing but
    /// comments is the value `null`. Keys that are numbers, booleans or null
    /// become their text as written: `200:` is the member `"200"`.
    ///
    /// # Errors
    ///
    /// A [`DocumentError`] for the first fault, see [`DocumentFault`].
    pub fn parse(file: &str, text: &str) -> Result<Self, DocumentError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let end = end_of(text);
        let built = parse(file, text).map_err(|(position, fault)| DocumentError {
            file: file.to_owned(),
            position: position.min(end),
            fault,
        })?;
        let sources = vec![Source { file: file.to_owned(), end }];
        Ok(Self { sources, value: built.value, place: built.place })
    }

    /// This document with `part` laid over it, so that one document may be written in several files.
    ///
    /// The mappings of the first three levels are joined member by member, as far down as OpenAPI
    /// keeps its operations and components by name; lists of the top level are joined item by item.
    /// Members of the part come last. An empty part adds nothing.
    ///
    /// # Errors
    ///
    /// [`DocumentFault::InAnotherPart`] at the place in the part: both say the same thing.
    pub fn with_part(mut self, part: Self) -> Result<Self, DocumentError> {
        join::join(&mut self, part)?;
        Ok(self)
    }

    /// One document of several, each laid over those before it; none of none.
    ///
    /// # Errors
    ///
    /// The first part that is none, or as [`Document::with_part`].
    pub fn of_parts<E: From<DocumentError>>(
        parts: impl IntoIterator<Item = Result<Self, E>>,
    ) -> Result<Option<Self>, E> {
        let mut whole: Option<Self> = None;
        for part in parts {
            let part = part?;
            whole = Some(match whole {
                None => part,
                Some(whole) => whole.with_part(part)?,
            });
        }
        Ok(whole)
    }

    /// What errors call this document: the file that it was read from, or the first of them.
    pub fn file(&self) -> &str {
        self.sources.first().map_or("", |source| &source.file)
    }

    /// The file in which `pointer` is written, or else the nearest thing above it that is.
    pub fn file_at(&self, pointer: &str) -> &str {
        let (_, place) = self.walk(pointer);
        self.sources.get(place.source).map_or("", |source| &source.file)
    }

    /// The whole document.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Where the key or list item that `pointer` names is written.
    ///
    /// `""` is the document itself. What came in by an alias is where its
    /// anchor is written. `None` if the document holds no such member.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        let (found, place) = self.walk(pointer);
        found.then(|| self.position_of(place))
    }

    /// Where `pointer` is written, or else the nearest thing above it that is.
    ///
    /// For complaints about what is missing: they point at what should hold it.
    pub fn nearest_position(&self, pointer: &str) -> Position {
        self.position_of(self.walk(pointer).1)
    }

    fn position_of(&self, place: &Place) -> Position {
        self.sources.get(place.source).map_or(place.position, |source| place.position.min(source.end))
    }

    /// Follows `pointer` as far as it goes: whether to its end, and the last place.
    fn walk(&self, pointer: &str) -> (bool, &Place) {
        let mut value = &self.value;
        let mut place = &self.place;
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return (false, place);
        }
        for token in names(pointer) {
            let found = match value {
                Value::Object(members) => members
                    .iter()
                    .zip(&place.below)
                    .find(|((name, _), _)| **name == token)
                    .map(|((_, value), place)| (value, place)),
                Value::Array(items) => {
                    token.parse::<usize>().ok().and_then(|index| items.get(index).zip(place.below.get(index)))
                }
                _ => None,
            };
            let Some(found) = found else {
                return (false, place);
            };
            (value, place) = found;
        }
        (true, place)
    }
}

impl DocumentError {
    /// The file as it was called in [`Document::parse`].
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Where the fault is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// What is wrong.
    pub fn fault(&self) -> &DocumentFault {
        &self.fault
    }
}

/// A fault and where it is; the file's name is added at the edge.
type Fault = (Position, DocumentFault);

/// JSON is parsed as JSON where it is JSON: YAML reads no surrogate pairs,
/// no key beyond 1024 characters and few tabs, and real documents hold all three.
fn parse(file: &str, text: &str) -> Result<build::Built, Fault> {
    if let Some(at) = text.find('\0') {
        return Err((position_of(text, at), DocumentFault::NullCharacter));
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(text);
    }
    match json::parse(text) {
        // What starts like JSON may be YAML in flow style, unless it is named JSON.
        Err((_, DocumentFault::Syntax(_))) if !file.ends_with(".json") => yaml::parse(text),
        result => result,
    }
}

/// Behind the last character, where a text that stops too early is at fault;
/// YAML's scanner would name a line that no editor has.
fn end_of(text: &str) -> Position {
    let n_breaks = text.matches(['\n', '\r']).count() - text.matches("\r\n").count();
    let last = text.rsplit(['\n', '\r']).next().unwrap_or_default();
    Position { line: n_breaks + 1, column: last.chars().count() + 1 }
}

/// Counts lines and characters up to the byte `at`.
fn position_of(text: &str, at: usize) -> Position {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
    }
}

/// Lays a JSON merge patch over `target` (RFC 7396): `null` takes a member out.
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (name, value) in patch {
            if value.is_null() {
                target.shift_remove(name);
            } else {
                merge_patch(target.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
