//! How far a file is, to the callback of whoever waits for it.

use std::sync::Arc;

use super::FilePart;

/// How far a file is, in bytes of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that were handed to the connection, which is not to say that the
    /// vendor has them.
    pub sent: u64,
    /// Bytes that the file has.
    pub total: u64,
    /// Which time the body is being sent, from 1: a call may be repeated.
    pub attempt: u32,
}

pub(super) type Callback = Arc<dyn Fn(Progress) + Send + Sync>;

impl FilePart {
    /// Calls `callback` while the file is sent.
    ///
    /// In each attempt the first call has `sent` 0, each one after it has more
    /// than the one before, and if all goes well the last has `sent` equal to
    /// `total`. A call comes about every 64 KiB, and for an empty file once.
    ///
    /// The callback runs on the task that writes to the connection, between
    /// two chunks: it must return at once, since whatever it waits for, the
    /// upload and its neighbours on the thread wait for too. To do more than
    /// to store a number, it sends into a channel. If it panics, the call ends
    /// with an error, and the vendor never gets a whole request.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use prumo_runtime::FilePart;
    ///
    /// let sent = Arc::new(AtomicU64::new(0));
    /// let shown = Arc::clone(&sent);
    /// let file = FilePart::from_path("/var/log/link.txt")
    ///     .on_progress(move |progress| shown.store(progress.sent, Ordering::Relaxed));
    /// ```
    #[must_use]
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(callback));
        self
    }

    /// Calls the callback, if there is one, and panics if it does.
    pub(crate) fn tell(&self, progress: Progress) {
        if let Some(callback) = &self.progress {
            callback(progress);
        }
    }
}
