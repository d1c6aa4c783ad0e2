//! References to the shapes, parameters, bodies and answers that they name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::heirs::has_implicit_heirs;
use super::{Reader, SpecError, SpecFault};
use crate::contract::MAX_HOPS;
use crate::shape::{Shape, Tally};
use prumo_spec::Kind;
use prumo_spec::document::below;

const SCHEMAS: &str = "/components/schemas/";

impl<'d> Reader<'d> {
    /// The name of the shape that a `$ref` refers to; it is read later.
    pub(super) fn schema_name(&mut self, at: &str, target: &Value) -> Result<String, SpecError> {
        let pointer = self.local(at, target)?;
        if self.root.pointer(&pointer).is_none() {
            let target = format!("#{pointer}");
            return Err(self.fault(at, SpecFault::DeadReference { target }));
        }
        let name = name_of(&pointer);
        if !self.shapes.contains_key(&name) && !self.open.contains(&name) {
            self.waiting.push(name.clone());
        }
        Ok(name)
    }

    /// The pointer of a reference within the document.
    fn local(&self, at: &str, target: &Value) -> Result<String, SpecError> {
        let Some(target) = target.as_str() else {
            return Err(self.fault(at, SpecFault::Expected { expected: "a reference" }));
        };
        match target.strip_prefix('#') {
            Some(pointer) if pointer.is_empty() || pointer.starts_with('/') => Ok(unescape(pointer)),
            _ => {
                let target = target.to_owned();
                Err(self.fault(at, SpecFault::ExternalReference { target }))
            }
        }
    }

    /// Follows `$ref`s from an object that may be one; gives its own pointer.
    pub(super) fn follow<'v>(
        &self,
        at: &str,
        value: &'v Value,
    ) -> Result<(String, &'v Map<String, Value>), SpecError>
    where
        'd: 'v,
    {
        let mut at = at.to_owned();
        let mut value = value;
        for _ in 0..MAX_HOPS {
            let object = self.object(&at, value, "an object")?;
            let Some(target) = object.get("$ref") else {
                return Ok((at, object));
            };
            let at_ref = below(&at, "$ref");
            let pointer = self.local(&at_ref, target)?;
            value = self.root.pointer(&pointer).ok_or_else(|| {
                let target = format!("#{pointer}");
                self.fault(&at_ref, SpecFault::DeadReference { target })
            })?;
            at = pointer;
        }
        let target = format!("#{at}");
        Err(self.fault(&at, SpecFault::Circular { target }))
    }

    /// The object behind a schema that may be a reference.
    pub(super) fn target<'v>(&self, at: &str, value: &'v Value) -> Result<&'v Map<String, Value>, SpecError>
    where
        'd: 'v,
    {
        self.follow(at, value).map(|(_, object)| object)
    }

    /// A member of an `allOf`. One that has heirs (`oneOf` with a branch that is
    /// being read right now, or a bare `discriminator`) gives only what they
    /// have in common.
    pub(super) fn member(&mut self, at: &str, value: &Value) -> Result<Shape, SpecError> {
        let Some(target) = value.get("$ref") else {
            return self.schema(at, value);
        };
        let pointer = self.local(&below(at, "$ref"), target)?;
        let name = self.schema_name(&below(at, "$ref"), target)?;
        let root = self.root;
        if let Some(schema) = root.pointer(&pointer).and_then(Value::as_object) {
            if self.lists_an_open_name(schema) || has_implicit_heirs(schema) {
                return self.deeper(|reader| reader.common_part(&pointer, schema));
            }
        }
        self.inline(at, &Shape::reference(&name))
    }

    fn lists_an_open_name(&self, schema: &Map<String, Value>) -> bool {
        ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|keyword| schema.get(keyword)?.as_array())
            .flatten()
            .filter_map(|branch| branch.get("$ref")?.as_str()?.strip_prefix('#'))
            .any(|pointer| self.open.contains(&name_of(&unescape(pointer))))
    }

    /// The shape itself, where `shape` is only a reference.
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
                    let target = format!("#{}", pointer_of(&name));
                    return Err(self.fault(at, SpecFault::Circular { target }));
                }
            };
            if is_nullable {
                shape.kinds.insert(Kind::Null, Tally::default());
            }
        }
        let name = shape.references.first().map(|name| pointer_of(name)).unwrap_or_default();
        let target = format!("#{name}");
        Err(self.fault(&name, SpecFault::Circular { target }))
    }

    fn read_named(&mut self, name: &str) -> Result<(), SpecError> {
        if self.shapes.contains_key(name) || !self.open.insert(name.to_owned()) {
            return Ok(());
        }
        let pointer = pointer_of(name);
        let root = self.root;
        let shape = match root.pointer(&pointer) {
            Some(value) => self.deeper(|reader| reader.schema(&pointer, value)),
            None => {
                let target = format!("#{pointer}");
                Err(self.fault(&pointer, SpecFault::DeadReference { target }))
            }
        };
        self.open.remove(name);
        self.shapes.insert(name.to_owned(), shape?);
        Ok(())
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, SpecError>) -> Result<T, SpecError> {
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Reads what is referred to and not read yet.
    pub(super) fn drain(&mut self) -> Result<(), SpecError> {
        while let Some(name) = self.waiting.pop() {
            self.read_named(&name)?;
        }
        self.check_loops()
    }

    /// A shape that comes back to itself for one and the same value, through
    /// references, branches and `not` alone, would be followed for ever; one that
    /// takes very many names to get anywhere, beyond any stack.
    fn check_loops(&self) -> Result<(), SpecError> {
        let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
        let mut open: Vec<&str> = self.shapes.keys().map(String::as_str).collect();
        // Names whose own names are looked at right now, the outermost first.
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
                let deepest =
                    names.iter().filter_map(|name| depths.get(name)).max().map_or(0, |depth| depth + 1);
                if deepest > MAX_HOPS {
                    let what = "names that lead from one to the next";
                    return Err(self.fault(&pointer_of(name), SpecFault::TooComplex { what }));
                }
                depths.insert(name, deepest);
                path.remove(name);
                open.pop();
                continue;
            }
            path.insert(name);
            if let Some(name) = waiting.iter().find(|name| path.contains(*name)) {
                let target = format!("#{}", pointer_of(name));
                return Err(self.fault(&pointer_of(name), SpecFault::Circular { target }));
            }
            open.extend(waiting);
        }
        Ok(())
    }
}

/// The named shapes that a value has to be held against when it is held against this one.
fn names_of_same_value<'s>(shape: &'s Shape, names: &mut BTreeSet<&'s str>) {
    names.extend(shape.references.iter().map(String::as_str));
    let branches = shape.alternatives.iter().flat_map(|all| all.branches.values());
    for within in branches.map(|branch| &*branch.shape).chain(&shape.not) {
        names_of_same_value(within, names);
    }
}

/// Components are named as the spec names them, anything else by its pointer.
pub(super) fn name_of(pointer: &str) -> String {
    match pointer.strip_prefix(SCHEMAS) {
        Some(name) if !name.contains('/') => name.replace("~1", "/").replace("~0", "~"),
        _ => pointer.to_owned(),
    }
}

fn pointer_of(name: &str) -> String {
    if name.is_empty() || name.starts_with('/') {
        return name.to_owned();
    }
    below(SCHEMAS.trim_end_matches('/'), name)
}

/// Percent escapes, which a reference may hold as part of a URL.
pub(super) fn unescape(pointer: &str) -> String {
    prumo_spec::percent_decoded(pointer).into_owned()
}
