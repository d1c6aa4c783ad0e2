//! Reads the filters of TomTicket's list of tickets, and applies them to each ticket.

use jiff::Timestamp;

use super::{customer, find};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

/// Filters by a moment: the parameter, the fact, and whether it is the minimum.
const TIMES: &[(&str, &str, bool)] = &[
    ("creation_date_ge", "creation_date", true),
    ("creation_date_le", "creation_date", false),
    ("last_update_ge", "last_update", true),
    ("last_situation_ge", "last_update", true),
    ("last_situation_le", "last_update", false),
];

/// Filters by the id of a related record: the parameter, and the fact, which is also the kind.
const RELATED: &[(&str, &str)] = &[("department_id", "department"), ("category_id", "category")];

/// Returns the customers whose tickets are requested: one, or all of an organisation.
fn customers(turn: &Turn<'_>) -> Result<Option<Vec<Key>>, Refusal> {
    if turn.text("customer_id").is_some() {
        return Ok(Some(vec![customer(turn, "customer_type_id")?]));
    }
    let Some(organization) = find(turn, "organization", "organization_id")? else {
        return Ok(None);
    };
    let all = turn.store.all("customer");
    let members = all.filter(|(_, facts)| facts.link("organization") == Some(organization));
    Ok(Some(members.map(|(key, _)| key).collect()))
}

/// The filters of a request.
pub(super) struct Wanted {
    /// The customers; `None` for all.
    customers: Option<Vec<Key>>,
    /// Related records; `None` for an unknown id, which no ticket matches.
    links: Vec<(&'static str, Option<Key>)>,
    times: Vec<(&'static str, Timestamp, bool)>,
    situations: Vec<String>,
    priorities: Vec<String>,
    min_protocol: Option<i64>,
    max_protocol: Option<i64>,
}

impl Wanted {
    pub(super) fn read(turn: &Turn<'_>) -> Result<Self, Refusal> {
        let mut links = Vec::new();
        for (parameter, kind) in RELATED {
            if let Some(id) = turn.text(parameter) {
                links.push((*kind, turn.store.find(kind, "id", &id)));
            }
        }
        let time = |(parameter, name, is_least): &(&str, &'static str, bool)| {
            let text = turn.text(parameter)?;
            let limit = Timestamp::strptime("%Y-%m-%d %H:%M:%S%z", text).ok()?;
            Some((*name, limit, *is_least))
        };
        Ok(Self {
            customers: customers(turn)?,
            links,
            times: TIMES.iter().filter_map(time).collect(),
            situations: turn.arguments.texts("situation"),
            priorities: turn.arguments.texts("priority"),
            min_protocol: turn.arguments.number("min_protocol"),
            max_protocol: turn.arguments.number("max_protocol"),
        })
    }

    /// Returns whether a ticket passes the filters.
    pub(super) fn has(&self, ticket: &Facts) -> bool {
        let is_whose = |customers: &Vec<Key>| {
            ticket.link("customer").is_some_and(|it| customers.contains(&it))
        };
        let links =
            || self.links.iter().all(|(name, key)| key.is_some() && ticket.link(name) == *key);
        let passes = |(name, limit, is_least): &(&str, Timestamp, bool)| {
            let time = ticket.time(name);
            time.is_none_or(|time| if *is_least { time >= *limit } else { time <= *limit })
        };
        self.customers.as_ref().is_none_or(is_whose)
            && links()
            && self.times.iter().all(passes)
            && (self.situations.is_empty() || self.has_situation(ticket))
            && (self.priorities.is_empty()
                || self.priorities.iter().any(|it| ticket.is("priority", it)))
            && self.has_protocol(ticket)
    }

    fn has_situation(&self, ticket: &Facts) -> bool {
        let Some(Fact::Own(situation)) = ticket.get("situation") else { return false };
        self.situations.iter().any(|wanted| situation.is("id", wanted))
    }

    fn has_protocol(&self, ticket: &Facts) -> bool {
        if self.min_protocol.is_none() && self.max_protocol.is_none() {
            return true;
        }
        let number: i64 =
            ticket.text("protocol").and_then(|text| text.parse().ok()).unwrap_or_default();
        self.min_protocol.is_none_or(|least| number >= least)
            && self.max_protocol.is_none_or(|most| number <= most)
    }
}
