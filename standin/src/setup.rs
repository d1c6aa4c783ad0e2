//! Holds the settings of a stand-in: its subject, and the options for all requests.

use std::sync::Arc;

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::stateless::Stateless;
use crate::vendor::{Prepared, Vendor};

/// Everything that does not change while a stand-in runs.
pub(crate) struct Setup {
    pub(crate) subject: Subject,
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
    pub(crate) page_size: Option<u64>,
    /// The number of a vendor's tickets, or of items in every paged list of a spec alone.
    pub(crate) n_tickets: Option<usize>,
    pub(crate) is_limited: bool,
    pub(crate) is_controlled: bool,
    pub(crate) url: String,
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
