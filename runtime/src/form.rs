//! Turns a form into the bytes on the wire, with a size that is known in advance.
//!
//! Generated code implements [`FormBody`] for each form of its spec. A form over the limit is
//! refused before a connection is opened, and the error lists the sizes of its parts. A valid form
//! becomes a `FormPayload`, which builds a body for each attempt of the call.

mod multipart;
mod payload;
#[cfg(not(target_arch = "wasm32"))]
mod transfer;

use std::fmt::Display;

use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, PartSize};
use crate::file_part::{FilePart, is_media_type};
use crate::finite::{json_text, plain_text};
use crate::scalars::Password;

pub(crate) use payload::FormPayload;

/// The encoding of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// `multipart/form-data`.
    Multipart,
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
}

/// A type that is sent as a form.
pub trait FormBody {
    /// Maximum number of bytes of the whole body that the vendor accepts.
    const MAX_REQUEST_BYTES: Option<u64>;
    /// The encoding of the form.
    const KIND: FormKind;

    /// Adds the fields in the order of sending.
    fn write(&self, form: &mut Form);
}

impl<T: FormBody + ?Sized> FormBody for &T {
    const MAX_REQUEST_BYTES: Option<u64> = T::MAX_REQUEST_BYTES;
    const KIND: FormKind = T::KIND;

    fn write(&self, form: &mut Form) {
        T::write(self, form);
    }
}

/// The fields of a form in the order of sending.
///
/// Lists and maps are written as PHP reads them: `name[]` and `name[key]`.
#[derive(Default)]
pub struct Form {
    fields: Vec<Field>,
    /// The first problem. It is kept, so that [`FormBody::write`] returns no error.
    refused: Option<String>,
}

struct Field {
    name: String,
    value: FieldValue,
    /// The media type of the part in a multipart body.
    content_type: Option<String>,
}

enum FieldValue {
    Text(String),
    File(FilePart, u64),
}

impl Form {
    /// Adds a field.
    pub fn text(&mut self, name: impl Into<String>, value: impl Display + Serialize) {
        let name = name.into();
        match plain_text(&value) {
            Ok(text) => self.push(name, FieldValue::Text(text)),
            Err(why) => self.refuse(format!("field `{name}` {why}")),
        }
    }

    /// Adds a field whose value must never be printed.
    pub fn password(&mut self, name: impl Into<String>, value: &Password) {
        self.text(name, value.expose());
    }

    /// Adds an entry of a map: `name[key]`.
    pub fn entry(&mut self, name: &str, key: &str, value: impl Display + Serialize) {
        if let Some(name) = self.entry_name(name, key) {
            self.text(name, value);
        }
    }

    fn entry_name(&mut self, name: &str, key: &str) -> Option<String> {
        // PHP ends the key at the first bracket, and an empty key denotes a list.
        if key.is_empty() || key.contains(['[', ']']) || key.contains(char::is_control) {
            self.refuse(format!(
                "a key of `{name}` is empty or holds a bracket or a control character"
            ));
            return None;
        }
        Some(format!("{name}[{key}]"))
    }

    /// Adds an item of a list: `name[]`.
    pub fn item(&mut self, name: &str, value: impl Display + Serialize) {
        self.text(format!("{name}[]"), value);
    }

    /// Adds a field that contains JSON. In a multipart body its media type is `application/json`,
    /// unless [`Form::typed`] sets another one.
    pub fn json(&mut self, name: impl Into<String>, value: &impl Serialize) {
        let name = name.into();
        match json_text(value) {
            Ok(text) => self.typed("application/json", |form| form.text(name, text)),
            Err(why) => self.refuse(format!("field `{name}` {why}")),
        }
    }

    /// Sets the media type of all parts that `add` adds. A file that has a media type keeps it.
    pub fn typed(&mut self, content_type: &str, add: impl FnOnce(&mut Self)) {
        if !is_media_type(content_type) {
            return self.refuse(format!("`{content_type}` is not a media type"));
        }
        let n_before = self.fields.len();
        add(self);
        for field in self.fields.iter_mut().skip(n_before) {
            field.content_type = Some(content_type.to_owned());
        }
    }

    /// Adds each scalar inside a value: `name[key]`, `name[0][key]`, at any depth. Null is not
    /// sent.
    pub fn deep(&mut self, name: &str, value: &impl Serialize) {
        match json_text(value).map(|text| serde_json::from_str(&text)) {
            Ok(Ok(value)) => self.scalars(name, value),
            Ok(Err(_)) => self.refuse(format!("field `{name}` can't be written as JSON")),
            Err(why) => self.refuse(format!("field `{name}` {why}")),
        }
    }

    fn scalars(&mut self, name: &str, value: Value) {
        match value {
            Value::Null => {}
            Value::Bool(flag) => self.text(name, flag),
            Value::Number(number) => self.text(name, number),
            Value::String(text) => self.text(name, text),
            Value::Array(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    self.scalars(&format!("{name}[{index}]"), item);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    if let Some(name) = self.entry_name(name, &key) {
                        self.scalars(&name, member);
                    }
                }
            }
        }
    }

    /// Adds a file.
    pub fn file(&mut self, name: impl Into<String>, file: &FilePart) {
        let name = name.into();
        match file.size() {
            Ok(size) => self.push(name, FieldValue::File(file.clone(), size)),
            Err(why) => self.refuse(format!("field `{name}` has no readable file: {why}")),
        }
    }

    /// Adds a file of a list: `name[]`.
    pub fn file_item(&mut self, name: &str, file: &FilePart) {
        self.file(format!("{name}[]"), file);
    }

    fn push(&mut self, name: String, value: FieldValue) {
        self.fields.push(Field { name, value, content_type: None });
    }

    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    /// Collects the fields of a body, or returns the problem with them.
    fn of<T: FormBody + ?Sized>(body: &T) -> Result<Self, Error> {
        let mut form = Self::default();
        body.write(&mut form);
        match form.refused.take() {
            Some(why) => Err(Error::invalid(why)),
            None => Ok(form),
        }
    }

    fn sizes(&self) -> Vec<PartSize> {
        let size = |field: &Field| match &field.value {
            FieldValue::Text(text) => text.len() as u64,
            FieldValue::File(_, size) => *size,
        };
        self.fields.iter().map(|field| PartSize::new(&field.name, size(field))).collect()
    }

    fn urlencoded(&self) -> Result<String, Error> {
        let mut pairs = Vec::with_capacity(self.fields.len());
        for Field { name, value, .. } in &self.fields {
            match value {
                FieldValue::Text(text) => pairs.push((name, text)),
                FieldValue::File(..) => {
                    return Err(Error::invalid(format!(
                        "field `{name}` holds a file, which an urlencoded form can't carry"
                    )));
                }
            }
        }
        serde_urlencoded::to_string(pairs).map_err(|_| Error::invalid("the form can't be written"))
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("n_fields", &self.fields.len()).finish_non_exhaustive()
    }
}

/// Adds an optional JSON body, unless it is an empty object.
pub(crate) fn json_if_any<T: Serialize + ?Sized>(
    request: RequestBuilder,
    body: &T,
) -> Result<RequestBuilder, Error> {
    let text = body_text(body)?;
    Ok(if text == "{}" { request } else { with_json(request, text) })
}

/// Adds a JSON body.
pub(crate) fn json<T: Serialize + ?Sized>(
    request: RequestBuilder,
    body: &T,
) -> Result<RequestBuilder, Error> {
    Ok(with_json(request, body_text(body)?))
}

fn body_text<T: Serialize + ?Sized>(body: &T) -> Result<String, Error> {
    json_text(body).map_err(|why| Error::invalid(format!("the body {why}")))
}

fn with_json(request: RequestBuilder, text: String) -> RequestBuilder {
    request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_that_may_be_left_out_is_sent_when_it_holds_something() {
        let request = || reqwest::Client::new().delete("http://127.0.0.1/");
        let empty = json_if_any(request(), &json!({})).unwrap().build().unwrap();
        assert!(empty.body().is_none() && empty.headers().get(CONTENT_TYPE).is_none());
        let full = json_if_any(request(), &json!({"motivo": "x"})).unwrap().build().unwrap();
        assert_eq!(full.body().and_then(|body| body.as_bytes()), Some(&br#"{"motivo":"x"}"#[..]));
        assert_eq!(full.headers()[CONTENT_TYPE], "application/json");
    }

    #[test]
    fn a_part_of_json_says_so_and_a_file_keeps_its_own_type() {
        let mut form = Form::default();
        form.text("plain", "x");
        form.json("object", &json!({"a": 1}));
        form.typed("application/vnd.acme+json", |form| form.json("typed", &json!([1])));
        form.typed("text/csv; charset=utf-8", |form| form.item("lines", "a,b"));
        let own = FilePart::from_bytes("a.bin", "1").content_type("image/png");
        form.typed("application/pdf", |form| form.file("own", &own));
        let bare = FilePart::from_bytes("b.bin", "1");
        form.typed("application/pdf", |form| form.file("bare", &bare));
        assert_eq!(form.refused, None);
        let pieces = multipart::multipart(&form, "B").unwrap();
        let text: String = pieces
            .iter()
            .map(|piece| match piece {
                payload::Piece::Text(text) => String::from_utf8_lossy(text).into_owned(),
                payload::Piece::File { .. } => "<file>".to_owned(),
            })
            .collect();
        let part = |head: &str| text.contains(&format!("Content-Disposition: form-data; {head}"));
        assert!(part("name=\"plain\"\r\n\r\nx"));
        assert!(part("name=\"object\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}"));
        assert!(part("name=\"typed\"\r\nContent-Type: application/vnd.acme+json\r\n\r\n[1]"));
        assert!(part("name=\"lines[]\"\r\nContent-Type: text/csv; charset=utf-8\r\n\r\na,b"));
        assert!(part("name=\"own\"; filename=\"a.bin\"\r\nContent-Type: image/png\r\n\r\n<file>"));
        assert!(part("name=\"bare\"; filename=\"b.bin\"\r\nContent-Type: application/pdf\r\n"));
        form.typed("text/plain\r\nX: 1", |form| form.text("a", "b"));
        assert!(form.refused.is_some(), "a line break in a media type is refused");
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused_in_every_field() {
        type Add = fn(&mut Form, f64);
        let rows: [(&str, Add); 6] = [
            ("field `a` is not a finite number", |form, number| form.text("a", number)),
            ("field `a[k]` is not a finite number", |form, number| form.entry("a", "k", number)),
            ("field `a[]` is not a finite number", |form, number| form.item("a", number)),
            ("field `a` is not a finite number", |form, number| form.json("a", &number)),
            ("field `a` is not a finite number", |form, number| form.deep("a", &number)),
            ("field `a` is not a finite number", |form, number| {
                form.typed("text/plain", |form| form.text("a", number));
            }),
        ];
        for (expect, add) in rows {
            for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut form = Form::default();
                add(&mut form, number);
                assert_eq!(form.refused.as_deref(), Some(expect));
            }
            let mut form = Form::default();
            add(&mut form, 1.5);
            assert_eq!(form.refused, None);
        }
    }

    #[test]
    fn a_deep_value_is_sent_scalar_by_scalar() {
        let mut form = Form::default();
        form.deep("a", &json!({"b": [{"c": 1}, null, "x"], "d": {}, "e": true}));
        form.deep("f", &json!("solo"));
        let sent: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|field| match &field.value {
                FieldValue::Text(text) => (field.name.as_str(), text.as_str()),
                FieldValue::File(..) => (field.name.as_str(), "a file"),
            })
            .collect();
        assert_eq!(sent, [("a[b][0][c]", "1"), ("a[b][2]", "x"), ("a[e]", "true"), ("f", "solo")]);
        assert!(form.refused.is_none());
        form.deep("g", &json!({"h]": 1}));
        assert!(form.refused.is_some(), "a bracket in a key is refused");
    }
}
