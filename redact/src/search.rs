//! Replaces in any text what is a secret, known already, or personal by its form.
//!
//! A text is read as its reader sees it (see [`super::view`]), and so are texts within it: JSON,
//! base64 and hexadecimal digits.
//!
//! Invariants:
//!
//! * Of matches that overlap, a secret counts before anything else, then the longer one.
//! * A fake is never searched again, or it would be replaced in turn.

use std::ops::Range;

use prumo_spec::HIDDEN;

use super::fake::{Faker, is_mark};
use super::known::{Found, Known};
use super::view::{Edit, View};
use super::words::words;
use super::{Counts, Sensitive, cues, detect, people, secrets};

/// The most texts within texts.
const MAX_DEPTH: usize = 3;

/// The shortest run of base64 or hexadecimal digits that is searched for persons.
const MIN_CODED: usize = 16;

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A value, which may be a sentence.
    Value,
    /// The value of a number that counts or identifies things.
    Id,
    /// The name of a member.
    Name,
}

/// All that is known of an exchange when its texts are searched.
pub(super) struct Search<'a> {
    pub(super) faker: Faker,
    pub(super) known: &'a Known,
    pub(super) secrets: &'a secrets::Search,
}

impl Search<'_> {
    /// Returns the text without persons and secrets, or `None` if there are none in it.
    pub(super) fn text(&self, text: &str, place: Place, counts: &mut Counts) -> Option<String> {
        self.at_depth(text, place, counts, 0)
    }

    fn at_depth(
        &self,
        text: &str,
        place: Place,
        counts: &mut Counts,
        depth: usize,
    ) -> Option<String> {
        if text.len() < 3 || is_mark(text) {
            return None;
        }
        let view = View::of(text);
        let mut found = self.found(view.text(), place);
        if depth < MAX_DEPTH && place != Place::Name {
            self.coded(view.text(), &mut found, depth);
        }
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|one| one.at.start);
        for one in &found {
            counts.count(one.kind);
        }
        let edits: Vec<Edit> =
            found.into_iter().map(|one| Edit { at: one.at, new: one.new }).collect();
        let new = view.edited(&edits);
        (new != text).then_some(new)
    }

    /// Returns what is to be replaced, apart from each other.
    fn found(&self, text: &str, place: Place) -> Vec<Found> {
        let mut chosen: Vec<Found> = Vec::new();
        for at in self.secrets.found(text) {
            let is_all = at.len() == text.trim().len() && place == Place::Value;
            let part = text.get(at.clone()).unwrap_or_default();
            let new = match is_all {
                true => self.faker.fake(&[Sensitive::Secret], part),
                false => HIDDEN.to_owned(),
            };
            chosen.push(Found { at, kind: Sensitive::Secret, new });
        }
        let is_identifier = place == Place::Name && is_identifier(text);
        let mut open: Vec<Found> = Vec::new();
        let mut known = self.known.found(text, self.faker);
        // One word of an identifier may be anything, but all of them are a person.
        known.retain(|one| !is_identifier || (one.at.len() == text.len() && is_row(text)));
        open.extend(known);
        let mut add = |at: Range<usize>, kind: Sensitive| {
            let part = text.get(at.clone()).unwrap_or_default();
            if self.known.is_kept(part) {
                return;
            }
            let new = self.faker.fake(&[kind], part);
            open.push(Found { at, kind, new });
        };
        for (at, kind) in detect::found(text) {
            let is_number = kind == Sensitive::Phone && at.len() == text.trim().len();
            if !(is_number && place == Place::Id && !text.contains(['(', '+', '-', ' '])) {
                add(at, kind);
            }
        }
        if place == Place::Value {
            cues::found(text).into_iter().for_each(|(at, kind)| add(at, kind));
        }
        if !is_identifier && place != Place::Id {
            people::found(text).into_iter().for_each(|at| add(at, Sensitive::Name));
        }
        // Sorting is stable: of matches of one length, the first one counts.
        open.sort_by_key(|one| std::cmp::Reverse(one.at.len()));
        for one in open {
            let overlaps =
                |other: &Found| one.at.start < other.at.end && other.at.start < one.at.end;
            if !chosen.iter().any(overlaps) {
                chosen.push(one);
            }
        }
        chosen
    }

    /// Adds runs of base64 and hexadecimal digits with persons in them.
    fn coded(&self, text: &str, found: &mut Vec<Found>, depth: usize) {
        if text.len() < MIN_CODED {
            return;
        }
        for run in secrets::runs(text, secrets::is_base64) {
            let is_free = !found.iter().any(|one| one.at.start < run.end && run.start < one.at.end);
            if run.len() < MIN_CODED || !is_free {
                continue;
            }
            let coded = text.get(run.clone()).unwrap_or_default();
            if let Some(new) = self.decoded(coded, depth) {
                found.push(Found { at: run, kind: Sensitive::FreeText, new });
            }
        }
    }

    /// Returns the same coding of the decoded text without persons.
    fn decoded(&self, coded: &str, depth: usize) -> Option<String> {
        let mut counts = Counts::default();
        let mut inner = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).ok().filter(|text| is_readable(text))?;
            self.at_depth(&text, Place::Value, &mut counts, depth + 1)
        };
        if coded.len() % 2 == 0 && coded.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let new = inner(secrets::hexadecimal(coded))?;
            let digits: String = new.bytes().map(|byte| format!("{byte:02x}")).collect();
            let is_upper = coded.contains(|c: char| c.is_ascii_uppercase());
            return Some(if is_upper { digits.to_uppercase() } else { digits });
        }
        let new = inner(secrets::base64(coded))?;
        Some(secrets::to_base64(new.as_bytes(), coded))
    }
}

/// Returns whether a text has several words, such as `ana_brum`.
fn is_row(text: &str) -> bool {
    words(text).count() > 1
}

/// Returns whether the name of a member is one word, as programs choose it.
fn is_identifier(name: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '[' | ']');
    name.chars().all(is_part)
}

/// Returns whether decoded bytes are a text that a person may have written.
fn is_readable(text: &str) -> bool {
    let n_letters = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').count();
    text.len() >= 6
        && !text.chars().any(|c| c.is_control() && !c.is_whitespace())
        && n_letters * 2 > text.chars().count()
}
