//! Dates and times without a zone.
//!
//! The wire gives no zone, so the types hold none and never guess one. The crate's documentation
//! explains what that means for callers.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};

use super::picture::Picture;
use super::{ScalarError, text_scalar, types};

/// A part of a civil time that a type can hold.
trait CivilPart {
    fn of(at: DateTime) -> Self;

    /// Returns a time with this part. A missing date or time is filled with zero.
    fn shown(self) -> DateTime;
}

impl CivilPart for Date {
    fn of(at: DateTime) -> Self {
        at.date()
    }

    fn shown(self) -> DateTime {
        DateTime::from(self)
    }
}

impl CivilPart for DateTime {
    fn of(at: DateTime) -> Self {
        at
    }

    fn shown(self) -> DateTime {
        self
    }
}

impl CivilPart for Time {
    fn of(at: DateTime) -> Self {
        at.time()
    }

    fn shown(self) -> DateTime {
        Date::ZERO.to_datetime(self)
    }
}

/// Defines the types: the part of a civil time that a type holds, its picture, and the expected
/// form for errors. With a further function, which cuts off what the wire can't express, the type
/// converts from any value of that part.
macro_rules! civil_scalars {
    ($(
        $(#[$doc:meta])*
        $name:ident($civil:ident) $picture:literal $expected:literal $(, cut by $cut:expr)?;
    )*) => {
        types!($($name $expected),*);

        $(
            $(#[$doc])*
            ///
            /// It has no zone: it is the local time of the vendor's account. [The crate's
            /// documentation](crate#dates-have-no-zone) shows how to add one.
            #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name($civil);

            impl $name {
                const PICTURE: Picture = Picture($picture);
                const EXPECTED: &str = $expected;

                /// Returns the value as a civil type of jiff, without a zone.
                #[must_use]
                pub fn civil(self) -> $civil {
                    self.0
                }

                fn read(text: &str) -> Option<Self> {
                    Some(Self($civil::of(Self::PICTURE.read(text)?)))
                }
            }

            $(
                impl From<$civil> for $name {
                    /// Cuts off what the wire can't express.
                    fn from(civil: $civil) -> Self {
                        let cut: fn($civil) -> $civil = $cut;
                        Self(cut(civil))
                    }
                }
            )?

            impl From<$name> for $civil {
                fn from(scalar: $name) -> Self {
                    scalar.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    Self::PICTURE.write(f, self.0.shown())
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!(stringify!($name), "({})"), self)
                }
            }

            text_scalar!($name, $name::EXPECTED);
        )*
    };
}

civil_scalars! {
    /// A date of the form `16/11/2018`.
    ///
    /// ```
    /// let date: prumo_runtime::BrDate = "16/11/2018".parse()?;
    /// assert_eq!(date.civil(), prumo_runtime::jiff::civil::date(2018, 11, 16));
    /// # Ok::<(), prumo_runtime::ScalarError>(())
    /// ```
    BrDate(Date) "DD/MM/YYYY" "a date such as `16/11/2018`", cut by |date| date;

    /// A date and time of the form `16/11/2018 10:58:21`.
    BrDateTime(DateTime) "DD/MM/YYYY hh:mm:ss" "a date and time such as `16/11/2018 10:58:21`",
        cut by cut_to_seconds;

    /// A date and time of the form `02/11/2023 20:18`.
    BrDateTimeMinutes(DateTime) "DD/MM/YYYY hh:mm" "a date and time such as `02/11/2023 20:18`",
        cut by cut_to_minutes;

    /// A date of the form `16-11-18`, in the years 2000 to 2099.
    ///
    /// Dates of other centuries are refused, because the form can't express them.
    BrDateShort(Date) "DD-MM-YY" "a date of 2000 to 2099 such as `16-11-18`";

    /// A date of the form `2018-11-16`.
    IsoDate(Date) "YYYY-MM-DD" "a date such as `2018-11-16`", cut by |date| date;

    /// A date and time of the form `2018-11-16 10:58:21`.
    SqlDateTime(DateTime) "YYYY-MM-DD hh:mm:ss" "a date and time such as `2018-11-16 10:58:21`",
        cut by cut_to_seconds;

    /// A date and time of the form `2018-11-16 10:58`.
    SqlDateTimeMinutes(DateTime) "YYYY-MM-DD hh:mm" "a date and time such as `2018-11-16 10:58`",
        cut by cut_to_minutes;

    /// A date and time of the form `2018-11-16 10:58:21.000000`. PHP writes the `date` of a
    /// `DateTime` object like this, and its zone in another member.
    PhpDateTime(DateTime) "YYYY-MM-DD hh:mm:ss.ffffff" "a date and time such as `2018-11-16 10:58:21.000000`",
        cut by cut_to_microseconds;

    /// A time of day of the form `10:58:21`.
    SqlTime(Time) "hh:mm:ss" "a time such as `10:58:21`",
        cut by |time| cut_to_seconds(time.shown()).time();

    /// A time of day of the form `10:58`.
    SqlTimeMinutes(Time) "hh:mm" "a time such as `10:58`",
        cut by |time| cut_to_minutes(time.shown()).time();
}

impl TryFrom<Date> for BrDateShort {
    type Error = ScalarError;

    fn try_from(date: Date) -> Result<Self, ScalarError> {
        let is_within = (2000..=2099).contains(&date.year());
        if is_within {
            Ok(Self(date))
        } else {
            Err(ScalarError::new(Self::EXPECTED, &date.to_string()))
        }
    }
}

fn cut_to_microseconds(at: DateTime) -> DateTime {
    at.with().nanosecond(0).build().unwrap_or(at)
}

fn cut_to_seconds(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

fn cut_to_minutes(at: DateTime) -> DateTime {
    at.with().second(0).subsec_nanosecond(0).build().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date, time};
    use proptest::prelude::*;

    use super::{
        BrDate, BrDateShort, BrDateTime, BrDateTimeMinutes, IsoDate, PhpDateTime, SqlDateTime,
        SqlDateTimeMinutes, SqlTime, SqlTimeMinutes,
    };

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
        assert_eq!(
            "2020-11-23 14:30".parse::<SqlDateTimeMinutes>().unwrap().civil(),
            date(2020, 11, 23).at(14, 30, 0, 0),
        );
        assert_eq!(
            "2025-08-13 16:47:13.000120".parse::<PhpDateTime>().unwrap().civil(),
            date(2025, 8, 13).at(16, 47, 13, 120_000),
        );
        assert_eq!("08:05:09".parse::<SqlTime>().unwrap().civil(), time(8, 5, 9, 0));
        assert_eq!("08:05".parse::<SqlTimeMinutes>().unwrap().civil(), time(8, 5, 0, 0));
        assert_eq!("05-01-26".parse::<BrDateShort>().unwrap().civil(), date(2026, 1, 5));
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
        assert!("2018-11-16 10:58:21".parse::<SqlDateTimeMinutes>().is_err());
        assert!("2018-11-16 10:58:21.000".parse::<PhpDateTime>().is_err());
        assert!("2018-11-16 10:58:21.-00001".parse::<PhpDateTime>().is_err());
        assert!("24:00:00".parse::<SqlTime>().is_err());
        assert!("8:05".parse::<SqlTimeMinutes>().is_err());
        assert!("05-01-2026".parse::<BrDateShort>().is_err());
        assert!("05-01--1".parse::<BrDateShort>().is_err());
    }

    #[test]
    fn what_the_wire_can_not_say_is_cut_off() {
        let at = date(2018, 11, 16).at(10, 58, 21, 999);
        assert_eq!(BrDateTime::from(at).to_string(), "16/11/2018 10:58:21");
        assert_eq!(BrDateTimeMinutes::from(at).to_string(), "16/11/2018 10:58");
        assert_eq!(BrDateTimeMinutes::from(at), "16/11/2018 10:58".parse().unwrap());
        assert_eq!(PhpDateTime::from(at).to_string(), "2018-11-16 10:58:21.000000");
        assert_eq!(SqlTime::from(at.time()), "10:58:21".parse().unwrap());
        assert_eq!(SqlTimeMinutes::from(at.time()), "10:58".parse().unwrap());
        assert_eq!(format!("{:?}", SqlDateTime::from(at)), "SqlDateTime(2018-11-16 10:58:21)");
    }

    #[test]
    fn a_short_date_of_another_century_is_refused() {
        assert_eq!(BrDateShort::try_from(date(2000, 1, 31)).unwrap().to_string(), "31-01-00");
        let error = BrDateShort::try_from(date(1999, 1, 31)).unwrap_err().to_string();
        assert_eq!(
            error,
            "expected a date of 2000 to 2099 such as `16-11-18`, found text like `9999-99-99`"
        );
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
        /// A written value is read as the same value, and written again as the same text.
        #[test]
        fn scalars_round_trip(at in any_time()) {
            round_trip!(BrDate, at.date());
            round_trip!(IsoDate, at.date());
            round_trip!(BrDateTime, at);
            round_trip!(BrDateTimeMinutes, at);
            round_trip!(SqlDateTime, at);
            round_trip!(SqlDateTimeMinutes, at);
            round_trip!(PhpDateTime, at.with().subsec_nanosecond(123_456_789).build().unwrap());
            round_trip!(SqlTime, at.time());
            round_trip!(SqlTimeMinutes, at.time());
        }

        /// Text that can be read is written unchanged.
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

        /// Text that can be read is written unchanged, whatever its form.
        #[test]
        fn other_text_that_is_read_is_kept(text in "(20[0-9]{2}-|[0-3][0-9]-)?[01][0-9]-[0-3][0-9]|(2018-11-16 )?[0-2][0-9]:[0-5][0-9](:[0-5][0-9](.[0-9]{6})?)?") {
            macro_rules! kept {
                ($($name:ident)*) => {
                    $(if let Ok(at) = text.parse::<$name>() {
                        prop_assert_eq!(at.to_string(), text.clone());
                    })*
                };
            }
            kept!(BrDateShort IsoDate PhpDateTime SqlDateTime SqlDateTimeMinutes SqlTime SqlTimeMinutes);
        }

        /// No text causes a panic, and no error shows a letter or digit of it.
        #[test]
        fn any_text_is_read_or_masked(text in "\\PC*") {
            if let Err(error) = text.parse::<SqlDateTime>() {
                prop_assert!(crate::scalars::is_own_message(&error.to_string()));
            }
        }
    }
}
