//! Reads every ticket that changed since a time, page by page (sincronizar os chamados alterados).
//!
//! ```text
//! TOMTICKET_TOKEN=… cargo run -p tomticket-v2 --features rustls --example sync_changed_tickets -- "2026-11-21 00:00:00-0300"
//! ```

use tomticket_v2::{Client, Error, OffsetDateTimeFilter};

/// The ids of the tickets that changed at `since` or later; at most 90 days back.
///
/// A job that goes on after a crash where it stopped stores the text of `tickets.cursor()` beside
/// what it has read, and starts with `.items().resume(&cursor)`.
pub async fn changed_since(
    client: &Client,
    since: OffsetDateTimeFilter,
) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    let mut tickets = client.ticket_list().last_update_ge(since).items();
    while let Some(ticket) = tickets.next().await {
        ids.push(ticket?.id);
    }
    Ok(ids)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let since = std::env::args()
        .nth(1)
        .ok_or("give the time since which, such as 2026-11-21 00:00:00-0300")?;
    let client = Client::builder().bearer(std::env::var("TOMTICKET_TOKEN")?).build()?;
    for id in changed_since(&client, since.parse()?).await? {
        println!("{id}");
    }
    Ok(())
}
