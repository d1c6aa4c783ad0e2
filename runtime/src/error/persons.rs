//! Removes recognizable personal data from a vendor's message.
//!
//! Vendors name the customer in a refusal and echo the request. Text that looks like an e-mail
//! address, or a number as long as a CPF, a CNPJ or a phone number, is recognizable and never
//! reaches a log line; neither does text that repeats the request (`echo`). Any other name can't be
//! recognized: see [`Error::message`](crate::Error::message).

use std::ops::RangeInclusive;

/// Replaces an e-mail address or a name.
const MARK: &str = "***";

/// Number of digits in a CPF, a CNPJ or a phone number, with or without area and country code.
/// Dates have fewer digits, and ticket numbers fewer or more.
const N_DIGITS: RangeInclusive<usize> = 9..=14;

/// Masks `echoes`, e-mail addresses and long numbers in `text`.
pub(super) fn without_persons(text: &str, echoes: &[String]) -> String {
    let text = echoes.iter().fold(text.to_owned(), |text, echo| text.replace(echo, MARK));
    without_numbers(&without_addresses(&text))
}

fn without_addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, len)) = at_sign(rest) {
        let (before, behind) = (&rest[..at], &rest[at + len..]);
        let user = before.trim_end_matches(is_of_address);
        let domain = behind.len() - behind.trim_start_matches(is_of_address).len();
        // A trailing full stop belongs to the sentence.
        let domain = behind[..domain].trim_end_matches('.').len();
        if user.len() < before.len() && domain > 0 {
            out.extend([user, MARK]);
        } else {
            out.push_str(&rest[..at + len + domain]);
        }
        rest = &behind[domain..];
    }
    out.push_str(rest);
    out
}

/// Returns the position and length of the next `@`, which an echoed URL spells `%40`.
fn at_sign(text: &str) -> Option<(usize, usize)> {
    text.match_indices(['@', '%']).find_map(|(at, sign)| match sign {
        "@" => Some((at, 1)),
        _ => text[at..].starts_with("%40").then_some((at, 3)),
    })
}

fn is_of_address(letter: char) -> bool {
    letter.is_alphanumeric() || "._%+-".contains(letter)
}

/// Replaces each digit of a long number with `9`, so that its format stays visible.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, behind) = rest.split_at(start);
        let (number, after) = behind.split_at(number_len(behind));
        out.push_str(before);
        // Digits next to letters belong to a word, such as a hexadecimal id.
        let is_word = out.ends_with(char::is_alphabetic) || after.starts_with(char::is_alphabetic);
        let n_digits = number.bytes().filter(u8::is_ascii_digit).count();
        if is_word || !N_DIGITS.contains(&n_digits) {
            out.push_str(number);
        } else {
            out.extend(
                number.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter }),
            );
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns the length of the number at the start of `text`, up to its last digit.
fn number_len(text: &str) -> usize {
    let (mut end, mut previous) = (0, ' ');
    for (at, letter) in text.char_indices() {
        // `(37) 99999-0000`: the only place where a number contains a space.
        let is_within = ".-/()".contains(letter) || (letter == ' ' && previous == ')');
        if letter.is_ascii_digit() {
            end = at + 1;
        } else if !is_within {
            break;
        }
        previous = letter;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::without_persons;

    #[test]
    fn addresses_and_long_numbers_are_masked_and_nothing_else() {
        let cases = [
            ("o CPF 529.982.247-25 já existe", "o CPF 999.999.999-99 já existe"),
            ("52998224725", "99999999999"),
            ("CNPJ 12.345.678/0001-95.", "CNPJ 99.999.999/9999-99."),
            ("tel (37) 99999-0000, 5537999990000", "tel (99) 99999-9999, 9999999999999"),
            ("ana.souza@example.com.br.", "***."),
            ("<ana@example.com>, bia@example.com", "<***>, ***"),
            (
                "/cliente/52998224725?email=ana%40example.com&x=1",
                "/cliente/99999999999?email=***&x=1",
            ),
            ("@ana a@ @ %40", "@ana a@ @ %40"),
            // Not personal numbers.
            ("Protocolo: 20260630101500999999.", "Protocolo: 20260630101500999999."),
            ("de 01/11/2026 a 2026-11-22 10:15:00", "de 01/11/2026 a 2026-11-22 10:15:00"),
            ("Fatura de ID 62636, R$ 1.234.567,89", "Fatura de ID 62636, R$ 1.234.567,89"),
            ("4f1d2c3b4a59687786950a1b2c3d4e5f", "4f1d2c3b4a59687786950a1b2c3d4e5f"),
            ("12345678901abc x12345678901", "12345678901abc x12345678901"),
            ("", ""),
        ];
        for (text, expect) in cases {
            assert_eq!(without_persons(text, &[]), expect, "text {text:?}");
        }
    }
}
