//! Names everything in the signatures of public traits and functions by paths of this crate alone.

use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prumo_runtime::bytes::Bytes;
use prumo_runtime::futures_core::Stream;
use prumo_runtime::jiff::civil::{Date, DateTime};
use prumo_runtime::jiff::tz::Offset;
use prumo_runtime::jiff::{Timestamp, Zoned};
use prumo_runtime::reqwest::header::HeaderMap;
use prumo_runtime::reqwest::{Client, StatusCode};
use prumo_runtime::serde::Serialize;
use prumo_runtime::serde::de::DeserializeOwned;
use prumo_runtime::serde_json::Value;
use prumo_runtime::{
    Answer, AsyncRead, Attempt, Boxed, BrDate, ByteStream, CallEnd, ClientInfo, Clock,
    CredentialError, Credentials, Dispatched, Error, FilePart, Inner, Items, OffsetDateTime, Page,
    Pages, PartSize, Progress, ResponseValue, Secret, SqlDateTime, Undocumented,
};

/// Implements every trait that a caller may implement.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<Vec<String>>>);

impl prumo_runtime::Observer for Everything {
    fn attempt(&self, attempt: &Attempt<'_>) {
        let _: (u32, Option<&Error>, Option<Duration>) =
            (attempt.number, attempt.error, attempt.pause);
    }

    fn answer(&self, answer: &Answer<'_>) {
        let _: (&HeaderMap, &[u8]) = (answer.headers, answer.body);
    }

    fn call(&self, call: &CallEnd<'_>) {
        self.0.lock().unwrap().push(call.operation.id.to_owned());
    }
}

impl Credentials for Everything {
    fn credential<'a>(&'a self, _: &'a str) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl Clock for Everything {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn unix(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> Boxed<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Names the types that methods take and return.
#[expect(dead_code, reason = "it compiles: that is the test")]
fn names<T: DeserializeOwned + Send + 'static>(
    client: &impl ClientInfo<Inner>,
    response: &ResponseValue<T>,
    dispatched: Dispatched,
    error: &Error,
) {
    let _: (StatusCode, &HeaderMap) = (response.status(), response.headers());
    let _: Option<&HeaderMap> = error.headers();
    let _: &[PartSize] = error.parts();
    let _: &Client = client.client();
    let _: Value = dispatched.value;
    let _: fn(SqlDateTime) -> DateTime = SqlDateTime::civil;
    let _: fn(BrDate) -> Date = BrDate::civil;
    let _: fn(OffsetDateTime) -> Timestamp = OffsetDateTime::timestamp;
    let _: fn(OffsetDateTime) -> Offset = OffsetDateTime::offset;
    let _: fn(OffsetDateTime) -> Zoned = OffsetDateTime::zoned;
}

#[expect(dead_code, reason = "it compiles: that is the test")]
async fn streams(
    mut download: ByteStream,
    pages: Pages<'_, Value>,
    items: Items<'_, Value>,
) -> Option<Bytes> {
    fn is_page_stream(_: impl Stream<Item = Result<Page<Value>, Error>>) {}
    fn is_item_stream(_: impl Stream<Item = Result<Value, Error>>) {}
    is_page_stream(pages);
    is_item_stream(items);
    download.chunk().await.ok()?
}

#[expect(dead_code, reason = "it compiles: that is the test")]
async fn undocumented(
    call: Undocumented<'_>,
    body: &impl Serialize,
) -> Result<ResponseValue<Value>, Error> {
    call.json(body).send::<Value>().await
}

fn file(reader: impl AsyncRead + Send + 'static) -> FilePart {
    FilePart::from_reader("link.txt", 4, reader).on_progress(|progress: Progress| {
        assert_eq!(progress.total, 4);
    })
}

#[test]
fn a_caller_needs_no_other_crate() {
    let everything = Everything::default();
    let setup = prumo_runtime::ClientSetup::new(&[], &[], Some("http://acme.example"));
    let setup =
        setup.observer(everything.clone()).credentials(everything.clone()).clock(everything);
    assert!(setup.build().is_ok());
    assert_eq!(format!("{:?}", file(Cursor::new("down"))), "FilePart(4 bytes of a reader)");
    assert_eq!(
        format!("{:?}", FilePart::from_bytes("a", Bytes::from_static(b"a"))),
        "FilePart(1 bytes)"
    );
}
