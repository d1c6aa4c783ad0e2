//! Reads an answer whose kind depends on its status or media type: JSON, no body, or bytes.
//!
//! Invariants:
//!
//! * An answer is read only in the way of its own status and media type, never by trying another
//!   one.

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

/// A type with a variant for each status or media type of an operation's success.
pub trait ByStatus: Sized + 'static {
    /// Whether an answer may be bytes.
    const HAS_BYTES: bool;

    /// Returns how the answer of this status and media type is read.
    fn way(status: u16, media: &str) -> Way<Self>;

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

/// Returns whether an answer is meant by a key of the spec: a status, or a status and a media type
/// or range (`200 application/json; version=2`).
#[must_use]
pub fn is_meant(key: &str, status: u16, media: &str) -> bool {
    match key.split_once(' ') {
        Some((key, promised)) => is_status(key, status) && falls_under(media, promised),
        None => is_status(key, status),
    }
}

/// Returns whether a media type is a promised one, or one of a range, with all of its parameters.
fn falls_under(media: &str, promised: &str) -> bool {
    let (promised, wanted) = split(promised);
    let (essence, parameters) = split(media);
    let is_essence = match promised.split_once('*') {
        Some((start, end)) => {
            let lower = essence.to_ascii_lowercase();
            // `*/*` has a second star.
            lower.starts_with(start) && lower.ends_with(end.trim_start_matches("/*"))
        }
        None => essence.eq_ignore_ascii_case(promised),
    };
    let says = |(name, value): &(&str, &str)| {
        let said = parameters.iter().find(|(said, _)| said.eq_ignore_ascii_case(name));
        said.is_some_and(|(_, said)| said.eq_ignore_ascii_case(value))
    };
    is_essence && wanted.iter().all(says)
}

/// Splits a media type into its essence and its parameters, whose values lose their quotes.
fn split(media: &str) -> (&str, Vec<(&str, &str)>) {
    let mut is_quoted = false;
    let mut parts = media.split(move |sign| {
        is_quoted ^= sign == '"';
        sign == ';' && !is_quoted
    });
    let essence = parts.next().unwrap_or_default().trim();
    let pairs = parts.filter_map(|one| one.split_once('='));
    let pairs = pairs.map(|(name, value)| (name.trim(), value.trim().trim_matches('"')));
    (essence, pairs.collect())
}

/// Makes the type of an operation's answers; each line is a status, or a status and a media type,
/// and how its answer is read.
///
/// The most specific line comes first.
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
                #[doc = ::std::concat!("The answer of `", $status, "`.")]
                $variant $(($target))?,
            )*
            /// The answer of a status or media type that the spec does not promise.
            $other($crate::ByteStream),
        }

        impl $crate::by_status::ByStatus for $name {
            const HAS_BYTES: bool = $has_bytes;

            fn way(status: u16, media: &str) -> $crate::by_status::Way<Self> {
                $(if $crate::by_status::is_meant($status, status, media) {
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
    use super::{is_meant, is_status};

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

    #[test]
    fn a_key_may_name_a_media_type() {
        let rows = [
            ("200 application/json; version=2", "application/json; version=2", true),
            ("200 application/json; version=2", "Application/JSON;q=1; VERSION=\"2\"", true),
            ("200 application/json; version=2", "application/json; version=22", false),
            ("200 application/json; version=2", "application/json", false),
            ("200 application/json; version=2", "", false),
            ("201 application/json", "application/json", false),
            ("2XX application/json", "application/json; charset=utf-8", true),
            ("200 application/json; profile=\"a;b\"", "application/json; profile=\"a;b\"", true),
            ("200 application/*", "application/pdf", true),
            ("200 application/*+json", "application/hal+json", true),
            ("200 application/*+json", "application/json", false),
            ("200 */*", "text/plain", true),
            ("200", "text/plain", true),
        ];
        for (key, media, expect) in rows {
            assert_eq!(is_meant(key, 200, media), expect, "`{key}` and `{media}`");
        }
    }
}
