//! Opens, answers, transfers, finishes and rates TomTicket's tickets.

use jiff::Timestamp;
use serde_json::Value;

use super::filter::Wanted;
use super::{customer, customers, find, must_find, newest_first};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

/// The situations of a ticket that occur here, with the vendor's words.
#[derive(Clone, Copy, PartialEq)]
enum Situation {
    NobodyInCharge,
    NotStarted,
    AnsweredByOperator,
    AnsweredByCustomer,
    Finished,
    OperatorChanged,
}

impl Situation {
    fn told(self) -> (i64, &'static str) {
        match self {
            Self::NobodyInCharge => (0, "Sem atendente vinculado"),
            Self::NotStarted => (1, "Não iniciado"),
            Self::AnsweredByOperator => (2, "Respondido, aguardando resposta do cliente"),
            Self::AnsweredByCustomer => (3, "Respondido pelo cliente, aguardando resposta"),
            Self::Finished => (5, "Finalizado"),
            Self::OperatorChanged => (6, "Troca de atendente"),
        }
    }
}

pub(super) fn open(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let customer = customer(turn, "customer_id_type")?;
    if turn.store.get(customer).is_some_and(|facts| facts.is("allow_create_tickets", "false")) {
        return Err(Refusal::Rule("This customer may not create tickets."));
    }
    let department = must_find(turn, "department", "department_id")?;
    let category = find(turn, "category", "category_id")?;
    let operator = find(turn, "operator", "operator_id")?;
    let subject = turn.must("subject")?;
    let message = turn.must("message")?;
    let priority = turn.arguments.number("priority").unwrap_or(1);
    let fields = turn.arguments.entries("custom_field");
    let attachments = attachments(turn);
    let key = keep(turn, customer, department, &subject, &message);
    let fields = fields.into_iter().map(|(id, text)| {
        Fact::Own(Facts::new().with("id", id).with("label", Value::Null).with("value", text))
    });
    let fields = Facts::new().with("open", fields.collect::<Vec<_>>());
    let Some(facts) = turn.store.get_mut(key) else { return Err(Refusal::Unknown("ticket")) };
    facts.set("priority", priority);
    facts.set("attachments", attachments);
    facts.set("custom_fields", fields.with("closed", Vec::new()).with("evaluation", Vec::new()));
    facts.set("category", category.map_or_else(customers::nobody, Fact::Link));
    facts.set("operator", operator.map_or_else(nobody_in_charge, Fact::Link));
    let id = facts.text("id");
    if operator.is_some() {
        move_to(turn, key, Situation::NotStarted);
    }
    Ok(Facts::new().with("ticket_id", id).with("protocol", key.number))
}

/// Makes a ticket that exists before the first request.
pub(super) fn furnish(turn: &mut Turn<'_>, number: usize) {
    let customers: Vec<Key> = turn.store.all("customer").map(|(key, _)| key).collect();
    let departments: Vec<Key> = turn.store.all("department").map(|(key, _)| key).collect();
    let pick = |keys: &[Key]| keys.get(number % keys.len().max(1)).copied();
    if let (Some(customer), Some(department)) = (pick(&customers), pick(&departments)) {
        keep(turn, customer, department, "Sem acesso", "<p>Sem acesso desde ontem.</p>");
    }
}

fn keep(turn: &mut Turn<'_>, customer: Key, department: Key, subject: &str, message: &str) -> Key {
    let now = turn.now;
    let key = turn.store.add("ticket", 1, |number| {
        Facts::new()
            .with("protocol", number)
            .with("subject", subject)
            .with("message", message)
            .with("mimetype", "text/html")
            .with("customer", customer)
            .with("department", department)
            .with("category", customers::nobody())
            .with("operator", nobody_in_charge())
            .with("priority", 1_i64)
            .with("ticket_type", "Externo")
            .with("work_time", 0_i64)
            .with("creation_date", now)
            .with("last_update", now)
            .with("situation", situation(Situation::NobodyInCharge, now))
            .with("evaluation", evaluation(Value::Null, Value::Null, Value::Null))
            .with("reopened", false)
            .with("closed_by_inactivity", false)
            .with("replies", Vec::new())
            .with("attachments", Vec::new())
            .with("status", Vec::new())
    });
    let id = turn.hex_id("ticket", key.number);
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("id", id);
    }
    key
}

fn situation(situation: Situation, now: Timestamp) -> Facts {
    let (id, description) = situation.told();
    Facts::new().with("id", id).with("description", description).with("apply_date", now)
}

fn evaluation(
    is_solved: impl Into<Fact>,
    grade: impl Into<Fact>,
    comment: impl Into<Fact>,
) -> Facts {
    Facts::new().with("problem_solved", is_solved).with("grade", grade).with("comment", comment)
}

fn nobody_in_charge() -> Fact {
    let nobody = Facts::new().with("id", Value::Null).with("name", Value::Null);
    Fact::Own(nobody.with("mail_hash", Value::Null))
}

fn attachments(turn: &mut Turn<'_>) -> Vec<Fact> {
    let kept = turn.keep_files().into_iter();
    kept.map(|file| {
        Fact::Own(
            Facts::new().with("name", file.name).with("url", file.url).with("size", file.n_bytes),
        )
    })
    .collect()
}

fn ticket(turn: &Turn<'_>) -> Result<Key, Refusal> {
    must_find(turn, "ticket", "ticket_id")
}

fn is_in(turn: &Turn<'_>, key: Key, wanted: Situation) -> bool {
    let situation = turn.store.get(key).and_then(|facts| facts.get("situation"));
    matches!(situation, Some(Fact::Own(facts)) if facts.is("id", &wanted.told().0.to_string()))
}

/// Returns the requested ticket, unless it is finished.
fn open_ticket(turn: &Turn<'_>) -> Result<Key, Refusal> {
    let key = ticket(turn)?;
    if is_in(turn, key, Situation::Finished) {
        return Err(Refusal::Rule("The ticket is finished."));
    }
    Ok(key)
}

pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("data", ticket(turn)?))
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let wanted = Wanted::read(turn)?;
    let is_wanted = |key: &Key| turn.store.get(*key).is_some_and(|facts| wanted.has(facts));
    let mut found: Vec<Key> = newest_first(turn.store, "ticket").filter(is_wanted).collect();
    if turn.text("order").as_deref() == Some("ASC") {
        found.reverse();
    }
    Ok(Facts::new().with("data", found.into_iter().map(Fact::Link).collect::<Vec<_>>()))
}

pub(super) fn answer_as_operator(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    // The vendor treats an operator's message as the customer's while no operator is assigned.
    let operator = turn.store.get(key).and_then(|facts| facts.link("operator"));
    reply(turn, key, operator)
}

pub(super) fn answer_as_customer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    reply(turn, key, None)
}

fn reply(turn: &mut Turn<'_>, key: Key, operator: Option<Key>) -> Result<Facts, Refusal> {
    let message = turn.must("message")?;
    let attachments = attachments(turn);
    let number = turn.store.add("reply", 1, |_| Facts::new()).number;
    let (id, now) = (turn.hex_id("reply", number), turn.now);
    let writer = operator.or_else(|| turn.store.get(key)?.link("customer"));
    let sender = writer.and_then(|writer| turn.store.get(writer)?.text("name"));
    let (kind, next) = match operator {
        Some(_) => ("A", Situation::AnsweredByOperator),
        None => ("C", Situation::AnsweredByCustomer),
    };
    let reply = Facts::new()
        .with("id", id.as_str())
        .with("message", message)
        .with("sender", sender)
        .with("sender_type", kind)
        .with("date", now)
        .with("attachments", attachments);
    move_to(turn, key, next);
    if let Some(facts) = turn.store.get_mut(key) {
        facts.push("replies", reply);
        if operator.is_some() && facts.get("first_reply_date").is_none() {
            facts.set("first_reply_date", now);
        }
    }
    Ok(Facts::new().with("id", id))
}

fn move_to(turn: &mut Turn<'_>, key: Key, next: Situation) {
    let now = turn.now;
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("situation", situation(next, now));
        facts.set("last_update", now);
    }
}

pub(super) fn comment(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn)?;
    let (comment, now) = (turn.must("comment")?, turn.now);
    if let Some(facts) = turn.store.get_mut(key) {
        facts.push("comments", Facts::new().with("comment", comment).with("date", now));
        facts.set("last_update", now);
    }
    Ok(Facts::new())
}

pub(super) fn finish(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    let operator = turn.store.get(key).and_then(|facts| facts.link("operator"));
    reply(turn, key, operator)?;
    move_to(turn, key, Situation::Finished);
    let (now, work) = (turn.now, turn.arguments.number("time_work"));
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("end_date", now);
        if let Some(work) = work {
            facts.set("work_time", work);
        }
    }
    Ok(Facts::new())
}

pub(super) fn transfer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    let department = find(turn, "department", "department_id")?;
    let operator = find(turn, "operator", "operator_id")?;
    let is_already = |name: &str, to: Option<Key>| {
        to.is_some() && turn.store.get(key).and_then(|facts| facts.link(name)) == to
    };
    if is_already("department", department) {
        return Err(Refusal::Rule("The ticket is in this department."));
    }
    if is_already("operator", operator) {
        return Err(Refusal::Rule("The operator has this ticket."));
    }
    if let Some(facts) = turn.store.get_mut(key) {
        if let Some(department) = department {
            facts.set("department", department);
        }
        if let Some(operator) = operator {
            facts.set("operator", operator);
        }
    }
    move_to(turn, key, Situation::OperatorChanged);
    Ok(Facts::new())
}

pub(super) fn link_operator(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    let operator = must_find(turn, "operator", "operator_id")?;
    if turn.store.get(key).and_then(|facts| facts.link("operator")).is_some() {
        return Err(Refusal::Rule("An operator has this ticket."));
    }
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("operator", operator);
    }
    if is_in(turn, key, Situation::NobodyInCharge) {
        move_to(turn, key, Situation::NotStarted);
    }
    Ok(Facts::new())
}

pub(super) fn evaluate(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn)?;
    if !is_in(turn, key, Situation::Finished) {
        return Err(Refusal::Rule("The ticket is not finished."));
    }
    let is_solved = turn.text("problem_solved").map(|text| text == "Y");
    let told = evaluation(is_solved, turn.arguments.number("grade"), turn.text("comment"));
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("evaluation", told);
    }
    Ok(Facts::new())
}
