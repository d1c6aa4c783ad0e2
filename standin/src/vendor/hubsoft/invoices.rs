//! Makes, finds and pays HubSoft's invoices (faturas).

use jiff::Timestamp;
use serde_json::Value;

use super::customers::{self, SERVICE};
use super::{in_days, is_in_days, is_in_period, moment, must_find, searched};
use crate::chance;
use crate::fact::{Fact, Facts};
use crate::record::{Key, RecordKind};
use crate::refusal::Refusal;
use crate::turn::Turn;

pub(super) const INVOICE: RecordKind = "fatura";

/// The sentence of a refusal where there is no such invoice.
pub(super) const UNKNOWN: &str = "Fatura não encontrada.";

/// The days back to which all customers' invoices are listed by default.
const LISTED_DAYS: i64 = 10;

/// An invoice that every service has before the first request.
struct Initial {
    /// Days from now until it is due.
    due: i64,
    paid: Paid,
}

#[derive(Clone, Copy, PartialEq)]
enum Paid {
    Yes,
    No,
    /// Paid unless the service is suspended for a debt.
    UnlessInDebt,
}

const INITIAL: &[Initial] = &[
    Initial { due: -35, paid: Paid::Yes },
    Initial { due: -5, paid: Paid::UnlessInDebt },
    Initial { due: 25, paid: Paid::No },
];

pub(super) fn furnish(turn: &mut Turn<'_>) {
    let services: Vec<Key> = turn.store.all(SERVICE).map(|(key, _)| key).collect();
    for service in services {
        let is_in_debt = customers::is_in_debt(turn, service);
        for initial in INITIAL {
            let due = in_days(turn.now, initial.due);
            let invoice = keep(turn, service, due);
            if initial.paid == Paid::Yes || (initial.paid == Paid::UnlessInDebt && !is_in_debt) {
                let value = turn.store.get(service).and_then(|facts| facts.get("valor")).cloned();
                let payment = Payment { day: due, credited: due, value: value.into() };
                set_paid(turn, invoice, payment);
            }
        }
    }
}

/// Stores an unpaid invoice of a service.
fn keep(turn: &mut Turn<'_>, service: Key, due: Timestamp) -> Key {
    let of_service = turn.store.get(service).cloned().unwrap_or_default();
    let value = || of_service.get("valor").cloned();
    let plan = || of_service.get("nome").cloned();
    let seed = chance::number(turn.seed, &format!("{INVOICE}/{}/{due}", service.number));
    let charge = Facts::new()
        .with("id_cobranca", service.number)
        .with("descricao", plan())
        .with("valor", value())
        .with("data_vencimento", due)
        .with("data_pagamento", Value::Null)
        .with("ativo", true);
    let detail = Facts::new().with("descricao", plan()).with("valor", value());
    turn.store.add(INVOICE, 501, |number| {
        Facts::made(seed)
            .with("id_fatura", number)
            .with("numero_documento", number)
            .with("nosso_numero", format!("{number:06}"))
            .with("id_cliente_servico", service.number)
            .with("cliente", of_service.link("cliente"))
            .with("servico", service)
            .with("valor", value())
            .with("valor_original", value())
            .with("data_vencimento", due)
            .with("data_cadastro", in_days(due, -30))
            .with("data_documento", in_days(due, -30))
            .with("data_processamento", in_days(due, -30))
            .with("quitado", false)
            .with("fatura_ativa", true)
            .with("status", "vencido")
            .with("data_pagamento", Value::Null)
            .with("data_credito", Value::Null)
            .with("valor_pago", Value::Null)
            .with("valor_juros_pago", Value::Null)
            .with("valor_desconto", Value::Null)
            .with("detalhamento", vec![Fact::Own(detail)])
            .with("cobrancas", vec![Fact::Own(charge)])
            .with("recibos", Vec::new())
    })
}

/// Date and amount of a payment.
struct Payment {
    day: Timestamp,
    credited: Timestamp,
    value: Fact,
}

fn set_paid(turn: &mut Turn<'_>, invoice: Key, payment: Payment) {
    if let Some(facts) = turn.store.get_mut(invoice) {
        facts.set("quitado", true);
        facts.set("data_pagamento", payment.day);
        facts.set("data_credito", payment.credited);
        facts.set("valor_pago", payment.value);
    }
}

/// Pays an invoice (liquidar), once.
pub(super) fn pay(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let invoice = must_find(turn, INVOICE, "id_fatura", UNKNOWN)?;
    let of_invoice = turn.store.get(invoice).cloned().unwrap_or_default();
    if of_invoice.is("quitado", "true") {
        return Err(Refusal::Rule("A fatura já foi quitada."));
    }
    let day = moment(turn, "data_pagamento", "").unwrap_or(turn.now);
    let credited = moment(turn, "data_credito", "").unwrap_or(day);
    let sent = |name: &str| Fact::from(turn.arguments.json(name).cloned());
    let (value, fee) = (sent("valor_pago"), sent("tarifa"));
    let register = Facts::new()
        .with("id_caixa_financeiro", sent("id_caixa_financeiro"))
        .with("descricao", "CAIXA EXEMPLO");
    let means = turn.text("meio_pagamento").unwrap_or_else(|| "dinheiro".to_owned());
    let means = Facts::new().with("descricao", means.to_uppercase()).with("prefixo", means);
    let now = turn.now;
    let receipt = turn.store.add("recibo", 1, |number| {
        Facts::new()
            .with("id_recibo", number)
            .with("numero_recibo", format!("{number:013x}"))
            .with("caixa_financeiro", register)
            .with("meio_pagamento", means)
            .with("data_pagamento", day)
            .with("data_credito", credited)
            .with("data_cadastro", now)
            .with("valor", of_invoice.get("valor").cloned())
            .with("valor_pago", value.clone())
            .with("tarifa", fee)
            .with("cliente", of_invoice.link("cliente"))
            .with("cobrancas", of_invoice.get("cobrancas").cloned())
    });
    set_paid(turn, invoice, Payment { day, credited, value });
    if let Some(facts) = turn.store.get_mut(invoice) {
        facts.push("recibos", receipt);
    }
    Ok(Facts::new().with("recibo", receipt))
}

/// Returns a customer's invoices, by default the unpaid ones.
pub(super) fn of_customer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let with_paid = turn.text("apenas_pendente").as_deref() == Some("nao");
    let is_wanted = wanted_of(turn)?;
    let by = turn.text("order_by").unwrap_or_else(|| "data_vencimento".to_owned());
    let mut found: Vec<(Key, &Facts)> = turn
        .store
        .all(INVOICE)
        .filter(|(_, facts)| is_wanted(facts))
        .filter(|(_, facts)| with_paid || !facts.is("quitado", "true"))
        .filter(|(_, facts)| is_in_period(turn, facts, "data_vencimento"))
        .collect();
    found.sort_by_key(|(_, facts)| facts.time(&by));
    if turn.text("order_type").as_deref() == Some("desc") {
        found.reverse();
    }
    let found: Vec<Fact> = found.into_iter().map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with("faturas", found))
}

/// Returns all customers' invoices, oldest first; by default those of the last days.
pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let is_wanted = wanted_of(turn)?;
    let (is_paid_only, is_open_only) =
        (turn.arguments.is_true("apenas_quitado"), turn.arguments.is_true("apenas_em_aberto"));
    let since = moment(turn, "data_inicio", "").unwrap_or_else(|| in_days(turn.now, -LISTED_DAYS));
    let until = moment(turn, "data_fim", "").unwrap_or(turn.now);
    let by = turn.text("tipo_data").unwrap_or_else(|| "data_vencimento".to_owned());
    let found = turn.store.all(INVOICE).filter(|(_, facts)| {
        let is_paid = facts.is("quitado", "true");
        is_wanted(facts)
            && (is_paid || !is_paid_only)
            && (!is_paid || !is_open_only)
            && is_in_days(facts, &by, Some(since), Some(until))
    });
    let found: Vec<Fact> = found.map(|(key, _)| Fact::Link(key)).collect();
    Ok(Facts::new().with("faturas", found))
}

/// Searches that name an invoice or its service, and not a customer.
const OF_INVOICE: &[&str] = &["id_fatura", "id_cliente_servico", "nosso_numero"];

/// Returns whether `busca` and `termo_busca` find an invoice; without them, always.
fn wanted_of(turn: &Turn<'_>) -> Result<impl Fn(&Facts) -> bool + use<>, Refusal> {
    let search = turn.text("busca").zip(turn.text("termo_busca"));
    let is_of_invoice = search.as_ref().is_some_and(|(by, _)| OF_INVOICE.contains(&by.as_str()));
    let customers = if search.is_none() || is_of_invoice { Vec::new() } else { searched(turn)? };
    Ok(move |facts: &Facts| match &search {
        None => true,
        Some((by, term)) if is_of_invoice => facts.is(by, term),
        Some(_) => facts.link("cliente").is_some_and(|customer| customers.contains(&customer)),
    })
}
