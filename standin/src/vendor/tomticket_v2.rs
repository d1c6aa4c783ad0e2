//! Imitates TomTicket's second generation: tickets, customers, departments and chats.

mod customers;
mod filter;
mod tickets;

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::{Auth, Behind, Deed, Notice, Vendor};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::{Refusal, Said, Wording};
use crate::store::Store;
use crate::turn::Turn;

pub(crate) static TOMTICKET_V2: Vendor = Vendor {
    name: "tomticket-v2",
    spec: include_str!("../../specs/tomticket-v2.json"),
    auth: Auth::Bearer,
    behind: Behind::Refused,
    done: None,
    say,
    deeds: DEEDS,
    shelves: &[],
    references: &[],
    notices: NOTICES,
    furnish,
    about: |_| Facts::new(),
    prepared: OnceLock::new(),
};

const DEEDS: &[Deed] = &[
    Deed { operation: "ticket_new", act: tickets::open },
    Deed { operation: "ticket_detail", act: tickets::read },
    Deed { operation: "ticket_list", act: tickets::list },
    Deed { operation: "ticket_reply_operator", act: tickets::answer_as_operator },
    Deed { operation: "ticket_reply_customer", act: tickets::answer_as_customer },
    Deed { operation: "ticket_comment", act: tickets::comment },
    Deed { operation: "ticket_finish", act: tickets::finish },
    Deed { operation: "ticket_transfer", act: tickets::transfer },
    Deed { operation: "ticket_operator_link", act: tickets::link_operator },
    Deed { operation: "ticket_evaluation", act: tickets::evaluate },
    Deed { operation: "customer_new", act: customers::add },
    Deed { operation: "customer_update", act: customers::change },
    Deed { operation: "customer_list", act: customers::list },
    Deed { operation: "customer_details", act: customers::read },
    Deed { operation: "customer_exists", act: customers::exists },
    Deed { operation: "customer_blacklist_search", act: customers::is_blacklisted },
    Deed { operation: "customer_permissions_access", act: customers::allow },
    Deed { operation: "customer_permissions_basic", act: customers::permissions },
    Deed { operation: "organization_list", act: |turn| Ok(listed(turn, "organization")) },
    Deed { operation: "department_list", act: departments },
    Deed { operation: "department_category_list", act: |turn| of_department(turn, "categories") },
    Deed { operation: "department_operator_list", act: |turn| of_department(turn, "operators") },
    Deed { operation: "custom_field_department_list", act: custom_fields },
];

/// The name of the vendor's only webhook.
const WEBHOOK: &str = "webhook_notification";

const NOTICES: &[Notice] = &[
    // The code that a person copies into the vendor's panel.
    Notice {
        operation: "",
        webhook: WEBHOOK,
        body: |turn, _| Some(json!({"id": turn.hex_id("validation", 1), "action": "validation"})),
    },
    Notice {
        operation: "ticket_new",
        webhook: WEBHOOK,
        body: |_, answer| Some(notice("ticket", answer.get("ticket_id")?.as_str()?, "created")),
    },
    ticket_changes_by("ticket_reply_operator"),
    ticket_changes_by("ticket_reply_customer"),
    ticket_changes_by("ticket_comment"),
    ticket_changes_by("ticket_finish"),
    ticket_changes_by("ticket_transfer"),
    ticket_changes_by("ticket_operator_link"),
    ticket_changes_by("ticket_evaluation"),
    Notice {
        operation: "customer_new",
        webhook: WEBHOOK,
        body: |turn, _| Some(notice("customer", &turn.text("customer_id")?, "created")),
    },
    customer_changes_by("customer_update"),
    customer_changes_by("customer_permissions_access"),
];

const fn ticket_changes_by(operation: &'static str) -> Notice {
    let body: fn(&Turn<'_>, &Value) -> Option<Value> =
        |turn, _| Some(notice("ticket", &turn.text("ticket_id")?, "updated"));
    Notice { operation, webhook: WEBHOOK, body }
}

const fn customer_changes_by(operation: &'static str) -> Notice {
    let body: fn(&Turn<'_>, &Value) -> Option<Value> = |turn, _| {
        let key = customer(turn, "customer_type_id").ok()?;
        let id = turn.store.get(key)?.text("internal_id")?;
        Some(notice("customer", &id, "updated"))
    };
    Notice { operation, webhook: WEBHOOK, body }
}

fn notice(what: &str, id: &str, action: &str) -> Value {
    json!({"type": what, "id": id, "action": action})
}

/// Words a refusal.
fn say(refusal: &Refusal) -> Said {
    match refusal {
        Refusal::Missing(name) => Said::envelope(200, format!("The field {name} is missing.")),
        Refusal::Invalid(name) => Said::envelope(200, format!("The field {name} is not valid.")),
        Refusal::InvalidTime(_) => {
            Said::envelope(401, "The date is not valid.").worded(Wording::Sentence)
        }
        Refusal::WrongBody => Said { message: None, ..Said::envelope(401, "") },
        Refusal::Unknown(what) => Said::envelope(200, format!("There is no such {what}.")),
        Refusal::NoSuchPage => Said::envelope(404, "There is no such page."),
        Refusal::Rule(sentence) | Refusal::RuleOn(sentence, _) => Said::envelope(200, *sentence),
        Refusal::NoToken | Refusal::ExpiredToken | Refusal::WrongCredentials => {
            Said::envelope(401, "The access token is not valid.")
        }
        Refusal::Forbidden => Said::envelope(403, "This feature is not part of the plan."),
        Refusal::NotFound => Said::envelope(404, "The resource was not found."),
        Refusal::Broken => Said::page(504),
        Refusal::TooMany => Said::page(429),
        Refusal::TooLarge => Said::envelope(200, "The request is larger than 25 MB."),
        Refusal::NoSuchOperation => Said::envelope(404, "The resource was not found."),
    }
}

/// Departments with their categories and operators; all names are made up.
const DEPARTMENTS: &[(&str, &[&str], &[&str])] = &[
    ("Suporte", &["Sem acesso", "Lentidão"], &["Bruno Exemplo", "Carla Exemplo"]),
    ("Financeiro", &["Segunda via", "Negociação"], &["Davi Exemplo"]),
];

/// Customers by internal id, name, e-mail address and telephone number.
const CUSTOMERS: &[(&str, &str, &str, &str)] = &[
    ("4242", "Ana Modelo", "ana@example.com", "11900000001"),
    ("4243", "Beto Modelo", "beto@example.com", "11900000002"),
    ("4244", "Célia Modelo", "celia@example.com", "11900000003"),
];

fn furnish(turn: &mut Turn<'_>, n_tickets: usize) {
    let id = turn.hex_id("organization", 1);
    let organization = turn
        .store
        .add("organization", 1, |_| Facts::new().with("id", id).with("name", "Empresa Modelo"));
    for (name, categories, operators) in DEPARTMENTS {
        let named = |turn: &mut Turn<'_>, kind: &'static str, name: &str| {
            let number = turn.store.all(kind).count() as u64 + 1;
            let id = turn.hex_id(kind, number);
            let facts = Facts::new().with("id", id).with("name", name);
            Fact::Link(turn.store.add(kind, 1, |_| facts.with("custom_fields", Vec::new())))
        };
        let categories =
            categories.iter().map(|name| named(turn, "category", name)).collect::<Vec<_>>();
        let operators =
            operators.iter().map(|name| named(turn, "operator", name)).collect::<Vec<_>>();
        let number = turn.store.all("department").count() as u64 + 1;
        let (id, status) = (turn.hex_id("department", number), turn.hex_id("status", number));
        let status = Facts::new()
            .with("id", status)
            .with("description", "Em análise")
            .with("name", "Em análise");
        turn.store.add("department", 1, |_| {
            let fields = Facts::new().with("tickets", Vec::new()).with("chat", Vec::new());
            Facts::new()
                .with("id", id)
                .with("name", *name)
                .with("categories", categories)
                .with("operators", operators)
                .with("status", vec![Fact::Own(status)])
                .with("general_custom_fields", fields)
        });
    }
    for (internal_id, name, email, phone) in CUSTOMERS {
        customers::keep(turn, internal_id, name, Some(email), Some(phone), Some(organization));
    }
    for number in 0..n_tickets {
        tickets::furnish(turn, number);
    }
}

/// Returns all records of a kind as `data`.
fn listed(turn: &mut Turn<'_>, kind: &'static str) -> Facts {
    let all: Vec<Fact> = turn.store.all(kind).map(|(key, _)| Fact::Link(key)).collect();
    Facts::new().with("size", all.len() as u64).with("data", all)
}

/// Members of departments that a list only has on request.
const NESTED: &[&str] = &["categories", "operators", "status", "general_custom_fields"];

fn departments(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    if turn.arguments.is_true("show_nested_items") {
        return Ok(listed(turn, "department"));
    }
    let all: Vec<Fact> =
        turn.store.all("department").map(|(key, _)| Fact::Less(key, NESTED)).collect();
    Ok(Facts::new().with("size", all.len() as u64).with("data", all))
}

fn of_department(turn: &mut Turn<'_>, list: &str) -> Result<Facts, Refusal> {
    let department = must_find(turn, "department", "department_id")?;
    let items = match turn.store.get(department).and_then(|facts| facts.get(list)) {
        Some(Fact::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    Ok(Facts::new().with("size", items.len() as u64).with("data", items))
}

fn custom_fields(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    must_find(turn, "department", "department_id")?;
    let fields = Facts::new().with("ticket", Vec::new()).with("chat", Vec::new());
    Ok(Facts::new().with("size", 0_u64).with("data", fields))
}

/// Returns the record whose id is the argument `name`; `None` if that is absent.
fn find(turn: &Turn<'_>, kind: &'static str, name: &str) -> Result<Option<Key>, Refusal> {
    let Some(id) = turn.text(name) else { return Ok(None) };
    turn.store.find(kind, "id", &id).map(Some).ok_or(Refusal::Unknown(kind))
}

fn must_find(turn: &Turn<'_>, kind: &'static str, name: &str) -> Result<Key, Refusal> {
    find(turn, kind, name)?.ok_or_else(|| Refusal::Missing(name.to_owned()))
}

/// Returns the customer that the parameters `customer_id` and `kind` name.
fn customer(turn: &Turn<'_>, kind: &str) -> Result<Key, Refusal> {
    let id = turn.must("customer_id")?;
    let name = if turn.text(kind).as_deref() == Some("E") { "email" } else { "internal_id" };
    turn.store.find("customer", name, &id).ok_or(Refusal::Unknown("customer"))
}

/// Iterates over the records of a kind, newest first.
fn newest_first(store: &Store, kind: &'static str) -> impl Iterator<Item = Key> {
    store.all(kind).rev().map(|(key, _)| key)
}
