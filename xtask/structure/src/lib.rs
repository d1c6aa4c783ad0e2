//! Reads this repository's manifests, sources and pages, and lists where they break its house rules.
//!
//! One rule is one module with a `check`, which returns one sentence for each breach; an empty list
//! means that the rule holds.
//!
//! Invariants:
//!
//! * It depends on no other crate of the repository, so it holds all of them to the rules.
//! * It changes no file, and runs nothing but `cargo metadata`.

pub mod arrows;
pub mod certificates;
pub mod circles;
pub mod contributing;
mod graph;
pub mod msrv;

pub use graph::{Graph, Package};
