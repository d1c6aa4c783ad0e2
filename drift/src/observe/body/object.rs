//! Judges the members of one object against the promised fields.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::visit::{At, Pass};
use crate::observe::counts::journal::{Fact, Fit, Weight};
use crate::observe::counts::plan::{FieldPlan, Members, Plan, PlanRef};
use crate::observe::counts::record::{Child, NodeId, Step};
use crate::rules::Side;
use crate::shape::Stray;
use prumo_spec::Kind;
use prumo_spec::mask::safe_name;

const PROPERTIES: (Stray, Stray) = (Stray::MinProperties, Stray::MaxProperties);

/// An object whose members are being read.
pub(crate) struct Object<'r, 'p> {
    pass: &'r mut Pass<'p>,
    node: NodeId,
    plan: &'p Plan,
    /// The start of this object's fields in [`Pass::is_seen`].
    first_seen: usize,
    /// The last field that came.
    last: Option<usize>,
    /// The field that probably comes next.
    likely: Option<usize>,
    n_members: u64,
    /// Members that are no fields of the object. The kind is kept for those that the plan does not
    /// know, to compare them with other cases of the envelope.
    others: BTreeMap<String, Option<Kind>>,
}

/// How a member's value is handled.
enum Task {
    /// Judged at this node.
    Judge(NodeId),
    /// Unknown to the promise.
    Unknown,
    /// Skipped, since the member appears twice.
    Skip,
}

impl<'r, 'p> Object<'r, 'p> {
    pub(crate) fn new(pass: &'r mut Pass<'p>, node: NodeId) -> Self {
        let plan = pass.plan(node);
        let first_seen = pass.is_seen.len();
        pass.is_seen.resize(first_seen + plan.fields.len(), false);
        Self {
            pass,
            node,
            plan,
            first_seen,
            last: None,
            likely: None,
            n_members: 0,
            others: BTreeMap::new(),
        }
    }

    pub(crate) fn read<'de, A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key_seed(self.name())? {
            self.member(name, &mut members)?;
        }
        self.finish();
        Ok(())
    }

    /// Reads the name of the next member.
    pub(crate) fn name(&mut self) -> Name<'p> {
        self.likely = self.pass.nodes.follower(self.node, self.last);
        Name { plan: self.plan, likely: self.likely }
    }

    /// Reads the value of the member `name` from the parser.
    pub(crate) fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: Found<'de, 'p>,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match self.place(name) {
            Task::Judge(node) => {
                let pass = &mut *self.pass;
                members.next_value_seed(At { pass, node })?;
                self.leave();
            }
            Task::Unknown => {
                let raw = members.next_value::<&RawValue>()?;
                self.unknown::<A::Error>(raw)?;
            }
            Task::Skip => {
                let raw = members.next_value::<&RawValue>()?;
                self.pass.skim::<A::Error>(raw)?;
            }
        }
        Ok(())
    }

    /// Reads the value of the member `name` from a slice.
    pub(crate) fn member_held<E: serde::de::Error>(
        &mut self,
        name: &str,
        raw: &RawValue,
    ) -> Result<(), E> {
        let name = self.name().find(Cow::Borrowed(name));
        match self.place(name) {
            Task::Judge(node) => {
                self.pass.read(node, raw.get()).map_err(E::custom)?;
                self.leave();
            }
            Task::Unknown => self.unknown::<E>(raw)?,
            Task::Skip => {
                self.pass.skim::<E>(raw)?;
            }
        }
        Ok(())
    }

    /// Enters the member, unless its value is skipped.
    fn place(&mut self, name: Found<'_, 'p>) -> Task {
        match name {
            Found::Field(index, field) => self.place_field(index, field),
            Found::Other(name) => self.place_other(&name),
        }
    }

    fn place_field(&mut self, index: usize, field: &'p FieldPlan) -> Task {
        if self.likely != Some(index) {
            self.pass.nodes.follows(self.node, self.last, index);
        }
        self.last = Some(index);
        self.pass.steps.push(Step::Field(&field.name));
        let is_seen = self.pass.is_seen.get_mut(self.first_seen + index);
        let is_second = is_seen.is_some_and(|is_seen| std::mem::replace(is_seen, true));
        if !is_second {
            self.pass.count(self.node, Fit::Present(index));
        }
        if self.is_twin(is_second, || field.name.clone()) {
            return Task::Skip;
        }
        let child = Child::Field(index);
        let node = self.pass.nodes.child(self.pass.plans, self.node, child, field.plan);
        let misplaced = match self.pass.side {
            Side::Request => field.is_read_only.then_some(Stray::ReadOnly),
            Side::Response => field.is_write_only.then_some(Stray::WriteOnly),
        };
        if let Some(stray) = misplaced {
            self.pass.record(node, Fact::Stray(stray, String::new()), Weight::Beyond);
        }
        Task::Judge(node)
    }

    fn place_other(&mut self, name: &str) -> Task {
        self.pass.steps.push(Step::Name(name.to_owned()));
        let is_second = self.others.insert(name.to_owned(), None).is_some();
        if self.is_twin(is_second, || safe_name(name)) {
            return Task::Skip;
        }
        let Members::Entries(plan) = self.plan.members else {
            return Task::Unknown;
        };
        self.pass.n_repeats += 1;
        Task::Judge(self.pass.nodes.child(self.pass.plans, self.node, Child::Entries, plan))
    }

    /// Returns whether the member appears twice; then leaves it again.
    fn is_twin(&mut self, is_second: bool, name: impl FnOnce() -> String) -> bool {
        self.n_members += u64::from(!is_second);
        if !is_second && !self.pass.is_twice() {
            return false;
        }
        self.twin(name(), is_second);
        self.pass.steps.pop();
        true
    }

    /// Records a name that appears twice in this object. The first of both members is already
    /// judged when the second comes, so the name is only noted then; the body is read again
    /// ([`Pass::judge`]), and the name is recorded at the first.
    fn twin(&mut self, name: String, is_second: bool) {
        if is_second {
            self.pass.note_twice();
        } else {
            self.pass.record(self.node, Fact::Twice(name), Weight::Breaks);
        }
    }

    /// Leaves a member.
    fn leave(&mut self) {
        if let Some(Step::Name(_)) = self.pass.steps.pop() {
            self.pass.n_repeats = self.pass.n_repeats.saturating_sub(1);
        }
    }

    fn unknown<E: serde::de::Error>(&mut self, raw: &RawValue) -> Result<(), E> {
        let kind = self.pass.skim::<E>(raw)?;
        let name = match self.pass.steps.last() {
            Some(Step::Name(name)) => name.clone(),
            _ => String::new(),
        };
        let weight = match self.plan.members {
            Members::Closed => Some(Weight::Breaks),
            Members::Unsaid => Some(Weight::Beyond),
            Members::Free | Members::Entries(_) => None,
        };
        if let Some(weight) = weight {
            self.others.insert(name.clone(), Some(kind));
            self.pass.record(self.node, Fact::Unknown(name, kind), weight);
        }
        self.pass.steps.pop();
        Ok(())
    }

    /// Returns whether a required field is missing.
    fn is_missing(&self, (index, field): (usize, &FieldPlan)) -> bool {
        let is_other_side = match self.pass.side {
            Side::Request => field.is_read_only,
            Side::Response => field.is_write_only,
        };
        let is_seen =
            || self.pass.is_seen.get(self.first_seen + index).is_some_and(|is_seen| *is_seen);
        field.required && !is_other_side && !is_seen()
    }

    /// Returns whether the members fit `other` better than this plan.
    ///
    /// Either all members that only `other` requires are present and not empty, or this plan is
    /// broken and a member is present that only `other` has. Members that both have, above all the
    /// vendor's message, do not count.
    pub(crate) fn speaks_for(&self, other: PlanRef) -> bool {
        let other = self.pass.plans.get(other);
        let is_own = |name: &str| self.plan.field(name).is_none();
        let mut own =
            other.fields.iter().filter(|field| field.required && is_own(&field.name)).peekable();
        let is_whole = own.peek().is_some()
            && own.all(|field| self.stranger(&field.name).is_some_and(says_something));
        if is_whole {
            return true;
        }
        let is_broken = self.plan.fields.iter().enumerate().any(|field| self.is_missing(field))
            || self.has_broken_member();
        is_broken && other.fields.iter().any(|field| self.stranger(&field.name).is_some())
    }

    /// Returns the kind of a member that this plan does not know.
    fn stranger(&self, name: &str) -> Option<Kind> {
        self.others.get(name).copied().flatten()
    }

    /// Returns whether one of the members itself, not a value within it, breaks the plan.
    fn has_broken_member(&self) -> bool {
        (0..self.plan.fields.len()).any(|index| {
            let node = self.pass.nodes.known_field(self.node, index);
            node.is_some_and(|node| self.pass.journal.is_broken(node))
        })
    }

    /// Discards all observations of the body.
    pub(crate) fn abandon(self) {
        self.pass.journal.clear();
        self.pass.is_seen.truncate(self.first_seen);
    }

    /// Judges what only the whole object can show: missing fields and the number of members.
    pub(crate) fn finish(self) {
        let plan = self.plan;
        for (index, field) in plan.fields.iter().enumerate() {
            if self.is_missing((index, field)) {
                self.pass.record_below(
                    self.node,
                    Fact::Missing(index),
                    Weight::Breaks,
                    &field.name,
                );
            }
        }
        self.pass.is_seen.truncate(self.first_seen);
        let bounds = &self.plan.bounds;
        let (least, most) = (bounds.min_properties, bounds.max_properties);
        self.pass.amount(self.node, self.n_members, least, most, PROPERTIES);
    }
}

/// Returns whether a value of this kind is more than an empty placeholder.
fn says_something(kind: Kind) -> bool {
    !matches!(kind, Kind::Null | Kind::EmptyText | Kind::EmptyArray)
}

/// The name of a member, looked up among the fields.
pub(crate) enum Found<'a, 'p> {
    Field(usize, &'p FieldPlan),
    Other(Cow<'a, str>),
}

/// Reads a member's name without keeping the known ones.
pub(crate) struct Name<'p> {
    pub(crate) plan: &'p Plan,
    /// The field that is compared first.
    pub(crate) likely: Option<usize>,
}

impl<'p> Name<'p> {
    fn find<'a>(&self, name: Cow<'a, str>) -> Found<'a, 'p> {
        let field = |index: usize| self.plan.fields.get(index).map(|field| (index, field));
        let likely = self.likely.and_then(field).filter(|(_, field)| field.name == name);
        match likely.or_else(|| self.plan.field(&name).and_then(field)) {
            Some((index, field)) => Found::Field(index, field),
            None => Found::Other(name),
        }
    }
}

impl<'de, 'p> DeserializeSeed<'de> for Name<'p> {
    type Value = Found<'de, 'p>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, 'p> Visitor<'de> for Name<'p> {
    type Value = Found<'de, 'p>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(self.find(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.find(Cow::Owned(name.to_owned())))
    }
}
