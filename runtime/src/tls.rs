//! PEM text to the certificates that a connection trusts beside the system's.
//!
//! A certificate that is given here is one more reason to trust a server, and
//! never one to look less closely: names, dates and signatures are checked as
//! ever, and nothing in this crate can switch that off.

use std::fmt;

use reqwest::ClientBuilder;

use crate::error::Error;

/// Certificates of private authorities, as they were given.
#[derive(Clone, Default)]
pub(crate) struct Roots(Vec<Vec<u8>>);

impl Roots {
    /// Takes in the text of one certificate, or of many.
    pub(crate) fn push(&mut self, pem: &[u8]) {
        self.0.push(pem.to_owned());
    }

    /// Makes a client that trusts them, and speaks no TLS that is older than 1.2.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(crate) fn build(&self, http: ClientBuilder) -> Result<reqwest::Client, Error> {
        let certificates = self.read()?;
        let http = http.tls_version_min(reqwest::tls::Version::TLS_1_2);
        let built = http.tls_certs_merge(certificates.iter().cloned()).build();
        built.map_err(|_| match certificates.iter().position(is_refused) {
            Some(idx) => unusable(idx + 1),
            None => unbuildable(),
        })
    }

    /// Makes a client that has no TLS.
    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(crate) fn build(&self, http: ClientBuilder) -> Result<reqwest::Client, Error> {
        if !self.0.is_empty() {
            return Err(Error::invalid(
                "a root certificate is set, but the client was compiled without TLS: \
                 enable its feature `rustls` or `native-tls`",
            ));
        }
        http.build().map_err(|_| unbuildable())
    }

    /// All certificates, in the order in which they were given.
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
                    "a root certificate is no PEM text: it has no line `{}`",
                    String::from_utf8_lossy(BEGIN)
                )));
            }
        }
        Ok(certificates)
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whose they are is nobody's business.
        f.debug_tuple("Roots").field(&self.0.len()).finish()
    }
}

fn unbuildable() -> Error {
    Error::invalid("the HTTP client can't be set up on this machine")
}

/// How a certificate begins in PEM.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn unusable(number: usize) -> Error {
    Error::invalid(format!(
        "root certificate {number}, counted over all that are set, can't be read: expected X.509 as PEM"
    ))
}

/// A certificate that parses and that TLS still does not take is found by taking it alone.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn is_refused(certificate: &reqwest::Certificate) -> bool {
    reqwest::Client::builder().tls_certs_only([certificate.clone()]).build().is_err()
}

/// Each certificate, from its first line to the first of the next; what stands before the first is no part of any.
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
