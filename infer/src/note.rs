//! Notes on a draft: what a person must decide, and what was left out.

/// One note on a draft.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// `decide` or `left out`.
    pub kind: &'static str,
    /// One sentence without an end.
    pub text: String,
}

impl Note {
    pub(crate) fn of(kind: &'static str, text: String) -> Self {
        Self { kind, text }
    }
}
