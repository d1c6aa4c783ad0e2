//! Imitates TomTicket's first generation: tickets, customers, organisations and departments.

mod customers;
mod tickets;

use std::sync::OnceLock;

use serde_json::Value;

use super::{Auth, Behind, Deed, Vendor};
use crate::fact::{Fact, Facts};
use crate::refusal::{Refusal, Said};
use crate::turn::Turn;

pub(crate) static TOMTICKET_V1: Vendor = Vendor {
    name: "tomticket-v1",
    spec: include_str!("../../specs/tomticket-v1.json"),
    auth: Auth::PathSecret,
    behind: Behind::Empty,
    done: None,
    say,
    deeds: DEEDS,
    shelves: &[],
    references: &[],
    notices: &[],
    furnish,
    about: |_| Facts::new(),
    prepared: OnceLock::new(),
};

const DEEDS: &[Deed] = &[
    Deed { operation: "criar_chamado", act: tickets::open },
    Deed { operation: "ler_chamado", act: tickets::read },
    Deed { operation: "listar_chamados", act: tickets::list },
    Deed { operation: "responder_chamado", act: tickets::answer },
    Deed { operation: "inserir_comentario_chamado", act: tickets::comment },
    Deed { operation: "iniciar_status_chamado", act: tickets::start_status },
    Deed { operation: "encerrar_status_chamado", act: tickets::end_status },
    Deed { operation: "criar_cliente", act: customers::add },
    Deed { operation: "atualizar_cliente", act: customers::change },
    Deed { operation: "listar_clientes", act: customers::list },
    Deed { operation: "detalhar_cliente", act: customers::read },
    Deed { operation: "verificar_existencia_cliente", act: customers::exists },
    Deed { operation: "ativar_desativar_cliente", act: customers::activate },
    Deed { operation: "bloquear_criacao_chamados", act: customers::block },
    Deed { operation: "criar_acesso_cliente", act: customers::give_access },
    Deed { operation: "listar_departamentos", act: departments },
    Deed { operation: "listar_organizacoes", act: organizations },
    Deed { operation: "criar_organizacao", act: add_organization },
    Deed { operation: "verificar_email_blacklist", act: |_| Ok(nothing()) },
    Deed { operation: "listar_campos_personalizados", act: |_| Ok(nothing()) },
    Deed { operation: "buscar_artigo", act: |_| Ok(nothing()) },
];

/// Words a refusal.
fn say(refusal: &Refusal) -> Said {
    match refusal {
        Refusal::Missing(name) => Said::envelope(200, format!("O campo {name} não foi informado.")),
        Refusal::Invalid(name) | Refusal::InvalidTime(name) => {
            Said::envelope(200, format!("O campo {name} é inválido."))
        }
        Refusal::WrongBody => Said::envelope(400, "Requisição inválida."),
        Refusal::Unknown(what) => Said::envelope(200, format!("{what} não encontrado.")),
        Refusal::Rule(sentence) | Refusal::RuleOn(sentence, _) => Said::envelope(200, *sentence),
        Refusal::NoToken | Refusal::ExpiredToken | Refusal::WrongCredentials => {
            Said::envelope(401, "Token de acesso inválido.")
        }
        Refusal::Forbidden => Said::envelope(403, "Recurso não disponível no seu plano."),
        Refusal::NotFound => Said::envelope(404, "Chamado não encontrado."),
        Refusal::Broken => Said::page(500),
        Refusal::TooMany => Said::page(429),
        Refusal::TooLarge => Said::envelope(200, "A requisição excede 25 MB."),
        Refusal::NoSuchPage | Refusal::NoSuchOperation => {
            Said::envelope(404, "Recurso não encontrado.")
        }
    }
}

/// Departments and their categories; all names are made up.
const DEPARTMENTS: &[(&str, &[&str])] =
    &[("Suporte", &["Sem acesso", "Lentidão"]), ("Financeiro", &["Segunda via", "Negociação"])];

/// Customers by internal id, name, e-mail address and telephone number.
const CUSTOMERS: &[(&str, &str, &str, &str)] = &[
    ("4242", "Ana Modelo", "ana@example.com", "11900000001"),
    ("4243", "Beto Modelo", "beto@example.com", "11900000002"),
    ("4244", "Célia Modelo", "celia@example.com", "11900000003"),
];

/// States of a ticket.
const STATES: &[&str] = &["Em análise", "Aguardando peça"];

fn furnish(turn: &mut Turn<'_>, n_tickets: usize) {
    for (name, categories) in DEPARTMENTS {
        let categories: Vec<Fact> =
            categories.iter().map(|name| Fact::Link(named(turn, "Categoria", name))).collect();
        let key = named(turn, "Departamento", name);
        if let Some(facts) = turn.store.get_mut(key) {
            facts.set("online", true);
            facts.set("categorias", categories);
        }
    }
    for name in STATES {
        named(turn, "Status", name);
    }
    named(turn, "Organização", "Empresa Modelo");
    for (id, name, email, phone) in CUSTOMERS {
        customers::keep(turn, Some(id), name, Some(email), Some(phone));
    }
    for number in 0..n_tickets {
        tickets::furnish(turn, number);
    }
}

/// Stores a record of an id and a name.
fn named(turn: &mut Turn<'_>, kind: &'static str, name: &str) -> crate::record::Key {
    let number = turn.store.all(kind).count() as u64 + 1;
    let id = turn.hex_id(kind, number);
    turn.store.add(kind, 1, |_| Facts::new().with("id", id).with("nome", name))
}

/// Returns a success with an empty list.
fn nothing() -> Facts {
    Facts::new().with("data", Vec::new())
}

fn departments(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let all: Vec<Fact> = turn.store.all("Departamento").map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with("data", all))
}

fn organizations(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    // The form of an item is unknown, so any value is allowed.
    let told = |facts: &Facts| {
        let members = ["id", "nome"].map(|name| (name.to_owned(), facts.text(name).into()));
        Fact::Json(Value::Object(members.into_iter().collect()))
    };
    let all: Vec<Fact> = turn.store.all("Organização").map(|(_, facts)| told(facts)).collect();
    Ok(Facts::new().with("data", all))
}

fn add_organization(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let name = turn.must("nome")?;
    named(turn, "Organização", &name);
    Ok(Facts::new())
}
