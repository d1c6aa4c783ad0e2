//! Turns facts into counts: what is promised by number, what one body showed, what all of them did.

pub(super) mod journal;
pub(super) mod plan;
pub(super) mod record;
