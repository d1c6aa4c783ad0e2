//! Finds values again that were replaced elsewhere in the exchange.
//!
//! A value is a row of words, a number, or a day. Case, accents and the signs between words and
//! digits do not matter, so `João Évora`, `JOAO EVORA` and `joao.evora` are one, and so are
//! `529.982.247-25` and `52998224725`. A name is also found word by word.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::fake::{Date, Faker, compact};
use super::view::fold;
use super::words::{PARTICLES, words};
use super::{Sensitive, vocabulary};

/// The fewest letters and digits of a value to search for; a shorter one would match everywhere.
const MIN_LETTERS: usize = 4;

/// The fewest digits of a number to search for.
const MIN_DIGITS: usize = 6;

/// The most words of a text that is searched for.
const MAX_WORDS: usize = 24;

/// The most signs between two words or digits of one value.
const MAX_BETWEEN: usize = 3;

/// Values that were replaced, each with its fake.
#[derive(Default)]
pub(super) struct Known {
    /// Rows of words by their first word, longer ones first.
    rows: HashMap<String, Vec<Row>>,
    numbers: HashMap<String, (Sensitive, String)>,
    days: Vec<Date>,
    /// The words of fakes that stay.
    kept: HashSet<String>,
}

struct Row {
    kind: Sensitive,
    words: Vec<String>,
    fakes: Vec<String>,
    /// Whether the word counts only with a capital letter, since it is short.
    is_capital: bool,
    /// Whether it is a word of a person's name, which is also found within longer words.
    is_person: bool,
}

/// A part of a text and its replacement.
pub(super) struct Found {
    pub(super) at: Range<usize>,
    pub(super) kind: Sensitive,
    pub(super) new: String,
}

impl Known {
    pub(super) fn add(&mut self, kind: Sensitive, original: &str, fake: &str) {
        if original == fake {
            let own = words(original).filter_map(|word| original.get(word));
            self.kept.extend(own.map(fold).filter(|word| word.len() >= 3));
            return;
        }
        if kind == Sensitive::BirthDate {
            self.days.extend(Date::at_start(original.trim()));
            return;
        }
        self.add_number(kind, original, fake);
        let row = row(kind, original, fake);
        let n_letters = original.chars().filter(|c| c.is_alphanumeric()).count();
        let is_number = row.words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        // A name of common words may be of anything.
        let is_common = match kind {
            Sensitive::FreeText => row.words.len() > MAX_WORDS,
            Sensitive::Name | Sensitive::Address => {
                row.words.iter().all(|word| vocabulary::is_common(word))
            }
            _ => false,
        };
        if n_letters >= MIN_LETTERS && !is_number && !is_common {
            self.insert(row);
        }
        if kind == Sensitive::Address {
            let street = |text: &str| text.split_once(',').map(|(street, _)| street.to_owned());
            if let (Some(street), Some(fake)) = (street(original), street(fake)) {
                self.add(kind, &street, &fake);
            }
        }
        if kind == Sensitive::Name {
            self.add_names(original, fake);
        }
    }

    /// Adds each word of a name.
    fn add_names(&mut self, original: &str, fake: &str) {
        let Row { words, fakes, .. } = row(Sensitive::Name, original, fake);
        if words.len() < 2 || words.len() != fakes.len() {
            return;
        }
        for (word, fake) in words.into_iter().zip(fakes) {
            let n_letters = word.chars().count();
            let is_name = n_letters >= 3
                && word.chars().all(char::is_alphabetic)
                && !PARTICLES.contains(&word.as_str())
                && !vocabulary::is_common(&word);
            if is_name {
                let is_capital = n_letters < MIN_LETTERS;
                self.insert(Row {
                    kind: Sensitive::Name,
                    words: vec![word],
                    fakes: vec![fake],
                    is_capital,
                    is_person: true,
                });
            }
        }
    }

    /// Adds a number with and without what a phone may have before it.
    fn add_number(&mut self, kind: Sensitive, original: &str, fake: &str) {
        let (digits, fake) = (compact(original), compact(fake));
        let n_digits = digits.bytes().filter(u8::is_ascii_digit).count();
        if n_digits < MIN_DIGITS || n_digits * 2 <= digits.len() || digits.len() != fake.len() {
            return;
        }
        if kind == Sensitive::Phone && n_digits == digits.len() {
            let without_country = digits.strip_prefix("55").filter(|_| digits.len() > 11);
            let area = without_country.unwrap_or(&digits);
            for local in [area, area.get(2..).filter(|_| area.len() > 9).unwrap_or(area)] {
                let fake = fake.get(fake.len() - local.len()..).unwrap_or_default();
                self.numbers.entry(local.to_owned()).or_insert((kind, fake.to_owned()));
            }
        }
        self.numbers.entry(digits.to_lowercase()).or_insert((kind, fake));
    }

    /// Returns whether each word of a text is a particle or of a fake that stays.
    pub(super) fn is_kept(&self, text: &str) -> bool {
        let mut folded = words(text).map(|word| fold(text.get(word).unwrap_or_default()));
        let is_kept = |word: String| {
            word.len() < 3 || self.kept.contains(&word) || PARTICLES.contains(&word.as_str())
        };
        !self.kept.is_empty() && folded.all(is_kept)
    }

    fn insert(&mut self, row: Row) {
        let Some(first) = row.words.first() else {
            return;
        };
        let rows = self.rows.entry(first.clone()).or_default();
        if !rows.iter().any(|known| known.words == row.words) {
            rows.push(row);
        }
    }

    /// Sorts the rows; a longer one is tried before a shorter one.
    pub(super) fn sort(&mut self) {
        for rows in self.rows.values_mut() {
            rows.sort_by_key(|row| std::cmp::Reverse(row.words.len()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.numbers.is_empty() && self.days.is_empty()
    }

    /// Returns the fake of a number.
    pub(super) fn number(&self, digits: &str) -> Option<&(Sensitive, String)> {
        self.numbers.get(digits)
    }

    /// Returns every known value in a text, in order.
    pub(super) fn found(&self, text: &str, faker: Faker) -> Vec<Found> {
        if self.is_empty() {
            return Vec::new();
        }
        let words: Vec<Range<usize>> = words(text).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = words.get(at..).unwrap_or_default();
            let part = text.get(word.clone()).unwrap_or_default();
            let is_number = part.starts_with(|c: char| c.is_ascii_digit());
            let day = is_number.then(|| self.day(text, word.start, faker)).flatten();
            let number = || self.number_at(text, rest);
            let one = day.or_else(number).or_else(|| self.row_at(text, rest));
            match one {
                Some(one) => {
                    at += rest.iter().take_while(|word| word.start < one.at.end).count().max(1);
                    found.push(one);
                }
                None => {
                    found.extend(self.inside(text, word));
                    at += 1;
                }
            }
        }
        found
    }

    fn day(&self, text: &str, start: usize, faker: Faker) -> Option<Found> {
        let date = Date::at_start(text.get(start..)?)?;
        self.days.iter().find(|day| day.is_same_day(&date))?;
        let at = start..start + date.length;
        let new = faker.fake(&[Sensitive::BirthDate], text.get(at.clone())?);
        Some(Found { at, kind: Sensitive::BirthDate, new })
    }

    /// Finds the longest known number that starts at the first of these words.
    fn number_at(&self, text: &str, words: &[Range<usize>]) -> Option<Found> {
        if self.numbers.is_empty() {
            return None;
        }
        let first = words.first()?;
        let mut digits = String::new();
        let mut end = first.start;
        let mut longest = None;
        for word in words.iter().take(16) {
            let between = text.get(end..word.start)?;
            let is_near = between.len() <= 2 && between.chars().all(|c| " .-/()".contains(c));
            if !is_near {
                break;
            }
            digits += &text.get(word.clone())?.to_lowercase();
            end = word.end;
            if let Some((kind, fake)) = self.numbers.get(&digits) {
                longest = Some((first.start..end, *kind, fake));
            }
        }
        let (at, kind, fake) = longest?;
        let old = text.get(at.clone())?;
        let new = in_case_of(old, &super::fake::filled(old, fake));
        Some(Found { new, at, kind })
    }

    /// Finds a known row of words that starts at the first of these words.
    fn row_at(&self, text: &str, words: &[Range<usize>]) -> Option<Found> {
        let first = text.get(words.first()?.clone())?;
        let rows = self.rows.get(&fold(first))?;
        rows.iter().find_map(|row| row.at_start(text, words))
    }

    /// Finds known names at the start and the end of a longer word, such as `teodorabrum`.
    fn inside(&self, text: &str, word: &Range<usize>) -> Vec<Found> {
        const MIN_INSIDE: usize = 5;
        let folded = fold(text.get(word.clone()).unwrap_or_default());
        let is_long = word.len() > MIN_INSIDE + 1 && word.len() <= 64;
        if self.rows.is_empty() || !is_long || folded.len() != word.len() {
            return Vec::new();
        }
        let name = |part: Range<usize>| {
            let rows = self.rows.get(folded.get(part.clone())?)?;
            let row = rows.iter().find(|row| row.words.len() == 1 && row.is_person)?;
            let at = word.start + part.start..word.start + part.end;
            let new = in_case_of(text.get(at.clone())?, row.fakes.first()?);
            Some(Found { at, kind: Sensitive::Name, new })
        };
        let first = (MIN_INSIDE..folded.len()).rev().find_map(|n| name(0..n));
        let n_left = folded.len() - first.as_ref().map_or(0, |first| first.at.len());
        let is_whole = |n: &usize| *n < folded.len();
        let last = (MIN_INSIDE..=n_left).rev().filter(is_whole);
        let last = last.into_iter().find_map(|n| name(folded.len() - n..folded.len()));
        first.into_iter().chain(last).collect()
    }
}

impl Row {
    fn at_start(&self, text: &str, words: &[Range<usize>]) -> Option<Found> {
        let parts = words.get(..self.words.len())?;
        for (part, word) in parts.iter().zip(&self.words) {
            if fold(text.get(part.clone())?) != *word {
                return None;
            }
        }
        let is_near = |pair: &[Range<usize>]| match pair {
            [before, after] => {
                let between = text.get(before.end..after.start).unwrap_or_default();
                between.chars().count() <= MAX_BETWEEN && !between.contains(['<', '\n'])
            }
            _ => true,
        };
        let (first, last) = (parts.first()?, parts.last()?);
        let is_capital = text.get(first.clone())?.starts_with(char::is_uppercase);
        if !parts.windows(2).all(is_near) || (self.is_capital && !is_capital) {
            return None;
        }
        let at = first.start..last.end;
        if self.fakes.len() != self.words.len() {
            let fake = in_case_of(text.get(at.clone())?, self.fakes.first()?);
            return Some(Found { at, kind: self.kind, new: fake });
        }
        let mut new = String::with_capacity(at.len());
        let mut end = first.start;
        for (part, fake) in parts.iter().zip(&self.fakes) {
            new += text.get(end..part.start)?;
            new += &in_case_of(text.get(part.clone())?, fake);
            end = part.end;
        }
        Some(Found { at, kind: self.kind, new })
    }
}

/// Returns the words of a value and of its fake, or the whole fake if their number differs.
fn row(kind: Sensitive, original: &str, fake: &str) -> Row {
    let of = |text: &str| -> Vec<String> {
        words(text).map(|word| text.get(word).unwrap_or_default().to_owned()).collect()
    };
    let (own, mut fakes) = (of(original), of(fake));
    if own.len() != fakes.len() {
        fakes = vec![fake.trim_matches(|c: char| !c.is_alphanumeric() && c != '*').to_owned()];
    }
    let is_person =
        kind == Sensitive::Name && own.iter().all(|word| vocabulary::is_name(&fold(word)));
    Row {
        kind,
        words: own.iter().map(|word| fold(word)).collect(),
        fakes,
        is_capital: false,
        is_person,
    }
}

/// Writes the fake in the case of the original.
fn in_case_of(found: &str, fake: &str) -> String {
    let (n_own, n_fake) = (found.chars().count(), fake.chars().count());
    if n_own == n_fake {
        let in_case = |(own, fake): (char, char)| match (own.is_uppercase(), own.is_lowercase()) {
            (true, _) => fake.to_uppercase().next().unwrap_or(fake),
            (_, true) => fake.to_lowercase().next().unwrap_or(fake),
            _ => fake,
        };
        return found.chars().zip(fake.chars()).map(in_case).collect();
    }
    let has = |is: fn(char) -> bool| found.chars().any(is);
    match (has(char::is_uppercase), has(char::is_lowercase)) {
        (true, false) => fake.to_uppercase(),
        (false, true) => fake.to_lowercase(),
        _ => fake.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, Sensitive};
    use crate::fake::Faker;

    fn replaced(text: &str) -> String {
        let mut known = Known::default();
        known.add(Sensitive::Name, "João Évora Lacerda", "Rune Fobal Dumireb");
        known.add(Sensitive::Phone, "(51) 99876-1234", "(11) 90000-5678");
        known.add(Sensitive::Email, "joao.evora@example.com.br", "xa@example.com");
        known.add(Sensitive::BirthDate, "1987-03-22", "1950-11-12");
        known.add(Sensitive::Document, "MG-12.345.678", "AB-98.765.432");
        known.sort();
        let mut out = String::new();
        let mut end = 0;
        for one in known.found(text, Faker::new(b"k")) {
            out += &text[end..one.at.start];
            out += &one.new;
            end = one.at.end;
        }
        out + &text[end..]
    }

    #[test]
    fn a_value_is_found_however_it_is_spelled() {
        let rows = [
            ("as it is", "de João Évora Lacerda.", "de Rune Fobal Dumireb."),
            ("without accents, in capitals", "JOAO EVORA LACERDA", "RUNE FOBAL DUMIREB"),
            ("in small letters, with dots", "joao.evora.lacerda", "rune.fobal.dumireb"),
            ("a part of the name", "falei com Evora hoje", "falei com Fobal hoje"),
            ("in another order", "LACERDA, João", "DUMIREB, Rune"),
            ("in a longer word", "lacerdanet, joaolacerda", "dumirebnet, joaodumireb"),
            ("two names in one word", "EvoraLacerda", "FobalDumireb"),
            ("a phone without signs", "51998761234", "11900005678"),
            ("a phone without its area", "99876 1234", "90000 5678"),
            ("a phone with its country", "+55 51 99876-1234", "+55 11 90000-5678"),
            ("an address of mail", "JOAO.EVORA@EXAMPLE.COM.BR", "XA@EXAMPLE.COM"),
            ("a document without signs", "mg12345678", "ab98765432"),
            ("other words", "o joalheiro evocou", "o joalheiro evocou"),
            ("another number", "5199876123", "5199876123"),
        ];
        for (name, text, expect) in rows {
            assert_eq!(replaced(text), expect, "case `{name}`");
        }
        assert!(
            !replaced("nasceu em 22/03/1987, ou 22.3.87").contains("87"),
            "{}",
            replaced("22/03/1987")
        );
    }
}
