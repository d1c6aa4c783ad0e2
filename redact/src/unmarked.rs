//! Turns a spec into the list of fields that may hold a person or a secret by their name, and that
//! neither `x-pii` nor `x-secret` marks.
//!
//! Invariants:
//!
//! * A field is listed if and only if the redactor would decide by its name alone.
//! * Each field is listed once, however many operations reach it.
//! * A mark counts for everything below it. The empty list `x-pii: []` says that a value is never
//!   personal.

use std::collections::{BTreeMap, HashSet};

use prumo_spec::openapi::{OpenApi, Operation};
use prumo_spec::{Document, Kind};

use super::spec::{Nodes, schemas};
use super::{Sensitive, names};

/// A field that looks personal and has no mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmarked {
    /// The JSON Pointer to the field in the spec.
    pub at: String,
    /// The name of the field.
    pub name: String,
    /// The kind that the name implies.
    pub kind: Sensitive,
}

/// Returns the fields that have no mark although their names look personal, in the order of their
/// pointers.
///
/// ```
/// let spec = "openapi: 3.0.3
/// info: {title: loja, version: '1'}
/// paths:
///   /pedido:
///     get:
///       operationId: ler_pedido
///       responses:
///         '200':
///           content: {application/json: {schema: {properties: {email: {type: string}}}}}
/// ";
/// let document = prumo_spec::Document::parse("loja.yaml", spec)?;
/// let found = prumo_redact::unmarked(&document);
/// assert_eq!((found[0].name.as_str(), found[0].kind.name()), ("email", "email"));
/// # Ok::<(), prumo_spec::DocumentError>(())
/// ```
pub fn unmarked(document: &Document) -> Vec<Unmarked> {
    let api = OpenApi::new(document);
    let mut walk = Walk::default();
    let webhooks = api.webhooks().unwrap_or_default();
    api.operations().for_each(|operation| walk.operation(api, &operation));
    webhooks.iter().flatten().for_each(|webhook| walk.operation(api, &webhook.operation));
    walk.found.into_values().collect()
}

#[derive(Default)]
struct Walk {
    found: BTreeMap<String, Unmarked>,
    /// The values that were looked at, as the pointers to all their schemas.
    seen: HashSet<Vec<String>>,
}

/// A value that some schemas describe.
struct Field<'a> {
    /// The name that decides: that of the member, of the list around it, or of the parameter.
    name: &'a str,
    at: String,
    nodes: Nodes<'a>,
}

impl Walk {
    fn operation<'a>(&mut self, api: OpenApi<'a>, operation: &Operation<'a>) {
        for parameter in operation.parameters().iter().flatten().filter(|one| !one.is_secret()) {
            let mut places = vec![parameter.at().to_owned()];
            places.extend(parameter.schema().map(|schema| schema.at().to_owned()));
            places.extend(schemas(parameter.content()));
            let nodes = Nodes::at(api, &places);
            self.field(Field { name: parameter.name(), at: parameter.at().to_owned(), nodes });
        }
        let request = operation.request_body().ok().flatten();
        let mut bodies = request.map(|body| schemas(body.content())).unwrap_or_default();
        let answers = operation.responses().into_iter().flatten();
        let answers = answers.filter_map(|answer| answer.followed().ok());
        bodies.extend(answers.flat_map(|answer| schemas(answer.content())));
        for body in bodies {
            let nodes = Nodes::at(api, std::slice::from_ref(&body));
            self.field(Field { name: "", at: body, nodes });
        }
    }

    fn field(&mut self, root: Field<'_>) {
        let mut open = vec![root];
        while let Some(Field { name, at, nodes }) = open.pop() {
            if !nodes.marks().is_empty() || !self.seen.insert(nodes.places()) {
                continue;
            }
            if let Some(&kind) = nodes.implied(name).first().filter(|_| is_by_name(name, &nodes)) {
                let field = Unmarked { at: at.clone(), name: name.to_owned(), kind };
                self.found.insert(at.clone(), field);
            }
            let is_top = name.is_empty();
            let items = nodes.items();
            if !items.is_empty() && !nodes.is_never_personal() {
                open.push(Field { name, at, nodes: items });
            }
            // The message of an envelope is the vendor's.
            let members = nodes.members().into_iter();
            let members = members.filter(|(name, _)| !(is_top && names::is_message(name)));
            open.extend(members.map(|(name, at)| Field { name, at, nodes: nodes.below(name) }));
        }
    }
}

/// Returns whether the redactor decides by the name: the value is a text or a number that neither
/// an enum nor a format excludes.
fn is_by_name(name: &str, nodes: &Nodes<'_>) -> bool {
    let is_birth = nodes.implied(name) == [Sensitive::BirthDate];
    let takes = |kinds: &[Kind]| nodes.kinds().iter().any(|kind| kinds.contains(kind));
    let is_by_words = nodes
        .implied(name)
        .iter()
        .any(|kind| matches!(kind, Sensitive::Name | Sensitive::FreeText));
    let is_scalar = takes(&[Kind::Text, Kind::EmptyText])
        || (takes(&[Kind::Int, Kind::Number]) && !is_by_words && !names::is_id(name));
    is_scalar && !nodes.is_enum() && (is_birth || !nodes.is_impersonal())
}
