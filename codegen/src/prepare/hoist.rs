//! Names every inline object, enum and union and follows every reference, so that all schemas are
//! in canonical form afterwards.
//!
//! Names are `<Parent><Property>`, `<Operation><Parameter>`, `<Operation>Body` and
//! `<Operation>Response`; a name that is taken is a complaint.
//!
//! Invariants:
//!
//! * Named scalars, lists and maps have no type of their own: each use gets a copy of their schema.
//! * Components are processed from a queue, so only inline schemas add depth.
//! * The schemas that are copied are bounded by the size of the document, whatever refers to what.

mod budget;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use self::budget::{Budget, n_values};
use super::all_of::{self, AT};
use super::schema::{self, SCHEMAS};
use super::shape::{copy_words, enumeration, inferred_type, is_named, owner, with_words};
use super::{Content, Draft, union};
use crate::names::{last, pascal};
use crate::spec::Spec;
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::formats::Format;
use prumo_spec::openapi::resolve;

/// The greatest depth of nested inline lists and maps.
const MAX_DEPTH: usize = 64;

/// Brings all schemas of `draft` into canonical form. Returns `false`, after a complaint, if they
/// are too many, and the draft is of no use.
pub(super) fn hoist(spec: &Spec, draft: &mut Draft, complaints: &mut Complaints<'_>) -> bool {
    let mut hoister = Hoister::new(spec.value());
    for operation in &mut draft.operations {
        let name = pascal(&operation.method_name);
        for parameter in &mut operation.parameters {
            let name = match &parameter.component {
                Some(component) => pascal(component),
                None => pascal(&format!("{name}_{}", parameter.name)),
            };
            let at = below(&parameter.pointer, "schema");
            parameter.schema = hoister.slot(&parameter.schema, &at, &name, complaints);
        }
        if let Some(body) = &mut operation.body {
            let name = body
                .component
                .as_ref()
                .map_or(format!("{name}Body"), |component| pascal(component));
            body.schema = hoister.slot(&body.schema, &body.pointer, &name, complaints);
        }
        let mut is_first = true;
        for answer in &mut operation.answers {
            let has_schema = answer.content.iter().any(|content| content.schema.is_some());
            let is_success = has_schema && answer.status.starts_with('2');
            let kind = match is_success && std::mem::take(&mut is_first) {
                true => String::new(),
                false => pascal(&answer.status),
            };
            let name = answer
                .component
                .as_ref()
                .map_or(format!("{name}{kind}Response"), |component| pascal(component));
            for Content { schema, pointer, .. } in &mut answer.content {
                if let Some(slot) = schema {
                    *slot = hoister.slot(slot, pointer, &name, complaints);
                }
            }
        }
    }
    for webhook in &mut draft.webhooks {
        let name = format!("{}Body", pascal(&webhook.id));
        webhook.body = hoister.slot(&webhook.body, &webhook.pointer, &name, complaints);
    }
    hoister.work_off(complaints);
    if hoister.budget.is_spent() {
        return false;
    }
    draft.schemas = hoister.done;
    draft.places = hoister.places;
    union::separate(draft, &hoister.wire_names, complaints);
    true
}

struct Hoister<'d> {
    root: &'d Value,
    done: Map<String, Value>,
    /// The place where each named schema is written.
    places: BTreeMap<String, String>,
    /// The document's spelling of each name.
    wire_names: BTreeMap<String, String>,
    /// The name of each component, by its pointer.
    type_names: BTreeMap<String, String>,
    open: VecDeque<(String, Value, String)>,
    /// Inline references that are being followed, to find circles.
    trail: Vec<String>,
    budget: Budget,
}

impl<'d> Hoister<'d> {
    fn new(root: &'d Value) -> Self {
        let mut hoister = Self {
            root,
            done: Map::new(),
            places: BTreeMap::new(),
            wire_names: BTreeMap::new(),
            type_names: BTreeMap::new(),
            open: VecDeque::new(),
            trail: Vec::new(),
            budget: Budget::new(root),
        };
        let declared = root.pointer(SCHEMAS).and_then(Value::as_object);
        // The first component keeps its name, the others get a number.
        let mut later: Vec<&String> = Vec::new();
        for name in declared.into_iter().flatten().map(|(name, _)| name) {
            match hoister.wire_names.contains_key(&pascal(name)) {
                true => later.push(name),
                false => hoister.declare(pascal(name), name),
            }
        }
        for name in later {
            let mut names = (2..).map(|count: u32| format!("{}{count}", pascal(name)));
            if let Some(free) = names.find(|free| !hoister.wire_names.contains_key(free)) {
                hoister.declare(free, name);
            }
        }
        hoister
    }

    fn declare(&mut self, type_name: String, name: &str) {
        self.type_names.insert(below(SCHEMAS, name), type_name.clone());
        self.wire_names.insert(type_name, name.to_owned());
    }

    fn work_off(&mut self, complaints: &mut Complaints<'_>) {
        while let Some((name, schema, at)) = self.open.pop_front() {
            let component = self.component(&name, &schema, &at, complaints);
            self.done.insert(name, component);
        }
    }

    /// Returns the canonical form of `schema`, called `name` if it needs a name.
    fn slot(
        &mut self,
        schema: &Value,
        at: &str,
        name: &str,
        complaints: &mut Complaints<'_>,
    ) -> Value {
        if self.trail.len() > MAX_DEPTH {
            complaints.error(at, "a schema that contains itself without an object between", "");
            return json!({});
        }
        let at = schema.get(AT).and_then(Value::as_str).unwrap_or(at);
        if !self.budget.pays_for(1, name, at, complaints) {
            return json!({});
        }
        if schema.get("$ref").is_some() {
            return self.reference(schema, schema, at, complaints);
        }
        if let Some(part) = all_of::only_part(schema) {
            return self.reference(schema, part, at, complaints);
        }
        if schema.get("allOf").is_some() {
            let merged = all_of::merge(self.root, schema, at, complaints);
            if !self.budget.pays_for(n_values(&merged), name, at, complaints) {
                return json!({});
            }
            return self.slot(&all_of::placed(&merged, at), at, name, complaints);
        }
        if let Some((branches, _)) = union::branches(self.root, schema)
            && let [branch] = branches.as_slice()
        {
            let slot = self.slot(branch, at, name, complaints);
            return with_words(slot, schema, union::takes_null(self.root, schema));
        }
        if is_named(self.root, schema) {
            return with_words(self.named(name, schema, at, complaints), schema, false);
        }
        self.trail.push(String::new());
        let slot = self.plain(schema, at, name, complaints);
        self.trail.pop();
        slot
    }

    /// Resolves a reference; `words` are the keywords around it.
    fn reference(
        &mut self,
        words: &Value,
        part: &Value,
        at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Value {
        let Some((meant, pointer)) = resolve(self.root, part, at) else {
            let reference = part.get("$ref").and_then(Value::as_str).unwrap_or_default();
            let hint =
                if reference.starts_with('#') { "" } else { "bundle the document into one file" };
            complaints.error(
                at,
                format!("`$ref: {reference}` leads nowhere in this document"),
                hint,
            );
            return json!({});
        };
        let name =
            self.type_names.get(&pointer).cloned().unwrap_or_else(|| pascal(&last(&pointer)));
        if is_named(self.root, meant) && all_of::only_part(meant).is_none() {
            let slot = self.named(&name, meant, &pointer, complaints);
            return with_words(slot, words, union::takes_null(self.root, meant));
        }
        if self.trail.contains(&pointer) {
            complaints.error(
                &pointer,
                "a schema that contains itself without an object between",
                "",
            );
            return json!({});
        }
        self.trail.push(pointer.clone());
        let slot = self.slot(meant, &pointer, &name, complaints);
        self.trail.pop();
        with_words(slot, words, false)
    }

    /// Refers to the component `name`, and queues it.
    fn named(
        &mut self,
        name: &str,
        schema: &Value,
        at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Value {
        let name = self.free_name(name, at, complaints);
        if !self.places.contains_key(&name)
            && self.budget.pays_for(n_values(schema), &name, at, complaints)
        {
            self.places.insert(name.clone(), at.to_owned());
            self.open.push_back((name.clone(), schema.clone(), at.to_owned()));
        }
        schema::reference(&name)
    }

    /// Returns `wanted`, unless the name is taken: that is an error in a house document, and a
    /// foreign one gets another name.
    fn free_name(&self, wanted: &str, at: &str, complaints: &mut Complaints<'_>) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while let Some(other) = self.taken(&name, at) {
            if count == 1 {
                complaints.house(
                    at,
                    format!("the type `{wanted}` would be both this inline schema and `{other}`"),
                    "move the inline schema to `components` under a name of its own",
                );
            }
            let number = if count == 1 { String::new() } else { count.to_string() };
            name = format!("{wanted}Inline{number}");
            count += 1;
        }
        name
    }

    /// Returns what else has the name, apart from the schema at `at`.
    fn taken(&self, name: &str, at: &str) -> Option<String> {
        let declared = self.wire_names.get(name).map(|name| below(SCHEMAS, name));
        let known = self.places.get(name).cloned();
        declared.filter(|other| other != at).or(known.filter(|other| other != at))
    }

    /// Returns the canonical form of a named schema.
    fn component(
        &mut self,
        name: &str,
        schema: &Value,
        at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Value {
        let merged;
        let mut schema = schema;
        if schema.get("allOf").is_some() {
            merged = all_of::merge(self.root, schema, at, complaints);
            schema = &merged;
        }
        let mut component = match union::branches(self.root, schema) {
            Some((branches, keyword)) => {
                let each = branches.iter().enumerate().map(|(index, branch)| {
                    let at = branch
                        .get(AT)
                        .and_then(Value::as_str)
                        .map_or_else(|| below(at, keyword), str::to_owned);
                    self.slot(branch, &at, &format!("{name}Variant{}", index + 1), complaints)
                });
                json!({"oneOf": each.collect::<Vec<_>>()})
            }
            None if schema.get("enum").is_some() => enumeration(schema),
            None => self.object(name, schema, at, complaints),
        };
        copy_words(&mut component, schema);
        component
    }

    fn object(
        &mut self,
        name: &str,
        schema: &Value,
        at: &str,
        complaints: &mut Complaints<'_>,
    ) -> Value {
        let mut properties = Map::new();
        for (property, slot) in
            schema.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let at = below(&below(at, "properties"), property);
            // A property from an `allOf` part is named after the schema that it is written in.
            let home = slot.get(AT).and_then(Value::as_str).and_then(owner);
            let name = pascal(&format!("{}_{property}", home.as_deref().unwrap_or(name)));
            properties.insert(property.clone(), self.slot(slot, &at, &name, complaints));
        }
        let required = schema.get("required").cloned().unwrap_or_else(|| json!([]));
        for property in required.as_array().into_iter().flatten().filter_map(Value::as_str) {
            properties.entry(property).or_insert_with(|| json!({}));
        }
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        if let Some(extra) = schema.get("additionalProperties").filter(|extra| extra.is_object()) {
            let at = below(at, "additionalProperties");
            object["additionalProperties"] =
                self.slot(extra, &at, &format!("{name}Extra"), complaints);
        } else if schema.get("additionalProperties") == Some(&Value::Bool(true)) {
            // An explicit `additionalProperties` is meant, though OpenAPI implies it.
            object["additionalProperties"] = json!({});
        }
        object
    }

    /// Returns the canonical form of a scalar, a list, a map or any JSON.
    fn plain(
        &mut self,
        schema: &Value,
        at: &str,
        name: &str,
        complaints: &mut Complaints<'_>,
    ) -> Value {
        let mut slot = match inferred_type(schema) {
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                let items =
                    self.slot(&items, &below(at, "items"), &format!("{name}Item"), complaints);
                json!({"type": "array", "items": items})
            }
            Some("object") => {
                let values = schema.get("additionalProperties").filter(|values| values.is_object());
                let values = values.cloned().unwrap_or_else(|| json!({}));
                let at = below(at, "additionalProperties");
                let values = self.slot(&values, &at, &format!("{name}Value"), complaints);
                json!({"type": "object", "additionalProperties": values})
            }
            Some(scalar) => {
                let mut slot = json!({"type": scalar});
                for key in ["format", "enum"] {
                    // The only enums left here are those of booleans with one value.
                    if let Some(value) =
                        schema.get(key).filter(|_| key == "format" || scalar == "boolean")
                    {
                        slot[key] = value.clone();
                    }
                }
                slot
            }
            None => match schema::format_of(schema) {
                // Only formats of several kinds may have no type.
                Some(format) if Format::named(format).is_some_and(Format::is_loose) => {
                    json!({"type": "string", "format": format})
                }
                _ => json!({}),
            },
        };
        if schema.get("enum").is_some() && slot.get("enum").is_none() {
            complaints.house(
                at,
                "an enum of mixed or fractional values is not typed",
                "leave `enum` out",
            );
        }
        if schema.get("not").is_some() {
            complaints.warning(&below(at, "not"), "`not` has no counterpart in a type", "");
        }
        if union::takes_null(self.root, schema) {
            slot["nullable"] = json!(true);
        }
        with_words(slot, schema, false)
    }
}
