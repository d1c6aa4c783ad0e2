//! Decides which parts of a text, and which values of a named field, are worth a look.

use std::ops::Range;

use super::super::fake::{Date, Faker, compact};
use super::super::known::Known;
use super::super::made_up::{has_word, is_made_up};
use super::super::secrets;
use super::super::view::{View, fold};
use super::super::vocabulary::{is_common, is_given, is_name};
use super::super::words::words;
use super::super::{Sensitive, cues, detect, people};

/// The most texts within texts.
const MAX_DEPTH: usize = 4;

/// The shortest run of base64 or hexadecimal digits that is read.
const MIN_CODED: usize = 12;

/// All that the file reveals.
pub(super) struct Search {
    pub(super) known: Known,
    pub(super) secrets: secrets::Search,
    pub(super) faker: Faker,
}

/// A part of a text, and what it seems to be.
type Found = (Range<usize>, Sensitive);

impl Search {
    /// Returns the parts of a text that are worth a look; places are those of the text itself.
    pub(super) fn found(&self, text: &str) -> Vec<Found> {
        if text.len() < 4 {
            return Vec::new();
        }
        let view = View::of(text);
        let found = self.in_view(view.text(), 0);
        found.into_iter().map(|(at, kind)| (view.place(&at), kind)).collect()
    }

    fn in_view(&self, text: &str, depth: usize) -> Vec<Found> {
        let part = |at: &Range<usize>| text.get(at.clone()).unwrap_or_default();
        let mut found: Vec<Found> =
            self.secrets.found(text).into_iter().map(|at| (at, Sensitive::Secret)).collect();
        found.extend(self.known.found(text, self.faker).into_iter().map(|one| (one.at, one.kind)));
        let overlaps =
            |at: &Range<usize>, other: &Range<usize>| at.start < other.end && other.start < at.end;
        let mut cleared: Vec<Range<usize>> = Vec::new();
        for (at, kind) in detect::found(text) {
            // A surer form has decided about this part.
            if cleared.iter().any(|other| overlaps(&at, other)) {
                continue;
            }
            let is_alike = is_made_up(kind, part(&at))
                || (kind != Sensitive::Email && has_word(around(text, &at)));
            match is_alike {
                true => cleared.push(at),
                false if is_likely(kind, part(&at)) => found.push((at, kind)),
                false => {}
            }
        }
        for (at, kind) in cues::found(text) {
            let is_cleared = cleared.iter().any(|other| overlaps(&at, other));
            if !is_cleared && is_after_cue(text, &at, kind) && !is_made_up(kind, part(&at)) {
                found.push((at, kind));
            }
        }
        for at in people::found(text) {
            // The word after a name may say that it is made up, as in `Ana Modelo`.
            let rest = text.get(at.start..).unwrap_or_default();
            let more: Vec<&str> = rest.split(' ').take(4).collect();
            if part(&at).contains(' ') && is_person(part(&at)) && !has_word(&more.join(" ")) {
                found.push((at, Sensitive::Name));
            }
        }
        if depth < MAX_DEPTH {
            self.coded(text, depth, &mut found);
        }
        found
    }

    /// Adds runs of base64 and hexadecimal digits in which something is found.
    fn coded(&self, text: &str, depth: usize, found: &mut Vec<Found>) {
        for run in secrets::runs(text, secrets::is_base64) {
            let coded = text.get(run.clone()).unwrap_or_default();
            if coded.len() < MIN_CODED || found.iter().any(|(at, _)| at.contains(&run.start)) {
                continue;
            }
            let is_hexadecimal =
                coded.len() % 2 == 0 && coded.bytes().all(|byte| byte.is_ascii_hexdigit());
            let bytes = match is_hexadecimal {
                true => secrets::hexadecimal(coded),
                false => secrets::base64(coded),
            };
            let Some(inner) = readable(bytes) else { continue };
            let view = View::of(&inner);
            let kinds = self.in_view(view.text(), depth + 1);
            found.extend(kinds.first().map(|(_, kind)| (run, *kind)));
        }
    }
}

/// Returns the text of decoded bytes if a person can read it.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let is_strange = |c: char| c.is_control() && !c.is_whitespace();
    (text.len() >= 6 && !text.contains(is_strange)).then_some(text)
}

/// Returns the word that a part of a text stands in, such as the address around a user's name.
fn around<'t>(text: &'t str, at: &Range<usize>) -> &'t str {
    let is_end = |c: char| c.is_whitespace() || "\"'<>(),;".contains(c);
    let start =
        text.get(..at.start).and_then(|before| before.rfind(is_end)).map_or(0, |end| end + 1);
    let after = text.get(at.end..).unwrap_or_default();
    let end = at.end + after.find(is_end).unwrap_or(after.len());
    text.get(start..end).unwrap_or_default()
}

/// Returns whether a value that its form found is more than a word of a text.
fn is_likely(kind: Sensitive, text: &str) -> bool {
    match kind {
        Sensitive::Secret => {
            text.len() >= 20 || text.len() >= 8 && text.contains(|c: char| c.is_ascii_digit())
        }
        Sensitive::Network => text.contains(|c: char| c.is_ascii_digit()),
        Sensitive::Document if is_old_plate(text) => {
            let number = text.get(4..).unwrap_or_default();
            let first = number.chars().next();
            let is_year = text.starts_with(char::is_lowercase) && number.starts_with(['1', '2']);
            !is_year && !number.starts_with("00") && number.chars().any(|c| Some(c) != first)
        }
        // Ten digits alone may be a time or an id.
        Sensitive::Phone => text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()),
        Sensitive::Address => is_street_or_place(text),
        _ => true,
    }
}

/// Returns whether an address that its form found is of a house: a pair of coordinates is, if it
/// is in Brazil.
fn is_street_or_place(text: &str) -> bool {
    let mut parts = text.split([',', ';', '/', ' ']).filter_map(|part| part.trim().parse().ok());
    match (parts.next(), parts.next()) {
        (Some(latitude), Some(longitude)) if text.contains('.') => {
            let (latitude, longitude): (f64, f64) = (latitude, longitude);
            (-34.0..6.0).contains(&latitude) && (-75.0..-28.0).contains(&longitude)
        }
        // A street without a number is no home.
        _ => text.contains(|c: char| c.is_ascii_digit()),
    }
}

/// Returns whether a value after a cue is one, and not a word of a sentence or of a program.
fn is_after_cue(text: &str, at: &Range<usize>, kind: Sensitive) -> bool {
    let value = text.get(at.clone()).unwrap_or_default();
    let before = text.get(..at.start).and_then(|before| before.chars().next_back());
    let is_part = |c: char| c.is_alphanumeric() || "_./\\-".contains(c);
    let after = text.get(at.end..).and_then(|after| after.chars().next());
    if before.is_some_and(is_part)
        || after.is_some_and(char::is_alphanumeric)
        || has_word(around(text, at))
    {
        return false;
    }
    let n_digits = value.bytes().filter(u8::is_ascii_digit).count();
    let n_letters = value.chars().filter(|c| c.is_alphabetic()).count();
    match kind {
        Sensitive::Secret => is_secret(value),
        Sensitive::Name => value.contains(' ') && is_person(value),
        Sensitive::Network => {
            let is_user = value.chars().all(|c| c.is_ascii_alphanumeric() || ".@:-".contains(c));
            is_user && n_digits >= 2 && n_letters > 0 && value.len() >= 6
        }
        Sensitive::Phone => n_digits >= 8,
        Sensitive::Address => {
            n_digits == 8 || value.rsplit('.').next().is_some_and(|f| f.len() >= 5)
        }
        Sensitive::Cpf | Sensitive::Cnpj => matches!(n_digits + n_letters, 11 | 14),
        Sensitive::Document => n_digits >= 5 && n_letters <= 4 && Date::at_start(value).is_none(),
        Sensitive::Payment => n_digits >= 5 && (n_letters <= 1 || value.matches('-').count() == 4),
        Sensitive::BirthDate => true,
        Sensitive::Email | Sensitive::FreeText => false,
    }
}

/// Returns whether a text is a plate in the old form, which ids of three letters share.
fn is_old_plate(text: &str) -> bool {
    let (letters, number) = text.split_once('-').unwrap_or_default();
    letters.len() == 3 && number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a value of a field of this kind is worth a look.
pub(super) fn is_of_kind(kind: Sensitive, text: &str) -> bool {
    let text = text.trim();
    let digits = compact(text);
    let n_digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let is_number = n_digits * 2 > digits.len();
    let fits = match kind {
        Sensitive::Cpf | Sensitive::Cnpj => {
            matches!(digits.len(), 11 | 14) && n_digits >= 2 && text.len() <= 20
        }
        Sensitive::Name => is_person(text),
        Sensitive::Email => text.contains('@') && text.contains('.') && !text.contains(' '),
        Sensitive::Phone => is_number && (8..=15).contains(&n_digits) && text.len() <= 24,
        Sensitive::Address => is_address(text, n_digits),
        Sensitive::Secret => is_secret(text),
        Sensitive::BirthDate => Date::at_start(text).is_some(),
        Sensitive::Document => n_digits >= 5 && text.len() <= 30 && Date::at_start(text).is_none(),
        Sensitive::Network => {
            n_digits >= 2 && text.len() >= 6 && !text.contains([' ', '(', '_', '/'])
        }
        Sensitive::Payment => n_digits >= 10 || text.len() >= 32,
        Sensitive::FreeText => false,
    };
    fits && !is_made_up(kind, text)
}

/// Returns whether a text is a name of a person, and not of a plan, a city or a company's device.
fn is_person(text: &str) -> bool {
    const BETWEEN: [&str; 8] = ["da", "das", "de", "do", "dos", "e", "di", "von"];
    if has_word(text) || text.contains(|c: char| c.is_ascii_digit() || "{}_/\\=:;<>".contains(c)) {
        return false;
    }
    let folded: Vec<String> =
        words(text).map(|at| fold(text.get(at).unwrap_or_default())).collect();
    let own: Vec<&String> =
        folded.iter().filter(|word| word.len() > 1 && !BETWEEN.contains(&word.as_str())).collect();
    let n_known = own.iter().filter(|word| is_name(word) && !is_common(word)).count();
    let starts_given = own.first().is_some_and(|word| is_given(word) && !is_common(word));
    match own.len() {
        0 => false,
        1 => starts_given && folded.len() == 1 && text.len() >= 5,
        2..=8 => n_known >= 2 || starts_given,
        _ => false,
    }
}

/// Words of states of Brazil that no person is called by.
const STATES: [&str; 19] = [
    "minas",
    "gerais",
    "espirito",
    "amazonas",
    "pernambuco",
    "sergipe",
    "alagoas",
    "paraiba",
    "piaui",
    "maranhao",
    "tocantins",
    "rondonia",
    "roraima",
    "amapa",
    "goias",
    "parana",
    "grosso",
    "bahia",
    "ceara",
];

/// Returns whether a text is two or more capitalized words that are all uncommon, which beside the
/// name of a field is a name that no list has.
pub(super) fn is_uncommon_name(text: &str) -> bool {
    let is_word = |word: &str| {
        let is_capital =
            word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
        let folded = fold(word);
        is_capital && !is_common(&folded) && !STATES.contains(&folded.as_str())
    };
    let words: Vec<&str> = text.split(' ').filter(|word| word.len() > 3).collect();
    (2..=6).contains(&words.len())
        && words.iter().all(|word| is_word(word))
        && !is_made_up(Sensitive::Name, text)
}

fn is_address(text: &str, n_digits: usize) -> bool {
    let has_letter = text.contains(|c: char| c.is_alphabetic());
    if !has_letter {
        let is_code = n_digits == 8 && text.len() <= 10;
        let fraction = text.rsplit('.').next().unwrap_or_default();
        let is_coordinate =
            text.contains('.') && fraction.len() >= 5 && text.parse::<f64>().is_ok();
        return is_code || is_coordinate;
    }
    n_digits > 0 && text.contains(' ') && words(text).count() >= 3
}

/// Returns whether a text looks like a password or a key and not like a word, a path or code.
fn is_secret(text: &str) -> bool {
    const NAMES: [&str; 10] =
        ["senha", "password", "secret", "token", "chave", "key", "bearer", "basic", "hash", "auth"];
    let n_letters = text.chars().count();
    let has = |is: fn(char) -> bool| text.contains(is);
    let is_word = text.split(|c: char| !c.is_alphanumeric()).all(|word| {
        let folded = fold(word);
        is_common(&folded)
            || NAMES.contains(&folded.as_str())
            || folded.len() < 3
            || !word.contains(|c: char| c.is_ascii_digit())
    });
    let is_code = has(|c| "(){}<>;\\".contains(c))
        || text.contains("::")
        || text.starts_with(['/', '.', '#', '&']);
    let is_mixed = has(|c| c.is_ascii_digit()) && has(|c| c.is_alphabetic());
    (n_letters >= 6 && !has(char::is_whitespace) && !is_code && is_mixed && !is_word)
        || (n_letters >= 20 && !is_code && is_mixed)
}
