//! Dates and times of RFC 3339, which have an offset.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

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
    /// Returns the instant, to the nanosecond; the last one that [`Timestamp`] can hold if the text
    /// names one of the last hours of the year 9999.
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
        let (civil, fraction, offset) = parts(text)?;
        let at: DateTime = civil.parse().ok()?;
        // jiff reads a leap second as the second before it.
        let is_leap = civil.ends_with(":60");
        let minute = i32::from(at.hour()) * 60 + i32::from(at.minute()) - offset;
        if is_leap && minute.rem_euclid(MINUTES_A_DAY) != MINUTES_A_DAY - 1 {
            return None;
        }
        let nanosecond = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
        let at = at.with().subsec_nanosecond(nanosecond).build().ok()?;
        let offset = Offset::from_seconds(offset * 60).ok()?;
        let timestamp = offset.to_timestamp(at).unwrap_or(Timestamp::MAX);
        Some(Self { timestamp, text: text.to_owned() })
    }
}

const MINUTES_A_DAY: i32 = 24 * 60;

/// Length of `2018-11-16T10:58:21`.
const SECONDS_END: usize = 19;

/// Splits a text of RFC 3339, whose grammar jiff exceeds, into its civil time, the digits of its
/// fraction, and its offset in minutes.
fn parts(text: &str) -> Option<(&str, &str, i32)> {
    let (civil, rest) = text.split_at_checked(SECONDS_END)?;
    let fits = |text: &str, picture: &str| {
        text.len() == picture.len()
            && text.bytes().zip(picture.bytes()).all(|(byte, wanted)| match wanted {
                b'9' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                b'+' => matches!(byte, b'+' | b'-'),
                _ => byte == wanted,
            })
    };
    let (fraction, offset) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(rest) => {
            let offset = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
            let fraction = rest.strip_suffix(offset).filter(|digits| !digits.is_empty())?;
            (fraction, offset)
        }
    };
    let minutes = match offset {
        "Z" | "z" => 0,
        _ if fits(offset, "+99:99") => {
            let part = |from: usize| offset.get(from..from + 2)?.parse::<i32>().ok();
            let (hours, minutes) = part(1).zip(part(4)).filter(|&(h, m)| h < 24 && m < 60)?;
            let sign = if offset.starts_with('-') { -1 } else { 1 };
            sign * (hours * 60 + minutes)
        }
        _ => return None,
    };
    fits(civil, "9999-99-99T99:99:99").then_some((civil, fraction, minutes))
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
            ("2018-11-16T10:58:21.1234567890123Z", 1_542_365_901, 123_456_789),
            ("2018-11-16T10:58:21+23:59", 1_542_279_561, 0),
        ];
        for (text, second, nanosecond) in cases {
            let at: IsoDateTime = text.parse().unwrap();
            assert_eq!(at.timestamp(), Timestamp::new(second, nanosecond).unwrap(), "text {text}");
            assert_eq!(at.civil().date(), date(2018, 11, 16), "text {text}");
            assert_eq!(serde_json::to_string(&at).unwrap(), format!("\"{text}\""));
        }
        let sao_paulo: IsoDateTime = "2018-11-16T10:58:21-03:00".parse().unwrap();
        assert_eq!(sao_paulo.civil().hour(), 10);
        for (text, year) in [("9999-12-31T23:59:59Z", 9999), ("0000-01-01T00:00:00+23:59", 0)] {
            let end: IsoDateTime = text.parse().unwrap();
            assert_eq!((end.civil().year(), end.to_string().as_str()), (year, text));
        }
        assert!("2016-12-31T20:59:60-03:00".parse::<IsoDateTime>().is_ok());
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
            "2018-11-16T10:58:21+24:00",
            "2018-11-16T10:58:21-00:60",
            "2018-11-16T10:58:60Z",
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
