//! `cargo xtask ci`: runs every check of the project and fails if one of them failed.
//!
//! [`CHECKS`] lists the checks. A check that cannot run here prints the reason and counts as
//! *skipped*, never as passed. A failed check does not stop the later ones, so one run shows
//! everything.

pub(crate) mod browser;
mod deny;
mod features;
pub(crate) mod guide;
mod install;
mod packages;
mod python;
mod readme;
mod release;
mod semver;
pub(crate) mod session;
mod versions;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};

use prumo::screen;
use prumo_structure::{arrows, certificates, circles, contributing, msrv};
use session::{Session, Verdict};

/// Runs all checks.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only the checks with these names.
    #[arg(value_name = "CHECK")]
    only: Vec<String>,
    /// A command that has just exited with 0, such as `cargo test`; it is not run again.
    #[arg(long, value_name = "COMMAND")]
    ran: Vec<String>,
    /// Fail if a check cannot run: for a scheduled run, which has a network and every tool.
    #[arg(long)]
    no_skip: bool,
    /// List the checks with what each decides.
    #[arg(long)]
    list: bool,
}

/// The action of a check.
enum Action {
    /// Runs a command that must exit with 0; its words are separated by blanks.
    Run(&'static str),
    /// Lists breaches of a rule of this repository; the list must be empty.
    Hold(fn(&Path) -> anyhow::Result<Vec<String>>),
    /// Decides in code what to run.
    Look(fn(&Session) -> anyhow::Result<Verdict>),
}

use Action::{Hold, Look, Run};

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
        why: "crates depend on each other only as the table of arrows allows",
        action: Hold(arrows::check),
    },
    Check {
        name: "circles",
        why: "the top-level modules of each crate form no circle",
        action: Hold(circles::check),
    },
    Check {
        name: "certificates",
        why: "no source disables the check of server certificates",
        action: Hold(certificates::check),
    },
    Check {
        name: "msrv",
        why: "the published crates' dependencies keep the stated minimum Rust version",
        action: Hold(msrv::check),
    },
    Check {
        name: "licences",
        why: "licences, crates and sources obey `deny.toml`",
        action: Look(deny::offline),
    },
    Check {
        name: "advisories",
        why: "no dependency has a known vulnerability",
        action: Look(deny::advisories),
    },
    Check {
        name: "contributing",
        why: "`CONTRIBUTING.md` and `ARCHITECTURE.md` name existing files, and all that a change touches",
        action: Hold(contributing::check),
    },
    Check {
        name: "clippy",
        why: "the workspace's lints hold, also with TLS and blocking calls",
        action: Look(features::clippy),
    },
    Check {
        name: "generated",
        why: "`generated/*/src` is fresh",
        action: Run("cargo xtask generate --check"),
    },
    Check {
        name: "table",
        why: "the client of `tests/agreement` is what its spec makes of it",
        action: Run("cargo prumo generate --check --root tests/agreement"),
    },
    Check {
        name: "bank",
        why: "the client of `tests/tls` is what its spec makes of it",
        action: Run("cargo prumo generate --check --root tests/tls"),
    },
    Check {
        name: "corpus",
        why: "a small document of each dialect is generated, compiled and judged by its examples",
        action: Run("cargo xtask corpus tests/corpus"),
    },
    Check {
        name: "versions",
        why: "a changed spec has a client whose version was raised accordingly",
        action: Look(versions::check),
    },
    Check { name: "tests", why: "all tests pass", action: Run(session::TESTS) },
    Check {
        name: "audit",
        why: "no committed file has what looks like a person or a secret",
        action: Run("cargo prumo audit"),
    },
    Check {
        name: "rules",
        why: "`docs/rules.md` is fresh",
        action: Run("cargo prumo explain --markdown --check"),
    },
    Check {
        name: "mutate",
        why: "the judge notices every mutation of every fixture",
        action: Run("cargo xtask mutate"),
    },
    Check { name: "docs", why: "rustdoc has no warning", action: Look(features::docs) },
    Check {
        name: "tls",
        why: "a client accepts exactly the certificates that it should, over TLS on loopback",
        action: Run(
            "cargo test --locked --quiet --manifest-path tests/tls/Cargo.toml --target-dir target",
        ),
    },
    Check { name: "wasm", why: "the clients compile for a browser", action: Look(features::wasm) },
    Check {
        name: "outside",
        why: "a program outside the workspace compiles with the README's code and calls the clients",
        action: Run(
            "cargo test --locked --quiet --manifest-path tests/outside/Cargo.toml --target-dir target",
        ),
    },
    Check {
        name: "semver",
        why: "`prumo diff --semver` says what the compiler and a replay say",
        action: Look(semver::check),
    },
    Check {
        name: "browser",
        why: "the report's page works in a headless Chromium",
        action: Look(browser::check),
    },
    Check {
        name: "packages",
        why: "the published crates can be packed, and compile from the package alone",
        action: Look(packages::check),
    },
    Check {
        name: "install",
        why: "an installed `prumo` takes a new user from an empty folder to a green night",
        action: Look(install::check),
    },
    Check {
        name: "release",
        why: "a release can be made: metadata, versions, changelog, archive, image, manual, completions",
        action: Look(release::check),
    },
    Check {
        name: "python",
        why: "the wheels install, and Spark and Beam write the contract of one process",
        action: Look(python::check),
    },
    Check { name: "readme", why: "the README's commands succeed", action: Look(readme::check) },
    Check {
        name: "guide",
        why: "the guide's commands print what its pages show, in both languages",
        action: Look(guide::check),
    },
];

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.list {
        print_list();
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(&args.only)?;
    let session = Session::new(crate::root(), &args.ran);
    let mut failed = Vec::new();
    let mut skipped = Vec::new();
    for check in &chosen {
        println!("\n── {}: {}", check.name, check.why);
        let start = Instant::now();
        match perform(check, &session).and_then(|verdict| settle(verdict, args.no_skip)) {
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
    println!(
        "\n{n_checks} checks: {n_fit} fit, {} skipped, {} failed",
        skipped.len(),
        failed.len()
    );
    if !skipped.is_empty() {
        println!("skipped: {}", skipped.join(", "));
    }
    let Some((first, _)) = failed.first() else {
        return ExitCode::SUCCESS;
    };
    // Repeated at the end, because people read the end of a long log.
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

fn perform(check: &Check, session: &Session) -> anyhow::Result<Verdict> {
    match check.action {
        Hold(breaches) => {
            let breaches = breaches(&session.root)?;
            ensure!(
                breaches.is_empty(),
                "{} breaches:\n  {}",
                breaches.len(),
                breaches.join("\n  ")
            );
            Ok(Verdict::Fits)
        }
        Look(look) => look(session),
        Run(command) => session.run(command),
    }
}

/// Turns *skipped* into an error if no check may be skipped.
fn settle(verdict: Verdict, no_skip: bool) -> anyhow::Result<Verdict> {
    match verdict {
        Verdict::Skipped(reason) if no_skip => bail!("it cannot run, but must: {reason}"),
        verdict => Ok(verdict),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::{Verdict, settle};

    #[test]
    fn a_scheduled_run_fails_where_another_one_skips() {
        let skipped = || Verdict::Skipped("no network".to_owned());
        assert!(matches!(settle(skipped(), false), Ok(Verdict::Skipped(_))));
        let error = settle(skipped(), true).err().expect("an error");
        assert_eq!(error.to_string(), "it cannot run, but must: no network");
        assert!(matches!(settle(Verdict::Fits, true), Ok(Verdict::Fits)));
    }
}
