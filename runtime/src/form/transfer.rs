//! Streams the pieces of a form as the chunks of one body.
//!
//! Readers and callbacks are the caller's code and run on the task of the connection. If one
//! panics, only this body fails.

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

/// A body that is being sent. It ends with its first error.
pub(super) struct Transfer {
    pieces: Arc<[Piece]>,
    /// Number of the attempt that sends the body, starting at 1.
    attempt: u32,
    /// Index of the current piece.
    turn: usize,
    /// The rest of the current piece, if it is a file that was started.
    chunks: Option<FileChunks>,
    /// Number of bytes of the file that were handed out.
    sent: u64,
    /// Grows with each chunk that is handed out.
    n_moved: Arc<AtomicU64>,
}

/// The error that ends a body: a file could not be sent as announced.
#[derive(Debug)]
pub(crate) struct TransferError {
    field: String,
    why: FileError,
}

impl Transfer {
    pub(super) fn new(pieces: Arc<[Piece]>, attempt: u32, n_moved: Arc<AtomicU64>) -> Self {
        Self { pieces, attempt, turn: 0, chunks: None, sent: 0, n_moved }
    }

    /// Returns the next chunk, or `None` after the last piece.
    fn poll_piece(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransferError>>> {
        let pieces = Arc::clone(&self.pieces);
        while let Some(piece) = pieces.get(self.turn) {
            match piece {
                Piece::Text(text) => {
                    self.turn += 1;
                    return Poll::Ready(Some(Ok(text.clone())));
                }
                Piece::File { field, file, size } => {
                    match ready!(self.guarded(task, file, *size)) {
                        Some(Ok(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                        Some(Err(why)) => {
                            self.turn = pieces.len();
                            self.chunks = None;
                            return Poll::Ready(Some(Err(TransferError {
                                field: field.clone(),
                                why,
                            })));
                        }
                        None => self.turn += 1,
                    }
                }
            }
        }
        Poll::Ready(None)
    }

    /// Returns the next chunk of a file, or `None` at its end.
    fn guarded(
        &mut self,
        task: &mut Context<'_>,
        file: &FilePart,
        total: u64,
    ) -> Poll<Option<Result<Bytes, FileError>>> {
        // The state that a panic leaves behind is dropped and never used again.
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
                file.report(Progress { sent: 0, total, attempt });
                none.insert(file.chunks(total))
            }
        };
        let Some(chunk) = ready!(Pin::new(chunks).poll_next(task)?) else {
            self.chunks = None;
            return Poll::Ready(None);
        };
        self.sent += chunk.len() as u64;
        file.report(Progress { sent: self.sent, total, attempt });
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
