//! Finds personal values and secrets in a text by their form: one row for each form.
//!
//! A row has a pattern and a test. The pattern finds candidates; the test knows check digits,
//! ranges and the letters around. Of two rows that find the same place, the first one counts.

mod table;

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet, RegexSetBuilder};

use super::Sensitive;
use table::ROWS;

/// A form of values.
pub(super) struct Row {
    /// The kind of such values.
    pub(super) kind: Sensitive,
    /// Finds candidates; a group is the value within.
    pub(super) pattern: &'static str,
    /// Decides whether a candidate is a value.
    pub(super) is_value: fn(&Candidate<'_>) -> bool,
}

/// A text that a pattern matched, and its surroundings.
pub(super) struct Candidate<'t> {
    /// The matched text, or the text of the pattern's group.
    pub(super) text: &'t str,
    /// The letter before it.
    pub(super) before: Option<char>,
    /// The letter after it.
    pub(super) after: Option<char>,
}

/// The memory that the automaton of all patterns may take.
const MAX_AUTOMATON_BYTES: usize = 32 << 20;

static PATTERNS: LazyLock<Option<(RegexSet, Vec<Regex>)>> = LazyLock::new(|| {
    // The automaton of all patterns at once is larger than the usual limit.
    let all = RegexSetBuilder::new(ROWS.iter().map(|row| row.pattern))
        .dfa_size_limit(MAX_AUTOMATON_BYTES)
        .build()
        .ok()?;
    let each: Result<Vec<Regex>, _> = ROWS.iter().map(|row| Regex::new(row.pattern)).collect();
    Some((all, each.ok()?))
});

/// Returns the values in a text, the most certain ones first.
pub(super) fn found(text: &str) -> Vec<(Range<usize>, Sensitive)> {
    if !may_have_a_form(text) {
        return Vec::new();
    }
    let Some((all, each)) = PATTERNS.as_ref() else {
        // Without its patterns, nothing in the text is known to be harmless.
        return vec![(0..text.len(), Sensitive::FreeText)];
    };
    let mut found: Vec<(Range<usize>, Sensitive)> = Vec::new();
    for index in all.matches(text) {
        let (Some(row), Some(pattern)) = (ROWS.get(index), each.get(index)) else {
            continue;
        };
        for captures in pattern.captures_iter(text) {
            let Some(one) = captures.get(1).or_else(|| captures.get(0)) else {
                continue;
            };
            let candidate = Candidate {
                text: one.as_str(),
                before: text.get(..one.start()).and_then(|before| before.chars().next_back()),
                after: text.get(one.end()..).and_then(|after| after.chars().next()),
            };
            if (row.is_value)(&candidate) {
                found.push((one.range(), row.kind));
            }
        }
    }
    found
}

/// Returns whether a text is more than a word; every form has a digit, a sign or a blank.
fn may_have_a_form(text: &str) -> bool {
    text.len() >= MIN_FORM && text.bytes().any(|byte| !byte.is_ascii_alphabetic())
}

/// The shortest value that a form describes: a plate.
const MIN_FORM: usize = 7;

impl Candidate<'_> {
    /// Returns whether no letter or digit touches the candidate.
    pub(super) fn is_whole(&self) -> bool {
        let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_part(self.before) && !is_part(self.after)
    }

    /// Returns whether it is whole and no part of a number with a fraction or of another code.
    pub(super) fn is_alone(&self) -> bool {
        self.is_whole() && !matches!(self.before, Some('.' | ','))
    }

    /// Returns only its letters and digits.
    pub(super) fn compact(&self) -> String {
        super::fake::compact(self.text)
    }
}

#[cfg(test)]
mod tests;
