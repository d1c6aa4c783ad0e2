//! The pieces of a form to the chunks of one body.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::payload::Piece;
use crate::file_part::{Chunks, SourceError};

/// A body on its way. It ends with its first error.
pub(super) struct Transfer {
    pieces: Arc<[Piece]>,
    /// The piece whose turn is next.
    next: usize,
    file: Option<FileOnItsWay>,
}

/// The file whose turn it is.
struct FileOnItsWay {
    chunks: Chunks,
}

/// Why a body broke off: a file that could not be read as it was announced.
#[derive(Debug)]
pub(crate) struct TransferError {
    field: String,
    why: SourceError,
}

impl Transfer {
    pub(super) fn new(pieces: Arc<[Piece]>) -> Self {
        Self { pieces, next: 0, file: None }
    }
}

impl Stream for Transfer {
    type Item = Result<Bytes, TransferError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(FileOnItsWay { chunks }) = &mut self.file {
                match ready!(Pin::new(chunks).poll_next(task)) {
                    Some(Ok(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                    Some(Err(why)) => return Poll::Ready(Some(Err(self.broken(why)))),
                    None => self.file = None,
                }
            }
            let turn = self.next;
            self.next += 1;
            let file = match self.pieces.get(turn) {
                None => return Poll::Ready(None),
                Some(Piece::Text(text)) => return Poll::Ready(Some(Ok(text.clone()))),
                Some(Piece::File { file, size, .. }) => FileOnItsWay { chunks: file.chunks(*size) },
            };
            self.file = Some(file);
        }
    }
}

impl Transfer {
    /// Ends the body with what is wrong with the file whose turn it is.
    fn broken(&mut self, why: SourceError) -> TransferError {
        let field = match self.next.checked_sub(1).and_then(|turn| self.pieces.get(turn)) {
            Some(Piece::File { field, .. }) => field.clone(),
            Some(Piece::Text(_)) | None => String::new(),
        };
        self.file = None;
        self.next = self.pieces.len();
        TransferError { field, why }
    }
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file of field `{}` could not be sent: {}", self.field, self.why)
    }
}

impl std::error::Error for TransferError {}
