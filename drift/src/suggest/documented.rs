//! Turns what a vendor's pages say since they changed into edits of the spec.
//!
//! | the pages say | the edit |
//! |---|---|
//! | a parameter, member or field that the spec lacks | it is added, as optional |
//! | a required parameter or member is optional | it is optional |
//! | more values, a wider bound, `null` | the spec allows them |
//! | anything else | none: a person decides |
//!
//! Invariants:
//!
//! * An edit only widens: an exchange that fitted the spec still fits.
//! * Nothing but names, types and values of lists gets from a page into a spec.

use prumo_spec::document::below;
use prumo_spec::openapi::{Node, OpenApi};
use prumo_spec::{Document, DocumentError, Kind};
use serde_json::{Map, Value, json};

use super::edit::Edit;
use super::{Proposal, Suggestions, holder, is_name, nullable, proposed, variant};
use crate::contract::{Contract, Operation, Parameter};
use crate::documented::{Pages, named_alike};
use crate::finding::Finding;
use crate::locate::Locator;
use crate::rules::{Rule, Side};
use crate::shape::{Bounds, Scalar, Shape};

/// The longest value of a list that gets into a spec.
const MAX_VALUE: usize = 60;

/// How deep schemas of a page nest.
const MAX_DEPTH: usize = 40;

const REQUIRED_NOW: &str =
    "the docs require it: it is added as optional, so decide whether calls without it still work";

/// Suggests edits of a spec for `findings` of the docs witness, which
/// [`Differences::newer_than`](crate::documented::Differences::newer_than) lists.
///
/// `sources` are the files of the spec, each with its name and text; `promised` is their contract,
/// and `documented` that of the pages.
///
/// # Errors
///
/// Returns the fault of a file that can't be read.
pub fn suggest_documented(
    sources: &[(String, String)],
    findings: &[Finding],
    promised: &Contract,
    documented: &Contract,
) -> Result<Suggestions, DocumentError> {
    let pages = Pages::new(promised, documented);
    proposed(sources, findings, &|document, finding| {
        let said = pages.of(finding.operation.as_deref().unwrap_or_default());
        Asked { document, finding, said: said.to_vec() }.proposal()
    })
}

const ANY_NUMBER: &str = "it is added as a number: say whether it is always whole";

/// A finding in a spec, and the pages of its operation.
struct Asked<'a> {
    document: &'a Document,
    finding: &'a Finding,
    said: Vec<&'a Operation>,
}

type Proposed = Result<Proposal, &'static str>;

impl Asked<'_> {
    fn proposal(&self) -> Proposed {
        match self.finding.rule {
            Rule::ParamUndocumented => self.new_parameter(),
            Rule::FieldUndocumented => self.new_member(),
            Rule::ParamMissing | Rule::FieldMissing => self.optional(),
            Rule::EnumValueUnknown => self.more_values(),
            Rule::BoundExceeded => self.wider_bound(),
            Rule::NullUnexpected => Ok(certain(nullable(&self.node(&self.finding.at)?)?)),
            Rule::TypeChanged => Err("say which type the wire has"),
            Rule::FormatViolated => Err("say which format the wire has"),
            Rule::OperationUnknown => Err("describe the operation, or say why it is left out"),
            Rule::ContentTypeChanged => Err("say whether the operation takes a body now"),
            _ => Err("the spec says otherwise"),
        }
    }

    /// Returns the place of the spec at a pointer of the finding's side.
    fn node(&self, at: &str) -> Result<Node<'_>, &'static str> {
        let place = Finding { at: at.to_owned(), ..self.finding.clone() };
        let pointer =
            Locator::new(self.document).pointer(&place).ok_or("no operation of the spec has it")?;
        OpenApi::new(self.document).at(&pointer).ok_or("the spec does not have the place")
    }

    fn is_house(&self) -> bool {
        OpenApi::new(self.document).is_house()
    }

    fn new_parameter(&self) -> Proposed {
        let names: Vec<String> = prumo_spec::pointer::names(&self.finding.at).collect();
        let (Some(place), Some(name)) = (names.first(), names.get(1)) else {
            return Err("the pages name no place");
        };
        let said = self.said.iter().find_map(|page| page.parameters.get(&self.finding.at));
        let said = said.ok_or("the pages name it elsewhere")?;
        if !matches!(place.as_str(), "query" | "header") || !is_name(&said.name) {
            return Err("it can't be added by its name: add it by hand");
        }
        let id = self.finding.operation.as_deref().unwrap_or_default();
        let operation =
            Locator::new(self.document).operation(id).ok_or("no operation of the spec has it")?;
        let mut value = Map::new();
        value.insert("name".to_owned(), json!(if place == "query" { &said.name } else { name }));
        value.insert("in".to_owned(), json!(place));
        if self.is_house() {
            value.insert("x-evidence".to_owned(), json!("documented"));
        }
        let written = Written { is_house: self.is_house() };
        let schema =
            written.schema(&said.shape, false, 0).unwrap_or_else(|| json!({"type": "string"}));
        value.insert("schema".to_owned(), schema);
        let value = Value::Object(value);
        let edits = vec![Edit::AddItem { at: operation, list: "parameters", value }];
        Ok(Proposal { edits, open: said.required.then_some(REQUIRED_NOW) })
    }

    fn new_member(&self) -> Proposed {
        let (parent, name) = self.finding.at.rsplit_once('/').unwrap_or_default();
        let name = prumo_spec::pointer::names(&format!("/{name}")).next().unwrap_or_default();
        if !is_name(&name) {
            return Err("it can't be added by its name: add it by hand");
        }
        let (shape, is_required) = self.shape().ok_or("the pages show it elsewhere")?;
        let holder = holder(self.node(parent)?, |node| node.has("properties"));
        let holder = holder.ok_or("the object has no `properties`")?;
        let open = is_required.then_some(REQUIRED_NOW);
        if holder.child("properties").is_some_and(|all| all.has(&name)) {
            return Ok(Proposal { edits: Vec::new(), open });
        }
        let written = Written { is_house: self.is_house() };
        let value =
            written.schema(shape, true, 0).ok_or("the pages do not say of which type it is")?;
        let is_number = value.get("type").is_some_and(|name| name == "number");
        let open = open.or(is_number.then_some(ANY_NUMBER));
        let at = below(holder.at(), "properties");
        Ok(Proposal { edits: vec![Edit::AddMember { at, name, value }], open })
    }

    fn optional(&self) -> Proposed {
        if self.finding.promised != "required" || self.finding.seen != "optional" {
            return Err(match self.finding.seen.as_str() {
                "required" => "the docs require it now: decide whether calls without it still work",
                "on no page" => "the docs no longer name it: decide whether the wire still has it",
                _ => "the spec says otherwise",
            });
        }
        let node = self.node(&self.finding.at)?;
        if self.finding.rule == Rule::ParamMissing {
            let at = node.at().to_owned();
            return Ok(certain(vec![Edit::SetMember {
                at,
                name: "required",
                value: json!(false),
            }]));
        }
        let (parent, name) = self.finding.at.rsplit_once('/').unwrap_or_default();
        let value = prumo_spec::pointer::names(&format!("/{name}")).next().unwrap_or_default();
        let holder = holder(self.node(parent)?, |node| requires(node, &value));
        let at = holder.ok_or("no `required` names it")?.at().to_owned();
        Ok(certain(vec![Edit::RemoveItem { at, list: "required", value }]))
    }

    fn more_values(&self) -> Proposed {
        let node = self.schema_node()?;
        let holder = holder(node, |node| node.has("enum")).ok_or("no `enum` is there")?;
        let known: Vec<Value> =
            holder.get("enum").and_then(Value::as_array).into_iter().flatten().cloned().collect();
        let is_known = |text: &str| known.iter().any(|one| spelled(one).eq_ignore_ascii_case(text));
        let (shape, _) = self.shape().ok_or("the pages show it elsewhere")?;
        let listed: Vec<&str> = shape.values.iter().flatten().filter_map(text).collect();
        let new: Vec<&str> = listed.iter().copied().filter(|value| !is_known(value)).collect();
        let is_kept =
            |one: &Value| listed.iter().any(|value| value.eq_ignore_ascii_case(&spelled(one)));
        let open = (!known.iter().all(is_kept))
            .then_some("the docs no longer list all values: decide which the wire still has");
        if new.is_empty() {
            return Err(open.unwrap_or("its default is none of the values"));
        }
        if !new.iter().all(|value| is_plain_value(value)) {
            return Err("a value is no plain word: add it by hand");
        }
        let has_names = holder.has("x-enum-varnames");
        let are_texts = known.iter().any(Value::is_string);
        let add = |list: &'static str, value: Value| Edit::AddItem {
            at: holder.at().to_owned(),
            list,
            value,
        };
        let edits = new.iter().flat_map(|value| {
            let name = has_names.then(|| add("x-enum-varnames", json!(variant(value))));
            [Some(add("enum", typed(value, are_texts))), name].into_iter().flatten()
        });
        Ok(Proposal { edits: edits.collect(), open })
    }

    fn wider_bound(&self) -> Proposed {
        let node = self.schema_node()?;
        let (shape, _) = self.shape().ok_or("the pages show it elsewhere")?;
        let mut edits = Vec::new();
        for (name, said, is_upper) in limits(&shape.bounds) {
            let Some(said) = said else { continue };
            let Some(holder) = holder(node.clone(), |node| node.has(name)) else { continue };
            let ours = holder.get(name).and_then(Value::as_f64).unwrap_or(said);
            let is_wider = if is_upper { said > ours } else { said < ours };
            if is_wider {
                let value = number(said);
                edits.push(Edit::SetMember { at: holder.at().to_owned(), name, value });
            }
        }
        match edits.is_empty() {
            true => Err("the docs are stricter: decide whether the wire is, too"),
            false => Ok(certain(edits)),
        }
    }

    /// Returns the schema of the spec at the finding's place: a parameter has it below.
    fn schema_node(&self) -> Result<Node<'_>, &'static str> {
        let node = self.node(&self.finding.at)?;
        Ok(node.child("schema").unwrap_or(node))
    }

    /// Returns what the pages say about the finding's place, and whether they require it.
    fn shape(&self) -> Option<(&Shape, bool)> {
        let names: Vec<String> = prumo_spec::pointer::names(&self.finding.at).collect();
        self.said.iter().find_map(|page| match self.finding.side {
            Side::Request => in_request(page, &names),
            Side::Response => page
                .responses
                .values()
                .flat_map(|body| body.media.values())
                .find_map(|media| at_names(&media.shape, &names)),
        })
    }
}

fn certain(edits: Vec<Edit>) -> Proposal {
    Proposal { edits, open: None }
}

/// Finds a place of a request: a page may name a parameter of the query in the body, and the other
/// way round.
fn in_request<'p>(page: &'p Operation, names: &[String]) -> Option<(&'p Shape, bool)> {
    let bodies = || page.request.iter().flat_map(|body| body.media.values());
    if let [place, name] = names
        && matches!(place.as_str(), "query" | "header" | "path")
    {
        let is_it = |one: &&Parameter| named_alike(&one.name, name);
        let parameter = page.parameters.values().find(is_it);
        return parameter
            .map(|one| (&*one.shape, one.required))
            .or_else(|| bodies().find_map(|media| at_names(&media.shape, &names[1..])));
    }
    let in_body = bodies().find_map(|media| at_names(&media.shape, names));
    in_body.or_else(|| {
        let [name] = names else { return None };
        let parameter = page.parameters.values().find(|one| named_alike(&one.name, name))?;
        Some((&*parameter.shape, parameter.required))
    })
}

/// Walks down a shape, along the names of a pointer.
fn at_names<'p>(shape: &'p Shape, names: &[String]) -> Option<(&'p Shape, bool)> {
    let (name, rest) = names.split_first()?;
    let (inner, is_required) = match name.as_str() {
        "*" => (shape.item.as_deref()?, false),
        name => shape.fields.get(name).map(|field| (&*field.shape, field.required))?,
    };
    if rest.is_empty() { Some((inner, is_required)) } else { at_names(inner, rest) }
}

fn requires(node: &Node<'_>, name: &str) -> bool {
    let all = node.get("required").and_then(Value::as_array);
    all.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
}

/// How a schema is written.
struct Written {
    is_house: bool,
}

impl Written {
    /// Returns a schema for what pages say about a value; `None` if they say no type, or several.
    fn schema(&self, shape: &Shape, is_member: bool, depth: usize) -> Option<Value> {
        let mut types: Vec<&str> = shape.kinds.keys().filter_map(|kind| type_of(*kind)).collect();
        types.dedup();
        // A list of values without a type is one of texts.
        if types.is_empty() && values(shape, true).is_some() {
            types.push("string");
        }
        let [name] = types.as_slice() else { return None };
        let mut schema = Map::from_iter([("type".to_owned(), json!(name))]);
        if let Some(values) = values(shape, *name == "string") {
            schema.insert("enum".to_owned(), values);
        }
        if shape.kinds.contains_key(&Kind::Null) {
            schema.insert("nullable".to_owned(), json!(true));
        }
        if self.is_house && is_member {
            schema.insert("x-evidence".to_owned(), json!("documented"));
        }
        let is_flat = depth >= MAX_DEPTH;
        if *name == "array" {
            let item = shape.item.as_deref().filter(|_| !is_flat);
            let item = item.and_then(|item| self.schema(item, false, depth + 1));
            schema.insert("items".to_owned(), item.unwrap_or_else(|| json!({})));
        }
        if *name == "object" && !is_flat {
            let members: Map<String, Value> = shape
                .fields
                .iter()
                .filter(|(name, _)| is_name(name))
                .filter_map(|(name, field)| {
                    Some((name.clone(), self.schema(&field.shape, true, depth + 1)?))
                })
                .collect();
            if !members.is_empty() {
                schema.insert("properties".to_owned(), Value::Object(members));
            }
        }
        Some(Value::Object(schema))
    }
}

/// Returns the values that a page lists, if they are words.
fn values(shape: &Shape, are_texts: bool) -> Option<Value> {
    let values: Vec<&str> = shape.values.iter().flatten().filter_map(text).collect();
    let are_words = !values.is_empty() && values.iter().all(|value| is_plain_value(value));
    are_words.then(|| values.iter().map(|value| typed(value, are_texts)).collect())
}

fn type_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Null => None,
        Kind::Bool => Some("boolean"),
        Kind::Int => Some("integer"),
        Kind::Number => Some("number"),
        Kind::Array => Some("array"),
        Kind::Object => Some("object"),
        _ => Some("string"),
    }
}

/// Names the limits of a value in a spec, and says which are upper ones.
fn limits(bounds: &Bounds) -> [(&'static str, Option<f64>, bool); 4] {
    let count = |n: Option<u64>| n.and_then(|n| u32::try_from(n).ok()).map(f64::from);
    let limit = |limit: &Option<crate::shape::Limit>| {
        limit.as_ref().filter(|limit| !limit.is_exclusive).map(|limit| limit.value)
    };
    [
        ("minimum", limit(&bounds.minimum), false),
        ("maximum", limit(&bounds.maximum), true),
        ("minLength", count(bounds.min_length), false),
        ("maxLength", count(bounds.max_length), true),
    ]
}

fn number(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    if is_whole { json!(value as i64) } else { json!(value) }
}

fn text(value: &Scalar) -> Option<&str> {
    match value {
        Scalar::Text(text) => Some(text),
        _ => None,
    }
}

/// Writes a value of an `enum` as a page spells it.
fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads the word of a page as a value of an `enum`.
fn typed(value: &str, are_texts: bool) -> Value {
    match serde_json::from_str(value) {
        Ok(scalar @ (Value::Number(_) | Value::Bool(_))) if !are_texts => scalar,
        _ => json!(value),
    }
}

/// Tells whether a value of a page's list is a word, and no sentence or fingerprint.
fn is_plain_value(value: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+');
    !value.is_empty() && value.chars().count() <= MAX_VALUE && value.chars().all(is_part)
}
