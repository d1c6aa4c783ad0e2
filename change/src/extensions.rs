//! Compares the extensions of two operations: envelope, paging, limits.

use prumo_spec::openapi::{Envelope, Operation, Paging};
use prumo_spec::{SpecError, below};

use crate::rules::Rule;
use crate::walk::{Both, Walk};

pub(crate) fn compare(
    walk: &mut Walk<'_>,
    old: &Operation<'_>,
    new: &Operation<'_>,
) -> Result<(), SpecError> {
    envelope(walk, old, new)?;
    paging(walk, old, new)?;
    rate_limit(walk, old, new);
    let (was, is) = (old.max_request_bytes(), new.max_request_bytes());
    let rule = match (was, is) {
        (Some(was), Some(is)) if is < was => Rule::RequestSizeLowered,
        (None, Some(_)) => Rule::RequestSizeLowered,
        (was, is) if was != is => Rule::RequestSizeRaised,
        _ => return Ok(()),
    };
    let words =
        |bytes: Option<u64>| bytes.map(|bytes| format!("{bytes} bytes")).unwrap_or_default();
    tell(walk, rule, "x-max-request-bytes", Both { old, new }, &words(was), &words(is));
    Ok(())
}

/// Reports a change of an extension, which the document may state once for all operations.
fn tell(
    walk: &mut Walk<'_>,
    rule: Rule,
    name: &str,
    of: Both<&Operation<'_>>,
    was: &str,
    is: &str,
) {
    let place = |one: &Operation<'_>| match one.node().has(name) {
        true => below(one.at(), name),
        false if one.node().api().root().get(name).is_some() => below("", name),
        false => one.at().to_owned(),
    };
    let (old, new) = (place(of.old), place(of.new));
    walk.tell(rule, Both { old: &old, new: &new }, Both { old: was, new: is });
}

fn envelope(
    walk: &mut Walk<'_>,
    old: &Operation<'_>,
    new: &Operation<'_>,
) -> Result<(), SpecError> {
    let (was, is) = (old.envelope()?, new.envelope()?);
    if was == is {
        return Ok(());
    }
    // These decide about success, and about the value that a call returns.
    let core = |envelope: &Option<Envelope>| {
        envelope.as_ref().map(|one| Envelope { message: None, errors: None, ..one.clone() })
    };
    let rule = match core(&was) == core(&is) {
        true => Rule::MessagePlaceChanged,
        false => Rule::EnvelopeChanged,
    };
    let (from, to) = (words(&was), words(&is));
    tell(walk, rule, "x-envelope", Both { old, new }, &from, &to);
    Ok(())
}

fn words(envelope: &Option<Envelope>) -> String {
    let Some(envelope) = envelope else { return "no envelope".to_owned() };
    let values = |name: &str, values: &[prumo_spec::Scalar]| {
        let values: Vec<String> = values.iter().map(prumo_spec::Scalar::phrase).collect();
        (!values.is_empty()).then(|| format!("{name} {}", values.join("|")))
    };
    let places = envelope.places().map(|(name, place)| format!("{name} {place}"));
    let values = [values("success", &envelope.success), values("failure", &envelope.failure)];
    places.chain(values.into_iter().flatten()).collect::<Vec<_>>().join(", ")
}

fn paging(walk: &mut Walk<'_>, old: &Operation<'_>, new: &Operation<'_>) -> Result<(), SpecError> {
    let read = |one: &Operation<'_>| -> Result<Option<Paging>, SpecError> {
        let paging = one.paging()?;
        Ok(paging.map(|paging| Paging { at: String::new(), ..paging }))
    };
    let (was, is) = (read(old)?, read(new)?);
    let items = |one: &Paging| format!("items at {}", one.items);
    let (rule, from, to) = match (&was, &is) {
        (None, None) => return Ok(()),
        (None, Some(is)) => (Rule::PagingAdded, String::new(), items(is)),
        (Some(was), None) => (Rule::PagingRemoved, items(was), String::new()),
        (Some(was), Some(is)) if was == is => return Ok(()),
        (Some(was), Some(is)) if was.items != is.items => {
            (Rule::PagedItemsMoved, items(was), items(is))
        }
        (Some(_), Some(_)) => (Rule::PagingChanged, "paging".to_owned(), "another".to_owned()),
    };
    tell(walk, rule, "x-paging", Both { old, new }, &from, &to);
    Ok(())
}

fn rate_limit(walk: &mut Walk<'_>, old: &Operation<'_>, new: &Operation<'_>) {
    let (was, is) = (old.rate_limit(), new.rate_limit());
    if was == is {
        return;
    }
    let pace = |limit: Option<prumo_spec::openapi::RateLimit>| {
        limit.map_or(f64::INFINITY, |one| one.requests as f64 / one.seconds.max(1) as f64)
    };
    let rule = match pace(is) < pace(was) {
        true => Rule::RateLimitLowered,
        false => Rule::RateLimitRaised,
    };
    let words = |limit: Option<prumo_spec::openapi::RateLimit>| {
        limit.map_or_else(String::new, |one| format!("{} in {} s", one.requests, one.seconds))
    };
    tell(walk, rule, "x-rate-limit", Both { old, new }, &words(was), &words(is));
}
