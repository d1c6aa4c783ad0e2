//! Sends the calls of a probe to one vendor, and keeps each response until it is judged.
//!
//! Invariants:
//!
//! * A response is kept in memory only, and dropped when it is judged.
//! * Nothing is retried: each request counts, logins included.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::Timestamp;
use prumo_drift::exchange::OwnedExchange;
use prumo_runtime::{Answer, Attempt, CallOptions, ClientParts, ClientSetup, Observer};
use serde_json::Value;

use super::outcome::Outcome;
use crate::call::arguments::{self, Words};
use crate::call::credentials::{Given, Remembering};
use crate::call::send::{self, Seen};
use crate::call::{Catalogue, Chosen, request, verdict};

/// The longest time that one call may take.
const MAX_CALL: Duration = Duration::from_secs(30);

/// How far the clocks of the vendor and of this machine may be apart.
const MAX_SKEW_SECONDS: i64 = 300;

/// A connection to a vendor that remembers the last response.
pub(super) struct Line<'c> {
    catalogue: &'c Catalogue,
    pub(super) client: ClientParts,
    pub(super) given: Given,
    watch: Watch,
    end: Instant,
}

/// The result of one call.
pub(super) struct Asked {
    pub(super) outcome: Outcome,
    /// More about the outcome, without any value of the vendor.
    pub(super) said: String,
    /// The exchange, if there was a response.
    pub(super) exchange: Option<OwnedExchange>,
}

#[derive(Clone, Default)]
struct Watch {
    last: Arc<Mutex<Option<(&'static str, Seen)>>>,
    n_requests: Arc<AtomicU64>,
    /// The difference of the clocks in seconds, positive if the vendor's is ahead.
    skew: Arc<Mutex<Option<i64>>>,
}

impl Observer for Watch {
    fn attempt(&self, _: &Attempt<'_>) {
        self.n_requests.fetch_add(1, Ordering::Relaxed);
    }

    fn answer(&self, answer: &Answer<'_>) {
        let headers = answer.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let seen = Seen {
            page: None,
            status: answer.status,
            headers: headers.collect(),
            body: answer.body.to_vec(),
        };
        if let Some(skew) = skew(&seen, Timestamp::now()) {
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some(skew);
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((answer.operation.id, seen));
    }
}

impl<'c> Line<'c> {
    /// Sets up the client of a vendor.
    ///
    /// # Errors
    ///
    /// There is no base URL, or it is unusable.
    pub(super) fn open(catalogue: &'c Catalogue, end: Instant) -> anyhow::Result<Self> {
        let base_url = catalogue
            .base_url()
            .with_context(|| format!("no base URL: set `{}`", catalogue.base_url_variable()))?;
        let given = Given::default();
        let watch = Watch::default();
        let setup = ClientSetup::new(catalogue.rows, catalogue.schemes, None)
            .base_url(catalogue.with_base_path(base_url))
            .credentials(Remembering::new(catalogue.store(), given.clone()))
            .observer(watch.clone());
        Ok(Self { catalogue, client: setup.build()?, given, watch, end })
    }

    /// Returns the number of requests so far.
    pub(super) fn n_requests(&self) -> u64 {
        self.watch.n_requests.load(Ordering::Relaxed)
    }

    /// Returns how many seconds the vendor's clock is ahead, if it is far from this machine's.
    pub(super) fn skew(&self) -> Option<i64> {
        let skew = *self.watch.skew.lock().unwrap_or_else(PoisonError::into_inner);
        skew.filter(|seconds| seconds.abs() > MAX_SKEW_SECONDS)
    }

    /// Sends one call with these words, each `name=value`.
    pub(super) async fn ask(&self, chosen: Chosen<'_>, pairs: &[String]) -> Asked {
        match self.sent(chosen, pairs).await {
            Ok(asked) => asked,
            Err(error) => Asked {
                outcome: Outcome::Unsendable,
                said: first_line(&format!("{error:#}")),
                exchange: None,
            },
        }
    }

    async fn sent(&self, chosen: Chosen<'_>, pairs: &[String]) -> anyhow::Result<Asked> {
        let words = Words { pairs, body: None, files: &[], may_lack_fields: false };
        let arguments = arguments::read(self.catalogue, chosen, &words)?;
        let time = self.end.saturating_duration_since(Instant::now()).min(MAX_CALL);
        let options = CallOptions::new().no_retry().timeout(time).total_timeout(time);
        let prepared = request::prepare(self.catalogue, chosen, &arguments, &options)?;
        self.watch.last.lock().unwrap_or_else(PoisonError::into_inner).take();

        let client = ClientParts {
            base_url: self.client.base_url.clone(),
            http: self.client.http.clone(),
            inner: self.client.inner.with(&options),
        };
        let call = request::call(chosen, &arguments, &client);
        let result = send::once(chosen, request::finish(chosen, &prepared.body)(call)).await;

        let last = self.watch.last.lock().unwrap_or_else(PoisonError::into_inner).take();
        let seen = last.filter(|(id, _)| *id == chosen.row.id).map(|(_, seen)| seen);
        let exchange = seen
            .as_ref()
            .map(|seen| verdict::exchange(chosen, &prepared, Some(seen)))
            .transpose()?;
        let (outcome, said) = match (&result, &seen) {
            (_, Some(seen)) if is_maintenance(seen) => (Outcome::Maintenance, String::new()),
            (Ok(_), _) => (Outcome::Fits, String::new()),
            (Err(error), _) => match Outcome::of_error(error) {
                // Only these errors are about what this machine has, and name no value.
                Some(outcome @ Outcome::Unsendable) => (outcome, first_line(&error.to_string())),
                Some(outcome) => (outcome, String::new()),
                None if error.is_vendor() => (Outcome::Refused, String::new()),
                // The judge says what is wrong with it.
                None if seen.is_some() => (Outcome::Drifts, String::new()),
                None => (Outcome::Broken, error.class_name().to_owned()),
            },
        };
        Ok(Asked { outcome, said, exchange })
    }
}

/// Returns whether a response says that the vendor is closed: a page for people, which no operation of
/// a probe promises, or the status for it.
fn is_maintenance(seen: &Seen) -> bool {
    let is_html = |value: &str| value.trim_start().to_ascii_lowercase().starts_with("text/html");
    let is_page = seen.headers.iter().any(|(name, value)| name == "content-type" && is_html(value));
    match seen.status {
        503 => true,
        200..=299 => is_page && serde_json::from_slice::<Value>(&seen.body).is_err(),
        _ => false,
    }
}

/// Returns how many seconds the clock of a response is ahead of `now`.
fn skew(seen: &Seen, now: Timestamp) -> Option<i64> {
    let (_, date) = seen.headers.iter().find(|(name, _)| name == "date")?;
    let date = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(date.as_second() - now.as_second())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Returns the first scalar at a place of a body as a word; `*` is the first item of a list that
/// leads to one.
pub(super) fn value_at(body: &Value, at: &str) -> Option<String> {
    let mut open = vec![(body, at)];
    while let Some((value, at)) = open.pop() {
        let Some(rest) = at.strip_prefix('/') else {
            match value {
                Value::String(text) if !text.is_empty() => return Some(text.clone()),
                Value::Number(number) => return Some(number.to_string()),
                _ => continue,
            }
        };
        let (name, _) = rest.split_once('/').unwrap_or((rest, ""));
        let rest = &rest[name.len()..];
        match value {
            Value::Array(items) if name == "*" => {
                open.extend(items.iter().rev().map(|item| (item, rest)));
            }
            Value::Object(members) if name == "*" => {
                let members: Vec<&Value> = members.values().collect();
                open.extend(members.into_iter().rev().map(|member| (member, rest)));
            }
            _ => {
                let name = name.replace("~1", "/").replace("~0", "~");
                open.extend(value.get(&name).map(|member| (member, rest)));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_the_first_scalar_at_its_place() {
        let body = json!({"a": [{"id": null}, {"id": ""}, {"id": 7}, {"id": 8}], "b": {"x/y": "z"},
            "c": {"k1": {"id": "u"}}, "d": []});
        let cases = [
            ("/a/*/id", Some("7")),
            ("/b/x~1y", Some("z")),
            ("/c/*/id", Some("u")),
            ("/d/*/id", None),
            ("/a", None),
            ("/nada", None),
            ("", None),
        ];
        for (at, expected) in cases {
            assert_eq!(value_at(&body, at).as_deref(), expected, "at `{at}`");
        }
    }

    #[test]
    fn the_clock_of_a_response_is_compared_with_this_machine() {
        let seen = |date: &str| Seen {
            page: None,
            status: 200,
            headers: vec![("date".to_owned(), date.to_owned())],
            body: Vec::new(),
        };
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().expect("a time");
        assert_eq!(skew(&seen("Mon, 30 Nov 2026 12:10:00 GMT"), now), Some(600));
        assert_eq!(skew(&seen("Mon, 30 Nov 2026 11:59:59 GMT"), now), Some(-1));
        assert_eq!(skew(&seen("soon"), now), None);
    }
}
