//! Builds the signed assertion by which an application proves itself (`private_key_jwt`, RFC 7523).

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::json;

use crate::clock::Boxed;
use crate::credentials::CredentialError;
use crate::secret::Secret;

/// Time for which an assertion is valid.
const LIFE: Duration = Duration::from_secs(120);

/// Signs assertions: with a key in this process, in a device or at a service.
///
/// With the feature `oauth`, `SigningKey` is one for a key in PEM.
pub trait AssertionSigner: Send + Sync {
    /// Returns the algorithm's name in JSON Web Signatures, such as `PS256`.
    fn algorithm(&self) -> &str;

    /// Returns the key's name (`kid`), if the authorization server wants one.
    fn key_id(&self) -> Option<&str> {
        None
    }

    /// Signs `message`. The signature is as in JSON Web Signatures: for `ES256`, the two numbers of
    /// 32 bytes each.
    fn sign<'a>(&'a self, message: &'a [u8]) -> Boxed<'a, Result<Vec<u8>, CredentialError>>;
}

/// Returns an assertion of the application `id` for the server `audience`.
pub(crate) async fn assertion(
    signer: &dyn AssertionSigner,
    id: &str,
    audience: &str,
    unix: Duration,
) -> Result<Secret, CredentialError> {
    let mut header = json!({"alg": signer.algorithm(), "typ": "JWT"});
    if let Some(key_id) = signer.key_id() {
        header["kid"] = key_id.into();
    }
    let claims = json!({
        "iss": id,
        "sub": id,
        "aud": audience,
        "jti": format!("{:032x}", fastrand::u128(..)),
        "iat": unix.as_secs(),
        "exp": (unix + LIFE).as_secs(),
    });
    let part = |part: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = signer.sign(message.as_bytes()).await?;
    Ok(Secret::new(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))))
}
