//! Lists the numbered documents of Brazil, and computes their check digits.
//!
//! A document fits its row if completing it changes nothing. The rules are those that the issuers
//! publish; the tests hold numbers from public test vectors.

use super::super::Sensitive;

/// A numbered document.
pub(crate) struct Document {
    /// The kind of its field.
    pub(crate) kind: Sensitive,
    /// The number of digits; a CNPJ may have capitals among its first twelve.
    pub(crate) length: usize,
    /// Computes the check digits of a number with any check digits.
    pub(crate) complete: fn(&str) -> Option<String>,
    /// Whether its check digits alone identify a bare number.
    pub(crate) is_sure: bool,
}

/// Every document; of two with as many digits, the likelier one comes first.
pub(crate) const DOCUMENTS: [Document; 8] = [
    Document { kind: Sensitive::Cpf, length: 11, complete: cpf, is_sure: true },
    Document { kind: Sensitive::Cnpj, length: 14, complete: cnpj, is_sure: true },
    // CNH, the driver's licence.
    Document { kind: Sensitive::Document, length: 11, complete: licence, is_sure: false },
    // PIS, PASEP, NIS and NIT are one number.
    Document { kind: Sensitive::Document, length: 11, complete: pis, is_sure: false },
    Document { kind: Sensitive::Document, length: 11, complete: renavam, is_sure: false },
    Document { kind: Sensitive::Document, length: 12, complete: voter, is_sure: true },
    // CNS, the card of the health service.
    Document { kind: Sensitive::Document, length: 15, complete: health_card, is_sure: true },
    // The number of a lawsuit, as the CNJ assigns it.
    Document { kind: Sensitive::Document, length: 20, complete: lawsuit, is_sure: true },
];

impl Document {
    /// Returns whether a number without punctuation is such a document.
    pub(crate) fn fits(&self, number: &str) -> bool {
        let is_typed = number.bytes().all(|byte| byte.is_ascii_digit())
            || (self.kind == Sensitive::Cnpj
                && number.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()));
        let first = number.chars().next();
        let has_variety = number.chars().any(|c| Some(c) != first);
        number.len() == self.length
            && is_typed
            && has_variety
            && (self.complete)(number).as_deref() == Some(number)
    }
}

/// Returns the value of each character: its ASCII code minus that of `0`, which is the rule for a
/// CNPJ with letters and agrees with the rule for digits.
fn values(number: &str) -> impl Iterator<Item = u32> + '_ {
    number.chars().map(|c| u32::from(c).saturating_sub(u32::from('0')))
}

fn weighted(number: &str, weights: impl Iterator<Item = u32>) -> u32 {
    values(number).zip(weights).map(|(value, weight)| value * weight).sum()
}

fn digit(value: u32) -> char {
    char::from_digit(value % 10, 10).unwrap_or('0')
}

/// Returns the digit that modulus 11 gives for a sum: zero in place of 10 and 11.
pub(super) fn modulus_11(sum: u32) -> char {
    match sum % 11 {
        0 | 1 => '0',
        rest => digit(11 - rest),
    }
}

pub(super) fn cpf(number: &str) -> Option<String> {
    let mut whole = number.get(..9)?.to_owned();
    for first_weight in [10, 11] {
        whole.push(modulus_11(weighted(&whole, (2..=first_weight).rev())));
    }
    Some(whole)
}

/// Returns whether a text has twelve digits or letters of one case, and two digits at its end.
pub(super) fn has_form_of_cnpj(text: &str) -> bool {
    let Some((base, check)) = text.split_at_checked(12) else { return false };
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let is_of = |is_letter: fn(&u8) -> bool| base.bytes().all(|b| is_digit(b) || is_letter(&b));
    let is_base = is_of(u8::is_ascii_uppercase) || is_of(u8::is_ascii_lowercase);
    is_base && check.len() == 2 && check.bytes().all(is_digit)
}

pub(super) fn cnpj(number: &str) -> Option<String> {
    let mut whole = number.get(..12)?.to_owned();
    for first_weight in [5, 6] {
        let weights = (2..=first_weight).rev().chain((2..=9).rev());
        whole.push(modulus_11(weighted(&whole, weights)));
    }
    Some(whole)
}

fn licence(number: &str) -> Option<String> {
    let base = number.get(..9)?;
    let first = weighted(base, (1..=9).rev()) % 11;
    let second = weighted(base, 1..=9) % 11;
    // A first digit that would be 10 lowers the second by 2, in modulus 11.
    let (first, second) = if first > 9 { (0, (second + 9) % 11) } else { (first, second) };
    let second = if second > 9 { 0 } else { second };
    Some(format!("{base}{}{}", digit(first), digit(second)))
}

fn pis(number: &str) -> Option<String> {
    let base = number.get(..10)?;
    let weights = [3, 2, 9, 8, 7, 6, 5, 4, 3, 2].into_iter();
    Some(format!("{base}{}", modulus_11(weighted(base, weights))))
}

fn renavam(number: &str) -> Option<String> {
    let base = number.get(..10)?;
    let weights = [3, 2, 9, 8, 7, 6, 5, 4, 3, 2].into_iter();
    let rest = weighted(base, weights) * 10 % 11;
    Some(format!("{base}{}", digit(if rest > 9 { 0 } else { rest })))
}

fn voter(number: &str) -> Option<String> {
    let (serial, state) = (number.get(..8)?, number.get(8..10)?);
    if !(1..=28).contains(&state.parse::<u32>().ok()?) {
        return None;
    }
    // São Paulo and Minas Gerais have a rule of their own.
    let checked = |sum: u32| match sum % 11 {
        0 if ["01", "02"].contains(&state) => 1,
        10 => 0,
        rest => rest,
    };
    let first = checked(weighted(serial, 2..=9));
    let second = checked(weighted(state, 7..=8) + first * 9);
    Some(format!("{serial}{state}{}{}", digit(first), digit(second)))
}

fn health_card(number: &str) -> Option<String> {
    match number.chars().next()? {
        '1' | '2' => {
            let base = number.get(..11)?;
            let sum = weighted(base, (5..=15).rev());
            Some(match 11 - sum % 11 {
                11 => format!("{base}0000"),
                // Two more are added by the digit 1 before the last.
                10 => format!("{base}001{}", digit(11 - (sum + 2) % 11)),
                check => format!("{base}000{}", digit(check)),
            })
        }
        '7'..='9' => {
            let base = number.get(..14)?;
            let check = (11 - weighted(base, (2..=15).rev()) % 11) % 11;
            (check < 10).then(|| format!("{base}{}", digit(check)))
        }
        _ => None,
    }
}

fn lawsuit(number: &str) -> Option<String> {
    let (serial, place) = (number.get(..7)?, number.get(9..20)?);
    let year: u32 = place.get(..4)?.parse().ok()?;
    if !(1900..2100).contains(&year) {
        return None;
    }
    let rest: u64 = format!("{serial}{place}00")
        .bytes()
        .fold(0, |rest, byte| (rest * 10 + u64::from(byte.saturating_sub(b'0'))) % 97);
    Some(format!("{serial}{:02}{place}", 98 - rest))
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENTS, Document, Sensitive};

    /// Numbers from the issuers' own documents and from public test suites.
    #[test]
    fn public_test_vectors_fit() {
        let row = |index: usize| &DOCUMENTS[index];
        let rows: [(&Document, &[&str], &[&str]); 8] = [
            (
                row(0),
                &["52998224725", "11122233396", "11144477735"],
                &["52998224726", "11111111111"],
            ),
            (row(1), &["11222333000181", "12ABC34501DE35"], &["11222333000182", "12abc34501de35"]),
            (row(2), &["62472927637", "02650306461"], &["62472927638", "12345678901"]),
            (row(3), &["17033259504"], &["17033259505"]),
            (row(4), &["00639884962"], &["00639884963"]),
            (row(5), &["102385010671", "004356870906"], &["102385010672", "102385019971"]),
            (
                row(6),
                &["898000000043208", "702002887429583", "170332595040000"],
                &["898000000043209", "398000000043208"],
            ),
            (row(7), &["00020802520125150049"], &["00020802620125150049"]),
        ];
        for (document, valid, broken) in rows {
            for number in valid {
                assert!(document.fits(number), "{number}");
            }
            for number in broken {
                assert!(!document.fits(number), "{number}");
            }
        }
        assert_eq!(row(0).kind, Sensitive::Cpf);
    }

    #[test]
    fn a_text_of_mixed_case_or_without_check_digits_is_no_cnpj() {
        for text in ["11222333000181", "12ABC34501DE35", "12abc34501de35"] {
            assert!(super::has_form_of_cnpj(text), "{text}");
        }
        for text in
            ["12aBC34501DE35", "aaaaa0aaaaaaaa", "12ABC34501DE3A", "1122233300018", "aaaaaaaaaaaçé"]
        {
            assert!(!super::has_form_of_cnpj(text), "{text}");
        }
    }
}
