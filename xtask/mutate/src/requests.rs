//! Mutates a request: its method, path, parameters and form.
//!
//! Refused requests are not mutated, because the judge does not judge them.

use prumo_drift::{Identity, Rule, Side, below};
use serde_json::{Value, json};

use super::mutant::{Mutant, object};
use super::promise::{JsonType, Others};
use super::site::Sight;
use super::subject::{Subject, base_name, is_form, is_json};

/// Makes a mutant of the request that must give `rule` at `at`.
fn mutant(
    subject: &Subject<'_>,
    place: impl Into<String>,
    (rule, at): (Rule, &str),
    change: impl FnOnce(&mut Value),
) -> Mutant {
    let mut exchange = subject.exchange.clone();
    change(&mut exchange);
    Mutant::new(place, &exchange, vec![subject.request_ground().expect(rule, at, None)])
}

fn put(exchange: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = exchange.pointer_mut(pointer) {
        *place = value;
    }
}

/// Makes the mutants unless the request was refused.
fn of_accepted(subject: &Subject<'_>, mutants: impl FnOnce() -> Vec<Mutant>) -> Vec<Mutant> {
    if subject.is_refusal { Vec::new() } else { mutants() }
}

pub(super) fn method(subject: &Subject<'_>) -> Vec<Mutant> {
    let is_purge = |exchange: &mut Value| put(exchange, "/request/method", json!("PURGE"));
    of_accepted(subject, || {
        vec![mutant(subject, "/request/method", (Rule::OperationUnknown, ""), is_purge)]
    })
}

pub(super) fn path(subject: &Subject<'_>) -> Vec<Mutant> {
    let elsewhere = |exchange: &mut Value| {
        put(exchange, "/request/path", json!("/outro/caminho/bem/mais/longo/ainda"))
    };
    // The customer chooses the path of a webhook.
    if subject.operation.is_webhook {
        return Vec::new();
    }
    of_accepted(subject, || {
        vec![mutant(subject, "/request/path", (Rule::OperationUnknown, ""), elsewhere)]
    })
}

pub(super) fn no_operation(subject: &Subject<'_>) -> Vec<Mutant> {
    let mut exchange = subject.exchange.clone();
    if let Some(members) = exchange.as_object_mut() {
        members.shift_remove("operation");
    }
    put(&mut exchange, "/request/path", json!("/outro/caminho/bem/mais/longo/ainda"));
    if subject.operation.is_webhook {
        // A webhook is also identified by the header of its signature.
        put(&mut exchange, "/request/headers", json!({}));
    }
    let (side, rule) = (Side::Request, Rule::OperationUnknown);
    let finding =
        Identity { operation: None, side, status: None, case: None, at: String::new(), rule };
    let expected = Sight { finding, evidence: None };
    vec![Mutant::new("/operation", &exchange, vec![expected])]
}

pub(super) fn query_added(subject: &Subject<'_>) -> Vec<Mutant> {
    let add = |exchange: &mut Value| {
        if let Some(query) = object(exchange, "request", "query") {
            query.insert("parametro_novo".to_owned(), json!("7"));
        }
    };
    let said = (Rule::ParamUndocumented, "/query/parametro_novo");
    of_accepted(subject, || vec![mutant(subject, "/request/query", said, add)])
}

pub(super) fn parameter_dropped(subject: &Subject<'_>) -> Vec<Mutant> {
    let parameters =
        subject.operation.parameters().into_iter().filter(|parameter| parameter.is_required);
    let drop = |(holder, place, name): (&str, &str, &str)| {
        let at = format!("/{place}/{name}");
        let recorded = subject.exchange.pointer(&format!("/request/{holder}"))?;
        recorded.get(name)?;
        Some(mutant(subject, format!("/request{at}"), (Rule::ParamMissing, &at), |exchange| {
            if let Some(recorded) = object(exchange, "request", holder) {
                recorded.shift_remove(name);
            }
        }))
    };
    let dropped = |parameter: &super::operation::Parameter<'_>| match parameter.place {
        "query" => drop(("query", "query", parameter.name)),
        "header" => drop(("headers", "header", &parameter.name.to_lowercase())),
        _ => None,
    };
    of_accepted(subject, || parameters.filter_map(|parameter| dropped(&parameter)).collect())
}

pub(super) fn parameter_twice(subject: &Subject<'_>) -> Vec<Mutant> {
    let single = |name: &str| {
        let of_name = subject
            .operation
            .parameters()
            .into_iter()
            .find(|p| p.place == "query" && p.name == name);
        of_name.is_some_and(|parameter| !parameter.promise.allows(JsonType::List))
    };
    let query =
        subject.exchange.pointer("/request/query").and_then(Value::as_object).into_iter().flatten();
    let double = |(name, value): (&String, &Value)| {
        let at = below("/query", name);
        mutant(subject, format!("/request{at}"), (Rule::TypeChanged, &at), |exchange| {
            put(exchange, &below("/request/query", name), json!([value, value]));
        })
    };
    of_accepted(subject, || {
        query.filter(|(name, value)| single(name) && value.is_string()).map(double).collect()
    })
}

pub(super) fn content_type(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(promised) = subject.operation.request_body() else {
        return Vec::new();
    };
    let is_known = subject.operation.media(promised).iter().any(|media| media.name == "text/plain");
    if is_known || (subject.request_body().is_none() && subject.form().is_none()) {
        return Vec::new();
    }
    let change = |exchange: &mut Value| {
        if let Some(headers) = object(exchange, "request", "headers") {
            headers.insert("content-type".to_owned(), json!("text/plain"));
        }
    };
    let place = "/request/headers/content-type";
    of_accepted(subject, || vec![mutant(subject, place, (Rule::ContentTypeChanged, ""), change)])
}

pub(super) fn body_dropped(subject: &Subject<'_>) -> Vec<Mutant> {
    if !subject.operation.is_body_required() {
        return Vec::new();
    }
    let said = (Rule::ParamMissing, "");
    let json = subject.request_media(is_json).and(subject.request_body());
    let json = json.map(|_| {
        mutant(subject, "/request/body", said, |exchange| {
            put(exchange, "/request/body", Value::Null);
            if let Some(headers) = object(exchange, "request", "headers") {
                headers.insert("content-type".to_owned(), json!("application/json"));
            }
        })
    });
    let form = subject.form().map(|_| {
        mutant(subject, "/request/form", said, |exchange| put(exchange, "/request/form", json!([])))
    });
    of_accepted(subject, || json.into_iter().chain(form).collect())
}

/// Returns the parts of the form if the spec describes it.
fn parts<'v>(subject: &'v Subject<'_>) -> Vec<(usize, &'v str, &'v Value)> {
    if subject.is_refusal || subject.request_media(is_form).is_none() {
        return Vec::new();
    }
    let parts = subject.form().into_iter().flatten().enumerate();
    parts.filter_map(|(index, part)| Some((index, part.get("name")?.as_str()?, part))).collect()
}

/// Makes a mutant whose form has changed parts.
fn with_parts(exchange: &mut Value, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(parts) = exchange.pointer_mut("/request/form").and_then(Value::as_array_mut) {
        change(parts);
    }
}

pub(super) fn part_added(subject: &Subject<'_>) -> Vec<Mutant> {
    let is_open = subject
        .request_media(is_form)
        .is_none_or(|media| !matches!(media.promise.others(), Others::Unknown));
    if is_open || parts(subject).is_empty() {
        return Vec::new();
    }
    let new = [
        ("parte_nova", json!({"name": "parte_nova", "value": "7"})),
        (
            "arquivo_novo",
            json!({"name": "arquivo_novo", "file": "a.pdf", "content_type": "application/pdf", "bytes": 7}),
        ),
    ];
    let add = |(name, part): (&str, Value)| {
        mutant(subject, "/request/form", (Rule::ParamUndocumented, &below("", name)), |exchange| {
            with_parts(exchange, |parts| parts.push(part));
        })
    };
    new.into_iter().map(add).collect()
}

pub(super) fn part_dropped(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(media) = subject.request_media(is_form) else {
        return Vec::new();
    };
    let parts = parts(subject);
    // `request-body-dropped` covers a form without parts.
    let parts = if parts.len() > 1 { parts } else { Vec::new() };
    let required = parts.into_iter().filter(|(_, name, _)| media.promise.is_required(name));
    required
        .map(|(index, name, _)| {
            let said = (Rule::ParamMissing, below("", name));
            mutant(subject, format!("/request/form/{index}"), (said.0, &said.1), |exchange| {
                with_parts(exchange, |parts| {
                    parts.remove(index);
                });
            })
        })
        .collect()
}

/// Lists the parts that hold one scalar, not an item of a list or an entry of a map.
fn single_parts<'v>(subject: &'v Subject<'_>) -> Vec<(usize, &'v str, &'v Value)> {
    let Some(media) = subject.request_media(is_form) else {
        return Vec::new();
    };
    let is_single = |name: &str| {
        media
            .promise
            .field(name)
            .is_some_and(|field| !field.allows(JsonType::List) && !field.allows(JsonType::Object))
    };
    parts(subject)
        .into_iter()
        .filter(|(_, name, part)| is_single(name) && part.get("value").is_some())
        .collect()
}

pub(super) fn part_twice(subject: &Subject<'_>) -> Vec<Mutant> {
    let double = |(index, name, part): (usize, &str, &Value)| {
        mutant(
            subject,
            format!("/request/form/{index}"),
            (Rule::TypeChanged, &below("", name)),
            |exchange| {
                with_parts(exchange, |parts| parts.push(part.clone()));
            },
        )
    };
    single_parts(subject).into_iter().map(double).collect()
}

/// Renames `anexos[0]` or `anexos[]` to `anexos[primeiro]`, an entry of a map.
pub(super) fn item_with_key(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(media) = subject.request_media(is_form) else {
        return Vec::new();
    };
    let rename = |(index, name, _): (usize, &str, &Value)| {
        let (base, is_within) = base_name(name);
        let field = media.promise.field(base).filter(|_| is_within)?;
        if !field.allows(JsonType::List) || field.allows(JsonType::Object) {
            return None;
        }
        let said = (Rule::TypeChanged, below("", base));
        Some(mutant(
            subject,
            format!("/request/form/{index}/name"),
            (said.0, &said.1),
            |exchange| {
                put(
                    exchange,
                    &format!("/request/form/{index}/name"),
                    json!(format!("{base}[primeiro]")),
                );
            },
        ))
    };
    parts(subject).into_iter().filter_map(rename).collect()
}

pub(super) fn file_for_text(subject: &Subject<'_>) -> Vec<Mutant> {
    let swap = |(index, name, _): (usize, &str, &Value)| {
        let file = json!({"name": name, "file": "a.txt", "content_type": "text/plain", "bytes": 7});
        mutant(
            subject,
            format!("/request/form/{index}"),
            (Rule::TypeChanged, &below("", name)),
            |exchange| {
                put(exchange, &format!("/request/form/{index}"), file);
            },
        )
    };
    single_parts(subject).into_iter().map(swap).collect()
}

pub(super) fn text_for_file(subject: &Subject<'_>) -> Vec<Mutant> {
    let files = parts(subject).into_iter().filter(|(_, _, part)| part.get("file").is_some());
    let swap = |(index, name, _): (usize, &str, &Value)| {
        let (base, is_within) = base_name(name);
        let at = if is_within { format!("/{base}/*") } else { format!("/{base}") };
        // A file is a text with the format `binary`.
        mutant(subject, format!("/request/form/{index}"), (Rule::FormatViolated, &at), |exchange| {
            put(
                exchange,
                &format!("/request/form/{index}"),
                json!({"name": name, "value": "foto.png"}),
            );
        })
    };
    files.map(swap).collect()
}

pub(super) fn too_large(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(most) = subject.operation.max_request_bytes() else {
        return Vec::new();
    };
    let files = parts(subject).into_iter().filter(|(_, _, part)| part.get("file").is_some());
    let grow = |(index, ..): (usize, &str, &Value)| {
        let place = format!("/request/form/{index}/bytes");
        mutant(subject, place.clone(), (Rule::BoundExceeded, ""), |exchange| {
            put(exchange, &place, json!(most + 1))
        })
    };
    files.map(grow).collect()
}
