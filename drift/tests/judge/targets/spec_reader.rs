//! Reads a text as a document and that as a contract, or returns an error with its place.

use prumo_drift::{
    Contract, Document, Position, compare, coverage, judge_value, read_openapi, sample,
};
use serde_json::Value;

use super::laws::{findings_are_sound, is_pointer, join_has_an_identity};

/// The most members of a document that are looked up: their number grows with the text, and each
/// look-up starts at the root.
const MAX_LOOKUPS: usize = 256;

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for file in ["acme.yaml", "acme.json"] {
        match Document::parse(file, text) {
            Ok(document) => check_document(&document, text),
            Err(error) => {
                assert!(is_inside(error.position(), text), "{error} lies outside");
                assert!(error.to_string().starts_with(file), "{error} names no file");
            }
        }
    }
}

fn check_document(document: &Document, text: &str) {
    let mut pointers = Vec::new();
    members(document.value(), String::new(), &mut pointers);
    for pointer in &pointers {
        let position = document.position(pointer);
        assert!(
            position.is_some_and(|position| is_inside(position, text)),
            "`{pointer}` is nowhere"
        );
    }
    let printed = document.value().to_string();
    let again = Document::parse("again.json", &printed)
        .unwrap_or_else(|error| panic!("{error} in {printed}"));
    assert_eq!(again.value(), document.value(), "printed and read again");

    match read_openapi(document) {
        Ok(contract) => check_contract(&contract, document),
        Err(error) => {
            assert!(is_pointer(&error.pointer), "{error} has no pointer");
            assert!(
                is_inside(Position { line: error.line, column: error.column }, text),
                "{error} lies outside"
            );
        }
    }
}

fn check_contract(contract: &Contract, document: &Document) {
    assert_eq!(read_openapi(document).as_ref(), Ok(contract), "read twice");
    join_has_an_identity(contract);
    let nothing = Contract::default();
    assert_eq!(compare(contract, &nothing), [], "nothing was observed");
    let gaps = coverage(contract, &nothing);
    findings_are_sound(&gaps);
    assert_eq!(gaps.len(), contract.operations.len(), "each operation was never seen: {gaps:#?}");

    let bodies = contract.operations.values().flat_map(|operation| operation.responses.values());
    for media in bodies.flat_map(|body| body.media.values()).take(4) {
        if let Some(value) = sample(contract, &media.shape, 1) {
            let findings = judge_value(contract, &media.shape, &value.to_string());
            findings_are_sound(&findings);
        }
    }
}

/// Collects the pointers to the first members of a document, the innermost first.
fn members(value: &Value, at: String, pointers: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (prumo_drift::below(&at, name), value)).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("{at}/{index}"), value))
            .collect(),
        _ => Vec::new(),
    };
    for (at, value) in below {
        if pointers.len() < MAX_LOOKUPS {
            members(value, at, pointers);
        }
    }
    pointers.push(at);
}

/// Returns whether a text has this line and column, or ends there.
fn is_inside(position: Position, text: &str) -> bool {
    // For YAML, a carriage return alone ends a line, too.
    let n_lines = text.matches(['\n', '\r']).count() + 1;
    let n_columns = text.chars().count() + 1;
    (1..=n_lines).contains(&position.line) && (1..=n_columns).contains(&position.column)
}
