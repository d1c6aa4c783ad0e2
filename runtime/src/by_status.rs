//! Reads an answer whose kind depends on its status: JSON, no body, or bytes.
//!
//! Invariant: an answer is read only in the way of its own status, never by trying another one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::decode::{Misfit, decode};
use crate::extra::to_value;
use crate::stream::ByteStream;

/// Decodes a payload at a place of the response.
type Read<T> = Box<dyn FnOnce(&str, &'static str) -> Result<T, Misfit> + Send>;

/// The way to read the answer of one status.
pub struct Way<T>(pub(crate) Kind<T>);

pub(crate) enum Kind<T> {
    Json(Read<T>),
    Empty(T),
    Bytes(fn(ByteStream) -> T),
}

impl<T: 'static> Way<T> {
    /// Reads JSON, which `wrap` turns into the answer.
    pub fn json<J: DeserializeOwned + 'static>(wrap: fn(J) -> T) -> Self {
        Self(Kind::Json(Box::new(move |text, prefix| decode(text, prefix).map(wrap))))
    }

    /// Reads no body.
    pub fn empty(answer: T) -> Self {
        Self(Kind::Empty(answer))
    }

    /// Hands the body over as a stream.
    pub fn bytes(wrap: fn(ByteStream) -> T) -> Self {
        Self(Kind::Bytes(wrap))
    }
}

/// A type with a variant for each status of an operation's success.
pub trait ByStatus: Sized + 'static {
    /// Whether an answer may be bytes.
    const HAS_BYTES: bool;

    /// Returns how the answer of `status` is read.
    fn way(status: u16) -> Way<Self>;

    /// Returns the content.
    fn content(self) -> Content;
}

/// The content of an answer, for tools.
pub enum Content {
    /// The value as JSON, or `None` if it can't be written as JSON.
    Json(Option<Value>),
    /// No body.
    Empty,
    /// A body that is not decoded.
    Bytes(ByteStream),
}

impl Content {
    /// Writes a value as JSON.
    pub fn json(value: &impl Serialize) -> Self {
        Self::Json(to_value(value).ok())
    }
}

/// Returns whether a status is meant by a key of the spec: `200`, `2XX` or `default`.
#[must_use]
pub fn is_status(key: &str, status: u16) -> bool {
    match key.strip_suffix("XX") {
        Some(class) => class.parse() == Ok(status / 100),
        None => key == "default" || key.parse() == Ok(status),
    }
}

/// Makes the type of an operation's answers; each line is a status and how its answer is read.
///
/// The most specific status comes first.
#[doc(hidden)]
#[macro_export]
macro_rules! by_status {
    (
        $(#[$docs:meta])*
        pub enum $name:ident($has_bytes:literal), else $other:ident {
            $($status:literal $kind:ident $variant:ident $(($target:ty))?,)*
        }
    ) => {
        $(#[$docs])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = ::std::concat!("The answer of status ", $status, ".")]
                $variant $(($target))?,
            )*
            /// The answer of a status that the spec does not promise.
            $other($crate::ByteStream),
        }

        impl $crate::by_status::ByStatus for $name {
            const HAS_BYTES: bool = $has_bytes;

            fn way(status: u16) -> $crate::by_status::Way<Self> {
                $(if $crate::by_status::is_status($status, status) {
                    return $crate::by_status!(@way $kind Self::$variant);
                })*
                $crate::by_status::Way::bytes(Self::$other)
            }

            fn content(self) -> $crate::by_status::Content {
                match self {
                    $($crate::by_status!(@pattern $kind $variant content) => {
                        $crate::by_status!(@content $kind content)
                    })*
                    Self::$other(content) => $crate::by_status::Content::Bytes(content),
                }
            }
        }
    };
    (@way json $variant:expr) => { $crate::by_status::Way::json($variant) };
    (@way bytes $variant:expr) => { $crate::by_status::Way::bytes($variant) };
    (@way empty $variant:expr) => { $crate::by_status::Way::empty($variant) };
    (@pattern empty $variant:ident $content:ident) => { Self::$variant };
    (@pattern $kind:ident $variant:ident $content:ident) => { Self::$variant($content) };
    (@content json $content:ident) => { $crate::by_status::Content::json(&$content) };
    (@content bytes $content:ident) => { $crate::by_status::Content::Bytes($content) };
    (@content empty $content:ident) => { $crate::by_status::Content::Empty };
}

#[cfg(test)]
mod tests {
    use super::is_status;

    #[test]
    fn a_key_of_the_spec_means_one_status_or_many() {
        let rows = [
            ("200", 200, true),
            ("200", 201, false),
            ("2XX", 204, true),
            ("2XX", 304, false),
            ("default", 207, true),
        ];
        for (key, status, expect) in rows {
            assert_eq!(is_status(key, status), expect, "`{key}` and {status}");
        }
    }
}
