//! Inline schemas get names.

use serde_json::{Value, json};

use super::{get, prepared};
use crate::prepare::{Success, prepare};
use crate::spec::Spec;
use prumo_spec::complaint::Complaints;

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

#[test]
fn an_heir_of_a_union_gets_what_the_base_has_beside_its_branches() {
    let heir = |tag: &str, base: &str| {
        let own = json!({"type": "object", "required": ["tipo"], "properties": {"tipo": {"type": "string", "enum": [tag]}}});
        json!({"allOf": [{"$ref": format!("#/components/schemas/{base}")}, own]})
    };
    let branches = |names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| json!({"$ref": format!("#/components/schemas/{name}")})).collect()
    };
    // The base lists its heirs directly, through another union, and through an heir's heir.
    let bases = [
        json!({"Base": {"oneOf": branches(&["Um", "Dois"])}}),
        json!({"Base": {"oneOf": branches(&["Meio", "Dois"])}, "Meio": {"oneOf": branches(&["Um"])}}),
        json!({"Base": {"anyOf": branches(&["Um", "Dois"]), "type": "object", "properties": {"id": {"type": "integer"}}}}),
    ];
    for mut schemas in bases {
        schemas["Um"] = heir("um", "Base");
        schemas["Dois"] = heir("dois", "Base");
        let draft = prepared(
            get(json!({"$ref": "#/components/schemas/Base"})),
            json!({"schemas": schemas}),
        );
        let n_branches = draft.schemas["Base"]["oneOf"].as_array().map_or(0, Vec::len);
        assert_eq!(n_branches, 2, "{:#}", draft.schemas["Base"]);
        assert_eq!(draft.tags["Base"].property, "tipo");
    }
}

#[test]
fn parts_that_double_at_every_level_are_merged_once() {
    let mut schemas = json!({"S40": {"type": "object", "properties": {"v": {"type": "integer"}}}});
    for level in 0..40 {
        let next = json!({"$ref": format!("#/components/schemas/S{}", level + 1)});
        schemas[format!("S{level}")] = json!({"allOf": [next, next]});
    }
    let draft =
        prepared(get(json!({"$ref": "#/components/schemas/S0"})), json!({"schemas": schemas}));
    assert_eq!(draft.schemas["S0"]["properties"]["v"]["type"], "integer");
}

#[test]
fn schemas_that_multiply_without_end_are_refused() {
    // Each branch repeats the union with one more property.
    let grow = |name: &str| {
        json!({"allOf": [
            {"$ref": "#/components/schemas/A"},
            {"type": "object", "properties": {name: {"$ref": "#/components/schemas/A"}}},
        ]})
    };
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Alfa", "version": "1"},
        "paths": get(json!({"$ref": "#/components/schemas/A"})),
        "components": {"schemas": {"A": {
            "type": "object", "properties": {"x": {"type": "string"}},
            "oneOf": [{"properties": {"b": grow("b")}}, {"properties": {"c": grow("c")}}],
        }}},
    });
    let spec = Spec::of_text("alfa", "specs/alfa.json", &document.to_string()).unwrap();
    let mut complaints = Complaints::new(&spec.document, false);
    prepare(&spec, &mut complaints);
    let told: Vec<String> = complaints.finish().iter().map(|one| one.message.clone()).collect();
    assert!(told.iter().any(|one| one.starts_with("the schemas combine each other")), "{told:?}");
}
