use proptest::prelude::*;
use serde_json::json;

use super::{Document, DocumentFault, MAX_DEPTH};

fn value(text: &str) -> serde_json::Value {
    Document::parse("a.yaml", text).unwrap().value().clone()
}

fn message(text: &str) -> String {
    Document::parse("a.yaml", text).unwrap_err().to_string()
}

#[test]
fn yaml_becomes_the_json_that_the_core_schema_says() {
    let rows = [
        ("a: 1.10", json!({"a": 1.1})),
        ("a: '1.10'", json!({"a": "1.10"})),
        ("200: {description: ok}", json!({"200": {"description": "ok"}})),
        (
            "010: a\ntrue: b\nnull: c\n1.0: d",
            json!({"010": "a", "true": "b", "null": "c", "1.0": "d"}),
        ),
        ("a: no\nb: yes\nc: off", json!({"a": "no", "b": "yes", "c": "off"})),
        ("a: 2026-11-22", json!({"a": "2026-11-22"})),
        ("a: 18446744073709551615", json!({"a": 18446744073709551615_u64})),
        ("a: -9223372036854775808", json!({"a": -9223372036854775808_i64})),
        (
            "[0x1F, 0o17, +3, -4, 1_000, 1., .5, 1e3, 0x, 010]",
            json!([31, 15, 3, -4, "1_000", 1.0, 0.5, 1000.0, "0x", 10]),
        ),
        ("a:\nb: ~\nc: Null\nd: ''", json!({"a": null, "b": null, "c": null, "d": ""})),
        ("a: !!str 200\nb: ! 7\nc: !!int 3", json!({"a": "200", "b": "7", "c": 3})),
        ("a: |\n  one\n  two\n", json!({"a": "one\ntwo\n"})),
        ("a: &x {b: 1}\nc: *x", json!({"a": {"b": 1}, "c": {"b": 1}})),
        ("'<<': {a: 1}", json!({"<<": {"a": 1}})),
        ("\u{feff}a: 1", json!({"a": 1})),
        ("a: 1\r\nb: 2\r\n", json!({"a": 1, "b": 2})),
        ("---\na: 1\n...\n", json!({"a": 1})),
        ("# nothing\n", json!(null)),
        ("", json!(null)),
        ("{a: b}", json!({"a": "b"})),
        (
            "{\t\"a\":\t\"\\ud83d\\ude00\\/\",\n\t\"b\": [ ], \"c\": {}, \"d\": -0.5e+2}",
            json!({"a": "😀/", "b": [], "c": {}, "d": -50.0}),
        ),
    ];
    for (text, expect) in rows {
        assert_eq!(value(text), expect, "text {text:?}");
    }
}

#[test]
fn members_keep_their_order() {
    let document = Document::parse("a.yaml", "z: 1\na: 2\nm: 3").unwrap();
    let names: Vec<&String> = document.value().as_object().unwrap().keys().collect();
    assert_eq!(names, ["z", "a", "m"]);
}

#[test]
fn faults_name_file_line_and_column_and_no_content() {
    let rows = [
        ("a: 1\nb: 2\na: 3", "a.yaml:3:1: key `a` appears twice in one mapping"),
        ("a: 1\r\nre", "a.yaml:2:3: simple key expected"),
        ("200: 1\n'200': 2", "a.yaml:2:1: key `200` appears twice in one mapping"),
        ("{\"a\": 1,\n \"a\": 2}", "a.yaml:2:2: key `a` appears twice in one mapping"),
        ("a: 1\na: 2\nb: @secret", "a.yaml:2:1: key `a` appears twice in one mapping"),
        ("{\"a\": 1, \"a\": {\"b\": ?}}", "a.yaml:1:10: key `a` appears twice in one mapping"),
        (
            "{\"a\": {\"b\": 1, \"b\": 2}, \"a\": 3}",
            "a.yaml:1:16: key `b` appears twice in one mapping",
        ),
        ("a: 1\na: {b: 1, b: 2}", "a.yaml:2:1: key `a` appears twice in one mapping"),
        ("a: 1\n---\nb: 2", "a.yaml:2:1: a second document starts here, but a file holds one"),
        ("a: &x {b: 1}\n<<: *x", "a.yaml:2:1: merge key `<<` is not part of YAML 1.2"),
        ("? [a]\n: 1", "a.yaml:1:3: a mapping key is not plain text"),
        ("a: &x b\n*x : 1", "a.yaml:2:1: a mapping key is not plain text"),
        ("a: &x [*x]", "a.yaml:1:8: an alias refers to the node that contains it"),
        ("a: 0x10000000000000000", "a.yaml:1:4: an integer beyond 64 bits"),
        ("a: .nan", "a.yaml:1:4: a number that JSON cannot hold"),
        ("a: .NaN", "a.yaml:1:4: a number that JSON cannot hold"),
        ("a: !vault secret", "a.yaml:1:4: a tag outside the core schema of YAML 1.2"),
        ("a: !!int secret", "a.yaml:1:4: a scalar does not fit its tag"),
        ("a: b\0c", "a.yaml:1:5: a null character"),
        ("a: @secret", "a.yaml:1:4: unexpected character"),
        ("a: *nobody", "a.yaml:1:4: while parsing node, found unknown anchor"),
    ];
    for (text, expect) in rows {
        assert_eq!(message(text), expect, "text {text:?}");
    }
}

#[test]
fn a_number_beyond_every_float_is_the_largest_and_known_as_such() {
    let rows = [
        ("a.yaml", "a: 1e999", f64::MAX, true),
        ("a.yaml", "a: -.inf", f64::MIN, true),
        ("a.json", r#"{"a": -2.5E400}"#, f64::MIN, true),
        ("a.json", r#"{"a": 1.7976931348623157e308}"#, f64::MAX, false),
        ("a.yaml", "a: 1e308", 1e308, false),
    ];
    for (file, text, number, is_beyond) in rows {
        let document = Document::parse(file, text).unwrap();
        let value = &document.value()["a"];
        assert_eq!(value.as_f64(), Some(number), "{text}");
        assert_eq!(document.is_beyond_floats(value, "/a"), is_beyond, "{text}");
    }
}

#[test]
fn an_integer_beyond_64_bits_is_a_float_whose_digits_are_kept() {
    let rows = [
        ("yaml", "a: 18446744073709551616", "18446744073709551616"),
        ("yaml", "a: !!int -9223372036854776000", "-9223372036854776000"),
        ("json", r#"{"a": 18446744073709551616}"#, "18446744073709551616"),
        ("yaml", "x: &x 18446744073709551616\na: *x", "18446744073709551616"),
    ];
    for (notation, text, digits) in rows {
        let document = Document::parse(&format!("a.{notation}"), text).unwrap();
        assert!(document.value()["a"].is_f64(), "{text}");
        assert_eq!(document.digits("/a"), Some(digits), "{text}");
        let first = Document::parse("b.yaml", "b: 1").unwrap();
        assert_eq!(first.with_part(document).unwrap().digits("/a"), Some(digits), "{text}");
    }
    let document = Document::parse("a.yaml", "a: 18446744073709551615\nb: 1e30").unwrap();
    assert_eq!((document.digits("/a"), document.digits("/b")), (None, None));
}

#[test]
fn a_json_file_gets_the_complaints_of_json() {
    let rows = [
        ("{\"a\": 1,}", "a.json:1:9: expected `\"`"),
        ("{\"a\" 1}", "a.json:1:6: expected `:` after a key"),
        ("[1 2]", "a.json:1:4: expected `,` or a closing bracket"),
        ("[01]", "a.json:1:2: expected a value"),
        ("[\"a", "a.json:1:2: a string without an end"),
        ("[\"\\x\"]", "a.json:1:2: a string with a broken escape or a control character"),
        ("{}\n{}", "a.json:2:1: text after the end of the document"),
        ("{\"a\": [1", "a.json:1:9: expected `,` or a closing bracket"),
    ];
    for (text, expect) in rows {
        let error = Document::parse("a.json", text).unwrap_err();
        assert_eq!(error.to_string(), expect, "text {text:?}");
    }
}

#[test]
fn positions_are_those_of_keys_and_items() {
    let yaml = "paths:\n  /a~b/{c}:\n    get:\n      - one\n      - é: {two: x}\n";
    let document = Document::parse("a.yaml", yaml).unwrap();
    let rows = [
        ("", Some((1, 1))),
        ("/paths", Some((1, 1))),
        ("/paths/~1a~0b~1{c}", Some((2, 3))),
        ("/paths/~1a~0b~1{c}/get/0", Some((4, 9))),
        ("/paths/~1a~0b~1{c}/get/1/é/two", Some((5, 13))),
        ("/paths/~1a~0b~1{c}/get/2", None),
        ("/nowhere", None),
        ("paths", None),
    ];
    for (pointer, expect) in rows {
        let found = document.position(pointer).map(|at| (at.line, at.column));
        assert_eq!(found, expect, "pointer {pointer}");
    }
    let nearest = document.nearest_position("/paths/~1a~0b~1{c}/post");
    assert_eq!((nearest.line, nearest.column), (2, 3));

    let left_out = Document::parse("a.yaml", "---").unwrap();
    assert_eq!(left_out.position("").map(|at| (at.line, at.column)), Some((1, 4)));

    let json = "{\n\t\"a\": [\"ü\", {\"b\": 1}]\n}";
    let document = Document::parse("a.json", json).unwrap();
    for (pointer, expect) in [("", (1, 1)), ("/a", (2, 2)), ("/a/1", (2, 13)), ("/a/1/b", (2, 14))]
    {
        let at = document.position(pointer).unwrap();
        assert_eq!((at.line, at.column), expect, "pointer {pointer}");
    }
}

#[test]
fn what_an_alias_brings_is_placed_at_its_anchor() {
    let document = Document::parse("a.yaml", "a: &x\n  b: 1\nc: *x\n").unwrap();
    assert_eq!(document.position("/c").unwrap().line, 3);
    assert_eq!(document.position("/c/b").unwrap().line, 2);
}

#[test]
fn depth_is_bounded_in_every_notation() {
    let deep = |open: &str, close: &str, n: usize| open.repeat(n) + "1" + &close.repeat(n);
    let fault = |text: &str| Document::parse("a.yaml", text).unwrap_err().fault().clone();

    assert!(Document::parse("a.json", &deep("[", "]", MAX_DEPTH)).is_ok());
    assert!(Document::parse("a.yaml", &deep("- ", "", MAX_DEPTH)).is_ok());
    for n in [MAX_DEPTH + 1, 10_000, 100_000] {
        assert_eq!(fault(&deep("[", "]", n)), DocumentFault::TooDeep);
        assert_eq!(fault(&deep("[", "", n)), DocumentFault::TooDeep);
        assert_eq!(fault(&deep("{\"a\":", "}", n)), DocumentFault::TooDeep);
        assert_eq!(fault(&deep("- ", "", n)), DocumentFault::TooDeep);
    }
    // Each half fits on its own; an alias puts one inside the other.
    let half = deep("[", "]", 120);
    assert_eq!(
        fault(&format!("a: &x {half}\nb: {}*x{}", "[".repeat(120), "]".repeat(120))),
        DocumentFault::TooDeep
    );
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..20 {
        let before = n - 1;
        text += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{before}"); 9].join(", "));
    }
    let error = Document::parse("a.yaml", &text).unwrap_err();
    assert_eq!(error.fault(), &DocumentFault::AliasTooLarge);

    let large = format!("a: &a {}\nb: [{}]", "x".repeat(1 << 20), vec!["*a"; 1000].join(", "));
    let error = Document::parse("a.yaml", &large).unwrap_err();
    assert_eq!(error.fault(), &DocumentFault::AliasTooLarge);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|v| json!(v)),
        any::<i64>().prop_map(|v| json!(v)),
        any::<u64>().prop_map(|v| json!(v)),
        (-1e9..1e9_f64).prop_map(|v| json!(v)),
        ".{0,12}".prop_map(|v| json!(v.replace('\0', ""))),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|v| json!(v)),
            prop::collection::btree_map("[a-z~/\"\\\\é ]{0,6}", inner, 0..6).prop_map(|v| json!(v)),
        ]
    })
}

proptest! {
    /// JSON values are read as `serde_json` reads them, compact or pretty.
    #[test]
    fn json_is_read_as_json(expect in any_json()) {
        let expect = json!({ "root": expect });
        for text in [expect.to_string(), serde_json::to_string_pretty(&expect).unwrap()] {
            let document = Document::parse("a.json", &text).unwrap();
            prop_assert_eq!(document.value(), &expect);
        }
    }

    /// Every member has a place inside the text.
    #[test]
    fn every_member_has_a_place(value in any_json()) {
        let text = serde_json::to_string_pretty(&json!([value])).unwrap();
        let document = Document::parse("a.json", &text).unwrap();
        let n_lines = text.lines().count();
        let mut open = vec![(String::new(), document.value())];
        while let Some((pointer, value)) = open.pop() {
            let at = document.position(&pointer);
            prop_assert!(at.is_some_and(|at| at.line <= n_lines), "{}", pointer);
            match value {
                serde_json::Value::Array(items) => for (index, item) in items.iter().enumerate() {
                    open.push((format!("{pointer}/{index}"), item));
                },
                serde_json::Value::Object(members) => for (name, member) in members {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    open.push((format!("{pointer}/{name}"), member));
                },
                _ => {}
            }
        }
    }

    /// No text makes the parser panic.
    #[test]
    fn any_text_is_a_document_or_an_error(text in ".{0,200}") {
        let _ = Document::parse("a.yaml", &text).map_err(|error| error.to_string());
    }

    /// No sequence of YAML's own marks makes the parser panic.
    #[test]
    fn any_row_of_marks_is_a_document_or_an_error(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", ":", " ", "\n", "- ", "[", "]", "{", "}", ",", "&x ", "*x", "!", "!!str ", "|", ">", "\"", "'",
            "#", "%YAML 1.2\n", "---\n", "...\n", "? ", "\t", "\r\n", "<<", "  ", "1", "\\", "\u{85}", "\u{feff}", "%TAG ! !\n",
        ]), 0..40),
    ) {
        let text: String = pieces.concat();
        let _ = Document::parse("a.yaml", &text).map_err(|error| error.to_string());
    }
}

/// Joins two files into one document.
fn joined(first: &str, second: &str) -> Result<Document, String> {
    let part = Document::parse("b.yaml", second).unwrap();
    let whole = Document::parse("a.yaml", first).unwrap().with_part(part);
    whole.map_err(|error| error.to_string())
}

#[test]
fn parts_make_one_document_and_keep_their_places() {
    let first = "paths:\n  /a:\n    get: {id: 1}\ntags: [x]\ncomponents:\n  schemas:\n    A: {}\n";
    let second = "tags:\n  - y\npaths:\n  /b: {}\n  /a:\n    put: {id: 2}\ncomponents:\n  schemas:\n    B: {}\n";
    let whole = joined(first, second).unwrap();
    let expected = json!({
        "paths": {"/a": {"get": {"id": 1}, "put": {"id": 2}}, "/b": {}},
        "tags": ["x", "y"],
        "components": {"schemas": {"A": {}, "B": {}}},
    });
    assert_eq!(*whole.value(), expected);
    let place = |at: &str| (whole.file_at(at), whole.nearest_position(at).line);
    assert_eq!(place("/paths/~1a/get"), ("a.yaml", 3));
    assert_eq!(place("/paths/~1a/put/id"), ("b.yaml", 6));
    assert_eq!(place("/paths/~1b"), ("b.yaml", 4));
    assert_eq!(place("/tags/1"), ("b.yaml", 2));
    assert_eq!(place("/components/schemas/B/gone"), ("b.yaml", 9));
    assert_eq!(whole.file(), "a.yaml");
    assert_eq!(*joined("a: 1", "# nothing").unwrap().value(), json!({"a": 1}));
}

#[test]
fn what_two_parts_say_is_told_at_the_second() {
    let rows = [
        ("info: {title: a}", "info: {title: b}", "b.yaml:1:8: `title` is in `a.yaml` already"),
        ("a: {b: {c: {d: 1}}}", "a: {b: {c: {e: 1}}}", "b.yaml:1:9: `c` is in `a.yaml` already"),
        ("a: 1", "- 1", "b.yaml:1:1: `what is no mapping` is in `a.yaml` already"),
    ];
    for (first, second, expected) in rows {
        assert_eq!(joined(first, second).unwrap_err(), expected, "{first} and {second}");
    }
}
