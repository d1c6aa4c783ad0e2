//! Turns the source of a file into chunks of exactly the announced size.
//!
//! The request's head announces the size before the first byte is read, and can't be revised. A
//! source that turns out shorter or longer is a [`FileError`]. The last chunk is held back until
//! the source is known to end there, so that the vendor never receives a complete request with a
//! wrong file.
//!
//! A source is opened when its turn comes. A call that never got that far, because there was no
//! connection, has consumed nothing.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::{FilePart, FileSource};

/// Maximum number of bytes that are handed to the connection at once.
const CHUNK_BYTES: usize = 64 * 1024;

type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// The source of a file that is not held in memory.
#[derive(Clone)]
pub(crate) enum Streamed {
    Path(PathBuf),
    /// A reader that can't be reopened. It is taken out when its turn comes.
    Once(Arc<Mutex<Option<Reader>>>, u64),
    Reopened(Arc<dyn Fn() -> io::Result<Reader> + Send + Sync>, u64),
}

/// The reason why a file could not be sent as announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileError {
    /// The source has fewer or more bytes.
    Changed,
    /// The source failed. Only the kind of its error is kept, because the text may contain
    /// anything.
    Unreadable(io::ErrorKind),
    /// The only reader was consumed earlier.
    UsedUp,
    /// The caller's reader or progress callback panicked.
    Panicked,
}

/// Files that are read while they are sent. They are not available on `wasm32`, which has no file
/// system and where the browser takes the whole body at once.
impl FilePart {
    /// Creates a file from a path on disk. Its name is the last component of the path.
    ///
    /// A repeated call reads the file again.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { name, ..Self::streamed(Streamed::Path(path)) }
    }

    /// Creates a file from `size` bytes of a reader.
    ///
    /// The reader must end after exactly `size` bytes. With fewer or more bytes the call fails, and
    /// the vendor never receives a complete request. (`take` ends a reader that would go on.)
    ///
    /// The reader is single-use, shared by this file and all its clones. Once reading has begun,
    /// the call is not repeated; see [`FilePart::from_reopen`].
    ///
    /// ```
    /// use prumo_runtime::FilePart;
    ///
    /// let report = std::io::Cursor::new("down since 10:58");
    /// let file = FilePart::from_reader("link.txt", 16, report);
    /// # assert_eq!(format!("{file:?}"), "FilePart(16 bytes of a reader)");
    /// ```
    pub fn from_reader(
        name: impl Into<String>,
        size: u64,
        reader: impl AsyncRead + Send + 'static,
    ) -> Self {
        let reader: Reader = Box::pin(reader);
        let once = Streamed::Once(Arc::new(Mutex::new(Some(reader))), size);
        Self { name: Some(name.into()), ..Self::streamed(once) }
    }

    /// Creates a file from `size` bytes of a reader that is opened for each attempt.
    ///
    /// Each reader must meet the conditions of [`FilePart::from_reader`], but the call can be
    /// repeated. `open` runs on the task that sends and should return quickly.
    pub fn from_reopen<R: AsyncRead + Send + 'static>(
        name: impl Into<String>,
        size: u64,
        open: impl Fn() -> io::Result<R> + Send + Sync + 'static,
    ) -> Self {
        let open = move || -> io::Result<Reader> { Ok(Box::pin(open()?)) };
        Self { name: Some(name.into()), ..Self::streamed(Streamed::Reopened(Arc::new(open), size)) }
    }

    fn streamed(streamed: Streamed) -> Self {
        Self {
            source: FileSource::Streamed(streamed),
            name: None,
            content_type: None,
            progress: None,
        }
    }

    /// Returns the content as chunks with a total of `size` bytes. The source is not opened before
    /// the first chunk is requested.
    pub(crate) fn chunks(&self, size: u64) -> FileChunks {
        match &self.source {
            FileSource::Bytes(bytes) => FileChunks::InMemory(bytes.clone()),
            FileSource::Streamed(streamed) => {
                let stage = Stage::Opening(Box::pin(streamed.clone().open(size)));
                FileChunks::Read { stage, n_left: size, last: None }
            }
        }
    }
}

impl From<PathBuf> for FilePart {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

impl From<&Path> for FilePart {
    fn from(path: &Path) -> Self {
        Self::from_path(path)
    }
}

impl Streamed {
    /// Returns the size in bytes, for which it may access the disk. The error names the file but
    /// not its folder, which says more about the caller's machine than about the call.
    pub(super) fn size(&self) -> Result<u64, String> {
        match self {
            Self::Path(path) => match std::fs::metadata(path) {
                Ok(found) if found.is_file() => Ok(found.len()),
                Ok(_) => Err(format!("{} is not a file", shown(path))),
                Err(error) => Err(format!("{}: {}", shown(path), error.kind())),
            },
            Self::Once(_, size) | Self::Reopened(_, size) => {
                if self.is_readable() {
                    Ok(*size)
                } else {
                    Err(FileError::UsedUp.to_string())
                }
            }
        }
    }

    /// Returns whether the source can be read, or read again.
    pub(super) fn is_readable(&self) -> bool {
        match self {
            Self::Once(reader, _) => {
                reader.lock().unwrap_or_else(PoisonError::into_inner).is_some()
            }
            Self::Path(_) | Self::Reopened(..) => true,
        }
    }

    async fn open(self, size: u64) -> Result<Reader, FileError> {
        match self {
            Self::Path(path) => {
                let file = tokio::fs::File::open(path).await?;
                // Most changes are found here, before everything else is sent in vain.
                let is_as_announced = file.metadata().await?.len() == size;
                if is_as_announced { Ok(Box::pin(file)) } else { Err(FileError::Changed) }
            }
            Self::Once(reader, _) => {
                let reader = reader.lock().unwrap_or_else(PoisonError::into_inner).take();
                reader.ok_or(FileError::UsedUp)
            }
            Self::Reopened(open, _) => Ok(open()?),
        }
    }
}

/// Returns the last component of a path for an error.
fn shown(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| "the path".into(), |name| format!("`{}`", name.to_string_lossy()))
}

impl fmt::Debug for Streamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(_) => f.write_str("on disk"),
            Self::Once(_, size) | Self::Reopened(_, size) => write!(f, "{size} bytes of a reader"),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("its size is not the announced one"),
            Self::Unreadable(kind) => write!(f, "it can't be read: {kind}"),
            Self::UsedUp => f.write_str("its reader was already read and can't be read again"),
            Self::Panicked => f.write_str("its reader or its progress callback panicked"),
        }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.kind())
    }
}

/// The content of a file that is being sent.
pub(crate) enum FileChunks {
    InMemory(Bytes),
    Read {
        stage: Stage,
        n_left: u64,
        /// The last chunk, until the source is known to end with it.
        last: Option<Bytes>,
    },
}

/// The state of a source.
pub(crate) enum Stage {
    Opening(Pin<Box<dyn Future<Output = Result<Reader, FileError>> + Send>>),
    Open(ReaderStream<Reader>),
}

impl Stream for FileChunks {
    type Item = Result<Bytes, FileError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (stage, n_left, last) = match &mut *self {
            Self::InMemory(bytes) => {
                let n_taken = bytes.len().min(CHUNK_BYTES);
                return Poll::Ready((n_taken > 0).then(|| Ok(bytes.split_to(n_taken))));
            }
            Self::Read { stage, n_left, last } => (stage, n_left, last),
        };
        loop {
            let Some(chunk) = ready!(stage.poll_chunk(task)?) else {
                let is_short = *n_left > 0;
                return Poll::Ready(if is_short {
                    Some(Err(FileError::Changed))
                } else {
                    last.take().map(Ok)
                });
            };
            let Some(rest) = n_left.checked_sub(chunk.len() as u64) else {
                return Poll::Ready(Some(Err(FileError::Changed)));
            };
            *n_left = rest;
            if rest > 0 {
                return Poll::Ready(Some(Ok(chunk)));
            }
            *last = Some(chunk);
        }
    }
}

impl Stage {
    fn poll_chunk(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<Bytes, FileError>>> {
        loop {
            match self {
                Self::Opening(opening) => {
                    let reader = ready!(opening.as_mut().poll(task))?;
                    *self = Self::Open(ReaderStream::with_capacity(reader, CHUNK_BYTES));
                }
                Self::Open(chunks) => {
                    return Pin::new(chunks).poll_next(task).map_err(FileError::from);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Returns all bytes that are handed out, and how they end.
    async fn read(mut chunks: FileChunks) -> (Vec<u8>, Result<(), FileError>) {
        let mut bytes = Vec::new();
        loop {
            match std::future::poll_fn(|task| Pin::new(&mut chunks).poll_next(task)).await {
                Some(Ok(chunk)) => {
                    assert!(
                        (1..=CHUNK_BYTES).contains(&chunk.len()),
                        "{} bytes at once",
                        chunk.len()
                    );
                    bytes.extend_from_slice(&chunk);
                }
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
            let less = n_bytes.checked_sub(1).into_iter();
            for announced in less.chain([n_bytes, n_bytes + 1, u64::MAX]) {
                let (reader, again) = (Cursor::new(content.clone()), content.clone());
                let files = [
                    FilePart::from_path(&path),
                    FilePart::from_reader("dump.bin", announced, reader),
                    FilePart::from_reopen("dump.bin", announced, move || {
                        Ok(Cursor::new(again.clone()))
                    }),
                ];
                for file in files {
                    let case = format!("{announced} of {n_bytes}, {file:?}");
                    let (sent, outcome) = read(file.chunks(announced)).await;
                    if announced == n_bytes {
                        assert!(outcome == Ok(()) && sent == content, "{case}");
                    } else {
                        assert_eq!(outcome, Err(FileError::Changed), "{case}");
                        assert!(sent.is_empty() || (sent.len() as u64) < announced, "{case}");
                    }
                }
            }
        }
    }

    #[tokio::test]
    async fn a_reader_is_taken_when_its_turn_comes_and_once_for_all_clones() {
        let file = FilePart::from_reader("a.txt", 4, Cursor::new("down"));
        let clone = file.clone();
        drop(file.chunks(4));
        assert!(file.is_readable() && file.size() == Ok(4), "nothing was read yet");
        assert_eq!(read(clone.chunks(4)).await, (b"down".to_vec(), Ok(())));
        assert!(!file.is_readable());
        assert_eq!(file.size().unwrap_err(), "its reader was already read and can't be read again");
        assert_eq!(read(file.chunks(4)).await, (vec![], Err(FileError::UsedUp)));
    }

    #[tokio::test]
    async fn of_a_source_that_fails_the_kind_alone_is_told() {
        let secret = || io::Error::new(io::ErrorKind::PermissionDenied, "planted");
        let file = FilePart::from_reopen("a", 4, move || Err::<Cursor<&str>, _>(secret()));
        let (sent, outcome) = read(file.chunks(4)).await;
        assert_eq!(
            (sent, outcome),
            (vec![], Err(FileError::Unreadable(io::ErrorKind::PermissionDenied)))
        );
        assert_eq!(outcome.unwrap_err().to_string(), "it can't be read: permission denied");
        assert!(file.is_readable(), "it may be opened again");
    }
}
