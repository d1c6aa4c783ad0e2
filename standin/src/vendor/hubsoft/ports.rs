//! Reserves, binds and changes the ports of HubSoft's network map (portas de atendimento).

use serde_json::Value;

use super::customers::{SERVICE, UNKNOWN_SERVICE};
use super::must_find;
use crate::fact::{Fact, Facts};
use crate::record::{Key, RecordKind};
use crate::refusal::Refusal;
use crate::turn::Turn;

pub(super) const PORT: RecordKind = "porta_atendimento";

/// The sentence of a refusal where there is no such port.
pub(super) const UNKNOWN: &str = "Porta de atendimento não encontrada.";

/// The number of ports of the only box.
const N_PORTS: u64 = 8;

pub(super) fn furnish(turn: &mut Turn<'_>) {
    for sequence in 0..N_PORTS {
        turn.store.add(PORT, 501, |number| {
            let display = format!("PORTA {:02}", sequence + 1);
            Facts::new()
                .with("id_porta_atendimento", number)
                .with("sequencia", sequence)
                .with("reservado", false)
                .with("observacao", Value::Null)
                .with("id_equipamento", 41_u64)
                .with("tipo_equipamento", 1_u64)
                .with("id_caixa_optica", 41_u64)
                .with("display_full", format!("CTO 01 - {display}"))
                .with("display", display)
                .with("caixa_optica", fibre_box())
                .with("equipamento", fibre_box())
        });
    }
}

fn fibre_box() -> Facts {
    Facts::new()
        .with("id_caixa_optica", 41_u64)
        .with("nome", "CTO 01")
        .with("display", "CTO 01")
        .with("atendimento", true)
        .with("emenda", false)
        .with("area_cobertura", Vec::new())
}

fn port(turn: &Turn<'_>) -> Result<Key, Refusal> {
    must_find(turn, PORT, "id_porta_atendimento", UNKNOWN)
}

/// Reserves a port for the sent purpose, or frees it.
pub(super) fn reserve(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let port = port(turn)?;
    let is_reserved = turn.arguments.is_true("reservado");
    let purpose = if is_reserved { Some(turn.must("observacao")?) } else { None };
    if let Some(facts) = turn.store.get_mut(port) {
        facts.set("reservado", is_reserved);
        facts.set("observacao", purpose);
    }
    Ok(Facts::new().with(PORT, port))
}

/// Writes the note on a port.
pub(super) fn change(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let port = port(turn)?;
    let reference = turn.text("referencia");
    if let Some(facts) = turn.store.get_mut(port) {
        facts.set("referencia", reference);
    }
    let told = turn.store.get(port).cloned().unwrap_or_default().without(&["equipamento"]);
    Ok(Facts::new().with(PORT, told))
}

/// Binds a port to a customer's service, or takes the bond away.
pub(super) fn bind(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let service = must_find(turn, SERVICE, "id_cliente_servico", UNKNOWN_SERVICE)?;
    let customer = turn.store.get(service).and_then(|facts| facts.link("cliente"));
    let told = Facts::new().with("cliente", customer).with("cliente_servico", service);
    if turn.arguments.is_true("remover") {
        set_port(turn, service, None);
        return Ok(told.with(PORT, Value::Null));
    }
    let port = port(turn)?;
    let bound = turn.store.get(service).and_then(|facts| facts.link("porta"));
    if bound.is_some_and(|bound| bound != port) && !turn.arguments.is_true("forcar_troca_porta") {
        return Err(Refusal::Rule("O serviço já possui uma porta vinculada."));
    }
    let is_reserved = turn.store.get(port).is_some_and(|facts| facts.is("reservado", "true"));
    if is_reserved && !turn.arguments.is_true("forcar_remocao_reserva") {
        return Err(Refusal::Rule("A porta está reservada."));
    }
    if let Some(facts) = turn.store.get_mut(port) {
        facts.set("reservado", false);
        facts.set("observacao", Value::Null);
    }
    set_port(turn, service, Some(port));
    let pivot = Facts::new()
        .with("id_cliente_servico", service.number)
        .with("id_porta_atendimento", port.number);
    let project = Facts::new().with("id_mapeamento_projeto", 9_u64).with("nome", "PROJETO 9");
    let port = turn.store.get(port).cloned().unwrap_or_default();
    Ok(told.with(PORT, port.with("pivot", pivot).with("projeto", project)))
}

fn set_port(turn: &mut Turn<'_>, service: Key, port: Option<Key>) {
    if let Some(facts) = turn.store.get_mut(service) {
        facts.set("porta", Fact::from(port));
    }
}
