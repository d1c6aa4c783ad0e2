//! Tells about nights: one issue while a drift lasts, and a webhook that hears of changes alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::nights::Stage;
use crate::{Run, prumo_with};

/// A server that keeps issues as GitHub does, and what a webhook got.
struct Server {
    url: String,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    issues: Vec<Value>,
    comments: usize,
    told: Vec<Value>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &mut shared.lock().expect("what is kept"));
            }
        });
        Self { url, kept }
    }

    fn notify(&self, stage: &Stage, words: &[&str]) -> Run {
        let hook = format!("{}/hook/s3cr3t-0123456789", self.url);
        let run = prumo_with(
            stage.root(),
            &[&["notify"], words].concat(),
            &[("GITHUB_API_URL", &self.url), ("GITHUB_TOKEN", "t0ken-0123456789"), ("HOOK", &hook)],
        );
        for secret in ["s3cr3t", "t0ken"] {
            assert!(
                !run.out.contains(secret) && !run.told.contains(secret),
                "{}{}",
                run.out,
                run.told
            );
        }
        run
    }

    /// Returns the states of all issues, the number of comments, and of messages to the webhook.
    fn state(&self) -> (Vec<String>, usize, usize) {
        let kept = self.kept.lock().expect("what is kept");
        let states =
            kept.issues.iter().map(|one| one["state"].as_str().unwrap_or_default().to_owned());
        (states.collect(), kept.comments, kept.told.len())
    }
}

fn answer(mut stream: TcpStream, kept: &mut Kept) {
    let mut reader = BufReader::new(stream.try_clone().expect("a reader"));
    let (mut first, mut n_bytes, mut is_allowed) = (String::new(), 0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if first.is_empty() {
            first = line;
            continue;
        }
        is_allowed |= line == "authorization: bearer t0ken-0123456789";
        if let Some(length) = line.strip_prefix("content-length:") {
            n_bytes = length.trim().parse().expect("a length");
        }
    }
    let mut body = vec![0; n_bytes];
    reader.read_exact(&mut body).expect("a body");
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, answer) = match path.strip_prefix("/repos/acme/api/issues") {
        None if path.starts_with("/hook/") => {
            kept.told.push(body);
            (200, json!({}))
        }
        Some(_) if !is_allowed => (401, json!({})),
        Some(rest) => issues(kept, method, rest, body),
        None => (404, json!({})),
    };
    let text = answer.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    stream.write_all((head + &text).as_bytes()).expect("an answer");
}

fn issues(kept: &mut Kept, method: &str, rest: &str, body: Value) -> (u16, Value) {
    match (method, rest) {
        ("get", _) => {
            let open = kept.issues.iter().filter(|one| one["state"] == "open").cloned();
            (200, open.collect())
        }
        ("post", "") => {
            let mut issue = body;
            issue["number"] = (kept.issues.len() + 1).into();
            issue["state"] = "open".into();
            kept.issues.push(issue.clone());
            (201, issue)
        }
        ("post", _) => {
            kept.comments += 1;
            (201, json!({}))
        }
        ("patch", _) => {
            let number: usize = rest.trim_start_matches('/').parse().expect("a number");
            let issue = &mut kept.issues[number - 1];
            for (name, value) in body.as_object().expect("an object") {
                issue[name] = value.clone();
            }
            (200, issue.clone())
        }
        _ => (405, json!({})),
    }
}

#[test]
fn a_drift_is_one_issue_from_the_night_it_appears_to_the_night_it_goes() {
    let (stage, server) = (Stage::new(), Server::start());
    let mut seen = Vec::new();
    for night in 1..=5 {
        match night {
            2 => stage.add("list_items:retype=/items/*/id"),
            4 => stage.clear(),
            _ => (),
        }
        stage.run(&["nightly"]);
        let run = server.notify(&stage, &["--issue", "acme/api", "--webhook", "HOOK"]);
        assert_eq!(run.code, Some(0), "night {night}: {}{}", run.out, run.told);
        seen.push(server.state());
    }
    let states = |states: &[&str], comments, told| {
        (states.iter().map(|&one| one.to_owned()).collect::<Vec<_>>(), comments, told)
    };
    let expected = [
        states(&[], 0, 0),
        states(&["open"], 0, 1),
        states(&["open"], 0, 1),
        states(&["closed"], 1, 2),
        states(&["closed"], 1, 2),
    ];
    assert_eq!(seen, expected);
    let kept = server.kept.lock().expect("what is kept");
    let body = kept.issues[0]["body"].as_str().expect("a text");
    assert!(body.contains("type-changed alfa list_items 200 /items/*/id"), "{body}");
    let told = kept.told[0]["text"].as_str().expect("a text");
    assert!(told.contains("new: breaking type-changed"), "{told}");
}

#[test]
fn what_can_not_be_told_is_an_error_with_a_remedy() {
    let (stage, server) = (Stage::new(), Server::start());
    let cases: [(&[&str], &str); 6] = [
        (&["--webhook", "HOOK"], "there is no report `target/prumo/report.json`"),
        (&["--webhook", "NADA", "--when", "always"], "the variable `NADA` is not set"),
        (&["--webhook", "HOOK", "--template", "nada"], "there is no template `nada`"),
        (&["--issue", "nada"], "`nada` is no repository"),
        (&["--issue", "acme/other"], "GitHub answered 404"),
        (&["--webhook", "GITHUB_API_URL", "--when", "always"], "answered 404"),
    ];
    for (number, (words, expected)) in cases.into_iter().enumerate() {
        if number == 1 {
            stage.run(&["nightly"]);
        }
        let run = server.notify(&stage, words);
        assert_eq!(run.code, Some(1), "{words:?}: {}{}", run.out, run.told);
        assert!(run.told.contains(expected), "{words:?}: {}", run.told);
    }
    let dry = server.notify(&stage, &["--webhook", "HOOK", "--when", "always", "--dry-run"]);
    assert!(dry.out.contains("\"text\": \"*prumo: fits*"), "{}", dry.out);
    assert_eq!(server.state().2, 0);
}
