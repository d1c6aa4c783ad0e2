//! Holds what some specs promise, and observes, judges and redacts along it.

use std::sync::Arc;

use prumo_drift::exchange::{DEFAULT_MAX_EXCHANGE_BYTES, split};
use prumo_drift::unreadable_place;
use prumo_redact::Redactor;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

use crate::contracts::written;
use crate::error::PrumoError;
use crate::report::report;
use crate::specs::{Specs, Texts};

/// What some specs promise. Pickles as the texts of the specs.
#[pyclass(frozen, module = "prumo")]
pub(crate) struct Promise {
    texts: Arc<Texts>,
    pub(crate) specs: &'static Specs,
}

#[pymethods]
impl Promise {
    /// Reads specs: the texts of their files by path, as `prumo.read_specs` returns them.
    #[new]
    fn new(py: Python<'_>, specs: Texts) -> PyResult<Self> {
        let (texts, specs) = py.detach(|| Specs::of(specs))?;
        Ok(Self { texts, specs })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (Texts,)) {
        (slf.get_type(), ((*slf.get().texts).clone(),))
    }

    /// The names of the specs.
    #[getter]
    fn names(&self) -> Vec<&str> {
        self.specs.contracts().iter().map(|contract| contract.name.as_str()).collect()
    }

    /// Observes the exchanges of a file, or of a part of it that starts with line `first_line`.
    ///
    /// Returns a contract, and the first of the lines that could not be read, one sentence each.
    #[pyo3(signature = (data, file, first_line = 1))]
    fn observe<'py>(
        &self,
        py: Python<'py>,
        data: &[u8],
        file: &str,
        first_line: u64,
    ) -> PyResult<(Bound<'py, PyBytes>, Vec<String>)> {
        let (bytes, broken) = py.detach(|| {
            let mut fold = self.specs.fold();
            fold.take_stream(file, first_line, data);
            let file = fold.finish();
            PyResult::Ok((written(&file)?, file.places().to_vec()))
        })?;
        Ok((PyBytes::new(py, &bytes), broken))
    }

    /// Judges a contract, and returns the report in one of the formats of `prumo judge`.
    ///
    /// Waivers beside the specs hold, and those in `waivers`: texts by the name of the spec. `today`
    /// is a date such as `2026-11-30`; by default the date of this machine.
    #[pyo3(signature = (contract, format = "text", waivers = None, today = None))]
    fn report(
        &self,
        py: Python<'_>,
        contract: &[u8],
        format: &str,
        waivers: Option<Texts>,
        today: Option<String>,
    ) -> PyResult<String> {
        let today = match today {
            Some(today) => today,
            None => {
                let date = py.import("datetime")?.getattr("date")?.call_method0("today")?;
                date.call_method0("isoformat")?.extract()?
            }
        };
        let waivers = waivers.unwrap_or_default();
        py.detach(|| report(self.specs, contract, format, &waivers, &today))
    }

    /// Returns exchanges without persons and secrets, one per line, in the same shapes.
    ///
    /// `key` decides the values that stand in place of real ones, and must stay secret.
    fn redact<'py>(
        &self,
        py: Python<'py>,
        data: &[u8],
        key: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        let redacted = py.detach(|| {
            let documents = self.specs.specs.iter().map(|spec| &spec.document);
            redact(documents.fold(Redactor::new(key), Redactor::with_spec), data)
        })?;
        Ok(PyBytes::new(py, &redacted))
    }
}

/// Redacts exchanges. One that can't be read is an error, because nothing of it may stay.
fn redact(redactor: Redactor, data: &[u8]) -> PyResult<Vec<u8>> {
    let mut redacted = Vec::new();
    for item in split(data, DEFAULT_MAX_EXCHANGE_BYTES) {
        let item = item.map_err(|error| PrumoError::new_err(unreadable_place("data", &error)))?;
        item.read().map_err(|error| PrumoError::new_err(unreadable_place("data", &error)))?;
        let text = std::str::from_utf8(item.bytes()).ok();
        let Some((text, _)) = text.and_then(|text| redactor.redact_text(text.trim())) else {
            let line = item.line();
            return Err(PrumoError::new_err(format!("`data`: {line}: can't be searched")));
        };
        // An exchange may have been printed over many lines.
        redacted.extend(text.bytes().map(|byte| if byte == b'\n' { b' ' } else { byte }));
        redacted.push(b'\n');
    }
    Ok(redacted)
}
