//! Breaks a body in every way that its schema forbids, each with the expected finding.

use prumo_drift::Rule;
use serde_json::{Map, Value, json};

/// A schema and the components that it may refer to.
#[derive(Clone, Copy)]
pub(crate) struct Spec<'s> {
    pub(crate) components: &'s Value,
    pub(crate) schema: &'s Value,
}

/// Takes a mutant, the rule that must report it, and the place.
pub(crate) type Emit<'e> = &'e mut dyn FnMut(Value, Rule, String);

/// Emits every mutation of `body` that the schema forbids, each with the expected finding.
///
/// The places of the schema must be distinguishable: one kind per place, and a tag `_tipo` for
/// branches.
pub(crate) fn mutate(spec: Spec<'_>, body: &Value, at: &str, emit: Emit<'_>) {
    let schema = &spec.at_hand(body);
    let spec = Spec { schema, ..spec };
    mutate_kind(schema, body, at, emit);
    match body {
        Value::String(text) => mutate_text(schema, text, at, emit),
        Value::Number(_) => mutate_number(schema, body, at, emit),
        Value::Array(items) => mutate_items(spec, items, at, emit),
        Value::Object(members) => mutate_members(spec, members, at, emit),
        Value::Null | Value::Bool(_) => (),
    }
}

impl Spec<'_> {
    /// Returns the schema without references, with its `allOf` merged, and with only the branch
    /// that the tag of `body` selects.
    fn at_hand(self, body: &Value) -> Value {
        let mut schema = self.schema.clone();
        if let Some(target) = schema["$ref"].as_str() {
            let name = target.trim_start_matches("#/components/schemas/");
            return Spec { schema: &self.components[name], ..self }.at_hand(body);
        }
        for member in schema["allOf"].as_array().cloned().unwrap_or_default() {
            let member = Spec { schema: &member, ..self }.at_hand(body);
            for (keyword, value) in member.as_object().unwrap() {
                match (&mut schema[keyword], value) {
                    (Value::Object(mine), Value::Object(theirs)) => mine.extend(theirs.clone()),
                    (Value::Array(mine), Value::Array(theirs)) => mine.extend(theirs.clone()),
                    (mine, theirs) => *mine = theirs.clone(),
                }
            }
        }
        let said = &body["_tipo"];
        let branches = schema["oneOf"].as_array();
        let chosen = branches.and_then(|all| {
            all.iter().find(|one| {
                let is_named = one["$ref"]
                    .as_str()
                    .is_some_and(|target| target.rsplit('/').next() == said.as_str());
                is_named || one["properties"]["_tipo"]["enum"][0] == *said
            })
        });
        match chosen {
            Some(branch) => Spec { schema: branch, ..self }.at_hand(body),
            None => schema,
        }
    }
}

fn mutate_kind(schema: &Value, body: &Value, at: &str, emit: Emit<'_>) {
    let kind = schema["type"].as_str();
    if kind.is_some() && schema["nullable"] != json!(true) && !body.is_null() {
        emit(Value::Null, Rule::NullUnexpected, at.to_owned());
    }
    if let (Some(kind), false) = (kind, body.is_null()) {
        let other = match kind {
            "integer" => json!("12"),
            "number" => json!("1.5"),
            "string" => json!(7),
            "array" => json!({}),
            "object" => json!([]),
            _ => json!("true"),
        };
        emit(other, Rule::TypeChanged, at.to_owned());
    }
    if schema.get("enum").is_some() && !body.is_null() {
        let unknown = if kind == Some("integer") { json!(99) } else { json!("Q") };
        emit(unknown, Rule::EnumValueUnknown, at.to_owned());
    }
}

fn mutate_text(schema: &Value, text: &str, at: &str, emit: Emit<'_>) {
    if schema.get("format").is_some() {
        emit(json!("2018-11-16T00"), Rule::FormatViolated, at.to_owned());
    }
    if schema.get("pattern").is_some() {
        emit(json!("XYZ"), Rule::FormatViolated, at.to_owned());
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        emit(json!("é".repeat(most as usize + 1)), Rule::BoundExceeded, at.to_owned());
    }
    if let Some(least) = schema["minLength"].as_u64().filter(|least| *least > 0) {
        let shorter: String = text.chars().take(least as usize - 1).collect();
        emit(json!(shorter), Rule::BoundExceeded, at.to_owned());
    }
}

fn mutate_number(schema: &Value, body: &Value, at: &str, emit: Emit<'_>) {
    if let Some(most) = schema["maximum"].as_i64() {
        emit(json!(most + 1), Rule::BoundExceeded, at.to_owned());
    }
    if let Some(least) = schema["minimum"].as_i64() {
        emit(json!(least - 1), Rule::BoundExceeded, at.to_owned());
    }
    if let (Some(_), Some(int)) = (schema["multipleOf"].as_i64(), body.as_i64()) {
        emit(json!(int + 1), Rule::BoundExceeded, at.to_owned());
    }
    if schema["multipleOf"] == json!(0.25) {
        emit(json!(0.375), Rule::BoundExceeded, at.to_owned());
    }
}

fn mutate_items(spec: Spec<'_>, items: &[Value], at: &str, emit: Emit<'_>) {
    if let Some(most) = spec.schema["maxItems"].as_u64() {
        emit(vec![json!(1); most as usize + 1].into(), Rule::BoundExceeded, at.to_owned());
    }
    if let Some(least) = spec.schema["minItems"].as_u64().filter(|least| *least > 0) {
        emit(items[..least as usize - 1].into(), Rule::BoundExceeded, at.to_owned());
    }
    let spec = Spec { schema: &spec.schema["items"], ..spec };
    for (index, item) in items.iter().enumerate() {
        mutate(spec, item, &format!("{at}/*"), &mut |mutant, rule, at| {
            let mut items = items.to_vec();
            items[index] = mutant;
            emit(Value::from(items), rule, at);
        });
    }
}

fn mutate_members(spec: Spec<'_>, members: &Map<String, Value>, at: &str, emit: Emit<'_>) {
    let schema = spec.schema;
    let below = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    let is_map = schema["additionalProperties"].is_object();
    if !is_map {
        let mut more = members.clone();
        more.insert("novo".to_owned(), json!({"x": 1}));
        emit(Value::Object(more), Rule::FieldUndocumented, below("novo"));
    }
    for (name, member) in members {
        let required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        if required && name != "_tipo" {
            let mut fewer = members.clone();
            fewer.shift_remove(name);
            emit(Value::Object(fewer), Rule::FieldMissing, below(name));
        }
        let (schema, at) = if is_map {
            (&schema["additionalProperties"], format!("{at}/*"))
        } else {
            (&schema["properties"][name], below(name))
        };
        // Another tag would make another object.
        if name != "_tipo" {
            mutate(Spec { schema, ..spec }, member, &at, &mut |mutant, rule, at| {
                let mut members = members.clone();
                members.insert(name.clone(), mutant);
                emit(Value::Object(members), rule, at);
            });
        }
    }
}
