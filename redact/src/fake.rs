//! Turns a personal value into a made-up one of the same form.
//!
//! Every fake has as many characters as the original, digits where it has digits and letters where
//! it has letters; an e-mail address keeps only its form. A fake never equals the original.

use serde_json::Number;

use super::Sensitive;
use super::hash::{Draw, Key};
use super::html::{attributes_hidden, entity, tag};
use super::words::{AREA_CODES, NAMES, NEUTRAL, PARTICLES, by_word, in_form_of, letter, same_form};

const FILE_ENDINGS: [&str; 18] = [
    ".bmp", ".csv", ".doc", ".docx", ".gif", ".html", ".jpeg", ".jpg", ".json", ".mp3", ".mp4",
    ".ogg", ".pdf", ".png", ".txt", ".webp", ".xlsx", ".zip",
];

#[derive(Clone, Copy)]
pub(super) struct Faker {
    key: Key,
}

impl Faker {
    pub(super) fn new(key: &[u8]) -> Self {
        Self { key: Key::new(key) }
    }

    /// Returns a fake for a text of one of `kinds`; the form of the text decides which one.
    pub(super) fn fake(self, kinds: &[Sensitive], text: &str) -> String {
        if text.is_empty() || is_mark(text) {
            return text.to_owned();
        }
        // Sixteen tries: a text of one letter has few others of its form.
        let mut fake = String::new();
        for attempt in 0..16 {
            fake = self.attempt(kinds, text, attempt);
            if fake != text {
                break;
            }
        }
        fake
    }

    /// Returns a fake number with as many digits.
    pub(super) fn fake_number(self, kinds: &[Sensitive], number: &Number) -> Number {
        let text = number.to_string();
        let digits = text.trim_start_matches('-');
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.fraction(&text).unwrap_or_else(|| number.clone());
        }
        let sign = if text.starts_with('-') { "-" } else { "" };
        for attempt in 0..16 {
            let fake = self.integer(kinds, digits, attempt);
            match format!("{sign}{fake}").parse::<Number>() {
                Ok(fake) if !fake.is_f64() && fake != *number => return fake,
                _ => {}
            }
        }
        // No other number has the form of zero.
        number.clone()
    }

    fn integer(self, kinds: &[Sensitive], digits: &str, attempt: u32) -> String {
        // A number this long identifies no person, and few others of its length fit 64 bits.
        if let Some((kept, rest)) = digits.split_at_checked(12).filter(|_| digits.len() > 18) {
            return format!(
                "{kept}00{}",
                self.scrambled("number", rest.get(2..).unwrap_or(""), attempt)
            );
        }
        let fake = match kinds.iter().find(|kind| is_document(**kind)) {
            Some(_) if (9..=11).contains(&digits.len()) => {
                self.cpf(&format!("{digits:0>11}"), attempt)
            }
            Some(_) if (12..=14).contains(&digits.len()) => {
                self.cnpj(&format!("{digits:0>14}"), attempt)
            }
            _ => return self.scrambled("number", digits, attempt),
        };
        fake.trim_start_matches('0').to_owned()
    }

    /// Replaces only the fraction: the whole part of a coordinate is a region, the fraction a
    /// house.
    fn fraction(self, text: &str) -> Option<Number> {
        let (whole, rest) = text.split_once('.')?;
        let end = rest.find(['e', 'E']).unwrap_or(rest.len());
        let fake = self.scrambled("fraction", rest.get(..end)?, 0);
        // Writing the number again would drop a zero at the end.
        let fake = fake.strip_suffix('0').map_or(fake.clone(), |fake| format!("{fake}1"));
        format!("{whole}.{fake}{}", rest.get(end..)?).parse().ok()
    }

    fn attempt(self, kinds: &[Sensitive], text: &str, attempt: u32) -> String {
        let has = |kind| kinds.contains(&kind);
        let n_digits = text.chars().filter(char::is_ascii_digit).count();
        let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let is_document = kinds.iter().any(|kind| is_document(*kind));
        if has(Sensitive::Secret) {
            return self.scrambled("secret", text, attempt);
        }
        if is_document && n_digits == 11 && n_letters == 0 {
            return filled(text, &self.cpf(&compact(text), attempt));
        }
        if is_document && n_digits + n_letters == 14 && is_ascii_upper(text) {
            return filled(text, &self.cnpj(&compact(text), attempt));
        }
        if has(Sensitive::Email) && text.contains('@') && !text.contains(char::is_whitespace) {
            return self.email(text, attempt);
        }
        if has(Sensitive::Phone) && n_letters == 0 && n_digits > 0 {
            return filled(text, &self.phone(&compact(text), attempt));
        }
        if has(Sensitive::FreeText) {
            // The file ending identifies no person.
            let (stem, ending) = text.split_at(text.len() - file_ending(text).len());
            return self.free_text(stem, attempt) + ending;
        }
        if has(Sensitive::Name) || has(Sensitive::Address) {
            return self.name(text, attempt);
        }
        self.scrambled("other", text, attempt)
    }

    fn draw(self, domain: &str, text: &str, attempt: u32) -> Draw {
        self.key.draw(&format!("{domain}{attempt}"), text)
    }

    /// Returns eleven digits with valid check digits and as many leading zeros.
    fn cpf(self, digits: &str, attempt: u32) -> String {
        let mut draw = self.draw("cpf", digits, attempt);
        let mut fake = same_form(digits.chars().take(9), &mut draw);
        for first_weight in [10, 11] {
            let weights = (2..=first_weight).rev();
            fake.push(check_digit(&fake, weights));
        }
        fake
    }

    /// Returns twelve digits or capitals and two valid check digits, in the old form or the new.
    fn cnpj(self, compact: &str, attempt: u32) -> String {
        let mut draw = self.draw("cnpj", compact, attempt);
        let mut fake = same_form(compact.chars().take(12), &mut draw);
        for first_weight in [5, 6] {
            let weights = (2..=first_weight).rev().chain((2..=9).rev());
            fake.push(check_digit(&fake, weights));
        }
        fake
    }

    fn phone(self, digits: &str, attempt: u32) -> String {
        let mut draw = self.draw("phone", digits, attempt);
        let country = if digits.len() > 11 && digits.starts_with("55") { "55" } else { "" };
        let rest = digits.strip_prefix(country).unwrap_or(digits);
        let area = if rest.len() > 9 { draw.pick(&AREA_CODES) } else { "" };
        let mut fake = format!("{country}{area}");
        let mut own = rest.chars().skip(area.len());
        if let Some(first) = own.next() {
            // The first digit distinguishes mobile phones from fixed lines.
            fake.push(first);
        }
        own.for_each(|_| fake.push(draw.digit(0)));
        fake
    }

    fn email(self, text: &str, attempt: u32) -> String {
        let mut draw = self.draw("email", &text.to_lowercase(), attempt);
        let n_characters = text.chars().count();
        let domain = match text.ends_with(".br") {
            true if n_characters > "@example.com.br".len() + 2 => "example.com.br",
            _ => "example.com",
        };
        let n_local = n_characters.saturating_sub(domain.len() + 1).clamp(3, 64);
        let local: String = (0..n_local).map(|index| letter(&mut draw, index)).collect();
        format!("{local}@{domain}")
    }

    fn name(self, text: &str, attempt: u32) -> String {
        let mut draw = self.draw("name", &text.to_lowercase(), attempt);
        by_word(text, |word| {
            let is_state = word.len() == 2 && word.chars().all(|c| c.is_ascii_uppercase());
            if PARTICLES.contains(&word.to_lowercase().as_str()) || (is_state && text == word) {
                return word.to_owned();
            }
            in_form_of(word, &NAMES, &mut draw)
        })
    }

    /// Replaces words with neutral words; tags and entities of HTML stay.
    fn free_text(self, text: &str, attempt: u32) -> String {
        let mut draw = self.draw("text", text, attempt);
        let mut fake = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['<', '&']) {
            let (before, from) = rest.split_at(at);
            fake += &by_word(before, |word| in_form_of(word, &NEUTRAL, &mut draw));
            let n_kept = tag(from).or_else(|| entity(from));
            let (kept, after) = from.split_at(n_kept.unwrap_or(1));
            fake += &attributes_hidden(kept, &mut draw);
            rest = after;
        }
        fake + &by_word(rest, |word| in_form_of(word, &NEUTRAL, &mut draw))
    }

    /// Replaces each letter with another letter and each digit with another digit.
    fn scrambled(self, domain: &str, text: &str, attempt: u32) -> String {
        let mut draw = self.draw(domain, text, attempt);
        same_form(text.chars(), &mut draw)
    }
}

/// Returns whether the text is a placeholder for a value that was removed before, such as
/// `{token}`.
pub(super) fn is_mark(text: &str) -> bool {
    let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    })
}

/// Returns `.png` of `foto.png`, and an empty text for a sentence.
fn file_ending(text: &str) -> &str {
    let start = text.rfind('.').filter(|&start| start > 0 && !text.contains(char::is_whitespace));
    let ending = start.and_then(|start| text.get(start..)).unwrap_or_default();
    if FILE_ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) { ending } else { "" }
}

fn is_document(kind: Sensitive) -> bool {
    matches!(kind, Sensitive::Cpf | Sensitive::Cnpj)
}

fn is_ascii_upper(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_ascii_uppercase())
}

/// Returns only the letters and digits of a text.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Replaces the letters and digits of `mask` with those of `content`, in order.
fn filled(mask: &str, content: &str) -> String {
    let mut content = content.chars();
    let next = |c: char| {
        if c.is_ascii_alphanumeric() { content.next().unwrap_or(c) } else { c }
    };
    mask.chars().map(next).collect()
}

/// Computes the next check digit of a CPF or CNPJ from the characters before it.
///
/// The value of a character is its ASCII code minus that of `0`: the rule for a CNPJ with letters,
/// which agrees with the old rule for digits.
pub(super) fn check_digit(before: &str, weights: impl Iterator<Item = u32>) -> char {
    let values = before.chars().map(|c| u32::from(c).saturating_sub(u32::from('0')));
    let sum: u32 = values.zip(weights).map(|(value, weight)| value * weight).sum();
    let digit = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    char::from_digit(digit, 10).unwrap_or('0')
}
