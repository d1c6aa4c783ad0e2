//! `cargo xtask ci`: runs every check of the project, says how each went, and fails if one did.
//!
//! The checks are the table [`CHECKS`]. A check that can't run here says why
//! and is counted as *skipped*; it never reads as passed. Later checks run
//! also when an earlier one failed, so that one run shows everything.

mod arrows;
mod certificates;
mod circles;
mod deny;
mod graph;
mod msrv;
mod packages;
mod readme;
mod wasm;

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use prumo::screen;

/// Most lines of a command's standard error that are told again when it fails.
const MAX_LINES_TOLD: usize = 40;

/// Checks everything: what CI runs after the tests.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only the checks with these names.
    #[arg(value_name = "CHECK")]
    only: Vec<String>,
    /// List the checks and what each runs.
    #[arg(long)]
    list: bool,
}

/// How a check came out, if it did not fail.
enum Verdict {
    Fits,
    Skipped(String),
}

/// What a check does.
enum Action {
    /// A command that must exit with 0; its words are parted by blanks.
    Run(&'static str),
    /// The same, with a variable of the environment.
    RunWith((&'static str, &'static str), &'static str),
    /// Something that we look at ourselves.
    Look(fn(&Path) -> anyhow::Result<Verdict>),
}

use Action::{Look, Run, RunWith};

struct Check {
    name: &'static str,
    why: &'static str,
    action: Action,
}

/// Every check, the quick ones first.
const CHECKS: &[Check] = &[
    Check { name: "format", why: "sources are formatted", action: Run("cargo fmt --all --check") },
    Check {
        name: "arrows",
        why: "no crate depends on one that it may not know",
        action: Look(arrows::check),
    },
    Check {
        name: "circles",
        why: "no modules of a crate use each other in a circle",
        action: Look(circles::check),
    },
    Check {
        name: "certificates",
        why: "no source switches the check of a server's certificate off",
        action: Look(certificates::check),
    },
    Check {
        name: "msrv",
        why: "the published crates' dependencies keep the stated minimum Rust version",
        action: Look(msrv::check),
    },
    Check {
        name: "licences",
        why: "licences, bans and sources are those of `deny.toml`",
        action: Look(deny::offline),
    },
    Check {
        name: "advisories",
        why: "no dependency has a known vulnerability",
        action: Look(deny::advisories),
    },
    Check {
        name: "clippy",
        why: "the workspace's lints hold",
        action: Run("cargo clippy --workspace --all-targets --locked -- -D warnings"),
    },
    Check {
        name: "generated",
        why: "`generated/*/src` is what the specs make of it",
        action: Run("cargo xtask generate --check"),
    },
    Check {
        name: "rules",
        why: "`docs/rules.md` is what the table of rules makes of it",
        action: Run("cargo xtask explain --markdown --check"),
    },
    Check { name: "tests", why: "all tests pass", action: Run("cargo test --workspace --locked --quiet") },
    Check {
        name: "mutate",
        why: "the judge notices every mutation of every fixture",
        action: Run("cargo xtask mutate"),
    },
    Check {
        name: "docs",
        why: "rustdoc has no warning",
        action: RunWith(("RUSTDOCFLAGS", "-D warnings"), "cargo doc --workspace --no-deps --locked"),
    },
    Check {
        name: "tls",
        why: "a client trusts whom it is told to trust and nobody else, over TLS on loopback",
        action: Run(
            "cargo test --locked --quiet --manifest-path tests/tls/Cargo.toml --target-dir target/tls",
        ),
    },
    Check {
        name: "features",
        why: "the clients compile with TLS, and with blocking calls",
        action: Run("cargo check --locked -p tomticket-v1 -p tomticket-v2 -p hubsoft --examples \
             --features tomticket-v1/rustls,tomticket-v2/rustls,hubsoft/rustls,\
             tomticket-v1/blocking,tomticket-v2/blocking,hubsoft/blocking"),
    },
    Check { name: "wasm", why: "the clients compile for a browser", action: Look(wasm::check) },
    Check {
        name: "outside",
        why: "a program outside the workspace compiles with the README's code and calls the clients",
        action: Run(
            "cargo test --locked --quiet --manifest-path tests/outside/Cargo.toml --target-dir target/outside",
        ),
    },
    Check {
        name: "packages",
        why: "the published crates can be packed, and compile from the package alone",
        action: Look(packages::check),
    },
    Check { name: "readme", why: "the README's commands do what they say", action: Look(readme::check) },
];

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.list {
        print_list();
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(&args.only)?;
    let root = crate::root();
    let mut failed = Vec::new();
    let mut skipped = Vec::new();
    for check in &chosen {
        println!("\n── {}: {}", check.name, check.why);
        let start = Instant::now();
        match perform(check, &root) {
            Ok(Verdict::Fits) => println!("{} fits ({})", check.name, seconds(start.elapsed())),
            Ok(Verdict::Skipped(reason)) => {
                println!("{} skipped: {reason}", check.name);
                skipped.push(check.name);
            }
            Err(error) => {
                println!("{} failed ({}): {error:#}", check.name, seconds(start.elapsed()));
                failed.push((check.name, format!("{error:#}")));
            }
        }
    }
    Ok(summary(chosen.len(), &skipped, &failed))
}

fn summary(n_checks: usize, skipped: &[&str], failed: &[(&str, String)]) -> ExitCode {
    let n_fit = n_checks - skipped.len() - failed.len();
    println!("\n{n_checks} checks: {n_fit} fit, {} skipped, {} failed", skipped.len(), failed.len());
    if !skipped.is_empty() {
        println!("skipped: {}", skipped.join(", "));
    }
    let Some((first, _)) = failed.first() else {
        return ExitCode::SUCCESS;
    };
    // Told again: of a long log people read the end, and often nothing else was kept.
    for (name, why) in failed {
        println!("failed: {name}: {why}");
    }
    println!("run one again with `cargo xtask ci {first}`");
    ExitCode::from(screen::COULD_NOT_JUDGE)
}

fn choose(only: &[String]) -> anyhow::Result<Vec<&'static Check>> {
    for name in only {
        if !CHECKS.iter().any(|check| check.name == name) {
            bail!("there is no check `{name}`; `cargo xtask ci --list` shows them");
        }
    }
    let is_chosen = |check: &&Check| only.is_empty() || only.iter().any(|name| name == check.name);
    Ok(CHECKS.iter().filter(is_chosen).collect())
}

fn print_list() {
    for check in CHECKS {
        println!("{:<14}{}", check.name, check.why);
    }
}

fn perform(check: &Check, root: &Path) -> anyhow::Result<Verdict> {
    match check.action {
        Look(look) => look(root),
        Run(command) => run_command(root, command, None),
        RunWith(variable, command) => run_command(root, command, Some(variable)),
    }
}

/// Runs a command whose words are parted by blanks; it must exit with 0.
///
/// What it says of itself is shown as it comes, and its last lines stand in the error.
fn run_command(root: &Path, command: &str, variable: Option<(&str, &str)>) -> anyhow::Result<Verdict> {
    let mut words = command.split_whitespace();
    let program = words.next().context("an empty command")?;
    let mut child = Command::new(program)
        .args(words)
        .envs(variable)
        .current_dir(root)
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to start `{program}`"))?;
    let told = child.stderr.take().map(last_lines).unwrap_or_default();
    let status = child.wait().with_context(|| format!("failed to wait for `{program}`"))?;
    if !status.success() {
        bail!("`{command}` ended with {status}\n{}", Vec::from(told).join("\n"));
    }
    Ok(Verdict::Fits)
}

/// Passes lines on to standard error and gives the last ones.
fn last_lines(told: impl Read) -> VecDeque<String> {
    let mut last = VecDeque::new();
    for line in BufReader::new(told).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        eprintln!("{line}");
        if last.len() == MAX_LINES_TOLD {
            last.pop_front();
        }
        last.push_back(line);
    }
    last
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
