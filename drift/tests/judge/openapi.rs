//! Tests the constructs of OpenAPI 3.0 one by one.

use crate::acme;
use prumo_drift::{Contract, judge_value, sample};
use serde_json::{Value, json};

/// Schema, components, bodies that fit, and bodies that do not.
struct Row {
    name: &'static str,
    schema: Value,
    fits: &'static [&'static str],
    drifts: &'static [(&'static str, &'static str, &'static str)],
}

fn components() -> Value {
    json!({"schemas": {
        "No": {"type": "object", "required": ["v"], "properties": {
            "v": {"type": "integer"},
            "filhos": {"type": "array", "items": {"$ref": "#/components/schemas/No"}},
            "pai": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/No"}]}
        }},
        "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}},
        "Gato": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "required": ["especie", "mia"], "properties": {
            "especie": {"type": "string"}, "mia": {"type": "boolean"}}}]},
        "Cao": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "required": ["especie", "late"], "properties": {
            "especie": {"type": "string"}, "late": {"type": "boolean"}}}]},
        // Parent and heirs name each other, as in real documents.
        "Animal": {"type": "object", "required": ["tipo"], "properties": {"tipo": {"type": "string"}},
            "discriminator": {"propertyName": "tipo"},
            "oneOf": [{"$ref": "#/components/schemas/Peixe"}, {"$ref": "#/components/schemas/Ave"}]},
        "Peixe": {"allOf": [{"$ref": "#/components/schemas/Animal"}, {"type": "object", "properties": {"nada": {"type": "boolean"}}}]},
        "Ave": {"allOf": [{"$ref": "#/components/schemas/Animal"}, {"type": "object", "properties": {"voa": {"type": "boolean"}}}]},
        // A schema and its heir, each of which has members that are the other, merged with more.
        "Pasta": {"type": "object", "properties": {
            "atalho": {"allOf": [{"$ref": "#/components/schemas/Gaveta"}, {"type": "object", "properties": {"y": {"type": "string"}}}]},
            "itens": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Gaveta"}, {"type": "object", "required": ["y"]}]}}}},
        "Gaveta": {"allOf": [{"$ref": "#/components/schemas/Pasta"}, {"type": "object", "properties": {"x": {"type": "integer"}}}]},
        "Json": {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "array", "items": {"$ref": "#/components/schemas/Json"}}]},
        "a/b~c d": {"type": "integer"},
        "Letra": {"type": "string", "enum": ["S", "N"]}
    }})
}

fn contract(schema: &Value) -> Contract {
    let mut document = acme::answering(schema);
    document["components"] = components();
    acme::read(&document)
}

fn rows() -> Vec<Row> {
    vec![
        Row {
            name: "nullable enum that lists null (the trap of a well-known proxy)",
            schema: json!({"type": "object", "properties": {"a": {"type": "string", "nullable": true, "enum": ["S", "N", null]}, "b": {"type": "integer"}}}),
            fits: &[r#"{"a":"S"}"#, r#"{"a":null}"#],
            drifts: &[
                (r#"{"a":"X"}"#, "enum-value-unknown", "/a"),
                (r#"{"a":3}"#, "type-changed", "/a"),
                (r#"{"a":null,"b":"1"}"#, "type-changed", "/b"),
            ],
        },
        Row {
            name: "schemas that contain each other by way of a merged `allOf`",
            schema: json!({"$ref": "#/components/schemas/Pasta"}),
            fits: &[
                "{}",
                r#"{"atalho":{"x":1,"y":"","atalho":{"x":2}},"itens":[{"y":"","x":3,"itens":[]}]}"#,
            ],
            drifts: &[
                (r#"{"atalho":1}"#, "type-changed", "/atalho"),
                (r#"{"atalho":{"atalho":{"x":""}}}"#, "type-changed", "/atalho/atalho/x"),
                (r#"{"itens":[{}]}"#, "field-missing", "/itens/*/y"),
            ],
        },
        Row {
            name: "nullable enum that does not list null",
            schema: json!({"type": "string", "nullable": true, "enum": ["S"]}),
            fits: &["null", r#""S""#],
            drifts: &[(r#""s""#, "enum-value-unknown", "")],
        },
        Row {
            name: "enum with null and without nullable",
            schema: json!({"type": "string", "enum": ["S", null]}),
            fits: &[r#""S""#],
            drifts: &[("null", "null-unexpected", "")],
        },
        Row {
            name: "enum of a reference",
            schema: json!({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Letra"}}}),
            fits: &[r#"{"a":"S"}"#],
            drifts: &[(r#"{"a":"s"}"#, "enum-value-unknown", "/a")],
        },
        Row {
            name: "enum of lists and objects, any order of members",
            schema: json!({"enum": [6, [], {"a": 1, "b": 2}]}),
            fits: &["6", "6.0", "[]", r#"{"b":2,"a":1}"#],
            drifts: &[
                ("7", "enum-value-unknown", ""),
                ("[1]", "enum-value-unknown", ""),
                (r#"{"a":1}"#, "enum-value-unknown", ""),
            ],
        },
        Row {
            name: "recursion through lists and through nullable allOf",
            schema: json!({"$ref": "#/components/schemas/No"}),
            fits: &[
                r#"{"v":1,"filhos":[{"v":2,"filhos":[{"v":3}]}],"pai":null}"#,
                r#"{"v":1,"pai":{"v":2,"pai":{"v":3}}}"#,
            ],
            drifts: &[
                (
                    r#"{"v":1,"filhos":[{"v":2,"filhos":[{"v":"3"}]}]}"#,
                    "type-changed",
                    "/filhos/*/filhos/*/v",
                ),
                (r#"{"v":1,"filhos":[{}]}"#, "field-missing", "/filhos/*/v"),
                (r#"{"v":1,"pai":[]}"#, "type-changed", "/pai"),
            ],
        },
        Row {
            name: "allOf merges, required from either side",
            schema: json!({"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"x": {"type": "string"}}}], "required": ["x"]}),
            fits: &[r#"{"id":1,"x":""}"#],
            drifts: &[
                (r#"{"id":1}"#, "field-missing", "/x"),
                (r#"{"x":""}"#, "field-missing", "/id"),
                (r#"{"id":1,"x":"","y":1}"#, "field-undocumented", "/y"),
            ],
        },
        Row {
            name: "allOf narrows a number and a length",
            schema: json!({"allOf": [{"type": "number", "minimum": 1}, {"type": "integer", "maximum": 5}]}),
            fits: &["1", "5"],
            drifts: &[
                ("0", "bound-exceeded", ""),
                ("6", "bound-exceeded", ""),
                ("2.5", "type-changed", ""),
            ],
        },
        Row {
            name: "discriminator without enums: names of the components",
            schema: json!({"oneOf": [{"$ref": "#/components/schemas/Gato"}, {"$ref": "#/components/schemas/Cao"}], "discriminator": {"propertyName": "especie"}}),
            fits: &[
                r#"{"id":1,"especie":"Gato","mia":true}"#,
                r#"{"late":true,"id":1,"especie":"Cao"}"#,
            ],
            drifts: &[
                (r#"{"id":1,"especie":"Gato"}"#, "field-missing", "/mia"),
                (r#"{"id":1,"especie":"Rato"}"#, "enum-value-unknown", "/especie"),
                (r#"{"id":1}"#, "field-missing", "/especie"),
            ],
        },
        Row {
            name: "discriminator with mapping",
            schema: json!({"oneOf": [{"$ref": "#/components/schemas/Gato"}, {"$ref": "#/components/schemas/Cao"}],
                "discriminator": {"propertyName": "especie", "mapping": {"g": "#/components/schemas/Gato", "c": "Cao"}}}),
            fits: &[
                r#"{"id":1,"especie":"g","mia":true}"#,
                r#"{"id":1,"especie":"c","late":false}"#,
            ],
            drifts: &[
                (r#"{"id":1,"especie":"g","mia":1}"#, "type-changed", "/mia"),
                (r#"{"id":1,"especie":"Gato","mia":true}"#, "enum-value-unknown", "/especie"),
            ],
        },
        Row {
            name: "a parent that lists its heirs",
            schema: json!({"$ref": "#/components/schemas/Animal"}),
            fits: &[r#"{"tipo":"Peixe","nada":true}"#, r#"{"tipo":"Ave"}"#],
            drifts: &[
                (r#"{"tipo":"Peixe","nada":1}"#, "type-changed", "/nada"),
                (r#"{"nada":true}"#, "field-missing", "/tipo"),
            ],
        },
        Row {
            name: "alternatives without a tag: the best one speaks",
            schema: json!({"anyOf": [
                {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
                {"type": "object", "required": ["c"], "properties": {"c": {"type": "string"}}},
                {"type": "string"}]}),
            fits: &[r#"{"a":1,"b":2}"#, r#"{"c":"x"}"#, r#""x""#],
            drifts: &[
                (r#"{"a":1,"b":"2"}"#, "type-changed", "/b"),
                (r#"{"c":1}"#, "type-changed", "/c"),
                ("7", "type-changed", ""),
                ("null", "null-unexpected", ""),
            ],
        },
        Row {
            name: "alternatives beside common members",
            schema: json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}},
                "oneOf": [{"required": ["cpf"], "properties": {"cpf": {"type": "string"}}}, {"required": ["cnpj"], "properties": {"cnpj": {"type": "string"}}}]}),
            fits: &[r#"{"id":1,"cpf":"1"}"#, r#"{"cnpj":"1","id":1}"#],
            drifts: &[
                (r#"{"cpf":"1"}"#, "field-missing", "/id"),
                (r#"{"id":1,"cpf":null}"#, "null-unexpected", "/cpf"),
            ],
        },
        Row {
            name: "alternatives that recurse",
            schema: json!({"$ref": "#/components/schemas/Json"}),
            fits: &[r#"["a",[1,["b"]]]"#],
            drifts: &[(r#"["a",[true]]"#, "type-changed", "/*/*")],
        },
        Row {
            name: "not",
            schema: json!({"type": "object", "properties": {"a": {"not": {"type": "integer"}}, "b": {"type": "string", "not": {"enum": ["x"]}}}}),
            fits: &[r#"{"a":"1","b":"y"}"#, r#"{"a":null}"#],
            drifts: &[
                (r#"{"a":1}"#, "bound-exceeded", "/a"),
                (r#"{"b":"x"}"#, "bound-exceeded", "/b"),
                (r#"{"b":1}"#, "type-changed", "/b"),
            ],
        },
        Row {
            name: "maps",
            schema: json!({"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": {"type": "string"}, "maxProperties": 2}),
            fits: &[r#"{"n":1,"x":"y"}"#],
            drifts: &[
                (r#"{"x":1}"#, "type-changed", "/*"),
                (r#"{"n":"1"}"#, "type-changed", "/n"),
                (r#"{"a":"","b":"","c":""}"#, "bound-exceeded", ""),
            ],
        },
        Row {
            name: "anything goes: `{}`, `true` and an object of no members",
            schema: json!({"type": "object", "properties": {"a": {}, "b": {"type": "object"}, "c": {"type": "object", "properties": {"x": {}}, "additionalProperties": true}}}),
            fits: &[r#"{"a":null,"b":{"z":1},"c":{"y":[]}}"#, r#"{"a":[1,{"q":2}]}"#],
            drifts: &[
                (r#"{"b":1}"#, "type-changed", "/b"),
                (r#"{"d":1}"#, "field-undocumented", "/d"),
            ],
        },
        Row {
            name: "closed objects",
            schema: json!({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}),
            fits: &["{}"],
            drifts: &[(r#"{"b":1}"#, "field-undocumented", "/b")],
        },
        Row {
            name: "unique items, amounts",
            schema: json!({"type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 3, "items": {}}),
            fits: &["[1,2]", r#"[{"a":1},{"a":2}]"#, r#"[1,"1"]"#],
            drifts: &[
                ("[1,1]", "bound-exceeded", ""),
                ("[1,1.0]", "bound-exceeded", ""),
                (r#"[{"a":1,"b":2},{"b":2,"a":1}]"#, "bound-exceeded", ""),
                ("[]", "bound-exceeded", ""),
                ("[1,2,3,4]", "bound-exceeded", ""),
            ],
        },
        Row {
            name: "numbers: exclusive bounds, steps, sizes",
            schema: json!({"type": "object", "properties": {
                "a": {"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 10, "exclusiveMaximum": true},
                "b": {"type": "number", "multipleOf": 0.0001}, "c": {"type": "integer", "format": "int32"}, "d": {"format": "bool-as-int"}, "e": {"type": "integer"}}}),
            fits: &[
                r#"{"a":0.1,"b":0.0075,"c":2147483647,"d":1}"#,
                r#"{"e":9223372036854775807}"#,
                r#"{"e":-9223372036854775808}"#,
            ],
            drifts: &[
                (r#"{"a":0}"#, "bound-exceeded", "/a"),
                (r#"{"a":10.0}"#, "bound-exceeded", "/a"),
                (r#"{"b":0.00751}"#, "bound-exceeded", "/b"),
                (r#"{"c":2147483648}"#, "format-violated", "/c"),
                (r#"{"d":2}"#, "format-violated", "/d"),
                (r#"{"d":true}"#, "type-changed", "/d"),
                (r#"{"e":1.0}"#, "type-changed", "/e"),
                (r#"{"e":9223372036854775808}"#, "bound-exceeded", "/e"),
                (r#"{"e":-9223372036854775809}"#, "bound-exceeded", "/e"),
                (r#"{"d":-9223372036854775809}"#, "format-violated", "/d"),
            ],
        },
        Row {
            name: "texts: lengths count characters, patterns search",
            schema: json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": 2}, "b": {"type": "string", "pattern": "\\d[/]\\w"}}}),
            fits: &[r#"{"a":"çã"}"#, r#"{"b":"x1/yz"}"#],
            drifts: &[
                (r#"{"a":"çãe"}"#, "bound-exceeded", "/a"),
                (r#"{"b":"٣/y"}"#, "format-violated", "/b"),
            ],
        },
        Row {
            name: "forms of one value: int or text",
            schema: json!({"type": "object", "properties": {"a": {"format": "int-or-string"}, "b": {"type": "integer", "format": "int-or-string"}, "c": {"type": "string", "format": "decimal-string"}}}),
            fits: &[r#"{"a":1}"#, r#"{"a":"1"}"#, r#"{"b":1,"c":"119.9"}"#],
            drifts: &[
                (r#"{"a":"um"}"#, "format-violated", "/a"),
                (r#"{"a":1.5}"#, "type-changed", "/a"),
                (r#"{"b":"1"}"#, "type-changed", "/b"),
                (r#"{"c":"R$ 1"}"#, "format-violated", "/c"),
            ],
        },
        Row {
            name: "write-only members are no matter of answers",
            schema: json!({"type": "object", "required": ["senha", "id"], "properties": {"senha": {"type": "string", "writeOnly": true}, "id": {"type": "integer", "readOnly": true}}}),
            fits: &[r#"{"id":1}"#],
            drifts: &[("{}", "field-missing", "/id")],
        },
        Row {
            name: "a name with `/`, `~` and a space",
            schema: json!({"type": "object", "properties": {"x/y": {"$ref": "#/components/schemas/a~1b~0c%20d"}}}),
            fits: &[r#"{"x/y":1}"#],
            drifts: &[(r#"{"x/y":"1"}"#, "type-changed", "/x~1y")],
        },
        Row {
            name: "the same member twice",
            schema: json!({"type": "object", "properties": {"a": {"type": "integer"}}}),
            fits: &[r#"{"a":1}"#],
            drifts: &[(r#"{"a":1,"a":1}"#, "body-unreadable", "/a")],
        },
        Row {
            name: "an entry twice has the place of entries, a member beside them its own",
            schema: json!({"type": "object", "properties": {"n": {}}, "additionalProperties": {"type": "string"}}),
            fits: &[r#"{"a":"x","b":"x"}"#],
            drifts: &[
                (r#"{"a":"x","a":"x"}"#, "body-unreadable", "/*"),
                (r#"{"n":1,"n":1}"#, "body-unreadable", "/n"),
            ],
        },
        Row {
            name: "a text that was decoded wrongly, whatever else is promised of it",
            schema: json!({"type": "object", "properties": {"t": {"type": "string", "minLength": 1}, "d": {"type": "string", "format": "date"}}}),
            fits: &[r#"{"t":"situação"}"#],
            drifts: &[
                (r#"{"t":"situa��o"}"#, "body-unreadable", "/t"),
                (r#"{"t":"situa\ufffdo"}"#, "body-unreadable", "/t"),
                (r#"{"d":"2018\ufffd11-16"}"#, "body-unreadable", "/d"),
            ],
        },
        Row {
            name: "an entry of a free-form object twice",
            schema: json!({"type": "object"}),
            fits: &[r#"{"a":1}"#],
            drifts: &[(r#"{"a":1,"a":1}"#, "body-unreadable", "/*")],
        },
        Row {
            name: "a reference to a part of another schema",
            schema: json!({"type": "object", "properties": {"v": {"$ref": "#/components/schemas/No/properties/v"}}}),
            fits: &[r#"{"v":1}"#],
            drifts: &[(r#"{"v":null}"#, "null-unexpected", "/v")],
        },
    ]
}

#[test]
fn constructs() {
    for Row { name, schema, fits, drifts } in rows() {
        let contract = contract(&schema);
        let shape =
            &contract.operations["ler_coisa"].responses["200"].media["application/json"].shape;
        for body in fits {
            assert_eq!(acme::short(&judge_value(&contract, shape, body)), [], "`{name}`: {body}");
        }
        for (body, rule, at) in drifts {
            let got = acme::short(&judge_value(&contract, shape, body));
            assert_eq!(got, [(*rule, (*at).to_owned())], "`{name}`: {body}");
        }
        for seed in 0..20 {
            assert!(
                sample(&contract, shape, seed).is_some(),
                "`{name}` has no sample of seed {seed}"
            );
        }
    }
}

#[test]
fn a_recursive_answer_is_counted_at_a_bounded_number_of_places() {
    let contract = contract(&json!({"$ref": "#/components/schemas/No"}));
    let mut nested = r#"{"v":"x"}"#.to_owned();
    for _ in 0..30 {
        nested = format!(r#"{{"v":1,"filhos":[{nested}]}}"#);
    }
    let observed = acme::observe(&contract, &[acme::answered_text(&nested)]);
    let places = serde_json::to_string(&observed).unwrap().matches("\"filhos\"").count();
    assert!(places <= 5, "{places} places");
    let findings = prumo_drift::compare(&contract, &observed);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.first.as_ref().unwrap().pointer, format!("{}/v", "/filhos/0".repeat(30)));
}
