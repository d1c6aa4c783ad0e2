//! Describes the bodies of a request, or of the responses of one status, by media type, and the
//! headers of these responses.

use std::collections::BTreeMap;

use prumo_spec::MediaType;
use serde::{Deserialize, Serialize};

use super::{Parameter, Style, is_default, places};
use crate::shape::{Alternatives, Branch, Sampled, Shape, Tally, merge};
use crate::shape::{bound, pairs};

/// A request body, or the responses of one status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Body {
    /// The body is required (requests only).
    #[serde(skip_serializing_if = "is_default")]
    pub required: bool,
    /// The bodies by media type, see [`MediaType::key`].
    #[serde(skip_serializing_if = "is_default")]
    pub media: BTreeMap<String, Media>,
    /// Headers by pointer, `/header/<name>`, names in lower case (responses only).
    #[serde(skip_serializing_if = "is_default")]
    pub headers: BTreeMap<String, Parameter>,
    /// The number of requests or responses.
    #[serde(skip_serializing_if = "is_default")]
    pub seen: Tally,
    /// Requests without the required body.
    #[serde(skip_serializing_if = "is_default")]
    pub missing: Tally,
    /// Requests larger than allowed, if their size was recorded.
    #[serde(skip_serializing_if = "is_default")]
    pub oversized: Tally,
    /// Media types that the promise does not name.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_media: BTreeMap<String, Tally>,
    /// Those of them that are JSON nevertheless.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_json: BTreeMap<String, Tally>,
}

/// The bodies of one media type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// The shape. The cases of an envelope are its tagged alternatives; its own part then holds
    /// only the tag.
    #[serde(with = "places", skip_serializing_if = "is_default")]
    pub shape: Box<Shape>,
    /// The styles of form fields that do not follow the default.
    #[serde(skip_serializing_if = "is_default")]
    pub styles: BTreeMap<String, Style>,
    /// Bodies that could not be read, by reason.
    #[serde(skip_serializing_if = "is_default")]
    pub unreadable: BTreeMap<Unreadable, Tally>,
    /// Bodies that contradict themselves or the request, by case (empty: no case).
    #[serde(with = "pairs", skip_serializing_if = "is_default")]
    pub contradictions: BTreeMap<(String, Contradiction), Sampled>,
}

/// The reason why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadable {
    /// No bytes where JSON is promised.
    Empty,
    /// JSON that ends in the middle.
    Truncated,
    /// JSON behind a byte order mark.
    ByteOrderMark,
    /// Nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH) levels.
    TooDeep,
    /// A replacement character, half a surrogate pair, or broken bytes of the declared charset.
    BadEncoding,
    /// Text of one byte for each character, whose charset is not declared.
    UndeclaredCharset,
    /// Bytes that are no text in any charset, such as a picture.
    Binary,
    /// Broken or malformed chunks, compression or form parts.
    BadCoding,
    /// A page of HTML or XML.
    Markup,
    /// Any other text.
    NotJson,
}

/// A contradiction of a response with itself or with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contradiction {
    /// The tag means success, the status failure.
    Status,
    /// The tag's value selects no case.
    Tag,
    /// The tag selects one case, the members belong to another.
    Members,
    /// The response is another page than the requested one.
    Page,
    /// The page has more items than requested, or than the vendor sends.
    Items,
    /// The total is less than the number of items up to this page.
    Total,
    /// The last page's number does not fit total and size.
    Last,
    /// The last page has a next page's number, or an earlier page has none.
    Next,
}

impl Unreadable {
    /// Returns whether the bytes could not be decoded as text.
    pub(crate) fn is_no_text(self) -> bool {
        matches!(self, Self::BadEncoding | Self::UndeclaredCharset | Self::Binary)
    }
}

impl Body {
    pub(super) fn absorb(&mut self, other: &Self) {
        self.required &= other.required;
        merge(&mut self.media, &other.media, Media::absorb);
        merge(&mut self.headers, &other.headers, Parameter::absorb);
        self.seen.absorb(&other.seen);
        self.missing.absorb(&other.missing);
        self.oversized.absorb(&other.oversized);
        merge(&mut self.strange_media, &other.strange_media, Tally::absorb);
        bound(&mut self.strange_media);
        merge(&mut self.strange_json, &other.strange_json, Tally::absorb);
        bound(&mut self.strange_json);
    }

    /// Returns the media types, in order.
    pub(crate) fn media_types(&self) -> impl Iterator<Item = &str> {
        self.media.keys().map(String::as_str)
    }

    /// Returns the promise that a media type falls under most closely.
    pub fn media_key(&self, media_type: &str) -> Option<&str> {
        let came = MediaType::new(media_type);
        let under = |key: &'_ str| came.falls_under(MediaType::new(key));
        let all = self.media_types().filter_map(|key| Some((under(key)?, key)));
        all.max_by_key(|(closeness, _)| *closeness).map(|(_, key)| key)
    }

    /// Returns the promised JSON by which a body of an unpromised media type is judged: the first
    /// that its parameters do not contradict, unless others differ from it by parameters only.
    pub(crate) fn json_like(&self, media_type: &str) -> Option<&str> {
        let came = MediaType::new(media_type);
        let mut all =
            self.media_types().filter(|key| is_json(key) && !came.contradicts(MediaType::new(key)));
        let first = all.next()?;
        let essence = MediaType::new(first).essence();
        let is_only = all.all(|other| MediaType::new(other).essence() != essence);
        is_only.then_some(first)
    }
}

impl Media {
    pub(super) fn absorb(&mut self, other: &Self) {
        self.shape.absorb(&other.shape);
        self.styles.retain(|name, style| other.styles.get(name) == Some(style));
        merge(&mut self.unreadable, &other.unreadable, Tally::absorb);
        merge(&mut self.contradictions, &other.contradictions, Sampled::absorb);
    }

    /// Returns the cases of an envelope by name, or one case without a name if there is no
    /// envelope.
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
        self.shape.alternatives.as_deref().filter(|alternatives| alternatives.tag.is_some())
    }

    /// Returns the branch of a case.
    pub fn case(&self, name: &str) -> Option<&Branch> {
        self.tagged().and_then(|alternatives| alternatives.branches.get(name))
    }
}

/// Returns whether bodies of this media type are judged as JSON; under a range, the body decides.
pub(crate) fn is_json(essence: &str) -> bool {
    MediaType::new(essence).may_be_json()
}

/// Returns whether bodies of this media type are judged as forms.
pub(crate) fn is_form(essence: &str) -> bool {
    MediaType::new(essence).is_form()
}
