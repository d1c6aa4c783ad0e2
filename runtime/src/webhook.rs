//! What a vendor posts to its customer's server, to a proof that it is the
//! vendor's, to a typed value.
//!
//! How a vendor signs is a row of its table, [`Signature`]; the words that a row
//! may hold are the tables here.
//!
//! Invariants:
//!
//! * What is verified are the bytes as they came, before anything reads them:
//!   JSON that is parsed and written again is another text.
//! * Digests are compared in constant time, and every secret is tried.
//! * Neither a secret nor a digest, be it right or wrong, is in an error or a `Debug`.

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

/// Most bytes of a header that is looked at. The longest digest has 64.
const MAX_HEADER_BYTES: usize = 256;

/// Whether the digest of a message with a key is the one given.
type Check = fn(key: &[u8], message: &[u8], digest: &[u8]) -> bool;
const ALGORITHMS: [(&str, Check); 2] =
    [("hmac-sha1", is_digest::<Hmac<Sha1>>), ("hmac-sha256", is_digest::<Hmac<Sha256>>)];

/// What the digest is made of.
type Message = fn(body: &[u8]) -> Cow<'_, [u8]>;
const MESSAGES: [(&str, Message); 2] = [
    ("body", |body| Cow::Borrowed(body)),
    ("base64-of-body", |body| Cow::Owned(BASE64_STANDARD.encode(body).into_bytes())),
];

/// How the digest is written.
type Decoding = fn(text: &[u8]) -> Option<Vec<u8>>;
const DECODINGS: [(&str, Decoding); 2] = [("hex", from_hex), ("base64", from_base64)];

/// A body whose signature is right: proof that whoever sent it has the secret.
///
/// It is not proof that it was sent just now, or once: a signature that says
/// nothing of the time is as good when the same bytes come again. A receiver
/// does well to take a notification for a hint and to read what changed.
pub struct Verified<'b, T> {
    webhook: &'static str,
    body: &'b [u8],
    payload: PhantomData<fn() -> T>,
}

/// Why a call of a webhook was not taken.
///
/// Neither its `Display` nor its `Debug` holds a secret, a digest or a value of the body.
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
/// * `secrets`: those that count; while one is being replaced, the old and the new.
/// * `header`: looks all values of a header up, without regard to case.
///   With `http`'s `HeaderMap` it is `|name| headers.get_all(name)`.
/// * `body`: the bytes as they came.
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
    check(webhook, secrets, header, body).map_err(|reason| WebhookError { webhook: webhook.id, reason })?;
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
    let signature = webhook.signature.ok_or_else(|| unverifiable("the spec knows no signature of it"))?;
    let is_digest = row(&ALGORITHMS, signature.algorithm)?;
    let message = row(&MESSAGES, signature.over)?;
    let read = row(&DECODINGS, signature.encoding)?;
    // With an empty key anybody can make the digest.
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
    let digest = value.strip_prefix(prefix.as_bytes()).filter(|text| text.len() <= MAX_HEADER_BYTES);
    let digest = digest.and_then(read).ok_or(Reason::Malformed { header: name, prefix, encoding })?;
    let message = message(body);
    let fits = |secret: &Secret| is_digest(secret.expose().as_bytes(), &message, &digest);
    match secrets.iter().fold(false, |is_right, secret| is_right | fits(secret)) {
        true => Ok(()),
        false => Err(Reason::Mismatch { header: name }),
    }
}

/// The row of a table that a word of the client's table names.
fn row<T: Copy>(rows: &[(&str, T)], word: &str) -> Result<T, Reason> {
    let found = rows.iter().find(|(known, _)| *known == word);
    found.map(|&(_, row)| row).ok_or_else(|| unverifiable(&format!("`{word}` of its signature is unknown")))
}

fn unverifiable(what: &str) -> Reason {
    Reason::Unverifiable { what: what.to_owned() }
}

fn is_digest<M: Mac + KeyInit>(key: &[u8], message: &[u8], digest: &[u8]) -> bool {
    // In constant time, but for the length, which is no secret.
    M::new_from_slice(key).is_ok_and(|mac| mac.chain_update(message).verify_slice(digest).is_ok())
}

impl<'b, T> Verified<'b, T> {
    /// The bytes as they came.
    #[must_use]
    pub fn body(&self) -> &'b [u8] {
        self.body
    }
}

impl<T: DeserializeOwned> Verified<'_, T> {
    /// What the vendor said.
    ///
    /// # Errors
    ///
    /// The body is not what the spec promises ([`WebhookError::is_body`]).
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
    /// There is no signature, or not the right one: whoever sent this is not known
    /// to have the secret. A server answers 401.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        match &self.reason {
            Reason::Missing { .. } | Reason::Repeated { .. } => true,
            Reason::Malformed { .. } | Reason::Mismatch { .. } => true,
            Reason::NoSecret | Reason::Unverifiable { .. } | Reason::Misfit { .. } => false,
        }
    }

    /// The signature is right, and the body not what the spec promises. A server
    /// answers as if it had taken it, or 400.
    #[must_use]
    pub fn is_body(&self) -> bool {
        self.pointer().is_some()
    }

    /// Nothing can be verified: no secret was given or an empty one, or the
    /// signature is of a kind that this version does not know. A server answers 500.
    #[must_use]
    pub fn is_setup(&self) -> bool {
        match &self.reason {
            Reason::NoSecret | Reason::Unverifiable { .. } => true,
            Reason::Missing { .. } | Reason::Repeated { .. } | Reason::Malformed { .. } => false,
            Reason::Mismatch { .. } | Reason::Misfit { .. } => false,
        }
    }

    /// JSON Pointer to the place in the body that does not fit. `Some("")` is the
    /// body as a whole.
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
            Reason::Repeated { header, n_values } => write!(f, "the header `{header}` came {n_values} times"),
            Reason::Malformed { header, prefix, encoding } => {
                write!(f, "the header `{header}` is not `{prefix}` and a digest in {encoding}")
            }
            Reason::Mismatch { header } => {
                write!(f, "the digest in the header `{header}` is of another secret, or of another body")
            }
            Reason::NoSecret => f.write_str("no secret was given, or an empty one"),
            Reason::Unverifiable { what } => write!(f, "it can't be verified: {what}"),
            Reason::Misfit { pointer, what } if pointer.is_empty() => {
                write!(f, "the body does not fit: {what}")
            }
            Reason::Misfit { pointer, what } => write!(f, "the body does not fit at `{pointer}`: {what}"),
        }
    }
}

impl std::error::Error for WebhookError {}

#[cfg(test)]
mod tests;
