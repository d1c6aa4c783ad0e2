//! Turns words of a command line into values of the types in the spec.
//!
//! Invariants:
//!
//! * An error says what was expected, never the given value, which may be personal data.

use anyhow::{Context, bail};
use serde_json::Value;

use prumo_codegen::names::snake;
use prumo_codegen::prepare::{Draft, Enum, scalars, schema, stand_in};
use prumo_spec::formats::Format;
use prumo_spec::nearest;

/// The type of the values of a parameter or a field.
pub(crate) enum Kind<'d> {
    Text,
    Password,
    Integer,
    Number,
    Boolean,
    File,
    /// A date or a number with a format of its own on the wire.
    Wire(&'static Format),
    OneOf(&'d Enum),
    ListOf(Box<Kind<'d>>),
    /// Any value that is neither a scalar nor a list of scalars.
    Json,
}

/// The format of a flag that is a number on the wire.
const FLAG: &str = "bool-as-int";

/// The words for a flag.
const YES_AND_NO: [&str; 2] = ["true", "false"];

impl<'d> Kind<'d> {
    /// Returns the kind of the values that `slot` describes.
    pub(crate) fn of(draft: &'d Draft, slot: &Value) -> Self {
        if let Some(name) = schema::target(slot) {
            if name == stand_in("FilePart") {
                return Self::File;
            }
            if let Some(scalar) = scalars().find(|scalar| stand_in(scalar.rust) == name) {
                return Self::Wire(scalar.format);
            }
            return draft.enums.iter().find(|one| one.name == name).map_or(Self::Json, Self::OneOf);
        }
        match schema::type_of(slot) {
            Some("string") if is_secret(slot) => Self::Password,
            Some("string") => Self::Text,
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            Some("array") => match Self::of(draft, slot.get("items").unwrap_or(&Value::Null)) {
                Self::Json | Self::ListOf(_) => Self::Json,
                item => Self::ListOf(Box::new(item)),
            },
            _ => Self::Json,
        }
    }

    /// Describes the allowed values.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Password => "a secret text".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::File => "a file".to_owned(),
            Self::Wire(format) => format!("{} such as {}", format.name, format.examples_in_words()),
            Self::OneOf(one) => one_of(one),
            Self::ListOf(item) => format!("a list, given once for each item: {}", item.in_words()),
            Self::Json => "JSON".to_owned(),
        }
    }

    /// Returns the JSON text of a word, with its numbers as they are spelled.
    ///
    /// # Errors
    ///
    /// The word is not of this kind.
    pub(crate) fn json(&self, word: &str) -> anyhow::Result<String> {
        let value = self.read(word)?;
        Ok(match self {
            Self::Number | Self::Json => word.trim().to_owned(),
            Self::ListOf(item) => item.json(word)?,
            _ => value.to_string(),
        })
    }

    fn read(&self, word: &str) -> anyhow::Result<Value> {
        let expected = || format!("expected {}", self.in_words());
        Ok(match self {
            Self::Text | Self::Password => word.into(),
            Self::Integer => integer(word).with_context(expected)?,
            Self::Number | Self::Json => serde_json::from_str(word).ok().with_context(expected)?,
            Self::Boolean => word.parse::<bool>().ok().with_context(expected)?.into(),
            Self::File => bail!("a file is given with `--file`"),
            Self::Wire(format) => wire(format, word).with_context(expected)?,
            Self::OneOf(one) => choice(one, word)?,
            Self::ListOf(item) => item.read(word)?,
        })
    }
}

/// Parses an integer of 64 bits, with or without a sign.
fn integer(word: &str) -> Option<Value> {
    let signed = word.parse::<i64>().map(Value::from);
    signed.or_else(|_| word.parse::<u64>().map(Value::from)).ok()
}

/// Lists every allowed word, if their number is limited.
pub(crate) fn spellings(kind: &Kind<'_>) -> Vec<String> {
    match kind {
        Kind::OneOf(one) => one.variants.iter().map(|(name, _)| snake(name)).collect(),
        Kind::ListOf(item) => spellings(item),
        Kind::Boolean => YES_AND_NO.map(str::to_owned).into(),
        Kind::Wire(format) if format.name == FLAG => YES_AND_NO.map(str::to_owned).into(),
        _ => Vec::new(),
    }
}

/// Returns whether a slot is a password.
pub(crate) fn is_secret(slot: &Value) -> bool {
    slot.get("x-prumo-secret") == Some(&Value::Bool(true))
}

fn one_of(one: &Enum) -> String {
    let values: Vec<String> = one.variants.iter().map(spelled).collect();
    let more = if one.open { ", or another" } else { "" };
    format!("one of {}{more}", values.join(", "))
}

/// Writes `most_recent (mais_recente)`, or one word if both are the same.
fn spelled((name, value): &(String, Value)) -> String {
    let (name, value) = (snake(name), plain(value));
    if name == value { name } else { format!("{name} ({value})") }
}

/// Writes a scalar as a user would type it.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Finds a choice by its name in Rust, in any letter case, or by its value on the wire.
fn choice(one: &Enum, word: &str) -> anyhow::Result<Value> {
    let by_value = one.variants.iter().find(|(_, value)| plain(value) == word);
    let by_name = || one.variants.iter().find(|(name, _)| snake(name) == snake(word));
    if let Some((_, value)) = by_value.or_else(by_name) {
        return Ok(value.clone());
    }
    let names: Vec<String> = one.variants.iter().map(|(name, _)| snake(name)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<String> = one.variants.iter().map(|(_, value)| plain(value)).collect();
    let known: Vec<&str> = names.iter().copied().chain(values.iter().map(String::as_str)).collect();
    if let Some(meant) = nearest(word, &known) {
        bail!("did you mean `{meant}`? Expected {}", one_of(one));
    }
    let is_number = one.variants.iter().all(|(_, value)| value.is_number());
    match (one.open, is_number) {
        (true, false) => Ok(word.into()),
        (true, true) => word
            .parse::<i64>()
            .map(Value::from)
            .ok()
            .with_context(|| format!("expected {}", one_of(one))),
        (false, _) => bail!("expected {}", one_of(one)),
    }
}

/// Returns the value on the wire that a word means, or `None` if it does not have the format.
fn wire(format: &Format, word: &str) -> Option<Value> {
    let flag = YES_AND_NO.iter().position(|flag| *flag == word).filter(|_| format.name == FLAG);
    let int = match flag {
        Some(position) => Some(i64::from(position == 0)),
        // Digits mean a number, unless the number would lose their spelling.
        None => word.parse::<i64>().ok().filter(|int| int.to_string() == word),
    };
    let candidates = [int.map(Value::from), Some(word.into())];
    let fitting = candidates.into_iter().flatten().find(|value| format.fits(value));
    fitting.or_else(|| format.is_loose().then(|| word.into()))
}

#[cfg(test)]
mod tests {
    use prumo_spec::formats::FORMATS;

    use super::{plain, wire};

    #[test]
    fn the_examples_of_every_format_can_be_typed_and_a_broken_word_cannot() {
        for format in FORMATS.iter().filter(|format| format.rust.is_some()) {
            for example in format.example_values() {
                let value = wire(format, &plain(&example)).unwrap_or_default();
                assert_eq!(plain(&value), plain(&example), "`{}`", format.name);
            }
            assert_eq!(wire(format, "não é").is_none(), format.is_typed(), "`{}`", format.name);
        }
    }

    #[test]
    fn whoever_types_digits_means_a_number_unless_their_spelling_would_be_lost() {
        let rows = [
            ("int-or-string", "320", Some("320")),
            ("int-or-string", "0320", Some("\"0320\"")),
            ("int-or-string", "doze", Some("\"doze\"")),
            ("decimal-string", "119", Some("\"119\"")),
            ("bool-as-int", "true", Some("1")),
            ("bool-as-int", "0", Some("0")),
            ("bool-as-int", "2", None),
            ("epoch-millis", "9223372036854775807", None),
            ("br-date", "31/02/2018", None),
        ];
        for (name, word, expect) in rows {
            let format = FORMATS.iter().find(|format| format.name == name).unwrap();
            let got = wire(format, word).map(|value| value.to_string());
            assert_eq!(got.as_deref(), expect, "`{name}`: {word}");
        }
    }
}
