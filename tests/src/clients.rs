//! The table of typed clients: how each is made for a test, and how an operation of it is called.

use std::future::Future;
use std::pin::Pin;

use prumo_runtime::{Dispatched, Error, Operation};
use serde_json::{Map, Value};

/// The secret that every client is given in tests; nothing may ever show it.
pub const PLANTED_SECRET: &str = "prumo-planted-c0ffee-secret";

/// A call on its way.
pub type Call<'a> = Pin<Box<dyn Future<Output = Result<Dispatched, Error>> + Send + 'a>>;

/// What is called, and with what.
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
    /// Calls an operation at a base URL, with [`PLANTED_SECRET`] for every credential.
    pub call: for<'a> fn(base_url: &'a str, operation: &'a str, request: &'a Request) -> Call<'a>,
    /// Reads what the vendor sent to a webhook into its type, and writes it again; none if there is no such webhook.
    pub webhook: fn(operation: &str, body: &Value) -> Option<serde_json::Result<Value>>,
    /// The client's `Debug`, with the secret inside.
    pub debug: fn(base_url: &str) -> Result<String, Error>,
}

/// A row: the crate, the builder's methods that take a credential, and the type of each webhook's body.
macro_rules! client {
    ($name:literal, $client:ident, $($credential:ident),+ $(; $webhook:ident => $body:ident)*) => {
        Client {
            name: $name,
            operations: $client::OPERATIONS,
            call: |base_url, operation, request| {
                Box::pin(async move {
                    // One attempt: what was recorded is one answer.
                    let once = $client::RetryPolicy::never();
                    let builder = $client::Client::builder().base_url(base_url).retry(once)$(.$credential(PLANTED_SECRET))+;
                    let client = builder.build()?;
                    $client::dispatch::dispatch(&client, operation, &request.arguments, request.body.as_ref()).await
                })
            },
            webhook: |operation, body| match operation {
                $(stringify!($webhook) => Some(
                    serde_json::from_value::<$client::types::$body>(body.clone()).and_then(serde_json::to_value),
                ),)*
                _ => {
                    let _ = body;
                    None
                }
            },
            debug: |base_url| {
                let builder = $client::Client::builder().base_url(base_url)$(.$credential(PLANTED_SECRET))+;
                Ok(format!("{builder:?} {builder:#?} {0:?} {0:#?}", builder.clone().build()?))
            },
        }
    };
}

/// Every client, in the order of their names.
pub const CLIENTS: &[Client] = &[
    client!("hubsoft", hubsoft, bearer),
    client!("tomticket-v1", tomticket_v1, token),
    client!("tomticket-v2", tomticket_v2, bearer; webhook_notification => WebhookNotification),
];

/// The client of a spec.
pub fn of(spec: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.name == spec)
}

impl Client {
    /// The operation of this id.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}
