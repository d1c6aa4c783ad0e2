//! Turns the facts of pages into a documented [`Contract`].
//!
//! Each operation of each page is one operation of the contract, under a name of its own; the
//! comparison joins those of one endpoint. A fact is one occurrence at its page and line.
//!
//! Invariants:
//!
//! * What a page does not say is absent: a parameter without a word about its requirement is neither
//!   required nor ever missing.

use prumo_drift::contract::{Body, Contract, Media, Operation, Parameter};
use prumo_drift::shape::{Bounds, Field as Member, Limit};
use prumo_drift::{Kind, Place as At, Scalar, Shape, Tally};

use crate::draft::normal;
use crate::facts::{self, Field, Kind as JsonKind, Place, Requirement, Told};
use crate::lock::Lock;
use crate::route;

/// The status and the media type of what a page shows, which it does not name.
const UNNAMED: (&str, &str) = ("default", "*/*");

/// How deep names nest.
const MAX_DEPTH: usize = 60;

impl Lock {
    /// Returns the contract that the pages describe.
    #[must_use]
    pub fn contract(&self) -> Contract {
        let mut contract = Contract { exchanges: 0, ..Contract::default() };
        for (page, facts) in self.pages() {
            for one in &facts.operations {
                contract.exchanges += 1;
                let name = format!("{page}:{} {}", one.line, one.name());
                contract.operations.insert(name, operation(one));
            }
        }
        contract
    }
}

fn operation(facts: &facts::Operation) -> Operation {
    let page = facts.page.as_str();
    let mut operation = Operation {
        method: facts.method.clone(),
        path: route::key(&facts.path),
        exchanges: at(page, facts.line),
        ..Operation::default()
    };
    let mut body = Shape::default();
    for one in &facts.parameters {
        let pointer = match one.place {
            Place::Body => {
                in_body(page, &mut body, one);
                continue;
            }
            place => format!("/{}/{}", place.word(), escaped(&normal(&one.name))),
        };
        operation.parameters.insert(pointer, parameter(page, one));
    }
    for header in &facts.headers {
        let name = header.value.to_ascii_lowercase();
        let parameter = Parameter {
            name: header.value.clone(),
            present: at(page, header.line),
            ..Parameter::default()
        };
        operation.parameters.entry(format!("/header/{name}")).or_insert(parameter);
    }
    operation.request = (!body.fields.is_empty()).then(|| whole(body));
    let mut response = Shape::default();
    facts.response.iter().for_each(|field| in_response(page, &mut response, field));
    if !response.fields.is_empty() || response.item.is_some() {
        operation.responses.insert(UNNAMED.0.to_owned(), whole(response));
    }
    operation
}

fn whole(shape: Shape) -> Body {
    let media = Media { shape: Box::new(shape), ..Media::default() };
    Body { media: [(UNNAMED.1.to_owned(), media)].into(), ..Body::default() }
}

fn parameter(page: &str, one: &facts::Parameter) -> Parameter {
    Parameter {
        name: one.name.clone(),
        required: one.is_required() == Some(true),
        missing: optional(page, one),
        present: at(page, one.line),
        shape: Box::new(shape(page, one)),
        ..Parameter::default()
    }
}

/// Counts the word of a page that a parameter may be absent.
fn optional(page: &str, one: &facts::Parameter) -> Tally {
    match &one.required {
        Some(Told { value: Requirement::Never, line }) => at(page, *line),
        _ => Tally::default(),
    }
}

fn in_body(page: &str, body: &mut Shape, one: &facts::Parameter) {
    let Some(member) = member(body, &one.name, page, one.line) else { return };
    let said = shape(page, one);
    member.required = one.is_required() == Some(true);
    member.missing = optional(page, one);
    member.present = 1;
    let (fields, item) = (std::mem::take(&mut member.shape.fields), member.shape.item.take());
    *member.shape = Shape { fields, item, ..said };
}

fn in_response(page: &str, response: &mut Shape, field: &Field) {
    let line = field.line;
    let Some(member) = member(response, &field.path, page, line) else { return };
    member.present = 1;
    member.shape.kinds.extend(field.kinds.iter().map(|kind| (base(*kind), at(page, line))));
    if !field.items.is_empty() {
        let item = member.shape.item.get_or_insert_default();
        item.kinds.extend(field.items.iter().map(|kind| (base(*kind), at(page, line))));
    }
}

/// Returns the member of a name such as `faturas[].cliente.nome`, which is new if no fact had it.
fn member<'s>(root: &'s mut Shape, name: &str, page: &str, line: usize) -> Option<&'s mut Member> {
    let name = name.replace("[*]", "[]").replace(".*.", "[].");
    let mut steps = name.split('.').filter(|step| !step.is_empty()).peekable();
    let mut shape = root;
    for _ in 0..MAX_DEPTH {
        let step = steps.next()?;
        let bare = step.trim_end_matches("[]");
        if bare.is_empty() {
            shape = shape.item.get_or_insert_default();
            continue;
        }
        let is_last = steps.peek().is_none();
        let place = shape.fields.entry(bare.to_owned()).or_insert_with(|| Member {
            present: 1,
            shape: Box::new(Shape::default()),
            ..Member::default()
        });
        if is_last {
            return Some(place);
        }
        let is_list = step.len() > bare.len();
        let kind = if is_list { Kind::Array } else { Kind::Object };
        if place.shape.kinds.is_empty() {
            place.shape.kinds.insert(kind, at(page, line));
        }
        shape = &mut place.shape;
        // A table of a help page names members of a list without brackets.
        if is_list
            || (shape.kinds.contains_key(&Kind::Array) && !shape.kinds.contains_key(&Kind::Object))
        {
            shape = shape.item.get_or_insert_default();
        }
    }
    None
}

fn shape(page: &str, one: &facts::Parameter) -> Shape {
    let mut shape = Shape::default();
    if let Some(told) = &one.kind {
        let kind = match told.value {
            "integer" => Kind::Int,
            "number" => Kind::Number,
            "boolean" => Kind::Bool,
            "array" => Kind::Array,
            "object" => Kind::Object,
            _ => Kind::Text,
        };
        shape.kinds.insert(kind, at(page, told.line));
    }
    if !one.values.is_empty() {
        let values = one.values.iter().map(|told| Scalar::Text(told.value.clone()));
        shape.values = Some(values.collect());
    }
    if let Some(told) = &one.default {
        shape.seen.values.insert(Scalar::Text(told.value.clone()), at(page, told.line));
    }
    shape.format = one.constraints.get("format").map(|told| told.value.clone());
    shape.bounds = bounds(one).into();
    shape
}

fn bounds(one: &facts::Parameter) -> Bounds {
    let number = |name: &str| -> Option<f64> {
        let text = one.constraints.get(name)?.value.replace(',', ".");
        text.parse().ok().filter(|number: &f64| number.is_finite())
    };
    let count = |name: &str| number(name).filter(|n| *n >= 0.0).map(|n| n as u64);
    let above = number("exclusiveMinimum").map(|n| Limit::new(n, None, true));
    Bounds {
        minimum: number("minimum").map(|n| Limit::new(n, None, false)).or(above),
        maximum: number("maximum").map(|n| Limit::new(n, None, false)),
        min_length: count("minLength"),
        max_length: count("maxLength"),
        ..Bounds::default()
    }
}

fn base(kind: JsonKind) -> Kind {
    match kind {
        JsonKind::Null => Kind::Null,
        JsonKind::Boolean => Kind::Bool,
        JsonKind::Number => Kind::Number,
        JsonKind::String => Kind::Text,
        JsonKind::Array => Kind::Array,
        JsonKind::Object => Kind::Object,
    }
}

fn at(page: &str, line: usize) -> Tally {
    let line = u64::try_from(line).unwrap_or(u64::MAX);
    let place = At { file: page.to_owned(), line, pointer: String::new() };
    Tally { count: 1, first: Some(Box::new(place)) }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
