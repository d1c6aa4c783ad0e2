//! Finds the key of the redaction: in the environment, in a file, or made for this run.
//!
//! Invariants:
//!
//! * The key is in no message.

use std::hash::{BuildHasher, Hasher, RandomState};

use crate::project::KeyFile;
use crate::screen;

/// The variable that holds the key.
pub(crate) const VARIABLE: &str = "PRUMO_REDACT_KEY";

/// The key of a redaction.
pub(crate) struct Key {
    bytes: Vec<u8>,
    is_made: bool,
}

impl Key {
    /// Returns the key of the environment, or else of this file, or else one for this run.
    ///
    /// # Errors
    ///
    /// The file can't be read, is too short, or lies in the project.
    pub(crate) fn find(file: Option<&KeyFile>) -> anyhow::Result<Self> {
        if let Some(key) = std::env::var_os(VARIABLE).filter(|key| !key.is_empty()) {
            return Ok(Self { bytes: key.into_encoded_bytes(), is_made: false });
        }
        match file {
            Some(file) => Ok(Self { bytes: file.read()?, is_made: false }),
            None => Ok(Self { bytes: random(), is_made: true }),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Says that the key was made for this run.
    pub(crate) fn tell(&self) {
        if self.is_made {
            screen::note(&format!(
                "note: this run made a key of its own, so the next one replaces the same person by \
                 another\n  hint: set `{VARIABLE}`, or name a file outside of the repository as \
                 `redact_key` in `prumo.toml`"
            ));
        }
    }
}

fn random() -> Vec<u8> {
    let random = || RandomState::new().build_hasher().finish().to_le_bytes();
    [random(), random()].concat()
}
