//! Finds the line of a spec's files where the promise of a finding is written.
//!
//! Invariants:
//!
//! * Every finding has a place: that of the nearest part of the spec that exists.
//! * The work is bounded, however schemas refer to each other.

use std::cell::Cell;
use std::collections::BTreeMap;

use prumo_spec::Document;
use prumo_spec::document::below;
use prumo_spec::openapi::{Node, OpenApi, Operation, ParameterPlace};

use crate::finding::{Finding, SpecPlace};
use crate::rules::Side;

/// The greatest number of schemas that are visited for one finding.
const MAX_VISITS: usize = 4_096;

/// The greatest number of schemas inside each other, by names or as branches.
const MAX_DEPTH: usize = 160;

/// The combinations of schemas, whose branches are tried in order.
const COMBINATIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Knows where the operations of a spec are written.
#[derive(Debug)]
pub struct Locator<'d> {
    document: &'d Document,
    operations: BTreeMap<String, Operation<'d>>,
}

/// A place that was reached, and how many names of the pointer led there.
struct Reached<'d> {
    node: Node<'d>,
    n_names: usize,
}

impl<'d> Locator<'d> {
    /// Reads the operations of a spec.
    pub fn new(document: &'d Document) -> Self {
        let operations = OpenApi::new(document).operations();
        let operations = operations.map(|operation| (operation.id().to_owned(), operation));
        Self { document, operations: operations.collect() }
    }

    /// Sets the place of each finding of this spec.
    pub fn locate<'f>(&self, findings: impl IntoIterator<Item = &'f mut Finding>) {
        for finding in findings {
            finding.promised_at = Some(self.place(finding));
        }
    }

    /// Returns where the promise of a finding is written.
    pub fn place(&self, finding: &Finding) -> SpecPlace {
        let at = self.pointer(finding).unwrap_or_else(|| "/paths".to_owned());
        let position = self.document.nearest_position(&at);
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX).max(1);
        SpecPlace {
            file: self.document.file_at(&at).to_owned(),
            line: number(position.line),
            column: number(position.column),
        }
    }

    /// Returns the pointer to an operation.
    pub(crate) fn operation(&self, id: &str) -> Option<String> {
        self.operations.get(id).map(|operation| operation.at().to_owned())
    }

    /// Returns the pointer to the promise of a finding, or to the nearest part of its operation.
    pub(crate) fn pointer(&self, finding: &Finding) -> Option<String> {
        let operation = self.operations.get(finding.operation.as_deref()?)?;
        let names: Vec<String> = prumo_spec::pointer::names(&finding.at).collect();
        let node = match finding.side {
            Side::Request => in_request(operation, &names),
            Side::Response => in_responses(operation, finding, &names),
        };
        Some(node.map_or_else(|| operation.at().to_owned(), |node| node.at().to_owned()))
    }
}

fn in_request<'d>(operation: &Operation<'d>, names: &[String]) -> Option<Node<'d>> {
    let place = names.first().and_then(|place| ParameterPlace::named(place));
    let parameter = place.and_then(|place| operation.parameter(place, names.get(1)?));
    if let Some(parameter) = parameter {
        return Some(parameter.node().clone());
    }
    let body = operation.node().child("requestBody").map(followed);
    let reached = body.as_ref().and_then(|body| in_content(body, None, names));
    match (reached, place) {
        (Some(reached), None) => Some(reached.node),
        (Some(reached), Some(_)) if reached.n_names > 0 => Some(reached.node),
        (_, Some(_)) => operation.node().child("parameters"),
        (None, None) => body,
    }
}

fn in_responses<'d>(
    operation: &Operation<'d>,
    finding: &Finding,
    names: &[String],
) -> Option<Node<'d>> {
    let responses = operation.node().child("responses")?;
    let Some(response) = answering(operation, finding.status) else {
        return Some(responses);
    };
    let header = match names {
        [place, name, ..] if place == "header" => response.child("headers").and_then(|headers| {
            let spelled = spelled(&headers, name)?;
            headers.child(&spelled).map(followed)
        }),
        _ => None,
    };
    if header.is_some() {
        return header;
    }
    let case = finding.case.as_deref();
    Some(in_content(&response, case, names).map_or(response, |reached| reached.node))
}

/// Returns the response for a status: its own, that of its range, or the default.
fn answering<'d>(operation: &Operation<'d>, status: Option<u16>) -> Option<Node<'d>> {
    let wanted = status.map(|status| [status.to_string(), format!("{}XX", status / 100)]);
    let wanted = wanted.into_iter().flatten().chain(["default".to_owned()]);
    let responses: Vec<_> = operation.responses().ok()?.collect();
    let mut found = wanted.filter_map(|wanted| {
        let is_wanted = |status: String| status.eq_ignore_ascii_case(&wanted);
        responses.iter().find(|one| one.status().is_ok_and(is_wanted))
    });
    Some(followed(found.next()?.node().clone()))
}

/// Returns the name of a header as the spec spells it.
fn spelled(headers: &Node<'_>, name: &str) -> Option<String> {
    let mut names = headers.value().as_object()?.keys();
    names.find(|known| known.eq_ignore_ascii_case(name)).cloned()
}

/// Returns the deepest place that the names lead to in the bodies of a request or response.
fn in_content<'d>(holder: &Node<'d>, case: Option<&str>, names: &[String]) -> Option<Reached<'d>> {
    let content = holder.child("content")?;
    let media = content.value().as_object()?.keys();
    let schemas = media.filter_map(|name| content.child(name)?.child("schema"));
    first_deepest(schemas.filter_map(|schema| Search::new(case).find(schema, names)))
}

fn first_deepest<'d>(all: impl Iterator<Item = Reached<'d>>) -> Option<Reached<'d>> {
    all.reduce(|best, next| if next.n_names > best.n_names { next } else { best })
}

/// Follows the references of a node; one that leads nowhere is the place itself.
fn followed(node: Node<'_>) -> Node<'_> {
    node.followed().unwrap_or(node)
}

/// A walk down a schema, along a pointer.
struct Search<'c> {
    /// Tag and value of the envelope's case.
    case: Option<(&'c str, &'c str)>,
    n_left: Cell<usize>,
    depth: Cell<usize>,
}

impl<'c> Search<'c> {
    fn new(case: Option<&'c str>) -> Self {
        let case = case.and_then(|case| case.split_once('='));
        Self { case, n_left: Cell::new(MAX_VISITS), depth: Cell::new(0) }
    }

    /// Returns the deepest place that the names lead to.
    fn find<'d>(&self, schema: Node<'d>, names: &[String]) -> Option<Reached<'d>> {
        self.n_left.set(self.n_left.get().checked_sub(1)?);
        let depth = self.depth.get();
        if depth >= MAX_DEPTH {
            return None;
        }
        self.depth.set(depth + 1);
        let reached = self.find_in(followed(schema), names);
        self.depth.set(depth);
        reached
    }

    fn find_in<'d>(&self, schema: Node<'d>, names: &[String]) -> Option<Reached<'d>> {
        let Some((name, rest)) = names.split_first() else {
            return Some(Reached { node: schema, n_names: 0 });
        };
        let below = self.child(&schema, name).map(|child| {
            let here = child.clone();
            let further = match rest {
                [] => Some(Reached { node: here.clone(), n_names: 0 }),
                rest => self.find(child, rest),
            };
            // A reference with nothing below it is the line to edit, not its target.
            let reached = further.filter(|further| further.n_names > 0 || rest.is_empty());
            let reached = reached.unwrap_or(Reached { node: here, n_names: 0 });
            Reached { n_names: reached.n_names + 1, ..reached }
        });
        let branches = below.is_none().then(|| self.branches(&schema));
        let reached = branches.into_iter().flatten().filter_map(|one| self.find(one, names));
        let deepest = first_deepest(below.into_iter().chain(reached));
        deepest.filter(|reached| reached.n_names > 0).or(Some(Reached { node: schema, n_names: 0 }))
    }

    fn child<'d>(&self, schema: &Node<'d>, name: &str) -> Option<Node<'d>> {
        let property = schema.child("properties").and_then(|all| all.child(name));
        let item = || schema.child("items").filter(|_| name == "*");
        let entry = || {
            let entries = schema.child("additionalProperties");
            entries.filter(|entries| entries.value().is_object())
        };
        property.or_else(item).or_else(entry)
    }

    /// Returns the branches of the combinations, those of the case first.
    fn branches<'d>(&self, schema: &Node<'d>) -> Vec<Node<'d>> {
        let mut branches: Vec<Node<'d>> = Vec::new();
        for keyword in COMBINATIONS {
            let items = schema.child(keyword);
            let n_items =
                items.as_ref().and_then(|items| items.value().as_array()).map_or(0, Vec::len);
            branches.extend((0..n_items).filter_map(|index| {
                schema.api().at(&below(&below(schema.at(), keyword), &index.to_string()))
            }));
        }
        branches.sort_by_key(|branch| !self.is_of_case(branch));
        branches
    }

    fn is_of_case(&self, branch: &Node<'_>) -> bool {
        let Some((tag, value)) = self.case else {
            return false;
        };
        let values = branch.followed().ok().and_then(|branch| {
            branch.child("properties")?.child(tag)?.get("enum")?.as_array().cloned()
        });
        let named = |known: &serde_json::Value| match known {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        values.iter().flatten().map(named).any(|known| known == value)
    }
}

#[cfg(test)]
mod tests;
