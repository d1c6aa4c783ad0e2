//! Turns a spec and a seed into traffic, and the traffic into a table of who reads it how fast.
//!
//! The judge is measured beside what reads the same lines: a scan, a parse into
//! a tree, a validator. A judge that misses things is fast for nothing, so
//! [`verdict`] holds what it found against what was seeded.
//!
//! Invariants:
//!
//! * The same spec, seed and number give the same bytes.
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
