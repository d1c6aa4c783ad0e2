//! Makes an envelope's tag contradict the rest of the response.
//!
//! Members belong to the other case in two situations: everything that only the other case requires
//! is present and not empty, or the own case is broken and a member is present that only the other
//! case has. Members of both cases, such as the vendor's message, decide nothing.

use prumo_drift::Rule;
use serde_json::{Map, Value, json};

use super::answers::answering;
use super::mutant::Mutant;
use super::operation::Envelope;
use super::promise::{Branch, Branches, JsonType};
use super::site::{Ground, Sight};
use super::subject::{Subject, is_json};

/// A response whose envelope has cases.
struct Cased<'s> {
    envelope: Envelope,
    branches: Branches<'s>,
    body: Map<String, Value>,
    chosen: usize,
}

fn cased<'s>(subject: &Subject<'s>) -> Option<Cased<'s>> {
    let envelope = subject.operation.envelope()?;
    let body = subject.answer_body()?.as_object()?.clone();
    let branches = subject.answer_media()?.promise.branches()?;
    let chosen = branches.chosen(subject.answer_body()?)?;
    (branches.tag == Some(envelope.tag.as_str())).then_some(Cased {
        envelope,
        branches,
        body,
        chosen,
    })
}

pub(super) fn flipped(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(cased) = cased(subject) else {
        return Vec::new();
    };
    let others = (0..cased.branches.all.len()).filter(|index| *index != cased.chosen);
    let flip = |other: usize| {
        let value = cased.branches.all.get(other)?.values.first()?;
        // `success-with-failing-status` covers a success under a failing status.
        if subject.status >= 400 && cased.envelope.is_success(value) {
            return None;
        }
        let expected = cased.expected_as(other, &subject.answer_ground())?;
        let mut body = cased.body.clone();
        body.insert(cased.envelope.tag.clone(), value.clone());
        let exchange = answering(subject, subject.status, body.into());
        Some(Mutant::new(cased.pointer(), &exchange, expected))
    };
    others.filter_map(flip).collect()
}

impl Cased<'_> {
    fn pointer(&self) -> String {
        prumo_drift::below("/response/body", &self.envelope.tag)
    }

    fn contradiction(&self, case: Option<String>, ground: &Ground) -> Vec<Sight> {
        let at = prumo_drift::below("", &self.envelope.tag);
        vec![ground.expect(Rule::EnvelopeContradiction, &at, case.as_deref())]
    }

    /// Lists the findings of the members under the tag of the case `other`; empty if they fit it.
    fn expected_as(&self, other: usize, ground: &Ground) -> Option<Vec<Sight>> {
        let (mine, other_case) = (self.branches.all.get(self.chosen)?, self.branches.case(other));
        let other = self.branches.all.get(other)?;
        let is_there = |name: &str| self.body.contains_key(name);
        let only_mine =
            |name: &str| mine.promise.field(name).is_some() && other.promise.field(name).is_none();
        let strangers: Vec<&str> =
            self.body.keys().map(String::as_str).filter(|name| only_mine(name)).collect();
        let missing =
            names(other).filter(|name| other.promise.is_required(name) && !is_there(name));
        let missing: Vec<&str> = missing.collect();
        let nulls = names(other).filter(|name| {
            let is_null = self.body.get(*name).is_some_and(Value::is_null);
            is_null && other.promise.field(name).is_some_and(|field| !field.allows(JsonType::Null))
        });
        let nulls: Vec<&str> = nulls.collect();
        let is_whole = {
            let mut own = names(mine)
                .filter(|name| mine.promise.is_required(name) && only_mine(name))
                .peekable();
            own.peek().is_some() && own.all(|name| self.body.get(name).is_some_and(says_something))
        };
        let is_broken = !missing.is_empty() || !nulls.is_empty();
        if is_whole || (is_broken && !strangers.is_empty()) {
            return Some(self.contradiction(other_case, ground));
        }
        let expect = |rule: Rule| {
            let case = other_case.clone();
            move |name: &str| ground.expect(rule, &prumo_drift::below("", name), case.as_deref())
        };
        let missing = missing.into_iter().map(expect(Rule::FieldMissing));
        let nulls = nulls.into_iter().map(expect(Rule::NullUnexpected));
        let strangers = strangers.into_iter().map(expect(Rule::FieldUndocumented));
        let expected: Vec<Sight> = missing.chain(nulls).chain(strangers).collect();
        // Members that fit both cases do not contradict the other tag.
        (!expected.is_empty()).then_some(expected)
    }
}

fn names<'s>(branch: &Branch<'s>) -> impl Iterator<Item = &'s str> + use<'s> {
    branch.promise.fields().into_iter().map(|(name, _)| name)
}

fn says_something(value: &Value) -> bool {
    !(value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty))
}

/// Builds a body with all members of a failure and the whole payload of the success.
pub(super) fn members_of_the_other(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(cased) = cased(subject).filter(|cased| cased.is_success()) else {
        return Vec::new();
    };
    let failures = (0..cased.branches.all.len()).filter(|index| *index != cased.chosen);
    let mix = |failure: usize| {
        let mut body = cased.body.clone();
        let other = cased.branches.all.get(failure)?;
        for name in names(other).filter(|name| other.promise.is_required(name)) {
            let is_text =
                other.promise.field(name).is_some_and(|field| field.allows(JsonType::Text));
            let value = if is_text { json!("Falhou.") } else { other.values.first()?.clone() };
            body.insert(name.to_owned(), value);
        }
        body.insert(cased.envelope.tag.clone(), other.values.first()?.clone());
        let mixed = Cased {
            body: body.clone(),
            branches: cased.branches.clone(),
            envelope: cased.envelope.clone(),
            ..cased
        };
        let expected = mixed.expected_as(failure, &subject.answer_ground())?;
        Some(Mutant::new(
            "/response/body",
            &answering(subject, subject.status, body.into()),
            expected,
        ))
    };
    failures.filter_map(mix).collect()
}

impl Cased<'_> {
    fn is_success(&self) -> bool {
        self.body.get(&self.envelope.tag).is_some_and(|told| self.envelope.is_success(told))
    }
}

/// Puts a success under a failing status whose response promises the tag, too.
pub(super) fn failing_status(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(cased) = cased(subject).filter(|cased| subject.status < 400 && cased.is_success())
    else {
        return Vec::new();
    };
    let failing = |status: u16| {
        let response = subject.operation.response(status)?;
        let media =
            subject.operation.media(response).into_iter().find(|media| is_json(media.name))?;
        let branches = media.promise.branches();
        let is_told = branches.is_some() || cased.envelope.is_promised(&media.promise);
        let body = Value::from(cased.body.clone());
        let case = branches.and_then(|branches| branches.case(branches.chosen(&body)?));
        let expected =
            cased.contradiction(case, &Ground { status: Some(status), ..subject.answer_ground() });
        is_told
            .then(|| Mutant::new("/response/status", &answering(subject, status, body), expected))
    };
    [400, 404, 422, 500].into_iter().filter_map(failing).collect()
}
