//! Verifies signatures from other tools, and rejects everything else.

use proptest::prelude::*;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::Deserialize;

use super::*;

const HEADER: &str = "X-Alfa-Signature";
const KEY: &str = "wh-s3cret-of-alfa";
const BODY: &str =
    r#"{"type":"ticket","id":"9c1e5f27a8b34d60918273645a0b1c2d","action":"created"}"#;

/// HMAC-SHA1 of the Base64 of `BODY` with `KEY`, in Base64.
const SIGNED: &str = "sha1=Uzvf3nSSVVU40Pkf3UjO2dRo9NE=";

const fn signed_by(
    algorithm: &'static str,
    over: &'static str,
    encoding: &'static str,
    prefix: &'static str,
) -> Webhook {
    let signature = Signature { header: HEADER, prefix, algorithm, over, encoding };
    Webhook { id: "noticeTicket", signature: Some(signature), source: "by hand" }
}

const WEBHOOK: Webhook = signed_by("hmac-sha1", "base64-of-body", "base64", "sha1=");

#[derive(Debug, PartialEq, Deserialize)]
struct Notice {
    id: String,
    action: Action,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Created,
}

/// Verifies a body with these values of the header.
fn verified<'b>(
    webhook: &Webhook,
    secrets: &[&str],
    values: &[&str],
    body: &'b [u8],
) -> Result<Verified<'b, Notice>, WebhookError> {
    let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::from(*secret)).collect();
    verify(webhook, &secrets, |_| values, body)
}

/// The digests come from OpenSSL (`openssl dgst -sha1 -hmac KEY`) and Python's `hmac`, which agree.
/// Two come from RFC 2202 and RFC 4231.
#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row a case")]
fn signatures_that_other_tools_made_are_right() {
    let pretty = "{ \"id\": \"são\",\n  \"x\": 1 }";
    let rfc = ("Jefe", "what do ya want for nothing?");
    let cases = [
        ("hmac-sha1", "body", "hex", rfc, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (
            "hmac-sha256",
            "body",
            "hex",
            rfc,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        ("hmac-sha1", "base64-of-body", "base64", (KEY, BODY), "Uzvf3nSSVVU40Pkf3UjO2dRo9NE="),
        (
            "hmac-sha1",
            "base64-of-body",
            "hex",
            (KEY, BODY),
            "533bdfde7492555538d0f91fdd48ced9d468f4d1",
        ),
        (
            "hmac-sha1",
            "base64-of-body",
            "hex",
            (KEY, BODY),
            "533BDFDE7492555538D0F91FDD48CED9D468F4D1",
        ),
        ("hmac-sha1", "body", "base64", (KEY, BODY), "KL49SSW7jJO3C9kqgwBDl1J6jWw="),
        (
            "hmac-sha256",
            "body",
            "base64",
            (KEY, BODY),
            "D53+ir8phlxKuN8L4oouMBcpCtxraxBMcQ7wCT00DWM=",
        ),
        (
            "hmac-sha256",
            "base64-of-body",
            "hex",
            (KEY, BODY),
            "6aec1d9cbeec3362accca22500633d45ff56b86a740c1e2cf0e676c175b4bcf3",
        ),
        ("hmac-sha1", "base64-of-body", "base64", (KEY, ""), "zo/yN4y9BC1yP11Nfn2oKAX6cOw="),
        ("hmac-sha1", "base64-of-body", "base64", (KEY, pretty), "97EMxeMs6zm4h8pf7kfLq7emd3Q="),
        (
            "hmac-sha256",
            "body",
            "hex",
            (KEY, pretty),
            "b5b08ea91a7732cf86c54554c05d1ca52dcb7e2c080b9ae12e1ef213bea09d34",
        ),
    ];
    for (algorithm, over, encoding, (key, body), digest) in cases {
        for prefix in ["", "sha1="] {
            let webhook = signed_by(algorithm, over, encoding, prefix);
            let value = format!("{prefix}{digest}");
            let verified = verified(&webhook, &[key], &[&value], body.as_bytes());
            assert_eq!(
                verified.unwrap().body(),
                body.as_bytes(),
                "{algorithm} {over} {encoding} {digest}"
            );
        }
    }
}

#[test]
fn what_is_no_signature_is_said_without_its_text() {
    let malformed = "`noticeTicket`: the header `X-Alfa-Signature` is not `sha1=` followed by a digest in base64";
    let mismatch = "`noticeTicket`: the digest in the header `X-Alfa-Signature` was made with another secret or from another body";
    let missing = "`noticeTicket`: the header `X-Alfa-Signature` is missing";
    let twice = "`noticeTicket`: the header `X-Alfa-Signature` came 2 times";
    let long = format!("sha1={}", "A".repeat(400));
    let cases: [(&[&str], &str); 17] = [
        (&[], missing),
        (&[SIGNED, SIGNED], twice),
        (&["", SIGNED], twice),
        (&[""], malformed),
        (&["sha1"], malformed),
        (&["Uzvf3nSSVVU40Pkf3UjO2dRo9NE="], malformed),
        (&["SHA1=Uzvf3nSSVVU40Pkf3UjO2dRo9NE="], malformed),
        (&["sha1= Uzvf3nSSVVU40Pkf3UjO2dRo9NE="], malformed),
        (&["sha1=Uzvf3nSSVVU40Pkf3UjO2dRo9NE"], malformed),
        (&["sha1=Uzvf3nSSVVU40Pkf3UjO2dRo9NF="], malformed),
        (&["sha1=Uzvf3nSSVVU40Pkf3UjO2dRo9NE=, sha1=Uzvf3nSSVVU40Pkf3UjO2dRo9NE="], malformed),
        (&[&long], malformed),
        (&["sha1="], mismatch),
        // With other lengths and another case.
        (&["sha1=Uzvf"], mismatch),
        (&["sha1=Uzvf3nSSVVU40Pkf3UjO2dRo9NEA"], mismatch),
        (&["sha1=uZVF3NssvvvutoxKF3uJo2DrO9ne"], mismatch),
        // The digest of the body itself, not of its Base64.
        (&["sha1=KL49SSW7jJO3C9kqgwBDl1J6jWw="], mismatch),
    ];
    for (values, expect) in cases {
        let error = verified(&WEBHOOK, &[KEY], values, BODY.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expect, "values {values:?}");
        assert!(error.is_signature() && !error.is_body() && !error.is_setup(), "values {values:?}");
        assert_eq!(error.pointer(), None);
        let printed = format!("{error:?}");
        assert!(!printed.contains("Uzvf") && !printed.contains(KEY), "{printed}");
    }
    for value in [SIGNED, &format!(" {SIGNED}\t")] {
        assert!(verified(&WEBHOOK, &[KEY], &[value], BODY.as_bytes()).is_ok());
    }
}

#[test]
fn no_bit_of_body_or_digest_can_change() {
    let flipped = |bytes: &[u8], at: usize, bit: u32| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1 << bit;
        bytes
    };
    for bit in 0..8 {
        for at in 0..BODY.len() {
            let body = flipped(BODY.as_bytes(), at, bit);
            assert!(verified(&WEBHOOK, &[KEY], &[SIGNED], &body).is_err(), "byte {at} of the body");
        }
        for at in 0..SIGNED.len() {
            let value = flipped(SIGNED.as_bytes(), at, bit);
            let outcome: Result<Verified<'_, Notice>, _> =
                verify(&WEBHOOK, &[Secret::from(KEY)], |_| [&value], BODY.as_bytes());
            assert!(outcome.is_err(), "byte {at} of the header");
        }
    }
}

#[test]
fn while_a_secret_is_replaced_both_count() {
    for secrets in [&[KEY][..], &["new", KEY], &[KEY, "new"], &["a", KEY, "b"]] {
        assert!(
            verified(&WEBHOOK, secrets, &[SIGNED], BODY.as_bytes()).is_ok(),
            "{} secrets",
            secrets.len()
        );
    }
    for secrets in
        [&["new"][..], &["new", "newer"], &["WH-S3CRET-OF-ALFA"], &["wh-s3cret-of-alfa "]]
    {
        let error = verified(&WEBHOOK, secrets, &[SIGNED], BODY.as_bytes()).unwrap_err();
        assert!(error.is_signature(), "{error}");
    }
}

#[test]
fn what_can_not_be_verified_is_refused() {
    let no_secret = "no secret or an empty one was given";
    let unsigned = Webhook { signature: None, ..WEBHOOK };
    let cases: [(Webhook, &[&str], &str); 7] = [
        (WEBHOOK, &[], no_secret),
        (WEBHOOK, &[""], no_secret),
        (WEBHOOK, &[KEY, ""], no_secret),
        (unsigned, &[KEY], "it can't be verified: the spec declares no signature for it"),
        (
            signed_by("none", "body", "hex", ""),
            &[KEY],
            "it can't be verified: `none` in its signature is unknown",
        ),
        (
            signed_by("hmac-sha1", "path", "hex", ""),
            &[KEY],
            "it can't be verified: `path` in its signature is unknown",
        ),
        (
            signed_by("hmac-sha1", "body", "raw", ""),
            &[KEY],
            "it can't be verified: `raw` in its signature is unknown",
        ),
    ];
    for (webhook, secrets, expect) in cases {
        let error = verified(&webhook, secrets, &[SIGNED], BODY.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("`noticeTicket`: {expect}"));
        assert!(error.is_setup() && !error.is_signature() && !error.is_body(), "{expect}");
    }
}

/// The digests come from Python: `hmac.new(KEY, base64.b64encode(body), "sha1")`.
#[test]
fn what_is_verified_is_parsed_or_said_to_be_another_thing() {
    let cases: [(&[u8], &str, &str); 4] = [
        (
            b"{\"id\":\"planted\",\"action\":\"planted\"}",
            "sha1=Z5tqdM2jsf7CLgqtm4rZFoOMxjg=",
            "the body does not fit at `/action`: expected `created`, found another value",
        ),
        (
            b"{\"id\":\"planted\"}",
            "sha1=vzwvT6K25iKUzJJMNpzn1ulDMj4=",
            "the body does not fit at `/action`: the field is missing",
        ),
        (
            b"planted",
            "sha1=FncmVrSZJ8HUJr8Ig0vxjX/cce0=",
            "the body does not fit: not JSON at line 1 column 1",
        ),
        (
            b"\"planted \xff\"",
            "sha1=67UVNUha7h9yCjD5I/orGMVp4Hk=",
            "the body does not fit: not UTF-8",
        ),
    ];
    let ticket = verified(&WEBHOOK, &[KEY], &[SIGNED], BODY.as_bytes()).unwrap().parse().unwrap();
    let expect = Notice { id: "9c1e5f27a8b34d60918273645a0b1c2d".into(), action: Action::Created };
    assert_eq!(ticket, expect);
    for (body, signature, expect) in cases {
        let verified = verified(&WEBHOOK, &[KEY], &[signature], body).unwrap();
        let error = verified.parse().unwrap_err();
        assert_eq!(error.to_string(), format!("`noticeTicket`: {expect}"));
        assert!(error.is_body() && !error.is_signature() && !error.is_setup(), "{expect}");
        let printed = format!("{error:?} {verified:?}");
        assert!(!printed.contains("planted"), "{printed}");
    }
}

#[test]
fn headers_are_looked_up_in_whatever_holds_them() {
    fn is_right<I>(header: impl FnOnce(&'static str) -> I) -> bool
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        verify::<Notice, _>(&WEBHOOK, &[Secret::from(KEY)], header, BODY.as_bytes()).is_ok()
    }
    let mut map = HeaderMap::new();
    map.insert("x-alfa-signature", HeaderValue::from_static(SIGNED));
    assert!(is_right(|name| map.get_all(name)));
    assert!(is_right(|name| map.get(name)));
    map.append("x-alfa-signature", HeaderValue::from_static("sha1="));
    assert!(!is_right(|name| map.get_all(name)), "which of the two?");

    let pairs = [("host", "a.example"), ("x-alfa-signature", SIGNED)];
    assert!(is_right(|name| {
        pairs.iter().filter(move |pair| pair.0.eq_ignore_ascii_case(name)).map(|pair| pair.1)
    }));
    assert!(!is_right(|_| None::<String>));
}

proptest! {
    /// Any input gets a result, and without the secret it is never valid.
    #[test]
    fn nothing_panics_and_nobody_guesses(
        value in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "sha1=[A-Za-z0-9+/]{0,60}={0,3}".prop_map(String::into_bytes),
        ],
        body in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        for (over, encoding) in [("body", "hex"), ("base64-of-body", "base64")] {
            let webhook = signed_by("hmac-sha1", over, encoding, "sha1=");
            let secrets = [Secret::from(KEY)];
            let outcome: Result<Verified<'_, Notice>, _> = verify(&webhook, &secrets, |_| [&value], &body);
            prop_assert!(outcome.is_err_and(|error| error.is_signature()));
        }
    }
}
