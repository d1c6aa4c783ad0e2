//! Tests bodies as recorded: their contents, or the reason why they can't be read.

use prumo_drift::exchange::{FormPart, split};
use prumo_drift::{Exchange, compare, read_exchange};
use serde_json::{Value, json};

use crate::acme;

/// Name, headers of the response, its body in base64, and the expected findings.
type Row = (&'static str, &'static [Header], &'static str, &'static [&'static str]);

type Header = (&'static str, &'static str);

const JSON: Header = ("content-type", "application/json");
const GZIP: Header = ("content-encoding", "gzip");
const CHUNKED: Header = ("transfer-encoding", "chunked");

/// Returns a response of `acme::answering` with these headers and this member as its body.
fn answer(headers: &[(&str, &str)], member: &str, body: &str) -> String {
    let headers: Value = headers.iter().map(|(name, value)| (*name, *value)).collect();
    json!({
        "request": {"method": "GET", "path": "/thing/a"},
        "response": {"status": 200, "headers": headers, member: body}
    })
    .to_string()
}

/// Returns the findings on responses whose member `a` should be an integer.
fn seen(exchange: &str) -> Vec<String> {
    let schema = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    let findings = acme::judge(&acme::answering(&schema), &[exchange.to_owned()]);
    findings.iter().map(|finding| format!("{} {}", finding.rule.name(), finding.seen)).collect()
}

#[test]
fn bytes_are_read_as_a_client_reads_them() {
    const BROKEN: &str = "body-unreadable chunks, a compression or parts that are broken";
    const ENCODING: &str = "body-unreadable text in a broken encoding";
    const UNDECLARED: &str = "body-unreadable text that is not UTF-8, probably windows-1252 (latin-1): its charset is not declared";
    // The bytes are those of `{"a":1}` unless the name says otherwise.
    let rows: &[Row] = &[
        ("plain", &[JSON], "eyJhIjoxfQ==", &[]),
        ("without padding, over lines", &[JSON], "eyJh\r\nIjoxfQ", &[]),
        ("another type", &[JSON], "eyJhIjoieCJ9", &["type-changed text (a)"]),
        ("nothing", &[JSON], "", &["body-unreadable an empty body"]),
        ("gzip", &[JSON, GZIP], "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA", &[]),
        (
            "x-gzip",
            &[JSON, ("Content-Encoding", "X-GZip")],
            "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA",
            &[],
        ),
        (
            "gzip of two members",
            &[JSON, GZIP],
            "H4sIAAAAAAACA6tWSlSyAgDzf7BqBQAAAB+LCAAAAAAAAgMzrAUAzBgwqQIAAAA=",
            &[],
        ),
        ("gzip, cut", &[JSON, GZIP], "H4sIAAAAAAACA6tWSlSyMqwFAK+s", &[BROKEN]),
        ("gzip, a bit turned", &[JSON, GZIP], "H4sIAAAAAAACA6tWtVSyMqwFAK+sG1YHAAAA", &[BROKEN]),
        ("gzip, wrong length", &[JSON, GZIP], "H4sIAAAAAAACA6tWSlSyMqwFAK+sG6kHAAAA", &[BROKEN]),
        ("gzip that is none", &[JSON, GZIP], "eyJhIjoxfQ==", &[BROKEN]),
        ("deflate, zlib", &[JSON, ("content-encoding", "deflate")], "eJyrVkpUsjKsBQAIKgIJ", &[]),
        ("deflate, bare", &[JSON, ("content-encoding", "deflate")], "q1ZKVLIyrAUA", &[]),
        (
            "deflate that is none",
            &[JSON, ("content-encoding", "deflate")],
            "eyJhIjoxfQ==",
            &[BROKEN],
        ),
        ("identity", &[JSON, ("content-encoding", "identity")], "eyJhIjoxfQ==", &[]),
        (
            "gzip upon gzip",
            &[JSON, ("content-encoding", "gzip, gzip")],
            "H4sIAAAAAAACA5Pv5mAAASbm1WFeIZuM1rAyrF8jHcYOFAIAe60FqBsAAAA=",
            &[],
        ),
        ("chunks", &[JSON, CHUNKED], "Mw0KeyJhDQo0O3g9eQ0KIjoxfQ0KMA0KDQo=", &[]),
        ("chunks that were put together", &[JSON, CHUNKED], "eyJhIjoxfQ==", &[]),
        (
            "chunks of gzip",
            &[JSON, CHUNKED, GZIP],
            "MWINCh+LCAAAAAAAAgOrVkpUsjKsBQCvrBtWBwAAAA0KMA0KDQo=",
            &[],
        ),
        ("chunks, cut", &[JSON, CHUNKED], "Mw0KeyJhDQo0DQoiOjE=", &[BROKEN]),
        ("chunks without the last one", &[JSON, CHUNKED], "Mw0KeyJhDQo0DQoiOjF9DQo=", &[BROKEN]),
        ("chunks of no size", &[JSON, CHUNKED], "Mw0KeyJhDQp6eg0KIjoxfQ0KMA0KDQo=", &[BROKEN]),
        (
            "a chunk larger than memory",
            &[JSON, CHUNKED],
            "ZmZmZmZmZmZmZmZmZmZmZg0KeyJhIjoxfQ==",
            &[BROKEN],
        ),
        ("Latin-1 without its name", &[JSON], "eyJhIjoxLCJuIjoiSm/jbyJ9", &[UNDECLARED]),
        (
            "Latin-1 by its name",
            &[("content-type", "application/json; charset=ISO-8859-1")],
            "eyJhIjoxLCJuIjoiSm/jbyJ9",
            &["field-undocumented text"],
        ),
        (
            "ASCII under the name of Latin-1",
            &[("content-type", "application/json; charset=ISO-8859-1")],
            "eyJhIjoxfQ==",
            &[],
        ),
        ("UTF-16", &[JSON], "//57ACIAYQAiADoAMQB9AA==", &[ENCODING]),
        (
            "byte order mark",
            &[JSON],
            "77u/eyJhIjoxfQ==",
            &["body-unreadable JSON behind a byte order mark"],
        ),
        (
            "a picture where JSON belongs",
            &[("content-type", "image/png")],
            "iVBORw0KGgo=",
            &["content-type-changed image/png"],
        ),
    ];
    for (name, headers, base64, expect) in rows {
        assert_eq!(seen(&answer(headers, "base64", base64)), *expect, "case `{name}`");
    }
}

#[test]
fn chunks_in_a_dump_of_text_are_put_together() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("frame", "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n", &[]),
        ("frame with bare line ends", "7\n{\"a\":1}\n0\n", &[]),
        ("no frame", "{\"a\":1}", &[]),
        (
            "frame, cut",
            "3\r\n{\"a\r\n4\r\n\":",
            &["body-unreadable chunks, a compression or parts that are broken"],
        ),
    ];
    for (name, text, expect) in rows {
        assert_eq!(seen(&answer(&[JSON, CHUNKED], "text", text)), *expect, "case `{name}`");
    }
}

#[test]
fn what_this_reader_cannot_undo_is_an_error_and_never_passes() {
    let brotli = |coding| answer(&[JSON, ("content-encoding", coding)], "base64", "eyJhIjoxfQ==");
    // A hundred thousand blanks.
    let bomb = "H4sIAAAAAAACA+3BMQEAAADCoCrrn9IaHkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArwYt8HnKoIYBAA==";
    let rows = [
        ("brotli", brotli("br"), "`/response/base64` is in an unsupported coding: br"),
        (
            "zstd upon gzip",
            brotli("gzip, zstd"),
            "`/response/base64` is in an unsupported coding: zstd",
        ),
        (
            "a word of the vendor",
            brotli("Maria"),
            "`/response/base64` is in an unsupported coding: an unregistered one",
        ),
        (
            "nine codings",
            brotli(
                "deflate, gzip,,chunked,chunked, identity, chunked, chunked, chunked, chunked,chunked",
            ),
            "`/response/base64` is in an unsupported coding: more than eight nested ones",
        ),
        (
            "a bomb",
            answer(&[JSON, GZIP], "base64", bomb),
            "`/response/base64` expands to more than 2000 bytes",
        ),
        ("no base64", answer(&[JSON], "base64", "Maria!"), "`/response/base64` is not base64"),
    ];
    for (name, text, expect) in rows {
        let items: Vec<_> = split(text.as_bytes(), 2000).collect();
        let [Ok(item)] = items.as_slice() else {
            panic!("case `{name}`: {items:?}");
        };
        assert_eq!(item.read().unwrap_err().fault().to_string(), expect, "case `{name}`");
    }
    // Content that the recorder decoded is read unchanged.
    let decoded = answer(&[JSON, ("content-encoding", "br")], "text", r#"{"a":"x"}"#);
    assert_eq!(seen(&decoded), ["type-changed text (a)"]);
}

#[test]
fn what_was_sent_is_taken_apart_by_its_media_type() {
    let request = |content_type: &str, member: &str, body: &str| {
        json!({
            "request": {"method": "POST", "path": "/thing", "headers": {"content-type": content_type}, member: body},
            "response": {"status": 200}
        })
        .to_string()
    };
    let field = |name: &'static str, value: &'static str| FormPart::Text {
        name: name.into(),
        value: value.into(),
    };
    let text =
        request("application/x-www-form-urlencoded", "text", "nome=Ana+Lima&id%5B%5D=7&vazio\r\n");
    let read: Exchange<'_> = read_exchange(text.as_bytes()).unwrap();
    assert_eq!(
        read.request.form,
        Some(vec![field("nome", "Ana Lima"), field("id[]", "7"), field("vazio", "")])
    );

    let multipart = concat!(
        "--=x;y\r\nContent-Disposition: form-data; name=\"titulo \\\"1\\\"\"\r\n\r\nOi\r\nvoc\u{ea}\r\n",
        "--=x;y\r\ncontent-type: image/png\r\ncontent-disposition: form-data; filename=a.png; name=anexo\r\n\r\n12345\r\n",
        "--=x;y--\r\n"
    );
    let text = request("multipart/form-data; boundary=\"=x;y\"", "text", multipart);
    let read = read_exchange(text.as_bytes()).unwrap();
    let file = FormPart::File {
        name: "anexo".into(),
        file: "a.png".into(),
        content_type: Some("image/png".into()),
        bytes: Some(5),
    };
    assert_eq!(read.request.form, Some(vec![field("titulo \"1\"", "Oi\r\nvoc\u{ea}"), file]));

    let document = json!({
        "openapi": "3.0.3", "info": {"title": "acme", "version": "1"},
        "paths": {"/thing": {"post": {"operationId": "criar", "responses": {"200": {"description": "ok"}},
            "requestBody": {"required": true, "content": {
                "application/json": {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
                "text/plain": {"schema": {"type": "string", "maxLength": 2}},
                "multipart/form-data": {"schema": {"type": "object"}}}}}}}
    });
    let contract = acme::read(&document);
    let broken = "body-unreadable chunks, a compression or parts that are broken";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "JSON as text",
            request("application/json", "text", r#"{"a":"x"}"#),
            &["type-changed text (a)"],
        ),
        (
            "JSON as bytes",
            request("application/json", "base64", "eyJhIjoieCJ9"),
            &["type-changed text (a)"],
        ),
        (
            "Latin-1",
            request("application/json", "base64", "eyJhIjoxLCJuIjoiSm/jbyJ9"),
            &[
                "body-unreadable text that is not UTF-8, probably windows-1252 (latin-1): its charset is not declared",
            ],
        ),
        (
            "no JSON",
            request("application/json", "text", "{\"a\":"),
            &["body-unreadable JSON that stops in the middle"],
        ),
        ("text", request("text/plain", "text", "abc"), &["bound-exceeded 3 characters"]),
        (
            "parts without an end",
            request("multipart/form-data; boundary=x", "text", "--x\r\n\r\n"),
            &[broken],
        ),
        ("parts without a boundary", request("multipart/form-data", "text", "--x--"), &[broken]),
    ];
    for (name, text, expect) in rows {
        let observed = acme::observe(&contract, std::slice::from_ref(text));
        let findings = compare(&contract, &observed);
        let seen: Vec<_> =
            findings.iter().map(|f| format!("{} {}", f.rule.name(), f.seen)).collect();
        assert_eq!(seen, *expect, "case `{name}`");
    }
}
