//! One request to a vendor, with everything that its work may read and change.

use jiff::Timestamp;

use crate::arguments::Arguments;
use crate::chance;
use crate::credentials::{Credentials, Tokens};
use crate::fact::Facts;
use crate::refusal::Refusal;
use crate::store::{Store, StoredFile};

/// Where uploaded files are served.
pub(crate) const FILES: &str = "/__standin/files";

/// One request that is being worked on.
pub(crate) struct Turn<'a> {
    pub(crate) arguments: &'a Arguments,
    pub(crate) store: &'a mut Store,
    pub(crate) tokens: &'a mut Tokens,
    pub(crate) credentials: &'a Credentials,
    pub(crate) now: Timestamp,
    pub(crate) seed: u64,
    /// Where this server is.
    pub(crate) url: &'a str,
}

impl Turn<'_> {
    /// What was sent under this name.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.arguments.text(name)
    }

    /// What must have been sent under this name.
    pub(crate) fn must(&self, name: &str) -> Result<String, Refusal> {
        self.text(name).ok_or_else(|| Refusal::Missing(name.to_owned()))
    }

    /// An id that no other record of this stand-in has.
    pub(crate) fn hex_id(&self, kind: &str, number: u64) -> String {
        chance::hex_id(self.seed, &format!("{kind}/{number}"))
    }

    /// Keeps the request's files; each with its name, address and size.
    pub(crate) fn keep_files(&mut self) -> Vec<KeptFile> {
        let arguments = self.arguments;
        let files: Vec<_> = arguments.files().collect();
        let mut kept = Vec::new();
        for (name, media_type, bytes) in files {
            let number = self.store.add("file", 1, |_| Facts::new()).number;
            let id = self.hex_id("file", number);
            let url = format!("{}{}/{id}", self.url, FILES);
            kept.push(KeptFile { name: name.to_owned(), url, n_bytes: bytes.len() as u64 });
            self.store.add_file(StoredFile { id, media_type: media_type.to_owned(), bytes: bytes.clone() });
        }
        kept
    }
}

/// A file that was uploaded.
pub(crate) struct KeptFile {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) n_bytes: u64,
}
