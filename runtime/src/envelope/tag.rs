//! The value of an envelope's tag to yes, no, or neither.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::table::TagValue;

/// What a tag says of the call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It worked.
    Success,
    /// The vendor refused.
    Refusal,
    /// The tag is of a kind that no value of success has. To call that a
    /// refusal would be a guess: where `false` is promised, `"false"` and `0`
    /// may well mean that the call worked. Holds what was expected and found.
    Unclear(String),
}

/// Compares a tag with the values that mean success.
pub(super) fn judge(success: &[TagValue], value: &Value) -> Verdict {
    if success.iter().any(|success| matches(*success, value)) {
        return Verdict::Success;
    }
    let expected: BTreeSet<&str> = success.iter().map(|success| kind_of_tag(*success)).collect();
    let found = kind(value);
    if expected.is_empty() || expected.contains(found) {
        return Verdict::Refusal;
    }
    let expected: Vec<&str> = expected.into_iter().collect();
    Verdict::Unclear(format!("expected {}, found {found}", expected.join(" or ")))
}

/// Whether a tag that is no success's says a plain no.
pub(super) fn is_plain(failure: &[TagValue], value: &Value) -> bool {
    failure.is_empty() || failure.iter().any(|failure| matches(*failure, value))
}

fn matches(tag: TagValue, value: &Value) -> bool {
    match (tag, value) {
        (TagValue::Bool(tag), Value::Bool(value)) => tag == *value,
        (TagValue::Int(tag), Value::Number(value)) => value.as_i64() == Some(tag),
        (TagValue::Text(tag), Value::String(value)) => tag == value,
        _ => false,
    }
}

fn kind_of_tag(tag: TagValue) -> &'static str {
    match tag {
        TagValue::Bool(_) => "a boolean",
        TagValue::Int(_) => "an integer",
        TagValue::Text(_) => "a string",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "an integer",
        Value::Number(_) => "another number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::{Verdict, judge};
    use crate::table::TagValue;

    const BOOL: &[TagValue] = &[TagValue::Bool(true)];
    const MIXED: &[TagValue] = &[TagValue::Text("ok"), TagValue::Int(0), TagValue::Text("done")];

    #[test]
    fn a_tag_says_yes_or_no_in_its_own_kind_only() {
        let unclear = |what: &str| Verdict::Unclear(what.to_owned());
        let cases = [
            (BOOL, "true", Verdict::Success),
            (BOOL, "false", Verdict::Refusal),
            (BOOL, "\"true\"", unclear("expected a boolean, found a string")),
            (BOOL, "1", unclear("expected a boolean, found an integer")),
            (BOOL, "null", unclear("expected a boolean, found null")),
            (BOOL, "[true]", unclear("expected a boolean, found a list")),
            (BOOL, "{}", unclear("expected a boolean, found an object")),
            (MIXED, "0", Verdict::Success),
            (MIXED, "\"done\"", Verdict::Success),
            (MIXED, "\"DONE\"", Verdict::Refusal),
            (MIXED, "\"0\"", Verdict::Refusal),
            (MIXED, "18446744073709551615", Verdict::Refusal),
            (MIXED, "true", unclear("expected a string or an integer, found a boolean")),
            (MIXED, "0.0", unclear("expected a string or an integer, found another number")),
            (&[], "null", Verdict::Refusal),
        ];
        for (success, tag, expect) in cases {
            let value = serde_json::from_str(tag).unwrap();
            assert_eq!(judge(success, &value), expect, "tag {tag}");
        }
    }
}
