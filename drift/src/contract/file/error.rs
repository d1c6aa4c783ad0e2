//! Describes why a contract file can't be read, written or added, with the remedy.

use super::{ContractFile, VERSION};

/// A contract file that can't be read, written or added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{file}`: {fault}")]
pub struct ContractFileError {
    pub(super) file: String,
    pub(super) fault: ContractFileFault,
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
    #[error("a contract file of version {0}, this program reads versions up to {VERSION}")]
    Version(u64),
    /// A file over the size limit.
    #[error("larger than {} bytes, the limit of a contract file", ContractFile::MAX_BYTES)]
    TooLarge,
    /// Observations that exceed the budget of a file even without any name beyond the promise.
    #[error("the observations along `{0}` are larger than a contract file can be")]
    TooMuch(String),
    /// Counts that contradict each other, as no run can have made them.
    #[error("the counts of `{spec}` contradict each other at `{operation}`")]
    Counts {
        /// The name of the spec.
        spec: String,
        /// The operation.
        operation: String,
    },
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
            | ContractFileFault::Counts { .. }
            | ContractFileFault::TooLarge
            | ContractFileFault::TooMany => "write it anew with `prumo observe`",
            ContractFileFault::TooDeep(_) | ContractFileFault::TooMuch(_) => {
                "judge the exchanges themselves"
            }
            ContractFileFault::Revision(_) => {
                "observe the exchanges again along this revision, or judge with the spec as it was"
            }
            ContractFileFault::UnknownSpec(_) => "name the spec with `--spec`",
        }
    }
}
