//! Follows references to shapes, parameters, bodies and responses.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::Kind;
use prumo_spec::openapi::{Combination, MAX_HOPS, Schema, schema_name, schema_pointer};

use super::{Reader, SpecError, SpecFault};
use crate::shape::{Shape, Tally};

impl<'d> Reader<'d> {
    /// Returns the name of a referenced schema, which is read later.
    pub(super) fn later(&mut self, target: &Schema<'d>) -> String {
        let name = target.name();
        if !self.shapes.contains_key(&name) && !self.open.contains(&name) {
            self.waiting.push(name.clone());
        }
        name
    }

    /// Reads a member of an `allOf`. A member with heirs (`oneOf` with a branch that is being read,
    /// or a bare `discriminator`) gives only what they have in common.
    pub(super) fn member(&mut self, member: &Schema<'d>) -> Result<Shape, SpecError> {
        let Some(target) = member.reference()? else {
            return self.schema(member);
        };
        let name = self.later(&target);
        if self.lists_an_open_name(&target) || target.has_implicit_heirs() {
            return self.deeper(|reader| reader.common_part(&target));
        }
        self.inline(member.at(), &Shape::reference(&name))
    }

    fn lists_an_open_name(&self, schema: &Schema<'_>) -> bool {
        let mut names =
            Combination::BRANCHES.into_iter().flat_map(|how| schema.combined_names(how));
        names.any(|name| self.open.contains(&name))
    }

    /// Returns the shape itself, if `shape` is only a reference.
    pub(super) fn inline(&mut self, at: &str, shape: &Shape) -> Result<Shape, SpecError> {
        let mut shape = shape.clone();
        for _ in 0..MAX_HOPS {
            let Some(name) = shape.references.first().cloned() else {
                return Ok(shape);
            };
            let is_nullable = shape.kinds.contains_key(&Kind::Null);
            self.read_named(&name)?;
            shape = match self.shapes.get(&name) {
                Some(named) => named.clone(),
                None => {
                    let target = format!("#{}", schema_pointer(&name));
                    return Err(self.fault(at, SpecFault::Circular { target }));
                }
            };
            if is_nullable {
                shape.kinds.insert(Kind::Null, Tally::default());
            }
        }
        let name = shape.references.first().map(|name| schema_pointer(name)).unwrap_or_default();
        let target = format!("#{name}");
        Err(self.fault(&name, SpecFault::Circular { target }))
    }

    fn read_named(&mut self, name: &str) -> Result<(), SpecError> {
        if self.shapes.contains_key(name) || !self.open.insert(name.to_owned()) {
            return Ok(());
        }
        let schema = self.postponed.get(name).cloned().or_else(|| self.api.schema(name));
        let shape = match schema {
            Some(schema) => self.deeper(|reader| reader.schema(&schema)),
            None => {
                let pointer = schema_pointer(name);
                let target = format!("#{pointer}");
                Err(self.fault(&pointer, SpecFault::DeadReference { target }))
            }
        };
        self.open.remove(name);
        if let Err(error) = &shape
            && self.leads_to_an_open_name(error)
        {
            return shape.map(drop);
        }
        let shape = self.or_any(shape)?;
        self.shapes.insert(name.to_owned(), shape);
        Ok(())
    }

    /// Reads the schema of a member, an item or an entry.
    ///
    /// It may merge a schema that is being read and contains it. It is then read after that one,
    /// under its own place as a name.
    pub(super) fn inner(&mut self, schema: &Schema<'d>) -> Result<Shape, SpecError> {
        match self.schema(schema) {
            Err(error) if self.leads_to_an_open_name(&error) => {
                let name = format!("#{}", schema.at());
                let is_new = self.postponed.insert(name.clone(), schema.clone()).is_none();
                if !is_new {
                    return Err(error);
                }
                self.waiting.push(name.clone());
                Ok(Shape::reference(&name))
            }
            read => read,
        }
    }

    /// Returns whether a schema was not read because another one has not been read to its end.
    fn leads_to_an_open_name(&self, error: &SpecError) -> bool {
        let SpecFault::Circular { target } = &error.fault else { return false };
        self.open.iter().any(|name| *target == format!("#{}", schema_pointer(name)))
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, SpecError>,
    ) -> Result<T, SpecError> {
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads the referenced schemas that have not been read yet.
    pub(super) fn drain(&mut self) -> Result<(), SpecError> {
        while let Some(name) = self.waiting.pop() {
            self.read_named(&name)?;
        }
        for error in self.loops() {
            let name = schema_name(&error.pointer);
            self.if_read::<()>(Err(error))?;
            self.shapes.insert(name, Shape::any());
        }
        Ok(())
    }

    /// Finds the shapes that lead back to themselves for the same value, only through references,
    /// branches and `not`, since following them would never end. Also finds chains of so many names
    /// that they would exhaust the stack.
    fn loops(&self) -> Vec<SpecError> {
        let mut found = Vec::new();
        let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
        let mut open: Vec<&str> = self.shapes.keys().map(String::as_str).collect();
        // The names on the current path, the outermost first.
        let mut path: BTreeSet<&str> = BTreeSet::new();
        while let Some(&name) = open.last() {
            if depths.contains_key(name) {
                open.pop();
                continue;
            }
            let mut names = BTreeSet::new();
            if let Some(shape) = self.shapes.get(name) {
                names_of_same_value(shape, &mut names);
            }
            let waiting: Vec<&str> =
                names.iter().copied().filter(|name| !depths.contains_key(name)).collect();
            if waiting.is_empty() {
                let deepest = names
                    .iter()
                    .filter_map(|name| depths.get(name))
                    .max()
                    .map_or(0, |depth| depth + 1);
                let is_too_deep = deepest > MAX_HOPS;
                if is_too_deep {
                    let what = "names that lead from one to the next";
                    found.push(self.fault(&schema_pointer(name), SpecFault::TooComplex { what }));
                }
                depths.insert(name, if is_too_deep { 0 } else { deepest });
                path.remove(name);
                open.pop();
                continue;
            }
            path.insert(name);
            if let Some(name) = waiting.iter().find(|name| path.contains(*name)) {
                let target = format!("#{}", schema_pointer(name));
                found.push(self.fault(&schema_pointer(name), SpecFault::Circular { target }));
                // It allows any value, so it leads nowhere.
                depths.insert(name, 0);
                continue;
            }
            open.extend(waiting);
        }
        found
    }
}

/// Collects the named shapes that apply to the same value as this one.
fn names_of_same_value<'s>(shape: &'s Shape, names: &mut BTreeSet<&'s str>) {
    names.extend(shape.references.iter().map(String::as_str));
    let branches = shape.alternatives.iter().flat_map(|all| all.branches.values());
    for within in branches.map(|branch| &*branch.shape).chain(&shape.not) {
        names_of_same_value(within, names);
    }
}
