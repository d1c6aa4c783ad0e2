//! The text form of a date or a time as a picture: `DD/MM/YYYY hh:mm`.

/// Formats that are pictures; a further one is a row.
const PICTURES: &[(&str, &str)] = &[
    ("br-date", "DD/MM/YYYY"),
    ("br-datetime", "DD/MM/YYYY hh:mm:ss"),
    ("br-datetime-minutes", "DD/MM/YYYY hh:mm"),
    ("br-date-short", "DD-MM-YY"),
    ("sql-datetime", "YYYY-MM-DD hh:mm:ss"),
    ("sql-datetime-minutes", "YYYY-MM-DD hh:mm"),
    ("sql-datetime-offset", "YYYY-MM-DD hh:mm:ss+oo"),
    ("sql-time", "hh:mm:ss"),
    ("sql-time-minutes", "hh:mm"),
    ("offset-datetime", "YYYY-MM-DD hh:mm:ss+oo:uu"),
    ("offset-datetime-filter", "YYYY-MM-DD hh:mm:ss+oouu"),
    ("php-datetime", "YYYY-MM-DD hh:mm:ss.ffffff"),
    ("date", "YYYY-MM-DD"),
];

/// Letters are digits: `D`, `M` and `Y` of day, month and year, `h`, `m`, `s`
/// and `f` of hour, minute, second and its fraction, `o` and `u` of hours and
/// minutes of an offset. `+` is either sign; anything else stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Picture(pub(super) &'static str);

/// What the digits of a text say; without a picture of them, the first day.
struct Said {
    day: i8,
    month: i8,
    year: i16,
}

impl Picture {
    /// The picture of the format of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        PICTURES.iter().find(|(known, _)| *known == name).map(|(_, picture)| Self(picture))
    }

    /// Whether a text looks like this and shows a moment that there is.
    pub(super) fn fits(self, text: &str) -> bool {
        let mut said = Said { day: 1, month: 1, year: 0 };
        let mut rest = text.as_bytes();
        for run in self.runs() {
            let Some((part, after)) = rest.split_at_checked(run.len()) else {
                return false;
            };
            if !said.take(run, part) {
                return false;
            }
            rest = after;
        }
        rest.is_empty() && jiff::civil::Date::new(said.year, said.month, said.day).is_ok()
    }

    /// A text of this look, with the number that `number_of` has for a letter.
    pub(crate) fn text(self, number_of: impl Fn(u8) -> u64) -> String {
        let mut text = String::new();
        for run in self.runs() {
            match run.first().copied().unwrap_or_default() {
                b'+' => text.push('-'),
                letter if letter.is_ascii_alphabetic() => {
                    let digits = format!("{:0width$}", number_of(letter), width = run.len());
                    // Of a longer number, the last digits: 18 of 2018.
                    text.push_str(digits.get(digits.len() - run.len()..).unwrap_or_default());
                }
                _ => text.extend(run.iter().map(|&byte| char::from(byte))),
            }
        }
        text
    }

    /// The picture in runs of equal letters.
    fn runs(self) -> impl Iterator<Item = &'static [u8]> {
        self.0.as_bytes().chunk_by(|a, b| a == b)
    }
}

impl Said {
    /// Takes the bytes that stand where `run` of a picture does; whether they may.
    fn take(&mut self, run: &[u8], part: &[u8]) -> bool {
        let letter = run.first().copied().unwrap_or_default();
        if letter == b'+' {
            return matches!(part, b"+" | b"-");
        }
        if !letter.is_ascii_alphabetic() {
            return run == part;
        }
        let Some(number) = number(part) else {
            return false;
        };
        match letter {
            b'Y' if run.len() == 2 => self.year = number + 2000,
            b'Y' => self.year = number,
            b'M' | b'D' => {
                // Two digits fit.
                let number = i8::try_from(number).unwrap_or_default();
                *(if letter == b'M' { &mut self.month } else { &mut self.day }) = number;
            }
            b'h' | b'o' => return number < 24,
            b'm' | b's' | b'u' => return number < 60,
            _ => (),
        }
        true
    }
}

/// The number that a few digits are; of many, some number.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i16::from(byte - b'0'))?;
        Some(number.wrapping_mul(10).wrapping_add(digit))
    })
}
