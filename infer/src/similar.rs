//! Decides whether two endpoints answer alike, by the names in their answers.

use std::collections::BTreeSet;

use crate::calls::Calls;
use crate::value::Seen;

/// The levels of an answer that are compared.
const MAX_DEPTH: usize = 3;

/// The names that make an answer a distinctive one.
const RICH: usize = 4;

/// The names in the answers of an endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signature(BTreeSet<String>);

impl Signature {
    pub(crate) fn of(calls: &Calls) -> Self {
        let mut signature = Self::default();
        for (_, exchanges) in calls.successes() {
            for (media, content) in &exchanges.came {
                if let Some(json) = &content.json {
                    signature.add("", json, MAX_DEPTH);
                } else {
                    signature.0.insert(media.clone());
                }
            }
            for (media, sent) in &exchanges.sent {
                if let Some(json) = &sent.content.json {
                    signature.add(media, json, 1);
                }
                let fields = sent.content.form.keys();
                signature.0.extend(fields.map(|field| format!("{media} {field}")));
            }
            signature.0.extend(exchanges.query.keys().map(|name| format!("?{name}")));
        }
        signature
    }

    fn add(&mut self, at: &str, seen: &Seen, depth: usize) {
        if let Some(items) = &seen.arrays.items {
            self.add(&format!("{at}/*"), items, depth);
        }
        if depth == 0 {
            return;
        }
        for (name, member) in &seen.objects.members {
            let at = format!("{at}/{name}");
            self.add(&at, &member.seen, depth - 1);
            self.0.insert(at);
        }
    }

    pub(crate) fn absorb(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    /// Returns whether chance does not make two such answers alike.
    pub(crate) fn is_rich(&self) -> bool {
        self.0.len() >= RICH
    }

    /// Returns whether most names are in both.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let both = self.0.intersection(&other.0).count();
        let smaller = self.0.len().min(other.0.len());
        let all = self.0.len() + other.0.len() - both;
        // An answer that lacks what is empty is like the whole one.
        both * 10 >= all * 6 || (smaller >= RICH && both * 10 >= smaller * 9)
    }
}
