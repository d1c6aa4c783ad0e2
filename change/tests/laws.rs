//! Tests laws that hold for any document: the same one has no change, and none makes the comparison
//! panic or run forever.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

use proptest::prelude::*;
use prumo_change::report::FORMATS;
use prumo_change::{Changes, compare};
use prumo_spec::{Document, OpenApi, SpecError};
use serde_json::{Value, json};

const BASE: &str = include_str!("rules/base.yaml");

/// Makes any schema, also one that is nonsense, that refers to three components.
fn schema() -> impl Strategy<Value = Value> {
    let reference = prop::sample::select(vec!["A", "B", "C"])
        .prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let kinds = vec!["string", "integer", "number", "boolean", "array", "object"];
    let scalar = (prop::sample::select(kinds), any::<bool>(), 0..4_u8).prop_map(
        |(kind, is_nullable, bound)| match bound {
            0 => json!({"type": kind, "nullable": is_nullable}),
            1 => json!({"type": kind, "maximum": 3, "minLength": 2, "default": 1}),
            2 => json!({"type": kind, "enum": [1, "a", null]}),
            _ => json!({"format": "uuid", "pattern": "a", "deprecated": is_nullable}),
        },
    );
    let leaf = prop_oneof![reference, scalar, Just(json!({}))];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let members = prop::collection::btree_map("[a-c]", inner.clone(), 0..3);
        let list = prop::collection::vec(inner.clone(), 1..3);
        let names = prop::collection::vec("[a-c]", 0..3);
        prop_oneof![
            (members, names)
                .prop_map(|(members, names)| json!({"properties": members, "required": names})),
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            inner.prop_map(|one| json!({"type": "object", "additionalProperties": one})),
            (list, prop::sample::select(vec!["allOf", "oneOf", "anyOf"]))
                .prop_map(|(list, how)| json!({how: list})),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    (schema(), schema(), schema(), schema()).prop_map(|(a, b, c, sent)| {
        let body = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
        let mut response = body(json!({"$ref": "#/components/schemas/A"}));
        response["description"] = json!("ok");
        json!({
            "openapi": "3.0.3",
            "info": {"title": "A", "version": "1"},
            "paths": {"/a": {"post": {
                "operationId": "a",
                "requestBody": body(sent),
                "responses": {"200": response},
            }}},
            "components": {"schemas": {"A": a, "B": b, "C": c}},
        })
    })
}

fn compared(old: &str, new: &str) -> Result<Changes, SpecError> {
    let old = Document::parse("old.json", old).unwrap();
    let new = Document::parse("new.json", new).unwrap();
    compare(OpenApi::new(&old), OpenApi::new(&new))
}

proptest! {
    #[test]
    fn a_document_has_no_change_from_itself(document in document()) {
        let text = document.to_string();
        if let Ok(changes) = compared(&text, &text) {
            prop_assert!(changes.is_empty(), "{changes:?}");
        }
    }

    #[test]
    fn any_two_documents_can_be_compared_and_reported(old in document(), new in document()) {
        let (old, new) = (old.to_string(), new.to_string());
        if let Ok(changes) = compared(&old, &new) {
            let again = compared(&old, &new).unwrap();
            for format in FORMATS {
                prop_assert_eq!((format.write)(&changes), (format.write)(&again));
            }
        }
    }

    #[test]
    fn a_document_without_one_of_its_members_does_not_panic(index in 0..800_usize) {
        let whole = Document::parse("base.yaml", BASE).unwrap();
        let mut value = whole.value().clone();
        remove(&mut value, index);
        let (old, new) = (whole.value().to_string(), value.to_string());
        let _ = compared(&old, &new);
        let _ = compared(&new, &old);
    }
}

/// Removes the member of this index, counted through the whole document.
fn remove(value: &mut Value, index: usize) {
    let pointers: Vec<String> = {
        let document = Document::parse("a.json", &value.to_string()).unwrap();
        OpenApi::new(&document).node().everything().map(|node| node.at().to_owned()).collect()
    };
    let Some(pointer) = pointers.get(index % pointers.len()) else { return };
    let Some((holder, name)) = pointer.rsplit_once('/') else { return };
    let name = name.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(holder) {
        Some(Value::Object(members)) => drop(members.shift_remove(&name)),
        Some(Value::Array(items)) => drop(name.parse().map(|index: usize| items.remove(index))),
        _ => (),
    }
}
