//! Tests the parts of OpenAPI 3.0 that are refused or not judged, each with its place.

use prumo_drift::compare;
use serde_json::{Value, json};

use crate::acme;

/// A construct that can't be judged, its place, and its description.
#[test]
fn what_cannot_be_judged_is_said_with_its_place() {
    let ok = || acme::answering(&json!({"type": "object"}));
    let schema = |schema: Value| acme::answering(&schema);
    let at = "/paths/~1thing~1{id}/get/responses/200/content/application~1json/schema";
    let with = |pointer: &str, name: &str, value: Value| {
        let mut document = ok();
        document.pointer_mut(pointer).unwrap()[name] = value;
        document
    };
    let get = "/paths/~1thing~1{id}/get";
    let cases = [
        (
            "version 3.2",
            with("", "openapi", json!("3.2.0")),
            "/openapi".to_owned(),
            "OpenAPI 3.2.0 is not supported, only OpenAPI 3.0 and 3.1",
        ),
        (
            "swagger 2.0",
            json!({"swagger": "2.0", "paths": {}}),
            "/swagger".to_owned(),
            "Swagger 2.0 is not supported, only OpenAPI 3.0 and 3.1",
        ),
        (
            "no version",
            json!({"info": {"title": "a"}, "paths": {}}),
            "/openapi".to_owned(),
            "not an OpenAPI document: the version `openapi` is missing",
        ),
        ("no document", json!([1]), String::new(), "an OpenAPI document expected"),
        (
            "paths that are a list",
            json!({"openapi": "3.0.3", "paths": []}),
            "/paths".to_owned(),
            "an object of paths expected",
        ),
        (
            "external reference",
            schema(json!({"$ref": "outro.yaml#/X"})),
            format!("{at}/$ref"),
            "reference `outro.yaml#/X` leaves the document",
        ),
        (
            "dead reference",
            schema(json!({"items": {"$ref": "#/components/schemas/X"}, "type": "array"})),
            format!("{at}/items/$ref"),
            "reference `#/components/schemas/X` leads nowhere",
        ),
        (
            "a list of types",
            schema(json!({"type": ["string", "null"]})),
            format!("{at}/type"),
            "`type` is a list, but OpenAPI 3.0 has one type",
        ),
        (
            "type null",
            schema(json!({"type": "null"})),
            format!("{at}/type"),
            "type `null` is not one of OpenAPI 3.0",
        ),
        ("a schema that is a list", schema(json!([])), at.to_owned(), "a schema object expected"),
        (
            "a schema that is a boolean",
            schema(json!({"not": false})),
            format!("{at}/not"),
            "a schema object expected",
        ),
        (
            "a bound that is text",
            schema(json!({"minimum": "1"})),
            format!("{at}/minimum"),
            "a number expected",
        ),
        (
            "an exclusive bound of 3.1",
            schema(json!({"exclusiveMinimum": 1})),
            format!("{at}/exclusiveMinimum"),
            "`true` or `false` expected",
        ),
        (
            "a negative length",
            schema(json!({"maxLength": -1})),
            format!("{at}/maxLength"),
            "a whole number of 0 or more expected",
        ),
        (
            "a step of nothing",
            schema(json!({"multipleOf": 0})),
            format!("{at}/multipleOf"),
            "a number above 0 expected",
        ),
        (
            "required that is a flag",
            schema(json!({"properties": {"a": {"required": true}}})),
            format!("{at}/properties/a/required"),
            "a list expected",
        ),
        (
            "enum that is no list",
            schema(json!({"enum": "a"})),
            format!("{at}/enum"),
            "a list expected",
        ),
        (
            "allOf of nothing in common",
            schema(json!({"allOf": [{"type": "string"}, {"type": "integer"}]})),
            format!("{at}/allOf/1"),
            "no value fits both sides of this `allOf`",
        ),
        (
            "a status that is none",
            with(&format!("{get}/responses"), "2000", json!({"description": ""})),
            format!("{get}/responses/2000"),
            "a status, a range like `4XX`, or `default` expected",
        ),
        (
            "no answers",
            with(get, "responses", Value::Null),
            format!("{get}/responses"),
            "null where an object of answers by status belongs",
        ),
        (
            "a parameter of nowhere",
            with(get, "parameters", json!([{"name": "a", "in": "body", "schema": {}}])),
            format!("{get}/parameters/0/in"),
            "`path`, `query`, `header` or `cookie` expected",
        ),
        (
            "a parameter of nothing",
            with(get, "parameters", json!([{"name": "a", "in": "query"}])),
            format!("{get}/parameters/0"),
            "a parameter with `schema` or `content` expected",
        ),
        (
            "a path without slash",
            json!({"openapi": "3.0.0", "paths": {"x": {}}}),
            "/paths/x".to_owned(),
            "a path that starts with `/` expected",
        ),
        (
            "a schema that is only itself",
            {
                let mut document = schema(json!({"$ref": "#/components/schemas/X"}));
                document["components"] =
                    json!({"schemas": {"X": {"$ref": "#/components/schemas/X"}}});
                document
            },
            "/components/schemas/X".to_owned(),
            "reference `#/components/schemas/X` leads back to itself",
        ),
        (
            "two references that chase each other",
            {
                let mut document = schema(json!({"$ref": "#/components/schemas/X"}));
                document["components"] = json!({"schemas": {"X": {"$ref": "#/components/schemas/Y"}, "Y": {"$ref": "#/components/schemas/X"}}});
                document
            },
            "/components/schemas/X".to_owned(),
            "reference `#/components/schemas/X` leads back to itself",
        ),
        (
            "an operation twice",
            {
                let mut document = ok();
                document["paths"]["/b"] =
                    json!({"get": {"operationId": "ler_coisa", "responses": {}}});
                document
            },
            "/paths/~1b/get".to_owned(),
            "operation `ler_coisa` is defined twice",
        ),
    ];
    for (name, document, pointer, fault) in cases {
        let document = house(document);
        let error = acme::try_read(&document).err().unwrap_or_else(|| panic!("`{name}` was read"));
        assert_eq!(
            (error.pointer.as_str(), error.fault.to_string().as_str()),
            (pointer.as_str(), fault),
            "case `{name}`"
        );
        let text = error.to_string();
        assert!(
            text.starts_with(&format!("acme.yaml:{}:{}: ", error.line, error.column)),
            "case `{name}`: {text}"
        );
    }
}

/// Makes a document ours, so that no slip of it is mended.
fn house(mut document: serde_json::Value) -> serde_json::Value {
    let get = document.pointer_mut("/paths/~1thing~1{id}/get").and_then(|get| get.as_object_mut());
    get.into_iter().for_each(|get| drop(get.insert("x-source".to_owned(), json!("page"))));
    document
}

/// The judge reads a slip of a foreign document as the generator does.
#[test]
fn a_slip_of_a_foreign_document_is_judged_as_it_is_meant() {
    let schema = json!({"type": "object", "properties": {
        "nada": {"type": "null"},
        "autor": {"oneOf": [{"type": "string"}, {"type": "null"}]},
        "estado": {"type": "integer", "enum": ["novo", "pago"]},
        "cpf": {"type": "string", "pattern": r"/^\d{11}$/"},
        "dono": {"$ref": "#/components/schemas/Dono", "nullable": true},
    }});
    let mut document = acme::answering(&schema);
    document["components"] = json!({"schemas": {"Dono": {"type": "object"}}});
    let contract = acme::try_read(&document).unwrap();
    let fits = r#"{"nada":null,"autor":null,"estado":"novo","cpf":"00000000000","dono":null}"#;
    let findings = compare(&contract, &acme::observe(&contract, &[acme::answered_text(fits)]));
    assert_eq!(acme::short(&findings), []);
    let drifts = r#"{"nada":1,"autor":1,"estado":7,"cpf":"1","dono":"x"}"#;
    let findings = compare(&contract, &acme::observe(&contract, &[acme::answered_text(drifts)]));
    assert_eq!(findings.len(), 5, "{:?}", acme::short(&findings));
}

/// An `allOf` that contains itself has no end, and is refused.
#[test]
fn all_of_itself_is_refused() {
    let mut document = acme::answering(&json!({"$ref": "#/components/schemas/X"}));
    document["components"] = json!({"schemas": {"X": {"allOf": [{"$ref": "#/components/schemas/Y"}, {"type": "object"}]}, "Y": {"allOf": [{"$ref": "#/components/schemas/X"}, {"type": "object"}]}}});
    assert!(acme::try_read(&document).is_err());
}

/// One schema that can't be read costs what it touches; all else is judged.
#[test]
fn what_cannot_be_read_costs_no_more_than_itself() {
    let bad = [
        ("a contradiction", json!({"type": "string", "anyOf": [{"type": "object"}]})),
        ("a list of types", json!({"type": ["string", "null"]})),
        ("a dead reference", json!({"$ref": "#/components/schemas/Nada"})),
        ("null", json!(null)),
        ("itself", json!({"$ref": "#/components/schemas/Ela"})),
    ];
    for (name, schema) in bad {
        let mut document = acme::answering(&json!({"type": "object", "properties": {
            "ruim": schema, "boa": {"type": "integer"},
        }}));
        document["components"] = json!({"schemas": {"Ela": {"$ref": "#/components/schemas/Ela"}}});
        let contract = acme::read_in_part(&document);
        assert_eq!(contract.unjudged.len(), 1, "case `{name}`: {:?}", contract.unjudged);
        assert!(contract.unjudged[0].starts_with("acme.yaml:"), "{:?}", contract.unjudged);
        let answers = [r#"{"ruim":[1],"boa":"x"}"#].map(acme::answered_text);
        let findings = compare(&contract, &acme::observe(&contract, &answers));
        assert_eq!(acme::short(&findings), [("type-changed", "/boa".to_owned())], "case `{name}`");
    }
}

/// A parameter, a header, a body or an answer that can't be read may be anything.
#[test]
fn a_part_of_an_operation_that_cannot_be_read_may_be_anything() {
    let get = "/paths/~1thing~1{id}/get";
    let nowhere = || json!({"$ref": "#/components/x/Nada"});
    let rows = [
        ("parameters/0/schema", json!(7)),
        ("responses/200/content/application~1json/schema", json!([])),
        ("responses/200/content", json!([])),
        ("responses/200", nowhere()),
        ("responses", json!([])),
        ("requestBody", nowhere()),
        ("x-envelope", json!({"tag": 7})),
    ];
    for (at, value) in rows {
        let mut document = acme::answering(&json!({"type": "object"}));
        document.pointer_mut(get).unwrap()["requestBody"] = json!({"content": {}});
        document.pointer_mut(get).unwrap()["x-envelope"] = json!({});
        *document.pointer_mut(&format!("{get}/{at}")).unwrap() = value;
        let contract = acme::read_in_part(&document);
        assert_ne!(contract.unjudged, Vec::<String>::new(), "`{at}`");
        let answer = acme::answered_text(r#"{"a":1}"#);
        let findings = compare(&contract, &acme::observe(&contract, &[answer]));
        assert_eq!(acme::short(&findings), [], "`{at}`");
    }
}
