//! Judges one scalar, or one amount, against its promise.
//!
//! Each value gives at most one deviation: of its kind, else its enum, its encoding, its format,
//! its pattern or its bounds.

use std::cmp::Ordering;

use super::visit::Pass;
use crate::observe::counts::journal::{Fact, Fit, Weight};
use crate::observe::counts::plan::Plan;
use crate::observe::counts::record::{NodeId, bare_pointer};
use crate::shape::{Decimal, Limit, Pattern, Scalar, Stray};
use prumo_spec::Kind;
use prumo_spec::formats::Format;
use prumo_spec::mask::mask;

/// 2 to the power of 63: a float at least this large, of either sign, was an integer beyond 64
/// bits, or was written as a float of that size.
const WIDEST_INT: f64 = 9_223_372_036_854_775_808.0;

/// The look of a whole number that JSON has as a float.
const AS_FLOAT: &str = "written like 1.0, which no integer type reads";

impl Pass<'_> {
    pub(crate) fn text(&mut self, node: NodeId, text: &str) {
        let kind = Kind::of_text(text);
        if let Some(files) = &self.files {
            if files.contains(&bare_pointer(&self.steps)) {
                self.file(node);
                return;
            }
            if self.plan(node).format.is_some_and(Format::is_file) {
                self.kind(node, kind);
                self.stray(node, Stray::Format, look(text));
                return;
            }
        }
        if !self.kind(node, kind) {
            self.record(node, Fact::Mask(kind, mask(text)), Weight::Fits);
            return;
        }
        let plan = self.plan(node);
        if let Some(values) = &plan.values {
            let position = values.iter().position(|v| matches!(v, Scalar::Text(v) if v == text));
            if position.is_some() || !plan.is_extensible_enum {
                self.enum_value(node, position, || Scalar::Text(text.to_owned()).safe_phrase());
                return;
            }
        }
        if holds_replacement(text) {
            self.stray(node, Stray::Encoding, look(text));
            return;
        }
        if plan.format.is_some_and(|format| !format.fits_text(text)) {
            self.stray(node, Stray::Format, look(text));
            return;
        }
        // In a shape that must not fit, a pattern that can't be judged counts as not fitting.
        let in_doubt = !self.is_negated;
        let verdict = |pattern: &Pattern| match pattern.is_judged() {
            true => pattern.fits(text),
            false => Some(in_doubt),
        };
        let verdicts: Vec<Option<bool>> = plan.patterns.iter().map(verdict).collect();
        if verdicts.contains(&Some(false)) {
            self.stray(node, Stray::Pattern, look(text));
            return;
        }
        if verdicts.contains(&None) {
            self.leave_undecided(node);
        }
        let bounds = &plan.bounds;
        if bounds.min_length.is_some() || bounds.max_length.is_some() {
            let n_chars = text.chars().count() as u64;
            self.amount(node, n_chars, bounds.min_length, bounds.max_length, LENGTH);
        }
    }

    /// Judges a file in a form.
    fn file(&mut self, node: NodeId) {
        let plan = self.plan(node);
        let is_any = Kind::BASE.into_iter().all(|kind| plan.allows(kind));
        if is_any || plan.format.is_some_and(Format::is_file) {
            self.kind(node, Kind::Text);
        } else {
            self.kind(node, Kind::File);
        }
    }

    pub(crate) fn int(&mut self, node: NodeId, int: i128) {
        if !self.kind(node, Kind::Int) {
            return;
        }
        let plan = self.plan(node);
        let scalar = match i64::try_from(int) {
            Ok(int) => Scalar::Int(int),
            Err(_) => Scalar::Number(int.to_string()),
        };
        let is_wide = matches!(scalar, Scalar::Number(_)) && plan.takes_only_ints();
        let is_beyond = is_wide && is_read_in_64_bits(plan);
        if !is_beyond && self.judged_by_enum(node, &scalar) {
            return;
        }
        if plan.format.is_some_and(|format| !format.fits_int(int)) {
            self.stray(node, Stray::Format, String::new());
            return;
        }
        let outside = outside(
            plan,
            |limit| limit.of_int(int),
            |step| Decimal::of_int(int).is_multiple_of(step),
        );
        self.bounded(node, outside, is_beyond);
    }

    pub(crate) fn number(&mut self, node: NodeId, number: f64) {
        if self.plan(node).takes_only_ints() && number.abs() >= WIDEST_INT {
            self.wide_int(node, number);
            return;
        }
        if !self.kind(node, Kind::Number) {
            if number.fract() == 0.0 && self.plan(node).takes_only_ints() {
                self.record(node, Fact::Mask(Kind::Number, AS_FLOAT.to_owned()), Weight::Fits);
            }
            return;
        }
        let is_beyond = self.holds_huge && number.abs() == f64::MAX;
        let plan = self.plan(node);
        if !is_beyond && self.judged_by_enum(node, &Scalar::from_f64(number)) {
            return;
        }
        self.bounded(node, outside_of_floats(plan, number), is_beyond);
    }

    /// Judges a whole number that the parser had to round. It may have been written with an
    /// exponent, but no client can hold an integer of that size either way.
    fn wide_int(&mut self, node: NodeId, number: f64) {
        self.kind(node, Kind::Int);
        let plan = self.plan(node);
        let is_beyond = is_read_in_64_bits(plan);
        if plan.format.is_some_and(Format::bounds_ints) {
            self.stray(node, Stray::Format, String::new());
        } else if is_beyond || !self.judged_by_enum(node, &Scalar::from_f64(number)) {
            self.bounded(node, outside_of_floats(plan, number), is_beyond);
        }
    }

    /// Records a number outside of its bounds, or one that the client can't hold, which is worse.
    fn bounded(&mut self, node: NodeId, outside: Option<Stray>, is_beyond: bool) {
        match (outside, is_beyond) {
            (None, false) => {}
            (Some(stray), false) => self.stray(node, stray, String::new()),
            (Some(_), true) => self.stray(node, Stray::Int64, String::new()),
            (None, true) => {
                self.record(node, Fact::Stray(Stray::Int64, String::new()), Weight::Beyond);
            }
        }
    }

    /// Looks a value up in the declared enum, if there is one, and returns whether that judged it:
    /// an extensible enum does not judge a value that it lacks.
    pub(crate) fn judged_by_enum(&mut self, node: NodeId, scalar: &Scalar) -> bool {
        let plan = self.plan(node);
        let Some(values) = &plan.values else {
            return false;
        };
        let position = values.iter().position(|value| value == scalar);
        if position.is_none() && plan.is_extensible_enum {
            return false;
        }
        // Whether null is allowed is decided by the kinds.
        if position.is_some() || *scalar != Scalar::Null {
            self.enum_value(node, position, || scalar.safe_phrase());
        }
        true
    }

    fn enum_value(&mut self, node: NodeId, position: Option<usize>, sample: impl Fn() -> String) {
        match position {
            Some(position) => self.count(node, Fit::Value(position)),
            None => self.stray(node, Stray::Value, sample()),
        }
    }

    /// Records that the value could not be judged by a part of its promise.
    pub(crate) fn leave_undecided(&mut self, node: NodeId) {
        self.record(node, Fact::Stray(Stray::Undecided, String::new()), Weight::Undecided);
    }

    pub(crate) fn stray(&mut self, node: NodeId, stray: Stray, sample: String) {
        self.record(node, Fact::Stray(stray, sample), Weight::Breaks);
    }

    pub(crate) fn amount(
        &mut self,
        node: NodeId,
        amount: u64,
        least: Option<u64>,
        most: Option<u64>,
        strays: (Stray, Stray),
    ) {
        if least.is_some_and(|least| amount < least) {
            self.stray(node, strays.0, amount.to_string());
        } else if most.is_some_and(|most| amount > most) {
            self.stray(node, strays.1, amount.to_string());
        }
    }
}

/// Returns whether the client reads a whole-number type as 64 bits with a sign, although the spec
/// allows larger ones: always, unless the format says otherwise.
fn is_read_in_64_bits(plan: &Plan) -> bool {
    !plan.format.is_some_and(|format| format.is_loose() || format.bounds_ints())
}

/// Returns the bound or step that a number breaks.
fn outside(
    plan: &Plan,
    compared: impl Fn(Limit) -> Ordering,
    is_multiple_of: impl Fn(Decimal) -> bool,
) -> Option<Stray> {
    let Plan { bounds, step, .. } = plan;
    let exceeds = |limit: Option<Limit>, outside: Ordering| {
        limit.is_some_and(|limit| match compared(limit) {
            Ordering::Equal => limit.is_exclusive,
            side => side == outside,
        })
    };
    if exceeds(bounds.minimum, Ordering::Less) {
        return Some(Stray::Minimum);
    }
    if exceeds(bounds.maximum, Ordering::Greater) {
        return Some(Stray::Maximum);
    }
    step.is_some_and(|step| !is_multiple_of(step)).then_some(Stray::MultipleOf)
}

fn outside_of_floats(plan: &Plan, number: f64) -> Option<Stray> {
    outside(plan, |limit| limit.of_float(number), |step| is_multiple(number, step))
}

/// Returns whether a float is a multiple of `step`. The parser may miss the nearest float by one,
/// so its neighbours count, too.
fn is_multiple(float: f64, step: Decimal) -> bool {
    let bits = float.to_bits();
    [bits, bits.wrapping_sub(1), bits.wrapping_add(1)]
        .into_iter()
        .filter_map(|bits| Decimal::of_float(f64::from_bits(bits)))
        .any(|number| number.is_multiple_of(step))
}

/// Returns whether a text contains the replacement character of a broken encoding. Few characters
/// start with its first byte, so that is searched first.
fn holds_replacement(text: &str) -> bool {
    const FIRST: u8 = "\u{fffd}".as_bytes()[0];
    !text.is_ascii()
        && memchr::memchr(FIRST, text.as_bytes()).is_some()
        && text.contains(char::REPLACEMENT_CHARACTER)
}

/// Returns a text as a report may print it.
fn look(text: &str) -> String {
    if text.is_empty() { Kind::EmptyText.phrase().to_owned() } else { mask(text) }
}

const LENGTH: (Stray, Stray) = (Stray::MinLength, Stray::MaxLength);
