//! Recognizes the redactor's own fakes, so that the audit has no hit in what was redacted.
//!
//! The redactor itself never asks: a real value may look like a fake by chance, and must not stay.

use super::super::Sensitive;
use super::super::html::{entity, tag};
use super::super::stamp::is_stamped;
use super::super::view::fold;
use super::super::vocabulary::{is_common, is_name};
use super::super::words::{NEUTRAL, PARTICLES, is_spelled_as_fake};
use super::dates::Date;
use super::network::is_own_address;
use super::payments::is_own_pix;
use super::{Faker, compact, file_ending, is_boleto};

/// The digits of a phone without country, area and the sign of a mobile phone.
pub(super) const N_LOCAL: usize = 8;

/// Returns whether a text is a fake for a value of one of these kinds.
pub(crate) fn is_own(kinds: &[Sensitive], text: &str) -> bool {
    let has = |kind| kinds.contains(&kind);
    let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if let Some((local, domain)) = text.split_once('@') {
        let domain = domain.to_lowercase();
        if domain.ends_with("example.com") || domain.ends_with("example.com.br") {
            return is_stamped(local) && is_spelled_as_fake(local);
        }
    }
    if text.starts_with("0002") && text.len() > 40 {
        // A Pix code is a fake if each of its fields is.
        return is_own_pix(text);
    }
    if text.split('/').next().is_some_and(is_own_address) {
        return true;
    }
    let date = Date::at_start(text).filter(|date| date.length >= 6);
    if let Some(date) = date.filter(|_| has(Sensitive::BirthDate)) {
        return date.is_marked();
    }
    if n_letters == 0 && has(Sensitive::Address) && text.contains('.') {
        let fractions = text.split([',', ';', '/', ' ']).filter_map(|part| part.split_once('.'));
        return fractions.clone().count() > 0 && fractions.map(|(_, rest)| rest).all(is_stamped);
    }
    if n_letters == 0 {
        return is_own_digits(text);
    }
    if has(Sensitive::FreeText) {
        let stem = text.split_at(text.len() - file_ending(text).len()).0;
        return words_of(stem).all(is_own_word);
    }
    if has(Sensitive::Name) || has(Sensitive::Address) {
        return is_stamped(text) && words_of(text).all(is_own_name);
    }
    is_stamped(text)
}

fn is_own_digits(text: &str) -> bool {
    let digits = compact(text);
    if is_boleto(&digits) {
        return Faker::own_field(&digits).is_some_and(|field| is_stamped(&field));
    }
    let is_phone = (N_LOCAL..=18).contains(&digits.len());
    let local = digits.get(digits.len().saturating_sub(N_LOCAL)..).unwrap_or_default();
    is_stamped(&digits) || (is_phone && is_stamped(local))
}

fn is_own_name(word: &str) -> bool {
    let folded = fold(word);
    let is_state = word.len() == 2 && word.chars().all(|c| c.is_ascii_uppercase());
    is_state
        || PARTICLES.contains(&folded.as_str())
        || word.contains(|c: char| c.is_ascii_digit())
        || (is_spelled_as_fake(&folded) && !is_name(&folded) && !is_common(&folded))
}

fn is_own_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let has_digit = word.contains(|c: char| c.is_ascii_digit());
    NEUTRAL.contains(&lower.as_str())
        || (has_digit && (word.len() < 4 || is_stamped(word)))
        || (!has_digit && is_spelled_as_fake(&lower) && is_stamped(word))
}

/// Returns the words of a text outside of the names of tags and entities.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        parts.push(before);
        let tag = tag(from);
        let (kept, after) = from.split_at(tag.or_else(|| entity(from)).unwrap_or(1));
        if let Some((_, attributes)) =
            kept.split_once(char::is_whitespace).filter(|_| tag.is_some())
        {
            // The name of an attribute stands before `=`.
            let is_end = |c: char| !c.is_ascii_alphanumeric() && c != '-';
            let values = attributes.split_inclusive('=').map(|part| match part.strip_suffix('=') {
                Some(part) => {
                    part.rfind(is_end).and_then(|end| part.get(..end)).unwrap_or_default()
                }
                None => part,
            });
            parts.extend(values);
        }
        rest = after;
    }
    parts.push(rest);
    let words = parts.into_iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty())
}
