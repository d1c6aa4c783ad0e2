//! Adds, changes and finds customers of TomTicket's first generation.

use serde_json::Value;

use crate::chance;
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

/// The word of a refusal for a customer.
const CUSTOMER: &str = "Cliente";

/// Fields of the forms, and the facts that they set.
const FIELDS: &[(&str, &str)] =
    &[("nome", "nome"), ("email", "email"), ("telefone", "telefone"), ("id_interno", "id_cliente")];

/// Stores a customer.
pub(super) fn keep(
    turn: &mut Turn<'_>,
    id: Option<&str>,
    name: &str,
    email: Option<&str>,
    phone: Option<&str>,
) -> Key {
    turn.store.add(CUSTOMER, 1, |_| {
        Facts::new()
            .with("id_cliente", id)
            .with("nome", name)
            .with("email", email)
            .with("telefone", phone)
            .with("cota_chamados", Value::Null)
            .with("criacao_chamado_bloqueada", false)
            .with("nome_organizacao", Value::Null)
            .with("campospersonalizados", Vec::new())
    })
}

/// Returns the customer that an argument names, by e-mail address if `kind` says so.
pub(super) fn named(turn: &Turn<'_>, name: &str, kind: &str) -> Result<Key, Refusal> {
    let id = turn.must(name)?;
    let is_email = matches!(turn.text(kind).as_deref(), Some("E" | "2"));
    let found = turn.store.find(CUSTOMER, if is_email { "email" } else { "id_cliente" }, &id);
    found.ok_or(Refusal::Unknown(CUSTOMER))
}

fn by_path(turn: &Turn<'_>) -> Result<Key, Refusal> {
    named(turn, "identificador", "tipo_identificador")
}

pub(super) fn add(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let (id, email) = (turn.text("identificador"), turn.text("email"));
    let is_taken = |name: &str, text: &Option<String>| {
        text.as_deref().is_some_and(|text| turn.store.find(CUSTOMER, name, text).is_some())
    };
    if is_taken("id_cliente", &id) || is_taken("email", &email) {
        return Err(Refusal::Rule("O cliente já existe."));
    }
    let (name, phone) = (turn.must("nome")?, turn.text("telefone"));
    let key = keep(turn, id.as_deref(), &name, email.as_deref(), phone.as_deref());
    allow(turn, key);
    Ok(Facts::new())
}

pub(super) fn change(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = by_path(turn)?;
    let sent: Vec<_> =
        FIELDS.iter().filter_map(|(from, to)| Some((*to, turn.text(from)?))).collect();
    if let Some(facts) = turn.store.get_mut(key) {
        for (name, text) in sent {
            facts.set(name, text);
        }
    }
    allow(turn, key);
    Ok(Facts::new())
}

/// Sets whether the customer may create tickets, if the request says so.
fn allow(turn: &mut Turn<'_>, key: Key) {
    if turn.text("criarchamados").is_some() {
        let may = turn.arguments.is_true("criarchamados");
        if let Some(facts) = turn.store.get_mut(key) {
            facts.set("criacao_chamado_bloqueada", !may);
        }
    }
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let all: Vec<Fact> = turn.store.all(CUSTOMER).map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with("data", all))
}

pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("data", by_path(turn)?))
}

pub(super) fn exists(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("existe", by_path(turn).is_ok()))
}

pub(super) fn activate(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = by_path(turn)?;
    let is_active = turn.arguments.is_true("active");
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("active", is_active);
    }
    Ok(Facts::new())
}

pub(super) fn block(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = named(turn, "cliente", "")?;
    allow(turn, key);
    Ok(Facts::new())
}

pub(super) fn give_access(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = named(turn, "identificador", "tipo_identificacao")?;
    let token = chance::hex_id(turn.seed, &format!("access/{}", key.number));
    let url = format!("https://exemplo.example.com/acesso/{token}");
    Ok(Facts::new().with("token_acesso", token).with("url", url))
}
