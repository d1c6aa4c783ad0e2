//! Describes one operation of a contract: its requests, and its responses by status.

use std::collections::BTreeMap;

use prumo_spec::openapi::{self, Outcome};
use prumo_spec::pointer::top_level;
use serde::{Deserialize, Serialize};

use super::{Body, Paging, Webhook, is_default, places};
use crate::shape::bound;
use crate::shape::{Scalar, Shape, Tally, merge};

/// One operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operation {
    /// The method in upper case.
    pub method: String,
    /// Path template (`/chamado/{token}/{id}`); empty for a webhook.
    pub path: String,
    /// The members of a response that show success or failure.
    #[serde(skip_serializing_if = "is_default")]
    pub envelope: Option<Envelope>,
    /// The most bytes of a request body (`x-max-request-bytes`).
    #[serde(skip_serializing_if = "is_default")]
    pub max_request_bytes: Option<u64>,
    /// The paging of its list; only a promise has it.
    #[serde(skip_serializing_if = "is_default", skip_deserializing)]
    pub paging: Option<Box<Paging>>,
    /// The webhook, if the vendor calls and the customer replies; only a promise has it.
    #[serde(skip_serializing_if = "is_default", skip_deserializing)]
    pub webhook: Option<Box<Webhook>>,
    /// Parameters by pointer: `/path/<name>`, `/query/<name>`, `/header/<name>`,
    /// `/cookie/<name>`; header names in lower case.
    #[serde(skip_serializing_if = "is_default")]
    pub parameters: BTreeMap<String, Parameter>,
    /// The request body; `None` if the operation takes none.
    #[serde(skip_serializing_if = "is_default")]
    pub request: Option<Body>,
    /// Responses by status: `200`, `4XX` or `default` in a promise, always the exact status in
    /// observations.
    #[serde(skip_serializing_if = "is_default")]
    pub responses: BTreeMap<String, Body>,
    /// Statuses that the promise does not name.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_statuses: BTreeMap<u16, Tally>,
    /// Those of them that are successes without the promised JSON.
    #[serde(skip_serializing_if = "is_default")]
    pub unread_statuses: BTreeMap<u16, Tally>,
    /// Query parameters that the promise does not name, by pointer.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_parameters: BTreeMap<String, Tally>,
    /// Masked methods and paths of requests that were recorded as this operation's but have another
    /// method or path.
    #[serde(skip_serializing_if = "is_default")]
    pub strange_requests: BTreeMap<String, Tally>,
    /// The exchanges of this operation.
    pub exchanges: Tally,
}

/// The members of a response that show success or failure (`x-envelope`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Name of the top-level member that decides.
    pub tag: String,
    /// The tag's values that mean success.
    pub success: Vec<Scalar>,
    /// Name of the top-level member with the vendor's message.
    #[serde(default)]
    pub message: Option<String>,
    /// Name of the top-level member with further messages.
    #[serde(default)]
    pub errors: Option<String>,
    /// Name of the top-level member that the client decodes; `None` if it decodes everything except
    /// the three above.
    #[serde(default)]
    pub payload: Option<String>,
}

/// A parameter of a request, or a header of a response.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// Whether it must be sent.
    #[serde(skip_serializing_if = "is_default")]
    pub required: bool,
    /// The style of a list or an object in the text.
    #[serde(skip_serializing_if = "is_default")]
    pub style: Style,
    /// It may be sent without a value, whatever its shape.
    #[serde(skip_serializing_if = "is_default")]
    pub may_be_empty: bool,
    /// The value is a secret or a placeholder: only its presence is judged.
    #[serde(skip_serializing_if = "is_default")]
    pub is_secret: bool,
    /// The shape of its value, promised or observed.
    #[serde(with = "places", skip_serializing_if = "is_default")]
    pub shape: Box<Shape>,
    /// The requests or responses that had it.
    #[serde(skip_serializing_if = "is_default")]
    pub present: Tally,
    /// The requests or responses that lacked it although it is required.
    #[serde(skip_serializing_if = "is_default")]
    pub missing: Tally,
}

/// The style in which a value becomes text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// One text per value; lists repeat the name.
    #[default]
    Repeated,
    /// Lists are one text, separated by commas; so are names and values of members.
    Commas,
    /// Lists are one text, separated by commas; members are `name=value`.
    Pairs,
    /// Like `Commas`, after a dot; dots may be separators, too.
    Label,
    /// Items, or members as `name=value`, each after a dot.
    LabelPairs,
    /// Like `Commas`, after `;name=`.
    Matrix,
    /// Items as `;name=value`, or members, each after a `;`.
    MatrixPairs,
    /// Lists are one text, separated by spaces.
    Spaces,
    /// Lists are one text, separated by bars.
    Pipes,
    /// Members of an object are `name[member]=value`.
    DeepObject,
    /// Members of an object are separate parameters.
    Exploded,
    /// The text is JSON.
    Json,
}

impl Envelope {
    /// Takes what the judge needs of `x-envelope`. Without a tag it tells nothing apart, and a
    /// sentence that lies deeper plays no part.
    fn promised(said: openapi::Envelope) -> Option<Self> {
        let member = |place: Option<String>| place.as_deref().and_then(top_level);
        Some(Self {
            tag: member(said.tag)?,
            success: said.success,
            message: member(said.message),
            errors: member(said.errors),
            payload: member(said.payload),
        })
    }

    /// Returns the outcome of a call with this tag.
    pub fn outcome(&self, tag: &Scalar) -> Outcome {
        Outcome::of_tag(&self.success, tag)
    }

    /// Returns whether the client decodes the top-level member `name` of a success.
    pub fn reads(&self, name: &str) -> bool {
        match &self.payload {
            Some(payload) => name == payload || name == self.tag,
            None => self.message.as_deref() != Some(name) && self.errors.as_deref() != Some(name),
        }
    }
}

impl Operation {
    /// Creates an operation that promises what `x-envelope` says, and nothing else yet.
    pub(crate) fn enveloped(said: openapi::Envelope) -> Self {
        Self { envelope: Envelope::promised(said), ..Self::default() }
    }

    pub(super) fn absorb(&mut self, other: &Self) {
        if self.method < other.method {
            self.method.clone_from(&other.method);
        }
        if self.path < other.path {
            self.path.clone_from(&other.path);
        }
        if self.envelope != other.envelope {
            self.envelope = None;
        }
        merge(&mut self.parameters, &other.parameters, Parameter::absorb);
        match (&mut self.request, &other.request) {
            (Some(mine), Some(theirs)) => mine.absorb(theirs),
            (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
            (_, None) => (),
        }
        merge(&mut self.responses, &other.responses, Body::absorb);
        merge(&mut self.strange_statuses, &other.strange_statuses, Tally::absorb);
        merge(&mut self.unread_statuses, &other.unread_statuses, Tally::absorb);
        self.max_request_bytes = self
            .max_request_bytes
            .zip(other.max_request_bytes)
            .map(|(mine, theirs)| mine.max(theirs));
        merge(&mut self.strange_parameters, &other.strange_parameters, Tally::absorb);
        bound(&mut self.strange_parameters);
        merge(&mut self.strange_requests, &other.strange_requests, Tally::absorb);
        bound(&mut self.strange_requests);
        self.exchanges.absorb(&other.exchanges);
    }

    /// Returns the promise for a status: the exact one, its range, or the default.
    pub fn response(&self, status: u16) -> Option<&Body> {
        self.response_key(status).and_then(|key| self.responses.get(key))
    }

    /// Returns the key of the promise that [`Self::response`] returns.
    pub fn response_key(&self, status: u16) -> Option<&str> {
        let mut exact = self.responses.keys().filter(|key| key.parse() == Ok(status));
        let mut range = self.responses.keys().filter(|key| {
            key.strip_suffix("XX").is_some_and(|hundreds| hundreds.parse() == Ok(status / 100))
        });
        let default = || self.responses.keys().find(|key| *key == "default");
        exact.next().or_else(|| range.next()).or_else(default).map(String::as_str)
    }
}

impl Parameter {
    pub(super) fn absorb(&mut self, other: &Self) {
        self.required &= other.required;
        self.is_secret |= other.is_secret;
        self.may_be_empty |= other.may_be_empty;
        if self.style != other.style {
            self.style = Style::Repeated;
        }
        self.shape.absorb(&other.shape);
        self.present.absorb(&other.present);
        self.missing.absorb(&other.missing);
    }
}
