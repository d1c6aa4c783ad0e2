//! A spec: a named, hashed document with positions, and the part of it that is generated.

use prumo_spec::OpenApi;
use prumo_spec::document::{Document, DocumentError};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::renames::Rename;

/// A spec, parsed but not yet judged.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The crate's folder in `generated/`.
    pub name: String,
    /// The path of its first file relative to the root, with `/`.
    pub file: String,
    /// The first 16 hexadecimal digits of the SHA-256 of its texts.
    pub hash: String,
    /// The document as written, with positions.
    pub document: Document,
    /// The names that the project gives to parts of the client.
    pub renames: Vec<Rename>,
    /// The mended document, without what is left out; for a house document, the document as written.
    pub(crate) value: Value,
}

impl Spec {
    /// Parses the files of the spec `name`, given by name and text.
    ///
    /// # Errors
    ///
    /// A text is no document, or repeats a definition of another one.
    pub fn parse(name: &str, texts: &[(String, String)]) -> Result<Self, DocumentError> {
        let document =
            Document::of_parts(texts.iter().map(|(file, text)| Document::parse(file, text)))?;
        let document = document.map_or_else(|| Document::parse("", ""), Ok)?;
        Ok(Self::of(name, document, texts.iter().map(|(_, text)| text.as_str())))
    }

    /// Makes the spec `name` of a document and the texts of all files that it was read from.
    pub fn of<'t>(
        name: &str,
        document: Document,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let mut digest = Sha256::new();
        texts.into_iter().for_each(|text| digest.update(text));
        let hash = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let value = OpenApi::new(&document).root().clone();
        let (name, file) = (name.to_owned(), document.file().to_owned());
        Self { name, file, hash, document, renames: Vec::new(), value }
    }

    /// Parses a spec of one file.
    #[cfg(test)]
    pub fn of_text(name: &str, file: &str, text: &str) -> Result<Self, DocumentError> {
        Self::parse(name, &[(file.to_owned(), text.to_owned())])
    }

    /// Writes the whole document into one file, for tools that can't read it in parts.
    pub fn bundle(&self) -> String {
        format!("{:#}\n", self.document.value())
    }

    /// Returns the mended document.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the model of the mended document.
    pub fn api(&self) -> OpenApi<'_> {
        OpenApi::corrected(&self.document, &self.value)
    }

    /// Returns whether any operation states its source: then all must.
    pub fn is_house(&self) -> bool {
        self.api().is_house()
    }
}
