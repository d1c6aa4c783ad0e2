//! Turns every fixture into mutants, and the judge's findings about them into a score.
//!
//! A mutant breaks one promise of its spec, and the judge must report the broken rule at the broken
//! place and no other finding. For a change that keeps the promise it must report nothing. The
//! expected findings come from this crate's own reader of specs, so that a keyword which the judge
//! overlooks shows as a survivor.
//!
//! An invented vendor, `xtask/mutate/alfa.yaml`, covers the parts of OpenAPI that the real vendors
//! do not use.

mod answers;
mod argued;
mod change;
mod clocks;
mod codings;
mod content;
mod envelopes;
mod harmless;
mod headers;
mod limits;
mod members;
mod mutant;
mod mutators;
mod operation;
mod pages;
mod promise;
mod requests;
mod score;
mod site;
mod subject;
mod trial;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use prumo_drift::{Contract, Waivers, read_openapi};
use serde_json::Value;

use self::argued::Arguments;
use self::mutators::{MUTATORS, Sites};
use self::score::{Score, Survivor};
use self::subject::Subject;
use self::trial::{Court, Heard};
use prumo::parallel::in_parallel;
use prumo::{screen, specs as files};

/// The file of survivors that no rule could notice.
const ARGUED: &str = "xtask/mutate/argued.tsv";

/// The spec of the invented vendor.
const ALFA: &str = "xtask/mutate/alfa.yaml";

/// Breaks every fixture in every way that its spec forbids, and counts what the judge notices.
#[derive(clap::Args)]
pub struct Args {
    /// A spec whose fixtures are mutated; without it, those of all specs.
    #[arg(long = "spec", value_name = "FILE")]
    specs: Vec<PathBuf>,
    /// The format of the score.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Lists every survivor instead of the first ones; `json` always lists all.
    #[arg(long)]
    survivors: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Text for people.
    Text,
    /// JSON for machines.
    Json,
}

/// Mutates the fixtures of the repository at `root`. The exit code is 0 if every mutant is noticed,
/// else 4.
///
/// # Errors
///
/// A spec or fixture cannot be read, or a mutator applies to no fixture.
pub fn run(root: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let is_whole = args.specs.is_empty();
    let specs = if is_whole { all_specs(root)? } else { args.specs.clone() };
    let score = score(root, &specs, is_whole, |findings| findings)?;
    screen::print(&match args.format {
        Format::Text => score.to_text(args.survivors),
        Format::Json => score.to_json()?,
    })?;
    let idle = score.idle();
    if is_whole && !idle.is_empty() {
        bail!(
            "these mutators apply to no fixture: {}\n  hint: add a fixture to `xtask/mutate/alfa/` to which they apply",
            idle.join(", ")
        );
    }
    let is_clean = score.survived == 0 && score.stale.is_empty();
    Ok(ExitCode::from(if is_clean { 0 } else { screen::DRIFTING }))
}

fn all_specs(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut specs = files::in_folder(&root.join("specs"))?;
    specs.push(root.join(ALFA));
    Ok(specs)
}

/// Mutates the fixtures of `specs` and counts what the judge notices; `heard` filters its findings.
///
/// Reports stale arguments only if `is_whole`, because a partial run may omit what they match.
fn score(root: &Path, specs: &[PathBuf], is_whole: bool, heard: Heard) -> anyhow::Result<Score> {
    let arguments = Arguments::read(&root.join(ARGUED))?;
    let benches =
        specs.iter().map(|spec| Bench::read(root, spec)).collect::<anyhow::Result<Vec<_>>>()?;
    let fixtures: Vec<(&Bench, &PathBuf)> = benches
        .iter()
        .flat_map(|bench| bench.fixtures.iter().map(move |fixture| (bench, fixture)))
        .collect();
    let outcomes = in_parallel(fixtures.len(), "fixtures", |index| {
        let (bench, fixture) = fixtures[index];
        let name = files::shown(fixture, root);
        bench.outcomes(fixture, heard).with_context(|| format!("`{name}` can't be mutated"))
    })?;
    let mut rows = Score::rows();
    let mut survivors = Vec::new();
    for ((_, fixture), outcomes) in fixtures.iter().zip(outcomes) {
        let fixture = files::shown(fixture, root);
        for (row, outcome) in rows.iter_mut().zip(outcomes?) {
            row.applied += outcome.n_applied;
            row.noticed += outcome.n_applied - outcome.failed.len() as u64;
            for (place, failure) in outcome.failed {
                if arguments.cover(&fixture, row.name, &place) {
                    row.argued += 1;
                    continue;
                }
                row.survived += 1;
                let (fixture, mutator) = (fixture.clone(), row.name);
                survivors.push(Survivor {
                    fixture,
                    mutator,
                    place,
                    expected: failure.expected,
                    came: failure.came,
                });
            }
        }
    }
    let stale = if is_whole { arguments.stale() } else { Vec::new() };
    let score = Score::new(fixtures.len(), &rows, survivors, stale);
    ensure!(score.applied > 0, "nothing was mutated: no spec named here has a fixture");
    Ok(score)
}

/// The number of one mutator's mutants of one fixture, and those that survived.
struct Outcome {
    n_applied: u64,
    failed: Vec<(String, trial::Failure)>,
}

/// A spec, read by both readers, and its fixtures.
struct Bench {
    spec: Value,
    contract: Contract,
    waivers: Option<Waivers>,
    fixtures: Vec<PathBuf>,
}

impl Bench {
    fn read(root: &Path, spec: &Path) -> anyhow::Result<Self> {
        let document = files::document(root, &files::parts_of(spec)?)?;
        let waivers = files::waivers_of(spec)?;
        let waivers = match waivers.is_empty() {
            true => None,
            false => Some(Waivers::parse(&files::document(root, &waivers)?)?),
        };
        let folder = fixtures_of(root, spec);
        let mut fixtures = Vec::new();
        if folder.is_dir() {
            collect(&folder, &mut fixtures)?;
        }
        fixtures.sort();
        Ok(Self {
            contract: read_openapi(&document)?,
            spec: document.value().clone(),
            waivers,
            fixtures,
        })
    }

    /// Tries every mutant of a fixture, mutator by mutator.
    fn outcomes(&self, fixture: &Path, heard: Heard) -> anyhow::Result<Vec<Outcome>> {
        let exchange: Value = serde_json::from_slice(&fs_err::read(fixture)?)?;
        let subject = Subject::new(&self.spec, exchange)?;
        let places = Sites::of(&subject);
        let contract = self.contract_of(&subject.operation.id);
        let court = Court::new(&contract, self.waivers.as_ref(), heard);
        let outcome = |mutator: &mutators::Mutator| {
            let mutants = mutator.mutants(&subject, &places);
            let n_applied = mutants.len() as u64;
            let failed = mutants
                .into_iter()
                .filter_map(|mutant| court.failure(&mutant).map(|failure| (mutant.place, failure)))
                .collect();
            Outcome { n_applied, failed }
        };
        Ok(MUTATORS.iter().map(outcome).collect())
    }

    /// Returns the contract with one operation only.
    ///
    /// Every mutant gets a judge of its own, and preparing one for all operations would take most
    /// of the time.
    fn contract_of(&self, operation: &str) -> Contract {
        let mut contract = self.contract.clone();
        contract.operations.retain(|id, _| id == operation);
        contract
    }
}

/// Returns the folder of a spec's fixtures.
///
/// For `specs/alfa.yaml` it is `fixtures/alfa`. An invented spec has its fixtures in the folder
/// beside it that has its name, where a real spec has its parts.
fn fixtures_of(root: &Path, spec: &Path) -> PathBuf {
    let folder = root.join("fixtures").join(spec.file_stem().unwrap_or_default());
    if folder.is_dir() { folder } else { spec.with_extension("") }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
