//! Turns the lines of a text within a page into lines of the page.

/// Where a text begins, and whether its lines are lines of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    first: usize,
    step: usize,
}

impl Origin {
    /// A text whose first line is line `first` of the page.
    pub(crate) fn lines_from(first: usize) -> Self {
        Self { first, step: 1 }
    }

    /// A text that stands on one line, such as a string of JSON.
    pub(crate) fn on_line(first: usize) -> Self {
        Self { first, step: 0 }
    }

    /// Returns the line of the page for a line of the text, which is counted from 0.
    pub(crate) fn line(self, n: usize) -> usize {
        self.first + n * self.step
    }

    /// Returns the origin of the text's part that begins at a line of it.
    pub(crate) fn below(self, n: usize) -> Self {
        Self { first: self.line(n), step: self.step }
    }
}
