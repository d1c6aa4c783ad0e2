//! Turns YAML or JSON text into one JSON value and the place of each of its members.
//!
//! Every hand-written file (specs, waivers) is read through [`Document`], so that every complaint
//! about it names file, line and column.
//!
//! Invariants:
//!
//! * One text is one document, or a part that is joined with the first ([`Document::with_part`]);
//!   each key of a mapping appears once.
//! * Members keep the order in which they are written.
//! * Nesting ends at [`MAX_DEPTH`] levels and aliases may copy a bounded amount, so no hostile text
//!   exhausts the stack or the memory.
//! * A YAML 1.1 merge (a plain `<<` key) is refused, since YAML 1.2, which OpenAPI requires, has
//!   none. A quoted `"<<"` is an ordinary key.
//! * A document of OpenAPI 3.1 is rewritten in the words of 3.0, so its readers know one dialect.
//! * An integer beyond 64 bits becomes the nearest float; [`Document::digits`] has it as written.
//! * A number beyond every float becomes the largest; [`Document::is_beyond_floats`] knows it.
//! * An error names the place and the fault, and quotes only the offending key.

mod build;
mod files;
mod join;
mod json;
mod lower;
mod objects;
mod tree;
mod yaml;

use std::sync::OnceLock;

use serde_json::{Map, Value};

use self::build::{Digits, Place};
use self::yaml::is_digits;
use crate::loss::Loss;
pub use crate::pointer::below;
use crate::pointer::names;
use crate::version::Version;

/// The greatest depth of nested lists and mappings.
pub const MAX_DEPTH: usize = 200;

/// A parsed text with the place of each of its members.
#[derive(Debug, Clone)]
pub struct Document {
    /// The files that it was read from; the first one names the document.
    sources: Vec<Source>,
    value: Value,
    place: Place,
    /// Whether it was OpenAPI 3.1 and is rewritten in the words of 3.0.
    is_lowered: bool,
    mended: OnceLock<Box<Mended>>,
}

/// A slip of a foreign document that readers overlook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// The JSON Pointer to it.
    pub at: String,
    /// A lowercase fragment: what it is read as.
    pub message: String,
    /// The remedy; empty if it is plain.
    pub hint: &'static str,
    /// Whether any value is allowed instead.
    pub is_widened: bool,
    /// The part that is lost by it, if there is one.
    pub loss: Option<Loss>,
}

/// A document without its slips.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mended {
    /// The whole value, or `None` if it is as written.
    pub(crate) value: Option<Value>,
    pub(crate) mends: Vec<Mend>,
    /// The pointers to values that have another place than in the text, each with that place.
    pub(crate) moved: Vec<(String, String)>,
}

/// A file with a document or a part of one.
#[derive(Debug, Clone)]
struct Source {
    file: String,
    /// The end of the text; YAML's scanner places missing constructs beyond it.
    end: Position,
    /// The integers beyond 64 bits, by place.
    digits: Vec<Digits>,
}

/// A place in a text; line and column count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A text that is no document, or that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {fault}", .position.line, .position.column)]
pub struct DocumentError {
    file: String,
    position: Position,
    fault: DocumentFault,
}

/// The fault of a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentFault {
    /// Neither YAML nor JSON; the sentence is the scanner's.
    #[error("{0}")]
    Syntax(String),
    /// A key that appeared before in the same mapping.
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
    #[error("an alias refers to the node that contains it")]
    AliasInsideItself,
    /// A tag outside the core schema.
    #[error("a tag outside the core schema of YAML 1.2")]
    UnknownTag,
    /// A scalar that is not what its tag says.
    #[error("a scalar does not fit its tag")]
    TagMismatch,
    /// A hexadecimal or octal integer that does not fit 64 bits.
    #[error("an integer beyond 64 bits")]
    IntegerTooLarge,
    /// Not-a-number.
    #[error("a number that JSON cannot hold")]
    NotFinite,
    /// A text with more than one YAML document.
    #[error("a second document starts here, but a file holds one")]
    SecondDocument,
    /// U+0000, which no text file holds.
    #[error("a null character")]
    NullCharacter,
    /// A fault in a text that states an unsupported version of OpenAPI, which comes first.
    #[error("{0} is not supported, only OpenAPI 3.0 and 3.1")]
    Version(Version),
    /// A key that another part has already.
    #[error("`{key}` is in `{file}` already")]
    InAnotherPart {
        /// The key, or the whole value if it is no mapping.
        key: String,
        /// The file that has it.
        file: String,
    },
}

impl Document {
    /// Parses `text`, which is YAML 1.2 or JSON; `file` is its name in errors.
    ///
    /// A byte order mark at the start is skipped. A text with only comments is the value `null`.
    /// Keys that are numbers, booleans or null become their text as written: `200:` is the member
    /// `"200"`.
    ///
    /// # Errors
    ///
    /// Returns a [`DocumentError`] for the first fault.
    pub fn parse(file: &str, text: &str) -> Result<Self, DocumentError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let end = end_of(text);
        let (built, digits) = parse(file, text).map_err(|fault| {
            let (position, fault) = version_first(text, fault);
            DocumentError { file: file.to_owned(), position: position.min(end), fault }
        })?;
        let sources = vec![Source { file: file.to_owned(), end, digits }];
        let is_lowered = lower::is_lowered(&built.value);
        let (value, place, mended) = (built.value, built.place, OnceLock::new());
        let read = Self { sources, value, place, is_lowered: false, mended };
        Ok(if is_lowered { read.lowered() } else { read })
    }

    /// Joins this document with `part`, so that one document may be written in several files.
    ///
    /// The mappings of the first three levels are joined member by member, down to OpenAPI's named
    /// operations and components; lists of the top level are joined item by item. The members of
    /// the part come last. An empty part adds no member.
    ///
    /// # Errors
    ///
    /// Returns [`DocumentFault::InAnotherPart`] at the place in the part if both have the same key.
    pub fn with_part(mut self, part: Self) -> Result<Self, DocumentError> {
        let part = if self.is_lowered { part.lowered() } else { part };
        join::join(&mut self, part)?;
        self.mended.take();
        Ok(self)
    }

    /// Rewrites OpenAPI 3.1 in the words of 3.0.
    fn lowered(self) -> Self {
        let (value, place) = lower::lowered(self.value, self.place);
        Self { value, place, is_lowered: true, ..self }
    }

    /// Joins several documents into one, or returns `None` if there are none.
    ///
    /// # Errors
    ///
    /// Returns the first error among the parts, or an error of [`Document::with_part`].
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

    /// Returns the document's name in errors: the file that it was read from, or the first of
    /// several.
    pub fn file(&self) -> &str {
        self.sources.first().map_or("", |source| &source.file)
    }

    /// Returns the file with `pointer`, or else with its nearest ancestor in the document.
    pub fn file_at(&self, pointer: &str) -> &str {
        let (_, place) = self.walk(pointer);
        self.source(place).map_or("", |source| &source.file)
    }

    /// Returns the whole document.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the document without its slips, which `mend` takes out when it is first asked for.
    pub(crate) fn mended(&self, mend: impl FnOnce(&Self) -> Mended) -> &Mended {
        self.mended.get_or_init(|| Box::new(mend(self)))
    }

    /// Returns a number as written, or `None` if JSON writes it alike.
    pub(crate) fn as_written(&self, pointer: &str) -> Option<&str> {
        let (_, place) = self.walk(pointer);
        let digits = &self.source(place)?.digits;
        let (_, digits) = digits.iter().find(|(position, _)| *position == place.position())?;
        Some(digits)
    }

    /// Returns the place of the key or list item that `pointer` names, or `None` if the document
    /// has no such member.
    ///
    /// `""` names the document itself. A member that an alias copied is placed at its anchor.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        let (found, place) = self.walk(pointer);
        found.then(|| self.position_of(place))
    }

    /// Returns the place of `pointer`, or else of its nearest ancestor in the document.
    ///
    /// It serves complaints about missing members: they point at the object that should have the
    /// member.
    pub fn nearest_position(&self, pointer: &str) -> Position {
        self.position_of(self.walk(pointer).1)
    }

    /// Returns the digits of an integer beyond 64 bits, as written, or `None` for any other value.
    pub fn digits(&self, pointer: &str) -> Option<&str> {
        let is_wide = |source: &Source| !source.digits.is_empty();
        if !self.sources.iter().any(is_wide) {
            return None;
        }
        self.as_written(pointer).filter(|text| is_digits(text.trim_start_matches(['+', '-'])))
    }

    /// Returns whether `number`, the value at a pointer, is larger than every float as written.
    pub fn is_beyond_floats(&self, number: &Value, pointer: &str) -> bool {
        // Larger ones became the largest.
        if number.as_f64().is_none_or(|number| number.abs() < f64::MAX) {
            return false;
        }
        let text = self.as_written(pointer).unwrap_or_default().trim_start_matches(['+', '-']);
        text.eq_ignore_ascii_case(".inf") || text.parse::<f64>().is_ok_and(f64::is_infinite)
    }

    fn position_of(&self, place: &Place) -> Position {
        let position = place.position();
        self.source(place).map_or(position, |source| position.min(source.end))
    }

    fn source(&self, place: &Place) -> Option<&Source> {
        self.sources.get(place.source as usize)
    }

    /// Follows `pointer` as far as it goes and returns whether it reached the end, and the last
    /// place.
    fn walk(&self, pointer: &str) -> (bool, &Place) {
        let mut value = &self.value;
        let mut place = &self.place;
        let moved = self.mended.get().and_then(|mended| {
            let mut moved = mended.moved.iter();
            moved.find_map(|(to, from)| {
                Some(format!("{from}{}", pointer.strip_prefix(to.as_str())?))
            })
        });
        let pointer = moved.as_deref().unwrap_or(pointer);
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
                Value::Array(items) => token
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index).zip(place.below.get(index))),
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
    /// Returns the name of the file, as given to [`Document::parse`].
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the place of the fault.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Returns the fault.
    pub fn fault(&self) -> &DocumentFault {
        &self.fault
    }

    /// Returns the most likely remedy, for the line after the error.
    pub fn hint(&self) -> Option<&'static str> {
        self.fault.hint()
    }
}

/// The remedy for a document of another version.
pub(crate) const CONVERT: &str = "convert the document to OpenAPI 3.0.3; for Swagger 2.0, `npx swagger2openapi OLD.yaml -o NEW.yaml` does it";

impl DocumentFault {
    /// Returns the most likely remedy.
    fn hint(&self) -> Option<&'static str> {
        let sentence = self.to_string();
        let says = |word: &str| sentence.contains(word);
        match self {
            Self::Syntax(_) if says("tab") => Some("indent with spaces: YAML takes no tabs"),
            Self::Syntax(_) if says("indent") => Some(
                "indent a line, also one with a closing bracket alone, by more than the key it belongs to",
            ),
            Self::DuplicateKey(_) => Some("keep one of the two"),
            Self::KeyNotText => Some("write the key in quotes"),
            Self::MergeKey => Some(
                "write the merged members out instead; `yq 'explode(.)' FILE` expands all of them",
            ),
            Self::TooDeep => Some("move inner schemas to `components` and refer to them"),
            Self::AliasTooLarge | Self::AliasInsideItself => Some("use `$ref` instead"),
            Self::UnknownTag => Some("take the tag off"),
            Self::TagMismatch => Some("take the tag off, or correct the value"),
            Self::IntegerTooLarge | Self::NotFinite => Some("leave the bound or value out"),
            Self::SecondDocument => Some("put it into a file of its own"),
            Self::Version(_) => Some(CONVERT),
            Self::Syntax(_) | Self::NullCharacter | Self::InAnotherPart { .. } => None,
        }
    }
}

/// Returns the fault of a text, or its version if that is unsupported.
fn version_first(text: &str, fault: Fault) -> Fault {
    match Version::of_text(text) {
        Some((version, line)) if !version.is_supported() => {
            (Position { line, column: 1 }, DocumentFault::Version(version))
        }
        _ => fault,
    }
}

/// A fault and its place; the file's name is added at the edge.
type Fault = (Position, DocumentFault);

/// Parses JSON by a JSON parser where possible: YAML reads no surrogate pairs, no keys beyond 1024
/// characters and few tabs, and real documents have all three.
fn parse(file: &str, text: &str) -> Result<(build::Built, Vec<Digits>), Fault> {
    if let Some(at) = text.find('\0') {
        return Err((position_of(text, at), DocumentFault::NullCharacter));
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(text);
    }
    match json::parse(text) {
        // A text that starts like JSON may be YAML in flow style, unless the file is named JSON.
        Err((_, DocumentFault::Syntax(_))) if !file.ends_with(".json") => yaml::parse(text),
        result => result,
    }
}

/// Returns the place behind the last character, which is the fault of a text that stops too early;
/// YAML's scanner would name a line that does not exist.
fn end_of(text: &str) -> Position {
    // By bytes, because documents have megabytes of text.
    let count = |wanted: u8| text.bytes().filter(|byte| *byte == wanted).count();
    let n_returns = count(b'\r');
    let n_pairs = if n_returns == 0 { 0 } else { text.matches("\r\n").count() };
    let last = text.bytes().rposition(|byte| matches!(byte, b'\n' | b'\r'));
    let last = last.and_then(|index| text.get(index + 1..)).unwrap_or(text);
    Position { line: count(b'\n') + n_returns - n_pairs + 1, column: last.chars().count() + 1 }
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

/// Applies a JSON merge patch to `target` (RFC 7396): `null` removes a member.
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

/// Calls `visit` with the text of every reference inside a value: of each `$ref`, and of each
/// mapping of a discriminator. [`Node::references`](crate::openapi::Node::references)
/// knows their places, and takes longer.
pub fn each_reference<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v str)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("$ref", Value::String(reference)) => visit(reference),
                    ("mapping", Value::Object(mapping)) => {
                        mapping.values().filter_map(Value::as_str).for_each(&mut *visit);
                    }
                    (_, member) => each_reference(member, visit),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_reference(item, visit)),
        _ => (),
    }
}

#[cfg(test)]
mod tests;
