//! Holds a credential, which enters a client once and leaves it only through the socket.
//!
//! No trait of `Secret` reveals its text. Its `Debug` output is redacted, and it implements neither
//! `Display`, `Serialize` nor `PartialEq`. Its memory is wiped on drop.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A token, a password or a key that can't be printed.
///
/// ```
/// let token = prumo_runtime::Secret::from("k3y");
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Returns the text, for the code that writes it to the socket.
    #[doc(hidden)]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self::new(text.as_str())
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_is_closed_in_every_form() {
        let secret = Secret::new("alfa-key");
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        assert_eq!(format!("{secret:#?}"), "Secret(***)");
        assert_eq!(secret.expose(), "alfa-key");
    }
}
