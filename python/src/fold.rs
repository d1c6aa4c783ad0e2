//! Folds lines of exchanges that an engine hands over, one by one or in whole columns.
//!
//! Columns come as the buffers of Arrow arrays: offsets and lines are 64-bit integers of this
//! machine, values are bytes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use prumo_drift::{ContractFile, Fold as Judge};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::contracts::{read, written};
use crate::error::hinted;
use crate::promise::Promise;
use crate::specs::Specs;

/// The size of an integer in a column.
const INT_BYTES: usize = 8;

/// A growing contract of lines, in any order. Pickles as its contract so far.
#[pyclass(subclass, module = "prumo")]
pub(crate) struct Fold {
    promise: Py<Promise>,
    specs: &'static Specs,
    state: Mutex<State>,
}

/// What a fold pickles as: its class, and the arguments that make it again.
type Reduced<'py> = (Bound<'py, PyAny>, (Py<Promise>, Bound<'py, PyBytes>));

struct State {
    judge: Judge<'static>,
    /// What came as contracts.
    merged: ContractFile,
}

#[pymethods]
impl Fold {
    /// Starts with nothing, or with a contract of other lines.
    #[new]
    #[pyo3(signature = (promise, contract = None))]
    fn new(py: Python<'_>, promise: Py<Promise>, contract: Option<&[u8]>) -> PyResult<Self> {
        let specs = promise.get().specs;
        let merged = match contract {
            Some(contract) => py.detach(|| read("the contract", contract))?,
            None => ContractFile::default(),
        };
        let state = Mutex::new(State { judge: specs.fold(), merged });
        Ok(Self { promise, specs, state })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        let py = slf.py();
        let this = slf.borrow();
        let contract = this.contract(py)?;
        Ok((slf.get_type().into_any(), (this.promise.clone_ref(py), contract)))
    }

    /// Takes one line of a file. A blank one is skipped.
    fn take(&self, py: Python<'_>, file: &str, line: u64, value: &[u8]) {
        py.detach(|| self.state().judge.take_line(file, line, value));
    }

    /// Takes columns: the offsets and bytes of the files' names, the lines, and the offsets and
    /// bytes of the values. Bytes start at the first offset.
    fn take_buffers(
        &self,
        py: Python<'_>,
        files: (&[u8], &[u8]),
        lines: &[u8],
        values: (&[u8], &[u8]),
    ) -> PyResult<()> {
        py.detach(|| {
            let mut state = self.state();
            take_columns(&mut state.judge, files, lines, values)
        })
        .ok_or_else(|| PyValueError::new_err("the buffers do not fit together"))
    }

    /// Adds the contract of other lines, also of the same files.
    fn merge(&self, py: Python<'_>, contract: &[u8]) -> PyResult<()> {
        py.detach(|| {
            let other = read("the contract", contract)?;
            let added = self.state().merged.absorb_part("the contract", other);
            added.map_err(|error| hinted(&error, Some(error.hint())))
        })
    }

    /// Returns the contract so far. The fold goes on.
    fn contract<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| {
            let mut state = self.state();
            let judge = std::mem::replace(&mut state.judge, self.specs.fold());
            let added = state.merged.absorb_part("the fold", judge.finish());
            added.map_err(|error| hinted(&error, Some(error.hint())))?;
            written(&state.merged)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }
}

impl Fold {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the rows of columns, or returns `None` if a column is too short for them.
fn take_columns(
    judge: &mut Judge<'static>,
    files: (&[u8], &[u8]),
    lines: &[u8],
    values: (&[u8], &[u8]),
) -> Option<()> {
    for (row, line) in lines.chunks_exact(INT_BYTES).enumerate() {
        let line = u64::from_ne_bytes(line.try_into().ok()?);
        let file = String::from_utf8_lossy(slice(files, row)?);
        judge.take_line(&file, line, slice(values, row)?);
    }
    Some(())
}

/// Returns the bytes of a row. The bytes of a column start at its first offset.
fn slice<'b>((offsets, bytes): (&[u8], &'b [u8]), row: usize) -> Option<&'b [u8]> {
    let offset = |row: usize| {
        let start = row.checked_mul(INT_BYTES)?;
        let offset = offsets.get(start..start.checked_add(INT_BYTES)?)?;
        usize::try_from(u64::from_ne_bytes(offset.try_into().ok()?)).ok()
    };
    let start = offset(0)?;
    bytes.get(offset(row)?.checked_sub(start)?..offset(row + 1)?.checked_sub(start)?)
}
