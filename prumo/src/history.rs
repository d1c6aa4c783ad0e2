//! `prumo history`: lists the nights of a project, and says what changed from one to another.

pub(crate) mod changes;
pub(crate) mod store;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use prumo_drift::{Finding, printable, printable_json, printable_lines};

use crate::project::{Location, Project};
use crate::screen;
use changes::{Changes, Seen, Trend};
use store::{Night, Store};

/// The number of earlier nights that a night is compared with.
pub(crate) const MAX_COMPARED: usize = 30;

/// Lists the nights, or says what changed since one of them.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Compares the last night with this one: its number, or a date (the last night up to it).
    #[arg(long, value_name = "NIGHT|DATE")]
    since: Option<String>,
    /// Prints what live sources showed in this night, as a contract file that `judge` reads.
    #[arg(long, value_name = "NIGHT", conflicts_with = "since")]
    contract: Option<i64>,
    /// The number of nights in the list.
    #[arg(long, value_name = "N", default_value_t = 30)]
    limit: usize,
    /// The format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the verb: 0 in any case in which the history can be read.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.project()?;
    let path = file(&project);
    if !path.is_file() {
        let shown = project.shown(&path);
        bail!("there is no history `{shown}`\n  hint: `prumo nightly` writes it");
    }
    let store = Store::open(&path)?;
    if let Some(night) = args.contract {
        let text = store.contract(night)?.with_context(|| {
            format!(
                "no live source was judged in night {night}\n  hint: `prumo history` lists them"
            )
        })?;
        screen::print_document(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = match &args.since {
        None => list(&store.nights(args.limit)?, args.format)?,
        Some(wanted) => since(&store, wanted, args.format)?,
    };
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the file of a project's history.
pub(crate) fn file(project: &Project) -> PathBuf {
    project.root().join(project.history())
}

fn list(nights: &[Night], format: Format) -> anyhow::Result<String> {
    if format == Format::Json {
        return Ok(printable_json(&format!("{:#}\n", serde_json::json!({ "nights": nights }))));
    }
    let mut page = format!(
        "{:>5}  {:<20}  {:<10}  {:>4} {:>5} {:>5}  findings\n",
        "night", "when", "verdict", "new", "worse", "gone"
    );
    for night in nights {
        let counts = &night.counts;
        page += &format!(
            "{:>5}  {:<20}  {:<10}  {:>4} {:>5} {:>5}  {} breaking, {} risky, {} waived{}\n",
            night.id,
            printable(&night.at),
            printable(&night.verdict),
            counts.new,
            counts.worse,
            counts.gone,
            counts.breaking,
            counts.risky,
            counts.waived,
            if night.is_live { "" } else { "; no live source" }
        );
    }
    Ok(page)
}

fn since(store: &Store, wanted: &str, format: Format) -> anyhow::Result<String> {
    let nights = store.nights(usize::MAX)?;
    let last = nights.first().context("the history has no night")?;
    let number = wanted.parse::<i64>().ok();
    let is_meant = |night: &&Night| match number {
        Some(number) => night.id == number,
        // A date is the start of a time, and includes its day.
        None => night.at.get(..wanted.len()).is_some_and(|at| at <= wanted),
    };
    let Some(base) = nights.iter().find(is_meant) else {
        bail!("the history has no night `{wanted}`\n  hint: `prumo history` lists them");
    };
    let between = nights.iter().filter(|one| one.id >= base.id && one.id < last.id);
    let earlier = between.take(MAX_COMPARED).map(|night| store.live(night.id));
    let earlier = earlier.collect::<anyhow::Result<Vec<_>>>()?;
    let now = Seen { findings: store.findings(last.id)?, live: store.live(last.id)? };
    let changes = Changes::between(&now, &store.findings(base.id)?, &earlier);
    Ok(match format {
        Format::Json => {
            let document = serde_json::json!({"since": base, "last": last, "changes": changes});
            printable_json(&format!("{document:#}\n"))
        }
        Format::Text => {
            let head = format!("night {} ({}) since {} ({})\n", last.id, last.at, base.id, base.at);
            printable_lines(&(head + &in_words(&changes)))
        }
    })
}

/// Describes changes, the most important ones first.
pub(crate) fn in_words(changes: &Changes) -> String {
    if changes.is_empty() {
        return "no change\n".to_owned();
    }
    let mut page = String::new();
    let findings = [("new", &changes.new), ("worse", &changes.worse), ("gone", &changes.gone)];
    for (word, list) in findings {
        for finding in list {
            page += &format!("{word:<9} {}\n", line(finding));
        }
    }
    page + &trends_in_words(changes)
}

/// Describes the members that vanished or became rare.
pub(crate) fn trends_in_words(changes: &Changes) -> String {
    let mut page = String::new();
    for (word, list) in [("vanished", &changes.vanished), ("rarer", &changes.rarer)] {
        for trend in list {
            page += &format!("{word:<9} {}\n", trend_line(trend));
        }
    }
    page
}

fn line(finding: &Finding) -> String {
    let Finding { spec, rule, severity, operation, status, at, count, of, .. } = finding;
    let operation = operation.as_deref().unwrap_or(&finding.seen);
    let status = status.map(|status| format!(" {status}")).unwrap_or_default();
    format!(
        "{:<10}  {}  {spec} {operation}{status} {at}  {count} of {of}",
        severity.name(),
        rule.name()
    )
}

fn trend_line(trend: &Trend) -> String {
    let Trend { spec, member, shares } = trend;
    let first = shares.len().saturating_sub(8);
    let shares: Vec<String> =
        shares.iter().skip(first).map(|share| format!("{:.0} %", share * 100.0)).collect();
    format!("{spec} {} {} {}  {}", member.operation, member.status, member.at, shares.join(", "))
}

/// Returns the commit of the folder, if git knows one.
pub(crate) fn commit(root: &Path) -> Option<String> {
    let output = std::process::Command::new("git")
        .args(["rev-parse", "--short=12", "HEAD"])
        .current_dir(root)
        .stderr(std::process::Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
