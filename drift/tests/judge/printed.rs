//! Tests that a report prints words and masks, never a value of an exchange.

use prumo_drift::{Contract, Finding, compare};
use serde_json::{Value, json};

use crate::acme;

#[test]
fn no_value_of_a_body_is_printed() {
    let schema = json!({"type": "object", "required": ["z"], "properties": {
        "a": {"type": "integer"}, "b": {"type": "string", "format": "br-date"}, "c": {"type": "string", "pattern": "^x$"},
        "d": {"type": "string", "maxLength": 3}, "e": {"type": "integer", "maximum": 5}, "f": {"type": "object"}}});
    let body = json!({"a": "Marina Prado", "b": "Marina Prado", "c": "Marina Prado", "d": "Marina Prado", "e": 52998224725_u64,
        "f": "marina@example.com", "marina@example.com": 1, "52998224725": "x", "novo": "Marina Prado"});
    let contract = acme::read(&acme::answering(&schema));
    let observed = acme::observe(&contract, &[acme::answered(&body).to_string()]);
    let text = format!(
        "{}{}",
        serde_json::to_string(&observed).unwrap(),
        serde_json::to_string(&compare(&contract, &observed)).unwrap()
    );
    for value in ["Marina", "marina", "Prado", "52998224725", "example.com"] {
        assert!(!text.contains(value), "`{value}` in {text}");
    }
}

/// A personal or secret text, and its form in a report.
const PRIVATE: &[(&str, &str)] = &[
    ("Marina Prado", "Aaaaaa Aaaaa"),
    ("marina@example.com", "aaaaaa@aaaaaaa.aaa"),
    ("529.982.247-25", "999.999.999-99"),
    ("52998224725", "99999999999"),
    ("9c2f7aa01b3e4d5f8a6b7c8d9e0f1a2b", "9a9a9aa99a9a9a9a9a9a9a9a9a9a9a9a"),
];

#[test]
fn no_text_is_printed_where_a_word_is_expected() {
    let schema =
        json!({"type": "object", "properties": {"tipo": {"type": "string", "enum": ["a"]}}});
    let document = acme::answering(&schema);
    let contract = acme::read(&document);
    let judged = |exchange: &Value| -> (Contract, Vec<Finding>) {
        let observed = acme::observe(&contract, &[exchange.to_string()]);
        let findings = compare(&contract, &observed);
        (observed, findings)
    };
    let answer = || acme::answered(&json!({}));
    for (private, mask) in PRIVATE {
        let mut kind = answer();
        kind["response"]["headers"]["content-type"] = json!(private);
        let mut subtype = answer();
        subtype["response"]["headers"]["content-type"] = json!(format!("text/{private}"));
        let mut query = answer();
        query["request"]["query"] = json!({ *private: "1" });
        let mut method = answer();
        method["request"]["method"] = json!(private);
        let mut mark = answer();
        mark["request"]["path"] = json!(format!("/{{{private}}}"));
        let mut named = answer();
        named["operation"] = json!(private);
        let masked_type = mask.to_lowercase();
        let rows: Vec<(&str, Value, String)> = vec![
            ("media type", kind, masked_type.clone()),
            ("subtype", subtype, format!("aaaa/{masked_type}").chars().take(32).collect()),
            ("value of an enum", acme::answered(&json!({"tipo": private})), (*mask).to_owned()),
            ("member", acme::answered(&json!({ *private: 1 })), format!("/{mask}")),
            ("query parameter", query, format!("/query/{mask}")),
            ("method", method, format!("{} /thing/*", mask.to_uppercase())),
            ("place holder", mark, "GET /*".to_owned()),
            ("operation", named, (*mask).to_owned()),
        ];
        for (name, exchange, expect) in rows {
            let (observed, findings) = judged(&exchange);
            let [finding] = findings.as_slice() else {
                panic!("{name} {mask}: {findings:?}");
            };
            let is_there = finding.seen.starts_with(&expect) || finding.at == expect;
            assert!(is_there, "{name}: `{expect}` in {finding:?}");
            let printed = serde_json::to_string(&(&observed, &findings)).unwrap();
            for word in private.split(' ') {
                assert!(
                    !printed.to_lowercase().contains(&word.to_lowercase()),
                    "{name}: {printed}"
                );
            }
        }
    }
}

#[test]
fn words_and_registered_types_are_printed() {
    let schema =
        json!({"type": "object", "properties": {"tipo": {"type": "string", "enum": ["a"]}}});
    let mut exchange =
        acme::answered(&json!({"tipo": "sem_conclusao", "situação": 1, "idOS-2": 1}));
    exchange["response"]["headers"]["content-type"] =
        json!("application/vnd.ms-excel.sheet.macroenabled.12");
    let findings = acme::judge(&acme::answering(&schema), &[exchange.to_string()]);
    let got: Vec<_> = findings.iter().map(|f| (f.at.as_str(), f.seen.as_str())).collect();
    let expect = [
        ("", "application/vnd.ms-excel.sheet.macroenabled.12"),
        ("/idOS-2", "int"),
        ("/situação", "int"),
        ("/tipo", "sem_conclusao"),
    ];
    assert_eq!(got, expect);
}
