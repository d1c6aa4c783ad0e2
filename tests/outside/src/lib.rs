//! Compiles the code of the README, of `docs/production.md` and of the guide as doctests, as a user
//! would compile it.
//!
//! `cargo xtask ci guide` holds the guide's languages to the same code, and the README's twin, too.

#[doc = include_str!("../../../README.md")]
pub mod readme {}

#[doc = include_str!("../../../docs/production.md")]
pub mod production {}

#[doc = include_str!("../../../docs/guide/pt/src/production.md")]
pub mod guia {}

#[doc = include_str!("../../../docs/guide/en/src/production.md")]
pub mod guide {}
