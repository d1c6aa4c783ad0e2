//! Compares the responses of two operations: statuses, headers, bodies, and the kind of value that a
//! call returns.

use prumo_spec::SpecError;
use prumo_spec::openapi::{Media, Operation, Parameter, Response};

use crate::bodies;
use crate::effect::Side;
use crate::rules::Rule;
use crate::schema::facts::Facts;
use crate::schema::shape::{Shape, in_words};
use crate::walk::{Both, Walk};

/// The responses of an operation by status.
type ByStatus<'d> = Vec<(String, Response<'d>)>;

pub(crate) fn compare<'d>(
    walk: &mut Walk<'d>,
    old: &Operation<'d>,
    new: &Operation<'d>,
) -> Result<(), SpecError> {
    let (was, is) = (read(old)?, read(new)?);
    let sides = Both { old: successes(&was), new: successes(&is) };
    for (status, one) in &was {
        match is.iter().find(|(known, _)| known == status) {
            Some((_, other)) => {
                let is_success = sides.old.contains(status) || sides.new.contains(status);
                let side = if is_success { Side::Received } else { Side::Refused };
                pair(walk, one, other, side)?;
            }
            None => {
                let is_success = sides.old.contains(status);
                let rule = if is_success { Rule::SuccessRemoved } else { Rule::RefusalRemoved };
                let at = Both { old: one.node().at(), new: new.at() };
                walk.tell(rule, at, Both { old: status, new: "" });
            }
        }
    }
    for (status, one) in &is {
        if !was.iter().any(|(known, _)| known == status) {
            let is_success = sides.new.contains(status);
            let rule = if is_success { Rule::SuccessAdded } else { Rule::RefusalAdded };
            let at = Both { old: old.at(), new: one.node().at() };
            walk.tell(rule, at, Both { old: "", new: status });
        }
    }
    let (was, is) = (returned(&was, &sides.old)?, returned(&is, &sides.new)?);
    if was != is {
        let at = Both { old: old.at(), new: new.at() };
        walk.tell(Rule::AnswerTypeChanged, at, Both { old: &was, new: &is });
    }
    Ok(())
}

fn read<'d>(operation: &Operation<'d>) -> Result<ByStatus<'d>, SpecError> {
    operation.responses()?.map(|one| Ok((one.status()?, one.followed()?))).collect()
}

/// Returns the statuses of success: those of `2XX`, or else the default.
fn successes(responses: &ByStatus<'_>) -> Vec<String> {
    let all = || responses.iter().map(|(status, _)| status);
    let good: Vec<String> = all().filter(|status| status.starts_with('2')).cloned().collect();
    if good.is_empty() {
        all().filter(|status| *status == "default").cloned().collect()
    } else {
        good
    }
}

/// Says which kind of value a call returns, without the types inside.
fn returned(responses: &ByStatus<'_>, successes: &[String]) -> Result<String, SpecError> {
    let mut kinds: Vec<(String, &str)> = Vec::new();
    let mut types: Vec<String> = Vec::new();
    for (status, response) in responses.iter().filter(|(status, _)| successes.contains(status)) {
        let content: Vec<Media<'_>> = response.content()?.collect();
        let is_empty = content.is_empty();
        let mut json = content.into_iter().filter(Media::reads_as_json).peekable();
        let (kind, of) = match json.peek() {
            _ if is_empty => ("nothing", "nothing".to_owned()),
            None => ("bytes", "bytes".to_owned()),
            Some(media) => ("JSON", described(media)?),
        };
        kinds.push((status.clone(), kind));
        if !types.contains(&of) {
            types.push(of);
        }
    }
    let all: Vec<&str> = kinds.iter().map(|(_, kind)| *kind).collect();
    Ok(match (types.len(), all.as_slice()) {
        (0, _) => "bytes".to_owned(),
        (1, [one, ..]) => (*one).to_owned(),
        (2, ["JSON", "nothing"] | ["nothing", "JSON"]) => "JSON or nothing".to_owned(),
        _ => {
            let each: Vec<String> =
                kinds.iter().map(|(status, kind)| format!("{status}: {kind}")).collect();
            each.join(", ")
        }
    })
}

/// Describes the type of a body, so that equal types have equal descriptions.
fn described(media: &Media<'_>) -> Result<String, SpecError> {
    let Some(schema) = media.schema() else { return Ok("any JSON".to_owned()) };
    let facts = Facts::of(&schema)?;
    let place = match (&facts.name, Shape::of(&facts).is_named()) {
        (None, true) => facts.at.clone(),
        _ => String::new(),
    };
    Ok(format!("{} {place}", in_words(&facts)))
}

fn pair<'d>(
    walk: &mut Walk<'d>,
    old: &Response<'d>,
    new: &Response<'d>,
    side: Side,
) -> Result<(), SpecError> {
    if walk.are_same(old.node(), new.node()) {
        return Ok(());
    }
    headers(walk, old, new, side)?;
    let (was, is): (Vec<Media<'d>>, Vec<Media<'d>>) =
        (old.content()?.collect(), new.content()?.collect());
    let at = Both { old: old.node().at(), new: new.node().at() };
    bodies::content(walk, at, Both { old: &was, new: &is }, side)
}

fn headers<'d>(
    walk: &mut Walk<'d>,
    old: &Response<'d>,
    new: &Response<'d>,
    side: Side,
) -> Result<(), SpecError> {
    let was: Vec<Parameter<'d>> = old.headers()?.collect::<Result<_, _>>()?;
    let is: Vec<Parameter<'d>> = new.headers()?.collect::<Result<_, _>>()?;
    let is_named =
        |one: &Parameter<'_>, other: &Parameter<'_>| one.name().eq_ignore_ascii_case(other.name());
    for one in &was {
        let Some(other) = is.iter().find(|other| is_named(one, other)) else {
            let rule = match one.is_required()? {
                true => Rule::RequiredHeaderRemoved,
                false => Rule::HeaderRemoved,
            };
            let at = Both { old: one.at(), new: new.node().at() };
            walk.tell_of(rule, side, at, Both { old: one.name(), new: "" });
            continue;
        };
        header(walk, one, other, side)?;
    }
    for one in is.iter().filter(|one| !was.iter().any(|other| is_named(one, other))) {
        let at = Both { old: old.node().at(), new: one.at() };
        walk.tell_of(Rule::HeaderAdded, side, at, Both { old: "", new: one.name() });
    }
    Ok(())
}

fn header<'d>(
    walk: &mut Walk<'d>,
    old: &Parameter<'d>,
    new: &Parameter<'d>,
    side: Side,
) -> Result<(), SpecError> {
    let at = Both { old: old.at(), new: new.at() };
    if old.is_required()? && !new.is_required()? {
        let step = Both { old: "required", new: "optional" };
        walk.tell_of(Rule::HeaderBecameOptional, side, at, step);
    }
    let (Some(old), Some(new)) = (old.schema(), new.schema()) else { return Ok(()) };
    let (old, new) = (Facts::of(&old)?, Facts::of(&new)?);
    let words = |facts: &Facts<'_>| {
        let null = if facts.is_nullable { " or null" } else { "" };
        format!("{}{null}", in_words(facts))
    };
    let (was, is) = (words(&old), words(&new));
    // A header without a type may have any text.
    let is_narrower = old.kind.is_none() && old.format.is_none() && !new.is_nullable;
    if was != is && !is_narrower {
        walk.tell_of(Rule::HeaderTypeChanged, side, at, Both { old: &was, new: &is });
    }
    Ok(())
}
