//! Records from files and through the proxy: what comes is a fixture without persons and secrets, once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::nights::Stage;
use crate::read;

const HAR: &str = r#"{"log": {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": [
  {"startedDateTime": "2026-11-22T03:00:00Z", "time": 1, "timings": {"send": 0, "wait": 1, "receive": 0}, "cache": {},
   "request": {"method": "GET", "url": "https://alfa.example/items/7", "httpVersion": "HTTP/1.1", "cookies": [],
     "headers": [{"name": "X-Key", "value": "s3cr3t-0123456789"}, {"name": "Cookie", "value": "sid=abcdef123456"}],
     "queryString": [], "headersSize": -1, "bodySize": 0},
   "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
     "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "Date", "value": "Mon, 30 Nov 2026 18:26:53 GMT"}],
     "content": {"size": 60, "mimeType": "application/json", "text": "{\"id\": 7, \"name\": \"x\", \"note\": \"ligar para ana.souza@empresa.com.br\"}"},
     "headersSize": -1, "bodySize": 60}}]}}"#;

const DUMP: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: sid=abcdef123456\r\n\r\n\
    {\"id\": 8, \"name\": null}";

/// The parts that no fixture may have.
const FORBIDDEN: [&str; 5] =
    ["s3cr3t", "ana.souza", "abcdef123456", "standin-token", "Mon, 30 Nov"];

fn fixtures(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut open = vec![root.join("fixtures")];
    while let Some(folder) = open.pop() {
        for entry in fs_err::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let text = fs_err::read_to_string(&path).expect("a file");
                for part in FORBIDDEN {
                    assert!(!text.contains(part), "`{part}` in {}: {text}", path.display());
                }
                files.push(path.strip_prefix(root).expect("a path").display().to_string());
            }
        }
    }
    files.sort();
    files
}

#[test]
fn files_are_recorded_once_and_show_what_is_new() {
    let stage = Stage::new();
    let root = stage.root();
    fs_err::write(root.join("a.har"), HAR).expect("a file");
    fs_err::write(root.join("a.txt"), DUMP).expect("a file");
    let dry = stage.run(&["record", "alfa", "a.har", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}{}", dry.out, dry.told);
    assert!(
        dry.out.contains("Would keep  fixtures/alfa/read_item/good_answer.json"),
        "{}",
        dry.out
    );
    assert_eq!(fixtures(root), [""; 0]);

    for expected in ["1 kept, 0 with nothing new", "0 kept, 1 with nothing new"] {
        let run = stage.run(&["record", "alfa", "a.har"]);
        assert_eq!(run.code, Some(0), "{}{}", run.out, run.told);
        assert!(run.out.contains(expected), "{}", run.out);
    }
    // It shows null where text is promised.
    let run = stage.run(&["record", "alfa", "--operation", "read_item", "a.txt"]);
    assert_eq!(run.code, Some(4), "{}{}", run.out, run.told);
    for line in [
        "  beside fixtures/alfa/read_item/good_answer.json",
        "  + 200 /name null",
        "  - 200 /note",
        "  drifts  breaking    null-unexpected  alfa read_item",
    ] {
        assert!(run.out.lines().any(|one| one == line), "`{line}`: {}", run.out);
    }
    let kept =
        ["fixtures/alfa/read_item/good_answer.json", "fixtures/alfa/read_item/good_answer_2.json"];
    assert_eq!(fixtures(root), kept);
    let run = stage.run(&["record", "alfa", "a.txt"]);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.told);
}

/// A proxy that ends with the test.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends a request over a connection of its own and returns the whole answer.
fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_program_is_recorded_through_the_proxy() {
    let stage = Stage::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_prumo"));
    command.env("LC_ALL", "C");
    command.args(["record", "alfa"]).current_dir(stage.root());
    command.env("ALFA_BASE_URL", stage.url()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let _proxy = Proxy(child);
    let mut next = || lines.next().expect("a line").expect("text");
    let first = next();
    let address = first.split_whitespace().next().expect("a URL").trim_start_matches("http://");

    let get = |path: &str, more: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nX-Key: standin-token\r\nConnection: close\r\n{more}\r\n"
        )
    };
    let answer = ask(address, &get("/items?page=1", "Cookie: sid=abcdef123456\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"items\""), "{answer}");
    while !next().starts_with("Created  fixtures/alfa/list_items/good_answer.json") {}
    // Nothing new: no line comes, so the next fixture is the next line that does.
    ask(address, &get("/items?page=1", ""));
    let refused = ask(address, &get("http://other.example/items", ""));
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    let refused =
        ask(address, "CONNECT alfa.example:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(!refused.starts_with("HTTP/1.1 2"), "{refused}");
    ask(address, &get("/items/1", ""));
    while !next().starts_with("Created  fixtures/alfa/read_item/") {}
    let files = fixtures(stage.root());
    assert_eq!(files.len(), 2, "{files:?}");
    let text = read(stage.root(), "fixtures/alfa/list_items/good_answer.json");
    assert!(text.contains("\"page\": \"1\"") && !text.contains("cookie"), "{text}");
}
