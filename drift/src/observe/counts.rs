//! Turns facts into counts: numbered promises, the facts of one body, and the counts of all bodies.

pub(super) mod journal;
pub(super) mod plan;
pub(super) mod record;
