//! Reads and writes a date or a time by its picture: `DD/MM/YYYY hh:mm`.
//!
//! jiff's `strptime` does not replace this, even with a rewrite by `strftime` to keep every byte:
//! it took two to eight times as long on the judge's hottest path, accepts `16/11/-018`, and reads
//! a year of two digits as one of 1969 to 2068, where these formats mean 2000 to 2099.

/// Describes a text character by character.
///
/// `D`, `M` and `Y` are digits of day, month and year, `h`, `m`, `s` and `f` of hour, minute,
/// second and its fraction, `o` and `u` of the hours and minutes of an offset. `+` is either sign;
/// every other character stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Picture(pub(super) &'static str);

/// The date in a text; it defaults to the first day if the picture has no date.
struct Said {
    day: i8,
    month: i8,
    year: i16,
}

impl Picture {
    /// Returns whether a text matches the picture and is a moment that exists.
    pub(super) fn fits(self, text: &str) -> bool {
        let (picture, text) = (self.0.as_bytes(), text.as_bytes());
        if text.len() != picture.len() {
            return false;
        }
        let mut said = Said { day: 1, month: 1, year: 0 };
        let mut run = Run::default();
        for (index, (&letter, byte)) in picture.iter().zip(text).enumerate() {
            let is_like = match letter {
                b'+' => matches!(byte, b'+' | b'-'),
                _ if is_digit(letter) => run.take(*byte),
                _ => *byte == letter,
            };
            let is_end = picture.get(index + 1) != Some(&letter);
            if !is_like || (is_end && !said.take(letter, std::mem::take(&mut run))) {
                return false;
            }
        }
        jiff::civil::Date::new(said.year, said.month, said.day).is_ok()
    }

    /// Writes a text of this picture with the numbers that `number_of` returns for its letters.
    pub fn text(self, number_of: impl Fn(u8) -> u64) -> String {
        let mut text = String::new();
        for run in self.runs() {
            match run.first().copied().unwrap_or_default() {
                b'+' => text.push('-'),
                letter if is_digit(letter) => {
                    let digits = format!("{:0width$}", number_of(letter), width = run.len());
                    // A longer number is cut to its last digits: 2018 to 18.
                    text.push_str(digits.get(digits.len() - run.len()..).unwrap_or_default());
                }
                _ => text.extend(run.iter().map(|&byte| char::from(byte))),
            }
        }
        text
    }

    /// Splits the picture into runs of equal letters.
    fn runs(self) -> impl Iterator<Item = &'static [u8]> {
        self.0.as_bytes().chunk_by(|a, b| a == b)
    }
}

fn is_digit(letter: u8) -> bool {
    matches!(letter, b'D' | b'M' | b'Y' | b'h' | b'm' | b's' | b'f' | b'o' | b'u')
}

/// The digits at a run of equal letters.
#[derive(Clone, Copy, Default)]
struct Run {
    n_digits: u8,
    /// The number that the digits form, if they are few.
    number: i16,
}

impl Run {
    /// Adds one more character and returns whether it is a digit.
    fn take(&mut self, byte: u8) -> bool {
        let digit = byte.wrapping_sub(b'0');
        self.n_digits += 1;
        self.number = self.number.wrapping_mul(10).wrapping_add(i16::from(digit));
        digit < 10
    }
}

impl Said {
    /// Sets the field of this letter and returns whether a clock can show the number.
    fn take(&mut self, letter: u8, Run { n_digits, number }: Run) -> bool {
        match letter {
            b'Y' if n_digits == 2 => self.year = number + 2000,
            b'Y' => self.year = number,
            // Two digits fit.
            b'M' => self.month = i8::try_from(number).unwrap_or_default(),
            b'D' => self.day = i8::try_from(number).unwrap_or_default(),
            b'h' | b'o' => return number < 24,
            b'm' | b's' | b'u' => return number < 60,
            _ => (),
        }
        true
    }
}
