//! Turns PEM text into the certificates of a connection: those that it trusts in addition to the
//! system's, and the one by which the caller proves who it is.
//!
//! An additional certificate makes more servers trusted, but no check is relaxed: names, dates and
//! signatures are verified as usual, and nothing in this crate can disable that.

#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod identity;

use std::fmt;

use reqwest::ClientBuilder;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use secrecy::ExposeSecret as _;
use secrecy::SecretSlice;

use crate::error::Error;

/// Certificates, as given.
#[derive(Clone, Default)]
pub(crate) struct Certificates {
    /// Those of private authorities.
    roots: Vec<Vec<u8>>,
    /// The caller's own certificate with its key. Wiped on drop.
    identity: Option<SecretSlice<u8>>,
}

impl Certificates {
    /// Adds the PEM text of one or more certificates of authorities.
    pub(crate) fn add_root(&mut self, pem: &[u8]) {
        self.roots.push(pem.to_owned());
    }

    /// Sets the PEM text of the caller's certificate and its key.
    pub(crate) fn set_identity(&mut self, pem: &[u8]) {
        self.identity = Some(pem.to_owned().into());
    }

    pub(crate) fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    pub(crate) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// Builds a client that trusts the certificates and requires at least TLS 1.2.
    ///
    /// A client that never speaks TLS does not read the system's certificates, which takes longer
    /// than a call on this machine.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) fn build(
        &self,
        http: ClientBuilder,
        may_speak_tls: bool,
    ) -> Result<reqwest::Client, Error> {
        let certificates = self.read()?;
        let http = http.tls_version_min(reqwest::tls::Version::TLS_1_2);
        let http = match may_speak_tls {
            true => http.tls_certs_merge(certificates.iter().cloned()),
            false => http.tls_certs_only(certificates.iter().cloned()),
        };
        let http = match &self.identity {
            Some(pem) => identity::add(http, pem.expose_secret())?,
            None => http,
        };
        let built = http.build();
        built.map_err(|_| match certificates.iter().position(is_refused) {
            Some(idx) => unusable(idx + 1),
            None if self.has_identity() => identity::refused(),
            None => unbuildable(),
        })
    }

    /// Builds a client without TLS.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn build(&self, http: ClientBuilder, _: bool) -> Result<reqwest::Client, Error> {
        let what = match (self.has_identity(), self.has_roots()) {
            (true, _) => "an identity",
            (false, true) => "a root certificate",
            (false, false) => return http.build().map_err(|_| unbuildable()),
        };
        Err(Error::invalid(format!(
            "{what} is set, but the client was compiled without TLS: \
             enable its feature `rustls` or `native-tls`"
        )))
    }

    /// Returns all certificates of authorities in the order in which they were given.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    fn read(&self) -> Result<Vec<reqwest::Certificate>, Error> {
        let mut certificates = Vec::new();
        for pem in &self.roots {
            let mut n_blocks = 0;
            for block in blocks(pem) {
                n_blocks += 1;
                let number = certificates.len() + 1;
                match reqwest::Certificate::from_pem_bundle(block) {
                    Ok(read) if read.len() == 1 => certificates.extend(read),
                    Ok(_) | Err(_) => return Err(unusable(number)),
                }
            }
            if n_blocks == 0 {
                return Err(Error::invalid(format!(
                    "a root certificate is not PEM text: it has no line `{}`",
                    String::from_utf8_lossy(BEGIN)
                )));
            }
        }
        Ok(certificates)
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The owners of the certificates are private.
        f.debug_tuple("Certificates").field(&self.roots.len()).finish()
    }
}

fn unbuildable() -> Error {
    Error::invalid("the HTTP client can't be set up on this machine")
}

/// The first line of a certificate in PEM.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn unusable(number: usize) -> Error {
    Error::invalid(format!(
        "root certificate {number}, counted over all that are set, can't be read: expected X.509 as PEM"
    ))
}

/// Returns whether TLS refuses a certificate that parses. This is found by using it alone.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn is_refused(certificate: &reqwest::Certificate) -> bool {
    reqwest::Client::builder().tls_certs_only([certificate.clone()]).build().is_err()
}

/// Splits PEM text into its certificates. Text before the first one is ignored.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn blocks(pem: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = |pem: &[u8]| pem.windows(BEGIN.len()).position(|window| window == BEGIN);
    let mut rest = starts(pem).and_then(|start| pem.get(start..)).unwrap_or_default();
    std::iter::from_fn(move || {
        let after = rest.get(BEGIN.len()..)?;
        let end = starts(after).map_or(rest.len(), |idx| BEGIN.len() + idx);
        let (block, next) = rest.split_at(end);
        rest = next;
        Some(block)
    })
}
