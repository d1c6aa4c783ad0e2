//! Turns faults of the judge into Python exceptions.

use std::fmt::Display;

use pyo3::PyErr;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;

create_exception!(
    prumo,
    PrumoError,
    PyValueError,
    "A spec, a contract or an exchange that can't be used; the message has its place and the remedy."
);

/// Returns an exception with the remedy on a second line.
pub(crate) fn hinted(error: &dyn Display, hint: Option<&str>) -> PyErr {
    match hint {
        Some(hint) => PrumoError::new_err(format!("{error}\n  hint: {hint}")),
        None => PrumoError::new_err(error.to_string()),
    }
}
