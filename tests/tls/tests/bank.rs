//! Tests a client of a bank: mutual TLS for the API and its authorization server, one token for many
//! calls, and signed assertions.

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    UnparsedPublicKey, VerificationAlgorithm,
};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use prumo_runtime::call::Call;
use prumo_runtime::{
    AuthorizationRequest, ClientParts, ClientSetup, Error, Flow, OAuth, OAuthClient, Operation,
    Placement, RetryPolicy, Scheme, SigningKey,
};
use serde_json::Value;
use tls::Authority;
use tls::bank::Bank;

const SECRET: &str = "s3cr3t-c0ffee";

static OPERATIONS: &[Operation] = &[Operation::new("lerCob", "ler_cob", "GET", "/cob")
    .security(&[&["bank"]])
    .scopes(&[("bank", &["cob.read"])])];

const FLOW: Flow = Flow::new("/oauth/token").authorization_url("/agree?tenant=1");

static SCHEMES: &[Scheme] = &[Scheme::new("bank", Placement::Bearer)
    .oauth(OAuth::new().client_credentials(FLOW).authorization_code(FLOW))];

/// A bank that issues one token for an hour.
fn answer(_: usize, request: &str) -> (u16, String) {
    match request.split(' ').nth(1) {
        Some("/oauth/token") => {
            (200, format!(r#"{{"access_token":"{SECRET}-t1","token_type":"Bearer","expires_in":3600}}"#))
        }
        _ if request.contains(&format!("Bearer {SECRET}-t1")) => (200, "{}".to_owned()),
        _ => (401, "{}".to_owned()),
    }
}

fn setup(bank: &Bank, authority: &Authority) -> ClientSetup {
    ClientSetup::new(OPERATIONS, SCHEMES, None)
        .base_url(&bank.base_url)
        .root_certificate(authority.pem())
        .retry(RetryPolicy::never())
        .client_credentials("bank", OAuthClient::new("app").secret(SECRET))
}

async fn call(client: &ClientParts) -> Result<(), Error> {
    Call::new(client, "ler_cob").ready().read::<Value>().await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_of_a_known_caller_ask_for_one_token() {
    let authority = Authority::new("alfa");
    let bank = Bank::start(&authority, answer).await;
    let (certificate, key) = authority.issue("app.example");
    for identity in [format!("{certificate}{key}"), format!("{key}\n# mine\n{certificate}")] {
        let client = Arc::new(setup(&bank, &authority).identity(identity).build().expect("a client"));
        let calls: Vec<_> = (0..100)
            .map(|_| {
                let client = Arc::clone(&client);
                tokio::spawn(async move { call(&client).await })
            })
            .collect();
        for one in calls {
            one.await.expect("no panic").expect("an answer");
        }
    }
    assert_eq!(bank.requests("POST /oauth/token").len(), 2, "one for each client");
    assert_eq!(bank.requests("GET /cob").len(), 200);
}

#[tokio::test]
async fn a_caller_without_a_certificate_of_the_bank_is_not_heard() {
    let authority = Authority::new("alfa");
    let bank = Bank::start(&authority, answer).await;
    let (certificate, key) = Authority::new("beta").issue("app.example");
    let foreign = format!("{certificate}{key}");
    let setup = || setup(&bank, &authority);
    for setup in [setup(), setup().identity(&foreign)] {
        let error = call(&setup.build().expect("a client")).await.expect_err("no connection");
        assert!(error.is_login() && error.is_transport(), "{error}");
        let says = error.to_string().contains("wants a certificate of the caller");
        assert!(says || cfg!(feature = "native-tls"), "{error}");
        assert!(!format!("{error} {error:?}").contains(SECRET));
    }
    assert!(bank.requests("").is_empty());
}

#[test]
fn an_identity_that_is_none_is_named_without_its_contents() {
    let authority = Authority::new("alfa");
    let ((certificate, key), (_, other)) = (authority.issue("app"), authority.issue("other"));
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let broken = key.replace("MI", "!!");
    let rows = [
        ("id.pem".to_owned(), "is not PEM text"),
        (certificate.clone(), "has no private key"),
        (key.clone(), "has no certificate"),
        (format!("{certificate}{key}{other}"), "has more than one private key"),
        (format!("{certificate}{encrypted}"), "has an encrypted key"),
        (format!("{certificate}{broken}"), "can't be read"),
        (format!("{certificate}{other}"), "its key does not fit its first certificate"),
    ];
    for (pem, expect) in rows {
        let setup = ClientSetup::new(OPERATIONS, SCHEMES, None).base_url("https://localhost:9");
        let error = match setup.identity(&pem).build() {
            Err(error) => error,
            // OpenSSL compares the key only when it connects.
            Ok(_) if cfg!(feature = "native-tls") => continue,
            Ok(_) => panic!("{expect}: a client"),
        };
        let printed = format!("{error} {error:?}");
        assert!(printed.contains(expect) || cfg!(feature = "native-tls"), "{expect}: {printed}");
        assert!(pem.lines().filter(|line| line.len() > 20).all(|line| !printed.contains(line)));
    }
}

/// Returns the signed part, the header, the claims and the signature of an assertion.
fn opened(assertion: &str) -> (String, Value, Value, Vec<u8>) {
    let parts: Vec<&str> = assertion.split('.').collect();
    let bytes = |idx: usize| BASE64_URL_SAFE_NO_PAD.decode(parts[idx]).expect("base64");
    let json = |idx: usize| serde_json::from_slice(&bytes(idx)).expect("JSON");
    (format!("{}.{}", parts[0], parts[1]), json(0), json(1), bytes(2))
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64_STANDARD.encode(der))
}

#[tokio::test]
async fn an_application_proves_itself_with_a_signed_assertion() {
    let authority = Authority::new("alfa");
    let bank = Bank::start(&authority, answer).await;
    let (certificate, key) = authority.issue("app.example");
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa_pem = pem("PRIVATE KEY", rsa.as_der().expect("PKCS #8").as_ref());
    let rsa_public = rsa.public_key().as_ref().to_vec();
    let p256 = aws_lc_rs::signature::EcdsaKeyPair::generate(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
    )
    .expect("a key");
    let p256_pem = pem("PRIVATE KEY", p256.to_pkcs8v1().expect("PKCS #8").as_ref());
    let p256_public = p256.public_key().as_ref().to_vec();
    let read = |pem: &str| SigningKey::from_pem(pem).expect("a key").key_id("k1");
    type Row<'r> = (SigningKey, &'r str, &'static dyn VerificationAlgorithm, &'r [u8]);
    let rows: [Row<'_>; 3] = [
        (read(&rsa_pem), "PS256", &RSA_PSS_2048_8192_SHA256, &rsa_public),
        (read(&rsa_pem).rs256(), "RS256", &RSA_PKCS1_2048_8192_SHA256, &rsa_public),
        (read(&p256_pem), "ES256", &ECDSA_P256_SHA256_FIXED, &p256_public),
    ];
    for (signer, algorithm, verification, public) in rows {
        assert_eq!(format!("{signer:?}"), "SigningKey(***)");
        let application = OAuthClient::new("app").signer(signer);
        let setup = setup(&bank, &authority).client_credentials("bank", application);
        let client = setup.identity(format!("{certificate}{key}")).build().expect("a client");
        call(&client).await.expect("an answer");
        let request = bank.requests("POST /oauth/token").pop().expect("a request");
        let (_, form) = request.split_once("\r\n\r\n").expect("a form");
        assert!(form.contains(
            "client_id=app&client_assertion_type=\
             urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
        ));
        let (_, assertion) = form.split_once("client_assertion=").expect("an assertion");
        let (message, header, claims, signature) = opened(assertion);
        assert_eq!(header, serde_json::json!({"alg": algorithm, "typ": "JWT", "kid": "k1"}));
        let url = format!("{}/oauth/token", bank.base_url);
        assert_eq!([&claims["iss"], &claims["sub"], &claims["aud"]], ["app", "app", url.as_str()]);
        assert_eq!(claims["exp"].as_u64(), claims["iat"].as_u64().map(|at| at + 120));
        let key = UnparsedPublicKey::new(verification, public);
        key.verify(message.as_bytes(), &signature).expect("a good signature");
    }
    let assertions = bank.requests("POST /oauth/token");
    assert_eq!(assertions.len(), 3);
}

#[test]
fn a_signing_key_that_is_none_is_named_without_its_contents() {
    let authority = Authority::new("alfa");
    let (certificate, key) = authority.issue("app");
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let rows = [
        (certificate, "is not PEM text with a private key"),
        (format!("{key}{key}"), "is one of several"),
        (encrypted, "is encrypted"),
        (pem("PRIVATE KEY", b"abc"), "can't be read"),
    ];
    for (pem, expect) in rows {
        let error = SigningKey::from_pem(&pem).expect_err("no key").to_string();
        assert!(error.contains(expect), "{expect}: {error}");
    }
}

#[test]
fn a_user_comes_back_with_the_state_that_was_sent() {
    let client = OAuthClient::new("app");
    let setup = ClientSetup::new(OPERATIONS, SCHEMES, None).base_url("https://bank.example/api");
    let back = "https://app.example/back";
    let ask = || setup.authorization_request("bank", &client, back).expect("a request");
    let (one, other) = (ask(), ask());
    assert_ne!(one.state(), other.state());
    assert_ne!(one.verifier(), other.verifier());
    assert_eq!((one.state().len(), one.verifier().len()), (43, 43));
    let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, one.verifier().as_bytes());
    let expect = format!(
        "https://bank.example/agree?tenant=1&response_type=code&client_id=app\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fback&state={}&code_challenge={}\
         &code_challenge_method=S256&scope=cob.read",
        one.state(),
        BASE64_URL_SAFE_NO_PAD.encode(challenge)
    );
    assert_eq!(one.url(), expect);
    assert!(!format!("{one:?}").contains(one.state()));

    let resumed = AuthorizationRequest::resumed(one.state(), one.verifier(), back);
    let state = one.state();
    let rows = [
        (format!("{back}?code=c0de&state={state}"), None),
        (format!("code=c0de&state={state}#x"), None),
        (format!("{back}?code=c0de"), Some("the state of the callback")),
        (format!("{back}?code=c0de&state={}", other.state()), Some("the state of the callback")),
        (format!("{back}?error=access_denied&state={state}"), Some("refused: access_denied")),
        (format!("{back}?error=%3Cb%3E&state={state}"), Some("refused: ***")),
        (format!("{back}?state={state}"), Some("has no code")),
    ];
    for (callback, expect) in rows {
        let error = resumed.grant(&callback).err().map(|error| error.to_string());
        match (&error, expect) {
            (None, None) => {}
            (Some(error), Some(expect)) => assert!(error.contains(expect), "{callback}: {error}"),
            _ => panic!("{callback}: {error:?}"),
        }
    }
}
