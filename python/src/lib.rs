//! Turns the judge into the Python module `prumo._prumo`.
//!
//! Invariants:
//!
//! * Python's lock is released wherever traffic or a contract is read.
//! * A fault is a `PrumoError` with its place and its remedy, never a panic.
//! * Nothing here decides about drift: `prumo-drift` does.

mod contracts;
mod error;
mod fold;
mod promise;
mod report;
mod specs;

use pyo3::prelude::*;

/// The extension module.
#[pymodule]
mod _prumo {
    #[pymodule_export]
    use crate::contracts::{identity, join};
    #[pymodule_export]
    use crate::error::PrumoError;
    #[pymodule_export]
    use crate::fold::Fold;
    #[pymodule_export]
    use crate::promise::Promise;
}
