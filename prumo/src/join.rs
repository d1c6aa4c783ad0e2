//! `prumo join`: joins the contract files of many machines into one.
//!
//! The files are read and joined on all cores, each core some of them, and the results are joined
//! at the end: joining is associative, so a joined file may be joined again, and a tree of joins on
//! many machines gives the same bytes.
//!
//! Invariants:
//!
//! * The verb ends with 0 if a contract was written. A file that can't be read is named in it, so
//!   that no shard is missing without a word.
//! * A file that is given twice counts once. One with a part of another's shards is refused.

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context as _, anyhow, bail};
use prumo_drift::ContractFile;
use prumo_drift::contract::Ledger;

use crate::contract::{self, PIPE, hinted, mismatched, read_packed};
use crate::screen;

/// The ends of the names of contract files that are read from a folder.
const ENDINGS: [&str; 3] = [".contract.json", ".contract.json.gz", ".contract.json.zst"];

/// Joins contract files into one.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Contract files, as written by `observe` and `judge --contract-out` (compressed ones are
    /// recognized); folders of files that end in `.contract.json`, `.contract.json.gz` or
    /// `.contract.json.zst`; or lists of files, one per line (`@list`, or `@-` for standard input).
    #[arg(required = true, value_name = "FILE|DIR|@LIST")]
    files: Vec<PathBuf>,
    /// The joined file, compressed if its name ends in `.gz`; by default, and with `-`, the screen.
    #[arg(long, value_name = "FILE", default_value = PIPE)]
    out: PathBuf,
    /// Joins files that hold the same shard, which then counts twice.
    #[arg(long)]
    allow_overlap: bool,
}

/// The older name of the verb, `prumo contract join`.
#[derive(clap::Subcommand)]
pub(crate) enum OldName {
    /// Joins contract files into one, like `prumo join`.
    Join(Args),
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let paths = paths_of(&args.files)?;
    let joined = joined(&paths, Ledger::new(args.allow_overlap))?;
    contract::write(&args.out, &joined.to_json(&args.out.display().to_string()).map_err(hinted)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the files that the arguments name, in order.
fn paths_of(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in named {
        let shown = path.display();
        let n_before = paths.len();
        match path.to_str().and_then(|text| text.strip_prefix('@')) {
            Some(list) => paths.extend(listed(list)?),
            None if path.is_dir() => collect(path, &mut paths)?,
            None => paths.push(path.clone()),
        }
        if paths.len() == n_before {
            let endings = ENDINGS.join("`, `");
            bail!("there is no contract file in `{shown}`\n  hint: their names end in `{endings}`");
        }
    }
    Ok(paths)
}

/// Reads a list of files, one per line; `-` is standard input.
fn listed(list: &str) -> anyhow::Result<Vec<PathBuf>> {
    let text = match list {
        PIPE => io::read_to_string(io::stdin()).context("failed to read the list of files")?,
        list => fs_err::read_to_string(list)?,
    };
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

/// Adds the contract files of a folder, at any depth, in the order of their names.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries: io::Result<Vec<PathBuf>> =
        fs_err::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut entries = entries?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A link to a folder may form a loop.
        if path.is_dir() && !path.is_symlink() {
            collect(&path, paths)?;
        } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            paths.push(path);
        }
    }
    Ok(())
}

/// Joins files, each core some of them.
fn joined(paths: &[PathBuf], mut ledger: Ledger) -> anyhow::Result<ContractFile> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).max(1);
    let mut parts = vec![ContractFile::default(); n_threads];
    let mut missing = ContractFile::default();
    let mut n_read = 0;
    let mut ready = Vec::new();
    // One more round joins the files of the last one.
    for some in paths.chunks(n_threads).chain([&[][..]]) {
        let read = join_and_read(&mut parts, std::mem::take(&mut ready), some)?;
        for (path, file) in some.iter().zip(read) {
            let name = path.display().to_string();
            match file {
                Ok(file) if ledger.enter(&name, &file).map_err(|error| mismatched(&error))? => {
                    ready.push((name, file))
                }
                Ok(_) => {
                    screen::note(&format!("skipped  `{name}` is given twice, and counts once"))
                }
                Err(error) => {
                    let problem = format!("{error:#}");
                    let place = problem.lines().next().unwrap_or_default().to_owned();
                    screen::note(&format!("warning: {problem}"));
                    missing = missing.with_unreadable(place);
                    continue;
                }
            }
            n_read += 1;
        }
    }
    if n_read == 0 {
        bail!("no contract is written: none of the files could be read");
    }
    for part in parts {
        missing.absorb("a part", part).map_err(hinted)?;
    }
    Ok(missing)
}

/// Adds a file to each part, and reads the next file, on as many threads as there are parts.
fn join_and_read(
    parts: &mut [ContractFile],
    ready: Vec<(String, ContractFile)>,
    paths: &[PathBuf],
) -> anyhow::Result<Vec<anyhow::Result<ContractFile>>> {
    thread::scope(|scope| {
        let mut ready = ready.into_iter();
        let mut paths = paths.iter();
        let threads: Vec<_> = parts
            .iter_mut()
            .map(|part| {
                let (file, path) = (ready.next(), paths.next());
                scope.spawn(move || -> anyhow::Result<_> {
                    if let Some((name, file)) = file {
                        part.absorb(&name, file).map_err(hinted)?;
                    }
                    Ok(path.map(|path| read(path)))
                })
            })
            .collect();
        let done = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))));
        Ok(done.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect())
    })
}

fn read(path: &Path) -> anyhow::Result<ContractFile> {
    let file = fs_err::File::open(path)?;
    read_packed(&path.display().to_string(), BufReader::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_from_folders_and_lists() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs_err::create_dir_all(at("day/b")).unwrap();
        fs_err::create_dir(at("empty")).unwrap();
        for name in
            ["day/b/2.contract.json.gz", "day/1.contract.json", "day/_SUCCESS", "day/a.json"]
        {
            fs_err::write(at(name), "").unwrap();
        }
        fs_err::write(at("list"), format!("{}\n\n x.json \n", at("day/a.json").display())).unwrap();
        let list = PathBuf::from(format!("@{}", at("list").display()));
        let found = paths_of(&[at("day"), list, at("missing")]).unwrap();
        let expect = [
            at("day/1.contract.json"),
            at("day/b/2.contract.json.gz"),
            at("day/a.json"),
            "x.json".into(),
            at("missing"),
        ];
        assert_eq!(found, expect);
        let error = paths_of(&[at("empty")]).unwrap_err().to_string();
        assert!(error.starts_with("there is no contract file in `"), "{error}");
        assert!(paths_of(&["@/no/such/list".into()]).is_err());
    }
}
