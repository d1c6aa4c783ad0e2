//! Turns a promised and an observed contract into the list of places where they differ.
//!
//! Invariants:
//!
//! * One deviation is one finding: a value of the wrong kind does not also lack fields, and a
//!   response that contradicts its envelope has no other finding.
//! * Findings are grouped and sorted by operation, side, status, case, place and rule.
//! * The severity of each comes from [`RuleRow::severity`](crate::rules::RuleRow::severity).

mod contradictions;
mod coverage;
mod group;
mod phrase;
mod presence;
mod reach;
mod sent;
mod strangers;
mod strays;
mod undecided;
mod values;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{
    self, Body, Contract, Envelope, Paging, Parameter, Unreadable, is_form, is_json,
};
use crate::finding::Finding;
use crate::observe::observe_value;
use crate::rules::{Decoding, Rule, Side, Situation};
use crate::shape::{Shape, Tally};
use prumo_spec::MediaType;
use prumo_spec::document::below;

pub use coverage::{Extent, FieldCoverage, OperationCoverage, coverage, covered, field_coverage};
pub(crate) use group::{Part, grouped};
pub use presence::{Member, Presence, presence};
pub use reach::was_seen;
pub(crate) use undecided::undecided;

/// Returns the findings where `observed` leaves `promised`.
pub fn compare(promised: &Contract, observed: &Contract) -> Vec<Finding> {
    let mut comparison = Comparison::new(promised);
    for (name, tally) in &strangers::endpoints(promised, observed) {
        let place = Spot::request(if name.contains(' ') { "" } else { name });
        comparison.add(
            &place,
            Rule::OperationUnknown,
            Words::new("an operation of the spec", name.clone(), tally, observed.exchanges),
        );
    }
    for (id, seen) in &observed.operations {
        if let Some(operation) = promised.operations.get(id) {
            comparison.request(id, operation, seen);
            comparison.answers(id, operation, seen);
        }
    }
    grouped(comparison.parts)
}

/// Returns the findings where one JSON text leaves a promised shape of `contract`.
///
/// The findings are those of a response without operation and status. There is no envelope: a tag
/// that selects no branch is an unknown enum value.
pub fn judge_value(contract: &Contract, promised: &Shape, text: &str) -> Vec<Finding> {
    judge_value_of(Side::Response, contract, promised, text)
}

/// Judges one JSON text as a part of a request or a response.
pub(crate) fn judge_value_of(
    side: Side,
    contract: &Contract,
    promised: &Shape,
    text: &str,
) -> Vec<Finding> {
    let mut comparison = Comparison::new(contract);
    let spot = if side == Side::Request { Spot::request("") } else { Spot::answer("", None) };
    match observe_value(contract, promised, text, side) {
        Ok(observed) => comparison.shapes(&spot, promised, &observed),
        Err(why) => comparison.add(
            &spot,
            Rule::BodyUnreadable,
            Words::new("JSON", phrase::unreadable(why), &Tally { count: 1, first: None }, 1),
        ),
    }
    grouped(comparison.parts)
}

/// The place of a finding.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    operation: Option<String>,
    side: Side,
    status: Option<u16>,
    case: Option<String>,
    at: String,
    /// The body is a form, so its members are parameters.
    is_form: bool,
    /// The field may be absent, so the client reads null as absent.
    is_optional: bool,
    /// The client decodes nothing here, see [`Situation::is_unread`].
    is_unread: bool,
    /// The vendor sent the request, so the client decodes it like a response.
    is_incoming: bool,
    /// The alternative without a tag that the value was judged as, in words.
    meant: Option<String>,
    /// The set of values that is compared, see [`Part::set`].
    set: usize,
}

impl Spot {
    fn request(operation: &str) -> Self {
        Self {
            operation: Some(operation.to_owned()).filter(|name| !name.is_empty()),
            side: Side::Request,
            status: None,
            case: None,
            at: String::new(),
            is_form: false,
            is_optional: false,
            is_unread: false,
            is_incoming: false,
            meant: None,
            set: 0,
        }
    }

    fn answer(operation: &str, status: Option<u16>) -> Self {
        // The client treats every status except 2xx as a refusal.
        let is_unread = status.is_some_and(|status| !(200..300).contains(&status));
        Self { side: Side::Response, status, is_unread, ..Self::request(operation) }
    }

    fn at(&self, at: String) -> Self {
        Self { at, is_form: false, is_optional: false, ..self.clone() }
    }

    fn below(&self, name: &str) -> Self {
        self.at(below(&self.at, name))
    }
}

/// The wording and counts of a finding.
#[derive(Clone, Debug)]
struct Words<'t> {
    promised: String,
    seen: String,
    tally: &'t Tally,
    of: u64,
    decoding: Decoding,
}

impl<'t> Words<'t> {
    /// Describes a value that the client can't decode, in `tally` of `of` cases.
    fn new(
        promised: impl Into<String>,
        seen: impl Into<String>,
        tally: &'t Tally,
        of: u64,
    ) -> Self {
        Self { promised: promised.into(), seen: seen.into(), tally, of, decoding: Decoding::Fails }
    }

    fn read_as(self, decoding: Decoding) -> Self {
        Self { decoding, ..self }
    }
}

struct Comparison<'c> {
    promised: &'c Contract,
    /// The envelope of the responses that are compared.
    envelope: Option<&'c Envelope>,
    /// The paging of the responses that are compared.
    paging: Option<&'c Paging>,
    parts: Vec<Part>,
    /// The number of sets of values so far.
    n_sets: usize,
    /// The names of the shapes that requests hold, once they are asked for.
    sent: OnceCell<BTreeSet<&'c str>>,
}

impl<'c> Comparison<'c> {
    fn new(promised: &'c Contract) -> Self {
        Self {
            promised,
            envelope: None,
            paging: None,
            parts: Vec::new(),
            n_sets: 0,
            sent: OnceCell::new(),
        }
    }

    fn add(&mut self, spot: &Spot, rule: Rule, words: Words<'_>) {
        if words.tally.count > 0 {
            self.push(spot, rule, words);
        }
    }

    fn push(&mut self, spot: &Spot, rule: Rule, words: Words<'_>) {
        let situation = Situation {
            side: if spot.is_incoming { Side::Response } else { spot.side },
            status: spot.status,
            is_unread: spot.is_unread,
            decoding: words.decoding,
        };
        let finding = Finding {
            spec: self.promised.name.clone(),
            rule,
            severity: rule.row().severity(situation),
            operation: spot.operation.clone(),
            side: spot.side,
            status: spot.status,
            case: spot.case.clone().filter(|case| !case.is_empty()),
            at: spot.at.clone(),
            promised: match &spot.meant {
                Some(meant) => format!("{}, in alternative {meant}", words.promised),
                None => words.promised,
            },
            seen: words.seen,
            count: words.tally.count,
            of: words.of.max(words.tally.count),
            first: words.tally.first.as_deref().cloned(),
            waived: None,
            promised_at: None,
            standing: None,
            since: None,
        };
        self.parts.push(Part { finding, set: spot.set });
    }

    fn request(&mut self, id: &str, promised: &contract::Operation, seen: &contract::Operation) {
        let spot = Spot { is_incoming: promised.webhook.is_some(), ..Spot::request(id) };
        let n_requests = seen.exchanges.count;
        self.strange_requests(&spot, promised, seen);
        self.parameters(&spot, Rule::ParamMissing, &promised.parameters, &seen.parameters);
        let Some(body) = &seen.request else {
            return;
        };
        self.add(
            &spot,
            Rule::ParamMissing,
            Words::new("required body", "no body", &body.missing, n_requests),
        );
        self.add(
            &spot,
            Rule::BoundExceeded,
            Words::new(
                format!("at most {} bytes", promised.max_request_bytes.unwrap_or_default()),
                "a larger body",
                &body.oversized,
                n_requests,
            ),
        );
        let none = Body::default();
        self.body(&spot, promised.request.as_ref().unwrap_or(&none), body);
    }

    /// Compares parameters, or headers of a response; `missing` is the rule for absent ones.
    fn parameters(
        &mut self,
        spot: &Spot,
        missing: Rule,
        promised: &BTreeMap<String, Parameter>,
        seen: &BTreeMap<String, Parameter>,
    ) {
        for (pointer, parameter) in seen {
            let spot = spot.at(pointer.clone());
            let Some(promise) = promised.get(pointer) else {
                continue;
            };
            let of = parameter.present.count.saturating_add(parameter.missing.count);
            self.add(&spot, missing, self.absent(&promise.shape, &parameter.missing, of));
            self.shapes(&spot, &promise.shape, &parameter.shape);
        }
    }

    /// Describes a required value that was absent in `missing` of `of` cases.
    fn absent<'t>(&self, promise: &Shape, missing: &'t Tally, of: u64) -> Words<'t> {
        Words::new(
            format!("required {}", phrase::promise(self.promised, promise)),
            "absent",
            missing,
            of,
        )
    }

    /// Reports requests outside of the promise: unknown parameters, another method or another path.
    fn strange_requests(
        &mut self,
        spot: &Spot,
        promised: &contract::Operation,
        seen: &contract::Operation,
    ) {
        for (request, tally) in &seen.strange_requests {
            self.add(
                spot,
                Rule::OperationUnknown,
                Words::new(
                    format!("{} {}", promised.method, promised.path),
                    request.clone(),
                    tally,
                    seen.exchanges.count,
                ),
            );
        }
        for (pointer, tally) in &seen.strange_parameters {
            // Counts names beyond those that are kept.
            let at = if pointer.starts_with('/') { pointer.as_str() } else { "/query/*" };
            self.add(
                &spot.at(at.to_owned()),
                Rule::ParamUndocumented,
                Words::new("no such parameter", "parameter", tally, seen.exchanges.count),
            );
        }
    }

    fn answers(&mut self, id: &str, promised: &'c contract::Operation, seen: &contract::Operation) {
        self.envelope = promised.envelope.as_ref();
        self.paging = promised.paging.as_deref();
        for (status, tally) in &seen.strange_statuses {
            let known: Vec<&str> = promised.responses.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "no response".to_owned() } else { known.join(", ") };
            self.add(
                &Spot::answer(id, Some(*status)),
                Rule::StatusUndocumented,
                Words::new(known, status.to_string(), tally, seen.exchanges.count).read_as(
                    match seen.unread_statuses.get(status) {
                        Some(_) => Decoding::Fails,
                        None => Decoding::Unforeseen,
                    },
                ),
            );
        }
        for (key, body) in &seen.responses {
            let Ok(status) = key.parse() else {
                continue;
            };
            if let Some(promise) = promised.response(status) {
                let spot = Spot::answer(id, Some(status));
                self.body(&spot, promise, body);
                // The client decodes no header, but passes them on as texts.
                let spot = Spot { is_unread: true, ..spot };
                self.parameters(&spot, Rule::HeaderMissing, &promise.headers, &body.headers);
            }
        }
        (self.envelope, self.paging) = (None, None);
    }

    fn body(&mut self, spot: &Spot, promised: &Body, seen: &Body) {
        let media: Vec<&str> = promised.media_types().collect();
        for (name, tally) in &seen.strange_media {
            let came = MediaType::new(name);
            // Another version of a promised media type is not like it.
            let is_version =
                media.iter().any(|key| MediaType::new(key).essence() == came.essence());
            let is_alike = media.is_empty()
                || (media.iter().any(|media| is_json(media)) && is_json(name) && !is_version);
            let n_json = seen.strange_json.get(name).map_or(0, |tally| tally.count);
            self.add(
                spot,
                Rule::ContentTypeChanged,
                Words::new(
                    if media.is_empty() { "no body".to_owned() } else { media.join(", ") },
                    name.clone(),
                    tally,
                    seen.seen.count,
                )
                .read_as(match n_json == tally.count {
                    _ if is_alike => Decoding::AsPromised,
                    true => Decoding::Unforeseen,
                    false => Decoding::Fails,
                }),
            );
        }
        for (name, media) in &seen.media {
            let Some(promise) = promised.media.get(name) else {
                continue;
            };
            // The client passes a stream on as it came.
            let is_unread = spot.is_unread || MediaType::new(name).stream().is_some();
            let spot = &Spot { is_unread, ..spot.clone() };
            for (why, tally) in &media.unreadable {
                self.add(
                    spot,
                    Rule::BodyUnreadable,
                    Words::new(name.clone(), phrase::unreadable(*why), tally, seen.seen.count)
                        .read_as(match why {
                            Unreadable::ByteOrderMark => Decoding::Unforeseen,
                            _ => Decoding::Fails,
                        }),
                );
            }
            for ((case, how), sampled) in &media.contradictions {
                self.contradiction(spot, promise, (case, *how), sampled, seen.seen.count);
            }
            let spot = Spot { is_form: is_form(name), ..spot.clone() };
            self.shapes(&spot, &promise.shape, &media.shape);
        }
    }
}
