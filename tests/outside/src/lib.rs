//! Compiles the code of the README and of `docs/production.md` as doctests, as a user would compile
//! it.

#[doc = include_str!("../../../README.md")]
pub mod readme {}

#[doc = include_str!("../../../docs/production.md")]
pub mod production {}
