//! Turns exchanges into an observed contract: a fold that keeps counts and no traffic.
//!
//! Invariants:
//!
//! * Bodies are read straight from their bytes along the promised shape, without building a tree.
//! * Memory is bounded by the contract: unknown names, masks and statuses are kept up to a fixed
//!   number.
//! * The result does not depend on the order of the exchanges, and two results joined are the
//!   result of all their exchanges.
//! * Data that was not recorded gives no finding: an absent body, form or header list is ignored.
//!   Headers of a request or a response are judged only if some are recorded, and only those that
//!   the spec names.
//! * A request that the vendor refused (a status of 400 or more, or a failure by the envelope) is
//!   not judged: its faults are why it was refused.

mod body;
mod counts;
mod message;

use std::collections::BTreeSet;

use crate::contract::{Contract, Unreadable};
use crate::exchange::{Exchange, ExchangeError, Head, Item, Response};
use crate::rules::Side;
use crate::shape::Shape;
use crate::shape::bound;

use body::visit::Pass;
use counts::{journal::Journal, plan::Plans, record::Nodes};
use message::answer::{Came, why_unreadable};
use message::observed::ObservedContract;
use message::route::{self, Matched};
pub use message::route::{Router, Taken};

/// The place of an exchange in the input.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The name of the file in reports.
    pub file: &'a str,
    /// 1-based line.
    pub line: u64,
}

/// An observation of exchanges along one or more promised contracts.
pub struct Observation<'c> {
    contracts: Vec<ObservedContract<'c>>,
}

impl<'c> Observation<'c> {
    /// Prepares to observe against these contracts.
    pub fn new(contracts: &[&'c Contract]) -> Self {
        Self {
            contracts: contracts.iter().map(|contract| ObservedContract::new(contract)).collect(),
        }
    }

    /// Prepares another observation against the same contracts, which shares with this one what
    /// was read of them. So observing in several threads takes the memory of one.
    pub fn another(&self) -> Self {
        Self { contracts: self.contracts.iter().map(ObservedContract::another).collect() }
    }

    /// Observes one exchange.
    ///
    /// It belongs to the contract that has the named operation, or whose path fits best. If none
    /// does, the first contract counts it as a stranger.
    pub fn observe(&mut self, exchange: &Exchange<'_>, origin: &Origin<'_>) {
        let found = self.find(exchange);
        match found {
            Some((index, matched)) => {
                if let Some(contract) = self.contracts.get_mut(index) {
                    contract.observe(&matched, exchange, Came::of(exchange), origin);
                }
            }
            None => self.stranger(exchange, origin),
        }
    }

    /// Observes one response of which only the operation is known.
    ///
    /// The request is not judged, and a response to an operation that no contract has is ignored.
    pub fn observe_answer(&mut self, operation: &str, answer: Response<'_>, origin: &Origin<'_>) {
        let exchange = Exchange::of_answer(operation, answer);
        if let Some((index, matched)) = self.find(&exchange) {
            if let Some(contract) = self.contracts.get_mut(index) {
                contract.observe_answer(&matched, &exchange, origin);
            }
        }
    }

    /// Reads an exchange of a stream and observes it, like [`Item::read`] followed by
    /// [`Self::observe`] but faster, since most bodies are scanned only once.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Item::read`]; the exchange is then ignored.
    pub fn observe_item(&mut self, item: &Item, origin: &Origin<'_>) -> Result<(), ExchangeError> {
        let head = item.head();
        if !head.is_some_and(|head| self.observe_head(&head, origin)) {
            self.observe(&item.read()?, origin);
        }
        Ok(())
    }

    /// Observes an exchange whose body was not read, and returns whether it could: its body must be
    /// promised JSON.
    fn observe_head(&mut self, head: &Head<'_>, origin: &Origin<'_>) -> bool {
        let Some((index, matched)) = self.find(&head.exchange) else {
            return false;
        };
        let Some(contract) = self.contracts.get_mut(index) else {
            return false;
        };
        let Some(came) = contract.unread_body(&matched, head, origin) else {
            return false;
        };
        contract.observe(&matched, &head.exchange, came, origin);
        true
    }

    /// Returns the observed contracts, one for each promise and in the same order.
    pub fn finish(self) -> Vec<Contract> {
        self.contracts.into_iter().map(ObservedContract::finish).collect()
    }

    fn find<'e>(&self, exchange: &'e Exchange<'_>) -> Option<(usize, Matched<'e>)> {
        let named = exchange.operation.as_deref();
        self.contracts
            .iter()
            .enumerate()
            .filter_map(|(index, contract)| {
                let matched = contract.routes.find(named, &exchange.request)?;
                Some((index, matched))
            })
            // The first of equally good ones.
            .rev()
            .max_by(|(_, a), (_, b)| a.rank.cmp(&b.rank))
    }

    fn stranger(&mut self, exchange: &Exchange<'_>, origin: &Origin<'_>) {
        let literals: BTreeSet<&str> =
            self.contracts.iter().flat_map(|contract| contract.routes.literals()).collect();
        let name = match exchange.operation.as_deref() {
            Some(name) => prumo_spec::mask::safe_name(name),
            None => {
                let method = prumo_spec::mask::safe_method(&exchange.request.method.to_uppercase());
                format!("{method} {}", route::masked(&exchange.request.path, &literals))
            }
        };
        if let Some(first) = self.contracts.first_mut() {
            first.observed.exchanges += 1;
            first.observed.strangers.entry(name).or_default().see(origin.place(), "");
            bound(&mut first.observed.strangers);
        }
    }
}

/// Observes one JSON text along a promised shape.
///
/// # Errors
///
/// Returns the reason why the text could not be read.
pub(crate) fn observe_value(
    contract: &Contract,
    promised: &Shape,
    text: &str,
) -> Result<Shape, Unreadable> {
    let mut plans = Plans::default();
    let plan = plans.add(contract, promised);
    let mut nodes = Nodes::default();
    let node = nodes.root(&plans, plan);
    let mut journal = Journal::default();
    let mut pass = Pass::new(&plans, &mut nodes, &mut journal, Side::Response);
    let read = pass.judge(node, text);
    let failure = pass.failure;
    read.map_err(|error| failure.unwrap_or_else(|| why_unreadable(text, &error)))?;
    nodes.commit(&mut journal, ("", 1));
    Ok(nodes.shape(&plans, node))
}

/// Returns whether one JSON text obeys a promised shape in the sense of a JSON Schema validator.
///
/// Members that the spec does not forbid are no fault here, and neither are values that only the
/// client's types can't hold. A text that is not JSON obeys no shape.
///
/// * `contract`: has the shapes that `promised` refers to.
/// * `text`: one JSON value, judged as a response body or a part of one.
pub fn obeys(contract: &Contract, promised: &Shape, text: &str) -> bool {
    let mut plans = Plans::default();
    let plan = plans.add(contract, promised);
    let mut nodes = Nodes::default();
    let node = nodes.root(&plans, plan);
    let mut journal = Journal::default();
    let read = Pass::new(&plans, &mut nodes, &mut journal, Side::Response).judge(node, text);
    let (n_faults, _) = journal.score(Default::default());
    read.is_ok() && n_faults == 0
}

impl<'a> Origin<'a> {
    /// Returns the place in the form that [`Tally`](crate::shape::Tally) takes.
    fn place(&self) -> (&'a str, u64) {
        (self.file, self.line)
    }
}
