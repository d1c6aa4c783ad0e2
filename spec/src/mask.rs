//! Turns a text into its mask: its form without its content.
//!
//! Digits become `9`, letters `a` or `A`, and characters other than ASCII punctuation or space
//! become `?`; long runs and long texts are cut. A mask can be printed where the text itself may be
//! personal.

use crate::method::Method;

/// The longest mask, in characters.
const MAX_CHARS: usize = 32;

/// Returns the mask of a text.
pub fn mask(text: &str) -> String {
    let mut mask: String = text.chars().take(MAX_CHARS).map(mask_char).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        mask.push('…');
    }
    mask
}

fn mask_char(character: char) -> char {
    match character {
        _ if character.is_numeric() => '9',
        _ if character.is_uppercase() => 'A',
        _ if character.is_alphabetic() => 'a',
        ' ' => ' ',
        _ if character.is_ascii_punctuation() => character,
        _ => '?',
    }
}

/// Returns the name of a member or the value of an enum, masked unless a report may print it.
///
/// Vendors choose names, and names are no secrets, but a map may be keyed by e-mail addresses,
/// document numbers or people, and any text may arrive where an enum is promised. So a text is
/// masked unless it is one word with few digits.
pub fn safe_name(name: &str) -> String {
    if is_word(name) { name.to_owned() } else { mask(name) }
}

/// Returns a media type, masked unless it looks like a registered one.
pub fn safe_media(essence: &str) -> String {
    const TYPES: [&str; 10] = [
        "application",
        "audio",
        "font",
        "image",
        "message",
        "model",
        "multipart",
        "text",
        "video",
        "*",
    ];
    let is_registered = essence.split_once('/').is_some_and(|(kind, subtype)| {
        let is_mark = |c: char| matches!(c, '+' | '-' | '.' | '_' | '*');
        TYPES.contains(&kind)
            && !subtype.is_empty()
            && subtype.chars().all(|c| c.is_ascii_alphanumeric() || is_mark(c))
            && subtype.split(is_mark).all(is_word)
            && n_digits(subtype) <= MAX_DIGITS
            && subtype.len() <= 80
    });
    if is_registered { essence.to_owned() } else { mask(essence) }
}

/// Returns a request's method, masked unless a report may print it.
pub fn safe_method(method: &str) -> String {
    let is_known =
        method == "CONNECT" || Method::ALL.into_iter().any(|known| known.name() == method);
    if is_known { method.to_owned() } else { mask(method) }
}

/// The most digits of a word; a text with more may be a document, a telephone or a key.
const MAX_DIGITS: usize = 4;

fn n_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Returns whether a text looks like an identifier: one short word with few digits.
pub fn is_word(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '_' | '-' | '.' | ':' | '/' | '~' | '$' | '[' | ']' | '*');
    text.len() <= 64
        && n_digits(text) <= MAX_DIGITS
        && text.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || is_mark(c))
}
