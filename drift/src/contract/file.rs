//! Turns observations into a file that can be moved, joined and judged.
//!
//! Observations follow the promised shape. A file therefore names the digest of the promise of each
//! spec, and can be judged only with that promise.
//!
//! Invariants:
//!
//! * The same exchanges give the same bytes, in whatever order they were observed and however they
//!   were split and joined.
//! * Any bytes can be read: a fault is an error with its place, and memory is bounded by
//!   [`ContractFile::MAX_BYTES`], [`MAX_OBJECTS`] and [`LEAST_BYTES_OF_OBJECT`], to about 70 MB for
//!   each MB of the file.
//! * A file holds nothing that a report must not print.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};
use siphasher::sip128::SipHasher24;

use super::{Contract, is_default};

/// The version of the format that is written, and the only one that is read.
const VERSION: u64 = 1;

/// The most objects and lists in a file; these turn few bytes into much memory.
const MAX_OBJECTS: usize = 200_000;

/// The least average size of an object or a list in a file. Files with names and counts are far
/// above it.
const LEAST_BYTES_OF_OBJECT: usize = 16;

/// The number of objects that is harmless, however short they are.
const FEW_OBJECTS: usize = 1_000;

/// The first member of every file, which distinguishes it from an exchange.
const MARK: &str = "\"prumo-contract\"";

/// Observations along one or several specs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContractFile {
    /// The number of exchanges that could not be read.
    pub unreadable: u64,
    /// Contracts by the name of the spec and the digest of its promise.
    observed: BTreeMap<(String, String), Contract>,
}

/// A contract file that can't be read, written or added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{file}`: {fault}")]
pub struct ContractFileError {
    file: String,
    fault: ContractFileFault,
}

/// The fault of a contract file, without its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContractFileFault {
    /// A value that the format does not have.
    #[error("{line}:{column}: a contract file has no such value")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The bytes end too early.
    #[error("{line}:{column}: the contract file stops in the middle")]
    Truncated {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// Another version of the format.
    #[error("a contract file of version {0}, this program reads version {VERSION}")]
    Version(u64),
    /// A file over the size limit.
    #[error("larger than {} bytes, the limit of a contract file", ContractFile::MAX_BYTES)]
    TooLarge,
    /// More objects and lists than a file of this size can have, or than the limit.
    #[error("more objects and lists than a contract file of its size has")]
    TooMany,
    /// Shapes that nest too deep to be read again.
    #[error("the observations along `{0}` nest too deep for a contract file")]
    TooDeep(String),
    /// Two contracts of one spec, observed along different promises.
    #[error("observed along another revision of `{0}`")]
    Revision(String),
    /// A contract of a spec that was not given.
    #[error("observed along `{0}`, which is not one of the given specs")]
    UnknownSpec(String),
}

/// The file as written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'c> {
    #[serde(rename = "prumo-contract")]
    version: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    unreadable: u64,
    contracts: Vec<Observed<'c>>,
}

/// One contract of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Observed<'c> {
    promise: Cow<'c, str>,
    observed: Cow<'c, Contract>,
}

/// The part that all versions of the format share.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "prumo-contract")]
    version: u64,
}

impl ContractFile {
    /// The largest size of a file.
    pub const MAX_BYTES: usize = 16 << 20;

    /// Returns the observations along `promised`: one contract for each spec, in the same order.
    pub fn new(promised: &[&Contract], observed: &[Contract], n_unreadable: u64) -> Self {
        let mut file = Self { unreadable: n_unreadable, ..Self::default() };
        for (promised, observed) in promised.iter().zip(observed) {
            let mut observed = Contract { name: promised.name.clone(), ..observed.clone() };
            // Operations that were never seen are in the promise.
            observed.operations.retain(|_, operation| operation.exchanges.count > 0);
            file.add((promised.name.clone(), digest(promised)), observed);
        }
        file
    }

    /// Returns whether a text with this start is meant as a contract file.
    pub fn is_one(start: &[u8]) -> bool {
        let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(start).trim_ascii_start();
        start
            .strip_prefix(b"{")
            .is_some_and(|inside| inside.trim_ascii_start().starts_with(MARK.as_bytes()))
    }

    /// Reads a file; `name` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns the first [`ContractFileFault`].
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, ContractFileError> {
        read(bytes).map_err(|fault| ContractFileError { file: name.to_owned(), fault })
    }

    /// Returns the text of the file; `name` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns [`ContractFileFault::TooDeep`] if a shape nests too deep.
    pub fn to_json(&self, name: &str) -> Result<String, ContractFileError> {
        let contracts = self.observed.iter().map(|((_, promise), observed)| Observed {
            promise: Cow::Borrowed(promise),
            observed: Cow::Borrowed(observed),
        });
        let written = Written {
            version: VERSION,
            unreadable: self.unreadable,
            contracts: contracts.collect(),
        };
        let Ok(mut json) = serde_json::to_string_pretty(&written) else {
            let names: Vec<&str> = self.observed.keys().map(|(name, _)| name.as_str()).collect();
            let fault = ContractFileFault::TooDeep(names.join("`, `"));
            return Err(ContractFileError { file: name.to_owned(), fault });
        };
        json.push('\n');
        Ok(json)
    }

    /// Adds the observations in `other`; `name` is its name in errors.
    ///
    /// # Errors
    ///
    /// Returns [`ContractFileFault::Revision`] if both observed a spec along different promises.
    pub fn absorb(&mut self, name: &str, other: Self) -> Result<(), ContractFileError> {
        let is_known = |spec: &str| self.observed.keys().any(|(known, _)| known == spec);
        let stranger =
            other.observed.keys().find(|key| is_known(&key.0) && !self.observed.contains_key(*key));
        if let Some((spec, _)) = stranger {
            let fault = ContractFileFault::Revision(spec.clone());
            return Err(ContractFileError { file: name.to_owned(), fault });
        }
        for (key, observed) in other.observed {
            self.add(key, observed);
        }
        self.unreadable = self.unreadable.saturating_add(other.unreadable);
        Ok(())
    }

    /// Adds the observations along each of `promised` to the contract at the same index; `name` is
    /// the name of the file in errors.
    ///
    /// # Errors
    ///
    /// Returns [`ContractFileFault::Revision`] or [`ContractFileFault::UnknownSpec`]; nothing is
    /// added then.
    pub fn pour(
        self,
        name: &str,
        promised: &[&Contract],
        observed: &mut [Contract],
    ) -> Result<(), ContractFileError> {
        let digests: Vec<String> = promised.iter().map(|promised| digest(promised)).collect();
        let mut found = Vec::new();
        for ((spec, promise), contract) in self.observed {
            // Two specs may promise the same; then the name decides.
            let is_alike = |index: &usize| digests.get(*index) == Some(&promise);
            let by_name = promised.iter().position(|promised| promised.name == spec);
            let Some(index) =
                by_name.filter(is_alike).or_else(|| (0..digests.len()).find(is_alike))
            else {
                let fault = match by_name {
                    Some(_) => ContractFileFault::Revision(spec),
                    None => ContractFileFault::UnknownSpec(spec),
                };
                return Err(ContractFileError { file: name.to_owned(), fault });
            };
            found.push((index, contract));
        }
        for (index, contract) in found {
            if let (Some(observed), Some(promised)) = (observed.get_mut(index), promised.get(index))
            {
                observed.absorb(Contract { name: promised.name.clone(), ..contract });
            }
        }
        Ok(())
    }

    /// Returns the number of exchanges in it.
    pub fn n_exchanges(&self) -> u64 {
        self.observed.values().fold(0, |all, observed| all.saturating_add(observed.exchanges))
    }

    fn add(&mut self, key: (String, String), observed: Contract) {
        match self.observed.entry(key) {
            Entry::Occupied(mut known) => known.get_mut().absorb(observed),
            Entry::Vacant(place) => {
                place.insert(observed);
            }
        }
    }
}

impl ContractFileError {
    /// Returns the fault.
    pub fn fault(&self) -> &ContractFileFault {
        &self.fault
    }

    /// Returns the remedy.
    pub fn hint(&self) -> &'static str {
        match self.fault {
            ContractFileFault::Malformed { .. }
            | ContractFileFault::Truncated { .. }
            | ContractFileFault::Version(_)
            | ContractFileFault::TooLarge
            | ContractFileFault::TooMany => "write it anew with `prumo judge --contract-out`",
            ContractFileFault::TooDeep(_) => "judge the exchanges themselves",
            ContractFileFault::Revision(_) => {
                "observe the exchanges again along this revision, or judge with the spec as it was"
            }
            ContractFileFault::UnknownSpec(_) => "name the spec with `--spec`",
        }
    }
}

/// Returns a hash of the promise, which does not depend on the file's name.
///
/// It changes with everything that the observer follows, so also with a release of this crate that
/// reads more of a spec.
fn digest(promised: &Contract) -> String {
    let bare = Contract { name: String::new(), unjudged: Vec::new(), ..promised.clone() };
    let bytes = serde_json::to_vec(&bare).unwrap_or_default();
    format!("{:032x}", SipHasher24::new().hash(&bytes).as_u128())
}

fn read(bytes: &[u8]) -> Result<ContractFile, ContractFileFault> {
    if bytes.len() > ContractFile::MAX_BYTES {
        return Err(ContractFileFault::TooLarge);
    }
    let n_objects = bytes.iter().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if n_objects > (bytes.len() / LEAST_BYTES_OF_OBJECT).clamp(FEW_OBJECTS, MAX_OBJECTS) {
        return Err(ContractFileFault::TooMany);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let Head { version } = serde_json::from_slice(bytes).map_err(|error| fault(&error))?;
    if version != VERSION {
        return Err(ContractFileFault::Version(version));
    }
    let written: Written = serde_json::from_slice(bytes).map_err(|error| fault(&error))?;
    let mut file = ContractFile { unreadable: written.unreadable, ..ContractFile::default() };
    for Observed { promise, observed } in written.contracts {
        file.add((observed.name.clone(), promise.into_owned()), observed.into_owned());
    }
    Ok(file)
}

/// Keeps only the position of a parser's error, since its message may quote the file.
fn fault(error: &serde_json::Error) -> ContractFileFault {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => ContractFileFault::Truncated { line, column },
        _ => ContractFileFault::Malformed { line, column },
    }
}
