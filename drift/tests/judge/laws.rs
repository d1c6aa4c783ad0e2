//! Laws of shapes, of observing, of samples and of mutations.

use crate::acme;
use proptest::prelude::*;
use prumo_drift::{Contract, Rule, Shape, compare, judge_value, sample};
use serde_json::{Map, Value, json};

/// Names that make pointers and orders interesting.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-d]{1,2}", Just("a/b".to_owned()), Just("m~n".to_owned()), Just("email".to_owned())]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"type": "boolean"})),
        Just(json!({"type": "integer"})),
        (0..50_i64, 1..50_i64)
            .prop_map(|(min, more)| json!({"type": "integer", "minimum": min, "maximum": min + more})),
        Just(json!({"type": "integer", "enum": [1, 2, 3, 4]})),
        Just(json!({"type": "number", "minimum": 0, "exclusiveMinimum": true})),
        Just(json!({"type": "number", "multipleOf": 0.25})),
        (0..4_u64).prop_map(|min| json!({"type": "string", "minLength": min, "maxLength": min + 3})),
        Just(json!({"type": "string", "enum": ["I", "E"]})),
        Just(json!({"type": "string", "nullable": true, "enum": ["S", "N", null]})),
        Just(json!({"type": "string", "pattern": "^[0-9a-f]{6}(-\\d{2})?$"})),
        Just(json!({"type": "string", "format": "br-date", "nullable": true})),
        Just(json!({"type": "string", "format": "br-datetime-minutes"})),
        Just(json!({"format": "int-or-string"})),
        Just(json!({"type": "string", "format": "uuid"})),
    ]
}

/// Schemas in which every place says one kind: what mutations need.
fn plain_schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            3 => object(inner.clone()),
            2 => (inner.clone(), 0..3_u64).prop_map(|(item, min)| json!({"type": "array", "minItems": min, "items": item})),
            1 => inner.clone().prop_map(|entry| json!({"type": "object", "additionalProperties": entry})),
            1 => (object(inner.clone()), object(inner)).prop_map(|(a, b)| tagged(a, b)),
        ]
    })
}

/// All schemas, those whose branches have to be tried included.
pub(crate) fn any_schema() -> impl Strategy<Value = Value> {
    plain_schema().prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            2 => proptest::collection::vec(inner.clone(), 2..4).prop_map(|all| json!({"anyOf": all})),
            1 => object(inner.clone()).prop_map(|all| json!({"allOf": [all], "nullable": true})),
            1 => inner.prop_map(|item| json!({"type": "array", "items": item, "uniqueItems": true})),
        ]
    })
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(name(), (inner, any::<bool>()), 1..4).prop_map(|fields| {
        let required: Vec<&String> =
            fields.iter().filter(|(_, (_, required))| *required).map(|(name, _)| name).collect();
        let properties: Map<String, Value> =
            fields.iter().map(|(name, (schema, _))| (name.clone(), schema.clone())).collect();
        json!({"type": "object", "required": required, "properties": properties})
    })
}

fn tagged(a: Value, b: Value) -> Value {
    let branch = |mut schema: Value, tag: &str| {
        schema["properties"]["_tipo"] = json!({"type": "string", "enum": [tag]});
        schema["required"].as_array_mut().unwrap().push(json!("_tipo"));
        schema
    };
    json!({"oneOf": [branch(a, "um"), branch(b, "dois")]})
}

fn promised(schema: &Value) -> (Contract, Shape) {
    let contract = acme::read(&acme::answering(schema));
    let shape = contract.operations["ler_coisa"].responses["200"].media["application/json"].shape.clone();
    (contract, shape)
}

/// Any JSON, near enough to the schemas to meet their names.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-5..60_i64).prop_map(Value::from),
        Just(json!(0.5)),
        "[0-9a-fIE/]{0,6}".prop_map(Value::from),
        Just(json!("16/11/2018")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(name(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Exchanges of which some fit, some do not, some cannot be read.
pub(crate) fn exchanges() -> impl Strategy<Value = Vec<String>> {
    let body = prop_oneof![
        8 => any_json().prop_map(|body| acme::answered(&body).to_string()),
        1 => Just(json!({"request": {"method": "GET", "path": "/outra"}, "response": {"status": 200}}).to_string()),
        1 => (200..600_u16).prop_map(|status| json!({"operation": "ler_coisa", "request": {"query": {"x": "1"}}, "response": {"status": status, "text": "<html>"}}).to_string()),
    ];
    proptest::collection::vec(body, 0..6)
}

/// What is left of a contract when nothing is counted.
fn uncounted(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "count" | "present" | "exchanges"))
            .map(|(name, value)| {
                let is_samples = name == "samples";
                let value = if is_samples {
                    json!(value.as_object().unwrap().keys().collect::<Vec<_>>())
                } else {
                    uncounted(value)
                };
                (name.clone(), value)
            })
            .collect(),
        Value::Array(items) => items.iter().map(uncounted).collect(),
        other => other.clone(),
    }
}

/// Shapes of both kinds: promised by a schema, and observed against it.
fn any_shape() -> impl Strategy<Value = Shape> {
    let observed = (any_schema(), exchanges()).prop_map(|(schema, exchanges)| {
        let contract = acme::read(&acme::answering(&schema));
        let mut observed = acme::observe(&contract, &exchanges);
        let body = observed.operations.get_mut("ler_coisa").unwrap().responses.remove("200");
        body.and_then(|mut body| body.media.remove("application/json")).unwrap_or_default().shape
    });
    prop_oneof![any_schema().prop_map(|schema| promised(&schema).1), observed]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn join_is_commutative(a in any_shape(), b in any_shape()) {
        prop_assert_eq!(a.join(&b), b.join(&a));
    }

    #[test]
    fn join_is_associative(a in any_shape(), b in any_shape(), c in any_shape()) {
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
    }

    #[test]
    fn join_is_idempotent_up_to_counts(a in any_shape()) {
        let json = |shape: &Shape| uncounted(&serde_json::to_value(shape).unwrap());
        prop_assert_eq!(json(&a.join(&a)), json(&a));
    }

    #[test]
    fn the_unknown_shape_is_the_identity(a in any_shape()) {
        prop_assert_eq!(&a.join(&Shape::default()), &a);
        prop_assert_eq!(&Shape::default().join(&a), &a);
    }

    /// observe(a ++ b) = observe(a) ⊔ observe(b), whichever half comes first.
    #[test]
    fn observing_is_a_fold(schema in any_schema(), a in exchanges(), b in exchanges()) {
        let contract = acme::read(&acme::answering(&schema));
        let both: Vec<String> = a.iter().chain(&b).cloned().collect();
        let whole = acme::observe(&contract, &both);
        let first = acme::observe_from(&contract, &a, 1);
        let second = acme::observe_from(&contract, &b, 1 + a.len() as u64);
        prop_assert_eq!(&first.join(&second), &whole);
        prop_assert_eq!(&second.join(&first), &whole);
    }

    /// No false alarm.
    #[test]
    fn a_sample_fits_its_shape(schema in any_schema(), seed in any::<u64>()) {
        let (contract, shape) = promised(&schema);
        if let Some(body) = sample(&contract, &shape, seed) {
            let observed = acme::observe(&contract, &[acme::answered(&body).to_string()]);
            let findings = compare(&contract, &observed);
            prop_assert_eq!(findings, vec![], "{} does not fit", body);
        }
    }

    /// Samples are found where nothing is contradictory.
    #[test]
    fn a_plain_schema_has_a_sample(schema in plain_schema(), seed in any::<u64>()) {
        let (contract, shape) = promised(&schema);
        let body = sample(&contract, &shape, seed);
        prop_assert!(body.is_some());
        prop_assert_eq!(judge_value(&contract, &shape, &body.unwrap().to_string()), vec![]);
    }

    /// One mutation, one finding, of the right rule at the right place.
    #[test]
    fn one_mutation_is_one_finding(schema in plain_schema(), seed in any::<u64>(), pick in any::<prop::sample::Index>()) {
        let (contract, shape) = promised(&schema);
        let body = sample(&contract, &shape, seed).unwrap();
        let mut mutants = Vec::new();
        mutate(&schema, &body, "", &mut |mutant, rule, at| mutants.push((mutant, rule, at)));
        prop_assume!(!mutants.is_empty());
        let (mutant, rule, at) = &mutants[pick.index(mutants.len())];
        let observed = acme::observe(&contract, &[acme::answered(mutant).to_string()]);
        let found: Vec<_> = compare(&contract, &observed).into_iter().map(|f| (f.rule, f.at, f.count)).collect();
        prop_assert_eq!(found, vec![(*rule, at.clone(), 1)], "{} became {}", body, mutant);
    }

    /// Bytes of any kind neither crash nor hang the judge.
    #[test]
    fn any_text_is_judged(schema in any_schema(), text in "[\\[\\]{}:,\"a-c0-9\\\\u. -]{0,40}") {
        let (contract, shape) = promised(&schema);
        let is_json = serde_json::from_str::<Value>(&text).is_ok();
        let findings = judge_value(&contract, &shape, &text);
        let is_unreadable = findings.iter().any(|f| f.rule == Rule::BodyUnreadable && f.at.is_empty());
        prop_assert_eq!(is_unreadable, !is_json);
    }
}

type Emit<'e> = &'e mut dyn FnMut(Value, Rule, String);

/// Every mutation of `body` by what `schema` says, each with what it must give.
fn mutate(schema: &Value, body: &Value, at: &str, emit: Emit<'_>) {
    let schema = &chosen(schema, body);
    let kind = schema["type"].as_str();
    if kind.is_some() && schema["nullable"] != json!(true) && !body.is_null() {
        // In a recording a body that is null is no body.
        let rule = if at.is_empty() { Rule::BodyUnreadable } else { Rule::NullUnexpected };
        emit(Value::Null, rule, at.to_owned());
    }
    if let (Some(kind), false) = (kind, body.is_null()) {
        let other = match kind {
            "integer" => json!("12"),
            "number" => json!("1.5"),
            "string" => json!(7),
            "array" => json!({}),
            "object" => json!([]),
            _ => json!("true"),
        };
        emit(other, Rule::TypeChanged, at.to_owned());
    }
    if schema.get("enum").is_some() && !body.is_null() {
        let unknown = if kind == Some("integer") { json!(99) } else { json!("Q") };
        emit(unknown, Rule::EnumValueUnknown, at.to_owned());
    }
    if let Some(format) = schema["format"].as_str().filter(|_| body.is_string()) {
        let _ = format;
        emit(json!("2018-11-16T00"), Rule::FormatViolated, at.to_owned());
    }
    if let Some(max) = schema["maximum"].as_i64() {
        emit(json!(max + 1), Rule::BoundExceeded, at.to_owned());
    }
    if schema.get("pattern").is_some() {
        emit(json!("XYZ"), Rule::FormatViolated, at.to_owned());
    }
    match body {
        Value::Array(items) => mutate_items(schema, items, at, emit),
        Value::Object(members) => mutate_members(schema, members, at, emit),
        _ => (),
    }
}

fn mutate_items(schema: &Value, items: &[Value], at: &str, emit: Emit<'_>) {
    for (index, item) in items.iter().enumerate() {
        mutate(&schema["items"], item, &format!("{at}/*"), &mut |mutant, rule, at| {
            let mut items = items.to_vec();
            items[index] = mutant;
            emit(Value::from(items), rule, at);
        });
    }
}

fn mutate_members(schema: &Value, members: &Map<String, Value>, at: &str, emit: Emit<'_>) {
    let below = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    let is_map = schema.get("additionalProperties").is_some();
    if !is_map {
        let mut more = members.clone();
        more.insert("novo".to_owned(), json!({"x": 1}));
        emit(Value::Object(more), Rule::FieldUndocumented, below("novo"));
    }
    for (name, member) in members {
        let required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        if required && name != "_tipo" {
            let mut fewer = members.clone();
            fewer.shift_remove(name);
            emit(Value::Object(fewer), Rule::FieldMissing, below(name));
        }
        let (schema, at) = if is_map {
            (&schema["additionalProperties"], format!("{at}/*"))
        } else {
            (&schema["properties"][name], below(name))
        };
        // Another tag is another object.
        if name != "_tipo" {
            mutate(schema, member, &at, &mut |mutant, rule, at| {
                let mut members = members.clone();
                members.insert(name.clone(), mutant);
                emit(Value::Object(members), rule, at);
            });
        }
    }
}

/// The branch that the tag of `body` chooses.
fn chosen(schema: &Value, body: &Value) -> Value {
    let branches = schema["oneOf"].as_array();
    branches
        .and_then(|all| all.iter().find(|one| one["properties"]["_tipo"]["enum"][0] == body["_tipo"]))
        .unwrap_or(schema)
        .clone()
}
