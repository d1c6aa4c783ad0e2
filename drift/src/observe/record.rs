//! The journal of one body to counts in the observed shapes.
//!
//! Invariant: a recursive shape is unfolded [`MAX_UNFOLDED`] times; what lies deeper is
//! counted at the deepest place that was unfolded. So the nodes are bounded by
//! the contract.

use super::journal::{Fact, Journal};
use super::plan::{PlanRef, Plans};
use crate::document::below;
use crate::finding::Place;
use crate::mask::safe_name;
use crate::shape::{Alternatives, Branch, Field, Kind, Sampled, Scalar, Shape, Tally};

/// How often one shape is unfolded within itself.
const MAX_UNFOLDED: usize = 4;

/// Number of a node; see [`Nodes`].
pub(super) type NodeId = usize;

/// One place of an observed shape.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) plan: PlanRef,
    parent: Option<NodeId>,
    shape: Shape,
    /// Kinds that are as promised: they need no place.
    n_fitting: [u64; Kind::ALL.len()],
    fields: Vec<(Option<NodeId>, Field)>,
    item: Option<NodeId>,
    entries: Option<NodeId>,
    branches: Vec<(Option<NodeId>, Tally)>,
    not: Vec<Option<NodeId>>,
}

/// All places of the shapes observed against one contract.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
}

/// Which child of a node.
#[derive(Clone, Copy, Debug)]
pub(super) enum Child {
    Field(usize),
    Item,
    Entries,
    Branch(usize),
    Not(usize),
}

impl Nodes {
    pub(super) fn plan(&self, node: NodeId) -> PlanRef {
        // Numbers of nodes are only made here, so they are in range.
        self.nodes[node].plan
    }

    pub(super) fn root(&mut self, plans: &Plans, plan: PlanRef) -> NodeId {
        self.make(plans, plan, None)
    }

    fn make(&mut self, plans: &Plans, plan: PlanRef, parent: Option<NodeId>) -> NodeId {
        let promised = plans.get(plan);
        let n_branches = promised.branches.as_ref().map_or(0, |branches| branches.all.len());
        self.nodes.push(Node {
            plan,
            parent,
            shape: Shape::default(),
            n_fitting: [0; Kind::ALL.len()],
            fields: promised.fields.iter().map(|_| (None, Field::default())).collect(),
            item: None,
            entries: None,
            branches: vec![(None, Tally::default()); n_branches],
            not: vec![None; promised.not.len()],
        });
        self.nodes.len() - 1
    }

    /// The child of `node`, made when it is seen first.
    pub(super) fn child(&mut self, plans: &Plans, node: NodeId, child: Child, plan: PlanRef) -> NodeId {
        if let Some(Some(known)) = self.slot(node, child).map(|slot| *slot) {
            return known;
        }
        let made = match self.folded(node, plan) {
            Some(ancestor) => ancestor,
            None => self.make(plans, plan, Some(node)),
        };
        if let Some(slot) = self.slot(node, child) {
            *slot = Some(made);
        }
        made
    }

    /// The node of a field's value, if it was ever seen.
    pub(super) fn known_field(&self, node: NodeId, index: usize) -> Option<NodeId> {
        self.nodes[node].fields.get(index).and_then(|(slot, _)| *slot)
    }

    fn slot(&mut self, node: NodeId, child: Child) -> Option<&mut Option<NodeId>> {
        let node = &mut self.nodes[node];
        match child {
            Child::Field(index) => node.fields.get_mut(index).map(|(slot, _)| slot),
            Child::Item => Some(&mut node.item),
            Child::Entries => Some(&mut node.entries),
            Child::Branch(index) => node.branches.get_mut(index).map(|(slot, _)| slot),
            Child::Not(index) => node.not.get_mut(index),
        }
    }

    /// The nearest ancestor of this plan, when there are enough of them.
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

    /// Takes the facts of a journal over.
    pub(super) fn commit(&mut self, plans: &Plans, journal: &mut Journal, origin: (&str, u64)) {
        for entry in journal.entries.drain(..) {
            let (file, line) = origin;
            let first = entry.pointer.map(|pointer| Place { file: file.to_owned(), line, pointer });
            let tally = Tally { count: entry.count, first };
            let plan = plans.get(self.nodes[entry.node].plan);
            let values = plan.values.as_deref().unwrap_or_default();
            self.nodes[entry.node].take(entry.fact, &tally, values);
        }
        journal.clear();
    }

    /// The observed shape below a node.
    pub(super) fn shape(&self, plans: &Plans, id: NodeId) -> Shape {
        let node = &self.nodes[id];
        let plan = plans.get(node.plan);
        let mut shape = node.shape.clone();
        for (kind, &count) in Kind::ALL.into_iter().zip(&node.n_fitting) {
            if count > 0 {
                shape.kinds.entry(kind).or_default().absorb(&Tally { count, first: None });
            }
        }
        let is_child = |child: &NodeId| self.nodes[*child].parent == Some(id);
        // A branch that was tried in vain leaves nodes of which nothing is known.
        let below = |child: Option<NodeId>| {
            let shape = self.shape(plans, child.filter(is_child)?);
            (shape != Shape::default()).then(|| Box::new(shape))
        };
        for ((child, field), promised) in node.fields.iter().zip(&plan.fields) {
            if field.present == 0 && field.missing.count == 0 {
                continue;
            }
            let shape_below = below(*child).map(|shape| *shape).unwrap_or_default();
            let field = Field { shape: shape_below, ..field.clone() };
            shape.fields.insert(promised.name.clone(), field);
        }
        shape.item = below(node.item);
        shape.entries = below(node.entries);
        let Some(promised) = &plan.branches else {
            return shape;
        };
        let mut branches = std::collections::BTreeMap::new();
        for ((child, chosen), branch) in node.branches.iter().zip(&promised.all) {
            if chosen.count > 0 {
                let shape = below(*child).map(|shape| *shape).unwrap_or_default();
                let values = branch.values.iter().cloned().collect();
                branches.insert(branch.name.clone(), Branch { values, shape, chosen: chosen.clone() });
            }
        }
        if !branches.is_empty() {
            let tag = promised.tag.clone();
            shape.alternatives = Some(Alternatives { tag, branches, ..Alternatives::default() });
        }
        shape
    }
}

impl Node {
    fn take(&mut self, fact: Fact, tally: &Tally, values: &[Scalar]) {
        let seen = &mut self.shape.seen;
        match fact {
            Fact::Kind(kind) if tally.first.is_none() => {
                let count = &mut self.n_fitting[kind as usize];
                *count = count.saturating_add(tally.count);
            }
            Fact::Kind(kind) => self.shape.kinds.entry(kind).or_default().absorb(tally),
            Fact::Mask(kind, mask) => sampled(seen.masks.entry(kind).or_default(), tally, &mask),
            Fact::Value(index) => {
                if let Some(value) = values.get(index) {
                    seen.values.entry(value.clone()).or_default().absorb(tally);
                }
            }
            Fact::Stray(stray, sample) => {
                sampled(seen.strays.entry(stray).or_default(), tally, &sample);
            }
            Fact::Unknown(name, kind) => {
                let name = safe_name(&name);
                sampled(seen.unknown.entry(name).or_default(), tally, kind.phrase());
                seen.bound();
            }
            Fact::Present(index) => {
                if let Some((_, field)) = self.fields.get_mut(index) {
                    field.present = field.present.saturating_add(tally.count);
                }
            }
            Fact::Missing(index) => {
                if let Some((_, field)) = self.fields.get_mut(index) {
                    field.missing.absorb(tally);
                }
            }
            Fact::Twice(name) => {
                seen.twice.entry(name).or_default().absorb(tally);
                seen.bound();
            }
            Fact::Branch(index) => {
                if let Some((_, chosen)) = self.branches.get_mut(index) {
                    chosen.absorb(tally);
                }
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
pub(super) enum Step<'p> {
    /// A member that the plan knows.
    Field(&'p str),
    /// Any other member.
    Name(String),
    /// An array item.
    Index(usize),
}

/// The pointer that the steps lead to, names as they came: for no report.
pub(super) fn bare_pointer(steps: &[Step<'_>]) -> String {
    steps.iter().fold(String::new(), |at, step| match step {
        Step::Field(name) => below(&at, name),
        Step::Name(name) => below(&at, name),
        Step::Index(index) => format!("{at}/{index}"),
    })
}

/// The pointer that the steps lead to.
pub(super) fn pointer(steps: &[Step<'_>]) -> String {
    steps.iter().fold(String::new(), |at, step| match step {
        Step::Field(name) => below(&at, name),
        Step::Name(name) => below(&at, &safe_name(name)),
        Step::Index(index) => format!("{at}/{index}"),
    })
}
