//! Lays a baseline over the findings of a run, and makes a new one of them.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use prumo_drift::{Baseline, Contract, Finding};

use crate::specs;

/// What the command line says of baselines; a name of its own, since clap groups arguments by it.
#[derive(clap::Args, Default)]
pub(super) struct Options {
    /// A file of findings that were there before; of these only what is worse drifts.
    #[arg(long = "baseline", value_name = "FILE")]
    file: Option<PathBuf>,
    /// What is in the baseline and occurs no longer drifts, too.
    #[arg(long = "strict-baseline", requires = "file")]
    is_strict: bool,
    /// Writes all findings that no waiver silences as a new baseline; then they no longer drift.
    #[arg(long = "write-baseline", value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The baselines of one run.
#[derive(Default)]
pub(super) struct Baselines {
    before: Option<Baseline>,
    new: Option<Baseline>,
    is_strict: bool,
    /// Entries that occur no longer, one sentence each.
    pub(super) gone: Vec<String>,
}

impl Options {
    /// Reads what there is to read.
    ///
    /// # Errors
    ///
    /// The file can't be read, or is no baseline.
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

    /// Whether a new baseline is asked for.
    pub(super) fn is_written(&self) -> bool {
        self.out.is_some()
    }

    /// Writes the new baseline, if one is asked for.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub(super) fn write(&self, baselines: &Baselines) -> anyhow::Result<()> {
        if let (Some(out), Some(new)) = (&self.out, &baselines.new) {
            fs_err::write(out, new.to_json())?;
            eprintln!("wrote {} findings to `{}`", new.len(), out.display());
        }
        Ok(())
    }
}

impl Baselines {
    /// Marks the findings of one spec that were there before, or that are taken over now.
    pub(super) fn lay_over(&mut self, promised: &Contract, observed: &Contract, findings: &mut [Finding]) {
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

    /// What is gone, if that keeps the run from fitting.
    pub(super) fn stale(&self) -> &[String] {
        if self.is_strict { &self.gone } else { &[] }
    }
}
