//! Turns recorded HTTP exchanges and an OpenAPI document into findings: where
//! an API leaves its contract, how often, and how badly for a caller.
//!
//! The way through the crate: [`Document`] → [`read_openapi`] gives what is
//! promised; [`exchange::split`] or [`read_exchange`] → [`Observer`] gives what
//! was observed; [`compare()`] gives findings, [`Waivers`] silence the known
//! ones, [`Report`] prints the rest. [`Redactor`] makes a recording fit to commit.
//!
//! Invariants:
//!
//! * Nothing here opens a file or a socket, reads a clock or prints.
//! * No input makes it panic or recurse without bound.
//! * No finding and no error carries a vendor's value.

pub mod document;

pub use document::{Document, DocumentError, DocumentFault, Position, below, merge_patch};

pub mod exchange;

pub use exchange::{Exchange, ExchangeError, read_exchange};

pub mod contract;
pub mod finding;
pub mod rules;
pub mod shape;

pub use contract::{Contract, ContractFile, ContractFileError};
pub use finding::{Finding, Identity, Place, Severity, Side};
pub use rules::{RULES, Reading, Rule, RuleRow, Scope};
pub use shape::{Kind, Scalar, Shape, Tally};

pub mod formats;
pub mod mask;
pub mod observe;
pub mod openapi;

pub use openapi::names::{RESERVED_METHODS, invented_name, method_key};
pub use openapi::{SpecError, SpecFault, read_openapi};

pub mod redact;
pub mod report;

pub use redact::{Redactor, Sensitive};
pub use report::{Report, Totals};

pub mod compare;

pub use compare::{OperationCoverage, compare, coverage, covered, judge_value, was_seen};
pub use observe::{Observer, Origin, Router, Taken, obeys};

pub mod baseline;
pub mod waivers;

pub use baseline::{Baseline, BaselineError};

pub use waivers::{Waiver, WaiverError, Waivers, Witness};

/// The example of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod sample;

pub use sample::sample;
