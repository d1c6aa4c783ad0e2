use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{any, branch, has_other_tag, no_branch};

/// The same type with serde's derive. The error messages must be equal.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename = "Ticket", expecting = "struct Ticket")]
struct Derived {
    id: i64,
    #[serde(deserialize_with = "Option::deserialize", default)]
    closed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Debug)]
struct Ticket {
    id: i64,
    closed: Option<String>,
    rate: Option<u8>,
    notes: Vec<String>,
    extra: Map<String, Value>,
}

crate::record!(Ticket {
    0 required id "id",
    1 nullable closed "closed",
    2 optional rate "rate",
    3 filled notes "notes",
    .. extra
});

impl From<Ticket> for Derived {
    fn from(Ticket { id, closed, rate, notes, extra }: Ticket) -> Self {
        Self { id, closed, rate, notes, extra }
    }
}

/// Objects that fit, and the JSON that they are written as.
const FITTING: &[(&str, &str)] = &[
    (r#"{"id":1}"#, r#"{"id":1,"closed":null}"#),
    (r#"{"closed":null,"rate":null,"notes":[],"id":1}"#, r#"{"id":1,"closed":null}"#),
    (r#"{"x":[0.1],"id":1,"rate":2}"#, r#"{"id":1,"closed":null,"rate":2,"x":[0.1]}"#),
    (
        r#"{"notes":["a"],"rate":2,"closed":"b","id":1}"#,
        r#"{"id":1,"closed":"b","rate":2,"notes":["a"]}"#,
    ),
];

#[test]
fn a_record_is_read_and_written_as_the_derive_does() {
    for &(text, again) in FITTING {
        let read: Ticket = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), again, "text {text}");
        assert_eq!(Derived::from(read), serde_json::from_str(text).unwrap(), "text {text}");
    }
}

/// Texts that do not fit.
const MISFITS: &[&str] = &[
    "[]",
    "7",
    "{}",
    r#"{"closed":"b"}"#,
    r#"{"id":null}"#,
    r#"{"id":1,"id":2}"#,
    r#"{"id":1,"rate":300}"#,
    r#"{"id":1,"notes":null}"#,
    r#"{"id":1"#,
];

#[test]
fn a_misfit_is_told_in_the_words_of_the_derive() {
    for text in MISFITS {
        let ours = serde_json::from_str::<Ticket>(text).unwrap_err();
        let derived = serde_json::from_str::<Derived>(text).unwrap_err();
        assert_eq!(ours.to_string(), derived.to_string(), "text {text}");
    }
}

#[test]
fn a_union_is_its_first_branch_that_fits() {
    let value = any(&mut serde_json::Deserializer::from_str(r#"["a"]"#)).unwrap();
    assert_eq!(branch::<i64>(&value), None);
    assert_eq!(branch::<Vec<String>>(&value), Some(vec!["a".to_owned()]));
    let error: serde_json::Error = no_branch("Id");
    assert_eq!(error.to_string(), "data did not match any variant of untagged enum Id");
}

#[test]
fn a_tag_that_names_no_branch_is_not_an_unknown_branch() {
    let known = ["circulo".into(), 7.into()];
    let cases = [
        ("another text", r#"{"tipo": "triangulo"}"#, true),
        ("another number", r#"{"tipo": 8}"#, true),
        ("a known text", r#"{"tipo": "circulo"}"#, false),
        ("a known number", r#"{"tipo": 7}"#, false),
        ("no tag", "{}", false),
        ("null", r#"{"tipo": null}"#, false),
        ("an object", r#"{"tipo": {}}"#, false),
        ("no object", "[]", false),
    ];
    for (name, text, expected) in cases {
        let value = serde_json::from_str(text).unwrap();
        assert_eq!(has_other_tag(&value, "tipo", &known), expected, "case `{name}`");
    }
}
