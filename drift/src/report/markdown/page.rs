//! A page that grows up to a limit, and counts what no longer fits.

use std::collections::BTreeMap;

use crate::language::{Language, Text};
use crate::report::texts::{self, filled};

/// The room for the last line, and for the end of a fold.
const FOOT: usize = 900;

/// The kind of what is left out, in the order in which the last line names it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Findings,
    Remedies,
    Waivers,
    Places,
    Gone,
    Waived,
    Gaps,
    Notes,
}

impl Kind {
    fn text(self) -> Text {
        match self {
            Self::Findings => texts::LEFT_FINDINGS,
            Self::Remedies => texts::LEFT_REMEDIES,
            Self::Waivers => texts::LEFT_WAIVERS,
            Self::Places => texts::LEFT_PLACES,
            Self::Gone => texts::LEFT_GONE,
            Self::Waived => texts::LEFT_WAIVED,
            Self::Gaps => texts::LEFT_GAPS,
            Self::Notes => texts::LEFT_NOTES,
        }
    }
}

/// A page with a limit.
pub(super) struct Page {
    text: String,
    max_bytes: usize,
    n_free: usize,
    left_out: BTreeMap<Kind, usize>,
    language: Language,
}

impl Page {
    pub(super) fn new(max_bytes: usize, language: Language) -> Self {
        Self { text: String::new(), max_bytes, n_free: 0, left_out: BTreeMap::new(), language }
    }

    /// Keeps room for what comes later.
    pub(super) fn keep_free(&mut self, n_bytes: usize) {
        self.n_free = n_bytes;
    }

    /// Adds a short text, for which there always is room.
    pub(super) fn always(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a block if it fits, or else counts its `n_parts` as left out. Returns whether it fits.
    pub(super) fn block(&mut self, block: &str, kind: Kind, n_parts: usize) -> bool {
        let does_fit = self.has_room(block.len());
        match does_fit {
            true => self.text.push_str(block),
            false => self.leave_out(kind, n_parts),
        }
        does_fit
    }

    /// Adds the rows that fit, below `head` if there is any, and counts the parts of the others.
    /// Returns the number of rows that fit.
    pub(super) fn rows(
        &mut self,
        head: &str,
        rows: &[String],
        parts: impl Fn(usize) -> (Kind, usize),
    ) -> usize {
        let mut n_shown = 0;
        let mut n_bytes = head.len();
        for row in rows {
            n_bytes += row.len();
            if !self.has_room(n_bytes) {
                break;
            }
            n_shown += 1;
        }
        if n_shown > 0 {
            self.text.push_str(head);
            rows.iter().take(n_shown).for_each(|row| self.text.push_str(row));
        }
        for (kind, n_parts) in (n_shown..rows.len()).map(parts) {
            self.leave_out(kind, n_parts);
        }
        n_shown
    }

    /// Counts what is not shown.
    pub(super) fn leave_out(&mut self, kind: Kind, n_parts: usize) {
        if n_parts > 0 {
            *self.left_out.entry(kind).or_default() += n_parts;
        }
    }

    /// Returns the text, with a last line about what is left out.
    pub(super) fn finished(mut self) -> String {
        if !self.left_out.is_empty() {
            let part = |(kind, n): (&Kind, &usize)| filled(kind.text(), self.language, &[n]);
            let parts: Vec<String> = self.left_out.iter().map(part).collect();
            let line = filled(texts::LEFT_OUT, self.language, &[&parts.join(", ")]);
            self.text += &format!("\n{line}\n");
        }
        self.text
    }

    fn has_room(&self, n_bytes: usize) -> bool {
        self.text.len() + n_bytes + self.n_free + FOOT <= self.max_bytes
    }
}
