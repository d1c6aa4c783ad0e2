//! Builds a body from a validated form for each attempt of a call.
//!
//! Invariants:
//!
//! * [`FormPayload::of`] refuses everything that can be refused, before anything is sent.
//! * [`FormPayload::len`] is the number of bytes in a body. If the sources do not keep to it, the
//!   body fails before its last byte.
//! * All bodies of one payload have the same boundary and thus the same bytes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use bytes::Bytes;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};

use super::multipart::{multipart, random_boundary};
#[cfg(not(target_arch = "wasm32"))]
use super::transfer::Transfer;
use super::{Form, FormBody, FormKind};
use crate::error::Error;
use crate::file_part::FilePart;
#[cfg(target_arch = "wasm32")]
use crate::file_part::Progress;

/// A body that can be built for each attempt, as long as its sources can be read again.
pub(crate) struct FormPayload {
    content_type: HeaderValue,
    len: u64,
    pieces: Arc<[Piece]>,
    n_attempts: AtomicU32,
    /// Number of chunks that were handed to the connection in all attempts.
    n_moved: Arc<AtomicU64>,
}

/// A section of the body.
pub(super) enum Piece {
    /// Boundaries, heads of parts and plain fields.
    Text(Bytes),
    /// The content of a file.
    File {
        /// Name of the field that contains it.
        #[cfg_attr(
            target_arch = "wasm32",
            expect(dead_code, reason = "a body in memory does not fail")
        )]
        field: String,
        file: FilePart,
        size: u64,
    },
}

impl FormPayload {
    /// Validates the form: sizes, limit, content types and files.
    pub(crate) fn of<T: FormBody + ?Sized>(body: &T) -> Result<Self, Error> {
        let form = Form::of(body)?;
        let (content_type, pieces) = match T::KIND {
            FormKind::Multipart => {
                let boundary = random_boundary();
                let content_type = format!("multipart/form-data; boundary={boundary}");
                (HeaderValue::try_from(content_type), multipart(&form, &boundary)?)
            }
            FormKind::UrlEncoded => {
                let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
                (Ok(content_type), vec![Piece::Text(form.urlencoded()?.into())])
            }
        };
        let len = pieces.iter().try_fold(0_u64, |sum, piece| sum.checked_add(piece.len()));
        let len =
            len.ok_or_else(|| Error::invalid("the form has more bytes than can be announced"))?;
        match T::MAX_REQUEST_BYTES {
            Some(limit) if len > limit => return Err(Error::too_large(limit, len, form.sizes())),
            Some(_) | None => {}
        }
        Ok(Self {
            content_type: content_type?,
            len,
            pieces: pieces.into(),
            n_attempts: AtomicU32::new(0),
            n_moved: Arc::default(),
        })
    }

    /// Returns the exact length of the body in bytes, including boundaries and heads of parts.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Sets the headers for the body's type and length.
    pub(crate) fn announce(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(CONTENT_TYPE, self.content_type()).header(CONTENT_LENGTH, self.len())
    }

    /// Returns the content type with its boundary.
    fn content_type(&self) -> HeaderValue {
        self.content_type.clone()
    }

    /// Returns whether [`FormPayload::body`] can be called again. It can't once a single-use reader
    /// has been read.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::File { file, .. } => file.is_readable(),
            Piece::Text(_) => true,
        })
    }

    /// Returns the body without its files.
    pub(crate) fn text(&self) -> Vec<u8> {
        let texts = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(&text[..]),
            Piece::File { .. } => None,
        });
        texts.collect::<Vec<_>>().concat()
    }

    /// Returns a number that grows while files are sent, or `None` if there are no files.
    pub(crate) fn n_moved(&self) -> Option<&AtomicU64> {
        let has_files = self.pieces.iter().any(|piece| matches!(piece, Piece::File { .. }));
        has_files.then_some(&*self.n_moved)
    }

    /// Builds the body of one attempt. It fails if the payload is no longer repeatable.
    pub(crate) fn body(&self) -> Result<reqwest::Body, Error> {
        if !self.is_repeatable() {
            return Err(Error::invalid(
                "the reader of a file was already read and can't be read again",
            ));
        }
        Ok(match &*self.pieces {
            [] => Bytes::new().into(),
            // The HTTP client can repeat this body by itself.
            [Piece::Text(text)] => text.clone().into(),
            _ => self.with_files(),
        })
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn with_files(&self) -> reqwest::Body {
        reqwest::Body::wrap_stream(self.transfer())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn transfer(&self) -> Transfer {
        Transfer::new(Arc::clone(&self.pieces), self.next_attempt(), Arc::clone(&self.n_moved))
    }

    /// Builds the whole body, as a browser requires.
    #[cfg(target_arch = "wasm32")]
    fn with_files(&self) -> reqwest::Body {
        let attempt = self.next_attempt();
        let mut body = Vec::new();
        for piece in &*self.pieces {
            match piece {
                Piece::Text(text) => body.extend_from_slice(text),
                Piece::File { file, size, .. } => {
                    for sent in [0, *size] {
                        file.report(Progress { sent, total: *size, attempt });
                    }
                    body.extend_from_slice(file.in_memory());
                }
            }
        }
        body.into()
    }

    fn next_attempt(&self) -> u32 {
        self.n_attempts.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }
}

impl fmt::Debug for FormPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormPayload").finish_non_exhaustive()
    }
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::File { size, .. } => *size,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::pin::Pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll};

    use futures_core::Stream as _;
    use tokio::io::{AsyncRead, ReadBuf};

    use super::*;
    use crate::file_part::Progress;

    struct OneFile(FilePart);

    impl FormBody for OneFile {
        const MAX_REQUEST_BYTES: Option<u64> = Some(1000);
        const KIND: FormKind = FormKind::Multipart;

        fn write(&self, form: &mut Form) {
            form.text("titulo", "Sem link");
            form.file("anexo", &self.0);
        }
    }

    struct NoLimit(FilePart);

    impl FormBody for NoLimit {
        const MAX_REQUEST_BYTES: Option<u64> = None;
        const KIND: FormKind = FormKind::Multipart;

        fn write(&self, form: &mut Form) {
            form.file("anexo", &self.0);
        }
    }

    /// Returns all bytes of a body, and the error that ended it.
    async fn sent(payload: &FormPayload) -> (Vec<u8>, Option<String>) {
        let mut transfer = payload.transfer();
        let mut bytes = Vec::new();
        let mut broken = None;
        while let Some(next) =
            std::future::poll_fn(|task| Pin::new(&mut transfer).poll_next(task)).await
        {
            assert_eq!(broken, None, "a body ends with its first error");
            match next {
                Ok(chunk) => bytes.extend_from_slice(&chunk),
                Err(error) => broken = Some(error.to_string()),
            }
        }
        (bytes, broken)
    }

    #[tokio::test]
    async fn each_attempt_has_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("link.txt");
        std::fs::write(&path, "down since 10:58").unwrap();
        for file in
            [FilePart::from_path(&path), FilePart::from_bytes("link.txt", "down since 10:58")]
        {
            let payload = FormPayload::of(&OneFile(file)).unwrap();
            let kind = payload.content_type();
            let boundary =
                kind.to_str().unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
            let expect = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"titulo\"\r\n\r\nSem link\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"anexo\"; filename=\"link.txt\"\r\n\
                 Content-Type: text/plain\r\n\r\ndown since 10:58\r\n--{boundary}--\r\n"
            );
            assert_eq!(payload.len(), expect.len() as u64);
            for attempt in 1..=3 {
                let (bytes, error) = sent(&payload).await;
                assert_eq!(String::from_utf8_lossy(&bytes), expect, "attempt {attempt}");
                assert_eq!(error, None, "attempt {attempt}");
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_is_gone_breaks_the_body_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("link.txt");
        std::fs::write(&path, "down").unwrap();
        let payload = FormPayload::of(&OneFile(FilePart::from_path(&path))).unwrap();
        std::fs::remove_file(&path).unwrap();
        let (bytes, error) = sent(&payload).await;
        assert!((bytes.len() as u64) < payload.len());
        assert_eq!(
            error.as_deref(),
            Some("the file of field `anexo` could not be sent: it can't be read: entity not found")
        );
    }

    #[tokio::test]
    async fn a_form_with_a_reader_is_repeatable_until_it_is_read() {
        let reader = || Cursor::new("down since 10:58");
        let once = FilePart::from_reader("link.txt", 16, reader());
        let payload = FormPayload::of(&OneFile(once.clone())).unwrap();
        drop(payload.body().unwrap());
        assert!(payload.is_repeatable(), "the body was never asked for a byte");
        assert_eq!(sent(&payload).await.1, None);
        assert!(!payload.is_repeatable());
        let expect = "the reader of a file was already read and can't be read again";
        assert_eq!(payload.body().unwrap_err().to_string(), expect);
        let expect = "field `anexo` has no readable file: its reader was already read and can't be read again";
        assert_eq!(FormPayload::of(&OneFile(once)).unwrap_err().to_string(), expect);

        let again = FilePart::from_reopen("link.txt", 16, move || Ok(reader()));
        let payload = FormPayload::of(&OneFile(again)).unwrap();
        let first = sent(&payload).await;
        assert_eq!((first.0.len() as u64, &first.1), (payload.len(), &None));
        assert!(payload.is_repeatable());
        assert_eq!(sent(&payload).await, first);
    }

    /// Returns the reports to a file's callback in two attempts.
    async fn told(n_bytes: usize) -> Vec<(u64, u64, u32)> {
        let told = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        let file = FilePart::from_reopen("a.bin", n_bytes as u64, move || {
            Ok(Cursor::new(vec![0; n_bytes]))
        });
        let file = file.on_progress(move |Progress { sent, total, attempt }| {
            keep.lock().unwrap().push((sent, total, attempt));
        });
        let payload = FormPayload::of(&NoLimit(file)).unwrap();
        for _ in 1..=2 {
            assert_eq!(sent(&payload).await.1, None);
        }
        let told = told.lock().unwrap();
        told.clone()
    }

    #[tokio::test]
    async fn progress_begins_at_zero_in_each_attempt_and_ends_at_the_total() {
        assert_eq!(told(0).await, [(0, 0, 1), (0, 0, 2)]);
        assert_eq!(told(5).await, [(0, 5, 1), (5, 5, 1), (0, 5, 2), (5, 5, 2)]);
        let (k64, k150) = (65_536, 150_000);
        assert_eq!(
            told(150_000).await,
            [1, 2]
                .map(|nth| [
                    (0, k150, nth),
                    (k64, k150, nth),
                    (2 * k64, k150, nth),
                    (k150, k150, nth)
                ])
                .concat()
        );
    }

    #[tokio::test]
    async fn a_callback_that_panics_breaks_the_body_off() {
        for (panics_at, n_sent) in [(0, 0), (65_536, 0), (131_072, 65_536)] {
            let file =
                FilePart::from_bytes("a.bin", vec![b'#'; 131_072]).on_progress(move |progress| {
                    // A panic that prints nothing.
                    if progress.sent == panics_at {
                        std::panic::resume_unwind(Box::new("the test's own"));
                    }
                });
            let (bytes, error) = sent(&FormPayload::of(&NoLimit(file)).unwrap()).await;
            let expect = "the file of field `anexo` could not be sent: its reader or its progress callback panicked";
            assert_eq!(error.as_deref(), Some(expect));
            assert_eq!(bytes.iter().filter(|&&byte| byte == b'#').count(), n_sent);
        }
    }

    #[tokio::test]
    async fn a_reader_that_panics_breaks_the_body_off() {
        struct Panics;
        impl AsyncRead for Panics {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                _: &mut ReadBuf<'_>,
            ) -> Poll<std::io::Result<()>> {
                std::panic::resume_unwind(Box::new("the test's own"));
            }
        }
        let opens = FilePart::from_reopen("a.bin", 4, || -> std::io::Result<Panics> {
            std::panic::resume_unwind(Box::new("the test's own"));
        });
        for file in [FilePart::from_reader("a.bin", 4, Panics), opens] {
            let (_, error) = sent(&FormPayload::of(&NoLimit(file)).unwrap()).await;
            let expect = "the file of field `anexo` could not be sent: its reader or its progress callback panicked";
            assert_eq!(error.as_deref(), Some(expect));
        }
    }

    #[test]
    fn no_boundary_is_used_twice_and_debug_shows_none() {
        let payload = || FormPayload::of(&OneFile(FilePart::from_bytes("a", ""))).unwrap();
        assert_ne!(payload().content_type(), payload().content_type());
        assert_eq!(format!("{:?}", payload()), "FormPayload { .. }");
    }
}
