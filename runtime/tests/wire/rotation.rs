//! Tests that no error shows a token, however many there were and wherever a vendor echoes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use prumo_runtime::{Boxed, ClientSetup, CredentialError, Credentials, Error, RetryPolicy, Secret};
use tokio::task::JoinSet;

use crate::beta::{Beta, OPERATIONS, SCHEMES};
use crate::everything_printed;
use crate::script::{Scripted, answer, json};

/// A store that returns another token each time.
#[derive(Default)]
struct Rotating(AtomicUsize);

impl Credentials for Rotating {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        let found = (name == "session")
            .then(|| Secret::new(token(self.0.fetch_add(1, Ordering::Relaxed) + 1)));
        Box::pin(std::future::ready(Ok(found)))
    }
}

/// Returns token number `n`: 32 letters that do not show the number.
fn token(n: usize) -> String {
    let mut seed = n as u64;
    let mut letter = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + u8::try_from((seed >> 33) % 26).unwrap())
    };
    (0..32).map(|_| letter()).collect()
}

fn client(server: &Scripted) -> Beta {
    let setup = ClientSetup::new(OPERATIONS, SCHEMES, None).base_url(&server.base_url);
    Beta::with(setup.credentials(Rotating::default()).retry(RetryPolicy::never()))
}

/// Returns everything of an error that a caller or a logger sees.
fn everything(error: &Error) -> String {
    let body = String::from_utf8_lossy(error.body().unwrap_or_default()).into_owned();
    let (message, errors) = (error.message().unwrap_or_default(), error.errors().join(" "));
    let headers = format!("{:?}", error.headers());
    [&everything_printed(error), message, &errors, &body, &headers].join(" ")
}

#[tokio::test]
async fn every_token_so_far_is_removed() {
    let server = Scripted::answering(|n_before, _| match n_before {
        20 => {
            let said = [1, 3, 17, 20].map(|n| format!("<b>{}</b>", token(n))).join(" ");
            json(422, &format!(r#"{{"erro":true,"mensagem":"{said}","errors":["{said}"]}}"#))
        }
        _ => json(200, r#"{"erro":false,"data":{"id":7}}"#),
    })
    .await;
    let client = client(&server);
    for _ in 0..20 {
        client.read_order(7).await.unwrap();
    }
    let error = client.read_order(7).await.unwrap_err();
    for n in [1, 3, 17, 20] {
        assert!(!everything(&error).contains(&token(n)[..12]), "token {n}");
    }
    assert_eq!(error.message(), Some("<b>***</b> <b>***</b> <b>***</b> <b>***</b>"));
}

#[tokio::test]
async fn each_error_is_clean_of_its_own_token() {
    let server = Scripted::answering(|_, request| {
        let sent = request.header("authorization").unwrap_or_default().to_owned();
        answer(403, &format!("content-type: text/html\r\nx-echo: {sent}\r\n"), &sent)
    })
    .await;
    let client = client(&server);
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let client = client.clone();
        calls.spawn(async move { client.read_order(7).await.unwrap_err() });
    }
    let tokens: Vec<String> = (1..=64).map(token).collect();
    for error in calls.join_all().await {
        assert_eq!(error.body(), Some(&b"Bearer ***"[..]));
        let shown = everything(&error);
        assert!(!tokens.iter().any(|token| shown.contains(&token[..12])), "{shown}");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_holds_no_part_of_a_token() {
    let server = Arc::new(std::sync::Mutex::new(String::new()));
    let page = Arc::clone(&server);
    let vendor = Scripted::answering(move |_, _| {
        answer(403, "content-type: text/html\r\n", &page.lock().unwrap())
    })
    .await;
    let setup = ClientSetup::new(OPERATIONS, SCHEMES, None).base_url(&vendor.base_url);
    let secret = token(1);
    let client = Beta::with(setup.credential("session", &secret).retry(RetryPolicy::never()));
    for n_before in (65_505..65_567).step_by(20) {
        *server.lock().unwrap() = format!("{}{secret}yyy", "x".repeat(n_before));
        let error = client.read_order(7).await.unwrap_err();
        let body = String::from_utf8(error.body().unwrap().to_vec()).unwrap();
        let is_held = (0..=20).any(|at| body.contains(&secret[at..at + 12]));
        assert!(!is_held && body.len() <= 65_536, "{n_before}");
    }
}
