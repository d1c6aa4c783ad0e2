//! Booleans as `1` and `0`, and as `sim` and `nao`.

use std::fmt;
use std::str::FromStr;

use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ScalarError, text_scalar, types};

const FLAG: &str = "0 or 1";

const WORD: &str = "sim or nao";

types!(BoolAsInt FLAG, SimNao WORD);

/// A boolean that is `0` or `1` on the wire.
///
/// It converts from `bool`, so that a builder accepts `.stopwatch(true)`. It also reads `true`,
/// `false`, `"0"` and `"1"`, and always writes `0` or `1`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BoolAsInt(bool);

impl BoolAsInt {
    /// Returns the boolean.
    #[must_use]
    pub fn get(self) -> bool {
        self.0
    }
}

impl From<bool> for BoolAsInt {
    fn from(flag: bool) -> Self {
        Self(flag)
    }
}

impl From<BoolAsInt> for bool {
    fn from(flag: BoolAsInt) -> Self {
        flag.0
    }
}

impl fmt::Display for BoolAsInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 { "1" } else { "0" })
    }
}

impl fmt::Debug for BoolAsInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BoolAsInt({})", self.0)
    }
}

impl FromStr for BoolAsInt {
    type Err = ScalarError;

    fn from_str(text: &str) -> Result<Self, ScalarError> {
        match text {
            "0" => Ok(Self(false)),
            "1" => Ok(Self(true)),
            _ => Err(ScalarError::new(FLAG, text)),
        }
    }
}

impl Serialize for BoolAsInt {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_u8(self.0.into())
    }
}

impl<'de> Deserialize<'de> for BoolAsInt {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct FlagVisitor;

        impl Visitor<'_> for FlagVisitor {
            type Value = BoolAsInt;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(FLAG)
            }

            fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<BoolAsInt, E> {
                Ok(BoolAsInt(flag))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<BoolAsInt, E> {
                match number {
                    0 => Ok(BoolAsInt(false)),
                    1 => Ok(BoolAsInt(true)),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                }
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<BoolAsInt, E> {
                match u64::try_from(number) {
                    Ok(number) => self.visit_u64(number),
                    Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<BoolAsInt, E> {
                text.parse().map_err(E::custom)
            }
        }

        json.deserialize_any(FlagVisitor)
    }
}

/// A boolean that is a word on the wire: `sim`, `nao` or `não`.
///
/// It converts from `bool`, so that a builder accepts `.inadimplente(true)`, and is written as it
/// was spelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SimNao(&'static str);

impl SimNao {
    /// Returns the boolean.
    #[must_use]
    pub fn get(self) -> bool {
        self.0 == YES
    }

    fn read(text: &str) -> Option<Self> {
        [YES, NO, "não"].into_iter().find(|word| *word == text).map(Self)
    }
}

const YES: &str = "sim";
const NO: &str = "nao";

impl Default for SimNao {
    fn default() -> Self {
        false.into()
    }
}

impl From<bool> for SimNao {
    fn from(flag: bool) -> Self {
        Self(if flag { YES } else { NO })
    }
}

impl From<SimNao> for bool {
    fn from(flag: SimNao) -> Self {
        flag.get()
    }
}

impl fmt::Display for SimNao {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for SimNao {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SimNao({})", self.get())
    }
}

text_scalar!(SimNao, WORD);

#[cfg(test)]
mod tests {
    use super::{BoolAsInt, SimNao};

    #[test]
    fn a_word_is_written_as_it_was_spelled() {
        for (word, flag) in [("sim", true), ("nao", false), ("não", false)] {
            let json = format!("\"{word}\"");
            let read: SimNao = serde_json::from_str(&json).unwrap();
            assert_eq!((read.get(), serde_json::to_string(&read).unwrap()), (flag, json));
        }
        assert_eq!([true, false].map(|flag| SimNao::from(flag).to_string()), ["sim", "nao"]);
        for json in ["\"talvez\"", "\"SIM\"", "true", "1", "null"] {
            assert!(serde_json::from_str::<SimNao>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn reads_every_form_and_writes_a_number() {
        let cases = [
            ("0", false),
            ("1", true),
            ("true", true),
            ("false", false),
            ("\"0\"", false),
            ("\"1\"", true),
        ];
        for (json, expect) in cases {
            let flag: BoolAsInt = serde_json::from_str(json).unwrap();
            assert_eq!(flag.get(), expect, "json {json}");
            let digit = if expect { "1" } else { "0" };
            assert_eq!(serde_json::to_string(&flag).unwrap(), digit);
            assert_eq!(flag.to_string(), digit);
            assert_eq!(digit.parse::<BoolAsInt>().unwrap(), flag);
        }
        for json in ["2", "-1", "0.0", "\"sim\"", "null", "[]"] {
            assert!(serde_json::from_str::<BoolAsInt>(json).is_err(), "json {json}");
        }
    }
}
