//! Holds the settings of a stand-in: its subject, and the options for all requests.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::courier::Address;
use crate::credentials::Credentials;
use crate::stateless::Stateless;
use crate::vendor::{Prepared, Vendor};

/// Everything that does not change while a stand-in runs.
pub(crate) struct Setup {
    pub(crate) subject: Subject,
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) page_size: Option<u64>,
    pub(crate) is_limited: bool,
    pub(crate) is_controlled: bool,
    /// The time after which a connection ends on which nothing comes.
    pub(crate) idle_timeout: Duration,
    /// The receiver of webhooks.
    pub(crate) webhooks_to: Option<Address>,
    pub(crate) url: String,
}

/// The state to start from, and to return to on a reset.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    /// The seed of ids, made-up answers and faults by chance.
    pub(crate) seed: u64,
    /// The number of a vendor's tickets, or of items in every paged list of a spec alone.
    pub(crate) n_tickets: Option<usize>,
    /// The lifetime of a token.
    pub(crate) token_lifetime: Duration,
}

/// The API that a stand-in imitates.
pub(crate) enum Subject {
    /// A vendor whose habits are known, with state.
    Vendor(&'static Vendor, &'static Prepared),
    /// A spec, without state.
    Spec(Arc<Stateless>),
}

impl Subject {
    /// Returns the name for errors: the vendor's name or the spec's file.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Vendor(vendor, _) => vendor.name,
            Self::Spec(spec) => spec.name(),
        }
    }

    /// Returns the parts of the spec that requests need.
    pub(crate) fn prepared(&self) -> &Prepared {
        match self {
            Self::Vendor(_, prepared) => prepared,
            Self::Spec(spec) => &spec.prepared,
        }
    }
}
