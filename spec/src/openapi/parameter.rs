//! A parameter of a request, or a header of an answer, which is described alike.

use serde_json::Value;

use super::extensions::{Evidence, Pii};
use super::{Media, Node, Schema, SpecError, body};

/// Headers that OpenAPI describes elsewhere: by media types and by `security`.
pub(super) const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Where a parameter travels.
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
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Path, Self::Query, Self::Header, Self::Cookie];

    /// Returns the word of OpenAPI.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// Returns the place that a word means.
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
    /// Returns the style that a word means.
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
        let is_exploded = if node.has("explode") { node.flag("explode")? } else { style == Self::Form };
        Ok((style, is_exploded))
    }
}

/// A parameter of a request, or a header of an answer.
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    node: Node<'d>,
    name: &'d str,
    place: ParameterPlace,
}

impl<'d> Parameter<'d> {
    /// Reads a parameter, its reference followed.
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

    /// Reads a header of an answer, its reference followed.
    pub(super) fn header(name: &'d str, node: &Node<'d>) -> Result<Self, SpecError> {
        Ok(Self { node: node.followed()?, name, place: ParameterPlace::Header })
    }

    /// Returns the object, where it is written.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the JSON Pointer to where it is written.
    pub fn at(&self) -> &str {
        self.node.at()
    }

    /// Returns the name on the wire.
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// Returns where it travels.
    pub fn place(&self) -> ParameterPlace {
        self.place
    }

    /// Whether it is the other one, described anew: names of headers differ in more than case.
    pub(super) fn is_same_as(&self, other: &Parameter<'_>) -> bool {
        let is_named_alike = match self.place {
            ParameterPlace::Header => self.name.eq_ignore_ascii_case(other.name),
            ParameterPlace::Path | ParameterPlace::Query | ParameterPlace::Cookie => self.name == other.name,
        };
        self.place == other.place && is_named_alike
    }

    /// Whether it must be sent; a parameter of the path always must.
    ///
    /// # Errors
    ///
    /// `required` is no flag.
    pub fn is_required(&self) -> Result<bool, SpecError> {
        Ok(self.place == ParameterPlace::Path || self.node.flag("required")?)
    }

    /// Whether it may be sent without a value.
    ///
    /// # Errors
    ///
    /// `allowEmptyValue` is no flag.
    pub fn may_be_empty(&self) -> Result<bool, SpecError> {
        Ok(self.place == ParameterPlace::Query && self.node.flag("allowEmptyValue")?)
    }

    /// Whether its value is a secret (`x-secret`).
    pub fn is_secret(&self) -> bool {
        self.node.is_marked("x-secret")
    }

    /// Returns what the value is like.
    pub fn schema(&self) -> Option<Schema<'d>> {
        self.node.child("schema").map(Schema::of)
    }

    /// Whether it has a `content` instead of a schema.
    pub fn has_content(&self) -> bool {
        self.node.has("content")
    }

    /// Returns the media type of a value that is a text of another format.
    ///
    /// # Errors
    ///
    /// `content` is not an object.
    pub fn content(&self) -> Result<Option<Media<'d>>, SpecError> {
        Ok(body::content(&self.node)?.next())
    }

    /// Returns how the value becomes text, and whether lists and objects are spread.
    ///
    /// # Errors
    ///
    /// `style` is none of OpenAPI 3.0, or `explode` is no flag.
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

    /// Returns `style` as it is written.
    pub fn style_word(&self) -> Option<&'d str> {
        self.node.get("style").and_then(Value::as_str)
    }

    /// Returns the description.
    pub fn description(&self) -> &'d str {
        self.node.words("description")
    }

    /// Returns which personal data the value is (`x-pii`).
    pub fn pii(&self) -> Vec<Pii> {
        Pii::read(&self.node)
    }

    /// Returns how it is known (`x-evidence`).
    pub fn evidence(&self) -> Vec<Evidence> {
        Evidence::read(&self.node)
    }
}
