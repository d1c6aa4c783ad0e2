//! Tests the table of wire formats with the judge, the runtime's types and `specs/README.md`.
//!
//! `call`, the mutator and the stand-in have tests of their own, because they use formats
//! privately.

use prumo_drift::{Contract, Document, Rule, Shape, judge_value, read_openapi};
use prumo_runtime::scalar_types;
use prumo_spec::formats::{FORMATS, Format};
use serde_json::json;

/// A text without any format.
const NO_TEXT: &str = r#""não é""#;

/// An integer without any format.
const NO_INT: &str = "99999999999999999999";

/// Returns a contract with one schema, and a reference to the schema.
fn promised(format: &Format) -> (Contract, Shape) {
    let kind = format.kinds.first().and_then(|kind| kind.type_name());
    let schema = match kind.filter(|_| !format.is_loose()) {
        Some(kind) => json!({"type": kind, "format": format.name}),
        None => json!({"format": format.name}),
    };
    let answer = json!({"description": "", "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Valor"}},
    }});
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "Alfa", "version": "1"},
        "paths": {"/valor": {"get": {"operationId": "ler", "responses": {"200": answer}}}},
        "components": {"schemas": {"Valor": schema}},
    });
    let document = Document::parse("formats.json", &document.to_string()).expect("a document");
    (read_openapi(&document).expect("a contract"), Shape::reference("Valor"))
}

#[test]
fn the_judge_takes_every_example_and_finds_a_broken_value() {
    for format in FORMATS {
        let (contract, shape) = promised(format);
        let rules = |json: &str| -> Vec<Rule> {
            judge_value(&contract, &shape, json).iter().map(|finding| finding.rule).collect()
        };
        assert!(!format.examples.is_empty(), "`{}` has no example", format.name);
        for example in format.example_values() {
            assert_eq!(rules(&example.to_string()), [], "`{}`: {example}", format.name);
        }
        if format.checks_texts() {
            assert_eq!(rules(NO_TEXT), [Rule::FormatViolated], "`{}`", format.name);
        }
        if format.bounds_ints() {
            assert_eq!(rules(NO_INT), [Rule::FormatViolated], "`{}`", format.name);
        }
    }
}

#[test]
fn the_runtimes_type_writes_every_example_as_it_came_and_refuses_a_broken_value() {
    for format in FORMATS {
        let Some(rust) = format.rust else { continue };
        let rewrite = scalar_types()
            .find(|scalar| scalar.name == rust)
            .unwrap_or_else(|| {
                panic!("the runtime does not list the type `{rust}` of `{}`", format.name)
            })
            .rewrite;
        for example in format.example_values().map(|example| example.to_string()) {
            assert_eq!(rewrite(&example).unwrap(), example, "`{}`", format.name);
        }
        let is_refused = |json: &str| rewrite(json).is_err();
        assert_eq!(is_refused(NO_TEXT), format.is_typed(), "`{}` reads any text", format.name);
        assert!(is_refused("[]"), "`{}` reads a list", format.name);
    }
    let unused: Vec<&str> = scalar_types()
        .map(|scalar| scalar.name)
        .filter(|name| FORMATS.iter().all(|f| f.rust != Some(name)))
        .collect();
    assert_eq!(unused, [""; 0], "types without a format");
}

#[test]
fn the_readme_of_the_specs_has_the_row_of_every_format_with_a_type() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/README.md");
    let readme = std::fs::read_to_string(file).unwrap();
    let ticked = |texts: &[&str]| {
        texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
    };
    for format in FORMATS {
        let Some(rust) = format.rust else {
            assert!(readme.contains(format.name), "`{}` is not in {file}", format.name);
            continue;
        };
        let schema = match format.kinds.first().and_then(|kind| kind.type_name()) {
            Some(kind) if !format.is_loose() => {
                format!("{{type: {kind}, format: {}}}", format.name)
            }
            _ => format!("{{format: {}}}", format.name),
        };
        let row =
            format!("| `{}` | {} | `{rust}` | `{schema}` |", format.name, ticked(format.examples));
        assert!(readme.lines().any(|line| line == row), "{file} lacks this row:\n{row}");
    }
}
