//! A secret inside a body, which is text on the wire and printed nowhere.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secret::Secret;

/// A string of the format `password`: a password, a key, an access token.
///
/// It is serialized like any text, but its `Debug` output is redacted and it has no `Display`. It
/// converts into a [`Secret`], so an access token from a response can be given to a client.
///
/// ```
/// let password = prumo_runtime::Password::from("k3y");
/// assert_eq!(format!("{password:?}"), "Password(***)");
/// ```
#[derive(Clone)]
pub struct Password(Secret);

impl Password {
    /// Returns the text.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Password {
    fn from(text: &String) -> Self {
        Self(text.into())
    }
}

impl From<Secret> for Password {
    fn from(secret: Secret) -> Self {
        Self(secret)
    }
}

impl From<Password> for Secret {
    fn from(password: Password) -> Self {
        password.0
    }
}

impl From<&Password> for Secret {
    fn from(password: &Password) -> Self {
        password.0.clone()
    }
}

impl PartialEq for Password {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Password {}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        String::deserialize(json).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::Password;
    use crate::secret::Secret;

    #[test]
    fn it_is_text_on_the_wire_and_closed_elsewhere() {
        let json = r#""k3y\n\"""#;
        let password: Password = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&password).unwrap(), json);
        assert_eq!(format!("{password:?} {password:#?}"), "Password(***) Password(***)");
        assert_eq!(password, Password::from("k3y\n\""));
        assert_eq!(Secret::from(&password).expose(), "k3y\n\"");
    }
}
