//! Checks a request to a vendor with state against its operation's promise.
//!
//! It is as lenient as the vendors: an empty text counts as absent, and either form may be sent for
//! the other. A request that fits the spec always passes. Further rules of a vendor are in its
//! deeds.

use prumo_drift::contract::{Contract, Operation};
use prumo_drift::{Kind, Rule, Scalar, Shape, judge_value};
use prumo_spec::formats::Format;

use crate::arguments::{Arguments, Content, Part, Payload, base};
use crate::refusal::Refusal;

/// Checks the arguments of a request.
///
/// # Errors
///
/// The first argument that does not fit.
pub(crate) fn check(
    contract: &Contract,
    operation: &Operation,
    arguments: &Arguments,
) -> Result<(), Refusal> {
    for (pointer, parameter) in &operation.parameters {
        let sent = match pointer.split('/').nth(1) {
            Some("path") => &arguments.path,
            Some("query") => &arguments.query,
            _ => continue,
        };
        let is_it = |name: &str| name == parameter.name || base(name) == base(&parameter.name);
        let sent = sent.iter().filter(|(name, text)| is_it(name) && !text.is_empty());
        let texts: Vec<&str> = sent.map(|(_, text)| text.as_str()).collect();
        if parameter.required && texts.is_empty() {
            return Err(Refusal::Missing(parameter.name.clone()));
        }
        if !parameter.is_secret {
            texts
                .iter()
                .try_for_each(|text| value(contract, &parameter.shape, &parameter.name, text))?;
        }
    }
    body(contract, operation, arguments)
}

fn body(contract: &Contract, operation: &Operation, arguments: &Arguments) -> Result<(), Refusal> {
    let Some(request) = &operation.request else { return Ok(()) };
    let shape = |essence: &str| request.media.get(essence).map(|media| &*media.shape);
    match &arguments.body {
        Payload::Absent if !request.required => Ok(()),
        Payload::Absent => match request.media.values().next() {
            Some(media) => form(contract, &media.shape, &[]),
            None => Ok(()),
        },
        Payload::Json(body) => {
            json(contract, shape("application/json").ok_or(Refusal::WrongBody)?, &body.to_string())
        }
        Payload::Form(parts) => {
            let promised =
                shape("multipart/form-data").or(shape("application/x-www-form-urlencoded"));
            form(contract, promised.ok_or(Refusal::WrongBody)?, parts)
        }
        Payload::Unreadable => Err(Refusal::WrongBody),
    }
}

fn json(contract: &Contract, shape: &Shape, text: &str) -> Result<(), Refusal> {
    let findings = judge_value(contract, shape, text);
    let misfit = findings.iter().find(|finding| finding.rule != Rule::FieldUndocumented);
    let Some(misfit) = misfit else { return Ok(()) };
    let name = misfit.at.rsplit('/').find(|step| *step != "*").unwrap_or_default().to_owned();
    Err(if misfit.rule == Rule::FieldMissing {
        Refusal::Missing(name)
    } else {
        Refusal::Invalid(name)
    })
}

fn form(contract: &Contract, shape: &Shape, parts: &[Part]) -> Result<(), Refusal> {
    let (shape, _) = contract.resolve(shape);
    for (name, field) in &shape.fields {
        let sent: Vec<&Part> = parts.iter().filter(|part| base(&part.name) == name).collect();
        let is_empty =
            |part: &&Part| matches!(&part.content, Content::Text(text) if text.is_empty());
        if field.required && sent.iter().all(is_empty) {
            return Err(Refusal::Missing(name.clone()));
        }
        for part in sent {
            match &part.content {
                Content::Text(text) if !text.is_empty() => {
                    value(contract, &field.shape, name, text)?
                }
                _ => (),
            }
        }
    }
    Ok(())
}

fn value(contract: &Contract, shape: &Shape, name: &str, text: &str) -> Result<(), Refusal> {
    if fits(contract, shape, text) {
        return Ok(());
    }
    let (shape, _) = contract.resolve(shape);
    let is_time = shape.format.as_deref().and_then(Format::named);
    Err(match is_time {
        Some(format) if format.picture.is_some() => Refusal::InvalidTime(name.to_owned()),
        _ => Refusal::Invalid(name.to_owned()),
    })
}

/// Returns whether a text of a query, a path or a form fits a shape.
fn fits(contract: &Contract, shape: &Shape, text: &str) -> bool {
    let (shape, _) = contract.resolve(shape);
    if let Some(alternatives) = &shape.alternatives {
        return alternatives.branches.values().any(|branch| fits(contract, &branch.shape, text));
    }
    if let Some(item) = shape.item.as_deref().filter(|_| shape.allows(Kind::Array)) {
        return text.split(',').all(|text| fits(contract, item, text.trim()));
    }
    let number = text.parse::<i64>().ok();
    if let Some(values) = &shape.values {
        return shape.is_extensible_enum
            || values.contains(&Scalar::Text(text.to_owned()))
            || number.is_some_and(|number| values.contains(&Scalar::Int(number)));
    }
    let format = shape.format.as_deref().and_then(Format::named);
    if shape.allows(Kind::Text) {
        return format.is_none_or(|format| format.fits_text(text));
    }
    let is_whole = shape.allows(Kind::Int)
        && number.is_some_and(|number| format.is_none_or(|format| format.fits_int(number.into())));
    let is_number = shape.kinds.contains_key(&Kind::Number) && text.parse::<f64>().is_ok();
    let is_bool = shape.allows(Kind::Bool) && matches!(text, "true" | "false" | "0" | "1");
    is_whole || is_number || is_bool || shape.allows(Kind::Object)
}
