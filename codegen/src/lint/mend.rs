//! Mends slips in a foreign document whose meaning is plain, so that no slip prevents a client.
//!
//! Numbers where text belongs become text, `null` is treated as missing, and operations whose
//! methods would collide get new ids.
//!
//! Invariants:
//!
//! * A house document is not mended: there a slip is an error.
//! * Every mend is a warning at the place of the slip; no value changes its place.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::document::{Document, DocumentError};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::spec::{Mend, Spec};
use prumo_spec::complaint::Complaints;
use prumo_spec::grammar::{Holds, ObjectKind, holds, may_refer};
use prumo_spec::openapi::resolve;
use prumo_spec::pointer::last;
use prumo_spec::{Method, OpenApi, RESERVED_METHODS, below, invented_name, method_key};

impl Spec {
    /// Parses the files of the spec `name`, given by name and text.
    pub fn parse(name: &str, texts: &[(String, String)]) -> Result<Self, DocumentError> {
        let file = texts.first().map_or("", |(file, _)| file);
        let document =
            Document::of_parts(texts.iter().map(|(file, text)| Document::parse(file, text)))?;
        let document = document.map_or_else(|| Document::parse("", ""), Ok)?;
        let mut digest = Sha256::new();
        texts.iter().for_each(|(_, text)| digest.update(text));
        let hash = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (value, mends) = match OpenApi::new(&document).is_house() {
            true => (document.value().clone(), Vec::new()),
            false => mended(&document, texts),
        };
        Ok(Self { name: name.to_owned(), file: file.to_owned(), hash, document, value, mends })
    }

    /// Parses a spec of one file.
    #[cfg(test)]
    pub fn of_text(name: &str, file: &str, text: &str) -> Result<Self, DocumentError> {
        Self::parse(name, &[(file.to_owned(), text.to_owned())])
    }
}

/// Returns the mended value of a foreign `document`, read from `texts`.
fn mended(document: &Document, texts: &[(String, String)]) -> (Value, Vec<Mend>) {
    let mut root = document.value().clone();
    let lines = texts.iter().map(|(file, text)| (file.as_str(), text.lines().collect())).collect();
    let mut mender = Mender { document, lines, mends: Vec::new() };
    mender.object(ObjectKind::Document, &mut root, "");
    mender.operations(&mut root);
    (root, mender.mends)
}

/// Warns of each mend.
pub(super) fn tell(mends: &[Mend], complaints: &mut Complaints<'_>) {
    for Mend { at, message, hint } in mends {
        complaints.warning(at, message.clone(), hint);
    }
}

struct Mender<'d> {
    document: &'d Document,
    /// The lines of each file.
    lines: BTreeMap<&'d str, Vec<&'d str>>,
    mends: Vec<Mend>,
}

impl Mender<'_> {
    fn tell(&mut self, at: &str, message: String, hint: &'static str) {
        self.mends.push(Mend { at: at.to_owned(), message, hint });
    }

    fn object(&mut self, kind: ObjectKind, value: &mut Value, at: &str) {
        let Some(members) = value.as_object_mut() else { return };
        if members.contains_key("$ref") && may_refer(kind) {
            return;
        }
        if kind == ObjectKind::Schema {
            self.enumeration(members, at);
        }
        let mut gone: Vec<String> = Vec::new();
        for (name, value) in members.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
            let Some(holds) = holds(kind, name) else { continue };
            let at = below(at, name);
            let is_named =
                matches!(kind, ObjectKind::Paths | ObjectKind::Responses | ObjectKind::Callback);
            match (&*value, holds) {
                (_, Holds::Anything) => {}
                (Value::Null, _) if is_named => self.empty(value, &at),
                (Value::Null, _) => {
                    self.tell(&at, format!("`{name}` is null, so it counts as left out"), "");
                    gone.push(name.clone());
                }
                _ => self.inside(holds, value, &at, name),
            }
        }
        for name in gone {
            members.shift_remove(&name);
        }
    }

    /// Replaces `null` with an empty object where an object with a name belongs.
    fn empty(&mut self, value: &mut Value, at: &str) {
        if value.is_null() {
            self.tell(
                at,
                "null where an object belongs, so it is an empty one".to_owned(),
                "write `{}`",
            );
            *value = json!({});
        }
    }

    fn inside(&mut self, holds: Holds, value: &mut Value, at: &str, name: &str) {
        match (holds, value) {
            (Holds::Text, value) => self.text(value, at, name),
            (Holds::Texts, Value::Array(all)) => {
                for (index, value) in all.iter_mut().enumerate() {
                    self.text(value, &format!("{at}/{index}"), name);
                }
            }
            (Holds::Flag, value @ Value::String(_)) => {
                self.parsed(value, at, name, Value::is_boolean)
            }
            (Holds::Number | Holds::Count, value @ Value::String(_)) => {
                self.parsed(value, at, name, Value::is_number);
            }
            (Holds::One(kind), value) => self.object(kind, value, at),
            (Holds::SchemaOrFlag, value) => self.object(ObjectKind::Schema, value, at),
            (Holds::Many(kind), Value::Array(all)) => {
                for (index, value) in all.iter_mut().enumerate() {
                    self.object(kind, value, &format!("{at}/{index}"));
                }
            }
            (Holds::Named(kind), Value::Object(all)) => {
                for (name, value) in all {
                    let at = below(at, name);
                    self.empty(value, &at);
                    self.object(kind, value, &at);
                }
            }
            _ => {}
        }
    }

    /// Replaces a number or a flag with its text as written, where text belongs.
    fn text(&mut self, value: &mut Value, at: &str, name: &str) {
        if !value.is_number() && !value.is_boolean() {
            return;
        }
        let text = self.as_written(value, at);
        self.tell(at, format!("`{name}` is read as the text `{text}`"), "put it in quotes");
        *value = Value::String(text);
    }

    /// Parses text where a flag or a number belongs, if it is one.
    fn parsed(&mut self, value: &mut Value, at: &str, name: &str, fits: fn(&Value) -> bool) {
        let text = value.as_str().unwrap_or_default();
        let Some(parsed) = serde_json::from_str(text).ok().filter(fits) else { return };
        self.tell(
            at,
            format!("`{name}` is read as {parsed}, without its quotes"),
            "take the quotes off",
        );
        *value = parsed;
    }

    /// Converts the values of an enum to its `type`.
    fn enumeration(&mut self, members: &mut Map<String, Value>, at: &str) {
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let at = below(at, "enum");
        let values = members.get_mut("enum").and_then(Value::as_array_mut);
        for (index, value) in values.into_iter().flatten().enumerate() {
            let at = format!("{at}/{index}");
            match (kind.as_str(), &*value) {
                ("string", _) => self.text(value, &at, "enum"),
                ("integer", Value::String(_)) => self.parsed(value, &at, "enum", Value::is_i64),
                ("number", Value::String(_)) => self.parsed(value, &at, "enum", Value::is_number),
                ("boolean", Value::String(_)) => self.parsed(value, &at, "enum", Value::is_boolean),
                _ => {}
            }
        }
    }

    /// Returns a scalar as written in the file, where `1.10` is not yet `1.1`.
    fn as_written(&self, value: &Value, at: &str) -> String {
        let written = self.document.position(at).and_then(|position| {
            let lines = self.lines.get(self.document.file_at(at))?;
            let line = lines.get(position.line.checked_sub(1)?)?;
            let rest: String = line.chars().skip(position.column.checked_sub(1)?).collect();
            let key = format!("{}:", crate::names::last(at));
            let rest = rest.replace('"', "");
            let rest = rest.strip_prefix(&key).unwrap_or(&rest).trim_start();
            let end = rest.find(|sign: char| sign.is_whitespace() || ",}]#".contains(sign));
            let written = rest[..end.unwrap_or(rest.len())].to_owned();
            let same =
                written.parse::<f64>().ok().is_some_and(|number| Some(number) == value.as_f64());
            same.then_some(written)
        });
        written.unwrap_or_else(|| value.to_string())
    }

    /// Writes shared paths out, and gives colliding operations new ids.
    fn operations(&mut self, root: &mut Value) {
        let items = root.get("paths").and_then(Value::as_object).into_iter().flatten();
        let shared: Vec<(String, Value)> = items
            .filter(|(_, item)| item.get("$ref").is_some())
            .filter_map(|(path, item)| Some((path.clone(), resolve(root, item, "")?.0.clone())))
            .collect();
        let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return };
        for (path, item) in shared {
            paths.insert(path, item);
        }
        let mut taken: BTreeSet<String> = RESERVED_METHODS.map(method_key).into();
        // Who comes first keeps the name; what the document gave goes before what was invented.
        let mut later: Vec<(String, &mut Value, bool)> = Vec::new();
        let mut invented: Vec<(String, &mut Value, bool)> = Vec::new();
        for (path, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
            let Some(item) = item.as_object_mut() else { continue };
            for (method, operation) in item.iter_mut().filter(|(name, _)| Method::is_key(name)) {
                let at = below(&below("/paths", path), method);
                if operation.get("operationId").is_none() {
                    invented.push((at, operation, false));
                } else if !taken.insert(method_key(&operation_id(operation, &at))) {
                    later.push((at, operation, true));
                }
            }
        }
        for (at, operation, is_given) in later.into_iter().chain(invented) {
            let id = operation_id(operation, &at);
            if !is_given && taken.insert(method_key(&id)) {
                continue;
            }
            let free = (2..)
                .map(|count| format!("{id}_{count}"))
                .find(|name| taken.insert(method_key(name)));
            let Some(name) = free.filter(|_| operation.is_object()) else { continue };
            let message = format!(
                "operationId `{id}` is taken, or a method that every client has: here it is `{name}`"
            );
            self.tell(&at, message, "give the operation an operationId of its own");
            operation["operationId"] = json!(name);
        }
    }
}

/// Returns the operation's id; without one, method and path as words.
fn operation_id(operation: &Value, at: &str) -> String {
    if let Some(id) =
        operation.get("operationId").and_then(Value::as_str).filter(|id| !id.is_empty())
    {
        return id.to_owned();
    }
    let path = at.rfind('/').map(|cut| last(&at[..cut])).unwrap_or_default();
    invented_name(&last(at), &path)
}
