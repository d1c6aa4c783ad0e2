//! Signs assertions with a private key in PEM.
//!
//! Invariant: no error and no `Debug` output contains any of the key.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
};
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::AssertionSigner;
use crate::clock::Boxed;
use crate::credentials::CredentialError;
use crate::error::Error;
use crate::pem::{self, Block};

/// A private key that signs assertions: `PS256` or `RS256` with RSA, `ES256` with the curve P-256.
///
/// ```no_run
/// use prumo_runtime::{OAuthClient, SigningKey};
///
/// # fn key(pem: &str) -> Result<(), prumo_runtime::Error> {
/// let key = SigningKey::from_pem(pem)?.key_id("my-key");
/// let client = OAuthClient::new("my-application").signer(key);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SigningKey {
    key: Arc<Key>,
    is_pkcs1: bool,
    id: Option<String>,
}

enum Key {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl SigningKey {
    /// Reads a private key: PKCS #8, PKCS #1 or SEC 1 as PEM, without a password.
    ///
    /// # Errors
    ///
    /// Returns an error if the text has no such key, or more than one.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, Error> {
        let invalid = |why: &str| Error::invalid(format!("the signing key {why}"));
        let blocks = pem::blocks(pem.as_ref());
        let mut keys = blocks.iter().filter(|block| block.is_key());
        let block = match (keys.next(), keys.next()) {
            (Some(block), None) => block,
            (None, _) => return Err(invalid("is not PEM text with a private key")),
            (Some(_), Some(_)) => return Err(invalid("is one of several in the PEM text")),
        };
        if block.is_encrypted() {
            return Err(invalid(
                "is encrypted: decrypt it with `openssl pkey -in encrypted.pem -out key.pem`",
            ));
        }
        let key = der(block).and_then(|der| read(&der));
        let key = key.ok_or_else(|| {
            invalid("can't be read: expected RSA of at least 2048 bits, or the curve P-256")
        })?;
        Ok(Self { key: Arc::new(key), is_pkcs1: false, id: None })
    }

    /// Signs with `RS256` in place of `PS256`, if the key is RSA.
    pub fn rs256(mut self) -> Self {
        self.is_pkcs1 = true;
        self
    }

    /// Sets the key's name at the authorization server (`kid`).
    pub fn key_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, CredentialError> {
        let (random, failed) = (SystemRandom::new(), |_| "the signing key can't sign");
        match &*self.key {
            Key::P256(key) => Ok(key.sign(&random, message).map_err(failed)?.as_ref().to_vec()),
            Key::Rsa(key) => {
                let encoding = if self.is_pkcs1 { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 };
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(encoding, &random, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

/// Returns the bytes of a block.
fn der(block: &Block<'_>) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(block.text).ok()?;
    let text: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(str::split_whitespace)
        .collect();
    BASE64_STANDARD.decode(text).ok()
}

fn read(der: &[u8]) -> Option<Key> {
    let rsa = RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der)).ok();
    let p256 = || {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::from_pkcs8(algorithm, der);
        key.or_else(|_| EcdsaKeyPair::from_private_key_der(algorithm, der)).ok()
    };
    rsa.map(Key::Rsa).or_else(|| p256().map(Key::P256))
}

impl AssertionSigner for SigningKey {
    fn algorithm(&self) -> &str {
        match &*self.key {
            Key::P256(_) => "ES256",
            Key::Rsa(_) if self.is_pkcs1 => "RS256",
            Key::Rsa(_) => "PS256",
        }
    }

    fn key_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> Boxed<'a, Result<Vec<u8>, CredentialError>> {
        Box::pin(std::future::ready(self.signature(message)))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}
