//! Turns a text into what its reader sees, and remembers which bytes each character came from.
//!
//! Entities of HTML, escapes of JSON, percent-encoding, quoted-printable and accents that are
//! characters of their own are undone, several layers deep: `Jo&amp;atilde;o` is `João`.
//!
//! Invariants:
//!
//! * Replacing nothing gives back the text byte for byte.
//! * A replaced character is written in the coding of the original where that is needed: text
//!   around it is never read differently.

use std::borrow::Cow;
use std::ops::Range;

/// The most layers of encoding that are undone.
const MAX_LAYERS: usize = 4;

/// A text as its reader sees it.
pub(super) struct View<'t> {
    source: &'t str,
    text: Cow<'t, str>,
    /// Where each byte of `text` came from; empty if both texts are equal.
    places: Vec<Range<u32>>,
}

/// A part of a view and its replacement.
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) new: String,
}

impl<'t> View<'t> {
    pub(super) fn of(source: &'t str) -> Self {
        let plain = Self { source, text: Cow::Borrowed(source), places: Vec::new() };
        if !may_be_encoded(source) || u32::try_from(source.len()).is_err() {
            return plain;
        }
        let mut letters: Vec<Letter> = source
            .char_indices()
            .map(|(start, letter)| Letter { letter, start, end: start + letter.len_utf8() })
            .collect();
        let mut is_encoded = false;
        for _ in 0..MAX_LAYERS {
            let decoded = decoded(&letters);
            if decoded.len() == letters.len() {
                break;
            }
            letters = decoded;
            is_encoded = true;
        }
        if !is_encoded {
            return plain;
        }
        let mut text = String::with_capacity(source.len());
        let mut places = Vec::with_capacity(source.len());
        for Letter { letter, start, end } in letters {
            text.push(letter);
            let place = u32::try_from(start).unwrap_or(0)..u32::try_from(end).unwrap_or(0);
            places.extend(std::iter::repeat_n(place, letter.len_utf8()));
        }
        Self { source, text: Cow::Owned(text), places }
    }

    /// Returns the text as its reader sees it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the source with these parts of the view replaced; they are in order and apart.
    pub(super) fn edited(&self, edits: &[Edit]) -> String {
        let mut out = String::with_capacity(self.source.len());
        let mut end = 0;
        for edit in edits {
            let at = self.place(&edit.at);
            out += self.source.get(end..at.start).unwrap_or_default();
            self.write(edit, &mut out);
            end = at.end;
        }
        out + self.source.get(end..).unwrap_or_default()
    }

    /// Returns the bytes of the source that a part of the view came from.
    pub(super) fn place(&self, at: &Range<usize>) -> Range<usize> {
        let byte = |index: usize| self.places.get(index);
        match (byte(at.start), byte(at.end.saturating_sub(1))) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
            _ => at.clone(),
        }
    }

    /// Writes a replacement, letter by letter in the coding of the original.
    fn write(&self, edit: &Edit, out: &mut String) {
        let old = self.text.get(edit.at.clone()).unwrap_or_default();
        if self.places.is_empty() || old.chars().count() != edit.new.chars().count() {
            *out += &edit.new;
            return;
        }
        for ((index, was), new) in old.char_indices().zip(edit.new.chars()) {
            let index = edit.at.start + index;
            let coded = self.source.get(self.place(&(index..index + 1))).unwrap_or_default();
            match was == new {
                true => *out += coded,
                false => *out += &coded_like(coded, new),
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Letter {
    letter: char,
    start: usize,
    end: usize,
}

fn may_be_encoded(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'&' | b'%' | b'\\' | 0xcc | 0xcd))
        || text.contains("=C")
}

/// Returns the letter in the coding of `coded`, as long as it if possible.
fn coded_like(coded: &str, letter: char) -> String {
    let code = u32::from(letter);
    let is_entity = coded.starts_with('&') && coded.ends_with(';') && coded.len() >= 6;
    if is_entity && coded.matches(['&', '%', '\\']).count() == 1 {
        return format!("&#{code:0>width$};", width = coded.len() - 3);
    }
    if coded.len() == 6 && coded.starts_with("\\u") && code < 0x1_0000 {
        return format!("\\u{code:04x}");
    }
    if coded.len() == 3 && coded.starts_with('%') && letter.is_ascii() {
        return format!("%{code:02X}");
    }
    letter.to_string()
}

/// Undoes one layer.
fn decoded(letters: &[Letter]) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(letters.len());
    let mut at = 0;
    while let Some(first) = letters.get(at) {
        let rest = letters.get(at..).unwrap_or_default();
        if let Some(accented) = out.last().and_then(|last| with_accent(last.letter, first.letter)) {
            if let Some(last) = out.last_mut() {
                *last = Letter { letter: accented, end: first.end, ..*last };
            }
            at += 1;
            continue;
        }
        let found = match first.letter {
            '&' => entity(rest),
            sign @ ('%' | '=') => octets(rest, sign),
            '\\' => escape(rest),
            _ => None,
        };
        let (letter, n_read) = found.unwrap_or((first.letter, 1));
        let end = rest.get(n_read - 1).map_or(first.end, |last| last.end);
        out.push(Letter { letter, start: first.start, end });
        at += n_read;
    }
    out
}

/// Undoes the escapes of a JSON text; half a surrogate pair becomes a replacement character.
pub(super) fn without_escapes(text: &str) -> String {
    let letters: Vec<Letter> =
        text.chars().map(|letter| Letter { letter, start: 0, end: 0 }).collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(first) = letters.get(at) {
        let found = (first.letter == '\\').then(|| escape(letters.get(at..).unwrap_or_default()));
        let is_half = first.letter == '\\' && letters.get(at + 1).is_some_and(|l| l.letter == 'u');
        let (letter, n_read) = match found.flatten() {
            Some(found) => found,
            None if is_half => (char::REPLACEMENT_CHARACTER, 6),
            None => (first.letter, 1),
        };
        out.push(letter);
        at += n_read;
    }
    out
}

/// Reads an escape of JSON or of the languages that are like it.
fn escape(letters: &[Letter]) -> Option<(char, usize)> {
    let letter = |index: usize| letters.get(index).map(|letter| letter.letter);
    match letter(1)? {
        'u' => {
            let high = hexadecimal(letters, 2, 4)?;
            if let Some(plain) = char::from_u32(high) {
                return Some((plain, 6));
            }
            let is_pair = letter(6) == Some('\\') && letter(7) == Some('u');
            let low = hexadecimal(letters, 8, 4).filter(|_| is_pair)?;
            let code = 0x1_0000 + ((high.checked_sub(0xd800)?) << 10) + low.checked_sub(0xdc00)?;
            Some((char::from_u32(code)?, 12))
        }
        'x' => Some((char::from_u32(hexadecimal(letters, 2, 2)?)?, 4)),
        plain @ ('/' | '"' | '\\' | '\'') => Some((plain, 2)),
        'n' | 'r' | 't' => Some((' ', 2)),
        _ => None,
    }
}

fn hexadecimal(letters: &[Letter], from: usize, n_digits: usize) -> Option<u32> {
    let digits = letters.get(from..from + n_digits)?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + digit.letter.to_digit(16)?))
}

/// Reads one character of UTF-8 that is percent-encoded or quoted-printable. The latter has no
/// reason to write ASCII so, and `a=41` is an assignment.
fn octets(letters: &[Letter], sign: char) -> Option<(char, usize)> {
    let mut bytes = Vec::with_capacity(4);
    for index in 0..4 {
        if letters.get(index * 3)?.letter != sign {
            return None;
        }
        bytes.push(u8::try_from(hexadecimal(letters, index * 3 + 1, 2)?).ok()?);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            if sign == '=' && text.is_ascii() {
                return None;
            }
            return Some((text.chars().next()?, index * 3 + 3));
        }
    }
    None
}

/// Entities that HTML has beside the numbers and the accented letters.
const ENTITIES: [(&str, char); 14] = [
    ("amp", '&'),
    ("apos", '\''),
    ("at", '@'),
    ("colon", ':'),
    ("commat", '@'),
    ("gt", '>'),
    ("hyphen", '-'),
    ("lowbar", '_'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("num", '#'),
    ("period", '.'),
    ("quot", '"'),
    ("sol", '/'),
];

fn entity(letters: &[Letter]) -> Option<(char, usize)> {
    let name: String =
        letters.iter().skip(1).take(10).map(|one| one.letter).take_while(|c| *c != ';').collect();
    let n_read = name.chars().count() + 2;
    letters.get(n_read - 1).filter(|end| end.letter == ';')?;
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => u32::from(named(&name)?),
    };
    Some((char::from_u32(code)?, n_read))
}

fn named(name: &str) -> Option<char> {
    let plain = ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
    plain.or_else(|| {
        let letter = name.chars().next()?;
        let mark = match name.get(1..)? {
            "acute" => '\u{301}',
            "grave" => '\u{300}',
            "circ" => '\u{302}',
            "tilde" => '\u{303}',
            "uml" => '\u{308}',
            "cedil" => '\u{327}',
            _ => return None,
        };
        with_accent(letter, mark)
    })
}

/// Letters with each accent, as pairs of the plain and the accented letter.
const ACCENTED: [(char, &str); 6] = [
    ('\u{300}', "aàeèiìoòuùAÀEÈIÌOÒUÙ"),
    ('\u{301}', "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝ"),
    ('\u{302}', "aâeêiîoôuûAÂEÊIÎOÔUÛ"),
    ('\u{303}', "aãoõnñAÃOÕNÑ"),
    ('\u{308}', "aäeëiïoöuüAÄEËIÏOÖUÜ"),
    ('\u{327}', "cçCÇ"),
];

fn with_accent(letter: char, mark: char) -> Option<char> {
    let (_, pairs) = ACCENTED.iter().find(|(known, _)| *known == mark)?;
    let letters: Vec<char> = pairs.chars().collect();
    letters
        .chunks(2)
        .find(|pair| pair.first() == Some(&letter))
        .and_then(|pair| pair.get(1).copied())
}

/// Returns a letter in lower case and without its accent.
pub(super) fn folded(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    match lower {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ý' => 'y',
        other => other,
    }
}

/// Returns a text in lower case and without accents.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(folded).collect()
}

#[cfg(test)]
mod tests {
    use super::{Edit, View, fold};

    #[test]
    fn every_coding_is_seen_as_its_reader_sees_it() {
        let rows = [
            ("plain", "João", "João"),
            ("a named entity", "Jo&atilde;o", "João"),
            ("a number", "Jo&#227;o", "João"),
            ("a hexadecimal number", "Jo&#xE3;o", "João"),
            ("an entity of an entity", "Jo&amp;atilde;o", "João"),
            ("an escape of JSON", r"Jo\u00e3o", "João"),
            ("an escape in an escape", r"Jo\\u00e3o", "João"),
            ("percent-encoding", "Jo%C3%A3o", "João"),
            ("percent-encoding twice", "Jo%25C3%25A3o", "João"),
            ("quoted-printable", "Jo=C3=A3o", "João"),
            ("an assignment", "a=41&b=C3", "a=41&b=C3"),
            ("an accent of its own", "Joa\u{303}o", "João"),
            ("a slash", r"a\/b", "a/b"),
            ("a pair", r"\ud83d\ude00", "😀"),
            ("an unknown entity", "a &foo; b & c", "a &foo; b & c"),
            ("half an escape", r"\u12", r"\u12"),
            ("a broken percent", "100%", "100%"),
        ];
        for (name, text, expect) in rows {
            let view = View::of(text);
            assert_eq!(view.text(), expect, "case `{name}`");
            assert_eq!(view.edited(&[]), text, "case `{name}`");
        }
        assert_eq!(fold("ÉVORA Ção"), "evora cao");
    }

    #[test]
    fn a_replacement_has_the_coding_of_the_original() {
        let rows = [
            // A replacement of another length is written as it is.
            ("Jo&atilde;o &amp; Ana", 0.."João".len(), "Runax", "Runax &amp; Ana"),
            ("Jo&atilde;o &amp; Ana", 0.."João".len(), "Rune", "Ru&#00110;e &amp; Ana"),
            (r"Jo\u00e3o!", 0.."João".len(), "Rune", r"Ru\u006ee!"),
            ("%41na", 0..3, "Eva", "%45va"),
        ];
        for (text, at, new, expect) in rows {
            let edit = Edit { at, new: new.to_owned() };
            assert_eq!(View::of(text).edited(&[edit]), expect, "{text}");
        }
    }
}
