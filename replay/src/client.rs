//! Describes a generated client to its tests: how it is built, and how its operations are called.
//!
//! The generator writes one row per client, with [`client!`](crate::client).

use std::future::Future;
use std::pin::Pin;

use anyhow::Context;
use prumo_runtime::{Dispatched, Error, Operation};
use prumo_spec::openapi::{self, Envelope};
use prumo_spec::{Document, DocumentError, Method, OpenApi};
use serde_json::{Map, Value};

/// The secret of every client in tests; no text may ever show it.
pub const PLANTED_SECRET: &str = "prumo-planted-c0ffee-secret";

/// The future of a call.
pub type Call<'a> = Pin<Box<dyn Future<Output = Result<Dispatched, Error>> + Send + 'a>>;

/// The future of a list that is read page by page.
pub type Items<'a> = Pin<Box<dyn Future<Output = Result<Vec<Value>, Error>> + Send + 'a>>;

/// The arguments of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Parameters by their wire names.
    pub arguments: Map<String, Value>,
    /// The body, as the JSON form of its type.
    pub body: Option<Value>,
}

/// One client.
pub struct Client {
    /// The spec's name.
    pub name: &'static str,
    /// Its operations.
    pub operations: &'static [Operation],
    /// Returns the spec, read on the first call.
    pub document: fn() -> &'static Result<Document, DocumentError>,
    /// Calls an operation at a base URL once, with [`PLANTED_SECRET`] for every credential.
    pub call: for<'a> fn(base_url: &'a str, operation: &'a str, request: &'a Request) -> Call<'a>,
    /// Reads a paged list at a base URL to its end.
    pub items: for<'a> fn(base_url: &'a str, operation: &'a str, request: &'a Request) -> Items<'a>,
    /// Reads a webhook's body into its type and writes it again; `None` for an unknown webhook.
    pub webhook: fn(operation: &str, body: &Value) -> Option<serde_json::Result<Value>>,
    /// Shows the client and its builder with the secret inside, as `Debug` does.
    pub debug: fn(base_url: &str) -> Result<String, Error>,
}

impl Client {
    /// Returns the operation with this id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Returns the spec.
    ///
    /// # Errors
    ///
    /// The spec is no document.
    pub fn spec(&self) -> anyhow::Result<OpenApi<'static>> {
        let document = (self.document)().as_ref();
        Ok(OpenApi::new(
            document.with_context(|| format!("failed to read the spec of `{}`", self.name))?,
        ))
    }

    /// Returns how responses of an operation show success or failure, by the spec.
    ///
    /// # Errors
    ///
    /// The spec is no document, or has no such operation, or its `x-envelope` can't be read.
    pub fn envelope(&self, operation: &Operation) -> anyhow::Result<Option<Envelope>> {
        Ok(described(operation, self.spec()?)?.envelope()?)
    }
}

/// Returns the spec's view of an operation.
pub(crate) fn described<'d>(
    operation: &Operation,
    spec: OpenApi<'d>,
) -> anyhow::Result<openapi::Operation<'d>> {
    let method = Method::named(operation.method);
    let described = method.and_then(|method| spec.operation(operation.path, method));
    described.with_context(|| format!("the spec has no `{}`", operation.id))
}

/// Makes a [`Client`] from a generated crate.
///
/// The crate needs its features `dispatch` and `spec`. A row names the spec, the library, how the
/// builder gets its credentials, and the type of each webhook's body.
///
/// ```text
/// prumo_replay::client! {
///     "alfa", alfa,
///     credentials: |builder| builder.token(prumo_replay::PLANTED_SECRET),
///     webhooks: {"item_changed" => alfa::types::ItemChanged},
/// }
/// ```
#[macro_export]
macro_rules! client {
    ($name:literal, $library:ident, credentials: $credentials:expr, webhooks: {$($webhook:literal => $body:ty),* $(,)?} $(,)?) => {{
        fn builder(base_url: &str) -> $library::ClientBuilder {
            let given: fn($library::ClientBuilder) -> $library::ClientBuilder = $credentials;
            given($library::Client::builder().base_url(base_url))
        }

        /// Attempts each call once, since a recording holds one response.
        fn once(base_url: &str) -> Result<$library::Client, $library::Error> {
            builder(base_url).no_rate_limit().retry($library::RetryPolicy::never()).build()
        }

        $crate::Client {
            name: $name,
            operations: $library::OPERATIONS,
            document: || {
                type Read = ::std::result::Result<$crate::prumo_spec::Document, $crate::prumo_spec::DocumentError>;
                static DOCUMENT: ::std::sync::LazyLock<Read> =
                    ::std::sync::LazyLock::new(|| $crate::prumo_spec::Document::parse($name, $library::SPEC));
                &DOCUMENT
            },
            call: |base_url, operation, request| {
                Box::pin(async move {
                    let (arguments, body) = (&request.arguments, request.body.as_ref());
                    $library::dispatch::dispatch(&once(base_url)?, operation, arguments, body).await
                })
            },
            items: |base_url, operation, request| {
                Box::pin(async move {
                    let (arguments, body) = (&request.arguments, request.body.as_ref());
                    $library::dispatch::dispatch_items(&once(base_url)?, operation, arguments, body).await
                })
            },
            webhook: |operation, body| {
                let _ = body;
                match operation {
                    $($webhook => Some(
                        $crate::serde_json::from_value::<$body>(body.clone())
                            .and_then($crate::serde_json::to_value),
                    ),)*
                    _ => None,
                }
            },
            debug: |base_url| {
                let builder = builder(base_url);
                Ok(format!("{builder:?} {builder:#?} {0:?} {0:#?}", builder.clone().build()?))
            },
        }
    }};
}
