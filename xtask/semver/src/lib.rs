//! Holds `prumo diff --semver` to what the compiler and a replay say.
//!
//! `tests/semver/cases.yaml` has changes of `tests/semver/base.yaml`. A client is generated for the
//! base and for each changed document. Each case has a caller that compiles and runs against the
//! client of the base. Its change is *major* if and only if the caller does not compile with the
//! client of the changed document, or does not run against an answer that fits the document.
//!
//! Each client is an example of one crate, so that one run of cargo compiles all of them, and an
//! error belongs to one case.

mod answers;
mod cases;
mod programs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use prumo::diff;

use answers::Server;
use cases::Case;

/// The least number of cases.
const MIN_CASES: usize = 60;

/// Compiles and runs the caller of every case, and returns the number of cases.
///
/// `root` is the repository. `generate` makes the clients of a project, given its folder.
///
/// # Errors
///
/// Fails if the table can't be read, a program can't be built or started, or a verdict is wrong; the
/// error lists each wrong verdict with the reason.
pub fn check(
    root: &Path,
    generate: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let (base, cases) = cases::read(root)?;
    ensure!(cases.len() >= MIN_CASES, "only {} cases", cases.len());
    let folder = root.join("target/prumo/semver");
    programs::write_specs(&folder, root, &base, &cases)?;
    generate(&folder)?;
    programs::write(&folder, root, &cases)?;
    let built = programs::build(&folder, &root.join("target"))?;
    let mut wrong = Vec::new();
    for case in &cases {
        wrong.extend(judged(case, &folder, &built)?.map(|why| format!("{}: {why}", case.name)));
    }
    ensure!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    Ok(cases.len())
}

/// Returns why the verdict on a case is wrong, or `None` if it is right.
fn judged(
    case: &Case,
    folder: &Path,
    built: &BTreeMap<String, PathBuf>,
) -> anyhow::Result<Option<String>> {
    let before = built.get(programs::BEFORE).context("the callers do not compile with the base")?;
    if let Err(why) = run(before, case, None)? {
        return Ok(Some(format!("the caller does not run with the base: {why}")));
    }
    let of = |name: &str| folder.join("specs").join(format!("{name}.yaml"));
    let said = diff::semver_of_files(&of(programs::BEFORE), &of(&case.slug()))?.unwrap_or("none");
    if said != case.version {
        return Ok(Some(format!("expected {}, and prumo diff says {said}", case.version)));
    }
    let broken = match built.get(&case.module()) {
        None => Some("the caller does not compile".to_owned()),
        Some(program) => run(program, case, case.answer.as_deref())?.err(),
    };
    Ok(match (said == "major", broken) {
        (true, None) => Some("major, but the caller compiles and runs".to_owned()),
        (false, Some(why)) => Some(format!("{said}, but {why}")),
        _ => None,
    })
}

/// Runs a caller against a server on loopback; the inner error is the caller's.
fn run(program: &Path, case: &Case, answer: Option<&str>) -> anyhow::Result<Result<(), String>> {
    let server = Server::start(answer)?;
    let output = std::process::Command::new(program)
        .args([server.url(), case.module()])
        .output()
        .with_context(|| format!("failed to start `{}`", program.display()))?;
    Ok(match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    })
}
