//! Dates and times of RFC 3339, which have an offset.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{ScalarError, text_scalar, types};

const ISO_DATE_TIME: &str = "a date and time such as `2018-11-16T10:58:21Z`";

types!(IsoDateTime ISO_DATE_TIME);

/// A date and time of the form `2018-11-16T10:58:21-03:00` or `…Z`.
///
/// It keeps its text, so that the offset and the digits of the fraction are written as they were
/// read. Values are ordered by instant.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IsoDateTime {
    timestamp: Timestamp,
    text: String,
}

impl IsoDateTime {
    /// Returns the instant.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// Returns the civil time at the text's own offset.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        // The text is valid, and its first part is a civil time.
        let civil = self.text.get(..SECONDS_END).and_then(|text| text.parse().ok());
        civil.unwrap_or_else(|| self.timestamp.to_zoned(jiff::tz::TimeZone::UTC).datetime())
    }

    fn read(text: &str) -> Option<Self> {
        if !is_rfc_3339(text) {
            return None;
        }
        Some(Self { timestamp: text.parse().ok()?, text: text.to_owned() })
    }
}

/// Length of `2018-11-16T10:58:21`.
const SECONDS_END: usize = 19;

/// Checks the grammar of RFC 3339. jiff accepts more.
fn is_rfc_3339(text: &str) -> bool {
    let Some((civil, rest)) = text.split_at_checked(SECONDS_END) else {
        return false;
    };
    let fits = |text: &str, picture: &str| {
        text.len() == picture.len()
            && text.bytes().zip(picture.bytes()).all(|(byte, wanted)| match wanted {
                b'9' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                b'+' => matches!(byte, b'+' | b'-'),
                _ => byte == wanted,
            })
    };
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if offset.len() == fraction.len() {
                return false;
            }
            offset
        }
    };
    fits(civil, "9999-99-99T99:99:99") && (matches!(offset, "Z" | "z") || fits(offset, "+99:99"))
}

impl From<Timestamp> for IsoDateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self { timestamp, text: timestamp.to_string() }
    }
}

impl fmt::Display for IsoDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for IsoDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IsoDateTime({self})")
    }
}

text_scalar!(IsoDateTime, ISO_DATE_TIME);

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::IsoDateTime;

    #[test]
    fn the_offset_counts_and_the_text_stays() {
        let cases = [
            ("2018-11-16T10:58:21Z", 1_542_365_901, 0),
            ("2018-11-16T10:58:21-03:00", 1_542_376_701, 0),
            ("2018-11-16t10:58:21.50z", 1_542_365_901, 500_000_000),
            ("2018-11-16 10:58:21.000+00:00", 1_542_365_901, 0),
        ];
        for (text, second, nanosecond) in cases {
            let at: IsoDateTime = text.parse().unwrap();
            assert_eq!(at.timestamp(), Timestamp::new(second, nanosecond).unwrap(), "text {text}");
            assert_eq!(at.civil().date(), date(2018, 11, 16));
            assert_eq!(serde_json::to_string(&at).unwrap(), format!("\"{text}\""));
        }
        let sao_paulo: IsoDateTime = "2018-11-16T10:58:21-03:00".parse().unwrap();
        assert_eq!(sao_paulo.civil().hour(), 10);
    }

    #[test]
    fn what_is_not_rfc_3339_is_an_error() {
        let cases = [
            "2018-11-16T10:58:21",
            "2018-11-16T10:58Z",
            "2018-11-16T10:58:21.Z",
            "2018-11-16T10:58:21-03",
            "2018-11-16T10:58:21Z[UTC]",
            "2018-13-16T10:58:21Z",
            "2018-11-16T10:58:21.1234567890Z",
            "2018-11-16T10:58:2é",
            "",
        ];
        for text in cases {
            assert!(text.parse::<IsoDateTime>().is_err(), "text {text}");
        }
    }

    proptest! {
        /// A written value is read as the same value, and written again as the same text.
        #[test]
        fn scalars_round_trip(second in -62_135_596_800_i64..=253_402_207_200, nanosecond in 0..1_000_000_000) {
            let at = IsoDateTime::from(Timestamp::new(second, nanosecond).unwrap());
            let json = serde_json::to_string(&at).unwrap();
            let again: IsoDateTime = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&at, &again);
            prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
        }
    }
}
