//! A contract: what one witness tells of an API, ready to be joined and compared.
//!
//! Promised by a spec, documented by a page or observed on the wire, it is the
//! same type. It serialises to JSON, so that a share of the traffic can be
//! observed anywhere and joined later.
//!
//! Invariants:
//!
//! * [`Contract::join`] obeys the laws of [`Shape::join`].
//! * Its size depends on what was promised, never on how much was observed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::shape::{Alternatives, Branch, Kind, Sampled, Scalar, Shape, Tally, merged};

/// How many unknown requests, media types or parameters are kept by name.
pub const MAX_STRANGERS: usize = 64;

/// How many references may lead from one to the next.
pub(crate) const MAX_HOPS: usize = 32;

/// What one witness tells of an API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contract {
    /// The spec's file name; the same in what was observed against it.
    pub name: String,
    /// Paths of the servers (`/v2.0`), without trailing slash; empty ones left out.
    pub stems: Vec<String>,
    /// The operations by `operationId`.
    pub operations: BTreeMap<String, Operation>,
    /// Shapes that [`Shape::references`] names.
    pub shapes: BTreeMap<String, Shape>,
    /// Requests that no operation takes: method and masked path, or the
    /// operation's name as the recording has it.
    pub strangers: BTreeMap<String, Tally>,
    /// What of the spec judges nothing, as `file:line:column: construct at pointer`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unjudged: Vec<String>,
    /// Exchanges that were looked at.
    pub exchanges: u64,
}

/// One operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Operation {
    /// Upper case.
    pub method: String,
    /// Path template (`/chamado/{token}/{id}`).
    pub path: String,
    /// How an answer tells success from failure.
    pub envelope: Option<Envelope>,
    /// The most bytes that a request's body may have (`x-max-request-bytes`).
    pub max_request_bytes: Option<u64>,
    /// Parameters by pointer: `/path/<name>`, `/query/<name>`, `/header/<name>`,
    /// `/cookie/<name>`; header names in lower case.
    pub parameters: BTreeMap<String, Parameter>,
    /// The request body; none when the operation takes none.
    pub request: Option<Body>,
    /// Answers by status: `200`, `4XX` or `default` in a promise, always the
    /// exact one in what was observed.
    pub responses: BTreeMap<String, Body>,
    /// Statuses that the promise does not name.
    pub strange_statuses: BTreeMap<u16, Tally>,
    /// Of these, successes that are not the JSON which a success promises.
    pub unread_statuses: BTreeMap<u16, Tally>,
    /// Query parameters that the promise does not name, by their pointer.
    pub strange_parameters: BTreeMap<String, Tally>,
    /// Requests that were recorded as this operation's and have another method
    /// or path: these, masked.
    pub strange_requests: BTreeMap<String, Tally>,
    /// Exchanges of this operation.
    pub exchanges: Tally,
}

/// How an answer tells success from failure (`x-envelope`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Name of the top-level member that tells.
    pub tag: String,
    /// Its values that mean success.
    pub success: Vec<Scalar>,
    /// Name of the top-level member with the vendor's sentence.
    #[serde(default)]
    pub message: Option<String>,
    /// Name of the top-level member with more sentences.
    #[serde(default)]
    pub errors: Option<String>,
    /// Name of the top-level member that the client decodes; none when that is
    /// all but the three above.
    #[serde(default)]
    pub payload: Option<String>,
}

/// One parameter of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Must be sent.
    pub required: bool,
    /// How a list or an object is written in the text.
    pub style: Style,
    /// The value is a secret or a place holder: only its presence is judged.
    pub is_secret: bool,
    /// What is promised or was seen of its value.
    pub shape: Shape,
    /// In how many requests it was.
    pub present: Tally,
    /// Where it was required and absent.
    pub missing: Tally,
}

/// How a parameter's value becomes text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// One text a value; lists repeat the name.
    #[default]
    Repeated,
    /// Lists are one text, parted by commas.
    Commas,
    /// Lists are one text, parted by spaces.
    Spaces,
    /// Lists are one text, parted by bars.
    Pipes,
    /// Members of an object are `name[member]=value`.
    DeepObject,
    /// Members of an object are parameters of their own.
    Exploded,
    /// The text is JSON.
    Json,
}

/// A request body, or the answers of one status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Must be there (requests only).
    pub required: bool,
    /// What it looks like by media type, parameters cut off, lower case.
    pub media: BTreeMap<String, Media>,
    /// How many requests or answers this was.
    pub seen: Tally,
    /// A required body that was absent.
    pub missing: Tally,
    /// Requests of more bytes than allowed, as far as sizes were recorded.
    pub oversized: Tally,
    /// Media types that the promise does not name.
    pub strange_media: BTreeMap<String, Tally>,
    /// Of these, bodies that are JSON all the same.
    pub strange_json: BTreeMap<String, Tally>,
}

/// The bodies of one media type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Media {
    /// The shape. Cases of an envelope are its tagged alternatives; its own
    /// part then holds no more than the tag.
    pub shape: Shape,
    /// Bodies that could not be read, and why.
    pub unreadable: BTreeMap<Unreadable, Tally>,
    /// Bodies whose tag and rest do not agree, by case (empty: no case).
    #[serde(with = "pairs")]
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
    /// Nested deeper than [`MAX_DEPTH`](crate::observe::MAX_DEPTH) levels.
    TooDeep,
    /// A replacement character or an escape without its half where text should be.
    BadEncoding,
    /// A page of HTML or XML.
    Markup,
    /// Any other text.
    NotJson,
}

/// How an envelope contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contradiction {
    /// The tag says success, the status failure.
    Status,
    /// The tag has a value of no case.
    Tag,
    /// The tag says one case, the members are another's.
    Members,
}

impl Contract {
    /// Both together: counts add up, promises widen.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut strangers = merged(&self.strangers, &other.strangers, Tally::absorb);
        bound(&mut strangers);
        Self {
            name: self.name.clone().max(other.name.clone()),
            stems: union(&self.stems, &other.stems),
            operations: merged(&self.operations, &other.operations, Operation::absorb),
            shapes: merged(&self.shapes, &other.shapes, |mine, theirs| *mine = mine.join(theirs)),
            strangers,
            unjudged: union(&self.unjudged, &other.unjudged),
            exchanges: self.exchanges.saturating_add(other.exchanges),
        }
    }
}

impl Contract {
    /// The shape behind a reference, and whether one on the way adds null.
    pub fn resolve<'s>(&'s self, shape: &'s Shape) -> (&'s Shape, bool) {
        let mut shape = shape;
        let mut or_null = false;
        for _ in 0..MAX_HOPS {
            let only = shape.references.first().filter(|_| shape.references.len() == 1);
            let Some(named) = only.and_then(|name| self.shapes.get(name)) else {
                break;
            };
            or_null |= shape.kinds.contains_key(&Kind::Null);
            shape = named;
        }
        (shape, or_null)
    }
}

impl Envelope {
    /// Whether the client decodes the top-level member `name` of a success.
    pub fn reads(&self, name: &str) -> bool {
        match &self.payload {
            Some(payload) => name == payload || name == self.tag,
            None => self.message.as_deref() != Some(name) && self.errors.as_deref() != Some(name),
        }
    }
}

impl Operation {
    fn absorb(&mut self, other: &Self) {
        self.method = self.method.clone().max(other.method.clone());
        self.path = self.path.clone().max(other.path.clone());
        if self.envelope != other.envelope {
            self.envelope = None;
        }
        self.parameters = merged(&self.parameters, &other.parameters, Parameter::absorb);
        match (&mut self.request, &other.request) {
            (Some(mine), Some(theirs)) => mine.absorb(theirs),
            (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
            (_, None) => (),
        }
        self.responses = merged(&self.responses, &other.responses, Body::absorb);
        self.strange_statuses = merged(&self.strange_statuses, &other.strange_statuses, Tally::absorb);
        self.unread_statuses = merged(&self.unread_statuses, &other.unread_statuses, Tally::absorb);
        self.max_request_bytes =
            self.max_request_bytes.zip(other.max_request_bytes).map(|(mine, theirs)| mine.max(theirs));
        self.strange_parameters = merged(&self.strange_parameters, &other.strange_parameters, Tally::absorb);
        bound(&mut self.strange_parameters);
        self.strange_requests = merged(&self.strange_requests, &other.strange_requests, Tally::absorb);
        bound(&mut self.strange_requests);
        self.exchanges.absorb(&other.exchanges);
    }

    /// What is promised for a status: the exact one, its range, or the default.
    pub fn response(&self, status: u16) -> Option<&Body> {
        self.response_key(status).and_then(|key| self.responses.get(&key))
    }

    /// The key of [`Self::response`].
    pub fn response_key(&self, status: u16) -> Option<String> {
        [status.to_string(), format!("{}XX", status / 100), "default".to_owned()]
            .into_iter()
            .find(|key| self.responses.contains_key(key))
    }
}

impl Parameter {
    fn absorb(&mut self, other: &Self) {
        self.required &= other.required;
        self.is_secret |= other.is_secret;
        if self.style != other.style {
            self.style = Style::Repeated;
        }
        self.shape = self.shape.join(&other.shape);
        self.present.absorb(&other.present);
        self.missing.absorb(&other.missing);
    }
}

impl Body {
    fn absorb(&mut self, other: &Self) {
        self.required &= other.required;
        self.media = merged(&self.media, &other.media, Media::absorb);
        self.seen.absorb(&other.seen);
        self.missing.absorb(&other.missing);
        self.oversized.absorb(&other.oversized);
        self.strange_media = merged(&self.strange_media, &other.strange_media, Tally::absorb);
        bound(&mut self.strange_media);
        self.strange_json = merged(&self.strange_json, &other.strange_json, Tally::absorb);
        bound(&mut self.strange_json);
    }

    /// The promise for a media type: exact, `type/*`, or `*/*`.
    pub fn media_key(&self, essence: &str) -> Option<&str> {
        let range = essence.split_once('/').map(|(kind, _)| format!("{kind}/*"));
        [Some(essence.to_owned()), range, Some("*/*".to_owned())]
            .into_iter()
            .flatten()
            .find_map(|key| self.media.get_key_value(&key).map(|(key, _)| key.as_str()))
    }
}

impl Media {
    fn absorb(&mut self, other: &Self) {
        self.shape = self.shape.join(&other.shape);
        self.unreadable = merged(&self.unreadable, &other.unreadable, Tally::absorb);
        self.contradictions = merged(&self.contradictions, &other.contradictions, Sampled::absorb);
    }

    /// The cases of an envelope by name; one without name when there is none.
    pub fn cases(&self) -> Vec<(&str, &Shape)> {
        match self.tagged() {
            Some(Alternatives { branches, .. }) => {
                branches.iter().map(|(name, branch)| (name.as_str(), &branch.shape)).collect()
            }
            None => vec![("", &self.shape)],
        }
    }

    /// The cases of an envelope.
    pub fn tagged(&self) -> Option<&Alternatives> {
        self.shape.alternatives.as_ref().filter(|alternatives| alternatives.tag.is_some())
    }

    /// The branch of a case.
    pub fn case(&self, name: &str) -> Option<&Branch> {
        self.tagged().and_then(|alternatives| alternatives.branches.get(name))
    }
}

/// Whether this media type is JSON.
pub(crate) fn is_json(essence: &str) -> bool {
    essence == "application/json"
        || essence == "text/json"
        || essence.ends_with("+json")
        || essence == "application/*"
        || essence == "*/*"
}

/// Whether this media type is a form.
pub(crate) fn is_form(essence: &str) -> bool {
    essence == "multipart/form-data" || essence == "application/x-www-form-urlencoded"
}

fn union(mine: &[String], theirs: &[String]) -> Vec<String> {
    let mut all: Vec<String> = mine.iter().chain(theirs).cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// Keeps the smallest names; what is beyond is counted under `…`.
pub(crate) fn bound(names: &mut BTreeMap<String, Tally>) {
    // `…` sorts behind every ASCII name, so it is the last one itself.
    let mut beyond = names.remove("…");
    while names.len() > MAX_STRANGERS {
        if let Some((_, tally)) = names.pop_last() {
            beyond.get_or_insert_default().absorb(&tally);
        }
    }
    if let Some(beyond) = beyond {
        names.insert("…".to_owned(), beyond);
    }
}

/// Writes a map whose keys are no texts as a list of pairs.
pub(crate) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
