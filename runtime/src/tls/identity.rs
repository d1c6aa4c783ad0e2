//! Turns PEM text into the certificate by which the caller proves who it is (mutual TLS).
//!
//! Invariant: no error contains any of the text.

use reqwest::{ClientBuilder, Identity};

use crate::error::Error;
use crate::pem::{self, Block};

/// Adds the caller's certificate and its key to a client.
pub(super) fn add(http: ClientBuilder, pem: &[u8]) -> Result<ClientBuilder, Error> {
    let blocks = pem::blocks(pem);
    check(&blocks)?;
    let (keys, certificates): (Vec<&Block<'_>>, Vec<_>) = blocks
        .iter()
        .filter(|block| block.is_key() || block.label == CERTIFICATE)
        .partition(|block| block.is_key());
    let text = |blocks: &[&Block<'_>]| {
        blocks.iter().flat_map(|block| [block.text, b"\n"]).flatten().copied().collect::<Vec<u8>>()
    };
    let identity = read(&text(&certificates), &text(&keys));
    Ok(with_backend(http).identity(identity.map_err(|_| unreadable(&keys))?))
}

/// Label of a certificate.
const CERTIFICATE: &str = "CERTIFICATE";

/// Returns the error for a key that does not fit its certificate.
pub(super) fn refused() -> Error {
    Error::invalid("the identity can't be used: its key does not fit its first certificate")
}

fn check(blocks: &[Block<'_>]) -> Result<(), Error> {
    let invalid = |why: &str| Err(Error::invalid(format!("the identity {why}")));
    if blocks.is_empty() {
        return invalid("is not PEM text: it has no line `-----BEGIN …-----`");
    }
    if blocks.iter().any(Block::is_encrypted) {
        return invalid(
            "has an encrypted key: decrypt it with `openssl pkey -in encrypted.pem -out key.pem`",
        );
    }
    if !blocks.iter().any(|block| block.label == CERTIFICATE) {
        return invalid("has no certificate, only a key: put both into the PEM text");
    }
    match blocks.iter().filter(|block| block.is_key()).count() {
        0 => invalid("has no private key, only a certificate: put both into the PEM text"),
        1 => Ok(()),
        _ => invalid("has more than one private key"),
    }
}

/// Returns the error for a certificate or a key that can't be read.
fn unreadable(keys: &[&Block<'_>]) -> Error {
    let is_older = keys.iter().any(|key| key.label != "PRIVATE KEY");
    Error::invalid(match is_older && cfg!(feature = "native-tls") {
        true => {
            "the identity's key is not PKCS #8, which the feature `native-tls` needs: \
             convert it with `openssl pkcs8 -topk8 -nocrypt -in key.pem`"
        }
        false => {
            "the identity can't be read: expected certificates as X.509 and one private key, as PEM"
        }
    })
}

/// Reads an identity for the TLS library that the client uses.
#[cfg(feature = "native-tls")]
fn read(certificates: &[u8], key: &[u8]) -> reqwest::Result<Identity> {
    Identity::from_pkcs8_pem(certificates, key)
}

/// Reads an identity for the TLS library that the client uses.
#[cfg(not(feature = "native-tls"))]
fn read(certificates: &[u8], key: &[u8]) -> reqwest::Result<Identity> {
    Identity::from_pem(&[key, certificates].concat())
}

/// Selects the TLS library that the identity is for, whichever others the program links.
#[cfg(feature = "native-tls")]
fn with_backend(http: ClientBuilder) -> ClientBuilder {
    http.tls_backend_native()
}

/// Selects the TLS library that the identity is for, whichever others the program links.
#[cfg(not(feature = "native-tls"))]
fn with_backend(http: ClientBuilder) -> ClientBuilder {
    http.tls_backend_rustls()
}
