//! Complains of `x-*` keywords that are unknown, out of place or badly formed.
//!
//! Unknown extensions in a foreign document pass. Ours are read in any document, so they must
//! always be right.

use serde_json::Value;

use super::grammar::Node;
use super::vocabulary::Kind;
use super::{login, paging, webhooks};
use crate::names::pascal;
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::formats::Format;
use prumo_spec::openapi::{Envelope, Evidence, Pii, resolve};
use prumo_spec::{OpenApi, nearest};

/// Our extensions, and the objects that may have each.
const KNOWN: [(&str, &[Kind]); 16] = [
    ("x-source", &[Kind::Operation, Kind::Schema]),
    ("x-evidence", &[Kind::Schema, Kind::Parameter]),
    ("x-envelope", &[Kind::Document, Kind::Operation]),
    ("x-secret", &[Kind::Parameter]),
    ("x-pii", &[Kind::Schema, Kind::Parameter]),
    ("x-open-enum", &[Kind::Schema]),
    ("x-enum-varnames", &[Kind::Schema]),
    ("x-rate-limit", &[Kind::Document, Kind::Operation]),
    ("x-max-request-bytes", &[Kind::Operation]),
    ("x-probe", &[Kind::Operation]),
    ("x-list-names", &[Kind::Encoding]),
    ("x-paging", &[Kind::Operation]),
    ("x-protocol", &[Kind::Operation]),
    ("x-login", &[Kind::SecurityScheme]),
    ("x-webhooks", &[Kind::Document]),
    ("x-signature", &[Kind::Operation]),
];

/// Lints all extensions of `nodes`.
pub(super) fn lint(api: OpenApi<'_>, nodes: &[Node<'_>], complaints: &mut Complaints<'_>) {
    for node in nodes {
        for (name, value) in node.value.as_object().into_iter().flatten() {
            if name.starts_with("x-") && !matches!(node.kind, Kind::Paths | Kind::Responses | Kind::Callback)
            {
                extension(api, node, name, value, complaints);
            }
        }
    }
}

fn extension(api: OpenApi<'_>, node: &Node<'_>, name: &str, value: &Value, complaints: &mut Complaints<'_>) {
    let at = below(&node.at, name);
    let Some((_, places)) = KNOWN.iter().find(|(known, _)| *known == name) else {
        if complaints.is_house() {
            let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
            let hint =
                nearest(name, &known).map(|near| format!("did you mean `{near}`?")).unwrap_or_default();
            complaints.error(&at, format!("unknown extension `{name}`"), &hint);
        }
        return;
    };
    if !places.contains(&node.kind) {
        complaints.house(
            &at,
            format!("`{name}` means nothing on {}", super::vocabulary::title(node.kind)),
            "",
        );
        return;
    }
    match name {
        "x-source" => sources(value, &at, complaints),
        "x-evidence" => words(value, &Evidence::WORDS.map(|(word, _)| word), &at, name, complaints),
        "x-pii" => words(value, &Pii::WORDS.map(|(word, _)| word), &at, name, complaints),
        "x-envelope" => envelope(node, value, &at, complaints),
        "x-secret" => secret(node, value, &at, complaints),
        "x-open-enum" => open_enum(node, value, &at, complaints),
        "x-enum-varnames" => varnames(node, value, &at, complaints),
        "x-rate-limit" => rate_limit(value, &at, complaints),
        "x-max-request-bytes" if value.as_u64().unwrap_or_default() == 0 => {
            complaints.error(&at, "`x-max-request-bytes` must be a positive whole number", "");
        }
        "x-list-names" if value != "indexed" => {
            complaints.error(&at, "`x-list-names` must be `indexed`", "leave it out for `name[]`");
        }
        "x-probe" => probe(api.root(), node, value, &at, complaints),
        "x-paging" => paging::lint(api.root(), node, value, &at, complaints),
        "x-protocol" => {
            paging::place(api.root(), node, name, value, &at, complaints);
        }
        "x-login" => login::lint(api, value, &at, complaints),
        "x-webhooks" => webhooks::lint(value, &at, complaints),
        "x-signature" => webhooks::signature(node, value, &at, complaints),
        _ => {}
    }
}

fn sources(value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    let all: Vec<(&Value, String)> = match value {
        Value::Array(all) if !all.is_empty() => {
            all.iter().enumerate().map(|(index, one)| (one, format!("{at}/{index}"))).collect()
        }
        one => vec![(one, at.to_owned())],
    };
    for (one, at) in all {
        let text = |name: &str| one.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        if text("page").is_none() && text("evidence").is_none() {
            complaints.error(&at, "a source without `page` or `evidence`", "say where it was learned");
        }
        match text("date") {
            Some(date) if Format::named("date").is_some_and(|format| format.fits_text(date)) => {}
            Some(_) => complaints.error(&below(&at, "date"), "`date` must be a date, YYYY-MM-DD", ""),
            None => {
                complaints.error(&at, "a source without `date`", "say when it was learned, as YYYY-MM-DD")
            }
        }
        for name in one.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !["page", "evidence", "date"].contains(&name.as_str()) {
                complaints.error(&below(&at, name), format!("a source has no `{name}`"), "");
            }
        }
    }
}

fn words(value: &Value, known: &[&str], at: &str, name: &str, complaints: &mut Complaints<'_>) {
    let all = match value {
        Value::Array(all) if !all.is_empty() => all.iter().collect(),
        one => vec![one],
    };
    for one in all {
        if !one.as_str().is_some_and(|one| known.contains(&one)) {
            let near = one.as_str().and_then(|one| nearest(one, known));
            let hint = near.map_or_else(
                || format!("one or a list of `{}`", known.join("`, `")),
                |near| format!("did you mean `{near}`?"),
            );
            complaints.error(at, format!("`{name}` does not know {one}"), &hint);
        }
    }
}

fn envelope(node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    let Some(members) = value.as_object() else {
        if !(value.is_null() && node.kind == Kind::Operation) {
            complaints.error(at, "`x-envelope` must be a mapping, or null on an operation", "");
        }
        return;
    };
    for (name, value) in members {
        let at = below(at, name);
        if !Envelope::MEMBERS.contains(&name.as_str()) {
            let hint = nearest(name, &Envelope::MEMBERS)
                .map(|near| format!("did you mean `{near}`?"))
                .unwrap_or_default();
            complaints.error(&at, format!("an envelope has no `{name}`"), &hint);
        } else if value.is_null() && node.kind == Kind::Operation {
            // Takes the default away.
        } else if let Some(complaint) = Envelope::complaint(name, value) {
            complaints.error(&at, complaint, "");
        }
    }
    if node.kind == Kind::Document && members.contains_key("tag") != members.contains_key("success") {
        complaints.error(at, "`tag` and `success` go together", "");
    }
}

fn secret(node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    if value != &Value::Bool(true) {
        complaints.error(at, "`x-secret` must be `true`", "leave it out if the parameter is none");
    }
    if node.value.get("in").and_then(Value::as_str) != Some("path") {
        complaints.error(
            at,
            "`x-secret` is for path parameters",
            "a header or query is a security scheme (apiKey)",
        );
    }
}

fn open_enum(node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    if !value.is_boolean() {
        complaints.error(at, "`x-open-enum` must be `true` or `false`", "");
    }
    if node.value.get("enum").is_none() {
        complaints.error(at, "`x-open-enum` without `enum`", "");
    }
}

/// Lints `x-enum-varnames`, which other vendors use, too, mostly in capitals: names in a foreign
/// document are recased and numbered, and unnamed values are named after themselves.
fn varnames(node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    let Some(values) = node.value.get("enum").and_then(Value::as_array) else {
        complaints.house(at, "`x-enum-varnames` without `enum`", "");
        return;
    };
    let names: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names.len() != values.len() {
        let message = format!("`x-enum-varnames` has {} names for {} values", names.len(), values.len());
        complaints.house(at, message, "the two lists are parallel");
        return;
    }
    if !complaints.is_house() {
        return;
    }
    for (index, name) in names.iter().enumerate() {
        let at = format!("{at}/{index}");
        if pascal(name) != **name || name.ends_with('_') {
            complaints.error(
                &at,
                format!("`{name}` is no PascalCase name"),
                &format!("`{}` is", pascal(name)),
            );
        }
        if *name == "Unknown" {
            complaints.error(&at, "`Unknown` is what keeps an unlisted value", "choose another name");
        }
        if names[..index].contains(name) {
            complaints.error(&at, format!("`{name}` names two values"), "");
        }
    }
}

fn rate_limit(value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    let positive = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_u64)
            .is_some_and(|number| number > 0 && u32::try_from(number).is_ok())
    };
    let known = value
        .as_object()
        .is_some_and(|members| members.keys().all(|key| key == "requests" || key == "seconds"));
    if !(known && positive("requests") && positive("seconds")) {
        complaints.error(at, "`x-rate-limit` must be `{requests, seconds}`, two positive whole numbers", "");
    }
}

fn probe(root: &Value, node: &Node<'_>, value: &Value, at: &str, complaints: &mut Complaints<'_>) {
    if !value.get("safe").is_some_and(Value::is_boolean) {
        complaints.error(at, "`x-probe` must say `safe: true` or `safe: false`", "");
    }
    for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
        if !["safe", "parameters"].contains(&name.as_str()) {
            complaints.error(&below(at, name), format!("a probe has no `{name}`"), "");
        }
    }
    let declared = parameters(root, node);
    let given = value.get("parameters").and_then(Value::as_object);
    for name in given.into_iter().flatten().map(|(name, _)| name) {
        let found =
            declared.iter().find(|parameter| parameter.get("name").and_then(Value::as_str) == Some(name));
        let at = below(&below(at, "parameters"), name);
        match found {
            None => complaints.error(&at, format!("the operation has no parameter `{name}`"), ""),
            Some(parameter) if parameter.get("x-secret").is_some() => {
                complaints.error(&at, "a secret does not stand in a spec", "it comes from the environment");
            }
            Some(_) => {}
        }
    }
}

/// Returns the parameters of the operation `node`, including those of its path.
pub(super) fn parameters<'d>(root: &'d Value, node: &Node<'d>) -> Vec<&'d Value> {
    let parent = node.at.rfind('/').and_then(|cut| root.pointer(&node.at[..cut]));
    let lists = [parent.and_then(|item| item.get("parameters")), node.value.get("parameters")];
    let all = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
    all.filter_map(|parameter| resolve(root, parameter, "").map(|(parameter, _)| parameter)).collect()
}
