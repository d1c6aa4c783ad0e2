//! Decodes JSON text into a typed value, or names the place that does not fit.
//!
//! The messages of serde quote the value (`invalid type: string "Ana"`), which sooner or later is
//! personal data. [`describe`] keeps what was expected and the kind of value that was found, and
//! drops every message that it does not recognize.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::scalars;

/// A place in a response that does not fit its type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// JSON Pointer from the root of the response.
    pub(crate) pointer: String,
    /// The expected type, and the kind of value that was found.
    pub(crate) what: String,
}

/// Decodes `text`, which is located at `prefix` in the response.
pub(crate) fn decode<T: DeserializeOwned>(text: &str, prefix: &str) -> Result<T, Misfit> {
    // Tracking the path costs a copy of each member's name, so it is done only after decoding has
    // failed.
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(error) if is_number_out_of_range(&error) => decode_without_range(text, prefix),
        Err(_) => decode_again(text, prefix),
    }
}

/// Decodes a text in which a number is beyond the range of an `f64`.
///
/// serde_json refuses such a number wherever it is, also in a member that the type has no use for.
/// As a text it keeps its digits, and only a type that wants a number refuses it.
fn decode_without_range<T: DeserializeOwned>(text: &str, prefix: &str) -> Result<T, Misfit> {
    decode_again(&with_vast_numbers_quoted(text), prefix).map_err(|misfit: Misfit| {
        match decode_again::<T>(text, prefix) {
            Err(first) if first.pointer == misfit.pointer => first,
            _ => misfit,
        }
    })
}

/// Puts every number beyond the range of an `f64` in quotes.
fn with_vast_numbers_quoted(text: &str) -> String {
    let is_of_number = |sign: char| sign.is_ascii_digit() || "+-.eE".contains(sign);
    let mut quoted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let n_bytes = match sign {
            '"' => string_bytes(rest),
            '-' | '0'..='9' => rest.find(|sign| !is_of_number(sign)).unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (token, behind) = rest.split_at(n_bytes);
        let is_vast = sign != '"' && token.parse::<f64>().is_ok_and(f64::is_infinite);
        quoted.extend(if is_vast { ["\"", token, "\""] } else { ["", token, ""] });
        rest = behind;
    }
    quoted
}

/// Returns how many bytes the JSON string at the start of `text` takes, quotes included.
fn string_bytes(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |end| end + 2)
}

fn is_number_out_of_range(error: &serde_json::Error) -> bool {
    error.is_syntax() && error.to_string().starts_with("number out of range")
}

/// Decodes once more, and tracks the path.
fn decode_again<T: DeserializeOwned>(text: &str, prefix: &str) -> Result<T, Misfit> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let mut at = prefix.to_owned();
        push_path(&mut at, error.path());
        misfit(at, error.inner())
    })?;
    json.end().map_err(|error| misfit(prefix.to_owned(), &error))?;
    Ok(value)
}

/// Converts a serde error into a misfit at `pointer`, or at the missing member below it.
pub(crate) fn misfit(mut pointer: String, error: &serde_json::Error) -> Misfit {
    let text = error.to_string();
    if let Some(field) = missing_field(&text) {
        push_name(&mut pointer, field);
        return Misfit { pointer, what: "the field is missing".into() };
    }
    Misfit { pointer, what: describe(error) }
}

/// Appends a member's name to a JSON Pointer.
pub(crate) fn push_name(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}

fn push_path(pointer: &mut String, path: &Path) {
    for segment in path {
        match segment {
            Segment::Seq { index } => push_name(pointer, &index.to_string()),
            Segment::Map { key } => push_name(pointer, key),
            // A variant is a Rust name, and an unknown segment has none.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
}

fn missing_field(text: &str) -> Option<&str> {
    let name = text.strip_prefix("missing field `")?;
    Some(&name[..name.rfind('`')?])
}

/// Describes the error without a value from the vendor.
fn describe(error: &serde_json::Error) -> String {
    use serde_json::error::Category;

    let text = error.to_string();
    match error.classify() {
        Category::Eof => "the JSON ends too early".into(),
        Category::Syntax if text.starts_with("recursion limit") => {
            "the JSON is nested more than 128 levels deep".into()
        }
        Category::Syntax if text.starts_with("number out of range") => {
            "a number is out of range".into()
        }
        Category::Syntax => format!("not JSON at line {} column {}", error.line(), error.column()),
        Category::Io => "the response can't be read".into(),
        Category::Data => describe_data(without_position(&text)),
    }
}

fn describe_data(text: &str) -> String {
    if scalars::is_own_message(text) {
        return text.to_owned();
    }
    let known = ["invalid type: ", "invalid value: ", "invalid length "];
    if known.iter().any(|start| text.starts_with(start)) {
        // The expected type comes last and is a constant of the program. The value before it may be
        // any text, even this separator.
        if let Some((before, expected)) = text.rsplit_once(", expected ") {
            return match found(before) {
                Some(found) => format!("expected {expected}, found {found}"),
                None => format!("expected {expected}"),
            };
        }
    }
    if text.starts_with("unknown variant ") {
        if let Some((_, expected)) = text.rsplit_once(", expected ") {
            return format!("expected {expected}, found another value");
        }
    }
    if text.starts_with("data did not match any variant of untagged enum") {
        return "fits none of the promised forms".into();
    }
    if text.starts_with("duplicate field `") {
        return "a field comes twice".into();
    }
    "the value was refused".into()
}

/// Returns the kind of value in serde's `invalid type: string "…"`.
fn found(before: &str) -> Option<&'static str> {
    let value =
        before.strip_prefix("invalid type: ").or_else(|| before.strip_prefix("invalid value: "))?;
    if is_beyond_64_bits(value) {
        return Some("a number beyond 64 bits");
    }
    let kinds = [
        ("string", "a string"),
        ("integer", "an integer"),
        ("floating point", "a fraction"),
        ("boolean", "a boolean"),
        ("null", "null"),
        ("unit value", "null"),
        ("Option value", "null"),
        ("sequence", "a list"),
        ("map", "an object"),
        ("number", "a number"),
    ];
    kinds.iter().find(|(start, _)| value.starts_with(start)).map(|&(_, kind)| kind)
}

/// Returns whether the value is a number outside the range of `i64`. serde_json passes a long
/// integer on as a floating point number, although it is not a fraction.
fn is_beyond_64_bits(value: &str) -> bool {
    /// 2 to the power of 63.
    const END: f64 = 9_223_372_036_854_775_808.0;

    let number = |kind| value.strip_prefix(kind)?.strip_suffix('`');
    if let Some(digits) = number("integer `") {
        return digits.parse::<i64>().is_err();
    }
    let fraction = number("floating point `").and_then(|digits| digits.parse::<f64>().ok());
    fraction.is_some_and(|fraction| !(-END..END).contains(&fraction))
}

/// Removes the suffix ` at line 1 column 5` of serde_json. The position refers to the decoded text,
/// which is often only a part of the response.
fn without_position(text: &str) -> &str {
    let Some((message, position)) = text.rsplit_once(" at line ") else {
        return text;
    };
    let is_position =
        position.chars().all(|letter| letter.is_ascii_digit() || " column".contains(letter));
    if is_position { message } else { text }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Misfit, decode};
    use crate::scalars::{BoolAsInt, BrDateTime, DecimalString, Money};

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only the decoding is under test")]
    struct Ticket {
        id: i64,
        history: Option<Vec<Entry>>,
        state: Option<State>,
        flag: Option<BoolAsInt>,
        price: Option<DecimalString>,
        paid: Option<Vec<Money>>,
        #[serde(flatten)]
        extra: serde_json::Map<String, serde_json::Value>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only the decoding is under test")]
    struct Entry {
        #[serde(rename = "data/hora")]
        at: BrDateTime,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum State {
        Open,
        Closed,
    }

    /// Text, pointer of the misfit, and its description.
    const MISFITS: &[(&str, &str, &str)] = &[
        (r#"{"id":"Ana Souza"}"#, "/data/id", "expected i64, found a string"),
        (r#"{"id":1.5}"#, "/data/id", "expected i64, found a fraction"),
        (
            r#"{"id":202211021958230001230000456789}"#,
            "/data/id",
            "expected i64, found a number beyond 64 bits",
        ),
        (
            r#"{"id":-202211021958230001230000456789}"#,
            "/data/id",
            "expected i64, found a number beyond 64 bits",
        ),
        (
            r#"{"id":18446744073709551615}"#,
            "/data/id",
            "expected i64, found a number beyond 64 bits",
        ),
        (r#"{"id":-0.5}"#, "/data/id", "expected i64, found a fraction"),
        (r#"{"id":null}"#, "/data/id", "expected i64, found null"),
        (r#"{"id":"x, expected Ana"}"#, "/data/id", "expected i64, found a string"),
        (r#"{"id":"x at line 3 column 4"}"#, "/data/id", "expected i64, found a string"),
        (r#"{"history":[]}"#, "/data/id", "the field is missing"),
        (r#"{"id":1,"history":[{}]}"#, "/data/history/0/data~1hora", "the field is missing"),
        (
            r#"{"id":1,"history":[{"data/hora":"16/11/2018 10:58:21"},{"data/hora":"Ana"}]}"#,
            "/data/history/1/data~1hora",
            "expected a date and time such as `16/11/2018 10:58:21`, found text like `Aaa`",
        ),
        (
            r#"{"id":1,"history":[{"data/hora":7}]}"#,
            "/data/history/0/data~1hora",
            "expected a date and time such as `16/11/2018 10:58:21`, found an integer",
        ),
        (r#"{"id":1,"history":{}}"#, "/data/history", "expected a sequence, found an object"),
        (
            r#"{"id":1,"state":"Ana, expected `b`"}"#,
            "/data/state",
            "expected `open` or `closed`, found another value",
        ),
        (r#"{"id":1,"flag":7}"#, "/data/flag", "expected 0 or 1, found an integer"),
        (
            r#"{"id":1,"price":"R$ 1,50"}"#,
            "/data/price",
            "expected a decimal such as `119.9`, found text like `A$ 9,99`",
        ),
        ("[]", "/data", "expected struct Ticket, found a list"),
        (r#"{"id":1"#, "/data", "the JSON ends too early"),
        (r#"{"id":1} x"#, "/data", "not JSON at line 1 column 10"),
        (
            r#"{"id":1,"paid":[69.90,true]}"#,
            "/data/paid/1",
            "expected a number or a text, found a boolean",
        ),
        (r#"{"id":1,"paid":[null]}"#, "/data/paid/0", "expected a number or a text, found null"),
        (r#"{"id":1e999}"#, "/data/id", "a number is out of range"),
        (r#"{"extra":1e999,"id":"1"}"#, "/data/id", "expected i64, found a string"),
        (r#"{"extra":1e999,"id":1"#, "/data", "the JSON ends too early"),
    ];

    #[test]
    fn a_number_beyond_any_range_stays_as_text_where_no_number_is_wanted() {
        let cases = [
            (
                "an unknown member",
                r#"{"id":1,"n":1e400,"m":[-1E+999, 2.5]}"#,
                r#"{"n":"1e400","m":["-1E+999",2.5]}"#,
            ),
            (
                "beside one in a string",
                r#"{"id":1,"a\"":"x\\\" 1e400","n":1e400}"#,
                r#"{"a\"":"x\\\" 1e400","n":"1e400"}"#,
            ),
        ];
        for (name, text, extra) in cases {
            let ticket: Ticket = decode(text, "/data").unwrap();
            assert_eq!(
                serde_json::Value::from(ticket.extra),
                serde_json::from_str::<serde_json::Value>(extra).unwrap(),
                "case `{name}`"
            );
        }
    }

    #[test]
    fn a_misfit_has_a_place_and_no_value() {
        for &(text, pointer, what) in MISFITS {
            let misfit = decode::<Ticket>(text, "/data").unwrap_err();
            let expect = Misfit { pointer: pointer.to_owned(), what: what.to_owned() };
            assert_eq!(misfit, expect, "text {text}");
        }
    }

    #[test]
    fn a_message_of_strangers_is_dropped() {
        #[derive(Debug)]
        struct Loud;
        impl<'de> Deserialize<'de> for Loud {
            fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
                let text = String::deserialize(json)?;
                Err(serde::de::Error::custom(format!("expected better than {text}")))
            }
        }
        let misfit = decode::<Loud>(r#""Ana Souza""#, "").unwrap_err();
        assert_eq!(misfit, Misfit { pointer: String::new(), what: "the value was refused".into() });
    }

    #[test]
    fn depth_is_an_error_and_not_a_crash() {
        let text = format!(r#"{{"id":1,"x":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        let misfit = decode::<Ticket>(&text, "").unwrap_err();
        assert_eq!(misfit.what, "the JSON is nested more than 128 levels deep");
    }
}
