//! Joins the bytes of contract files.

use prumo_drift::ContractFile;
use prumo_drift::contract::{Ledger, promises};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::error::hinted;

/// Joins contracts into one, to the same bytes in any order.
///
/// A contract that is given twice counts once. One with a part of another's shards is refused,
/// unless `allow_overlap`. With `parts`, contracts may have observed parts of the same file.
#[pyfunction]
#[pyo3(signature = (contracts, *, parts = false, allow_overlap = false))]
pub(crate) fn join<'py>(
    py: Python<'py>,
    contracts: &Bound<'py, PyAny>,
    parts: bool,
    allow_overlap: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut joined = ContractFile::default();
    let mut ledger = Ledger::new(allow_overlap);
    for (number, contract) in (1..).zip(contracts.try_iter()?) {
        let bytes: PyBackedBytes = contract?.extract()?;
        py.detach(|| add(&mut joined, &mut ledger, &format!("contract {number}"), &bytes, parts))?;
    }
    Ok(PyBytes::new(py, &py.detach(|| written(&joined))?))
}

/// Returns a text that is the same for contracts of the same shards and specs.
///
/// An engine that runs a task twice gives two contracts of one identity; either of them may be
/// taken.
#[pyfunction]
pub(crate) fn identity(py: Python<'_>, contract: PyBackedBytes) -> PyResult<String> {
    let file = py.detach(|| read("the contract", &contract))?;
    let shards = file.shards().iter().map(|shard| format!("{} {}", shard.digest, shard.name));
    let specs = promises(&file).into_iter().map(|(spec, promise)| format!("{promise} {spec}"));
    Ok(specs.chain(shards).collect::<Vec<_>>().join("\n"))
}

fn add(
    joined: &mut ContractFile,
    ledger: &mut Ledger,
    name: &str,
    bytes: &[u8],
    is_part: bool,
) -> PyResult<()> {
    let file = read(name, bytes)?;
    let added = match is_part {
        true => joined.absorb_part(name, file),
        false => {
            let is_new = ledger.enter(name, &file);
            if !is_new.map_err(|error| hinted(&error, Some(error.hint())))? {
                return Ok(());
            }
            joined.absorb(name, file)
        }
    };
    added.map_err(|error| hinted(&error, Some(error.hint())))
}

/// Reads a contract file; `name` is its name in errors.
pub(crate) fn read(name: &str, bytes: &[u8]) -> PyResult<ContractFile> {
    ContractFile::read(name, bytes).map_err(|error| hinted(&error, Some(error.hint())))
}

/// Returns the bytes of a contract file.
pub(crate) fn written(file: &ContractFile) -> PyResult<Vec<u8>> {
    let text = file.to_json("the contract");
    text.map(String::into_bytes).map_err(|error| hinted(&error, Some(error.hint())))
}
