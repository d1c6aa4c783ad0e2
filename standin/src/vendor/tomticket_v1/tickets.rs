//! Opens, answers and comments tickets of TomTicket's first generation, and starts and ends their
//! states.

use serde_json::Value;

use super::customers;
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::{KeptFile, Turn};

/// The word of a refusal for a ticket.
const TICKET: &str = "Chamado";

/// The situations that occur here, with the vendor's words.
const WAITING: (i64, &str) = (0, "Aguardando interação do atendente");
const ANSWERED: (i64, &str) = (2, "Respondido, aguardando resposta do cliente");

/// Members that lists leave out.
const NOT_LISTED: &[&str] = &["anexos", "historico", "historico_status"];

pub(super) fn open(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let customer = customers::named(turn, "identificador_cliente", "tipo_identificador")?;
    if turn.store.get(customer).is_some_and(|facts| facts.is("criacao_chamado_bloqueada", "true")) {
        return Err(Refusal::Rule("A criação de chamados está bloqueada para este cliente."));
    }
    let department = turn.must("id_departamento")?;
    let department = turn
        .store
        .find("Departamento", "id", &department)
        .ok_or(Refusal::Unknown("Departamento"))?;
    let category = match turn.text("id_tipoassunto") {
        Some(id) => Some(
            turn.store.find("Categoria", "id", &id).ok_or(Refusal::Rule("Categoria inválida."))?,
        ),
        None => None,
    };
    let (title, message) = (turn.must("titulo")?, turn.must("mensagem")?);
    let priority = turn.arguments.number("prioridade").unwrap_or(1);
    let fields = turn.arguments.entries("campos").into_iter();
    let fields = fields.map(|(id, text)| {
        Fact::Own(Facts::new().with("id", id).with("label", "Campo").with("value", text))
    });
    let fields: Vec<Fact> = fields.collect();
    let attachments: Vec<Fact> = turn.keep_files().into_iter().map(attachment).collect();
    let key = keep(turn, customer, department, &title, &message);
    let category = category.and_then(|key| turn.store.get(key)?.text("nome"));
    let Some(facts) = turn.store.get_mut(key) else { return Err(Refusal::Unknown(TICKET)) };
    facts.set("prioridade", priority);
    facts.set("categoria", category);
    facts.set("campospersonalizados", fields);
    facts.set("anexos", attachments);
    Ok(Facts::new().with("id_chamado", facts.text("idchamado")))
}

/// Makes a ticket that exists before the first request.
pub(super) fn furnish(turn: &mut Turn<'_>, number: usize) {
    let customers: Vec<Key> = turn.store.all("Cliente").map(|(key, _)| key).collect();
    let departments: Vec<Key> = turn.store.all("Departamento").map(|(key, _)| key).collect();
    let pick = |keys: &[Key]| keys.get(number % keys.len().max(1)).copied();
    if let (Some(customer), Some(department)) = (pick(&customers), pick(&departments)) {
        keep(turn, customer, department, "Sem acesso", "<p>Sem acesso desde ontem.</p>");
    }
}

fn keep(turn: &mut Turn<'_>, customer: Key, department: Key, title: &str, message: &str) -> Key {
    let now = turn.now;
    let of = |key: Key, name: &str| turn.store.get(key).and_then(|facts| facts.text(name));
    let [name, email, id] = ["nome", "email", "id_cliente"].map(|member| of(customer, member));
    let (department_name, department_id) = (of(department, "nome"), of(department, "id"));
    let costs =
        ["valoritemhora", "valoritemhoraextra", "valorfinal", "valorfinalextra", "valorfinalbruto"];
    let key = turn.store.add(TICKET, 1, |number| {
        let facts = Facts::new()
            .with("protocolo", number)
            .with("titulo", title)
            .with("mensagem", message)
            .with("mimetype", "text/html")
            .with("nomecliente", name)
            .with("email_cliente", email)
            .with("id_cliente", id)
            .with("cliente", customer)
            .with("departamento", department_name)
            .with("id_departamento", department_id)
            .with("prioridade", 1_i64)
            .with("tipochamado", "Externo")
            .with("tempotrabalho", 0_i64)
            .with("data_criacao", now)
            .with("anexos", Vec::new())
            .with("historico", Vec::new())
            .with("historico_status", Vec::new());
        costs.iter().fold(facts, |facts, cost| facts.with(*cost, 0_i64))
    });
    let id = turn.hex_id(TICKET, key.number);
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("idchamado", id);
    }
    move_to(turn, key, WAITING);
    key
}

fn attachment(file: KeptFile) -> Fact {
    let facts = Facts::new().with("nome", file.name).with("url", file.url);
    Fact::Own(facts.with("tamanhobytes", file.n_bytes))
}

fn move_to(turn: &mut Turn<'_>, key: Key, (code, words): (i64, &str)) {
    let now = turn.now;
    if let Some(facts) = turn.store.get_mut(key) {
        facts.set("ultimasituacao", code);
        facts.set("descsituacao", words);
        facts.set("dataultimasituacao", now);
    }
}

/// Returns the ticket whose id is the argument `name`.
fn ticket(turn: &Turn<'_>, name: &str) -> Result<Key, Refusal> {
    let id = turn.must(name)?;
    turn.store.find(TICKET, "idchamado", &id).ok_or(Refusal::Unknown(TICKET))
}

pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("data", ticket(turn, "identificador_chamado")?))
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let customer = match turn.text("idcliente") {
        Some(_) => Some(customers::named(turn, "idcliente", "tipo_identificacao")?),
        None => None,
    };
    let (situations, department) = (turn.arguments.texts("situacao"), turn.text("departament_id"));
    let seconds = |name: &str| turn.arguments.number(name);
    let (since, until) = (seconds("lastsituation_upper"), seconds("lastsituation_lesser"));
    let is_wanted = |facts: &Facts| {
        let situation = facts.text("ultimasituacao").unwrap_or_default();
        let moved =
            facts.time("dataultimasituacao").map(jiff::Timestamp::as_second).unwrap_or_default();
        customer.is_none_or(|customer| facts.link("cliente") == Some(customer))
            && (situations.is_empty() || situations.contains(&situation))
            && department.as_deref().is_none_or(|id| facts.is("id_departamento", id))
            && since.is_none_or(|since| moved >= since)
            && until.is_none_or(|until| moved <= until)
    };
    let wanted = turn.store.all(TICKET).rev().filter(|(_, facts)| is_wanted(facts));
    let mut found: Vec<Fact> = wanted.map(|(key, _)| Fact::Less(key, NOT_LISTED)).collect();
    if turn.text("ordem").as_deref() == Some("1") {
        found.reverse();
    }
    Ok(Facts::new().with("data", found))
}

pub(super) fn answer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn, "id")?;
    let message = turn.must("mensagem")?;
    let attachments: Vec<Fact> = turn.keep_files().into_iter().map(attachment).collect();
    let number = turn.store.add("historico", 1, |_| Facts::new()).number;
    let (id, now) = (turn.hex_id("historico", number), turn.now);
    move_to(turn, key, ANSWERED);
    if let Some(facts) = turn.store.get_mut(key) {
        if facts.get("dataprimeiraresposta").is_none() {
            facts.set("dataprimeiraresposta", now);
        }
        let entry = Facts::new()
            .with("id", id)
            .with("origem", "A")
            .with("mensagem", message)
            .with("atendente", "Bruno Exemplo")
            .with("data_hora", now)
            .with("anexos", attachments);
        facts.push("historico", entry);
    }
    Ok(Facts::new())
}

pub(super) fn comment(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn, "ticket_id")?;
    let comment = turn.must("comment")?;
    if let Some(facts) = turn.store.get_mut(key) {
        facts.push("comentarios", Facts::new().with("mensagem", comment));
    }
    Ok(Facts::new())
}

pub(super) fn start_status(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn, "ticket_id")?;
    let wanted = turn.must("status_id")?;
    let known = turn.store.find("Status", "id", &wanted).and_then(|status| turn.store.get(status));
    // No operation of the first generation lists states, so any id is accepted.
    let name =
        known.and_then(|facts| facts.text("nome")).unwrap_or_else(|| "Em análise".to_owned());
    let (now, comment) = (turn.now, turn.text("comment"));
    let Some(facts) = turn.store.get_mut(key) else { return Err(Refusal::Unknown(TICKET)) };
    if facts.text("status").is_some() {
        return Err(Refusal::Rule("Chamado já possui um status iniciado."));
    }
    let entry = Facts::new()
        .with("id", wanted)
        .with("status", name.as_str())
        .with("comentario", comment)
        .with("inicio", now)
        .with("fim", Value::Null);
    facts.set("status", name);
    facts.set("dataultimostatus", now);
    facts.push("historico_status", entry);
    Ok(Facts::new())
}

pub(super) fn end_status(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = ticket(turn, "ticket_id")?;
    let now = turn.now;
    let Some(facts) = turn.store.get_mut(key) else { return Err(Refusal::Unknown(TICKET)) };
    if facts.text("status").is_none() {
        return Err(Refusal::Rule("Chamado não possui um status iniciado."));
    }
    facts.set("status", Value::Null);
    if let Some(Fact::List(entries)) = facts.get_mut("historico_status") {
        if let Some(Fact::Own(last)) = entries.last_mut() {
            last.set("fim", now);
        }
    }
    Ok(Facts::new())
}
