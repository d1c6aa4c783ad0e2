//! Reads the seeds of `spec_reader` that are whole specs as contracts to judge by.

use std::sync::LazyLock;

use prumo_drift::{Contract, Document, read_openapi};

/// One of the specs.
pub(super) struct Spec {
    pub(super) document: Document,
    pub(super) contract: Contract,
}

static SPECS: LazyLock<Vec<Spec>> = LazyLock::new(|| {
    let texts = [
        ("orders.yaml", include_str!("../seeds/spec_reader/orders.yaml")),
        ("tree.yaml", include_str!("../seeds/spec_reader/tree.yaml")),
        ("loose.json", include_str!("../seeds/spec_reader/loose.json")),
    ];
    texts.into_iter().map(|(file, text)| spec(file, text)).collect()
});

fn spec(file: &str, text: &str) -> Spec {
    let document = Document::parse(file, text).unwrap_or_else(|error| panic!("{error}"));
    let contract = read_openapi(&document).unwrap_or_else(|error| panic!("{error}"));
    Spec { document, contract }
}

/// Returns the spec that a byte chooses; seeds write the byte as a digit.
pub(super) fn chosen(byte: u8) -> &'static Spec {
    let index = usize::from(byte.wrapping_sub(b'0')) % SPECS.len();
    &SPECS[index]
}
