//! Holds a spec: a named, hashed document with positions, as it is written and as it is meant.
//!
//! `lint` parses it, since a slip of a foreign document is mended on the way.

use prumo_spec::OpenApi;
use prumo_spec::document::Document;
use serde_json::Value;

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
    pub(crate) value: Value,
    /// What differs between the two.
    pub mends: Vec<Mend>,
}

impl Spec {
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

/// What was mended, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    pub(crate) at: String,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}
