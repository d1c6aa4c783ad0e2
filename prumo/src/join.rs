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
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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
    // The program ends here, and to free a large contract piece by piece takes time.
    std::mem::forget(joined);
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
fn joined(paths: &[PathBuf], ledger: Ledger) -> anyhow::Result<ContractFile> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(paths.len());
    let queue =
        Queue { paths, next: AtomicUsize::new(0), turn: Mutex::default(), moved: Condvar::new() };
    queue.lock().ledger = ledger;
    let parts: Vec<ContractFile> = thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(|| queue.join())).collect();
        let parts = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))));
        parts.collect::<anyhow::Result<_>>()
    })?;
    let Turn { n_read, missing: mut joined, failure, .. } = std::mem::take(&mut *queue.lock());
    if let Some(failure) = failure {
        return Err(failure);
    }
    if n_read == 0 {
        bail!("no contract is written: none of the files could be read");
    }
    for part in parts {
        joined.absorb("a part", part).map_err(hinted)?;
    }
    Ok(joined)
}

/// Files that are read in any order, and entered in theirs. So what is said about files that do not
/// go together does not depend on the threads.
struct Queue<'p> {
    paths: &'p [PathBuf],
    /// The index of the next file to read.
    next: AtomicUsize,
    turn: Mutex<Turn>,
    /// Wakes the threads that wait for their turn.
    moved: Condvar,
}

/// The state that the threads share.
#[derive(Default)]
struct Turn {
    /// The number of files that were entered.
    n_entered: usize,
    ledger: Ledger,
    /// The number of files that could be read.
    n_read: usize,
    /// The files that could not.
    missing: ContractFile,
    /// Why the files can't be joined; the threads stop then.
    failure: Option<anyhow::Error>,
}

impl Queue<'_> {
    /// Joins some of the files. A thread reads, adds and frees a file by itself, which is what the
    /// allocator does best.
    fn join(&self) -> anyhow::Result<ContractFile> {
        let mut part = ContractFile::default();
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = self.paths.get(index) else { return Ok(part) };
            let name = path.display().to_string();
            // A panic must not leave the others waiting.
            let file = catch_unwind(|| read(path))
                .unwrap_or_else(|_| Err(anyhow!("`{name}`: a thread panicked")));
            let (is_over, new) = self.enter(index, &name, file);
            if let Some(file) = new {
                part.absorb(&name, file).map_err(hinted)?;
            }
            if is_over {
                return Ok(part);
            }
        }
    }

    /// Waits for the turn of a file, and returns whether the work is over, and the file if it adds
    /// anything.
    fn enter(
        &self,
        index: usize,
        name: &str,
        file: anyhow::Result<ContractFile>,
    ) -> (bool, Option<ContractFile>) {
        let turn = self.lock();
        let mut turn = self
            .moved
            .wait_while(turn, |turn| turn.n_entered < index)
            .unwrap_or_else(PoisonError::into_inner);
        let new = if turn.failure.is_none() { turn.enter(name, file) } else { None };
        turn.n_entered = index + 1;
        self.moved.notify_all();
        (turn.failure.is_some(), new)
    }

    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Enters a file, and returns it if it adds anything.
    fn enter(&mut self, name: &str, file: anyhow::Result<ContractFile>) -> Option<ContractFile> {
        let file = match file {
            Ok(file) => file,
            Err(error) => {
                let problem = format!("{error:#}");
                screen::note(&format!("warning: {problem}"));
                let place = problem.lines().next().unwrap_or_default().to_owned();
                self.missing = std::mem::take(&mut self.missing).with_unreadable(place);
                return None;
            }
        };
        self.n_read += 1;
        match self.ledger.enter(name, &file) {
            Ok(true) => Some(file),
            Ok(false) => {
                screen::note(&format!("skipped  `{name}` is given twice, and counts once"));
                None
            }
            Err(error) => {
                self.failure = Some(mismatched(&error));
                None
            }
        }
    }
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
