use proptest::prelude::*;
use serde_json::json;

use super::{Exchange, FormPart, OwnedExchange, read_exchange, split};

const WHOLE: &str = r#"{
  "at": "2026-11-22T03:00:00Z", "origin": "live", "source": "a \"probe\"", "operation": "ler_pedido",
  "request": {
    "method": "GET", "path": "/chamado/{token}/4f",
    "query": {"page": "1", "campos[]": ["a", "b"]},
    "headers": {"Accept": "*/*"}, "body": null,
    "form": [{"name": "titulo", "value": "x"},
             {"name": "anexos[]", "file": "a.png", "content_type": "image/png", "bytes": 12}]
  },
  "response": {"status": 200, "headers": {"Content-Type": "Application/JSON; charset=utf-8"},
               "body": { "n": 1.10, "n": 2 }, "text": null},
  "later": {"unknown": true}
}"#;

fn minimal(body: &str) -> String {
    format!(
        r#"{{"request":{{"method":"GET","path":"/a"}},"response":{{"status":200,"body":{body}}}}}"#
    )
}

#[test]
fn a_whole_exchange_is_read() {
    let exchange = read_exchange(WHOLE.as_bytes()).unwrap();
    assert_eq!(exchange.at.as_deref(), Some("2026-11-22T03:00:00Z"));
    assert_eq!(exchange.source.as_deref(), Some("a \"probe\""));
    assert_eq!(exchange.operation.as_deref(), Some("ler_pedido"));
    assert_eq!(exchange.request.method, "GET");
    assert_eq!(exchange.request.path, "/chamado/{token}/4f");
    assert_eq!(exchange.request.query_values("campos[]").unwrap(), ["a", "b"]);
    assert_eq!(exchange.request.query_values("page").unwrap(), ["1"]);
    assert_eq!(exchange.request.query_values("nothing"), None);
    assert!(exchange.request.body.is_none());
    let form = exchange.request.form.as_ref().unwrap();
    assert_eq!(form[0], FormPart::Text { name: "titulo".into(), value: "x".into() });
    assert_eq!(form[1].name(), "anexos[]");
    assert!(matches!(&form[1], FormPart::File { bytes: Some(12), .. }));
    assert_eq!(exchange.response.status, 200);
    assert_eq!(
        exchange.response.headers.get("CONTENT-TYPE"),
        Some("Application/JSON; charset=utf-8")
    );
    assert_eq!(exchange.response.headers.media_type().as_deref(), Some("application/json"));
    // The body as written, including the duplicate key and the trailing zero.
    assert_eq!(exchange.response.body.unwrap().get(), r#"{ "n": 1.10, "n": 2 }"#);
}

#[test]
fn what_may_be_missing_may() {
    let named =
        r#"{"operation":"ler_pedido","request":{},"response":{"status":429,"text":"<html>"}}"#;
    let exchange = read_exchange(named.as_bytes()).unwrap();
    assert_eq!(exchange.request.path, "");
    assert_eq!(exchange.response.text.as_deref(), Some("<html>"));
    assert!(exchange.response.body.is_none());

    let with_mark = format!("\u{feff}{}", minimal("[]"));
    assert!(read_exchange(with_mark.as_bytes()).is_ok());
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row a case")]
fn an_error_names_place_and_what_belongs_there_but_no_value() {
    let rows: &[(&str, &str)] = &[
        ("", "1:1: not JSON: EOF while parsing a value"),
        ("{\n \"request\": {,\n", "2:14: not JSON: key must be a string"),
        ("[\"Maria\"]", "1:1: the exchange is not an object"),
        ("\"Maria\"", "1:1: the exchange is not an object"),
        ("{}", "1:1: `/request` is missing, expected an object"),
        (r#"{"request":"Maria"}"#, "1:12: `/request` is not an object"),
        (r#"{"request":{"path":"/"}}"#, "1:12: `/request/method` is missing, expected a string"),
        (r#"{"request":{"method":"GET"}}"#, "1:12: `/request/path` is missing, expected a string"),
        (r#"{"operation":7}"#, "1:14: `/operation` is not a string"),
        (
            r#"{"operation":"","request":{}}"#,
            "1:27: `/request/method` is missing, expected a string",
        ),
        (r#"{"operation":"a","request":{}}"#, "1:1: `/response` is missing, expected an object"),
        (
            "{\"operation\":\"a\",\"request\":{},\n\"response\":{}}",
            "2:12: `/response/status` is missing, expected an integer from 100 to 999",
        ),
        (
            r#"{"operation":"é","request":{},"response":{"status":"Maria"}}"#,
            "1:52: `/response/status` is not an integer from 100 to 999",
        ),
        (
            r#"{"operation":"a","request":{},"response":{"status":99}}"#,
            "1:52: `/response/status` is not an integer from 100 to 999",
        ),
        (
            r#"{"operation":"a","request":{},"response":{"status":200,"text":{}}}"#,
            "1:63: `/response/text` is not a string",
        ),
        (
            r#"{"operation":"a","request":{},"response":{"status":200,"headers":{"a/b":1}}}"#,
            "1:73: `/response/headers/a~1b` is not a string",
        ),
        (
            r#"{"operation":"a","request":{"query":{"x":[1]}}}"#,
            "1:43: `/request/query/x` is not a string or a list of strings",
        ),
        (
            r#"{"operation":"a","request":{"query":{"52998224725":7}}}"#,
            "1:52: `/request/query/99999999999` is not a string or a list of strings",
        ),
        (
            r#"{"operation":"a","request":{"query":{"Maria Lima":"1","Maria Lima":"2"}}}"#,
            "1:68: `/request/query/Aaaaa Aaaa` appears twice",
        ),
        (
            r#"{"operation":"a","request":{"form":{}}}"#,
            "1:36: `/request/form` is not a list of parts",
        ),
        (
            r#"{"operation":"a","request":{"form":[{"name":"a"}]}}"#,
            "1:37: `/request/form/0/value` is missing, expected a string, or else `file`",
        ),
        (
            r#"{"operation":"a","request":{"form":[{"name":"a","file":"b","bytes":-1}]}}"#,
            "1:68: `/request/form/0/bytes` is not a count of bytes",
        ),
        (r#"{"operation":"a","operation":"Maria"}"#, "1:30: `/operation` appears twice"),
        (r#"{"operation":"\ud800"}"#, "1:14: `/operation` is not a string"),
    ];
    for (text, expect) in rows {
        let error = read_exchange(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(&error, expect, "text {text}");
    }
    let error = read_exchange(b"{\n\"a\": \"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "2:7: invalid UTF-8");
}

#[test]
fn a_body_of_any_depth_is_passed_on() {
    let body = "[".repeat(100_000) + &"]".repeat(100_000);
    let text = minimal(&body);
    let exchange = read_exchange(text.as_bytes()).unwrap();
    assert_eq!(exchange.response.body.unwrap().get(), body);
}

/// Returns line and outcome of each item of a stream.
fn outline(bytes: &[u8], max_bytes: usize) -> Vec<String> {
    split(bytes, max_bytes)
        .map(|item| match item {
            Ok(item) => match item.read() {
                Ok(exchange) => format!("{} {}", item.line(), body_of(&exchange)),
                Err(error) => error.to_string(),
            },
            Err(error) => error.to_string(),
        })
        .collect()
}

fn body_of(exchange: &Exchange<'_>) -> String {
    exchange.response.body.as_ref().map(|body| body.get().to_owned()).unwrap_or_default()
}

#[test]
fn every_layout_is_split() {
    let [one, two, three] = ["1", "2", "3"].map(minimal);
    let printed =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&one).unwrap())
            .unwrap();
    let all: &[&str] = &["1 1", "2 2", "3 3"];
    let rows: Vec<(&str, String, &[&str])> = vec![
        ("nothing", String::new(), &[]),
        ("blank", "\n \r\n\n".to_owned(), &[]),
        ("one a line", format!("{one}\n{two}\n{three}\n"), all),
        ("no break at the end", format!("{one}\n{two}\n{three}"), all),
        ("CRLF", format!("{one}\r\n{two}\r\n{three}\r\n"), all),
        ("blank lines between", format!("\n{one}\n\n  \n{two}\n"), &["2 1", "5 2"]),
        ("byte order mark", format!("\u{feff}{one}\n{two}\n"), &["1 1", "2 2"]),
        ("printed", printed.clone(), &["1 1"]),
        ("printed, byte order mark, CRLF", format!("\u{feff}{}", printed.replace('\n', "\r\n")), &["1 1"]),
        ("printed, two of them", format!("{printed}\n{printed}\n"), &["1 1", "11 1"]),
        ("list in one line", format!("[{one},{two}]"), &["1 1", "1 2"]),
        ("list over lines", format!("[\n{one},\n{two}\n,\n{three}]\n"), &["2 1", "3 2", "5 3"]),
        ("printed in a list", format!("[{printed},\n{printed}]"), &["1 1", "11 1"]),
        ("printed without indent",
         "{\n\"request\":\n{\"method\":\"GET\",\"path\":\"/\"},\n\"response\":\n{\"status\":200,\"body\":1}\n}\n".to_owned(),
         &["1 1"]),
        ("empty list", "[]".to_owned(), &[]),
    ];
    for (name, text, expect) in rows {
        assert_eq!(outline(text.as_bytes(), 1000), expect, "case `{name}`");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row a case")]
fn a_broken_item_is_named_and_the_rest_goes_on() {
    let [one, two] = ["1", "2"].map(minimal);
    let cut = &one[..18];
    let rows: Vec<(&str, String, Vec<&str>)> = vec![
        (
            "cut in the middle",
            format!("{one}\n{cut}\n{two}\n"),
            vec!["1 1", "2:18: not JSON: EOF while parsing a string", "3 2"],
        ),
        (
            "cut at the start",
            format!("{cut}\n{cut}\n{one}\n{two}\n"),
            vec![
                "1:18: not JSON: EOF while parsing a string",
                "2:18: not JSON: EOF while parsing a string",
                "3 1",
                "4 2",
            ],
        ),
        (
            "only a bracket",
            format!("{{\n{one}\n"),
            vec!["1:1: not JSON: EOF while parsing an object", "2 1"],
        ),
        (
            "nothing whole",
            format!("{cut}\n{cut}"),
            vec![
                "1:18: not JSON: EOF while parsing a string",
                "2:18: not JSON: EOF while parsing a string",
            ],
        ),
        (
            "no JSON at all",
            format!("<html>\n{one}\n"),
            vec!["1:1: not JSON: expected value", "2 1"],
        ),
        (
            "another type",
            format!("{one}\n7\n{two}"),
            vec!["1 1", "2:1: the exchange is not an object", "3 2"],
        ),
        (
            "printed and cut",
            "{\n  \"request\": {\n".to_owned(),
            vec!["2:14: not JSON: EOF while parsing an object"],
        ),
        (
            "list not closed",
            format!("[{one},\n{two},"),
            vec!["1 1", "2 2", "2:1: the list of exchanges is not closed"],
        ),
        (
            "list with a cut item",
            format!("[\n{one},\n{cut}"),
            vec![
                "2 1",
                "3:18: not JSON: EOF while parsing a string",
                "3:1: the list of exchanges is not closed",
            ],
        ),
        (
            "list not closed behind a whole item",
            format!("[\n{one},\n{two}\n"),
            vec!["2 1", "3 2", "3:1: the list of exchanges is not closed"],
        ),
        (
            "list with two commas",
            format!("[{one},,{two}]"),
            vec!["1 1", "1:78: the list of exchanges has an extra comma", "1 2"],
        ),
        (
            "list with a comma at its end",
            format!("[{one},\n]"),
            vec!["1 1", "2:1: the list of exchanges has an extra comma"],
        ),
        (
            "list of a comma",
            "[,]".to_owned(),
            vec![
                "1:2: the list of exchanges has an extra comma",
                "1:3: the list of exchanges has an extra comma",
            ],
        ),
        (
            "list without a comma",
            format!("[\n{one}\n{two}]"),
            vec!["3:1: not JSON: trailing characters"],
        ),
        (
            "list with an item cut in the middle",
            format!("[\n{one},\n{cut},\n{two},\n{one}\n]"),
            vec!["2 1", "3:19: not JSON: EOF while parsing a string", "4 2", "5 1"],
        ),
        (
            "lines behind a bracket",
            format!("[{cut}\n{one}\n{cut}\n{two}"),
            vec![
                "1:19: not JSON: EOF while parsing a string",
                "2 1",
                "3:18: not JSON: EOF while parsing a string",
                "4 2",
            ],
        ),
        (
            "lines behind many brackets",
            format!("{}\n{one}\n{two}", "[".repeat(300)),
            vec!["1:300: not JSON: EOF while parsing a list", "2 1", "3 2"],
        ),
        ("after the list", format!("[{one}] x"), vec!["1 1", "1:79: not JSON: expected value"]),
        (
            "in a list, its own column",
            format!("[{one}, {{\"é\": 0, \"request\": 0}}]"),
            vec!["1 1", "1:99: `/request` is not an object"],
        ),
    ];
    for (name, text, expect) in rows {
        assert_eq!(outline(text.as_bytes(), 1000), expect, "case `{name}`");
    }
    let bytes = [one.as_bytes(), b"\n{\"a\": \"\xff\xfe\"}\n", two.as_bytes()].concat();
    assert_eq!(outline(&bytes, 1000), ["1 1", "2:8: invalid UTF-8", "3 2"]);
    assert_eq!(outline(b"[\n\x80]", 1000), ["2:1: invalid UTF-8"]);
}

#[test]
fn what_is_too_large_is_named_and_skipped() {
    let one = minimal("1");
    let large = minimal(&format!("\"{}\"", "x".repeat(200)));
    let printed = |text: &str| {
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(text).unwrap())
            .unwrap()
    };
    let longer = printed(&minimal(&format!("\"{}\"", "x".repeat(200))));
    let spaces = " ".repeat(1000);
    let rows: Vec<(&str, String, Vec<&str>)> = vec![
        (
            "a line",
            format!("{one}\n{large}\n{one}\n"),
            vec!["1 1", "2:1: larger than 200 bytes", "3 1"],
        ),
        ("the first line", format!("{large}\n{one}\n"), vec!["1:1: larger than 200 bytes", "2 1"]),
        ("the last line", format!("{one}\n{large}"), vec!["1 1", "2:1: larger than 200 bytes"]),
        (
            "trailing space",
            format!("{one}{spaces}\n{one}\n"),
            vec!["1:1: larger than 200 bytes", "2 1"],
        ),
        ("printed", format!("{longer}\n{}", printed(&one)), vec!["1:1: larger than 200 bytes"]),
        (
            "in a list over lines",
            format!("[\n{one},\n{}\n,{one}]", printed(&large).replace('{', "{\n\n")),
            vec!["2 1", "3:1: larger than 200 bytes"],
        ),
    ];
    for (name, text, expect) in rows {
        let found = outline(text.as_bytes(), 200);
        assert_eq!(found[..expect.len()], expect, "case `{name}`");
    }
    // An exchange of exactly the limit fits.
    assert_eq!(outline(format!("{one}\r\n{one}").as_bytes(), one.len()), ["1 1", "2 1"]);
}

#[test]
fn a_failing_reader_ends_the_stream_with_an_error() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
        }
    }
    let items: Vec<_> = split(std::io::BufReader::new(Broken), 10).collect();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().to_string(), "1:1: failed to read: connection reset");
}

#[test]
fn the_owned_form_is_read_as_what_it_was_made_from() {
    let exchange = read_exchange(WHOLE.as_bytes()).unwrap();
    let text = serde_json::to_string_pretty(&OwnedExchange::from(&exchange)).unwrap();
    let again = read_exchange(text.as_bytes()).unwrap();
    // `Debug` shows every difference.
    assert_eq!(format!("{again:?}"), format!("{exchange:?}"));
    insta::assert_snapshot!(serde_json::to_string(&OwnedExchange::from(&again)).unwrap(), @r#"{"at":"2026-11-22T03:00:00Z","origin":"live","source":"a \"probe\"","operation":"ler_pedido","request":{"method":"GET","path":"/chamado/{token}/4f","query":{"page":"1","campos[]":["a","b"]},"headers":{"Accept":"*/*"},"body":null,"form":[{"name":"titulo","value":"x"},{"name":"anexos[]","file":"a.png","content_type":"image/png","bytes":12}]},"response":{"status":200,"headers":{"Content-Type":"Application/JSON; charset=utf-8"},"body":{ "n": 1.10, "n": 2 },"text":null}}"#);
}

#[test]
fn bytes_beside_a_text_are_neither_read_nor_written() {
    let text = r#"{"operation": "a", "request": {"text": "x", "base64": "?"}, "response": {"status": 200, "text": "y", "base64": "?"}}"#;
    let exchange = read_exchange(text.as_bytes()).unwrap();
    let written = serde_json::to_string(&OwnedExchange::from(&exchange)).unwrap();
    assert!(!written.contains("base64"), "{written}");
    assert_eq!(read_exchange(written.as_bytes()).unwrap().response.text.as_deref(), Some("y"));
}

proptest! {
    /// No bytes make the reader panic.
    #[test]
    fn any_bytes_are_an_exchange_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_exchange(&bytes).map_err(|error| error.to_string());
    }

    /// No sequence of an exchange's parts makes the splitter panic or lose a line: everything
    /// except white space is in an item or refused.
    #[test]
    fn nothing_is_lost_in_a_stream(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", "\"a\"", ":", ",", "\n", "\r\n", " ", "\"", "\\", "1", "\u{feff}", "{\"request\":{}}\n", "é",
    ]), 0..60)) {
        let text = pieces.concat();
        // A file of another tool, such as `1:1:`, is refused whole.
        prop_assume!(super::foreign::recognize(text.as_bytes()).is_none());
        let mut kept = String::new();
        for item in split(text.as_bytes(), 1000).flatten() {
            prop_assert!(item.line() <= text.split('\n').count());
            let _ = item.read().map_err(|error| error.to_string());
            kept += &String::from_utf8_lossy(item.bytes());
        }
        // Only the brackets and commas of a list are in no item.
        let marks = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace() && !"[],".contains(*c)).collect()
        };
        prop_assert_eq!(marks(&kept), marks(text.strip_prefix('\u{feff}').unwrap_or(&text)));
    }

    /// One exchange per line gives as many items as lines, each on its line, whatever the bodies.
    #[test]
    fn lines_stay_lines(bodies in prop::collection::vec("[a-z\"{}\\[\\],é\\\\]{0,10}", 1..8)) {
        let lines: Vec<String> = bodies.iter().map(|body| minimal(&json!(body).to_string())).collect();
        let expect: Vec<String> = bodies.iter().enumerate()
            .map(|(index, body)| format!("{} {}", index + 1, json!(body))).collect();
        prop_assert_eq!(outline(lines.join("\n").as_bytes(), 1000), &expect[..]);
        let list = format!("[{}]", lines.join(",\n"));
        prop_assert_eq!(outline(list.as_bytes(), 1000), expect);
    }
}
