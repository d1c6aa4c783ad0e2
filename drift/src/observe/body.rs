//! Turns the bytes of one JSON value into facts about it, along the promised shape.

pub(super) mod lexical;
pub(super) mod object;
pub(super) mod scalar;
pub(super) mod tagged;
pub(super) mod visit;
pub(super) mod whole;
