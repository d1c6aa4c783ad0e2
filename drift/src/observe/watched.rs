//! One promised contract and all that was observed against it.

use std::collections::BTreeMap;

use super::journal::Journal;
use super::plan::{PlanRef, Plans};
use super::record::{NodeId, Nodes};
use super::route::{Matched, Routes};
use super::visit::Pass;
use super::{Origin, once};
use crate::contract::{Body, Contract, Media, Operation};
use crate::exchange::Exchange;
use crate::finding::Side;
use crate::shape::Shape;

/// One promised contract and all that was observed against it.
pub(super) struct Watched<'c> {
    pub(super) contract: &'c Contract,
    pub(super) routes: Routes,
    pub(super) observed: Contract,
    pub(super) plans: Plans,
    promised: BTreeMap<Root, PlanRef>,
    nodes: Nodes,
    roots: BTreeMap<Root, NodeId>,
    journal: Journal,
}

/// A value that is judged by itself: a parameter or a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    pub(super) operation: String,
    pub(super) part: Part,
    /// The media type, or the parameter's pointer.
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Parameter,
    Request,
    /// The key of the promise, or the exact status of what was observed.
    Response(String),
}

impl<'c> Watched<'c> {
    pub(super) fn new(contract: &'c Contract) -> Self {
        let mut plans = Plans::default();
        let mut promised = BTreeMap::new();
        for (id, operation) in &contract.operations {
            for (part, name, shape) in roots_of(operation) {
                let plan = plans.add(contract, shape);
                promised.insert(Root { operation: id.clone(), part, name }, plan);
            }
        }
        let operations = contract.operations.iter().map(|(id, operation)| {
            let Operation { method, path, envelope, .. } = operation.clone();
            (id.clone(), Operation { method, path, envelope, ..Operation::default() })
        });
        let observed = Contract {
            name: contract.name.clone(),
            stems: contract.stems.clone(),
            operations: operations.collect(),
            ..Contract::default()
        };
        Self {
            contract,
            routes: Routes::new(contract),
            observed,
            plans,
            promised,
            nodes: Nodes::default(),
            roots: BTreeMap::new(),
            journal: Journal::default(),
        }
    }

    pub(super) fn observe(&mut self, matched: &Matched, exchange: &Exchange<'_>, origin: &Origin<'_>) {
        let contract = self.contract;
        let Some(promised) = contract.operations.get(&matched.operation) else {
            return;
        };
        self.observed.exchanges += 1;
        let operation = self.operation(&matched.operation);
        operation.exchanges.absorb(&once(origin, String::new()));
        let is_refusal = self.answer(&matched.operation, promised, exchange, origin);
        if !is_refusal {
            self.request(matched, promised, &exchange.request, origin);
        }
    }

    /// What was observed of an operation.
    pub(super) fn operation(&mut self, id: &str) -> &mut Operation {
        self.observed.operations.entry(id.to_owned()).or_default()
    }

    /// The node of a root; `promise` names what is promised for it.
    pub(super) fn root(&mut self, root: Root, promise: &Root) -> Option<NodeId> {
        if let Some(known) = self.roots.get(&root) {
            return Some(*known);
        }
        let plan = *self.promised.get(promise)?;
        let node = self.nodes.root(&self.plans, plan);
        self.roots.insert(root, node);
        Some(node)
    }

    pub(super) fn pass(&mut self, side: Side) -> Pass<'_> {
        self.journal.clear();
        Pass::new(&self.plans, &mut self.nodes, &mut self.journal, side)
    }

    /// Takes over what the last pass recorded.
    pub(super) fn commit(&mut self, origin: &Origin<'_>) {
        let origin = (origin.file, origin.line);
        self.nodes.commit(&mut self.journal, origin);
    }

    pub(super) fn finish(mut self) -> Contract {
        for (root, node) in &self.roots {
            let shape = self.nodes.shape(&self.plans, *node);
            let Some(operation) = self.observed.operations.get_mut(&root.operation) else {
                continue;
            };
            let body = match &root.part {
                Part::Parameter => {
                    operation.parameters.entry(root.name.clone()).or_default().shape = shape;
                    continue;
                }
                Part::Request => operation.request.get_or_insert_default(),
                Part::Response(status) => operation.responses.entry(status.clone()).or_default(),
            };
            body.media.entry(root.name.clone()).or_default().shape = shape;
        }
        self.observed
    }
}

fn roots_of(operation: &Operation) -> Vec<(Part, String, &Shape)> {
    fn of_body<'b>(part: &Part, body: &'b Body) -> Vec<(Part, String, &'b Shape)> {
        let of_media = |(name, media): (&String, &'b Media)| (part.clone(), name.clone(), &media.shape);
        body.media.iter().map(of_media).collect()
    }
    let parameters = operation.parameters.iter();
    let mut roots: Vec<(Part, String, &Shape)> =
        parameters.map(|(name, parameter)| (Part::Parameter, name.clone(), &parameter.shape)).collect();
    if let Some(body) = &operation.request {
        roots.extend(of_body(&Part::Request, body));
    }
    for (status, body) in &operation.responses {
        roots.extend(of_body(&Part::Response(status.clone()), body));
    }
    roots
}
