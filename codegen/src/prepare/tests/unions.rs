//! The branches of unions without a tag.

use serde_json::{Value, json};

use super::get;
use crate::prepare::{Draft, prepare};
use crate::spec::Spec;
use prumo_spec::complaint::Complaints;

/// Prepares a foreign document whose response is a union of these branches.
fn draft(branches: &[Value]) -> Draft {
    let text = json!({
        "openapi": "3.0.3",
        "info": {"title": "Alfa", "version": "1"},
        "paths": get(json!({"anyOf": branches})),
    });
    let spec = Spec::of_text("alfa", "a.json", &text.to_string()).unwrap();
    let mut complaints = Complaints::new(&spec.document, false);
    let draft = prepare(&spec, &mut complaints);
    assert!(!complaints.has_errors(), "{:#?}", complaints.finish());
    draft
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

/// A name, two branches, and whether they are told apart.
type Row = (&'static str, [Value; 2], bool);

fn text() -> Value {
    json!({"type": "string"})
}

fn word(word: &str) -> Value {
    json!({"type": "string", "enum": [word]})
}

/// Pairs of objects.
fn objects() -> Vec<Row> {
    vec![
        (
            "keys",
            [object(&["a"], json!({"a": text()})), object(&["b"], json!({"b": text()}))],
            true,
        ),
        (
            "more keys",
            [
                object(&["a"], json!({"a": text()})),
                object(&["a", "b"], json!({"a": text(), "b": text()})),
            ],
            true,
        ),
        (
            "optional keys",
            [object(&[], json!({"a": text()})), object(&[], json!({"b": text()}))],
            false,
        ),
        (
            "the same keys",
            [
                object(&["a"], json!({"a": text()})),
                object(&["a"], json!({"a": text(), "b": text()})),
            ],
            false,
        ),
        (
            "a constant or any text",
            [object(&["a"], json!({"a": word("x")})), object(&["a"], json!({"a": text()}))],
            true,
        ),
        (
            "constants that overlap",
            [object(&["a"], json!({"a": word("x")})), object(&["a"], json!({"a": word("x")}))],
            false,
        ),
        (
            "members of two kinds",
            [
                object(&["a"], json!({"a": text()})),
                object(&["a"], json!({"a": {"type": "integer"}})),
            ],
            true,
        ),
        (
            "a member that may be null in both",
            [
                object(&["a"], json!({"a": {"type": "string", "nullable": true}})),
                object(&["a"], json!({"a": {"type": "integer", "nullable": true}})),
            ],
            false,
        ),
    ]
}

/// Pairs of which at least one is no object with names.
fn other_kinds() -> Vec<Row> {
    let list = |items: Value| json!({"type": "array", "items": items});
    let map = || json!({"type": "object", "additionalProperties": text()});
    vec![
        ("a text or an object", [text(), object(&["a"], json!({"a": text()}))], true),
        ("two lists", [list(text()), list(json!({"type": "integer"}))], true),
        ("two lists of alike", [list(text()), list(word("a"))], false),
        (
            "two lists of objects",
            [
                list(object(&["a"], json!({"a": text()}))),
                list(object(&["b"], json!({"b": text()}))),
            ],
            true,
        ),
        ("a map and an object", [map(), object(&["a"], json!({"a": text()}))], false),
        ("anything", [json!({}), text()], false),
    ]
}

#[test]
fn a_union_is_typed_if_its_branches_are_told_apart() {
    for (name, [left, right], are_apart) in objects().into_iter().chain(other_kinds()) {
        for branches in [[left.clone(), right.clone()], [right, left]] {
            let draft = draft(&branches);
            assert_eq!(draft.schemas.contains_key("LerResponse"), are_apart, "case `{name}`");
        }
    }
}

/// A union with a branch that becomes untyped takes anything, so it becomes untyped, too.
#[test]
fn a_union_around_an_ambiguous_one_is_ambiguous() {
    let vague = json!({"anyOf": [object(&[], json!({"a": {}})), object(&[], json!({"b": {}}))]});
    let clear =
        json!({"anyOf": [object(&["a"], json!({"a": {}})), object(&["b"], json!({"b": {}}))]});
    for (inner, is_typed) in [(vague, false), (clear, true)] {
        let draft = draft(&[inner, object(&["c"], json!({"c": {}}))]);
        assert_eq!(draft.schemas.contains_key("LerResponse"), is_typed);
    }
}
