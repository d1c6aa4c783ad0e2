//! `prumo audit`: turns committed files into a list of places that look like a person or a secret.
//!
//! Without a path, it reads the files that Git tracks in the project; without Git, all files below
//! the project's folder but those of `target`. A place that may stay although it looks like one has
//! a row in `audit.allow.tsv`.
//!
//! Invariants:
//!
//! * Only places and kinds are printed, never a value.
//! * A file that can't be read is an error. A file that is no text is counted as skipped.
//! * A row of the allow file that silences nothing is stale, if all files were read.

mod allowed;
mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use prumo_redact::{Hit, Syntax, audit};
use serde_json::json;

use self::allowed::Allowed;
use crate::project::Location;
use crate::screen::{self, counted};
use crate::specs::shown;

/// Finds what looks like a person or a secret in committed files.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The format of the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Files or folders; by default the files that Git tracks in the project.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines for a person.
    Text,
    /// One JSON document.
    Json,
}

/// Runs the verb: 0 if no place looks like a person or a secret, 4 if some do.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let base = location.base()?;
    let files = match args.paths.is_empty() {
        true => files::tracked(&base)?,
        false => files::below(&args.paths)?,
    };
    let allowed = Allowed::read(&base)?;
    let start = Instant::now();
    let mut work = Work { base, allowed, ..Work::default() };
    for file in &files {
        if let Err(problem) = work.file(file) {
            work.n_problems += 1;
            screen::error(format!("{problem:#}"));
        }
    }
    if args.paths.is_empty() {
        work.stale = work.allowed.stale();
    }
    match args.format {
        Format::Text => screen::print(&work.as_text())?,
        Format::Json => screen::print_document(work.as_json()?.as_bytes())?,
    }
    screen::note(&work.rate(start.elapsed()));
    Ok(match (work.n_problems, work.is_clean()) {
        (0, true) => ExitCode::SUCCESS,
        (0, false) => ExitCode::from(screen::DRIFTING),
        _ => ExitCode::from(screen::COULD_NOT_JUDGE),
    })
}

/// The audit of several files.
#[derive(Default)]
struct Work {
    base: PathBuf,
    allowed: Allowed,
    hits: Vec<(String, Hit)>,
    stale: Vec<String>,
    n_files: usize,
    n_waived: usize,
    n_skipped: usize,
    n_problems: usize,
    n_bytes: usize,
}

impl Work {
    fn file(&mut self, path: &Path) -> anyhow::Result<()> {
        let bytes = fs_err::read(path)?;
        let name = shown(path, &self.base);
        self.n_bytes += bytes.len();
        let text = match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => text,
            _ => {
                self.n_skipped += 1;
                return Ok(());
            }
        };
        self.n_files += 1;
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        for hit in audit(&text, Syntax::of_extension(&extension)) {
            match self.allowed.silences(&name, hit.kind) {
                true => self.n_waived += 1,
                false => self.hits.push((name.clone(), hit)),
            }
        }
        Ok(())
    }

    fn is_clean(&self) -> bool {
        self.hits.is_empty() && self.stale.is_empty()
    }

    fn as_text(&self) -> String {
        let mut text = String::new();
        for (file, Hit { line, column, kind, .. }) in &self.hits {
            text += &format!("drifts   {:<11}{file}:{line}:{column}\n", kind.name());
        }
        for row in &self.stale {
            text += &format!("stale    {row}\n  hint: the row silences nothing; remove it\n");
        }
        text + &self.summary()
    }

    fn summary(&self) -> String {
        let files = counted(self.n_files, "file");
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, hit) in &self.hits {
            *kinds.entry(hit.kind.name()).or_default() += 1;
        }
        let kinds: Vec<String> = kinds.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        let verdict = match (kinds.is_empty(), self.stale.is_empty()) {
            (false, _) => format!("drifts: {} in {files}", kinds.join(", ")),
            (true, false) => format!("stale: {}", counted(self.stale.len(), "row")),
            (true, true) => format!("fits: no person and no secret in {files}"),
        };
        let more = [(self.n_waived, "waived"), (self.n_skipped, "skipped, since they are no text")];
        let more = more.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("; {n} {word}"));
        format!("{verdict}{}\n", more.collect::<String>())
    }

    fn as_json(&self) -> anyhow::Result<String> {
        let hits = self.hits.iter().map(|(file, hit)| {
            json!({"file": file, "line": hit.line, "column": hit.column, "kind": hit.kind.name()})
        });
        let document = json!({
            "hits": hits.collect::<Vec<_>>(),
            "stale": self.stale,
            "totals": {
                "files": self.n_files, "hits": self.hits.len(), "waived": self.n_waived,
                "skipped": self.n_skipped, "problems": self.n_problems,
            },
        });
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }

    /// Returns how much was read in this time.
    fn rate(&self, took: Duration) -> String {
        let megabytes = f64::from(u32::try_from(self.n_bytes / 1000).unwrap_or(u32::MAX)) / 1000.0;
        let seconds = took.as_secs_f64();
        format!("{megabytes:.1} MB in {seconds:.1} s, {:.1} MB/s", megabytes / seconds.max(0.001))
    }
}

#[cfg(test)]
mod tests;
