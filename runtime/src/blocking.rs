//! Runs calls in a program that has no async runtime.
//!
//! The whole process shares one runtime with a single thread, which drives the connections. Each
//! caller waits on its own thread.
//!
//! Invariant: inside an async runtime nothing is sent and nothing panics; the call returns an error
//! that says what to do instead, because waiting there would block every other task.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::OnceLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::Error;
use crate::paging::{Items, Pages};

/// Waits for a call, or for any other future of this crate.
///
/// # Errors
///
/// Returns the call's error, or an error if it is called inside an async runtime.
pub fn wait<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    runtime()?.block_on(call)
}

/// An iterator over the pages or items of a stream, which waits for each of them.
///
/// Inside an async runtime its first item is an error that says so, and no item follows.
#[derive(Debug)]
pub struct Each<S> {
    stream: Option<S>,
}

impl<S, T> Iterator for Each<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let next = match runtime() {
            Ok(runtime) => runtime.block_on(poll_fn(|task| Pin::new(&mut *stream).poll_next(task))),
            Err(error) => {
                self.stream = None;
                return Some(Err(error));
            }
        };
        if next.is_none() {
            self.stream = None;
        }
        next
    }
}

impl<T> Pages<'_, T> {
    /// Returns a blocking iterator over the pages, for a program that has no async runtime.
    pub fn blocking(self) -> Each<Self> {
        Each { stream: Some(self) }
    }
}

impl<T> Items<'_, T> {
    /// Returns a blocking iterator over the items, for a program that has no async runtime.
    pub fn blocking(self) -> Each<Self> {
        Each { stream: Some(self) }
    }
}

/// Returns the runtime of the process, unless the caller is inside an async runtime.
fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

    if Handle::try_current().err().is_none_or(|error| !error.is_missing_context()) {
        return Err(Error::invalid(
            "a blocking call was made inside an async runtime: await `send()` instead, \
             or make the call on a thread of its own (`std::thread::spawn`)",
        ));
    }
    let start = || {
        Builder::new_multi_thread().worker_threads(1).thread_name("prumo").enable_all().build().ok()
    };
    RUNTIME
        .get_or_init(start)
        .as_ref()
        .ok_or_else(|| Error::invalid("no thread can be started on this machine"))
}

#[cfg(test)]
mod tests {
    use super::wait;
    use crate::error::Error;

    #[test]
    fn what_is_waited_for_comes_on_every_thread() {
        let threads = (0..8).map(|idx| {
            std::thread::spawn(move || {
                wait(async move {
                    tokio::task::yield_now().await;
                    Ok(idx)
                })
            })
        });
        let came: Result<Vec<i32>, Error> =
            threads.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(came.unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[tokio::test]
    async fn inside_of_a_runtime_it_is_an_error_and_on_a_thread_of_its_own_it_is_none() {
        let error = wait(async { Ok(()) }).unwrap_err();
        assert!(
            error.is_invalid_request() && error.to_string().contains("await `send()` instead"),
            "{error}"
        );
        let blocking = tokio::task::spawn_blocking(|| wait(async { Ok(()) }).is_err());
        assert!(blocking.await.unwrap());
        assert!(
            std::thread::spawn(|| wait(async { Ok(7) }))
                .join()
                .unwrap()
                .is_ok_and(|came| came == 7)
        );
    }
}
