//! Laws over the recorded answers and the specs as they are; those over made-up shapes are with the judge.

use contract_tests::fixtures::{self, Fixture};
use contract_tests::specs;
use proptest::prelude::*;
use prumo_drift::{Contract, Finding, Observer, Origin, Rule, below, compare, read_exchange};
use serde_json::{Value, json};

fn promised(spec: &str) -> Contract {
    specs::spec(spec).expect("a spec").contract.clone()
}

fn judged(promised: &Contract, exchange: &Value) -> Vec<Finding> {
    let bytes = exchange.to_string();
    let exchange = read_exchange(bytes.as_bytes()).expect("an exchange");
    let mut observer = Observer::new(&[promised]);
    observer.observe(&exchange, &Origin { file: "a", line: 1 });
    observer.finish().iter().flat_map(|observed| compare(promised, observed)).collect()
}

/// JSON Pointers of all objects below `value`, itself included.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, value) in members {
                objects(value, &below(at, name), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                objects(value, &format!("{at}/{index}"), found);
            }
        }
        _ => (),
    }
}

/// Places, and all that is below, where the specs take any JSON or any name, so that nothing there
/// is new; `*` is any item. The names of a map are data, which the judge does not print.
const OPEN: &[&str] = &["/trace/*", "/ordens_servico/*/cliente_servico", "/horarios/datas"];

fn is_open(at: &str) -> bool {
    let n_names = |pointer: &str| pointer.split('/').count();
    let fits = |(name, mark): (&str, &str)| mark == "*" || mark == name;
    OPEN.iter().any(|open| n_names(at) >= n_names(open) && at.split('/').zip(open.split('/')).all(fits))
}

fn any_fixture_with_json() -> impl Strategy<Value = Fixture> {
    let all = fixtures::all().expect("fixtures");
    let n_with_json = all.iter().filter(|fixture| fixture.exchange["response"]["body"].is_object()).count();
    (0..n_with_json).prop_map(|index| {
        let all = fixtures::all().expect("fixtures").into_iter();
        let mut with_json = all.filter(|fixture| fixture.exchange["response"]["body"].is_object());
        with_json.nth(index).expect("as many as were counted")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// One change is one finding: a new member anywhere in an answer is named, once and at its place.
    #[test]
    fn a_new_member_anywhere_is_one_finding(fixture in any_fixture_with_json(), pick in any::<prop::sample::Index>()) {
        let promised = promised(&fixture.spec);
        let before = judged(&promised, &fixture.exchange).len();
        let mut places = Vec::new();
        objects(&fixture.exchange["response"]["body"], "", &mut places);
        places.retain(|at| !is_open(at));
        let at = places[pick.index(places.len())].clone();
        let mut exchange = fixture.exchange.clone();
        exchange["response"]["body"].pointer_mut(&at).expect("a place")["campo_de_amanha"] = json!(1);

        let findings = judged(&promised, &exchange);
        let new: Vec<_> = findings.iter().filter(|finding| finding.at.ends_with("/campo_de_amanha")).collect();
        prop_assert_eq!(findings.len(), before + 1, "at `{}`: {:?}", at, findings);
        prop_assert_eq!(new.len(), 1);
        prop_assert_eq!(new[0].rule, Rule::FieldUndocumented);
        let first = new[0].first.as_ref().expect("evidence");
        prop_assert_eq!(&first.pointer, &format!("{at}/campo_de_amanha"));
    }

    /// A recording that was redacted once more still fits: redaction keeps the shape.
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
    prumo_drift::Redactor::new(seed).with_spec(document).redact(&mut exchange);
    exchange
}

/// A value with each scalar replaced by its kind.
fn kinds(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), kinds(value))).collect(),
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
