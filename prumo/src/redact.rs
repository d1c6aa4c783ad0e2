//! `prumo redact`: turns recordings into the same recordings without persons and secrets.
//!
//! Files are rewritten in place, or below another folder. Our own format keeps everything byte for
//! byte that is not replaced. A HAR document is written anew, so it keeps only what a recording
//! needs: cookies, timings, requests that were given up, and the browser's own members are gone.
//! A file in gzip or zstd is written in the same compression.
//! A body that is recorded as bytes becomes text, or is removed if it is not text.
//!
//! Invariants:
//!
//! * A file is written as a part and renamed, so that a crash leaves the old file or the new one.
//! * A file with an exchange that can't be read is not written: what can't be read can't be
//!   redacted.
//! * Only counts are printed, never a value.

mod key;
mod layout;

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use prumo_drift::Exchange;
use prumo_drift::exchange::{
    DEFAULT_MAX_EXCHANGE_BYTES, ExchangeFault, Item, OwnedExchange, OwnedRequest, OwnedResponse,
    har, split,
};
use prumo_drift::read_exchange;
use prumo_redact::{Counts, Redactor};
use serde_json::{Map, Value};

pub(crate) use self::key::Key;
use crate::judge::input::{broken, files};
use crate::packed::{Packer, Unpacked, unpacked_from};
use crate::project::Location;
use crate::screen::{self, counted};
use crate::specs;

/// Removes persons and secrets from recorded exchanges and keeps their shape.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to write to; by default each file is rewritten.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A spec whose marks count, by its file or its name; by default all specs of the project.
    #[arg(long = "spec", value_name = "FILE|NAME")]
    specs: Vec<PathBuf>,
    /// The maximum size of an exchange; a larger one is an error.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_EXCHANGE_BYTES)]
    max_exchange_bytes: usize,
    /// Files (`.json`, `.ndjson`, `.har`, also compressed: `.gz`, `.zst`), folders of such files, or
    /// `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Runs the verb: 0 if every file was redacted.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let key = Key::find(location.redact_key()?.as_ref())?;
    key.tell();
    let mut redactor = Redactor::new(key.bytes());
    let base = location.base()?;
    for path in marks(location, &args.specs)? {
        redactor = redactor.with_spec(&specs::document(&base, &specs::parts_of(&path)?)?);
    }
    let mut work = Work::new(args, redactor);
    let start = Instant::now();
    let mut n_problems = 0;
    for (found, below) in inputs(&args.paths) {
        let done = found.and_then(|path| work.file(&path, below.as_deref()));
        if let Err(problem) = done {
            n_problems += 1;
            screen::error(format!("{problem:#}"));
        }
    }
    screen::note(&format!("{}\n{}", work.summary(), work.rate(start.elapsed())));
    Ok(if n_problems == 0 { ExitCode::SUCCESS } else { ExitCode::from(screen::COULD_NOT_JUDGE) })
}

/// Returns the specs whose marks count.
fn marks(location: &Location, chosen: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if !chosen.is_empty() {
        return chosen.iter().map(|spec| location.spec(spec)).collect();
    }
    location.spec_names()?.iter().map(|name| location.spec(Path::new(name))).collect()
}

/// Returns each file, or the reason why there is none, with the folder that it was found below.
fn inputs(paths: &[PathBuf]) -> Vec<(anyhow::Result<PathBuf>, Option<PathBuf>)> {
    let mut inputs = Vec::new();
    for path in paths {
        let below = path.is_dir().then(|| path.clone());
        let found = files(path).into_iter();
        inputs.extend(found.map(|file| (file.map_err(anyhow::Error::msg), below.clone())));
    }
    inputs
}

/// The redaction of several files.
struct Work<'a> {
    args: &'a Args,
    redactor: Redactor,
    counts: Counts,
    n_exchanges: usize,
    n_files: usize,
    n_bytes: usize,
}

impl<'a> Work<'a> {
    fn new(args: &'a Args, redactor: Redactor) -> Self {
        Self { args, redactor, counts: Counts::default(), n_exchanges: 0, n_files: 0, n_bytes: 0 }
    }

    fn file(&mut self, path: &Path, below: Option<&Path>) -> anyhow::Result<()> {
        if path == Path::new("-") {
            let out = self.packed("-", io::stdin().lock(), Vec::new())?;
            return screen::print_document(&out);
        }
        let target = match &self.args.out {
            Some(out) => {
                let relative = below.and_then(|below| path.strip_prefix(below).ok());
                out.join(relative.unwrap_or(Path::new(path.file_name().unwrap_or_default())))
            }
            // A link stays a link to the redacted file.
            None => fs_err::canonicalize(path)?,
        };
        if let Some(folder) = target.parent() {
            fs_err::create_dir_all(folder)?;
        }
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = target.with_file_name(name);
        let written = self.part(path, &part);
        if written.is_err() {
            // The first error says more than a failure to clean up.
            let _ = std::fs::remove_file(&part);
        }
        written?;
        Ok(fs_err::rename(&part, &target)?)
    }

    fn part(&mut self, path: &Path, part: &Path) -> anyhow::Result<()> {
        let name = path.display().to_string();
        let source = fs_err::File::open(path)?;
        let permissions = source.metadata()?.permissions();
        let out = BufWriter::new(fs_err::File::create(part)?);
        let out = self.packed(&name, BufReader::new(source), out)?;
        let file = out.into_inner().context("failed to write")?;
        file.sync_all()?;
        Ok(fs_err::set_permissions(part, permissions)?)
    }

    /// Redacts a stream that may be compressed, and compresses the result in the same way.
    fn packed<W: Write>(
        &mut self,
        name: &str,
        source: impl BufRead + 'static,
        out: W,
    ) -> anyhow::Result<W> {
        let unpacked = unpacked_from(source)?.map_err(|refused| anyhow!("`{name}` is {refused}"));
        let Unpacked { packing, content } = unpacked?;
        let mut out = Packer::new(packing, out);
        self.stream(name, content, &mut out)?;
        Ok(out.finish()?)
    }

    fn stream(
        &mut self,
        name: &str,
        mut reader: impl BufRead,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let layout = layout::of(reader.fill_buf()?);
        out.write_all(layout.head().as_bytes())?;
        let (mut n_exchanges, mut n_aborted) = (0, 0);
        for item in split(reader, self.args.max_exchange_bytes) {
            let item = item.map_err(|error| anyhow!(broken(name, &error)))?;
            let exchange = match item.read() {
                Err(error) if *error.fault() == ExchangeFault::Aborted => {
                    n_aborted += 1;
                    continue;
                }
                read => read.map_err(|error| anyhow!(broken(name, &error)))?,
            };
            if n_exchanges > 0 {
                out.write_all(layout.separator().as_bytes())?;
            }
            let line = item.line();
            let redacted = self.exchange(&item, exchange, layout.is_har());
            out.write_all(redacted.with_context(|| format!("`{name}`: {line}"))?.as_bytes())?;
            n_exchanges += 1;
            self.n_bytes += item.bytes().len();
        }
        out.write_all(layout.tail().as_bytes())?;
        if n_aborted > 0 {
            screen::note(&format!("skipped  `{name}`: {n_aborted} requests that were given up"));
        }
        self.n_exchanges += n_exchanges;
        self.n_files += 1;
        Ok(())
    }

    /// Returns an exchange without persons and secrets, in the format that it was read from.
    fn exchange(
        &mut self,
        item: &Item,
        mut exchange: Exchange<'_>,
        is_har: bool,
    ) -> anyhow::Result<String> {
        let has_bytes = exchange.request.base64.is_some() || exchange.response.base64.is_some();
        let text = match is_har || has_bytes {
            true => serde_json::to_string(&as_text(&mut exchange))?,
            false => {
                std::str::from_utf8(item.bytes())?.trim_start_matches('\u{feff}').trim().to_owned()
            }
        };
        let redacted = self.redactor.redact_text(&text);
        let (redacted, counts) = redacted.context("the exchange nests too deep to be searched")?;
        self.counts.add(&counts);
        Ok(match is_har {
            true => har::entry(&read_exchange(redacted.as_bytes())?),
            false => redacted,
        })
    }

    fn summary(&self) -> String {
        let exchanges = counted(self.n_exchanges, "exchange");
        let files = counted(self.n_files, "file");
        let kinds: Vec<String> =
            self.counts.iter().map(|(kind, n)| format!("{n} {}", kind.name())).collect();
        match kinds.is_empty() {
            true => format!("{exchanges} in {files}: nothing to replace"),
            false => format!("{exchanges} in {files}: replaced {}", kinds.join(", ")),
        }
    }

    /// Returns how much was redacted in this time.
    fn rate(&self, took: Duration) -> String {
        // Sizes of files are far below the precision of a float.
        let megabytes = f64::from(u32::try_from(self.n_bytes / 1000).unwrap_or(u32::MAX)) / 1000.0;
        let seconds = took.as_secs_f64();
        format!("{megabytes:.1} MB in {seconds:.1} s, {:.1} MB/s", megabytes / seconds.max(0.001))
    }
}

/// Returns the exchange with the contents of its bytes as JSON or text.
pub(crate) fn as_text(exchange: &mut Exchange<'_>) -> OwnedExchange {
    let (was_sent, was_answered) =
        (exchange.request.base64.take().is_some(), exchange.response.base64.take().is_some());
    let mut owned = OwnedExchange::with_json_bodies(exchange);
    let OwnedExchange {
        request: OwnedRequest { headers: sent, .. },
        response: OwnedResponse { headers, .. },
        ..
    } = &mut owned;
    for (headers, was_coded) in [(sent, was_sent), (headers, was_answered)] {
        if was_coded {
            without_coding(headers);
        }
    }
    owned
}

/// Removes the headers that describe bytes which are no longer there.
fn without_coding(headers: &mut Map<String, Value>) {
    let is_coding = |name: &str| {
        ["content-encoding", "content-length"]
            .iter()
            .any(|coding| name.eq_ignore_ascii_case(coding))
    };
    headers.retain(|name, _| !is_coding(name));
}

#[cfg(test)]
mod tests;
