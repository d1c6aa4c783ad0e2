//! One schema object to one promised shape.
//!
//! Read as JSON Schema reads it: a keyword says nothing about values of other
//! kinds, and a schema without `type` allows them all. `nullable` always adds
//! null, also beside `allOf`, `oneOf` or an `enum` that lacks it, because that
//! is how documents in the wild mean it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::heirs::has_implicit_heirs;
use super::{Reader, SpecError, SpecFault};
use crate::shape::{Additional, Bounds, Field, Limit, Pattern, Scalar, Shape, Tally};
use prumo_spec::Kind;
use prumo_spec::document::below;

/// How deep schemas may nest, references included.
const MAX_DEPTH: usize = 64;

/// Keywords of other dialects that say something about a value. Those that do
/// not, and misspelt ones, are the lint's business.
const FOREIGN_KEYWORDS: [&str; 19] = [
    "$dynamicRef",
    "$recursiveRef",
    "additionalItems",
    "const",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "extends",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

impl Reader<'_> {
    /// Reads the schema at `at`.
    pub(super) fn schema(&mut self, at: &str, value: &Value) -> Result<Shape, SpecError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fault(at, SpecFault::TooComplex { what: "nesting" }));
        }
        let schema = self.object(at, value, "a schema object")?;
        if let Some(target) = schema.get("$ref") {
            let name = self.schema_name(&below(at, "$ref"), target)?;
            return Ok(Shape::reference(&name));
        }
        self.depth += 1;
        let shape = self.whole_schema(at, schema);
        self.depth -= 1;
        shape
    }

    fn whole_schema(&mut self, at: &str, schema: &Map<String, Value>) -> Result<Shape, SpecError> {
        let is_nullable = self.flag(at, schema, "nullable")?;
        if let Some(mut shape) = self.sole_reference(at, schema)? {
            if is_nullable {
                shape.kinds.insert(Kind::Null, Tally::default());
            }
            return Ok(shape);
        }
        let mut shape = self.common_part(at, schema)?;
        if has_implicit_heirs(schema) {
            shape = self.with_heirs(at, schema, shape)?;
        }
        for keyword in ["oneOf", "anyOf"] {
            if schema.contains_key(keyword) {
                shape = self.alternatives(at, keyword, schema, shape)?;
            }
        }
        if is_nullable {
            allow_null(&mut shape);
        }
        Ok(shape)
    }

    /// `allOf` of one reference and nothing else that matters: the way to
    /// write annotations beside a reference.
    fn sole_reference(&mut self, at: &str, schema: &Map<String, Value>) -> Result<Option<Shape>, SpecError> {
        const ANNOTATIONS: [&str; 11] = [
            "allOf",
            "nullable",
            "title",
            "description",
            "example",
            "default",
            "deprecated",
            "readOnly",
            "writeOnly",
            "externalDocs",
            "xml",
        ];
        let is_sole = schema.keys().all(|key| ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-"));
        match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([only]) if is_sole && only.get("$ref").is_some() => {
                self.schema(&below(&below(at, "allOf"), "0"), only).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Everything but `oneOf` and `anyOf`.
    pub(super) fn common_part(&mut self, at: &str, schema: &Map<String, Value>) -> Result<Shape, SpecError> {
        let mut shape = self.own_part(at, schema)?;
        if let Some(members) = schema.get("allOf") {
            let at = below(at, "allOf");
            for (index, member) in self.list(&at, members)?.iter().enumerate() {
                let at = below(&at, &index.to_string());
                let member = self.member(&at, member)?;
                shape = self.meet(&at, &shape, &member)?;
            }
        }
        if let Some(not) = schema.get("not") {
            shape.not.push(self.schema(&below(at, "not"), not)?);
        }
        Ok(shape)
    }

    fn own_part(&mut self, at: &str, schema: &Map<String, Value>) -> Result<Shape, SpecError> {
        for keyword in FOREIGN_KEYWORDS.iter().filter(|keyword| schema.contains_key(**keyword)) {
            self.leave_unjudged(&below(at, keyword), "keyword that OpenAPI 3.0 does not have");
        }
        let mut shape = Shape::of(&self.kinds(at, schema)?);
        shape.format = self.text(at, schema, "format")?.map(str::to_owned);
        if let Some(pattern) = self.text(at, schema, "pattern")? {
            let pattern = Pattern::new(pattern);
            if !pattern.is_judged() {
                self.leave_unjudged(&below(at, "pattern"), pattern.obstacle());
            }
            shape.patterns.push(pattern);
        }
        self.values(at, schema, &mut shape)?;
        shape.bounds = self.bounds(at, schema)?;
        self.members(at, schema, &mut shape)?;
        if shape.allows(Kind::Array) {
            let item = match schema.get("items") {
                Some(items) => self.schema(&below(at, "items"), items)?,
                None => Shape::any(),
            };
            shape.item = Some(Box::new(item));
        }
        Ok(shape)
    }

    fn kinds(&self, at: &str, schema: &Map<String, Value>) -> Result<Vec<Kind>, SpecError> {
        let kinds = match self.text(at, schema, "type")? {
            Some("boolean") => vec![Kind::Bool],
            Some("integer") => vec![Kind::Int],
            Some("number") => vec![Kind::Number],
            Some("string") => vec![Kind::Text],
            Some("array") => vec![Kind::Array],
            Some("object") => vec![Kind::Object],
            Some(other) => {
                let name = other.to_owned();
                return Err(self.fault(&below(at, "type"), SpecFault::UnknownType { name }));
            }
            None => match schema.get("format").and_then(Value::as_str) {
                Some(format) => prumo_spec::formats::implied_kinds(format),
                None => Kind::BASE.to_vec(),
            },
        };
        Ok(kinds)
    }

    fn values(&mut self, at: &str, schema: &Map<String, Value>, shape: &mut Shape) -> Result<(), SpecError> {
        let Some(values) = schema.get("enum") else {
            return Ok(());
        };
        let ordered: Vec<Scalar> =
            self.list(&below(at, "enum"), values)?.iter().map(Scalar::from_value).collect();
        let values: BTreeSet<Scalar> = ordered.iter().cloned().collect();
        if ordered.is_empty() {
            self.leave_unjudged(&below(at, "enum"), "enum without a value");
            return Ok(());
        }
        if !values.contains(&Scalar::Null) {
            shape.kinds.remove(&Kind::Null);
        }
        if !schema.contains_key("type") {
            shape.kinds.retain(|kind, _| values.iter().any(|value| is_of_kind(value, *kind)));
        }
        if let Some(first) = ordered.into_iter().next() {
            self.first_values.entry(values.clone()).or_insert(first);
        }
        shape.values = Some(values);
        shape.is_closed_enum = schema.get("x-open-enum") == Some(&Value::Bool(false));
        Ok(())
    }

    fn members(&mut self, at: &str, schema: &Map<String, Value>, shape: &mut Shape) -> Result<(), SpecError> {
        if let Some(properties) = schema.get("properties") {
            let at = below(at, "properties");
            for (name, property) in self.object(&at, properties, "an object of schemas")? {
                let field = self.field(&below(&at, name), property)?;
                shape.fields.insert(name.clone(), field);
            }
        }
        match schema.get("additionalProperties") {
            None => (),
            Some(Value::Bool(false)) => shape.additional = Additional::Closed,
            Some(Value::Bool(true)) => {
                shape.additional = Additional::Entries;
                shape.entries = Some(Box::new(Shape::any()));
            }
            Some(entries) => {
                shape.additional = Additional::Entries;
                let entries = self.schema(&below(at, "additionalProperties"), entries)?;
                shape.entries = Some(Box::new(entries));
            }
        }
        let Some(required) = schema.get("required") else {
            return Ok(());
        };
        let at = below(at, "required");
        for (index, name) in self.list(&at, required)?.iter().enumerate() {
            let Some(name) = name.as_str() else {
                let at = below(&at, &index.to_string());
                return Err(self.fault(&at, SpecFault::Expected { expected: "a member's name" }));
            };
            let entries = shape.entries.as_deref();
            let field = shape.fields.entry(name.to_owned()).or_insert_with(|| Field {
                shape: entries.cloned().unwrap_or_else(Shape::any).into(),
                ..Field::default()
            });
            field.required = true;
        }
        Ok(())
    }

    fn field(&mut self, at: &str, property: &Value) -> Result<Field, SpecError> {
        let shape = self.schema(at, property)?;
        let schema = self.target(at, property)?;
        let flag = |name: &str| property.get(name).or_else(|| schema.get(name)) == Some(&Value::Bool(true));
        Ok(Field {
            is_read_only: flag("readOnly"),
            is_write_only: flag("writeOnly"),
            shape: shape.into(),
            ..Field::default()
        })
    }

    fn bounds(&self, at: &str, schema: &Map<String, Value>) -> Result<Bounds, SpecError> {
        let limit = |name: &str, exclusive: &str| -> Result<Option<Limit>, SpecError> {
            let is_exclusive = self.flag(at, schema, exclusive)?;
            let value = self.number(at, schema, name)?;
            Ok(value.map(|value| Limit { value, is_exclusive }))
        };
        let amount = |name: &str| -> Result<Option<u64>, SpecError> {
            match schema.get(name) {
                None => Ok(None),
                Some(value) => match whole(value) {
                    Some(amount) => Ok(Some(amount)),
                    None => {
                        let expected = "a whole number of 0 or more";
                        Err(self.fault(&below(at, name), SpecFault::Expected { expected }))
                    }
                },
            }
        };
        let multiple_of = self.number(at, schema, "multipleOf")?;
        if multiple_of.is_some_and(|step| step <= 0.0) {
            let expected = "a number above 0";
            return Err(self.fault(&below(at, "multipleOf"), SpecFault::Expected { expected }));
        }
        Ok(Bounds {
            minimum: limit("minimum", "exclusiveMinimum")?,
            maximum: limit("maximum", "exclusiveMaximum")?,
            multiple_of,
            min_length: amount("minLength")?,
            max_length: amount("maxLength")?,
            min_items: amount("minItems")?,
            max_items: amount("maxItems")?,
            unique_items: self.flag(at, schema, "uniqueItems")?,
            min_properties: amount("minProperties")?,
            max_properties: amount("maxProperties")?,
        })
    }

    fn number(&self, at: &str, schema: &Map<String, Value>, name: &str) -> Result<Option<f64>, SpecError> {
        match schema.get(name) {
            None => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(Some(number)),
                None => {
                    let expected = "a number";
                    Err(self.fault(&below(at, name), SpecFault::Expected { expected }))
                }
            },
        }
    }
}

/// A whole number, also one written `2.0`.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let float = value.as_f64()?;
        // Above 2^53 nobody means an exact amount.
        let is_whole = float.fract() == 0.0 && (0.0..9.0e15).contains(&float);
        is_whole.then_some(float as u64)
    })
}

/// Whether a value may be of this kind: a whole number is a number too.
fn is_of_kind(value: &Scalar, kind: Kind) -> bool {
    match value {
        Scalar::Null => kind == Kind::Null,
        Scalar::Bool(_) => kind == Kind::Bool,
        Scalar::Int(_) | Scalar::Number(_) => matches!(kind, Kind::Int | Kind::Number),
        Scalar::Text(_) => kind == Kind::Text,
        Scalar::Json(text) if text.starts_with('[') => kind == Kind::Array,
        Scalar::Json(_) => kind == Kind::Object,
    }
}

fn allow_null(shape: &mut Shape) {
    shape.kinds.insert(Kind::Null, Tally::default());
    if let Some(values) = &mut shape.values {
        values.insert(Scalar::Null);
    }
}
