//! Takes what TomTicket posts to a webhook (receber um webhook), as a CGI program behind any web server.
//!
//! ```text
//! cargo build -p tomticket-v2 --features webhooks --example receive_webhook
//! printf '{…}' | HTTP_X_HUB_SIGNATURE=sha1=… TOMTICKET_WEBHOOK_SECRET=… target/debug/examples/receive_webhook
//! ```

use std::io::{Read, Write};

use tomticket_v2::Secret;
use tomticket_v2::enums::{WebhookAction, WebhookType};
use tomticket_v2::types::WebhookNotification;
use tomticket_v2::webhooks::{self, WebhookError};

/// More than a notification ever has.
const MAX_BODY_BYTES: u64 = 64 * 1024;

/// Reads the notification, if its signature is right.
pub fn receive(
    secrets: &[Secret],
    signature: Option<&str>,
    body: &[u8],
) -> Result<WebhookNotification, WebhookError> {
    // There is one header to look up, and the web server has done it.
    webhooks::webhook_notification(secrets, |_header| signature, body)?.parse()
}

/// What is to be done. A notification names what changed and no more, and it may come twice: what it is
/// about has to be read anew.
pub fn task(notification: &WebhookNotification) -> String {
    let id = &notification.id;
    match (&notification.action, &notification.type_) {
        (WebhookAction::Validation, _) => format!("copy the code {id} into the panel"),
        (WebhookAction::Deleted, Some(WebhookType::Ticket)) => format!("forget the ticket {id}"),
        (WebhookAction::Deleted, Some(WebhookType::Customer)) => {
            format!("forget the customer {id}")
        }
        (_, Some(WebhookType::Ticket)) => format!("read the ticket {id}"),
        (_, Some(WebhookType::Customer)) => format!("read the customer {id}"),
        _ => format!("look what {id} is"),
    }
}

/// The HTTP status of the answer. The vendor does not repeat a call, whatever it is.
pub fn status(error: &WebhookError) -> &'static str {
    if error.is_signature() {
        "401 Unauthorized"
    } else if error.is_body() {
        "400 Bad Request"
    } else {
        "500 Internal Server Error"
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // While the secret is being replaced, the old one and the new one, with a blank between them.
    let secrets = std::env::var("TOMTICKET_WEBHOOK_SECRET")?;
    let secrets: Vec<Secret> = secrets.split_whitespace().map(Secret::from).collect();
    let signature = std::env::var("HTTP_X_HUB_SIGNATURE").ok();
    let mut body = Vec::new();
    std::io::stdin().take(MAX_BODY_BYTES).read_to_end(&mut body)?;

    let mut answer = std::io::stdout();
    match receive(&secrets, signature.as_deref(), &body) {
        Ok(notification) => {
            eprintln!("{}", task(&notification));
            write!(answer, "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nSuccess.")?;
        }
        Err(error) => {
            eprintln!("{error}");
            write!(answer, "Status: {}\r\n\r\n", status(&error))?;
        }
    }
    Ok(())
}
