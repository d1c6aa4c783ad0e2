//! Reports responses that contradict their own envelope, their own pages, or the requested page.

use super::{Comparison, Spot, Words, phrase};
use crate::contract::{Contradiction, Media};
use crate::rules::{Decoding, Rule};
use crate::shape::Sampled;

impl Comparison<'_> {
    pub(super) fn contradiction(
        &mut self,
        spot: &Spot,
        promised: &Media,
        (case, how): (&str, Contradiction),
        sampled: &Sampled,
        of: u64,
    ) {
        let spot = Spot { case: Some(case.to_owned()), ..spot.clone() };
        match self.place_of_page(how) {
            Some((at, promise, seen)) => {
                let words =
                    Words::new(promise, seen, &sampled.tally, of).read_as(Decoding::Unforeseen);
                self.add(&spot.at(at), Rule::PagingContradiction, words);
            }
            None => self.contradicting_envelope(&spot, promised, (case, how), sampled, of),
        }
    }

    fn contradicting_envelope(
        &mut self,
        spot: &Spot,
        promised: &Media,
        (case, how): (&str, Contradiction),
        sampled: &Sampled,
        of: u64,
    ) {
        let tag = promised.tagged().and_then(|all| all.tag.as_deref()).unwrap_or_default();
        let samples = phrase::samples(sampled);
        let named = |name: &str| match name {
            // The only case of an envelope has no name.
            "" => format!("{tag}={}", self.only_values(promised)),
            name => name.to_owned(),
        };
        let cases: Vec<String> =
            promised.cases().into_iter().map(|(name, _)| named(name)).collect();
        let status = spot.status.unwrap_or_default();
        let (promise, seen) = match how {
            Contradiction::Status => {
                ("a failure".to_owned(), format!("`{tag}` is {samples} with status {status}"))
            }
            Contradiction::Tag => (cases.join(" or "), format!("`{tag}` is {samples}")),
            Contradiction::Members => {
                (format!("the members of {}", named(case)), format!("the members of {samples}"))
            }
            // The spec promises no page numbers that they could contradict.
            Contradiction::Page
            | Contradiction::Items
            | Contradiction::Total
            | Contradiction::Last
            | Contradiction::Next => return,
        };
        self.add(
            &spot.below(tag),
            Rule::EnvelopeContradiction,
            Words::new(promise, seen, &sampled.tally, of),
        );
    }

    /// Describes the tag's values in an envelope of one case.
    fn only_values(&self, promised: &Media) -> String {
        let field =
            promised.tagged().and_then(|all| promised.shape.fields.get(all.tag.as_deref()?));
        field.map_or_else(|| "…".to_owned(), |field| phrase::promise(self.promised, &field.shape))
    }

    /// Returns the place of a response's statement about its pages, the expected statement and the
    /// actual one, without any number.
    fn place_of_page(&self, how: Contradiction) -> Option<(String, &'static str, &'static str)> {
        let paging = self.paging?;
        let (at, promised, seen) = match how {
            Contradiction::Page => {
                (paging.current.as_ref(), "the page that was asked for", "another page")
            }
            Contradiction::Items => {
                (Some(&paging.items), "no more items than a page has", "more items")
            }
            Contradiction::Total => {
                (paging.total.as_ref(), "no fewer items in all than up to this page", "fewer items")
            }
            Contradiction::Last => {
                (paging.last.as_ref(), "the last page that total and size give", "another page")
            }
            Contradiction::Next => (
                paging.next.as_ref(),
                "a next page as long as there is one",
                "none before the last page, or one behind it",
            ),
            Contradiction::Status | Contradiction::Tag | Contradiction::Members => return None,
        };
        Some((at?.clone(), promised, seen))
    }
}
