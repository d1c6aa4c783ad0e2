//! Reads specs with their waivers, and holds observations against them.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use prumo_drift::waivers::DocsWaivers;
use prumo_drift::{
    Contract, ContractFile, Document, Exchange, Finding, Locator, Observation, Origin, Report,
    SpecVersion, Waivers, compare, coverage, documented, field_coverage, read_openapi,
};

use super::Limits;
use super::baseline::Baselines;
use super::crew::{self, Observed};
use crate::contract::hinted;
use crate::{clock, screen, specs};

/// The promises of some specs, and the observations of a run that are held against them.
pub(crate) struct Bench {
    pub(super) promised: Vec<Promise>,
}

impl Bench {
    /// Reads specs with their waivers.
    ///
    /// # Errors
    ///
    /// A spec or its waivers can't be read.
    pub(crate) fn read(base: &Path, specs: &[PathBuf]) -> anyhow::Result<Self> {
        let read = specs.iter().map(|spec| Promise::read(base, spec));
        let mut promised = read.collect::<anyhow::Result<Vec<_>>>()?;
        for (promise, name) in promised.iter_mut().zip(specs::names(specs)) {
            promise.contract.name = name;
        }
        Ok(Self { promised })
    }

    /// Returns the promise of each spec.
    pub(crate) fn contracts(&self) -> Vec<&Contract> {
        self.promised.iter().map(|promise| &promise.contract).collect()
    }

    /// Returns the waivers of the spec at `position`, if it has any.
    pub(crate) fn waivers(&self, position: usize) -> Option<&Waivers> {
        self.promised.get(position)?.waivers.as_ref()
    }

    /// Returns observations of nothing, one for each spec.
    pub(crate) fn unseen(&self) -> Vec<Contract> {
        Observation::new(&self.contracts()).finish()
    }

    /// Returns the position of a spec.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.promised.iter().position(|promise| promise.contract.name == name)
    }

    /// Returns what one exchange shows of the spec at `position`.
    pub(crate) fn observe(
        &self,
        position: usize,
        exchange: &Exchange<'_>,
        origin: &Origin<'_>,
    ) -> Contract {
        let Some(promise) = self.promised.get(position) else { return Contract::default() };
        let mut observation = Observation::new(&[&promise.contract]);
        observation.observe(exchange, origin);
        observation.finish().pop().unwrap_or_default()
    }

    /// Lists where an observation leaves the promise of the spec at `position`, waivers applied. No
    /// waiver is stale: a part of the traffic need not show what it is about.
    pub(crate) fn findings(&self, position: usize, observed: &Contract) -> Vec<Finding> {
        let Some(promise) = self.promised.get(position) else { return Vec::new() };
        let mut found = compare(&promise.contract, observed);
        if let Some(waivers) = &promise.waivers {
            waivers.holding(clock::today()).apply(&mut found);
        }
        Locator::new(&promise.document).locate(&mut found);
        found
    }

    /// Observes the exchanges in files.
    pub(crate) fn observe_files(&self, base: &Path, files: &[PathBuf]) -> Observed {
        crew::observe(base, &self.contracts(), files, &Limits::default())
    }

    /// Observes the exchanges in files that belong to the spec at `position`.
    pub(crate) fn observe_files_of(
        &self,
        position: usize,
        base: &Path,
        files: &[PathBuf],
    ) -> Observed {
        let nothing = self.observe_files(base, &[]);
        let Some(promise) = self.promised.get(position) else { return nothing };
        let mut observed = nothing;
        let of_spec = crew::observe(base, &[&promise.contract], files, &Limits::default());
        observed.absorb_one(position, of_spec);
        observed
    }

    /// Returns the text of a contract file with observations.
    ///
    /// # Errors
    ///
    /// The observations don't fit in one.
    pub(crate) fn contract_file(&self, observed: &[Contract]) -> anyhow::Result<String> {
        let file = ContractFile::new(&self.contracts(), observed, 0);
        Ok(file.fitted("history").map_err(hinted)?.1)
    }

    /// Returns the report on observations of some traffic. No waiver is stale.
    pub(crate) fn live_report(&self, observed: &[Contract], n_unreadable: u64) -> Report {
        let each = observed.iter().enumerate();
        let findings = each.flat_map(|(position, observed)| self.findings(position, observed));
        let contracts = self.contracts();
        let mut report =
            Report::new(findings.collect(), Vec::new(), contracts, observed, n_unreadable);
        report.specs = self.promised.iter().map(Promise::version).collect();
        report
    }

    /// Returns the report on what pages document, for specs by their position, and what became of
    /// the waivers of the docs witness.
    pub(crate) fn docs_report(&self, documented: &[(usize, Contract)]) -> (Report, DocsWaivers) {
        let today = clock::today();
        let (mut findings, mut gaps, mut waivers) =
            (Vec::new(), Vec::new(), DocsWaivers::default());
        let (mut contracts, mut seen, mut versions) = (Vec::new(), Vec::new(), Vec::new());
        for (position, pages) in documented {
            let Some(promise) = self.promised.get(*position) else { continue };
            let mut differences = documented::compare(&promise.contract, pages);
            if let Some(all) = &promise.waivers {
                let sorted = all.apply_to_docs(&mut differences, today);
                waivers.n_met += sorted.n_met;
                waivers.invisible.extend(sorted.invisible);
                findings.extend(sorted.stale);
            }
            Locator::new(&promise.document).locate(&mut differences.findings);
            findings.append(&mut differences.findings);
            gaps.append(&mut differences.gaps);
            // What the judge can't judge by the spec is no matter of the docs.
            contracts.push(Contract { unjudged: Vec::new(), ..promise.contract.clone() });
            seen.push(differences.documented);
            versions.push(promise.version());
        }
        let mut report = Report::new(findings, gaps, &contracts, &seen, 0);
        report.specs = versions;
        report.is_of_pages = true;
        (report, waivers)
    }

    /// Returns the report on all observations of a run.
    pub(crate) fn report(&self, observed: &[Contract], n_unreadable: u64) -> Report {
        report(&self.promised, observed, n_unreadable, &mut Baselines::default())
    }
}

/// The promise of one spec, and its known deviations.
pub(super) struct Promise {
    document: Document,
    pub(super) contract: Contract,
    pub(super) waivers: Option<Waivers>,
    /// The files of the waivers, relative to the base.
    waivers_files: Vec<String>,
}

impl Promise {
    /// Reads a spec with its waivers.
    ///
    /// # Errors
    ///
    /// The spec or its waivers can't be read, or a waiver has no place in the spec.
    pub(super) fn read(base: &Path, spec: &Path) -> anyhow::Result<Self> {
        let document = specs::document(base, &specs::parts_of(spec)?)?;
        let contract =
            read_openapi(&document).map_err(|error| screen::hinted(&error, error.hint()))?;
        let beside = specs::waivers_of(spec)?;
        let waivers_files = beside.iter().map(|file| specs::shown(file, base)).collect();
        if beside.is_empty() {
            return Ok(Self { document, contract, waivers: None, waivers_files });
        }
        let waivers = Waivers::parse(&specs::document(base, &beside)?)
            .map_err(|error| screen::hinted(&error, error.hint()))?;
        let misplaced: Vec<_> = waivers
            .check_places(&contract)
            .iter()
            .map(|error| screen::hinted(error, error.hint()))
            .collect();
        ensure!(misplaced.is_empty(), "{}", lines(&misplaced));
        Ok(Self { document, contract, waivers: Some(waivers), waivers_files })
    }

    fn version(&self) -> SpecVersion {
        SpecVersion::of(&self.contract.name, &self.document, &self.waivers_files)
    }
}

fn lines(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Returns the report on observations, one for each spec.
pub(super) fn report(
    promised: &[Promise],
    observed: &[Contract],
    n_unreadable: u64,
    baselines: &mut Baselines,
) -> Report {
    let today = clock::today();
    let mut findings = Vec::new();
    let mut gaps = Vec::new();
    let mut ending = Vec::new();
    let mut fields = Vec::new();
    for (promise, observed) in promised.iter().zip(observed) {
        let mut found = compare(&promise.contract, observed);
        let mut never_seen = coverage(&promise.contract, observed);
        if let Some(waivers) = &promise.waivers {
            ending.extend(waivers.lay_over(observed, &mut found, &mut never_seen, today));
        }
        baselines.lay_over(&promise.contract, observed, &mut found);
        Locator::new(&promise.document).locate(&mut found);
        fields.extend(field_coverage(&promise.contract, observed));
        findings.extend(found);
        gaps.extend(never_seen);
    }
    let contracts = promised.iter().map(|promise| &promise.contract);
    let mut report = Report::new(findings, gaps, contracts, observed, n_unreadable);
    report.add_ending(ending);
    report.specs = promised.iter().map(Promise::version).collect();
    report.fields = fields;
    report
}
