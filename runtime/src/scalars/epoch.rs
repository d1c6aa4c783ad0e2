//! Instants as milliseconds since 1970.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ScalarError, types};

const EPOCH_MILLIS: &str = "milliseconds since 1970 such as 1542365901000";

types!(EpochMillis EPOCH_MILLIS);

/// An instant as a whole number of milliseconds since the start of 1970 in UTC.
///
/// ```
/// let at: prumo_runtime::EpochMillis = "1542365901000".parse()?;
/// assert_eq!(at.timestamp().to_string(), "2018-11-16T10:58:21Z");
/// # Ok::<(), prumo_runtime::ScalarError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EpochMillis(i64);

impl EpochMillis {
    /// Returns the instant.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        // Every constructor has checked that jiff supports it.
        instant(self.0).unwrap_or_default()
    }

    fn of(millis: i64) -> Result<Self, ScalarError> {
        match instant(millis) {
            Some(_) => Ok(Self(millis)),
            None => Err(ScalarError::new(EPOCH_MILLIS, &millis.to_string())),
        }
    }
}

/// Converts milliseconds within the range of jiff, including all of its last second.
fn instant(millis: i64) -> Option<Timestamp> {
    let nanosecond = i32::try_from(millis % 1000 * 1_000_000).ok()?;
    Timestamp::new(millis / 1000, nanosecond).ok()
}

impl From<Timestamp> for EpochMillis {
    /// Cuts off fractions of a millisecond.
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

impl From<EpochMillis> for Timestamp {
    fn from(at: EpochMillis) -> Self {
        at.timestamp()
    }
}

impl fmt::Display for EpochMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for EpochMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EpochMillis({})", self.0)
    }
}

impl FromStr for EpochMillis {
    type Err = ScalarError;

    fn from_str(text: &str) -> Result<Self, ScalarError> {
        let refused = || ScalarError::new(EPOCH_MILLIS, text);
        let millis: i64 = text.parse().map_err(|_| refused())?;
        // Rust parses `+1` and `01`, too, but they would be written differently.
        if millis.to_string() == text { Self::of(millis) } else { Err(refused()) }
    }
}

impl Serialize for EpochMillis {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for EpochMillis {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct MillisVisitor;

        impl Visitor<'_> for MillisVisitor {
            type Value = EpochMillis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EPOCH_MILLIS)
            }

            fn visit_i64<E: serde::de::Error>(self, millis: i64) -> Result<EpochMillis, E> {
                EpochMillis::of(millis).map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, millis: u64) -> Result<EpochMillis, E> {
                let refused = || ScalarError::new(EPOCH_MILLIS, &millis.to_string());
                self.visit_i64(i64::try_from(millis).map_err(|_| E::custom(refused()))?)
            }
        }

        json.deserialize_i64(MillisVisitor)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::EpochMillis;

    #[test]
    fn a_number_is_an_instant_and_goes_out_as_it_came() {
        let cases = [
            ("0", "1970-01-01T00:00:00Z"),
            ("1542365901000", "2018-11-16T10:58:21Z"),
            ("1542365901999", "2018-11-16T10:58:21.999Z"),
            ("-1", "1969-12-31T23:59:59.999Z"),
            ("253402207200999", "9999-12-30T22:00:00.999Z"),
        ];
        for (json, instant) in cases {
            let at: EpochMillis = serde_json::from_str(json).unwrap();
            assert_eq!(at.timestamp().to_string(), instant, "json {json}");
            assert_eq!(serde_json::to_string(&at).unwrap(), json);
            assert_eq!(json.parse::<EpochMillis>().unwrap(), at);
            assert_eq!(EpochMillis::from(Timestamp::from(at)), at);
        }
    }

    #[test]
    fn what_is_no_instant_is_an_error() {
        let jsons = [
            "\"1542365901000\"",
            "1542365901000.5",
            "1.5e12",
            "null",
            "253402207201000",
            "-377705023201001",
            "18446744073709551615",
        ];
        for json in jsons {
            assert!(serde_json::from_str::<EpochMillis>(json).is_err(), "json {json}");
        }
        for text in ["", "+1", "01", "1.0", "2018-11-16", "253402207201000"] {
            let error = text.parse::<EpochMillis>().unwrap_err().to_string();
            assert!(crate::scalars::is_own_message(&error), "text {text}: {error}");
        }
        let error = serde_json::from_str::<EpochMillis>("253402207201000").unwrap_err().to_string();
        assert!(error.contains("found text like `999999999999999`"), "{error}");
    }
}
