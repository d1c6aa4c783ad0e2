//! Reads the bytes of a contract file of any version.

use serde::Deserialize;

use super::super::{Operation, Shard, budget, spec_name};
use super::{Contract, ContractFile, ContractFileFault, MAX_NAMES, Observed, VERSION, Written};

/// The first version. It has no shards and no places, and calls a spec by the path of its file.
const FIRST_VERSION: u64 = 1;

/// The part that all versions of the format share.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "prumo-contract")]
    version: u64,
}

pub(super) fn read(bytes: &[u8]) -> Result<ContractFile, ContractFileFault> {
    if bytes.len() > ContractFile::MAX_BYTES {
        return Err(ContractFileFault::TooLarge);
    }
    if !budget::is_within_objects(bytes) {
        return Err(ContractFileFault::TooMany);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let written: Written = serde_json::from_slice(bytes).map_err(|error| unread(bytes, &error))?;
    let Written { version, unreadable, places, shards, names, contracts } = written;
    check_version(version)?;
    let n_names = names.unwrap_or(MAX_NAMES).min(MAX_NAMES);
    let mut file = ContractFile { unreadable, n_names, ..ContractFile::default() }
        .with_places(places.into_owned())
        .with_shards(shards.into_owned());
    for Observed { promise, observed } in contracts {
        check_counts(&observed)?;
        let mut observed = observed.into_owned();
        if version == FIRST_VERSION {
            observed.name = spec_name(&observed.name);
        }
        file.add((observed.name.clone(), promise.into_owned()), observed);
    }
    if version == FIRST_VERSION {
        let shard = Shard::of_file("a contract file of version 1", file.n_exchanges(), bytes);
        file = file.with_shards([shard]);
    }
    Ok(file)
}

fn check_version(version: u64) -> Result<(), ContractFileFault> {
    match version {
        FIRST_VERSION..=VERSION => Ok(()),
        other => Err(ContractFileFault::Version(other)),
    }
}

/// Returns why a file can't be read: that of another version may have any members.
fn unread(bytes: &[u8], error: &serde_json::Error) -> ContractFileFault {
    let head: Result<Head, _> = serde_json::from_slice(bytes);
    match head.map(|head| check_version(head.version)) {
        Ok(Err(version)) => version,
        Ok(Ok(())) => fault(error),
        Err(error) => fault(&error),
    }
}

/// Refuses an operation with more exchanges than the contract, or more responses than exchanges.
fn check_counts(observed: &Contract) -> Result<(), ContractFileFault> {
    let is_sound = |operation: &Operation| {
        let n_exchanges = operation.exchanges.count;
        let mut counts = (operation.responses.values().map(|body| body.seen.count))
            .chain(operation.strange_statuses.values().map(|tally| tally.count));
        n_exchanges <= observed.exchanges && counts.all(|count| count <= n_exchanges)
    };
    let unsound = observed.operations.iter().find(|(_, operation)| !is_sound(operation));
    let stranger = observed.strangers.iter().find(|(_, tally)| tally.count > observed.exchanges);
    let named = unsound.map(|(id, _)| id).or(stranger.map(|(name, _)| name));
    match named {
        Some(operation) => Err(ContractFileFault::Counts {
            spec: observed.name.clone(),
            operation: operation.clone(),
        }),
        None => Ok(()),
    }
}

/// Keeps only the position of a parser's error, since its message may quote the file.
fn fault(error: &serde_json::Error) -> ContractFileFault {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => ContractFileFault::Truncated { line, column },
        _ => ContractFileFault::Malformed { line, column },
    }
}
