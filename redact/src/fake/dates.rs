//! Reads and replaces dates of birth in every spelling that vendors and persons use.
//!
//! All spellings of one date become the same other date, which exists.

use super::Faker;

/// A date, and where its parts stand in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    year: u32,
    month: u32,
    day: u32,
    order: Order,
    /// The length in bytes of the date at the start of the text.
    pub(crate) length: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    YearFirst,
    DayFirst,
    DayFirstShortYear,
}

impl Date {
    /// Reads the date at the start of a text: `1987-03-22`, `22/03/1987`, `22.3.87`, `19870322`.
    pub(crate) fn at_start(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let n_digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if n_digits == 8 {
            let date = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
            return Self::checked(date(0, 4)?, date(4, 6)?, date(6, 8)?, Order::YearFirst, 8)
                .or_else(|| {
                    Self::checked(date(4, 8)?, date(2, 4)?, date(0, 2)?, Order::DayFirst, 8)
                });
        }
        let separator = *bytes.get(n_digits).filter(|byte| b"/-.".contains(byte))?;
        let mut numbers = [0; 3];
        let mut lengths = [0; 3];
        let mut at = 0;
        for index in 0..3 {
            let rest = bytes.get(at..)?;
            let n_digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if n_digits == 0
                || n_digits > 4
                || (index < 2 && rest.get(n_digits) != Some(&separator))
            {
                return None;
            }
            numbers[index] = text.get(at..at + n_digits)?.parse().ok()?;
            lengths[index] = n_digits;
            at += n_digits + usize::from(index < 2);
        }
        match lengths {
            [4, 0..=2, 0..=2] => {
                Self::checked(numbers[0], numbers[1], numbers[2], Order::YearFirst, at)
            }
            [0..=2, 0..=2, 4] => {
                Self::checked(numbers[2], numbers[1], numbers[0], Order::DayFirst, at)
            }
            [0..=2, 0..=2, 2] => {
                let century = if numbers[2] > 30 { 1900 } else { 2000 };
                Self::checked(
                    numbers[2] + century,
                    numbers[1],
                    numbers[0],
                    Order::DayFirstShortYear,
                    at,
                )
            }
            _ => None,
        }
    }

    fn checked(year: u32, month: u32, day: u32, order: Order, length: usize) -> Option<Self> {
        let is_date =
            (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        is_date.then_some(Self { year, month, day, order, length })
    }

    /// Returns whether the day is marked as a fake: one of 97 is.
    pub(crate) fn is_marked(&self) -> bool {
        let day = (self.year * 12 + self.month) * 31 + self.day;
        (1940..2000).contains(&self.year) && day % 97 == 0
    }

    /// Returns a marked day whose parts have as many digits.
    fn marked(self) -> Self {
        let days = || if self.day < 10 { 1..10 } else { 10..29 };
        let years = (0..60).map(|step| 1940 + (self.year - 1940 + step) % 60);
        years
            .flat_map(|year| days().map(move |day| Self { year, day, ..self }))
            .find(Self::is_marked)
            .unwrap_or(self)
    }

    /// Returns whether both are the same day.
    pub(crate) fn is_same_day(&self, other: &Self) -> bool {
        (self.year, self.month, self.day) == (other.year, other.month, other.day)
    }
}

impl Faker {
    /// Replaces the date at the start of a text, as long and in the same order.
    pub(super) fn date(self, text: &str, attempt: u32) -> Option<String> {
        let date = Date::at_start(text)?;
        if date.is_marked() {
            return Some(text.to_owned());
        }
        let day = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
        let mut draw = self.draw("date", &day, attempt);
        // Each part keeps its number of digits, so that every spelling keeps its length.
        let mut two = |from: usize, n: usize| u32::try_from(from + draw.below(n)).unwrap_or(10);
        let year = 1900 + two(40, 60);
        let month = if date.month < 10 { two(1, 9) } else { two(10, 3) };
        let day = if date.day < 10 { two(1, 9) } else { two(10, 19) };
        let drawn = Date { year, month, day, ..date };
        let Date { year, month, day, .. } = drawn.marked();
        let mut parts = match date.order {
            Order::YearFirst => [year, month, day],
            Order::DayFirst => [day, month, year],
            Order::DayFirstShortYear => [day, month, year % 100],
        }
        .into_iter();
        let old = text.get(..date.length)?;
        let after = text.get(date.length..)?;
        let fake = if old.bytes().all(|byte| byte.is_ascii_digit()) {
            let width = |index: usize| {
                if (index == 0) == (date.order == Order::YearFirst) && index != 1 { 4 } else { 2 }
            };
            parts.enumerate().map(|(index, part)| format!("{part:0>0$}", width(index))).collect()
        } else {
            let separator: String = old.chars().filter(|c| !c.is_ascii_digit()).take(1).collect();
            let numbers = old.split(separator.as_str());
            let numbers =
                numbers.map(|number| format!("{:0>1$}", parts.next().unwrap_or(1), number.len()));
            numbers.collect::<Vec<_>>().join(&separator)
        };
        Some(fake + after)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;
    use crate::Sensitive;
    use crate::fake::Faker;

    #[test]
    fn every_spelling_of_a_day_becomes_the_same_other_day() {
        let fake = |text: &str| Faker::new(b"k").fake(&[Sensitive::BirthDate], text);
        let iso = fake("1987-03-22");
        let (year, month, day) = (&iso[..4], &iso[5..7], &iso[8..]);
        assert_ne!(iso, "1987-03-22");
        let rows = [
            ("22/03/1987", format!("{day}/{month}/{year}")),
            ("22-03-1987", format!("{day}-{month}-{year}")),
            ("22.03.1987", format!("{day}.{month}.{year}")),
            ("22/03/87", format!("{day}/{month}/{}", &year[2..])),
            ("22/3/1987", format!("{day}/{}/{year}", month.trim_start_matches('0'))),
            ("19870322", format!("{year}{month}{day}")),
            ("22031987", format!("{day}{month}{year}")),
            ("1987-03-22T00:00:00Z", format!("{iso}T00:00:00Z")),
        ];
        for (text, expect) in rows {
            assert_eq!(fake(text), expect, "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in ["1987-13-22", "32/03/1987", "1.2", "192.168.0.1", "12/2020", "abc", ""] {
            assert_eq!(Date::at_start(text), None, "{text}");
        }
    }
}
