//! Compares one observed shape with its promise, value by value.

use super::sent::names_sent;
use super::{Comparison, Spot, Words, phrase, strays};
use crate::contract::Envelope;
use crate::rules::{Decoding, Rule, Side};
use crate::shape::{Additional, Branch, Sampled, Shape, Stray};
use prumo_spec::Kind;
use prumo_spec::document::below;
use prumo_spec::formats::Format;
use prumo_spec::openapi::Outcome;

impl Comparison<'_> {
    pub(super) fn shapes(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        if *observed == Shape::default() {
            return;
        }
        self.n_sets += 1;
        let spot = &Spot { set: self.n_sets, ..spot.clone() };
        let holder = promised;
        let (promised, or_null) = self.promised.resolve(promised);
        self.kinds(spot, promised, or_null, observed);
        self.strays(spot, promised, observed);
        self.unknown(spot, promised, observed);
        self.twins(spot, promised, observed);
        self.fields(spot, (holder, promised), observed);
        if let (Some(promise), Some(seen)) = (&promised.entries, &observed.entries) {
            self.shapes(&spot.below("*"), promise, seen);
        }
        if let (Some(promise), Some(seen)) = (&promised.item, &observed.item) {
            self.shapes(&spot.below("*"), promise, seen);
        }
        if let (Some(promise), Some(seen)) = (&promised.alternatives, &observed.alternatives) {
            let holder = promised;
            for (name, branch) in &seen.branches {
                let Some(promise) = promise.branches.get(name) else {
                    continue;
                };
                let mut spot = spot.clone();
                if seen.tag.is_none() {
                    spot.meant = Some(phrase::alternatives(self.promised, holder, name));
                }
                // The branches of the whole body are its cases.
                if seen.tag.is_some() && spot.at.is_empty() && spot.case.is_none() {
                    spot.case = Some(name.clone());
                    spot.is_unread |= self.is_refusal(promise);
                }
                self.shapes(&spot, &promise.shape, &branch.shape);
            }
        }
    }

    /// Returns whether responses of this case are refusals.
    fn is_refusal(&self, case: &Branch) -> bool {
        let is_success = |envelope: &Envelope| {
            case.values.iter().any(|value| envelope.outcome(value) == Outcome::Success)
        };
        self.envelope.is_some_and(|envelope| !is_success(envelope))
    }

    fn kinds(&mut self, spot: &Spot, promised: &Shape, or_null: bool, observed: &Shape) {
        // A joined promise of several references allows what any of them allows.
        if promised.references.len() > 1 {
            return;
        }
        let of = observed.count();
        let format = promised.format.as_deref().and_then(Format::named);
        for (&kind, tally) in &observed.kinds {
            if promised.allows(kind) || (kind == Kind::Null && or_null) {
                continue;
            }
            let (rule, decoding) = match kind {
                Kind::Null if spot.is_optional => (Rule::NullUnexpected, Decoding::Unforeseen),
                Kind::Null => (Rule::NullUnexpected, Decoding::Fails),
                _ => (Rule::TypeChanged, decoding_of(format, kind)),
            };
            let words = Words::new(
                phrase::promise(self.promised, promised),
                phrase::kind(kind, observed.seen.masks.get(&kind)),
                tally,
                of,
            )
            .read_as(decoding);
            self.add(spot, rule, words);
        }
    }

    fn strays(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let of = observed.count();
        // A webhook is a request of the vendor.
        let is_told = |stray: Stray| !(spot.is_incoming && stray == Stray::ReadOnly);
        for (&stray, sampled) in observed.seen.strays.iter().filter(|(stray, _)| is_told(**stray)) {
            let Some(rule) = strays::rule(stray) else {
                continue;
            };
            let words = Words::new(
                strays::constraint(self.promised, promised, stray),
                strays::broken(self.promised, promised, stray, sampled),
                &sampled.tally,
                of,
            )
            .read_as(strays::decoding(promised, stray));
            self.add(spot, rule, words);
        }
    }

    fn unknown(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let of = observed.kinds.get(&Kind::Object).map_or(0, |tally| tally.count);
        let rule = if spot.is_form { Rule::ParamUndocumented } else { Rule::FieldUndocumented };
        for (name, sampled) in &observed.seen.unknown {
            let is_known = promised.fields.contains_key(name)
                || promised.additional == Additional::Entries
                || (promised.is_free_form() && promised.allows(Kind::Object));
            if !is_known {
                self.undocumented(&spot.below(name), rule, sampled, of);
            }
        }
        let others = Sampled { tally: observed.seen.others.clone(), ..Sampled::default() };
        self.undocumented(&spot.below("*"), rule, &others, of);
    }

    fn twins(&mut self, spot: &Spot, promised: &Shape, observed: &Shape) {
        let of = observed.kinds.get(&Kind::Object).map_or(0, |tally| tally.count);
        let is_map = promised.additional == Additional::Entries || promised.is_free_form();
        for (name, tally) in &observed.seen.twice {
            // All entries of a map share one place, since their names may be personal.
            let is_entry = is_map && !promised.fields.contains_key(name);
            self.add(
                &spot.below(if is_entry { "*" } else { name }),
                Rule::BodyUnreadable,
                Words {
                    promised: "one member of this name".to_owned(),
                    seen: "the name twice in one object".to_owned(),
                    tally,
                    of,
                    // The client does not read unknown members.
                    decoding: match promised.fields.get(name) {
                        Some(_) if self.is_read(spot, name) => Decoding::Fails,
                        Some(_) | None => Decoding::Unforeseen,
                    },
                },
            );
        }
    }

    fn undocumented(&mut self, spot: &Spot, rule: Rule, sampled: &Sampled, of: u64) {
        let kinds: Vec<&str> = sampled.samples.keys().map(String::as_str).collect();
        self.add(
            spot,
            rule,
            Words::new(
                "no such member",
                if kinds.is_empty() { "more members".to_owned() } else { kinds.join(", ") },
                &sampled.tally,
                of,
            ),
        );
    }

    /// Returns whether the client decodes the member `name` of the object at `spot`.
    fn is_read(&self, spot: &Spot, name: &str) -> bool {
        let is_member = spot.side == Side::Response && spot.at.is_empty();
        self.envelope.filter(|_| is_member).is_none_or(|envelope| envelope.reads(name))
    }

    /// Returns whether the client reads an absent value as null, unless any kind is allowed: such a
    /// type can't express absence.
    fn reads_null(&self, shape: &Shape) -> bool {
        let (resolved, or_null) = self.promised.resolve(shape);
        let is_any = Kind::BASE.iter().all(|&kind| resolved.allows(kind));
        or_null || (resolved.allows(Kind::Null) && !is_any)
    }

    /// Returns whether the client's type for a shape is sent, too, so that its `readOnly` members
    /// are optional.
    fn is_sent(&self, shape: &Shape) -> bool {
        let sent = self.sent.get_or_init(|| names_sent(self.promised));
        shape.references.iter().any(|name| sent.contains(name.as_str()))
    }

    fn fields(&mut self, spot: &Spot, (holder, promised): (&Shape, &Shape), observed: &Shape) {
        let of = observed.kinds.get(&Kind::Object).map_or(0, |tally| tally.count);
        let missing = if spot.is_form { Rule::ParamMissing } else { Rule::FieldMissing };
        for (name, field) in &observed.fields {
            let Some(promise) = promised.fields.get(name) else {
                continue;
            };
            let is_unread = spot.is_unread || !self.is_read(spot, name);
            let is_relieved = promise.is_read_only && self.is_sent(holder);
            let spot = Spot {
                is_optional: !promise.required || is_relieved,
                is_unread,
                ..spot.at(below(&spot.at, name))
            };
            // The client reads an absent nullable field as null.
            let decoding = if is_relieved || self.reads_null(&promise.shape) {
                Decoding::Unforeseen
            } else {
                Decoding::Fails
            };
            let words = Words { decoding, ..self.absent(&promise.shape, &field.missing, of) };
            self.add(&spot, missing, words);
            self.shapes(&spot, &promise.shape, &field.shape);
        }
    }
}

/// Returns how the client decodes a value of a kind that `type` does not name.
///
/// A type that keeps numbers and texts alike reads both, whatever `type` is.
fn decoding_of(format: Option<&Format>, kind: Kind) -> Decoding {
    if kind == Kind::Bool && format.is_some_and(Format::reads_bools) {
        return Decoding::AsPromised;
    }
    let Some(format) = format.filter(|format| format.is_loose()) else {
        return Decoding::Fails;
    };
    match kind {
        Kind::Int | Kind::IntText => Decoding::AsPromised,
        Kind::Number | Kind::NumberText if format.kinds.contains(&Kind::Number) => {
            Decoding::AsPromised
        }
        _ if kind.base() == Kind::Text => Decoding::Unforeseen,
        _ => Decoding::Fails,
    }
}
