//! Turns the README's code into doctests, compiled as any user would compile it.
#![doc = include_str!("../../../README.md")]
