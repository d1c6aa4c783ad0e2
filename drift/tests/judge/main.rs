//! Tests the judge from outside: rules, laws, constructs of OpenAPI, hostile input.
#![expect(
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "a table is as long as its rows, and a test fails by panicking"
)]

mod acme;
mod bodies;
mod bytes;
mod contracts;
mod coverage;
mod documents;
mod foreign;
mod habits;
mod har;
mod headers;
mod hostile;
mod hosts;
mod laws;
mod media;
mod mutations;
mod openapi;
mod orders;
mod paging;
mod parameters;
mod printed;
mod refused;
mod requests;
mod routes;
mod rules;
mod severity;
mod suggestions;
mod suite;
mod targets;
mod undecided;
mod webhooks;
mod wording;
