//! Turns streams of exchanges into observed contracts, on several threads.
//!
//! One thread reads and splits the streams. The others judge, each with an observation of its own;
//! their observations are joined at the end.
//!
//! Invariants:
//!
//! * The result is the same for any number of threads: joining contracts is a lattice join, and
//!   problems keep the order of the input.
//! * The number of waiting batches is limited, so memory does not grow with the input.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use prumo_drift::contract::{Ledger, Shard, ShardSum, promises};
use prumo_drift::exchange::{Item, split};
use prumo_drift::{Contract, ContractFile, Observation, Origin};

use super::Limits;
use super::input::{Problem, Source, each_source, each_source_of_any_name};
use crate::contract::{self, mismatched};
use crate::progress::Progress;

/// Size of a batch of exchanges that one thread passes to the next.
const BATCH_BYTES: usize = 64 * 1024;

/// Maximum number of batches that wait for a judge.
const MAX_WAITING: usize = 4;

/// Maximum number of broken exchanges per file that are listed; the others are counted.
const MAX_NAMED: usize = 20;

/// The observation of all input.
pub(crate) struct Observed {
    /// A contract for each promised one, in the same order.
    pub(crate) contracts: Vec<Contract>,
    /// The number of unreadable exchanges and paths.
    pub(crate) n_unreadable: u64,
    /// The unreadable exchanges and paths, with file and line.
    pub(crate) problems: Vec<String>,
    /// The unreadable exchanges among them, also those that contract files name.
    pub(crate) places: Vec<String>,
    /// The sources, if they are kept, and the shards of contract files.
    pub(crate) shards: Vec<Shard>,
    /// The sources without any exchange.
    pub(crate) empty: Vec<String>,
    /// The number of sources that could be opened.
    pub(crate) n_opened: usize,
}

/// Observes the exchanges in `paths` against the promised contracts.
pub(crate) fn observe(
    root: &Path,
    promised: &[&Contract],
    paths: &[PathBuf],
    limits: &Limits,
) -> Observed {
    let mut start = Observation::new(promised);
    start.add_hosts(&limits.hosts);
    let elsewhere = start.another().finish();
    if limits.n_jobs == 1 {
        let mut judge = Judge::new(start);
        let read = Reader::read_all(root, promised, elsewhere, paths, limits, &mut |batch| {
            judge.take(&batch);
        });
        return Observed::of(read, vec![judge]);
    }
    let (sender, receiver) = sync_channel(MAX_WAITING);
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        let judges: Vec<_> = (0..limits.n_jobs)
            .map(|_| scope.spawn(|| Judge::new(start.another()).take_all(&receiver)))
            .collect();
        let read = read_into(sender, root, promised, elsewhere, paths, limits);
        let judges = judges
            .into_iter()
            .map(|judge| judge.join().unwrap_or_else(|panic| resume_unwind(panic)));
        Observed::of(read, judges.collect())
    })
}

/// Reads everything. Dropping the sender at the end stops the judges.
fn read_into(
    sender: SyncSender<Batch>,
    root: &Path,
    promised: &[&Contract],
    elsewhere: Vec<Contract>,
    paths: &[PathBuf],
    limits: &Limits,
) -> Read {
    Reader::read_all(root, promised, elsewhere, paths, limits, &mut |batch| {
        // Sending fails only if every judge has panicked, which is reported when they are joined.
        let _ = sender.send(batch);
    })
}

/// Some exchanges of one source.
struct Batch {
    /// The position of the source among all sources.
    source: usize,
    name: Arc<str>,
    /// Each with its position in the source.
    items: Vec<(usize, Item)>,
}

/// The problems of each source, by the source's position.
type Notes = BTreeMap<usize, Note>;

/// The problems of one source, or of a share of it.
#[derive(Default)]
struct Note {
    n_broken: u64,
    /// The first problems, by their position in the source.
    named: Vec<(usize, Problem)>,
    /// The number of problems on other machines, from a contract file.
    n_elsewhere: u64,
    /// The first of these.
    elsewhere: Vec<String>,
}

/// The result of reading.
struct Read {
    notes: Notes,
    /// The observations in contract files, a contract for each promised one.
    elsewhere: Vec<Contract>,
    shards: Vec<Shard>,
    empty: Vec<String>,
    n_opened: usize,
}

/// Splits the sources and sends them in batches.
struct Reader<'a> {
    promised: &'a [&'a Contract],
    limits: &'a Limits,
    n_sources: usize,
    ledger: Ledger,
    /// Whether the bytes of streams are compared with the shards of contract files, or kept.
    is_identified: bool,
    progress: Progress,
    read: Read,
    hand_on: &'a mut dyn FnMut(Batch),
}

impl<'a> Reader<'a> {
    fn read_all(
        root: &Path,
        promised: &'a [&'a Contract],
        elsewhere: Vec<Contract>,
        paths: &[PathBuf],
        limits: &'a Limits,
        hand_on: &'a mut dyn FnMut(Batch),
    ) -> Read {
        let read = Read {
            notes: Notes::new(),
            elsewhere,
            shards: Vec::new(),
            empty: Vec::new(),
            n_opened: 0,
        };
        let ledger = Ledger::new(limits.allows_overlap);
        let progress = Progress::of_input(paths);
        let is_identified = limits.is_kept || paths.iter().any(|path| is_contract(path));
        let mut reader =
            Self { promised, limits, n_sources: 0, ledger, is_identified, progress, read, hand_on };
        let each = if limits.takes_any_file { each_source_of_any_name } else { each_source };
        each(root, paths, &mut |source| reader.read(source));
        reader.read
    }

    fn read(&mut self, source: Source) {
        let number = self.n_sources;
        self.n_sources += 1;
        let note = self.read.notes.entry(number).or_default();
        let (name, mut reader) = match source {
            Source::Stream { name, reader } => (self.limits.named(name), reader),
            Source::Unreadable(problem) => return note.broken(0, || Problem::of(problem)),
        };
        self.read.n_opened += 1;
        // An unreadable source is reported when its content is read below.
        if reader.fill_buf().is_ok_and(ContractFile::is_one) {
            return self.read_contract(number, &name, reader);
        }
        // To identify the exchanges takes time.
        let mut sum = self.is_identified.then(ShardSum::default);
        let batch = |items| Batch { source: number, name: Arc::clone(&name), items };
        let mut items = Vec::new();
        let (mut n_items, mut n_bytes) = (0, 0);
        for item in split(reader, self.limits.max_exchange_bytes).from_line(self.limits.first_line)
        {
            if let Some(sum) = &mut sum {
                sum.see(&item);
            }
            match item {
                Ok(item) => {
                    n_bytes += item.bytes().len();
                    items.push((n_items, item));
                }
                Err(error) => note.broken(n_items, || Problem::of_exchange(&name, &error)),
            }
            n_items += 1;
            if n_bytes >= BATCH_BYTES {
                self.progress.add_exchanges(items.len(), n_bytes);
                (self.hand_on)(batch(std::mem::take(&mut items)));
                n_bytes = 0;
            }
        }
        if n_items == 0 {
            self.read.empty.push(name.to_string());
        }
        if let Some(shard) = sum.map(|sum| sum.shard(&name)) {
            if let Err(error) = self.ledger.enter_stream(&name, &shard) {
                note.broken(n_items, || Problem::of(mismatched(&error).to_string()));
            }
            self.read.shards.push(shard);
        }
        self.progress.add_exchanges(items.len(), n_bytes);
        (self.hand_on)(batch(items));
    }

    /// Adds a contract file, unless a shard of it was in an earlier one.
    fn read_contract(&mut self, number: usize, name: &str, reader: impl BufRead) {
        let note = self.read.notes.entry(number).or_default();
        let file = match contract::read(name, reader) {
            Ok(file) => file,
            Err(error) => return note.broken(0, || Problem::of(format!("{error:#}"))),
        };
        let (shards, promises) = (file.shards().to_vec(), promises(&file));
        if let Err(error) = self.ledger.check_shards(name, &shards) {
            return note.broken(0, || Problem::of(mismatched(&error).to_string()));
        }
        if note.pour(name, file, self.promised, &mut self.read.elsewhere) {
            self.ledger.enter_shards(name, &shards, &promises);
            self.read.shards.extend(shards);
        }
    }
}

/// Returns whether a file is called like a contract file.
fn is_contract(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains(".contract.json"))
}

/// Judges batches in the order in which they arrive.
struct Judge<'c> {
    observation: Observation<'c>,
    notes: Notes,
}

impl<'c> Judge<'c> {
    fn new(observation: Observation<'c>) -> Self {
        Self { observation, notes: Notes::new() }
    }

    fn take_all(mut self, batches: &Mutex<Receiver<Batch>>) -> Self {
        loop {
            // The lock is released before the batch is judged, so that other judges can receive
            // theirs.
            let next = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
            match next {
                Ok(batch) => self.take(&batch),
                Err(_) => return self,
            }
        }
    }

    fn take(&mut self, batch: &Batch) {
        let note = self.notes.entry(batch.source).or_default();
        for (position, item) in &batch.items {
            let origin = Origin { file: &batch.name, line: item.line() as u64 };
            if let Err(error) = self.observation.observe_item(item, &origin) {
                note.broken(*position, || Problem::of_exchange(&batch.name, &error));
            }
        }
    }
}

impl Note {
    fn broken(&mut self, position: usize, problem: impl FnOnce() -> Problem) {
        self.n_broken += 1;
        // Positions only grow, so these are the first problems.
        if self.named.len() < MAX_NAMED {
            self.named.push((position, problem()));
        }
    }

    /// Adds the content of a contract file to the observations of other machines, and returns
    /// whether it could.
    fn pour(
        &mut self,
        name: &str,
        shard: ContractFile,
        promised: &[&Contract],
        elsewhere: &mut [Contract],
    ) -> bool {
        let (n_unreadable, places) = (shard.n_unreadable(), shard.places().to_vec());
        if let Err(error) = shard.pour(name, promised, elsewhere) {
            self.broken(0, || Problem::of(contract::hinted(error).to_string()));
            return false;
        }
        self.n_elsewhere = n_unreadable;
        self.elsewhere = places;
        if n_unreadable > 0 {
            let problem =
                format!("`{name}`: when it was observed, {n_unreadable} could not be read");
            self.named.push((0, Problem::of(problem)));
        }
        true
    }

    /// Returns the sentences about unreadable exchanges.
    fn places(&self) -> impl Iterator<Item = String> {
        let is_here = self.n_elsewhere == 0;
        let here = self.named.iter().filter(move |_| is_here).map(|(_, problem)| &problem.place);
        here.chain(&self.elsewhere).cloned()
    }

    fn n_unreadable(&self) -> u64 {
        self.n_broken.saturating_add(self.n_elsewhere)
    }

    fn absorb(&mut self, other: Self) {
        self.n_elsewhere = self.n_elsewhere.saturating_add(other.n_elsewhere);
        self.n_broken += other.n_broken;
        self.elsewhere.extend(other.elsewhere);
        self.named.extend(other.named);
        self.named.sort();
        self.named.truncate(MAX_NAMED);
    }

    fn problems(self) -> impl Iterator<Item = String> {
        let n_more = self.n_broken.saturating_sub(self.named.len() as u64);
        let more = (n_more > 0).then(|| format!("… and {n_more} more in the same file"));
        self.named.into_iter().map(|(_, problem)| problem.told).chain(self.elsewhere).chain(more)
    }
}

impl Observed {
    /// Returns the contract file of these observations.
    pub(crate) fn contract_file(&self, promised: &[&Contract]) -> ContractFile {
        ContractFile::new(promised, &self.contracts, self.n_unreadable)
            .with_shards(self.shards.iter().cloned())
            .with_places(self.places.iter().cloned())
    }

    /// Adds an observation of the contract at `position` only.
    pub(crate) fn absorb_one(&mut self, position: usize, mut other: Self) {
        self.contracts
            .iter_mut()
            .skip(position)
            .zip(other.contracts.drain(..))
            .for_each(|(mine, theirs)| mine.absorb(theirs));
        self.absorb(other);
    }

    /// Adds an observation of the same contracts.
    pub(crate) fn absorb(&mut self, other: Self) {
        let Self { contracts, n_unreadable, problems, places, shards, empty, n_opened } = other;
        self.contracts.iter_mut().zip(contracts).for_each(|(mine, theirs)| mine.absorb(theirs));
        self.n_unreadable = self.n_unreadable.saturating_add(n_unreadable);
        self.problems.extend(problems);
        self.places.extend(places);
        self.shards.extend(shards);
        self.empty.extend(empty);
        self.n_opened += n_opened;
    }

    fn of(read: Read, judges: Vec<Judge<'_>>) -> Self {
        let Read { mut notes, elsewhere: mut contracts, shards, empty, n_opened } = read;
        for judge in judges {
            for (source, note) in judge.notes {
                notes.entry(source).or_default().absorb(note);
            }
            let observed = judge.observation.finish();
            contracts.iter_mut().zip(observed).for_each(|(mine, theirs)| mine.absorb(theirs));
        }
        let n_unreadable = notes.values().map(Note::n_unreadable).fold(0, u64::saturating_add);
        let places = notes.values().flat_map(Note::places).collect();
        let problems = notes.into_values().flat_map(Note::problems).collect();
        Self { contracts, n_unreadable, problems, places, shards, empty, n_opened }
    }
}

#[cfg(test)]
mod tests;
