//! Dates and times without a zone.
//!
//! The wire gives no zone with these, so the types hold none and never guess;
//! the crate's documentation states the rule for callers.

use std::fmt;

use jiff::civil::{Date, DateTime};

use super::{ScalarError, text_scalar};

pub(super) const BR_DATE: &str = "a date such as `16/11/2018`";
pub(super) const BR_DATE_TIME: &str = "a date and time such as `16/11/2018 10:58:21`";
pub(super) const BR_DATE_TIME_MINUTES: &str = "a date and time such as `02/11/2023 20:18`";
pub(super) const ISO_DATE: &str = "a date such as `2018-11-16`";
pub(super) const SQL_DATE_TIME: &str = "a date and time such as `2018-11-16 10:58:21`";

/// A text form of dates, as a picture: runs of `DMYhms` are digits of day,
/// month, year, hour, minute and second; anything else stands for itself.
struct Layout(&'static str);

const BR_DATE_LAYOUT: Layout = Layout("DD/MM/YYYY");
const BR_DATE_TIME_LAYOUT: Layout = Layout("DD/MM/YYYY hh:mm:ss");
const BR_DATE_TIME_MINUTES_LAYOUT: Layout = Layout("DD/MM/YYYY hh:mm");
const ISO_DATE_LAYOUT: Layout = Layout("YYYY-MM-DD");
const SQL_DATE_TIME_LAYOUT: Layout = Layout("YYYY-MM-DD hh:mm:ss");

impl Layout {
    fn read(&self, text: &str) -> Option<DateTime> {
        let (mut day, mut month, mut year) = (1, 1, 0);
        let (mut hour, mut minute, mut second) = (0, 0, 0);
        let mut rest = text;
        for run in self.runs() {
            if run.starts_with('Y') {
                (year, rest) = read_year(rest)?;
                continue;
            }
            let place = match run.as_bytes().first()? {
                b'D' => &mut day,
                b'M' => &mut month,
                b'h' => &mut hour,
                b'm' => &mut minute,
                b's' => &mut second,
                _ => {
                    rest = rest.strip_prefix(run)?;
                    continue;
                }
            };
            let (number, after) = read_digits(rest, run.len())?;
            *place = i8::try_from(number).ok()?;
            rest = after;
        }
        if !rest.is_empty() {
            return None;
        }
        DateTime::new(year, month, day, hour, minute, second, 0).ok()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, at: DateTime) -> fmt::Result {
        for run in self.runs() {
            let width = run.len();
            match run.as_bytes().first() {
                Some(b'D') => write!(f, "{:0width$}", at.day())?,
                Some(b'M') => write!(f, "{:0width$}", at.month())?,
                Some(b'Y') if at.year() < 0 => write!(f, "-{:0width$}", at.year().unsigned_abs())?,
                Some(b'Y') => write!(f, "{:0width$}", at.year())?,
                Some(b'h') => write!(f, "{:0width$}", at.hour())?,
                Some(b'm') => write!(f, "{:0width$}", at.minute())?,
                Some(b's') => write!(f, "{:0width$}", at.second())?,
                Some(_) | None => f.write_str(run)?,
            }
        }
        Ok(())
    }

    /// The picture in runs of equal letters.
    fn runs(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.0.as_bytes().chunk_by(|a, b| a == b).filter_map(|run| std::str::from_utf8(run).ok())
    }
}

/// Reads exactly `n_digits` digits.
fn read_digits(text: &str, n_digits: usize) -> Option<(i16, &str)> {
    let (digits, rest) = text.split_at_checked(n_digits)?;
    let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
    Some((digits.parse().ok().filter(|_| is_plain)?, rest))
}

/// Reads a year of four digits. jiff knows years before zero, so that `-` may
/// stand before them: what is written can be read again.
fn read_year(text: &str) -> Option<(i16, &str)> {
    match text.strip_prefix('-') {
        Some(text) => read_digits(text, 4).filter(|&(year, _)| year > 0).map(|(year, rest)| (-year, rest)),
        None => read_digits(text, 4),
    }
}

macro_rules! civil_scalar {
    ($(#[$doc:meta])* $name:ident, $civil:ident, $layout:ident, $expected:ident, $cut:expr) => {
        $(#[$doc])*
        ///
        /// It has no zone: it is local time of the vendor's account. How to add
        /// one is told [with the crate](crate#dates-have-no-zone).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($civil);

        impl $name {
            /// The value as jiff knows it, without a zone.
            #[must_use]
            pub fn civil(self) -> $civil {
                self.0
            }

            fn read(text: &str) -> Option<Self> {
                Some(Self::from($civil::from($layout.read(text)?)))
            }
        }

        impl From<$civil> for $name {
            /// What the wire has no place for is cut off.
            fn from(civil: $civil) -> Self {
                let cut: fn($civil) -> $civil = $cut;
                Self(cut(civil))
            }
        }

        impl From<$name> for $civil {
            fn from(scalar: $name) -> Self {
                scalar.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $layout.write(f, DateTime::from(self.0))
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

civil_scalar!(
    /// A date of the form `16/11/2018`.
    ///
    /// ```
    /// let date: prumo_runtime::BrDate = "16/11/2018".parse()?;
    /// assert_eq!(date.civil(), prumo_runtime::jiff::civil::date(2018, 11, 16));
    /// # Ok::<(), prumo_runtime::ScalarError>(())
    /// ```
    BrDate, Date, BR_DATE_LAYOUT, BR_DATE, |date| date
);

civil_scalar!(
    /// A date and time of the form `16/11/2018 10:58:21`.
    BrDateTime, DateTime, BR_DATE_TIME_LAYOUT, BR_DATE_TIME, cut_to_seconds
);

civil_scalar!(
    /// A date and time of the form `02/11/2023 20:18`.
    BrDateTimeMinutes, DateTime, BR_DATE_TIME_MINUTES_LAYOUT, BR_DATE_TIME_MINUTES, cut_to_minutes
);

civil_scalar!(
    /// A date of the form `2018-11-16`.
    IsoDate, Date, ISO_DATE_LAYOUT, ISO_DATE, |date| date
);

civil_scalar!(
    /// A date and time of the form `2018-11-16 10:58:21`.
    SqlDateTime, DateTime, SQL_DATE_TIME_LAYOUT, SQL_DATE_TIME, cut_to_seconds
);

fn cut_to_seconds(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

fn cut_to_minutes(at: DateTime) -> DateTime {
    at.with().second(0).subsec_nanosecond(0).build().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};
    use proptest::prelude::*;

    use super::{BrDate, BrDateTime, BrDateTimeMinutes, IsoDate, SqlDateTime};

    #[test]
    fn text_is_read_as_the_civil_time_that_it_shows() {
        let day = date(2018, 11, 16);
        let at = day.at(10, 58, 21, 0);
        assert_eq!("16/11/2018".parse::<BrDate>().unwrap().civil(), day);
        assert_eq!("16/11/2018 10:58:21".parse::<BrDateTime>().unwrap().civil(), at);
        assert_eq!("2018-11-16".parse::<IsoDate>().unwrap().civil(), day);
        assert_eq!("2018-11-16 10:58:21".parse::<SqlDateTime>().unwrap().civil(), at);
        assert_eq!(
            "02/11/2023 20:18".parse::<BrDateTimeMinutes>().unwrap().civil(),
            date(2023, 11, 2).at(20, 18, 0, 0),
        );
        assert_eq!("29/02/2024".parse::<BrDate>().unwrap().civil(), date(2024, 2, 29));
    }

    #[test]
    fn what_is_no_date_is_an_error_with_a_mask() {
        let cases = [
            ("31/02/2018", "99/99/9999"),
            ("00/00/0000", "99/99/9999"),
            ("1/11/2018", "9/99/9999"),
            ("16-11-2018", "99-99-9999"),
            ("16/11/18", "99/99/99"),
            ("16/11/2018 ", "99/99/9999 "),
            ("+6/11/2018", "+9/99/9999"),
            ("16/11/-0000", "99/99/-9999"),
            ("", ""),
            ("é6/11/2018", "a9/99/9999"),
        ];
        for (text, mask) in cases {
            let error = text.parse::<BrDate>().unwrap_err();
            let expect = format!("expected a date such as `16/11/2018`, found text like `{mask}`");
            assert_eq!(error.to_string(), expect, "text {text:?}");
        }
        assert!("16/11/2018 24:00:00".parse::<BrDateTime>().is_err());
        assert!("16/11/2018 10:58".parse::<BrDateTime>().is_err());
        assert!("16/11/2018 10:58:21".parse::<BrDateTimeMinutes>().is_err());
        assert!("2018-11-16T10:58:21".parse::<SqlDateTime>().is_err());
    }

    #[test]
    fn what_the_wire_can_not_say_is_cut_off() {
        let at = date(2018, 11, 16).at(10, 58, 21, 999);
        assert_eq!(BrDateTime::from(at).to_string(), "16/11/2018 10:58:21");
        assert_eq!(BrDateTimeMinutes::from(at).to_string(), "16/11/2018 10:58");
        assert_eq!(BrDateTimeMinutes::from(at), "16/11/2018 10:58".parse().unwrap());
        assert_eq!(format!("{:?}", SqlDateTime::from(at)), "SqlDateTime(2018-11-16 10:58:21)");
    }

    prop_compose! {
        fn any_time()(second in DateTime::MIN.date().year()..=9999, day in 1i16..=365, clock in 0i32..86_400) -> DateTime {
            let start = date(second, 1, 1).with().day_of_year(day).build().unwrap();
            let [hour, minute, second] = [clock / 3600, clock / 60 % 60, clock % 60].map(|n| i8::try_from(n).unwrap());
            start.at(hour, minute, second, 0)
        }
    }

    macro_rules! round_trip {
        ($name:ident, $at:expr) => {{
            let scalar = $name::from($at);
            let json = serde_json::to_string(&scalar).unwrap();
            let again: $name = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(scalar, again);
            prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
        }};
    }

    proptest! {
        /// What is written is read as the same value, and written the same.
        #[test]
        fn scalars_round_trip(at in any_time()) {
            round_trip!(BrDate, at.date());
            round_trip!(IsoDate, at.date());
            round_trip!(BrDateTime, at);
            round_trip!(BrDateTimeMinutes, at);
            round_trip!(SqlDateTime, at);
        }

        /// Whatever is read at all is written as it came.
        #[test]
        fn text_that_is_read_is_kept(text in "[0-3][0-9]/[01][0-9]/[0-9]{4}( [0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)?") {
            if let Ok(date) = text.parse::<BrDate>() {
                prop_assert_eq!(date.to_string(), text.clone());
            }
            if let Ok(at) = text.parse::<BrDateTime>() {
                prop_assert_eq!(at.to_string(), text.clone());
            }
            if let Ok(at) = text.parse::<BrDateTimeMinutes>() {
                prop_assert_eq!(at.to_string(), text);
            }
        }

        /// No text is a panic, and no error shows a letter or a digit of it.
        #[test]
        fn any_text_is_read_or_masked(text in "\\PC*") {
            if let Err(error) = text.parse::<SqlDateTime>() {
                prop_assert!(crate::scalars::is_own_message(&error.to_string()));
            }
        }
    }
}
