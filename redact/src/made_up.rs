//! Decides which values are made up for everyone to see, so that they may stay in a repository.
//!
//! | a value | is made up if it |
//! |---|---|
//! | of any kind | is a placeholder (`{token}`, `***`), or has a word such as `exemplo` or `fictício` |
//! | with digits | has one digit five times in a row, counts over seven, or has each beside an equal one |
//! | an e-mail address | is of a domain that is reserved for examples and tests |
//! | an address of a network | is of a range for documentation, of every network, or a usual gateway |
//! | a name or a street | is spelled as the redactor spells its fakes |
//!
//! Invariants:
//!
//! * A rule looks at the value alone, never at the file that it stands in.

use std::net::{Ipv4Addr, Ipv6Addr};

use prumo_spec::HIDDEN;

use super::Sensitive;
use super::fake::{compact, is_everywhere, is_mark, is_own};
use super::view::fold;

/// Words that say that a value is made up, without accents.
const WORDS: [&str; 32] = [
    "exemplo",
    "exemplos",
    "example",
    "modelo",
    "ficticio",
    "ficticia",
    "inventado",
    "inventada",
    "fulano",
    "fulana",
    "beltrano",
    "beltrana",
    "sicrano",
    "ciclano",
    "teste",
    "testes",
    "test",
    "sample",
    "dummy",
    "fake",
    "invented",
    "placeholder",
    "changeme",
    "ninguem",
    "nobody",
    "amostra",
    "acme",
    "foobar",
    "lorem",
    "ipsum",
    "xxx",
    "xxxx",
];

/// Words that say so of a name only.
const WORDS_OF_NAMES: [&str; 5] = ["pessoa", "provedor", "cliente", "integracao", "padaria"];

/// Domains that are reserved for examples and tests (RFC 2606, RFC 6761), and the same below `.br`.
const DOMAINS: [&str; 9] = [
    "example.com",
    "example.com.br",
    "example.org",
    "example.net",
    "example",
    "test",
    "invalid",
    "localhost",
    "local",
];

/// Returns whether a value of this kind is made up.
pub(super) fn is_made_up(kind: Sensitive, text: &str) -> bool {
    let text = text.trim();
    let is_placeholder = is_mark(text)
        // A Pix code without a text of its own has `***` within it.
        || text.ends_with(HIDDEN)
        || (text.starts_with(['<', '{', '$', '[']) && text.ends_with(['>', '}', ']']));
    // The domain decides, since anyone may be called `teste` at a real one.
    if kind == Sensitive::Email {
        return is_placeholder || is_of_example(text);
    }
    is_placeholder
        || is_own(&[kind], text)
        || has_word(text)
        || is_drawn_digits(kind, text)
        || match kind {
            Sensitive::Name => has_one_of(text, &WORDS_OF_NAMES),
            Sensitive::Network => is_of_documentation(text) || is_of_example(text),
            Sensitive::Address => is_whole_town(text),
            _ => false,
        }
}

/// Returns whether a word of the text says that it is made up.
pub(super) fn has_word(text: &str) -> bool {
    has_one_of(text, &WORDS)
}

fn has_one_of(text: &str, list: &[&str]) -> bool {
    let folded = fold(text);
    let mut words = folded.split(|c: char| !c.is_alphabetic());
    words.any(|word| list.contains(&word))
}

/// Returns whether digits are drawn by hand: one five times in a row, seven or all that count, each
/// beside an equal one, or bytes in equal steps.
fn is_drawn_digits(kind: Sensitive, text: &str) -> bool {
    const MIN_EQUAL: usize = 5;
    const MIN_COUNTED: usize = 7;
    const MIN_STEPS: usize = 5;
    /// Boletos and Pix codes have rows of zeros by nature.
    const MANY: usize = 40;
    let mut digits: Vec<u8> = compact(text).to_ascii_lowercase().into_bytes();
    let n_zeros = digits.iter().filter(|digit| **digit == b'0').count();
    match digits.len() {
        n if n >= MANY => return n_zeros * 2 > n,
        // The end of a CNPJ counts the branches of a company.
        14 => digits.truncate(8),
        // The last two digits check the others.
        11 if kind != Sensitive::Phone => digits.truncate(9),
        10.. if kind == Sensitive::Phone => drop(digits.drain(..2)),
        _ => {}
    }
    let counts =
        |step: i16| longest(&digits, |before, after| i16::from(after) - i16::from(before) == step);
    let is_paired = digits.len() >= 8
        && digits.chunk_by(|before, after| before == after).all(|run| run.len() >= 2);
    let n_counted = counts(1).max(counts(-1));
    let is_counted = n_counted >= MIN_COUNTED || (n_counted >= 3 && n_counted == digits.len());
    let is_plate = digits.len() == 7 && (digits.starts_with(b"aaa") || digits == *b"abc1234");
    is_plate
        || is_paired
        || is_counted
        || counts(0) >= MIN_EQUAL.min(digits.len())
        || n_steps(&digits) >= MIN_STEPS
}

/// Returns the longest run of digits in which each pair of neighbours is `near`.
fn longest(digits: &[u8], near: impl Fn(u8, u8) -> bool) -> usize {
    let is_near = |before: &u8, after: &u8| after.is_ascii_hexdigit() && near(*before, *after);
    digits.chunk_by(is_near).map(<[u8]>::len).max().unwrap_or(0)
}

/// Returns how many hexadecimal bytes in a row have the same distance.
fn n_steps(digits: &[u8]) -> usize {
    if digits.len() < 16 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return 0;
    }
    let value = |digit: &u8| char::from(*digit).to_digit(16).unwrap_or(0);
    let bytes: Vec<u32> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |sum, digit| sum * 16 + value(digit)))
        .collect();
    let steps: Vec<u32> = bytes.windows(2).map(|two| (256 + two[1] - two[0]) % 256).collect();
    steps.chunk_by(|before, after| before == after).map(<[u32]>::len).max().unwrap_or(0)
}

/// Returns whether an e-mail address or a user is of a domain for examples.
fn is_of_example(text: &str) -> bool {
    let domain = text.rsplit('@').next().unwrap_or_default().to_lowercase();
    let is_below = |known: &str| {
        domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    text.contains('@') && DOMAINS.iter().any(|known| is_below(known))
}

/// Returns whether an address is of a range for documentation, or of no network in particular.
fn is_of_documentation(text: &str) -> bool {
    let address = text.split('/').next().unwrap_or_default();
    if let Ok(address) = address.parse::<Ipv4Addr>() {
        return match address.octets() {
            [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18 | 19, ..] => true,
            // The usual addresses of a network itself and its gateway.
            [10, 0, 0, 0 | 1] | [172, 16, 0, 0 | 1] | [192, 168, 0 | 1, 0 | 1] => true,
            _ => is_everywhere(address),
        };
    }
    if let Ok(address) = address.parse::<Ipv6Addr>() {
        if let Some(inner) = address.to_ipv4_mapped() {
            return is_of_documentation(&inner.to_string());
        }
        let is_short = address.segments().iter().filter(|group| **group != 0).count() < 2;
        return is_short || address.segments()[..2] == [0x2001, 0xdb8];
    }
    // RFC 7042 reserves these for documentation; the others are drawn by hand.
    let digits = compact(text).to_lowercase();
    digits.len() == 12
        && (digits.starts_with("00005e0053")
            || digits.ends_with("00000001")
            || ["001122334455", "aabbccddeeff", "112233445566"].contains(&digits.as_str()))
}

/// Returns whether a postal code is of a whole town and not of a street.
fn is_whole_town(text: &str) -> bool {
    let digits = compact(text);
    digits.len() == 8 && digits.ends_with("000") && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Sensitive, is_made_up};

    #[test]
    fn what_is_made_up_for_everyone_to_see_may_stay() {
        let rows = [
            (Sensitive::Name, "Ana Modelo"),
            (Sensitive::Name, "CARLA FICTÍCIA"),
            (Sensitive::Cpf, "111.111.111-11"),
            (Sensitive::Cpf, "123.456.789-09"),
            (Sensitive::Cnpj, "00.000.000/0001-91"),
            (Sensitive::Phone, "11900000001"),
            (Sensitive::Phone, "(11) 98765-4321"),
            (Sensitive::Email, "ana@example.com"),
            (Sensitive::Email, "ana@mail.acme.example"),
            (Sensitive::Network, "192.0.2.1"),
            (Sensitive::Network, "203.0.113.57/24"),
            (Sensitive::Network, "2001:db8:4f1a::c0de"),
            (Sensitive::Network, "00:00:5E:00:53:02"),
            (Sensitive::Network, "192.168.0.1"),
            (Sensitive::Network, "HWTC00000001"),
            (Sensitive::Address, "01000-000"),
            (Sensitive::Secret, "{token}"),
            (Sensitive::Secret, "***"),
        ];
        for (kind, text) in rows {
            assert!(is_made_up(kind, text), "{text}");
        }
    }

    #[test]
    fn what_may_be_of_a_person_may_not() {
        let rows = [
            (Sensitive::Name, "Marta Quiroga"),
            (Sensitive::Cpf, "529.982.247-25"),
            (Sensitive::Cnpj, "12.ABC.345/01DE-35"),
            (Sensitive::Phone, "(51) 99876-1234"),
            (Sensitive::Email, "marta@exemplares.com.br"),
            (Sensitive::Email, "marta@myexample.com"),
            (Sensitive::Network, "10.20.30.41"),
            (Sensitive::Network, "189.40.71.5"),
            (Sensitive::Network, "2804:14c:65a1::c0de"),
            (Sensitive::Network, "A4:2B:B0:C1:D2:E3"),
            (Sensitive::Address, "59012-345"),
            (Sensitive::Secret, "casa1234"),
        ];
        for (kind, text) in rows {
            assert!(!is_made_up(kind, text), "{text}");
        }
    }
}
