//! Classifies an error of the HTTP client by what it says about the connection.
//!
//! A browser reveals nothing about its connections, so on `wasm32` every answer is negative.

use std::error::Error as _;

/// Returns whether the connection could not be opened, so that the vendor never saw the request.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// Returns `false`, because the vendor may have seen the request.
#[cfg(target_arch = "wasm32")]
pub(super) fn is_connect(_: &reqwest::Error) -> bool {
    false
}

/// Returns whether the host name could not be resolved.
///
/// The system's error has no kind of its own for this, so the message of the layer above it
/// decides.
pub(super) fn is_unknown_host(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    is_connect(error) && causes.any(|cause| cause.to_string() == "dns error")
}

/// Describes why the server's certificate was refused, if that is why the connection failed.
#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
pub(super) fn certificate_error(error: &reqwest::Error) -> Option<&'static str> {
    use rustls::CertificateError;

    let rustls::Error::InvalidCertificate(error) = tls_error(error)? else {
        return None;
    };
    Some(match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name"
        }
        CertificateError::Revoked => "it is revoked",
        CertificateError::BadSignature => "the authority that it names did not sign it",
        CertificateError::UnknownIssuer => {
            "no trusted authority signed it; \
             `.root_certificate(…)` on the client builder trusts a private authority"
        }
        _ => "it can't be verified",
    })
}

/// Returns whether the server refused the caller's certificate, or wants one.
#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
pub(super) fn is_identity_refused(error: &reqwest::Error) -> bool {
    use rustls::AlertDescription as Alert;

    let Some(rustls::Error::AlertReceived(alert)) = tls_error(error) else { return false };
    matches!(
        alert,
        Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::DecryptError
    )
}

/// Returns `false`, because only rustls says what the server found of a certificate.
#[cfg(not(all(feature = "rustls", not(target_arch = "wasm32"))))]
pub(super) fn is_identity_refused(_: &reqwest::Error) -> bool {
    false
}

/// Returns `None`, because only rustls says why a certificate was refused.
#[cfg(not(all(feature = "rustls", not(target_arch = "wasm32"))))]
pub(super) fn certificate_error(_: &reqwest::Error) -> Option<&'static str> {
    None
}

/// Finds the TLS error below `error`. An `io::Error` holds its inner error without returning it as
/// its source.
#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(held) => tls_error(held),
        None => tls_error(error.source()?),
    }
}
