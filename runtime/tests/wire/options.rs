//! Tests what a caller adds: headers, undocumented operations, and other sources of credentials.

use prumo_runtime::{
    Boxed, CallOptions, CredentialError, Credentials, EnvCredentials, RetryPolicy, Secret,
};
use serde_json::{Value, json};

use crate::beta::{Attachment, Beta, SECRET, setup};
use crate::client::{self, Client};
use crate::clock::FakeClock;
use crate::everything_printed;
use crate::script::{Scripted, json};

const ORDER: &str = r#"{"erro":false,"data":{"id":7}}"#;

async fn vendor() -> Scripted {
    Scripted::answering(|_, _| json(200, ORDER)).await
}

fn beta(vendor: &Scripted) -> Beta {
    let setup = setup(&vendor.base_url, &FakeClock::new()).retry(RetryPolicy::never());
    Beta::with(setup.credential("session", "t0k3n"))
}

#[tokio::test]
async fn a_header_of_a_call_is_sent_once_and_the_last_value_counts() {
    let vendor = vendor().await;
    let options = CallOptions::new()
        .header("X-Request-Id", "1")
        .header("x-request-id", "2")
        .header("accept", "application/problem+json")
        .header("user-agent", "acme/1");
    let client = beta(&vendor).but(&options);
    client.read_order(7).await.unwrap();
    client.undocumented("GET", "/x").send::<Value>().await.unwrap();
    for request in vendor.requests() {
        let head = request.head.to_ascii_lowercase();
        for (name, value) in [
            ("x-request-id", "2"),
            ("accept", "application/problem+json"),
            ("user-agent", "acme/1"),
        ] {
            assert_eq!(request.header(name), Some(value), "{}", request.line());
            assert_eq!(
                head.matches(&format!("\n{name}: ")).count(),
                1,
                "{name} of {}",
                request.line()
            );
        }
        assert_eq!(request.header("authorization"), Some("Bearer t0k3n"));
    }
}

#[tokio::test]
async fn a_header_that_is_the_clients_own_is_refused() {
    let vendor = vendor().await;
    let reserved =
        ["Authorization", "COOKIE", "host", "content-length", "content-type", "transfer-encoding"];
    let own = reserved
        .map(|name| (name, format!("the header `{}` is the client's own", name.to_lowercase())));
    let impossible = [
        ("x y", "a header parameter has an invalid name".to_owned()),
        ("", "a header parameter has an invalid name".to_owned()),
    ];
    for (name, expect) in own.into_iter().chain(impossible) {
        let client = beta(&vendor).but(&CallOptions::new().header(name, SECRET));
        let read = client.read_order(7).await.unwrap_err();
        let other = client.undocumented("GET", "/x").send::<Value>().await.unwrap_err();
        assert_eq!(read.to_string(), format!("`readOrder`: {expect}"));
        assert_eq!(other.to_string(), format!("`undocumented`: {expect}"));
        assert!(read.is_invalid_request() && !everything_printed(&read).contains(SECRET));
    }
    let client = beta(&vendor).but(&CallOptions::new().header("x-a", format!("{SECRET}\n")));
    let error = client.read_order(7).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`readOrder`: a header parameter contains a character that is invalid in a header"
    );
    assert!(!everything_printed(&error).contains(SECRET));
    assert_eq!(vendor.requests().len(), 0);
}

#[tokio::test]
async fn a_header_of_a_call_does_not_take_the_place_of_a_credential() {
    let vendor = Scripted::answering(|_, _| json(200, r#"{"status":"success","id":"7"}"#)).await;
    let setup =
        client::setup(&vendor.base_url).credential("key", "k3y").credential("user", "ana:pw");
    let client = Client::with(setup).unwrap().but(&CallOptions::new().header("X-Api-Key", "other"));
    client.find_tickets().await.unwrap();
    let request = vendor.requests().remove(0);
    assert_eq!(request.header("x-api-key"), Some("k3y"));
    assert_eq!(request.head.to_ascii_lowercase().matches("x-api-key").count(), 1);
}

#[test]
fn options_show_no_header() {
    let options = CallOptions::new().header("x-key", SECRET).no_retry();
    let printed = format!("{options:?} {options:#?}");
    assert!(printed.contains("n_headers: 1") && !printed.contains(SECRET), "{printed}");
}

#[tokio::test]
async fn an_operation_that_no_spec_knows_has_all_that_others_have() {
    let vendor = Scripted::answering(|n_before, request| match (request.line(), n_before) {
        ("GET /orders/a%2Fb/notes?q=x+y", 0) => json(503, "{}"),
        ("DELETE /orders/7", _) => json(200, r#"{"erro":true,"mensagem":"não"}"#),
        _ => json(200, r#"{"erro":false,"data":{"any":[1]}}"#),
    })
    .await;
    let client = beta(&vendor).but(&CallOptions::new().retry(RetryPolicy::default()));
    let notes =
        client.undocumented("GET", "/orders/{id}/notes").path("id", "a/b").query("q", "x y");
    assert_eq!(*notes.send::<Value>().await.unwrap(), json!({"data": {"any": [1]}}));
    client.undocumented("POST", "/orders/7").json(&json!({"a": 1})).send::<Value>().await.unwrap();
    let file = Attachment(prumo_runtime::FilePart::from_bytes("a.txt", "abc"));
    client.undocumented("POST", "/orders/8").form(&file).send::<Value>().await.unwrap();
    let error = client.undocumented("DELETE", "/orders/7").send::<Value>().await.unwrap_err();
    assert_eq!(error.to_string(), "`undocumented`: the vendor refused with status 200: não");

    let requests = vendor.requests();
    let lines: Vec<&str> = requests.iter().map(|request| request.line()).collect();
    let notes = "GET /orders/a%2Fb/notes?q=x+y";
    assert_eq!(lines, [notes, notes, "POST /orders/7", "POST /orders/8", "DELETE /orders/7"]);
    assert!(requests.iter().all(|request| request.header("authorization") == Some("Bearer t0k3n")));
    assert_eq!(
        (requests[2].header("content-type"), requests[2].text().as_str()),
        (Some("application/json"), r#"{"a":1}"#)
    );
    assert!(requests[3].text().contains("abc"));
}

#[tokio::test]
async fn an_operation_that_can_not_be_is_not_sent() {
    let vendor = vendor().await;
    let client = beta(&vendor);
    let cases = [
        (client.undocumented("GET", "orders"), "the path does not start with `/`"),
        (client.undocumented("GET", "@evil.example/orders"), "the path does not start with `/`"),
        (client.undocumented("GET", ".evil.example/"), "the path does not start with `/`"),
        (client.undocumented("G T", "/orders"), "the method is not an HTTP method"),
        (client.undocumented("GET", "/orders/{id}"), "parameter `id` is missing"),
        (client.undocumented("GET", "/orders").path("id", 7), "the path has no parameter `id`"),
        (client.undocumented("GET", "/orders/../x"), "the path does not match the client's table"),
        (client.undocumented("GET", "/orders?x=1"), "the path does not match the client's table"),
        (
            client.undocumented("GET", "/{id}/x").path("id", ".."),
            "parameter `id` is empty, `.` or `..`, so the path would be that of another operation",
        ),
        (
            client.undocumented("GET", "/{id}").path("id", ""),
            "parameter `id` is empty, `.` or `..`, so the path would be that of another operation",
        ),
        (
            client.undocumented("GET", "/{id}").path("id", f64::NAN),
            "parameter `id` is not a finite number",
        ),
        (
            client.undocumented("GET", "/orders").query("q", f64::INFINITY),
            "parameter `q` is not a finite number",
        ),
        (
            client.undocumented("POST", "/orders").json(&[f32::NAN]),
            "the body can't be written as JSON: the number at `/0` is not finite",
        ),
    ];
    for (call, expect) in cases {
        let shown = format!("{call:?}");
        let error = call.send::<Value>().await.unwrap_err();
        assert_eq!(error.to_string(), format!("`undocumented`: {expect}"), "{shown}");
        assert!(error.is_invalid_request());
    }
    assert_eq!(vendor.n_connections(), 0);
}

#[tokio::test]
async fn credentials_can_come_from_the_environment() {
    // A test can rely only on the environment variables that cargo sets.
    let vendor = vendor().await;
    let source = EnvCredentials::new("cargo_pkg");
    assert_eq!(source.variable("name"), "CARGO_PKG_NAME");
    assert_eq!(source.credential("name").await.unwrap().unwrap().expose(), "prumo-runtime");
    assert!(source.credential("no_such_thing").await.unwrap().is_none());

    let setup = client::setup(&vendor.base_url).credentials(source);
    let error = Client::with(setup).unwrap().find_tickets().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`findTickets`: no credential `bearer` is set: call `.bearer(…)` on the client builder"
    );
}

/// A store that returns a secret and fails for a password.
struct Store;

impl Credentials for Store {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        Box::pin(async move {
            match name {
                "password" => Err("the vault is sealed".into()),
                "bearer" | "username" => Ok(Some(Secret::new(SECRET))),
                _ => Ok(None),
            }
        })
    }
}

#[tokio::test]
async fn a_store_is_asked_before_each_call_and_its_failure_is_an_error() {
    let echo = format!(r#"{{"erro":true,"status":"error","msg":"{SECRET}"}}"#);
    let vendor = Scripted::answering(move |_, _| json(200, &echo)).await;
    let setup = client::setup(&vendor.base_url).credentials(Store);
    let error = Client::with(setup).unwrap().find_tickets().await.unwrap_err();
    assert_eq!(
        error.message(),
        Some("***"),
        "what a store gave is taken out of what a vendor says"
    );
    assert_eq!(vendor.requests()[0].header("authorization"), Some("Bearer s3cr3t-c0ffee"));

    let clock = FakeClock::new();
    let parts =
        prumo_runtime::ClientSetup::new(crate::beta::OPERATIONS, crate::beta::SCHEMES, None);
    let sealed = Beta::with(parts.base_url(&vendor.base_url).clock(clock).credentials(Store));
    let error = sealed.create_order().await.unwrap_err();
    assert!(
        error.is_auth()
            && !error.is_vendor()
            && !error.may_have_happened()
            && !error.is_retryable()
    );
    assert_eq!(error.to_string(), "`createOrder`: the credential store returned no `password`");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the vault is sealed");
    assert_eq!((error.n_attempts(), vendor.requests().len()), (0, 1));
}
