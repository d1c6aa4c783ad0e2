//! Turns recorded HTTP exchanges and an OpenAPI document into findings: where an API leaves its
//! contract, how often, and how severe that is for a caller.
//!
//! The steps are: [`Document`] → [`read_openapi`] gives the promise; [`exchange::split`] or
//! [`read_exchange`] → [`Observation`] gives the observations; [`compare()`] gives findings,
//! [`Waivers`] silence the known ones, and [`Report`] prints the rest.
//!
//! Invariants:
//!
//! * The crate opens no file and no socket, reads no clock and prints nothing.
//! * No input makes it panic or recurse without bound.
//! * No finding and no error carries a vendor's value.

pub use prumo_spec::{Document, DocumentError, DocumentFault, Kind, Position, below, merge_patch};

pub mod exchange;

pub use exchange::{Exchange, ExchangeError, read_exchange};

pub mod contract;
pub mod finding;
pub mod language;
pub mod rules;
pub mod shape;

pub use contract::{Contract, ContractFile, ContractFileError, spec_name};
pub use finding::{Finding, Identity, Place, SpecPlace, Standing};
pub use language::{Language, Noun, Text};
pub use rules::{Rule, RuleRow, Scope, Severity, Side};
pub use shape::{Scalar, Shape, Tally};

pub mod observe;
pub mod openapi;

pub use openapi::{SpecError, SpecFault, read_openapi, read_openapi_and_faults};

pub mod documented;
mod locate;
mod printable;
pub mod report;

pub use locate::Locator;
pub use printable::{is_unprintable, printable, printable_json, printable_lines};
pub use report::{Night, Report, Run, RunStep, SpecVersion, Totals};

pub mod compare;
mod example;

pub use compare::{
    FieldCoverage, OperationCoverage, compare, coverage, covered, field_coverage, judge_value,
    was_seen,
};
pub use observe::{Observation, Origin, Router, Taken, obeys};

mod fold;

pub use fold::{Fold, unreadable_place};

pub mod baseline;
pub mod waivers;

pub use baseline::{Baseline, BaselineError};

pub use waivers::{Waiver, WaiverError, Waivers, Witness};

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod sample;

pub use sample::{sample, sample_request};

mod suggest;
pub use suggest::{Suggestions, suggest, suggest_documented};
