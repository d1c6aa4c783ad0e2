#![doc = include_str!("../README.md")]
//!
//! # Invariants
//!
//! * Whatever it answers, but for faults, is what the spec promises: judged by
//!   `prumo-drift`, its own answers have no finding.
//! * The same seed, clock and requests give the same answers.
//! * Its memory is bounded, however many requests come.
//! * Everything in it is invented. No `Debug` shows what came, or a secret.

mod answer;
mod arguments;
mod chance;
mod change;
mod check;
mod clock;
mod credentials;
mod fact;
mod fault;
mod paging;
mod received;
mod record;
mod refusal;
mod running;
mod serve;
mod shelf;
mod store;
mod tell;
mod turn;
mod vendor;
mod words;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use change::Change;
pub use clock::Clock;
pub use credentials::Credentials;
pub use fault::{Fault, FaultError, Refused};
pub use received::Received;
pub use running::{Faults, Running};

use serve::Shared;
use vendor::Vendor;
use world::{Setup, World};

/// HubSoft's tokens are good for 30 days.
const TOKEN_LIFETIME: Duration = Duration::from_secs(2_592_000);

/// A stand-in that does not run yet.
#[derive(Clone)]
pub struct StandIn {
    vendor: &'static Vendor,
    credentials: Credentials,
    clock: Clock,
    seed: u64,
    token_lifetime: Duration,
    is_limited: bool,
    is_controlled: bool,
    page_size: Option<u64>,
    n_tickets: usize,
    port: u16,
}

impl StandIn {
    /// HubSoft.
    #[must_use]
    pub fn hubsoft() -> Self {
        Self::of(&vendor::HUBSOFT)
    }

    /// TomTicket's first generation.
    #[must_use]
    pub fn tomticket_v1() -> Self {
        Self::of(&vendor::TOMTICKET_V1)
    }

    /// TomTicket's second generation.
    #[must_use]
    pub fn tomticket_v2() -> Self {
        Self::of(&vendor::TOMTICKET_V2)
    }

    /// The vendor of the spec of this name: `hubsoft`, `tomticket-v1` or `tomticket-v2`.
    #[must_use]
    pub fn named(spec: &str) -> Option<Self> {
        let vendors = [&vendor::HUBSOFT, &vendor::TOMTICKET_V1, &vendor::TOMTICKET_V2];
        vendors.into_iter().find(|vendor| vendor.name == spec).map(Self::of)
    }

    fn of(vendor: &'static Vendor) -> Self {
        Self {
            vendor,
            credentials: Credentials::made_up(),
            clock: Clock::system(),
            seed: 1,
            token_lifetime: TOKEN_LIFETIME,
            is_limited: true,
            is_controlled: false,
            page_size: None,
            n_tickets: 3,
            port: 0,
        }
    }

    /// What its account logs in with.
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        Self { credentials, ..self }
    }

    /// What time it is; the system's clock unless it is told otherwise.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// What everything that is drawn depends on: ids, made-up answers, faults by chance.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How long a token of HubSoft's is good; 30 days unless it is told otherwise.
    #[must_use]
    pub fn token_lifetime(self, token_lifetime: Duration) -> Self {
        Self { token_lifetime, ..self }
    }

    /// Takes as many requests as come; TomTicket takes three a second.
    #[must_use]
    pub fn unlimited(self) -> Self {
        Self { is_limited: false, ..self }
    }

    /// Takes faults over HTTP, at `/__standin/faults`.
    #[must_use]
    pub fn controlled(self) -> Self {
        Self { is_controlled: true, ..self }
    }

    /// How many items a page has where the request does not say it; TomTicket's 50 are the spec's.
    #[must_use]
    pub fn page_size(self, size: u64) -> Self {
        Self { page_size: Some(size), ..self }
    }

    /// How many tickets are there from the start; 3 unless it is told otherwise.
    #[must_use]
    pub fn tickets(self, n_tickets: usize) -> Self {
        Self { n_tickets, ..self }
    }

    /// The port on loopback; any that is free unless it is told otherwise.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Starts it on loopback, within the runtime that this is called in.
    ///
    /// # Errors
    ///
    /// The port is taken.
    pub async fn start(self) -> std::io::Result<Running> {
        self.begin().await.map(|(running, _)| running)
    }

    /// Starts it on loopback in a thread of its own, for a caller that is not asynchronous.
    ///
    /// # Errors
    ///
    /// The port is taken, or there is no thread to be had.
    pub fn start_in_thread(self) -> std::io::Result<Running> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (running, taking) = runtime.block_on(self.begin())?;
        // It ends when it is dropped, which is what `taking` waits for.
        std::thread::Builder::new().name("prumo-standin".to_owned()).spawn(move || {
            let _ = runtime.block_on(taking);
        })?;
        Ok(running)
    }

    async fn begin(self) -> std::io::Result<(Running, JoinHandle<()>)> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))).await?;
        let address = listener.local_addr()?;
        let setup = Setup {
            vendor: self.vendor,
            prepared: self.vendor.prepared()?,
            credentials: self.credentials,
            clock: self.clock,
            seed: self.seed,
            page_size: self.page_size,
            is_limited: self.is_limited,
            is_controlled: self.is_controlled,
            url: format!("http://{address}"),
        };
        let world = World::new(&setup, self.token_lifetime, self.n_tickets);
        Ok(Running::new(listener, address, Arc::new(Shared::new(setup, world))))
    }
}

impl std::fmt::Debug for StandIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StandIn").field("vendor", &self.vendor.name).finish_non_exhaustive()
    }
}
