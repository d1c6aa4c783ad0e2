//! Describes the bodies of a request, or of the answers of one status, by media type, and the
//! headers of these answers.

use std::collections::BTreeMap;

use prumo_spec::MediaType;
use serde::{Deserialize, Serialize};

use super::{Parameter, Style, is_default, places};
use crate::shape::{Alternatives, Branch, Sampled, Shape, Tally, merged};
use crate::shape::{bound, pairs};

/// A request body, or the answers of one status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Body {
    /// Must be there (requests only).
    #[serde(skip_serializing_if = "is_default")]
    pub required: bool,
    /// Its look by media type, in lower case and without parameters.
    #[serde(skip_serializing_if = "is_default")]
    pub media: BTreeMap<String, Media>,
    /// Headers by pointer, `/header/<name>`, names in lower case (answers only).
    #[serde(skip_serializing_if = "is_default")]
    pub headers: BTreeMap<String, Parameter>,
    /// How many requests or answers this was.
    #[serde(skip_serializing_if = "is_default")]
    pub seen: Tally,
    /// A required body that was absent.
    #[serde(skip_serializing_if = "is_default")]
    pub missing: Tally,
    /// Requests of more bytes than allowed, as far as sizes were recorded.
    #[serde(skip_serializing_if = "is_default")]
    pub oversized: Tally,
    /// Media types that the promise does not name.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_media: BTreeMap<String, Tally>,
    /// The number of those bodies that are JSON all the same.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_json: BTreeMap<String, Tally>,
}

/// The bodies of one media type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// The shape. Cases of an envelope are its tagged alternatives; its own
    /// part then holds no more than the tag.
    #[serde(with = "places", skip_serializing_if = "is_default")]
    pub shape: Box<Shape>,
    /// How fields of a form are written that do not follow the default.
    #[serde(skip_serializing_if = "is_default")]
    pub styles: BTreeMap<String, Style>,
    /// Bodies that could not be read, and why.
    #[serde(skip_serializing_if = "is_default")]
    pub unreadable: BTreeMap<Unreadable, Tally>,
    /// Bodies that contradict themselves or what was asked for, by case (empty: no case).
    #[serde(with = "pairs", skip_serializing_if = "is_default")]
    pub contradictions: BTreeMap<(String, Contradiction), Sampled>,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadable {
    /// Nothing, where JSON is promised.
    Empty,
    /// JSON that stops in the middle.
    Truncated,
    /// JSON behind a byte order mark.
    ByteOrderMark,
    /// Nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH) levels.
    TooDeep,
    /// A replacement character, an escape without its half, or bytes that are no UTF-8.
    BadEncoding,
    /// Chunks, a compression or the parts of a form that break off or are malformed.
    BadCoding,
    /// A page of HTML or XML.
    Markup,
    /// Any other text.
    NotJson,
}

/// How an answer contradicts itself, or what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contradiction {
    /// The tag says success, the status failure.
    Status,
    /// The tag has a value of no case.
    Tag,
    /// The tag says one case, the members are another's.
    Members,
    /// It says that it is another page than was asked for.
    Page,
    /// The page has more items than were asked for, or than the vendor gives.
    Items,
    /// All pages together have fewer items than those up to this one.
    Total,
    /// The last page is not the one that total and size give.
    Last,
    /// A next page is named behind the last one, or missing before it.
    Next,
}

impl Body {
    pub(super) fn absorb(&mut self, other: &Self) {
        self.required &= other.required;
        self.media = merged(&self.media, &other.media, Media::absorb);
        self.headers = merged(&self.headers, &other.headers, Parameter::absorb);
        self.seen.absorb(&other.seen);
        self.missing.absorb(&other.missing);
        self.oversized.absorb(&other.oversized);
        self.strange_media = merged(&self.strange_media, &other.strange_media, Tally::absorb);
        bound(&mut self.strange_media);
        self.strange_json = merged(&self.strange_json, &other.strange_json, Tally::absorb);
        bound(&mut self.strange_json);
    }

    /// Returns the media types, in order.
    pub(crate) fn media_types(&self) -> impl Iterator<Item = &str> {
        self.media.keys().map(String::as_str)
    }

    /// Returns the promise for a media type: exact, `type/*`, or `*/*`.
    pub fn media_key(&self, essence: &str) -> Option<&str> {
        let promised = |key: &str| self.media.get_key_value(key).map(|(key, _)| key.as_str());
        // Nearly always it is the first; the others have to be made.
        promised(essence)
            .or_else(|| MediaType::new(essence).promised_as().iter().find_map(|key| promised(key)))
    }
}

impl Media {
    pub(super) fn absorb(&mut self, other: &Self) {
        *self.shape = self.shape.join(&other.shape);
        self.styles.retain(|name, style| other.styles.get(name) == Some(style));
        self.unreadable = merged(&self.unreadable, &other.unreadable, Tally::absorb);
        self.contradictions = merged(&self.contradictions, &other.contradictions, Sampled::absorb);
    }

    /// Returns the cases of an envelope by name, or one without a name if there is no envelope.
    pub fn cases(&self) -> Vec<(&str, &Shape)> {
        match self.tagged() {
            Some(Alternatives { branches, .. }) => {
                branches.iter().map(|(name, branch)| (name.as_str(), &*branch.shape)).collect()
            }
            None => vec![("", &self.shape)],
        }
    }

    /// Returns the cases of an envelope.
    pub fn tagged(&self) -> Option<&Alternatives> {
        self.shape.alternatives.as_ref().filter(|alternatives| alternatives.tag.is_some())
    }

    /// Returns the branch of a case.
    pub fn case(&self, name: &str) -> Option<&Branch> {
        self.tagged().and_then(|alternatives| alternatives.branches.get(name))
    }
}

/// Returns whether bodies of this media type are judged as JSON; under a range, the body tells.
pub(crate) fn is_json(essence: &str) -> bool {
    MediaType::new(essence).may_be_json()
}

/// Returns whether bodies of this media type are judged as forms.
pub(crate) fn is_form(essence: &str) -> bool {
    MediaType::new(essence).is_form()
}
