//! The draft of a client, which the passes change: operations, schemas, credentials, forms.
//!
//! Invariants:
//!
//! * Only schemas and values of enums are JSON; all else is typed when it is read.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::openapi::{
    Envelope, Login, OAuthFlow, Paging, PagingStyle, ParameterPlace, ServerTemplate, Signature,
    Source,
};
use serde_json::{Map, Value};

use super::union::Ranking;
use crate::names::parameter;
use crate::renames::RenameFault;

/// A spec as the passes change it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The API's name and version.
    pub info: Info,
    /// The URL of the first server, if a client can call it.
    pub base_url: Option<String>,
    /// The path of the first server.
    pub base_path: Option<String>,
    /// The first server with its variables, if it has some.
    pub server: Option<ServerTemplate>,
    /// The method of the client's builder for each variable of the server.
    pub server_setters: BTreeMap<String, String>,
    /// Security schemes that some operation asks for.
    pub schemes: Vec<Scheme>,
    /// Operations in document order.
    pub operations: Vec<Operation>,
    /// Calls that the vendor makes, in document order.
    pub webhooks: Vec<Webhook>,
    /// Named schemas by their Pascal-cased name.
    pub schemas: Map<String, Value>,
    /// The place where each of them is written.
    pub places: BTreeMap<String, String>,
    /// Unions of an object and the empty list, by name, with the runtime's type for them.
    pub empty_ors: BTreeMap<String, String>,
    /// Members of sent objects that may be left out, null or a value, by the object's name.
    pub clearable: BTreeMap<String, BTreeSet<String>>,
    /// Unions whose branches one property tells apart, by name.
    pub tags: BTreeMap<String, Tag>,
    /// How the branches of other unions are found, by name; the others are tried as they come.
    pub rankings: BTreeMap<String, Ranking>,
    /// The Rust names of fields that the project chose, by type and wire name.
    pub field_names: BTreeMap<String, BTreeMap<String, String>>,
    /// Names of the project that can't be given.
    pub rename_faults: Vec<RenameFault>,
    /// Enums that are emitted beside typify's types, by name.
    pub enums: Vec<Enum>,
    /// Bodies that are sent as forms.
    pub forms: Vec<Form>,
}

/// The property that tells the branches of a union apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The property's name on the wire.
    pub property: String,
    /// Every value that the spec knows, texts or integers.
    pub values: Vec<Value>,
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
    /// Its name in `components.securitySchemes`.
    pub name: String,
    /// Its place in the request.
    pub placement: Placement,
    /// The vendor's description.
    pub description: String,
    /// The login that returns the credential, from `x-login`.
    pub login: Option<Login>,
    /// The flow `clientCredentials`.
    pub client_credentials: Option<OAuthFlow>,
    /// The flow `authorizationCode`.
    pub authorization_code: Option<OAuthFlow>,
}

impl Scheme {
    /// Returns whether a client can obtain the credential from an authorization server.
    pub fn has_flow(&self) -> bool {
        self.client_credentials.is_some() || self.authorization_code.is_some()
    }
}

impl Draft {
    /// Returns the text before the names of an application's credentials and of its method: empty if
    /// no other scheme has such names.
    pub fn application_prefix(&self, scheme: &Scheme) -> String {
        self.prefix(scheme, |one| one.client_credentials.is_some() || one.login.is_some())
    }

    /// Returns the text before the names of the methods for a user's consent: empty if no other
    /// scheme has them.
    pub fn user_prefix(&self, scheme: &Scheme) -> String {
        self.prefix(scheme, |one| one.authorization_code.is_some())
    }

    fn prefix(&self, scheme: &Scheme, has_names: impl Fn(&Scheme) -> bool) -> String {
        match self.schemes.iter().filter(|one| has_names(one)).count() {
            0 | 1 => String::new(),
            _ => format!("{}_", parameter(&scheme.name)),
        }
    }
}

/// The place of a credential in the request.
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
    /// A cookie of this name.
    Cookie(String),
}

/// One operation.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// The name of its method, before it is written as Rust does: the id, unless it is renamed.
    pub method_name: String,
    /// Pointer to the operation in the document.
    pub pointer: String,
    /// The method in upper case.
    pub method: String,
    /// The path template, with `{token}`.
    pub path: String,
    /// The path for progenitor: secret segments are markers.
    pub sent_path: String,
    /// The first line of the method's documentation.
    pub summary: String,
    /// The rest of the method's documentation.
    pub description: String,
    /// The sources of the operation.
    pub sources: Vec<Source>,
    /// Path, query and header parameters in document order.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The documented responses; `success` is made from them.
    pub answers: Vec<Answer>,
    /// The result of `send()`.
    pub success: Success,
    /// The media types that the client asks for, if it is not only `application/json`.
    pub accept: Option<String>,
    /// OR of ANDs of scheme names.
    pub security: Vec<Vec<String>>,
    /// The scopes of a token, by the name of the scheme.
    pub scopes: Vec<(String, Vec<String>)>,
    /// How a response shows success or failure.
    pub envelope: Option<Envelope>,
    /// `x-max-request-bytes`.
    pub max_request_bytes: Option<u64>,
    /// `x-rate-limit`: requests and seconds.
    pub rate_limit: Option<(u64, u64)>,
    /// How the operation's list comes in pages.
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
    /// The schema of the JSON body that the vendor sends.
    pub body: Value,
    /// Pointer to that schema.
    pub pointer: String,
    /// A summary of one line.
    pub summary: String,
    /// The description from the spec.
    pub description: String,
    /// The vendor's signature.
    pub signature: Option<Signature>,
    /// The sources of the call.
    pub sources: Vec<Source>,
}

impl Webhook {
    /// Returns whether the spec describes the vendor's signature.
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }
}

/// One parameter.
#[derive(Clone, Debug, Default)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The name for progenitor; it is turned back into `name` on the wire.
    pub given: String,
    /// Its place in the request.
    pub place: ParameterPlace,
    /// Whether a caller must set it.
    pub required: bool,
    /// Whether the client holds the value as a secret.
    pub secret: bool,
    /// Its schema.
    pub schema: Value,
    /// `style`, if the document has it.
    pub style: Option<String>,
    /// Whether it has `content` instead of a schema.
    pub has_content: bool,
    /// Whether OpenAPI describes it elsewhere: by media types or `security`.
    pub is_told_elsewhere: bool,
    /// Pointer to the parameter in the document.
    pub pointer: String,
    /// The character between the items of a list in the query, if they are joined into one text.
    pub separator: Option<char>,
    /// The component it came from, which names its enum.
    pub component: Option<String>,
    /// The vendor's description.
    pub description: String,
    /// Its documentation, one line: also its limits, its default and its sources.
    pub docs: String,
}

impl Operation {
    /// Returns whether its list comes in pages, of which more than one can be requested.
    pub fn is_paged(&self) -> bool {
        let style = self.paging.as_ref().and_then(|paging| paging.style);
        style.is_some_and(|style| style != PagingStyle::Limit)
    }

    /// Returns the name of `one` in the arguments of `dispatch`: its name on the wire, unless an
    /// earlier parameter in another place has the same name.
    pub fn argument(&self, one: &Parameter) -> String {
        let is_shared = self.parameters.iter().filter(|other| other.name == one.name).count() > 1;
        if is_shared && one.given != one.name { one.setter() } else { one.name.clone() }
    }
}

impl Parameter {
    /// Returns the name of the method that sets it.
    pub fn setter(&self) -> String {
        parameter(&self.given)
    }
}

/// A request body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The media type that it is sent as: one of those that progenitor knows.
    pub media: String,
    /// The media type in the document, if it is another one.
    pub content_type: Option<String>,
    /// Its schema.
    pub schema: Value,
    /// Whether the document requires it.
    pub required: bool,
    /// Whether it is optional JSON without a required field: it is not sent when it is empty.
    pub may_be_absent: bool,
    /// Pointer to the schema.
    pub pointer: String,
    /// The component it came from.
    pub component: Option<String>,
    /// The `encoding` of its fields, where the document has one.
    pub encodings: Vec<FieldEncoding>,
    /// The vendor's description.
    pub description: String,
}

/// The `encoding` of a form's field.
#[derive(Clone, Debug, Default)]
pub struct FieldEncoding {
    /// The name of the field.
    pub property: String,
    /// `style`.
    pub style: Option<String>,
    /// `explode`.
    pub explode: Option<bool>,
    /// `contentType`.
    pub content_type: Option<String>,
    /// Whether the items of a list get numbered names (`x-list-names`).
    pub is_indexed: bool,
    /// Whether it has headers of its own.
    pub has_headers: bool,
}

/// One documented response.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status: `200`, `2XX` or `default`.
    pub status: String,
    /// Pointer to the response.
    pub pointer: String,
    /// The component it came from.
    pub component: Option<String>,
    /// The contents by media type.
    pub content: Vec<Content>,
}

/// One media type of a response.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The name of the media type.
    pub media: String,
    /// Whether the client reads it as JSON.
    pub is_json: bool,
    /// The schema, if it is JSON.
    pub schema: Option<Value>,
    /// Pointer to that schema.
    pub pointer: String,
}

/// The result of `send()`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Success {
    /// No value.
    #[default]
    Empty,
    /// The bytes, as a stream.
    Stream,
    /// JSON of this schema.
    Json(Value),
    /// JSON of this schema, or no body with these statuses.
    Optional(Value, Vec<String>),
    /// A kind of its own for each status, of which the most specific comes first. A status whose
    /// media types differ has one for each of them: `200 application/json; version=2`.
    ByStatus(Vec<(String, Success)>),
}

impl Success {
    /// Returns the schemas of JSON.
    pub fn slots(&self) -> Vec<&Value> {
        match self {
            Self::Empty | Self::Stream => Vec::new(),
            Self::Json(slot) | Self::Optional(slot, _) => vec![slot],
            Self::ByStatus(each) => each.iter().flat_map(|(_, one)| one.slots()).collect(),
        }
    }

    /// Returns the schemas of JSON, to be changed.
    pub fn slots_mut(&mut self) -> Vec<&mut Value> {
        match self {
            Self::Empty | Self::Stream => Vec::new(),
            Self::Json(slot) | Self::Optional(slot, _) => vec![slot],
            Self::ByStatus(each) => each.iter_mut().flat_map(|(_, one)| one.slots_mut()).collect(),
        }
    }
}

/// An enum that is emitted beside typify's types.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// The Rust name.
    pub name: String,
    /// The kind of the values.
    pub kind: EnumKind,
    /// Whether an unknown value is kept.
    pub open: bool,
    /// The Rust name and the wire value of each variant.
    pub variants: Vec<(String, Value)>,
    /// Documentation.
    pub docs: String,
}

/// The kind of the values of an enum.
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
    /// The cap, if all operations that send the form have the same.
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
    /// Its encoding.
    pub kind: FieldKind,
    /// The media type of its parts in a multipart form, if it is not the default of the kind.
    pub content_type: Option<String>,
}

/// How a field of a form is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One part with the value's `Display`.
    Text,
    /// One part with the value's JSON.
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
