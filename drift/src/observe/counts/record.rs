//! Turns the journal of one body into counts in the observed shapes.
//!
//! Invariant: a recursive shape is unfolded [`MAX_UNFOLDED`] times; deeper values are counted at
//! the deepest unfolded place. So the nodes are bounded by the contract.

use super::journal::{Fact, Fit, Journal};
use super::plan::{PlanRef, Plans};
use crate::finding::Place;
use crate::shape::{Alternatives, Branch, Field, Sampled, Shape, Tally};
use prumo_spec::Kind;
use prumo_spec::document::below;
use prumo_spec::mask::safe_name;

/// The number of times that a shape is unfolded within itself.
const MAX_UNFOLDED: usize = 4;

/// The number of a node; see [`Nodes`].
pub(crate) type NodeId = usize;

/// One place of an observed shape.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) plan: PlanRef,
    parent: Option<NodeId>,
    shape: Shape,
    counters: Counters,
    fields: Vec<Option<NodeId>>,
    /// The places where each field was required and absent.
    missing: Vec<Tally>,
    /// The field that came after each field the last time (first: the field that came first), since
    /// vendors keep their own order.
    followers: Vec<usize>,
    item: Option<NodeId>,
    entries: Option<NodeId>,
    branches: Vec<Option<NodeId>>,
    not: Vec<Option<NodeId>>,
}

/// The first counter of each sort of fact at a node; see [`Nodes::counter`].
#[derive(Clone, Copy, Debug)]
struct Counters {
    kinds: usize,
    values: usize,
    fields: usize,
    branches: usize,
}

/// All places of the shapes observed against one contract.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    nodes: Vec<Node>,
    /// The counters of observations that are as promised.
    counts: Vec<u64>,
}

/// A child of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Child {
    Field(usize),
    Item,
    Entries,
    Branch(usize),
    Not(usize),
}

impl Nodes {
    pub(crate) fn plan(&self, node: NodeId) -> PlanRef {
        // Only this type makes numbers of nodes, so they are in range.
        self.nodes[node].plan
    }

    pub(crate) fn root(&mut self, plans: &Plans, plan: PlanRef) -> NodeId {
        self.make(plans, plan, None)
    }

    fn make(&mut self, plans: &Plans, plan: PlanRef, parent: Option<NodeId>) -> NodeId {
        let promised = plans.get(plan);
        let n_branches = promised.branches.as_ref().map_or(0, |branches| branches.all.len());
        let n_values = promised.values.as_ref().map_or(0, Vec::len);
        let kinds = self.counts.len();
        let values = kinds + Kind::ALL.len();
        let fields = values + n_values;
        let branches = fields + promised.fields.len();
        self.counts.resize(branches + n_branches, 0);
        self.nodes.push(Node {
            plan,
            parent,
            shape: Shape::default(),
            counters: Counters { kinds, values, fields, branches },
            fields: vec![None; promised.fields.len()],
            missing: vec![Tally::default(); promised.fields.len()],
            followers: (0..=promised.fields.len()).collect(),
            item: None,
            entries: None,
            branches: vec![None; n_branches],
            not: vec![None; promised.not.len()],
        });
        self.nodes.len() - 1
    }

    /// Returns the counter of an observation that is as promised.
    pub(crate) fn counter(&self, node: NodeId, fit: Fit) -> usize {
        let counters = &self.nodes[node].counters;
        match fit {
            Fit::Kind(kind) => counters.kinds + kind as usize,
            Fit::Value(index) => counters.values + index,
            Fit::Present(index) => counters.fields + index,
            Fit::Branch(index) => counters.branches + index,
        }
    }

    /// Returns the field that probably comes after `last`, or first.
    pub(crate) fn follower(&self, node: NodeId, last: Option<usize>) -> Option<usize> {
        self.nodes[node].followers.get(last.map_or(0, |last| last + 1)).copied()
    }

    /// Remembers that the field `next` came after `last`.
    pub(crate) fn follows(&mut self, node: NodeId, last: Option<usize>, next: usize) {
        if let Some(follower) = self.nodes[node].followers.get_mut(last.map_or(0, |last| last + 1))
        {
            *follower = next;
        }
    }

    /// Returns a child of `node`, and creates it on first use.
    pub(crate) fn child(
        &mut self,
        plans: &Plans,
        node: NodeId,
        child: Child,
        plan: PlanRef,
    ) -> NodeId {
        match self.slot(node, child) {
            Some(Some(known)) => *known,
            _ => self.new_child(plans, node, child, plan),
        }
    }

    #[cold]
    fn new_child(&mut self, plans: &Plans, node: NodeId, child: Child, plan: PlanRef) -> NodeId {
        let made = match self.folded(node, plan) {
            Some(ancestor) => ancestor,
            None => self.make(plans, plan, Some(node)),
        };
        if let Some(slot) = self.slot(node, child) {
            *slot = Some(made);
        }
        made
    }

    /// Returns the node of a field's value, if the field ever came.
    pub(crate) fn known_field(&self, node: NodeId, index: usize) -> Option<NodeId> {
        self.nodes[node].fields.get(index).copied().flatten()
    }

    fn slot(&mut self, node: NodeId, child: Child) -> Option<&mut Option<NodeId>> {
        let node = &mut self.nodes[node];
        match child {
            Child::Field(index) => node.fields.get_mut(index),
            Child::Item => Some(&mut node.item),
            Child::Entries => Some(&mut node.entries),
            Child::Branch(index) => node.branches.get_mut(index),
            Child::Not(index) => node.not.get_mut(index),
        }
    }

    /// Returns the nearest ancestor with this plan, if there are enough of them.
    fn folded(&self, node: NodeId, plan: PlanRef) -> Option<NodeId> {
        let mut nearest = None;
        let mut n_same = 0;
        let mut next = Some(node);
        while let Some(id) = next {
            if self.nodes[id].plan == plan {
                nearest = nearest.or(Some(id));
                n_same += 1;
            }
            next = self.nodes[id].parent;
        }
        nearest.filter(|_| n_same >= MAX_UNFOLDED)
    }

    /// Commits the facts of a journal.
    pub(crate) fn commit(&mut self, journal: &mut Journal, origin: (&str, u64)) {
        for (counter, count) in journal.counted.drain(..) {
            self.counts[counter] = self.counts[counter].saturating_add(count);
        }
        for entry in journal.entries.drain(..) {
            let (file, line) = origin;
            let place = |pointer| Box::new(Place { file: file.to_owned(), line, pointer });
            let tally = Tally { count: entry.count, first: entry.pointer.map(place) };
            self.nodes[entry.node].take(entry.fact, &tally);
        }
        journal.clear();
    }

    /// Returns the observed shape below a node.
    pub(crate) fn shape(&self, plans: &Plans, id: NodeId) -> Shape {
        let node = &self.nodes[id];
        let plan = plans.get(node.plan);
        let mut shape = node.shape.clone();
        let count = |counter: usize| self.counts.get(counter).copied().unwrap_or_default();
        // Observations that are as promised have no place.
        let tally = |counter: usize| {
            Some(Tally { count: count(counter), first: None }).filter(|it| it.count > 0)
        };
        for kind in Kind::ALL {
            if let Some(tally) = tally(node.counters.kinds + kind as usize) {
                shape.kinds.entry(kind).or_default().absorb(&tally);
            }
        }
        for (index, value) in plan.values.iter().flatten().enumerate() {
            if let Some(tally) = tally(node.counters.values + index) {
                shape.seen.values.insert(value.clone(), tally);
            }
        }
        let is_child = |child: &NodeId| self.nodes[*child].parent == Some(id);
        // A branch that was tried in vain leaves empty nodes.
        let below = |child: Option<NodeId>| {
            let shape = self.shape(plans, child.filter(is_child)?);
            (shape != Shape::default()).then(|| Box::new(shape))
        };
        let fields = node.fields.iter().zip(&node.missing).zip(&plan.fields);
        for (index, ((child, missing), promised)) in fields.enumerate() {
            let present = count(node.counters.fields + index);
            if present == 0 && missing.count == 0 {
                continue;
            }
            let shape_below = below(*child).unwrap_or_default();
            let field =
                Field { present, missing: missing.clone(), shape: shape_below, ..Field::default() };
            shape.fields.insert(promised.name.clone(), field);
        }
        shape.item = below(node.item);
        shape.entries = below(node.entries);
        let Some(promised) = &plan.branches else {
            return shape;
        };
        let mut branches = std::collections::BTreeMap::new();
        for (index, (child, branch)) in node.branches.iter().zip(&promised.all).enumerate() {
            if let Some(chosen) = tally(node.counters.branches + index) {
                let shape = below(*child).unwrap_or_default();
                let values = branch.values.iter().cloned().collect();
                branches.insert(branch.name.clone(), Branch { values, shape, chosen });
            }
        }
        if !branches.is_empty() {
            let tag = promised.tag.clone();
            shape.alternatives =
                Some(Box::new(Alternatives { tag, branches, ..Alternatives::default() }));
        }
        shape
    }
}

impl Node {
    /// Commits a fact that is not as promised.
    fn take(&mut self, fact: Fact, tally: &Tally) {
        let seen = &mut self.shape.seen;
        match fact {
            Fact::Kind(kind) => self.shape.kinds.entry(kind).or_default().absorb(tally),
            Fact::Mask(kind, mask) => sampled(seen.masks.entry(kind).or_default(), tally, &mask),
            Fact::Stray(stray, sample) => {
                sampled(seen.strays.entry(stray).or_default(), tally, &sample);
            }
            Fact::Unknown(name, kind) => {
                let name = safe_name(&name);
                sampled(seen.unknown.entry(name).or_default(), tally, kind.phrase());
                seen.bound();
            }
            Fact::Missing(index) => {
                if let Some(missing) = self.missing.get_mut(index) {
                    missing.absorb(tally);
                }
            }
            Fact::Twice(name) => {
                seen.twice.entry(name).or_default().absorb(tally);
                seen.bound();
            }
        }
    }
}

fn sampled(into: &mut Sampled, tally: &Tally, sample: &str) {
    into.tally.absorb(tally);
    if !sample.is_empty() {
        into.add_sample(sample, tally.count);
    }
}

/// One step of a concrete pointer.
#[derive(Clone, Debug)]
pub(crate) enum Step<'p> {
    /// A member that the plan knows.
    Field(&'p str),
    /// Any other member.
    Name(String),
    /// An array item.
    Index(usize),
}

/// Returns the pointer of the steps with unmasked names, which must not be reported.
pub(crate) fn bare_pointer(steps: &[Step<'_>]) -> String {
    steps.iter().fold(String::new(), |at, step| match step {
        Step::Field(name) => below(&at, name),
        Step::Name(name) => below(&at, name),
        Step::Index(index) => format!("{at}/{index}"),
    })
}

/// Returns the pointer of the steps.
pub(crate) fn pointer(steps: &[Step<'_>]) -> String {
    steps.iter().fold(String::new(), |at, step| match step {
        Step::Field(name) => below(&at, name),
        Step::Name(name) => below(&at, &safe_name(name)),
        Step::Index(index) => format!("{at}/{index}"),
    })
}
