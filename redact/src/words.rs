//! Turns a word into another of the same length and case, of letters or from a list of
//! neutral words.

use std::ops::Range;

use super::hash::Draw;
use super::stamp::stamped;

/// Words that any support desk might write.
pub(super) const NEUTRAL: [&str; 26] = [
    "de",
    "no",
    "em",
    "com",
    "uma",
    "foi",
    "para",
    "novo",
    "item",
    "caso",
    "texto",
    "parte",
    "lista",
    "linha",
    "ponto",
    "exemplo",
    "palavra",
    "simples",
    "assunto",
    "conteúdo",
    "resposta",
    "descrito",
    "andamento",
    "qualquer",
    "novamente",
    "seguinte",
];

/// Words of names and addresses that identify no person.
pub(super) const PARTICLES: [&str; 22] = [
    "a", "e", "o", "de", "da", "do", "das", "dos", "em", "na", "no", "rua", "r.", "av", "av.",
    "avenida", "travessa", "alameda", "rodovia", "ltda", "s/a", "me",
];

/// Area codes of cities too large to identify a person.
pub(super) const AREA_CODES: [&str; 9] = ["11", "21", "31", "41", "51", "61", "71", "81", "91"];

/// Replaces each letter with a letter and each digit with a digit. Leading zeros stay, so that a
/// number written without them has the same length.
pub(super) fn same_form(characters: impl Iterator<Item = char>, draw: &mut Draw) -> String {
    let mut fake = String::new();
    let mut is_leading = true;
    for (index, character) in characters.enumerate() {
        let is_leading_zero = is_leading && character == '0';
        let first = usize::from(is_leading);
        is_leading = is_leading_zero;
        fake.push(match character {
            '0' if is_leading_zero => '0',
            c if c.is_ascii_digit() => draw.digit(first),
            c if c.is_uppercase() => letter(draw, index).to_ascii_uppercase(),
            c if c.is_alphanumeric() => letter(draw, index),
            c => c,
        });
    }
    fake
}

/// Returns a vowel or a consonant by turns, so that a made-up word is readable.
pub(super) fn letter(draw: &mut Draw, index: usize) -> char {
    let letters: &[&str] = if index % 2 == 1 {
        &["a", "e", "i", "o", "u"]
    } else {
        &["b", "d", "f", "l", "m", "n", "r", "s", "t", "v"]
    };
    draw.pick(letters).chars().next().unwrap_or('a')
}

/// Returns a word of the list with the length and the case of `word`.
pub(super) fn in_form_of(word: &str, list: &[&str], draw: &mut Draw) -> String {
    let n_characters = word.chars().count();
    let fitting: Vec<&str> = list
        .iter()
        .copied()
        .filter(|other| other.chars().count() == n_characters)
        .filter(|other| other.to_lowercase() != word.to_lowercase())
        .collect();
    if fitting.is_empty() || word.chars().any(|c| c.is_ascii_digit()) {
        return stamped(word, &same_form(word.chars(), draw));
    }
    let other = draw.pick(&fitting).chars();
    let in_case = |(own, other): (char, char)| {
        if own.is_uppercase() { other.to_uppercase().next() } else { other.to_lowercase().next() }
    };
    word.chars().zip(other).filter_map(in_case).collect()
}

/// Returns whether a word is spelled as the fakes are: consonants and vowels by turns.
pub(super) fn is_spelled_as_fake(word: &str) -> bool {
    let is_one = |(index, letter): (usize, char)| match index % 2 {
        0 => "bdflmnrstv".contains(letter),
        _ => "aeiou".contains(letter),
    };
    !word.is_empty() && word.to_lowercase().chars().enumerate().all(is_one)
}

/// Returns each run of letters or of digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(char::is_alphanumeric)?;
        let rest = text.get(start..)?;
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let is_end = |c: char| !c.is_alphanumeric() || c.is_ascii_digit() != is_digit;
        from = start + rest.find(is_end).unwrap_or(rest.len());
        Some(start..from)
    })
}

/// Replaces each run of letters and digits.
pub(super) fn by_word(text: &str, mut replace: impl FnMut(&str) -> String) -> String {
    let mut fake = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (between, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        fake += between;
        fake += &replace(word);
        rest = after;
    }
    fake + rest
}
