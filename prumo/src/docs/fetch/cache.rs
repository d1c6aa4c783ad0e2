//! Keeps the pages of a vendor in the project's `out`, with what the host said of each.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use prumo_pages::{Lock, Page};
use serde::{Deserialize, Serialize};

use crate::project::Project;
use crate::write;

/// The file with the list of pages.
const INDEX: &str = "index.json";

/// The cached pages of a vendor.
pub(crate) struct Cache {
    folder: PathBuf,
    entries: Vec<Entry>,
}

/// A cached page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) url: String,
    file: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
}

impl Cache {
    /// Opens the cache of a vendor, which may be empty.
    pub(crate) fn open(project: &Project, vendor: &str) -> anyhow::Result<Self> {
        let folder = project.root().join(project.out()).join("docs").join(vendor);
        let index = folder.join(INDEX);
        let entries = match index.is_file() {
            false => Vec::new(),
            true => serde_json::from_str(&fs_err::read_to_string(&index)?).with_context(|| {
                format!("`{}` is broken\n  hint: remove the folder", project.shown(&index))
            })?,
        };
        Ok(Self { folder, entries })
    }

    /// Returns the entry of a page whose copy is still there.
    pub(super) fn entry(&self, url: &str) -> Option<&Entry> {
        let found = self.entries.iter().find(|entry| entry.url == url)?;
        self.folder.join(&found.file).is_file().then_some(found)
    }

    /// Replaces the copy of a page.
    pub(super) fn put(
        &mut self,
        url: &str,
        text: &str,
        (etag, last_modified): (Option<String>, Option<String>),
    ) -> anyhow::Result<()> {
        fs_err::create_dir_all(&self.folder)?;
        let known = self.entries.iter().position(|entry| entry.url == url);
        let file = match known {
            Some(at) => self.entries[at].file.clone(),
            None => format!("{:03}.page", self.entries.len()),
        };
        write::at_once(&self.folder.join(&file), text.as_bytes())?;
        let entry = Entry { url: url.to_owned(), file, etag, last_modified };
        match known {
            Some(at) => self.entries[at] = entry,
            None => self.entries.push(entry),
        }
        Ok(())
    }

    /// Writes the list of pages.
    pub(super) fn keep(&self) -> anyhow::Result<()> {
        if self.entries.is_empty() {
            return Ok(());
        }
        fs_err::create_dir_all(&self.folder)?;
        let text = serde_json::to_string_pretty(&self.entries)?;
        write::at_once(&self.folder.join(INDEX), format!("{text}\n").as_bytes())
    }

    /// Reads the copies of the pages that `prumo.toml` lists, under their addresses.
    ///
    /// # Errors
    ///
    /// A page has no copy: a lock without it would look as if the vendor had removed it.
    pub(crate) fn pages(&self, urls: &[String]) -> anyhow::Result<Vec<(String, Page)>> {
        let mut pages = Vec::new();
        for url in urls {
            let Some(entry) = self.entry(url) else {
                bail!("`{url}` was not fetched\n  hint: `prumo docs fetch` reads it");
            };
            let text = fs_err::read_to_string(self.folder.join(&entry.file))?;
            let page = prumo_pages::read(url, &text)
                .map_err(|error| anyhow::anyhow!("`{url}`: {error}\n  hint: {}", error.hint()))?;
            pages.push((url.clone(), page));
        }
        Ok(pages)
    }

    /// Returns the facts of these pages.
    pub(crate) fn lock(&self, urls: &[String]) -> anyhow::Result<Lock> {
        Ok(Lock::new(self.pages(urls)?))
    }
}
