//! Turns a promised contract into numbered plans: references are resolved, and formats and names
//! are looked up once instead of for each value.
//!
//! Invariant: plans refer to each other by number only, so a recursion in the spec is a repeated
//! number.

use std::collections::BTreeMap;

use crate::contract::{Contract, MAX_HOPS};
use crate::shape::{Additional, Bounds, Decimal, Pattern, Rare, Scalar, Shape};
use prumo_spec::Kind;
use prumo_spec::formats::Format;

/// The promise at one place; `or_null` adds null to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlanRef {
    pub(crate) id: usize,
    pub(crate) or_null: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// One bit for each allowed kind, including habits.
    kinds: u16,
    pub(crate) values: Option<Vec<Scalar>>,
    /// Whether a value outside of `values` is judged as if there were none.
    pub(crate) is_extensible_enum: bool,
    pub(crate) format: Option<&'static Format>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) bounds: Rare<Bounds>,
    /// The exact step of `bounds`.
    pub(crate) step: Option<Decimal>,
    /// The fields, sorted by name.
    pub(crate) fields: Vec<FieldPlan>,
    pub(crate) members: Members,
    pub(crate) item: Option<PlanRef>,
    pub(crate) branches: Option<Branches>,
    pub(crate) not: Vec<PlanRef>,
    /// The value must be held as text before it can be judged.
    pub(crate) needs_raw: bool,
}

#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) name: String,
    pub(crate) plan: PlanRef,
    pub(crate) required: bool,
    pub(crate) is_read_only: bool,
    pub(crate) is_write_only: bool,
}

/// The promise for members that the spec does not name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Members {
    /// Undescribed: an unknown member is recorded.
    #[default]
    Unsaid,
    /// Forbidden: an unknown member is recorded, and the value does not fit.
    Closed,
    /// Any members are allowed.
    Free,
    /// The members are entries of a map.
    Entries(PlanRef),
}

#[derive(Debug)]
pub(crate) struct Branches {
    pub(crate) tag: Option<String>,
    /// Exactly one branch must fit.
    pub(crate) is_exclusive: bool,
    pub(crate) all: Vec<BranchPlan>,
}

#[derive(Debug)]
pub(crate) struct BranchPlan {
    pub(crate) name: String,
    pub(crate) values: Vec<Scalar>,
    pub(crate) plan: PlanRef,
}

impl Plan {
    pub(crate) fn allows(&self, kind: Kind) -> bool {
        self.kinds & (1 << kind as u16) != 0
    }

    /// Returns whether only whole numbers are allowed.
    pub(crate) fn takes_only_ints(&self) -> bool {
        self.allows(Kind::Int) && !self.allows(Kind::Number)
    }

    /// Returns the position of a field in `fields`.
    pub(crate) fn field(&self, name: &str) -> Option<usize> {
        self.fields.binary_search_by(|field| field.name.as_str().cmp(name)).ok()
    }

    /// Returns whether a member with this name is promised, as a field or as an entry of a map.
    pub(crate) fn knows(&self, name: &str) -> bool {
        matches!(self.members, Members::Free | Members::Entries(_)) || self.field(name).is_some()
    }

    pub(crate) fn is_tagged(&self) -> bool {
        self.branches.as_ref().is_some_and(|branches| branches.tag.is_some())
    }
}

/// All plans of one contract.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    plans: Vec<Plan>,
    names: BTreeMap<String, PlanRef>,
    /// Named shapes whose plan has a number but is not filled yet. Names may lead to names beyond
    /// any stack, so filling one never fills another.
    waiting: Vec<(String, usize)>,
}

impl Plans {
    pub(crate) fn get(&self, at: PlanRef) -> &Plan {
        // `add` made every reference, so it is in range.
        &self.plans[at.id]
    }

    /// Adds plans for a shape and everything that it refers to.
    pub(crate) fn add(&mut self, contract: &Contract, shape: &Shape) -> PlanRef {
        let at = self.numbered(contract, shape);
        // A handwritten contract may refer to a missing name, which allows any value.
        let any = Shape::any();
        while let Some((name, id)) = self.waiting.pop() {
            self.fill(contract, contract.shapes.get(&name).unwrap_or(&any), id);
        }
        at
    }

    fn numbered(&mut self, contract: &Contract, shape: &Shape) -> PlanRef {
        if let Some(at) = self.referred(contract, shape) {
            return at;
        }
        let id = self.reserve();
        self.fill(contract, shape, id);
        PlanRef { id, or_null: false }
    }

    fn reserve(&mut self) -> usize {
        self.plans.push(Plan::default());
        self.plans.len() - 1
    }

    /// Follows a shape that is only a reference.
    fn referred(&mut self, contract: &Contract, shape: &Shape) -> Option<PlanRef> {
        if shape.references.len() != 1 {
            return None;
        }
        let mut name = shape.references.first()?;
        let mut or_null = shape.kinds.contains_key(&Kind::Null);
        let mut named = contract.shapes.get(name);
        for _ in 0..MAX_HOPS {
            let Some(next) = named.filter(|shape| shape.references.len() == 1) else {
                break;
            };
            or_null |= next.kinds.contains_key(&Kind::Null);
            name = next.references.first()?;
            named = contract.shapes.get(name);
        }
        if let Some(known) = self.names.get(name) {
            return Some(PlanRef { or_null: or_null || known.or_null, ..*known });
        }
        let id = self.reserve();
        self.names.insert(name.clone(), PlanRef { id, or_null: false });
        self.waiting.push((name.clone(), id));
        Some(PlanRef { id, or_null })
    }

    fn fill(&mut self, contract: &Contract, shape: &Shape, id: usize) {
        let mut fields = Vec::with_capacity(shape.fields.len());
        for (name, field) in &shape.fields {
            fields.push(FieldPlan {
                name: name.clone(),
                plan: self.numbered(contract, &field.shape),
                required: field.required,
                is_read_only: field.is_read_only,
                is_write_only: field.is_write_only,
            });
        }
        let members = match (shape.additional, shape.entries.as_deref()) {
            (Additional::Closed, _) => Members::Closed,
            (Additional::Entries, Some(entries)) if *entries != Shape::any() => {
                Members::Entries(self.numbered(contract, entries))
            }
            (Additional::Entries, _) => Members::Free,
            (Additional::Unsaid, _) if shape.is_free_form() => Members::Free,
            (Additional::Unsaid, _) => Members::Unsaid,
        };
        let item = shape.item.as_deref().map(|item| self.numbered(contract, item));
        let not = shape.not.iter().map(|not| self.numbered(contract, not)).collect::<Vec<_>>();
        let branches = self.branches(contract, shape);
        let is_tried = branches.as_ref().is_some_and(|branches| branches.tag.is_none());
        // Whether a list or an object is one of these shows only in its text.
        let has_values = shape.values.is_some()
            && [Kind::Array, Kind::Object].iter().any(|kind| shape.allows(*kind));
        self.plans[id] = Plan {
            kinds: allowed(shape),
            values: shape.values.as_ref().map(|values| values.iter().cloned().collect()),
            is_extensible_enum: shape.is_extensible_enum,
            format: shape.format.as_deref().and_then(Format::named),
            patterns: shape.patterns.clone(),
            bounds: shape.bounds.clone(),
            step: shape.bounds.multiple_of.and_then(Decimal::of_float),
            fields,
            members,
            item,
            needs_raw: is_tried
                || has_values
                || !not.is_empty()
                || shape.bounds.unique_items
                || shape.bounds.are_wide(),
            branches,
            not,
        };
    }

    fn branches(&mut self, contract: &Contract, shape: &Shape) -> Option<Branches> {
        let mut all = Vec::new();
        if let Some(alternatives) = &shape.alternatives {
            for (name, branch) in &alternatives.branches {
                all.push(BranchPlan {
                    name: name.clone(),
                    values: branch.values.iter().cloned().collect(),
                    plan: self.numbered(contract, &branch.shape),
                });
            }
            let tag = alternatives.tag.clone();
            return Some(Branches { tag, is_exclusive: alternatives.is_exclusive, all });
        }
        // Joined promises that refer to different shapes.
        if shape.references.len() < 2 {
            return None;
        }
        for name in &shape.references {
            let plan = self.numbered(contract, &Shape::reference(name));
            all.push(BranchPlan { name: name.clone(), values: Vec::new(), plan });
        }
        Some(Branches { tag: None, is_exclusive: false, all })
    }
}

fn allowed(shape: &Shape) -> u16 {
    let is_mix = shape.references.len() > 1;
    Kind::ALL
        .into_iter()
        .filter(|&kind| is_mix || shape.allows(kind))
        .map(|kind| 1 << kind as u16)
        .sum()
}
