//! Tests the tokens of an authorization server: obtained once for all calls, with the scopes of an
//! operation, renewed in time, and hidden from everyone else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use prumo_runtime::call::Call;
use prumo_runtime::{
    Boxed, ClientParts, ClientSetup, CredentialError, Credentials, Error, Flow, OAuth, OAuthClient,
    Operation, Placement, RefreshTokens, RetryPolicy, Scheme, Secret, UserGrant,
};
use tokio::task::JoinSet;

use crate::clock::FakeClock;
use crate::everything_printed;
use crate::script::{Scripted, Step, answer, json};
use crate::server::Received;

const SECRET: &str = "s3cr3t-c0ffee";
const TOKEN: &str = "POST /oauth/token";

static OPERATIONS: &[Operation] = &[
    Operation::new("read", "read", "GET", "/read")
        .security(&[&["bank"]])
        .scopes(&[("bank", &["cob.read"])]),
    Operation::new("write", "write", "POST", "/write")
        .security(&[&["bank"]])
        .scopes(&[("bank", &["cob.read", "cob.write"])]),
    Operation::new("plain", "plain", "GET", "/plain").security(&[&["bank"]]),
    Operation::new("both", "both", "GET", "/both").security(&[&["open_id", "bank"]]),
    Operation::new("either", "either", "GET", "/either").security(&[&["key"], &["bank"]]),
    Operation::new("maybe", "maybe", "GET", "/maybe").security(&[&[], &["key"]]),
    Operation::new("all", "all", "GET", "/all").security(&[&["bank", "sid", "csrf", "key"]]),
    Operation::new("ours", "ours", "GET", "/ours").security(&[&["consent"]]),
];

const TOKENS: Flow = Flow::new("oauth/token").authorization_url("/authorize");

static SCHEMES: &[Scheme] = &[
    Scheme::new("bank", Placement::Bearer).oauth(OAuth::new().client_credentials(TOKENS)),
    Scheme::new("consent", Placement::Bearer)
        .oauth(OAuth::new().authorization_code(TOKENS.prefix("consent_"))),
    Scheme::new("open_id", Placement::Bearer),
    Scheme::new("key", Placement::Header("x-key")),
    Scheme::new("sid", Placement::Cookie("sid")),
    Scheme::new("csrf", Placement::Cookie("csrf")),
];

fn setup(server: &Scripted, clock: &FakeClock) -> ClientSetup {
    ClientSetup::new(OPERATIONS, SCHEMES, None)
        .base_url(&server.base_url)
        .clock(clock.clone())
        .retry(RetryPolicy::never())
        .timeout(Duration::from_secs(20))
}

fn with_application(server: &Scripted, clock: &FakeClock) -> Arc<ClientParts> {
    let application = OAuthClient::new("app 1").secret(SECRET);
    Arc::new(setup(server, clock).client_credentials("bank", application).build().unwrap())
}

async fn call(client: &ClientParts, operation: &'static str) -> Result<(), Error> {
    Call::new(client, operation).ready().read::<serde_json::Value>().await.map(drop)
}

/// Makes `n` calls at once and returns their errors.
async fn at_once(n: usize, client: &Arc<ClientParts>, operation: &'static str) -> Vec<Error> {
    let mut calls = JoinSet::new();
    for _ in 0..n {
        let client = Arc::clone(client);
        calls.spawn(async move { call(&client, operation).await });
    }
    calls.join_all().await.into_iter().filter_map(Result::err).collect()
}

fn token(n: usize, more: &str) -> Vec<u8> {
    let text = format!(r#""access_token":"{SECRET}-t{n}","token_type":"Bearer""#);
    json(200, &format!("{{{text},\"expires_in\":600{more}}}"))
}

/// A bank that issues the tokens 1, 2, … and refuses those that are not good.
async fn bank(is_good: fn(&str) -> bool) -> Scripted {
    Scripted::answering(move |n_before, request| match request.line() {
        TOKEN => token(n_before + 1, ""),
        _ if request.header("authorization").is_none_or(is_good) => json(200, "{}"),
        _ => json(401, r#"{"title":"não"}"#),
    })
    .await
}

fn forms(server: &Scripted) -> Vec<String> {
    let requests = server.requests();
    let forms = requests.iter().filter(|one| one.line() == TOKEN);
    forms.map(|one| String::from_utf8(one.body.clone()).unwrap()).collect()
}

fn last(server: &Scripted) -> Received {
    server.requests().pop().unwrap()
}

#[tokio::test]
async fn however_many_calls_wait_one_token_is_asked_for() {
    let (server, clock) = (bank(|_| true).await, FakeClock::new());
    let client = with_application(&server, &clock);
    assert!(at_once(100, &client, "read").await.is_empty());
    assert_eq!(forms(&server), ["grant_type=client_credentials&scope=cob.read"]);
    let first = server.requests().remove(0);
    let pair = BASE64_STANDARD.encode(format!("app+1:{SECRET}"));
    assert_eq!(first.header("authorization"), Some(format!("Basic {pair}").as_str()));
    assert_eq!(first.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(last(&server).header("authorization"), Some("Bearer s3cr3t-c0ffee-t1"));

    clock.advance(Duration::from_secs(540));
    assert!(at_once(100, &client, "read").await.is_empty());
    assert_eq!(forms(&server).len(), 2, "renewed once, before it expires");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let server = bank(|token| !token.ends_with("t1")).await;
    let client = with_application(&server, &FakeClock::new());
    assert!(at_once(100, &client, "read").await.is_empty());
    assert_eq!(forms(&server).len(), 2);

    let server = bank(|_| false).await;
    let client = with_application(&server, &FakeClock::new());
    let error = call(&client, "read").await.unwrap_err();
    assert!(error.is_auth() && !error.is_login(), "{error}");
    assert_eq!((error.n_attempts(), forms(&server).len()), (2, 2));
}

#[tokio::test]
async fn a_token_has_the_scopes_of_its_operation_or_those_of_the_caller() {
    let server = bank(|_| true).await;
    let client = with_application(&server, &FakeClock::new());
    for operation in ["read", "write", "plain", "write", "read"] {
        call(&client, operation).await.unwrap();
    }
    let grant = "grant_type=client_credentials";
    let expect = [
        format!("{grant}&scope=cob.read"),
        format!("{grant}&scope=cob.read+cob.write"),
        grant.to_owned(),
    ];
    assert_eq!(forms(&server), expect);

    let server = bank(|_| true).await;
    let application = OAuthClient::new("app").secret_in_form(SECRET).scopes(["all"]);
    let application = application.parameter("resource", "https://a.example");
    let setup = setup(&server, &FakeClock::new()).client_credentials("bank", application);
    let client = setup.build().unwrap();
    for operation in ["read", "write", "plain"] {
        call(&client, operation).await.unwrap();
    }
    let sent =
        "scope=all&resource=https%3A%2F%2Fa.example&client_id=app&client_secret=s3cr3t-c0ffee";
    assert_eq!(forms(&server), [format!("{grant}&{sent}")]);
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_refusal_of_the_authorization_server_shows_no_secret() {
    let server = Scripted::answering(|_, _| {
        let said =
            format!(r#"{{"error":"invalid_client","error_description":"{SECRET} is wrong"}}"#);
        json(400, &said)
    })
    .await;
    let client = with_application(&server, &FakeClock::new());
    let error = call(&client, "read").await.unwrap_err();
    assert!(error.is_login() && error.is_auth() && error.is_vendor() && !error.may_have_happened());
    assert_eq!(
        error.to_string(),
        "`read`: the login before the call failed: `token`: \
         the vendor refused with status 400: *** is wrong"
    );
    assert!(!everything_printed(&error).contains(SECRET));
    assert_eq!(error.body(), Some(&b""[..]));
    assert_eq!(forms(&server).len(), 1);
}

#[tokio::test]
async fn a_token_by_hand_needs_no_authorization_server() {
    let server = bank(|_| true).await;
    let client = setup(&server, &FakeClock::new()).credential("bank", "mine").build().unwrap();
    call(&client, "read").await.unwrap();
    assert_eq!(last(&server).header("authorization"), Some("Bearer mine"));
    assert!(forms(&server).is_empty());
}

#[tokio::test]
async fn the_application_can_be_in_the_store() {
    struct Store;
    impl Credentials for Store {
        fn credential<'a>(
            &'a self,
            name: &'a str,
        ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
            let found = match name {
                "client_id" => Some("app"),
                "client_secret" => Some(SECRET),
                "token_url" => Some("/oauth/token"),
                _ => None,
            };
            Box::pin(std::future::ready(Ok(found.map(Secret::from))))
        }
    }
    let server = bank(|_| true).await;
    let client = setup(&server, &FakeClock::new()).credentials(Store).build().unwrap();
    call(&client, "read").await.unwrap();
    assert_eq!(forms(&server).len(), 1);
}

#[tokio::test]
async fn schemes_of_one_place_are_one_credential_and_cookies_one_header() {
    type Row = (
        &'static str,
        &'static [(&'static str, &'static str)],
        Result<[Option<&'static str>; 3], &'static str>,
    );
    let rows: [Row; 10] = [
        ("both", &[("open_id", "o")], Ok([Some("Bearer o"), None, None])),
        ("both", &[("bank", "b")], Ok([Some("Bearer b"), None, None])),
        ("both", &[("open_id", "o"), ("bank", "b")], Ok([Some("Bearer o"), None, None])),
        ("both", &[], Err("no credential `open_id` is set")),
        ("either", &[("bank", "b")], Ok([Some("Bearer b"), None, None])),
        ("either", &[("key", "k"), ("bank", "b")], Ok([None, Some("k"), None])),
        ("maybe", &[], Ok([None, None, None])),
        ("maybe", &[("key", "k")], Ok([None, Some("k"), None])),
        (
            "all",
            &[("bank", "b"), ("sid", "s"), ("csrf", "c"), ("key", "k")],
            Ok([Some("Bearer b"), Some("k"), Some("sid=s; csrf=c")]),
        ),
        ("all", &[("bank", "b"), ("sid", "s"), ("key", "k")], Err("no credential `csrf` is set")),
    ];
    for (operation, given, expect) in rows {
        let server = bank(|_| true).await;
        let setup = given.iter().fold(setup(&server, &FakeClock::new()), |setup, (name, text)| {
            setup.credential(name, *text)
        });
        let outcome = call(&setup.build().unwrap(), operation).await;
        match (outcome, expect) {
            (Ok(()), Ok(expect)) => {
                let sent = last(&server);
                let headers = ["authorization", "x-key", "cookie"];
                assert_eq!(headers.map(|name| sent.header(name)), expect, "{operation} {given:?}");
            }
            (Err(error), Err(expect)) => {
                assert!(error.to_string().contains(expect), "{operation} {given:?}: {error}");
                assert!(server.requests().is_empty());
            }
            (outcome, _) => panic!("{operation} {given:?}: {outcome:?}"),
        }
    }
}

#[test]
fn a_setting_that_can_not_work_is_named_before_the_first_call() {
    let setup = || ClientSetup::new(OPERATIONS, SCHEMES, None).base_url("http://127.0.0.1:9");
    let application = || OAuthClient::new("app").secret(SECRET);
    let rows = [
        (setup().credential("sid", "a; admin=1"), "invalid in a cookie"),
        (setup().client_credentials("bank", OAuthClient::new("")), "an empty id or secret"),
        (setup().client_credentials("key", application()), "has no flow of OAuth 2"),
        (
            setup().client_credentials("bank", application().token_url("http://a.example/t")),
            "is plain `http`",
        ),
        (setup().client_credentials("bank", application().token_url("")), "is not known"),
        (
            setup().http_client(prumo_runtime::reqwest::Client::new()).no_proxy(),
            "`.no_proxy(…)` has no effect",
        ),
    ];
    for (setup, expect) in rows {
        let error = setup.build().unwrap_err().to_string();
        assert!(error.contains(expect) && !error.contains(SECRET), "{expect}: {error}");
    }
}

#[tokio::test]
async fn a_missing_credential_names_every_method_that_sets_it() {
    let server = bank(|_| true).await;
    let client = setup(&server, &FakeClock::new()).build().unwrap();
    let expect = [
        ("read", "call `.client_credentials(…)` or `.bank(…)` on the client builder"),
        ("ours", "call `.consent_authorized(…)` or `.consent(…)` on the client builder"),
    ];
    for (operation, expect) in expect {
        let error = call(&client, operation).await.unwrap_err().to_string();
        assert!(error.ends_with(expect), "{error}");
    }
}

/// A store in memory that counts.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<String>>>);

impl RefreshTokens for Shelf {
    fn load(&self) -> Boxed<'_, Result<Option<Secret>, CredentialError>> {
        let last = self.0.lock().unwrap().last().map(Secret::from);
        Box::pin(std::future::ready(Ok(last)))
    }

    fn save<'a>(&'a self, token: &'a str) -> Boxed<'a, Result<(), CredentialError>> {
        self.0.lock().unwrap().push(token.to_owned());
        Box::pin(std::future::ready(Ok(())))
    }
}

/// An authorization server that replaces the refresh token at each use.
async fn rotating() -> Scripted {
    Scripted::answering(|n_before, request| match request.line() {
        TOKEN => token(n_before + 1, &format!(r#","refresh_token":"{SECRET}-r{}""#, n_before + 1)),
        _ => json(200, "{}"),
    })
    .await
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_each_refresh_token_is_used_once() {
    let (server, clock, shelf) = (rotating().await, FakeClock::new(), Shelf::default());
    let consent = UserGrant::code("c0de", "https://a.example/back").verifier("v3rifier");
    let consent = consent.kept_in(shelf.clone());
    let setup = setup(&server, &clock);
    let setup = setup.authorized("consent", OAuthClient::new("app"), consent);
    let client = Arc::new(setup.build().unwrap());
    for _ in 0..3 {
        assert!(at_once(100, &client, "ours").await.is_empty());
        clock.advance(Duration::from_secs(540));
    }
    let code = "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Fa.example%2Fback\
                &code_verifier=v3rifier&client_id=app";
    let refresh =
        |n| format!("grant_type=refresh_token&refresh_token=s3cr3t-c0ffee-r{n}&client_id=app");
    assert_eq!(forms(&server), [code.to_owned(), refresh(1), refresh(2)]);
    assert_eq!(shelf.0.lock().unwrap().len(), 3, "each new refresh token is saved");
}

#[tokio::test]
async fn clients_of_one_consent_share_its_refresh_token() {
    let server = rotating().await;
    let consent = UserGrant::refresh_token(Secret::from("r0"));
    let setup = setup(&server, &FakeClock::new());
    let setup = setup.authorized("consent", OAuthClient::new("app").secret(SECRET), consent);
    let (one, other) = (setup.clone().build().unwrap(), setup.build().unwrap());
    let (one, other) = tokio::join!(call(&one, "ours"), call(&other, "ours"));
    assert!(one.is_ok() && other.is_ok());
    let refresh = |token| format!("grant_type=refresh_token&refresh_token={token}");
    assert_eq!(forms(&server), [refresh("r0"), refresh("s3cr3t-c0ffee-r1")]);
}

#[tokio::test]
async fn a_consent_that_is_used_up_says_so() {
    let server = bank(|token| !token.ends_with("t1")).await;
    let consent = UserGrant::code("c0de", "https://a.example/back");
    let setup = setup(&server, &FakeClock::new());
    let setup = setup.authorized("consent", OAuthClient::new("app"), consent);
    let error = call(&setup.build().unwrap(), "ours").await.unwrap_err();
    assert!(error.is_login() && error.is_auth(), "{error}");
    let printed = everything_printed(&error);
    assert!(
        printed.contains("the user has to agree again") && !printed.contains("c0de"),
        "{printed}"
    );
    assert_eq!(forms(&server).len(), 1, "a code is sent once");
}

#[tokio::test]
async fn a_refresh_whose_outcome_is_unknown_is_not_repeated() {
    let server = Scripted::playing(vec![vec![Step::Read, Step::Reset]]).await;
    let consent = UserGrant::refresh_token(Secret::from("r0"));
    let setup = setup(&server, &FakeClock::new()).retry(RetryPolicy::default());
    let setup = setup.authorized("consent", OAuthClient::new("app"), consent);
    let error = call(&setup.build().unwrap(), "ours").await.unwrap_err();
    assert!(error.is_login(), "{error}");
    assert_eq!(forms(&server).len(), 1);
}

#[tokio::test]
async fn the_callers_own_http_client_sends_everything() {
    let server = bank(|_| true).await;
    let own = prumo_runtime::reqwest::Client::builder().user_agent("mine").build().unwrap();
    let setup = setup(&server, &FakeClock::new()).http_client(own);
    let setup = setup.client_credentials("bank", OAuthClient::new("app").secret(SECRET));
    call(&setup.build().unwrap(), "read").await.unwrap();
    assert!(server.requests().iter().all(|one| one.header("user-agent") == Some("mine")));
}

#[tokio::test]
async fn a_redirect_that_the_callers_own_client_follows_is_an_error() {
    let server = Scripted::answering(|_, request| match request.line() {
        "GET /read" => answer(302, "location: /elsewhere\r\n", ""),
        _ => json(200, "{}"),
    })
    .await;
    let setup =
        setup(&server, &FakeClock::new()).http_client(prumo_runtime::reqwest::Client::new());
    let client = setup.credential("bank", SECRET).build().unwrap();
    let error = call(&client, "read").await.unwrap_err();
    assert!(error.to_string().contains("followed a redirect"), "{error}");
    assert!(error.may_have_happened());
}
