//! Turns PEM text into the certificates that a connection trusts in addition to the system's.
//!
//! An additional certificate makes more servers trusted, but no check is relaxed: names, dates and
//! signatures are verified as usual, and nothing in this crate can disable that.

use std::fmt;

use reqwest::ClientBuilder;

use crate::error::Error;

/// The certificates of private authorities, as given.
#[derive(Clone, Default)]
pub(crate) struct Roots(Vec<Vec<u8>>);

impl Roots {
    /// Adds the PEM text of one or more certificates.
    pub(crate) fn push(&mut self, pem: &[u8]) {
        self.0.push(pem.to_owned());
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
        let built = http.build();
        built.map_err(|_| match certificates.iter().position(is_refused) {
            Some(idx) => unusable(idx + 1),
            None => unbuildable(),
        })
    }

    /// Builds a client without TLS.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn build(&self, http: ClientBuilder, _: bool) -> Result<reqwest::Client, Error> {
        if !self.0.is_empty() {
            return Err(Error::invalid(
                "a root certificate is set, but the client was compiled without TLS: \
                 enable its feature `rustls` or `native-tls`",
            ));
        }
        http.build().map_err(|_| unbuildable())
    }

    /// Returns all certificates in the order in which they were given.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    fn read(&self) -> Result<Vec<reqwest::Certificate>, Error> {
        let mut certificates = Vec::new();
        for pem in &self.0 {
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

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The owners of the certificates are private.
        f.debug_tuple("Roots").field(&self.0.len()).finish()
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
