//! Keeps one promised contract and the observations along it.
//!
//! Invariant: operations, and the parameters of each, are numbered in the order of the contract and
//! looked up by that number, so that a look-up for each exchange compares no names.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Came;
use super::route::{Matched, Routes};
use crate::contract::{self, Body, Contract, Parameter};
use crate::exchange::Exchange;
use crate::observe::Origin;
use crate::observe::body::visit::Pass;
use crate::observe::counts::journal::Journal;
use crate::observe::counts::plan::{PlanRef, Plans};
use crate::observe::counts::record::{Child, NodeId, Nodes};
use crate::rules::Side;
use crate::shape::Shape;
use prumo_spec::Kind;

/// One promised contract and the observations along it.
pub(crate) struct ObservedContract<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) routes: Arc<Routes>,
    /// Observations that belong to no operation; those of operations are added at the end.
    pub(crate) observed: Contract,
    operations: Vec<Seen<'c>>,
    pub(crate) plans: Arc<Plans>,
    promised: Arc<[(Root<'c>, PlanRef)]>,
    nodes: Nodes,
    roots: BTreeMap<Root<'c>, NodeId>,
    journal: Journal,
}

/// One operation and the observations of it.
pub(crate) struct Seen<'c> {
    id: &'c str,
    promised: &'c contract::Operation,
    /// Everything except parameters and responses.
    pub(crate) observed: contract::Operation,
    /// Its parameters in order, as far as they occurred.
    parameters: Vec<Option<Parameter>>,
    /// Its responses by status.
    pub(crate) answers: BTreeMap<u16, Body>,
}

/// A value that is judged separately: a parameter, a header or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root<'a> {
    /// The position of the operation in the contract.
    pub(crate) operation: usize,
    pub(crate) part: Part<'a>,
    /// The media type, or the pointer of the parameter or header.
    pub(crate) name: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part<'a> {
    /// A parameter, by its position.
    Parameter(usize),
    Request,
    /// A response, by the key of the promise (`4XX`).
    Promised(&'a str),
    /// A response, by the observed status.
    Answered(u16),
    /// A header of a response, by the key of the promise.
    PromisedHeader(&'a str),
    /// A header of a response, by the observed status.
    AnsweredHeader(u16),
}

impl<'c> ObservedContract<'c> {
    pub(crate) fn new(contract: &'c Contract) -> Self {
        let mut plans = Plans::default();
        let mut promised = Vec::new();
        for (number, operation) in contract.operations.values().enumerate() {
            for (part, name, shape) in roots_of(operation) {
                let plan = plans.add(contract, shape);
                promised.push((Root { operation: number, part, name }, plan));
            }
        }
        Self::planned(contract, Routes::new(contract).into(), plans.into(), promised.into())
    }

    /// Returns one without observations that shares what was read of the contract.
    pub(crate) fn another(&self) -> Self {
        let (routes, plans) = (Arc::clone(&self.routes), Arc::clone(&self.plans));
        Self::planned(self.contract, routes, plans, Arc::clone(&self.promised))
    }

    fn planned(
        contract: &'c Contract,
        routes: Arc<Routes>,
        plans: Arc<Plans>,
        promised: Arc<[(Root<'c>, PlanRef)]>,
    ) -> Self {
        let observed = Contract {
            name: contract.name.clone(),
            stems: contract.stems.clone(),
            ..Contract::default()
        };
        Self {
            contract,
            routes,
            observed,
            operations: contract
                .operations
                .iter()
                .map(|(id, promised)| Seen::new(id, promised))
                .collect(),
            plans,
            promised,
            nodes: Nodes::default(),
            roots: BTreeMap::new(),
            journal: Journal::default(),
        }
    }

    /// Observes an exchange whose response has this body.
    pub(crate) fn observe(
        &mut self,
        matched: &Matched<'_>,
        exchange: &Exchange<'_>,
        came: Came<'_>,
        origin: &Origin<'_>,
    ) {
        let promised = self.count(matched, origin);
        if lacks_body(promised, exchange) {
            self.observed.left_out.bodies += 1;
        }
        // Replies to webhooks come from the customer, so they are not judged.
        let is_refusal = match promised.webhook {
            Some(_) => self.taken(matched.operation, promised, exchange.response.status, origin),
            None => self.answer(matched, promised, (exchange, came), origin),
        };
        if !is_refusal {
            self.request(matched, promised, &exchange.request, origin);
        }
    }

    /// Observes the response of an exchange, but not the request.
    pub(crate) fn observe_answer(
        &mut self,
        matched: &Matched<'_>,
        exchange: &Exchange<'_>,
        origin: &Origin<'_>,
    ) {
        // Replies to webhooks come from the customer, so they are not judged.
        if self.promised(matched.operation).webhook.is_none() {
            let promised = self.count(matched, origin);
            self.answer(matched, promised, (exchange, Came::of(exchange)), origin);
        }
    }

    /// Counts an exchange and returns its promise.
    fn count(&mut self, matched: &Matched<'_>, origin: &Origin<'_>) -> &'c contract::Operation {
        self.observed.exchanges += 1;
        let operation = self.operation(matched.operation);
        operation.observed.exchanges.see(origin.place(), "");
        operation.promised
    }

    /// Counts our reply to a webhook; always returns `false`.
    fn taken(
        &mut self,
        id: usize,
        promised: &contract::Operation,
        status: u16,
        origin: &Origin<'_>,
    ) -> bool {
        if promised.response_key(status).is_some() {
            self.answered(id, status).seen.see(origin.place(), "");
        }
        false
    }

    /// Returns the promise for an operation.
    pub(crate) fn promised(&self, id: usize) -> &'c contract::Operation {
        // `Routes` numbered the operations from the same contract.
        self.operations[id].promised
    }

    /// Returns the observations of an operation.
    pub(crate) fn operation(&mut self, id: usize) -> &mut Seen<'c> {
        &mut self.operations[id]
    }

    /// Returns the node of a root, if it has one already.
    pub(crate) fn known_root(&self, root: Root<'_>) -> Option<NodeId> {
        self.roots.get(&root).copied()
    }

    /// Returns the node of a root, with the promise of the root `promise`.
    pub(crate) fn root(&mut self, root: Root<'_>, promise: Root<'_>) -> Option<NodeId> {
        if let Some(known) = self.known_root(root) {
            return Some(known);
        }
        let &(promise, plan) = self.promised.iter().find(|(known, _)| *known == promise)?;
        let part = match root.part {
            Part::Answered(status) => Part::Answered(status),
            Part::AnsweredHeader(status) => Part::AnsweredHeader(status),
            Part::Parameter(_) | Part::Request | Part::Promised(_) | Part::PromisedHeader(_) => {
                promise.part
            }
        };
        let node = self.nodes.root(&self.plans, plan);
        self.roots.insert(Root { part, ..promise }, node);
        Some(node)
    }

    /// Returns the node by which an item of a stream is judged: that of the items if the whole
    /// stream is promised as a list.
    pub(crate) fn stream_item(&mut self, node: NodeId, text: &str) -> NodeId {
        let plan = self.plans.get(self.nodes.plan(node));
        let is_list = plan.allows(Kind::Array) && !plan.allows(Kind::Object);
        match plan.item.filter(|_| is_list && !text.starts_with('[')) {
            Some(item) => self.nodes.child(&self.plans, node, Child::Item, item),
            None => node,
        }
    }

    pub(crate) fn pass(&mut self, side: Side) -> Pass<'_> {
        self.journal.clear();
        Pass::new(&self.plans, &mut self.nodes, &mut self.journal, side)
    }

    /// Commits the facts of the last pass.
    pub(crate) fn commit(&mut self, origin: &Origin<'_>) {
        let origin = origin.place();
        self.nodes.commit(&mut self.journal, origin);
    }

    pub(crate) fn finish(mut self) -> Contract {
        for (root, node) in &self.roots {
            let shape = self.nodes.shape(&self.plans, *node);
            if let Some(operation) = self.operations.get_mut(root.operation) {
                *operation.shape(root) = shape;
            }
        }
        let operations = self.operations.into_iter().map(Seen::finish).collect();
        Contract { operations, ..self.observed }
    }
}

impl<'c> Seen<'c> {
    fn new(id: &'c str, promised: &'c contract::Operation) -> Self {
        let contract::Operation { method, path, envelope, .. } = promised.clone();
        Self {
            id,
            promised,
            observed: contract::Operation {
                method,
                path,
                envelope,
                ..contract::Operation::default()
            },
            parameters: vec![None; promised.parameters.len()],
            answers: BTreeMap::new(),
        }
    }

    /// Returns the observations of a parameter, by its position.
    pub(crate) fn parameter(&mut self, index: usize) -> &mut Parameter {
        // The list is as long as that of the promise, which numbered the parameters.
        self.parameters[index].get_or_insert_default()
    }

    /// Returns the place for the shape of a root.
    fn shape(&mut self, root: &Root<'_>) -> &mut Shape {
        let name = root.name.to_owned();
        let body = match root.part {
            Part::Parameter(index) => return &mut self.parameter(index).shape,
            Part::Request => self.observed.request.get_or_insert_default(),
            // Responses are never observed under the promise's key.
            Part::Promised(key) | Part::PromisedHeader(key) => {
                self.observed.responses.entry(key.to_owned()).or_default()
            }
            Part::Answered(status) | Part::AnsweredHeader(status) => {
                self.answers.entry(status).or_default()
            }
        };
        if let Part::PromisedHeader(_) | Part::AnsweredHeader(_) = root.part {
            return &mut body.headers.entry(name).or_default().shape;
        }
        &mut body.media.entry(name).or_default().shape
    }

    /// Returns the operation and its id, for the contract.
    fn finish(self) -> (String, contract::Operation) {
        let pointers = self.promised.parameters.keys().cloned();
        let parameters =
            pointers.zip(self.parameters).filter_map(|(pointer, seen)| Some((pointer, seen?)));
        let answers = self.answers.into_iter().map(|(status, seen)| (status.to_string(), seen));
        let mut observed = self.observed;
        observed.parameters.extend(parameters);
        observed.responses.extend(answers);
        (self.id.to_owned(), observed)
    }
}

/// Returns whether a body of an exchange is missing from the recording, so that it can't be judged.
fn lacks_body(promised: &contract::Operation, exchange: &Exchange<'_>) -> bool {
    let Exchange { request, response, .. } = exchange;
    let is_bodiless = exchange.is_bodiless() || promised.webhook.is_some();
    (request.is_body_omitted && promised.request.is_some())
        || (response.is_body_omitted && !is_bodiless)
}

fn roots_of(operation: &contract::Operation) -> Vec<(Part<'_>, &str, &Shape)> {
    fn of_body<'b>(
        part: Part<'b>,
        body: &'b Body,
    ) -> impl Iterator<Item = (Part<'b>, &'b str, &'b Shape)> {
        body.media.iter().map(move |(name, media)| (part, name.as_str(), &*media.shape))
    }
    let parameters = operation.parameters.iter().enumerate();
    let parameters = parameters.map(|(index, (name, parameter))| {
        (Part::Parameter(index), name.as_str(), &*parameter.shape)
    });
    let request = operation.request.iter().flat_map(|body| of_body(Part::Request, body));
    let answers =
        operation.responses.iter().flat_map(|(key, body)| of_body(Part::Promised(key), body));
    let headers = operation.responses.iter().flat_map(|(key, body)| {
        let headers = body.headers.iter();
        headers
            .map(move |(name, header)| (Part::PromisedHeader(key), name.as_str(), &*header.shape))
    });
    parameters.chain(request).chain(answers).chain(headers).collect()
}
