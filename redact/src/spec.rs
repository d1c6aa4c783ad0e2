//! Reads from an OpenAPI document what applies to a value: `x-pii`, `x-secret`, and which values
//! are not personal.
//!
//! The walk goes through schema and value in step, so recursive schemas need no special care: the
//! walk ends where the value ends. A node is the set of all schemas that may apply; one mark among
//! them is enough.

use std::collections::BTreeMap;

use super::json::Json;
use super::{Sensitive, names};
use prumo_spec::formats::Format;
use prumo_spec::openapi::{
    self, AdditionalProperties, Combination, Media, OpenApi, ParameterPlace, Placement, Schema,
};
use prumo_spec::{Document, Kind, Method, SpecError};

/// An OpenAPI document.
pub(super) struct Spec {
    document: Document,
    operations: Vec<Operation>,
    /// Names of headers and query parameters that carry a credential.
    credentials: Vec<String>,
}

/// Several documents; a mark in one of them is enough.
#[derive(Default)]
pub(super) struct Specs(Vec<Spec>);

/// The operations of an exchange, one of each document that has it.
pub(super) struct Matched<'a>(Vec<(&'a Spec, &'a Operation)>);

/// An operation, or a webhook; schemas are pointers into the document.
pub(super) struct Operation {
    id: String,
    method: Method,
    /// The segments of the path without the leading empty one; `None` for a webhook.
    template: Option<Vec<String>>,
    /// The header that identifies a webhook.
    signature: Option<String>,
    parameters: Vec<Parameter>,
    request: Vec<String>,
    /// The schemas of all responses, since marks count whatever the status.
    responses: Vec<String>,
}

/// A parameter of an operation.
struct Parameter {
    place: ParameterPlace,
    name: String,
    /// Whether its value is a secret.
    is_secret: bool,
    /// The parameter itself, which may have marks like a schema, and its schemas.
    nodes: Vec<String>,
}

/// All schemas that may describe a value.
#[derive(Default)]
pub(super) struct Nodes<'a>(Vec<Schema<'a>>);

impl Spec {
    pub(super) fn new(document: &Document) -> Self {
        let api = OpenApi::new(document);
        let mut operations: Vec<Operation> =
            api.operations().map(|one| Operation::of_path(&one)).collect();
        let webhooks = api.webhooks().unwrap_or_default();
        operations.extend(webhooks.iter().flatten().map(Operation::of_webhook));
        let credential = |placement: Placement| match placement {
            Placement::Header(name) | Placement::Query(name) | Placement::Cookie(name) => {
                Some(name)
            }
            Placement::Bearer | Placement::Basic => None,
        };
        let credentials =
            api.security_schemes().filter_map(|scheme| credential(scheme.placement()?));
        let credentials = credentials.collect();
        Self { document: document.clone(), operations, credentials }
    }

    /// Returns whether an operation has this name.
    fn has(&self, id: &str) -> bool {
        self.operations.iter().any(|operation| operation.id == id)
    }

    /// Returns the operation of a recorded exchange: by its name, by its signature if it is a
    /// webhook, or by method and path.
    fn operation(&self, exchange: &Json<'_>) -> Option<&Operation> {
        let id = text(exchange, "operation");
        let request = exchange.get("request").unwrap_or(exchange);
        let named = || self.operations.iter().find(|operation| operation.id == id);
        let signed = || self.operations.iter().find(|operation| operation.signs(request));
        let segments: Vec<&str> = text(request, "path").split('/').collect();
        let fitting = || {
            let all =
                self.operations.iter().filter(|operation| operation.takes(request, &segments));
            // The template with more fixed segments is the closer match.
            all.max_by_key(|operation| operation.n_fixed())
        };
        named().or_else(signed).or_else(fitting)
    }

    /// Returns whether a header or query parameter of this name carries a credential.
    fn is_credential(&self, name: &str) -> bool {
        self.credentials.iter().any(|credential| credential.eq_ignore_ascii_case(name))
    }

    fn nodes_at(&self, pointers: &[String]) -> Nodes<'_> {
        Nodes::at(OpenApi::new(&self.document), pointers)
    }
}

impl Specs {
    pub(super) fn push(&mut self, document: &Document) {
        self.0.push(Spec::new(document));
    }

    /// Returns whether an operation has this name.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|spec| spec.has(id))
    }

    /// Returns whether a header or query parameter of this name carries a credential.
    pub(super) fn is_credential(&self, name: &str) -> bool {
        self.0.iter().any(|spec| spec.is_credential(name))
    }

    /// Returns the operations of a recorded exchange.
    pub(super) fn matched(&self, exchange: &Json<'_>) -> Matched<'_> {
        Matched(self.0.iter().filter_map(|spec| Some((spec, spec.operation(exchange)?))).collect())
    }
}

impl<'a> Matched<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the segments of the path template, without the leading empty one.
    pub(super) fn template(&self) -> &'a [String] {
        self.0.first().and_then(|(_, operation)| operation.template.as_deref()).unwrap_or_default()
    }

    /// Returns what describes a parameter of the operation or its path.
    pub(super) fn parameter(&self, place: ParameterPlace, name: &str) -> Nodes<'a> {
        self.nodes(|operation| {
            operation.parameter(place, name).map_or(&[], |parameter| &parameter.nodes)
        })
    }

    /// Returns whether the value of a parameter is a secret.
    pub(super) fn is_secret(&self, place: ParameterPlace, name: &str) -> bool {
        let mut found = self.0.iter().filter_map(|(_, operation)| operation.parameter(place, name));
        found.any(|parameter| parameter.is_secret)
    }

    pub(super) fn request_body(&self) -> Nodes<'a> {
        self.nodes(|operation| &operation.request)
    }

    pub(super) fn response_bodies(&self) -> Nodes<'a> {
        self.nodes(|operation| &operation.responses)
    }

    fn nodes(&self, pointers: impl Fn(&'a Operation) -> &'a [String]) -> Nodes<'a> {
        Nodes(
            self.0
                .iter()
                .flat_map(|(spec, operation)| spec.nodes_at(pointers(operation)).0)
                .collect(),
        )
    }
}

impl Operation {
    fn of_path(operation: &openapi::Operation<'_>) -> Self {
        let template = operation.path().split('/').skip(1).map(str::to_owned).collect();
        Self { template: Some(template), ..Self::read(operation) }
    }

    fn of_webhook(webhook: &openapi::Webhook<'_>) -> Self {
        let signature = webhook.signature().ok().flatten().and_then(|signature| signature.header);
        Self { signature, ..Self::read(&webhook.operation) }
    }

    fn read(operation: &openapi::Operation<'_>) -> Self {
        let body = operation.request_body().ok().flatten();
        let responses = operation.responses().into_iter().flatten();
        let responses = responses.filter_map(|response| response.followed().ok());
        let parameters = operation.parameters().into_iter().flatten();
        Self {
            id: operation.id().to_owned(),
            method: operation.method(),
            template: None,
            signature: None,
            parameters: parameters.map(|parameter| Parameter::read(&parameter)).collect(),
            request: body.map(|body| schemas(body.content())).unwrap_or_default(),
            responses: responses.flat_map(|response| schemas(response.content())).collect(),
        }
    }

    /// Returns a parameter of the operation or its path.
    fn parameter(&self, place: ParameterPlace, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|one| one.place == place && one.name == name)
    }

    fn is_called_by(&self, request: &Json<'_>) -> bool {
        self.method.key().eq_ignore_ascii_case(text(request, "method"))
    }

    /// Returns whether the request is this webhook, by the header of its signature.
    fn signs(&self, request: &Json<'_>) -> bool {
        let mut headers = request.get("headers").map(Json::members).unwrap_or_default().iter();
        self.signature.as_deref().is_some_and(|signature| {
            self.is_called_by(request)
                && headers.any(|(name, _)| name.text.eq_ignore_ascii_case(signature))
        })
    }

    /// Returns whether the request's path ends in a match of the template.
    fn takes(&self, request: &Json<'_>, segments: &[&str]) -> bool {
        let Some(template) = self.template.as_ref().filter(|_| self.is_called_by(request)) else {
            return false;
        };
        let Some(n_before) = segments.len().checked_sub(template.len()) else {
            return false;
        };
        let mut pairs = template.iter().zip(segments.iter().skip(n_before));
        n_before > 0 && pairs.all(|(part, segment)| part.starts_with('{') || part == segment)
    }

    fn n_fixed(&self) -> usize {
        self.template.iter().flatten().filter(|part| !part.starts_with('{')).count()
    }
}

impl Parameter {
    fn read(parameter: &openapi::Parameter<'_>) -> Self {
        let mut nodes = vec![parameter.at().to_owned()];
        nodes.extend(parameter.schema().map(|schema| schema.at().to_owned()));
        nodes.extend(schemas(parameter.content()));
        Self {
            place: parameter.place(),
            name: parameter.name().to_owned(),
            is_secret: parameter.is_secret(),
            nodes,
        }
    }
}

/// Returns the pointers to the schemas of some media types.
pub(super) fn schemas<'d>(
    content: Result<impl IntoIterator<Item = Media<'d>>, SpecError>,
) -> Vec<String> {
    let content = content.into_iter().flatten();
    content.filter_map(|media| Some(media.schema()?.at().to_owned())).collect()
}

impl<'a> Nodes<'a> {
    /// Collects the schemas with everything that they refer to and all their branches.
    fn of(mut open: Vec<Schema<'a>>) -> Self {
        let mut reached: Vec<Schema<'a>> = Vec::new();
        while let Some(schema) = open.pop() {
            let value = schema.node().value();
            if reached.iter().any(|known| std::ptr::eq(known.node().value(), value)) {
                continue;
            }
            if schema.is_reference() {
                open.extend(schema.followed());
            }
            for how in Combination::ALL {
                open.extend(schema.combined(how).into_iter().flatten());
            }
            reached.push(schema);
        }
        Self(reached)
    }

    /// Returns the schemas at some places with everything that they reach.
    pub(super) fn at(api: OpenApi<'a>, pointers: &[String]) -> Self {
        Self::of(pointers.iter().filter_map(|pointer| api.at(pointer)).map(Schema::of).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the pointer to each schema.
    pub(super) fn places(&self) -> Vec<String> {
        self.0.iter().map(|schema| schema.at().to_owned()).collect()
    }

    /// Returns the name of each member, and the pointer to the first schema that declares it.
    pub(super) fn members(&self) -> BTreeMap<&'a str, String> {
        let mut members = BTreeMap::new();
        for (name, schema) in self.0.iter().flat_map(|one| one.properties().into_iter().flatten()) {
            members.entry(name).or_insert_with(|| schema.at().to_owned());
        }
        members
    }

    /// Returns the kinds of values that the schemas name, or all if none of them names one.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        let typed = self.0.iter().filter(|schema| schema.has_type());
        let kinds: Vec<Kind> = typed.filter_map(|schema| schema.kinds().ok()).flatten().collect();
        if kinds.is_empty() { Kind::BASE.to_vec() } else { kinds }
    }

    /// Returns the schemas of a member.
    pub(super) fn below(&self, name: &str) -> Self {
        let member = |schema: &Schema<'a>| {
            schema.property(name).or_else(|| match schema.additional() {
                AdditionalProperties::Like(entries) => Some(entries),
                AdditionalProperties::Unsaid
                | AdditionalProperties::Forbidden
                | AdditionalProperties::Allowed => None,
            })
        };
        Self::of(self.0.iter().filter_map(member).collect())
    }

    /// Returns the schemas of a form's part, and the marks of the values around it: `anexos[0]` is
    /// an item of `anexos`, `campos[cor]` an entry of `campos`.
    pub(super) fn part(&self, name: &str) -> (Self, Vec<Sensitive>) {
        let whole = self.below(name);
        let Some((base, members)) = name.split_once('[').filter(|_| whole.0.is_empty()) else {
            return (whole, Vec::new());
        };
        let mut found = self.below(base);
        let mut marks = Vec::new();
        for member in members.trim_end_matches(']').split("][") {
            marks.extend(found.marks());
            let items = found.items();
            found = if items.0.is_empty() { found.below(member) } else { items };
        }
        (found, marks)
    }

    /// Returns the schemas of a list's items.
    pub(super) fn items(&self) -> Self {
        Self::of(self.0.iter().filter_map(Schema::items).collect())
    }

    /// Returns the marks of the value.
    pub(super) fn marks(&self) -> Vec<Sensitive> {
        let mut kinds = Vec::new();
        for schema in &self.0 {
            let is_password = schema.format() == Ok(Some("password"));
            kinds.extend((schema.is_secret() || is_password).then_some(Sensitive::Secret));
            kinds.extend(schema.pii().into_iter().map(Sensitive::from));
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Returns whether a schema names this member.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.0.iter().any(|schema| schema.property(name).is_some())
    }

    /// Returns the kinds that the format or the name of an unmarked value implies.
    pub(super) fn implied(&self, name: &str) -> Vec<Sensitive> {
        if self.0.iter().any(|schema| schema.format() == Ok(Some("email"))) {
            return vec![Sensitive::Email];
        }
        if self.is_never_personal() {
            return Vec::new();
        }
        names::kind(name).into_iter().collect()
    }

    /// Returns whether the spec says that the value is never personal, whatever its name.
    pub(super) fn is_never_personal(&self) -> bool {
        self.0.iter().any(Schema::is_never_personal)
    }

    /// Returns whether the spec says that the value is one of an enum.
    pub(super) fn is_enum(&self) -> bool {
        self.0.iter().any(|schema| matches!(schema.values(), Ok(Some(_))))
    }

    /// Returns whether the spec says that the value is a time, a number or bytes.
    pub(super) fn is_impersonal(&self) -> bool {
        let formats = self.0.iter().filter_map(|schema| Format::named(schema.format().ok()??));
        formats.into_iter().any(|format| format.is_impersonal)
    }
}

fn text<'a>(value: &'a Json<'_>, name: &str) -> &'a str {
    value.get(name).and_then(Json::text).unwrap_or_default()
}
