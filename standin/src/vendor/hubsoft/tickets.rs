//! Opens, answers and closes HubSoft's tickets (atendimentos).

use serde_json::Value;

use super::customers::{SERVICE, UNKNOWN_SERVICE};
use super::{chosen, is_in_period, must_find, orders, searched, told};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

pub(super) const TICKET: &str = "atendimento";

/// The sentence of a refusal where there is no such ticket.
pub(super) const UNKNOWN: &str = "Atendimento não encontrado.";

pub(super) fn open(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let service = must_find(turn, SERVICE, "id_cliente_servico", UNKNOWN_SERVICE)?;
    let description = turn.must("descricao")?;
    let kind = chosen(turn, "tipo_atendimento", turn.text("id_tipo_atendimento"));
    let key = keep(turn, service, kind, &description);
    let contact =
        [("nome_contato", "nome"), ("telefone_contato", "telefone"), ("email_contato", "email")]
            .map(|(name, sent)| (name, turn.text(sent)));
    if let Some(facts) = turn.store.get_mut(key) {
        for (name, text) in contact {
            facts.set(name, text);
        }
    }
    if turn.arguments.is_true("abrir_os") {
        let wanted = turn
            .arguments
            .json("parametros_ordem_servico")
            .and_then(|it| it.get("id_tipo_ordem_servico"));
        let kind = chosen(turn, "tipo_ordem_servico", wanted.and_then(crate::fact::plain));
        orders::keep(turn, key, kind);
    }
    if let Some(closing) = turn.arguments.json("parametros_fechamento").cloned() {
        close(turn, key, &closing);
    }
    Ok(Facts::new().with("atendimento", key))
}

/// Makes a ticket that exists before the first request.
pub(super) fn furnish(turn: &mut Turn<'_>, number: usize) {
    let services: Vec<Key> = turn.store.all(SERVICE).map(|(key, _)| key).collect();
    let kind = chosen(turn, "tipo_atendimento", None);
    if let Some(service) = services.get(number % services.len().max(1)) {
        let key = keep(turn, *service, kind, "Sem acesso desde ontem.");
        let kind = chosen(turn, "tipo_ordem_servico", None);
        orders::keep(turn, key, kind);
    }
}

fn keep(turn: &mut Turn<'_>, service: Key, kind: Option<Key>, description: &str) -> Key {
    let now = turn.now;
    let customer = turn.store.get(service).and_then(|facts| facts.link("cliente"));
    let status = chosen(turn, "atendimento_status", None);
    let (kind_told, status_told) = (told(turn, kind), told(turn, status));
    turn.store.add(TICKET, 4242, |number| {
        Facts::new()
            .with("id_atendimento", number)
            .with("protocolo", format!("20260115{number:012}"))
            .with("id_cliente_servico", service.number)
            .with("id_tipo_atendimento", kind.map(|kind| kind.number))
            .with("tipo_atendimento", kind_told)
            .with("id_atendimento_status", status.map(|status| status.number))
            .with("id_status_atendimento", status.map(|status| status.number))
            .with("status", status_told.clone())
            .with("status_atendimento", status_told)
            .with("descricao_abertura", description)
            .with("descricao_fechamento", Value::Null)
            .with("usuario_abertura", "INTEGRAÇÃO")
            .with("usuario_responsavel", Value::Null)
            .with("usuario_fechamento", Value::Null)
            .with("data_cadastro", now)
            .with("data_fechamento", Value::Null)
            .with("status_fechamento", Value::Null)
            .with("motivo_fechamento", Value::Null)
            .with("setor_responsavel", Value::Null)
            .with("cliente", customer)
            .with("servico", service)
            .with("cliente_servico", service)
            .with("rascunho", false)
            .with("ordens_servico", Vec::new())
            .with("atendimento_mensagem", Vec::new())
            .with("anexos_count", 0_u64)
    })
}

fn close(turn: &mut Turn<'_>, key: Key, closing: &Value) {
    let now = turn.now;
    let said = |name: &str| closing.get(name).cloned().unwrap_or(Value::Null);
    let status = match said("status_fechamento") {
        Value::Null => Value::from("concluido"),
        status => status,
    };
    let done = turn.store.all("atendimento_status").last().map(|(key, _)| key);
    let done_told = told(turn, done);
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("data_fechamento", now);
        facts.set("status_fechamento", status);
        facts.set("descricao_fechamento", said("descricao_fechamento"));
        facts.set("motivo_fechamento", "RESOLVIDO");
        facts.set("usuario_fechamento", "INTEGRAÇÃO");
        facts.set("status", done_told.clone());
        facts.set("status_atendimento", done_told);
        for name in ["id_atendimento_status", "id_status_atendimento"] {
            facts.set(name, done.map(|done| done.number));
        }
    }
}

fn ticket(turn: &Turn<'_>) -> Result<Key, Refusal> {
    must_find(turn, TICKET, "id_atendimento", UNKNOWN)
}

/// Returns the requested ticket, unless it is closed.
fn open_ticket(turn: &Turn<'_>) -> Result<Key, Refusal> {
    let key = ticket(turn)?;
    if turn.store.get(key).and_then(|facts| facts.time("data_fechamento")).is_some() {
        return Err(Refusal::Rule("O atendimento está fechado."));
    }
    Ok(key)
}

pub(super) fn change(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    let description = turn.text("descricao");
    let status = turn.text("id_atendimento_status");
    let status = status.and_then(|number| super::numbered(turn, "atendimento_status", &number));
    let status_told = told(turn, status);
    if let Some(facts) = turn.store.get_mut(key) {
        if let Some(description) = description {
            facts.set("descricao_abertura", description);
        }
        if let Some(status) = status {
            facts.set("id_atendimento_status", status.number);
            facts.set("status", status_told);
        }
    }
    if turn.arguments.is_true("fechar_atendimento") {
        let closing = turn.arguments.json("parametros_fechamento").cloned().unwrap_or_default();
        close(turn, key, &closing);
    }
    Ok(Facts::new().with("atendimento", key))
}

pub(super) fn answer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = open_ticket(turn)?;
    let (message, now) = (turn.must("mensagem")?, turn.now);
    let answer = turn.store.add("atendimento_mensagem", 1, |number| {
        Facts::new()
            .with("id_atendimento_mensagem", number)
            .with("id_atendimento", key.number)
            .with("mensagem", message)
            .with("data_cadastro", now)
            .with("ativo", true)
            .with("atendimento", key)
    });
    if let Some(facts) = turn.store.get_mut(key) {
        facts.push("atendimento_mensagem", answer);
    }
    Ok(Facts::new().with("atendimento_mensagem", answer))
}

pub(super) fn attach(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn)?;
    let kept = turn.keep_files();
    if kept.is_empty() {
        return Err(Refusal::Missing("files".to_owned()));
    }
    if let Some(facts) = turn.store.get_mut(key) {
        for file in kept {
            facts.push("anexos", Facts::new().with("nome", file.name).with("link", file.url));
        }
        let n_files = match facts.get("anexos") {
            Some(Fact::List(files)) => files.len() as u64,
            _ => 0,
        };
        facts.set("anexos_count", n_files);
    }
    Ok(Facts::new().with("atendimento", key))
}

/// Returns all tickets of the requested period, newest first.
fn in_period(turn: &Turn<'_>) -> Vec<Fact> {
    let all = turn.store.all(TICKET).rev();
    let wanted = all.filter(|(_, facts)| is_in_period(turn, facts, "data_cadastro"));
    wanted.map(|(key, _)| Fact::Link(key)).collect()
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("atendimentos", in_period(turn)))
}

pub(super) fn list_in_paginator(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("atendimentos", Facts::new().with("data", in_period(turn))))
}

pub(super) fn of_customer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let (by, term) = (turn.must("busca")?, turn.must("termo_busca")?);
    let is_protocol = by == "protocolo";
    let customers = if is_protocol { Vec::new() } else { searched(turn)? };
    let is_pending_only = turn.arguments.is_true("apenas_pendente");
    let is_wanted = |facts: &Facts| {
        let is_found = match is_protocol {
            true => facts.is("protocolo", &term),
            false => facts.link("cliente").is_some_and(|customer| customers.contains(&customer)),
        };
        let is_service = by != SERVICE_SEARCH || facts.is(SERVICE_SEARCH, &term);
        let is_pending = facts.time("data_fechamento").is_none();
        is_found
            && is_service
            && (is_pending || !is_pending_only)
            && is_in_period(turn, facts, "data_cadastro")
    };
    let found = turn.store.all(TICKET).rev().filter(|(_, facts)| is_wanted(facts));
    let found: Vec<Fact> = found.map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with("atendimentos", found))
}

/// The search that names one service instead of a customer.
const SERVICE_SEARCH: &str = "id_cliente_servico";
