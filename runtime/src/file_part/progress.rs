//! Reports the progress of a file's upload to a callback.

use std::sync::Arc;

use super::FilePart;

/// The progress of one file, in bytes of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Number of bytes handed to the connection. The vendor may not have received them yet.
    pub sent: u64,
    /// Number of bytes in the file.
    pub total: u64,
    /// Number of the attempt that sends the body, starting at 1. A call may be repeated.
    pub attempt: u32,
}

pub(super) type Callback = Arc<dyn Fn(Progress) + Send + Sync>;

impl FilePart {
    /// Calls `callback` while the file is sent.
    ///
    /// In each attempt `sent` is 0 in the first call and grows with each further one. If all goes
    /// well, it equals `total` in the last one. There is a call about every 64 KiB, and one for an
    /// empty file.
    ///
    /// The callback runs between two chunks on the task that writes to the connection. It must
    /// return at once, because it blocks the upload and every other task on the thread. To do more
    /// than store a number, send to a channel. If the callback panics, the call ends with an error
    /// and the vendor never receives a complete request.
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

    /// Calls the callback if there is one. It panics if the callback does.
    pub(crate) fn report(&self, progress: Progress) {
        if let Some(callback) = &self.progress {
            callback(progress);
        }
    }
}
