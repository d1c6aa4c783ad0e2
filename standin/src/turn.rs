//! Holds one request to a vendor, with everything that its work may read and change.

use jiff::Timestamp;

use crate::arguments::Arguments;
use crate::chance;
use crate::credentials::{Credentials, Tokens};
use crate::fact::Facts;
use crate::refusal::Refusal;
use crate::store::{Store, StoredFile};

/// The path of uploaded files.
pub(crate) const FILES: &str = "/__standin/files";

/// One request at work.
pub(crate) struct Turn<'a> {
    pub(crate) arguments: &'a Arguments,
    pub(crate) store: &'a mut Store,
    pub(crate) tokens: &'a mut Tokens,
    pub(crate) credentials: &'a Credentials,
    pub(crate) now: Timestamp,
    pub(crate) seed: u64,
    /// The base URL of this server.
    pub(crate) url: &'a str,
}

impl Turn<'_> {
    /// Returns an argument as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.arguments.text(name)
    }

    /// Returns an argument that must be present.
    pub(crate) fn must(&self, name: &str) -> Result<String, Refusal> {
        self.text(name).ok_or_else(|| Refusal::Missing(name.to_owned()))
    }

    /// Makes an id that no other record has.
    pub(crate) fn hex_id(&self, kind: &str, number: u64) -> String {
        chance::hex_id(self.seed, &format!("{kind}/{number}"))
    }

    /// Stores the files of the request, and returns name, address and size of each.
    pub(crate) fn keep_files(&mut self) -> Vec<KeptFile> {
        let arguments = self.arguments;
        let files: Vec<_> = arguments.files().collect();
        let mut kept = Vec::new();
        for (name, media_type, bytes) in files {
            let number = self.store.add("file", 1, |_| Facts::new()).number;
            let id = self.hex_id("file", number);
            let url = format!("{}{}/{id}", self.url, FILES);
            kept.push(KeptFile { name: name.to_owned(), url, n_bytes: bytes.len() as u64 });
            self.store.add_file(StoredFile {
                id,
                media_type: media_type.to_owned(),
                bytes: bytes.clone(),
            });
        }
        kept
    }
}

/// An uploaded file.
pub(crate) struct KeptFile {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) n_bytes: u64,
}
