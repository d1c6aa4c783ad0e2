//! What a spec is on its way through the passes: operations, schemas, credentials, forms.
//!
//! Invariants:
//!
//! * Only schemas and values of enums are JSON; all else is typed when it is read.

use std::collections::BTreeMap;

use prumo_spec::openapi::{Envelope, Login, Paging, PagingStyle, ParameterPlace, Signature, Source};
use serde_json::{Map, Value};

use crate::names::parameter;

/// A spec on its way through the passes.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The API's name and version.
    pub info: Info,
    /// The base URL, if the document has exactly one that is absolute and
    /// holds no variable.
    pub base_url: Option<String>,
    /// Security schemes that some operation asks for.
    pub schemes: Vec<Scheme>,
    /// Operations in document order.
    pub operations: Vec<Operation>,
    /// Calls that the vendor makes, in document order.
    pub webhooks: Vec<Webhook>,
    /// Named schemas by their Pascal-cased name.
    pub schemas: Map<String, Value>,
    /// Where each of them is written.
    pub places: BTreeMap<String, String>,
    /// Unions of an object and the empty list, by name, with the runtime's type for them.
    pub empty_ors: BTreeMap<String, String>,
    /// Enums that are emitted beside typify's types, by name.
    pub enums: Vec<Enum>,
    /// Bodies that are sent as forms.
    pub forms: Vec<Form>,
}

/// The name and version of an API, in the words of its document.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// `title`.
    pub title: String,
    /// `version`.
    pub version: String,
    /// `description`.
    pub description: String,
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// As in `components.securitySchemes`.
    pub name: String,
    /// Where the credential travels.
    pub placement: Placement,
    /// What the vendor says about it.
    pub description: String,
    /// How a login gives it, from `x-login`.
    pub login: Option<Login>,
}

/// Where a credential travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In place of the path segment `{name}`.
    PathSegment,
    /// `Authorization: Bearer`.
    Bearer,
    /// `Authorization: Basic`.
    Basic,
    /// A header of this name.
    Header(String),
    /// A query parameter of this name.
    Query(String),
}

/// One operation.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// Pointer to the operation in the document.
    pub pointer: String,
    /// In capitals.
    pub method: String,
    /// The template, with `{token}`.
    pub path: String,
    /// What progenitor gets: secret segments are markers.
    pub sent_path: String,
    /// First line of the method's documentation.
    pub summary: String,
    /// The rest of it.
    pub description: String,
    /// Where it was learned.
    pub sources: Vec<Source>,
    /// Path, query and header parameters in document order.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The answers as documented, until `success` is made of them.
    pub answers: Vec<Answer>,
    /// What `send()` gives.
    pub success: Success,
    /// OR of ANDs of scheme names.
    pub security: Vec<Vec<String>>,
    /// How an answer tells success from failure.
    pub envelope: Option<Envelope>,
    /// `x-max-request-bytes`.
    pub max_request_bytes: Option<u64>,
    /// `x-rate-limit`: requests and seconds.
    pub rate_limit: Option<(u64, u64)>,
    /// How its list comes in pages.
    pub paging: Option<Paging>,
    /// `x-protocol`.
    pub protocol: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
}

/// A call that the vendor makes, from `x-webhooks`.
#[derive(Clone, Debug, Default)]
pub struct Webhook {
    /// `operationId`.
    pub id: String,
    /// What is sent: the schema of its JSON body.
    pub body: Value,
    /// Pointer to that schema.
    pub pointer: String,
    /// One line.
    pub summary: String,
    /// In the spec's words.
    pub description: String,
    /// How the vendor signs it.
    pub signature: Option<Signature>,
    /// Where it was learned.
    pub sources: Vec<Source>,
}

impl Webhook {
    /// Whether the spec says how the vendor signs it.
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }
}

/// One parameter.
#[derive(Clone, Debug, Default)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The name that progenitor gets: on the wire it becomes `name`.
    pub given: String,
    /// Where it travels.
    pub place: ParameterPlace,
    /// Whether it must be given.
    pub required: bool,
    /// Whether the client holds the value.
    pub secret: bool,
    /// Its schema.
    pub schema: Value,
    /// `style`, if it is said.
    pub style: Option<String>,
    /// Whether it has a `content` instead of a schema.
    pub has_content: bool,
    /// Whether OpenAPI has another place for what it says.
    pub is_told_elsewhere: bool,
    /// Pointer to the parameter in the document.
    pub pointer: String,
    /// What parts the items of a list in the query, if they are one text.
    pub separator: Option<char>,
    /// Component it came from, for the name of its enum.
    pub component: Option<String>,
    /// What the vendor says about it.
    pub description: String,
    /// Its documentation, one line: also its limits, its default and its sources.
    pub docs: String,
}

impl Operation {
    /// Whether its list comes in pages, of which more than one can be asked for.
    pub fn is_paged(&self) -> bool {
        let style = self.paging.as_ref().and_then(|paging| paging.style);
        style.is_some_and(|style| style != PagingStyle::Limit)
    }

    /// How `dispatch` calls `one`: its name on the wire, unless another parameter
    /// has the very same one in another place and came first.
    pub fn argument(&self, one: &Parameter) -> String {
        let is_shared = self.parameters.iter().filter(|other| other.name == one.name).count() > 1;
        if is_shared && one.given != one.name { one.setter() } else { one.name.clone() }
    }
}

impl Parameter {
    /// The method that sets it.
    pub fn setter(&self) -> String {
        parameter(&self.given)
    }
}

/// A request body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// How it is sent: one of the media types that progenitor knows.
    pub media: String,
    /// The media type of the document, if it is another one.
    pub content_type: Option<String>,
    /// Its schema.
    pub schema: Value,
    /// Whether the document says that it cannot be left out.
    pub required: bool,
    /// Not required, and of JSON that can do without any field: then none is sent.
    pub may_be_absent: bool,
    /// Pointer to the schema.
    pub pointer: String,
    /// Component it came from.
    pub component: Option<String>,
    /// How fields of a form are written, where that is said.
    pub encodings: Vec<FieldEncoding>,
    /// What the vendor says about it.
    pub description: String,
}

/// How a field of a form is written, in the words of the document.
#[derive(Clone, Debug, Default)]
pub struct FieldEncoding {
    /// The field.
    pub property: String,
    /// `style`.
    pub style: Option<String>,
    /// `explode`.
    pub explode: Option<bool>,
    /// `contentType`.
    pub content_type: Option<String>,
    /// Whether the items of a list are numbered (`x-list-names`).
    pub is_indexed: bool,
    /// Whether it has headers of its own.
    pub has_headers: bool,
}

/// One documented answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// `200`, `2XX`, `default`.
    pub status: String,
    /// Pointer to the response.
    pub pointer: String,
    /// Component it came from.
    pub component: Option<String>,
    /// What it looks like by media type.
    pub content: Vec<Content>,
}

/// One media type of an answer.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Its name.
    pub media: String,
    /// Whether the client reads it as JSON.
    pub is_json: bool,
    /// The schema of JSON.
    pub schema: Option<Value>,
    /// Pointer to that schema.
    pub pointer: String,
}

/// What `send()` gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Success {
    /// Nothing.
    #[default]
    Empty,
    /// Bytes as they come.
    Stream,
    /// JSON of this schema.
    Json(Value),
}

/// An enum that is emitted beside typify's types.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// The Rust name.
    pub name: String,
    /// What the values are.
    pub kind: EnumKind,
    /// Whether unknown values are kept.
    pub open: bool,
    /// Rust name and wire value of each variant.
    pub variants: Vec<(String, Value)>,
    /// Documentation.
    pub docs: String,
}

/// What the values of an enum are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumKind {
    /// Text.
    Text,
    /// Integers.
    Integer,
    /// Integers that are also read from text.
    IntegerOrText,
    /// `true` or `false`; only as the tag of a union.
    Boolean,
}

/// A body that is sent as a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The Rust type.
    pub name: String,
    /// `multipart/form-data` rather than urlencoded.
    pub multipart: bool,
    /// The cap, if all operations that send it have the same.
    pub max_request_bytes: Option<u64>,
    /// Fields in the order of the document.
    pub fields: Vec<FormField>,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The property's name in the schema.
    pub property: String,
    /// Whether the Rust field is an `Option`.
    pub optional: bool,
    /// How it is written.
    pub kind: FieldKind,
}

/// How a field of a form is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One part, by `Display`.
    Text,
    /// One part, the JSON of the value.
    Json,
    /// One file.
    File,
    /// A part `name[]` for each item.
    Each(Box<FieldKind>),
    /// A part `name` for each item.
    Repeated(Box<FieldKind>),
    /// A part `name[0]`, `name[1]`, … for each item.
    Indexed(Box<FieldKind>),
    /// A part `name[key]` for each member.
    Keyed,
    /// A part `name[key][0]` for each scalar inside, at any depth.
    Deep,
}
