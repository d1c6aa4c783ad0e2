//! The grammar of OpenAPI 3.0 as a table: which keywords each object may have, and the kind of each
//! value.

use Holds::{Anything, Count, Flag, List, Many, Named, Number, One, SchemaOrFlag, Text, Texts};

/// A kind of object in an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ObjectKind {
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
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Holds {
    Text,
    Flag,
    Number,
    /// A whole number that is not negative.
    Count,
    Texts,
    List,
    Anything,
    One(ObjectKind),
    Many(ObjectKind),
    Named(ObjectKind),
    /// A schema, or `true` or `false`.
    SchemaOrFlag,
}

/// Returns whether an object of this kind may be a reference instead.
pub fn may_refer(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::PathItem
            | ObjectKind::Parameter
            | ObjectKind::Header
            | ObjectKind::RequestBody
            | ObjectKind::Response
            | ObjectKind::Callback
            | ObjectKind::Example
            | ObjectKind::Link
            | ObjectKind::Schema
            | ObjectKind::SecurityScheme
    )
}

/// Returns the kind's name in messages.
pub fn title(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Document => "a document",
        ObjectKind::Info => "`info`",
        ObjectKind::Contact => "`contact`",
        ObjectKind::License => "`license`",
        ObjectKind::Server => "a server",
        ObjectKind::Variable => "a server variable",
        ObjectKind::Paths => "`paths`",
        ObjectKind::PathItem => "a path",
        ObjectKind::Operation => "an operation",
        ObjectKind::Parameter => "a parameter",
        ObjectKind::Header => "a header",
        ObjectKind::RequestBody => "a request body",
        ObjectKind::MediaType => "a media type",
        ObjectKind::Encoding => "an encoding",
        ObjectKind::Responses => "`responses`",
        ObjectKind::Response => "a response",
        ObjectKind::Callback => "a callback",
        ObjectKind::Example => "an example",
        ObjectKind::Link => "a link",
        ObjectKind::Components => "`components`",
        ObjectKind::Schema => "a schema",
        ObjectKind::Discriminator => "`discriminator`",
        ObjectKind::Xml => "`xml`",
        ObjectKind::SecurityScheme => "a security scheme",
        ObjectKind::Flows => "`flows`",
        ObjectKind::Flow => "a flow",
        ObjectKind::Tag => "a tag",
        ObjectKind::ExternalDocs => "`externalDocs`",
    }
}

/// Returns the keywords that OpenAPI requires and the client needs.
pub(crate) fn needed(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Document => &["openapi", "info", "paths"],
        ObjectKind::Info => &["title", "version"],
        ObjectKind::Operation => &["responses"],
        ObjectKind::RequestBody => &["content"],
        ObjectKind::Response => &["description"],
        _ => &[],
    }
}

/// Returns what stands behind the keyword `name` of `kind`, if it has that keyword.
pub fn holds(kind: ObjectKind, name: &str) -> Option<Holds> {
    match kind {
        // An extension may hold anything.
        ObjectKind::Paths | ObjectKind::Responses | ObjectKind::Callback
            if name.starts_with("x-") =>
        {
            return None;
        }
        ObjectKind::Paths => return Some(Holds::One(ObjectKind::PathItem)),
        ObjectKind::Responses => return Some(Holds::One(ObjectKind::Response)),
        ObjectKind::Callback => return Some(Holds::One(ObjectKind::PathItem)),
        _ => {}
    }
    grammar(kind).iter().find(|(known, _)| *known == name).map(|(_, holds)| *holds)
}

/// Returns the keywords of `kind`.
pub(crate) fn grammar(kind: ObjectKind) -> &'static [(&'static str, Holds)] {
    match kind {
        ObjectKind::Paths | ObjectKind::Responses | ObjectKind::Callback => &[],
        ObjectKind::Document => DOCUMENT,
        ObjectKind::Info => INFO,
        ObjectKind::Contact => CONTACT,
        ObjectKind::License => LICENSE,
        ObjectKind::Server => SERVER,
        ObjectKind::Variable => VARIABLE,
        ObjectKind::PathItem => PATH_ITEM,
        ObjectKind::Operation => OPERATION,
        ObjectKind::Parameter => PARAMETER,
        ObjectKind::Header => HEADER,
        ObjectKind::RequestBody => REQUEST_BODY,
        ObjectKind::MediaType => MEDIA_TYPE,
        ObjectKind::Encoding => ENCODING,
        ObjectKind::Response => RESPONSE,
        ObjectKind::Example => EXAMPLE,
        ObjectKind::Link => LINK,
        ObjectKind::Components => COMPONENTS,
        ObjectKind::Schema => SCHEMA,
        ObjectKind::Discriminator => DISCRIMINATOR,
        ObjectKind::Xml => XML,
        ObjectKind::SecurityScheme => SECURITY_SCHEME,
        ObjectKind::Flows => FLOWS,
        ObjectKind::Flow => FLOW,
        ObjectKind::Tag => TAG,
        ObjectKind::ExternalDocs => EXTERNAL_DOCS,
    }
}

const DOCUMENT: &[(&str, Holds)] = &[
    ("openapi", Text),
    ("info", One(ObjectKind::Info)),
    ("servers", Many(ObjectKind::Server)),
    ("paths", One(ObjectKind::Paths)),
    ("components", One(ObjectKind::Components)),
    ("security", List),
    ("tags", Many(ObjectKind::Tag)),
    ("externalDocs", One(ObjectKind::ExternalDocs)),
    ("x-webhooks", Named(ObjectKind::PathItem)),
];

const INFO: &[(&str, Holds)] = &[
    ("title", Text),
    ("description", Text),
    ("termsOfService", Text),
    ("contact", One(ObjectKind::Contact)),
    ("license", One(ObjectKind::License)),
    ("version", Text),
];

const CONTACT: &[(&str, Holds)] = &[("name", Text), ("url", Text), ("email", Text)];

const LICENSE: &[(&str, Holds)] = &[("name", Text), ("url", Text)];

const SERVER: &[(&str, Holds)] =
    &[("url", Text), ("description", Text), ("variables", Named(ObjectKind::Variable))];

const VARIABLE: &[(&str, Holds)] = &[("enum", Texts), ("default", Anything), ("description", Text)];

const PATH_ITEM: &[(&str, Holds)] = &[
    ("$ref", Text),
    ("summary", Text),
    ("description", Text),
    ("get", One(ObjectKind::Operation)),
    ("put", One(ObjectKind::Operation)),
    ("post", One(ObjectKind::Operation)),
    ("delete", One(ObjectKind::Operation)),
    ("options", One(ObjectKind::Operation)),
    ("head", One(ObjectKind::Operation)),
    ("patch", One(ObjectKind::Operation)),
    ("trace", One(ObjectKind::Operation)),
    ("servers", Many(ObjectKind::Server)),
    ("parameters", Many(ObjectKind::Parameter)),
];

const OPERATION: &[(&str, Holds)] = &[
    ("tags", Texts),
    ("summary", Text),
    ("description", Text),
    ("externalDocs", One(ObjectKind::ExternalDocs)),
    ("operationId", Text),
    ("parameters", Many(ObjectKind::Parameter)),
    ("requestBody", One(ObjectKind::RequestBody)),
    ("responses", One(ObjectKind::Responses)),
    ("callbacks", Named(ObjectKind::Callback)),
    ("deprecated", Flag),
    ("security", List),
    ("servers", Many(ObjectKind::Server)),
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
    ("schema", One(ObjectKind::Schema)),
    ("example", Anything),
    ("examples", Named(ObjectKind::Example)),
    ("content", Named(ObjectKind::MediaType)),
];

const HEADER: &[(&str, Holds)] = &[
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("schema", One(ObjectKind::Schema)),
    ("example", Anything),
    ("examples", Named(ObjectKind::Example)),
    ("content", Named(ObjectKind::MediaType)),
];

const REQUEST_BODY: &[(&str, Holds)] =
    &[("description", Text), ("content", Named(ObjectKind::MediaType)), ("required", Flag)];

const MEDIA_TYPE: &[(&str, Holds)] = &[
    ("schema", One(ObjectKind::Schema)),
    ("example", Anything),
    ("examples", Named(ObjectKind::Example)),
    ("encoding", Named(ObjectKind::Encoding)),
];

const ENCODING: &[(&str, Holds)] = &[
    ("contentType", Text),
    ("headers", Named(ObjectKind::Header)),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
];

const RESPONSE: &[(&str, Holds)] = &[
    ("description", Text),
    ("headers", Named(ObjectKind::Header)),
    ("content", Named(ObjectKind::MediaType)),
    ("links", Named(ObjectKind::Link)),
];

const EXAMPLE: &[(&str, Holds)] =
    &[("summary", Text), ("description", Text), ("value", Anything), ("externalValue", Text)];

const LINK: &[(&str, Holds)] = &[
    ("operationRef", Text),
    ("operationId", Text),
    ("parameters", Anything),
    ("requestBody", Anything),
    ("description", Text),
    ("server", One(ObjectKind::Server)),
];

const COMPONENTS: &[(&str, Holds)] = &[
    ("schemas", Named(ObjectKind::Schema)),
    ("responses", Named(ObjectKind::Response)),
    ("parameters", Named(ObjectKind::Parameter)),
    ("examples", Named(ObjectKind::Example)),
    ("requestBodies", Named(ObjectKind::RequestBody)),
    ("headers", Named(ObjectKind::Header)),
    ("securitySchemes", Named(ObjectKind::SecurityScheme)),
    ("links", Named(ObjectKind::Link)),
    ("callbacks", Named(ObjectKind::Callback)),
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
    ("allOf", Many(ObjectKind::Schema)),
    ("oneOf", Many(ObjectKind::Schema)),
    ("anyOf", Many(ObjectKind::Schema)),
    ("not", One(ObjectKind::Schema)),
    ("items", One(ObjectKind::Schema)),
    ("properties", Named(ObjectKind::Schema)),
    ("additionalProperties", SchemaOrFlag),
    ("description", Text),
    ("format", Text),
    ("default", Anything),
    ("nullable", Flag),
    ("discriminator", One(ObjectKind::Discriminator)),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("xml", One(ObjectKind::Xml)),
    ("externalDocs", One(ObjectKind::ExternalDocs)),
    ("example", Anything),
    ("deprecated", Flag),
];

const DISCRIMINATOR: &[(&str, Holds)] = &[("propertyName", Text), ("mapping", Anything)];

const XML: &[(&str, Holds)] = &[
    ("name", Text),
    ("namespace", Text),
    ("prefix", Text),
    ("attribute", Flag),
    ("wrapped", Flag),
];

const SECURITY_SCHEME: &[(&str, Holds)] = &[
    ("type", Text),
    ("description", Text),
    ("name", Text),
    ("in", Text),
    ("scheme", Text),
    ("bearerFormat", Text),
    ("flows", One(ObjectKind::Flows)),
    ("openIdConnectUrl", Text),
];

const FLOWS: &[(&str, Holds)] = &[
    ("implicit", One(ObjectKind::Flow)),
    ("password", One(ObjectKind::Flow)),
    ("clientCredentials", One(ObjectKind::Flow)),
    ("authorizationCode", One(ObjectKind::Flow)),
];

const FLOW: &[(&str, Holds)] =
    &[("authorizationUrl", Text), ("tokenUrl", Text), ("refreshUrl", Text), ("scopes", Anything)];

const TAG: &[(&str, Holds)] =
    &[("name", Text), ("description", Text), ("externalDocs", One(ObjectKind::ExternalDocs))];

const EXTERNAL_DOCS: &[(&str, Holds)] = &[("description", Text), ("url", Text)];
