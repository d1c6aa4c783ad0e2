//! Tests laws of shapes, of observing, of samples and of mutations, over single schemas.

use crate::acme;
use proptest::prelude::*;
use prumo_drift::{Contract, Rule, Shape, compare, judge_value, sample, sample_request};
use serde_json::{Map, Value, json};

use crate::mutations::{Spec, mutate};

/// Names that make pointers and sort orders interesting.
pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-d]{1,2}",
        Just("a/b".to_owned()),
        Just("m~n".to_owned()),
        Just("email".to_owned())
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"type": "boolean"})),
        Just(json!({"type": "integer"})),
        (0..50_i64, 1..50_i64).prop_map(
            |(min, more)| json!({"type": "integer", "minimum": min, "maximum": min + more})
        ),
        Just(json!({"type": "integer", "enum": [1, 2, 3, 4]})),
        Just(json!({"type": "number", "minimum": 0, "exclusiveMinimum": true})),
        Just(json!({"type": "number", "multipleOf": 0.25})),
        Just(json!({"type": "integer", "minimum": 3, "multipleOf": 3})),
        (0..4_u64)
            .prop_map(|min| json!({"type": "string", "minLength": min, "maxLength": min + 3})),
        Just(json!({"type": "string", "enum": ["I", "E"]})),
        Just(json!({"type": "string", "nullable": true, "enum": ["S", "N", null]})),
        Just(json!({"type": "string", "pattern": "^[0-9a-f]{6}(-\\d{2})?$"})),
        Just(json!({"type": "string", "format": "br-date", "nullable": true})),
        Just(json!({"type": "string", "format": "br-datetime-minutes"})),
        Just(json!({"format": "int-or-string"})),
        Just(json!({"type": "string", "format": "uuid"})),
        Just(json!({"type": "string", "format": "date-time"})),
    ]
}

/// Schemas in which every place has one kind, as mutations require.
pub(crate) fn plain_schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            3 => object(inner.clone()),
            2 => (inner.clone(), 0..3_u64).prop_map(|(item, min)| json!({"type": "array", "minItems": min, "items": item})),
            1 => (1..3_u64).prop_map(|max| json!({"type": "array", "maxItems": max, "items": {"type": "integer"}})),
            1 => inner.clone().prop_map(|entry| json!({"type": "object", "additionalProperties": entry})),
            1 => (object(inner.clone()), object(inner)).prop_map(|(a, b)| tagged(a, b)),
        ]
    })
}

/// All schemas, including those whose branches must be tried.
pub(crate) fn any_schema() -> impl Strategy<Value = Value> {
    plain_schema().prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            2 => proptest::collection::vec(inner.clone(), 2..4).prop_map(|all| json!({"anyOf": all})),
            1 => object(inner.clone()).prop_map(|all| json!({"allOf": [all], "nullable": true})),
            1 => inner.prop_map(|item| json!({"type": "array", "items": item, "uniqueItems": true})),
        ]
    })
}

pub(crate) fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
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
    let shape =
        contract.operations["ler_coisa"].responses["200"].media["application/json"].shape.clone();
    (contract, *shape)
}

/// Any JSON, similar enough to the schemas to use their names.
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

/// Exchanges that fit, that do not fit, and that can't be read.
pub(crate) fn exchanges() -> impl Strategy<Value = Vec<String>> {
    let body = prop_oneof![
        8 => any_json().prop_map(|body| acme::answered(&body).to_string()),
        1 => Just(json!({"request": {"method": "GET", "path": "/outra"}, "response": {"status": 200}}).to_string()),
        1 => (200..600_u16).prop_map(|status| json!({"operation": "ler_coisa", "request": {"query": {"x": "1"}}, "response": {"status": status, "text": "<html>"}}).to_string()),
    ];
    proptest::collection::vec(body, 0..6)
}

/// Returns a contract without its counts.
pub(crate) fn uncounted(value: &Value) -> Value {
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

/// Shapes of both sorts: promised by a schema, and observed along it.
fn any_shape() -> impl Strategy<Value = Shape> {
    let observed = (any_schema(), exchanges()).prop_map(|(schema, exchanges)| {
        let contract = acme::read(&acme::answering(&schema));
        let mut observed = acme::observe(&contract, &exchanges);
        let body = observed.operations.get_mut("ler_coisa").unwrap().responses.remove("200");
        *body.and_then(|mut body| body.media.remove("application/json")).unwrap_or_default().shape
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

    /// observe(a ++ b) = observe(a) ⊔ observe(b), in either order.
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

    /// A sample fits its shape.
    #[test]
    fn a_sample_fits_its_shape(schema in any_schema(), seed in any::<u64>()) {
        let (contract, shape) = promised(&schema);
        if let Some(body) = sample(&contract, &shape, seed) {
            let observed = acme::observe(&contract, &[acme::answered(&body).to_string()]);
            let findings = compare(&contract, &observed);
            prop_assert_eq!(findings, vec![], "{} does not fit", body);
        }
    }

    /// A schema without contradictions has a sample.
    #[test]
    fn a_plain_schema_has_a_sample(schema in plain_schema(), seed in any::<u64>()) {
        let (contract, shape) = promised(&schema);
        let body = sample(&contract, &shape, seed);
        prop_assert!(body.is_some());
        prop_assert_eq!(judge_value(&contract, &shape, &body.unwrap().to_string()), vec![]);
    }

    /// One mutation gives one finding, of the right rule at the right place.
    #[test]
    fn one_mutation_is_one_finding(schema in plain_schema(), seed in any::<u64>(), pick in any::<prop::sample::Index>()) {
        let (contract, shape) = promised(&schema);
        let body = sample(&contract, &shape, seed).unwrap();
        let mut mutants = Vec::new();
        mutate(Spec { components: &Value::Null, schema: &schema }, &body, "", &mut |mutant, rule, at| mutants.push((mutant, rule, at)));
        prop_assume!(!mutants.is_empty());
        let (mutant, rule, at) = &mutants[pick.index(mutants.len())];
        let observed = acme::observe(&contract, &[acme::answered(mutant).to_string()]);
        let found: Vec<_> = compare(&contract, &observed).into_iter().map(|f| (f.rule, f.at, f.count)).collect();
        prop_assert_eq!(found, vec![(*rule, at.clone(), 1)], "{} became {}", body, mutant);
    }

    /// Arbitrary bytes neither crash nor hang the judge.
    #[test]
    fn any_text_is_judged(schema in any_schema(), text in "[\\[\\]{}:,\"a-c0-9\\\\u. -]{0,40}") {
        let (contract, shape) = promised(&schema);
        let is_json = serde_json::from_str::<Value>(&text).is_ok();
        let findings = judge_value(&contract, &shape, &text);
        let is_unreadable = findings.iter().any(|f| f.rule == Rule::BodyUnreadable && f.at.is_empty());
        prop_assert_eq!(is_unreadable, !is_json);
    }
}

#[test]
fn a_sample_has_the_members_of_its_side() {
    let (contract, shape) = promised(&json!({
        "type": "object",
        "required": ["id", "senha", "nome"],
        "properties": {
            "id": {"type": "integer", "readOnly": true},
            "senha": {"type": "string", "writeOnly": true},
            "nome": {"type": "string"}
        }
    }));
    let names = |sample: Option<Value>| -> Vec<String> {
        let sample = sample.expect("a sample");
        sample.as_object().expect("an object").keys().cloned().collect()
    };
    for seed in 0..20 {
        assert_eq!(names(sample(&contract, &shape, seed)), ["id", "nome"], "seed {seed}");
        assert_eq!(
            names(sample_request(&contract, &shape, seed)),
            ["nome", "senha"],
            "seed {seed}"
        );
    }
}
