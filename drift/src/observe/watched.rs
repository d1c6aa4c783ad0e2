//! One promised contract and all that was observed against it.

use std::collections::BTreeMap;

use super::Origin;
use super::answer::Came;
use super::journal::Journal;
use super::plan::{PlanRef, Plans};
use super::record::{NodeId, Nodes};
use super::route::{Matched, Routes};
use super::visit::Pass;
use crate::contract::{Body, Contract, Operation};
use crate::exchange::Exchange;
use crate::finding::Side;
use crate::shape::Shape;

/// One promised contract and all that was observed against it.
pub(super) struct Watched<'c> {
    pub(super) contract: &'c Contract,
    pub(super) routes: Routes,
    pub(super) observed: Contract,
    pub(super) plans: Plans,
    promised: Vec<(Root<'c>, PlanRef)>,
    nodes: Nodes,
    roots: BTreeMap<Root<'c>, NodeId>,
    journal: Journal,
}

/// A value that is judged by itself: a parameter, a header or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root<'a> {
    pub(super) operation: &'a str,
    pub(super) part: Part<'a>,
    /// The media type, or the pointer of the parameter or header.
    pub(super) name: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part<'a> {
    Parameter,
    Request,
    /// An answer, by the key of the promise (`4XX`).
    Promised(&'a str),
    /// An answer, by the status that was observed.
    Answered(u16),
    /// A header of an answer, by the key of the promise.
    PromisedHeader(&'a str),
    /// A header of an answer, by the status that was observed.
    AnsweredHeader(u16),
}

impl<'c> Watched<'c> {
    pub(super) fn new(contract: &'c Contract) -> Self {
        let mut plans = Plans::default();
        let mut promised = Vec::new();
        for (id, operation) in &contract.operations {
            for (part, name, shape) in roots_of(operation) {
                let plan = plans.add(contract, shape);
                promised.push((Root { operation: id, part, name }, plan));
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

    /// Takes in an exchange of which this came as the body of the answer.
    pub(super) fn observe(
        &mut self,
        matched: &Matched,
        exchange: &Exchange<'_>,
        came: Came<'_>,
        origin: &Origin<'_>,
    ) {
        let contract = self.contract;
        let Some(promised) = contract.operations.get(&matched.operation) else {
            return;
        };
        self.observed.exchanges += 1;
        let operation = self.operation(&matched.operation);
        operation.exchanges.see((origin.file, origin.line), "");
        // What the vendor is answered is not the vendor's word.
        let is_refusal = match promised.webhook {
            Some(_) => self.taken(&matched.operation, promised, exchange.response.status, origin),
            None => self.answer(matched, promised, (exchange, came), origin),
        };
        if !is_refusal {
            self.request(matched, promised, &exchange.request, origin);
        }
    }

    /// Takes the answer of an exchange in, and lets the request be.
    pub(super) fn observe_answer(&mut self, matched: &Matched, exchange: &Exchange<'_>, origin: &Origin<'_>) {
        let contract = self.contract;
        let promised = contract.operations.get(&matched.operation);
        // What the vendor is answered is not the vendor's word.
        if let Some(promised) = promised.filter(|promised| promised.webhook.is_none()) {
            self.observed.exchanges += 1;
            self.operation(&matched.operation).exchanges.see((origin.file, origin.line), "");
            self.answer(matched, promised, (exchange, Came::of(exchange)), origin);
        }
    }

    /// Counts how a call of the vendor was answered; it never is a refusal of ours to judge it.
    fn taken(&mut self, id: &str, promised: &Operation, status: u16, origin: &Origin<'_>) -> bool {
        if promised.response_key(status).is_some() {
            self.answered(id, status).seen.see((origin.file, origin.line), "");
        }
        false
    }

    /// What was observed of an operation.
    pub(super) fn operation(&mut self, id: &str) -> &mut Operation {
        self.observed.operations.entry(id.to_owned()).or_default()
    }

    /// The node of a root, if it has one already.
    pub(super) fn known_root(&self, root: Root<'_>) -> Option<NodeId> {
        self.roots.get(&root).copied()
    }

    /// The node of a root; `promise` names what is promised for it.
    pub(super) fn root(&mut self, root: Root<'_>, promise: Root<'_>) -> Option<NodeId> {
        if let Some(known) = self.known_root(root) {
            return Some(known);
        }
        let &(promise, plan) = self.promised.iter().find(|(known, _)| *known == promise)?;
        let part = match root.part {
            Part::Answered(status) => Part::Answered(status),
            Part::AnsweredHeader(status) => Part::AnsweredHeader(status),
            Part::Parameter | Part::Request | Part::Promised(_) | Part::PromisedHeader(_) => promise.part,
        };
        let node = self.nodes.root(&self.plans, plan);
        self.roots.insert(Root { part, ..promise }, node);
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
            let Some(operation) = self.observed.operations.get_mut(root.operation) else {
                continue;
            };
            *shape_of(operation, root) = shape;
        }
        self.observed
    }
}

/// Where an operation keeps what was seen of a root.
fn shape_of<'o>(operation: &'o mut Operation, root: &Root<'_>) -> &'o mut Shape {
    let name = root.name.to_owned();
    let body = match root.part {
        Part::Parameter => return &mut operation.parameters.entry(name).or_default().shape,
        Part::Request => operation.request.get_or_insert_default(),
        Part::Promised(key) | Part::PromisedHeader(key) => {
            operation.responses.entry(key.to_owned()).or_default()
        }
        Part::Answered(status) | Part::AnsweredHeader(status) => {
            operation.responses.entry(status.to_string()).or_default()
        }
    };
    if let Part::PromisedHeader(_) | Part::AnsweredHeader(_) = root.part {
        return &mut body.headers.entry(name).or_default().shape;
    }
    &mut body.media.entry(name).or_default().shape
}

fn roots_of(operation: &Operation) -> Vec<(Part<'_>, &str, &Shape)> {
    fn of_body<'b>(part: Part<'b>, body: &'b Body) -> impl Iterator<Item = (Part<'b>, &'b str, &'b Shape)> {
        body.media.iter().map(move |(name, media)| (part, name.as_str(), &*media.shape))
    }
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|(name, parameter)| (Part::Parameter, name.as_str(), &*parameter.shape));
    let request = operation.request.iter().flat_map(|body| of_body(Part::Request, body));
    let answers = operation.responses.iter().flat_map(|(key, body)| of_body(Part::Promised(key), body));
    let headers = operation.responses.iter().flat_map(|(key, body)| {
        let headers = body.headers.iter();
        headers.map(move |(name, header)| (Part::PromisedHeader(key), name.as_str(), &*header.shape))
    });
    parameters.chain(request).chain(answers).chain(headers).collect()
}
