//! Names a record of the store by its kind and number, for facts that lead to it and for the store
//! that holds it.

/// The kind of a record, in the vendor's word: `cliente`, `ticket`.
pub(crate) type RecordKind = &'static str;

/// Names one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: RecordKind,
    pub(crate) number: u64,
}
