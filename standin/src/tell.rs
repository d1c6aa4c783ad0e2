//! Turns facts and a promised shape into JSON: spells the facts as the shape asks, and makes up the
//! rest.
//!
//! Invariants:
//!
//! * The value fits the shape as far as kinds, enums, formats and limits go; a fact that does not
//!   fit is left out.
//! * The same facts, shape and seed give the same value.
//! * Records that refer to one another are followed up to [`MAX_DEPTH`] levels.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use prumo_drift::contract::Contract;
use prumo_drift::shape::Additional;
use prumo_drift::{Kind, Scalar, Shape, judge_value, sample};
use prumo_spec::formats::Format;
use serde_json::{Map, Value};

use crate::chance;
use crate::fact::{Fact, Facts};
use crate::store::Store;
use crate::words;

/// The limit of levels.
const MAX_DEPTH: usize = 7;

/// The levels down to which unknown optional members are made up.
const FULL_DEPTH: usize = 4;

/// The number of items of a made-up list.
const N_MADE_ITEMS: u64 = 2;

/// The zone of both vendors: Brazil has had no summer time since 2019.
const ZONE: Offset = Offset::constant(-3);

/// The format in which HubSoft writes a moment in a text without a format.
const WITHOUT_A_FORMAT: &str = "sql-datetime-minutes";

/// Endings of members that repeat the moment of the member without the ending.
const TOLD_AGAIN: &[&str] = &["_br", "_timestamp"];

/// Spells facts.
pub(crate) struct Teller<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) store: &'a Store,
    /// Facts that made-up values share, such as their customer.
    pub(crate) about: &'a Facts,
    pub(crate) seed: u64,
}

/// The treatment of unknown members.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Gap {
    /// Null or absent, if the shape allows it.
    Bare,
    /// Made up.
    Full,
}

/// The position of a value.
#[derive(Clone, Copy)]
struct Spot<'n> {
    name: &'n str,
    depth: usize,
    seed: u64,
    gap: Gap,
}

impl Spot<'_> {
    fn below<'n>(&self, name: &'n str) -> Spot<'n> {
        Spot { name, depth: self.depth + 1, seed: chance::number(self.seed, name), gap: self.gap }
    }
}

impl Teller<'_> {
    /// Spells facts as an object; unknown members are null or absent, if the shape allows it.
    pub(crate) fn tell(&self, shape: &Shape, facts: &Facts) -> Option<Value> {
        let spot = Spot { name: "", depth: 0, seed: self.seed, gap: Gap::Bare };
        self.object(shape, Some(facts), spot)
    }

    /// Spells facts as an object, and makes up all other members.
    pub(crate) fn fill(&self, shape: &Shape, facts: &Facts) -> Option<Value> {
        let spot = Spot { name: "", depth: 0, seed: self.seed, gap: Gap::Full };
        self.object(shape, Some(facts), spot)
    }

    /// Spells a fact as a value of any kind, or makes up the value.
    pub(crate) fn any(&self, shape: &Shape, known: &Fact, gap: Gap) -> Option<Value> {
        let spot = Spot { name: "", depth: 0, seed: self.seed, gap };
        self.fact(shape, known, spot).or_else(|| self.made(shape, spot))
    }

    fn fact(&self, shape: &Shape, fact: &Fact, spot: Spot<'_>) -> Option<Value> {
        if spot.depth > MAX_DEPTH {
            return None;
        }
        let (shape, or_null) = self.contract.resolve(shape);
        match fact {
            Fact::Json(Value::Null) => {
                (or_null || shape.kinds.contains_key(&Kind::Null)).then_some(Value::Null)
            }
            Fact::Json(value) => self.fits(shape, value).then(|| value.clone()),
            Fact::Time(time) => self.time(shape, *time, spot),
            Fact::Own(facts) => self.object(shape, Some(facts), spot),
            Fact::Link(key) => self.record(shape, self.store.get(*key)?, spot),
            Fact::Less(key, left_out) => {
                let facts = self.store.get(*key)?.clone().without(left_out);
                self.record(shape, &facts, spot)
            }
            Fact::List(items) => self.list(shape, items, spot),
            Fact::Either(ways) => ways.iter().find_map(|way| self.fact(shape, way, spot)),
            Fact::Made(seed) => self.made(shape, Spot { seed: *seed, gap: Gap::Full, ..spot }),
        }
    }

    /// Spells a record, which decides how its unknown members are treated.
    fn record(&self, shape: &Shape, facts: &Facts, spot: Spot<'_>) -> Option<Value> {
        let spot = match facts.rest {
            Some(seed) => Spot { seed, gap: Gap::Full, ..spot },
            None => Spot { gap: Gap::Bare, ..spot },
        };
        self.object(shape, Some(facts), spot)
    }

    fn object(&self, shape: &Shape, facts: Option<&Facts>, spot: Spot<'_>) -> Option<Value> {
        let (shape, _) = self.contract.resolve(shape);
        if let Some(alternatives) = &shape.alternatives {
            let said = alternatives.tag.as_deref().and_then(|tag| match facts?.get(tag)? {
                Fact::Json(value) => Some(Scalar::from_value(value)),
                _ => None,
            });
            return alternatives
                .branches
                .values()
                .filter(|branch| said.as_ref().is_none_or(|said| branch.values.contains(said)))
                .filter_map(|branch| self.object(&branch.shape, facts, spot))
                .find(|value| self.is_of_one_branch(shape, value));
        }
        if !shape.allows(Kind::Object) || shape.fields.is_empty() {
            return None;
        }
        let mut members = Map::new();
        for (name, field) in shape.fields.iter().filter(|(_, field)| !field.is_write_only) {
            let spot = spot.below(name);
            let known = facts.and_then(|facts| known(facts, name));
            let told = known.and_then(|fact| self.fact(&field.shape, fact, spot));
            let told = told.or_else(|| self.gap(&field.shape, field.required, spot));
            match told {
                Some(told) => {
                    members.insert(name.clone(), told);
                }
                None if field.required => return None,
                None => (),
            }
        }
        Some(Value::Object(members))
    }

    /// Returns the value of an unknown member; `None` if it is absent.
    fn gap(&self, shape: &Shape, is_required: bool, spot: Spot<'_>) -> Option<Value> {
        let (resolved, or_null) = self.contract.resolve(shape);
        let is_nullable = or_null || resolved.kinds.contains_key(&Kind::Null);
        let is_full = spot.gap == Gap::Full && spot.depth <= FULL_DEPTH;
        if is_full {
            let about = self.about.get(spot.name).and_then(|fact| self.fact(shape, fact, spot));
            if let Some(made) = about.or_else(|| self.made(shape, spot)) {
                return Some(made);
            }
        }
        if is_nullable {
            return Some(Value::Null);
        }
        if !is_required {
            return None;
        }
        if resolved.allows(Kind::Array) && resolved.bounds.min_items.unwrap_or(0) == 0 {
            return Some(Value::Array(Vec::new()));
        }
        self.made(shape, spot)
    }

    fn list(&self, shape: &Shape, items: &[Fact], spot: Spot<'_>) -> Option<Value> {
        if let Some(alternatives) = &shape.alternatives {
            let mut branches = alternatives.branches.values();
            return branches
                .find_map(|branch| self.list(self.contract.resolve(&branch.shape).0, items, spot));
        }
        if !shape.allows(Kind::Array) {
            return None;
        }
        let any = Shape::any();
        let item = shape.item.as_deref().unwrap_or(&any);
        let told = items.iter().enumerate().map(|(index, fact)| {
            let name = index.to_string();
            self.fact(item, fact, Spot { name: spot.name, ..spot.below(&name) })
        });
        told.collect::<Option<Vec<Value>>>().map(Value::Array)
    }

    fn time(&self, shape: &Shape, time: Timestamp, spot: Spot<'_>) -> Option<Value> {
        if let Some(alternatives) = &shape.alternatives {
            let mut branches = alternatives.branches.values();
            return branches
                .find_map(|branch| self.time(self.contract.resolve(&branch.shape).0, time, spot));
        }
        if shape.fields.contains_key("timezone_type") {
            let parts = Facts::new()
                .with("date", time)
                .with("timezone_type", 3_i64)
                .with("timezone", "America/Sao_Paulo");
            return self.object(shape, Some(&parts), spot);
        }
        let format = shape.format.as_deref().unwrap_or_default();
        if format == "epoch-millis" {
            return Some(Value::from(time.as_millisecond()));
        }
        if !shape.allows(Kind::Text) {
            return None;
        }
        let format = if matches!(format, "" | "any-date") { WITHOUT_A_FORMAT } else { format };
        let picture = Format::named(format)?.picture?;
        Some(Value::from(picture.text(|letter| number(ZONE.to_datetime(time), letter))))
    }

    /// Returns whether a value fits a shape.
    fn fits(&self, shape: &Shape, value: &Value) -> bool {
        if let Some(alternatives) = &shape.alternatives {
            let mut branches = alternatives.branches.values();
            return branches.any(|branch| self.fits(self.contract.resolve(&branch.shape).0, value));
        }
        if let Some(values) = shape.values.as_ref().filter(|_| !shape.is_extensible_enum) {
            return values.contains(&Scalar::from_value(value));
        }
        let is_bounded =
            !shape.patterns.is_empty() || !shape.not.is_empty() || !shape.bounds.is_none();
        if is_bounded {
            return judge_value(self.contract, shape, &value.to_string()).is_empty();
        }
        let format = shape.format.as_deref().and_then(Format::named);
        match value {
            Value::Null => shape.kinds.contains_key(&Kind::Null),
            Value::Bool(_) => shape.allows(Kind::Bool),
            Value::String(text) => {
                shape.allows(Kind::Text) && format.is_none_or(|format| format.fits_text(text))
            }
            Value::Number(number) => match number.as_i64() {
                Some(int) => {
                    shape.allows(Kind::Int)
                        && format.is_none_or(|format| format.fits_int(int.into()))
                }
                None => shape.allows(Kind::Number),
            },
            Value::Array(_) | Value::Object(_) => {
                judge_value(self.contract, shape, &value.to_string()).is_empty()
            }
        }
    }

    /// Makes up a value, with all optional members.
    fn made(&self, shape: &Shape, spot: Spot<'_>) -> Option<Value> {
        if spot.depth > MAX_DEPTH {
            return None;
        }
        let (shape, _) = self.contract.resolve(shape);
        if let Some(alternatives) = &shape.alternatives {
            let mut made =
                alternatives.branches.values().filter_map(|branch| self.made(&branch.shape, spot));
            return made.find(|value| self.is_of_one_branch(shape, value));
        }
        if shape.allows(Kind::Object) && !shape.fields.is_empty() {
            return self.object(shape, None, spot);
        }
        if let Some(item) = shape.item.as_deref().filter(|_| shape.allows(Kind::Array)) {
            return self.made_list(shape, item, spot);
        }
        if shape.is_free_form() && shape.allows(Kind::Object) && shape.kinds.len() <= 2 {
            return Some(Value::Object(Map::new()));
        }
        words::value(shape, spot.name, spot.seed)
            .filter(|value| self.fits(shape, value))
            .or_else(|| sample(self.contract, &not_null(shape), spot.seed))
    }

    /// Returns whether a value fits only one branch, if the shape asks for that.
    fn is_of_one_branch(&self, shape: &Shape, value: &Value) -> bool {
        let is_exclusive =
            shape.alternatives.as_ref().is_some_and(|all| all.is_exclusive && all.tag.is_none());
        !is_exclusive || judge_value(self.contract, shape, &value.to_string()).is_empty()
    }

    fn made_list(&self, shape: &Shape, item: &Shape, spot: Spot<'_>) -> Option<Value> {
        let least = shape.bounds.min_items.unwrap_or(0);
        let wanted = if spot.depth <= FULL_DEPTH { N_MADE_ITEMS } else { 0 };
        let n_items = wanted.clamp(least, shape.bounds.max_items.unwrap_or(u64::MAX).max(least));
        let mut items: Vec<Value> = Vec::new();
        for index in 0..n_items {
            let name = index.to_string();
            let made = self.made(item, Spot { name: spot.name, ..spot.below(&name) });
            let is_new = |made: &Value| !shape.bounds.unique_items || !items.contains(made);
            items.extend(made.filter(is_new));
        }
        (items.len() as u64 >= least).then_some(Value::Array(items))
    }
}

/// Returns the number for a letter of a picture; the offset is that of [`ZONE`].
fn number(time: DateTime, letter: u8) -> u64 {
    let number = match letter {
        b'Y' => i32::from(time.year()),
        b'M' => i32::from(time.month()),
        b'D' => i32::from(time.day()),
        b'h' => i32::from(time.hour()),
        b'm' => i32::from(time.minute()),
        b's' => i32::from(time.second()),
        b'o' => ZONE.seconds() / -3600,
        _ => 0,
    };
    number.unsigned_abs().into()
}

/// Returns the fact of a member, or the one that the member repeats.
fn known<'f>(facts: &'f Facts, name: &str) -> Option<&'f Fact> {
    facts.get(name).or_else(|| {
        let base = TOLD_AGAIN.iter().find_map(|ending| name.strip_suffix(ending))?;
        facts.get(base).filter(|fact| matches!(fact, Fact::Time(_) | Fact::Json(Value::Null)))
    })
}

/// Returns the shape without null, because null is of little use to a reader.
fn not_null(shape: &Shape) -> Shape {
    let mut shape = shape.clone();
    if shape.kinds.len() > 1 {
        shape.kinds.remove(&Kind::Null);
    }
    if shape.additional == Additional::Entries {
        shape.additional = Additional::Unsaid;
    }
    shape
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use prumo_spec::formats::FORMATS;

    use super::number;

    #[test]
    fn a_moment_is_written_as_every_format_of_times_has_it() {
        let time = date(2018, 11, 16).at(10, 58, 21, 0);
        for format in FORMATS {
            let Some(picture) = format.picture else { continue };
            let text = picture.text(|letter| number(time, letter));
            assert!(format.fits_text(&text), "`{}`: {text}", format.name);
        }
        let offset = FORMATS.iter().find(|format| format.name == "offset-datetime").unwrap();
        let text = offset.picture.unwrap().text(|letter| number(time, letter));
        assert_eq!(text, "2018-11-16 10:58:21-03:00");
    }
}
