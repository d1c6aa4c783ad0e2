//! Turns what came into the responses of an operation: by status, by media type, and by the cases of
//! its envelope.

use std::collections::BTreeMap;

use prumo_spec::MediaType;
use serde_json::{Map, Value, json};

use crate::calls::{Calls, Content, Exchanges};
use crate::envelope::Envelope;
use crate::schema;
use crate::shared::Components;
use crate::tag::Case;
use crate::value::Seen;

/// The answers with one status, successes and failures apart.
#[derive(Default)]
struct Answers {
    /// The envelope's tag.
    tag: String,
    count: u64,
    n_empty: u64,
    /// By media type.
    plain: BTreeMap<String, Content>,
    /// The JSON of each case: whether it is a success, the values of the tag, and the bodies.
    cases: BTreeMap<bool, (Vec<Value>, BTreeMap<String, Seen>)>,
}

/// Returns `responses` of an operation. Schemas with a name are added to `components`.
pub(crate) fn responses(
    calls: &Calls,
    envelope: Option<&Envelope>,
    title: &str,
    components: &mut Components,
) -> Value {
    let mut by_status: BTreeMap<u16, Answers> = BTreeMap::new();
    for ((status, case), came) in &calls.by_answer {
        let tag = envelope.map(|envelope| envelope.tag.as_str());
        let case = case.as_ref().filter(|case| Some(case.tag.as_str()) == tag);
        by_status.entry(*status).or_default().add(case, came);
    }
    let mut responses = Map::new();
    for (status, answers) in by_status {
        let name = if (200..300).contains(&status) { String::new() } else { status.to_string() };
        let title = format!("{title}{name}");
        responses.insert(status.to_string(), answers.response(status, &title, components));
    }
    Value::Object(responses)
}

impl Answers {
    fn add(&mut self, case: Option<&Case>, came: &Exchanges) {
        self.count += came.count;
        self.n_empty += came.n_empty;
        for (media, content) in &came.came {
            match (case, &content.json) {
                (Some(case), Some(json)) => {
                    self.tag.clone_from(&case.tag);
                    let (values, bodies) = self.cases.entry(!case.is_success).or_default();
                    if !values.contains(&case.value) {
                        values.push(case.value.clone());
                    }
                    bodies.entry(media.clone()).or_default().absorb(json.clone());
                }
                _ => self.plain.entry(media.clone()).or_default().absorb(content.clone()),
            }
        }
    }

    fn response(mut self, status: u16, title: &str, components: &mut Components) -> Value {
        let description = match self.count {
            1 => "Seen once.".to_owned(),
            count => format!("Seen {count} times."),
        };
        let mut content = Map::new();
        self.join_mixed();
        for (media, seen) in self.by_media() {
            content.insert(media, json!({"schema": self.cased(seen, title, components)}));
        }
        for (media, plain) in &self.plain {
            let schema = match &plain.json {
                Some(json) => self.json(json, status, title, components),
                None => plain_schema(media),
            };
            content.insert(media.clone(), json!({"schema": schema}));
        }
        let mut response = Map::from_iter([("description".to_owned(), json!(description))]);
        if !content.is_empty() {
            response.insert("content".to_owned(), Value::Object(content));
        }
        Value::Object(response)
    }

    /// Gives up the cases if some JSON of this status has none.
    fn join_mixed(&mut self) {
        if !self.plain.values().any(|content| content.json.is_some()) {
            return;
        }
        for (_, (_, bodies)) in std::mem::take(&mut self.cases) {
            for (media, seen) in bodies {
                let content = Content { json: Some(seen), ..Content::default() };
                self.plain.entry(media).or_default().absorb(content);
            }
        }
    }

    /// Returns the cases of each media type, the success first.
    fn by_media(&self) -> BTreeMap<String, Vec<(bool, Vec<Value>, Seen)>> {
        let mut by_media: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (is_failure, (values, bodies)) in &self.cases {
            for (media, seen) in bodies {
                let case = (*is_failure, values.clone(), seen.clone());
                by_media.entry(media.clone()).or_default().push(case);
            }
        }
        by_media
    }

    fn cased(
        &self,
        cases: Vec<(bool, Vec<Value>, Seen)>,
        title: &str,
        components: &mut Components,
    ) -> Value {
        let mut references = Vec::new();
        for (is_failure, values, seen) in cases {
            let mut schema = schema::of(&seen, "");
            self.name_tag(&mut schema, &values);
            let case = if is_failure { "Failure" } else { "Success" };
            references.push(components.add(&format!("{title}{case}"), Value::Object(schema)));
        }
        match references.len() {
            1 => references.pop().unwrap_or_default(),
            _ => json!({"oneOf": references}),
        }
    }

    /// Writes the values of the tag, which are the same in no other case.
    fn name_tag(&self, schema: &mut Map<String, Value>, values: &[Value]) {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        if let Some(property) = properties.and_then(|all| all.get_mut(&self.tag)) {
            let mut values = values.to_vec();
            values.sort_by_key(ToString::to_string);
            let kind = if values.iter().all(Value::is_boolean) { "boolean" } else { "string" };
            *property = json!({"type": kind, "enum": values, "x-evidence": "observed"});
        }
    }

    fn json(&self, json: &Seen, status: u16, title: &str, components: &mut Components) -> Value {
        let mut schema = schema::of(json, "");
        let is_object = schema.get("type").is_some_and(|kind| kind == "object");
        if self.n_empty > 0 && !schema.is_empty() {
            schema.insert("nullable".to_owned(), json!(true));
        } else if is_object {
            let kind = if status < 400 { "Answer" } else { "Failure" };
            return components.add(&format!("{title}{kind}"), Value::Object(schema));
        }
        Value::Object(schema)
    }
}

/// Returns the schema of a body that is not JSON.
pub(crate) fn plain_schema(media: &str) -> Value {
    let kind = MediaType::new(media);
    let is_text = kind.is_text() || kind.stream().is_some() || media.ends_with("xml");
    match is_text {
        true => json!({"type": "string"}),
        false => json!({"type": "string", "format": "binary"}),
    }
}
