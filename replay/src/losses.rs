//! Reports what a value loses when it is decoded into its type and encoded again.
//!
//! A type may leave out `null`, an empty list or an empty object, since absence means the same to
//! it. It may also write `null` for an absent member. `0` and `0.0` are the same number. Any other
//! difference is a loss.

use serde_json::Value;

/// The losses of a value on its way through a type.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// JSON Pointers to members that are gone, new or different.
    pub lost: Vec<String>,
    /// The number of nulls, empty lists and empty objects that were left out.
    pub n_empty: usize,
}

/// Compares the value that came with the value that its type wrote.
#[must_use]
pub fn losses(raw: &Value, typed: &Value) -> Losses {
    let mut losses = Losses::default();
    visit(&mut losses, String::new(), raw, Some(typed));
    losses
}

fn visit(losses: &mut Losses, at: String, raw: &Value, typed: Option<&Value>) {
    match (raw, typed) {
        (raw, None) if is_empty(raw) => losses.n_empty += 1,
        (Value::Object(raw), Some(Value::Object(typed))) => {
            for (name, value) in raw {
                visit(losses, below(&at, name), value, typed.get(name));
            }
            let invented =
                typed.iter().filter(|(name, value)| !raw.contains_key(*name) && !value.is_null());
            losses.lost.extend(invented.map(|(name, _)| below(&at, name)));
        }
        (Value::Array(raw), Some(Value::Array(typed))) if raw.len() == typed.len() => {
            for (index, (raw, typed)) in raw.iter().zip(typed).enumerate() {
                visit(losses, format!("{at}/{index}"), raw, Some(typed));
            }
        }
        (raw, Some(typed)) if is_same_scalar(raw, typed) => (),
        _ => losses.lost.push(at),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Returns whether both are equal; `1` and `1.0` are the same number.
pub(crate) fn is_same_scalar(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}

/// Extends a JSON Pointer by one member name.
pub(crate) fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_gone_new_or_different_is_lost() {
        let raw =
            json!({"a": 1, "b": [{"c": "x"}], "d": null, "e": [], "f": 1, "g": [1, 2], "h": 0});
        let typed = json!({"a": "1", "b": [{"c": "x", "n": 0}], "g": [1], "h": 0.0, "i": null});
        let losses = losses(&raw, &typed);
        assert_eq!(losses.lost, ["/a", "/b/0/n", "/f", "/g"]);
        assert_eq!(losses.n_empty, 2);
    }

    #[test]
    fn a_value_loses_nothing_to_itself() {
        let value = json!({"a": [1, null, {"b": ""}], "c": {}});
        assert_eq!(losses(&value, &value), Losses::default());
    }
}
