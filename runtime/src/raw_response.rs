//! Reads a vendor's response up to a size limit, and turns a refusal into an error.
//!
//! A failure status is an error whatever the body. A body that looks like JSON is read and its
//! envelope checked before generated code sees the response, so that a refusal with a success
//! status is an error even for an operation that promises a download or no body.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use crate::coding::{self, Decoded};
use crate::decode::Misfit;
use crate::envelope::{self, EarlyDecode, Head, OpenError, Opened, Refusal};
use crate::error::{Error, MAX_BODY_BYTES};
use crate::inner::Inner;
use crate::job::{Job, ReadMode};
use crate::observer::Answer;
use crate::protocol;
use crate::scrub::Scrubber;
use crate::secret::Secret;
use crate::table::Operation;
use crate::transport::Incoming;
use crate::weight;

/// A response with a success status.
pub struct RawResponse {
    pub(crate) context: ResponseContext,
    pub(crate) body: ResponseBody,
}

/// The facts that turn a response into an error.
#[derive(Clone)]
pub(crate) struct ResponseContext {
    inner: Inner,
    operation: &'static Operation,
    pub(crate) head: Head,
    /// The response contains a token: no observer sees its body, and no error keeps it.
    is_login: bool,
    /// The credentials in the request, which the client may have forgotten since.
    secrets: Arc<[Secret]>,
    /// Number of attempts, and whether the request is a write, for errors after the end of the
    /// call.
    sent: (u32, bool),
}

pub(crate) enum ResponseBody {
    /// Read to its end and opened. A misfit may be harmless, because the operation may promise
    /// bytes.
    Read { bytes: Bytes, opened: Result<Opened, Misfit> },
    /// Read up to `head`.
    Live { head: Bytes, rest: Incoming },
}

/// The reason why a body was not read to its end.
enum ReadFailure {
    /// The body exceeds the limit. Holds the bytes that were read.
    TooLong(Bytes),
    /// The connection failed. Holds the bytes that were read.
    Broken(Bytes, reqwest::Error),
}

impl RawResponse {
    /// Returns the response status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.context.head.status
    }

    /// Returns the response headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.context.head.headers
    }

    /// Reads a response. A refusal is an error.
    pub(crate) async fn receive(
        inner: Inner,
        job: &Job,
        secrets: Arc<[Secret]>,
        mut response: Response,
    ) -> Result<Self, Error> {
        let (operation, is_login) = (job.operation, job.is_login());
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let head = Head { status, headers, envelope: operation.envelope.as_ref() };
        let context = ResponseContext {
            inner,
            operation,
            head,
            is_login,
            secrets,
            sent: (1, job.is_write()),
        };
        let mut body = Incoming::new(response);

        if context.head.refuses() {
            // The head alone decides, so an incomplete body makes no difference.
            let body = match context.read(Bytes::new(), body).await {
                Ok(body) | Err(ReadFailure::TooLong(body) | ReadFailure::Broken(body, _)) => body,
            };
            let Decoded { bytes, fault } = context.decoded(body);
            context.report(&bytes);
            let said = match weight::is_heavy(&bytes, context.max_built_bytes()) {
                true => Refusal::unread(&context.head),
                false => envelope::refusal(&context.head, &bytes),
            };
            return Err(context.refused(said, &bytes).with_note(fault));
        }
        if let ReadMode::Whole(decode) = job.read_mode {
            let body = context.read_all(Bytes::new(), body, decode).await?;
            return Ok(Self { context, body });
        }
        if operation.envelope.is_none() || !context.head.may_be_json() {
            let body = ResponseBody::Live { head: Bytes::new(), rest: body };
            return Ok(Self { context, body });
        }
        let head = match body.chunk().await {
            Ok(head) => head.unwrap_or_default(),
            Err(error) => return Err(context.broken(error)),
        };
        if !envelope::may_start(&head) && !context.head.is_json() {
            let body = ResponseBody::Live { head, rest: body };
            return Ok(Self { context, body });
        }
        let body = context.read_all(head, body, None).await?;
        Ok(Self { context, body })
    }

    /// Reads the response to its end.
    pub(crate) async fn open(self) -> Result<(ResponseContext, Bytes, Opened), Error> {
        let body = match self.body {
            ResponseBody::Live { head, rest } => self.context.read_all(head, rest, None).await?,
            read @ ResponseBody::Read { .. } => read,
        };
        match body {
            ResponseBody::Read { bytes, opened: Ok(opened) } => Ok((self.context, bytes, opened)),
            ResponseBody::Read { bytes, opened: Err(misfit) } => {
                Err(self.context.misfit(misfit, &bytes))
            }
            ResponseBody::Live { head, .. } => {
                Err(self.context.decode(None, "the body was not read", &head))
            }
        }
    }

    /// Returns the bytes of a response, which is read to its end.
    pub(crate) async fn bytes(self) -> Result<(ResponseContext, Bytes), Error> {
        match self.body {
            ResponseBody::Read { bytes, .. } => Ok((self.context, bytes)),
            ResponseBody::Live { .. } => {
                self.open().await.map(|(context, bytes, _)| (context, bytes))
            }
        }
    }

    /// Returns the message in the envelope, if the body was read.
    pub(crate) fn message(&self) -> Option<String> {
        match &self.body {
            ResponseBody::Read { opened: Ok(opened), .. } => {
                opened.message.as_deref().map(|text| self.context.message(text))
            }
            ResponseBody::Read { opened: Err(_), .. } | ResponseBody::Live { .. } => None,
        }
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status().as_u16())
            .finish_non_exhaustive()
    }
}

impl ResponseContext {
    /// Returns the scrubber for everything that the vendor says in this response.
    fn scrubber(&self) -> Scrubber {
        Scrubber::new(&*self.secrets).over(self.inner.scrubber())
    }

    fn name(&self, scrubber: &Scrubber, error: Error) -> Error {
        let headers = scrubber.headers(&self.head.headers);
        let (n_attempts, is_write) = self.sent;
        let error =
            error.in_operation(self.operation.id).with_answer(self.head.status.as_u16(), headers);
        error.after(n_attempts, is_write)
    }

    /// Sets the number of attempts.
    pub(crate) fn after(&mut self, n_attempts: u32) {
        self.sent.0 = n_attempts;
    }

    /// Reports the response to the observers.
    fn report(&self, body: &[u8]) {
        if self.is_login {
            return;
        }
        let answer = Answer {
            operation: self.operation,
            status: self.head.status.as_u16(),
            headers: &self.head.headers,
            body,
        };
        self.inner.observe(|observer| observer.answer(&answer));
    }

    /// Undoes the content coding and the charset of a body.
    fn decoded(&self, bytes: Bytes) -> Decoded {
        let limit = usize::try_from(self.inner.max_answer_bytes()).unwrap_or(usize::MAX);
        coding::decode(&self.head.headers, bytes, limit)
    }

    /// Returns the maximum size of the values that the response is decoded into.
    pub(crate) fn max_built_bytes(&self) -> u64 {
        weight::limit(self.inner.max_answer_bytes())
    }

    /// Creates the error for a response whose values would take too much memory.
    pub(crate) fn too_heavy(&self, body: &[u8]) -> Error {
        self.decode(None, &weight::over_limit(self.max_built_bytes()), body)
    }

    /// Creates the error for a connection that failed after the response's head.
    pub(crate) fn broken(&self, error: reqwest::Error) -> Error {
        self.name(&self.scrubber(), Error::from(error))
    }

    /// Creates the error for a refusal.
    pub(crate) fn refused(&self, mut said: Refusal, body: &[u8]) -> Error {
        let scrubber = self.scrubber();
        said.message = said.message.map(|text| scrubber.sentence(&text));
        said.errors = said.errors.iter().map(|text| scrubber.sentence(text)).collect();
        let error = Error::vendor(said, self.kept(&scrubber, body));
        self.name(&scrubber, error).with_protocol(self.protocol(&scrubber, body))
    }

    /// Creates the error for a success that does not fit the spec in one place.
    pub(crate) fn misfit(&self, misfit: Misfit, body: &[u8]) -> Error {
        self.decode(Some(misfit.pointer), &misfit.what, body)
    }

    /// Creates the error for a success that does not fit the spec.
    pub(crate) fn decode(&self, pointer: Option<String>, what: &str, body: &[u8]) -> Error {
        let scrubber = self.scrubber();
        // A pointer consists of member names, which the vendor can choose.
        let pointer = pointer.map(|pointer| scrubber.text(&pointer));
        let error = Error::decode(pointer, what, self.kept(&scrubber, body));
        self.name(&scrubber, error).with_protocol(self.protocol(&scrubber, body))
    }

    /// Returns the vendor's identifier of the created resource, unless it contains a credential.
    fn protocol(&self, scrubber: &Scrubber, body: &[u8]) -> Option<String> {
        let found = protocol::read(self.operation.protocol?, body)?;
        (scrubber.text(&found) == found).then_some(found)
    }

    /// Returns the part of a body that an error keeps.
    fn kept(&self, scrubber: &Scrubber, body: &[u8]) -> Vec<u8> {
        let body = if self.is_login { &[] } else { body };
        scrubber.bytes(body, MAX_BODY_BYTES)
    }

    /// Creates the error for a download that exceeds the reader's limit.
    pub(crate) fn too_long(&self, limit: usize) -> Error {
        self.decode(None, &over_limit(limit as u64), &[])
    }

    pub(crate) fn message(&self, text: &str) -> String {
        self.scrubber().sentence(text)
    }

    /// Reads the rest of a body and opens it. A refusal is an error.
    async fn read_all(
        &self,
        head: Bytes,
        rest: Incoming,
        decode: Option<EarlyDecode>,
    ) -> Result<ResponseBody, Error> {
        let bytes = match self.read(head, rest).await {
            Ok(bytes) => bytes,
            Err(ReadFailure::Broken(bytes, error)) => {
                let bytes = self.decoded(bytes).bytes;
                let protocol = self.protocol(&self.scrubber(), &bytes);
                return Err(self.broken(error).with_protocol(protocol));
            }
            Err(ReadFailure::TooLong(bytes)) => {
                let what = over_limit(self.inner.max_answer_bytes());
                return Err(self.decode(None, &what, &self.decoded(bytes).bytes));
            }
        };
        let Decoded { bytes, fault } = self.decoded(bytes);
        if let Some(fault) = fault {
            return Err(self.decode(None, &fault, &bytes));
        }
        self.report(&bytes);
        let limit = self.max_built_bytes();
        if decode.is_some() && weight::is_heavy(&bytes, limit) {
            return Err(self.too_heavy(&bytes));
        }
        let opened = weight::within(limit, || envelope::open_for(decode, &self.head, &bytes));
        match opened.unwrap_or_else(|| envelope::open_for(None, &self.head, &bytes)) {
            Ok(opened) => Ok(ResponseBody::Read { bytes, opened: Ok(opened) }),
            Err(OpenError::Misfit(misfit)) => Ok(ResponseBody::Read { bytes, opened: Err(misfit) }),
            Err(OpenError::Unclear(misfit)) => Err(self.misfit(misfit, &bytes)),
            Err(OpenError::Refused(said)) => Err(self.refused(said, &bytes)),
        }
    }

    async fn read(&self, head: Bytes, mut rest: Incoming) -> Result<Bytes, ReadFailure> {
        let limit = usize::try_from(self.inner.max_answer_bytes()).unwrap_or(usize::MAX);
        let mut taken = Taken::One(head);
        // A body that is announced as too long is not read. (The announced length is that of the
        // rest. The status of a refusal matters more than its length.)
        let announced = rest.content_length().and_then(|length| usize::try_from(length).ok());
        let is_announced =
            announced.is_some_and(|length| length > limit.saturating_sub(taken.len()));
        if taken.len() > limit || (is_announced && !self.head.refuses()) {
            return Err(ReadFailure::TooLong(taken.freeze()));
        }
        loop {
            match rest.chunk().await {
                Ok(Some(chunk)) if chunk.len() > limit - taken.len() => {
                    return Err(ReadFailure::TooLong(taken.freeze()));
                }
                Ok(Some(chunk)) => taken = taken.and(chunk),
                Ok(None) => return Ok(taken.freeze()),
                Err(error) => return Err(ReadFailure::Broken(taken.freeze(), error)),
            }
        }
    }
}

/// The bytes read so far. Most bodies come in one piece, which is not copied.
enum Taken {
    One(Bytes),
    Many(BytesMut),
}

impl Taken {
    fn len(&self) -> usize {
        match self {
            Self::One(piece) => piece.len(),
            Self::Many(pieces) => pieces.len(),
        }
    }

    fn and(self, piece: Bytes) -> Self {
        let mut pieces = match self {
            Self::One(first) if first.is_empty() => return Self::One(piece),
            Self::One(first) => BytesMut::from(first),
            Self::Many(pieces) => pieces,
        };
        pieces.extend_from_slice(&piece);
        Self::Many(pieces)
    }

    fn freeze(self) -> Bytes {
        match self {
            Self::One(piece) => piece,
            Self::Many(pieces) => pieces.freeze(),
        }
    }
}

fn over_limit(limit: u64) -> String {
    format!("it is over the limit of {limit} bytes")
}
