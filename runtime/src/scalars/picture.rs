//! Reads and writes the text form of a date or time that a picture describes: `DD/MM/YYYY hh:mm`.
//!
//! Both directions use the same picture, so text that was read is written with the same bytes.

use std::fmt;

use jiff::civil::DateTime;

/// Runs of `DMYhmsf` are the digits of day, month, year, hour, minute, second and its fraction. All
/// other characters stand for themselves. A two-digit year is between 2000 and 2099.
pub(super) struct Picture(pub(super) &'static str);

impl Picture {
    /// Reads `text`. Parts that the picture lacks have their smallest value.
    pub(super) fn read(&self, text: &str) -> Option<DateTime> {
        let (mut day, mut month, mut year) = (1, 1, 0);
        let (mut hour, mut minute, mut second, mut nanosecond) = (0, 0, 0, 0);
        let mut rest = text;
        for run in self.runs() {
            let place = match run.as_bytes().first()? {
                b'Y' => {
                    (year, rest) = read_year(rest, run.len())?;
                    continue;
                }
                b'f' => {
                    let (fraction, after) = read_digits(rest, run.len())?;
                    (nanosecond, rest) = (fraction * unit(run.len()), after);
                    continue;
                }
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
        DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, at: DateTime) -> fmt::Result {
        for run in self.runs() {
            let width = run.len();
            match run.as_bytes().first() {
                Some(b'D') => write!(f, "{:0width$}", at.day())?,
                Some(b'M') => write!(f, "{:0width$}", at.month())?,
                Some(b'Y') if width == 2 => write!(f, "{:0width$}", at.year().rem_euclid(100))?,
                Some(b'Y') if at.year() < 0 => write!(f, "-{:0width$}", at.year().unsigned_abs())?,
                Some(b'Y') => write!(f, "{:0width$}", at.year())?,
                Some(b'h') => write!(f, "{:0width$}", at.hour())?,
                Some(b'm') => write!(f, "{:0width$}", at.minute())?,
                Some(b's') => write!(f, "{:0width$}", at.second())?,
                Some(b'f') => write!(f, "{:0width$}", at.subsec_nanosecond() / unit(width))?,
                Some(_) | None => f.write_str(run)?,
            }
        }
        Ok(())
    }

    /// Returns the runs of equal letters in the picture.
    fn runs(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.0.as_bytes().chunk_by(|a, b| a == b).filter_map(|run| std::str::from_utf8(run).ok())
    }
}

/// Returns the nanoseconds in one unit of the last digit of a fraction with `n_digits` digits.
fn unit(n_digits: usize) -> i32 {
    (n_digits..9).fold(1, |unit, _| unit * 10)
}

/// Reads exactly `n_digits` digits.
fn read_digits(text: &str, n_digits: usize) -> Option<(i32, &str)> {
    let (digits, rest) = text.split_at_checked(n_digits)?;
    let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
    Some((digits.parse().ok().filter(|_| is_plain)?, rest))
}

/// Reads a year. jiff supports years before zero, which are written as `-` and four digits, so they
/// can be read again.
fn read_year(text: &str, n_digits: usize) -> Option<(i16, &str)> {
    let (year, rest) = match text.strip_prefix('-').filter(|_| n_digits > 2) {
        Some(text) => read_digits(text, n_digits)
            .filter(|&(year, _)| year > 0)
            .map(|(year, rest)| (-year, rest)),
        None => read_digits(text, n_digits),
    }?;
    let century = if n_digits == 2 { 2000 } else { 0 };
    Some((i16::try_from(century + year).ok()?, rest))
}
