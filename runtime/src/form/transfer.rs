//! The pieces of a form to the chunks of one body.
//!
//! Readers and callbacks are the caller's code, and run on the task of the
//! connection: a panic of theirs is an error of this body, and of nothing else.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::payload::Piece;
use crate::file_part::{FileChunks, FileError, FilePart, Progress};

/// A body on its way. It ends with its first error.
pub(super) struct Transfer {
    pieces: Arc<[Piece]>,
    /// Which time the body is being sent, from 1.
    attempt: u32,
    /// The piece whose turn it is.
    turn: usize,
    /// What is left of it, if it is a file that was begun.
    chunks: Option<FileChunks>,
    /// How many bytes of the file were handed out.
    sent: u64,
    /// Grows with each chunk that is handed out.
    n_moved: Arc<AtomicU64>,
}

/// Why a body broke off: a file that could not be sent as it was announced.
#[derive(Debug)]
pub(crate) struct TransferError {
    field: String,
    why: FileError,
}

impl Transfer {
    pub(super) fn new(pieces: Arc<[Piece]>, attempt: u32, n_moved: Arc<AtomicU64>) -> Self {
        Self { pieces, attempt, turn: 0, chunks: None, sent: 0, n_moved }
    }

    /// The next chunk of whichever piece has its turn; none at the end of the last.
    fn poll_piece(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransferError>>> {
        let pieces = Arc::clone(&self.pieces);
        while let Some(piece) = pieces.get(self.turn) {
            match piece {
                Piece::Text(text) => {
                    self.turn += 1;
                    return Poll::Ready(Some(Ok(text.clone())));
                }
                Piece::File { field, file, size } => match ready!(self.guarded(task, file, *size)) {
                    Some(Ok(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                    Some(Err(why)) => {
                        self.turn = pieces.len();
                        self.chunks = None;
                        return Poll::Ready(Some(Err(TransferError { field: field.clone(), why })));
                    }
                    None => self.turn += 1,
                },
            }
        }
        Poll::Ready(None)
    }

    /// The next chunk of a file; none at its end.
    fn guarded(
        &mut self,
        task: &mut Context<'_>,
        file: &FilePart,
        total: u64,
    ) -> Poll<Option<Result<Bytes, FileError>>> {
        // What a panic leaves half done is dropped, and never used again.
        catch_unwind(AssertUnwindSafe(|| self.poll_file(task, file, total)))
            .unwrap_or(Poll::Ready(Some(Err(FileError::Panicked))))
    }

    fn poll_file(
        &mut self,
        task: &mut Context<'_>,
        file: &FilePart,
        total: u64,
    ) -> Poll<Option<Result<Bytes, FileError>>> {
        let attempt = self.attempt;
        let chunks = match &mut self.chunks {
            Some(chunks) => chunks,
            none => {
                self.sent = 0;
                file.tell(Progress { sent: 0, total, attempt });
                none.insert(file.chunks(total))
            }
        };
        let Some(chunk) = ready!(Pin::new(chunks).poll_next(task)?) else {
            self.chunks = None;
            return Poll::Ready(None);
        };
        self.sent += chunk.len() as u64;
        file.tell(Progress { sent: self.sent, total, attempt });
        Poll::Ready(Some(Ok(chunk)))
    }
}

impl Stream for Transfer {
    type Item = Result<Bytes, TransferError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(self.poll_piece(task));
        self.n_moved.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(chunk)
    }
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file of field `{}` could not be sent: {}", self.field, self.why)
    }
}

impl std::error::Error for TransferError {}
