//! Lists, adds, changes and switches HubSoft's suppliers (fornecedores).
//!
//! A request spells addresses and contacts otherwise than an answer, so both are translated.

use serde_json::{Map, Value, json};

use super::must_find;
use crate::fact::{Fact, Facts, plain};
use crate::record::{Key, RecordKind};
use crate::refusal::Refusal;
use crate::turn::Turn;

pub(super) const SUPPLIER: RecordKind = "fornecedor";

/// The sentence of a refusal where there is no such supplier.
pub(super) const UNKNOWN: &str = "Fornecedor não encontrado.";

/// Arguments that become facts under their own names.
const TOLD: &[&str] = &[
    "tipo",
    "nome_razaosocial",
    "nome_fantasia",
    "telefone_primario",
    "telefone_secundario",
    "email_primario",
    "cpf_cnpj",
    "tipo_pessoa",
    "inscricao_municipal",
    "inscricao_estadual",
    "observacao",
];

pub(super) fn furnish(turn: &mut Turn<'_>) {
    let initial = [
        ("CABOS MODELO LTDA", "11222333000181", "pj", "fornecedor"),
        ("TRANSPORTES MODELO LTDA", "11222333000262", "pj", "transportadora"),
    ];
    for (name, tax_number, person, kind) in initial {
        let facts = Facts::new()
            .with("nome_razaosocial", name)
            .with("cpf_cnpj", tax_number)
            .with("tipo_pessoa", person)
            .with("tipo", kind);
        keep(turn, facts);
    }
}

fn keep(turn: &mut Turn<'_>, facts: Facts) -> Key {
    turn.store.add(SUPPLIER, 501, |number| {
        facts
            .with("id_fornecedor", number)
            .with("ativo", true)
            .with("enderecos", Vec::new())
            .with("contatos", Vec::new())
    })
}

fn supplier(turn: &Turn<'_>) -> Result<Key, Refusal> {
    must_find(turn, SUPPLIER, "id_fornecedor", UNKNOWN)
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let is_active = turn.text("status").as_deref() != Some("inativo");
    let search = turn.text("busca").zip(turn.text("termo_busca"));
    let is_wanted = |facts: &Facts| {
        facts.is("ativo", if is_active { "true" } else { "false" })
            && search.as_ref().is_none_or(|(by, term)| facts.is(by, term))
    };
    let all = turn.store.all(SUPPLIER).rev().filter(|(_, facts)| is_wanted(facts));
    let told: Vec<Fact> = all.map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with("fornecedores", told))
}

/// Reads an active supplier; the vendor does not find others.
pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = supplier(turn)?;
    match turn.store.get(key).is_some_and(|facts| facts.is("ativo", "true")) {
        true => Ok(Facts::new().with(SUPPLIER, key)),
        false => Err(Refusal::Unknown(UNKNOWN)),
    }
}

pub(super) fn add(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = keep(turn, Facts::new());
    keep_sent(turn, key);
    Ok(Facts::new().with(SUPPLIER, key))
}

pub(super) fn change(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = supplier(turn)?;
    keep_sent(turn, key);
    Ok(Facts::new().with(SUPPLIER, key))
}

/// Deactivates an active supplier, and activates an inactive one.
pub(super) fn switch(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = supplier(turn)?;
    if let Some(facts) = turn.store.get_mut(key) {
        let is_active = facts.is("ativo", "true");
        facts.set("ativo", !is_active);
    }
    Ok(Facts::new())
}

fn keep_sent(turn: &mut Turn<'_>, key: Key) {
    let arguments = turn.arguments;
    let Some(facts) = turn.store.get_mut(key) else { return };
    for name in TOLD {
        if let Some(value) = arguments.json(name) {
            facts.set(*name, value.clone());
        }
    }
    if let Some(state) = arguments.json("uf") {
        facts.set("uf_ie", state.clone());
    }
    for (name, translate) in [("enderecos", address as fn(_, _) -> _), ("contatos", contact)] {
        if let Some(sent) = arguments.json(name).and_then(Value::as_array) {
            let told: Vec<Fact> =
                (1..).zip(sent).map(|(number, sent)| translate(number, sent)).collect();
            facts.set(name, told);
        }
    }
}

/// Returns the texts of an object, by these names.
fn texts(sent: &Value, names: &[&'static str]) -> Facts {
    names.iter().fold(Facts::new(), |facts, name| match sent.get(name) {
        Some(text) => facts.with(*name, text.clone()),
        None => facts,
    })
}

fn address(number: u64, sent: &Value) -> Fact {
    let names = ["endereco", "numero", "complemento", "referencia", "bairro", "cep"];
    let town = sent.pointer("/cidade/id_cidade").and_then(plain).unwrap_or_default();
    let facts = texts(sent, &names)
        .with("id_endereco_numero", number)
        .with("cidade", format!("CIDADE {town}"))
        .with("estado", "MG");
    facts.into()
}

fn contact(number: u64, sent: &Value) -> Fact {
    let names = [
        "nome",
        "email_primario",
        "email_secundario",
        "telefone_primario",
        "telefone_secundario",
        "telefone_terciario",
    ];
    let kind = |id: &Value| Value::from(format!("CONTATO {}", plain(id).unwrap_or_default()));
    let empty = Value::Object(Map::new());
    let kinds = match sent.pointer("/tipo_contato/id_tipo_contato").unwrap_or(&empty) {
        Value::Array(ids) => ids.iter().map(kind).collect(),
        Value::Object(_) => json!([]),
        id => kind(id),
    };
    texts(sent, &names).with("id_contato", number).with("tipo_contato", kinds).into()
}
