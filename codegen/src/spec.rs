//! Turns the texts of a spec into a named, hashed, positioned document.

use prumo_spec::OpenApi;
use prumo_spec::document::{Document, DocumentError};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::lint::mend::{Mend, mended};

/// A spec, parsed but not yet judged.
#[derive(Debug)]
pub struct Spec {
    /// The crate's folder in `generated/`.
    pub name: String,
    /// Its first file, relative to the root, with `/`.
    pub file: String,
    /// The SHA-256 of its texts, first 16 hexadecimal digits.
    pub hash: String,
    /// The document as it is written, and positions.
    pub document: Document,
    /// The document as it is meant; in a house document, as it is written.
    value: Value,
    /// What differs between the two.
    pub mends: Vec<Mend>,
}

impl Spec {
    /// Parses the files of the spec `name`: what each is called, and its text.
    pub fn parse(name: &str, texts: &[(String, String)]) -> Result<Self, DocumentError> {
        let file = texts.first().map_or("", |(file, _)| file);
        let document = Document::of_parts(texts.iter().map(|(file, text)| Document::parse(file, text)))?;
        let document = document.map_or_else(|| Document::parse("", ""), Ok)?;
        let mut digest = Sha256::new();
        texts.iter().for_each(|(_, text)| digest.update(text));
        let hash = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (value, mends) = match OpenApi::new(&document).is_house() {
            true => (document.value().clone(), Vec::new()),
            false => mended(&document, texts),
        };
        Ok(Self { name: name.to_owned(), file: file.to_owned(), hash, document, value, mends })
    }

    /// Parses a spec of one file.
    #[cfg(test)]
    pub fn of_text(name: &str, file: &str, text: &str) -> Result<Self, DocumentError> {
        Self::parse(name, &[(file.to_owned(), text.to_owned())])
    }

    /// The whole document in one file, as tools that know nothing of parts read it.
    pub fn bundle(&self) -> String {
        format!("{:#}\n", self.document.value())
    }

    /// The whole document.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The document as it is meant, read by the model.
    pub fn api(&self) -> OpenApi<'_> {
        OpenApi::corrected(&self.document, &self.value)
    }

    /// Whether any operation says where it was learned: then all must.
    pub fn is_house(&self) -> bool {
        self.api().is_house()
    }
}
