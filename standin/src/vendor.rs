//! Describes a vendor: its spec, and the habits that the spec does not mention.
//!
//! A vendor is a row of tables: how it refuses, who may call, what its operations do. An operation
//! without a deed is answered from its promise alone.

mod hubsoft;
mod tomticket_v1;
mod tomticket_v2;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use prumo_drift::contract::Contract;
use prumo_drift::{Document, Router, read_openapi};
use prumo_spec::openapi::{OpenApi, Operation};
use serde_json::Value;

use crate::fact::Facts;
use crate::record::{Key, RecordKind};
use crate::refusal::{Refusal, Said};
use crate::shelf::Shelf;
use crate::store::Store;
use crate::turn::Turn;
use crate::webhook::Webhook;

pub(crate) use hubsoft::HUBSOFT;
pub(crate) use tomticket_v1::TOMTICKET_V1;
pub(crate) use tomticket_v2::TOMTICKET_V2;

/// A vendor: its spec, and its habits.
pub(crate) struct Vendor {
    /// The name of the spec.
    pub(crate) name: &'static str,
    /// The whole spec in one file.
    pub(crate) spec: &'static str,
    pub(crate) auth: Auth,
    /// The answer to a page behind the last.
    pub(crate) behind: Behind,
    /// The envelope's message in a success.
    pub(crate) done: Option<&'static str>,
    /// Words a refusal.
    pub(crate) say: fn(&Refusal) -> Said,
    pub(crate) deeds: &'static [Deed],
    /// Records without rules of their own.
    pub(crate) shelves: &'static [Shelf],
    /// Records that must exist if a request names them.
    pub(crate) references: &'static [Reference],
    /// The webhooks that its work causes.
    pub(crate) notices: &'static [Notice],
    /// Fills the store before the first request, among others with the given number of tickets.
    pub(crate) furnish: fn(&mut Turn<'_>, usize),
    /// The facts that made-up answers share, such as their customer.
    pub(crate) about: fn(&Store) -> Facts,
    /// The spec, read once a process.
    prepared: OnceLock<Prepared>,
}

/// A vendor's way of authentication.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    /// A caller with the token in the path.
    PathSecret,
    /// A caller with the account's token as a header.
    Bearer,
    /// A caller with a token that this operation issued.
    Login(&'static str),
}

/// The answer to a page behind the last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// No items.
    Empty,
    /// A refusal.
    Refused,
}

/// The work of an operation, which returns the facts of its answer.
pub(crate) struct Deed {
    pub(crate) operation: &'static str,
    pub(crate) act: fn(&mut Turn<'_>) -> Result<Facts, Refusal>,
}

/// A webhook that an operation causes.
pub(crate) struct Notice {
    /// The operation; empty for the webhook that registering a receiver causes.
    pub(crate) operation: &'static str,
    /// The `operationId` of the webhook.
    pub(crate) webhook: &'static str,
    /// Makes its body from the request and the body of the answer.
    pub(crate) body: fn(&Turn<'_>, &Value) -> Option<Value>,
}

/// A parameter or field that holds the number of a record, or a list of numbers.
pub(crate) struct Reference {
    pub(crate) name: &'static str,
    pub(crate) kind: RecordKind,
    /// The sentence of a refusal where there is no such record.
    pub(crate) unknown: &'static str,
}

/// The parts of a spec that requests need.
pub(crate) struct Prepared {
    pub(crate) contract: Contract,
    pub(crate) router: Router,
    /// The number of requests that are accepted in a number of seconds.
    pub(crate) limit: Option<(usize, u32)>,
    /// Operations that need no credential.
    pub(crate) open: BTreeSet<String>,
    pub(crate) webhooks: BTreeMap<String, Webhook>,
}

impl Vendor {
    /// Returns the spec, read on the first call.
    ///
    /// # Errors
    ///
    /// The spec cannot be read, which a test of this crate rules out.
    pub(crate) fn prepared(&'static self) -> std::io::Result<&'static Prepared> {
        if let Some(prepared) = self.prepared.get() {
            return Ok(prepared);
        }
        let prepared = Prepared::read(self.name, self.spec).map_err(std::io::Error::other)?;
        Ok(self.prepared.get_or_init(|| prepared))
    }

    /// Does the work of an operation; `None` if no deed or shelf knows it.
    pub(crate) fn act(
        &self,
        operation: &str,
        turn: &mut Turn<'_>,
    ) -> Option<Result<Facts, Refusal>> {
        if let Err(refusal) = self.look_up(turn) {
            return Some(Err(refusal));
        }
        if let Some(deed) = self.deeds.iter().find(|deed| deed.operation == operation) {
            return Some((deed.act)(turn));
        }
        self.shelves.iter().find_map(|shelf| shelf.act(operation, turn))
    }

    /// Checks that all records named by path and body exist; a query only searches for them.
    fn look_up(&self, turn: &Turn<'_>) -> Result<(), Refusal> {
        let of_shelves = self.shelves.iter().map(|shelf| (shelf.key, shelf.kind, shelf.unknown));
        let references = self.references.iter().map(|it| (it.name, it.kind, it.unknown));
        for (name, kind, unknown) in references.chain(of_shelves) {
            let is_there = |number: &u64| turn.store.get(Key { kind, number: *number }).is_some();
            if !turn.arguments.named_by(name).iter().all(is_there) {
                return Err(Refusal::Unknown(unknown));
            }
        }
        Ok(())
    }
}

impl Prepared {
    fn read(name: &str, spec: &str) -> Result<Self, String> {
        let document =
            Document::parse(&format!("{name}.json"), spec).map_err(|error| error.to_string())?;
        let contract = read_openapi(&document).map_err(|error| error.to_string())?;
        Ok(Self::of(&document, contract))
    }

    /// Adds to a contract what only its document says.
    pub(crate) fn of(document: &Document, contract: Contract) -> Self {
        let api = OpenApi::new(document);
        let limit = api.rate_limit();
        let limit = limit.and_then(|limit| {
            Some((limit.requests.try_into().ok()?, limit.seconds.try_into().ok()?))
        });
        let open = api.operations().filter(Operation::is_public);
        let open = open.map(|operation| operation.id().to_owned()).collect();
        Self { router: Router::new(&contract), contract, limit, open, webhooks: Webhook::read(api) }
    }
}
