//! A spec: a named, hashed document with positions, both as written and as mended.
//!
//! `lint` parses it, since slips of a foreign document are mended on the way.

use prumo_spec::OpenApi;
use prumo_spec::document::Document;
use serde_json::Value;

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
    /// The mended document; for a house document, the document as written.
    pub(crate) value: Value,
    /// The differences between the two.
    pub mends: Vec<Mend>,
}

impl Spec {
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

/// One mended slip, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    pub(crate) at: String,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}
