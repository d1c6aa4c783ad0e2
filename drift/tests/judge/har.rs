//! Tests reading HAR documents.

mod omitted;
mod written;

use prumo_drift::Exchange;
use prumo_drift::exchange::{FormPart, Item, split};
use serde_json::{Value, json};

fn document(entries: &str) -> String {
    format!("{{\"log\": {{\"version\": \"1.2\", \"entries\": [{entries}]}}}}")
}

fn get(path: &str) -> String {
    json!({"request": {"method": "GET", "url": path}, "response": {"status": 200}}).to_string()
}

/// Returns line and path of each item, or its error.
fn outline(text: &str, max_bytes: usize) -> Vec<String> {
    let told = |item: Item| match item.read() {
        Ok(exchange) => format!("{} {}", item.line(), exchange.request.path),
        Err(error) => error.to_string(),
    };
    split(text.as_bytes(), max_bytes)
        .map(|item| item.map_or_else(|error| error.to_string(), told))
        .collect()
}

#[test]
fn a_url_of_very_many_names_is_read_in_one_go() {
    let query: Vec<String> = (0..40_000).map(|n| format!("n{n}=1")).collect();
    let text = document(&get(&format!("/a?{0}&{0}", query.join("&"))));
    let item = split(text.as_bytes(), 1 << 22).next().unwrap().unwrap();
    let query = item.read().unwrap().request.query;
    assert_eq!(query.len(), 40_000);
    assert!(
        query
            .iter()
            .zip(0..)
            .all(|((name, values), n)| *name == format!("n{n}") && values.len() == 2)
    );
}

#[test]
fn every_layout_of_a_document_is_taken_apart() {
    let [one, two] = ["/1", "/2"].map(get);
    let both: &[&str] = &["1 /1", "1 /2"];
    let large = get(&format!("/{}", "x".repeat(200)));
    let rows: &[(&str, String, &[&str])] = &[
        ("in one line", document(&format!("{one},{two}")), both),
        ("byte order mark", format!("\u{feff}{}", document(&format!("{one},{two}"))), both),
        (
            "over lines",
            format!("\n{{\r\n \"log\" :{{\"entries\":\n[{one}\n,\n{two}]}}}}"),
            &["4 /1", "6 /2"],
        ),
        (
            "members around them",
            format!(
                r#"{{"log":{{"comment":"entries","pages":[{{"entries":[1]}}],"\"":[2],"entries":[{one}],"x":[{two}]}},"y":[1]}}"#
            ),
            &["1 /1"],
        ),
        ("none", document(""), &[]),
        ("blank", document(" \n "), &[]),
        (
            "no list",
            "{\"log\": {\"version\": \"1.2\"}}".to_owned(),
            &["1:27: `/log/entries` is missing, expected a list of entries"],
        ),
        (
            "no object",
            "{\"log\": 7}".to_owned(),
            &["1:10: `/log/entries` is missing, expected a list of entries"],
        ),
        (
            "cut in an entry",
            format!("{{\"log\":{{\"entries\":[{one},\n{}", &two[..20]),
            &[
                "1 /1",
                "2:20: not JSON: EOF while parsing an object",
                "2:20: the list of exchanges is not closed",
            ],
        ),
        (
            "cut between entries",
            format!("{{\"log\":{{\"entries\":[{one},\n"),
            &["1 /1", "2:1: the list of exchanges is not closed"],
        ),
        (
            "a broken entry",
            document(&format!("{{\"request\": 0}},\n{one}")),
            &["1:52: `/request` is not an object", "2 /1"],
        ),
        (
            "no entry",
            document(&format!("null,\n{one}")),
            &["1:40: the exchange is not an object", "2 /1"],
        ),
        (
            "a comma too many",
            document(&format!("{one},\n,{two}")),
            &["1 /1", "2:1: the list of exchanges has an extra comma", "2 /2"],
        ),
        (
            "an entry too large",
            document(&format!("{one},\n{large},\n{two}")),
            &["1 /1", "2:1: larger than 150 bytes", "3 /2"],
        ),
        (
            "another member first",
            format!("{{\"a\": {one}, \"log\": 1}}"),
            &["1:1: `/request` is missing, expected an object"],
        ),
    ];
    for (name, text, expect) in rows {
        assert_eq!(outline(text, 150), *expect, "case `{name}`");
    }
}

fn read(entry: &Value, check: impl FnOnce(&Exchange<'_>)) {
    let text = document(&entry.to_string());
    let items: Vec<_> = split(text.as_bytes(), 100_000).collect();
    let [Ok(item)] = items.as_slice() else {
        panic!("{items:?}");
    };
    check(&item.read().unwrap_or_else(|error| panic!("{error}")));
}

#[test]
fn an_entry_of_a_browser_is_read() {
    let entry = json!({
        "_initiator": {"type": "script"}, "_priority": "High", "pageref": "page_1",
        "startedDateTime": "2026-11-22T03:00:00.123Z", "time": 12.5,
        "request": {
            "method": "POST", "url": "https://alfa.example/v2/chamado?q=a+b&q=%C3%A9#topo", "httpVersion": "h2",
            "headers": [{"name": ":method", "value": "POST"}, {"name": "Accept", "value": "*/*"}],
            "queryString": [{"name": "q", "value": "a+b"}, {"name": "q", "value": "%C3%A9"}],
            "cookies": [], "headersSize": -1, "bodySize": 17,
            "postData": {"mimeType": "application/json", "text": "{\"titulo\":\"Oi\"}"}
        },
        "response": {
            "status": 200, "statusText": "", "httpVersion": "h2",
            "headers": [{"name": "Set-Cookie", "value": "a"}, {"name": "set-cookie", "value": "b"}],
            "content": {"size": 8, "mimeType": "application/json; charset=utf-8", "text": "{\"a\": 1}"},
            "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 300
        },
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0}
    });
    read(&entry, |exchange| {
        assert_eq!(exchange.at.as_deref(), Some("2026-11-22T03:00:00.123Z"));
        assert_eq!((exchange.operation.as_ref(), exchange.origin.as_ref()), (None, None));
        let request = &exchange.request;
        assert_eq!((request.method.as_ref(), request.path.as_ref()), ("POST", "/v2/chamado"));
        assert_eq!(request.query_values("q").unwrap(), ["a b", "é"]);
        let headers: Vec<_> = request.headers.iter().collect();
        assert_eq!(headers, [("Accept", "*/*"), ("content-type", "application/json")]);
        assert_eq!(request.text.as_deref(), Some("{\"titulo\":\"Oi\"}"));
        assert_eq!(exchange.response.headers.media_type().as_deref(), Some("application/json"));
        assert_eq!(exchange.response.headers.iter().count(), 3);
        assert_eq!(exchange.response.text.as_deref(), Some("{\"a\": 1}"));
    });
}

/// Returns an entry whose request has this `postData`, and whose response has these headers and
/// content.
fn entry(data: &Value, headers: &Value, content: &Value) -> Value {
    json!({
        "request": {"method": "POST", "url": "http://alfa.example", "postData": data,
                    "queryString": [{"name": "a", "value": "1"}]},
        "response": {"status": 200, "headers": headers, "content": content}
    })
}

#[test]
fn what_was_sent_is_read_from_parts_or_text() {
    let field = |name: &'static str, value: &'static str| FormPart::Text {
        name: name.into(),
        value: value.into(),
    };
    let file = |bytes| FormPart::File {
        name: "f".into(),
        file: "a.png".into(),
        content_type: Some("image/png".into()),
        bytes,
    };
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
    let rows: Vec<(&str, Value, Option<Vec<FormPart<'_>>>)> = vec![
        ("nothing", json!(null), None),
        ("empty, as browsers write it", json!({"mimeType": "", "text": "", "params": []}), None),
        (
            "pairs, escaped in their list and in the text",
            json!({"mimeType": "application/x-www-form-urlencoded", "text": "a=x%20y",
                   "params": [{"name": "a", "value": "x%20y"}]}),
            Some(vec![field("a", "x y")]),
        ),
        (
            "pairs without the text",
            json!({"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "x y"}]}),
            Some(vec![field("a", "x y")]),
        ),
        (
            "parts",
            json!({"mimeType": "multipart/form-data; boundary=x", "text": "--x",
                   "params": [{"name": "f", "fileName": "a.png", "contentType": "image/png"}]}),
            Some(vec![file(None)]),
        ),
        (
            "parts with a size",
            json!({"mimeType": "multipart/form-data", "params": [
                {"name": "f", "fileName": "a.png", "contentType": "image/png", "_bytes": 7}]}),
            Some(vec![file(Some(7))]),
        ),
        (
            "parts in the text alone",
            json!({"mimeType": "multipart/form-data; boundary=x", "text": multipart}),
            Some(vec![field("a", "1")]),
        ),
    ];
    for (name, data, expect) in rows {
        read(&entry(&data, &json!([]), &json!({})), |exchange| {
            assert_eq!(exchange.request.form, expect, "case `{name}`");
            assert_eq!(exchange.request.path, "/", "case `{name}`");
            assert_eq!(exchange.request.query_values("a").unwrap(), ["1"], "case `{name}`");
        });
    }
}

#[test]
fn what_came_is_read_as_the_browser_kept_it() {
    const UNDECLARED: &str = "unreadable UndeclaredCharset";
    const BINARY: &str = "unreadable Binary";
    let gzip = json!([{"name": "Content-Encoding", "value": "gzip"}]);
    let none = json!([]);
    let rows: Vec<(&str, &Value, Value, &str)> = vec![
        ("text", &none, json!({"mimeType": "application/json", "text": "{}"}), "{}"),
        ("not kept", &none, json!({"mimeType": "application/json", "size": 7}), "nothing"),
        ("empty", &none, json!({"mimeType": "", "text": ""}), ""),
        (
            "base64",
            &none,
            json!({"mimeType": "x-unknown", "text": "e30=", "encoding": "base64"}),
            "{}",
        ),
        (
            "decompressed by the browser",
            &gzip,
            json!({"mimeType": "application/json", "text": "e30=", "encoding": "base64"}),
            "{}",
        ),
        (
            "still compressed",
            &gzip,
            json!({"mimeType": "application/json", "text": "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA", "encoding": "base64"}),
            "{\"a\":1}",
        ),
        (
            "Latin-1, decompressed",
            &gzip,
            json!({"mimeType": "application/json", "text": "Im/jbyI=", "encoding": "base64"}),
            UNDECLARED,
        ),
        (
            "a picture",
            &gzip,
            json!({"mimeType": "image/png", "text": "iVBORw0KGgo=", "encoding": "base64"}),
            BINARY,
        ),
    ];
    for (name, headers, content, expect) in rows {
        read(&entry(&json!(null), headers, &content), |exchange| {
            let response = &exchange.response;
            let seen = match (response.text.as_deref(), response.unreadable) {
                (Some(text), _) => text.to_owned(),
                (None, Some(why)) => format!("unreadable {why:?}"),
                (None, None) => "nothing".to_owned(),
            };
            assert_eq!(seen, expect, "case `{name}`");
        });
    }
}

#[test]
fn what_cannot_be_judged_is_an_error_without_a_value() {
    let with = |pointer: &str, value: Value| {
        let mut entry = entry(&json!({}), &json!([]), &json!({"mimeType": "application/json"}));
        *entry.pointer_mut(pointer).unwrap() = value;
        entry
    };
    let brotli = json!({"status": 200, "headers": [{"name": "content-encoding", "value": "br"}],
        "content": {"mimeType": "application/json", "text": "/w==", "encoding": "base64"}});
    let rows = [
        (
            "given up",
            with("/response/status", json!(0)),
            "the request was given up, so there is no response to judge",
        ),
        (
            "a status of the vendor",
            with("/response/status", json!("Maria")),
            "`/response/status` is not an integer from 100 to 999",
        ),
        (
            "no method",
            with("/request", json!({"url": "/"})),
            "`/request/method` is missing, expected a string",
        ),
        (
            "no URL",
            with("/request", json!({"method": "GET"})),
            "`/request/url` is missing, expected a string",
        ),
        (
            "headers",
            with("/response/headers", json!({"a": "Maria"})),
            "`/response/headers` is not a list",
        ),
        (
            "a header",
            with("/response/headers", json!(["Maria"])),
            "`/response/headers/0` is not an object",
        ),
        (
            "a coding",
            with("/response", brotli),
            "`/response/content/text` is in an unsupported coding: br",
        ),
        (
            "no base64",
            with("/response/content", json!({"text": "Maria!", "encoding": "base64"})),
            "`/response/content/text` is not base64",
        ),
    ];
    for (name, entry, expect) in rows {
        let text = document(&entry.to_string());
        let item = split(text.as_bytes(), 100_000).next().unwrap().unwrap();
        assert_eq!(item.read().unwrap_err().fault().to_string(), expect, "case `{name}`");
    }
}
