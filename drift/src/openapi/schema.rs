//! Reads a schema object as a promised shape.
//!
//! It follows JSON Schema: a keyword does not restrict values of other kinds, and a schema without
//! `type` allows all kinds. `nullable` always adds null, also beside `allOf`, `oneOf` or an `enum`
//! without null, since that is what authors mean by it.

use std::collections::BTreeSet;

use prumo_spec::openapi::{AdditionalProperties, Combination, Schema};
use prumo_spec::{Kind, below};

use super::{Reader, SpecError, SpecFault};
use crate::shape::{Additional, Field, Pattern, Scalar, Shape, Tally};

/// The greatest depth of schemas, including references.
const MAX_DEPTH: usize = 64;

impl<'d> Reader<'d> {
    /// Reads a schema.
    pub(super) fn schema(&mut self, schema: &Schema<'d>) -> Result<Shape, SpecError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fault(schema.at(), SpecFault::TooComplex { what: "nesting" }));
        }
        schema.check()?;
        if let Some(target) = schema.reference()? {
            return Ok(Shape::reference(&self.later(&target)));
        }
        self.depth += 1;
        let shape = self.whole_schema(schema);
        self.depth -= 1;
        shape
    }

    fn whole_schema(&mut self, schema: &Schema<'d>) -> Result<Shape, SpecError> {
        let is_nullable = schema.is_nullable()?;
        if let Some(reference) = schema.sole_reference() {
            let mut shape = self.schema(&reference)?;
            if is_nullable {
                shape.kinds.insert(Kind::Null, Tally::default());
            }
            return Ok(shape);
        }
        let mut shape = self.common_part(schema)?;
        if schema.has_implicit_heirs() {
            shape = self.with_heirs(schema, shape)?;
        }
        for how in Combination::BRANCHES {
            if schema.combines(how) {
                shape = self.alternatives(how, schema, shape)?;
            }
        }
        if is_nullable {
            allow_null(&mut shape);
        }
        Ok(shape)
    }

    /// Reads everything except `oneOf` and `anyOf`.
    pub(super) fn common_part(&mut self, schema: &Schema<'d>) -> Result<Shape, SpecError> {
        let mut shape = self.own_part(schema)?;
        for member in schema.combined(Combination::AllOf)? {
            let promised = self.member(&member)?;
            shape = self.meet(member.at(), &shape, &promised)?;
        }
        if let Some(not) = schema.not() {
            let n_unjudged = self.unjudged.len();
            let promised = self.schema(&not)?;
            // A schema that is judged in part takes more values than it should, so it would forbid
            // too many here.
            if self.unjudged.len() == n_unjudged {
                shape.not.push(promised);
            }
        }
        Ok(shape)
    }

    fn own_part(&mut self, schema: &Schema<'d>) -> Result<Shape, SpecError> {
        for keyword in schema.foreign_keywords() {
            self.leave_unjudged(
                &below(schema.at(), keyword),
                "keyword that OpenAPI 3.0 does not have",
            );
        }
        let mut shape = Shape::of(&schema.kinds()?);
        shape.format = schema.format()?.map(str::to_owned);
        if let Some(pattern) = schema.pattern()? {
            let pattern = Pattern::new(pattern);
            if !pattern.is_judged() {
                self.leave_unjudged(&below(schema.at(), "pattern"), pattern.obstacle());
            }
            shape.patterns.push(pattern);
        }
        self.values(schema, &mut shape)?;
        shape.bounds = schema.bounds()?.into();
        self.members(schema, &mut shape)?;
        if shape.allows(Kind::Array) {
            let item = match schema.items() {
                Some(items) => self.inner(&items)?,
                None => Shape::any(),
            };
            shape.item = Some(Box::new(item));
        }
        Ok(shape)
    }

    fn values(&mut self, schema: &Schema<'d>, shape: &mut Shape) -> Result<(), SpecError> {
        let Some(values) = schema.values()? else {
            return Ok(());
        };
        let ordered: Vec<Scalar> = values.iter().map(Scalar::from_value).collect();
        let values: BTreeSet<Scalar> = ordered.iter().cloned().collect();
        if ordered.is_empty() {
            self.leave_unjudged(&below(schema.at(), "enum"), "enum without a value");
            return Ok(());
        }
        if !values.contains(&Scalar::Null) {
            shape.kinds.remove(&Kind::Null);
        }
        if !schema.has_type() {
            shape.kinds.retain(|kind, _| values.iter().any(|value| is_of_kind(value, *kind)));
        }
        if let Some(first) = ordered.into_iter().next() {
            self.first_values.entry(values.clone()).or_insert(first);
        }
        shape.values = Some(values);
        shape.is_closed_enum = !schema.is_open_enum();
        shape.is_extensible_enum = schema.is_extensible_enum();
        Ok(())
    }

    fn members(&mut self, schema: &Schema<'d>, shape: &mut Shape) -> Result<(), SpecError> {
        for (name, property) in schema.properties()? {
            let field = self.field(&property);
            let field = self
                .if_read(field)?
                .unwrap_or_else(|| Field { shape: Shape::any().into(), ..Field::default() });
            shape.fields.insert(name.to_owned(), field);
        }
        match schema.additional() {
            AdditionalProperties::Unsaid => (),
            AdditionalProperties::Forbidden => shape.additional = Additional::Closed,
            AdditionalProperties::Allowed => {
                shape.additional = Additional::Entries;
                shape.entries = Some(Box::new(Shape::any()));
            }
            AdditionalProperties::Like(entries) => {
                shape.additional = Additional::Entries;
                shape.entries = Some(Box::new(self.inner(&entries)?));
            }
        }
        for name in schema.required()? {
            let entries = shape.entries.as_deref();
            let field = shape.fields.entry(name.to_owned()).or_insert_with(|| Field {
                shape: entries.cloned().unwrap_or_else(Shape::any).into(),
                ..Field::default()
            });
            field.required = true;
        }
        Ok(())
    }

    fn field(&mut self, property: &Schema<'d>) -> Result<Field, SpecError> {
        let shape = self.inner(property)?;
        let meant = property.followed()?;
        Ok(Field {
            is_read_only: property.read_only().or(meant.read_only()) == Some(true),
            is_write_only: property.write_only().or(meant.write_only()) == Some(true),
            shape: shape.into(),
            ..Field::default()
        })
    }
}

/// Returns whether a value can be of this kind: a whole number is a number, too.
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
