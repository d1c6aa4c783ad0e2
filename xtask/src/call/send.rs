//! Sends a call through the runtime, page by page if that is wanted, and keeps what came back.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::bail;
use prumo_runtime::{
    Answer, Attempt, ByteStream, ClientParts, ClientSetup, Error, Observer, PagingEnd, ResponseValue,
};
use serde_json::Value;

use super::arguments::Arguments;
use super::catalogue::{Catalogue, Chosen};
use super::request::ready;
use crate::generate::prepare::Success;

/// Most bytes of a download.
const MAX_DOWNLOAD_BYTES: usize = 1 << 30;

/// How many pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    All,
    AtMost(u64),
}

impl std::str::FromStr for Pages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("all", _) => Ok(Self::All),
            (_, Ok(number @ 1..)) => Ok(Self::AtMost(number)),
            _ => Err("expected `all` or a number from 1".to_owned()),
        }
    }
}

/// An answer as it came, before anything was made of it.
#[derive(Clone)]
pub(crate) struct Seen {
    /// The page that was asked for, where pages are followed.
    pub(crate) page: Option<u64>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What calls came to.
pub(crate) struct Outcome {
    /// What the caller asked for: of several pages, their items.
    pub(crate) value: Value,
    /// The body as it came: of several pages, that of the last.
    pub(crate) raw: Vec<u8>,
}

/// A client that remembers what it was answered.
pub(crate) struct Line {
    pub(crate) client: ClientParts,
    watch: Watch,
}

#[derive(Clone)]
struct Watch {
    operation: &'static str,
    is_told: bool,
    answers: Arc<Mutex<Vec<Seen>>>,
    /// The page that is being asked for. Pages are read one after the other.
    page: Arc<Mutex<Option<u64>>>,
}

impl Observer for Watch {
    fn attempt(&self, attempt: &Attempt<'_>) {
        if !self.is_told {
            return;
        }
        let outcome = match (attempt.status, attempt.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.class_name().to_owned(),
            (None, None) => "no status".to_owned(),
        };
        let pause = attempt.pause.map(|pause| format!(", again in {:.1} s", pause.as_secs_f64()));
        eprintln!(
            "{} attempt {}: {outcome} in {:.3} s after waiting {:.3} s{}",
            attempt.operation.id,
            attempt.number,
            attempt.took.as_secs_f64(),
            attempt.waited.as_secs_f64(),
            pause.unwrap_or_default()
        );
    }

    fn answer(&self, answer: &Answer<'_>) {
        // A login is a call of its own.
        if answer.operation.id != self.operation {
            return;
        }
        let headers = answer
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let seen = Seen {
            page: *self.page.lock().unwrap_or_else(PoisonError::into_inner),
            status: answer.status,
            headers: headers.collect(),
            body: answer.body.to_vec(),
        };
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}

impl Line {
    /// Sets the client up.
    ///
    /// # Errors
    ///
    /// The base URL is unusable.
    pub(crate) fn open(setup: ClientSetup, chosen: Chosen<'_>, is_told: bool) -> Result<Self, Error> {
        let watch =
            Watch { operation: chosen.row.id, is_told, answers: Arc::default(), page: Arc::default() };
        Ok(Self { client: setup.observer(watch.clone()).build()?, watch })
    }

    /// The answers so far, the refused ones too.
    pub(crate) fn answers(&self) -> Vec<Seen> {
        self.watch.answers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls, once or for each page.
    ///
    /// # Errors
    ///
    /// All that a call can fail with; inside, that a form has no such field.
    pub(crate) async fn call(
        &self,
        catalogue: &Catalogue,
        chosen: Chosen<'_>,
        arguments: &Arguments,
        pages: Option<Pages>,
    ) -> anyhow::Result<Result<Outcome, Error>> {
        let Some(pages) = pages else {
            return self.once(catalogue, chosen, arguments, None).await;
        };
        let mut items: Vec<Value> = Vec::new();
        let mut number = first_page(chosen, arguments);
        let mut n_pages = 0;
        loop {
            let outcome = match self.once(catalogue, chosen, arguments, Some(number)).await? {
                Err(error) if n_pages > 0 && is_end(chosen, &error) => break,
                Err(error) => return Ok(Err(error)),
                Ok(outcome) => outcome,
            };
            n_pages += 1;
            let answer: Value = serde_json::from_slice(&outcome.raw).unwrap_or_default();
            let found = items_of(chosen, &answer);
            if n_pages > 1 && !found.is_empty() && items.ends_with(&found) {
                bail!("page {number} has the items of the page before: the vendor does not go on");
            }
            let is_last = found.is_empty() || is_last_page(chosen, &answer, number);
            items.extend(found);
            number += 1;
            let is_enough = matches!(pages, Pages::AtMost(most) if n_pages >= most);
            if is_last || is_enough {
                return Ok(Ok(Outcome { value: Value::Array(items), raw: outcome.raw }));
            }
        }
        Ok(Ok(Outcome { value: Value::Array(items), raw: Vec::new() }))
    }

    async fn once(
        &self,
        catalogue: &Catalogue,
        chosen: Chosen<'_>,
        arguments: &Arguments,
        page: Option<u64>,
    ) -> anyhow::Result<Result<Outcome, Error>> {
        *self.watch.page.lock().unwrap_or_else(PoisonError::into_inner) = page;
        let ready = ready(catalogue, chosen, arguments, page, &self.client)?;
        Ok(match chosen.drafted.success {
            Success::Json(_) => ready.read::<Value>().await.map(|answer| {
                let raw = answer.raw_body().to_vec();
                Outcome { value: answer.into_inner(), raw }
            }),
            Success::Empty => ready.unread::<()>().await.map(|answer: ResponseValue<()>| Outcome {
                value: serde_json::from_slice(answer.raw_payload()).unwrap_or_default(),
                raw: answer.raw_body().to_vec(),
            }),
            Success::Stream => match ready.unread::<ByteStream>().await {
                Err(error) => Err(error),
                Ok(answer) => answer
                    .into_inner()
                    .read_all(MAX_DOWNLOAD_BYTES)
                    .await
                    .map(|bytes| Outcome { value: Value::Null, raw: bytes.to_vec() }),
            },
        })
    }
}

/// The page that was asked for, or the first.
fn first_page(chosen: Chosen<'_>, arguments: &Arguments) -> u64 {
    let Some(paging) = chosen.row.paging else { return 0 };
    let given = arguments.parameters.iter().find(|(one, _)| Some(one.name) == paging.page);
    given.and_then(|(_, value)| value.as_u64()).unwrap_or(paging.first)
}

fn items_of(chosen: Chosen<'_>, answer: &Value) -> Vec<Value> {
    let items = chosen.row.paging.and_then(|paging| answer.pointer(paging.items));
    items.and_then(Value::as_array).cloned().unwrap_or_default()
}

fn is_last_page(chosen: Chosen<'_>, answer: &Value, number: u64) -> bool {
    let Some(paging) = chosen.row.paging else { return true };
    let at = |pointer: Option<&str>| pointer.and_then(|pointer| answer.pointer(pointer));
    match paging.end {
        PagingEnd::OnePage => true,
        PagingEnd::LastPage => at(paging.last).and_then(number_of).is_none_or(|last| number >= last),
        PagingEnd::NextPage => at(paging.next).is_none_or(Value::is_null),
        PagingEnd::EmptyPage | PagingEnd::NotFound => false,
    }
}

/// A number, also as text.
fn number_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn is_end(chosen: Chosen<'_>, error: &Error) -> bool {
    let end = chosen.row.paging.map(|paging| paging.end);
    end == Some(PagingEnd::NotFound) && error.is_not_found()
}
