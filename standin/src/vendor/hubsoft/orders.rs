//! Opens, schedules, moves and closes HubSoft's work orders (ordens de serviço).

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::tickets::{self, TICKET};
use super::{chosen, is_in_period, moment, must_find, searched, told};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

pub(super) const ORDER: &str = "ordem_servico";

/// The sentence of a refusal where there is no such order.
pub(super) const UNKNOWN: &str = "Ordem de serviço não encontrada.";

/// A state as a code and as words; each answer has one of them.
type State = (&'static str, &'static str);
const WAITING: State = ("aguardando_agendamento", "Aguardando Agendamento");
const PENDING: State = ("pendente", "Pendente");
const FINISHED: State = ("finalizado", "Finalizado");

/// Stores an order for a ticket.
pub(super) fn keep(turn: &mut Turn<'_>, ticket: Key, kind: Option<Key>) -> Key {
    let now = turn.now;
    let of = |name: &str| turn.store.get(ticket).and_then(|facts| facts.link(name));
    let (customer, service) = (of("cliente"), of("servico"));
    let display = |key: Option<Key>| -> Fact {
        let words = key.and_then(|key| turn.store.get(key)?.text("display"));
        Fact::Either(vec![key.into(), words.into()])
    };
    let (customer_told, service_told) = (display(customer), display(service));
    let description = turn.store.get(ticket).and_then(|facts| facts.text("descricao_abertura"));
    let technicians: Vec<Fact> =
        turn.store.all("tecnico").take(1).map(|(key, _)| Fact::Link(key)).collect();
    let (kind_told, kind) = (told(turn, kind), kind.map(|kind| kind.number));
    let order = turn.store.add(ORDER, 2101, |number| {
        Facts::new()
            .with("id_ordem_servico", number)
            .with("numero", number.to_string())
            .with("numero_ordem_servico", number.to_string())
            .with("id_atendimento", ticket.number)
            .with("atendimento", ticket)
            .with("id_tipo_ordem_servico", kind)
            .with("tipo", kind_told.clone())
            .with("tipo_ordem_servico", kind_told)
            .with("descricao_abertura", description.clone())
            .with("descricao_servico", description)
            .with("descricao_fechamento", Value::Null)
            .with("usuario_abertura", "INTEGRAÇÃO")
            .with("data_cadastro", now)
            .with("data_inicio_programado", Value::Null)
            .with("data_termino_programado", Value::Null)
            .with("data_inicio_executado", Value::Null)
            .with("data_termino_executado", Value::Null)
            .with("status_fechamento", Value::Null)
            .with("cliente", customer_told)
            .with("servico", service_told)
            .with("cliente_servico", service)
            .with("tecnicos", technicians)
            .with("ordem_servico_mensagem", Vec::new())
            .with("anexos", Vec::new())
    });
    set_state(turn, order, WAITING);
    if let Some(facts) = turn.store.get_mut(ticket) {
        facts.push("ordens_servico", order);
    }
    order
}

fn set_state(turn: &mut Turn<'_>, order: Key, (code, words): State) {
    if let Some(facts) = turn.store.get_mut(order) {
        facts.set("status", Fact::Either(vec![code.into(), words.into()]));
        facts.set("estado", code);
    }
}

fn order(turn: &Turn<'_>) -> Result<Key, Refusal> {
    must_find(turn, ORDER, "id_ordem_servico", UNKNOWN)
}

/// Returns the requested order, unless it is finished.
fn open_order(turn: &Turn<'_>) -> Result<Key, Refusal> {
    let order = order(turn)?;
    if turn.store.get(order).is_some_and(|facts| facts.is("estado", FINISHED.0)) {
        return Err(Refusal::Rule("A ordem de serviço está finalizada."));
    }
    Ok(order)
}

pub(super) fn open(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let ticket = must_find(turn, TICKET, "id_atendimento", tickets::UNKNOWN)?;
    let kind = chosen(turn, "tipo_ordem_servico", turn.text("id_tipo_ordem_servico"));
    let order = keep(turn, ticket, kind);
    set_schedule(turn, order);
    if let (Some(text), Some(facts)) = (turn.text("descricao_servico"), turn.store.get_mut(order)) {
        facts.set("descricao_servico", text);
    }
    Ok(Facts::new().with("ordem_servico", order))
}

pub(super) fn schedule(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let order = open_order(turn)?;
    // The request names no time, so the vendor takes the next free one.
    let start = turn.now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(turn.now);
    put(turn, order, start);
    Ok(Facts::new().with("ordem_servico", order))
}

fn put(turn: &mut Turn<'_>, order: Key, start: Timestamp) {
    let end = start.saturating_add(SignedDuration::from_hours(2)).unwrap_or(start);
    if let Some(facts) = turn.store.get_mut(order) {
        facts.set("data_inicio_programado", start);
        facts.set("data_termino_programado", end);
    }
    set_state(turn, order, PENDING);
}

/// Moves the order to the requested time, if there is one.
fn set_schedule(turn: &mut Turn<'_>, order: Key) {
    let start = moment(turn, "data_inicio_programado", "hora_inicio_programado");
    let end = moment(turn, "data_termino_programado", "hora_termino_programado");
    if let Some(start) = start {
        put(turn, order, start);
    }
    if let (Some(end), Some(facts)) = (end, turn.store.get_mut(order)) {
        facts.set("data_termino_programado", end);
    }
}

pub(super) fn reschedule(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let order = open_order(turn)?;
    let technician =
        turn.text("id_usuario_novo").and_then(|number| super::numbered(turn, "tecnico", &number));
    set_schedule(turn, order);
    if let (Some(technician), Some(facts)) = (technician, turn.store.get_mut(order)) {
        facts.set("tecnicos", vec![Fact::Link(technician)]);
    }
    Ok(Facts::new().with("ordem_servico", without_seconds(turn, order)))
}

/// Repeats the schedule of an order without seconds, as this answer alone does.
fn without_seconds(turn: &Turn<'_>, order: Key) -> Facts {
    let mut told = turn.store.get(order).cloned().unwrap_or_default();
    for name in ["data_inicio_programado", "data_termino_programado"] {
        if let Some(time) = told.time(name) {
            let time = Offset::constant(-3).to_datetime(time);
            told.set(name, time.strftime("%Y-%m-%d %H:%M").to_string());
        }
    }
    told
}

pub(super) fn unschedule(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let order = open_order(turn)?;
    if let Some(facts) = turn.store.get_mut(order) {
        facts.set("data_inicio_programado", Value::Null);
        facts.set("data_termino_programado", Value::Null);
    }
    set_state(turn, order, WAITING);
    Ok(Facts::new().with("ordem_servico", order))
}

pub(super) fn close(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let order = open_order(turn)?;
    let start = moment(turn, "data_inicio_executado", "hora_inicio_executado");
    let end = moment(turn, "data_termino_executado", "hora_termino_executado");
    let (status, text) = (turn.must("status_fechamento")?, turn.must("descricao_fechamento")?);
    set_state(turn, order, FINISHED);
    if let Some(facts) = turn.store.get_mut(order) {
        facts.set("data_inicio_executado", start);
        facts.set("data_termino_executado", end);
        facts.set("status_fechamento", status);
        facts.set("descricao_fechamento", text);
        facts.set("usuario_fechamento", "INTEGRAÇÃO");
    }
    Ok(Facts::new().with("ordem_servico", order))
}

pub(super) fn answer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let order = open_order(turn)?;
    let (message, now) = (turn.must("mensagem")?, turn.now);
    let answer = turn.store.add("ordem_servico_mensagem", 1, |number| {
        Facts::new()
            .with("id_ordem_servico_mensagem", number)
            .with("id_ordem_servico", order.number)
            .with("mensagem", message)
            .with("data_cadastro", now)
            .with("ordem_servico", order)
    });
    if let Some(facts) = turn.store.get_mut(order) {
        facts.push("ordem_servico_mensagem", answer);
    }
    Ok(Facts::new().with("ordem_servico_mensagem", answer))
}

pub(super) fn attach(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let order = order(turn)?;
    let kept = turn.keep_files();
    if kept.is_empty() {
        return Err(Refusal::Missing("files".to_owned()));
    }
    if let Some(facts) = turn.store.get_mut(order) {
        for file in kept {
            let told =
                serde_json::json!({"nome": file.name, "link": file.url, "tamanho": file.n_bytes});
            facts.push("anexos", told);
        }
    }
    Ok(Facts::new().with("numero_ordem_servico", order.number))
}

/// Returns orders, newest first.
fn orders(turn: &Turn<'_>, is_wanted: impl Fn(&Facts) -> bool) -> Facts {
    let states = turn.arguments.texts("status");
    let is_in_state = |facts: &Facts| {
        states.is_empty() || facts.text("estado").is_some_and(|state| states.contains(&state))
    };
    let all = turn.store.all(ORDER).rev();
    let wanted = all.filter(|(_, facts)| {
        is_wanted(facts) && is_in_state(facts) && is_in_period(turn, facts, "data_cadastro")
    });
    Facts::new().with("ordens_servico", wanted.map(|(key, _)| Fact::Link(key)).collect::<Vec<_>>())
}

pub(super) fn find_by_number(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let number = turn.must("consulta")?;
    Ok(orders(turn, |facts| facts.is("numero_ordem_servico", &number)))
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(orders(turn, |_| true))
}

pub(super) fn of_customer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    // Without a term, all orders are listed.
    let (by, Some(term)) = (turn.must("busca")?, turn.text("termo_busca")) else {
        return Ok(orders(turn, |_| true));
    };
    if by == "numero_ordem_servico" {
        return Ok(orders(turn, |facts| facts.is("numero_ordem_servico", &term)));
    }
    let protocol = |facts: &Facts| {
        let ticket = facts.link("atendimento").and_then(|ticket| turn.store.get(ticket));
        ticket.is_some_and(|ticket| ticket.is("protocolo", &term))
    };
    if by == "protocolo" {
        return Ok(orders(turn, protocol));
    }
    let customers = searched(turn)?;
    Ok(orders(turn, |facts| {
        facts.link("cliente").is_some_and(|customer| customers.contains(&customer))
    }))
}
