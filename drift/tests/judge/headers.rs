//! Tests the findings on promised response headers.

use proptest::prelude::*;
use prumo_drift::exchange::split;
use prumo_drift::{
    ContractFile, Identity, Observation, Origin, Rule, Severity, Side, compare, coverage, was_seen,
};
use serde_json::{Value, json};

use crate::acme;
use crate::orders::{Row, drifts, fits, mudado, of_answer, with};

fn answered(headers: &Value) -> Value {
    with(mudado(), "/response", "headers", headers.clone())
}

pub(crate) fn rows() -> Vec<Row> {
    let risky = |rule, seen| of_answer(rule, 204, "/header/x-versao", Severity::Risky, seen);
    vec![
        fits("no headers of the answer recorded", answered(&json!({}))),
        fits("a promised header", answered(&json!({"X-VERSAO": "3", "server": "nginx"}))),
        drifts(
            "a required header of the answer is absent",
            answered(&json!({"server": "nginx"})),
            risky(Rule::HeaderMissing, "absent"),
        ),
        drifts(
            "a header of the answer that is no int",
            answered(&json!({"x-versao": "dois"})),
            risky(Rule::TypeChanged, "text (aaaa)"),
        ),
        drifts(
            "a header of the answer below its bound",
            answered(&json!({"x-versao": "0"})),
            risky(Rule::BoundExceeded, "a smaller number"),
        ),
    ]
}

fn document() -> Value {
    let mut document = acme::answering(&json!({}));
    let object =
        json!({"type": "object", "required": ["R"], "properties": {"R": {"type": "integer"}}});
    document["components"] = json!({
        "headers": {
            "Limite": {"$ref": "#/components/headers/Restam"},
            "Restam": {"required": true, "schema": {"$ref": "#/components/schemas/Restam"}}
        },
        "schemas": {"Restam": {"type": "integer", "minimum": 0}}
    });
    document["paths"]["/thing/{id}"]["get"]["responses"] = json!({
        "200": {"description": "ok", "headers": {
            "X-Restam": {"$ref": "#/components/headers/Limite"},
            "Content-Type": {"required": true, "schema": {"type": "integer"}},
            "X-Dito": {"description": "Only that it may come."},
            "x-cor": {"schema": {"type": "string", "enum": ["azul", "verde"]}},
            "X-Dia": {"schema": {"type": "string", "format": "date"}},
            "ETag": {"schema": {"type": "string", "pattern": "^[a-f0-9]{4}$"}},
            "X-Ints": {"schema": {"type": "array", "maxItems": 2, "items": {"type": "integer"}}},
            "X-Par": {"explode": true, "schema": object},
            "X-Json": {"content": {"application/json": {"schema": object}}},
            "X-Chave": {"x-secret": true, "schema": {"type": "integer"}}
        }},
        "4XX": {"description": "no", "headers": {"Retry-After": {"required": true, "schema": {"type": "integer"}}}},
        "default": {"description": "other"}
    });
    document
}

fn exchange(status: u16, headers: &Value) -> String {
    json!({
        "request": {"method": "GET", "path": "/thing/a"},
        "response": {"status": status, "headers": headers}
    })
    .to_string()
}

#[test]
fn headers_are_judged_like_parameters() {
    let rows: [(&str, u16, Value, &str); 26] = [
        ("all is there", 200, json!({"x-restam": "7", "x-cor": "azul", "x-dia": "2018-11-16"}), ""),
        (
            "only the media type was kept",
            200,
            json!({"content-type": "a/b"}),
            "header-missing /header/x-restam",
        ),
        ("nothing was kept", 200, json!({}), ""),
        ("another one", 200, json!({"X-Restam": "7", "x-outra": "1", "set-cookie": "a=b"}), ""),
        (
            "behind references, no int",
            200,
            json!({"x-restam": "sete"}),
            "type-changed /header/x-restam",
        ),
        (
            "behind references, too small",
            200,
            json!({"x-restam": "-1"}),
            "bound-exceeded /header/x-restam",
        ),
        ("without a schema", 200, json!({"x-restam": "7", "x-dito": "1,2"}), ""),
        (
            "outside its enum",
            200,
            json!({"x-restam": "7", "X-Cor": "rosa"}),
            "enum-value-unknown /header/x-cor",
        ),
        (
            "another date",
            200,
            json!({"x-restam": "7", "x-dia": "16/11/2018"}),
            "format-violated /header/x-dia",
        ),
        (
            "off its pattern",
            200,
            json!({"x-restam": "7", "etag": "xyz"}),
            "format-violated /header/etag",
        ),
        ("a list", 200, json!({"x-restam": "7", "x-ints": "1, 2"}), ""),
        (
            "a list too long",
            200,
            json!({"x-restam": "7", "x-ints": "1,2,3"}),
            "bound-exceeded /header/x-ints",
        ),
        (
            "a list of a text",
            200,
            json!({"x-restam": "7", "x-ints": "1,x"}),
            "type-changed /header/x-ints/*",
        ),
        ("an object", 200, json!({"x-restam": "7", "x-par": "R=1"}), ""),
        (
            "an object, no int",
            200,
            json!({"x-restam": "7", "x-par": "R=x"}),
            "type-changed /header/x-par/R",
        ),
        (
            "an object of another member",
            200,
            json!({"x-restam": "7", "x-par": "R=1,S=2"}),
            "field-undocumented /header/x-par/S",
        ),
        ("JSON", 200, json!({"x-restam": "7", "x-json": "{\"R\": 1}"}), ""),
        (
            "JSON, member missing",
            200,
            json!({"x-restam": "7", "x-json": "{}"}),
            "field-missing /header/x-json/R",
        ),
        (
            "JSON that is none",
            200,
            json!({"x-restam": "7", "x-json": "{R"}),
            "type-changed /header/x-json",
        ),
        ("a place holder", 200, json!({"x-restam": "{restam}"}), ""),
        ("a secret that was hidden", 200, json!({"x-restam": "***"}), ""),
        ("a secret", 200, json!({"x-restam": "7", "x-chave": "s3cr3t"}), ""),
        ("of a range", 429, json!({"retry-after": "30"}), ""),
        (
            "of a range, no int",
            429,
            json!({"retry-after": "soon"}),
            "type-changed /header/retry-after",
        ),
        (
            "of a range, absent",
            403,
            json!({"server": "nginx"}),
            "header-missing /header/retry-after",
        ),
        ("of a status that promises none", 500, json!({"server": "nginx"}), ""),
    ];
    let document = document();
    for (name, status, headers, expect) in rows {
        let findings = acme::judge(&document, &[exchange(status, &headers)]);
        let found: Vec<String> =
            findings.iter().map(|f| format!("{} {}", f.rule.name(), f.at)).collect();
        assert_eq!(found.join("; "), expect, "case `{name}`");
        let is_of_answer =
            |f: &prumo_drift::Finding| (f.side, f.status) == (Side::Response, Some(status));
        assert!(findings.iter().all(is_of_answer), "case `{name}`");
    }
}

#[test]
fn a_header_that_cannot_be_read_names_its_place() {
    let at = "/paths/~1thing~1{id}/get/responses/200/headers";
    let rows = [
        (json!([]), at.to_owned(), "an object of headers by name expected"),
        (json!({"X-A": 7}), format!("{at}/X-A"), "an object expected"),
        (
            json!({"X-A": {"$ref": "#/components/headers/A"}}),
            format!("{at}/X-A/$ref"),
            "reference `#/components/headers/A` leads nowhere",
        ),
        (
            json!({"X-A": {"schema": {"type": "text"}}}),
            format!("{at}/X-A/schema/type"),
            "type `text` is not one of OpenAPI 3.0",
        ),
        (
            json!({"X-A": {"required": "yes", "schema": {}}}),
            format!("{at}/X-A/required"),
            "`true` or `false` expected",
        ),
    ];
    for (headers, pointer, fault) in rows {
        let mut document = acme::answering(&json!({}));
        document["paths"]["/thing/{id}"]["get"]["responses"]["200"]["headers"] = headers.clone();
        let error = acme::try_read(&document).err().unwrap_or_else(|| panic!("{headers} was read"));
        assert_eq!(
            (error.pointer.as_str(), error.fault.to_string().as_str()),
            (pointer.as_str(), fault)
        );
    }
}

/// Counts are separate for each status.
#[test]
fn headers_are_counted_by_status() {
    let texts =
        [(200, "7"), (200, "x"), (200, "y"), (404, "1"), (429, "z")].map(|(status, text)| {
            let name = if status == 200 { "x-restam" } else { "retry-after" };
            exchange(status, &json!({name: text}))
        });
    let none = exchange(200, &json!({"server": "nginx"}));
    let findings = acme::judge(&document(), &[texts.as_slice(), &[none]].concat());
    let counted: Vec<_> =
        findings.iter().map(|f| (f.rule.name(), f.status, f.at.as_str(), f.count, f.of)).collect();
    let expect = [
        ("type-changed", Some(200), "/header/x-restam", 2, 3),
        ("header-missing", Some(200), "/header/x-restam", 1, 4),
        ("type-changed", Some(429), "/header/retry-after", 1, 1),
    ];
    assert_eq!(counted, expect);
}

/// If headers were recorded, a promised one that never came is a gap.
#[test]
fn a_header_that_never_came_is_a_gap_where_headers_were_recorded() {
    let contract = acme::read(&document());
    let gaps = |exchanges: &[String]| -> Vec<(String, u64)> {
        let gaps = coverage(&contract, &acme::observe(&contract, exchanges)).into_iter();
        let gaps = gaps.filter(|gap| gap.status == Some(200));
        gaps.map(|gap| (format!("{} {}", gap.rule.name(), gap.at), gap.of)).collect()
    };
    let silent = exchange(200, &json!({}));
    assert_eq!(gaps(std::slice::from_ref(&silent)), []);
    let all = |cor: &str| {
        json!({"x-restam": "7", "x-dito": "a", "x-cor": cor, "x-dia": "2018-11-16", "etag": "ab12",
            "x-ints": "1", "x-par": "R=1", "x-json": "{\"R\": 1}", "x-chave": "***"})
    };
    assert_eq!(gaps(&[exchange(200, &all("azul")), exchange(200, &all("verde"))]), []);
    let mut fewer = all("azul");
    fewer.as_object_mut().unwrap().retain(|name, _| name != "x-dia");
    assert_eq!(
        gaps(&[exchange(200, &fewer), exchange(200, &fewer), silent]),
        [
            ("enum-value-never-seen /header/x-cor".to_owned(), 2),
            ("field-never-seen /header/x-dia".to_owned(), 3)
        ]
    );
}

/// A waiver is stale only where its place was seen.
#[test]
fn a_header_that_fits_was_seen() {
    let contract = acme::read(&document());
    let restam = "/header/x-restam";
    let rows = [
        (Rule::HeaderMissing, json!({"x-restam": "7"}), restam, Some(200), true),
        (Rule::HeaderMissing, json!({"x-restam": "7"}), restam, Some(404), false),
        (Rule::HeaderMissing, json!({}), restam, Some(200), false),
        (Rule::TypeChanged, json!({"x-restam": "7"}), restam, None, true),
        (Rule::TypeChanged, json!({"server": "nginx"}), restam, None, false),
        (Rule::TypeChanged, json!({"x-ints": "1"}), "/header/x-ints/*", None, true),
        (Rule::TypeChanged, json!({"x-restam": "7"}), "/header/x-ints/*", None, false),
        (Rule::FieldMissing, json!({"x-par": "R=1"}), "/header/x-par/R", None, true),
    ];
    for (rule, headers, at, status, expect) in rows {
        let observed = acme::observe(&contract, &[exchange(200, &headers)]);
        let operation = Some("ler_coisa".to_owned());
        let (side, at) = (Side::Response, at.to_owned());
        let finding = Identity { operation, side, status, case: None, at, rule };
        let seen = was_seen(&observed, &finding);
        assert_eq!(seen, expect, "{finding} after {headers}");
    }
}

/// HAR keeps the media type beside the body, with or without headers.
#[test]
fn the_media_type_of_a_har_entry_is_no_header() {
    let contract = acme::read(&document());
    let rows = [
        (json!([]), vec![]),
        (json!([{"name": "server", "value": "nginx"}]), vec!["header-missing"]),
    ];
    for (headers, expect) in rows {
        let entry = json!({
            "request": {"method": "GET", "url": "https://acme.example/thing/a"},
            "response": {"status": 429, "headers": headers, "content": {"mimeType": "text/html", "text": ""}}
        });
        let text = json!({"log": {"version": "1.2", "entries": [entry]}}).to_string();
        let item = split(text.as_bytes(), 1 << 20).next().unwrap().unwrap();
        let mut observation = Observation::new(&[&contract]);
        observation.observe(&item.read().unwrap(), &Origin { file: "a.har", line: 1 });
        let findings = compare(&contract, &observation.finish().remove(0));
        let missing: Vec<&str> = findings
            .iter()
            .map(|f| f.rule.name())
            .filter(|rule| *rule == "header-missing")
            .collect();
        assert_eq!(missing, expect, "{headers}");
    }
}

fn headers() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["7", "-1", "sete", "rosa", "1,x", "R=1", "{}", "***"]);
    let name =
        prop::sample::select(vec!["x-restam", "X-Cor", "x-ints", "x-par", "x-json", "retry-after"]);
    prop::collection::btree_map(name, text, 0..4).prop_map(|headers| json!(headers))
}

proptest! {
    /// Shards that are written to files and joined in any order equal a single observation.
    #[test]
    fn order_and_split_change_nothing(
        all in prop::collection::vec((prop::sample::select(vec![200_u16, 404, 429, 500]), headers()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let contract = acme::read(&document());
        let texts: Vec<String> = all.iter().map(|(status, headers)| exchange(*status, headers)).collect();
        let cut = cut.index(texts.len() + 1);
        let [head, tail] = [(&texts[..cut], 1), (&texts[cut..], 1 + cut as u64)]
            .map(|(texts, line)| acme::observe_from(&contract, texts, line));
        let whole = acme::observe(&contract, &texts);
        prop_assert_eq!(&tail.join(&head), &whole);

        let mut observed = [acme::observe(&contract, &[])];
        for shard in [tail, head] {
            let text = ContractFile::new(&[&contract], &[shard], 0).to_json("a").unwrap();
            let file = ContractFile::read("a", text.as_bytes()).unwrap();
            file.pour("a", &[&contract], &mut observed).unwrap();
        }
        prop_assert_eq!(compare(&contract, &observed[0]), compare(&contract, &whole));
    }
}
