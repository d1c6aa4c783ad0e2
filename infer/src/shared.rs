//! Collects the schemas of a draft under names, and names equal ones once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The prefix of a reference.
const SCHEMAS: &str = "#/components/schemas/";

/// Schemas of a draft.
#[derive(Default)]
pub(crate) struct Components {
    by_name: BTreeMap<String, Value>,
}

impl Components {
    /// Adds a schema and returns a reference to it.
    pub(crate) fn add(&mut self, name: &str, schema: Value) -> Value {
        let mut free = name.to_owned();
        let mut number = 1;
        while self.by_name.contains_key(&free) {
            number += 1;
            free = format!("{name}{number}");
        }
        self.by_name.insert(free.clone(), schema);
        json!({"$ref": format!("{SCHEMAS}{free}")})
    }

    /// Names equal schemas once, rewrites the references in `paths`, and returns the schemas.
    pub(crate) fn finish(self, paths: &mut Value) -> Map<String, Value> {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, schema) in &self.by_name {
            names.entry(schema.to_string()).or_default().push(name.clone());
        }
        let mut renamed = BTreeMap::new();
        let mut shared = BTreeMap::new();
        for group in names.values().filter(|group| group.len() > 1) {
            let Some(schema) = group.first().and_then(|name| self.by_name.get(name)) else {
                continue;
            };
            let is_failure = group.iter().all(|name| name.ends_with("Failure"));
            let base = if is_failure { "Failure" } else { "Answer" };
            let mut name = base.to_owned();
            let mut number = 1;
            while self.by_name.contains_key(&name) || shared.contains_key(&name) {
                number += 1;
                name = format!("{base}{number}");
            }
            renamed.extend(group.iter().map(|old| (old.clone(), name.clone())));
            shared.insert(name, schema.clone());
        }
        rename(paths, &renamed);
        let own = self.by_name.into_iter().filter(|(name, _)| !renamed.contains_key(name));
        own.chain(shared).collect::<BTreeMap<_, _>>().into_iter().collect()
    }
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                let name = reference.strip_prefix(SCHEMAS).and_then(|name| names.get(name));
                if let Some(name) = name {
                    *reference = format!("{SCHEMAS}{name}");
                }
            }
            members.values_mut().for_each(|value| rename(value, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}
