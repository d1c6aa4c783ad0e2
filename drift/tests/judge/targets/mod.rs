//! States the laws that hold for arbitrary bytes: the properties behind the fuzzer.
//!
//! Each target takes bytes and panics if a law is broken. The same functions run bounded and on
//! stable in `bytes.rs`, and without limit under libFuzzer in `drift/fuzz`. This module therefore
//! uses only the crate's public items and `serde_json`.

mod choices;
mod compare;
mod contract_file;
mod exchange_reader;
mod har;
mod laws;
mod observe;
mod redact;
mod spec_reader;
mod specs;
mod waivers;

/// A part of the judge that reads foreign input.
pub(crate) struct Target {
    /// The name of the fuzz target and of its folder in `seeds/`.
    pub(crate) name: &'static str,
    /// Panics if these bytes break a law.
    pub(crate) check: fn(&[u8]),
}

pub(crate) const TARGETS: &[Target] = &[
    Target { name: "compare", check: compare::check },
    Target { name: "contract_file", check: contract_file::check },
    Target { name: "exchange_reader", check: exchange_reader::check },
    Target { name: "har", check: har::check },
    Target { name: "observe", check: observe::check },
    Target { name: "redact", check: redact::check },
    Target { name: "spec_reader", check: spec_reader::check },
    Target { name: "waivers", check: waivers::check },
];
