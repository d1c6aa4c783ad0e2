#![doc = include_str!("../README.md")]
//!
//! # Invariants
//!
//! * Every answer but those of faults is what the spec promises: judged by
//!   `prumo-drift`, it has no finding.
//! * The same seed, clock and requests give the same answers.
//! * Its memory is bounded, however many requests come.
//! * Everything in it is invented. No `Debug` shows a request's content or a secret.

mod answer;
mod arguments;
mod asked;
mod chance;
mod change;
mod check;
mod clock;
mod control;
mod courier;
mod credentials;
mod envelope;
mod fact;
mod fault;
mod paging;
mod received;
mod record;
mod refusal;
mod running;
mod serve;
mod setup;
mod shared;
mod shelf;
mod stateless;
mod store;
mod tell;
mod turn;
mod vendor;
mod webhook;
mod words;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use prumo_drift::contract::Operation;
use prumo_spec::openapi::OpenApi;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use change::Change;
pub use clock::Clock;
pub use courier::Delivery;
pub use credentials::Credentials;
pub use fault::{Fault, FaultError, Refused};
pub use prumo_drift::{Document, DocumentError, SpecError};
pub use received::Received;
pub use running::{Faults, Running};

use arguments::Arguments;
use courier::{Address, Outbox};
use setup::{Setup, Start, Subject};
use shared::Shared;
use stateless::Stateless;
use vendor::Vendor;
use world::World;

/// The vendors that it knows the habits of.
const VENDORS: [&Vendor; 3] = [&vendor::HUBSOFT, &vendor::TOMTICKET_V1, &vendor::TOMTICKET_V2];

/// The lifetime of HubSoft's tokens: 30 days.
const TOKEN_LIFETIME: Duration = Duration::from_secs(2_592_000);

/// The default time after which a connection ends on which nothing comes.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Configures a stand-in before it runs.
#[derive(Clone)]
pub struct StandIn {
    source: Source,
    credentials: Credentials,
    clock: Clock,
    start: Start,
    is_limited: bool,
    is_controlled: bool,
    page_size: Option<u64>,
    idle_timeout: Duration,
    webhooks_to: Option<String>,
    port: u16,
}

/// The source of the answers; a vendor's spec is read when the stand-in starts.
#[derive(Clone)]
enum Source {
    Vendor(&'static Vendor),
    Spec(Arc<Stateless>),
}

impl StandIn {
    /// Stands in for HubSoft.
    #[must_use]
    pub fn hubsoft() -> Self {
        Self::of(Source::Vendor(&vendor::HUBSOFT))
    }

    /// Stands in for TomTicket's first generation.
    #[must_use]
    pub fn tomticket_v1() -> Self {
        Self::of(Source::Vendor(&vendor::TOMTICKET_V1))
    }

    /// Stands in for TomTicket's second generation.
    #[must_use]
    pub fn tomticket_v2() -> Self {
        Self::of(Source::Vendor(&vendor::TOMTICKET_V2))
    }

    /// Stands in for the vendor of this name, one of [`StandIn::names`]; `None` for any other.
    #[must_use]
    pub fn named(vendor: &str) -> Option<Self> {
        let known = VENDORS.into_iter().find(|known| known.name == vendor)?;
        Some(Self::of(Source::Vendor(known)))
    }

    /// Returns the names that [`StandIn::named`] knows: `hubsoft`, `tomticket-v1` and
    /// `tomticket-v2`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        VENDORS.into_iter().map(|vendor| vendor.name)
    }

    /// Serves an OpenAPI 3.0 document, without state.
    ///
    /// A schema that the judge cannot use stands for any value; [`StandIn::taken_out`] lists them.
    ///
    /// ```
    /// use prumo_standin::{Document, StandIn};
    ///
    /// let spec = r#"
    /// openapi: 3.0.3
    /// paths:
    ///   /pets/{id}:
    ///     get:
    ///       parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    ///       responses:
    ///         "200":
    ///           content: {application/json: {example: {name: Rex}}}
    /// "#;
    /// let stand_in = StandIn::of_spec(&Document::parse("alfa.yaml", spec)?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The judge cannot use the document: another version of OpenAPI, or something malformed.
    pub fn of_spec(document: &Document) -> Result<Self, SpecError> {
        Ok(Self::of(Source::Spec(Arc::new(Stateless::read(document)?))))
    }

    /// Returns the constructs of the spec that are not served, each with file, line and pointer.
    #[must_use]
    pub fn taken_out(&self) -> &[SpecError] {
        match &self.source {
            Source::Vendor(_) => &[],
            Source::Spec(spec) => &spec.taken_out,
        }
    }

    fn of(source: Source) -> Self {
        Self {
            source,
            credentials: Credentials::made_up(),
            clock: Clock::system(),
            start: Start { seed: 1, n_tickets: None, token_lifetime: TOKEN_LIFETIME },
            is_limited: true,
            is_controlled: false,
            page_size: None,
            idle_timeout: IDLE_TIMEOUT,
            webhooks_to: None,
            port: 0,
        }
    }

    /// Sets the credentials of its only account.
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        Self { credentials, ..self }
    }

    /// Sets the clock; the default is the system's.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Sets the seed of ids, made-up answers and faults by chance; the default is 1.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { start: Start { seed, ..self.start }, ..self }
    }

    /// Sets the lifetime of HubSoft's tokens; the default is 30 days.
    #[must_use]
    pub fn token_lifetime(self, token_lifetime: Duration) -> Self {
        Self { start: Start { token_lifetime, ..self.start }, ..self }
    }

    /// Lifts the rate limit of the spec, such as TomTicket's three requests a second.
    #[must_use]
    pub fn unlimited(self) -> Self {
        Self { is_limited: false, ..self }
    }

    /// Accepts faults, resets and orders to send webhooks over HTTP, below `/__standin`.
    #[must_use]
    pub fn controlled(self) -> Self {
        Self { is_controlled: true, ..self }
    }

    /// Sets the number of items of a page where the request names none; the default is the spec's.
    #[must_use]
    pub fn page_size(self, size: u64) -> Self {
        Self { page_size: Some(size), ..self }
    }

    /// Sets the number of tickets from the start; the default is 3.
    ///
    /// Without state it is the number of items of each paged list, by default those of the spec's
    /// example, or 5.
    #[must_use]
    pub fn tickets(self, n_tickets: usize) -> Self {
        Self { start: Start { n_tickets: Some(n_tickets), ..self.start }, ..self }
    }

    /// Sets the time after which a connection ends on which nothing comes, within a request or
    /// between two; the default is 30 s.
    #[must_use]
    pub fn idle_timeout(self, idle_timeout: Duration) -> Self {
        Self { idle_timeout, ..self }
    }

    /// Sets the receiver of webhooks, such as `http://127.0.0.1:8080/hook`.
    ///
    /// TomTicket's second generation posts what changes, signed with
    /// [`Credentials::webhook_secret`], and a validation when it starts. The other vendors have no
    /// webhooks; those of a spec are sent on request.
    #[must_use]
    pub fn webhooks_to(self, url: impl Into<String>) -> Self {
        Self { webhooks_to: Some(url.into()), ..self }
    }

    /// Sets the port on loopback; the default is any free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Starts the server on loopback, within the current runtime.
    ///
    /// # Errors
    ///
    /// The port is taken, or the receiver of webhooks is not a URL of plain HTTP.
    pub async fn start(self) -> std::io::Result<Running> {
        self.begin().await.map(|(running, _)| running)
    }

    /// Starts the server on loopback in a thread of its own, for a caller that is not asynchronous.
    ///
    /// # Errors
    ///
    /// The port is taken, no thread can be started, or the receiver of webhooks is not a URL of
    /// plain HTTP.
    pub fn start_in_thread(self) -> std::io::Result<Running> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (running, taking) = runtime.block_on(self.begin())?;
        // `taking` ends when `running` is dropped.
        std::thread::Builder::new().name("prumo-standin".to_owned()).spawn(move || {
            let _ = runtime.block_on(taking);
        })?;
        Ok(running)
    }

    async fn begin(self) -> std::io::Result<(Running, JoinHandle<()>)> {
        let listener =
            TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
        let address = listener.local_addr()?;
        let subject = match self.source {
            Source::Vendor(vendor) => Subject::Vendor(vendor, vendor.prepared()?),
            Source::Spec(spec) => Subject::Spec(spec),
        };
        let webhooks_to = self.webhooks_to.as_deref().map(Address::parse).transpose();
        let webhooks_to = webhooks_to.map_err(std::io::Error::other)?;
        let setup = Setup {
            subject,
            credentials: self.credentials,
            clock: self.clock,
            page_size: self.page_size,
            is_limited: self.is_limited,
            is_controlled: self.is_controlled,
            idle_timeout: self.idle_timeout,
            webhooks_to,
            url: format!("http://{address}"),
        };
        let world = World::new(&setup, self.start);
        let (outbox, waiting) = Outbox::new();
        let shared = Arc::new(Shared::new(setup, world, outbox));
        shared.notify(&mut shared.world(), "", &Arguments::default(), &Value::Null);
        Ok(Running::new(listener, address, shared, waiting))
    }
}

impl std::fmt::Debug for StandIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match &self.source {
            Source::Vendor(vendor) => vendor.name,
            Source::Spec(spec) => spec.name(),
        };
        formatter.debug_struct("StandIn").field("name", &name).finish_non_exhaustive()
    }
}

/// Returns the examples that a document has of an answer: those of the whole answer, in the order
/// of the document, then what the examples of its schema's parts make together.
///
/// * `status`: as the document has it, such as `200` or `4XX`.
/// * `media_type`: in lower case, without parameters.
#[must_use]
pub fn examples(
    document: &Document,
    operation: &Operation,
    status: &str,
    media_type: &str,
) -> Vec<Value> {
    let found = stateless::examples::of(OpenApi::new(document), operation, status, media_type);
    found.whole.into_iter().chain(found.parts).collect()
}
