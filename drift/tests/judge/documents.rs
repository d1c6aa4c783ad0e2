//! Tests laws over random documents: components that refer to each other and to themselves, heirs
//! by `allOf`, branches by discriminator, maps, lists, enums, formats, bounds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;
use prumo_drift::{Contract, Observation, Origin, Rule, Shape, compare, read_exchange, sample};
use serde_json::{Value, json};

use crate::acme;
use crate::laws::{object, plain_schema, uncounted};
use crate::mutations::{Spec, mutate};

/// The number of times that a shape is distinguished within itself; deeper values are counted at
/// the last one.
const MAX_UNFOLDED: usize = 3;

/// The number of mutants of one body that are judged.
const MAX_MUTANTS: usize = 48;

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// An inline schema, or a reference to one of the components.
fn place() -> impl Strategy<Value = Value> {
    let names =
        prop::sample::select(vec!["No", "Base", "Heir", "Animal", "Bicho", "Mapa", "Letra"]);
    prop_oneof![2 => plain_schema(), 3 => names.prop_map(reference)]
}

/// Members with names that no other component has, so that `allOf` can join them.
fn prefixed(prefix: &'static str) -> impl Strategy<Value = Value> {
    object(plain_schema()).prop_map(move |schema| {
        let named = |name: &str| format!("{prefix}{name}");
        let properties = schema["properties"].as_object().unwrap();
        let properties: serde_json::Map<String, Value> =
            properties.iter().map(|(name, schema)| (named(name), schema.clone())).collect();
        let required = schema["required"].as_array().unwrap().iter();
        let required: Vec<String> = required.map(|name| named(name.as_str().unwrap())).collect();
        json!({"type": "object", "required": required, "properties": properties})
    })
}

fn tagged(mut schema: Value) -> Value {
    schema["properties"]["_tipo"] = json!({"type": "string"});
    schema["required"].as_array_mut().unwrap().push(json!("_tipo"));
    schema
}

/// The components of every document, with random contents.
fn components() -> impl Strategy<Value = Value> {
    (plain_schema(), prefixed("b"), prefixed("h"), prefixed("g"), prefixed("c"), place()).prop_map(
        |(leaf, base, heir, gato, cao, entry)| {
            json!({
                "No": {"type": "object", "required": ["v"], "properties": {
                    "v": leaf,
                    "filhos": {"type": "array", "items": reference("No")},
                    "pai": {"nullable": true, "allOf": [reference("No")]}
                }},
                "Base": base,
                "Heir": {"type": "object", "allOf": [reference("Base"), heir]},
                // Branches that are listed, and heirs that are not.
                "Animal": {"oneOf": [reference("Gato"), reference("Cao")], "discriminator": {"propertyName": "_tipo"}},
                "Gato": tagged(gato),
                "Cao": tagged(cao.clone()),
                "Bicho": {"type": "object", "required": ["_tipo"], "properties": {"_tipo": {"type": "string"}},
                    "discriminator": {"propertyName": "_tipo"}},
                "Peixe": {"type": "object", "allOf": [reference("Bicho"), cao]},
                "Mapa": {"type": "object", "additionalProperties": entry},
                "Letra": {"type": "string", "nullable": true, "enum": ["S", "N", null]}
            })
        },
    )
}

/// A document and the schema of its only response.
fn documents() -> impl Strategy<Value = (Value, Value)> {
    (components(), object(place())).prop_map(|(components, schema)| {
        let mut document = acme::answering(&schema);
        document["components"] = json!({"schemas": components});
        (document, schema)
    })
}

fn promised(document: &Value) -> (Contract, Shape) {
    let contract = acme::read(document);
    assert_eq!(contract.unjudged, Vec::<String>::new());
    let shape =
        contract.operations["ler_coisa"].responses["200"].media["application/json"].shape.clone();
    (contract, *shape)
}

/// Returns every mutation of a body at a place that is counted separately.
fn mutants(document: &Value, schema: &Value, body: &Value) -> Vec<(Value, Rule, String)> {
    // The mutator needs the list of the parent's heirs.
    let mut components = document["components"]["schemas"].clone();
    components["Bicho"] = json!({"oneOf": [reference("Peixe"), {"type": "object", "required": ["_tipo"],
        "properties": {"_tipo": {"type": "string", "enum": ["Bicho"]}}}]});
    components["Peixe"]["allOf"][0] =
        json!({"required": ["_tipo"], "properties": {"_tipo": {"type": "string"}}});
    let mut mutants = Vec::new();
    mutate(Spec { components: &components, schema }, body, "", &mut |mutant, rule, at| {
        let n_folds = |name: &str| at.split('/').filter(|step| *step == name).count();
        if n_folds("filhos") + n_folds("pai") < MAX_UNFOLDED {
            mutants.push((mutant, rule, at));
        }
    });
    mutants
}

/// Exchanges with their lines: as promised, broken in one place, or unknown.
fn traffic() -> impl Strategy<Value = (Value, Vec<(u64, String)>)> {
    let made = proptest::collection::vec((any::<u64>(), any::<Index>(), 0..4_u8), 1..8);
    (documents(), made).prop_map(|((document, schema), made)| {
        let (contract, shape) = promised(&document);
        let texts = made.into_iter().filter_map(|(seed, pick, how)| {
            let body = sample(&contract, &shape, seed)?;
            let broken = mutants(&document, &schema, &body);
            Some(match how {
                0 => json!({"request": {"method": "GET", "path": "/outra", "query": {"x": "1"}}, "response": {"status": 418}}),
                1 => acme::answered(&body),
                _ => acme::answered(&broken[pick.index(broken.len())].0),
            })
        });
        let texts: Vec<(u64, String)> = (1..).zip(texts.map(|exchange| exchange.to_string())).collect();
        (document, texts)
    })
}

fn observe(contract: &Contract, exchanges: &[(u64, String)]) -> Contract {
    let mut observation = Observation::new(&[contract]);
    for (line, text) in exchanges {
        let exchange = read_exchange(text.as_bytes()).unwrap();
        observation.observe(&exchange, &Origin { file: "acme.ndjson", line: *line });
    }
    observation.finish().remove(0)
}

/// A promised or observed shape of a document.
fn shapes() -> impl Strategy<Value = Shape> {
    (traffic(), any::<Index>()).prop_map(|((document, exchanges), pick)| {
        let (contract, shape) = promised(&document);
        let mut observed = observe(&contract, &exchanges);
        let body =
            observed.operations.get_mut("ler_coisa").and_then(|seen| seen.responses.remove("200"));
        let seen =
            body.and_then(|mut body| body.media.remove("application/json")).unwrap_or_default();
        let all: Vec<Shape> = contract.shapes.into_values().chain([shape, *seen.shape]).collect();
        all[pick.index(all.len())].clone()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A document's samples fit its promise.
    #[test]
    fn a_sample_of_any_document_fits_it((document, _) in documents(), seed in any::<u64>()) {
        let (contract, shape) = promised(&document);
        let body = sample(&contract, &shape, seed);
        prop_assert!(body.is_some());
        let body = body.unwrap();
        let observed = acme::observe(&contract, &[acme::answered(&body).to_string()]);
        prop_assert_eq!(compare(&contract, &observed), vec![], "{} does not fit", body);
    }

    /// One mutation gives one finding, of the right rule at the right place.
    #[test]
    fn one_mutation_of_any_document_is_one_finding((document, schema) in documents(), seed in any::<u64>(), pick in any::<Index>()) {
        let (contract, shape) = promised(&document);
        let body = sample(&contract, &shape, seed).unwrap();
        let mutants = mutants(&document, &schema, &body);
        let from = pick.index(mutants.len());
        for (mutant, rule, at) in mutants.iter().cycle().skip(from).take(mutants.len().min(MAX_MUTANTS)) {
            let observed = acme::observe(&contract, &[acme::answered(mutant).to_string()]);
            let found: Vec<_> = compare(&contract, &observed).into_iter().map(|f| (f.rule, f.at, f.count)).collect();
            prop_assert_eq!(found, vec![(*rule, at.clone(), 1)], "{} became {}", body, mutant);
        }
    }

    /// Shapes that refer to each other join by the laws of a lattice.
    #[test]
    fn shapes_of_documents_join_by_the_same_laws(a in shapes(), b in shapes(), c in shapes()) {
        prop_assert_eq!(a.join(&b), b.join(&a));
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
        let json = |shape: &Shape| uncounted(&serde_json::to_value(shape).unwrap());
        prop_assert_eq!(json(&a.join(&a)), json(&a));
    }

    /// Any order and any split of the traffic gives the same contract and the same findings.
    #[test]
    fn order_and_split_change_nothing((document, exchanges) in traffic(), keys in any::<[u32; 8]>(), cuts in any::<[Index; 2]>()) {
        let (contract, _) = promised(&document);
        let whole = observe(&contract, &exchanges);
        let mut shuffled: Vec<_> = exchanges.iter().zip(keys).map(|(exchange, key)| (key, exchange.clone())).collect();
        shuffled.sort();
        let shuffled: Vec<_> = shuffled.into_iter().map(|(_, exchange)| exchange).collect();
        let cuts: BTreeSet<usize> = cuts.iter().map(|cut| cut.index(shuffled.len() + 1)).chain([0, shuffled.len()]).collect();
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let parts = cuts.windows(2).rev().map(|cut| observe(&contract, &shuffled[cut[0]..cut[1]]));
        let joined = parts.reduce(|a, b| a.join(&b)).unwrap_or_else(|| observe(&contract, &[]));
        prop_assert_eq!(compare(&contract, &joined), compare(&contract, &whole));
        prop_assert_eq!(joined, whole);
    }
}
