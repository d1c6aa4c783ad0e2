//! `cargo xtask bench compile`: measures what a client costs its users' compiler.
//!
//! It checks a crate that depends on a client, and one that depends only on `reqwest` and
//! `serde_json` with the features that the clients use. The measure is the CPU time of `cargo` and
//! its child processes.
//!
//! Invariants:
//!
//! * The two crates differ only in their dependencies: each is an empty library in its own folder,
//!   with the versions of `Cargo.lock`, an empty target folder and the same toolchain.
//! * Rounds are interleaved, each client is compared with its dependencies in the same round, and
//!   the median of these ratios counts: other load lasts longer than a round.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Serialize;
use wait4::Wait4 as _;

use prumo::{screen, specs};

/// Limit of the ratio between a client's time and that of its dependencies.
const BUDGET: f64 = 1.45;

/// The dependencies of every client, as written in the workspace's manifest.
const ALONE: [&str; 2] = ["reqwest", "serde_json"];

#[derive(clap::Args)]
pub(super) struct Args {
    /// The number of rounds per crate.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// Measure only this client; may be given more than once.
    #[arg(long, value_name = "NAME")]
    client: Vec<String>,
}

/// The content of `compile.json`.
#[derive(Debug, Serialize)]
struct Result {
    rounds: u32,
    budget: f64,
    /// CPU seconds of [`ALONE`].
    alone_secs: f64,
    clients: Vec<Measured>,
}

#[derive(Debug, Serialize)]
struct Measured {
    client: String,
    cpu_secs: f64,
    /// The median of the rounds' ratios between the client and its dependencies.
    ratio: f64,
    /// The lines of Rust in its `src`.
    n_lines: usize,
}

/// A crate to check.
struct Subject {
    name: String,
    folder: PathBuf,
    /// The CPU time of each round.
    rounds: Vec<Duration>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = crate::root();
    let clients = clients(&root, &args.client)?;
    let home = tempfile::tempdir().context("failed to make a temporary folder")?;
    let mut subjects = vec![subject(&root, home.path(), "alone", &alone(&root)?)?];
    for client in &clients {
        let path = root.join("generated").join(client);
        let line = format!("{client} = {{ path = {path:?} }}");
        subjects.push(subject(&root, home.path(), client, &line)?);
    }
    for _ in 0..args.rounds {
        for subject in &mut subjects {
            let taken = check(subject, &home.path().join("target"))?;
            subject.rounds.push(taken);
        }
    }
    let result = result(&root, args.rounds, &subjects)?;
    tell(&root, &result)?;
    let is_over = result.clients.iter().any(|one| one.ratio > BUDGET);
    Ok(if is_over { ExitCode::from(screen::DRIFTING) } else { ExitCode::SUCCESS })
}

/// Lists the clients' names: all, or those of `only`.
fn clients(root: &Path, only: &[String]) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(root.join("generated"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    for name in only {
        ensure!(names.contains(name), "`generated/{name}` is not one of {}", names.join(", "));
    }
    names.retain(|name| only.is_empty() || only.contains(name));
    Ok(names)
}

/// Returns the dependencies of the crate without a client, as written in the workspace.
fn alone(root: &Path) -> anyhow::Result<String> {
    let manifest = fs_err::read_to_string(root.join("Cargo.toml"))?;
    let line = |name: &str| {
        let found = manifest.lines().find(|line| line.starts_with(&format!("{name} = ")));
        found.with_context(|| format!("`Cargo.toml` has no line for `{name}`"))
    };
    Ok(ALONE.iter().map(|name| line(name)).collect::<anyhow::Result<Vec<_>>>()?.join("\n"))
}

/// Makes an empty library with `dependencies`, locked to the workspace's versions.
fn subject(root: &Path, home: &Path, name: &str, dependencies: &str) -> anyhow::Result<Subject> {
    let folder = home.join(name);
    fs_err::create_dir_all(folder.join("src"))?;
    fs_err::write(folder.join("src/lib.rs"), "")?;
    fs_err::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let manifest = format!(
        "[package]\nname = \"measured\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependencies}\n\n[workspace]\n"
    );
    fs_err::write(folder.join("Cargo.toml"), manifest)?;
    // Download everything before the measurement starts.
    let status = cargo(&folder)
        .args(["fetch", "--quiet"])
        .status()
        .context("failed to start `cargo fetch`")?;
    ensure!(status.success(), "`cargo fetch` failed for `{name}`");
    Ok(Subject { name: name.to_owned(), folder, rounds: Vec::new() })
}

/// Measures the CPU time of a `cargo check` with an empty target folder.
fn check(subject: &Subject, target: &Path) -> anyhow::Result<Duration> {
    if target.exists() {
        fs_err::remove_dir_all(target)?;
    }
    let mut command = cargo(&subject.folder);
    command.args(["check", "--quiet", "--locked", "--offline"]).env("CARGO_TARGET_DIR", target);
    let child = command.spawn().context("failed to start `cargo check`")?;
    let used = child.wait4().context("failed to wait for `cargo check`")?;
    ensure!(used.status.success(), "`cargo check` failed for `{}`", subject.name);
    Ok(used.rusage.utime + used.rusage.stime)
}

/// Prepares `cargo` in `folder`, without the caller's build settings.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_INCREMENTAL", "0");
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"]
    {
        command.env_remove(name);
    }
    command
}

fn result(root: &Path, rounds: u32, subjects: &[Subject]) -> anyhow::Result<Result> {
    let (alone, clients) = subjects.split_first().context("nothing was measured")?;
    let alone = alone.secs();
    let measured = clients.iter().map(|subject| {
        let secs = subject.secs();
        let ratios = secs.iter().zip(&alone).map(|(secs, alone)| secs / alone).collect();
        Ok(Measured {
            client: subject.name.clone(),
            cpu_secs: rounded(median(secs)),
            ratio: rounded(median(ratios)),
            n_lines: n_lines(&root.join("generated").join(&subject.name).join("src"))?,
        })
    });
    let clients = measured.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Result { rounds, budget: BUDGET, alone_secs: rounded(median(alone)), clients })
}

impl Subject {
    fn secs(&self) -> Vec<f64> {
        self.rounds.iter().map(Duration::as_secs_f64).collect()
    }
}

/// Returns the middle number, the lower one of two; 0 of none.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Rounds to two decimals.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn n_lines(folder: &Path) -> anyhow::Result<usize> {
    let mut n_lines = 0;
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            n_lines += self::n_lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            n_lines += fs_err::read_to_string(path)?.lines().count();
        }
    }
    Ok(n_lines)
}

fn tell(root: &Path, result: &Result) -> anyhow::Result<()> {
    let path = root.join(super::OUT).join("compile.json");
    fs_err::create_dir_all(root.join(super::OUT))?;
    fs_err::write(&path, serde_json::to_string_pretty(result)? + "\n")?;
    let shown = specs::shown(&path, root);
    screen::print(&format!("{}\nthe result is in `{shown}`\n", table(result)))
}

/// Formats a line for the dependencies alone, and one for each client.
fn table(result: &Result) -> String {
    let mut table = format!("{:<20} {:>6.1} s of CPU\n", ALONE.join(" + "), result.alone_secs);
    for Measured { client, cpu_secs, ratio, n_lines } in &result.clients {
        let word = if *ratio > BUDGET { "over the budget of" } else { "within" };
        table.push_str(&format!(
            "{client:<20} {cpu_secs:>6.1} s of CPU, {ratio:.2} times, {word} {BUDGET}; {n_lines} lines\n"
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(client: &str, cpu_secs: f64, ratio: f64) -> Measured {
        Measured { client: client.to_owned(), cpu_secs, ratio, n_lines: 7 }
    }

    #[test]
    fn what_is_alone_is_as_the_clients_have_it() {
        let lines = alone(&crate::root()).unwrap();
        let names = lines.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
        assert_eq!(names.collect::<Vec<_>>(), ALONE);
        for client in clients(&crate::root(), &[]).unwrap() {
            let manifest = crate::root().join("generated").join(client).join("Cargo.toml");
            let manifest = fs_err::read_to_string(manifest).unwrap();
            assert!(
                ALONE.iter().all(|name| manifest.contains(&format!("\n{name}.workspace = true\n")))
            );
        }
    }

    #[test]
    fn a_client_that_is_none_is_refused() {
        let refused = clients(&crate::root(), &["nobody".to_owned()]).unwrap_err();
        assert!(refused.to_string().starts_with("`generated/nobody` is not one of hubsoft, "));
    }

    #[test]
    fn the_median_is_the_middle_number() {
        let cases: &[(&[f64], f64)] =
            &[(&[], 0.0), (&[7.0], 7.0), (&[3.0, 1.0], 1.0), (&[3.0, 1.0, 2.0], 2.0)];
        for (numbers, expected) in cases {
            assert_eq!(
                median(numbers.to_vec()).total_cmp(expected),
                std::cmp::Ordering::Equal,
                "{numbers:?}"
            );
        }
    }

    #[test]
    fn a_client_over_the_budget_is_told() {
        let clients = vec![measured("alfa", 12.0, 1.2), measured("beta", 15.06, 1.51)];
        let table = table(&Result { rounds: 1, budget: BUDGET, alone_secs: 10.0, clients });
        assert_eq!(
            table,
            "reqwest + serde_json   10.0 s of CPU\n\
             alfa                   12.0 s of CPU, 1.20 times, within 1.45; 7 lines\n\
             beta                   15.1 s of CPU, 1.51 times, over the budget of 1.45; 7 lines\n"
        );
    }
}
