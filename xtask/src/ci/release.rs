//! Rehearses a release: what `.github/workflows/release.yml` does on the day, short of publishing.
//!
//! Invariants:
//!
//! * It runs the scripts of the release, not copies of them.
//! * Its binary is the debug one from the tests, so that nothing is compiled. It is linked to the C
//!   library, so the image is looked at and not run. The static one is built by the release alone.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use prumo_structure::{Graph, Package, published};

use super::session::{Session, Verdict};

/// The folder of the archive and of the image.
const FOLDER: &str = "target/release-rehearsal";

/// The target that the archive is named after.
const TARGET: &str = "x86_64-unknown-linux-musl";

/// The target of a usual machine, whose `cargo binstall` has to find that archive.
const USUAL: &str = "x86_64-unknown-linux-gnu";

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let breaches = published::check(&session.root)?;
    ensure!(breaches.is_empty(), "{} breaches:\n  {}", breaches.len(), breaches.join("\n  "));
    if cfg!(not(target_os = "linux")) {
        return Ok(Verdict::Skipped("the scripts of a release need GNU tools".to_owned()));
    }
    let graph = Graph::read(&session.root)?;
    let tool = graph.members().find(|package| package.name == "prumo");
    let tool = tool.context("there is no crate `prumo`")?;
    let binary = session.built_prumo()?;
    let (name, image) = (format!("prumo-{}-{TARGET}", tool.version), format!("{FOLDER}/image.tar"));
    let archive = format!("{FOLDER}/{name}.tar.gz");
    for command in [
        format!("release/ready --dry-run v{}", tool.version),
        format!("release/build --binary {} --out {FOLDER} {TARGET}", binary.display()),
        format!("release/image --out {image} {archive}"),
        format!("release/try --dynamic {archive} {image}"),
    ] {
        println!("$ {command}");
        // The debug binary is large, and its archive is thrown away.
        session.run_with(&[("GZIP_LEVEL", "1")], &command)?;
    }
    for target in [TARGET, USUAL] {
        found_by_binstall(&session.root, tool, target, &archive)?;
    }
    Ok(Verdict::Fits)
}

/// Fails unless the manifest leads `cargo binstall` on a machine of `target` to the archive and to
/// the program in it.
fn found_by_binstall(
    root: &Path,
    tool: &Package,
    target: &str,
    archive: &str,
) -> anyhow::Result<()> {
    let template = |key| {
        let general = || tool.metadata(&["binstall", key]);
        let own = tool.metadata(&["binstall", "overrides", target, key]).or_else(general);
        own.and_then(|text| text.as_str()).with_context(|| format!("binstall has no `{key}`"))
    };
    let url = filled_in(template("pkg-url")?, tool, target);
    let (_, asked) = url.rsplit_once('/').context("`pkg-url` is no URL")?;
    ensure!(archive.ends_with(&format!("/{asked}")), "on {target} binstall asks for {asked}");
    let program = filled_in(template("bin-dir")?, tool, target);
    let output = Command::new("tar").args(["-tzf", archive]).current_dir(root).output();
    let listed = output.context("failed to start `tar`")?.stdout;
    let is_there = String::from_utf8_lossy(&listed).lines().any(|line| line == program);
    ensure!(is_there, "on {target} binstall looks for {program}, which {archive} does not have");
    Ok(())
}

/// Fills in a template of binstall.
fn filled_in(template: &str, tool: &Package, target: &str) -> String {
    let values = [
        ("name", &*tool.name),
        ("bin", &*tool.name),
        ("version", &*tool.version),
        ("target", target),
    ];
    let fill =
        |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{ {name} }}"), value);
    values.iter().fold(template.to_owned(), fill)
}
