//! Turns `oneOf` and `anyOf` into alternatives, with a tag where there is one.
//!
//! A tag is a member that every branch requires, with enums that share no value: the
//! discriminator's, or else the first such member by name. Keywords beside the branches
//! (`properties`, `allOf`) are merged into each branch, so that each describes the whole value; the
//! shape itself is then the sum of its branches.

use std::collections::BTreeSet;

use prumo_spec::Kind;
use prumo_spec::openapi::{Combination, Discriminator, Schema};
use prumo_spec::pointer::last;

use super::{Reader, SpecError, SpecFault};
use crate::shape::{Additional, Alternatives, Branch, Field, Scalar, Shape, Tally};

/// The most branches of one place.
const MAX_BRANCHES: usize = 256;

impl<'d> Reader<'d> {
    /// Returns `common`, merged with each of the branches.
    pub(super) fn alternatives(
        &mut self,
        how: Combination,
        schema: &Schema<'d>,
        common: Shape,
    ) -> Result<Shape, SpecError> {
        let mut named = Vec::new();
        let n_unjudged = self.unjudged.len();
        for (index, branch) in schema.combined(how)?.enumerate() {
            let name = match branch.target_name() {
                Some(pointer) if pointer.starts_with('/') => last(&pointer),
                Some(name) => name,
                None => format!("{index:03}"),
            };
            let shape = self.schema(&branch)?;
            let shape =
                if is_trivial(&common) { shape } else { self.meet(branch.at(), &common, &shape)? };
            named.push((name, shape));
        }
        let is_whole = self.unjudged.len() == n_unjudged;
        let mut shape = self.told_apart(schema, named)?;
        if let Some(alternatives) = &mut shape.alternatives {
            // A branch that is judged in part takes values of others, too.
            alternatives.is_exclusive = how == Combination::OneOf && is_whole;
        }
        Ok(shape)
    }

    /// Returns the branches as one shape, with a tag where there is one.
    pub(super) fn told_apart(
        &mut self,
        schema: &Schema<'d>,
        named: Vec<(String, Shape)>,
    ) -> Result<Shape, SpecError> {
        if named.len() > MAX_BRANCHES {
            return Err(self.fault(schema.at(), SpecFault::TooComplex { what: "branches" }));
        }
        if let [(_, only)] = named.as_slice() {
            return Ok(only.clone());
        }
        let mut resolved = Vec::new();
        for (name, shape) in named {
            let full = self.resolved_with_fields(&shape);
            resolved.push((name, shape, full));
        }
        let tag = match schema.discriminator()? {
            Some(discriminator) => with_values_of(&discriminator, &mut resolved),
            None => find_tag(&resolved),
        };
        Ok(self.assemble(tag, resolved))
    }

    /// Returns the shape with its required members, one reference deep, which is enough to
    /// recognize a tag.
    fn resolved_with_fields(&mut self, shape: &Shape) -> Option<Shape> {
        let mut full = self.inline("", shape).ok()?;
        for field in full.fields.values_mut().filter(|field| field.required) {
            if let Ok(followed) = self.inline("", &field.shape) {
                *field.shape = followed;
            }
        }
        Some(full)
    }

    fn assemble(
        &mut self,
        tag: Option<String>,
        branches: Vec<(String, Shape, Option<Shape>)>,
    ) -> Shape {
        let mut summary = Shape { additional: Additional::Unsaid, ..Shape::default() };
        let mut alternatives = Alternatives { tag, ..Alternatives::default() };
        let mut tag_shape = Shape::default();
        for (name, shape, full) in branches {
            let kinds = full.as_ref().map_or_else(|| Shape::any().kinds, |full| full.kinds.clone());
            summary.kinds.extend(kinds);
            summary.kinds.extend(shape.kinds.keys().map(|&kind| (kind, Tally::default())));
            let mut branch = Branch { shape: shape.into(), ..Branch::default() };
            let mut name = name;
            if let Some((tag, field)) = alternatives.tag.as_ref().and_then(|tag| {
                full.as_ref().and_then(|full| full.fields.get(tag)).map(|field| (tag, field))
            }) {
                let said = field.shape.clone();
                branch.values = said.values.clone().unwrap_or_default();
                name = self.case_name(tag, &branch.values);
                tag_shape = tag_shape.join(&said);
            }
            while alternatives.branches.contains_key(&name) {
                name.push('\'');
            }
            alternatives.branches.insert(name, branch);
        }
        if let Some(tag) = &alternatives.tag {
            let field = Field { required: true, shape: tag_shape.into(), ..Field::default() };
            summary.fields.insert(tag.clone(), field);
        }
        summary.alternatives = Some(alternatives.into());
        summary
    }

    /// Returns `<tag>=<value>`, with the value that the spec names first.
    pub(super) fn case_name(&self, tag: &str, values: &BTreeSet<Scalar>) -> String {
        let first = self.first_values.get(values).or_else(|| values.first());
        format!("{tag}={}", first.map(Scalar::phrase).unwrap_or_default())
    }
}

/// Returns whether merging it into a branch changes nothing.
fn is_trivial(common: &Shape) -> bool {
    *common == Shape { item: common.item.clone(), ..Shape::any() }
        && common.item.as_deref().is_none_or(|item| *item == Shape::any() || is_trivial(item))
}

/// Returns the discriminator's member. Branches without an enum of their own get the values from
/// the mapping, or from their name.
fn with_values_of(
    discriminator: &Discriminator<'_>,
    branches: &mut [(String, Shape, Option<Shape>)],
) -> Option<String> {
    let tag = discriminator.property;
    for (name, shape, full) in branches.iter_mut() {
        let full = full.as_mut()?;
        let values = discriminator.values_of(name).into_iter().map(Scalar::Text).collect();
        let field = full.fields.entry(tag.to_owned()).or_insert_with(|| Field {
            shape: Shape::of(&[Kind::Text]).into(),
            ..Field::default()
        });
        let mut said = if field.shape.references.is_empty() {
            field.shape.clone()
        } else {
            Shape::of(&[Kind::Text]).into()
        };
        if said.values.is_none() || discriminator.has_mapping() {
            said.values = Some(values);
        }
        field.shape = said;
        field.required = true;
        *shape = full.clone();
    }
    is_tag(tag, branches).then(|| tag.to_owned())
}

fn find_tag(branches: &[(String, Shape, Option<Shape>)]) -> Option<String> {
    let (_, _, first) = branches.first()?;
    first.as_ref()?.fields.keys().find(|name| is_tag(name, branches)).cloned()
}

/// Returns whether the values of this member tell the branches apart.
fn is_tag(name: &str, branches: &[(String, Shape, Option<Shape>)]) -> bool {
    let mut taken: BTreeSet<&Scalar> = BTreeSet::new();
    branches.iter().all(|(_, _, full)| {
        let Some(full) = full else {
            return false;
        };
        let is_object = full.kinds.keys().all(|&kind| kind == Kind::Object);
        let Some(field) = full.fields.get(name).filter(|field| field.required && is_object) else {
            return false;
        };
        let Some(values) = field.shape.values.as_ref().filter(|values| !values.is_empty()) else {
            return false;
        };
        values.iter().all(|value| taken.insert(value))
    })
}
