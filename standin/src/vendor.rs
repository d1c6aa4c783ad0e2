//! What a vendor is: a spec, and what the spec does not say of it.
//!
//! A vendor is a row of tables: how it refuses, who may ask, what its
//! operations do. What an operation without a deed answers, its promise says.

mod hubsoft;
mod tomticket_v1;
mod tomticket_v2;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use prumo_drift::contract::Contract;
use prumo_drift::{Document, Router, read_openapi};
use prumo_spec::openapi::{OpenApi, Operation};

use crate::fact::Facts;
use crate::record::{Key, RecordKind};
use crate::refusal::{Refusal, Said};
use crate::shelf::Shelf;
use crate::store::Store;
use crate::turn::Turn;

pub(crate) use hubsoft::HUBSOFT;
pub(crate) use tomticket_v1::TOMTICKET_V1;
pub(crate) use tomticket_v2::TOMTICKET_V2;

/// What the spec does not say of a vendor.
pub(crate) struct Vendor {
    /// The spec's name.
    pub(crate) name: &'static str,
    /// The whole spec in one file.
    pub(crate) spec: &'static str,
    pub(crate) auth: Auth,
    /// What stands for a page behind the last.
    pub(crate) behind: Behind,
    /// What the envelope's message says of a success.
    pub(crate) done: Option<&'static str>,
    /// How it says that it refuses.
    pub(crate) say: fn(&Refusal) -> Said,
    pub(crate) deeds: &'static [Deed],
    /// Things of which no more is known than that they are kept.
    pub(crate) shelves: &'static [Shelf],
    /// What is refused, whatever the operation, where it is not there.
    pub(crate) references: &'static [Reference],
    /// Makes what is there from the start: the given number of tickets among it.
    pub(crate) furnish: fn(&mut Turn<'_>, usize),
    /// What answers that are made up are about.
    pub(crate) about: fn(&Store) -> Facts,
    /// What was read of the spec, once a process.
    prepared: OnceLock<Prepared>,
}

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    /// Whoever has the token in the path.
    PathSecret,
    /// Whoever sends the account's token.
    Bearer,
    /// Whoever sends a token that this operation gave out.
    Login(&'static str),
}

/// What stands for a page behind the last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behind {
    /// No items.
    Empty,
    /// A refusal.
    Refused,
}

/// What an operation does, and what its answer then holds.
pub(crate) struct Deed {
    pub(crate) operation: &'static str,
    pub(crate) act: fn(&mut Turn<'_>) -> Result<Facts, Refusal>,
}

/// A name under which requests name a thing, one or a list of them.
pub(crate) struct Reference {
    pub(crate) name: &'static str,
    pub(crate) kind: RecordKind,
    /// What a refusal says where there is none.
    pub(crate) unknown: &'static str,
}

/// What is read of a spec, once a process.
pub(crate) struct Prepared {
    pub(crate) contract: Contract,
    pub(crate) router: Router,
    /// How many requests are taken in how many seconds.
    pub(crate) limit: Option<(usize, u32)>,
    /// Operations that anybody may call.
    pub(crate) open: BTreeSet<String>,
}

impl Vendor {
    /// What the spec says.
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

    /// Does what the operation does; none if nothing is known of that.
    pub(crate) fn act(&self, operation: &str, turn: &mut Turn<'_>) -> Option<Result<Facts, Refusal>> {
        if let Err(refusal) = self.look_up(turn) {
            return Some(Err(refusal));
        }
        if let Some(deed) = self.deeds.iter().find(|deed| deed.operation == operation) {
            return Some((deed.act)(turn));
        }
        self.shelves.iter().find_map(|shelf| shelf.act(operation, turn))
    }

    /// Whether everything is there that the path and the body name; what a query names is searched for.
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
        let document = Document::parse(&format!("{name}.json"), spec).map_err(|error| error.to_string())?;
        let contract = read_openapi(&document).map_err(|error| error.to_string())?;
        Ok(Self::of(&document, contract))
    }

    /// Reads what the contract of a document does not hold.
    pub(crate) fn of(document: &Document, contract: Contract) -> Self {
        let api = OpenApi::new(document);
        let limit = api.rate_limit();
        let limit =
            limit.and_then(|limit| Some((limit.requests.try_into().ok()?, limit.seconds.try_into().ok()?)));
        let open = api.operations().filter(Operation::is_public);
        let open = open.map(|operation| operation.id().to_owned()).collect();
        Self { router: Router::new(&contract), contract, limit, open }
    }
}
