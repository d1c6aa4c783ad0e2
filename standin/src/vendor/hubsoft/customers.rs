//! Adds, changes and finds HubSoft's customers (clientes) and the services that they subscribe to.

use serde_json::Value;

use super::{in_days, must_find, searched};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::store::Store;
use crate::turn::Turn;

pub(super) const CUSTOMER: &str = "cliente";
pub(super) const SERVICE: &str = "cliente_servico";

/// The sentence of a refusal where there is no such customer.
pub(super) const UNKNOWN: &str = "Cliente não encontrado.";
/// The sentence of a refusal where there is no such service.
pub(super) const UNKNOWN_SERVICE: &str = "Serviço não encontrado.";

/// A service's state: its words and its code.
type State = (&'static str, &'static str);
pub(super) const ENABLED: State = ("Serviço Habilitado", "servico_habilitado");
const WAITING: State = ("Aguardando Instalação", "aguardando_instalacao");
const SUSPENDED_DEBT: State = ("Suspenso por Débito", "suspenso_debito");
const SUSPENDED_WISH: State = ("Suspenso a Pedido do Cliente", "suspenso_pedido_cliente");

/// A customer that exists before the first request.
struct Initial {
    name: &'static str,
    tax_number: &'static str,
    kind: &'static str,
    phone: &'static str,
    email: &'static str,
    services: &'static [(&'static str, State)],
    /// In how many days the contracts of the services end; negative if they have ended.
    contract_days: i64,
}

/// Invented persons and companies, with valid check digits.
const INITIAL: &[Initial] = &[
    Initial {
        name: "ANA MODELO",
        tax_number: "12345678909",
        kind: "pf",
        phone: "11900000001",
        email: "ana@example.com",
        services: &[("FIBRA EXEMPLO 100M", ENABLED), ("FIBRA EXEMPLO 50M", SUSPENDED_DEBT)],
        contract_days: 200,
    },
    Initial {
        name: "BETO MODELO",
        tax_number: "11144477735",
        kind: "pf",
        phone: "11900000002",
        email: "beto@example.com",
        services: &[("FIBRA EXEMPLO 300M", ENABLED)],
        contract_days: -30,
    },
    Initial {
        name: "EMPRESA MODELO LTDA",
        tax_number: "11222333000181",
        kind: "pj",
        phone: "1130000003",
        email: "contato@example.com",
        services: &[("LINK EXEMPLO 1G", ENABLED)],
        contract_days: 90,
    },
    Initial {
        name: "CÉLIA MODELO",
        tax_number: "52998224725",
        kind: "pf",
        phone: "11900000004",
        email: "celia@example.com",
        services: &[("FIBRA EXEMPLO 100M", SUSPENDED_DEBT)],
        contract_days: -400,
    },
];

pub(super) fn furnish(turn: &mut Turn<'_>) {
    for initial in INITIAL {
        let facts = Facts::new()
            .with("nome_razaosocial", initial.name)
            .with("cpf_cnpj", initial.tax_number)
            .with("tipo_pessoa", initial.kind)
            .with("telefone_primario", initial.phone)
            .with("email_principal", initial.email);
        let customer = keep(turn, facts);
        for (name, state) in initial.services {
            let service = subscribe(turn, customer, name, *state);
            let end = in_days(turn.now, initial.contract_days);
            if let Some(facts) = turn.store.get_mut(service) {
                facts.set("data_inicio_contrato", in_days(end, -365));
                facts.set("data_fim_contrato", end);
            }
        }
    }
}

/// Returns the facts that made-up answers share: the first customer and service.
pub(super) fn about(store: &Store) -> Facts {
    let mut about = Facts::new();
    let names = ["id_cliente", "codigo_cliente", "nome_razaosocial", "cpf_cnpj"];
    for (kind, names) in [(CUSTOMER, &names[..]), (SERVICE, &["id_cliente_servico"])] {
        let first = store.all(kind).next();
        if let Some((_, facts)) = first {
            for name in names {
                if let Some(fact) = facts.get(name) {
                    about.set(*name, fact.clone());
                }
            }
        }
    }
    about
}

/// Stores a customer with these facts.
fn keep(turn: &mut Turn<'_>, facts: Facts) -> Key {
    let now = turn.now;
    turn.store.add(CUSTOMER, 1001, |number| {
        let display =
            format!("({}) {}", number + 3241, facts.text("nome_razaosocial").unwrap_or_default());
        facts
            .with("id_cliente", number)
            .with("codigo_cliente", number + 3241)
            .with("display", display)
            .with("ativo", true)
            .with("alerta", false)
            .with("data_cadastro", now)
            .with("servicos", Vec::new())
    })
}

fn subscribe(turn: &mut Turn<'_>, customer: Key, plan: &str, state: State) -> Key {
    let now = turn.now;
    let n_before = match turn.store.get(customer).and_then(|facts| facts.get("servicos")) {
        Some(Fact::List(services)) => services.len() as u64,
        _ => 0,
    };
    let service = turn.store.add(SERVICE, 11_001, |number| {
        let kind = Facts::new().with("id_servico", 10_u64).with("descricao", plan);
        Facts::new()
            .with("id_cliente_servico", number)
            .with("id_cliente", customer.number)
            .with("id_servico", 10_u64)
            .with("numero_plano", n_before + 1)
            .with("nome", plan)
            .with("descricao", plan)
            .with("display", format!("({}) {plan}", n_before + 1))
            .with("valor", 99.9_f64)
            .with("tecnologia", "FIBRA")
            .with("data_cadastro", now)
            .with("data_habilitacao", now)
            .with("servico", Fact::Own(kind))
            .with("cliente", customer)
    });
    set_state(turn, service, state);
    if let Some(facts) = turn.store.get_mut(customer) {
        facts.push("servicos", service);
    }
    service
}

fn set_state(turn: &mut Turn<'_>, service: Key, (words, code): State) {
    if let Some(facts) = turn.store.get_mut(service) {
        facts.set("status", words);
        facts.set("status_prefixo", code);
    }
}

/// Searches by a fact of a service.
const OF_SERVICE: &[&str] =
    &["id_cliente_servico", "login_radius", "ipv4", "mac", "uuid_cliente_servico"];

/// Returns the customers that a search finds.
pub(super) fn found(turn: &Turn<'_>, by: &str, term: &str) -> Vec<Key> {
    if OF_SERVICE.contains(&by) {
        let services = turn.store.all(SERVICE).filter(|(_, facts)| facts.is(by, term));
        return services.filter_map(|(_, facts)| facts.link(CUSTOMER)).collect();
    }
    let digits: String = term.chars().filter(char::is_ascii_digit).collect();
    let holds = |facts: &Facts, name: &str, wanted: &str| {
        let text = facts.text(name).unwrap_or_default().to_lowercase();
        !wanted.is_empty() && text.contains(&wanted.to_lowercase())
    };
    let is_found = |facts: &Facts| match by {
        "cpf_cnpj" => facts.is("cpf_cnpj", &digits),
        "nome_razaosocial" | "nome_fantasia" => holds(facts, by, term),
        "telefone" => holds(facts, "telefone_primario", &digits),
        _ => facts.is(by, term),
    };
    turn.store.all(CUSTOMER).filter(|(_, facts)| is_found(facts)).map(|(key, _)| key).collect()
}

fn links(keys: Vec<Key>) -> Vec<Fact> {
    keys.into_iter().map(Fact::Link).collect()
}

pub(super) fn search(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    Ok(Facts::new().with("clientes", links(searched(turn)?)))
}

pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let all = turn.store.all(CUSTOMER).map(|(key, _)| key).collect();
    Ok(Facts::new().with("clientes", links(all)))
}

/// Arguments that become facts of a customer.
const TOLD: &[&str] = &[
    "nome_razaosocial",
    "nome_fantasia",
    "tipo_pessoa",
    "cpf_cnpj",
    "telefone_primario",
    "telefone_secundario",
    "telefone_terciario",
    "email_principal",
    "email_secundario",
    "rg",
    "inscricao_estadual",
    "nome_pai",
    "nome_mae",
    "profissao",
    "id_externo",
    "ativo",
];

pub(super) fn add(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let tax_number = turn.must("cpf_cnpj")?;
    if !found(turn, "cpf_cnpj", &tax_number).is_empty() {
        return Err(Refusal::Rule("Já existe um cliente com este CPF/CNPJ."));
    }
    let customer = keep(turn, Facts::new());
    keep_sent(turn, customer, TOLD);
    if turn.text("id_servico").is_some() {
        subscribe(turn, customer, "FIBRA EXEMPLO 100M", ENABLED);
    }
    Ok(Facts::new().with("cliente", customer))
}

pub(super) fn change(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let customer = must_find(turn, CUSTOMER, "id_cliente", UNKNOWN)?;
    keep_sent(turn, customer, TOLD);
    Ok(Facts::new().with("cliente", customer))
}

/// Arguments that become facts of a service.
const TOLD_OF_SERVICE: &[&str] = &[
    "id_servico",
    "id_vencimento",
    "id_forma_cobranca",
    "id_usuario_vendedor",
    "id_servico_status",
    "id_perfil_suspensao",
    "valor",
    "carne",
    "referencia",
];

/// Stores the arguments of these names.
fn keep_sent(turn: &mut Turn<'_>, record: Key, names: &[&'static str]) {
    let sent: Vec<(&str, Value)> =
        names.iter().filter_map(|name| Some((*name, turn.arguments.json(name)?.clone()))).collect();
    if let Some(facts) = turn.store.get_mut(record) {
        for (name, value) in sent {
            facts.set(name, value);
        }
    }
}

/// Sets the state of the requested service.
pub(super) fn set_service(turn: &mut Turn<'_>, state: State) -> Result<Facts, Refusal> {
    let service = must_find(turn, SERVICE, "id_cliente_servico", UNKNOWN_SERVICE)?;
    set_state(turn, service, state);
    Ok(Facts::new().with("cliente_servico", service))
}

pub(super) fn suspend(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let is_wish = turn.text("tipo_suspensao").as_deref() == Some("suspenso_pedido_cliente");
    set_service(turn, if is_wish { SUSPENDED_WISH } else { SUSPENDED_DEBT })
}

/// Returns whether the service is suspended for a debt.
pub(super) fn is_in_debt(turn: &Turn<'_>, service: Key) -> bool {
    turn.store.get(service).is_some_and(|facts| facts.is("status_prefixo", SUSPENDED_DEBT.1))
}

/// The limit of days that a service is unlocked on trust; a provider sets it in the panel.
const MAX_UNLOCKED_DAYS: i64 = 10;

/// Unlocks a service that is suspended for a debt (desbloqueio em confiança).
pub(super) fn unlock(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let service = must_find(turn, SERVICE, "id_cliente_servico", UNKNOWN_SERVICE)?;
    if turn.arguments.number("dias_desbloqueio").is_some_and(|days| days > MAX_UNLOCKED_DAYS) {
        return Err(Refusal::Rule("Quantidade de dias acima do permitido."));
    }
    if is_in_debt(turn, service) {
        set_state(turn, service, ENABLED);
    }
    Ok(Facts::new())
}

/// Adds a service, which waits for its installation, to a customer.
pub(super) fn add_service(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let customer = must_find(turn, CUSTOMER, "id_cliente", UNKNOWN)?;
    let service = subscribe(turn, customer, "FIBRA EXEMPLO 100M", WAITING);
    keep_sent(turn, service, TOLD_OF_SERVICE);
    Ok(Facts::new().with("cliente_servico", service))
}

pub(super) fn change_service(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let service = must_find(turn, SERVICE, "id_cliente_servico", UNKNOWN_SERVICE)?;
    keep_sent(turn, service, TOLD_OF_SERVICE);
    Ok(Facts::new().with("cliente_servico", service))
}
