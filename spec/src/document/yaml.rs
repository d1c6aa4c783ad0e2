//! Turns YAML 1.2 text into nodes, by the events of `saphyr-parser`.
//!
//! `saphyr`'s own tree is not used: building it recurses once per level of nesting, turns large
//! integers into floats, and keeps no place for a key. Scalars are read by the core schema of YAML
//! 1.2.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Number, Value};

use super::build::{Builder, Built, Digits};
use super::{DocumentFault, Fault, Position};

pub(super) fn parse(text: &str) -> Result<(Built, Vec<Digits>), Fault> {
    let mut builder = Builder::default();
    match read(text, &mut builder) {
        Ok(()) => Ok(builder.into_root()),
        Err(fault) => Err(builder.first_fault(fault)),
    }
}

fn read(text: &str, builder: &mut Builder) -> Result<(), Fault> {
    let mut parser = Parser::new_from_str(text);
    let mut n_documents = 0;

    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        let at = position(span.start);
        match event {
            Event::DocumentStart(_) => {
                n_documents += 1;
                if n_documents > 1 {
                    return Err((at, DocumentFault::SecondDocument));
                }
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag.as_deref(), "seq").map_err(|fault| (at, fault))?;
                builder.open_list(at, anchor)?;
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag.as_deref(), "map").map_err(|fault| (at, fault))?;
                builder.open_mapping(at, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close()?,
            Event::Scalar(text, style, _, _) if builder.expects_key() => {
                check_key(&text, style).map_err(|fault| (at, fault))?;
                builder.key(text.into_owned(), at);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref()).map_err(|fault| (at, fault))?;
                match is_rewritten(&text, &value) {
                    true => builder.wide_integer(value, &text, at, anchor)?,
                    false => builder.scalar(value, at, anchor)?,
                }
            }
            Event::Alias(anchor) => builder.alias(anchor, at)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    Ok(())
}

fn position(marker: Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

/// Returns the scanner's sentence without the character that it may quote.
fn syntax(error: &ScanError) -> Fault {
    let sentence = error.info().split(": `").next().unwrap_or_default();
    (position(*error.marker()), DocumentFault::Syntax(sentence.to_owned()))
}

fn check_key(text: &str, style: ScalarStyle) -> Result<(), DocumentFault> {
    if style != ScalarStyle::Plain {
        return Ok(());
    }
    match text {
        "" => Err(DocumentFault::KeyNotText),
        "<<" => Err(DocumentFault::MergeKey),
        _ => Ok(()),
    }
}

/// Accepts no tag, or the one tag that names the collection's own kind.
fn check_tag(tag: Option<&Tag>, expected: &str) -> Result<(), DocumentFault> {
    match tag {
        None => Ok(()),
        Some(tag) if is_non_specific(tag) => Ok(()),
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == expected => Ok(()),
        Some(_) => Err(DocumentFault::UnknownTag),
    }
}

/// Returns whether the tag is a lone `!`, which only disables type resolution.
fn is_non_specific(tag: &Tag) -> bool {
    format!("{}{}", tag.handle, tag.suffix) == "!"
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, DocumentFault> {
    let Some(tag) = tag else {
        return match style {
            ScalarStyle::Plain => plain(text),
            _ => Ok(Value::from(text)),
        };
    };
    if is_non_specific(tag) {
        return Ok(Value::from(text));
    }
    if !tag.is_yaml_core_schema() {
        return Err(DocumentFault::UnknownTag);
    }
    if tag.suffix == "str" {
        return Ok(Value::from(text));
    }
    let value = plain(text)?;
    let fits = match tag.suffix.as_str() {
        "int" => value.is_i64() || value.is_u64() || is_wide(text, &value),
        "float" => value.is_number(),
        "bool" => value.is_boolean(),
        "null" => value.is_null(),
        _ => return Err(DocumentFault::UnknownTag),
    };
    if fits { Ok(value) } else { Err(DocumentFault::TagMismatch) }
}

/// Reads an unquoted scalar by the core schema.
fn plain(text: &str) -> Result<Value, DocumentFault> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err(DocumentFault::NotFinite),
        _ => {}
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            if !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix)) {
                return u64::from_str_radix(digits, radix)
                    .map(Value::from)
                    .map_err(|_| DocumentFault::IntegerTooLarge);
            }
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return float(&text.replacen('.', "", 1));
    }
    if is_digits(unsigned) {
        return integer(text);
    }
    if is_float(unsigned) {
        return float(text);
    }
    Ok(Value::from(text))
}

/// Reads an integer; one beyond 64 bits becomes the nearest float, see [`is_wide`].
pub(super) fn integer(text: &str) -> Result<Value, DocumentFault> {
    let signed = text.strip_prefix('+').unwrap_or(text);
    if let Ok(number) = signed.parse::<i64>() {
        return Ok(Value::from(number));
    }
    signed.parse::<u64>().map(Value::from).or_else(|_| float(text))
}

/// Returns whether `value` was rounded from an integer beyond 64 bits.
fn is_wide(text: &str, value: &Value) -> bool {
    value.is_f64() && is_digits(text.strip_prefix(['+', '-']).unwrap_or(text))
}

/// Returns whether JSON writes `value` otherwise than `text` does.
pub(super) fn is_rewritten(text: &str, value: &Value) -> bool {
    let written = value.to_string();
    is_wide(text, value) || (value.is_f64() && written != text)
}

/// Reads a float; one beyond all finite ones becomes the outermost of these.
pub(super) fn float(text: &str) -> Result<Value, DocumentFault> {
    let read = text.parse::<f64>().ok().map(|read| read.clamp(f64::MIN, f64::MAX));
    read.and_then(Number::from_f64).map(Value::Number).ok_or(DocumentFault::NotFinite)
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Matches `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; the caller has removed the sign.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    let exponent_fits = match exponent {
        Some(exponent) => is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => true,
    };
    mantissa_fits && exponent_fits
}
