//! Turns the code of the README and of the page on production into doctests, compiled as any user would compile it.

#[doc = include_str!("../../../README.md")]
pub mod readme {}

#[doc = include_str!("../../../docs/production.md")]
pub mod production {}
