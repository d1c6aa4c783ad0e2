//! Turns the findings of a run into a patch of the specs, after which the traffic fits.
//!
//! Standard output has the patch alone, for `git apply`. Standard error says what it ends, and what
//! a person must decide.

use std::path::{Path, PathBuf};

use prumo_drift::{Finding, suggest};
use similar::TextDiff;

use crate::screen::{self, counted};
use crate::specs;

/// The unchanged lines around a change, as `diff -u` has them.
const CONTEXT: usize = 3;

/// Prints the patch.
///
/// # Errors
///
/// A file of a spec can't be read.
pub(super) fn print(base: &Path, specs: &[PathBuf], findings: &[Finding]) -> anyhow::Result<()> {
    let (mut patch, mut n_made, mut open) = (String::new(), 0, Vec::new());
    for (spec, name) in specs.iter().zip(specs::names(specs)) {
        let sources = specs::sources(base, spec)?;
        let of_spec: Vec<Finding> =
            findings.iter().filter(|finding| finding.spec == name).cloned().collect();
        let suggested =
            suggest(&sources, &of_spec).map_err(|error| screen::hinted(&error, error.hint()))?;
        for (file, before, after) in &suggested.changed {
            let diff = TextDiff::from_lines(before, after);
            let header = (format!("a/{file}"), format!("b/{file}"));
            let mut unified = diff.unified_diff();
            patch += &unified.context_radius(CONTEXT).header(&header.0, &header.1).to_string();
        }
        n_made += suggested.made.len();
        open.extend(suggested.open.into_iter().map(|one| format!("{name}: {one}")));
    }
    screen::print(&patch)?;
    screen::note(&format!(
        "the edit ends {}; {} to decide",
        counted(n_made, "finding"),
        counted(open.len(), "finding")
    ));
    open.iter().for_each(|one| screen::note(&format!("  {one}")));
    Ok(())
}
