//! Plants secrets around calls: in logins, headers, observers, credential stores, undocumented
//! operations.

use std::sync::{Arc, Mutex};

use httpmock::prelude::*;
use hubsoft::{CallOptions, Client, EnvCredentials, Observer, PasswordGrant, RetryPolicy, Secret};
use prumo_replay::PLANTED_SECRET;
use prumo_runtime::{Answer, Attempt, Boxed, CallEnd, CredentialError, Credentials};
use serde_json::{Value, json};

use super::{all_that_it_says, assert_clean, assert_log_is_clean, log};

/// Records the `Debug` of everything that an observer receives.
#[derive(Clone, Default)]
struct Watcher(Arc<Mutex<String>>);

impl Watcher {
    fn write(&self, text: &str) {
        self.0.lock().expect("the watcher").push_str(text);
    }
}

impl Observer for Watcher {
    fn attempt(&self, attempt: &Attempt<'_>) {
        self.write(&format!("{attempt:?} {attempt:#?} "));
    }

    fn answer(&self, answer: &Answer<'_>) {
        assert_ne!(
            answer.operation.id, "autenticar",
            "an observer received the response of a login"
        );
        self.write(&format!("{answer:?} {answer:#?} "));
    }

    fn call(&self, call: &CallEnd<'_>) {
        self.write(&format!("{call:?} {call:#?} "));
    }
}

fn grant() -> PasswordGrant {
    PasswordGrant::new(format!("{PLANTED_SECRET}@mail.example"), PLANTED_SECRET)
        .client("7", PLANTED_SECRET)
}

/// Returns the response of a login, with a token that was not given to a builder.
fn granted() -> Value {
    json!({"access_token": format!("t-{PLANTED_SECRET}-t"), "expires_in": 3600, "token_type": "Bearer"})
}

/// Status and body.
type Said = (u16, String);

/// Lists faults, each with the vendor's responses to a login and to a call.
fn faults() -> Vec<(&'static str, Said, Said)> {
    let echo = json!({"status": "error", "msg": PLANTED_SECRET, "errors": [format!("Bearer t-{PLANTED_SECRET}-t")]});
    let page = format!("<html>{PLANTED_SECRET}</html>");
    vec![
        ("a login that is refused", (401, echo.to_string()), (200, String::new())),
        ("a page instead of a login's response", (200, page.clone()), (200, String::new())),
        (
            "a login without its token",
            (200, json!({"access_token": [PLANTED_SECRET]}).to_string()),
            (200, String::new()),
        ),
        ("a crash that reveals the token", (500, granted().to_string()), (200, String::new())),
        ("a token that is refused", (200, granted().to_string()), (401, echo.to_string())),
        ("a refusal", (200, granted().to_string()), (200, echo.to_string())),
        ("a page", (200, granted().to_string()), (200, page)),
    ]
}

#[tokio::test]
async fn no_login_shows_a_secret() {
    log();
    let server = MockServer::start();
    for (what, login, call) in faults() {
        let watcher = Watcher::default();
        let mut mocks = Vec::new();
        for (path, (status, body)) in [("/oauth/token", login), ("/api/v1/integracao/tarefa", call)]
        {
            mocks.push(server.mock(|when, then| {
                when.path(path);
                then.status(status)
                    .header("content-type", "application/json")
                    .header("x-echo", PLANTED_SECRET)
                    .header("location", format!("http://other.example/?t={PLANTED_SECRET}"))
                    .body(body);
            }));
        }
        let builder = Client::builder().base_url(server.base_url()).retry(RetryPolicy::never());
        let builder = builder.password_grant(grant()).observer(watcher.clone());
        assert_clean(
            &format!("{builder:?} {builder:#?} {:?}", grant()),
            "the `Debug` of a builder",
        );
        let client = builder.build().expect("a client");
        let options = CallOptions::new().header("x-key", PLANTED_SECRET);
        let client = client.with(options.clone());
        assert_clean(
            &format!("{client:?} {client:#?} {options:?} {options:#?}"),
            "the `Debug` of a client",
        );

        let error = client
            .undocumented("POST", "/api/v1/integracao/tarefa")
            .json(&json!({"senha": PLANTED_SECRET}))
            .send::<Value>()
            .await
            .expect_err(what);
        assert_clean(&all_that_it_says(&error), what);
        assert_clean(
            &format!("{:?} {:?} {:?}", error.headers(), error.body(), error.protocol()),
            what,
        );
        let kept = String::from_utf8_lossy(error.body().expect("a body")).into_owned();
        assert_clean(&kept, what);
        let told = watcher.0.lock().expect("the watcher").clone();
        assert!(told.contains("autenticar"), "the observer received nothing");
        assert_clean(&told, &format!("an observer's output about {what}"));
        mocks.iter_mut().for_each(|mock| mock.delete());
    }
    assert_log_is_clean(&["http.client.call", "prumo.operation", "attempt failed", "url.template"]);
}

#[tokio::test]
async fn no_unknown_operation_shows_what_it_is_given() {
    log();
    let server = MockServer::start();
    let client = Client::builder()
        .base_url(server.base_url())
        .bearer(PLANTED_SECRET)
        .build()
        .expect("a client");
    let call = client
        .undocumented("GET", "/senhas/{senha}")
        .path("senha", PLANTED_SECRET)
        .query("senha", PLANTED_SECRET)
        .json(&json!({"senha": PLANTED_SECRET}));
    assert_clean(&format!("{call:?} {call:#?}"), "the `Debug` of an undocumented operation");
    let error = call.send::<Value>().await.expect_err("a 404");
    assert_clean(&all_that_it_says(&error), "an error of an undocumented operation");

    let refused = client.with(CallOptions::new().header("authorization", PLANTED_SECRET));
    let error = refused.undocumented("GET", "/x").send::<Value>().await.expect_err("a refusal");
    assert_clean(&all_that_it_says(&error), "an error of a refused header");

    let v1 = tomticket_v1::Client::builder().base_url(server.base_url()).token(PLANTED_SECRET);
    let v1 = v1.build().expect("a client");
    let error = v1.undocumented("GET", "/novo/{token}").send::<Value>().await.expect_err("a 404");
    assert_clean(
        &all_that_it_says(&error),
        "an error of an undocumented operation with a token in its path",
    );
    assert_log_is_clean(&["undocumented", "/novo/{token}"]);
}

/// Returns the secret for everything except a password, for which it returns an error.
struct Store;

impl Credentials for Store {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        let found = match name {
            "password" => Err("the store is closed".into()),
            "bearer" => Ok(None),
            _ => Ok(Some(Secret::new(PLANTED_SECRET))),
        };
        Box::pin(std::future::ready(found))
    }
}

#[tokio::test]
async fn no_store_of_credentials_shows_what_it_gives() {
    log();
    let builder = Client::builder().base_url("http://127.0.0.1:1").credentials(Store);
    let client = builder.clone().build().expect("a client");
    let error = client.undocumented("GET", "/x").send::<Value>().await.expect_err("a failure");
    assert!(error.is_auth(), "{error}");
    let all = format!("{builder:?} {client:?} {:?}", EnvCredentials::new("HUBSOFT"));
    assert_clean(&(all + &all_that_it_says(&error)), "a store");
    assert_log_is_clean(&[]);
}
