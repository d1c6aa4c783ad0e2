//! Tables of foreign files: which kind each is, and the exchanges that are read from it.

use super::*;
use crate::exchange::read_exchange;

#[test]
fn a_file_is_named_by_its_first_bytes() {
    let rows = [
        (r#"{"info": {"name": "c"}, "item": []}"#, "a Postman collection"),
        (
            r#"{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/c.json""#,
            "a Postman collection",
        ),
        (
            r#"{"collection": {"info": {"schema": "https://schema.getpostman.com/""#,
            "a Postman collection",
        ),
        (
            r#"{"id": "a", "name": "b", "order": [], "requests": []}"#,
            "a Postman collection of version 1",
        ),
        (r#"{"_type": "export", "__export_format": 4}"#, "an Insomnia export"),
        (
            r#"{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": ["#,
            "a Pact file",
        ),
        (r#"{"consumer": {"name": "a"}, "interactions": [{"request": {}}]}"#, "a Pact file"),
        (
            "{\"http_interactions\": [{\"request\": {}}],\n \"recorded_with\": \"betamax/0.8\"}",
            "a betamax cassette",
        ),
        (
            r#"{"http_interactions": [{"request": {}}], "recorded_with": "VCR 6.1.0"}"#,
            "a VCR cassette",
        ),
        (r#"{"version": 1, "interactions": [{"request": {}}]}"#, "a VCR cassette"),
        ("---\nhttp_interactions:\n- request:\n    method: get\n", "a VCR cassette"),
        ("interactions:\n- request:\n    body: null\n", "a VCR cassette"),
        ("---\nversion: 2\ninteractions:\n  - id: 0\n", "a VCR cassette"),
        ("-\n    request:\n        method: GET\n", "a VCR cassette"),
        (r#"{"mappings": []}"#, "a set of WireMock stubs"),
        (r#"{"data": {"pairs": []}, "meta": {"schemaVersion": "v5"}}"#, "a Hoverfly simulation"),
        (r#"[{"scope": "https://a", "method": "GET", "status": 200}]"#, "a recording of nock"),
        ("openapi: 3.0.3\ninfo: {}\n", "an OpenAPI document"),
        (r#"{"openapi": "3.0.3", "info": {}}"#, "an OpenAPI document"),
        ("93:9:websocket;0:~", "a file of mitmproxy's flows"),
        ("\u{a}\u{d}\u{d}\u{a}", "a packet capture"),
        (r#"{"request": {"method": "GET"}, "response": {}, "info": 1, "item": 2}"#, ""),
        (
            r#"{"response": {"body": {"consumer": 1, "provider": 2, "interactions": []}}, "request": {}}"#,
            "",
        ),
        (r#"[{"request": {"path": "/mappings"}, "response": {}}]"#, ""),
        (r#"{"log": {"entries": []}}"#, ""),
        ("{\"a\": 1}\ninteractions:\n", ""),
        ("", ""),
    ];
    for (text, expected) in rows {
        assert_eq!(recognize(text.as_bytes()).map_or("", |kind| kind.name), expected, "{text}");
    }
}

/// Returns each exchange as `METHOD host path status headers body`.
fn read(text: &str) -> Vec<String> {
    let kind = recognize(text.as_bytes()).unwrap();
    let exchanges = kind.read(text).unwrap().exchanges;
    exchanges
        .iter()
        .map(|exchange| {
            let text = exchange.to_string();
            let read = read_exchange(text.as_bytes()).unwrap();
            let host = read.request.host.as_deref().unwrap_or("-");
            let media = read.response.headers.media_type().unwrap_or_default().into_owned();
            let body = read.response.text.as_deref().unwrap_or("-");
            let sent = read.request.text.as_deref().unwrap_or("-");
            let (method, path, status) =
                (&read.request.method, &read.request.path, read.response.status);
            format!("{method} {host} {path} {sent} {status} {media} {body}")
        })
        .collect()
}

#[test]
fn cassettes_of_every_relative_are_read() {
    let rows = [
        (
            "VCR",
            "---\nhttp_interactions:\n- request:\n    method: get\n    uri: https://a.example.com/m?x=1\n    body: {encoding: US-ASCII, string: ''}\n    headers: {Accept: ['*/*']}\n  response:\n    status: {code: 200, message: OK}\n    headers:\n      Content-Type:\n      - application/json\n    body:\n      encoding: UTF-8\n      string: '{\"n\": 1.10}'\n  recorded_at: Tue, 01 Nov 2011 04:58:44 GMT\nrecorded_with: VCR 6.1.0\n",
            "GET a.example.com https://a.example.com/m?x=1 - 200 application/json {\"n\": 1.10}",
        ),
        (
            "VCR with bytes",
            "http_interactions:\n- request: {method: post, uri: 'https://a.example.com/m', body: {string: 'a'}}\n  response: {status: {code: 201}, headers: {}, body: {base64_string: e30=}}\n",
            "POST a.example.com https://a.example.com/m a 201  {}",
        ),
        (
            "vcrpy",
            "interactions:\n- request:\n    body: null\n    headers: {}\n    method: GET\n    uri: http://a.example.com/m\n  response:\n    body:\n      string: !!binary |\n        e3\n        0=\n    headers: &h\n      content-type: [application/json]\n    status: {code: 200, message: OK}\nversion: 1\n",
            "GET a.example.com http://a.example.com/m - 200 application/json {}",
        ),
        (
            "go-vcr",
            "---\nversion: 2\ninteractions:\n- id: 0\n  request: {body: '', url: 'http://a.example.com/m', method: GET, headers: {A: [b]}}\n  response: {body: '{}', headers: {Content-Type: [application/json]}, status: 200 OK, code: 200}\n",
            "GET a.example.com http://a.example.com/m - 200 application/json {}",
        ),
        (
            "PHP-VCR",
            "-\n    request:\n        method: GET\n        url: 'http://a.example.com/m'\n    response:\n        status: {http_version: '1.1', code: '200', message: OK}\n        headers: {Content-Type: application/json}\n        body: '{}'\n",
            "GET a.example.com http://a.example.com/m - 200 application/json {}",
        ),
        (
            "betamax",
            r#"{"http_interactions": [{"recorded_at": "2013-09-28T01:25:38", "request": {"body": {"encoding": "utf-8", "string": ""}, "headers": {"Accept": ["*/*"]}, "method": "GET", "uri": "http://a.example.com/m"}, "response": {"body": {"encoding": null, "string": "{}"}, "headers": {"content-type": ["application/json"]}, "status": {"code": 200, "message": "OK"}, "url": "http://a.example.com/m"}}], "recorded_with": "betamax/0.8.1"}"#,
            "GET a.example.com http://a.example.com/m - 200 application/json {}",
        ),
        (
            "vcrpy as JSON",
            r#"{"version": 1, "interactions": [{"request": {"method": "GET", "uri": "http://a.example.com/m", "body": null, "headers": {}}, "response": {"status": {"code": 200, "message": "OK"}, "headers": {"Content-Type": ["application/json"]}, "body": {"string": "{}"}}}]}"#,
            "GET a.example.com http://a.example.com/m - 200 application/json {}",
        ),
    ];
    for (name, text, expected) in rows {
        assert_eq!(read(text), [expected], "case `{name}`");
    }
}

#[test]
fn saved_responses_of_postman_are_read() {
    let text = r##"{
        "info": {"name": "c", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "variable": [{"key": "baseUrl", "value": "https://{{host}}/v1"}, {"key": "host", "value": "a.example.com"}],
        "item": [
            {"name": "folder", "item": [{
                "name": "one",
                "request": {"method": "GET", "url": "https://other.example.com"},
                "response": [{
                    "originalRequest": {"method": "POST", "header": [], "url": {"raw": "{{baseUrl}}/m/:id?x=1", "variable": [{"key": "id", "value": "7"}]},
                        "body": {"mode": "raw", "raw": "{\"a\": 1.10}", "options": {"raw": {"language": "json"}}}},
                    "code": 201, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "{\"id\": 1e3}"}]
            }]},
            {"name": "two", "request": "{{unknown}}/m/{{token}}", "response": [{"code": 200, "header": null, "body": null}]},
            {"name": "three", "request": {"url": "a.example.com/m"}, "response": []}
        ]
    }"##;
    assert_eq!(
        read(text),
        [
            "POST a.example.com https://a.example.com/v1/m/7 {\"a\": 1.10} 201 application/json {\"id\": 1e3}",
            "GET - /m/{token} - 200  -",
        ]
    );
    let kind = recognize(text.as_bytes()).unwrap();
    assert_eq!(kind.read(text).unwrap().n_unanswered, 1);
    let nothing = r#"{"info": {}, "item": [{"request": "https://a.example.com"}]}"#;
    assert!(kind.read(nothing).unwrap_err().starts_with("the collection has no saved response"));
}

#[test]
fn hostile_cassettes_are_an_error() {
    let bomb = (1..40).fold("interactions:\n- &a0 [x, x]\n".to_owned(), |text, n| {
        format!("{text}- &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)
    });
    let deep = format!("interactions: {}", "[".repeat(100_000));
    for (name, text) in [("aliases", bomb), ("depth", deep)] {
        assert!(
            KINDS.iter().find(|kind| kind.name == "a VCR cassette").unwrap().read(&text).is_err(),
            "case `{name}`"
        );
    }
}
