//! `prumo follow`: turns a change of a vendor's pages into a branch or patch that follows it.
//!
//! | step | fails if |
//! |---|---|
//! | reads the pages, and compares them with the lock | a page was not read, or is no longer what it was |
//! | edits the spec where the pages say more than before, and keeps the rest as a list to decide | – |
//! | lints, generates the client, judges the fixtures | there is a complaint or a finding |
//! | raises the client's version by what its callers notice, and adds the lines of the changelog | – |
//! | runs the tests | one fails |
//! | commits on a new branch, or writes a patch, and the text of a pull request | the branch exists |
//!
//! Invariants:
//!
//! * All of it happens in a work tree of its own, on the last commit. If a step fails, no branch, no
//!   patch and no file of the project has changed.
//! * Pages that can't be read are an error, never a page that says the same.

mod body;
mod checks;
mod proposal;
mod release;
mod worktree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{bail, ensure};
use prumo_pages::Lock;

use crate::docs::fetch::{self, Fate, cache::Cache};
use crate::docs::pages::Pages;
use crate::project::{Location, Project};
use crate::{clock, docs, screen, specs, write};
use body::Body;
use proposal::Proposal;
use worktree::Worktree;

/// The path that stands for standard output.
const PIPE: &str = "-";

/// The file with the text of the pull request, in the project's `out`.
const BODY: &str = "follow.md";

/// Follows a change of the vendors' pages.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The specs to follow; by default every vendor with `docs` in `prumo.toml`.
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// Files or folders with the pages as they are now, instead of fetching them; for one spec.
    #[arg(long, value_name = "PAGE", num_args = 1..)]
    pages: Vec<PathBuf>,
    /// The name of the new branch; by default `prumo/follow-SPEC-DATE`.
    #[arg(long, value_name = "NAME", conflicts_with = "patch")]
    branch: Option<String>,
    /// Writes a patch instead of a branch; `-` prints it.
    #[arg(long, value_name = "FILE")]
    patch: Option<PathBuf>,
    /// Writes the text of the pull request to this file; by default `follow.md` in `out`.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// The command that runs the tests; by default the steps of `prumo.toml`, or without any
    /// `cargo test` in each client.
    #[arg(long, value_name = "COMMAND")]
    test: Option<String>,
}

/// Runs the verb: 0 the pages say the same, 1 failed, 4 a page is gone, or a branch or patch is made.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.project()?;
    let names = named(&project, args)?;
    let Some(now) = pages(&project, args, &names)? else {
        return Ok(ExitCode::from(screen::DRIFTING));
    };
    let mut changed = Vec::new();
    for (name, lock) in names.iter().zip(now) {
        changed.extend(Proposal::new(&project, name, lock)?);
    }
    if changed.is_empty() {
        screen::print(&format!("fits     the pages of {} say the same\n", names.join(", ")))?;
        return Ok(ExitCode::SUCCESS);
    }
    let branch = branch(args, &changed);
    let tree = Worktree::new(&project, args.patch.is_none().then_some(branch.as_str()))?;
    let body = follow(&tree, &changed, args.test.as_deref())?;
    let told = match &args.patch {
        Some(file) => patch(&tree, file)?,
        None => {
            let commit = tree.commit(&body.subject(), &body.to_markdown())?;
            tree.branch(&branch, &commit)?;
            format!("written  branch {branch}\n")
        }
    };
    let file = args.body.clone().unwrap_or_else(|| project.out().join(BODY));
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs_err::create_dir_all(folder)?;
    }
    write::at_once(&file, body.to_markdown().as_bytes())?;
    let shown = specs::shown(&file, project.root());
    told_of(args, &format!("{}{told}written  {shown}\n", body.to_text()))?;
    Ok(ExitCode::from(screen::DRIFTING))
}

/// Says what was made: on standard error if the patch is on standard output.
fn told_of(args: &Args, text: &str) -> anyhow::Result<()> {
    if args.patch.as_deref() == Some(Path::new(PIPE)) {
        text.lines().for_each(screen::note);
        return Ok(());
    }
    screen::print(text)
}

/// Returns the names of the specs to follow.
fn named(project: &Project, args: &Args) -> anyhow::Result<Vec<String>> {
    let names = match args.specs.as_slice() {
        [] => fetch::with_docs(project)?,
        named => named.to_vec(),
    };
    ensure!(
        !names.is_empty(),
        "no vendor has `docs` in `prumo.toml`\n  hint: name a spec, and its pages with `--pages`"
    );
    ensure!(
        args.pages.is_empty() || names.len() == 1,
        "pages of which spec?\n  hint: name the one that they are about: `prumo follow SPEC --pages PAGE`"
    );
    for name in &names {
        project.spec_named(name)?;
    }
    Ok(names)
}

/// Returns what the pages of each spec say now; `None` if a page is no longer what it was, which is
/// said on standard output.
fn pages(project: &Project, args: &Args, names: &[String]) -> anyhow::Result<Option<Vec<Lock>>> {
    if let ([name], [_, ..]) = (names, args.pages.as_slice()) {
        let lock = docs::check::lock_of(&project.spec_named(name)?)?;
        return Ok(Some(vec![given(&args.pages, lock)?]));
    }
    let fetched = fetch::fetch(project, names, Duration::from_millis(fetch::PAUSE))?;
    let mut unread = Vec::new();
    for one in &fetched {
        match &one.fate {
            Fate::Fetched | Fate::Unchanged => (),
            fate if fate.is_drift() => {
                screen::print(&format!(
                    "drifts   {} {} {}\n",
                    one.vendor,
                    one.url,
                    fate.in_words()
                ))?;
            }
            fate => unread.push(format!("{} {}", one.url, fate.in_words())),
        }
    }
    ensure!(
        unread.is_empty(),
        "{}\n  hint: nothing was changed; ask again later",
        unread.join("\n")
    );
    if fetched.iter().any(|one| one.fate.is_drift()) {
        screen::note("nothing was changed: say in `prumo.toml` where the page is now");
        return Ok(None);
    }
    let lock = |name: &String| {
        let docs = project.vendor(name).map_or(&[][..], |vendor| &vendor.docs);
        Cache::open(project, name)?.lock(docs)
    };
    names.iter().map(lock).collect::<anyhow::Result<_>>().map(Some)
}

/// Reads given pages. A single one stands for the page of its name in the lock.
fn given(paths: &[PathBuf], lock: Option<Lock>) -> anyhow::Result<Lock> {
    let mut pages = Vec::new();
    let mut are_single = true;
    for path in paths {
        let read = Pages::read(path)?;
        are_single &= read.is_one();
        pages.extend(read.named());
    }
    let Some(lock) = lock.filter(|_| are_single) else { return Ok(Lock::new(pages)) };
    let mut now: Vec<_> =
        lock.pages().map(|(name, page)| (name.to_owned(), page.clone())).collect();
    for (name, page) in pages {
        let known = lock.name_of(&name).map(str::to_owned);
        let Some(known) = known else {
            bail!(
                "the lock has no page `{name}`\n  hint: give the folder with all pages, or lock it first"
            );
        };
        now.retain(|(other, _)| *other != known);
        now.push((known, page));
    }
    Ok(Lock::new(now))
}

fn branch(args: &Args, changed: &[Proposal]) -> String {
    let names: Vec<&str> = changed.iter().map(|one| one.name.as_str()).collect();
    let usual = || format!("prumo/follow-{}-{}", names.join("-"), clock::today());
    args.branch.clone().unwrap_or_else(usual)
}

/// Makes all changes in the work tree, and checks them.
fn follow(tree: &Worktree, changed: &[Proposal], test: Option<&str>) -> anyhow::Result<Body> {
    let project = tree.project()?;
    let mut body = Body::default();
    for proposal in changed {
        let release = release::make(&project, proposal)?;
        body.add(proposal, release);
    }
    tree.stage()?;
    body.checked = checks::run(&project, tree, changed, test)?;
    Ok(body)
}

fn patch(tree: &Worktree, file: &Path) -> anyhow::Result<String> {
    let patch = tree.patch()?;
    if file == Path::new(PIPE) {
        screen::print_document(&patch)?;
        return Ok(String::new());
    }
    write::at_once(file, &patch)?;
    Ok(format!("written  {}\n", file.display()))
}
