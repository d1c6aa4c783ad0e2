//! Turns a personal value into a made-up one of the same form.
//!
//! Every fake has as many characters as the original, digits where it has digits and letters where
//! it has letters; an e-mail address keeps only its form. A fake never equals the original.

mod dates;
mod documents;
mod network;
mod own;
mod payments;

use std::ops::Range;

use super::Sensitive;
use super::hash::{Draw, Key};
use super::html::{attributes_hidden, entity, tag};
use super::stamp::stamped;
use super::view::fold;
use super::words::{AREA_CODES, NEUTRAL, PARTICLES, by_word, in_form_of, letter, same_form, words};

pub(super) use dates::Date;
pub(super) use documents::DOCUMENTS;
pub(super) use network::is_everywhere;
pub(super) use own::is_own;
pub(super) use payments::{is_boleto, is_card};

const FILE_ENDINGS: [&str; 18] = [
    ".bmp", ".csv", ".doc", ".docx", ".gif", ".html", ".jpeg", ".jpg", ".json", ".mp3", ".mp4",
    ".ogg", ".pdf", ".png", ".txt", ".webp", ".xlsx", ".zip",
];

/// Makes fakes; the key decides which.
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

    /// Returns a fake for a number as it is spelled, with as many digits.
    pub(super) fn fake_number(self, kinds: &[Sensitive], number: &str) -> String {
        let digits = number.trim_start_matches('-');
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.fraction(number).unwrap_or_else(|| number.to_owned());
        }
        let sign = if number.starts_with('-') { "-" } else { "" };
        for attempt in 0..16 {
            let fake = format!("{sign}{}", self.integer(kinds, digits, attempt));
            let is_as_long = fake.len() == number.len();
            let is_wide =
                digits.len() < 19 || fake.parse::<u64>().is_ok() == number.parse::<u64>().is_ok();
            if fake != number && is_as_long && is_wide {
                return fake;
            }
        }
        // No other number has the form of zero.
        number.to_owned()
    }

    fn integer(self, kinds: &[Sensitive], digits: &str, attempt: u32) -> String {
        // A number this long identifies no person, and few others of its length fit 64 bits.
        if let Some((kept, rest)) = digits.split_at_checked(12).filter(|_| digits.len() > 18) {
            let rest = rest.get(2..).unwrap_or("");
            return format!("{kept}00{}", self.scrambled("number", rest, attempt));
        }
        let has = |kind| kinds.contains(&kind);
        let is_tax_number = has(Sensitive::Cpf) || has(Sensitive::Cnpj);
        let fake = match digits.len() {
            _ if has(Sensitive::BirthDate) => self.date(digits, attempt),
            _ if has(Sensitive::Payment) => Some(self.payment(digits, attempt)),
            _ if has(Sensitive::Phone) => Some(self.phone(digits, attempt)),
            9..=11 if is_tax_number => {
                // A number has lost the zeros before it.
                self.cpf(&format!("{digits:0>11}"), attempt).map(without_zeros)
            }
            12..=14 if is_tax_number => {
                self.cnpj(&format!("{digits:0>14}"), attempt).map(without_zeros)
            }
            _ if has(Sensitive::Document) => self.document(digits, attempt),
            _ => None,
        };
        fake.unwrap_or_else(|| self.scrambled("number", digits, attempt))
    }

    /// Replaces only the fraction: the whole part of a coordinate is a region, the fraction a
    /// house.
    fn fraction(self, text: &str) -> Option<String> {
        let (whole, rest) = text.split_once('.')?;
        let end = rest.find(['e', 'E']).unwrap_or(rest.len());
        let old = rest.get(..end)?;
        let mut draw = self.draw("fraction", old, 0);
        let fake: String = old.chars().map(|_| draw.digit(0)).collect();
        let mut fake = stamped(old, &fake);
        // A reader that writes the number again would drop a zero at the end.
        if fake.ends_with('0') {
            fake.pop();
            fake.push('1');
        }
        Some(format!("{whole}.{fake}{}", rest.get(end..)?))
    }

    fn attempt(self, kinds: &[Sensitive], text: &str, attempt: u32) -> String {
        let has = |kind| kinds.contains(&kind);
        let n_digits = text.chars().filter(char::is_ascii_digit).count();
        let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
        // A hash or a UUID stays one, whatever it is of.
        if has(Sensitive::Secret) || (text.len() >= 16 && is_hexadecimal(text)) {
            return self.secret(text, attempt);
        }
        let is_tax_number = has(Sensitive::Cpf) || has(Sensitive::Cnpj);
        let by_form = match text {
            _ if is_tax_number && n_digits == 11 && n_letters == 0 => {
                self.cpf(&compact(text), attempt)
            }
            _ if is_tax_number && documents::has_form_of_cnpj(&compact(text)) => {
                self.cnpj(&compact(text), attempt)
            }
            _ if has(Sensitive::Document) => self.document(&compact(text), attempt),
            _ if has(Sensitive::Phone) && n_letters == 0 && n_digits > 0 => {
                Some(self.phone(&compact(text), attempt))
            }
            _ => None,
        };
        if let Some(fake) = by_form {
            return filled(text, &fake);
        }
        if has(Sensitive::BirthDate) {
            return self
                .date(text, attempt)
                .unwrap_or_else(|| self.scrambled("date", text, attempt));
        }
        if has(Sensitive::Email) && text.contains('@') && !text.contains(char::is_whitespace) {
            return self.email(text, attempt);
        }
        if has(Sensitive::Network) {
            return self.network(text, attempt);
        }
        if has(Sensitive::Payment) {
            return self.payment(text, attempt);
        }
        if has(Sensitive::FreeText) {
            // The file ending identifies no person.
            let (stem, ending) = text.split_at(text.len() - file_ending(text).len());
            return self.free_text(stem, attempt) + ending;
        }
        if has(Sensitive::Address) && n_letters == 0 && text.contains('.') {
            let parts: Option<Vec<String>> =
                text.split_inclusive([',', ';', ' ']).map(|part| self.coordinate(part)).collect();
            if let Some(parts) = parts {
                return parts.concat();
            }
        }
        if has(Sensitive::Name) || has(Sensitive::Address) {
            return self.name(text, attempt);
        }
        self.scrambled("other", text, attempt)
    }

    /// Replaces the fraction of a coordinate that is written as a text.
    fn coordinate(self, part: &str) -> Option<String> {
        let number = part.trim_end_matches([',', ';', ' ']);
        let end = part.get(number.len()..)?;
        if number.is_empty() {
            return Some(part.to_owned());
        }
        number.parse::<f64>().ok().filter(|value| value.abs() <= 180.0)?;
        Some(self.fraction(number)? + end)
    }

    /// Returns other hexadecimal digits for a text of them, else other letters and digits.
    fn secret(self, text: &str, attempt: u32) -> String {
        match text.len() >= 8 && is_hexadecimal(text) {
            true => {
                let mut draw = self.draw("secret", text, attempt);
                stamped(text, &network::hexadecimal(text, &mut draw))
            }
            false => self.scrambled("secret", text, attempt),
        }
    }

    /// Returns another number of the first document that this one can be.
    fn document(self, number: &str, attempt: u32) -> Option<String> {
        let row = DOCUMENTS.iter().find(|document| document.fits(number))?;
        if row.kind == Sensitive::Cpf {
            return self.cpf(number, attempt);
        }
        if row.kind == Sensitive::Cnpj {
            return self.cnpj(number, attempt);
        }
        // Some numbers have no check digits: then another one is drawn.
        (0..32).find_map(|one| {
            let mut draw = self.draw("document", number, attempt * 32 + one);
            let drawn = same_form(number.chars(), &mut draw);
            let kept = match number.len() {
                // State, kind of card, and the year and court of a lawsuit.
                12 => drawn.get(..8)?.to_owned() + number.get(8..)?,
                15 => number.get(..1)?.to_owned() + drawn.get(1..)?,
                20 => drawn.get(..9)?.to_owned() + number.get(9..)?,
                _ => drawn,
            };
            (row.complete)(&stamped(number, &kept)).filter(|fake| row.fits(fake))
        })
    }

    fn draw(self, domain: &str, text: &str, attempt: u32) -> Draw {
        self.key.draw(&format!("{domain}{attempt}"), text)
    }

    /// Returns eleven digits with valid check digits and as many leading zeros.
    fn cpf(self, digits: &str, attempt: u32) -> Option<String> {
        let mut draw = self.draw("cpf", digits, attempt);
        let drawn = same_form(digits.chars().take(9), &mut draw) + "00";
        documents::cpf(&stamped(digits, &drawn))
    }

    /// Returns twelve digits or capitals and two valid check digits, in the old form or the new.
    fn cnpj(self, compact: &str, attempt: u32) -> Option<String> {
        let capitals = compact.to_ascii_uppercase();
        let mut draw = self.draw("cnpj", &capitals, attempt);
        let drawn = same_form(capitals.chars().take(12), &mut draw) + "00";
        let fake = documents::cnpj(&stamped(&capitals, &drawn))?;
        Some(if capitals == compact { fake } else { fake.to_ascii_lowercase() })
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
        // A phone may be spelled without country and area.
        let n_before = fake.len().saturating_sub(own::N_LOCAL);
        let (before, local) = fake.split_at(n_before);
        before.to_owned() + &stamped(digits.get(n_before..).unwrap_or_default(), local)
    }

    fn email(self, text: &str, attempt: u32) -> String {
        let mut draw = self.draw("email", &text.to_lowercase(), attempt);
        let n_characters = text.chars().count();
        let domain = match text.ends_with(".br") {
            true if n_characters > "@example.com.br".len() + 2 => "example.com.br",
            _ => "example.com",
        };
        let n_local = match n_characters.saturating_sub(domain.len() + 1) {
            // A shorter name could not be told from others.
            1..4 => 4,
            n => n,
        };
        if n_local == 0 {
            // Too short for the domain of examples.
            return stamped(text, &same_form(text.chars(), &mut draw));
        }
        let local: String = (0..n_local.min(64)).map(|index| letter(&mut draw, index)).collect();
        let local = stamped("", &local);
        // The longest name before `@` has 64 letters; the rest makes the domain longer.
        let more: String = (64..n_local).map(|index| letter(&mut draw, index)).collect();
        let fake = format!("{local}@{more}{domain}");
        if text.chars().any(char::is_lowercase) { fake } else { fake.to_uppercase() }
    }

    /// Draws a name again if the audit would take it for a person's. Of the drawn words with four
    /// letters, one in fifty is a name such as `Beto`.
    fn name(self, text: &str, attempt: u32) -> String {
        let mut fake = self.drawn_name(text, attempt);
        for again in 1..8 {
            if is_own(&[Sensitive::Name], &fake) {
                break;
            }
            fake = self.drawn_name(text, attempt + 16 * again);
        }
        fake
    }

    fn drawn_name(self, text: &str, attempt: u32) -> String {
        let part = |at: Range<usize>| text.get(at).unwrap_or_default();
        // `Ana Brum` and `ana.brum` are one person.
        let whole: Vec<String> = words(text).map(|word| fold(part(word))).collect();
        let mut draw = self.draw("name", &whole.join(" "), attempt);
        let mut drawn = String::with_capacity(text.len());
        let mut end = 0;
        for at in words(text) {
            let word = part(at.clone());
            let is_state = word.len() == 2 && word.chars().all(|c| c.is_ascii_uppercase());
            let is_kept =
                PARTICLES.contains(&word.to_lowercase().as_str()) || (is_state && text == word);
            drawn += part(end..at.start);
            drawn += &if is_kept { word.to_owned() } else { same_form(word.chars(), &mut draw) };
            end = at.end;
        }
        stamped(text, &(drawn + part(end..text.len())))
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
        stamped(text, &same_form(text.chars(), &mut draw))
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

/// Returns whether a text has only hexadecimal digits, among them a letter and a digit.
fn is_hexadecimal(text: &str) -> bool {
    let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
    text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && has(char::is_ascii_digit)
        && has(char::is_ascii_alphabetic)
}

fn without_zeros(digits: String) -> String {
    digits.trim_start_matches('0').to_owned()
}

/// Returns only the letters and digits of a text.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Replaces the letters and digits of `mask` with those of `content`, in order.
pub(super) fn filled(mask: &str, content: &str) -> String {
    let mut content = content.chars();
    let next = |c: char| {
        if c.is_ascii_alphanumeric() { content.next().unwrap_or(c) } else { c }
    };
    mask.chars().map(next).collect()
}
