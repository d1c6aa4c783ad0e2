//! Tests the typed clients against the stand-in.
//!
//! The common tasks run with the same code against the stand-in and against a server on loopback
//! that answers as recorded. The other tests need a vendor with state: a ticket's life, a login
//! that expires, a connection that is cut after the work is done.

#![expect(
    clippy::print_stdout,
    unreachable_pub,
    reason = "the examples are separate programs, which print text"
)]

#[path = "../../generated/hubsoft/examples/attach_file.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod attach_file;
#[path = "standin/chamados.rs"]
mod chamados;
#[path = "../../generated/tomticket-v2/examples/close_ticket.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod close_ticket;
#[path = "../../generated/hubsoft/examples/dunning_list.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod dunning_list;
#[path = "../../generated/hubsoft/examples/expired_contracts.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod expired_contracts;
#[path = "standin/faults.rs"]
mod faults;
#[path = "standin/lives.rs"]
mod lives;
#[path = "../../generated/tomticket-v1/examples/new_ticket.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod open_chamado;
#[path = "../../generated/hubsoft/examples/open_ticket.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod open_ticket;
#[path = "../../generated/hubsoft/examples/open_work_orders.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod open_work_orders;
#[path = "standin/pages.rs"]
mod pages;
#[path = "../../generated/tomticket-v1/examples/read_ticket.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod read_chamado;
#[path = "standin/readme.rs"]
mod readme;
#[path = "standin/reports.rs"]
mod reports;
#[path = "../../generated/hubsoft/examples/reschedule_work_order.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod reschedule_work_order;
#[path = "../../generated/tomticket-v2/examples/sync_changed_tickets.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod sync_changed_tickets;
#[path = "standin/tasks.rs"]
mod tasks;
#[path = "standin/webhooks.rs"]
mod webhooks;

use prumo_standin::{Running, StandIn};

/// Starts a stand-in without a rate limit.
async fn start(stand_in: StandIn) -> Running {
    stand_in.unlimited().start().await.expect("a free port")
}

/// Makes HubSoft's client with a token.
fn hubsoft(server: &Running) -> hubsoft::Client {
    let builder = hubsoft::Client::builder().base_url(server.url()).bearer(server.token());
    builder.build().expect("a client")
}

/// Makes a client of TomTicket v2 that leaves the rate limit to the server.
fn tomticket(server: &Running) -> tomticket_v2::Client {
    let builder = tomticket_v2::Client::builder().base_url(server.url()).bearer(server.token());
    builder.no_rate_limit().build().expect("a client")
}
