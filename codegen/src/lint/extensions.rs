//! Complains of `x-*` keywords that are unknown, out of place or badly formed.
//!
//! Unknown extensions in a foreign document pass. Ours are read in any document, so they must
//! always be right.

use serde_json::Value;

use super::{login, paging, probe, webhooks};
use crate::names::pascal;
use prumo_spec::complaint::Complaints;
use prumo_spec::formats::Format;
use prumo_spec::grammar::{Object, ObjectKind, title};
use prumo_spec::openapi::{Envelope, Evidence, Node, Operation, ParameterPlace, Pii, Schema};
use prumo_spec::{below, nearest};

/// Our extensions, and the objects that may have each.
const KNOWN: [(&str, &[ObjectKind]); 16] = [
    ("x-source", &[ObjectKind::Operation, ObjectKind::Schema]),
    ("x-evidence", &[ObjectKind::Schema, ObjectKind::Parameter]),
    ("x-envelope", &[ObjectKind::Document, ObjectKind::Operation]),
    ("x-secret", &[ObjectKind::Parameter]),
    ("x-pii", &[ObjectKind::Schema, ObjectKind::Parameter]),
    ("x-open-enum", &[ObjectKind::Schema]),
    ("x-enum-varnames", &[ObjectKind::Schema]),
    ("x-rate-limit", &[ObjectKind::Document, ObjectKind::Operation]),
    ("x-max-request-bytes", &[ObjectKind::Operation]),
    ("x-probe", &[ObjectKind::Operation]),
    ("x-list-names", &[ObjectKind::Encoding]),
    ("x-paging", &[ObjectKind::Operation]),
    ("x-protocol", &[ObjectKind::Operation]),
    ("x-login", &[ObjectKind::SecurityScheme]),
    ("x-webhooks", &[ObjectKind::Document]),
    ("x-signature", &[ObjectKind::Operation]),
];

/// Lints all extensions of `objects`.
pub(super) fn lint(objects: &[Object<'_>], complaints: &mut Complaints<'_>) {
    let is_list_of_names = |object: &&Object<'_>| {
        matches!(object.kind, ObjectKind::Paths | ObjectKind::Responses | ObjectKind::Callback)
    };
    for object in objects.iter().filter(|object| !is_list_of_names(object)) {
        for (name, extension) in
            object.node.named_children().filter(|(name, _)| name.starts_with("x-"))
        {
            one(object, name, &extension, complaints);
        }
    }
}

/// Lints the extension `name` of `object`.
fn one(object: &Object<'_>, name: &str, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let at = node.at();
    let Some((_, places)) = KNOWN.iter().find(|(known, _)| *known == name) else {
        if complaints.is_house() {
            let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
            complaints.error(at, format!("unknown extension `{name}`"), &meant(name, &known));
        }
        return;
    };
    if !places.contains(&object.kind) {
        complaints.house(at, format!("`{name}` means nothing on {}", title(object.kind)), "");
        return;
    }
    match name {
        "x-source" => sources(node, complaints),
        "x-evidence" => words(node, &Evidence::WORDS.map(|(word, _)| word), name, complaints),
        // An empty list says that no person is in the value.
        "x-pii" if node.value().as_array().is_some_and(Vec::is_empty) => {}
        "x-pii" => words(node, &Pii::WORDS.map(|(word, _)| word), name, complaints),
        "x-envelope" => envelope(object, node, complaints),
        "x-secret" => secret(object, node, complaints),
        "x-open-enum" => open_enum(object, node, complaints),
        "x-enum-varnames" => varnames(&Schema::of(object.node.clone()), at, complaints),
        "x-rate-limit" => rate_limit(node, complaints),
        "x-max-request-bytes" if node.value().as_u64().unwrap_or_default() == 0 => {
            complaints.error(at, "`x-max-request-bytes` must be a positive whole number", "");
        }
        "x-list-names" if node.value() != "indexed" => {
            complaints.error(at, "`x-list-names` must be `indexed`", "leave it out for `name[]`");
        }
        "x-probe" | "x-paging" | "x-protocol" => {
            // The walk of the grammar reports an operation that can't be read.
            if let Some(operation) = node.api().operation_at(object.node.at()) {
                of_operation(&operation, name, node, complaints);
            }
        }
        "x-login" => login::lint(node, complaints),
        "x-webhooks" => webhooks::lint(node, complaints),
        "x-signature" => webhooks::signature(node, complaints),
        _ => {}
    }
}

/// Lints an extension that names parameters or answers of its operation.
fn of_operation(
    operation: &Operation<'_>,
    name: &str,
    node: &Node<'_>,
    complaints: &mut Complaints<'_>,
) {
    match name {
        "x-probe" => probe::lint(operation, node, complaints),
        "x-paging" => paging::lint(node, operation, complaints),
        _ => drop(paging::place(operation, name, node, complaints)),
    }
}

/// Returns a hint at the word that was probably meant.
fn meant(word: &str, known: &[&str]) -> String {
    nearest(word, known).map(|near| format!("did you mean `{near}`?")).unwrap_or_default()
}

fn sources(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let all: Vec<Node<'_>> = match node.value() {
        Value::Array(all) if !all.is_empty() => node.children().collect(),
        _ => vec![node.clone()],
    };
    for one in all {
        let text = |name: &str| Some(one.words(name)).filter(|text| !text.trim().is_empty());
        if text("page").is_none() && text("evidence").is_none() {
            complaints.error(
                one.at(),
                "a source without `page` or `evidence`",
                "say where it was learned",
            );
        }
        match text("date") {
            Some(date) if Format::named("date").is_some_and(|format| format.fits_text(date)) => {}
            Some(_) => {
                complaints.error(&below(one.at(), "date"), "`date` must be a date, YYYY-MM-DD", "");
            }
            None => {
                let hint = "say when it was learned, as YYYY-MM-DD";
                complaints.error(one.at(), "a source without `date`", hint);
            }
        }
        only(&one, &["page", "evidence", "date"], "a source", complaints);
    }
}

/// Complains about members that are not in `known`.
pub(super) fn only(node: &Node<'_>, known: &[&str], title: &str, complaints: &mut Complaints<'_>) {
    for (name, member) in node.named_children().filter(|(name, _)| !known.contains(name)) {
        complaints.error(member.at(), format!("{title} has no `{name}`"), "");
    }
}

fn words(node: &Node<'_>, known: &[&str], name: &str, complaints: &mut Complaints<'_>) {
    let all = match node.value() {
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
            complaints.error(node.at(), format!("`{name}` does not know {one}"), &hint);
        }
    }
}

fn envelope(object: &Object<'_>, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    // Null takes the document's default away.
    let is_off = |node: &Node<'_>| node.value().is_null() && object.kind == ObjectKind::Operation;
    if !node.value().is_object() {
        if !is_off(node) {
            complaints.error(
                node.at(),
                "`x-envelope` must be a mapping, or null on an operation",
                "",
            );
        }
        return;
    }
    for (name, member) in node.named_children() {
        if !Envelope::MEMBERS.contains(&name) {
            let hint = meant(name, &Envelope::MEMBERS);
            complaints.error(member.at(), format!("an envelope has no `{name}`"), &hint);
        } else if is_off(&member) {
            continue;
        } else if let Some(complaint) = Envelope::complaint(name, member.value()) {
            complaints.error(member.at(), complaint, "");
        }
    }
    if object.kind == ObjectKind::Document && node.has("tag") != node.has("success") {
        complaints.error(node.at(), "`tag` and `success` go together", "");
    }
}

fn secret(object: &Object<'_>, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    if !object.node.is_marked("x-secret") {
        complaints.error(
            node.at(),
            "`x-secret` must be `true`",
            "leave it out if the parameter is none",
        );
    }
    if object.node.words("in") != ParameterPlace::Path.word() {
        let hint = "a header or query is a security scheme (apiKey)";
        complaints.error(node.at(), "`x-secret` is for path parameters", hint);
    }
}

fn open_enum(object: &Object<'_>, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    if !node.value().is_boolean() && node.value() != "extensible" {
        let message = "`x-open-enum` must be `true`, `false` or `extensible`";
        complaints.error(node.at(), message, "");
    }
    if !object.node.has("enum") {
        complaints.error(node.at(), "`x-open-enum` without `enum`", "");
    }
    let schema = Schema::of(object.node.clone());
    if schema.is_extensible_enum() && !matches!(schema.type_word(), Some("string" | "integer")) {
        let hint = "write the `type` of its values";
        complaints.error(node.at(), "only an enum of texts or integers is `extensible`", hint);
    }
}

/// Lints `x-enum-varnames`, which other vendors use, too, mostly in capitals: names in a foreign
/// document are recased and numbered, and unnamed values are named after themselves.
fn varnames(schema: &Schema<'_>, at: &str, complaints: &mut Complaints<'_>) {
    let Ok(Some(values)) = schema.values() else {
        complaints.house(at, "`x-enum-varnames` without `enum`", "");
        return;
    };
    let names = schema.variant_names();
    if names.len() != values.len() {
        let message =
            format!("`x-enum-varnames` has {} names for {} values", names.len(), values.len());
        complaints.house(at, message, "the two lists are parallel");
        return;
    }
    if !complaints.is_house() {
        return;
    }
    for (index, name) in names.iter().enumerate() {
        let at = format!("{at}/{index}");
        if pascal(name) != **name || name.ends_with('_') {
            let hint = format!("`{}` is", pascal(name));
            complaints.error(&at, format!("`{name}` is no PascalCase name"), &hint);
        }
        if *name == "Unknown" {
            complaints.error(
                &at,
                "`Unknown` is what keeps an unlisted value",
                "choose another name",
            );
        }
        if names[..index].contains(name) {
            complaints.error(&at, format!("`{name}` names two values"), "");
        }
    }
}

fn rate_limit(node: &Node<'_>, complaints: &mut Complaints<'_>) {
    let is_amount = |name: &str| {
        let number = node.get(name).and_then(Value::as_u64);
        number.is_some_and(|number| number > 0 && u32::try_from(number).is_ok())
    };
    let names = ["requests", "seconds"];
    if !node.named_children().all(|(name, _)| names.contains(&name))
        || !names.into_iter().all(is_amount)
    {
        let message = "`x-rate-limit` must be `{requests, seconds}`, two positive whole numbers";
        complaints.error(node.at(), message, "");
    }
}
