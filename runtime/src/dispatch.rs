//! Calls operations by name with JSON arguments, for replays and tools.
//!
//! The generated `dispatch` function reads its arguments with these functions and returns a
//! [`Dispatched`]. Errors name the argument, never its value.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::by_status::{ByStatus, Content};
use crate::decode::decode;
use crate::error::Error;
use crate::extra::to_value;
use crate::paging::Items;
use crate::response::ResponseValue;
use crate::stream::ByteStream;

/// Maximum number of bytes of a download that are kept.
const MAX_STREAM_BYTES: usize = 32 * 1024 * 1024;

/// The response to a call by name.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Dispatched {
    /// The HTTP status.
    pub status: u16,
    /// The message in the envelope.
    pub message: Option<String>,
    /// The typed value, serialized as JSON again.
    pub value: Value,
    /// The payload as it was received, before decoding.
    pub raw: Value,
}

impl Dispatched {
    /// Creates it from a typed response, or from one without a promised body.
    ///
    /// # Errors
    ///
    /// Returns an error if the value can't be serialized as JSON.
    pub fn typed<T: Serialize>(answer: ResponseValue<T>) -> Result<Self, Error> {
        let status = answer.status().as_u16();
        // Not an invalid request: it was sent and succeeded.
        let unwritable = |_| {
            Error::decode(None, "its value can't be written as JSON again", Vec::new())
                .with_status(status)
        };
        let value = to_value(answer.as_ref()).map_err(unwritable)?;
        let raw = serde_json::from_slice(answer.raw_payload()).unwrap_or_default();
        Ok(Self { status, message: answer.message().map(str::to_owned), value, raw })
    }

    /// Creates it from a response whose kind depends on its status.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Self::typed`] and [`Self::stream`].
    pub async fn by_status<T: ByStatus>(answer: ResponseValue<T>) -> Result<Self, Error> {
        let mut content = Content::Empty;
        let answer = answer.map(|value| content = value.content());
        match content {
            Content::Json(value) => Self::typed(answer.map(|()| value)),
            Content::Empty => Self::typed(answer),
            Content::Bytes(bytes) => Self::stream(answer.map(|()| bytes)).await,
        }
    }

    /// Creates it from a download. `raw` is the text of the body, or null if it is not UTF-8.
    ///
    /// # Errors
    ///
    /// Returns an error if the transfer fails or the body is longer than 32 MiB.
    pub async fn stream(answer: ResponseValue<ByteStream>) -> Result<Self, Error> {
        let status = answer.status().as_u16();
        let message = answer.message().map(str::to_owned);
        let bytes = answer.into_inner().read_all(MAX_STREAM_BYTES).await?;
        let raw = std::str::from_utf8(&bytes).map_or(Value::Null, Value::from);
        Ok(Self { status, message, value: Value::Null, raw })
    }
}

impl std::fmt::Debug for Dispatched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dispatched").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Reads an optional argument. Null counts as missing.
///
/// A recorded path or query contains only text, so `"1"` is also tried as `1`, even inside a list,
/// and a single value as a list of one.
///
/// # Errors
///
/// Returns an error if the value does not fit the parameter's type.
pub fn argument<T: DeserializeOwned>(
    arguments: &Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Error> {
    let Some(value) = arguments.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let mut forms = vec![value.clone()];
    if let Value::String(text) = value {
        forms.extend(serde_json::from_str::<Value>(text));
    }
    if let Value::Array(items) = value {
        let read = |item: &Value| item.as_str().and_then(|text| serde_json::from_str(text).ok());
        forms.push(items.iter().map(|item| read(item).unwrap_or_else(|| item.clone())).collect());
    }
    if !value.is_array() {
        forms.extend(forms.clone().into_iter().map(|form| Value::Array(vec![form])));
    }
    let fitting = forms.into_iter().find_map(|form| serde_json::from_value(form).ok());
    match fitting {
        Some(fitting) => Ok(Some(fitting)),
        None => Err(Error::invalid(format!("argument `{name}` does not fit its type"))),
    }
}

/// Reads a required argument.
///
/// # Errors
///
/// Returns an error if the argument is missing or null, or does not fit the parameter's type.
pub fn required<T: DeserializeOwned>(
    arguments: &Map<String, Value>,
    name: &str,
) -> Result<T, Error> {
    argument(arguments, name)?
        .ok_or_else(|| Error::invalid(format!("argument `{name}` is missing")))
}

/// Reads the body.
///
/// # Errors
///
/// Returns an error if the body is missing or does not fit. It names the place.
pub fn body<T: DeserializeOwned>(body: Option<&Value>) -> Result<T, Error> {
    let body = body.ok_or_else(|| Error::invalid("the body is missing"))?;
    decode(&body.to_string(), "").map_err(|misfit| {
        Error::invalid(format!("the body does not fit at `{}`: {}", misfit.pointer, misfit.what))
    })
}

/// Reads every item of a list over all its pages, and serializes each as JSON again.
///
/// # Errors
///
/// Returns an error if a page can't be read, or if an item does not fit its type.
pub async fn items<T: DeserializeOwned + Serialize>(
    mut items: Items<'_, T>,
) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    while let Some(item) = items.next().await {
        let value = to_value(&item?);
        let unwritable =
            |_| Error::decode(None, "its value can't be written as JSON again", Vec::new());
        values.push(value.map_err(unwritable)?);
    }
    Ok(values)
}

/// Returns the error for a name that is not an operation of the client.
#[must_use]
pub fn unknown_operation(name: &str) -> Error {
    Error::invalid(format!("the client has no operation `{name}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{argument, body, required};
    use crate::scalars::BoolAsInt;

    fn arguments() -> Map<String, Value> {
        match json!({"n": 7, "text": "7", "flag": "1", "none": null, "list": ["a"], "texts": ["7", "8"]})
        {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    #[test]
    fn arguments_fit_by_value_or_by_text() {
        let all = arguments();
        assert_eq!(argument::<i64>(&all, "n").unwrap(), Some(7));
        assert_eq!(argument::<i64>(&all, "text").unwrap(), Some(7));
        assert_eq!(argument::<String>(&all, "text").unwrap(), Some("7".to_owned()));
        assert_eq!(argument::<BoolAsInt>(&all, "flag").unwrap(), Some(BoolAsInt::from(true)));
        assert_eq!(argument::<Vec<i64>>(&all, "text").unwrap(), Some(vec![7]));
        assert_eq!(argument::<Vec<String>>(&all, "list").unwrap(), Some(vec!["a".to_owned()]));
        assert_eq!(argument::<Vec<i64>>(&all, "texts").unwrap(), Some(vec![7, 8]));
        assert_eq!(argument::<i64>(&all, "none").unwrap(), None);
        assert_eq!(argument::<i64>(&all, "missing").unwrap(), None);
    }

    #[test]
    fn errors_name_the_argument_and_no_value() {
        let all = arguments();
        let cases = [
            (argument::<i64>(&all, "list").map(drop), "argument `list` does not fit its type"),
            (required::<i64>(&all, "none").map(drop), "argument `none` is missing"),
            (body::<i64>(None).map(drop), "the body is missing"),
            (
                body::<Vec<i64>>(Some(&json!([1, "Ana"]))).map(drop),
                "the body does not fit at `/1`: expected i64, found a string",
            ),
        ];
        for (outcome, expect) in cases {
            let error = outcome.unwrap_err();
            assert!(error.is_invalid_request());
            assert_eq!(error.to_string(), expect);
        }
    }
}
