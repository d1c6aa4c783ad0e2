//! Counts the alerts in force (alertas), in a program without an async runtime.
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features blocking,rustls --example blocking
//! ```

use hubsoft::{Client, Error};

/// Reads all alerts, page after page, and gives their number.
pub fn count_alerts(client: &Client) -> Result<usize, Error> {
    let mut n_alerts = 0;
    for alert in client.consultar_alertas().quantidade(100).items().blocking() {
        alert?;
        n_alerts += 1;
    }
    Ok(n_alerts)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    let states = client.consultar_status_atendimento().send_blocking()?;
    println!("{} alerts; an answer of {} bytes", count_alerts(&client)?, states.raw_body().len());
    Ok(())
}
