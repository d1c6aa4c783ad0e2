//! Turns a recorded exchange into one that can be committed: no person, no secret.
//!
//! What is personal is known from three sources, in this order: the spec's
//! `x-pii` and `x-secret`, the names of fields, and the form of a text (CPF,
//! CNPJ, e-mail, phone, token). Each value becomes a fake of the same form, and
//! wherever else in the exchange it occurs, it becomes that fake too.
//!
//! Invariants:
//!
//! * The shape stays: kinds, presence, lengths, masks, enums, dates and ids.
//! * A body that is recorded as bytes (`base64`) goes, for what is in it can't be told.
//! * The same value under the same key becomes the same fake, on every
//!   platform and in every version; CPF and CNPJ keep right check digits.
//! * Without the key a fake tells nothing but its form. The key is a secret:
//!   who has it can try out values until the fake is the same.

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

/// What a value tells about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sensitive {
    /// A person's tax number, or a company's where that may stand too.
    Cpf,
    /// A company's tax number, or a person's where that may stand too.
    Cnpj,
    /// A name of a person or company.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A street, a district, a postal code, coordinates.
    Address,
    /// Whatever somebody wrote.
    FreeText,
    /// A password, token or key.
    Secret,
}

impl Sensitive {
    /// The kind that an `x-pii` value names.
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

/// Takes persons and secrets out of exchanges; see the module for what it keeps.
pub struct Redactor {
    faker: Faker,
    spec: Spec,
}

impl Redactor {
    /// A redactor that knows no spec: it goes by names and forms alone.
    ///
    /// `key` decides the fakes. An empty or known key makes fakes that anybody
    /// can undo by trying, which is fine for made-up data only.
    pub fn new(key: &[u8]) -> Self {
        Self { faker: Faker::new(key), spec: Spec::default() }
    }

    /// The same with the marks of an OpenAPI document.
    #[must_use]
    pub fn with_spec(mut self, document: &Document) -> Self {
        self.spec = Spec::new(document);
        self
    }

    /// Redacts one exchange in place; what is no exchange is searched by form alone.
    pub fn redact(&self, exchange: &mut Value) {
        let mut run =
            Run { faker: &self.faker, spec: &self.spec, known: Known::default(), done: HashSet::new() };
        without_bytes(exchange);
        run.settle(exchange);
        run.marked(exchange);
        let known = std::mem::take(&mut run.known).compiled();
        run.searched(exchange, &known, "");
    }
}

/// Bytes can't be searched while they are coded, so none of them stay.
fn without_bytes(exchange: &mut Value) {
    for side in ["request", "response"] {
        if let Some(base64) = exchange.get_mut(side).and_then(|message| message.get_mut("base64")) {
            *base64 = Value::Null;
        }
    }
}

/// The redaction of one exchange: first what marks and names tell, then the rest.
struct Run<'a> {
    faker: &'a Faker,
    spec: &'a Spec,
    /// Each value that was replaced, and by what.
    known: Known,
    /// Pointers that are settled: replaced, or told by the spec to be no person's.
    done: HashSet<String>,
}

impl Run<'_> {
    /// Settles what the format and the spec say: it stays where somebody wrote the same word elsewhere.
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

    /// The path, segment by segment beside its template.
    fn path(&mut self, request: &mut Map<String, Value>, operation: Option<&Operation>) {
        let Some(Value::String(path)) = request.get_mut("path") else {
            return;
        };
        let template = operation.map_or(&[][..], Operation::template);
        let n_segments = path.split('/').count();
        // A server's own path may come before the template's.
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

    fn segment(&mut self, segment: &str, parameter: Option<&str>, operation: Option<&Operation>) -> String {
        if segment.starts_with('{') || segment.is_empty() {
            return segment.to_owned();
        }
        let plain = percent_decode_str(segment).decode_utf8().unwrap_or(Cow::Borrowed(segment));
        let Some(name) = parameter else {
            // No spec tells what this is; what is long enough for a token is one.
            if operation.is_none() && scan::is_token(segment) {
                let fake = self.faker.fake(&[Sensitive::Secret], segment);
                self.known.add(segment, &fake);
                return fake;
            }
            return self.searched_segment(segment, &plain);
        };
        let parameter = operation.and_then(|operation| operation.parameter(ParameterPlace::Path, name));
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

    /// A segment that nothing is told of; as it was, unless its form tells.
    fn searched_segment(&self, segment: &str, plain: &str) -> String {
        let safe = scan::replaced(plain, &scan::Compiled::default(), self.faker);
        if safe == plain { segment.to_owned() } else { percent_encoded(&safe) }
    }

    /// The members of `query`: name to text, or to a list of texts.
    fn parameters(&mut self, query: Option<&mut Value>, operation: Option<&Operation>) {
        let Some(Value::Object(parameters)) = query else {
            return;
        };
        for (name, value) in parameters {
            let parameter = operation.and_then(|operation| operation.parameter(ParameterPlace::Query, name));
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
            // The name is what the vendor calls the field.
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

    /// One value of a body. `inherited` is what the value above is marked as.
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
                    // An envelope's own sentence is not somebody's text.
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

    /// Everything that is not settled yet, by form and by what is known.
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

/// Encodes what cannot stand in a segment of a path.
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
