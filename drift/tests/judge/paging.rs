//! Tests the findings on a response's statements about its pages.

use prumo_drift::{Rule, Severity, compare};
use serde_json::{Value, json};

use crate::acme;

/// Returns a document of lists under `/corpo`, with two items per page and the first page 1.
fn document() -> Value {
    let int = json!({"type": "integer"});
    let mut document = acme::answering(&json!({"type": "object", "properties": {
        "itens": {"type": "array", "items": int, "maxItems": 9},
        "quantos": {"format": "int-or-string"},
        "pagina": int,
        "ultima": int,
        "proxima": {"type": "integer", "nullable": true}
    }}));
    let operation = &mut document["paths"]["/thing/{id}"]["get"];
    operation["parameters"] = json!([
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
        {"name": "pagina", "in": "query", "schema": {"type": "integer", "minimum": 1}},
        {"name": "por_pagina", "in": "query", "schema": {"type": "integer", "maximum": 5}}
    ]);
    operation["x-paging"] = json!({
        "style": "pages", "page": "pagina", "first": 1, "size": "por_pagina", "items": "/itens",
        "total": "/quantos", "current": "/pagina", "last": "/ultima", "next": "/proxima", "end": "last-page"
    });
    document
}

/// Returns an exchange with the query `query` and the response body `body`.
fn exchange(query: &Value, body: &Value) -> String {
    let mut exchange = acme::answered(body);
    exchange["request"]["query"] = query.clone();
    exchange.to_string()
}

/// Name, query, response body, and the place of the contradiction.
type Row = (&'static str, Value, Value, &'static str);

fn judged(document: &Value, rows: impl IntoIterator<Item = Row>) {
    for (name, query, body, expect) in rows {
        let findings = acme::judge(document, &[exchange(&query, &body)]);
        let came: Vec<(Rule, &str)> =
            findings.iter().map(|one| (one.rule, one.at.as_str())).collect();
        let expect: Vec<(Rule, &str)> = Some((Rule::PagingContradiction, expect))
            .into_iter()
            .filter(|(_, at)| !at.is_empty())
            .collect();
        assert_eq!(came, expect, "case `{name}`: {query} {body}");
    }
}

#[test]
fn pages_are_held_against_themselves_and_what_was_asked_for() {
    let second = || json!({"pagina": "2", "por_pagina": "2"});
    let whole = || json!({"itens": [3, 4], "quantos": 5, "pagina": 2, "ultima": 3, "proxima": 3});
    let but = |name: &str, value: Value| {
        let mut body = whole();
        body[name] = value;
        body
    };
    let rows: Vec<Row> = vec![
        ("all agrees", second(), whole(), ""),
        ("nothing said of pages", second(), json!({"itens": [3, 4]}), ""),
        ("no list", second(), json!({"quantos": 0}), ""),
        ("one item too many", second(), but("itens", json!([3, 4, 5])), "/itens"),
        ("fewer items than a page has", second(), but("itens", json!([3])), ""),
        ("another page", second(), but("pagina", json!(1)), "/pagina"),
        (
            "another page, and all of it",
            second(),
            json!({"itens": [1, 2, 3], "pagina": 1, "quantos": 0}),
            "/pagina",
        ),
        ("fewer in all than up to here", second(), but("quantos", json!(3)), "/quantos"),
        ("the same as a text", second(), but("quantos", json!("3")), "/quantos"),
        (
            "the last page cut short",
            second(),
            json!({"itens": [3], "quantos": 3, "pagina": 2, "ultima": 2}),
            "",
        ),
        (
            "behind the last page",
            json!({"pagina": "9", "por_pagina": "2"}),
            json!({"itens": [], "quantos": 3, "pagina": 9, "ultima": 2, "proxima": null}),
            "",
        ),
        (
            "no item at all",
            json!({"pagina": "1", "por_pagina": "2"}),
            json!({"itens": [], "quantos": 0, "ultima": 1, "proxima": null}),
            "",
        ),
        ("another last page", second(), but("ultima", json!(2)), "/ultima"),
        ("a next page behind the last", second(), but("proxima", json!(4)), "/proxima"),
        ("no next page, and one more to come", second(), but("proxima", Value::Null), "/proxima"),
        (
            "no next page on the last",
            json!({"pagina": "3", "por_pagina": "2"}),
            json!({"itens": [5], "quantos": 5, "ultima": 3, "proxima": null}),
            "",
        ),
        (
            "next against last alone",
            json!({"pagina": "2"}),
            json!({"itens": [3], "ultima": 3, "proxima": 4}),
            "/proxima",
        ),
        ("nothing asked for", json!({}), whole(), ""),
        (
            "nothing asked for, fewer in all than here",
            json!({}),
            json!({"itens": [3, 4], "quantos": 1}),
            "/quantos",
        ),
        (
            "nothing asked for, and more than here",
            json!({}),
            json!({"itens": [3, 4], "quantos": 9, "ultima": 1}),
            "",
        ),
        (
            "the page as it says itself",
            json!({"por_pagina": "2"}),
            json!({"itens": [3, 4], "quantos": 3, "pagina": 2}),
            "/quantos",
        ),
        (
            "a place holder for the page",
            json!({"pagina": "{pagina}", "por_pagina": "2"}),
            but("pagina", json!(1)),
            "",
        ),
    ];
    judged(&document(), rows);
}

/// One deviation is one finding: a value that leaves the spec is not compared further.
#[test]
fn what_leaves_its_promise_contradicts_nothing() {
    let asked = json!({"pagina": "1", "por_pagina": "9"});
    let found = |query: &Value, body: &Value| {
        acme::short(&acme::judge(&document(), &[exchange(query, body)]))
    };
    let body = json!({"itens": [1], "quantos": 90, "ultima": 45});
    assert_eq!(found(&asked, &body), [("bound-exceeded", "/query/por_pagina".to_owned())]);
    let asked = json!({"pagina": "9223372036854775808", "por_pagina": "2"});
    let body = json!({"itens": [1], "quantos": 1, "pagina": 1});
    assert_eq!(found(&asked, &body), [("bound-exceeded", "/query/pagina".to_owned())]);
    let asked = json!({"pagina": "0", "por_pagina": "2"});
    assert_eq!(
        found(&asked, &json!({"itens": [1], "pagina": 1})),
        [("bound-exceeded", "/query/pagina".to_owned())]
    );
    let asked = json!({"pagina": "1", "por_pagina": "2"});
    let body = json!({"itens": ["1", 2, 3]});
    assert_eq!(found(&asked, &body), [("type-changed", "/itens/*".to_owned())]);
    let twice = r#"{"itens": [1, 2, 3], "quantos": 1, "quantos": 1}"#;
    let text =
        acme::answered_text(twice).replace(r#""path""#, r#""query": {"por_pagina": "2"}, "path""#);
    assert_eq!(
        acme::short(&acme::judge(&document(), &[text])),
        [("body-unreadable", "/quantos".to_owned())]
    );
    // Members without a promise are no fault.
    let body = json!({"itens": [1, 2, 3], "novo": 1});
    assert_eq!(found(&asked, &body).len(), 2);
}

#[test]
fn a_size_may_be_fixed_and_a_page_may_be_in_the_path() {
    let mut fixed = document();
    let operation = &mut fixed["paths"]["/thing/{id}"]["get"];
    operation["parameters"] =
        json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    operation["x-paging"] = json!({"style": "pages", "page": "id", "first": 0, "size": 2, "items": "/itens", "current": "/pagina", "end": "empty-page"});
    let page = |id: &str, body: Value| {
        exchange(&json!({}), &body).replace("/thing/a", &format!("/thing/{id}"))
    };
    let found = |text: String| acme::short(&acme::judge(&fixed, &[text]));
    let at = |place: &str| vec![("paging-contradiction", place.to_owned())];
    assert_eq!(found(page("4", json!({"itens": [1, 2], "pagina": 4}))), []);
    assert_eq!(found(page("4", json!({"itens": [1, 2], "pagina": 3}))), at("/pagina"));
    assert_eq!(found(page("4", json!({"itens": [1, 2, 3]}))), at("/itens"));
}

#[test]
fn pages_of_a_case_are_told_by_it_and_no_number_is() {
    let mut document = document();
    let operation = &mut document["paths"]["/thing/{id}"]["get"];
    let media = &mut operation["responses"]["200"]["content"]["application/json"];
    let good = json!({"allOf": [media["schema"], {"required": ["erro"], "properties": {"erro": {"type": "boolean", "enum": [false]}}}]});
    let bad = json!({"type": "object", "required": ["erro"], "properties": {"erro": {"type": "boolean", "enum": [true]}}});
    media["schema"] = json!({"oneOf": [good, bad]});
    operation["x-envelope"] = json!({"tag": "/erro", "success": [false]});
    let contract = acme::read(&document);
    let asked = json!({"pagina": "1", "por_pagina": "2"});
    let exchanges = [
        exchange(&asked, &json!({"erro": false, "itens": [1, 2], "quantos": 90_210})),
        exchange(&asked, &json!({"erro": false, "itens": [1, 2], "quantos": 1})),
        exchange(&asked, &json!({"erro": false, "itens": [1, 2], "quantos": 0})),
    ];
    let observed = acme::observe(&contract, &exchanges);
    let findings = compare(&contract, &observed);
    assert_eq!(findings.len(), 1, "{findings:?}");
    let finding = &findings[0];
    assert_eq!(
        finding.identity().to_string(),
        "paging-contradiction ler_coisa response 200 erro=false /quantos"
    );
    assert_eq!((finding.count, finding.of, finding.severity), (2, 3, Severity::Risky));
    assert_eq!(finding.promised, "no fewer items in all than up to this page");
    assert_eq!(finding.seen, "fewer items");
    assert_eq!(
        finding.first.as_ref().map(|first| (first.line, first.pointer.as_str())),
        Some((2, "/quantos"))
    );

    // Neither the order nor a split changes the result.
    let mut backwards = exchanges.to_vec();
    backwards.reverse();
    assert_eq!(compare(&contract, &acme::observe(&contract, &backwards))[0].count, 2);
    let halves = [
        acme::observe_from(&contract, &exchanges[..1], 1),
        acme::observe_from(&contract, &exchanges[1..], 2),
    ];
    assert_eq!(halves[1].join(&halves[0]), observed);
}

#[test]
fn paging_that_names_what_is_not_there_is_refused() {
    let rows = [
        (
            "page",
            json!("outra"),
            "a parameter of the path or the query expected at `/paths/~1thing~1{id}/get/x-paging/page`",
        ),
        (
            "size",
            json!("outra"),
            "a parameter of the path or the query expected at `/paths/~1thing~1{id}/get/x-paging/size`",
        ),
        (
            "size",
            json!(0),
            "the name of a parameter, or a number expected at `/paths/~1thing~1{id}/get/x-paging/size`",
        ),
        (
            "items",
            json!("itens"),
            "a JSON Pointer expected at `/paths/~1thing~1{id}/get/x-paging/items`",
        ),
        ("items", json!(7), "a text expected at `/paths/~1thing~1{id}/get/x-paging/items`"),
    ];
    for (name, value, expect) in rows {
        let mut document = document();
        document["paths"]["/thing/{id}"]["get"]["x-paging"][name] = value;
        let said = acme::try_read(&document).expect_err("a fault").to_string();
        assert!(said.ends_with(expect), "{name}: {said}");
    }
}
