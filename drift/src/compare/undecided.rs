//! Lists the places of an observed contract where values were not judged, because a pattern took
//! too many steps.

use std::collections::BTreeMap;

use crate::contract::{Body, Contract, Parameter};
use crate::rules::Side;
use crate::shape::{Shape, Stray, Tally, sum};
use prumo_spec::document::below;

/// Returns a sentence for each place with such values, sorted.
pub(crate) fn undecided(observed: &Contract) -> Vec<String> {
    let mut places = BTreeMap::new();
    for (id, operation) in &observed.operations {
        let operation_name = format!("{} {id}", observed.name).trim_start().to_owned();
        let request = format!("{operation_name} {}", Side::Request.name());
        of_parameters(&mut places, &request, &operation.parameters);
        if let Some(body) = &operation.request {
            of_body(&mut places, &request, body);
        }
        for (status, body) in &operation.responses {
            let response = format!("{operation_name} {} {status}", Side::Response.name());
            of_body(&mut places, &response, body);
        }
    }
    places.iter().map(|(place, (tally, of))| sentence(place, tally, *of)).collect()
}

/// The values that were not judged, and the number of all values, by place.
type Places = BTreeMap<String, (Tally, u64)>;

fn sentence(place: &str, tally: &Tally, of: u64) -> String {
    let count = tally.count;
    let first = tally.first.as_deref().map(|first| {
        format!(", first at {}:{} {}", first.file, first.line, first.pointer).trim_end().to_owned()
    });
    let first = first.unwrap_or_default();
    format!("{place}: a pattern takes too many steps, {count} of {of}{first}")
}

fn of_body(places: &mut Places, place: &str, body: &Body) {
    of_parameters(places, place, &body.headers);
    for media in body.media.values() {
        of_shape(places, place, String::new(), &media.shape);
    }
}

fn of_parameters(places: &mut Places, place: &str, parameters: &BTreeMap<String, Parameter>) {
    for (pointer, parameter) in parameters {
        of_shape(places, place, pointer.clone(), &parameter.shape);
    }
}

fn of_shape(places: &mut Places, place: &str, at: String, shape: &Shape) {
    let mut open = vec![(at, shape)];
    while let Some((at, shape)) = open.pop() {
        if let Some(undecided) = shape.seen.strays.get(&Stray::Undecided) {
            let name = format!("{place} {at}").trim_end().to_owned();
            let (tally, of) = places.entry(name).or_default();
            tally.absorb(&undecided.tally);
            *of = sum(*of, shape.count().max(undecided.tally.count));
        }
        let fields = shape.fields.iter();
        open.extend(fields.map(|(name, field)| (below(&at, name), &*field.shape)));
        let items = shape.item.iter().chain(&shape.entries);
        open.extend(items.map(|item| (below(&at, "*"), &**item)));
        let branches = shape.alternatives.iter().flat_map(|all| all.branches.values());
        open.extend(branches.map(|branch| (at.clone(), &*branch.shape)));
    }
}
