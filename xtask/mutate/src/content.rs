//! Mutates query parameters whose text is JSON (`content`).

use prumo_drift::{Rule, below};
use serde_json::{Value, json};

use super::mutant::{Mutant, with};
use super::operation::Parameter;
use super::promise::{JsonType, Others};
use super::site::Slot;
use super::subject::Subject;

/// Lists the recorded query parameters whose text is JSON, with their values.
fn recorded<'s>(subject: &Subject<'s>) -> Vec<(Parameter<'s>, Value)> {
    if subject.is_refusal {
        return Vec::new();
    }
    let parameters = subject.operation.parameters().into_iter();
    let of_content = parameters.filter(|parameter| parameter.is_json && parameter.place == "query");
    of_content
        .filter_map(|parameter| {
            let text =
                subject.exchange.pointer(&below("/request/query", parameter.name))?.as_str()?;
            Some((parameter, serde_json::from_str(text).ok()?))
        })
        .collect()
}

/// Makes a mutant with another JSON value for the parameter.
fn mutant(subject: &Subject<'_>, name: &str, text: String, (rule, within): (Rule, &str)) -> Mutant {
    let slot = Slot::Query { name: name.to_owned(), index: 0, separator: None };
    let at = format!("/query/{name}{within}");
    let expected = vec![subject.request_ground().expect(rule, &at, None)];
    Mutant::new(format!("/request{at}"), &with(&subject.exchange, &slot, text.into()), expected)
}

pub(super) fn retyped(subject: &Subject<'_>) -> Vec<Mutant> {
    let others = [(JsonType::Int, "7"), (JsonType::List, "[true]"), (JsonType::Text, "palavra")];
    let of_one = |(parameter, _): &(Parameter<'_>, Value)| -> Vec<Mutant> {
        let others = others.iter().filter(|(kind, _)| !parameter.promise.allows(*kind));
        let rule = (Rule::TypeChanged, "");
        others.map(|(_, text)| mutant(subject, parameter.name, (*text).to_owned(), rule)).collect()
    };
    recorded(subject).iter().flat_map(of_one).collect()
}

pub(super) fn member_added(subject: &Subject<'_>) -> Vec<Mutant> {
    let of_one = |(parameter, value): (Parameter<'_>, Value)| {
        let mut members = value.as_object()?.clone();
        if !matches!(parameter.promise.others(), Others::Unknown) {
            return None;
        }
        members.insert("campo_novo".to_owned(), json!(7));
        let text = Value::from(members).to_string();
        Some(mutant(subject, parameter.name, text, (Rule::FieldUndocumented, "/campo_novo")))
    };
    recorded(subject).into_iter().filter_map(of_one).collect()
}

pub(super) fn member_dropped(subject: &Subject<'_>) -> Vec<Mutant> {
    let of_one = |(parameter, value): &(Parameter<'_>, Value)| -> Vec<Mutant> {
        let members = value.as_object().into_iter();
        let without = |(members, name): (&serde_json::Map<String, Value>, &String)| {
            let mut fewer = members.clone();
            fewer.shift_remove(name);
            let text = Value::from(fewer).to_string();
            mutant(subject, parameter.name, text, (Rule::FieldMissing, &below("", name)))
        };
        let required = members.flat_map(|members| members.keys().map(move |name| (members, name)));
        required.filter(|(_, name)| parameter.promise.is_required(name)).map(without).collect()
    };
    recorded(subject).iter().flat_map(of_one).collect()
}
