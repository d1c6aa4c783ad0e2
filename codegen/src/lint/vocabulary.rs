//! The grammar of OpenAPI 3.0 as a table: which keywords each object may have, and the kind of each
//! value.

use Holds::{Anything, Count, Flag, List, Many, Named, Number, One, SchemaOrFlag, Text, Texts};

/// A kind of object in an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    Variable,
    Paths,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Components,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    Flows,
    Flow,
    Tag,
    ExternalDocs,
}

/// The kind of a keyword's value.
#[derive(Clone, Copy)]
pub(super) enum Holds {
    Text,
    Flag,
    Number,
    /// A whole number that is not negative.
    Count,
    Texts,
    List,
    Anything,
    One(Kind),
    Many(Kind),
    Named(Kind),
    /// A schema, or `true` or `false`.
    SchemaOrFlag,
}

/// Returns whether an object of this kind may be a reference instead.
pub(crate) fn may_refer(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PathItem
            | Kind::Parameter
            | Kind::Header
            | Kind::RequestBody
            | Kind::Response
            | Kind::Callback
            | Kind::Example
            | Kind::Link
            | Kind::Schema
            | Kind::SecurityScheme
    )
}

/// Returns the kind's name in messages.
pub(crate) fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Document => "a document",
        Kind::Info => "`info`",
        Kind::Contact => "`contact`",
        Kind::License => "`license`",
        Kind::Server => "a server",
        Kind::Variable => "a server variable",
        Kind::Paths => "`paths`",
        Kind::PathItem => "a path",
        Kind::Operation => "an operation",
        Kind::Parameter => "a parameter",
        Kind::Header => "a header",
        Kind::RequestBody => "a request body",
        Kind::MediaType => "a media type",
        Kind::Encoding => "an encoding",
        Kind::Responses => "`responses`",
        Kind::Response => "a response",
        Kind::Callback => "a callback",
        Kind::Example => "an example",
        Kind::Link => "a link",
        Kind::Components => "`components`",
        Kind::Schema => "a schema",
        Kind::Discriminator => "`discriminator`",
        Kind::Xml => "`xml`",
        Kind::SecurityScheme => "a security scheme",
        Kind::Flows => "`flows`",
        Kind::Flow => "a flow",
        Kind::Tag => "a tag",
        Kind::ExternalDocs => "`externalDocs`",
    }
}

/// Returns the keywords that OpenAPI requires and the client needs.
pub(super) fn needed(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Document => &["openapi", "info", "paths"],
        Kind::Info => &["title", "version"],
        Kind::Operation => &["responses"],
        Kind::RequestBody => &["content"],
        Kind::Response => &["description"],
        _ => &[],
    }
}

/// Returns the keywords of `kind`.
pub(super) fn grammar(kind: Kind) -> &'static [(&'static str, Holds)] {
    match kind {
        Kind::Paths | Kind::Responses | Kind::Callback => &[],
        Kind::Document => DOCUMENT,
        Kind::Info => INFO,
        Kind::Contact => CONTACT,
        Kind::License => LICENSE,
        Kind::Server => SERVER,
        Kind::Variable => VARIABLE,
        Kind::PathItem => PATH_ITEM,
        Kind::Operation => OPERATION,
        Kind::Parameter => PARAMETER,
        Kind::Header => HEADER,
        Kind::RequestBody => REQUEST_BODY,
        Kind::MediaType => MEDIA_TYPE,
        Kind::Encoding => ENCODING,
        Kind::Response => RESPONSE,
        Kind::Example => EXAMPLE,
        Kind::Link => LINK,
        Kind::Components => COMPONENTS,
        Kind::Schema => SCHEMA,
        Kind::Discriminator => DISCRIMINATOR,
        Kind::Xml => XML,
        Kind::SecurityScheme => SECURITY_SCHEME,
        Kind::Flows => FLOWS,
        Kind::Flow => FLOW,
        Kind::Tag => TAG,
        Kind::ExternalDocs => EXTERNAL_DOCS,
    }
}

const DOCUMENT: &[(&str, Holds)] = &[
    ("openapi", Text),
    ("info", One(Kind::Info)),
    ("servers", Many(Kind::Server)),
    ("paths", One(Kind::Paths)),
    ("components", One(Kind::Components)),
    ("security", List),
    ("tags", Many(Kind::Tag)),
    ("externalDocs", One(Kind::ExternalDocs)),
    ("x-webhooks", Named(Kind::PathItem)),
];

const INFO: &[(&str, Holds)] = &[
    ("title", Text),
    ("description", Text),
    ("termsOfService", Text),
    ("contact", One(Kind::Contact)),
    ("license", One(Kind::License)),
    ("version", Text),
];

const CONTACT: &[(&str, Holds)] = &[("name", Text), ("url", Text), ("email", Text)];

const LICENSE: &[(&str, Holds)] = &[("name", Text), ("url", Text)];

const SERVER: &[(&str, Holds)] =
    &[("url", Text), ("description", Text), ("variables", Named(Kind::Variable))];

const VARIABLE: &[(&str, Holds)] = &[("enum", Texts), ("default", Anything), ("description", Text)];

const PATH_ITEM: &[(&str, Holds)] = &[
    ("$ref", Text),
    ("summary", Text),
    ("description", Text),
    ("get", One(Kind::Operation)),
    ("put", One(Kind::Operation)),
    ("post", One(Kind::Operation)),
    ("delete", One(Kind::Operation)),
    ("options", One(Kind::Operation)),
    ("head", One(Kind::Operation)),
    ("patch", One(Kind::Operation)),
    ("trace", One(Kind::Operation)),
    ("servers", Many(Kind::Server)),
    ("parameters", Many(Kind::Parameter)),
];

const OPERATION: &[(&str, Holds)] = &[
    ("tags", Texts),
    ("summary", Text),
    ("description", Text),
    ("externalDocs", One(Kind::ExternalDocs)),
    ("operationId", Text),
    ("parameters", Many(Kind::Parameter)),
    ("requestBody", One(Kind::RequestBody)),
    ("responses", One(Kind::Responses)),
    ("callbacks", Named(Kind::Callback)),
    ("deprecated", Flag),
    ("security", List),
    ("servers", Many(Kind::Server)),
];

const PARAMETER: &[(&str, Holds)] = &[
    ("name", Text),
    ("in", Text),
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("schema", One(Kind::Schema)),
    ("example", Anything),
    ("examples", Named(Kind::Example)),
    ("content", Named(Kind::MediaType)),
];

const HEADER: &[(&str, Holds)] = &[
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("schema", One(Kind::Schema)),
    ("example", Anything),
    ("examples", Named(Kind::Example)),
    ("content", Named(Kind::MediaType)),
];

const REQUEST_BODY: &[(&str, Holds)] =
    &[("description", Text), ("content", Named(Kind::MediaType)), ("required", Flag)];

const MEDIA_TYPE: &[(&str, Holds)] = &[
    ("schema", One(Kind::Schema)),
    ("example", Anything),
    ("examples", Named(Kind::Example)),
    ("encoding", Named(Kind::Encoding)),
];

const ENCODING: &[(&str, Holds)] = &[
    ("contentType", Text),
    ("headers", Named(Kind::Header)),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
];

const RESPONSE: &[(&str, Holds)] = &[
    ("description", Text),
    ("headers", Named(Kind::Header)),
    ("content", Named(Kind::MediaType)),
    ("links", Named(Kind::Link)),
];

const EXAMPLE: &[(&str, Holds)] =
    &[("summary", Text), ("description", Text), ("value", Anything), ("externalValue", Text)];

const LINK: &[(&str, Holds)] = &[
    ("operationRef", Text),
    ("operationId", Text),
    ("parameters", Anything),
    ("requestBody", Anything),
    ("description", Text),
    ("server", One(Kind::Server)),
];

const COMPONENTS: &[(&str, Holds)] = &[
    ("schemas", Named(Kind::Schema)),
    ("responses", Named(Kind::Response)),
    ("parameters", Named(Kind::Parameter)),
    ("examples", Named(Kind::Example)),
    ("requestBodies", Named(Kind::RequestBody)),
    ("headers", Named(Kind::Header)),
    ("securitySchemes", Named(Kind::SecurityScheme)),
    ("links", Named(Kind::Link)),
    ("callbacks", Named(Kind::Callback)),
];

const SCHEMA: &[(&str, Holds)] = &[
    ("title", Text),
    ("multipleOf", Number),
    ("maximum", Number),
    ("exclusiveMaximum", Flag),
    ("minimum", Number),
    ("exclusiveMinimum", Flag),
    ("maxLength", Count),
    ("minLength", Count),
    ("pattern", Text),
    ("maxItems", Count),
    ("minItems", Count),
    ("uniqueItems", Flag),
    ("maxProperties", Count),
    ("minProperties", Count),
    ("required", Texts),
    ("enum", List),
    ("type", Text),
    ("allOf", Many(Kind::Schema)),
    ("oneOf", Many(Kind::Schema)),
    ("anyOf", Many(Kind::Schema)),
    ("not", One(Kind::Schema)),
    ("items", One(Kind::Schema)),
    ("properties", Named(Kind::Schema)),
    ("additionalProperties", SchemaOrFlag),
    ("description", Text),
    ("format", Text),
    ("default", Anything),
    ("nullable", Flag),
    ("discriminator", One(Kind::Discriminator)),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("xml", One(Kind::Xml)),
    ("externalDocs", One(Kind::ExternalDocs)),
    ("example", Anything),
    ("deprecated", Flag),
];

const DISCRIMINATOR: &[(&str, Holds)] = &[("propertyName", Text), ("mapping", Anything)];

const XML: &[(&str, Holds)] =
    &[("name", Text), ("namespace", Text), ("prefix", Text), ("attribute", Flag), ("wrapped", Flag)];

const SECURITY_SCHEME: &[(&str, Holds)] = &[
    ("type", Text),
    ("description", Text),
    ("name", Text),
    ("in", Text),
    ("scheme", Text),
    ("bearerFormat", Text),
    ("flows", One(Kind::Flows)),
    ("openIdConnectUrl", Text),
];

const FLOWS: &[(&str, Holds)] = &[
    ("implicit", One(Kind::Flow)),
    ("password", One(Kind::Flow)),
    ("clientCredentials", One(Kind::Flow)),
    ("authorizationCode", One(Kind::Flow)),
];

const FLOW: &[(&str, Holds)] =
    &[("authorizationUrl", Text), ("tokenUrl", Text), ("refreshUrl", Text), ("scopes", Anything)];

const TAG: &[(&str, Holds)] =
    &[("name", Text), ("description", Text), ("externalDocs", One(Kind::ExternalDocs))];

const EXTERNAL_DOCS: &[(&str, Holds)] = &[("description", Text), ("url", Text)];
