//! Finds personal values in any text: by form, or because they are known already.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Number;

use super::Sensitive;
use super::fake::{Faker, check_digit, compact};

/// The shortest known value to search for; a shorter one would match everywhere.
const MIN_KNOWN: usize = 4;

/// E-mail, formatted CPF and CNPJ, phone, JWT, bearer token, and possible bare CPF or CNPJ, in this
/// order of groups.
static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = concat!(
        r"(?P<email>[\w.+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
        r"|(?P<jwt>eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)",
        r"|(?P<bearer>(?i:\bbearer\s+)[A-Za-z0-9._~+/=-]{8,})",
        r"|(?P<cpf>\b\d{3}\.\d{3}\.\d{3}-\d{2}\b)",
        r"|(?P<cnpj>\b[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}\b)",
        r"|(?P<phone>(?:\+55\s?)?\(\d{2}\)\s?9?\s?\d{4}[-\s.]?\d{4}\b",
        r"|\+55\s?\d{2}\s?9?\d{4}[-\s]?\d{4}\b|\b\d{2}\s9?\d{4}-\d{4}\b)",
        r"|(?P<bare>\b[0-9A-Z]{11,14}\b)",
    );
    Regex::new(forms).ok()
});

/// Replaced values in lower case, each with its fake.
#[derive(Default)]
pub(super) struct Known {
    fakes: BTreeMap<String, String>,
}

impl Known {
    pub(super) fn add(&mut self, original: &str, fake: &str) {
        let original = original.trim();
        if original == fake.trim() {
            return;
        }
        if original.chars().count() >= MIN_KNOWN {
            self.fakes.entry(original.to_lowercase()).or_insert_with(|| fake.trim().to_owned());
        }
        // A number may occur with and without its punctuation.
        let digits = compact(original);
        if digits.len() >= 8 && digits.bytes().filter(u8::is_ascii_digit).count() * 2 > digits.len()
        {
            self.fakes.entry(digits.to_lowercase()).or_insert_with(|| compact(fake));
        }
    }

    /// Adds a secret, which has no fake: `hidden` shows that it was removed.
    pub(super) fn add_secret(&mut self, original: &str, hidden: &str) {
        if original.chars().count() >= MIN_KNOWN {
            self.fakes.insert(original.to_lowercase(), hidden.to_owned());
        }
    }

    /// Adds each word of a name, if the fake has as many words.
    pub(super) fn add_words(&mut self, original: &str, fake: &str) {
        let (words, fakes): (Vec<&str>, Vec<&str>) =
            (original.split_whitespace().collect(), fake.split_whitespace().collect());
        if words.len() == fakes.len() {
            for (word, fake) in words.into_iter().zip(fakes) {
                self.add(word, fake);
            }
        }
    }

    pub(super) fn compiled(self) -> Compiled {
        let mut by_word: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (original, fake) in &self.fakes {
            // Punctuation around a word is the same in the fake.
            let original = trimmed(original);
            let Some(word) = words(original).next() else {
                continue;
            };
            let entry = (original.to_owned(), trimmed_fake(fake).to_owned());
            by_word.entry(word.to_owned()).or_default().push(entry);
        }
        for entries in by_word.values_mut() {
            entries.sort_by_key(|(original, _)| std::cmp::Reverse(original.len()));
        }
        Compiled { fakes: self.fakes, by_word }
    }
}

/// Known values, indexed so that each word of a text takes one look-up.
#[derive(Default)]
pub(super) struct Compiled {
    fakes: BTreeMap<String, String>,
    /// Originals by their first word, longer ones first.
    by_word: HashMap<String, Vec<(String, String)>>,
}

impl Compiled {
    /// Returns the length of the known value at the start of the text, and its fake.
    fn at_start(&self, text: &str, word: &str) -> Option<(usize, &str)> {
        let entries = self.by_word.get(&word.to_lowercase())?;
        entries
            .iter()
            .find_map(|(original, fake)| Some((length_of(original, text)?, fake.as_str())))
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Returns the fake without punctuation around it, unless it is nothing but punctuation.
fn trimmed_fake(fake: &str) -> &str {
    if trimmed(fake).is_empty() { fake } else { trimmed(fake) }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Returns the length in bytes of `original`, which is in lower case, at the start of `text`, if it
/// ends there with a whole word.
fn length_of(original: &str, text: &str) -> Option<usize> {
    let mut wanted = original.chars();
    let mut length = 0;
    let mut rest = text.chars();
    while !wanted.as_str().is_empty() {
        let character = rest.next()?;
        for lower in character.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
        length += character.len_utf8();
    }
    let goes_on = rest.next().is_some_and(char::is_alphanumeric);
    (!goes_on).then_some(length)
}

/// Replaces every known value and every personal form in the text.
pub(super) fn replaced(text: &str, known: &Compiled, faker: &Faker) -> String {
    // A fake is never scanned again, or it would be replaced in turn.
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    let mut searched = 0;
    while let Some(start) = find_from(rest, searched, char::is_alphanumeric) {
        let from = rest.get(start..).unwrap_or_default();
        let word = words(from).next().unwrap_or_default();
        match known.at_start(from, word) {
            Some((length, fake)) => {
                safe += &by_form(rest.get(..start).unwrap_or_default(), faker);
                safe += &in_case_of(from.get(..length).unwrap_or_default(), fake);
                rest = from.get(length..).unwrap_or_default();
                searched = 0;
            }
            None => searched = start + word.len(),
        }
    }
    safe + &by_form(rest, faker)
}

fn find_from(text: &str, from: usize, is_wanted: fn(char) -> bool) -> Option<usize> {
    text.get(from..)?.find(is_wanted).map(|at| from + at)
}

/// Writes the fake in capitals if the original was found in capitals.
fn in_case_of(found: &str, fake: &str) -> String {
    let has = |is: fn(char) -> bool| found.chars().any(is);
    match (has(char::is_uppercase), has(char::is_lowercase)) {
        (true, false) => fake.to_uppercase(),
        (false, true) => fake.to_lowercase(),
        _ => fake.to_owned(),
    }
}

fn by_form(text: &str, faker: &Faker) -> String {
    let Some(forms) = FORMS.as_ref() else {
        return prumo_spec::HIDDEN.to_owned();
    };
    let replacement = |found: &regex::Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let is = |name: &str| found.name(name).is_some();
        if is("email") {
            let plain = whole.replace("%40", "@");
            let fake = faker.fake(&[Sensitive::Email], &plain);
            return if plain == whole { fake } else { fake.replace('@', "%40") };
        }
        if is("bearer") {
            return format!(
                "{} {}",
                whole.split_whitespace().next().unwrap_or_default(),
                prumo_spec::HIDDEN
            );
        }
        if is("jwt") {
            return faker.fake(&[Sensitive::Secret], whole);
        }
        if is("phone") {
            return faker.fake(&[Sensitive::Phone], whole);
        }
        if is("bare") && !is_bare_document(whole) {
            return whole.to_owned();
        }
        faker.fake(&[Sensitive::Cpf], whole)
    };
    forms.replace_all(text, replacement).into_owned()
}

/// Redacts the name of a member, which may be personal itself: a map may be keyed by CPF.
pub(super) fn replaced_name(name: &str, faker: &Faker) -> String {
    by_form(name, faker)
}

/// Returns a fake for a number that is known, or that can only be a CPF or CNPJ.
pub(super) fn replaced_number(number: &Number, known: &Compiled, faker: &Faker) -> Option<Number> {
    let text = number.to_string();
    if let Some(fake) = known.fakes.get(&text) {
        return fake.parse().ok();
    }
    is_bare_document(&text).then(|| faker.fake_number(&[Sensitive::Cpf], number))
}

/// Returns whether the text is eleven or fourteen characters with valid check digits and is no
/// time.
fn is_bare_document(text: &str) -> bool {
    let split = |n: usize| text.split_at_checked(n);
    let first = text.chars().next();
    let has_variety = text.chars().any(|c| Some(c) != first);
    match text.len() {
        11 if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let Some((base, check)) = split(9) else {
                return false;
            };
            has_variety && check == checks(base, |n| Box::new((2..=9 + n).rev()))
        }
        14 => {
            let Some((base, check)) = split(12) else {
                return false;
            };
            let weights = |n: u32| -> Box<dyn Iterator<Item = u32>> {
                Box::new((2..=4 + n).rev().chain((2..=9).rev()))
            };
            has_variety && !is_time(text) && check == checks(base, weights)
        }
        _ => false,
    }
}

fn checks(base: &str, weights: impl Fn(u32) -> Box<dyn Iterator<Item = u32>>) -> String {
    let first = check_digit(base, weights(1));
    let second = check_digit(&format!("{base}{first}"), weights(2));
    format!("{first}{second}")
}

/// Returns whether the text is a time such as `20181116105821`.
fn is_time(text: &str) -> bool {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let is_year = number(0, 4).is_some_and(|year| (1900..2100).contains(&year));
    let is_month = number(4, 6).is_some_and(|month| (1..=12).contains(&month));
    let is_day = number(6, 8).is_some_and(|day| (1..=31).contains(&day));
    let is_hour = number(8, 10).is_some_and(|hour| hour < 24);
    is_year && is_month && is_day && is_hour
}

/// Returns whether the text is thirty-two or more hexadecimal digits, or a JWT.
pub(super) fn is_token(text: &str) -> bool {
    let is_hexadecimal = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal || (text.starts_with("eyJ") && text.matches('.').count() == 2)
}
