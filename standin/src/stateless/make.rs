//! Makes an answer that fits a promise: the spec's examples first, then made-up values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use prumo_drift::contract::{Body as Promise, Contract, Paging};
use prumo_drift::{Kind, Shape, judge_value, sample};
use prumo_spec::{MediaType, OpenApi};
use serde_json::{Value, json};

use super::examples::{self, Examples};
use crate::answer::Body;
use crate::asked::Asked;
use crate::chance;
use crate::envelope;
use crate::fact::{Fact, Facts};
use crate::paging::Page;
use crate::store::Store;
use crate::tell::{Gap, Teller};

/// The default number of items of a paged list, unless the spec has an example.
const N_ITEMS: usize = 5;

/// Maximum number of attempts to draw a sample.
const MAX_TRIES: u64 = 4;

/// The content of a file without an example.
const FILE: &[u8] = b"prumo";

/// The settings for lists.
pub(crate) struct Lists {
    pub(crate) seed: u64,
    pub(crate) page_size: Option<u64>,
    /// The number of items of every paged list.
    pub(crate) n_items: Option<usize>,
}

/// Makes the answer to one request.
pub(super) struct Maker<'a> {
    pub(super) contract: &'a Contract,
    /// The document that the contract was read from.
    pub(super) api: OpenApi<'a>,
    pub(super) asked: &'a Asked<'a>,
    pub(super) lists: &'a Lists,
    /// Earlier bodies, by operation and media type; paged lists are not kept.
    pub(super) kept: &'a mut BTreeMap<String, Value>,
}

impl Maker<'_> {
    /// Makes the required headers.
    pub(super) fn headers(&self, promise: &Promise) -> Vec<(String, String)> {
        let required = promise.headers.values().filter(|header| header.required);
        let made = required.filter_map(|header| {
            let value = self.sampled(&header.shape)?;
            let text = match value {
                Value::String(text) => text,
                value => value.to_string(),
            };
            Some((header.name.to_lowercase(), text))
        });
        made.collect()
    }

    /// Makes a body; `None` if no fitting value was found.
    ///
    /// * `status`: the key of the promise.
    /// * `media_type`: as in the promise, so it may be a range.
    pub(super) fn body(
        &mut self,
        status: &str,
        promise: &Promise,
        media_type: &str,
    ) -> Option<Body> {
        let shape = &*promise.media.get(media_type)?.shape;
        let examples = || examples::of(self.api, self.asked.operation, status, media_type);
        let media_type = concrete(media_type, shape);
        if MediaType::new(&media_type).is_json() {
            let key = format!("{} {media_type}", self.asked.id);
            let value = match self.kept.get(&key) {
                Some(kept) => kept.clone(),
                None => self.json(shape, &examples())?,
            };
            if self.asked.operation.paging.is_none() {
                self.kept.insert(key, value.clone());
            }
            return Some(Body::Json(media_type, value));
        }
        Some(Body::Bytes(media_type, self.bytes(shape, &examples())))
    }

    fn json(&self, shape: &Shape, examples: &Examples) -> Option<Value> {
        let fits = |value: &Value| {
            judge_value(self.contract, shape, &value.to_string()).is_empty()
                && envelope::is_success(self.asked.operation, value)
        };
        if let (None, Some(example)) =
            (&self.asked.operation.paging, examples.whole.iter().find(|whole| fits(whole)))
        {
            return Some(example.clone());
        }
        if examples.whole.is_empty() && examples.parts.is_none() && *shape == Shape::any() {
            return Some(json!({}));
        }
        let known = self.known(examples);
        let store = Store::default();
        let about = Facts::new();
        let teller =
            Teller { contract: self.contract, store: &store, about: &about, seed: self.seed() };
        let made = teller.any(shape, &known, Gap::Full).filter(fits);
        made.or_else(|| sampled(self.contract, shape, self.seed(), fits))
    }

    /// Returns the known facts of the answer: its examples, the envelope's success, and its page.
    fn known(&self, examples: &Examples) -> Fact {
        let is_success = |whole: &&Value| envelope::is_success(self.asked.operation, whole);
        let whole = examples.whole.iter().find(is_success);
        let example = whole.or(examples.parts.as_ref()).map(fact);
        let mut facts = match example {
            Some(Fact::Own(facts)) => facts,
            Some(other) => return other,
            None => Facts::new(),
        };
        envelope::succeed(self.asked.operation, &mut facts, None);
        if let Some(paging) = &self.asked.operation.paging {
            self.page(paging, &mut facts);
        }
        Fact::Own(facts)
    }

    /// Sets the requested page of a list that is the same for every page.
    fn page(&self, paging: &Paging, facts: &mut Facts) {
        let shown = match facts.at_mut(&paging.items) {
            Some(Fact::List(items)) => std::mem::take(items),
            _ => Vec::new(),
        };
        let n_shown = if shown.is_empty() { N_ITEMS } else { shown.len() };
        let n_items = self.lists.n_items.unwrap_or(n_shown);
        let page = Page::asked(paging, self.asked.arguments, self.lists.page_size, n_items);
        let item = |index: usize| match shown.get(index % n_shown) {
            Some(item) => item.clone(),
            None => Fact::Made(chance::number(self.seed(), &index.to_string())),
        };
        facts.set_at(&paging.items, page.range().map(item).collect::<Vec<_>>());
        page.tell(facts);
    }

    /// Makes a body that is not JSON. An object in another notation stays empty.
    fn bytes(&self, shape: &Shape, examples: &Examples) -> Bytes {
        if let Some(text) = examples.whole.iter().chain(&examples.parts).find_map(Value::as_str) {
            return text.to_owned().into();
        }
        let (shape, _) = self.contract.resolve(shape);
        if !shape.allows(Kind::Text) {
            return Bytes::new();
        }
        if shape.format.as_deref() == Some("binary") || *shape == Shape::any() {
            return Bytes::from_static(FILE);
        }
        let text = self.sampled(shape);
        text.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned().into()
    }

    fn sampled(&self, shape: &Shape) -> Option<Value> {
        sampled(self.contract, shape, self.seed(), |_| true)
    }

    fn seed(&self) -> u64 {
        chance::number(self.lists.seed, self.asked.id)
    }
}

/// Draws a value that fits a shape and that `passes` accepts.
pub(super) fn sampled(
    contract: &Contract,
    shape: &Shape,
    seed: u64,
    passes: impl Fn(&Value) -> bool,
) -> Option<Value> {
    (0..MAX_TRIES).find_map(|more| sample(contract, shape, seed ^ more).filter(&passes))
}

/// Returns a media type that can be sent, because a promise may be a range.
pub(super) fn concrete(media_type: &str, shape: &Shape) -> Cow<'static, str> {
    let is_file = shape.format.as_deref() == Some("binary");
    match media_type.split_once('/') {
        Some(("*" | "application", "*")) if is_file => "application/octet-stream".into(),
        Some(("*" | "application", "*")) => "application/json".into(),
        Some(("text", "*")) => "text/plain".into(),
        Some(("image", "*")) => "image/png".into(),
        _ => media_type.to_owned().into(),
    }
}

/// Turns an example into a fact whose members can be spelled one by one.
fn fact(example: &Value) -> Fact {
    match example {
        Value::Object(members) => {
            let facts = members
                .iter()
                .fold(Facts::new(), |facts, (name, value)| facts.with(name.clone(), fact(value)));
            Fact::Own(facts)
        }
        Value::Array(items) => Fact::List(items.iter().map(fact).collect()),
        value => Fact::Json(value.clone()),
    }
}
