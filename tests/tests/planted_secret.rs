//! Plants a secret in every client and searches all output for it.
//!
//! The tests provoke every error of a client: a dead server, a refusal that echoes the secret, a
//! redirect, a broken response, a request that is refused before it is sent. They also cover
//! logins, headers of a call, observers and undocumented operations. They search errors, `Debug`,
//! source chains and every log line down to trace level, and all committed files.

#[path = "planted_secret/around_calls.rs"]
mod around_calls;

use std::error::Error as _;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use contract_tests::clients::{self, CLIENTS};
use contract_tests::{fixtures, specs};
use httpmock::prelude::*;
use prumo_drift::{Observation, Origin, Severity, compare, read_exchange};
use prumo_replay::{Client, Fixture, PLANTED_SECRET, Request};
use prumo_runtime::Error;
use serde_json::{Value, json};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::{self, format::FmtSpan};
use tracing_subscriber::prelude::*;

/// All log lines of all crates, from trace level on.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().map_err(|_| std::io::Error::other("poisoned"))?.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns the log of the only subscriber, because a process can have just one.
fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        // The mock server runs in the same process and logs its requests, as a vendor may.
        let by_clients = filter_fn(|metadata| !metadata.target().starts_with("httpmock"));
        let layer =
            fmt::layer().with_span_events(FmtSpan::FULL).with_writer(move || writer.clone());
        tracing_subscriber::registry().with(layer.with_filter(by_clients)).init();
        log
    })
}

/// Returns everything that an error's methods return or print.
fn all_that_it_says(error: &Error) -> String {
    let mut said = format!(
        "{error} {error:#} {error:?} {error:#?} {:?} {:?}",
        error.message(),
        error.errors()
    );
    let mut source = error.source();
    while let Some(inner) = source {
        said += &format!(" {inner} {inner:?} {inner:#?}");
        source = inner.source();
    }
    said
}

fn assert_clean(text: &str, what: &str) {
    // The whole secret and parts of it, in case the client cut or encoded it.
    for trace in [PLANTED_SECRET, "c0ffee-secret", "prumo-planted"] {
        assert!(!text.contains(trace), "the secret is in {what}");
    }
}

/// Lists a successful call of every operation, from its first fixture.
fn calls() -> Vec<(&'static Client, Fixture, Request)> {
    let mut calls: Vec<(&'static Client, Fixture, Request)> = Vec::new();
    for fixture in fixtures::all().expect("fixtures") {
        if calls.iter().any(|(_, known, _)| {
            (&known.spec, &known.operation) == (&fixture.spec, &fixture.operation)
        }) {
            continue;
        }
        let client = clients::of(&fixture.spec).expect("a client");
        // Skips webhooks, which are the vendor's calls.
        let Some(operation) = client.operation(&fixture.operation) else { continue };
        let recorded = &fixture.exchange["request"];
        let arguments =
            prumo_replay::arguments(operation, recorded, client.spec().expect("a spec"));
        let mut request = arguments.expect("arguments");
        plant_passwords(&mut request);
        calls.push((client, fixture, request));
    }
    calls
}

const ANOTHER_TYPE: &str = "a value of another type";

fn has_no_payload(client: &Client, fixture: &Fixture) -> bool {
    let envelope = client.operation(&fixture.operation).and_then(|operation| operation.envelope);
    envelope.is_some_and(|envelope| envelope.tag.is_some() && envelope.payload.is_none())
}

/// Returns whether the judge accepts the body as promised, so that it is not a failure.
fn is_promised(fixture: &Fixture, status: u16, body: &str) -> bool {
    let Ok(body) = serde_json::from_str::<Value>(body) else { return false };
    let mut exchange = fixture.exchange.clone();
    let headers = json!({"content-type": "application/json"});
    exchange["response"] = json!({"status": status, "headers": headers, "body": body});
    let bytes = exchange.to_string();
    let spec = specs::spec(&fixture.spec).expect("a spec");
    let mut observer = Observation::new(&[&spec.contract]);
    let exchange = read_exchange(bytes.as_bytes()).expect("an exchange");
    observer.observe(&exchange, &Origin { file: "a", line: 1 });
    let observed = observer.finish();
    let mut findings = observed.iter().flat_map(|observed| compare(&spec.contract, observed));
    (200..300).contains(&status) && !findings.any(|finding| finding.severity == Severity::Breaking)
}

/// Plants the secret in passwords, which a login sends in its body.
fn plant_passwords(request: &mut Request) {
    for name in ["client_secret", "password"] {
        if let Some(field) = request.body.as_mut().and_then(|body| body.get_mut(name)) {
            *field = PLANTED_SECRET.into();
        }
    }
}

#[tokio::test]
async fn no_error_shows_the_secret() {
    log();
    let echo = json!({
        "erro": true, "mensagem": format!("o token {PLANTED_SECRET} expirou"),
        "status": "error", "msg": format!("o token {PLANTED_SECRET} expirou"),
        "errors": [format!("token={PLANTED_SECRET}")], "message": PLANTED_SECRET,
    });
    let server = MockServer::start();
    let elsewhere = MockServer::start();
    let faults: Vec<(&str, u16, String, &str)> = vec![
        ("a refusal that echoes the secret", 200, echo.to_string(), "application/json"),
        ("a status that echoes the secret", 401, echo.to_string(), "application/json"),
        ("a page that echoes the secret", 429, format!("<html>{PLANTED_SECRET}</html>"), "text/html"),
        ("a text instead of an object", 200, format!("\"{PLANTED_SECRET}\""), "application/json"),
        (ANOTHER_TYPE, 200, json!({"erro": false, "data": PLANTED_SECRET, "status": "success", "atendimento": PLANTED_SECRET, "access_token": {"a": PLANTED_SECRET}}).to_string(), "application/json"),
        ("a body that is cut off", 200, format!("{{\"erro\": false, \"data\": {{\"titulo\": \"{PLANTED_SECRET}"), "application/json"),
        ("a redirect", 302, String::new(), "text/html"),
    ];
    let calls = calls();
    for (what, status, body, content_type) in faults {
        let mut mock = server.mock(|when, then| {
            when.is_true(|_| true);
            then.status(status)
                .header("content-type", content_type)
                .header("location", elsewhere.url("/caught"))
                .body(&body);
        });
        for (client, fixture, request) in &calls {
            let answer = (client.call)(&server.base_url(), &fixture.operation, request).await;
            let Err(error) = answer else {
                // An operation whose response is only the envelope has no value of another type.
                let has_none = what == ANOTHER_TYPE && has_no_payload(client, fixture);
                let is_success = has_none || is_promised(fixture, status, &body);
                assert!(is_success, "`{}`: {what}", fixture.operation);
                continue;
            };
            assert_clean(&all_that_it_says(&error), what);
        }
        mock.delete();
    }
    for (client, fixture, request) in &calls {
        let answer = (client.call)("http://127.0.0.1:1", &fixture.operation, request).await;
        let Err(error) = answer else { panic!("`{}` reached a dead server", fixture.operation) };
        assert!(error.is_connect(), "{error}");
        assert_clean(&all_that_it_says(&error), "an error of a dead server");
    }
    // The transport logs this text for a connection; without it, the search would prove nothing.
    assert_log_is_clean(&["starting new connection"]);
}

/// Searches the whole log, which must contain these words.
fn assert_log_is_clean(words: &[&str]) {
    let logged = log().0.lock().expect("the log").clone();
    let logged = String::from_utf8_lossy(&logged);
    for word in words {
        assert!(logged.contains(word), "the log lacks `{word}`");
    }
    for line in logged.lines() {
        assert_clean(line, &format!("the log: {}", line.replace(PLANTED_SECRET, "***")));
    }
}

#[test]
fn no_client_and_no_builder_shows_the_secret() {
    for client in CLIENTS {
        let text = (client.debug)("http://127.0.0.1:1").expect("a client");
        assert!(!text.is_empty());
        assert_clean(&text, "the `Debug` of a client or its builder");
    }
}

#[test]
fn no_body_that_holds_a_password_or_a_token_shows_it() {
    let credentials = hubsoft::types::Credenciais::builder()
        .grant_type("password")
        .client_id("7")
        .client_secret(PLANTED_SECRET)
        .username("ana@mail.example")
        .password(PLANTED_SECRET);
    let token = json!({
        "access_token": PLANTED_SECRET, "refresh_token": PLANTED_SECRET, "expires_in": 1, "token_type": "Bearer",
    });
    let token: hubsoft::types::TokenAcesso = serde_json::from_value(token).expect("a token");
    let client =
        hubsoft::Client::builder().base_url("http://127.0.0.1:1").build().expect("a client");
    let call = client.autenticar().body(credentials.clone());
    assert_clean(
        &format!("{credentials:?} {credentials:#?} {token:?} {token:#?} {call:?} {call:#?}"),
        "a `Debug`",
    );
    let sent: hubsoft::types::Credenciais = credentials.try_into().expect("a body");
    assert_clean(&format!("{sent:?} {sent:#?}"), "the `Debug` of a body");
    assert_eq!(
        serde_json::to_value(&sent).expect("JSON")["password"],
        PLANTED_SECRET,
        "the vendor must receive it"
    );
}

#[test]
fn a_base_url_that_is_refused_is_not_shown() {
    for client in CLIENTS {
        let base_url = format!("ftp://user:{PLANTED_SECRET}@alfa.example/?token={PLANTED_SECRET}");
        let error = (client.debug)(&base_url).expect_err("a refusal");
        assert_clean(&all_that_it_says(&error), "an error about the base URL");
    }
}

/// Committed files and reports must not contain the secret, although every replay uses it.
#[test]
fn no_file_of_ours_holds_the_secret() {
    let mut n_files = 0;
    for folder in ["fixtures", "specs", "generated", "tests/snapshots", "target/prumo"] {
        search(&fixtures::root().join(folder), &mut n_files);
    }
    assert!(n_files > 40, "only {n_files} files were searched");
}

fn search(path: &Path, n_files: &mut usize) {
    let Ok(entries) = std::fs::read_dir(path) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            search(&path, n_files);
        } else {
            *n_files += 1;
            let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned();
            assert_clean(&text, &path.display().to_string());
        }
    }
}
