//! Dates that a vendor spells in several forms.
//!
//! Invariants:
//!
//! * Any text is kept and written back as it came; the date is read on request.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::picture::Picture;
use super::types;

types!(AnyDate "a date");

/// The forms that are read as a date, the two that are written first.
const PICTURES: [Picture; 10] = [
    Picture("YYYY-MM-DD"),
    Picture("YYYY-MM-DD hh:mm:ss"),
    Picture("YYYY-MM-DD hh:mm"),
    Picture("YYYY-MM-DD hh:mm:ss.ffffff"),
    Picture("YYYY-MM-DDThh:mm:ss"),
    Picture("YYYY/MM/DD"),
    Picture("DD/MM/YYYY"),
    Picture("DD/MM/YYYY hh:mm:ss"),
    Picture("DD/MM/YYYY hh:mm"),
    Picture("DD-MM-YYYY"),
];

/// A date as the vendor sent it, with or without a time: `2018-11-16`, `16/11/2018 10:58:21`.
///
/// Other text is kept, too, so that one odd date does not lose the whole response:
///
/// ```
/// use prumo_runtime::AnyDate;
/// use prumo_runtime::jiff::civil::date;
///
/// let ends = AnyDate::from("31/12/2026");
/// assert_eq!(ends.date(), Some(date(2026, 12, 31)));
/// assert_eq!(AnyDate::from("a combinar").date(), None);
/// assert_eq!(AnyDate::from(date(2026, 12, 31)).as_str(), "2026-12-31");
/// ```
///
/// Values are equal if they are spelled alike. Compare [`date`](Self::date) if the day matters.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AnyDate(String);

impl AnyDate {
    /// Returns the day, or `None` for a text that is no date.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.datetime().map(DateTime::date)
    }

    /// Returns the day and the time, midnight if there is none, or `None` for a text that is no
    /// date.
    #[must_use]
    pub fn datetime(&self) -> Option<DateTime> {
        PICTURES.iter().find_map(|picture| picture.read(&self.0))
    }

    /// Returns the text as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Date> for AnyDate {
    /// Writes `2018-11-16`.
    fn from(date: Date) -> Self {
        Self(format!("{date}"))
    }
}

impl From<DateTime> for AnyDate {
    /// Writes `2018-11-16 10:58:21`, without fractions of a second.
    fn from(at: DateTime) -> Self {
        Self(format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second()))
    }
}

impl From<&str> for AnyDate {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for AnyDate {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&String> for AnyDate {
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl FromStr for AnyDate {
    type Err = Infallible;

    /// Keeps any text.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for AnyDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AnyDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyDate({:?})", self.0)
    }
}

impl Serialize for AnyDate {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AnyDate {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        String::deserialize(json).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::AnyDate;

    #[test]
    fn a_date_is_read_in_every_form_and_is_written_back_as_it_came() {
        let day = date(2018, 11, 16);
        let cases = [
            ("2018-11-16", Some(day.at(0, 0, 0, 0))),
            ("2018-11-16 10:58:21", Some(day.at(10, 58, 21, 0))),
            ("2018-11-16 10:58", Some(day.at(10, 58, 0, 0))),
            ("2018-11-16 10:58:21.000000", Some(day.at(10, 58, 21, 0))),
            ("2018-11-16T10:58:21", Some(day.at(10, 58, 21, 0))),
            ("2018/11/16", Some(day.at(0, 0, 0, 0))),
            ("16/11/2018", Some(day.at(0, 0, 0, 0))),
            ("16/11/2018 10:58:21", Some(day.at(10, 58, 21, 0))),
            ("16/11/2018 10:58", Some(day.at(10, 58, 0, 0))),
            ("16-11-2018", Some(day.at(0, 0, 0, 0))),
            ("31/02/2018", None),
            ("16/11/18", None),
            ("0000-00-00", None),
            ("", None),
            ("a combinar", None),
        ];
        for (text, expected) in cases {
            let json = format!("{text:?}");
            let read: AnyDate = serde_json::from_str(&json).unwrap();
            assert_eq!(read.datetime(), expected, "{text}");
            assert_eq!(read.date(), expected.map(|at| at.date()), "{text}");
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        assert_eq!(AnyDate::from(day).as_str(), "2018-11-16");
        assert_eq!(AnyDate::from(day.at(8, 5, 0, 7)).as_str(), "2018-11-16 08:05:00");
        for json in ["null", "20181116", "{}"] {
            assert!(serde_json::from_str::<AnyDate>(json).is_err(), "{json}");
        }
    }
}
