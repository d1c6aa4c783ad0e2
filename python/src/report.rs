//! Judges a contract and prints the report.

use jiff::civil::Date;
use prumo_drift::report::{FORMATS, ReportFormat};
use prumo_drift::{
    Locator, Observation, Report, SpecVersion, Waivers, compare, coverage, field_coverage,
};
use pyo3::prelude::*;

use crate::contracts::read;
use crate::error::{PrumoError, hinted};
use crate::specs::{Spec, Specs, Texts, joined, read_waivers};

/// Returns the report on a contract that was observed along these specs.
pub(crate) fn report(
    specs: &Specs,
    contract: &[u8],
    format: &str,
    waivers: &Texts,
    today: &str,
) -> PyResult<String> {
    let format = named(format)?;
    check_names(waivers, specs)?;
    let today: Date =
        today.parse().map_err(|_| PrumoError::new_err(format!("`{today}` is no date")))?;
    let file = read("the contract", contract)?;
    let n_unreadable = file.n_unreadable();
    let promised = specs.contracts();
    let mut observed = Observation::new(&promised).finish();
    file.pour("the contract", &promised, &mut observed)
        .map_err(|error| hinted(&error, Some(error.hint())))?;

    let (mut findings, mut gaps) = (Vec::new(), Vec::new());
    let (mut ending, mut fields) = (Vec::new(), Vec::new());
    for (spec, observed) in specs.specs.iter().zip(&observed) {
        let mut found = compare(&spec.contract, observed);
        let mut unseen = coverage(&spec.contract, observed);
        for waivers in spec.waivers.iter().cloned().chain(given(waivers, spec)?) {
            ending.extend(waivers.lay_over(observed, &mut found, &mut unseen, today));
        }
        Locator::new(&spec.document).locate(&mut found);
        fields.extend(field_coverage(&spec.contract, observed));
        findings.extend(found);
        gaps.extend(unseen);
    }
    let mut report = Report::new(findings, gaps, promised, &observed, n_unreadable);
    report.add_ending(ending);
    report.specs = specs.specs.iter().map(version).collect();
    report.fields = fields;
    Ok((format.write)(&report))
}

/// Returns the waivers that are given for a spec.
fn given(texts: &Texts, spec: &Spec) -> PyResult<Option<Waivers>> {
    match texts.get_key_value(&spec.contract.name) {
        None => Ok(None),
        Some(own) => read_waivers(joined([own])?, &spec.contract).map(Some),
    }
}

/// Checks that waivers are about these specs.
fn check_names(texts: &Texts, specs: &Specs) -> PyResult<()> {
    let is_known = |name: &str| specs.specs.iter().any(|spec| spec.contract.name == name);
    match texts.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => Err(hinted(
            &format!("waivers of `{name}`, which is not one of the specs"),
            Some("the key of the waivers is the name of the spec"),
        )),
    }
}

fn named(format: &str) -> PyResult<&'static ReportFormat> {
    let known = FORMATS.iter().find(|known| known.name == format);
    known.ok_or_else(|| {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        let hint = format!("there is {}", names.join(", "));
        hinted(&format!("no format `{format}`"), Some(&hint))
    })
}

fn version(spec: &Spec) -> SpecVersion {
    SpecVersion::of(&spec.contract.name, &spec.document, &spec.waivers_files)
}
