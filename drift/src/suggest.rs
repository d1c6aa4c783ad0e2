//! Turns findings of traffic or docs into edits of the spec, after which traffic and docs fit.
//!
//! Only what the findings prove is edited; everything else is a list for a person to decide.
//!
//! Invariants:
//!
//! * Each edit is the smallest one: comments and the order of members stay.
//! * The edited spec can be read: an edit after which it can't is given up and listed.
//! * A masked value never gets into a spec.

mod documented;
mod edit;

pub use documented::suggest_documented;

use prumo_spec::document::below;
use prumo_spec::openapi::{Node, OpenApi};
use prumo_spec::{Document, DocumentError};
use serde_json::{Map, Value, json};

use crate::finding::Finding;
use crate::locate::Locator;
use crate::rules::Rule;
use edit::{Edit, Place};

/// The most findings that are edited; more of them show another API.
const MAX_EDITS: usize = 256;

/// The edited texts of a spec.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Each changed file: its name, the text before, and the text after.
    pub changed: Vec<(String, String, String)>,
    /// The findings that the edits end, one sentence each.
    pub made: Vec<String>,
    /// The findings that a person must decide, one sentence each with the reason.
    pub open: Vec<String>,
}

/// Suggests edits of a spec for findings that no waiver covers.
///
/// `sources` are the files of the spec, each with its name and text, as
/// [`Document::of_parts`] joins them.
///
/// # Errors
///
/// Returns the fault of a file that can't be read.
///
/// ```
/// use prumo_drift::{Observation, Origin, compare, read_exchange, read_openapi, suggest};
/// use prumo_spec::Document;
///
/// let spec = "openapi: 3.0.3
/// info: {title: loja, version: '1'}
/// paths:
///   /pedido:
///     get:
///       operationId: ler
///       responses:
///         '200': {description: ok, content: {application/json: {schema: {properties: {n: {type: integer}}}}}}
/// ";
/// let promised = read_openapi(&Document::parse("loja.yaml", spec)?)?;
/// let mut observation = Observation::new(&[&promised]);
/// let text = br#"{"operation": "ler", "request": {"method": "GET", "path": "/pedido"},
///     "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"n": null}}}"#;
/// observation.observe(&read_exchange(text)?, &Origin { file: "a.json", line: 1 });
/// let findings = compare(&promised, &observation.finish()[0]);
/// let sources = [("loja.yaml".to_owned(), spec.to_owned())];
/// let suggested = suggest(&sources, &findings)?;
/// assert!(suggested.changed[0].2.contains("n: {type: integer, nullable: true}"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn suggest(
    sources: &[(String, String)],
    findings: &[Finding],
) -> Result<Suggestions, DocumentError> {
    proposed(sources, findings, &|document, finding| {
        edits(document, finding).map(|edits| Proposal { edits, open: None })
    })
}

/// The edits for a finding, and what a person must still decide about it.
struct Proposal {
    edits: Vec<Edit>,
    open: Option<&'static str>,
}

/// Makes the edits that `propose` finds, each in the document that the edits before it left.
fn proposed(
    sources: &[(String, String)],
    findings: &[Finding],
    propose: &dyn Fn(&Document, &Finding) -> Result<Proposal, &'static str>,
) -> Result<Suggestions, DocumentError> {
    let mut texts = sources.to_vec();
    let first = read(&texts)?;
    let mut document = first.clone();
    let mut suggestions = Suggestions::default();
    for finding in findings.iter().filter(|finding| finding.waived.is_none()) {
        let name = named(finding);
        if suggestions.made.len() >= MAX_EDITS {
            suggestions.open.push(format!("{name}: there are more than {MAX_EDITS} edits"));
            continue;
        }
        let proposal = match propose(&document, finding) {
            Ok(proposal) => proposal,
            // An edit of a schema that both share has ended it.
            Err(_) if propose(&first, finding).is_ok() => Proposal { edits: vec![], open: None },
            Err(reason) => {
                suggestions.open.push(format!("{name}: {reason}"));
                continue;
            }
        };
        let Some((after, read)) = edited(&texts, &document, &proposal.edits) else {
            suggestions.open.push(format!("{name}: the text does not allow the edit"));
            continue;
        };
        (texts, document) = (after, read);
        suggestions.open.extend(proposal.open.map(|reason| format!("{name}: {reason}")));
        suggestions.made.push(name);
    }
    let pairs = sources.iter().zip(&texts).filter(|(before, after)| before.1 != after.1);
    suggestions.changed = pairs
        .map(|(before, after)| (before.0.clone(), before.1.clone(), after.1.clone()))
        .collect();
    Ok(suggestions)
}

fn read(texts: &[(String, String)]) -> Result<Document, DocumentError> {
    let parts = texts.iter().map(|(file, text)| Document::parse(file, text));
    let whole = Document::of_parts(parts)?;
    whole.map_or_else(|| Document::parse("", ""), Ok)
}

/// Returns rule, operation and place.
fn named(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or("(no operation)");
    format!("{} at {operation} {}", finding.rule.name(), finding.at)
}

/// Makes all edits or none.
fn edited(
    texts: &[(String, String)],
    document: &Document,
    edits: &[Edit],
) -> Option<(Vec<(String, String)>, Document)> {
    let mut texts = texts.to_vec();
    let mut document = document.clone();
    for edit in edits {
        let file = document.file_at(edit.at()).to_owned();
        let (_, text) = texts.iter_mut().find(|(name, _)| *name == file)?;
        *text = edit.made(&Place { document: &document, text })?;
        document = read(&texts).ok()?;
    }
    Some((texts, document))
}

/// Returns the edits that end a finding, or the reason why a person must decide.
fn edits(document: &Document, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let locator = Locator::new(document);
    let of = |at: &str| {
        let place = Finding { at: at.to_owned(), ..finding.clone() };
        let pointer = locator.pointer(&place).ok_or("no operation of the spec has it")?;
        OpenApi::new(document).at(&pointer).ok_or("the spec does not have the place")
    };
    let (parent, name) = finding.at.rsplit_once('/').unwrap_or_default();
    let name = prumo_spec::pointer::names(&format!("/{name}")).next().unwrap_or_default();
    match finding.rule {
        Rule::NullUnexpected => nullable(&of(&finding.at)?),
        Rule::EnumValueUnknown => more_values(&of(&finding.at)?, &finding.seen),
        Rule::FieldMissing => {
            let holder = holder(of(parent)?, |node| {
                node.get("required")
                    .and_then(Value::as_array)
                    .is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name.as_str())))
            });
            let at = holder.ok_or("no `required` names it")?.at().to_owned();
            Ok(vec![Edit::RemoveItem { at, list: "required", value: name }])
        }
        Rule::FieldUndocumented => {
            let node = of(parent)?;
            let holder = holder(node, |node| node.has("properties"));
            let holder = holder.ok_or("the object has no `properties`")?;
            let house = OpenApi::new(document).is_house();
            new_member(&holder, &name, &finding.seen, house)
        }
        Rule::ParamUndocumented => new_parameter(&locator, document, finding, &name),
        Rule::TypeChanged => Err("say whether the field has two types, or another one now"),
        Rule::StatusUndocumented => Err("describe what the response with this status holds"),
        Rule::OperationUnknown => Err("`prumo infer` drafts operations"),
        _ => Err("what came is no proof of what may come"),
    }
}

/// Returns the schema itself, or the first of what it refers to and combines, that is wanted.
fn holder<'d>(node: Node<'d>, is_wanted: impl Fn(&Node<'d>) -> bool) -> Option<Node<'d>> {
    let mut open = vec![node];
    for _ in 0..64 {
        let node = open.pop()?.followed().ok()?;
        if is_wanted(&node) {
            return Some(node);
        }
        let start = open.len();
        for how in ["allOf", "oneOf", "anyOf"] {
            open.extend(node.child(how).iter().flat_map(Node::children));
        }
        open[start..].reverse();
    }
    None
}

fn nullable(node: &Node<'_>) -> Result<Vec<Edit>, &'static str> {
    let at = node.at().to_owned();
    if node.has("nullable") {
        return Ok(vec![Edit::SetMember { at, name: "nullable", value: json!(true) }]);
    }
    match node.has("$ref") {
        true => Ok(vec![Edit::MakeNullable { at }]),
        false => Ok(vec![Edit::AddMember { at, name: "nullable".to_owned(), value: json!(true) }]),
    }
}

fn more_values(node: &Node<'_>, seen: &str) -> Result<Vec<Edit>, &'static str> {
    let holder = holder(node.clone(), |node| node.has("enum")).ok_or("no `enum` is there")?;
    let values: Vec<&str> = seen.split(", ").collect();
    if !values.iter().all(|value| is_spelled(value)) {
        return Err("a value that came is masked: add it by hand");
    }
    let is_text = holder.get("enum").and_then(|all| all.get(0)).is_some_and(Value::is_string);
    let names = holder.has("x-enum-varnames");
    let at = || holder.at().to_owned();
    let written = |value: &str| match serde_json::from_str(value) {
        Ok(number @ Value::Number(_)) if !is_text => number,
        _ => json!(value),
    };
    let add = |list: &'static str, value: Value| Edit::AddItem { at: at(), list, value };
    let known = holder.get("enum").and_then(Value::as_array).into_iter().flatten();
    let known: Vec<Value> = known.cloned().collect();
    Ok(values
        .iter()
        .filter(|value| !known.contains(&written(value)))
        .flat_map(|value| {
            let name = names.then(|| add("x-enum-varnames", json!(variant(value))));
            [Some(add("enum", written(value))), name].into_iter().flatten()
        })
        .collect())
}

/// Returns whether a value is spelled out in the finding: a masked one has only `a`, `A` and `9`.
fn is_spelled(value: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_masked = value.chars().all(|c| matches!(c, 'a' | 'A' | '9' | '_' | '-'));
    !value.is_empty() && value.chars().all(is_word) && !is_masked
}

/// Returns the name of a variant: `em_aberto` is `EmAberto`.
fn variant(value: &str) -> String {
    let words = value.split(['_', '-']).filter(|word| !word.is_empty());
    let name: String = words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + &rest.to_lowercase()
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("Valor{name}") } else { name }
}

fn new_member(
    holder: &Node<'_>,
    name: &str,
    seen: &str,
    is_house: bool,
) -> Result<Vec<Edit>, &'static str> {
    if !is_name(name) {
        return Err("its name is masked: add it by hand");
    }
    if holder.child("properties").is_some_and(|all| all.has(name)) {
        // Another finding of the same schema has added it.
        return Ok(Vec::new());
    }
    let mut schema = schema(seen).ok_or("it came with several types")?;
    if is_house {
        schema.insert("x-evidence".to_owned(), json!("observed"));
    }
    let at = below(holder.at(), "properties");
    Ok(vec![Edit::AddMember { at, name: name.to_owned(), value: Value::Object(schema) }])
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(is_part)
}

/// Returns a schema for values of these kinds, in the words of a finding.
fn schema(seen: &str) -> Option<Map<String, Value>> {
    let mut types: Vec<&str> = Vec::new();
    let mut schema = Map::new();
    for kind in seen.split(", ") {
        match type_of(kind) {
            Some("null") => drop(schema.insert("nullable".to_owned(), json!(true))),
            Some(name) if !types.contains(&name) => types.push(name),
            Some(_) => {}
            None => return None,
        }
    }
    types.sort_unstable();
    let name = match types.as_slice() {
        [] => return Some(schema),
        [one] => *one,
        ["integer", "number"] => "number",
        _ => return None,
    };
    let mut whole = Map::from_iter([("type".to_owned(), json!(name))]);
    if name == "array" {
        whole.insert("items".to_owned(), json!({}));
    }
    whole.extend(schema);
    Some(whole)
}

/// Returns the type of a kind of values, `null` among them.
fn type_of(kind: &str) -> Option<&'static str> {
    const TYPES: [(&str, &str); 8] = [
        ("null", "null"),
        ("bool", "boolean"),
        ("int", "integer"),
        ("number", "number"),
        ("array", "array"),
        ("empty array", "array"),
        ("object", "object"),
        ("empty text", "string"),
    ];
    let known = TYPES.iter().find(|(word, _)| *word == kind).map(|(_, name)| *name);
    known.or_else(|| kind.starts_with("text").then_some("string"))
}

fn new_parameter(
    locator: &Locator<'_>,
    document: &Document,
    finding: &Finding,
    name: &str,
) -> Result<Vec<Edit>, &'static str> {
    let place = prumo_spec::pointer::names(&finding.at).next().unwrap_or_default();
    if place != "query" || !is_name(name) {
        return Err("its name is masked: add it by hand");
    }
    let id = finding.operation.as_deref().unwrap_or_default();
    let at = locator.operation(id).ok_or("no operation of the spec has it")?;
    let house = OpenApi::new(document).is_house();
    let mut value = Map::new();
    value.insert("name".to_owned(), json!(name));
    value.insert("in".to_owned(), json!("query"));
    if house {
        value.insert("x-evidence".to_owned(), json!("observed"));
    }
    value.insert("schema".to_owned(), json!({"type": "string"}));
    let value = Value::Object(value);
    Ok(vec![Edit::AddItem { at, list: "parameters", value }])
}
