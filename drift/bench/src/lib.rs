//! Turns a spec and a seed into traffic, and the traffic into a table of how fast each rival reads
//! it.
//!
//! The judge is measured beside other readers of the same lines: a scan, a parse into a tree, a
//! validator. Speed means nothing if the judge misses drift, so [`verdict`] compares its findings
//! with the seeded ones.
//!
//! Invariants:
//!
//! * The same spec, seed and count give the same bytes.
//! * Every rival gets the same bytes, in memory, and one core.

pub mod chance;
pub mod clock;
pub mod prose;
pub mod rivals;
pub mod seeded;
pub mod table;
pub mod traffic;
pub mod validator;
pub mod verdict;
