//! Inline schemas get names.

use serde_json::{Value, json};

use super::{get, prepared};
use crate::prepare::Success;

#[test]
fn inline_schemas_get_names() {
    let draft = prepared(
        get(json!({"type": "object", "properties": {
            "dono": {"type": "object", "properties": {"nome": {"type": "string"}}},
            "cores": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
            "mapa": {"type": "object", "additionalProperties": {"type": "object", "properties": {"x": {}}}},
        }})),
        json!({}),
    );
    let names: Vec<&String> = draft.schemas.keys().collect();
    assert_eq!(
        names,
        ["LerResponse", "LerResponseDono", "LerResponseCoresItem", "LerResponseMapaValue"]
    );
}

#[test]
fn what_has_no_type_of_its_own_is_followed() {
    let draft = prepared(
        get(json!({"$ref": "#/components/schemas/Lista"})),
        json!({"schemas": {
            "Lista": {"type": "array", "items": {"$ref": "#/components/schemas/Texto"}},
            "Texto": {"$ref": "#/components/schemas/Curto"},
            "Curto": {"type": "string", "maxLength": 3},
        }}),
    );
    assert!(draft.schemas.is_empty(), "{:?}", draft.schemas);
    assert_eq!(
        draft.operations[0].success,
        Success::Json(json!({"type": "array", "items": {
            "type": "string", "description": "Promised: at most 3 characters.",
        }}))
    );
}

#[test]
fn all_of_is_merged() {
    let draft = prepared(
        get(json!({"$ref": "#/components/schemas/Gato"})),
        json!({"schemas": {
            "Animal": {"type": "object", "required": ["nome"], "properties": {"nome": {"type": "string"}}},
            "Gato": {"allOf": [
                {"$ref": "#/components/schemas/Animal"},
                {"type": "object", "required": ["vidas"], "properties": {"vidas": {"type": "integer"}}},
            ]},
        }}),
    );
    let gato = &draft.schemas["Gato"];
    assert_eq!(gato["required"], json!(["nome", "vidas"]));
    let fields: Vec<&String> = gato["properties"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["nome", "vidas"]);
}

#[test]
fn a_recursive_type_is_kept() {
    let draft = prepared(
        get(json!({"$ref": "#/components/schemas/No"})),
        json!({"schemas": {"No": {"type": "object", "properties": {
            "filhos": {"type": "array", "items": {"$ref": "#/components/schemas/No"}},
        }}}}),
    );
    assert_eq!(
        draft.schemas["No"]["properties"]["filhos"]["items"]["allOf"],
        json!([{"$ref": "#/components/schemas/No"}])
    );
}

#[test]
fn a_union_is_told_apart_by_its_discriminator() {
    let kind = |field: &str| json!({"type": "object", "required": ["tipo"], "properties": {"tipo": {"type": "string"}, field: {}}});
    let draft = prepared(
        get(json!({
            "oneOf": [{"$ref": "#/components/schemas/Cao"}, {"$ref": "#/components/schemas/Gato"}],
            "discriminator": {"propertyName": "tipo", "mapping": {"c": "#/components/schemas/Cao"}},
        })),
        json!({"schemas": {"Cao": kind("osso"), "Gato": kind("rato")}}),
    );
    let tags: Vec<(&str, bool, &Value)> =
        draft.enums.iter().map(|one| (one.name.as_str(), one.open, &one.variants[0].1)).collect();
    assert_eq!(tags, [("CaoTipoTag", false, &json!("c")), ("GatoTipoTag", false, &json!("Gato"))]);
}

#[test]
fn an_object_or_the_empty_list_is_a_type_of_the_runtime() {
    let empty = json!({"type": "array", "items": {}, "maxItems": 0});
    let dono = json!({"$ref": "#/components/schemas/Dono"});
    let map = |values: Value| json!({"type": "object", "additionalProperties": values});
    let dia = json!({"type": "string", "format": "br-date", "nullable": true});
    let draft = prepared(
        get(json!({"type": "object", "properties": {
            "dono": {"nullable": true, "oneOf": [dono, empty]},
            "ao_contrario": {"oneOf": [empty, dono]},
            "dias": {"oneOf": [map(json!({"type": "array", "items": dia})), empty]},
            "fundo": {"oneOf": [map(json!({"oneOf": [dono, empty]})), empty]},
            "cores": {"oneOf": [map(json!({"type": "string", "enum": ["a"]})), empty]},
            "lista": {"oneOf": [dono, {"type": "array", "items": {"type": "string"}}]},
            "texto": {"oneOf": [{"type": "string"}, empty]},
        }})),
        json!({"schemas": {"Dono": {"type": "object", "properties": {"nome": {"type": "string"}}}}}),
    );
    let found: Vec<(&str, &str)> =
        draft.empty_ors.iter().map(|(name, rust)| (name.as_str(), rust.as_str())).collect();
    let map = "::std::collections::BTreeMap<::std::string::String";
    let dono = "::progenitor_client::EmptyOr<crate::client::types::Dono>";
    let dias = "::std::vec::Vec<::std::option::Option<::progenitor_client::BrDate>>";
    assert_eq!(
        found,
        [
            ("LerResponseAoContrario", dono),
            (
                "LerResponseCores",
                &format!(
                    "::progenitor_client::EmptyOr<{map}, crate::enums::LerResponseCoresVariant1Value>>"
                ),
            ),
            ("LerResponseDias", &format!("::progenitor_client::EmptyOr<{map}, {dias}>>")),
            ("LerResponseDono", dono),
            ("LerResponseFundo", &format!("::progenitor_client::EmptyOr<{map}, {dono}>>")),
            ("LerResponseFundoVariant1Value", dono),
        ]
    );
    assert_eq!(draft.schemas["LerResponse"]["properties"]["dono"]["nullable"], true);
}
