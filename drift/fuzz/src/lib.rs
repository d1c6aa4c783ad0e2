//! Turns a target's name and bytes into a panic where a law of the judge is broken.
//!
//! The laws are those of the stable tests: `../tests/judge/targets`.

#[path = "../../tests/judge/targets/mod.rs"]
mod targets;

/// Checks the laws of one target.
///
/// # Panics
///
/// Where the bytes break a law, and when there is no such target.
pub fn check(target: &str, bytes: &[u8]) {
    let found = targets::TARGETS.iter().find(|known| known.name == target);
    let target = found.unwrap_or_else(|| panic!("no target is called `{target}`"));
    (target.check)(bytes);
}
