//! Where a file's bytes come from, to chunks of exactly the size that was announced.
//!
//! The size is in the request's head before the first byte is read and can't be
//! taken back. A source that turns out shorter or longer is a [`SourceError`],
//! and its last chunk is kept back until the source is known to end there: what
//! the vendor got is then never a whole request.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::io::ReaderStream;

/// Most bytes that are handed to the connection at once.
const CHUNK_BYTES: usize = 64 * 1024;

type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// Where the bytes of a file come from.
#[derive(Clone)]
pub(super) enum Source {
    Bytes(Bytes),
    Path(PathBuf),
}

/// Why a source could not be read to the size that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceError {
    /// It has fewer bytes, or more.
    Changed,
    /// Its own error, of which the kind alone is told: the text is not ours.
    Unreadable(io::ErrorKind),
}

impl Source {
    /// The size in bytes. Asks the disk; the error names the file, but not its
    /// folder, which tells of the caller's machine and not of the call.
    pub(super) fn size(&self) -> Result<u64, String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::Path(path) => match std::fs::metadata(path) {
                Ok(found) if found.is_file() => Ok(found.len()),
                Ok(_) => Err(format!("{} is no file", shown(path))),
                Err(error) => Err(format!("{}: {}", shown(path), error.kind())),
            },
        }
    }

    /// The content, which must be `size` bytes long. Nothing is opened before
    /// the first chunk is asked for.
    pub(super) fn chunks(&self, size: u64) -> Chunks {
        let reader = match self.clone() {
            Self::Bytes(bytes) => return Chunks::InMemory(bytes),
            Self::Path(path) => LateReader::Opening(Box::pin(open(path))),
        };
        let chunks = ReaderStream::with_capacity(reader, CHUNK_BYTES);
        Chunks::Read { chunks: Box::pin(chunks), n_left: size, last: None }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Path(_) => f.write_str("on disk"),
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("it changed its size while it was sent"),
            Self::Unreadable(kind) => write!(f, "it can't be read: {kind}"),
        }
    }
}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.kind())
    }
}

/// The last part of a path, for an error.
fn shown(path: &Path) -> String {
    path.file_name().map_or_else(|| "the path".into(), |name| format!("`{}`", name.to_string_lossy()))
}

async fn open(path: PathBuf) -> io::Result<Reader> {
    Ok(Box::pin(tokio::fs::File::open(path).await?))
}

/// A file's content on its way.
pub(crate) enum Chunks {
    InMemory(Bytes),
    Read {
        chunks: Pin<Box<ReaderStream<LateReader>>>,
        n_left: u64,
        /// The last chunk, until the source is known to end with it.
        last: Option<Bytes>,
    },
}

impl Stream for Chunks {
    type Item = Result<Bytes, SourceError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut *self {
            Self::InMemory(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::InMemory(bytes) => {
                let n_taken = bytes.len().min(CHUNK_BYTES);
                Poll::Ready(Some(Ok(bytes.split_to(n_taken))))
            }
            Self::Read { chunks, n_left, last } => loop {
                let Some(chunk) = ready!(chunks.as_mut().poll_next(task)?) else {
                    let is_short = *n_left > 0;
                    let end = if is_short { Some(Err(SourceError::Changed)) } else { last.take().map(Ok) };
                    return Poll::Ready(end);
                };
                let Some(rest) = n_left.checked_sub(chunk.len() as u64) else {
                    return Poll::Ready(Some(Err(SourceError::Changed)));
                };
                *n_left = rest;
                if rest > 0 {
                    return Poll::Ready(Some(Ok(chunk)));
                }
                *last = Some(chunk);
            },
        }
    }
}

/// A reader that is opened when it is first read.
pub(crate) enum LateReader {
    Opening(Pin<Box<dyn Future<Output = io::Result<Reader>> + Send>>),
    Open(Reader),
}

impl AsyncRead for LateReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match &mut *self {
                Self::Opening(opening) => {
                    let reader = ready!(opening.as_mut().poll(task))?;
                    *self = Self::Open(reader);
                }
                Self::Open(reader) => return reader.as_mut().poll_read(task, buffer),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All bytes that are handed out, and how they end.
    async fn read(mut chunks: Chunks) -> (Vec<u8>, Result<(), SourceError>) {
        let mut bytes = Vec::new();
        loop {
            match std::future::poll_fn(|task| Pin::new(&mut chunks).poll_next(task)).await {
                Some(Ok(chunk)) => bytes.extend_from_slice(&chunk),
                Some(Err(why)) => return (bytes, Err(why)),
                None => return (bytes, Ok(())),
            }
        }
    }

    #[tokio::test]
    async fn what_is_handed_out_is_as_long_as_announced_or_broken_off_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dump.bin");
        let chunk = CHUNK_BYTES as u64;
        for n_bytes in [0, 1, 4, chunk - 1, chunk, chunk + 1, 3 * chunk] {
            let content = vec![b'x'; usize::try_from(n_bytes).unwrap()];
            std::fs::write(&path, &content).unwrap();
            let source = Source::Path(path.clone());
            assert_eq!(source.size(), Ok(n_bytes));
            assert_eq!(read(source.chunks(n_bytes)).await, (content, Ok(())), "{n_bytes} bytes");
            for announced in [n_bytes.checked_sub(1), Some(n_bytes + 1), Some(u64::MAX)].into_iter().flatten()
            {
                let (sent, outcome) = read(source.chunks(announced)).await;
                assert_eq!(outcome, Err(SourceError::Changed), "{announced} of {n_bytes}");
                assert!(sent.is_empty() || (sent.len() as u64) < announced, "{announced} of {n_bytes}");
            }
        }
    }
}
