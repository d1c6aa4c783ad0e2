//! Reads the arguments of a request: path, query, and a body of JSON or a form.

mod multipart;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use prumo_spec::MediaType;
use serde_json::Value;

use crate::fact::plain;

/// The arguments of a request.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Payload,
}

/// The body of a request.
#[derive(Default)]
pub(crate) enum Payload {
    /// No body.
    #[default]
    Absent,
    Json(Value),
    Form(Vec<Part>),
    /// Any other media type, or a body that breaks off.
    Unreadable,
}

/// A field of a form.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// The content of a field.
pub(crate) enum Content {
    Text(String),
    File { name: String, media_type: String, bytes: Bytes },
}

impl Payload {
    /// Reads a body by its content type.
    pub(crate) fn read(content_type: &str, bytes: &Bytes) -> Self {
        if bytes.is_empty() {
            return Self::Absent;
        }
        let media = MediaType::new(content_type);
        if media.is_json() {
            return serde_json::from_slice(bytes).map_or(Self::Unreadable, Self::Json);
        }
        if media.is_urlencoded() {
            return Self::Form(pairs(&String::from_utf8_lossy(bytes)));
        }
        let boundary = media.parameters().find(|(name, _)| name.eq_ignore_ascii_case("boundary"));
        boundary
            .filter(|(_, boundary)| media.is_multipart_form() && !boundary.is_empty())
            .and_then(|(_, boundary)| multipart::parts(bytes, boundary))
            .map_or(Self::Unreadable, Self::Form)
    }
}

impl Arguments {
    /// Returns an argument as text, from path, query or body; `None` if it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let parameters = self.path.iter().chain(&self.query);
        let sent =
            parameters.filter(|(sent, _)| base(sent) == name).map(|(_, text)| text.clone()).next();
        let body = || match &self.body {
            Payload::Json(body) => body.get(name).and_then(plain),
            Payload::Form(parts) => parts.iter().find_map(|part| match &part.content {
                Content::Text(text) if part.name == name => Some(text.clone()),
                _ => None,
            }),
            Payload::Absent | Payload::Unreadable => None,
        };
        sent.or_else(body).filter(|text| !text.is_empty())
    }

    /// Returns the texts of a list in the query, repeated or parted by commas.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let sent = self.query.iter().filter(|(sent, _)| base(sent) == name);
        sent.flat_map(|(_, text)| text.split(',')).map(|text| text.trim().to_owned()).collect()
    }

    /// Returns an argument as a number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// Returns the numbers of this name in the path and in a JSON body, single or in a list.
    pub(crate) fn named_by(&self, name: &str) -> Vec<u64> {
        let number = |text: String| text.parse().ok();
        let in_path =
            self.path.iter().filter(|(sent, _)| sent == name).map(|(_, text)| text.clone());
        let in_body = match self.json(name) {
            Some(Value::Array(items)) => items.iter().filter_map(plain).collect(),
            Some(value) => plain(value).into_iter().collect(),
            None => Vec::new(),
        };
        in_path.chain(in_body).filter_map(number).collect()
    }

    /// Returns whether an argument means yes, in any of the vendors' words.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        matches!(self.text(name).as_deref(), Some("true" | "1" | "sim" | "S" | "Y"))
    }

    /// Returns a member of a JSON body; `None` if it is null.
    pub(crate) fn json(&self, name: &str) -> Option<&Value> {
        match &self.body {
            Payload::Json(body) => body.get(name).filter(|value| !value.is_null()),
            _ => None,
        }
    }

    /// Returns the fields `name[key]` of a form, by key.
    pub(crate) fn entries(&self, name: &str) -> Vec<(String, String)> {
        let Payload::Form(parts) = &self.body else { return Vec::new() };
        parts.iter().filter_map(|part| entry(part, name)).collect()
    }

    /// Iterates over the files of a form: name, media type, bytes.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str, &Bytes)> {
        let parts: &[Part] = match &self.body {
            Payload::Form(parts) => parts,
            _ => &[],
        };
        parts.iter().filter_map(|part| match &part.content {
            Content::File { name, media_type, bytes } => {
                Some((name.as_str(), media_type.as_str(), bytes))
            }
            Content::Text(_) => None,
        })
    }

    /// Returns all arguments as JSON values.
    pub(crate) fn named(&self) -> Vec<(String, Value)> {
        let parameters = self.path.iter().chain(&self.query);
        let mut named: Vec<(String, Value)> =
            parameters.map(|(name, text)| (name.clone(), guessed(text))).collect();
        match &self.body {
            Payload::Json(Value::Object(members)) => {
                named.extend(members.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            Payload::Form(parts) => {
                named.extend(parts.iter().filter_map(|part| match &part.content {
                    Content::Text(text) => Some((part.name.clone(), guessed(text))),
                    Content::File { .. } => None,
                }))
            }
            _ => (),
        }
        named
    }
}

/// Splits a query or an urlencoded form into its pairs.
pub(crate) fn query(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn pairs(text: &str) -> Vec<Part> {
    let part = |(name, text)| Part { name, content: Content::Text(text) };
    query(text).into_iter().map(part).collect()
}

/// Decodes a text of a query.
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Returns a name without the brackets of a list.
pub(crate) fn base(name: &str) -> &str {
    name.split('[').next().unwrap_or_default()
}

fn entry(part: &Part, name: &str) -> Option<(String, String)> {
    let key = part.name.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
    match &part.content {
        Content::Text(text) => Some((key.trim_matches(['\'', '"']).to_owned(), text.clone())),
        Content::File { .. } => None,
    }
}

/// Reads a text as an integer, or else as a string.
fn guessed(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
}
