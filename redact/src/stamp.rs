//! Marks fakes, so that the audit recognizes them without the key.
//!
//! A fake is drawn, and then its last letters and digits are changed until a check over all of them
//! is zero. One of 499 other values has the same check by chance; for a value of fewer than eight
//! letters and digits it is one of fewer.
//!
//! Invariants:
//!
//! * Case, accents, punctuation and leading zeros do not matter.
//! * Check digits are no part of the check: they are the last two of a longer number.
//! * A letter stays a letter of its class, and a digit a digit.

use super::view::folded;

/// Returns whether a text is marked as a fake.
pub(super) fn is_stamped(text: &str) -> bool {
    let letters = canonical(text);
    let region = region(&letters);
    let modulus = modulus(region.end);
    let letters = letters.get(region).unwrap_or_default();
    // Nothing of a zero could be drawn.
    letters.is_empty() || check(letters) % modulus == 0
}

/// Returns a drawn text with a mark; letters and digits that it shares with the original stay.
///
/// A text that is too short, or has too little that was drawn, stays unmarked.
pub(super) fn stamped(original: &str, drawn: &str) -> String {
    let mut text: Vec<char> = drawn.chars().collect();
    let own: Vec<char> = original.chars().collect();
    // Every spelling of a value gets the same mark.
    let plain = |letters: &[char], index: usize| letters.get(index).copied().map(folded);
    let drawn_letters = text.clone();
    let is_kept = |index: usize| {
        own.len() == drawn_letters.len() && plain(&own, index) == plain(&drawn_letters, index)
    };
    let places: Vec<usize> =
        (0..text.len()).filter(|index| text[*index].is_alphanumeric()).collect();
    let mut letters: Vec<char> = places.iter().map(|index| folded(text[*index])).collect();
    let region = region(&letters);
    let modulus = modulus(region.end);
    let is_hexadecimal = letters.len() >= 8 && letters.iter().all(char::is_ascii_hexdigit);
    let mut free: Vec<(usize, &[char])> = Vec::new();
    let mut n_others = 1;
    for place in region.clone().rev() {
        let index = places[place];
        if n_others >= modulus * 8 {
            break;
        }
        if text[index].is_ascii() && !is_kept(index) {
            let class = class(letters[place], is_hexadecimal);
            n_others *= class.len() as u64;
            free.push((place, class));
        }
    }
    for other in 0..n_others {
        let mut rest = other;
        for (place, class) in &free {
            let n = class.len() as u64;
            let first = class.iter().position(|c| *c == letters_at(&text, places[*place]));
            let next = (first.unwrap_or(0) as u64 + rest % n) % n;
            letters[*place] = class[usize::try_from(next).unwrap_or(0)];
            rest /= n;
        }
        if check(&letters[region.clone()]) % modulus == 0 {
            for (place, _) in &free {
                let is_upper = text[places[*place]].is_uppercase();
                let letter = letters[*place];
                text[places[*place]] = if is_upper { letter.to_ascii_uppercase() } else { letter };
            }
            return text.into_iter().collect();
        }
    }
    drawn.to_owned()
}

fn letters_at(text: &[char], index: usize) -> char {
    text[index].to_ascii_lowercase()
}

fn canonical(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).map(folded).collect()
}

/// Returns the letters and digits that are checked.
fn region(letters: &[char]) -> std::ops::Range<usize> {
    let is_number = letters.iter().all(char::is_ascii_digit);
    let has_digit = letters.iter().any(char::is_ascii_digit);
    let end = match letters.len() {
        // The check digits of a lawsuit follow its serial, those of a CNS its first part.
        20 if is_number => 7,
        15 if is_number => 11,
        n @ 11.. if has_digit => n - 2,
        n => n,
    };
    let is_zero = |c: &&char| is_number && **c == '0';
    letters[..end].iter().take_while(is_zero).count()..end
}

/// Returns one of how many other values of this length has the mark by chance.
fn modulus(length: usize) -> u64 {
    match length {
        0 | 1 => 2,
        2 => 11,
        3 => 61,
        4..=6 => 97,
        7 => 211,
        _ => 499,
    }
}

fn class(letter: char, is_hexadecimal: bool) -> &'static [char] {
    match letter {
        '0'..='9' => &['1', '2', '3', '4', '5', '6', '7', '8', '9'],
        _ if is_hexadecimal => &['a', 'b', 'c', 'd', 'e', 'f'],
        'a' | 'e' | 'i' | 'o' | 'u' => &['a', 'e', 'i', 'o', 'u'],
        _ => &['b', 'd', 'f', 'l', 'm', 'n', 'r', 's', 't', 'v'],
    }
}

/// Computes FNV-1a, mixed so that its remainder depends on every bit.
fn check(letters: &[char]) -> u64 {
    let hash = letters.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, letter| {
        (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16
}

#[cfg(test)]
mod tests {
    use super::{is_stamped, stamped};

    #[test]
    fn a_mark_is_recognized_in_every_spelling() {
        let rows = [
            ("529.982.247-00", "418.449.628-00"),
            ("Marta Quiroga", "Bunof Lasetev"),
            ("casa1234", "fude7381"),
            ("A4:2B:B0:C1:D2:E3", "6E:1F:A2:C3:D4:B5"),
            ("00005299822", "00007381644"),
        ];
        for (original, drawn) in rows {
            let fake = stamped(original, drawn);
            assert_eq!(fake.len(), drawn.len(), "{fake}");
            assert!(is_stamped(&fake), "{fake}");
            assert!(is_stamped(&fake.to_uppercase()), "{fake}");
            assert!(is_stamped(&fake.replace(['.', '-', ' ', ':'], "")), "{fake}");
            assert_eq!(stamped(original, drawn), fake);
        }
    }

    #[test]
    fn few_other_values_have_a_mark() {
        let n_marked = (0..100_000).filter(|n| is_stamped(&format!("{n:09}11"))).count();
        assert!(n_marked < 300, "{n_marked}");
    }

    #[test]
    fn a_text_with_nothing_drawn_stays() {
        assert_eq!(stamped("Rua da Praia", "Rua da Praia"), "Rua da Praia");
    }
}
