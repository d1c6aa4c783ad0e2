//! Dates and times with an offset from UTC, one type for each notation.
//!
//! The offset is kept, so a value is written with the same bytes that were read. Different texts of
//! one instant are different values.

use std::cmp::Ordering;
use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::picture::Picture;
use super::{ScalarError, text_scalar, types};

const OFFSET_DATE_TIME: &str = "a date and time such as `2018-11-16 10:58:21-03:00`";
const OFFSET_DATE_TIME_FILTER: &str = "a date and time such as `2018-11-16 10:58:21-0300`";
const SQL_DATE_TIME_OFFSET: &str = "a date and time such as `2018-11-16 10:58:21-03`";

types!(
    OffsetDateTime OFFSET_DATE_TIME, OffsetDateTimeFilter OFFSET_DATE_TIME_FILTER,
    SqlDateTimeOffset SQL_DATE_TIME_OFFSET
);

const CIVIL_PICTURE: Picture = Picture("YYYY-MM-DD hh:mm:ss");

/// A civil time and its offset as written.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Moment {
    civil: DateTime,
    offset: Offset,
    /// The offset was written as `-` and zero, which a number can't express.
    is_minus_zero: bool,
}

impl Moment {
    /// Reads a text whose offset is a sign and a time of day in the form of `picture`.
    fn read(text: &str, picture: &Picture) -> Option<Self> {
        let (at, signed) = text.split_at_checked(text.len().checked_sub(1 + picture.0.len())?)?;
        let is_minus = signed.starts_with('-');
        let written = picture.read(signed.strip_prefix(['+', '-'])?)?;
        let minutes = i32::from(written.hour()) * 60 + i32::from(written.minute());
        let seconds = if is_minus { -60 * minutes } else { 60 * minutes };
        Some(Self {
            civil: CIVIL_PICTURE.read(at)?,
            offset: Offset::from_seconds(seconds).ok()?,
            is_minus_zero: is_minus && seconds == 0,
        })
    }

    fn write(self, f: &mut fmt::Formatter<'_>, picture: &Picture) -> fmt::Result {
        CIVIL_PICTURE.write(f, self.civil)?;
        let seconds = self.offset.seconds();
        let is_minus = seconds < 0 || self.is_minus_zero;
        f.write_str(if is_minus { "-" } else { "+" })?;
        let written =
            DateTime::ZERO.checked_add(jiff::SignedDuration::from_secs(seconds.abs().into()));
        picture.write(f, written.map_err(|_| fmt::Error)?)
    }

    /// Converts `zoned` to whole seconds, at an offset that is a multiple of `step_secs`.
    fn of(zoned: &Zoned, step_secs: i32) -> Self {
        let seconds = zoned.offset().seconds();
        let offset = Offset::from_seconds(seconds - seconds % step_secs).unwrap_or(Offset::UTC);
        let civil = offset.to_datetime(zoned.timestamp());
        Self {
            civil: civil.with().subsec_nanosecond(0).build().unwrap_or(civil),
            offset,
            is_minus_zero: false,
        }
    }

    fn timestamp(self) -> Timestamp {
        let beyond = if self.civil.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
        self.offset.to_timestamp(self.civil).unwrap_or(beyond)
    }

    /// Orders by instant, and equal instants by their texts.
    fn order(self, other: Self) -> Ordering {
        let key = |moment: Self| (moment.timestamp(), moment.civil, !moment.is_minus_zero);
        key(self).cmp(&key(other))
    }
}

/// Defines a type from the picture of its offset, the step of the offset in seconds, and the
/// expected form for errors.
macro_rules! offset_scalar {
    ($(#[$doc:meta])* $name:ident, $picture:literal, $step_secs:literal, $expected:ident) => {
        $(#[$doc])*
        ///
        /// Values are ordered by instant. The offset is kept as written: different texts of one
        /// instant are not equal.
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(Moment);

        impl $name {
            const PICTURE: Picture = Picture($picture);

            /// Returns the instant. The last hours of the year 9999 are outside the range of jiff
            /// and saturate at its last instant.
            #[must_use]
            pub fn timestamp(self) -> Timestamp {
                self.0.timestamp()
            }

            /// Returns the civil time at the text's own offset.
            #[must_use]
            pub fn civil(self) -> DateTime {
                self.0.civil
            }

            /// Returns the offset from UTC.
            #[must_use]
            pub fn offset(self) -> Offset {
                self.0.offset
            }

            /// Returns the instant in a zone that always has this offset.
            #[must_use]
            pub fn zoned(self) -> Zoned {
                self.timestamp().to_zoned(TimeZone::fixed(self.0.offset))
            }

            fn read(text: &str) -> Option<Self> {
                Moment::read(text, &Self::PICTURE).map(Self)
            }
        }

        impl From<&Zoned> for $name {
            /// Converts to the same instant in whole seconds, at the nearest offset towards UTC
            /// that the form can express.
            fn from(zoned: &Zoned) -> Self {
                Self(Moment::of(zoned, $step_secs))
            }
        }

        impl From<Zoned> for $name {
            /// Works like the conversion from `&Zoned`.
            fn from(zoned: Zoned) -> Self {
                Self::from(&zoned)
            }
        }

        impl From<$name> for Timestamp {
            fn from(scalar: $name) -> Self {
                scalar.timestamp()
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.order(other.0)
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(f, &Self::PICTURE)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        text_scalar!($name, $expected);
    };
}

offset_scalar!(
    /// A date and time of the form `2018-11-16 10:58:21-03:00`.
    ///
    /// ```
    /// let opened: prumo_runtime::OffsetDateTime = "2018-11-16 10:58:21-03:00".parse()?;
    /// assert_eq!(opened.timestamp().to_string(), "2018-11-16T13:58:21Z");
    /// # Ok::<(), prumo_runtime::ScalarError>(())
    /// ```
    OffsetDateTime, "hh:mm", 60, OFFSET_DATE_TIME
);

offset_scalar!(
    /// A date and time of the form `2018-11-16 10:58:21-0300`, for a filter on values that are read
    /// as [`OffsetDateTime`].
    ///
    /// ```
    /// use prumo_runtime::{OffsetDateTime, OffsetDateTimeFilter};
    ///
    /// let read: OffsetDateTime = "2018-11-16 10:58:21-03:00".parse()?;
    /// assert_eq!(OffsetDateTimeFilter::from(read).to_string(), "2018-11-16 10:58:21-0300");
    /// # Ok::<(), prumo_runtime::ScalarError>(())
    /// ```
    OffsetDateTimeFilter, "hhmm", 60, OFFSET_DATE_TIME_FILTER
);

offset_scalar!(
    /// A date and time of the form `2018-11-16 10:58:21-03`, whose offset is in whole hours.
    SqlDateTimeOffset, "hh", 3600, SQL_DATE_TIME_OFFSET
);

impl From<OffsetDateTime> for OffsetDateTimeFilter {
    /// Converts a value that was read into one that can be sent.
    fn from(read: OffsetDateTime) -> Self {
        Self(read.0)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use jiff::tz::{TimeZone, offset};
    use proptest::prelude::*;

    use super::{OffsetDateTime, OffsetDateTimeFilter, SqlDateTimeOffset};

    #[test]
    fn the_offset_counts_and_the_text_stays() {
        let cases = [
            ("2026-08-21 12:11:17-03:00", "2026-08-21T15:11:17Z"),
            ("2026-08-21 12:11:17+05:30", "2026-08-21T06:41:17Z"),
            ("2026-08-21 12:11:17+00:00", "2026-08-21T12:11:17Z"),
            ("2026-08-21 12:11:17-00:00", "2026-08-21T12:11:17Z"),
            ("9999-12-31 23:59:59-03:00", "9999-12-30T22:00:00.999999999Z"),
        ];
        for (text, instant) in cases {
            let at: OffsetDateTime = text.parse().unwrap();
            assert_eq!(at.timestamp().to_string(), instant, "text {text}");
            assert_eq!(serde_json::to_string(&at).unwrap(), format!("\"{text}\""));
        }
        let filter: OffsetDateTimeFilter = "1970-02-01 14:30:59-0300".parse().unwrap();
        assert_eq!(filter.timestamp().to_string(), "1970-02-01T17:30:59Z");
        assert_eq!(filter.to_string(), "1970-02-01 14:30:59-0300");
        let hours: SqlDateTimeOffset = "2020-11-23 14:30:00-03".parse().unwrap();
        assert_eq!(hours.zoned().datetime(), date(2020, 11, 23).at(14, 30, 0, 0));
        assert_eq!(
            (hours.offset(), hours.to_string().as_str()),
            (offset(-3), "2020-11-23 14:30:00-03")
        );
    }

    #[test]
    fn what_is_no_such_text_is_an_error() {
        let cases = [
            "2026-08-21 12:11:17",
            "2026-08-21 12:11:17Z",
            "2026-08-21T12:11:17-03:00",
            "2026-08-21 12:11:17 -03:00",
            "2026-08-21 12:11:17-0300",
            "2026-08-21 12:11:17-03:60",
            "2026-08-21 12:11:17-24:00",
            "2026-02-31 12:11:17-03:00",
            "2026-08-21 12:11:17é03:00",
            "-03:00",
            "",
        ];
        for text in cases {
            let error = text.parse::<OffsetDateTime>().unwrap_err().to_string();
            assert!(crate::scalars::is_own_message(&error), "text {text}: {error}");
        }
        assert!("1970-02-01 14:30:59-03:00".parse::<OffsetDateTimeFilter>().is_err());
        assert!("2020-11-23 14:30:00-0300".parse::<SqlDateTimeOffset>().is_err());
    }

    #[test]
    fn a_zone_gives_the_same_instant_at_an_offset_that_the_form_has() {
        let instant: Timestamp = "2018-11-16T13:58:21.9Z".parse().unwrap();
        let zoned = instant.to_zoned(TimeZone::fixed(offset(-3)));
        assert_eq!(OffsetDateTime::from(&zoned).to_string(), "2018-11-16 10:58:21-03:00");
        assert_eq!(OffsetDateTimeFilter::from(&zoned).to_string(), "2018-11-16 10:58:21-0300");
        let half = jiff::tz::Offset::from_seconds(5 * 3600 + 1800).unwrap();
        let zoned = instant.to_zoned(TimeZone::fixed(half));
        assert_eq!(SqlDateTimeOffset::from(zoned).to_string(), "2018-11-16 18:58:21+05");
    }

    #[test]
    fn values_order_by_instant() {
        let read = |text: &str| text.parse::<OffsetDateTime>().unwrap();
        assert!(read("2026-08-21 12:00:00-03:00") > read("2026-08-21 14:00:00+00:00"));
        assert_ne!(read("2026-08-21 12:00:00-00:00"), read("2026-08-21 12:00:00+00:00"));
    }

    proptest! {
        /// A written value is read as the same value, and written again as the same text.
        #[test]
        fn scalars_round_trip(second in -377_705_023_201_i64..=253_402_207_200, minutes in -1439_i32..=1439) {
            let offset = jiff::tz::Offset::from_seconds(minutes * 60).unwrap();
            let zoned = Timestamp::from_second(second).unwrap().to_zoned(TimeZone::fixed(offset));
            let at = OffsetDateTime::from(&zoned);
            let json = serde_json::to_string(&at).unwrap();
            prop_assert_eq!(serde_json::from_str::<OffsetDateTime>(&json).unwrap(), at);
            prop_assert_eq!(at.timestamp(), zoned.timestamp());
            let filter = OffsetDateTimeFilter::from(at);
            prop_assert_eq!(filter.to_string().parse::<OffsetDateTimeFilter>().unwrap(), filter);
            prop_assert_eq!(filter.timestamp(), zoned.timestamp());
            let hours = SqlDateTimeOffset::from(&zoned);
            prop_assert_eq!(hours.to_string().parse::<SqlDateTimeOffset>().unwrap(), hours);
            prop_assert_eq!(hours.timestamp(), zoned.timestamp());
        }

        /// Text that can be read is written unchanged.
        #[test]
        fn text_that_is_read_is_kept(text in "20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9][+-][0-2][0-9](:?[0-9]{2})?") {
            if let Ok(at) = text.parse::<OffsetDateTime>() {
                prop_assert_eq!(at.to_string(), text.clone());
            }
            if let Ok(at) = text.parse::<OffsetDateTimeFilter>() {
                prop_assert_eq!(at.to_string(), text.clone());
            }
            if let Ok(at) = text.parse::<SqlDateTimeOffset>() {
                prop_assert_eq!(at.to_string(), text);
            }
        }
    }
}
