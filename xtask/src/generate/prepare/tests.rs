//! The passes, one after another, on small documents.

use prumo_drift::formats::Format;
use serde_json::{Value, json};

use super::{Draft, EnumKind, FieldKind, Placement, Success, prepare};
use crate::generate::complaint::Complaints;
use crate::generate::spec::Spec;

/// Prepares a document of `paths` and `components`, which must have no error.
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

fn post(media: &str, schema: Value) -> Value {
    json!({"/a": {"post": {
        "operationId": "criar",
        "requestBody": {"required": true, "content": {media: {"schema": schema}}},
        "responses": {"204": {"description": ""}},
    }}})
}

#[test]
fn p1_gives_inline_schemas_names() {
    let draft = prepared(
        get(json!({"type": "object", "properties": {
            "dono": {"type": "object", "properties": {"nome": {"type": "string"}}},
            "cores": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
            "mapa": {"type": "object", "additionalProperties": {"type": "object", "properties": {"x": {}}}},
        }})),
        json!({}),
    );
    let names: Vec<&String> = draft.schemas.keys().collect();
    assert_eq!(names, ["LerResponse", "LerResponseDono", "LerResponseCoresItem", "LerResponseMapaValue"]);
}

#[test]
fn p1_follows_what_has_no_type_of_its_own() {
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
fn p1_merges_all_of() {
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
fn p1_keeps_a_recursive_type() {
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
fn p1_tells_a_union_apart_by_its_discriminator() {
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
                &format!("::progenitor_client::EmptyOr<{map}, crate::enums::LerResponseCoresVariant1Value>>"),
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
fn p2_refers_to_scalars_of_the_runtime() {
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

/// The judge checks every format that the client has a type for.
#[test]
fn p2_and_the_judge_know_the_same_formats() {
    for scalar in super::SCALARS {
        let format = Format::named(scalar.format).unwrap_or_else(|| panic!("`{}`", scalar.format));
        let fits = match scalar.types {
            ["string"] => format.fits_text(scalar.wire.trim_matches('"')),
            ["integer"] => scalar.wire.split(" or ").all(|int| format.fits_int(int.parse().unwrap())),
            _ => continue,
        };
        assert!(format.is_typed() && fits, "`{}` with `{}`", scalar.format, scalar.wire);
    }
}

#[test]
fn p3_leaves_a_marker_for_a_secret() {
    let draft = prepared(
        json!({"/a/{token}/{id}": {"get": {
            "operationId": "ler",
            "parameters": [
                {"name": "token", "in": "path", "required": true, "x-secret": true, "schema": {"type": "string"}},
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
            ],
            "responses": {"204": {"description": ""}},
        }}}),
        json!({}),
    );
    assert_eq!(draft.operations[0].sent_path, "/a/__token__/{id}");
    assert_eq!(draft.operations[0].path, "/a/{token}/{id}");
    assert_eq!(draft.schemes[0].placement, Placement::PathSegment);
    let document = serde_json::to_value(super::openapi(&draft).unwrap()).unwrap();
    let parameters = document["paths"]["/a/__token__/{id}"]["get"]["parameters"].as_array().unwrap();
    assert_eq!(parameters.len(), 1, "{parameters:?}");
}

#[test]
fn p4_writes_fields_in_the_order_of_the_document() {
    let form = json!({"type": "object", "required": ["titulo"], "properties": {
        "titulo": {"type": "string"},
        "anexos": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "capa": {"type": "string", "format": "binary"},
        "dados": {"type": "object", "properties": {"x": {"type": "integer"}}},
    }});
    let draft = prepared(post("multipart/form-data", form), json!({}));
    let form = &draft.forms[0];
    assert!(form.multipart);
    let fields: Vec<(&str, bool, FieldKind)> = form
        .fields
        .iter()
        .map(|field| (field.property.as_str(), field.optional, field.kind.clone()))
        .collect();
    assert_eq!(
        fields,
        [
            ("titulo", false, FieldKind::Text),
            ("anexos", true, FieldKind::Repeated(Box::new(FieldKind::File))),
            ("capa", true, FieldKind::File),
            ("dados", true, FieldKind::Json),
        ]
    );
    let document = serde_json::to_value(super::openapi(&draft).unwrap()).unwrap();
    let content = document["paths"]["/a"]["post"]["requestBody"]["content"].as_object().unwrap();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["application/x-www-form-urlencoded"]);
}

#[test]
fn p4_honours_the_encoding_of_a_field() {
    let form = json!({"type": "object", "properties": {
        "mapa": {"type": "object", "additionalProperties": {"type": "string"}},
        "lista": {"type": "array", "items": {"type": "string"}},
        "dono": {"type": "object", "properties": {"nome": {"type": "string"}}},
        "donos": {"type": "array", "items": {"type": "object", "properties": {"nome": {"type": "string"}}}},
        "solta": {"type": "array", "items": {"type": "string"}},
        "numerada": {"type": "array", "items": {"type": "string"}},
    }});
    let mut paths = post("application/x-www-form-urlencoded", form);
    let deep = json!({"style": "deepObject", "explode": true});
    paths["/a"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["encoding"] = json!({"mapa": deep, "lista": deep, "dono": deep, "donos": deep, "numerada": {"x-list-names": "indexed"}});
    let kinds: Vec<FieldKind> =
        prepared(paths, json!({})).forms[0].fields.iter().map(|field| field.kind.clone()).collect();
    let text = || Box::new(FieldKind::Text);
    assert_eq!(
        kinds,
        [
            FieldKind::Keyed,
            FieldKind::Each(text()),
            FieldKind::Deep,
            FieldKind::Deep,
            FieldKind::Repeated(text()),
            FieldKind::Indexed(text()),
        ]
    );
}

#[test]
fn parameters_of_one_name_get_setters_of_their_own() {
    let text = json!({"type": "string"});
    let draft = prepared(
        json!({"/a/{id}": {"post": {
            "operationId": "criar",
            "parameters": [
                {"name": "id", "in": "query", "schema": text},
                {"name": "id", "in": "path", "required": true, "schema": text},
                {"name": "send", "in": "header", "schema": text},
            ],
            "requestBody": {"required": true, "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
            "responses": {"204": {"description": ""}},
        }}}),
        json!({}),
    );
    let operation = &draft.operations[0];
    let names: Vec<(String, String)> =
        operation.parameters.iter().map(|one| (one.setter(), operation.argument(one))).collect();
    let expected = [("id_query", "id_query"), ("id", "id"), ("send_header", "send")];
    assert_eq!(names, expected.map(|(setter, argument)| (setter.to_owned(), argument.to_owned())));
}

/// A house document with one enveloped answer.
fn enveloped(envelope: Value, good: Value) -> Draft {
    let bad = json!({"type": "object", "required": ["ok", "msg"], "properties": {
        "ok": {"type": "boolean", "enum": [false]}, "msg": {"type": "string"},
    }});
    prepared_with(
        json!({"x-envelope": envelope}),
        get(json!({"oneOf": [{"$ref": "#/components/schemas/Good"}, {"$ref": "#/components/schemas/Bad"}]})),
        json!({"schemas": {"Good": good, "Bad": bad, "Item": {"type": "object", "properties": {"id": {"type": "integer"}}}}}),
    )
}

#[test]
fn p5_gives_the_payload() {
    let good = json!({"type": "object", "required": ["ok", "data"], "properties": {
        "ok": {"type": "boolean", "enum": [true]}, "data": {"$ref": "#/components/schemas/Item"},
    }});
    let envelope = json!({"tag": "/ok", "success": [true], "message": "/msg", "payload": "/data"});
    let draft = enveloped(envelope, good);
    assert_eq!(draft.operations[0].success, Success::Json(super::schema::reference("Item")));
    assert_eq!(draft.schemas.keys().collect::<Vec<_>>(), ["Item"], "the error's types are gone");
}

#[test]
fn p5_without_a_payload_gives_the_object_less_the_envelope() {
    let good = json!({"type": "object", "required": ["ok", "msg"], "properties": {
        "ok": {"type": "boolean", "enum": [true]}, "msg": {"type": "string"}, "numero": {"type": "integer"},
    }});
    let draft = enveloped(json!({"tag": "/ok", "success": [true], "message": "/msg"}), good);
    assert_eq!(draft.operations[0].success, Success::Json(super::schema::reference("Good")));
    let fields: Vec<&String> = draft.schemas["Good"]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["numero"]);
    assert_eq!(draft.schemas["Good"]["required"], json!([]));
}

#[test]
fn p5_knows_answers_without_json() {
    let answer = |content: Value| {
        let paths = json!({"/a": {"get": {"operationId": "ler", "responses": {
            "200": {"description": "", "content": content}, "404": {"description": ""},
        }}}});
        prepared(paths, json!({})).operations[0].success.clone()
    };
    assert_eq!(answer(json!({})), Success::Empty);
    assert_eq!(answer(json!({"text/plain": {"schema": {"type": "string"}}})), Success::Stream);
    assert_eq!(
        answer(json!({"application/hal+json": {"schema": {"type": "string"}}})),
        Success::Json(json!({"type": "string"}))
    );
}

#[test]
fn p6_keeps_what_is_unknown_in_answers_only() {
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
fn p7_makes_text_of_a_vendors_words() {
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
fn p7_documents_source_and_evidence() {
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
    assert_eq!(names(0), ["Plus1", "Minus1", "Laugh", "Laugh2", "UnknownValue", "Empty", "Self_", "Sign2A"]);
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
