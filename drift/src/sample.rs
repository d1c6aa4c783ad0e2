//! Turns a promised shape and a seed into a JSON value that fits the shape.
//!
//! It serves properties, stand-ins and benchmarks: the same seed gives the same value. Seeds differ
//! in the optional members, in the lengths of lists, and in the chosen branches and enum values.

mod text;

use serde_json::{Map, Number, Value};

use crate::compare::judge_value_of;
use crate::contract::Contract;
use crate::rules::{Rule, Side};
use crate::shape::{Additional, Bounds, Field, Scalar, Shape};
use prumo_spec::Kind;
use prumo_spec::formats::Format;

/// Below this depth only required members are made.
const LEAN_DEPTH: usize = 5;

/// A shape that needs more levels than this counts as endless.
const MAX_DEPTH: usize = 24;

/// The number of values that are tried.
const MAX_TRIES: u64 = 64;

/// Returns a value that fits `shape`, or `None` if none was found: there may be none, or its
/// constraints (`not`, patterns with lengths) may be too tight to meet by chance.
///
/// It is a part of a response: it has no member that is `writeOnly`.
pub fn sample(contract: &Contract, shape: &Shape, seed: u64) -> Option<Value> {
    sample_of(Side::Response, contract, shape, seed)
}

/// Returns a value like [`sample`] that is a part of a request: it has no member that is `readOnly`.
pub fn sample_request(contract: &Contract, shape: &Shape, seed: u64) -> Option<Value> {
    sample_of(Side::Request, contract, shape, seed)
}

fn sample_of(side: Side, contract: &Contract, shape: &Shape, seed: u64) -> Option<Value> {
    (0..MAX_TRIES).find_map(|attempt| {
        let mut maker = Maker { side, contract, chance: Chance(seed ^ (attempt << 40)) };
        let value = maker.value(shape, 0)?;
        let findings = judge_value_of(side, contract, shape, &value.to_string());
        findings.iter().all(|finding| finding.rule == Rule::FieldUndocumented).then_some(value)
    })
}

/// A sequence of numbers that depends only on its seed (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `limit`, which is at least 1.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn flip(&mut self) -> bool {
        self.next() & 1 == 1
    }
}

struct Maker<'c> {
    side: Side,
    contract: &'c Contract,
    chance: Chance,
}

impl Maker<'_> {
    fn value(&mut self, shape: &Shape, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let is_nullable = shape.kinds.contains_key(&Kind::Null);
        if is_nullable && (depth > LEAN_DEPTH || self.chance.below(6) == 0) {
            return Some(Value::Null);
        }
        if !shape.references.is_empty() {
            let pick = self.chance.below(shape.references.len() as u64) as usize;
            let name = shape.references.iter().nth(pick)?;
            let named = self.contract.shapes.get(name)?;
            return self.value(named, depth + 1);
        }
        if let Some(alternatives) = &shape.alternatives {
            let pick = self.chance.below(alternatives.branches.len() as u64) as usize;
            let branch = alternatives.branches.values().nth(pick)?;
            let mut value = self.value(&branch.shape, depth + 1)?;
            if let (Some(tag), Some(object), Some(said)) =
                (&alternatives.tag, value.as_object_mut(), branch.values.first())
            {
                object.insert(tag.clone(), said.to_value());
            }
            return Some(value);
        }
        if let Some(values) = &shape.values {
            let fitting: Vec<&Scalar> =
                values.iter().filter(|value| shape.allows(kind_of(value))).collect();
            let pick = self.chance.below(fitting.len() as u64) as usize;
            return fitting.get(pick).map(|value| value.to_value());
        }
        self.of_kind(shape, depth)
    }

    fn of_kind(&mut self, shape: &Shape, depth: usize) -> Option<Value> {
        let kinds: Vec<Kind> =
            shape.kinds.keys().copied().filter(|kind| *kind != Kind::Null).collect();
        let pick = self.chance.below(kinds.len() as u64) as usize;
        let format = shape.format.as_deref().and_then(Format::named);
        match kinds.get(pick).copied().unwrap_or(Kind::Null).base() {
            Kind::Bool => Some(Value::Bool(self.chance.flip())),
            Kind::Int => self.int_of(&shape.bounds, format).map(Value::from),
            Kind::Number => self.number(&shape.bounds),
            Kind::Text => text::make(&mut self.chance, shape, format).map(Value::String),
            Kind::Array => self.array(shape, depth),
            Kind::Object => self.object(shape, depth),
            _ => Some(Value::Null),
        }
    }

    fn int_of(&mut self, bounds: &Bounds, format: Option<&Format>) -> Option<i64> {
        let int = self.int(bounds)?;
        let Some(format) = format.filter(|format| !format.fits_int(int.into())) else {
            return Some(int);
        };
        let examples: Vec<i64> =
            format.example_values().filter_map(|value| value.as_i64()).collect();
        examples.get(self.chance.below(examples.len() as u64) as usize).copied()
    }

    fn int(&mut self, bounds: &Bounds) -> Option<i64> {
        let step = bounds.multiple_of.unwrap_or(1.0).max(1.0) as i64;
        let least = bounds.minimum.map(|limit| {
            let least = limit.value.ceil() as i64;
            least.saturating_add(i64::from(limit.is_exclusive && least as f64 == limit.value))
        });
        let most = bounds.maximum.map(|limit| {
            let most = limit.value.floor() as i64;
            most.saturating_sub(i64::from(limit.is_exclusive && most as f64 == limit.value))
        });
        let (least, most) = match (least, most) {
            (Some(least), Some(most)) => (least, most),
            (Some(least), None) => (least, least.saturating_add(1000)),
            (None, Some(most)) => (most.saturating_sub(1000), most),
            (None, None) => (0, 1000),
        };
        let first = least.checked_add((step - least.rem_euclid(step)) % step)?;
        let n_steps = Some(most.saturating_sub(first)).filter(|room| *room >= 0)? / step;
        let pick = self.chance.below(n_steps.unsigned_abs().saturating_add(1).min(1 << 20));
        first.checked_add(i64::try_from(pick).ok()?.checked_mul(step)?)
    }

    fn number(&mut self, bounds: &Bounds) -> Option<Value> {
        if bounds.multiple_of.is_some_and(|step| step.fract() != 0.0) {
            let step = bounds.multiple_of.unwrap_or(1.0);
            let least = bounds.minimum.map_or(0.0, |limit| (limit.value / step).ceil() + 1.0);
            return Number::from_f64(least * step).map(Value::Number);
        }
        if bounds.multiple_of.is_none() && self.chance.flip() {
            let least = bounds.minimum.map(|limit| limit.value);
            let most = bounds.maximum.map(|limit| limit.value);
            let middle = match (least, most) {
                (Some(least), Some(most)) => f64::midpoint(least, most),
                (Some(least), None) => least + 0.5,
                (None, Some(most)) => most - 0.5,
                (None, None) => 69.9,
            };
            return Number::from_f64(middle).map(Value::Number);
        }
        self.int(bounds).map(Value::from)
    }

    fn array(&mut self, shape: &Shape, depth: usize) -> Option<Value> {
        let least = shape.bounds.min_items.unwrap_or(0);
        let most = shape.bounds.max_items.unwrap_or(least + 3).min(least + 3);
        let extra = if depth > LEAN_DEPTH { 0 } else { most.saturating_sub(least) };
        let n_items = least + self.chance.below(extra + 1);
        let any = Shape::of(&[Kind::Int]);
        let item = shape.item.as_deref().filter(|item| **item != Shape::any()).unwrap_or(&any);
        let mut items = Vec::new();
        for _ in 0..n_items.min(1000) {
            let made = self.value(item, depth + 1)?;
            if !shape.bounds.unique_items || !items.contains(&made) {
                items.push(made);
            }
        }
        Some(Value::Array(items))
    }

    /// Returns whether a member belongs to the other side.
    fn is_misplaced(&self, field: &Field) -> bool {
        match self.side {
            Side::Request => field.is_read_only,
            Side::Response => field.is_write_only,
        }
    }

    fn object(&mut self, shape: &Shape, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        let room = shape.bounds.max_properties.unwrap_or(u64::MAX);
        for (name, field) in shape.fields.iter().filter(|(_, field)| field.required) {
            if !self.is_misplaced(field) {
                members.insert(name.clone(), self.value(&field.shape, depth + 1)?);
            }
        }
        for (name, field) in shape.fields.iter().filter(|(_, field)| !field.required) {
            let is_wanted = depth <= LEAN_DEPTH && self.chance.flip() && !self.is_misplaced(field);
            if is_wanted && (members.len() as u64) < room {
                // An optional member that can't be made is left out.
                if let Some(made) = self.value(&field.shape, depth + 1) {
                    members.insert(name.clone(), made);
                }
            }
        }
        let least = shape.bounds.min_properties.unwrap_or(0);
        if shape.additional == Additional::Entries || (members.len() as u64) < least {
            let any = Shape::of(&[Kind::Text]);
            let entries = shape.entries.as_deref().unwrap_or(&any);
            let n_wanted = if depth > LEAN_DEPTH { 0 } else { self.chance.below(3) };
            let mut n_made = 0;
            while (members.len() as u64) < least.min(1000)
                || (n_made < n_wanted && (members.len() as u64) < room)
            {
                n_made += 1;
                members.insert(format!("k{n_made}"), self.value(entries, depth + 1)?);
            }
        }
        Some(Value::Object(members))
    }
}

fn kind_of(value: &Scalar) -> Kind {
    match value {
        Scalar::Null => Kind::Null,
        Scalar::Bool(_) => Kind::Bool,
        Scalar::Int(_) => Kind::Int,
        Scalar::Number(_) => Kind::Number,
        Scalar::Text(_) => Kind::Text,
        Scalar::Json(text) if text.starts_with('[') => Kind::Array,
        Scalar::Json(_) => Kind::Object,
    }
}
