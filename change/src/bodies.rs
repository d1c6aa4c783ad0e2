//! Compares the request bodies of two operations, and the media types of any two bodies.

use prumo_spec::SpecError;
use prumo_spec::openapi::{Media, Operation, RequestBody};

use crate::effect::Side;
use crate::rules::Rule;
use crate::schema::nullable;
use crate::walk::{Both, Walk};

pub(crate) fn compare<'d>(
    walk: &mut Walk<'d>,
    old: &Operation<'d>,
    new: &Operation<'d>,
) -> Result<(), SpecError> {
    match (old.request_body()?, new.request_body()?) {
        (Some(old), Some(new)) => pair(walk, &old, &new),
        (Some(body), None) => {
            let at = Both { old: body.node().at(), new: new.at() };
            walk.tell(Rule::BodyRemoved, at, Both { old: "a body", new: "" });
            Ok(())
        }
        (None, Some(body)) => {
            let is_required = body.is_required()?;
            let rule = if is_required { Rule::RequiredBodyAdded } else { Rule::BodyAdded };
            let words = if is_required { "a required body" } else { "an optional body" };
            let at = Both { old: old.at(), new: body.node().at() };
            walk.tell(rule, at, Both { old: "", new: words });
            Ok(())
        }
        (None, None) => Ok(()),
    }
}

fn pair<'d>(
    walk: &mut Walk<'d>,
    old: &RequestBody<'d>,
    new: &RequestBody<'d>,
) -> Result<(), SpecError> {
    if walk.are_same(old.node(), new.node()) {
        return Ok(());
    }
    let at = Both { old: old.node().at(), new: new.node().at() };
    match (old.is_required()?, new.is_required()?) {
        (false, true) => {
            let step = Both { old: "optional", new: "required" };
            walk.tell(Rule::BodyBecameRequired, at, step);
        }
        (true, false) => {
            let step = Both { old: "required", new: "optional" };
            walk.tell(Rule::BodyBecameOptional, at, step);
        }
        _ => (),
    }
    let (was, is): (Vec<Media<'d>>, Vec<Media<'d>>) =
        (old.content()?.collect(), new.content()?.collect());
    let (sent, now) = (kind(&was), kind(&is));
    if sent != now {
        walk.tell(Rule::BodyKindChanged, at, Both { old: sent, new: now });
    }
    content(walk, at, Both { old: &was, new: &is }, Side::Sent)
}

/// Returns how the client sends a body: as the best of the kinds that the document allows.
fn kind(content: &[Media<'_>]) -> &'static str {
    let kinds = ["JSON", "a form of parts", "a form", "text", "bytes", "nothing"];
    let rank = |media: &Media<'_>| {
        let essence = media.media_type().essence().into_owned();
        match essence.as_str() {
            _ if media.is_binary() && media.media_type().may_be_json() => 4,
            "multipart/form-data" => 1,
            "application/x-www-form-urlencoded" => 2,
            _ if media.media_type().may_be_json() => 0,
            _ if media.media_type().is_text() => 3,
            _ => 4,
        }
    };
    kinds[content.iter().map(rank).min().unwrap_or(5)]
}

/// Compares the media types of two bodies, and the schemas of those that both have.
pub(crate) fn content<'d>(
    walk: &mut Walk<'d>,
    at: Both<&str>,
    content: Both<&[Media<'d>]>,
    side: Side,
) -> Result<(), SpecError> {
    let key = |media: &Media<'_>| media.media_type().key();
    for one in content.old {
        match content.new.iter().find(|other| key(other) == key(one)) {
            Some(other) => schema(walk, one, other, side)?,
            None => {
                let at = Both { old: one.at(), new: at.new };
                let step = Both { old: one.name(), new: "" };
                walk.tell_of(Rule::MediaTypeRemoved, side, at, step);
            }
        }
    }
    for one in content.new {
        if !content.old.iter().any(|other| key(other) == key(one)) {
            let at = Both { old: at.old, new: one.at() };
            walk.tell_of(Rule::MediaTypeAdded, side, at, Both { old: "", new: one.name() });
        }
    }
    Ok(())
}

fn schema<'d>(
    walk: &mut Walk<'d>,
    old: &Media<'d>,
    new: &Media<'d>,
    side: Side,
) -> Result<(), SpecError> {
    let at = Both { old: old.at(), new: new.at() };
    match (old.schema(), new.schema()) {
        (Some(old), Some(new)) => {
            nullable(walk, &old, &new, side)?;
            walk.compare(&old, &new, side)
        }
        (None, Some(_)) => {
            let step = Both { old: "", new: "a schema" };
            walk.tell_of(Rule::MediaTypeSchemaAdded, side, at, step);
            Ok(())
        }
        (Some(_), None) => {
            let step = Both { old: "a schema", new: "" };
            walk.tell_of(Rule::MediaTypeSchemaRemoved, side, at, step);
            Ok(())
        }
        (None, None) => Ok(()),
    }
}
