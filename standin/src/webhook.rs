//! Writes and signs the calls that a vendor makes to its customer's server (`x-webhooks`).
//!
//! Invariant: the same body and secret give the same signature, and neither is in an error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use prumo_spec::openapi::{OpenApi, Signature};
use serde_json::Value;
use sha1::Sha1;
use sha2::Sha256;

/// Computes a digest with a key.
type Digest = fn(key: &[u8], message: &[u8]) -> Vec<u8>;
const ALGORITHMS: [(&str, Digest); 2] =
    [("hmac-sha1", digest::<Hmac<Sha1>>), ("hmac-sha256", digest::<Hmac<Sha256>>)];

/// Returns the message that is signed.
type Message = fn(body: &[u8]) -> Cow<'_, [u8]>;
const SUBJECTS: [(&str, Message); 2] = [
    ("body", |body| Cow::Borrowed(body)),
    ("base64-of-body", |body| Cow::Owned(BASE64_STANDARD.encode(body).into_bytes())),
];

/// Writes a digest.
type Encoding = fn(digest: &[u8]) -> String;
const ENCODINGS: [(&str, Encoding); 2] =
    [("hex", hex), ("base64", |digest| BASE64_STANDARD.encode(digest))];

/// A webhook of a spec.
pub(crate) struct Webhook {
    /// In upper case.
    method: String,
    signature: Option<Signature>,
}

/// A call that is ready to be sent.
#[derive(Clone)]
pub(crate) struct Post {
    /// The `operationId` of the webhook.
    pub(crate) webhook: String,
    pub(crate) method: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Webhook {
    /// Reads the webhooks of a spec, by `operationId`. One that the judge could not read is absent.
    pub(crate) fn read(api: OpenApi<'_>) -> BTreeMap<String, Self> {
        let readable = api.webhooks().into_iter().flatten().flatten();
        let named = readable.map(|webhook| {
            let method = webhook.operation.method().name();
            let signature = webhook.signature().ok().flatten();
            (webhook.operation.id().to_owned(), Self { method, signature })
        });
        named.collect()
    }

    /// Writes a call with this body, signed with the secret.
    pub(crate) fn post(&self, name: &str, body: &Value, secret: &str) -> Result<Post, String> {
        let body = Bytes::from(body.to_string());
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        if let Some(signature) = &self.signature {
            let header = signature.header.clone().ok_or("`x-signature` names no header")?;
            headers.push((header, signed(signature, &body, secret.as_bytes())?));
        }
        Ok(Post { webhook: name.to_owned(), method: self.method.clone(), headers, body })
    }
}

/// Returns the header's value.
fn signed(signature: &Signature, body: &[u8], secret: &[u8]) -> Result<String, String> {
    let digest = row(&ALGORITHMS, "algorithm", &signature.algorithm)?;
    let message = row(&SUBJECTS, "over", &signature.over)?;
    let encode = row(&ENCODINGS, "encoding", &signature.encoding)?;
    Ok(format!("{}{}", signature.prefix, encode(&digest(secret, &message(body)))))
}

fn row<T: Copy>(table: &[(&str, T)], member: &str, word: &str) -> Result<T, String> {
    let found = table.iter().find(|(known, _)| *known == word);
    found.map(|(_, it)| *it).ok_or_else(|| format!("`x-signature` has an unknown `{member}`"))
}

fn digest<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // An HMAC takes a key of any length.
    let Ok(mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors are case 2 of RFC 2202 and RFC 4231, and the digest that
    /// `printf %s "$(printf %s "$BODY" | base64)" | openssl dgst -sha1 -hmac Jefe` prints.
    #[test]
    fn a_body_is_signed_as_the_spec_says() {
        let rows = [
            ("hmac-sha1", "body", "hex", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (
                "hmac-sha256",
                "body",
                "hex",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            ("hmac-sha1", "body", "base64", "7/zfauXrL6LSdBbV8YTfnCWafHk="),
            ("hmac-sha1", "base64-of-body", "hex", "cfa557bb3775bd200ef324e783ae8f7688d8aed2"),
        ];
        for (algorithm, over, encoding, expected) in rows {
            let signature = Signature {
                header: Some("X-Signature".to_owned()),
                prefix: "sig=".to_owned(),
                algorithm: algorithm.to_owned(),
                over: over.to_owned(),
                encoding: encoding.to_owned(),
            };
            let signed = signed(&signature, b"what do ya want for nothing?", b"Jefe");
            assert_eq!(signed, Ok(format!("sig={expected}")), "{algorithm} {over} {encoding}");
        }
    }

    #[test]
    fn every_word_of_a_signature_has_a_row() {
        assert_eq!(ALGORITHMS.map(|(word, _)| word), Signature::ALGORITHMS);
        assert_eq!(SUBJECTS.map(|(word, _)| word), Signature::SUBJECTS);
        assert_eq!(ENCODINGS.map(|(word, _)| word), Signature::ENCODINGS);
    }
}
