//! Answers a ticket as an operator and closes it (responder e finalizar um chamado).
//!
//! ```text
//! TOMTICKET_TOKEN=… cargo run -p tomticket-v2 --features rustls --example close_ticket -- <ticket id> "Resolvido."
//! ```

use tomticket_v2::{Client, Error};

/// Answers the ticket, then finishes it.
///
/// TomTicket takes a reply to a ticket that nobody is in charge of for one of the customer, without a word of
/// it. So the operator is linked to it first; a refusal of that means that somebody is in charge already.
pub async fn answer_and_close(
    client: &Client,
    ticket_id: &str,
    operator_id: Option<&str>,
    message: &str,
) -> Result<(), Error> {
    if let Some(operator_id) = operator_id {
        let linked = client
            .ticket_operator_link()
            .ticket_id(ticket_id)
            .operator_id(operator_id)
            .send()
            .await;
        match linked {
            Err(error) if !error.is_vendor() => return Err(error),
            _ => {}
        }
    }
    client.ticket_reply_operator().ticket_id(ticket_id).message(message).send().await?;
    client.ticket_finish().ticket_id(ticket_id).message(message).send().await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(ticket_id), Some(message)) = (arguments.next(), arguments.next()) else {
        return Err("give the ticket's id and the answer".into());
    };
    let client = Client::builder().bearer(std::env::var("TOMTICKET_TOKEN")?).build()?;
    let operator_id = std::env::var("TOMTICKET_OPERATOR").ok();
    answer_and_close(&client, &ticket_id, operator_id.as_deref(), &message).await?;
    Ok(())
}
