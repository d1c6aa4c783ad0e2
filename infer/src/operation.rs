//! Turns the calls of one endpoint into an operation of the draft.

use std::collections::{BTreeMap, BTreeSet};

use prumo_redact::Sensitive;
use prumo_spec::MediaType;
use serde_json::{Map, Value, json};

use crate::answers;
use crate::calls::{self, Calls, Content, Exchanges, SegmentFacts};
use crate::credential::Credential;
use crate::envelope::{self, Envelope};
use crate::evidence::{Endpoint, Part};
use crate::note::Note;
use crate::personal;
use crate::schema;
use crate::segment::Form;
use crate::shared::Components;
use crate::value::Seen;

/// The requests that the operation is drafted from: those that were not refused, if there are any.
pub(crate) struct Requests {
    pub(crate) all: Exchanges,
    /// Every request was refused, so that none is an example.
    pub(crate) are_refused: bool,
}

impl Requests {
    pub(crate) fn of(calls: &Calls, envelope: Option<&Envelope>) -> Self {
        let (mut taken, mut refused) = (Exchanges::default(), Exchanges::default());
        for ((status, case), exchanges) in &calls.by_answer {
            match envelope::is_refusal(envelope, *status, case.as_ref()) {
                true => refused.absorb(exchanges.clone()),
                false => taken.absorb(exchanges.clone()),
            }
        }
        match taken.count {
            0 => Self { all: refused, are_refused: true },
            _ => Self { all: taken, are_refused: false },
        }
    }

    /// Returns the credentials that most requests carry.
    pub(crate) fn credentials(&self) -> BTreeSet<Credential> {
        let all = self.all.credentials.iter();
        all.filter(|(_, count)| **count * 2 > self.all.count)
            .map(|(credential, _)| credential.clone())
            .collect()
    }
}

/// The names of the parameters in a path, and the path with them.
pub(crate) struct Path {
    pub(crate) template: String,
    parameters: Vec<(String, usize)>,
}

impl Path {
    pub(crate) fn of(
        endpoint: &Endpoint,
        facts: &[SegmentFacts],
        secrets: &BTreeSet<usize>,
        others: &BTreeSet<String>,
    ) -> Self {
        let (mut template, mut parameters) = (String::new(), Vec::new());
        let mut before = "";
        for (position, part) in endpoint.parts.iter().enumerate() {
            template.push('/');
            match part {
                Part::Word(word) => {
                    template += &encoded(word);
                    before = word;
                }
                Part::Value(ending) => {
                    let none = SegmentFacts::default();
                    let facts = facts.get(position).unwrap_or(&none);
                    let name = name(facts, before, secrets.contains(&position));
                    let name = free(&name, &parameters, others);
                    template += &format!("{{{name}}}{ending}");
                    parameters.push((name, position));
                }
            }
        }
        if endpoint.ends_in_slash || template.is_empty() {
            template.push('/');
        }
        Self { template, parameters }
    }

    /// Returns the parameters of the path.
    pub(crate) fn parameters(&self, calls: &Calls, secrets: &BTreeSet<usize>) -> Vec<Value> {
        let parameter = |(name, position): &(String, usize)| {
            let texts = calls.segments.get(*position).map(|facts| &facts.texts);
            let is_secret = secrets.contains(position);
            let schema = match texts.filter(|texts| texts.count > 0 && !is_secret) {
                Some(texts) => schema::of_wire(texts, ""),
                None => schema::of_wire(&Default::default(), ""),
            };
            let has_names = calls
                .segments
                .get(*position)
                .is_some_and(|facts| !facts.names.is_empty() && facts.texts.count > 0);
            let schema = if has_names { schema::untyped_text(schema) } else { schema };
            let mut parameter = parameter(name, "path", true, schema);
            if is_secret {
                parameter.insert("x-secret".to_owned(), json!(true));
            }
            Value::Object(parameter)
        };
        self.parameters.iter().map(parameter).collect()
    }
}

/// Writes a word of a path as a template may have it.
fn encoded(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~$&'()*+,;=:@!".contains(c);
    let mut text = String::new();
    for c in word.chars() {
        match is_plain(c) {
            true => text.push(c),
            false => {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).bytes();
                bytes.for_each(|byte| text += &format!("%{byte:02X}"));
            }
        }
    }
    text
}

/// Returns the name of a parameter in a path.
fn name(facts: &SegmentFacts, before: &str, is_secret: bool) -> String {
    let placeholders: Vec<&String> = facts.names.iter().filter(|name| is_name(name)).collect();
    if let [only] = placeholders.as_slice() {
        return (*only).clone();
    }
    if is_secret {
        return "token".to_owned();
    }
    let only = |form: Form| facts.forms.iter().all(|one| *one == form);
    let what = match () {
        () if only(Form::Date) => "date",
        () if only(Form::Email) => "email",
        () if only(Form::Code) && facts.texts.distinct.known().all(|text| text.len() == 1) => {
            "kind"
        }
        () => "id",
    };
    let word: String = personal::words(before).join("_");
    let is_stem = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(is_stem) {
        true => format!("{word}_{what}"),
        false => what.to_owned(),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.len() <= 64
}

/// Returns a name that no other parameter of the operation has.
fn free(name: &str, taken: &[(String, usize)], others: &BTreeSet<String>) -> String {
    let is_taken = |name: &String| {
        let key = prumo_spec::method_key(name);
        taken.iter().any(|(one, _)| prumo_spec::method_key(one) == key)
            || others.iter().any(|one| prumo_spec::method_key(one) == key)
    };
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}

fn parameter(
    name: &str,
    place: &str,
    is_required: bool,
    mut schema: Map<String, Value>,
) -> Map<String, Value> {
    let mut parameter = Map::new();
    parameter.insert("name".to_owned(), json!(name));
    parameter.insert("in".to_owned(), json!(place));
    if is_required {
        parameter.insert("required".to_owned(), json!(true));
    }
    parameter.insert("x-evidence".to_owned(), json!("observed"));
    if let Some(kinds) = schema.remove("x-pii") {
        parameter.insert("x-pii".to_owned(), kinds);
    }
    parameter.insert("schema".to_owned(), Value::Object(schema));
    parameter
}

/// Returns the parameters in query and headers that may be named.
pub(crate) fn parameters(requests: &Requests, id: &str, notes: &mut Vec<Note>) -> Vec<Value> {
    let Requests { all, are_refused } = requests;
    let mut parameters = Vec::new();
    let mut keys = BTreeSet::new();
    let places = [("query", &all.query, all.count), ("header", &all.headers, all.n_with_headers)];
    for (place, named, count) in places {
        for (name, facts) in named {
            let is_first = keys.insert(prumo_spec::method_key(name));
            if !personal::may_be_name(name) || !is_first {
                let what = format!("a {place} parameter of `{id}`, by its name");
                notes.push(Note::of("left out", what));
                continue;
            }
            let is_required = !are_refused && facts.n_present == count;
            let schema = schema::of_parameter(facts, name);
            parameters.push(Value::Object(parameter(name, place, is_required, schema)));
        }
    }
    parameters
}

/// Returns the body of the requests, or `None` if there was none.
pub(crate) fn request_body(requests: &Requests, id: &str, notes: &mut Vec<Note>) -> Option<Value> {
    let all = &requests.all;
    let n_sent: u64 = all.sent.values().map(|sent| sent.count).sum();
    if n_sent == 0 {
        return None;
    }
    // A refused request shows no requirement, and neither does a field of a body that may be left out.
    let is_required = n_sent == all.count && !requests.are_refused;
    let mut content = Map::new();
    for (media, sent) in &all.sent {
        let count = is_required.then_some(sent.count);
        content.insert(media.clone(), media_type(&sent.content, media, count, (id, notes)));
    }
    // A client always sends a body that is no JSON, and one without known members.
    let is_bare = |json: &Seen| json.objects.members.is_empty();
    let is_always_sent =
        all.sent.values().any(|sent| sent.content.json.as_ref().is_none_or(is_bare));
    let mut body = Map::new();
    if is_required || is_always_sent {
        body.insert("required".to_owned(), json!(true));
    }
    body.insert("content".to_owned(), Value::Object(content));
    Some(Value::Object(body))
}

/// Returns the schema of a body that was sent `count` times; `None` requires no field of it.
fn media_type(
    content: &Content,
    media: &str,
    count: Option<u64>,
    (id, notes): (&str, &mut Vec<Note>),
) -> Value {
    if let Some(json) = &content.json {
        let mut schema = schema::of(json, "");
        if count.is_none() {
            schema.remove("required");
        }
        return json!({"schema": schema});
    }
    if content.form.is_empty() || !MediaType::new(media).is_form() {
        return json!({"schema": answers::plain_schema(media)});
    }
    let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
    let mut named: BTreeMap<&String, &calls::FormField> = content.form.iter().collect();
    named.retain(|name, _| {
        let is_kept = personal::may_be_name(name);
        if !is_kept {
            notes.push(Note::of("left out", format!("a form field of `{id}`, by its name")));
        }
        is_kept
    });
    for (name, field) in named {
        if Some(field.n_present) == count {
            required.push(name.clone());
        }
        if field.is_indexed && !field.is_map {
            encoding.insert(name.clone(), json!({"x-list-names": "indexed"}));
        }
        properties.insert(name.clone(), Value::Object(schema::of_form_field(field, name)));
    }
    let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("properties".to_owned(), Value::Object(properties));
    match encoding.is_empty() {
        true => json!({"schema": schema}),
        false => json!({"schema": schema, "encoding": encoding}),
    }
}

/// Returns the responses of an operation; their schemas are named after its id.
pub(crate) fn responses(
    calls: &Calls,
    envelope: Option<&Envelope>,
    id: &str,
    components: &mut Components,
) -> Value {
    answers::responses(calls, envelope, &pascal(id), components)
}

fn pascal(id: &str) -> String {
    let words = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    let name: String = words.map(capital).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("X{name}") }
}

/// Returns the segments whose value is a secret: one value behind different beginnings of paths.
pub(crate) fn secrets(traffic: &BTreeMap<Endpoint, Calls>) -> BTreeMap<Endpoint, BTreeSet<usize>> {
    let mut beginnings: BTreeMap<u64, BTreeSet<&[Part]>> = BTreeMap::new();
    for (endpoint, position, facts) in values(traffic) {
        let before = endpoint.parts.get(..position).unwrap_or_default();
        facts.prints.iter().for_each(|print| {
            beginnings.entry(*print).or_default().insert(before);
        });
    }
    let mut secrets: BTreeMap<Endpoint, BTreeSet<usize>> = BTreeMap::new();
    for (endpoint, position, facts) in values(traffic) {
        let is_shared = |print: &u64| beginnings.get(print).is_some_and(|all| all.len() > 1);
        let is_long =
            facts.texts.distinct.known().all(|text| text.len() >= crate::segment::MIN_TOKEN)
                && facts.forms.iter().all(|form| {
                    matches!(form, Form::Hex | Form::Token | Form::Uuid | Form::Placeholder)
                });
        let is_same_everywhere = is_long
            && !facts.prints.is_empty()
            && !facts.has_more_prints
            && facts.prints.len() <= 2
            && facts.prints.iter().all(is_shared);
        let is_named = facts.names.iter().any(|name| personal::is_secret(name));
        let is_by_form = facts
            .texts
            .distinct
            .known()
            .any(|text| personal::kinds(text).contains(&Sensitive::Secret));
        if is_same_everywhere || is_named || is_by_form {
            secrets.entry(endpoint.clone()).or_default().insert(position);
        }
    }
    secrets
}

/// Returns the segments that are values.
fn values(
    traffic: &BTreeMap<Endpoint, Calls>,
) -> impl Iterator<Item = (&Endpoint, usize, &SegmentFacts)> {
    traffic.iter().flat_map(|(endpoint, calls)| {
        let parts = endpoint.parts.iter().zip(&calls.segments).enumerate();
        parts
            .filter(|(_, (part, _))| matches!(part, Part::Value(_)))
            .map(move |(position, (_, facts))| (endpoint, position, facts))
    })
}
