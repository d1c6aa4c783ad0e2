//! Decodes the escapes that a vendor may have written a text in, and keeps track of the places.
//!
//! One pass decodes percent-encoding, the escapes of JSON and of programming languages, and HTML
//! entities. Text that was escaped twice takes two passes.
//!
//! Invariant: every byte of a view has the range of the vendor's bytes that stand for it.

use std::ops::Range;

use super::entity;

/// The signs that start an escape.
pub(super) const ESCAPES: &[u8] = b"%\\&";

/// Bytes to search, each with its place in the vendor's text.
pub(super) struct View {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

/// The meaning of an escape.
pub(super) enum Meant {
    Byte(u8),
    Letter(char),
}

impl View {
    /// Returns the view of a text as it is.
    pub(super) fn of(text: &[u8]) -> Self {
        Self { bytes: text.to_vec(), places: (0..text.len()).map(|at| at..at + 1).collect() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the range of the vendor's text that a range of this view stands for.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        let start = self.places.get(range.start).map_or(0, |place| place.start);
        let last = range.end.checked_sub(1).and_then(|last| self.places.get(last));
        start..last.map_or(start, |place| place.end)
    }

    /// Decodes every escape that starts with one of `signs` once. Returns `None` if there is none.
    pub(super) fn decoded(&self, signs: &[u8]) -> Option<Self> {
        if !self.bytes.iter().any(|byte| signs.contains(byte)) {
            return None;
        }
        let mut decoded = Self { bytes: Vec::new(), places: Vec::new() };
        let mut at = 0;
        while let Some((first, rest)) = self.bytes.get(at..).and_then(<[u8]>::split_first) {
            let escape = if signs.contains(first) { escape(*first, rest) } else { None };
            let (meant, n_more) = escape.unwrap_or((Meant::Byte(*first), 0));
            decoded.push(meant, &self.place(at..at + 1 + n_more));
            at += 1 + n_more;
        }
        (decoded.bytes.len() < self.bytes.len()).then_some(decoded)
    }

    /// Maps letters that differ only in case to the same letter, as well as the two signs in which
    /// the alphabets of Base64 differ.
    pub(super) fn folded(&self) -> Self {
        let mut folded = Self { bytes: Vec::new(), places: Vec::new() };
        let mut at = 0;
        for chunk in self.bytes.utf8_chunks() {
            for letter in chunk.valid().chars() {
                let place = self.place(at..at + letter.len_utf8());
                if letter.is_ascii() {
                    folded.push(Meant::Letter(other_alphabet(letter.to_ascii_lowercase())), &place);
                } else {
                    fold(letter).for_each(|letter| folded.push(Meant::Letter(letter), &place));
                }
                at += letter.len_utf8();
            }
            for byte in chunk.invalid() {
                folded.push(Meant::Byte(*byte), &self.place(at..at + 1));
                at += 1;
            }
        }
        folded
    }

    fn push(&mut self, meant: Meant, place: &Range<usize>) {
        let mut buffer = [0; 4];
        let bytes = match meant {
            Meant::Byte(byte) => {
                buffer[0] = byte;
                &buffer[..1]
            }
            Meant::Letter(letter) => letter.encode_utf8(&mut buffer).as_bytes(),
        };
        self.bytes.extend_from_slice(bytes);
        self.places.extend(bytes.iter().map(|_| place.clone()));
    }
}

/// Returns the letters that stand for `letter` and all letters that count as the same.
pub(super) fn fold(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().map(other_alphabet)
}

/// Replaces a sign of the URL-safe alphabet of Base64 with that of the standard one.
fn other_alphabet(letter: char) -> char {
    match letter {
        '-' => '+',
        '_' => '/',
        other => other,
    }
}

/// Decodes the escape that starts with `first`. Returns what it means and how many bytes of `rest`
/// it takes.
fn escape(first: u8, rest: &[u8]) -> Option<(Meant, usize)> {
    match first {
        b'%' => match rest.first()? {
            // JavaScript's `escape`.
            b'u' => Some((Meant::Letter(char::from_u32(hex(rest, 1..5)?)?), 5)),
            _ => Some((byte(hex(rest, 0..2)?)?, 2)),
        },
        b'\\' => backslash(rest),
        b'&' => entity::read(rest),
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<(Meant, usize)> {
    let letter = |letter| Some((Meant::Letter(letter), 1));
    match rest.first()? {
        b'n' => letter('\n'),
        b'r' => letter('\r'),
        b't' => letter('\t'),
        b'b' => letter('\u{8}'),
        b'f' => letter('\u{c}'),
        b'x' => Some((byte(hex(rest, 1..3)?)?, 3)),
        b'u' => unicode(rest),
        b'0'..=b'3' => Some((byte(number(rest, 0..3, 8)?)?, 3)),
        sign if sign.is_ascii_punctuation() => letter(char::from(*sign)),
        _ => None,
    }
}

/// Decodes `u00e7`, `u{e7}`, or two halves such as `ud83d\ude00`.
fn unicode(rest: &[u8]) -> Option<(Meant, usize)> {
    if rest.get(1) == Some(&b'{') {
        let end = rest.iter().take(10).position(|byte| *byte == b'}')?;
        return Some((Meant::Letter(char::from_u32(hex(rest, 2..end)?)?), end + 1));
    }
    let unit = hex(rest, 1..5)?;
    if let Some(letter) = char::from_u32(unit) {
        return Some((Meant::Letter(letter), 5));
    }
    rest.get(5..7).filter(|between| *between == b"\\u")?;
    let units = [unit, hex(rest, 7..11)?].map(|unit| u16::try_from(unit).unwrap_or_default());
    let letter = char::decode_utf16(units).next()?.ok()?;
    Some((Meant::Letter(letter), 11))
}

fn byte(number: u32) -> Option<Meant> {
    u8::try_from(number).ok().map(Meant::Byte)
}

fn hex(bytes: &[u8], digits: Range<usize>) -> Option<u32> {
    number(bytes, digits, 16)
}

/// Parses all of `digits` in `bytes`. Unlike the standard library, it accepts no sign.
pub(super) fn number(bytes: &[u8], digits: Range<usize>, radix: u32) -> Option<u32> {
    let digits = bytes.get(digits).filter(|digits| !digits.is_empty())?;
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}
