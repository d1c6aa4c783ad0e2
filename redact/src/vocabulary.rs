//! Lists given names, family names and common words of Brazil, without accents.
//!
//! The lists decide which words of a text are names; a common word identifies no person. A name
//! that is also a common word (`Rosa`, `Porto`) counts only beside another name.

use std::collections::HashSet;
use std::sync::LazyLock;

type Words = LazyLock<HashSet<&'static str>>;

static GIVEN: Words =
    LazyLock::new(|| include_str!("vocabulary/given.txt").split_whitespace().collect());
static FAMILY: Words =
    LazyLock::new(|| include_str!("vocabulary/family.txt").split_whitespace().collect());
static COMMON: Words =
    LazyLock::new(|| include_str!("vocabulary/common.txt").split_whitespace().collect());

/// Returns whether a folded word is a given name.
pub(super) fn is_given(word: &str) -> bool {
    GIVEN.contains(word)
}

/// Returns whether a folded word is a given name or a family name.
pub(super) fn is_name(word: &str) -> bool {
    is_given(word) || FAMILY.contains(word)
}

/// Returns whether a folded word is common in texts of vendors.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}
