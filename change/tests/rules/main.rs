//! Tests the rules on a table of small edits of one document.
//!
//! A row is an edit of [`BASE`] and the changes that it must give, by hand: severity, version, rule
//! and the place in words.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

mod rows;

use prumo_change::{Changes, Rule, compare};
use prumo_spec::{Document, OpenApi};

/// A document with one construct of each kind.
const BASE: &str = include_str!("base.yaml");

/// One row: a sentence, edits of the base (old text and new text), and the expected changes.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

fn changes(old: &str, new: &str) -> Changes {
    let (old, new) = (document("old.yaml", old), document("new.yaml", new));
    compare(OpenApi::new(&old), OpenApi::new(&new)).unwrap()
}

fn document(name: &str, text: &str) -> Document {
    Document::parse(name, text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(BASE.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "`{old}` stands once in the base");
        text.replace(old, new)
    })
}

fn told(changes: &Changes) -> Vec<String> {
    let line = |change: &prumo_change::Change| {
        let (severity, semver) = (change.severity().name(), change.semver().name());
        format!("{severity} {semver} {}: {}", change.rule.name(), change.place)
    };
    changes.iter().map(line).collect()
}

#[test]
fn each_edit_gives_the_changes_of_its_row() {
    let mut wrong = Vec::new();
    for (name, edits, expected) in rows::ROWS {
        let told = told(&changes(BASE, &edited(edits)));
        if told != *expected {
            wrong.push(format!("{name}:\n  expected {expected:#?}\n  got {told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_row() {
    let all: Vec<&str> = rows::ROWS.iter().flat_map(|(_, _, told)| told.iter().copied()).collect();
    let has = |rule: &Rule| all.iter().any(|told| told.contains(&format!(" {}: ", rule.name())));
    let lacking: Vec<&str> =
        Rule::ALL.iter().filter(|rule| !has(rule)).map(|rule| rule.name()).collect();
    assert_eq!(lacking, [""; 0], "rules without a row");
}

#[test]
fn a_name_is_a_rule_once() {
    for rule in Rule::ALL {
        assert_eq!(Rule::parse(rule.name()), Some(*rule));
    }
    assert_eq!(Rule::parse("nothing"), None);
}

#[test]
fn a_shared_schema_is_one_change_with_its_operations() {
    let edit = [("valor: {type: number}", "valor: {type: string}")];
    let changes = changes(BASE, &edited(&edit));
    let [change] = changes.iter().collect::<Vec<_>>()[..] else { panic!("{:?}", told(&changes)) };
    assert_eq!(change.reach(), "3 operations (request, response)");
    assert_eq!((change.before.as_str(), change.after.as_str()), ("number", "string"));
    assert_eq!((change.old.file.as_str(), change.new.file.as_str()), ("old.yaml", "new.yaml"));
}

#[test]
fn a_document_that_cannot_be_read_is_an_error() {
    let good = document("good.yaml", BASE);
    let bad = [
        BASE.replace("3.0.3", "3.2.0"),
        BASE.replace("3.0.3", "2.0"),
        "{}".to_owned(),
        "[]".to_owned(),
        BASE.replace("  /pedidos:", "  pedidos:"),
        BASE.replace("schemas/Item'}}", "schemas/Nada'}}"),
    ];
    for text in bad {
        assert_ne!(text, BASE);
        let bad = document("bad.yaml", &text);
        let (good, bad) = (OpenApi::new(&good), OpenApi::new(&bad));
        assert!(compare(good, bad).is_err(), "{text}");
        assert!(compare(bad, good).is_err(), "{text}");
    }
}

#[test]
fn recursive_schemas_end() {
    let tree = |kind: &str| {
        format!(
            "openapi: 3.0.3
info: {{title: A, version: '1'}}
paths:
  /a: {{get: {{operationId: a, responses: {{'200': {{description: ok, content: {{application/json:
    {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}
components:
  schemas:
    A: {{type: object, properties: {{b: {{$ref: '#/components/schemas/B'}}, v: {{type: {kind}}}}}}}
    B: {{allOf: [{{$ref: '#/components/schemas/A'}}, {{$ref: '#/components/schemas/B'}}], type: object}}
"
        )
    };
    let changes = changes(&tree("string"), &tree("integer"));
    assert_eq!(told(&changes), ["breaking major type-changed: schema A /v type"]);
}
