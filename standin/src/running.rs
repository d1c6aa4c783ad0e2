//! Accepts connections of a running stand-in, and gives access to its requests and faults.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::mpsc::Receiver;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};

use crate::courier::{self, Address, Delivery};
use crate::credentials::Credentials;
use crate::fault::Fault;
use crate::received::Received;
use crate::serve::serve;
use crate::setup::Subject;
use crate::shared::Shared;
use crate::vendor::{Auth, Vendor};
use crate::webhook::Post;

/// A running stand-in; dropping it ends it.
pub struct Running {
    shared: Arc<Shared>,
    address: SocketAddr,
    task: AbortHandle,
}

impl Running {
    /// Starts to accept connections; the handle completes when that ends.
    pub(crate) fn new(
        listener: TcpListener,
        address: SocketAddr,
        shared: Arc<Shared>,
        webhooks: Receiver<(Post, Address)>,
    ) -> (Self, JoinHandle<()>) {
        let taking = tokio::spawn(accept(listener, Arc::clone(&shared), webhooks));
        (Self { shared, address, task: taking.abort_handle() }, taking)
    }

    /// Returns its base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.shared.setup.url.clone()
    }

    /// Returns its address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the credentials of its only account.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.shared.setup.credentials
    }

    /// Returns a valid token; for HubSoft a new one.
    #[must_use]
    pub fn token(&self) -> String {
        match &self.shared.setup.subject {
            Subject::Vendor(Vendor { auth: Auth::Login(_), .. }, _) => {
                self.shared.world().tokens.issue(self.shared.setup.clock.now())
            }
            Subject::Vendor(..) | Subject::Spec(_) => self.shared.setup.credentials.token.clone(),
        }
    }

    /// Returns the credentials of its account in lines for a person to read; empty if none is
    /// needed.
    ///
    /// The default credentials are made up, so they may be shown.
    #[must_use]
    pub fn opened_by(&self) -> Vec<String> {
        let credentials = self.credentials();
        let mut lines = match &self.shared.setup.subject {
            Subject::Vendor(Vendor { auth: Auth::Login(_), .. }, _) => vec![
                format!(
                    "client_id {}, client_secret {}",
                    credentials.client_id, credentials.client_secret
                ),
                credentials.user(),
                format!("token {}", self.token()),
            ],
            Subject::Vendor(..) => vec![format!("token {}", credentials.token)],
            Subject::Spec(spec) => spec.opened_by(credentials),
        };
        if self.shared.setup.webhooks_to.is_some() {
            lines.push(format!("webhook secret {}", credentials.webhook_secret));
        }
        lines
    }

    /// Expires all tokens that HubSoft issued.
    pub fn expire_tokens(&self) {
        let now = self.shared.setup.clock.now();
        self.shared.world().tokens.expire_all(now);
    }

    /// Returns the newest 2,000 requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.shared.world().log.all()
    }

    /// Forgets all requests so far.
    pub fn forget_requests(&self) {
        self.shared.world().log.clear();
    }

    /// Returns the newest 2,000 webhooks that were sent, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.outbox().sent()
    }

    /// Forgets records, tokens, requests, faults and deliveries, and begins anew with the same
    /// seed.
    pub fn reset(&self) {
        let start = self.shared.world().start;
        self.shared.reset(start);
    }

    /// Counts how often the work of an operation was done, even if the client got an error.
    #[must_use]
    pub fn n_done(&self, operation: &str) -> u64 {
        self.shared.world().done.get(operation).copied().unwrap_or_default()
    }

    /// Returns whether the spec has an operation of this `operationId`.
    #[must_use]
    pub fn has_operation(&self, id: &str) -> bool {
        self.shared.has_operation(id)
    }

    /// Returns the faults.
    #[must_use]
    pub fn faults(&self) -> Faults<'_> {
        Faults { shared: &self.shared }
    }

    /// Ends the stand-in and its connections; so does dropping it.
    pub fn shutdown(self) {}
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The faults of a stand-in.
pub struct Faults<'s> {
    shared: &'s Shared,
}

impl Faults<'_> {
    /// Adds a fault.
    pub fn add(&self, fault: Fault) {
        self.shared.world().faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.shared.world().faults.clear();
    }

    /// Returns the faults that have hits left.
    #[must_use]
    pub fn left(&self) -> Vec<Fault> {
        self.shared.world().faults.all()
    }
}

/// Accepts connections and sends webhooks until it is aborted, which ends them all.
async fn accept(listener: TcpListener, shared: Arc<Shared>, webhooks: Receiver<(Post, Address)>) {
    let mut connections = JoinSet::new();
    connections.spawn(deliver(webhooks, Arc::clone(&shared)));
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that breaks before it is accepted is no reason to end.
                let Ok((stream, _)) = accepted else { continue };
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    let service = service_fn(|request| serve(Arc::clone(&shared), request));
                    // The client sees that a connection broke; many break on request.
                    let _ = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(shared.setup.idle_timeout)
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
            Some(_) = connections.join_next() => (),
        }
    }
}

/// Sends webhooks until it is aborted.
async fn deliver(mut waiting: Receiver<(Post, Address)>, shared: Arc<Shared>) {
    while let Some((post, to)) = waiting.recv().await {
        let status = courier::send(&post, &to).await.ok();
        shared.keep_delivery(&post.webhook, status);
    }
}
