//! Makes the values of an enum comparable and ordered.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mask::safe_name;

/// The longest text that a scalar keeps, in characters.
const MAX_CHARS: usize = 64;

/// A value of an enum. Numbers that are equal in JSON are equal here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scalar {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number, in its shortest form.
    Number(String),
    /// A text.
    Text(String),
    /// A list or an object, with members sorted by name.
    Json(String),
}

impl Scalar {
    /// Returns the scalar of a JSON value.
    pub fn from_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(int), _) => Self::Int(int),
                (None, Some(float)) if number.is_f64() => Self::from_f64(float),
                (None, _) => Self::Number(number.to_string()),
            },
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(_) | Value::Object(_) => Self::Json(canonical(value)),
        }
    }

    /// Returns the scalar of a float; a whole float becomes an integer.
    pub fn from_f64(float: f64) -> Self {
        // Up to 2^53 every whole float is exactly one integer.
        if float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 {
            return Self::Int(float as i64);
        }
        Self::Number(float.to_string())
    }

    /// Returns the JSON value.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(*bool),
            Self::Int(int) => Value::from(*int),
            Self::Number(text) | Self::Json(text) => {
                serde_json::from_str(text).unwrap_or(Value::Null)
            }
            Self::Text(text) => Value::String(text.clone()),
        }
    }

    /// Returns the value for a report: shortened, texts without quotes.
    pub fn phrase(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(bool) => bool.to_string(),
            Self::Int(int) => int.to_string(),
            Self::Number(text) | Self::Json(text) | Self::Text(text) => shorten(text),
        }
    }
}

impl Scalar {
    /// Returns a value that was not promised for a report: masked unless it is one word.
    pub fn safe_phrase(&self) -> String {
        match self {
            Self::Null | Self::Bool(_) => self.phrase(),
            Self::Int(int) => safe_name(&int.to_string()),
            Self::Number(text) | Self::Json(text) | Self::Text(text) => safe_name(text),
        }
    }
}

/// Shortens a text to the length that reports allow.
fn shorten(text: &str) -> String {
    let mut short: String =
        text.chars().take(MAX_CHARS).map(|c| if c.is_control() { '?' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Writes JSON text with members sorted by name, so that equal values give equal texts.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let members: Vec<String> = members
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Number(_) => Scalar::from_value(value).phrase(),
        Value::Null | Value::Bool(_) | Value::String(_) => value.to_string(),
    }
}
