//! Turns a recorded exchange into one that can be committed: no person, no secret.
//!
//! Three sources decide what is personal, in this order: the spec's `x-pii` and `x-secret`, the
//! names of fields, and the form of a text (CPF, CNPJ, e-mail, phone, token). Each personal value
//! becomes a fake of the same form, and so does every other occurrence of it in the exchange.
//!
//! Invariants:
//!
//! * The shape stays: kinds, presence, lengths, masks, enums, dates and ids.
//! * A body that is recorded as bytes (`base64`) is removed, since its contents can't be judged.
//! * The same value under the same key becomes the same fake, on every platform and in every
//!   version; CPF and CNPJ keep valid check digits.
//! * Without the key a fake reveals only the form of the original. The key is a secret: with it one
//!   can try values until the fake is the same.

mod fake;
mod hash;
mod html;
mod names;
mod nobody;
mod scan;
mod spec;
mod words;

use std::borrow::Cow;
use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use self::fake::Faker;
use self::scan::Known;
use self::spec::{Nodes, Operation, Spec};
use prumo_spec::openapi::{ParameterPlace, Pii};
use prumo_spec::{Document, HIDDEN, below};

/// A kind of personal or secret value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sensitive {
    /// A person's tax number, or a company's in fields that take both.
    Cpf,
    /// A company's tax number, or a person's in fields that take both.
    Cnpj,
    /// A name of a person or company.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A street, a district, a postal code, coordinates.
    Address,
    /// Text that a person wrote.
    FreeText,
    /// A password, token or key.
    Secret,
}

impl Sensitive {
    /// Returns the kind that an `x-pii` value names.
    pub fn parse(name: &str) -> Option<Self> {
        Pii::named(name).map(Self::from)
    }
}

impl From<Pii> for Sensitive {
    fn from(pii: Pii) -> Self {
        match pii {
            Pii::Cpf => Self::Cpf,
            Pii::Cnpj => Self::Cnpj,
            Pii::Name => Self::Name,
            Pii::Email => Self::Email,
            Pii::Phone => Self::Phone,
            Pii::Address => Self::Address,
            Pii::FreeText => Self::FreeText,
        }
    }
}

/// Replaces personal data and secrets in exchanges; the module describes what stays.
pub struct Redactor {
    faker: Faker,
    spec: Spec,
}

impl Redactor {
    /// Returns a redactor without a spec: it decides by names and forms alone.
    ///
    /// `key` decides the fakes. With an empty or known key, anyone can find the originals by
    /// trying, which is acceptable for made-up data only.
    pub fn new(key: &[u8]) -> Self {
        Self { faker: Faker::new(key), spec: Spec::default() }
    }

    /// Adds the marks of an OpenAPI document.
    #[must_use]
    pub fn with_spec(mut self, document: &Document) -> Self {
        self.spec = Spec::new(document);
        self
    }

    /// Redacts one exchange in place; anything else than an exchange is searched by form alone.
    pub fn redact(&self, exchange: &mut Value) {
        let mut run = Run {
            faker: &self.faker,
            spec: &self.spec,
            known: Known::default(),
            done: HashSet::new(),
        };
        without_bytes(exchange);
        run.settle(exchange);
        run.marked(exchange);
        let known = std::mem::take(&mut run.known).compiled();
        run.searched(exchange, &known, "");
    }
}

/// Removes bodies recorded as bytes, since encoded bytes can't be searched.
fn without_bytes(exchange: &mut Value) {
    for side in ["request", "response"] {
        if let Some(base64) = exchange.get_mut(side).and_then(|message| message.get_mut("base64")) {
            *base64 = Value::Null;
        }
    }
}

/// The redaction of one exchange: first by marks and names, then by form and known values.
struct Run<'a> {
    faker: &'a Faker,
    spec: &'a Spec,
    /// Each replaced value and its fake.
    known: Known,
    /// Pointers that need no more work: replaced, or not personal by the spec.
    done: HashSet<String>,
}

impl Run<'_> {
    /// Marks words of the format and the spec as done, so that they stay even if a person wrote the
    /// same word elsewhere.
    fn settle(&mut self, exchange: &Value) {
        for (pointer, is_known) in nobody::WORDS {
            let text = exchange.pointer(pointer).and_then(Value::as_str);
            if text.is_some_and(|text| is_known(self.spec, text)) {
                self.done.insert(pointer.to_owned());
            }
        }
    }

    fn marked(&mut self, exchange: &mut Value) {
        let operation = self.spec.operation(exchange);
        let spec = self.spec;
        if let Some(Value::Object(request)) = exchange.get_mut("request") {
            self.path(request, operation);
            self.parameters(request.get_mut("query"), operation);
            self.headers(request.get_mut("headers"), "/request/headers");
            let nodes = spec.request_body(operation);
            if let Some(body) = request.get_mut("body") {
                self.value(body, "/request/body", &nodes, "", &[], true);
            }
            self.form(request.get_mut("form"), &nodes);
        }
        if let Some(Value::Object(response)) = exchange.get_mut("response") {
            self.headers(response.get_mut("headers"), "/response/headers");
            let nodes = spec.response_bodies(operation);
            if let Some(body) = response.get_mut("body") {
                self.value(body, "/response/body", &nodes, "", &[], true);
            }
        }
    }

    /// Redacts the path, segment by segment along its template.
    fn path(&mut self, request: &mut Map<String, Value>, operation: Option<&Operation>) {
        let Some(Value::String(path)) = request.get_mut("path") else {
            return;
        };
        let template = operation.map_or(&[][..], Operation::template);
        let n_segments = path.split('/').count();
        // A server's base path may come before the template's.
        let n_before = n_segments.checked_sub(template.len());
        let mut segments = Vec::with_capacity(n_segments);
        for (index, segment) in path.split('/').enumerate() {
            let parameter = n_before
                .and_then(|n_before| index.checked_sub(n_before))
                .and_then(|index| template.get(index))
                .and_then(|part| part.strip_prefix('{')?.strip_suffix('}'));
            segments.push(self.segment(segment, parameter, operation));
        }
        *path = segments.join("/");
        self.done.insert("/request/path".to_owned());
    }

    fn segment(
        &mut self,
        segment: &str,
        parameter: Option<&str>,
        operation: Option<&Operation>,
    ) -> String {
        if segment.starts_with('{') || segment.is_empty() {
            return segment.to_owned();
        }
        let plain = percent_decode_str(segment).decode_utf8().unwrap_or(Cow::Borrowed(segment));
        let Some(name) = parameter else {
            // The spec does not describe the segment, so one as long as a token counts as a token.
            if operation.is_none() && scan::is_token(segment) {
                let fake = self.faker.fake(&[Sensitive::Secret], segment);
                self.known.add(segment, &fake);
                return fake;
            }
            return self.searched_segment(segment, &plain);
        };
        let parameter =
            operation.and_then(|operation| operation.parameter(ParameterPlace::Path, name));
        if parameter.is_some_and(|parameter| parameter.is_secret) {
            self.known.add_secret(segment, HIDDEN);
            self.known.add_secret(&plain, HIDDEN);
            return format!("{{{name}}}");
        }
        let kinds = self.spec.parameter(parameter).kinds(name);
        if kinds.is_empty() {
            return self.searched_segment(segment, &plain);
        }
        let fake = self.faker.fake(&kinds, &plain);
        self.known.add(&plain, &fake);
        percent_encoded(&fake)
    }

    /// Redacts by form alone a segment of which nothing else is known.
    fn searched_segment(&self, segment: &str, plain: &str) -> String {
        let safe = scan::replaced(plain, &scan::Compiled::default(), self.faker);
        if safe == plain { segment.to_owned() } else { percent_encoded(&safe) }
    }

    /// Redacts the members of `query`, each a text or a list of texts.
    fn parameters(&mut self, query: Option<&mut Value>, operation: Option<&Operation>) {
        let Some(Value::Object(parameters)) = query else {
            return;
        };
        for (name, value) in parameters {
            let parameter =
                operation.and_then(|operation| operation.parameter(ParameterPlace::Query, name));
            let nodes = self.spec.parameter(parameter);
            let inherited: &[Sensitive] =
                if self.spec.is_credential(name) { &[Sensitive::Secret] } else { &[] };
            let pointer = below("/request/query", name);
            self.value(value, &pointer, &nodes, name, inherited, false);
        }
    }

    fn headers(&mut self, headers: Option<&mut Value>, pointer: &str) {
        let Some(Value::Object(headers)) = headers else {
            return;
        };
        for (name, value) in headers {
            let Value::String(text) = value else {
                continue;
            };
            let credential = text.rsplit(' ').next().unwrap_or_default();
            let is_secret = names::is_secret_header(name) || self.spec.is_credential(name);
            if is_secret && !fake::is_mark(credential) {
                for word in text.split([' ', ';', ',']) {
                    let word = word.split_once('=').map_or(word, |(_, value)| value);
                    self.known.add_secret(word, HIDDEN);
                }
                HIDDEN.clone_into(text);
                self.done.insert(below(pointer, name));
            }
        }
    }

    fn form(&mut self, form: Option<&mut Value>, nodes: &Nodes<'_>) {
        let Some(Value::Array(parts)) = form else {
            return;
        };
        for (index, part) in parts.iter_mut().enumerate() {
            let Value::Object(part) = part else {
                continue;
            };
            let name = part.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            // The name is the vendor's name for the field.
            self.done.insert(format!("/request/form/{index}/name"));
            self.done.insert(format!("/request/form/{index}/content_type"));
            let (nodes, inherited) = nodes.part(&name);
            if let Some(value) = part.get_mut("value") {
                let pointer = format!("/request/form/{index}/value");
                self.value(value, &pointer, &nodes, &name, &inherited, false);
            }
            if let Some(Value::String(file)) = part.get_mut("file") {
                let fake = self.faker.fake(&[Sensitive::FreeText], file);
                self.known.add(file, &fake);
                *file = fake;
                self.done.insert(format!("/request/form/{index}/file"));
            }
        }
    }

    /// Redacts one value of a body. `inherited` is the marks of the value around it.
    fn value(
        &mut self,
        value: &mut Value,
        pointer: &str,
        nodes: &Nodes<'_>,
        name: &str,
        inherited: &[Sensitive],
        is_top: bool,
    ) {
        let is_marked = nodes.is_marked() || !inherited.is_empty();
        let mut kinds = nodes.marks();
        if kinds.is_empty() {
            kinds = inherited.to_vec();
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let nodes = nodes.below(name);
                    // The message of an envelope is the vendor's, not free text of a person.
                    let is_envelope = is_top && !member.is_object() && names::is_message(name);
                    let told = if is_envelope { "" } else { name };
                    self.value(member, &below(pointer, name), &nodes, told, &kinds, false);
                }
            }
            Value::Array(items) => {
                let nodes = nodes.items();
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(item, &format!("{pointer}/{index}"), &nodes, name, &kinds, false);
                }
            }
            Value::String(_) | Value::Number(_) => {
                if !is_marked && nodes.is_protected() {
                    self.done.insert(pointer.to_owned());
                    return;
                }
                if kinds.is_empty() {
                    kinds = nodes.kinds(name);
                    if !names::may_be_personal(name, value, &kinds) {
                        return;
                    }
                }
                self.replace(value, pointer, &kinds, is_marked);
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn replace(&mut self, value: &mut Value, pointer: &str, kinds: &[Sensitive], is_marked: bool) {
        match value {
            Value::String(text) => {
                let fake = self.faker.fake(kinds, text);
                self.known.add(text, &fake);
                if is_marked && kinds == [Sensitive::Name] {
                    self.known.add_words(text, &fake);
                }
                *text = fake;
            }
            Value::Number(number) => {
                let fake = self.faker.fake_number(kinds, number);
                self.known.add(&number.to_string(), &fake.to_string());
                *number = fake;
            }
            _ => return,
        }
        self.done.insert(pointer.to_owned());
    }

    /// Redacts everything that is not done yet, by form and by known values.
    fn searched(&self, value: &mut Value, known: &scan::Compiled, pointer: &str) {
        match value {
            Value::String(text) => {
                if !self.done.contains(pointer) {
                    *text = scan::replaced(text, known, self.faker);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.searched(item, known, &format!("{pointer}/{index}"));
                }
            }
            Value::Object(members) => {
                let old = std::mem::take(members);
                for (name, mut member) in old {
                    self.searched(&mut member, known, &below(pointer, &name));
                    let name = scan::replaced_name(&name, self.faker);
                    members.insert(name, member);
                }
            }
            Value::Number(number) => {
                if !self.done.contains(pointer) {
                    if let Some(fake) = scan::replaced_number(number, known, self.faker) {
                        *number = fake;
                    }
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}

/// Encodes the characters that a path segment can't hold.
fn percent_encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@{}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
