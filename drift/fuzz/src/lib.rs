//! Runs a target on bytes, and panics if a law of the judge is broken.
//!
//! The stable tests use the same laws: `../tests/judge/targets`.

#[path = "../../tests/judge/targets/mod.rs"]
mod targets;

/// Checks the laws of one target.
///
/// # Panics
///
/// Panics if the bytes break a law, or if there is no such target.
pub fn check(target: &str, bytes: &[u8]) {
    let found = targets::TARGETS.iter().find(|known| known.name == target);
    let target = found.unwrap_or_else(|| panic!("no target is called `{target}`"));
    (target.check)(bytes);
}
