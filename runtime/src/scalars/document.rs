//! Tax numbers of persons (CPF) and companies (CNPJ).
//!
//! Invariants:
//!
//! * Any text is kept and written back as it came; the check digits are examined on request.
//! * `Debug` masks the number, because it identifies a person.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::types;

types!(CpfCnpj "a CPF or CNPJ");

/// The two kinds of tax numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaxNumberKind {
    /// A person's, of eleven digits (cadastro de pessoa física).
    Cpf,
    /// A company's, of fourteen digits, the first twelve of which may be letters (cadastro nacional
    /// da pessoa jurídica).
    Cnpj,
}

/// A CPF or CNPJ as the vendor sent it, with or without punctuation.
///
/// ```
/// use prumo_runtime::{CpfCnpj, TaxNumberKind};
///
/// let company = CpfCnpj::from("12.ABC.345/01DE-35");
/// assert_eq!(company.kind(), Some(TaxNumberKind::Cnpj));
/// assert_eq!(company.bare(), "12ABC34501DE35");
/// assert_eq!(format!("{company:?}"), "CpfCnpj(**.***.***/****-35)");
/// assert!(!CpfCnpj::from("123.456.789-00").is_valid());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CpfCnpj(String);

impl CpfCnpj {
    /// Returns the number as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the digits, and the letters of a CNPJ, without punctuation.
    #[must_use]
    pub fn bare(&self) -> String {
        self.0.chars().filter(|sign| sign.is_ascii_alphanumeric()).collect()
    }

    /// Returns the kind, if the check digits are right.
    #[must_use]
    pub fn kind(&self) -> Option<TaxNumberKind> {
        let bare = self.bare();
        let is_upper = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let (kind, highest_weight) = match bare.len() {
            11 => (TaxNumberKind::Cpf, 11),
            14 => (TaxNumberKind::Cnpj, 9),
            _ => return None,
        };
        let (base, check) = bare.split_at(bare.len() - 2);
        let is_form = check.bytes().all(|byte| byte.is_ascii_digit())
            && match kind {
                TaxNumberKind::Cpf => base.bytes().all(|byte| byte.is_ascii_digit()),
                TaxNumberKind::Cnpj => base.bytes().all(is_upper),
            };
        // Numbers of one repeated digit have right check digits and were never given to anybody.
        let is_varied = bare.bytes().any(|byte| Some(byte) != bare.bytes().next());
        let is_right = || {
            [1, 0].into_iter().all(|n_behind| {
                let end = bare.len() - n_behind - 1;
                bare.as_bytes().get(end).copied().map(u32::from).map(|byte| byte - 48)
                    == Some(check_digit(&bare.as_bytes()[..end], highest_weight))
            })
        };
        (is_form && is_varied && is_right()).then_some(kind)
    }

    /// Returns whether it is a CPF or CNPJ with the right check digits.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.kind().is_some()
    }
}

/// Returns the check digit of the signs before it, by modulus 11. A letter counts as its code in
/// ASCII minus 48. The weights rise from 2 at the right and start again after the highest.
fn check_digit(signs: &[u8], highest_weight: u32) -> u32 {
    let weights = (2..=highest_weight).cycle();
    let sum: u32 = signs
        .iter()
        .rev()
        .zip(weights)
        .map(|(sign, weight)| (u32::from(*sign) - 48) * weight)
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

impl fmt::Display for CpfCnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CpfCnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown_from = self.0.char_indices().rev().nth(1).map_or(0, |(start, _)| start);
        let has_form = matches!(self.bare().len(), 11 | 14) && self.0.is_ascii();
        let masked: String = self
            .0
            .char_indices()
            .map(|(start, sign)| match sign {
                _ if has_form && start >= shown_from => sign,
                '.' | '-' | '/' => sign,
                _ => '*',
            })
            .collect();
        write!(f, "CpfCnpj({masked})")
    }
}

impl From<String> for CpfCnpj {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for CpfCnpj {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<&String> for CpfCnpj {
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl FromStr for CpfCnpj {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl Serialize for CpfCnpj {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CpfCnpj {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        String::deserialize(json).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{CpfCnpj, TaxNumberKind};

    #[test]
    fn check_digits_are_examined_on_request() {
        let cases = [
            ("529.982.247-25", Some(TaxNumberKind::Cpf)),
            ("52998224725", Some(TaxNumberKind::Cpf)),
            ("52998224724", None),
            ("11111111111", None),
            ("5299822472A", None),
            ("11.222.333/0001-81", Some(TaxNumberKind::Cnpj)),
            ("11222333000182", None),
            ("12.ABC.345/01DE-35", Some(TaxNumberKind::Cnpj)),
            ("12.abc.345/01DE-35", None),
            ("12ABC34501DE3A", None),
            ("", None),
            ("não informado", None),
            ("１1222333000181", None),
        ];
        for (text, kind) in cases {
            let number = CpfCnpj::from(text);
            assert_eq!(number.kind(), kind, "{text}");
            assert_eq!(number.is_valid(), kind.is_some());
            assert_eq!(number.to_string(), text);
            let json = serde_json::to_string(&number).unwrap();
            assert_eq!(serde_json::from_str::<CpfCnpj>(&json).unwrap(), number);
        }
    }

    #[test]
    fn no_debug_shows_the_number() {
        let cases = [
            ("529.982.247-25", "CpfCnpj(***.***.***-25)"),
            ("52998224725", "CpfCnpj(*********25)"),
            ("ana", "CpfCnpj(***)"),
            ("não informado", "CpfCnpj(*************)"),
            ("", "CpfCnpj()"),
        ];
        for (text, shown) in cases {
            assert_eq!(format!("{:?}", CpfCnpj::from(text)), shown);
        }
    }
}
