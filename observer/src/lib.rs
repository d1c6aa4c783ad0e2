#![doc = include_str!("../README.md")]

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use prumo_drift::contract::Shard;
use prumo_drift::exchange::{Headers, Response};
use prumo_drift::{
    Contract, ContractFile, Document, DocumentError, Origin, SpecError, read_openapi,
};
use prumo_runtime::{Answer, Observer};

/// The most bytes of a response that is judged, unless set otherwise.
pub const DEFAULT_MAX_ANSWER_BYTES: usize = 1 << 20;

/// The place of a response in reports; the line is the response's number.
const PLACE: &str = "observed";

/// Watches the responses of a client along its spec.
///
/// Clones share their observations: give one to the client builder and keep another.
#[derive(Clone)]
#[must_use]
pub struct DriftObserver {
    shared: Arc<Shared>,
    every: u64,
    max_answer_bytes: usize,
}

struct Shared {
    /// Leaked, because the judge borrows it until the program ends.
    promised: &'static Contract,
    /// The random number of the run. All its files have it, so that they are not joined.
    run: u128,
    state: Mutex<State>,
    n_answers: AtomicU64,
    n_missed: AtomicU64,
}

struct State {
    judge: prumo_drift::Observation<'static>,
    /// The observations up to the last time that a caller requested them.
    seen: ContractFile,
    n_judged: u64,
}

/// The reason why a spec can't be watched.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum WatchError {
    /// The spec is neither JSON nor YAML.
    Document(#[from] DocumentError),
    /// The judge can't use the spec.
    Spec(#[from] SpecError),
}

impl DriftObserver {
    /// Returns an observer along this spec, which is the text of an OpenAPI document such as a
    /// client's `SPEC`. Reports call the spec `name`.
    ///
    /// The spec stays in memory until the program ends, so make one observer per client and not one
    /// per call.
    ///
    /// # Errors
    ///
    /// Fails if the text is no OpenAPI document that the judge can use.
    pub fn new(name: &str, spec: &str) -> Result<Self, WatchError> {
        let contract = read_openapi(&Document::parse(name, spec)?)?;
        let promised: &'static Contract = Box::leak(Box::new(contract));
        let state = State { judge: judge(promised), seen: ContractFile::default(), n_judged: 0 };
        let shared = Shared {
            promised,
            run: fastrand::Rng::new().u128(..),
            state: Mutex::new(state),
            n_answers: AtomicU64::new(0),
            n_missed: AtomicU64::new(0),
        };
        Ok(Self { shared: Arc::new(shared), every: 1, max_answer_bytes: DEFAULT_MAX_ANSWER_BYTES })
    }

    /// Sets that only one of every `every` responses is judged instead of each one; 0 counts as 1.
    pub fn every(mut self, every: u64) -> Self {
        self.every = every.max(1);
        self
    }

    /// Sets the size above which a response is not judged.
    pub fn max_answer_bytes(mut self, max_answer_bytes: usize) -> Self {
        self.max_answer_bytes = max_answer_bytes;
        self
    }

    /// Returns the number of responses that should have been judged and were not.
    #[must_use]
    pub fn n_missed(&self) -> u64 {
        self.shared.n_missed.load(Ordering::Relaxed)
    }

    /// Returns the observations so far, to be written, joined with others and judged.
    ///
    /// They contain those of earlier calls, and the random number of this observer, so that joining
    /// two files of one observer is refused.
    #[must_use]
    pub fn contract(&self) -> ContractFile {
        let Shared { promised, run, .. } = &*self.shared;
        let file = self.shared.lock().gather(promised).clone();
        let name = format!("observer of {}", promised.name);
        let shard = Shard::of_run(&name, file.n_exchanges(), *run);
        file.with_shards([shard])
    }

    /// Writes the observations so far to a file for `prumo judge`. The file is complete or does not
    /// exist.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be written.
    pub fn write_to(&self, path: impl AsRef<Path>) -> std::io::Result<()> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = self.contract().to_json(&name).map_err(std::io::Error::other)?;
        let mut part = path.file_name().unwrap_or_default().to_owned();
        part.push(".part");
        let part = path.with_file_name(part);
        std::fs::write(&part, text)?;
        std::fs::rename(&part, path)
    }
}

impl Observer for DriftObserver {
    fn answer(&self, answer: &Answer<'_>) {
        let number = self.shared.n_answers.fetch_add(1, Ordering::Relaxed);
        if number % self.every != 0 {
            return;
        }
        let is_judged = answer.body.len() <= self.max_answer_bytes && self.shared.judge(answer);
        if !is_judged {
            self.shared.n_missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Shared {
    /// Judges one response, unless another is being judged; returns whether it did.
    fn judge(&self, answer: &Answer<'_>) -> bool {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(state)) => state.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        let state = &mut *state;
        state.n_judged += 1;
        let origin = Origin { file: PLACE, line: state.n_judged };
        let headers = answer.headers.iter();
        let headers: Headers<'_> = headers
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        let response = Response::new(answer.status, headers, answer.body);
        let judged = catch_unwind(AssertUnwindSafe(|| {
            state.judge.observe_answer(answer.operation.id, response, &origin);
        }));
        if judged.is_err() {
            // A panic may have left the judge in any state.
            state.judge = judge(self.promised);
        }
        judged.is_ok()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Adds the observations of the judge since the last time.
    fn gather(&mut self, promised: &'static Contract) -> &ContractFile {
        let done = std::mem::replace(&mut self.judge, judge(promised));
        let file = ContractFile::new(&[promised], &done.finish(), 0);
        // Both files follow the same promise, so they can be joined.
        let absorbed = self.seen.absorb(PLACE, file);
        debug_assert!(absorbed.is_ok());
        &self.seen
    }
}

fn judge(promised: &'static Contract) -> prumo_drift::Observation<'static> {
    prumo_drift::Observation::new(&[promised])
}

impl fmt::Debug for DriftObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriftObserver")
            .field("spec", &self.shared.promised.name)
            .field("every", &self.every)
            .field("max_answer_bytes", &self.max_answer_bytes)
            .field("n_missed", &self.n_missed())
            .finish_non_exhaustive()
    }
}
