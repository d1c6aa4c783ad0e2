//! Turns the texts of a parameter, or of a header of a response, into facts about its value.
//!
//! Invariants:
//!
//! * A secret, or the placeholder for one, is counted and never judged.
//! * No header counts as missing in a response that was recorded without headers, and a header that
//!   the spec does not name is ignored.

use std::collections::BTreeMap;

use super::observed::{ObservedContract, Part, Root};
use super::route::is_place_holder;
use super::wire::Text;
use crate::contract::{Parameter, Style};
use crate::exchange::Headers;
use crate::observe::Origin;
use crate::rules::Side;
use prumo_spec::HIDDEN;

impl ObservedContract<'_> {
    /// Judges a parameter of a request.
    pub(crate) fn parameter(
        &mut self,
        id: usize,
        (index, pointer): (usize, &str),
        promised: &Parameter,
        texts: &[Text<'_>],
        origin: &Origin<'_>,
    ) {
        let seen = self.operation(id).parameter(index);
        if is_judged(seen, pointer, promised, texts, origin) {
            let root = Root { operation: id, part: Part::Parameter(index), name: pointer };
            self.value((root, root), promised, texts, Side::Request, origin);
        }
    }

    /// Returns whether a parameter of a request is as promised, without recording it.
    pub(crate) fn is_as_promised(
        &mut self,
        id: usize,
        (index, pointer): (usize, &str),
        promised: &Parameter,
        texts: &[Text<'_>],
    ) -> bool {
        let root = Root { operation: id, part: Part::Parameter(index), name: pointer };
        let Some(node) = self.root(root, root) else {
            return false;
        };
        let mut pass = self.pass(Side::Request);
        let is_read = pass.parameter(node, promised, texts).is_ok();
        let n_faults = pass.journal.score(Default::default()).n_faults;
        pass.journal.clear();
        is_read && n_faults == 0
    }

    /// Judges the headers of a response; `key` is that of the promise.
    pub(crate) fn headers(
        &mut self,
        id: usize,
        (status, key): (u16, &str),
        promised: &BTreeMap<String, Parameter>,
        headers: &Headers<'_>,
        origin: &Origin<'_>,
    ) {
        if !headers.are_recorded() {
            return;
        }
        for (pointer, header) in promised {
            let texts: Vec<Text<'_>> =
                headers.get(&header.name).map(|text| (None, text)).into_iter().collect();
            let seen = self.answered(id, status).headers.entry(pointer.clone()).or_default();
            if is_judged(seen, pointer, header, &texts, origin) {
                let root = |part| Root { operation: id, part, name: pointer };
                let roots = (root(Part::AnsweredHeader(status)), root(Part::PromisedHeader(key)));
                self.value(roots, header, &texts, Side::Response, origin);
            }
        }
    }

    /// Reads a value along its promise, which is the second root.
    fn value(
        &mut self,
        (root, promise): (Root<'_>, Root<'_>),
        promised: &Parameter,
        texts: &[Text<'_>],
        side: Side,
        origin: &Origin<'_>,
    ) {
        let Some(node) = self.root(root, promise) else {
            return;
        };
        let mut pass = self.pass(side);
        if pass.parameter(node, promised, texts).is_err() {
            // A `content` parameter that holds no JSON is read as text.
            let mut pass = self.pass(side);
            let text = texts.first().map(|(_, text)| *text).unwrap_or_default();
            pass.text(node, text);
        }
        self.commit(origin);
    }
}

/// Counts the value as present or absent, and returns whether it must be judged.
fn is_judged(
    seen: &mut Parameter,
    pointer: &str,
    promised: &Parameter,
    texts: &[Text<'_>],
    origin: &Origin<'_>,
) -> bool {
    seen.name.clone_from(&promised.name);
    if texts.is_empty() {
        if promised.required {
            seen.missing.see(origin.place(), pointer);
        }
        return false;
    }
    seen.present.see(origin.place(), pointer);
    // A text such as `Bearer {token}`.
    let is_sentence = pointer.starts_with("/header/") && promised.style != Style::Json;
    let is_hidden = texts.iter().any(|(_, text)| {
        is_place_holder(text) || *text == HIDDEN || (is_sentence && text.contains('{'))
    });
    let is_empty = promised.may_be_empty && texts.iter().all(|(_, text)| text.is_empty());
    !(promised.is_secret || is_hidden || is_empty)
}
