//! Tests laws over the recorded responses and the specs. Laws over made-up shapes are in `drift/`.

#[path = "support/described.rs"]
mod described;

use std::sync::LazyLock;

use contract_tests::{fixtures, specs};
use described::{has_named_members, objects};
use proptest::prelude::*;
use prumo_drift::{Contract, Finding, Observation, Origin, Rule, compare, read_exchange};
use prumo_replay::Fixture;
use prumo_spec::OpenApi;
use prumo_spec::mask::mask;
use serde_json::{Value, json};

fn promised(spec: &str) -> Contract {
    specs::spec(spec).expect("a spec").contract.clone()
}

fn judged(promised: &Contract, exchange: &Value) -> Vec<Finding> {
    let bytes = exchange.to_string();
    let exchange = read_exchange(bytes.as_bytes()).expect("an exchange");
    let mut observation = Observation::new(&[promised]);
    observation.observe(&exchange, &Origin { file: "a", line: 1 });
    observation.finish().iter().flat_map(|observed| compare(promised, observed)).collect()
}

/// Every fixture with a JSON object as its response, read once because each law uses a hundred of
/// them.
static WITH_JSON: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
    let mut all = fixtures::all().expect("fixtures");
    all.retain(|fixture| fixture.exchange["response"]["body"].is_object());
    all
});

fn any_fixture_with_json() -> impl Strategy<Value = Fixture> {
    (0..WITH_JSON.len()).prop_map(|index| WITH_JSON[index].clone())
}

/// Returns whether a report may show the place in this form; it masks the keys of a map.
fn is_shown_as(place: &str, shown: &str) -> bool {
    place.split('/').count() == shown.split('/').count()
        && place
            .split('/')
            .zip(shown.split('/'))
            .all(|(name, shown)| shown == name || shown == mask(name))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A new member anywhere in a response gives exactly one finding, at its place.
    #[test]
    fn a_new_member_anywhere_is_one_finding(fixture in any_fixture_with_json(), pick in any::<prop::sample::Index>()) {
        let promised = promised(&fixture.spec);
        let before = judged(&promised, &fixture.exchange).len();
        let mut places = Vec::new();
        objects(&fixture.exchange["response"]["body"], "", &mut places);
        let spec = specs::spec(&fixture.spec).expect("a spec");
        let spec = OpenApi::new(&spec.document);
        places.retain(|at| has_named_members(spec, &fixture.exchange, at));
        prop_assume!(!places.is_empty());
        let at = places[pick.index(places.len())].clone();
        let mut exchange = fixture.exchange.clone();
        exchange["response"]["body"].pointer_mut(&at).expect("a place")["campo_de_amanha"] = json!(1);

        let findings = judged(&promised, &exchange);
        let new: Vec<_> = findings.iter().filter(|finding| finding.at.ends_with("/campo_de_amanha")).collect();
        prop_assert_eq!(findings.len(), before + 1, "at `{}`: {:?}", at, findings);
        prop_assert_eq!(new.len(), 1);
        prop_assert_eq!(new[0].rule, Rule::FieldUndocumented);
        let first = new[0].first.as_ref().expect("evidence");
        let place = format!("{at}/campo_de_amanha");
        prop_assert!(is_shown_as(&place, &first.pointer), "at `{}`: `{}`", place, first.pointer);
    }

    /// A recording that is redacted again still fits, because redaction keeps the shape.
    #[test]
    fn redaction_keeps_the_shape(fixture in any_fixture_with_json(), seed in any::<[u8; 16]>()) {
        let promised = promised(&fixture.spec);
        let before = judged(&promised, &fixture.exchange);
        let redacted = redacted(&fixture, &seed);
        prop_assert_eq!(judged(&promised, &redacted).len(), before.len());
        prop_assert_eq!(kinds(&redacted), kinds(&fixture.exchange));
    }
}

fn redacted(fixture: &Fixture, seed: &[u8]) -> Value {
    let document = &specs::spec(&fixture.spec).expect("a spec").document;
    let mut exchange = fixture.exchange.clone();
    prumo_redact::Redactor::new(seed).with_spec(document).redact(&mut exchange);
    exchange
}

/// Replaces each scalar in a value by its kind.
fn kinds(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), kinds(value))).collect()
        }
        Value::Array(items) => items.iter().map(kinds).collect(),
        Value::String(_) => "text".into(),
        Value::Number(number) => {
            if number.is_f64() {
                "number".into()
            } else {
                "int".into()
            }
        }
        Value::Bool(_) => "bool".into(),
        Value::Null => Value::Null,
    }
}
