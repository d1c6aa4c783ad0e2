//! What generated code calls around each request.
//!
//! A generated client implements [`ClientInfo`]; its implementation of
//! [`ClientHooks`] is empty, because all that the hooks do is in their
//! defaults and driven by the tables in [`Inner`].

use std::future::Future;

use crate::error::Error;
use crate::inner::Inner;
use crate::reply::Reply;

/// What a generated client says of itself.
pub trait ClientInfo<I> {
    /// The `info.version` of the spec.
    fn api_version() -> &'static str;

    /// The base URL, without a slash at its end.
    fn baseurl(&self) -> &str;

    /// The HTTP client underneath.
    fn client(&self) -> &reqwest::Client;

    /// The client's state.
    fn inner(&self) -> &I;
}

/// Names the operation that is being called.
#[derive(Clone, Copy, Debug)]
pub struct OperationInfo {
    /// The name of the client's method, see [`Operation::rust_name`](crate::Operation::rust_name).
    pub operation_id: &'static str,
}

/// The steps around one request, in the order `pre`, `exec`, `post`.
#[doc(hidden)]
pub trait ClientHooks<I = Inner>: ClientInfo<I> + Sync
where
    I: AsRef<Inner> + Sync + 'static,
{
    /// Before sending.
    fn pre(
        &self,
        _request: &mut reqwest::Request,
        _info: &OperationInfo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        std::future::ready(Ok(()))
    }

    /// Puts the credentials in, sends, and turns a refusal into an error.
    fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> impl Future<Output = Result<Reply, Error>> + Send {
        execute(self.client(), self.inner().as_ref(), request, *info)
    }

    /// After the answer's head.
    fn post(
        &self,
        _result: &Result<Reply, Error>,
        _info: &OperationInfo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        std::future::ready(Ok(()))
    }
}

async fn execute(
    http: &reqwest::Client,
    inner: &Inner,
    mut request: reqwest::Request,
    info: OperationInfo,
) -> Result<Reply, Error> {
    let operation = inner.operation(info.operation_id)?;
    inner.prepare(operation, &mut request).map_err(|error| error.in_operation(operation.id))?;
    let response =
        http.execute(request).await.map_err(|error| Error::from(error).in_operation(operation.id))?;
    Reply::receive(inner.clone(), operation, response).await
}
