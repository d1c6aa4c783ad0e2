//! Turns a whole list into the page that a request asks for, and tells where that page stands.

use std::ops::Range;

use prumo_drift::contract::{PageSize, Paging};

use crate::arguments::Arguments;
use crate::fact::Facts;

/// The size of a page where neither the request nor the spec names one.
const DEFAULT_SIZE: u64 = 50;

/// One page of a list.
pub(crate) struct Page<'p> {
    paging: &'p Paging,
    number: u64,
    size: u64,
    n_items: u64,
}

impl<'p> Page<'p> {
    /// Reads which page of a list of `n_items` the request asks for.
    ///
    /// * `size`: replaces the spec's page size where the request names none.
    pub(crate) fn asked(
        paging: &'p Paging,
        arguments: &Arguments,
        size: Option<u64>,
        n_items: usize,
    ) -> Self {
        let asked = |pointer: &str| {
            let number = arguments.number(pointer.rsplit('/').next().unwrap_or_default());
            number.and_then(|number| u64::try_from(number).ok())
        };
        let size = match &paging.size {
            PageSize::Asked(pointer) => asked(pointer).or(size).unwrap_or(DEFAULT_SIZE),
            PageSize::Fixed(fixed) => size.unwrap_or(*fixed),
            PageSize::Unsaid => size.unwrap_or(DEFAULT_SIZE),
        };
        let number =
            paging.page.as_deref().and_then(asked).unwrap_or(paging.first).max(paging.first);
        Self { paging, number, size: size.max(1), n_items: n_items as u64 }
    }

    /// Returns whether the page lies behind the last one.
    pub(crate) fn is_behind_last(&self) -> bool {
        self.number > self.last()
    }

    /// Returns the positions of its items in the whole list.
    pub(crate) fn range(&self) -> Range<usize> {
        let position =
            |n_items: u64| usize::try_from(n_items.min(self.n_items)).unwrap_or(usize::MAX);
        position(self.n_before())..position(self.n_before().saturating_add(self.size))
    }

    fn last(&self) -> u64 {
        self.paging.first + self.n_items.div_ceil(self.size).max(1) - 1
    }

    fn n_before(&self) -> u64 {
        (self.number - self.paging.first).saturating_mul(self.size)
    }

    fn next(&self) -> Option<u64> {
        (self.number < self.last()).then_some(self.number + 1)
    }

    /// Numbers beside the total that no pointer of a spec names, by the vendors' names for them.
    fn unnamed(&self) -> [(&'static str, Option<u64>); 8] {
        let previous = (self.number > self.paging.first).then(|| self.number - 1);
        let range = self.range();
        let position = |index: usize| (!range.is_empty()).then_some(index as u64);
        [
            ("previous_page", previous),
            ("primeira_pagina", Some(self.paging.first)),
            ("ultima_pagina", Some(self.last())),
            ("pagina_atual", Some(self.number)),
            ("current_page", Some(self.number)),
            ("per_page", Some(self.size)),
            ("from", position(range.start + 1)),
            ("to", position(range.end)),
        ]
    }

    /// Sets the numbers that tell of the page, where the spec and the vendors have them.
    pub(crate) fn tell(&self, facts: &mut Facts) {
        let Paging { items, total, current, last, next, .. } = self.paging;
        let beside = total.as_deref().unwrap_or(items);
        let around = beside.rsplit_once('/').map_or("", |(around, _)| around);
        for (name, number) in self.unnamed() {
            facts.set_at(&format!("{around}/{name}"), number);
        }
        let named = [
            (total, Some(self.n_items)),
            (current, Some(self.number)),
            (last, Some(self.last())),
            (next, self.next()),
        ];
        for (pointer, number) in named {
            if let Some(pointer) = pointer {
                facts.set_at(pointer, number);
            }
        }
    }
}
