//! `prumo contract join`: joins the observations of several places into one contract file.
//!
//! Each machine observes its own traffic (`prumo judge --contract-out`). The joined file is judged
//! as if one machine had seen all of it; the order of the files changes no byte.
//!
//! Invariants:
//!
//! * A shard counts once: a second file with it is refused, unless an overlap is allowed.
//! * Files that were observed along two revisions of a spec are refused, and both are named.
//! * A file is written completely or not at all, and may be compressed with gzip.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use prumo_drift::contract::Shard;
use prumo_drift::{ContractFile, ContractFileError};

use crate::packed::unpacked;
use crate::{screen, write};

/// The path that stands for standard output.
pub(crate) const PIPE: &str = "-";

/// Works on contract files.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Joins contract files into one.
    Join(Join),
}

#[derive(clap::Args)]
struct Join {
    /// Contract files, as written by `judge --contract-out`; compressed ones are recognized.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The joined file, compressed if its name ends in `.gz`; by default, and with `-`, the screen.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Joins files that hold the same shard, which then counts twice.
    #[arg(long)]
    allow_overlap: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Action::Join(join) = &args.action;
    let mut joined = ContractFile::default();
    let mut ledger = Ledger::new(join.allow_overlap);
    for path in &join.files {
        let name = path.display().to_string();
        let file = read_packed(&name, BufReader::new(fs_err::File::open(path)?))?;
        ledger.enter(&name, &file)?;
        joined.absorb(&name, file).map_err(hinted)?;
    }
    let out = join.out.as_deref().unwrap_or(Path::new(PIPE));
    write(out, &joined.to_json(&out.display().to_string()).map_err(hinted)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The contract files of one run, to refuse those that do not go together.
pub(crate) struct Ledger {
    allows_overlap: bool,
    /// The promises of each spec, each with the first file that followed it.
    promises: BTreeMap<String, Vec<(String, String)>>,
    /// The shards by digest, each with the first contract file that has it.
    shards: BTreeMap<String, String>,
    /// The streams of exchanges that were read beside contract files.
    streams: BTreeMap<String, String>,
}

impl Ledger {
    pub(crate) fn new(allows_overlap: bool) -> Self {
        Self {
            allows_overlap,
            promises: BTreeMap::new(),
            shards: BTreeMap::new(),
            streams: BTreeMap::new(),
        }
    }

    /// Enters a file.
    ///
    /// # Errors
    ///
    /// The file follows another revision of a spec than an earlier one, or has a shard of an earlier
    /// one.
    pub(crate) fn enter(&mut self, name: &str, file: &ContractFile) -> anyhow::Result<()> {
        self.check_promises(name, file)?;
        self.check_shards(name, file.shards())?;
        for (spec, promise) in file.promises() {
            let known = self.promises.entry(spec.to_owned()).or_default();
            known.push((promise.to_owned(), name.to_owned()));
        }
        self.enter_shards(name, file.shards());
        Ok(())
    }

    /// Enters the shards of a file.
    pub(crate) fn enter_shards(&mut self, name: &str, shards: &[Shard]) {
        // Nothing can count twice in an empty shard.
        for shard in shards.iter().filter(|shard| !shard.is_empty()) {
            self.shards.entry(shard.digest.clone()).or_insert_with(|| name.to_owned());
        }
    }

    fn check_promises(&self, name: &str, file: &ContractFile) -> anyhow::Result<()> {
        for (spec, promise) in file.promises() {
            let known = self.promises.get(spec).map(Vec::as_slice).unwrap_or_default();
            let is_known = known.iter().any(|(known, _)| known == promise);
            if let Some((other, earlier)) = known.first().filter(|_| !is_known) {
                bail!(
                    "`{name}` and `{earlier}` were observed along two revisions of `{spec}`, \
                     {promise} and {other}\n  \
                     hint: observe the exchanges of one of them again along the other's revision"
                );
            }
        }
        Ok(())
    }

    /// Enters a stream of exchanges. Two streams may have the same bytes, as fixtures may.
    ///
    /// # Errors
    ///
    /// An earlier contract file was observed from the same bytes.
    pub(crate) fn enter_stream(&mut self, name: &str, stream: &Shard) -> anyhow::Result<()> {
        if !stream.is_empty() {
            self.streams.insert(stream.digest.clone(), name.to_owned());
        }
        match self.shards.get(&stream.digest).filter(|_| !self.allows_overlap) {
            Some(earlier) => Err(overlap(name, stream, earlier)),
            None => Ok(()),
        }
    }

    /// Checks that no earlier file has a shard of this one, unless an overlap is allowed.
    ///
    /// # Errors
    ///
    /// An earlier file has a shard; the error names both files and the shard.
    pub(crate) fn check_shards(&self, name: &str, shards: &[Shard]) -> anyhow::Result<()> {
        if self.allows_overlap {
            return Ok(());
        }
        for shard in shards {
            let digest = &shard.digest;
            if let Some(earlier) = self.shards.get(digest).or_else(|| self.streams.get(digest)) {
                return Err(overlap(name, shard, earlier));
            }
        }
        Ok(())
    }
}

fn overlap(name: &str, shard: &Shard, earlier: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "`{name}` holds {shard}, which is already in `{earlier}`\n  \
         hint: join each shard once; `--allow-overlap` counts it twice"
    )
}

/// Reads a contract file that may be compressed; `name` is its name in errors.
fn read_packed(name: &str, source: impl BufRead + 'static) -> anyhow::Result<ContractFile> {
    match unpacked(source).with_context(|| format!("failed to read `{name}`"))? {
        Ok(reader) => read(name, reader),
        Err(refused) => bail!("`{name}` is {refused}"),
    }
}

/// Reads a contract file; `name` is its name in errors.
///
/// # Errors
///
/// It can't be read, or is not a contract file.
pub(crate) fn read(name: &str, reader: impl Read) -> anyhow::Result<ContractFile> {
    let mut bytes = Vec::new();
    // Reads one byte more than allowed, to detect a file that is too large.
    let read = reader.take(ContractFile::MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("failed to read `{name}`"))?;
    ContractFile::read(name, &bytes).map_err(hinted)
}

/// Writes the text of a contract file, or prints it if the path is `-`.
///
/// # Errors
///
/// It can't be written.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if path == Path::new(PIPE) {
        return screen::print_document(text.as_bytes());
    }
    if path.is_dir() {
        bail!("`{}` is a folder; name the file that is to be written", path.display());
    }
    match path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz")) {
        true => write::at_once(path, &compressed(text.as_bytes())?),
        false => write::at_once(path, text.as_bytes()),
    }
}

/// Compresses bytes; the same bytes give the same file.
fn compressed(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Returns an error with its hint on a second line.
pub(crate) fn hinted(error: ContractFileError) -> anyhow::Error {
    screen::hinted(&error, Some(error.hint()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::packed;

    fn file(shards: &[&str]) -> ContractFile {
        let shard = |text: &&str| Shard {
            name: format!("{text}.ndjson"),
            bytes: text.len() as u64,
            exchanges: 0,
            digest: (*text).to_owned(),
        };
        ContractFile::default().with_shards(shards.iter().map(shard))
    }

    #[test]
    fn a_shard_counts_once_unless_an_overlap_is_allowed() {
        let rows: [(&[&str], &[&str], Option<&str>); 4] = [
            (&["a"], &["b"], None),
            (
                &["a", "b"],
                &["c", "b"],
                Some("`two` holds `b.ndjson` (1 bytes), which is already in `one`"),
            ),
            // An empty shard holds no exchange, and one file may hold copies.
            (&[""], &[""], None),
            (&["a", "a"], &["b"], None),
        ];
        for (one, two, expect) in rows {
            let mut ledger = Ledger::new(false);
            ledger.enter("one", &file(one)).unwrap();
            let said = ledger.enter("two", &file(two)).err().map(|error| error.to_string());
            let said = said.as_deref().and_then(|said| said.lines().next());
            assert_eq!(said, expect, "{one:?} and {two:?}");
            let mut lenient = Ledger::new(true);
            lenient.enter("one", &file(one)).unwrap();
            lenient.enter("two", &file(two)).unwrap();
        }
    }

    #[test]
    fn a_run_counts_once_also_when_it_has_observed_more_since() {
        let run = |n_exchanges| {
            let shard = Shard::of_run("observer of acme", n_exchanges, 7);
            ContractFile::default().with_shards([shard])
        };
        let mut ledger = Ledger::new(false);
        ledger.enter("start", &run(0)).unwrap();
        ledger.enter("noon", &run(1)).unwrap();
        let said = ledger.enter("night", &run(2)).unwrap_err().to_string();
        let expect = "`night` holds `observer of acme` (2 exchanges), which is already in `noon`";
        assert_eq!(said.lines().next(), Some(expect));
        Ledger::new(true).enter("night", &run(2)).unwrap();
    }

    #[test]
    fn a_compressed_file_is_read_and_never_larger_than_allowed() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.contract.json.gz");
        write(&path, &file(&["a"]).to_json("a").unwrap()).unwrap();
        let bytes = fs_err::read(&path).unwrap();
        assert!(packed::is_gzip(&bytes));
        let read = |name, bytes: &[u8]| read_packed(name, Cursor::new(bytes.to_vec()));
        assert_eq!(read("a", &bytes).unwrap(), file(&["a"]));

        let bomb = compressed(&vec![b' '; ContractFile::MAX_BYTES + 1]).unwrap();
        let said = read("bomb", &bomb).unwrap_err().to_string();
        assert!(said.starts_with("`bomb`: larger than "), "{said}");
        let cut = read("cut", &bytes[..bytes.len() / 2]).unwrap_err().to_string();
        assert_eq!(cut, "failed to read `cut`");
    }
}
