//! The passes, one after the other, on small documents.

mod answers;
mod hoist;
mod rename;
mod requests;
mod unions;

use serde_json::{Value, json};

use super::{Draft, EnumKind, prepare};
use crate::spec::Spec;
use prumo_spec::complaint::Complaints;

/// Prepares a document with `paths` and `components`, and asserts that it has no error.
fn prepared(paths: Value, components: Value) -> Draft {
    prepared_with(json!({}), paths, components)
}

fn prepared_with(root: Value, paths: Value, components: Value) -> Draft {
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Alfa", "version": "1"},
        "paths": paths,
        "components": components,
    });
    for (key, value) in root.as_object().unwrap() {
        document[key] = value.clone();
    }
    let spec = Spec::of_text("alfa", "specs/alfa.json", &document.to_string()).unwrap();
    let mut complaints = Complaints::new(&spec.document, spec.is_house());
    let draft = prepare(&spec, &mut complaints);
    assert!(!complaints.has_errors(), "{:#?}", complaints.finish());
    draft
}

fn get(schema: Value) -> Value {
    json!({"/a": {"get": {"operationId": "ler", "responses": {
        "200": {"description": "", "content": {"application/json": {"schema": schema}}},
    }}}})
}

#[test]
fn formats_refer_to_scalars_of_the_runtime() {
    let draft = prepared(
        get(json!({"type": "object", "properties": {
            "dia": {"type": "string", "format": "br-date", "minLength": 10, "x-pii": "name"},
            "id": {"format": "int-or-string", "nullable": true},
            "uuid": {"type": "string", "format": "uuid"},
            "n": {"type": "integer", "format": "int32", "minimum": 1},
        }})),
        json!({}),
    );
    let fields = &draft.schemas["LerResponse"]["properties"];
    assert_eq!(fields["dia"]["allOf"][0]["$ref"], "#/components/schemas/PrumoBrDate");
    assert_eq!(fields["id"]["allOf"][0]["$ref"], "#/components/schemas/PrumoIntOrString");
    assert_eq!(fields["id"]["nullable"], true);
    assert_eq!(fields["uuid"], json!({"type": "string"}));
    assert_eq!(
        fields["n"],
        json!({"type": "integer", "format": "int32", "description": "Promised: at least 1."})
    );
}

#[test]
fn what_is_unknown_is_kept_in_answers_only() {
    let draft = prepared(
        json!({"/a": {"post": {
            "operationId": "criar",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Novo"}}}},
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Feito"}}}}},
        }}}),
        json!({"schemas": {
            "Novo": {"type": "object", "properties": {"id": {"type": "integer", "readOnly": true}, "l": {"type": "array", "items": {}}}, "required": ["id"]},
            "Feito": {"type": "object", "properties": {"senha": {"type": "string", "writeOnly": true}, "l": {"type": "array", "items": {}}}, "required": ["senha"]},
        }}),
    );
    assert_eq!(draft.schemas["Novo"].get("additionalProperties"), None);
    assert_eq!(draft.schemas["Novo"]["required"], json!([]), "what is only read is not sent");
    assert_eq!(draft.schemas["Novo"]["properties"]["l"].get("nullable"), None);
    assert_eq!(draft.schemas["Feito"]["additionalProperties"], json!({}));
    assert_eq!(draft.schemas["Feito"]["required"], json!([]), "what is only sent does not come");
    assert_eq!(draft.schemas["Feito"]["properties"]["l"]["nullable"], true);
}

#[test]
fn a_vendors_words_become_text() {
    let cases = [
        ("a <b> & [c]", r"a \<b\> \& \[c\]"),
        ("    indented", "indented"),
        ("```\nlet x = 1;\n```", "let x = 1;"),
        ("code `Vec<T>` stays", "code `Vec<T>` stays"),
        ("one ` alone", r"one \` alone"),
        ("see https://a.example/x_y?z=[1].", r"see <https://a.example/x_y?z=>\[1\]."),
        ("# no heading", r"\# no heading"),
        ("snake_case and _em_", r"snake_case and \_em\_"),
        ("a\n\n\n\nb", "a\n\nb"),
    ];
    for (text, expected) in cases {
        assert_eq!(super::escaped(text), expected, "text `{text}`");
    }
}

#[test]
fn source_and_evidence_are_documented() {
    let draft = prepared(
        get(json!({"type": "object", "properties": {"id": {
            "type": "string", "description": "The id.", "x-evidence": ["documented", "observed"], "maxLength": 8,
            "x-source": {"page": "https://a.example/p", "date": "2026-11-22"},
        }}})),
        json!({}),
    );
    assert_eq!(
        draft.schemas["LerResponse"]["properties"]["id"]["description"],
        "The id.\n\nPromised: at most 8 characters.\n\nEvidence: documented, observed.\n\n\
         Source: <https://a.example/p>, 2026-11-22."
    );
}

#[test]
fn enums_are_named_each_once() {
    let draft = prepared(
        get(json!({"type": "object", "properties": {
            "a": {"type": "string", "enum": ["+1", "-1", "laugh", "Laugh", "unknown", "", "self", "*", null]},
            "b": {"type": "integer", "enum": [1, -2], "x-enum-varnames": ["One", "MinusTwo"]},
            "c": {"type": "integer", "format": "int-or-string", "enum": [3], "x-open-enum": false},
            "d": {"type": "integer", "enum": [1, 2, 3], "x-enum-varnames": ["NOT_OK", "not-ok"]},
        }})),
        json!({}),
    );
    let names = |index: usize| -> Vec<&str> {
        draft.enums[index].variants.iter().map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(
        names(0),
        ["Plus1", "Minus1", "Laugh", "LaughCapital", "UnknownValue", "Empty", "Self_", "Sign2A"]
    );
    assert_eq!(names(1), ["One", "MinusTwo"]);
    assert_eq!(names(3), ["NotOk", "NotOk2", "Value3"]);
    let kinds: Vec<(EnumKind, bool)> = draft.enums.iter().map(|one| (one.kind, one.open)).collect();
    assert_eq!(
        kinds,
        [
            (EnumKind::Text, true),
            (EnumKind::Integer, true),
            (EnumKind::IntegerOrText, false),
            (EnumKind::Integer, true)
        ]
    );
}
