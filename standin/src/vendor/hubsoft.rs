//! Imitates HubSoft: a provider's customers with their services, tickets, and work orders.

mod customers;
mod invoices;
mod orders;
mod ports;
mod ratings;
mod shelves;
mod stock;
mod suppliers;
mod tickets;

use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Auth, Behind, Deed, Reference, Vendor};
use crate::fact::{Fact, Facts};
use crate::record::{Key, RecordKind};
use crate::refusal::{Refusal, Said, Wording};
use crate::turn::Turn;

pub(crate) static HUBSOFT: Vendor = Vendor {
    name: "hubsoft",
    spec: include_str!("../../specs/hubsoft.json"),
    auth: Auth::Login("autenticar"),
    behind: Behind::Empty,
    done: Some("Operação realizada com sucesso."),
    say,
    deeds: DEEDS,
    shelves: shelves::SHELVES,
    references: REFERENCES,
    notices: &[],
    furnish,
    about: customers::about,
    prepared: OnceLock::new(),
};

const DEEDS: &[Deed] = &[
    Deed { operation: "autenticar", act: log_in },
    Deed { operation: "consultar_cliente", act: customers::search },
    Deed { operation: "listar_clientes", act: customers::list },
    Deed { operation: "criar_cliente", act: customers::add },
    Deed { operation: "editar_cadastro_cliente", act: customers::change },
    Deed { operation: "atualizar_id_externo_cliente", act: customers::change },
    Deed {
        operation: "ativar_cliente_servico",
        act: |turn| customers::set_service(turn, customers::ENABLED),
    },
    Deed {
        operation: "habilitar_cliente_servico",
        act: |turn| customers::set_service(turn, customers::ENABLED),
    },
    Deed { operation: "suspender_cliente_servico", act: customers::suspend },
    Deed { operation: "desbloquear_em_confianca", act: customers::unlock },
    Deed { operation: "adicionar_cliente_servico", act: customers::add_service },
    Deed { operation: "editar_cliente_servico", act: customers::change_service },
    Deed { operation: "consultar_financeiro", act: invoices::of_customer },
    Deed { operation: "listar_faturas", act: invoices::list },
    Deed { operation: "liquidar_fatura", act: invoices::pay },
    Deed { operation: "criar_atendimento", act: tickets::open },
    Deed { operation: "editar_atendimento", act: tickets::change },
    Deed { operation: "adicionar_mensagem_atendimento", act: tickets::answer },
    Deed { operation: "adicionar_anexo_atendimento", act: tickets::attach },
    Deed { operation: "listar_atendimentos", act: tickets::list },
    Deed { operation: "consultar_atendimentos_paginado", act: tickets::list_in_paginator },
    Deed { operation: "consultar_atendimentos_paginado_por_post", act: tickets::list_in_paginator },
    Deed { operation: "consultar_atendimentos_cliente", act: tickets::of_customer },
    Deed { operation: "gerar_questoes_avaliacao", act: ratings::ask },
    Deed { operation: "avaliar_atendimento", act: ratings::answer },
    Deed { operation: "consultar_avaliacao", act: ratings::read },
    Deed { operation: "abrir_ordem_servico", act: orders::open },
    Deed { operation: "agendar_ordem_servico", act: orders::schedule },
    Deed { operation: "reagendar_ordem_servico", act: orders::reschedule },
    Deed { operation: "remover_agendamento_ordem_servico", act: orders::unschedule },
    Deed { operation: "fechar_ordem_servico", act: orders::close },
    Deed { operation: "adicionar_mensagem_ordem_servico", act: orders::answer },
    Deed { operation: "adicionar_anexo_ordem_servico", act: orders::attach },
    Deed { operation: "consultar_ordem_servico", act: orders::find_by_number },
    Deed { operation: "listar_ordens_servico", act: orders::list },
    Deed { operation: "consultar_ordens_servico_cliente", act: orders::of_customer },
    Deed {
        operation: "consultar_tipos_atendimento",
        act: |turn| listed(turn, "tipo_atendimento", "tipos_atendimento"),
    },
    Deed {
        operation: "consultar_status_atendimento",
        act: |turn| listed(turn, "atendimento_status", "status_atendimento"),
    },
    Deed {
        operation: "consultar_tipos_ordem_servico",
        act: |turn| listed(turn, "tipo_ordem_servico", "tipo_ordem_servicos"),
    },
    Deed { operation: "consultar_tecnicos", act: |turn| listed(turn, "tecnico", "tecnicos") },
    Deed { operation: "listar_fornecedores", act: suppliers::list },
    Deed { operation: "consultar_fornecedor", act: suppliers::read },
    Deed { operation: "adicionar_fornecedor", act: suppliers::add },
    Deed { operation: "editar_fornecedor", act: suppliers::change },
    Deed { operation: "ativar_inativar_fornecedor", act: suppliers::switch },
    Deed { operation: "adicionar_entrada_estoque", act: stock::enter },
    Deed { operation: "adicionar_saida_estoque", act: stock::leave },
    Deed { operation: "adicionar_compra_estoque", act: stock::buy },
    Deed { operation: "adicionar_transferencia_estoque", act: stock::transfer },
    Deed { operation: "listar_movimentos_estoque", act: stock::list },
    Deed { operation: "consultar_movimento_estoque", act: stock::read },
    Deed { operation: "apagar_movimento_estoque", act: stock::undo },
    Deed {
        operation: "adicionar_saida_estoque_usuario",
        act: |turn| stock::take_out(turn, &stock::USER),
    },
    Deed {
        operation: "adicionar_saida_estoque_pop_conexao",
        act: |turn| stock::take_out(turn, &stock::POP),
    },
    Deed {
        operation: "adicionar_saida_estoque_projeto_mapeamento",
        act: |turn| stock::take_out(turn, &stock::PROJECT),
    },
    Deed {
        operation: "adicionar_saida_estoque_cliente_servico",
        act: |turn| stock::take_out(turn, &stock::SERVICE),
    },
    Deed {
        operation: "adicionar_retorno_estoque_usuario",
        act: |turn| stock::take_back(turn, &stock::USER),
    },
    Deed {
        operation: "adicionar_retorno_estoque_pop_conexao",
        act: |turn| stock::take_back(turn, &stock::POP),
    },
    Deed {
        operation: "adicionar_retorno_estoque_projeto_mapeamento",
        act: |turn| stock::take_back(turn, &stock::PROJECT),
    },
    Deed {
        operation: "adicionar_retorno_estoque_cliente_servico",
        act: |turn| stock::take_back(turn, &stock::SERVICE),
    },
    Deed { operation: "listar_produtos_usuario", act: |turn| stock::list_held(turn, &stock::USER) },
    Deed {
        operation: "listar_produtos_pop_conexao",
        act: |turn| stock::list_held(turn, &stock::POP),
    },
    Deed {
        operation: "listar_produtos_projeto_mapeamento",
        act: |turn| stock::list_held(turn, &stock::PROJECT),
    },
    Deed {
        operation: "listar_produtos_cliente_servico",
        act: |turn| stock::list_held(turn, &stock::SERVICE),
    },
    Deed { operation: "reservar_porta_atendimento", act: ports::reserve },
    Deed { operation: "atualizar_porta_atendimento", act: ports::change },
    Deed { operation: "vincular_porta_atendimento", act: ports::bind },
];

/// Arguments that name records outside of the shelves.
const REFERENCES: &[Reference] = &[
    Reference { name: "id_cliente", kind: customers::CUSTOMER, unknown: customers::UNKNOWN },
    Reference {
        name: "id_cliente_servico",
        kind: customers::SERVICE,
        unknown: customers::UNKNOWN_SERVICE,
    },
    Reference { name: "id_atendimento", kind: tickets::TICKET, unknown: tickets::UNKNOWN },
    Reference { name: "id_ordem_servico", kind: orders::ORDER, unknown: orders::UNKNOWN },
    Reference { name: "id_fornecedor", kind: suppliers::SUPPLIER, unknown: suppliers::UNKNOWN },
    Reference { name: "id_porta_atendimento", kind: ports::PORT, unknown: ports::UNKNOWN },
    Reference {
        name: "id_local_estoque_retorno",
        kind: "local_estoque",
        unknown: stock::UNKNOWN_WAREHOUSE,
    },
    Reference { name: "id_fatura", kind: invoices::INVOICE, unknown: invoices::UNKNOWN },
    Reference { name: "ids_faturas", kind: invoices::INVOICE, unknown: invoices::UNKNOWN },
    Reference { name: "ids_produto_item", kind: "produto_item", unknown: "Item não encontrado." },
    Reference {
        name: "ids_cliente_servico_contrato",
        kind: "cliente_servico_contrato",
        unknown: "Contrato não encontrado.",
    },
];

/// The sentence of a refusal of fields; the errors name them.
const FILL_IN: &str = "Preencha os campos obrigatórios como especificado.";

/// Words a refusal.
fn say(refusal: &Refusal) -> Said {
    match refusal {
        Refusal::Missing(name) => {
            let error = format!("O campo {name} é obrigatório.");
            Said::envelope(200, FILL_IN).with_errors(vec![error.into()])
        }
        Refusal::Invalid(name) | Refusal::InvalidTime(name) => {
            let error = format!("O campo {name} não possui um valor válido.");
            Said::envelope(200, FILL_IN).with_errors(vec![error.into()])
        }
        Refusal::WrongBody => Said::envelope(200, "Preencha os campos obrigatórios."),
        Refusal::Unknown(sentence) => Said::envelope(200, *sentence),
        Refusal::Rule(sentence) => Said::envelope(200, *sentence),
        Refusal::RuleOn(sentence, records) => {
            Said::envelope(200, *sentence).with_errors(records.clone())
        }
        Refusal::WrongCredentials => Said {
            code: Some("invalid_credentials"),
            ..Said::envelope(401, "Usuário ou senha não conferem.").worded(Wording::Code)
        },
        Refusal::NoToken => Said::envelope(401, "Unauthenticated.").worded(Wording::Sentence),
        Refusal::ExpiredToken => Said::envelope(401, "Token expirado."),
        Refusal::Forbidden => Said::envelope(403, "O usuário não possui a permissão desejada."),
        Refusal::NotFound => Said::envelope(200, "Nenhum registro encontrado."),
        Refusal::Broken => {
            Said::envelope(200, "Ocorreu um erro inesperado.").worded(Wording::Exception)
        }
        Refusal::TooMany => Said::page(429),
        Refusal::TooLarge => Said::page(413),
        Refusal::NoSuchPage | Refusal::NoSuchOperation => Said::page(404),
    }
}

/// Catalogues: the kind, the number of its first record, the names of its records.
const CATALOGUES: &[(RecordKind, u64, &[&str])] = &[
    ("tipo_atendimento", 1, &["SUPORTE - SEM ACESSO", "SUPORTE - LENTIDÃO", "FINANCEIRO"]),
    ("atendimento_status", 1, &["Pendente", "Em andamento", "Resolvido"]),
    ("tipo_ordem_servico", 1, &["MANUTENÇÃO FIBRA", "INSTALAÇÃO FIBRA"]),
    ("tecnico", 5, &["Bruno Exemplo", "Carla Exemplo"]),
];

fn furnish(turn: &mut Turn<'_>, n_tickets: usize) {
    for (kind, first, names) in CATALOGUES {
        for name in *names {
            turn.store.add(kind, *first, |number| catalogue_entry(kind, number, name));
        }
    }
    customers::furnish(turn);
    invoices::furnish(turn);
    shelves::SHELVES.iter().for_each(|shelf| shelf.furnish(turn));
    suppliers::furnish(turn);
    ports::furnish(turn);
    stock::furnish(turn);
    for number in 0..n_tickets {
        tickets::furnish(turn, number);
    }
}

fn catalogue_entry(kind: &str, number: u64, name: &str) -> Facts {
    Facts::new()
        .with(format!("id_{kind}"), number)
        .with("id", number)
        .with("name", name)
        .with("nome", name)
        .with("descricao", name)
        .with("display", name)
        .with("prefixo", name.to_lowercase().replace(' ', "_"))
        .with("abrir_ordem_servico", true)
        .with("ativo", true)
}

/// Returns all records of a kind, as a member of this name.
fn listed(turn: &mut Turn<'_>, kind: RecordKind, name: &'static str) -> Result<Facts, Refusal> {
    let all: Vec<Fact> = turn.store.all(kind).map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with(name, all))
}

fn log_in(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let known = turn.credentials;
    let wanted = [
        ("client_id", &known.client_id),
        ("client_secret", &known.client_secret),
        ("username", &known.username),
        ("password", &known.password),
    ];
    if wanted.iter().any(|(name, value)| turn.text(name).as_ref() != Some(value)) {
        return Err(Refusal::WrongCredentials);
    }
    let token = turn.tokens.issue(turn.now);
    Ok(Facts::new()
        .with("token_type", "Bearer")
        .with("expires_in", turn.tokens.lifetime.as_secs())
        .with("access_token", token)
        .with("refresh_token", "standin-refresh-token"))
}

/// Returns the record whose number is the argument `name`.
fn must_find(
    turn: &Turn<'_>,
    kind: RecordKind,
    name: &str,
    unknown: &'static str,
) -> Result<Key, Refusal> {
    let number = turn.must(name)?;
    numbered(turn, kind, &number).ok_or(Refusal::Unknown(unknown))
}

fn numbered(turn: &Turn<'_>, kind: RecordKind, number: &str) -> Option<Key> {
    let key = Key { kind, number: number.parse().ok()? };
    turn.store.get(key).map(|_| key)
}

/// Returns the record of a catalogue with this number, or its first.
fn chosen(turn: &Turn<'_>, kind: RecordKind, number: Option<String>) -> Option<Key> {
    let sent = number.and_then(|number| numbered(turn, kind, &number));
    sent.or_else(|| turn.store.all(kind).next().map(|(key, _)| key))
}

/// Spells a catalogue's record as an object or as its description.
fn told(turn: &Turn<'_>, key: Option<Key>) -> Fact {
    let Some(key) = key else { return Fact::Json(Value::Null) };
    let words = turn.store.get(key).and_then(|facts| facts.text("descricao"));
    Fact::Either(vec![Fact::Link(key), words.into()])
}

/// Returns the time so many days later, or earlier if they are negative.
fn in_days(time: Timestamp, days: i64) -> Timestamp {
    time.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(time)
}

/// Returns the moment of two arguments, a date and a time of day.
fn moment(turn: &Turn<'_>, date: &str, time: &str) -> Option<Timestamp> {
    let date = turn.text(date)?;
    let time = turn.text(time).unwrap_or_else(|| "00:00:00".to_owned());
    Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", format!("{date} {time} -0300")).ok()
}

/// Returns whether a record's moment is in the requested days.
fn is_in_period(turn: &Turn<'_>, facts: &Facts, default: &str) -> bool {
    let name = turn.text("tipo_data").unwrap_or_else(|| default.to_owned());
    if turn.text("data_inicio").is_none() && turn.text("data_fim").is_none() {
        return true;
    }
    is_in_days(facts, &name, moment(turn, "data_inicio", ""), moment(turn, "data_fim", ""))
}

/// Returns whether the moment of this name is on or between these days.
fn is_in_days(
    facts: &Facts,
    name: &str,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
) -> bool {
    let Some(time) = facts.time(name) else { return false };
    let is_before_end = |last: Timestamp| time.as_second() < last.as_second() + 86_400;
    first.is_none_or(|first| time >= first) && last.is_none_or(is_before_end)
}

/// Returns the customers that `busca` and `termo_busca` find.
fn searched(turn: &Turn<'_>) -> Result<Vec<Key>, Refusal> {
    let (by, term) = (turn.must("busca")?, turn.must("termo_busca")?);
    Ok(customers::found(turn, &by, &term))
}
