//! Decides from one segment of a path alone whether it is a value.
//!
//! What this leaves as a word may still be a value: `paths` decides that from its siblings.

use std::borrow::Cow;

use prumo_spec::formats::Format;
use prumo_spec::{HIDDEN, percent_decoded};

use crate::personal;
use crate::texts::is_day;

/// Extensions that an id may have: `42.json`.
const ENDINGS: [&str; 5] = [".json", ".xml", ".pdf", ".csv", ".html"];

/// The shortest text that may be a token.
pub(crate) const MIN_TOKEN: usize = 16;

/// The longest word.
const MAX_WORD: usize = 64;

/// The form of a value in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// A placeholder of the recording, such as `{token}`.
    Placeholder,
    Int,
    Uuid,
    Date,
    Email,
    /// A hexadecimal number.
    Hex,
    /// A long text with letters and digits.
    Token,
    /// A short text with letters and digits, such as `CLI-0042`, or one capital.
    Code,
    /// A word among many.
    Word,
    /// Any other text.
    Text,
}

/// One segment: a word or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment<'s> {
    Word(Cow<'s, str>),
    /// A value, with the extension behind it.
    Value {
        form: Form,
        text: Cow<'s, str>,
        ending: &'static str,
    },
}

/// Reads a segment as it is in a path; `before` is the segment before it.
pub(crate) fn read<'s>(raw: &'s str, before: Option<&str>) -> Segment<'s> {
    if let Some(name) = raw.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return Segment::Value { form: Form::Placeholder, text: name.into(), ending: "" };
    }
    let whole = |form, text| Segment::Value { form, text, ending: "" };
    if raw == HIDDEN || raw.starts_with('<') {
        return whole(Form::Placeholder, "token".into());
    }
    let text = percent_decoded(raw);
    let is_version = matches!(before, Some("api" | "rest" | "version")) && text.len() == 1;
    if is_version || is_decimal_version(&text) {
        return Segment::Word(text);
    }
    for ending in ENDINGS {
        if let Some(form) = text.strip_suffix(ending).and_then(form) {
            let stem = text.len() - ending.len();
            return Segment::Value { form, text: text[..stem].to_owned().into(), ending };
        }
    }
    match form(&text) {
        Some(form) => whole(form, text),
        None => Segment::Word(text),
    }
}

/// Returns whether a text is `2.0` or `1.10`.
fn is_decimal_version(text: &str) -> bool {
    text.split_once('.').is_some_and(|(major, minor)| {
        let is_short = |part: &str| (1..=2).contains(&part.len());
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        [major, minor].into_iter().all(|part| is_short(part) && are_digits(part))
    })
}

/// Returns the form of a text that is a value by itself.
fn form(text: &str) -> Option<Form> {
    let is_of = |name| Format::named(name).is_some_and(|format| format.fits_text(text));
    let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
    let n_digits = count(u8::is_ascii_digit);
    let n_letters = count(u8::is_ascii_alphabetic);
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    let has_sign = text.contains(['-', '_', '.']);
    let is_upper = |c: char| c.is_ascii_uppercase();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    Some(match text {
        "" => return None,
        _ if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) => Form::Int,
        _ if is_of("uuid") => Form::Uuid,
        _ if is_day(text) => Form::Date,
        _ if text.contains('@') => Form::Email,
        _ if is_hex(text, n_digits) => Form::Hex,
        _ if text.len() > MAX_WORD => Form::Token,
        _ if is_plain && text.len() >= MIN_TOKEN && n_digits >= 3 && n_letters >= 3 => Form::Token,
        _ if text.len() == 1 && text.starts_with(is_upper) => Form::Code,
        _ if is_plain && n_digits >= 3 && (has_sign || text.contains(is_upper)) => Form::Code,
        _ if is_plain && n_digits >= 3 && text.starts_with(|c: char| c.is_ascii_digit()) => {
            Form::Code
        }
        _ if !is_plain && !is_word(text) => Form::Text,
        _ if !personal::kinds(text).is_empty() => Form::Text,
        _ => return None,
    })
}

fn is_hex(text: &str, n_digits: usize) -> bool {
    let least = if n_digits > 0 { 8 } else { 16 };
    text.len() >= least && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns whether a text may be a word of a path, in any script.
fn is_word(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '-' | '_' | '.' | '~' | '$' | ':' | '(' | ')' | ',' | '+');
    text.chars().all(|c| c.is_alphanumeric() || is_mark(c))
}

#[cfg(test)]
mod tests {
    use super::{Form, Segment, read};

    #[test]
    fn a_segment_alone_says_what_it_is() {
        let rows: &[(&str, Option<Form>)] = &[
            ("clientes", None),
            ("v2.0", None),
            ("2.0", None),
            ("cnab240", None),
            ("oauth2", None),
            ("listar_cobrancas_com_fatura_em_aberto", None),
            ("2fa", None),
            ("s3", None),
            ("usu%C3%A1rios", None),
            ("42", Some(Form::Int)),
            ("-1", Some(Form::Int)),
            ("c2a50507-9e39-4a37-acbc-2e2859578537", Some(Form::Uuid)),
            ("2f505d0c3f3470d5367ee2ed6f317a5c", Some(Form::Hex)),
            ("deadbeefdeadbeef", Some(Form::Hex)),
            ("2026-11-22", Some(Form::Date)),
            ("ana.modelo%40example.com", Some(Form::Email)),
            ("CLI-0042", Some(Form::Code)),
            ("I", Some(Form::Code)),
            ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", Some(Form::Token)),
            ("{token}", Some(Form::Placeholder)),
            ("***", Some(Form::Placeholder)),
            ("Ana%20Modelo", Some(Form::Text)),
            ("42.json", Some(Form::Int)),
        ];
        for (raw, expect) in rows {
            let form = match read(raw, None) {
                Segment::Word(_) => None,
                Segment::Value { form, .. } => Some(form),
            };
            assert_eq!(form, *expect, "segment `{raw}`");
        }
        assert_eq!(read("1", Some("api")), Segment::Word("1".into()));
    }
}
