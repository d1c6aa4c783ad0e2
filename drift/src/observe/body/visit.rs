//! Turns the bytes of a body into facts, along the promised shape.
//!
//! The parser drives serde's visitors, which see each value once, without building a tree. Only
//! values that must be seen whole (branches without a tag, `not`, unique items, enums of objects)
//! are held as slices of the input and read again.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::lexical::{Refusal, holds_half, in_range};
use super::object::Object;
use crate::contract::{Contradiction, Envelope, MAX_DEPTH, Unreadable};
use crate::observe::counts::journal::{Fact, Fit, Journal, Weight};
use crate::observe::counts::plan::{Plan, Plans};
use crate::observe::counts::record::{Child, NodeId, Nodes, Step, bare_pointer, pointer};
use crate::rules::Side;
use crate::shape::{Scalar, Stray};
use prumo_spec::Kind;

/// Initial capacity for the steps to a value.
const STEPS: usize = 16;

/// Initial capacity for the fields of all open objects.
const FIELDS: usize = 128;

/// One body that is being read.
pub(crate) struct Pass<'p> {
    pub(crate) plans: &'p Plans,
    pub(crate) nodes: &'p mut Nodes,
    pub(crate) journal: &'p mut Journal,
    pub(crate) side: Side,
    pub(crate) steps: Vec<Step<'p>>,
    /// Whether each field came, for all open objects.
    pub(crate) is_seen: Vec<bool>,
    /// Pointers of members that appear twice in one object.
    twice: BTreeSet<String>,
    /// If the body is a form, the pointers of the texts that stand for files.
    pub(crate) files: Option<BTreeSet<String>>,
    /// The depth of the current value.
    pub(crate) depth: usize,
    /// The number of steps that are array items or map entries.
    pub(crate) n_repeats: usize,
    /// The number of open attempts at branches.
    pub(crate) n_attempts: usize,
    /// Whether the value is within a shape that must not fit.
    pub(crate) is_negated: bool,
    /// Envelope and status of the response, for its outermost object.
    pub(crate) envelope: Option<(&'p Envelope, u16)>,
    /// Whether the body is a response, not a single value.
    pub(crate) is_answer: bool,
    pub(crate) contradiction: Option<(String, Contradiction, String)>,
    /// Whether the envelope of the response means a refusal.
    pub(crate) is_refusal: bool,
    /// Whether numbers beyond every float were replaced with the largest.
    pub(crate) holds_huge: bool,
    /// Whether a skipped text contains half a surrogate pair. In other texts the parser finds it.
    holds_half: bool,
    /// The reason why we stopped reading, if we did.
    pub(crate) failure: Option<Unreadable>,
}

impl<'p> Pass<'p> {
    pub(crate) fn new(
        plans: &'p Plans,
        nodes: &'p mut Nodes,
        journal: &'p mut Journal,
        side: Side,
    ) -> Self {
        Self {
            plans,
            nodes,
            journal,
            side,
            steps: Vec::new(),
            is_seen: Vec::new(),
            twice: BTreeSet::new(),
            files: None,
            depth: 0,
            n_repeats: 0,
            n_attempts: 0,
            is_negated: false,
            envelope: None,
            is_answer: false,
            contradiction: None,
            is_refusal: false,
            holds_huge: false,
            holds_half: false,
            failure: None,
        }
    }

    /// Configures the pass for a response body and reserves its buffers.
    pub(crate) fn of_answer(mut self, envelope: Option<(&'p Envelope, u16)>) -> Self {
        self.is_answer = true;
        self.envelope = envelope;
        self.steps.reserve(STEPS);
        self.is_seen.reserve(FIELDS);
        self
    }

    pub(crate) fn plan(&self, node: NodeId) -> &'p Plan {
        self.plans.get(self.nodes.plan(node))
    }

    pub(crate) fn allows(&self, node: NodeId, kind: Kind) -> bool {
        let at = self.nodes.plan(node);
        (kind == Kind::Null && at.or_null) || self.plans.get(at).allows(kind)
    }

    /// Counts an observation that is as promised.
    #[inline]
    pub(crate) fn count(&mut self, node: NodeId, fit: Fit) {
        self.journal.count(self.nodes.counter(node, fit));
    }

    /// Records a fact that needs a place or words.
    pub(crate) fn record(&mut self, node: NodeId, fact: Fact, weight: Weight) {
        let steps = &self.steps;
        self.journal.push(node, fact, weight, self.n_repeats > 0, || pointer(steps));
    }

    /// Records a fact about a member of the current value.
    pub(crate) fn record_below(&mut self, node: NodeId, fact: Fact, weight: Weight, name: &'p str) {
        self.steps.push(Step::Field(name));
        self.record(node, fact, weight);
        self.steps.pop();
    }

    /// Records a kind and returns whether it is allowed here.
    pub(crate) fn kind(&mut self, node: NodeId, kind: Kind) -> bool {
        let fits = self.allows(node, kind);
        match fits {
            true => self.count(node, Fit::Kind(kind)),
            false => self.record(node, Fact::Kind(kind), Weight::Breaks),
        }
        fits
    }

    /// Judges `text`, a whole body, at `node`.
    ///
    /// A duplicate name is noticed at the second member, after the first was judged. Then the body
    /// is read again and both members are skipped, since either may be the one that counts.
    pub(crate) fn judge(&mut self, node: NodeId, text: &str) -> Result<(), serde_json::Error> {
        self.judge_any_size(node, text)?;
        if self.holds_half {
            self.failure = Some(Unreadable::BadEncoding);
            return Err(serde::de::Error::custom("half a surrogate pair"));
        }
        Ok(())
    }

    fn judge_any_size(&mut self, node: NodeId, text: &str) -> Result<(), serde_json::Error> {
        match self.read(node, text) {
            Err(error) if Refusal::of(&error) == Refusal::HugeNumber => {
                self.start_over();
                self.holds_huge = true;
                let text = in_range(text);
                self.read(node, &text)?;
                self.judge_twins(node, &text)
            }
            Err(error) => Err(error),
            Ok(()) => self.judge_twins(node, text),
        }
    }

    fn judge_twins(&mut self, node: NodeId, text: &str) -> Result<(), serde_json::Error> {
        if self.twice.is_empty() {
            return Ok(());
        }
        self.start_over();
        self.read(node, text)
    }

    /// Discards the observations of a body that will be read again.
    fn start_over(&mut self) {
        self.journal.clear();
        self.contradiction = None;
        self.steps.clear();
        self.is_seen.clear();
        (self.depth, self.n_repeats, self.n_attempts, self.is_negated) = (0, 0, 0, false);
    }

    /// Returns whether the current member appears twice in its object.
    #[inline]
    pub(crate) fn is_twice(&self) -> bool {
        !self.twice.is_empty() && self.twice.contains(&bare_pointer(&self.steps))
    }

    /// Notes that the current member appears twice in its object.
    pub(crate) fn note_twice(&mut self) {
        self.twice.insert(bare_pointer(&self.steps));
    }

    /// Reads `text`, one whole JSON value, at `node`.
    pub(crate) fn read(&mut self, node: NodeId, text: &str) -> Result<(), serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        At { pass: self, node }.deserialize(&mut deserializer)?;
        deserializer.end()
    }

    /// Reads `text` with a visitor even where it would be held as a slice.
    pub(crate) fn read_through(
        &mut self,
        node: NodeId,
        text: &str,
    ) -> Result<(), serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_any(At { pass: self, node })?;
        deserializer.end()
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            self.failure = Some(Unreadable::TooDeep);
            return Err(E::custom("too deep"));
        }
        self.depth += 1;
        Ok(())
    }

    /// Skims a value without a promise, for its kind and its depth.
    pub(crate) fn skim<E: serde::de::Error>(&mut self, raw: &RawValue) -> Result<Kind, E> {
        if self.depth + nesting(raw.get()) > MAX_DEPTH {
            self.failure = Some(Unreadable::TooDeep);
            return Err(E::custom("too deep"));
        }
        self.skip(raw.get());
        Ok(kind_of(raw.get()))
    }

    /// Skims a JSON text that will not be decoded.
    pub(crate) fn skip(&mut self, text: &str) {
        self.holds_half = self.holds_half || holds_half(text);
    }
}

/// A value at a node.
pub(crate) struct At<'r, 'p> {
    pub(crate) pass: &'r mut Pass<'p>,
    pub(crate) node: NodeId,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.pass.plan(self.node).needs_raw {
            let raw = <&RawValue as serde::Deserialize>::deserialize(deserializer)?;
            return self.pass.held(self.node, raw.get()).map_err(D::Error::custom);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        if self.pass.kind(self.node, Kind::Null) {
            self.pass.judged_by_enum(self.node, &Scalar::Null);
        }
        Ok(())
    }

    fn visit_bool<E>(self, bool: bool) -> Result<(), E> {
        if self.pass.kind(self.node, Kind::Bool) {
            self.pass.judged_by_enum(self.node, &Scalar::Bool(bool));
        }
        Ok(())
    }

    fn visit_i64<E>(self, int: i64) -> Result<(), E> {
        self.pass.int(self.node, i128::from(int));
        Ok(())
    }

    fn visit_u64<E>(self, int: u64) -> Result<(), E> {
        self.pass.int(self.node, i128::from(int));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.pass.number(self.node, number);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.pass.text(self.node, text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        self.pass.enter()?;
        let result = array(self.pass, self.node, items);
        self.pass.depth -= 1;
        result
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        self.pass.enter()?;
        let result = if !self.pass.kind(self.node, Kind::Object) {
            skip(self.pass, members)
        } else if self.pass.plan(self.node).is_tagged() {
            super::tagged::tagged(self.pass, self.node, members)
        } else {
            Object::new(self.pass, self.node).read(members)
        };
        self.pass.depth -= 1;
        result
    }
}

fn array<'de, A: SeqAccess<'de>>(
    pass: &mut Pass<'_>,
    node: NodeId,
    mut items: A,
) -> Result<(), A::Error> {
    let plan = pass.plan(node);
    let item = plan.item.filter(|_| pass.allows(node, Kind::Array));
    let item = item.map(|plan| pass.nodes.child(pass.plans, node, Child::Item, plan));
    let mut n_items = 0;
    pass.n_repeats += 1;
    let result = loop {
        pass.steps.push(Step::Index(n_items));
        let next = match item {
            Some(node) => items.next_element_seed(At { pass, node }).map(|next| next.is_some()),
            None => match items.next_element::<&RawValue>() {
                Ok(Some(raw)) => pass.skim(raw).map(|_| true),
                Ok(None) => Ok(false),
                Err(error) => Err(error),
            },
        };
        pass.steps.pop();
        match next {
            Ok(true) => n_items += 1,
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    pass.n_repeats -= 1;
    result?;
    let kind = if n_items == 0 { Kind::EmptyArray } else { Kind::Array };
    if pass.kind(node, kind) {
        let bounds = &plan.bounds;
        pass.amount(node, n_items as u64, bounds.min_items, bounds.max_items, ITEMS);
    }
    Ok(())
}

pub(crate) const ITEMS: (Stray, Stray) = (Stray::MinItems, Stray::MaxItems);

/// Skips the members of an object that is not promised here.
pub(crate) fn skip<'de, A: MapAccess<'de>>(
    pass: &mut Pass<'_>,
    mut members: A,
) -> Result<(), A::Error> {
    while let Some(name) = members.next_key::<&RawValue>()? {
        pass.skip(name.get());
        let raw = members.next_value::<&RawValue>()?;
        pass.skim(raw)?;
    }
    Ok(())
}

/// Returns the kind of a whole JSON value, from its text.
pub(crate) fn kind_of(raw: &str) -> Kind {
    match raw.as_bytes().first() {
        Some(b'{') => Kind::Object,
        Some(b'[') => match raw.get(1..).map(str::trim_start) {
            Some(rest) if rest.starts_with(']') => Kind::EmptyArray,
            _ => Kind::Array,
        },
        Some(b'"') => Kind::of_text(raw.trim_matches('"')),
        Some(b't' | b'f') => Kind::Bool,
        Some(b'n') => Kind::Null,
        _ if raw.contains(['.', 'e', 'E']) => Kind::Number,
        _ => Kind::Int,
    }
}

/// Returns the depth of a whole JSON value.
fn nesting(raw: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in raw.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
            _ => (),
        }
    }
    deepest
}
