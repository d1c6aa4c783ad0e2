//! One scalar, or one amount, against what is promised of it.
//!
//! Each value gives one deviation at most: its kind, else its enum, else its
//! format, else its pattern, else its bounds.

use super::journal::{Fact, Weight};
use super::record::{NodeId, bare_pointer};
use super::visit::Pass;
use crate::formats::Format;
use crate::mask::mask;
use crate::shape::{Kind, Scalar, Stray};

/// Floats of this size are compared with their steps only roughly.
const STEP_TOLERANCE: f64 = 1e-9;

impl Pass<'_> {
    pub(super) fn text(&mut self, node: NodeId, text: &str) {
        let kind = Kind::of_text(text);
        if let Some(files) = &self.files {
            if files.contains(&bare_pointer(&self.steps)) {
                self.file(node);
                return;
            }
            if self.plan(node).format == Some(Format::Binary) {
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
            self.enum_value(node, position, || Scalar::Text(text.to_owned()).safe_phrase());
            return;
        }
        if plan.format.is_some_and(|format| !format.fits_text(text)) {
            self.stray(node, Stray::Format, look(text));
            return;
        }
        // Where a shape must not fit, doubt speaks for the value: it counts as not fitting.
        let in_doubt = !self.is_negated;
        if plan.patterns.iter().any(|pattern| !pattern.fits(text).unwrap_or(in_doubt)) {
            self.stray(node, Stray::Pattern, look(text));
            return;
        }
        let bounds = &plan.bounds;
        if bounds.min_length.is_some() || bounds.max_length.is_some() {
            let n_chars = text.chars().count() as u64;
            self.amount(node, n_chars, bounds.min_length, bounds.max_length, LENGTH);
        }
    }

    /// A part of a form that is a file.
    fn file(&mut self, node: NodeId) {
        let plan = self.plan(node);
        let is_any = Kind::BASE.into_iter().all(|kind| plan.allows(kind));
        if is_any || plan.format == Some(Format::Binary) {
            self.kind(node, Kind::Text);
        } else {
            self.kind(node, Kind::File);
        }
    }

    pub(super) fn int(&mut self, node: NodeId, int: i128) {
        if !self.kind(node, Kind::Int) {
            return;
        }
        let plan = self.plan(node);
        let scalar = match i64::try_from(int) {
            Ok(int) => Scalar::Int(int),
            Err(_) => Scalar::Number(int.to_string()),
        };
        if plan.values.is_some() {
            self.known_value(node, &scalar);
            return;
        }
        if plan.format.is_some_and(|format| !format.fits_int(int)) {
            self.stray(node, Stray::Format, String::new());
            return;
        }
        // A type without fraction is one of 64 bits to the client, unless it
        // keeps numbers and texts alike.
        let is_wide = matches!(plan.format, Some(Format::IntOrString | Format::NumberOrString));
        if matches!(scalar, Scalar::Number(_)) && !plan.allows(Kind::Number) && !is_wide {
            self.stray(node, Stray::Int64, String::new());
            return;
        }
        // A step of whole numbers is exact, however large the number is.
        if let Some(step) = plan.bounds.multiple_of {
            let is_exact = step.fract() == 0.0 && step.abs() < 9.0e15;
            if is_exact && int % (step as i128) == 0 {
                self.range(node, int as f64, false);
                return;
            }
        }
        self.range(node, int as f64, true);
    }

    pub(super) fn number(&mut self, node: NodeId, number: f64) {
        if !self.kind(node, Kind::Number) {
            return;
        }
        if self.plan(node).values.is_some() {
            self.known_value(node, &Scalar::from_f64(number));
            return;
        }
        self.range(node, number, true);
    }

    fn range(&mut self, node: NodeId, number: f64, checks_step: bool) {
        let bounds = &self.plan(node).bounds;
        let is_below = bounds
            .minimum
            .is_some_and(|limit| number < limit.value || (limit.is_exclusive && number == limit.value));
        let is_above = bounds
            .maximum
            .is_some_and(|limit| number > limit.value || (limit.is_exclusive && number == limit.value));
        let is_between = checks_step
            && bounds.multiple_of.is_some_and(|step| {
                let ratio = number / step;
                let distance = (ratio - ratio.round()).abs();
                !ratio.is_finite() || distance > STEP_TOLERANCE * ratio.abs().max(1.0)
            });
        if is_below {
            self.stray(node, Stray::Minimum, String::new());
        } else if is_above {
            self.stray(node, Stray::Maximum, String::new());
        } else if is_between {
            self.stray(node, Stray::MultipleOf, String::new());
        }
    }

    /// Looks a value up in the declared enum, if there is one.
    pub(super) fn known_value(&mut self, node: NodeId, scalar: &Scalar) {
        let Some(values) = &self.plan(node).values else {
            return;
        };
        let position = values.iter().position(|value| value == scalar);
        if position.is_none() && *scalar == Scalar::Null {
            // Null is a matter of kinds, and the kind was allowed.
            return;
        }
        self.enum_value(node, position, || scalar.safe_phrase());
    }

    fn enum_value(&mut self, node: NodeId, position: Option<usize>, sample: impl Fn() -> String) {
        match position {
            Some(position) => self.record(node, Fact::Value(position), Weight::Fits),
            None => self.stray(node, Stray::Value, sample()),
        }
    }

    pub(super) fn stray(&mut self, node: NodeId, stray: Stray, sample: String) {
        self.record(node, Fact::Stray(stray, sample), Weight::Breaks);
    }

    pub(super) fn amount(
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

/// A text as a report may print it.
fn look(text: &str) -> String {
    if text.is_empty() { Kind::EmptyText.phrase().to_owned() } else { mask(text) }
}

const LENGTH: (Stray, Stray) = (Stray::MinLength, Stray::MaxLength);
