//! Runs cases in the format of the public JSON Schema test suite, for everything that OpenAPI 3.0
//! adds to JSON Schema.
//!
//! `tests/suite/*.json` holds groups of one schema (with its `components`) and values that are
//! judged by it. `finds` lists the expected findings on a value as rule and place; without it, an
//! invalid value has a finding, and a valid one has none.

use prumo_drift::{Document, Shape, judge_value, obeys, read_openapi};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::acme;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    description: String,
    schema: Value,
    #[serde(default)]
    components: Value,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    description: String,
    /// The value as written in the file, so that no number is rounded on the way.
    data: Box<RawValue>,
    valid: bool,
    finds: Option<Vec<(String, String)>>,
}

#[test]
fn every_case_of_the_suite_comes_out_as_it_says() {
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut n_cases = 0;
    for file in &files {
        let groups: Vec<Group> =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for group in &groups {
            hold(&file.file_stem().unwrap().to_string_lossy(), group);
            n_cases += group.tests.len();
        }
    }
    assert!(n_cases > 150, "only {n_cases} cases in {} files", files.len());
}

fn hold(file: &str, group: &Group) {
    let mut document = acme::answering(&json!({"$ref": "#/components/schemas/Caso"}));
    document["components"]["schemas"] = group.components.clone();
    document["components"]["schemas"]["Caso"] = group.schema.clone();
    // A document of ours is read strictly; slips of a foreign one are mended.
    document["paths"]["/thing/{id}"]["get"]["x-source"] = json!("page");
    let text = serde_json::to_string(&document).unwrap();
    let contract = read_openapi(&Document::parse("suite.json", &text).unwrap())
        .unwrap_or_else(|error| panic!("{file}: {}: {error}", group.description));
    assert!(contract.unjudged.is_empty(), "{file}: {}: {:?}", group.description, contract.unjudged);
    let shape = Shape::reference("Caso");
    for case in &group.tests {
        let name = format!("{file}: {}: {}", group.description, case.description);
        let findings = acme::short(&judge_value(&contract, &shape, case.data.get()));
        assert_eq!(obeys(&contract, &shape, case.data.get()), case.valid, "{name}: {findings:?}");
        match &case.finds {
            Some(expect) => {
                let expect: Vec<_> =
                    expect.iter().map(|(rule, at)| (rule.as_str(), at.clone())).collect();
                assert_eq!(findings, expect, "{name}");
            }
            None => assert_eq!(findings.is_empty(), case.valid, "{name}: {findings:?}"),
        }
    }
}
