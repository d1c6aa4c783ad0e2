//! A parameter of a request, or a header of a response, which OpenAPI describes the same way.

use serde_json::Value;

use super::extensions::{Evidence, Pii};
use super::{Media, Node, Schema, SpecError, body};

/// Headers that OpenAPI describes elsewhere: by media types and by `security`.
pub(super) const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The place of a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ParameterPlace {
    #[default]
    Path,
    Query,
    Header,
    Cookie,
}

impl ParameterPlace {
    /// All places.
    pub const ALL: [Self; 4] = [Self::Path, Self::Query, Self::Header, Self::Cookie];

    /// Returns OpenAPI's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// Returns the place that a word names.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.word() == word)
    }
}

/// How a value becomes text, by OpenAPI's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ParameterStyle {
    Form,
    Simple,
    Label,
    Matrix,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

impl ParameterStyle {
    /// Returns the style that a word names.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "form" => Self::Form,
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }

    /// Reads `style` and `explode` of an object, with the defaults of `place`.
    pub(super) fn read(node: &Node<'_>, place: ParameterPlace) -> Result<(Self, bool), SpecError> {
        let style = match node.text("style")? {
            Some(word) => {
                Self::named(word).ok_or_else(|| node.expected("style", "a style of OpenAPI 3.0"))?
            }
            None if matches!(place, ParameterPlace::Query | ParameterPlace::Cookie) => Self::Form,
            None => Self::Simple,
        };
        let is_exploded =
            if node.has("explode") { node.flag("explode")? } else { style == Self::Form };
        Ok((style, is_exploded))
    }
}

/// A parameter of a request, or a header of a response.
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    node: Node<'d>,
    name: &'d str,
    place: ParameterPlace,
}

impl<'d> Parameter<'d> {
    /// Reads a parameter, reference followed.
    pub(super) fn read(node: &Node<'d>) -> Result<Self, SpecError> {
        let node = node.followed()?;
        let (Some(name), Some(place)) = (node.text("name")?, node.text("in")?) else {
            let expected = "a parameter with `name` and `in`";
            return Err(node.fault(super::SpecFault::Expected { expected }));
        };
        let Some(place) = ParameterPlace::named(place) else {
            return Err(node.expected("in", "`path`, `query`, `header` or `cookie`"));
        };
        Ok(Self { node, name, place })
    }

    /// Reads a header of a response, reference followed.
    pub(super) fn header(name: &'d str, node: &Node<'d>) -> Result<Self, SpecError> {
        Ok(Self { node: node.followed()?, name, place: ParameterPlace::Header })
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the JSON Pointer to it.
    pub fn at(&self) -> &str {
        self.node.at()
    }

    /// Returns the name on the wire.
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// Returns the place.
    pub fn place(&self) -> ParameterPlace {
        self.place
    }

    /// Returns whether both describe the same parameter: case does not matter in the names of
    /// headers.
    pub(super) fn is_same_as(&self, other: &Parameter<'_>) -> bool {
        let is_named_alike = match self.place {
            ParameterPlace::Header => self.name.eq_ignore_ascii_case(other.name),
            ParameterPlace::Path | ParameterPlace::Query | ParameterPlace::Cookie => {
                self.name == other.name
            }
        };
        self.place == other.place && is_named_alike
    }

    /// Returns whether a caller must send it; a path parameter always is required.
    ///
    /// # Errors
    ///
    /// Fails if `required` is no flag.
    pub fn is_required(&self) -> Result<bool, SpecError> {
        Ok(self.place == ParameterPlace::Path || self.node.flag("required")?)
    }

    /// Returns whether it may be sent without a value.
    ///
    /// # Errors
    ///
    /// Fails if `allowEmptyValue` is no flag.
    pub fn may_be_empty(&self) -> Result<bool, SpecError> {
        Ok(self.place == ParameterPlace::Query && self.node.flag("allowEmptyValue")?)
    }

    /// Returns whether its value is a secret (`x-secret`).
    pub fn is_secret(&self) -> bool {
        self.node.is_marked("x-secret")
    }

    /// Returns the schema of the value.
    pub fn schema(&self) -> Option<Schema<'d>> {
        self.node.child("schema").map(Schema::of)
    }

    /// Returns whether it has `content` instead of a schema.
    pub fn has_content(&self) -> bool {
        self.node.has("content")
    }

    /// Returns the media type of a value that is serialized in another format.
    ///
    /// # Errors
    ///
    /// Fails if `content` is not an object.
    pub fn content(&self) -> Result<Option<Media<'d>>, SpecError> {
        Ok(body::content(&self.node)?.next())
    }

    /// Returns the style of the value, and whether lists and objects are exploded.
    ///
    /// # Errors
    ///
    /// Fails if `style` is none of OpenAPI 3.0, or `explode` is no flag.
    pub fn style(&self) -> Result<(ParameterStyle, bool), SpecError> {
        ParameterStyle::read(&self.node, self.place)
    }

    /// Returns what separates the items of a list that is one text in the query.
    pub fn separator(&self) -> Option<char> {
        let (style, is_exploded) = self.style().ok()?;
        match style {
            _ if is_exploded || self.place != ParameterPlace::Query => None,
            ParameterStyle::Form => Some(','),
            ParameterStyle::SpaceDelimited => Some(' '),
            ParameterStyle::PipeDelimited => Some('|'),
            _ => None,
        }
    }

    /// Returns `style` as written.
    pub fn style_word(&self) -> Option<&'d str> {
        self.node.get("style").and_then(Value::as_str)
    }

    /// Returns the description.
    pub fn description(&self) -> &'d str {
        self.node.words("description")
    }

    /// Returns the kinds of personal data in the value (`x-pii`).
    pub fn pii(&self) -> Vec<Pii> {
        Pii::read(&self.node)
    }

    /// Returns the evidence for it (`x-evidence`).
    pub fn evidence(&self) -> Vec<Evidence> {
        Evidence::read(&self.node)
    }
}
