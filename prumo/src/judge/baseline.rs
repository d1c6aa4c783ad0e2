//! Applies a baseline to the findings of a run, and writes a new one.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use prumo_drift::{Baseline, Contract, Finding};

use crate::{screen, specs, write};

/// The options for baselines, a separate struct because clap groups arguments by its name.
#[derive(clap::Args, Default)]
pub(super) struct Options {
    /// A file of earlier findings; only those that got worse drift.
    #[arg(long = "baseline", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Baseline entries that no longer occur drift, too.
    #[arg(long = "strict-baseline", requires = "file")]
    is_strict: bool,
    /// Writes all findings that no waiver covers as a new baseline; then they no longer drift.
    #[arg(long = "write-baseline", value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The baselines of one run.
#[derive(Default)]
pub(super) struct Baselines {
    before: Option<Baseline>,
    new: Option<Baseline>,
    is_strict: bool,
    /// Entries that no longer occur, one sentence each.
    pub(super) gone: Vec<String>,
}

impl Options {
    /// Reads the baseline, if one is given.
    ///
    /// # Errors
    ///
    /// The file can't be read, or is not a baseline.
    pub(super) fn read(&self, root: &Path) -> anyhow::Result<Baselines> {
        let before = match &self.file {
            Some(file) => {
                let baseline = Baseline::parse(&specs::document(root, std::slice::from_ref(file))?);
                Some(baseline.map_err(|error| anyhow!("{error}\n  hint: {}", error.hint()))?)
            }
            None => None,
        };
        let new = self.out.is_some().then(Baseline::default);
        Ok(Baselines { before, new, is_strict: self.is_strict, gone: Vec::new() })
    }

    /// Returns whether a new baseline is requested.
    pub(super) fn is_written(&self) -> bool {
        self.out.is_some()
    }

    /// Writes the new baseline, if one is requested.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub(super) fn write(&self, baselines: &Baselines) -> anyhow::Result<()> {
        if let (Some(out), Some(new)) = (&self.out, &baselines.new) {
            write::at_once(out, new.to_json().as_bytes())?;
            screen::note(&format!("wrote {} findings to `{}`", new.len(), out.display()));
        }
        Ok(())
    }
}

impl Baselines {
    /// Marks the findings of one spec that are in the old baseline or in the new one.
    pub(super) fn lay_over(
        &mut self,
        promised: &Contract,
        observed: &Contract,
        findings: &mut [Finding],
    ) {
        let spec = &promised.name;
        if let Some(new) = &mut self.new {
            new.add(spec, findings);
        }
        if let Some(before) = &self.before {
            let gone = before.gone(spec, observed, findings);
            let sentence = |entry| format!("the baseline has {entry}, which is seen no longer");
            self.gone.extend(gone.into_iter().map(sentence));
        }
        for baseline in self.new.iter().chain(&self.before) {
            baseline.apply(spec, findings);
        }
    }

    /// Returns the entries that no longer occur, if they make the run drift.
    pub(super) fn stale(&self) -> &[String] {
        if self.is_strict { &self.gone } else { &[] }
    }
}
