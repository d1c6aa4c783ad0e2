//! Notices contract files that do not go together, before they are joined.
//!
//! Invariants:
//!
//! * A shard counts once: a second file with it adds nothing or is refused, unless an overlap is
//!   allowed.
//! * Files that were observed along two revisions of a spec are refused, and both are named.

use std::collections::{BTreeMap, BTreeSet};

use super::{ContractFile, Shard};

/// The contract files of one run, to refuse those that do not go together.
#[derive(Debug, Default)]
pub struct Ledger {
    allows_overlap: bool,
    /// The promises of each spec, each with the first file that followed it.
    promises: BTreeMap<String, Vec<(String, String)>>,
    /// The shards by digest, each with the first contract file that has it.
    shards: BTreeMap<String, Entered>,
    /// The streams of exchanges that were read beside contract files.
    streams: BTreeMap<String, String>,
    /// The files without exchanges that name something unreadable.
    unreadable: Vec<ContractFile>,
    /// What could not be read when the files were observed, as far as they name it.
    places: BTreeSet<String>,
    n_unreadable: u64,
}

/// A spec, and the digest of its promise.
pub type Promised = (String, String);

/// A shard of a contract file.
#[derive(Debug)]
struct Entered {
    shard: Shard,
    /// The contract file.
    file: String,
    /// The specs along which it was observed.
    promises: Vec<Promised>,
}

/// Contract files that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A shard of an earlier file, which would count twice.
    #[error("`{file}` holds {shard}, which is already in `{earlier}`")]
    Overlap {
        /// The file.
        file: String,
        /// The shard.
        shard: Shard,
        /// The earlier file.
        earlier: String,
    },
    /// Two revisions of one spec.
    #[error(
        "`{file}` and `{earlier}` were observed along two revisions of `{spec}`, {} and {}",
        .promises[0], .promises[1]
    )]
    Revisions {
        /// The file.
        file: String,
        /// The first file of the other revision.
        earlier: String,
        /// The name of the spec.
        spec: String,
        /// The digests of both promises.
        promises: [String; 2],
    },
}

impl LedgerError {
    /// Returns the remedy.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Overlap { .. } => "join each shard once; `--allow-overlap` counts it twice",
            Self::Revisions { .. } => {
                "observe the exchanges of one of them again along the other's revision"
            }
        }
    }
}

impl Ledger {
    /// Starts without a file. If an overlap is allowed, a shard of several files counts in each.
    pub fn new(allows_overlap: bool) -> Self {
        Self { allows_overlap, ..Self::default() }
    }

    /// Enters a file, and returns whether it adds anything: not if it was given twice, which means
    /// that earlier files have each of its shards, under the same name and along the same promises,
    /// and everything that could not be read.
    ///
    /// # Errors
    ///
    /// The file follows another revision of a spec than an earlier one, or has a shard of an earlier
    /// one and others.
    pub fn enter(&mut self, name: &str, file: &ContractFile) -> Result<bool, LedgerError> {
        self.check_promises(name, file)?;
        if !self.allows_overlap && self.is_given_twice(file) {
            return Ok(false);
        }
        self.check_shards(name, file.shards())?;
        for (spec, promise) in file.promises() {
            let known = self.promises.entry(spec.to_owned()).or_default();
            known.push((promise.to_owned(), name.to_owned()));
        }
        if file.n_exchanges() == 0 && file.n_unreadable() > 0 {
            self.unreadable.push(file.clone());
        }
        self.places.extend(file.places().iter().cloned());
        self.n_unreadable = self.n_unreadable.saturating_add(file.n_unreadable());
        self.enter_shards(name, file.shards(), &promises(file));
        Ok(true)
    }

    /// Enters the shards of a file with these promises.
    pub fn enter_shards(&mut self, name: &str, shards: &[Shard], promises: &[Promised]) {
        // Nothing can count twice in an empty shard.
        for shard in shards.iter().filter(|shard| !shard.is_empty()) {
            self.shards.entry(shard.digest.clone()).or_insert_with(|| Entered {
                shard: shard.clone(),
                file: name.to_owned(),
                promises: promises.to_vec(),
            });
        }
    }

    fn is_given_twice(&self, file: &ContractFile) -> bool {
        if file.shards().is_empty() {
            return self.unreadable.contains(file);
        }
        // A file may name more than its shards: an input that was missing, or a file that could not
        // be joined.
        if file.n_unreadable() > self.n_unreadable
            || !file.places().iter().all(|place| self.places.contains(place))
        {
            return false;
        }
        let promises = promises(file);
        file.shards().iter().all(|shard| {
            let entered = self.shards.get(&shard.digest);
            entered.is_some_and(|known| known.shard == *shard && known.promises == promises)
        })
    }

    fn check_promises(&self, name: &str, file: &ContractFile) -> Result<(), LedgerError> {
        for (spec, promise) in file.promises() {
            let known = self.promises.get(spec).map(Vec::as_slice).unwrap_or_default();
            let is_known = known.iter().any(|(known, _)| known == promise);
            if let Some((other, earlier)) = known.first().filter(|_| !is_known) {
                return Err(LedgerError::Revisions {
                    file: name.to_owned(),
                    earlier: earlier.clone(),
                    spec: spec.to_owned(),
                    promises: [promise.to_owned(), other.clone()],
                });
            }
        }
        Ok(())
    }

    /// Enters a stream of exchanges. Two streams may have the same bytes, as fixtures may.
    ///
    /// # Errors
    ///
    /// An earlier contract file was observed from the same bytes.
    pub fn enter_stream(&mut self, name: &str, stream: &Shard) -> Result<(), LedgerError> {
        if !stream.is_empty() {
            self.streams.insert(stream.digest.clone(), name.to_owned());
        }
        match self.shards.get(&stream.digest).filter(|_| !self.allows_overlap) {
            Some(earlier) => Err(overlap(name, stream, &earlier.file)),
            None => Ok(()),
        }
    }

    /// Checks that no earlier file has a shard of this one, unless an overlap is allowed.
    ///
    /// # Errors
    ///
    /// An earlier file has a shard; the error names both files and the shard.
    pub fn check_shards(&self, name: &str, shards: &[Shard]) -> Result<(), LedgerError> {
        if self.allows_overlap {
            return Ok(());
        }
        for shard in shards {
            let digest = &shard.digest;
            let of_file = self.shards.get(digest).map(|entered| &entered.file);
            if let Some(earlier) = of_file.or_else(|| self.streams.get(digest)) {
                return Err(overlap(name, shard, earlier));
            }
        }
        Ok(())
    }
}

/// Lists the specs along which a file was observed, with the digests of their promises.
pub fn promises(file: &ContractFile) -> Vec<Promised> {
    file.promises().map(|(spec, promise)| (spec.to_owned(), promise.to_owned())).collect()
}

fn overlap(file: &str, shard: &Shard, earlier: &str) -> LedgerError {
    let (file, earlier) = (file.to_owned(), earlier.to_owned());
    LedgerError::Overlap { file, shard: shard.clone(), earlier }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let rows: [(&[&str], &[&str], Option<&str>); 5] = [
            (&["a"], &["b"], None),
            (
                &["a", "b"],
                &["c", "b"],
                Some("`two` holds `b.ndjson` (1 bytes), which is already in `one`"),
            ),
            // An empty shard holds no exchange.
            (&[""], &[""], None),
            // One file may hold copies.
            (&["a", "a"], &["b"], None),
            // The whole file is known, so it adds nothing.
            (&["a", "b"], &["b"], None),
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
    fn a_file_that_is_given_twice_adds_nothing() {
        let copy = |name: &str, digest: &str| {
            let shard =
                Shard { name: name.to_owned(), bytes: 1, exchanges: 0, digest: digest.to_owned() };
            ContractFile::default().with_shards([shard])
        };
        let poison = ContractFile::default().with_unreadable("`a`: 1:1".to_owned());
        for file in [file(&["a"]), file(&["a", "b"]), poison] {
            let mut ledger = Ledger::new(false);
            assert!(ledger.enter("one", &file).unwrap());
            assert!(!ledger.enter("again", &file).unwrap());
        }
        let with_missing = file(&["a"]).with_unreadable("`b`: missing".to_owned());
        let mut ledger = Ledger::new(false);
        assert!(ledger.enter("one", &file(&["a"])).unwrap());
        assert!(ledger.enter("more", &with_missing).is_err(), "the place would be lost");
        let mut ledger = Ledger::new(false);
        assert!(ledger.enter("more", &with_missing).unwrap());
        assert!(!ledger.enter("one", &file(&["a"])).unwrap());

        let mut ledger = Ledger::new(false);
        assert!(ledger.enter("one", &copy("a", "7")).unwrap());
        assert!(ledger.enter("two", &copy("b", "7")).is_err(), "a copy under another name");
        assert!(Ledger::new(false).enter("none", &file(&[])).unwrap());
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
}
