//! Adds, changes and finds TomTicket's customers, and keeps their permissions.

use serde_json::Value;

use super::{customer, newest_first};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

/// Fields of the forms, and the facts that they set.
const FIELDS: &[(&str, &str)] =
    &[("name", "name"), ("email", "email"), ("phone", "phone"), ("internal_id", "internal_id")];

/// Stores a customer.
pub(super) fn keep(
    turn: &mut Turn<'_>,
    internal_id: &str,
    name: &str,
    email: Option<&str>,
    phone: Option<&str>,
    organization: Option<Key>,
) -> Key {
    let number = turn.store.all("customer").count() as u64 + 1;
    let id = turn.hex_id("customer", number);
    let now = turn.now;
    turn.store.add("customer", 1, |_| {
        Facts::new()
            .with("id", id)
            .with("internal_id", internal_id)
            .with("name", name)
            .with("email", email)
            .with("phone", phone)
            .with("monthly_ticket_quota", Value::Null)
            .with("allow_create_tickets", true)
            .with("allowed_create_tickets", true)
            .with("email_validated", true)
            .with("active", true)
            .with("account_approved", true)
            .with("organization", organization.map_or_else(nobody, Fact::Link))
            .with("creation_date", now)
            .with("custom_fields", Vec::new())
    })
}

/// Returns the object for a related record that is absent.
pub(super) fn nobody() -> Fact {
    Fact::Own(Facts::new().with("id", Value::Null).with("name", Value::Null))
}

pub(super) fn add(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let id = turn.must("customer_id")?;
    let email = turn.text("email");
    let is_taken = |name: &str, text: &str| turn.store.find("customer", name, text).is_some();
    if is_taken("internal_id", &id)
        || email.as_deref().is_some_and(|email| is_taken("email", email))
    {
        return Err(Refusal::Rule("The customer exists."));
    }
    let organization = super::find(turn, "organization", "organization_id")?;
    let (name, phone) = (turn.must("name")?, turn.text("phone"));
    let key = keep(turn, &id, &name, email.as_deref(), phone.as_deref(), organization);
    set_permission(turn, key);
    Ok(Facts::new())
}

pub(super) fn change(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = customer(turn, "customer_type_id")?;
    let organization = super::find(turn, "organization", "organization_id")?;
    let sent: Vec<_> =
        FIELDS.iter().filter_map(|(from, to)| Some((*to, turn.text(from)?))).collect();
    if let Some(facts) = turn.store.get_mut(key) {
        for (name, text) in sent {
            facts.set(name, text);
        }
        if let Some(organization) = organization {
            facts.set("organization", organization);
        }
    }
    set_permission(turn, key);
    Ok(Facts::new())
}

fn set_permission(turn: &mut Turn<'_>, key: Key) {
    if turn.text("create_tickets").is_some() {
        let may = turn.arguments.is_true("create_tickets");
        if let Some(facts) = turn.store.get_mut(key) {
            facts.set("allow_create_tickets", may);
            facts.set("allowed_create_tickets", may);
        }
    }
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let wanted = turn.text("search").map(|text| text.to_lowercase());
    let is_wanted = |key: &Key| {
        let facts = turn.store.get(*key);
        let holds = |name: &str, wanted: &str| {
            let text = facts.and_then(|facts| facts.text(name)).unwrap_or_default();
            text.to_lowercase().contains(wanted)
        };
        wanted.as_deref().is_none_or(|wanted| holds("name", wanted) || holds("email", wanted))
    };
    let found: Vec<Fact> =
        newest_first(turn.store, "customer").filter(is_wanted).map(Fact::Link).collect();
    Ok(Facts::new().with("data", found))
}

pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("data", customer(turn, "customer_type_id")?))
}

pub(super) fn exists(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let is_known = match turn.text("email") {
        Some(email) => turn.store.find("customer", "email", &email).is_some(),
        None => customer(turn, "customer_type_id").is_ok(),
    };
    Ok(Facts::new().with("exists", is_known))
}

pub(super) fn is_blacklisted(_: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("exists", false))
}

pub(super) fn allow(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = customer(turn, "customer_type_id")?;
    let may = turn.arguments.is_true("access");
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("account_approved", may);
    }
    Ok(Facts::new())
}

pub(super) fn permissions(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let details = customer(turn, "customer_type_id")?;
    Ok(Facts::new().with("exists", true).with("data", Facts::new().with("details", details)))
}
