//! Finds a client in the table that `generate` writes.

use prumo_replay::Client;

pub use prumo_clients::CLIENTS;

/// Returns the client of a spec, or `None` if there is none.
#[must_use]
pub fn of(spec: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.name == spec)
}
