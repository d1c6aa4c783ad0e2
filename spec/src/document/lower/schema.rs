//! Rewrites a schema of JSON Schema 2020-12 in the keywords of OpenAPI 3.0.
//!
//! The schemas inside it are rewritten already.

use serde_json::Value;

use crate::document::tree::{Held, Members, Tree};

/// The keywords that restrict only values of one type. A list of types becomes branches, and each
/// takes the keywords of its type.
const OF_TYPE: [(&str, &[&str]); 5] = [
    (
        "string",
        &["minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"],
    ),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ("integer", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    (
        "object",
        &["properties", "required", "additionalProperties", "minProperties", "maxProperties"],
    ),
];

/// Rewrites a schema that is only a flag: `true` takes any value, `false` none.
pub(super) fn unflagged(tree: &mut Tree) {
    let Some(Value::Bool(takes_any)) = tree.as_scalar() else { return };
    let mut members = Members::default();
    if !takes_any {
        members.set("not", tree.beside(Held::Mapping(Members::default())));
    }
    tree.held = Held::Mapping(members);
}

/// Rewrites the members of a schema.
pub(super) fn lower(members: &mut Members) {
    exclusive(members, "exclusiveMinimum", "minimum", f64::gt);
    exclusive(members, "exclusiveMaximum", "maximum", f64::lt);
    constant(members);
    content(members);
    tuple(members);
    patterned(members);
    unevaluated(members);
    types(members);
    null_branch(members, "oneOf");
    null_branch(members, "anyOf");
    example(members);
    annotated_reference(members);
}

/// Turns an exclusive bound into a flag beside the bound, if it is the narrower of the two.
fn exclusive(members: &mut Members, name: &str, bound: &str, narrower: fn(&f64, &f64) -> bool) {
    let number = |tree: &Tree| tree.as_scalar().and_then(Value::as_f64);
    let Some(limit) = members.get(name).and_then(number) else { return };
    let Some(written) = members.take(name) else { return };
    if members.get(bound).and_then(number).is_some_and(|other| narrower(&other, &limit)) {
        return;
    }
    let flag = written.scalar(true);
    members.set(bound, written);
    members.set(name, flag);
}

/// Turns `const` into an enum of one value.
fn constant(members: &mut Members) {
    let Some(value) = members.take("const") else { return };
    let list = value.place.clone();
    let list = Tree { place: list, held: Held::List(vec![value]) };
    if !members.has("enum") {
        return members.set("enum", list);
    }
    let mut part = Members::default();
    let place = list.place.clone();
    part.set("enum", list);
    members.add_to("allOf", Tree { place, held: Held::Mapping(part) });
}

/// Turns the encoding of a text into a format.
fn content(members: &mut Members) {
    let text = |name: &str| members.get(name).and_then(Tree::as_text).map(str::to_owned);
    let format = match (text("contentEncoding").as_deref(), text("contentMediaType")) {
        (Some("base64"), _) => "byte",
        (None, Some(media)) if !media.contains("json") && !media.starts_with("text/") => "binary",
        _ => return,
    };
    let encoding = members.take("contentEncoding");
    let media = members.take("contentMediaType");
    let Some(written) = encoding.or(media) else { return };
    if members.has("format") {
        return;
    }
    members.set("format", written.scalar(format));
    if !members.has("type") {
        members.set("type", written.scalar("string"));
    }
}

/// Turns the schemas of the first items into alternatives of every item. `prefixItems` stays, since
/// which item fits which is not judged.
fn tuple(members: &mut Members) {
    let Some(first) = members.get("prefixItems") else { return };
    let Some(schemas) = first.as_list() else { return };
    let first = first.scalar(schemas.len());
    let mut branches = schemas.clone();
    // Without `items`, what follows the first ones may be anything.
    let Some(rest) = members.take("items") else { return };
    if !is_nothing(&rest) {
        branches.push(rest);
    } else if !members.has("maxItems") {
        members.set("maxItems", first.clone());
    }
    let mut items = Members::default();
    items.set("anyOf", first.beside(Held::List(branches)));
    members.set("items", first.beside(Held::Mapping(items)));
}

/// Returns whether no value fits.
fn is_nothing(schema: &Tree) -> bool {
    let is_any = |not: &Tree| not.as_mapping().is_some_and(|members| members.0.is_empty());
    match &schema.held {
        Held::Scalar(flag) => *flag == Value::Bool(false),
        Held::Mapping(members) => members.0.len() == 1 && members.get("not").is_some_and(is_any),
        Held::List(_) => false,
    }
}

/// Takes back a limit on unnamed members where `patternProperties` names some. The keyword stays,
/// since it is not judged.
fn patterned(members: &mut Members) {
    if members.has("patternProperties") {
        members.take("additionalProperties");
    }
}

/// Turns `unevaluatedProperties` into `additionalProperties` where only `properties` evaluate
/// members.
fn unevaluated(members: &mut Members) {
    let others = [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "dependentSchemas",
        "if",
        "not",
        "oneOf",
        "patternProperties",
    ];
    if members.has("properties") && !others.iter().any(|name| members.has(name)) {
        if let Some(rest) = members.take("unevaluatedProperties") {
            members.set("additionalProperties", rest);
        }
    }
}

/// Turns a list of types into one type, `nullable` and branches.
fn types(members: &mut Members) {
    let names = match members.get("type").map(|tree| &tree.held) {
        Some(Held::List(items)) => {
            items.iter().filter_map(Tree::as_text).map(str::to_owned).collect()
        }
        Some(Held::Scalar(Value::String(name))) if name == "null" => vec![name.clone()],
        _ => return,
    };
    let Some(written) = members.take("type") else { return };
    let mut names: Vec<String> = names;
    names.dedup();
    let n_all = names.len();
    names.retain(|name| name != "null");
    let is_nullable = names.len() < n_all;
    // Every integer is a number.
    if names.iter().any(|name| name == "number") {
        names.retain(|name| name != "integer");
    }
    match names.as_slice() {
        [] => return only_null(members, &written),
        [one] => members.set("type", written.scalar(one.as_str())),
        _ if members.has("enum") => only_of(members, &names, is_nullable),
        _ => branches(members, &names, &written),
    }
    if is_nullable {
        members.set("nullable", written.scalar(true));
    }
}

/// Restricts a schema to null.
fn only_null(members: &mut Members, written: &Tree) {
    if !members.has("enum") {
        members.set("enum", written.beside(Held::List(vec![written.scalar(Value::Null)])));
    }
    members.set("nullable", written.scalar(true));
}

/// Leaves the values of an enum that are of these types, which state the types as well.
fn only_of(members: &mut Members, names: &[String], is_nullable: bool) {
    let fits = |value: &Tree| match &value.held {
        Held::Scalar(Value::Null) => is_nullable,
        held => names.iter().any(|name| is_of(held, name)),
    };
    let list = members.0.iter_mut().find(|(name, _)| name == "enum");
    if let Some((_, Tree { held: Held::List(values), .. })) = list {
        values.retain(fits);
    }
}

fn is_of(held: &Held, name: &str) -> bool {
    match (held, name) {
        (Held::Scalar(Value::String(_)), "string")
        | (Held::Scalar(Value::Bool(_)), "boolean")
        | (Held::Scalar(Value::Number(_)), "number")
        | (Held::List(_), "array")
        | (Held::Mapping(_), "object") => true,
        (Held::Scalar(Value::Number(number)), "integer") => {
            number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

/// Makes a branch of each type, with the keywords that restrict only its values.
fn branches(members: &mut Members, names: &[String], written: &Tree) {
    let mut branches = Vec::new();
    for name in names {
        let mut branch = Members::default();
        branch.set("type", written.scalar(name.as_str()));
        for keyword in OF_TYPE.iter().filter(|(of, _)| of == name).flat_map(|(_, all)| *all) {
            if let Some(member) = members.take(keyword) {
                branch.set(keyword, member);
            }
        }
        branches.push(written.beside(Held::Mapping(branch)));
    }
    let branches = written.beside(Held::List(branches));
    if !members.has("anyOf") {
        return members.set("anyOf", branches);
    }
    let mut part = Members::default();
    part.set("anyOf", branches);
    members.add_to("allOf", written.beside(Held::Mapping(part)));
}

/// Turns a branch that takes only null into `nullable`.
fn null_branch(members: &mut Members, name: &str) {
    let Some(Tree { held: Held::List(branches), .. }) = members.get(name) else { return };
    let n_all = branches.len();
    if n_all < 2 || !branches.iter().any(is_null) {
        return;
    }
    let Some(mut written) = members.take(name) else { return };
    let Held::List(branches) = &mut written.held else { return };
    branches.retain(|branch| !is_null(branch));
    let flag = written.scalar(true);
    let is_one = matches!(&written.held, Held::List(branches) if branches.len() == 1);
    // A reference with `nullable` beside it is written as an `allOf` of one.
    let name = if is_one && !members.has("allOf") { "allOf" } else { name };
    members.set(name, written);
    members.set("nullable", flag);
}

/// Returns whether a branch takes only null.
fn is_null(branch: &Tree) -> bool {
    let Some(members) = branch.as_mapping() else { return false };
    let values = members.get("enum").and_then(Tree::as_list);
    values.is_some_and(
        |values| matches!(values.as_slice(), [one] if one.as_scalar() == Some(&Value::Null)),
    )
}

/// Takes the first of several examples.
fn example(members: &mut Members) {
    let Some(Tree { held: Held::List(_), .. }) = members.get("examples") else { return };
    let Some(Tree { held: Held::List(examples), .. }) = members.take("examples") else { return };
    if let Some(first) = examples.into_iter().next().filter(|_| !members.has("example")) {
        members.set("example", first);
    }
}

/// Moves a reference with keywords beside it into an `allOf`, where it can have them.
fn annotated_reference(members: &mut Members) {
    if members.0.len() < 2 {
        return;
    }
    let Some(reference) = members.take("$ref") else { return };
    let place = reference.place.clone();
    let mut part = Members::default();
    part.set("$ref", reference);
    let part = Tree { place, held: Held::Mapping(part) };
    members.add_to("allOf", part);
}
