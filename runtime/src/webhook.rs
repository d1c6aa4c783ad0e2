//! Verifies that a webhook's request comes from the vendor, and decodes it.
//!
//! A row of [`Signature`] describes how a vendor signs. The tables here list the words that a row
//! may contain.
//!
//! Invariants:
//!
//! * The bytes are verified as received, before anything parses them: JSON that is parsed and
//!   serialized again has other bytes.
//! * Digests are compared in constant time, and every secret is tried.
//! * Neither a secret nor a digest, whether right or wrong, appears in an error or in `Debug`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use sha1::Sha1;
use sha2::Sha256;

use crate::decode::{Misfit, decode};
use crate::encode::{from_base64, from_hex};
use crate::secret::Secret;
use crate::table::{Signature, Webhook};

/// Maximum length of the header. The longest digest has 64 bytes.
const MAX_HEADER_BYTES: usize = 256;

/// Returns whether `digest` is the digest of `message` with `key`.
type Check = fn(key: &[u8], message: &[u8], digest: &[u8]) -> bool;
const ALGORITHMS: [(&str, Check); 2] =
    [("hmac-sha1", is_digest::<Hmac<Sha1>>), ("hmac-sha256", is_digest::<Hmac<Sha256>>)];

/// Returns the message that is signed.
type Message = fn(body: &[u8]) -> Cow<'_, [u8]>;
const MESSAGES: [(&str, Message); 2] = [
    ("body", |body| Cow::Borrowed(body)),
    ("base64-of-body", |body| Cow::Owned(BASE64_STANDARD.encode(body).into_bytes())),
];

/// Decodes a digest.
type Decoding = fn(text: &[u8]) -> Option<Vec<u8>>;
const DECODINGS: [(&str, Decoding); 2] = [("hex", from_hex), ("base64", from_base64)];

/// A body with a valid signature, which proves that its sender has the secret.
///
/// It does not prove that the body is recent or was sent once: a signature without a time is valid
/// again for the same bytes. Treat a notification as a hint, and read what changed.
pub struct Verified<'b, T> {
    webhook: &'static str,
    body: &'b [u8],
    payload: PhantomData<fn() -> T>,
}

/// The reason why a webhook's request was rejected.
///
/// Neither `Display` nor `Debug` shows a secret, a digest or a value of the body.
#[derive(Debug)]
pub struct WebhookError {
    webhook: &'static str,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Missing { header: &'static str },
    Repeated { header: &'static str, n_values: usize },
    Malformed { header: &'static str, prefix: &'static str, encoding: &'static str },
    Mismatch { header: &'static str },
    NoSecret,
    Unverifiable { what: String },
    Misfit { pointer: String, what: String },
}

/// Verifies `body` by the signature in its header.
///
/// * `secrets`: the valid secrets. While one is being replaced, they are the old and the new.
/// * `header`: returns all values of a header, ignoring case. With `http`'s `HeaderMap` it is
///   `|name| headers.get_all(name)`.
/// * `body`: the bytes as received.
///
/// # Errors
///
/// See the predicates of [`WebhookError`].
pub fn verify<'b, T, I>(
    webhook: &Webhook,
    secrets: &[Secret],
    header: impl FnOnce(&'static str) -> I,
    body: &'b [u8],
) -> Result<Verified<'b, T>, WebhookError>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    check(webhook, secrets, header, body)
        .map_err(|reason| WebhookError { webhook: webhook.id, reason })?;
    Ok(Verified { webhook: webhook.id, body, payload: PhantomData })
}

fn check<I>(
    webhook: &Webhook,
    secrets: &[Secret],
    header: impl FnOnce(&'static str) -> I,
    body: &[u8],
) -> Result<(), Reason>
where
    I: IntoIterator,
    I::Item: AsRef<[u8]>,
{
    let signature =
        webhook.signature.ok_or_else(|| unverifiable("the spec declares no signature for it"))?;
    let is_digest = row(&ALGORITHMS, signature.algorithm)?;
    let message = row(&MESSAGES, signature.over)?;
    let read = row(&DECODINGS, signature.encoding)?;
    // Anyone can compute a digest with an empty key.
    if secrets.is_empty() || secrets.iter().any(|secret| secret.expose().is_empty()) {
        return Err(Reason::NoSecret);
    }
    let Signature { header: name, prefix, encoding, .. } = signature;
    let values: Vec<I::Item> = header(name).into_iter().collect();
    let value = match values.as_slice() {
        [] => return Err(Reason::Missing { header: name }),
        [one] => one.as_ref().trim_ascii(),
        many => return Err(Reason::Repeated { header: name, n_values: many.len() }),
    };
    let digest =
        value.strip_prefix(prefix.as_bytes()).filter(|text| text.len() <= MAX_HEADER_BYTES);
    let digest =
        digest.and_then(read).ok_or(Reason::Malformed { header: name, prefix, encoding })?;
    let message = message(body);
    let fits = |secret: &Secret| is_digest(secret.expose().as_bytes(), &message, &digest);
    match secrets.iter().fold(false, |is_right, secret| is_right | fits(secret)) {
        true => Ok(()),
        false => Err(Reason::Mismatch { header: name }),
    }
}

/// Returns the row of a table that a word of the client's table selects.
fn row<T: Copy>(rows: &[(&str, T)], word: &str) -> Result<T, Reason> {
    let found = rows.iter().find(|(known, _)| *known == word);
    found
        .map(|&(_, row)| row)
        .ok_or_else(|| unverifiable(&format!("`{word}` in its signature is unknown")))
}

fn unverifiable(what: &str) -> Reason {
    Reason::Unverifiable { what: what.to_owned() }
}

fn is_digest<M: Mac + KeyInit>(key: &[u8], message: &[u8], digest: &[u8]) -> bool {
    // In constant time except for the length, which is not secret.
    M::new_from_slice(key).is_ok_and(|mac| mac.chain_update(message).verify_slice(digest).is_ok())
}

impl<'b, T> Verified<'b, T> {
    /// Returns the bytes as received.
    #[must_use]
    pub fn body(&self) -> &'b [u8] {
        self.body
    }
}

impl<T: DeserializeOwned> Verified<'_, T> {
    /// Decodes the body.
    ///
    /// # Errors
    ///
    /// Returns an error if the body does not fit the spec ([`WebhookError::is_body`]).
    pub fn parse(&self) -> Result<T, WebhookError> {
        let text = std::str::from_utf8(self.body)
            .map_err(|_| Misfit { pointer: String::new(), what: "not UTF-8".into() });
        text.and_then(|text| decode(text, "")).map_err(|Misfit { pointer, what }| WebhookError {
            webhook: self.webhook,
            reason: Reason::Misfit { pointer, what },
        })
    }
}

impl<T> fmt::Debug for Verified<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("webhook", &self.webhook)
            .field("n_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl WebhookError {
    /// Returns whether the signature is missing or wrong, so that the sender is unknown. A server
    /// answers 401.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        match &self.reason {
            Reason::Missing { .. } | Reason::Repeated { .. } => true,
            Reason::Malformed { .. } | Reason::Mismatch { .. } => true,
            Reason::NoSecret | Reason::Unverifiable { .. } | Reason::Misfit { .. } => false,
        }
    }

    /// Returns whether the signature is valid but the body does not fit the spec. A server answers
    /// with success, or 400.
    #[must_use]
    pub fn is_body(&self) -> bool {
        self.pointer().is_some()
    }

    /// Returns whether nothing can be verified: there is no secret or an empty one, or this version
    /// does not support the kind of signature. A server answers 500.
    #[must_use]
    pub fn is_setup(&self) -> bool {
        match &self.reason {
            Reason::NoSecret | Reason::Unverifiable { .. } => true,
            Reason::Missing { .. } | Reason::Repeated { .. } | Reason::Malformed { .. } => false,
            Reason::Mismatch { .. } | Reason::Misfit { .. } => false,
        }
    }

    /// Returns the JSON Pointer to the place in the body that does not fit. `Some("")` is the whole
    /// body.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        match &self.reason {
            Reason::Misfit { pointer, .. } => Some(pointer),
            Reason::Missing { .. } | Reason::Repeated { .. } | Reason::Malformed { .. } => None,
            Reason::Mismatch { .. } | Reason::NoSecret | Reason::Unverifiable { .. } => None,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", self.webhook)?;
        match &self.reason {
            Reason::Missing { header } => write!(f, "the header `{header}` is missing"),
            Reason::Repeated { header, n_values } => {
                write!(f, "the header `{header}` came {n_values} times")
            }
            Reason::Malformed { header, prefix, encoding } => {
                write!(
                    f,
                    "the header `{header}` is not `{prefix}` followed by a digest in {encoding}"
                )
            }
            Reason::Mismatch { header } => {
                write!(
                    f,
                    "the digest in the header `{header}` was made with another secret or from another body"
                )
            }
            Reason::NoSecret => f.write_str("no secret or an empty one was given"),
            Reason::Unverifiable { what } => write!(f, "it can't be verified: {what}"),
            Reason::Misfit { pointer, what } if pointer.is_empty() => {
                write!(f, "the body does not fit: {what}")
            }
            Reason::Misfit { pointer, what } => {
                write!(f, "the body does not fit at `{pointer}`: {what}")
            }
        }
    }
}

impl std::error::Error for WebhookError {}

#[cfg(test)]
mod tests;
