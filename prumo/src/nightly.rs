//! `cargo xtask nightly`: asks every witness that can be asked, and sums it up in one report.
//!
//! The steps are the table [`STEPS`]. A step that fails does not stop the next
//! one: on the day a client no longer compiles, the judge still says why. What
//! can't be done is said as *skipped*, with its reason, and never reads as done.

mod summary;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::Context;
use prumo_drift::Report;

use crate::{generate, judge, workspace};
use summary::{Outcome, Step, Word};

/// Runs the main job and writes `report.md` and `report.json`.
#[derive(clap::Args)]
pub struct Args {
    /// Where the report goes.
    #[arg(long, value_name = "FOLDER", default_value = "target/prumo")]
    out: std::path::PathBuf,
}

/// What a step does; the judge's leaves its report behind.
type Perform = fn(&Path, &mut Option<Report>) -> anyhow::Result<Outcome>;

/// The steps, in the order in which they run.
const STEPS: &[(&str, Perform)] = &[
    ("lint", lint),
    ("generated", freshness),
    ("judge", judge_fixtures),
    ("docs", docs),
    ("probes", probes),
    ("replay", replay),
];

/// Runs the verb: 0 fine, 1 could not judge, 4 stale or drifting.
///
/// # Errors
///
/// The report cannot be written.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = workspace::root()?;
    let mut report = None;
    let mut steps = Vec::new();
    for (name, perform) in STEPS {
        let start = Instant::now();
        let outcome =
            perform(&root, &mut report).unwrap_or_else(|error| Outcome::not_judged(format!("{error:#}")));
        let step = Step { name, outcome, duration: start.elapsed() };
        println!("{}", step.line());
        steps.push(step);
    }

    let folder = root.join(&args.out);
    fs_err::create_dir_all(&folder)?;
    fs_err::write(folder.join("report.md"), summary::markdown(&steps, report.as_ref()))?;
    fs_err::write(folder.join("report.json"), summary::json(&steps, report.as_ref())?)?;
    println!("\n{}", summary::last_line(&steps));
    println!("report: {}", workspace::shown(&folder.join("report.md"), &root));
    Ok(ExitCode::from(summary::exit_code(&steps)))
}

fn lint(root: &Path, _: &mut Option<Report>) -> anyhow::Result<Outcome> {
    let complaints = generate::lint_all(root)?;
    let specs = workspace::spec_files(root)?;
    if complaints.is_empty() {
        return Ok(Outcome::new(Word::Fits, format!("{} specs", specs.len())));
    }
    Ok(Outcome::not_judged(format!("{} complaints", complaints.len())).with_lines(complaints))
}

fn freshness(root: &Path, _: &mut Option<Report>) -> anyhow::Result<Outcome> {
    let stale = generate::freshness(root)?;
    if stale.is_empty() {
        return Ok(Outcome::new(Word::Fresh, "generated/ is what the specs make of it".to_owned()));
    }
    let said = format!("{} files; `cargo xtask generate` makes them fresh", stale.len());
    Ok(Outcome::new(Word::Stale, said).with_lines(stale))
}

fn judge_fixtures(root: &Path, report: &mut Option<Report>) -> anyhow::Result<Outcome> {
    let judgement = judge::judge(root, &workspace::spec_files(root)?, &[root.join("fixtures")])?;
    let said = judgement.in_a_line();
    let word = if judgement.drifts() { Word::Drifts } else { Word::Fits };
    let mut lines = judgement.problems.clone();
    lines.extend(judgement.report.to_text().lines().map(str::to_owned).filter(|_| judgement.drifts()));
    lines.extend(judgement.report.totals.unjudged.iter().map(|place| format!("not judged: {place}")));
    let is_whole = judgement.is_whole();
    *report = Some(judgement.report);
    if is_whole {
        return Ok(Outcome::new(word, said).with_lines(lines));
    }
    Ok(Outcome::not_judged(said).with_lines(lines))
}

fn docs(_: &Path, _: &mut Option<Report>) -> anyhow::Result<Outcome> {
    Ok(Outcome::new(Word::Skipped, "reading the vendors' pages is not built yet".to_owned()))
}

fn probes(_: &Path, _: &mut Option<Report>) -> anyhow::Result<Outcome> {
    Ok(Outcome::new(Word::Skipped, "asking the live vendors is not built yet".to_owned()))
}

/// The typed clients are another process: this crate never links one, so that it runs when one is broken.
fn replay(root: &Path, _: &mut Option<Report>) -> anyhow::Result<Outcome> {
    let output = Command::new("cargo")
        // For one package alone cargo would choose other features, and compile the clients once more.
        .args(["test", "--locked", "--workspace", "--test", "replay", "--quiet"])
        // A snapshot is never written at night, and a backtrace tells nothing about a vendor.
        .envs([("INSTA_UPDATE", "no"), ("RUST_BACKTRACE", "0"), ("RUST_LIB_BACKTRACE", "0")])
        .current_dir(root)
        .output()
        .context("failed to start `cargo test`")?;
    let said = String::from_utf8_lossy(&output.stdout);
    match summary::test_counts(&said) {
        Some((passed, 0)) if output.status.success() && passed > 0 => {
            Ok(Outcome::new(Word::Fits, format!("{passed} exchanges through the typed clients")))
        }
        Some((passed, failed)) => {
            let said_briefly = format!("{failed} of {} exchanges", passed + failed);
            Ok(Outcome::new(Word::Drifts, said_briefly).with_lines(summary::test_failures(&said)))
        }
        None => {
            let lines = String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect();
            Ok(Outcome::not_judged("the clients or their tests do not compile".to_owned()).with_lines(lines))
        }
    }
}
