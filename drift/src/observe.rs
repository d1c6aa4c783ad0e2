//! Turns exchanges into an observed contract: a fold that keeps counts and no traffic.
//!
//! Invariants:
//!
//! * Bodies are read straight from their bytes along the promised shape, without building a tree.
//! * Memory is bounded by the contract: unknown names, masks and statuses are kept up to a fixed
//!   number.
//! * The result does not depend on the order of the exchanges, and two results joined are the
//!   result of all their exchanges.
//! * Data that was not recorded gives no finding: an absent body, form or header list is ignored. A
//!   body that the recording says it omits, and an exchange that is not the API's, are counted
//!   ([`LeftOut`]).
//!   Headers of a request or a response are judged only if some are recorded, and only those that
//!   the spec names.
//! * A request that the vendor refused (a status of 400 or more, or a failure by the envelope) is
//!   not judged: its faults are why it was refused.

mod body;
mod counts;
mod message;

use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::contract::{Contract, LeftOut, Unreadable};
use crate::exchange::{Exchange, ExchangeError, ExchangeFault, Head, Item, Request, Response};
use crate::rules::Side;
use crate::shape::{MAX_STRANGERS, Shape, keep_endpoints};

use body::visit::Pass;
use counts::{journal::Journal, plan::Plans, record::Nodes};
use message::answer::{Came, why_unreadable};
use message::observed::ObservedContract;
use message::route::Matched;
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

    /// Adds hosts that count for every contract, beside those of its servers: a name, or a name and
    /// a port.
    pub fn add_hosts(&mut self, hosts: &[String]) {
        for contract in &mut self.contracts {
            let routes = Arc::make_mut(&mut contract.routes);
            hosts.iter().for_each(|host| routes.add_host(host));
        }
    }

    /// Observes one exchange.
    ///
    /// It belongs to the contract that has the named operation, or whose path fits best. If none
    /// does, it is left out if its host is not the API's or if it is a preflight. Otherwise the
    /// contract with most of its path counts it as a stranger.
    pub fn observe(&mut self, exchange: &Exchange<'_>, origin: &Origin<'_>) {
        let found = self.find(exchange);
        match found {
            Some((index, matched)) => {
                if let Some(contract) = self.contracts.get_mut(index) {
                    contract.observe(&matched, exchange, Came::of(exchange), origin);
                }
            }
            None => self.unmatched(exchange, origin),
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
    /// [`Self::observe`] but faster, since most bodies are scanned only once. A request that was
    /// given up before a response came is counted.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Item::read`]; the exchange is then ignored.
    pub fn observe_item(&mut self, item: &Item, origin: &Origin<'_>) -> Result<(), ExchangeError> {
        let head = item.head();
        if !head.is_some_and(|head| self.observe_head(&head, origin)) {
            match item.read() {
                Ok(exchange) => self.observe(&exchange, origin),
                Err(error) if *error.fault() == ExchangeFault::Aborted => {
                    self.leave_out(|left_out| left_out.aborted += 1);
                }
                Err(error) => return Err(error),
            }
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

    fn unmatched(&mut self, exchange: &Exchange<'_>, origin: &Origin<'_>) {
        let request = &exchange.request;
        if let Some(name) = exchange.operation.as_deref() {
            return self.stranger(0, prumo_spec::mask::safe_name(name), origin);
        }
        let is_foreign = self.contracts.iter().all(|one| one.routes.is_foreign(request));
        if let Some(host) = request.host.as_deref().filter(|_| is_foreign) {
            return self.leave_out(|left_out| left_out.see_host(safe_host(host)));
        }
        if is_preflight(request) {
            return self.leave_out(|left_out| left_out.preflights += 1);
        }
        let endpoints = self.contracts.iter().enumerate().map(|(index, contract)| {
            let is_taken = !contract.routes.is_foreign(request);
            (index, is_taken, contract.routes.endpoint(&request.method, &request.path))
        });
        // The first of equally good ones.
        let best = endpoints.rev().max_by_key(|(_, is_taken, one)| (*is_taken, one.n_known));
        if let Some((index, _, endpoint)) = best {
            self.stranger(index, endpoint.name, origin);
        }
    }

    fn stranger(&mut self, index: usize, name: String, origin: &Origin<'_>) {
        if let Some(contract) = self.contracts.get_mut(index) {
            contract.observed.exchanges += 1;
            contract.observed.strangers.entry(name).or_default().see(origin.place(), "");
            keep_endpoints(&mut contract.observed.strangers, MAX_STRANGERS);
        }
    }

    /// Counts what belongs to no contract in the first one.
    fn leave_out(&mut self, count: impl FnOnce(&mut LeftOut)) {
        if let Some(first) = self.contracts.first_mut() {
            count(&mut first.observed.left_out);
        }
    }
}

/// Returns whether a browser asks by itself whether a page may call the API. A recording without
/// headers does not say so, but clients of an API have no other use for the method.
fn is_preflight(request: &Request<'_>) -> bool {
    let headers = &request.headers;
    request.method.eq_ignore_ascii_case("OPTIONS")
        && (!headers.are_recorded() || headers.get("access-control-request-method").is_some())
}

/// Returns a host, masked unless a report may print it: names are public, but some hold an address
/// or an id.
fn safe_host(host: &str) -> String {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    };
    let is_local = name.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback() || ip.is_private());
    let name = if is_local { name.to_owned() } else { prumo_spec::mask::safe_name(name) };
    port.map_or_else(|| name.clone(), |port| format!("{name}:{port}"))
}

/// Observes one JSON text along a promised shape, as a part of a request or a response.
///
/// # Errors
///
/// Returns the reason why the text could not be read.
pub(crate) fn observe_value(
    contract: &Contract,
    promised: &Shape,
    text: &str,
    side: Side,
) -> Result<Shape, Unreadable> {
    let mut plans = Plans::default();
    let plan = plans.add(contract, promised);
    let mut nodes = Nodes::default();
    let node = nodes.root(&plans, plan);
    let mut journal = Journal::default();
    let mut pass = Pass::new(&plans, &mut nodes, &mut journal, side);
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
    let n_faults = journal.score(Default::default()).n_faults;
    read.is_ok() && n_faults == 0
}

impl<'a> Origin<'a> {
    /// Returns the place in the form that [`Tally`](crate::shape::Tally) takes.
    fn place(&self) -> (&'a str, u64) {
        (self.file, self.line)
    }
}
