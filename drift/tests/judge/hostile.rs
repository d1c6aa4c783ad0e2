//! Tests input that is too deep, too large or malformed: it is judged or refused without a crash.

use crate::acme;
use prumo_drift::{Severity, Shape, SpecFault, obeys};
use serde_json::{Map, Value, json};

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

#[test]
fn nesting_beyond_128_levels_is_said_once() {
    let any = json!({});
    let list = json!({"type": "object", "properties": {"a": {"type": "array", "items": {}}}});
    let unknown = json!({"type": "object", "properties": {"b": {}}});
    for (name, schema) in [("anything", any), ("a list", list), ("an unknown member", unknown)] {
        let body = format!(r#"{{"a":{}}}"#, nested(200));
        let findings = acme::judge(&acme::answering(&schema), &[acme::answered_text(&body)]);
        assert_eq!(acme::short(&findings), [("body-unreadable", String::new())], "{name}");
        assert_eq!(findings[0].seen, "JSON nested deeper than 128 levels", "{name}");
    }
}

#[test]
fn nesting_up_to_128_levels_is_read() {
    let body = format!(r#"{{"a":{}}}"#, nested(127));
    assert_eq!(acme::judge_body(&json!({}), &body), []);
    let deeper = format!(r#"{{"a":{}}}"#, nested(128));
    assert_eq!(acme::judge_body(&json!({}), &deeper), [("body-unreadable", String::new())]);
}

/// Members before the tag are held until the tag comes; they are skimmed even if the tag does not
/// decide about them.
#[test]
fn nesting_beyond_128_levels_is_said_of_members_that_wait_for_a_tag() {
    let case = |value: bool| json!({"type": "object", "required": ["erro"], "properties": {"erro": {"type": "boolean", "enum": [value]}}});
    let mut document = acme::answering(&json!({"oneOf": [case(false), case(true)]}));
    document["x-envelope"] = json!({"tag": "/erro", "success": [false], "message": "/mensagem"});
    for (name, tag) in [
        ("no tag", ""),
        ("a tag of no case", r#","erro":7"#),
        ("a tag of another kind", r#","erro":"talvez""#),
        ("a tag of a case", r#","erro":false"#),
    ] {
        let body = format!(r#"{{"a":{}{tag}}}"#, nested(128));
        let findings = acme::judge(&document, &[acme::answered_text(&body)]);
        assert_eq!(acme::short(&findings), [("body-unreadable", String::new())], "{name}");
        let body = format!(r#"{{"a":{}{tag}}}"#, nested(127));
        let findings = acme::judge(&document, &[acme::answered_text(&body)]);
        assert!(findings.iter().all(|finding| finding.rule.name() != "body-unreadable"), "{name}");
    }
}

#[test]
fn a_recursive_shape_follows_100_000_levels_nowhere() {
    let mut document = acme::answering(&json!({"$ref": "#/components/schemas/L"}));
    document["components"] = json!({"schemas": {"L": {"oneOf": [
        {"type": "array", "items": {"$ref": "#/components/schemas/L"}},
        {"type": "array", "items": {"type": "integer"}},
        {"type": "object", "properties": {"l": {"$ref": "#/components/schemas/L"}}}]}}});
    let findings = acme::judge(&document, &[acme::answered_text(&nested(100_000))]);
    assert_eq!(acme::short(&findings), [("body-unreadable", String::new())]);
    // Nested branches take bounded time, not exponential time.
    let findings = acme::judge(
        &document,
        &[acme::answered_text(&format!("{}true{}", "[".repeat(100), "]".repeat(100)))],
    );
    assert_eq!(findings.len(), 1);
}

/// Returns the document of [`acme::answering`] whose response is `A0` of these schemas.
fn answering_named(schemas: Map<String, Value>) -> Value {
    let mut document = acme::answering(&json!({"$ref": "#/components/schemas/A0"}));
    document["components"] = json!({"schemas": schemas});
    document
}

/// Returns schemas `A0` to `A<n>`, each made from a reference to the next.
fn chain(n_schemas: usize, link: fn(Value) -> Value) -> Map<String, Value> {
    let schema = |n: usize| link(json!({"$ref": format!("#/components/schemas/A{n}")}));
    let mut schemas: Map<String, Value> =
        (0..n_schemas).map(|n| (format!("A{n}"), schema(n + 1))).collect();
    schemas.insert(format!("A{n_schemas}"), json!({"type": "string"}));
    schemas
}

#[test]
fn a_schema_that_needs_itself_for_the_same_value_is_refused() {
    let itself = || json!({"$ref": "#/components/schemas/A0"});
    let rows = [
        ("oneOf", json!({"oneOf": [itself(), {"type": "string"}]})),
        (
            "anyOf within oneOf",
            json!({"oneOf": [{"type": "string"}, {"anyOf": [{"type": "boolean"}, itself()]}]}),
        ),
        ("not", json!({"not": {"not": {"not": itself()}}})),
        ("not beside allOf", json!({"allOf": [{"type": "string"}, {"not": itself()}]})),
    ];
    for (name, schema) in rows {
        let schemas = [("A0".to_owned(), schema)].into_iter().collect();
        let error = acme::try_read(&answering_named(schemas)).unwrap_err();
        let expect = "reference `#/components/schemas/A0` leads back to itself";
        assert_eq!(error.fault.to_string(), expect, "{name}");
    }
}

#[test]
fn schemas_that_lead_on_and_on_exhaust_no_stack() {
    let deep = chain(4_000, |next| json!({"type": "object", "properties": {"a": next}}));
    let findings = acme::judge(&answering_named(deep), &[acme::answered_text(r#"{"a":{"a":1}}"#)]);
    assert_eq!(acme::short(&findings), [("type-changed", "/a/a".to_owned())]);

    let links: [fn(Value) -> Value; 4] = [
        |next| json!({"not": next}),
        |next| json!({"anyOf": [next, {"type": "integer"}]}),
        |next| json!({"allOf": [next], "nullable": true}),
        |next| next,
    ];
    for link in links {
        let fault = acme::try_read(&answering_named(chain(4_000, link))).unwrap_err().fault;
        let is_refused = matches!(fault, SpecFault::TooComplex { .. } | SpecFault::Circular { .. });
        assert!(is_refused, "{}: {fault}", link(json!({})));
    }
}

#[test]
fn branches_within_branches_are_bounded() {
    let either = |n: usize| json!({"oneOf": [{"required": [format!("a{n}")]}, {"required": [format!("b{n}")]}]});
    let members =
        |n_members: usize| json!({"allOf": (0..n_members).map(either).collect::<Vec<_>>()});
    acme::read(&acme::answering(&members(6)));
    let fault = acme::try_read(&acme::answering(&members(30))).unwrap_err().fault;
    assert_eq!(fault.to_string(), "schema is too complex: branches within branches");
}

/// A schema and the part that it extends have the same members, so each level doubles them.
#[test]
fn members_that_double_at_every_level_are_bounded() {
    let schemas = |n_levels: usize| {
        let mut schemas = json!({format!("S{n_levels}"): {"type": "object", "properties": {"v": {"type": "string"}}}});
        for level in 0..n_levels {
            let next = json!({"$ref": format!("#/components/schemas/S{}", level + 1)});
            let more = json!({"allOf": [next, {"properties": {"c": {"type": "string"}}}]});
            schemas[format!("S{level}")] =
                json!({"allOf": [next, {"type": "object", "properties": {"a": next, "b": more}}]});
        }
        let mut document = acme::answering(&json!({"$ref": "#/components/schemas/S0"}));
        document["components"] = json!({"schemas": schemas});
        document
    };
    acme::read(&schemas(6));
    let fault = acme::try_read(&schemas(20)).unwrap_err().fault;
    assert_eq!(fault.to_string(), "schema is too complex: members of merged members");
}

#[test]
fn a_body_of_100_megabytes_is_counted() {
    let schema = json!({"type": "array", "items": {"type": "object", "required": ["a"], "properties": {
        "a": {"type": "integer"}, "b": {"type": "string", "maxLength": 9}}}});
    let long = "x".repeat(1_000_000);
    let item = format!(r#"{{"a":123456,"b":"x"}},{{"a":"12","b":"{long}","c":null}},"#);
    let small = r#"{"a":1,"b":"x"},{"a":"1","c":"y"},"#;
    let body = format!("[{}{}{{}}]", item.repeat(100), small.repeat(10_000));
    let findings = acme::judge(&acme::answering(&schema), &[acme::answered_text(&body)]);
    let got: Vec<_> =
        findings.iter().map(|f| (f.rule.name(), f.at.as_str(), f.count, f.of)).collect();
    assert_eq!(
        got,
        [
            ("field-missing", "/*/a", 1, 20_201),
            ("type-changed", "/*/a", 10_100, 20_200),
            ("bound-exceeded", "/*/b", 100, 10_200),
            ("field-undocumented", "/*/c", 10_100, 20_201),
        ]
    );
}

#[test]
fn an_unreadable_body_leaves_no_half_of_itself() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}});
    let text = acme::answered_text(r#"{"a":"x","b":"\ud800"}"#);
    let findings = acme::judge(&acme::answering(&schema), &[text]);
    assert_eq!(acme::short(&findings), [("body-unreadable", String::new())]);
}

#[test]
fn half_a_surrogate_pair_is_a_broken_encoding() {
    let tagged = |tipo: &str| json!({"type": "object", "required": ["tipo"], "properties": {"tipo": {"type": "string", "enum": [tipo]}}});
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string"}, "c": {}, "d": {"type": "integer"}, "e": {"type": "array", "items": {}},
        "f": {"anyOf": [{"type": "integer"}, {"type": "string"}]}, "g": {"oneOf": [tagged("x"), tagged("y")]},
        "h": {"type": "array", "items": {}, "uniqueItems": true}, "i": {"not": {"type": "integer"}},
        "j": {"enum": [{"x": 1}]}, "k": {"type": "array"},
    }});
    let document = acme::answering(&schema);
    // Places where it is decoded, and where it is skipped for any reason.
    let places = [
        r#"{"a":"?"}"#,
        r#"{"?":1}"#,
        r#"{"b":["?"]}"#,
        r#"{"a":"","c":{"?":{}}}"#,
        r#"{"d":{"?":1}}"#,
        r#"{"d":{"x":"?"}}"#,
        r#"{"d":["?"]}"#,
        r#"{"e":["?"]}"#,
        r#"{"e":{"x":{"?":1}}}"#,
        r#"{"f":{"x":"?"}}"#,
        r#"{"f":"?"}"#,
        r#"{"g":{"b":"?","tipo":"x"}}"#,
        r#"{"g":{"b":"?","tipo":"z"}}"#,
        r#"{"g":{"b":"?"}}"#,
        r#"{"g":{"tipo":"z","?":1}}"#,
        r#"{"g":{"tipo":["?"]}}"#,
        r#"{"h":["?"]}"#,
        r#"{"i":{"?":1}}"#,
        r#"{"j":{"?":1}}"#,
        r#"{"j":["?"]}"#,
        r#"{"k":["?"]}"#,
        r#"{"b":{"x":"?"},"b":1}"#,
        r#"["?"]"#,
    ];
    for text in [r"\ud800", r"\udc00", r"\ud800x", r"\ud800\u0041", r"\ud800\ud800"] {
        for body in places.map(|body| body.replace('?', text)) {
            let findings = acme::judge(&document, &[acme::answered_text(&body)]);
            assert_eq!(acme::short(&findings), [("body-unreadable", String::new())], "{body}");
            assert_eq!(findings[0].seen, "text in a broken encoding", "{body}");
        }
    }
}

/// Two joined promises may both be for another kind than an object; then the object is not read.
#[test]
fn half_a_surrogate_pair_is_found_where_no_branch_is_tried() {
    let mut document = acme::answering(&json!({"type": "object", "properties": {
        "a": {"$ref": "#/components/schemas/um"}, "b": {"$ref": "#/components/schemas/dois"},
    }}));
    document["components"] =
        json!({"schemas": {"um": {"type": "integer"}, "dois": {"type": "string"}}});
    let contract = acme::read(&document);
    let shape = Shape::reference("um").join(&Shape::reference("dois"));
    assert!(obeys(&contract, &shape, r#"{"x":"\ud83d\ude00"}"#));
    assert!(!obeys(&contract, &shape, r#"{"x":"\ud83d"}"#));
}

/// A number that the client can't hold is breaking, whatever else is wrong with it.
#[test]
fn a_number_that_no_client_holds_is_breaking_beyond_its_bounds_too() {
    let schemas = [
        json!({"type": "number", "maximum": 5}),
        json!({"type": "number", "multipleOf": 0.01}),
        json!({"type": "number", "enum": [1, 2]}),
        json!({"type": "integer", "maximum": 9}),
        json!({"type": "integer", "enum": [1, 2]}),
    ];
    for schema in schemas {
        let whole = json!({"type": "object", "properties": {"a": schema}});
        let contract = acme::answering(&whole);
        let huge = ["1e400", "-1e400", "1e30", "123456789012345678901234567890"];
        let n_huge = if schema["type"] == "integer" { 4 } else { 2 };
        for number in &huge[..n_huge] {
            let body = format!("{{\"a\":{number}}}");
            let findings = acme::judge(&contract, &[acme::answered_text(&body)]);
            assert_eq!(
                acme::short(&findings),
                [("bound-exceeded", "/a".to_owned())],
                "{schema}: {body}"
            );
            assert_eq!(findings[0].severity, Severity::Breaking, "{schema}: {body}");
        }
    }
}

/// JSON does not limit numbers, but the client does, so a larger one is a finding, and the rest is
/// judged.
#[test]
fn a_number_of_any_size_is_a_finding_at_its_place() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "integer"}, "b": {"type": "number"}, "c": {"type": "string"}, "d": {"type": "integer", "maximum": 9}}});
    let rows: [(&str, &[(&str, &str)]); 5] = [
        (r#"{"a":1,"b":1e400,"c":7}"#, &[("bound-exceeded", "/b"), ("type-changed", "/c")]),
        (r#"{"a":-123456789012345678901234567890}"#, &[("bound-exceeded", "/a")]),
        (
            r#"{"b":123456789012345678901234567890,"d":123456789012345678901234567890}"#,
            &[("bound-exceeded", "/d")],
        ),
        (r#"{"b":1.7976931348623157e308}"#, &[]),
        (r#"{"x":1e400}"#, &[("field-undocumented", "/x")]),
    ];
    for (body, expect) in rows {
        let findings = acme::judge(&acme::answering(&schema), &[acme::answered_text(body)]);
        let expect: Vec<(&str, String)> =
            expect.iter().map(|(rule, at)| (*rule, (*at).to_owned())).collect();
        assert_eq!(acme::short(&findings), expect, "{body}");
    }
}

#[test]
fn unknown_names_are_bounded_and_counted() {
    let members: Vec<String> = (0..5000).map(|n| format!("\"k{}\":1", letters(n))).collect();
    let body = format!("{{{}}}", members.join(","));
    let schema = json!({"type": "object", "properties": {"a": {}}});
    let findings = acme::judge(&acme::answering(&schema), &[acme::answered_text(&body)]);
    assert_eq!(findings.len(), 65);
    let all: u64 = findings.iter().map(|finding| finding.count).sum();
    assert_eq!(all, 5000);
}

/// Writes a number in letters, since names with many digits are masked.
fn letters(mut n: u32) -> String {
    let mut text = String::new();
    for _ in 0..4 {
        text.push(char::from(b'a' + (n % 26) as u8));
        n /= 26;
    }
    text
}

#[test]
fn unknown_parameters_are_bounded_and_counted() {
    let exchanges: Vec<String> = (0..500)
        .map(|n| {
            let mut exchange = acme::answered(&json!({}));
            exchange["request"]["query"] = json!({ letters(n): "1" });
            exchange.to_string()
        })
        .collect();
    let findings = acme::judge(&acme::answering(&json!({"type": "object"})), &exchanges);
    assert_eq!(findings.len(), 65);
    let beyond: Vec<_> =
        findings.iter().filter(|f| f.at == "/query/*").map(|f| (f.count, f.of)).collect();
    assert_eq!(beyond, [(436, 500)]);
}
