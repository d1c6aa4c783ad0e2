//! Names of formats to a yes or no for one value.
//!
//! Known are the formats of this house (`br-date`, `int-or-string`, …) and
//! those of OpenAPI. An unknown name says nothing of values, as OpenAPI has
//! it; a misspelt one is the lint's to find.

mod picture;

use std::borrow::Cow;

use jiff::Timestamp;
pub use picture::Picture;

use crate::kind::Kind;

/// A format that the judge checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A date, a time or both, as a picture shows.
    Clock(Picture),
    /// Milliseconds since 1970.
    EpochMillis,
    /// RFC 3339
    DateTime,
    /// `320` or `"320"`
    IntOrString,
    /// `69.9` or `"69.9"`
    NumberOrString,
    /// `"119.9"`
    DecimalString,
    /// `0` or `1`
    BoolAsInt,
    /// Whole numbers of 32 bits.
    Int32,
    /// Whole numbers of 64 bits.
    Int64,
    /// Base64.
    Byte,
    /// A file: in a form it is no text, elsewhere any text will do.
    Binary,
    /// An e-mail address.
    Email,
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// An absolute URI.
    Uri,
    /// A host name.
    Hostname,
    /// Dotted decimal.
    Ipv4,
    /// RFC 4291.
    Ipv6,
}

/// What the generated client makes of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// It reads it as if it were promised.
    Alike,
    /// The call goes on, but with a value that the caller may not foresee: as
    /// nothing, as text, or unchecked.
    Odd,
    /// It cannot be decoded, and the call fails.
    #[default]
    Fails,
}

impl Format {
    /// The format of this name; none for names that say nothing of a value.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "epoch-millis" => Self::EpochMillis,
            "date-time" => Self::DateTime,
            "int-or-string" => Self::IntOrString,
            "number-or-string" => Self::NumberOrString,
            "decimal-string" => Self::DecimalString,
            "bool-as-int" => Self::BoolAsInt,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "byte" => Self::Byte,
            "binary" => Self::Binary,
            "email" => Self::Email,
            "uuid" => Self::Uuid,
            "uri" | "url" => Self::Uri,
            "hostname" => Self::Hostname,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            _ => return Picture::named(name).map(Self::Clock),
        })
    }

    /// Whether the client reads the value into a type of its own, so that a
    /// violation fails the decode.
    pub fn is_typed(self) -> bool {
        match self {
            Self::Clock(_)
            | Self::EpochMillis
            | Self::DateTime
            | Self::DecimalString
            | Self::BoolAsInt
            | Self::Int32
            | Self::Int64 => true,
            // These two keep any text that they cannot take for a number.
            Self::IntOrString
            | Self::NumberOrString
            | Self::Byte
            | Self::Binary
            | Self::Email
            | Self::Uuid
            | Self::Uri
            | Self::Hostname
            | Self::Ipv4
            | Self::Ipv6 => false,
        }
    }

    /// What the client makes of a value of this kind, whatever `type` says.
    pub fn reading(self, kind: Kind) -> Reading {
        match (self, kind) {
            (Self::IntOrString, Kind::Int | Kind::IntText) => Reading::Alike,
            (Self::NumberOrString, Kind::Int | Kind::Number | Kind::IntText | Kind::NumberText) => {
                Reading::Alike
            }
            (Self::IntOrString | Self::NumberOrString, _) if kind.base() == Kind::Text => Reading::Odd,
            _ => Reading::Fails,
        }
    }

    /// Whether a text has this format.
    pub fn fits_text(self, text: &str) -> bool {
        match self {
            Self::Clock(picture) => picture.fits(text),
            Self::DateTime => is_rfc3339(text),
            Self::IntOrString => Kind::of_text(text) == Kind::IntText,
            Self::NumberOrString | Self::DecimalString => is_decimal(text),
            Self::BoolAsInt | Self::EpochMillis | Self::Int32 | Self::Int64 | Self::Binary => true,
            Self::Byte => is_base64(text),
            Self::Email => is_email(text),
            Self::Uuid => has_uuid_layout(text),
            Self::Uri => is_uri(text),
            Self::Hostname => is_hostname(text),
            Self::Ipv4 => text.parse::<std::net::Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
        }
    }

    /// Whether a whole number has this format.
    pub fn fits_int(self, int: i128) -> bool {
        match self {
            Self::BoolAsInt => int == 0 || int == 1,
            Self::EpochMillis => is_epoch_millis(int),
            Self::Int32 => i32::try_from(int).is_ok(),
            Self::Int64 => i64::try_from(int).is_ok(),
            _ => true,
        }
    }

    /// Whether the format says how wide a whole number may be.
    pub fn bounds_ints(self) -> bool {
        matches!(self, Self::BoolAsInt | Self::EpochMillis | Self::Int32 | Self::Int64)
    }

    /// Whether values are times, numbers or bytes, which tell of no person.
    pub fn is_impersonal(self) -> bool {
        match self {
            Self::Clock(_)
            | Self::EpochMillis
            | Self::DateTime
            | Self::IntOrString
            | Self::NumberOrString
            | Self::DecimalString
            | Self::BoolAsInt
            | Self::Int32
            | Self::Int64
            | Self::Byte
            | Self::Binary => true,
            Self::Email | Self::Uuid | Self::Uri | Self::Hostname | Self::Ipv4 | Self::Ipv6 => false,
        }
    }
}

/// Kinds that a schema without `type` means by its format.
pub fn implied_kinds(format: &str) -> Vec<Kind> {
    match Format::named(format) {
        Some(Format::IntOrString) => vec![Kind::Int, Kind::Text],
        Some(Format::NumberOrString) => vec![Kind::Int, Kind::Number, Kind::Text],
        Some(Format::BoolAsInt | Format::EpochMillis) => vec![Kind::Int],
        // Of OpenAPI's own formats, none says what kind a value is.
        Some(Format::Clock(_)) if format == "date" => Kind::BASE.to_vec(),
        Some(Format::Clock(_) | Format::DecimalString) => vec![Kind::Text],
        _ => Kind::BASE.to_vec(),
    }
}

const DAY: Picture = Picture("YYYY-MM-DD");
const TIME: Picture = Picture("hh:mm:ss");
const OFFSET: Picture = Picture("+oo:uu");

fn is_epoch_millis(int: i128) -> bool {
    let known = Timestamp::MIN.as_millisecond()..=Timestamp::MAX.as_millisecond();
    i64::try_from(int).is_ok_and(|millis| known.contains(&millis))
}

fn is_rfc3339(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(day), Some(separator), Some(time)) = (text.get(..10), bytes.get(10), text.get(11..19)) else {
        return false;
    };
    // A leap second is one more than pictures know.
    let minute = time.strip_suffix(":60");
    let full = minute.map_or(Cow::Borrowed(time), |minute| format!("{minute}:59").into());
    if !DAY.fits(day) || !matches!(separator, b'T' | b't') || !TIME.fits(&full) {
        return false;
    }
    let rest = text.get(19..).unwrap_or_default();
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    is_zone(zone) && (minute.is_none() || is_last_minute(time, zone))
}

/// Whether this minute is the last of a day in UTC, where leap seconds are.
fn is_last_minute(time: &str, zone: &str) -> bool {
    let minutes = |text: &str| Some(digits(text, 0, 2)? * 60 + digits(text, 3, 5)?);
    let offset = match zone.split_at_checked(1) {
        Some(("+", offset)) => minutes(offset),
        Some(("-", offset)) => minutes(offset).map(|offset| -offset),
        _ => Some(0),
    };
    let since_midnight = minutes(time).zip(offset).map(|(time, offset)| (time - offset).rem_euclid(24 * 60));
    since_midnight == Some(23 * 60 + 59)
}

fn is_zone(zone: &str) -> bool {
    zone == "Z" || zone == "z" || OFFSET.fits(zone)
}

fn digits(text: &str, from: usize, to: usize) -> Option<i16> {
    text.as_bytes().get(from..to)?.iter().try_fold(0_i16, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i16::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match unsigned.split_once('.') {
        None => is_digits(unsigned),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() % 4 == 0
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    !local.is_empty()
        && !domain.is_empty()
        && !text.contains(char::is_whitespace)
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !text.contains("..")
}

fn has_uuid_layout(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme_byte)
        && !rest.is_empty()
        && !rest.contains(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}')
        })
}

fn is_hostname(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}
