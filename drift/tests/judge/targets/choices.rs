//! Turns bytes into a sequence of choices; without bytes left, every choice is the first.

/// The remaining bytes.
pub(super) struct Choices<'b>(pub(super) &'b [u8]);

impl Choices<'_> {
    /// Returns the next byte.
    pub(super) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    /// Returns a number below `limit`, or 0 if `limit` is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit.max(1)
    }

    /// Returns one of the items, the first if no bytes are left, or `None` if the list is empty.
    pub(super) fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = self.below(all.len());
        all.get(index)
    }
}
