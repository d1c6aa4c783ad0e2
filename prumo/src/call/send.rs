//! Sends a call through the runtime, page by page if requested, and keeps the responses.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prumo_runtime::call::Ready;
use prumo_runtime::{
    Answer, Attempt, ByteStream, ClientParts, ClientSetup, Error, Observer, ResponseValue,
};
use serde_json::Value;

use super::catalogue::Chosen;
use super::credentials::Given;
use prumo_codegen::prepare::Success;

/// Maximum size of a download.
const MAX_DOWNLOAD_BYTES: usize = 1 << 30;

/// The number of pages to request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    All,
    AtMost(u64),
}

impl Pages {
    /// Returns whether enough pages were read.
    fn is_reached(self, n_pages: u64) -> bool {
        match self {
            Self::All => false,
            Self::AtMost(most) => n_pages >= most,
        }
    }
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

/// A response before it is interpreted.
#[derive(Clone)]
pub(crate) struct Seen {
    /// The requested page, if pages are followed.
    pub(crate) page: Option<u64>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// The result of one or several calls.
pub(crate) struct Outcome {
    /// The value for the caller; for several pages, their items.
    pub(crate) value: Value,
    /// The value as it was spelled; for several pages, `None`.
    pub(crate) text: Option<Vec<u8>>,
    /// The unchanged body; for several pages, the last one's.
    pub(crate) raw: Vec<u8>,
}

/// A client that remembers its responses.
pub(crate) struct Line {
    pub(crate) client: ClientParts,
    watch: Watch,
}

#[derive(Clone)]
struct Watch {
    operation: &'static str,
    is_verbose: bool,
    given: Given,
    answers: Arc<Mutex<Vec<Seen>>>,
    /// The requested page. Pages are read one after the other.
    page: Arc<Mutex<Option<u64>>>,
}

impl Watch {
    fn answers(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn page(&self) -> MutexGuard<'_, Option<u64>> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Watch {
    fn attempt(&self, attempt: &Attempt<'_>) {
        if !self.is_verbose {
            return;
        }
        let outcome = match (attempt.status, attempt.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.class_name().to_owned(),
            (None, None) => "no status".to_owned(),
        };
        let pause = attempt.pause.map(|pause| format!(", again in {:.1} s", pause.as_secs_f64()));
        crate::screen::note(&format!(
            "{} attempt {}: {outcome} in {:.3} s after waiting {:.3} s{}",
            attempt.operation.id,
            attempt.number,
            attempt.took.as_secs_f64(),
            attempt.waited.as_secs_f64(),
            pause.unwrap_or_default()
        ));
    }

    fn answer(&self, answer: &Answer<'_>) {
        // The response of a login is not recorded, and its token may be in one that is.
        if answer.operation.id != self.operation {
            self.given.add_login(answer.body);
            return;
        }
        let headers = answer.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let seen = Seen {
            page: *self.page(),
            status: answer.status,
            headers: headers.collect(),
            body: answer.body.to_vec(),
        };
        self.answers().push(seen);
    }
}

impl Line {
    /// Sets up the client.
    ///
    /// # Errors
    ///
    /// The base URL is unusable.
    pub(crate) fn open(
        setup: ClientSetup,
        chosen: Chosen<'_>,
        is_verbose: bool,
        given: Given,
    ) -> Result<Self, Error> {
        let watch = Watch {
            operation: chosen.row.id,
            is_verbose,
            given,
            answers: Arc::default(),
            page: Arc::default(),
        };
        Ok(Self { client: setup.observer(watch.clone()).build()?, watch })
    }

    /// Returns a text as it may be shown: without the credentials of the calls so far.
    pub(crate) fn shown(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.client.inner.without_credentials(text.as_bytes()))
            .into_owned()
    }

    /// Returns the responses so far, including refusals.
    pub(crate) fn answers(&self) -> Vec<Seen> {
        self.watch.answers().clone()
    }

    /// Returns the last requested page, if pages are followed.
    pub(crate) fn page(&self) -> Option<u64> {
        *self.watch.page()
    }

    /// Reads page after page, up to the last one or to the requested number.
    ///
    /// # Errors
    ///
    /// The errors of reading a list.
    pub(crate) async fn follow(
        &self,
        mut list: prumo_runtime::Pages<'_, Value>,
        wanted: Pages,
    ) -> Result<Outcome, Error> {
        let mut items = Vec::new();
        let mut n_pages = 0;
        while !wanted.is_reached(n_pages) {
            *self.watch.page() = list.cursor().map(|cursor| cursor.page());
            let Some(page) = list.next().await else { break };
            items.extend(page?.items);
            n_pages += 1;
        }
        let raw = self
            .watch
            .answers()
            .iter()
            .rfind(|seen| seen.is_success())
            .map(|seen| seen.body.clone());
        Ok(Outcome { value: Value::Array(items), text: None, raw: raw.unwrap_or_default() })
    }
}

/// Sends a single call.
///
/// # Errors
///
/// The errors of a call.
pub(crate) async fn once(chosen: Chosen<'_>, ready: Ready<'_>) -> Result<Outcome, Error> {
    Ok(match chosen.drafted.success {
        Success::Json(_) => {
            let answer = ready.read::<Value>().await?;
            let (text, raw) = (answer.raw_payload().to_vec(), answer.raw_body().to_vec());
            Outcome { value: answer.into_inner(), text: Some(text), raw }
        }
        Success::Empty => {
            let answer: ResponseValue<()> = ready.unread().await?;
            let text = answer.raw_payload().to_vec();
            let value = serde_json::from_slice(&text).unwrap_or_default();
            Outcome { value, text: Some(text), raw: answer.raw_body().to_vec() }
        }
        Success::Optional(..) | Success::ByStatus(_) => {
            let has_bytes = matches!(&chosen.drafted.success, Success::ByStatus(each)
                if each.iter().any(|(_, one)| *one == Success::Stream));
            let raw = whole(ready.undecoded(has_bytes).await?).await?;
            let value = serde_json::from_slice(&raw).unwrap_or_default();
            Outcome { value, text: Some(raw.clone()), raw }
        }
        Success::Stream => {
            Outcome { value: Value::Null, text: None, raw: whole(ready.unread().await?).await? }
        }
    })
}

/// Reads the whole body of a response.
async fn whole(answer: ResponseValue<ByteStream>) -> Result<Vec<u8>, Error> {
    Ok(answer.into_inner().read_all(MAX_DOWNLOAD_BYTES).await?.to_vec())
}
