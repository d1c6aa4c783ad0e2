//! Turns an answer into bytes, and sends them whole or cut.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use serde_json::Value;

/// The media type of most answers.
const JSON: &str = "application/json";

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Headers other than the content type.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
}

/// The body of an answer.
pub(crate) enum Body {
    Absent,
    /// JSON of this media type.
    Json(Cow<'static, str>, Value),
    /// A web page of the server in front, with the status in its title.
    Page,
    /// Bytes of this media type.
    Bytes(Cow<'static, str>, Bytes),
}

impl Body {
    /// Makes a body of `application/json`.
    pub(crate) fn json(value: Value) -> Self {
        Self::Json(Cow::Borrowed(JSON), value)
    }

    pub(crate) fn text(text: String) -> Self {
        Self::Bytes(Cow::Borrowed("text/plain; charset=UTF-8"), text.into())
    }
}

impl Answer {
    pub(crate) fn new(status: u16, body: Body) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    /// Returns the content type and the bytes.
    pub(crate) fn bytes(&self) -> (Option<&str>, Bytes) {
        match &self.body {
            Body::Absent => (None, Bytes::new()),
            Body::Json(media_type, value) => (Some(media_type), Bytes::from(value.to_string())),
            Body::Page => (Some("text/html; charset=UTF-8"), Bytes::from(page(self.status))),
            Body::Bytes(media_type, bytes) => (Some(media_type), bytes.clone()),
        }
    }
}

/// Writes the page that a server in front of a vendor sends.
fn page(status: u16) -> String {
    let words =
        hyper::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let title = format!("{status} {}", words.unwrap_or("Error"));
    format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<center><h1>{title}</h1></center>\n\
         <hr><center>nginx</center>\n</body>\n</html>\n"
    )
}

/// The body of an answer as it is sent; a cut one ends its connection in the middle.
pub(crate) struct Sent {
    bytes: Bytes,
    length: u64,
    step: Step,
}

enum Step {
    Send {
        is_cut: bool,
    },
    /// Gives the bytes time to leave before the connection ends.
    Linger,
    Cut,
    Done,
}

impl Sent {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        let length = bytes.len() as u64;
        Self { bytes, length, step: Step::Send { is_cut: false } }
    }

    /// Sends the first half of the bytes, with the length of all.
    pub(crate) fn cut(bytes: Bytes) -> Self {
        let length = bytes.len() as u64;
        Self { bytes: bytes.slice(..bytes.len() / 2), length, step: Step::Send { is_cut: true } }
    }
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.step {
            Step::Send { is_cut } => {
                self.step = if is_cut { Step::Linger } else { Step::Done };
                let bytes = std::mem::take(&mut self.bytes);
                if bytes.is_empty() && !is_cut {
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Step::Linger => {
                self.step = Step::Cut;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Step::Cut => {
                self.step = Step::Done;
                Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionAborted.into())))
            }
            Step::Done => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.step, Step::Done) || self.length == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
