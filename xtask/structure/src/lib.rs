//! Reads this repository's manifests, sources and pages, and lists where they break its rules.
//!
//! Each rule is a module with a `check`, which returns one sentence per breach; an empty list means
//! that the rule holds.
//!
//! Invariants:
//!
//! * It depends on no other crate of the repository, because it checks all of them.
//! * It changes no file, and runs nothing but `cargo metadata`.

pub mod arrows;
pub mod certificates;
pub mod circles;
pub mod contributing;
mod graph;
pub mod guide;
pub mod msrv;
pub mod published;

pub use graph::{Graph, Package};
