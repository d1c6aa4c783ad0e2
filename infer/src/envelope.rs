//! Decides whether the answers of an operation have an envelope: a tag that splits them into
//! successes and failures.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::calls::Calls;
use crate::tag::Case;
use crate::value::Seen;

/// Members that hold the vendor's message.
const MESSAGES: &[&str] = &["mensagem", "message", "msg", "error_description", "detail", "detalhe"];

/// Members that hold a list of messages.
const LISTS: &[&str] = &["errors", "erros"];

/// Members that hold what was asked for.
const PAYLOADS: &[&str] = &["data", "dados", "result", "resultado", "payload", "response"];

/// The envelope of one operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Envelope {
    pub(crate) tag: String,
    message: Option<String>,
    errors: Option<String>,
    payload: Option<String>,
}

/// Returns the envelope of the calls of one endpoint, or `None` if the status alone decides.
pub(crate) fn of(calls: &Calls) -> Option<Envelope> {
    let has_json = |came: &crate::calls::Exchanges| came.came.values().any(|c| c.json.is_some());
    let all = || calls.by_answer.iter().filter(|(_, came)| has_json(came));
    let successes: Vec<_> = all().filter(|((status, _), _)| (200..300).contains(status)).collect();
    let telling = if successes.is_empty() { all().collect() } else { successes };
    let tags: BTreeSet<Option<&str>> =
        telling.iter().map(|((_, case), _)| case.as_ref().map(|case| case.tag.as_str())).collect();
    let [Some(tag)] = tags.into_iter().collect::<Vec<_>>()[..] else { return None };
    let mut envelope = Envelope { tag: tag.to_owned(), message: None, errors: None, payload: None };
    envelope.name_members(calls);
    Some(envelope)
}

impl Envelope {
    fn name_members(&mut self, calls: &Calls) {
        let (mut good, mut any) = (Seen::default(), Seen::default());
        for ((_, case), came) in &calls.by_answer {
            let Some(case) = case.as_ref().filter(|case| case.tag == self.tag) else { continue };
            for json in came.came.values().filter_map(|content| content.json.as_ref()) {
                any.absorb(json.clone());
                if case.is_success {
                    good.absorb(json.clone());
                }
            }
        }
        let is_text = |name: &&&str| {
            let seen = any.member(name).filter(|_| **name != self.tag);
            seen.is_some_and(|one| {
                one.texts.count > 0 && one.texts.count + one.n_null == one.count()
            })
        };
        let is_list = |name: &&&str| any.member(name).is_some_and(|one| one.arrays.count > 0);
        self.message = MESSAGES.iter().find(is_text).map(|name| (*name).to_owned());
        self.errors = LISTS.iter().find(is_list).map(|name| (*name).to_owned());
        let known = [Some(&self.tag), self.message.as_ref(), self.errors.as_ref()];
        let rest: Vec<&String> = good
            .objects
            .members
            .iter()
            .filter(|(name, member)| {
                !known.contains(&Some(*name)) && member.n_present == good.objects.count
            })
            .map(|(name, _)| name)
            .collect();
        let is_complete = good.objects.members.len() - rest.len() <= known.iter().flatten().count();
        let usual = PAYLOADS.iter().find(|name| rest.iter().any(|one| one == *name));
        self.payload = match (usual, rest.as_slice()) {
            (Some(name), _) => Some((*name).to_owned()),
            (None, [only]) if is_complete && is_pointer_part(only) => Some((*only).clone()),
            _ => None,
        };
    }

    fn members(&self) -> [(&'static str, Option<&String>); 3] {
        [
            ("message", self.message.as_ref()),
            ("errors", self.errors.as_ref()),
            ("payload", self.payload.as_ref()),
        ]
    }
}

fn is_pointer_part(name: &str) -> bool {
    !name.contains(['/', '~']) && crate::personal::may_be_name(name)
}

/// The envelope of the document, and what its operations say otherwise.
pub(crate) struct Envelopes {
    root: Option<Envelope>,
    /// The values of every tag that mean success.
    success: BTreeMap<String, BTreeSet<String>>,
}

impl Envelopes {
    /// Takes the envelope of most operations for the document's.
    pub(crate) fn of<'c>(all: impl Iterator<Item = (&'c Calls, Option<Envelope>)>) -> Self {
        let mut votes: BTreeMap<String, Vec<Envelope>> = BTreeMap::new();
        let mut success: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (calls, envelope) in all {
            for case in calls.by_answer.keys().filter_map(|(_, case)| case.as_ref()) {
                let values = success.entry(case.tag.clone()).or_default();
                if case.is_success {
                    values.insert(case.value.to_string());
                }
            }
            if let Some(envelope) = envelope {
                votes.entry(envelope.tag.clone()).or_default().push(envelope);
            }
        }
        for (tag, values) in &mut success {
            if values.is_empty() {
                values.insert(usual_success(tag).to_string());
            }
        }
        let most = votes.into_iter().rev().max_by_key(|(_, all)| all.len());
        let root = most.map(|(tag, all)| Envelope {
            tag,
            message: most_common(all.iter().map(|one| &one.message)),
            errors: most_common(all.iter().map(|one| &one.errors)),
            payload: most_common(all.iter().map(|one| &one.payload)),
        });
        Self { root, success }
    }

    fn success(&self, tag: &str) -> Vec<Value> {
        let values = self.success.get(tag).into_iter().flatten();
        values.filter_map(|text| serde_json::from_str(text).ok()).collect()
    }

    /// Returns `x-envelope` of the document.
    pub(crate) fn root(&self) -> Option<Value> {
        let root = self.root.as_ref()?;
        let mut value = Map::new();
        value.insert("tag".to_owned(), json!(format!("/{}", root.tag)));
        value.insert("success".to_owned(), json!(self.success(&root.tag)));
        for (name, member) in root.members() {
            if let Some(member) = member {
                value.insert(name.to_owned(), json!(format!("/{member}")));
            }
        }
        Some(Value::Object(value))
    }

    /// Returns `x-envelope` of an operation, or `None` if the document's holds.
    pub(crate) fn patch(&self, own: Option<&Envelope>) -> Option<Value> {
        let (root, own) = match (&self.root, own) {
            (None, _) => return None,
            (Some(_), None) => return Some(Value::Null),
            (Some(root), Some(own)) => (root, own),
        };
        let mut patch = Map::new();
        if own.tag != root.tag {
            patch.insert("tag".to_owned(), json!(format!("/{}", own.tag)));
            patch.insert("success".to_owned(), json!(self.success(&own.tag)));
        }
        for ((name, mine), (_, theirs)) in own.members().into_iter().zip(root.members()) {
            if mine != theirs {
                let value = mine.map_or(Value::Null, |member| json!(format!("/{member}")));
                patch.insert(name.to_owned(), value);
            }
        }
        (!patch.is_empty()).then_some(Value::Object(patch))
    }
}

/// Returns the value of a tag that means success, where none came.
fn usual_success(tag: &str) -> Value {
    match tag {
        "erro" | "error" | "hasError" | "has_error" | "isError" | "is_error" => json!(false),
        "status" | "result" | "resultado" => json!("success"),
        _ => json!(true),
    }
}

fn most_common<'n>(all: impl Iterator<Item = &'n Option<String>>) -> Option<String> {
    let mut counts: BTreeMap<&Option<String>, usize> = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    counts.into_iter().rev().max_by_key(|(_, count)| *count).and_then(|(name, _)| name.clone())
}

/// Returns whether a call was refused, by its status or by its case under this envelope.
pub(crate) fn is_refusal(envelope: Option<&Envelope>, status: u16, case: Option<&Case>) -> bool {
    let is_failure = envelope
        .zip(case)
        .is_some_and(|(envelope, case)| envelope.tag == case.tag && !case.is_success);
    status >= 400 || is_failure
}
