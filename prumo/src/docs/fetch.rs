//! `prumo docs fetch`: reads the vendors' pages into a cache in the project's `out`.
//!
//! It asks politely: one request at a time with a pause between them, only what `robots.txt` allows,
//! with the validators of the cached copy, and again only after the time that the host names.
//!
//! | the page | is |
//! |---|---|
//! | was sent, or is as it was (304) | *fresh*, and cached |
//! | moved, is gone, asks for a login, or names no operation | *drifts*: the cached copy stays as it was |
//! | is closed by `robots.txt` | *skipped* |
//! | was not reached, or is too large | not judged |
//!
//! Invariants:
//!
//! * A page that turned into something else never replaces the cached copy, so that it never reads
//!   as an empty contract.

mod asking;
pub(crate) mod cache;
mod robots;

use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use crate::project::{Location, Project};
use crate::screen::{self, counted};
use asking::Asking;
use cache::Cache;

/// Reads the vendors' pages into the cache.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The vendors; by default all with `docs` in `prumo.toml`.
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,
    /// The pause between two requests, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = PAUSE)]
    pause: u64,
    /// The format of the list.
    #[arg(long, value_enum, default_value_t = super::Format::Text)]
    format: super::Format,
}

/// The usual pause between two requests, in milliseconds.
pub(crate) const PAUSE: u64 = 1000;

/// The outcome for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was sent, and is cached.
    Fetched,
    /// It is as it was.
    Unchanged,
    /// The host sends its readers elsewhere.
    Moved(String),
    /// The host no longer has it: the status.
    Gone(u16),
    /// The host wants to know who reads it.
    AsksForLogin,
    /// It names no operation.
    Empty,
    /// `robots.txt` closes it.
    Closed,
    /// It could not be read: the reason.
    Failed(String),
}

/// A page and its fate.
pub(crate) struct Fetched {
    pub(crate) vendor: String,
    pub(crate) url: String,
    pub(crate) fate: Fate,
}

impl Fate {
    /// Tells whether the page is no longer what it was.
    pub(crate) fn is_drift(&self) -> bool {
        matches!(self, Self::Moved(_) | Self::Gone(_) | Self::AsksForLogin | Self::Empty)
    }

    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Returns the name for programs.
    fn name(&self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Unchanged => "unchanged",
            Self::Moved(_) => "moved",
            Self::Gone(_) => "gone",
            Self::AsksForLogin => "asks-for-login",
            Self::Empty => "empty",
            Self::Closed => "closed",
            Self::Failed(_) => "failed",
        }
    }

    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Fetched => "was read".to_owned(),
            Self::Unchanged => "is as it was".to_owned(),
            Self::Moved(to) => format!("moved to {to}"),
            Self::Gone(status) => format!("is gone: {status}"),
            Self::AsksForLogin => "asks for a login".to_owned(),
            Self::Empty => "names no operation".to_owned(),
            Self::Closed => "is closed by robots.txt".to_owned(),
            Self::Failed(reason) => format!("was not read: {reason}"),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Fetched | Self::Unchanged => "fresh",
            Self::Closed => "skipped",
            Self::Failed(_) => "error",
            _ => "drifts",
        }
    }
}

/// Runs the verb: 0 all pages are there, 1 a page was not read, 4 a page is no longer what it was.
pub(super) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.project()?;
    let vendors = match args.vendors.as_slice() {
        [] => with_docs(&project)?,
        named => named.to_vec(),
    };
    let pages = fetch(&project, &vendors, Duration::from_millis(args.pause))?;
    match args.format {
        super::Format::Json => {
            let page = |one: &Fetched| {
                json!({"vendor": one.vendor, "url": one.url, "fate": one.fate.name(),
                    "said": one.fate.in_words()})
            };
            let list: Vec<_> = pages.iter().map(page).collect();
            screen::print(&format!("{:#}\n", json!({ "pages": list })))?;
        }
        super::Format::Text if pages.is_empty() => {
            screen::print("skipped  no vendor has `docs` in prumo.toml\n")?;
        }
        super::Format::Text => {
            for one in &pages {
                let (word, said) = (one.fate.word(), one.fate.in_words());
                screen::print(&format!("{word:<8} {} {} {said}\n", one.vendor, one.url))?;
            }
            let n_drifts = pages.iter().filter(|one| one.fate.is_drift()).count();
            let words = counted(pages.len(), "page");
            screen::print(&format!("\n{words}, {n_drifts} no longer what it was\n"))?;
        }
    }
    Ok(ExitCode::from(match () {
        () if pages.iter().any(|one| one.fate.is_failure()) => screen::COULD_NOT_JUDGE,
        () if pages.iter().any(|one| one.fate.is_drift()) => screen::DRIFTING,
        () => 0,
    }))
}

/// Lists the vendors with pages.
pub(crate) fn with_docs(project: &Project) -> anyhow::Result<Vec<String>> {
    let name = |spec: &std::path::PathBuf| Some(spec.file_stem()?.to_str()?.to_owned());
    let names = project.spec_files()?.iter().filter_map(name).collect::<Vec<_>>().into_iter();
    let has_docs = |name: &String| project.vendor(name).is_some_and(|one| !one.docs.is_empty());
    Ok(names.filter(has_docs).collect())
}

/// Asks for the pages of the vendors, one after the other.
pub(crate) fn fetch(
    project: &Project,
    vendors: &[String],
    pause: Duration,
) -> anyhow::Result<Vec<Fetched>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut asking = Asking::new(pause)?;
    let mut fetched = Vec::new();
    for vendor in vendors {
        let Some(settings) = project.vendor(vendor) else {
            anyhow::bail!(
                "no vendor `{vendor}` in `prumo.toml`\n  hint: write `[vendor.{vendor}]` with `docs = [\"https://…\"]`"
            );
        };
        let mut cache = Cache::open(project, vendor)?;
        for url in &settings.docs {
            let fate = runtime.block_on(asking.page(url, &mut cache))?;
            fetched.push(Fetched { vendor: vendor.clone(), url: url.clone(), fate });
        }
        cache.keep()?;
    }
    Ok(fetched)
}
