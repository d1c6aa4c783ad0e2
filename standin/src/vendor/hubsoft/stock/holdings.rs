//! Hands products to users, points of presence, projects and customers, takes them back, and lists
//! what each of them has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::customers::{SERVICE as CUSTOMER_SERVICE, UNKNOWN_SERVICE};
use super::super::must_find;
use super::{
    IN_STOCK, Line, MOVEMENT, Movement, Word, amount, items_of_line, keep, lines_of, sent_lines,
    told_status, warehouse, warehouse_end,
};
use crate::fact::{Fact, Facts};
use crate::record::Key;
use crate::refusal::Refusal;
use crate::turn::Turn;

/// A holder of products outside of the stock.
pub(crate) struct Holder {
    /// The argument that names it.
    argument: &'static str,
    /// The kind of end that it is (`tipo_vinculo`).
    kind: &'static str,
    /// The list of its products.
    list: &'static str,
    /// The status of items that it has.
    status: Word,
    /// The kind of the movements to it.
    movement: Word,
    /// Whether a return is a list of movements.
    returns_many: bool,
}

pub(crate) const USER: Holder = Holder {
    argument: "id_usuario",
    kind: "usuario",
    list: "produtos_usuario",
    status: (9, "Usuário", "usuario"),
    movement: (11, "Usuários", "users"),
    returns_many: true,
};

pub(crate) const POP: Holder = Holder {
    argument: "id_pop",
    kind: "pop_conexao",
    list: "produtos_pop",
    status: (8, "POP", "pop_conexao"),
    movement: (13, "POP", "pop"),
    returns_many: false,
};

pub(crate) const PROJECT: Holder = Holder {
    argument: "id_mapeamento_projeto",
    kind: "projeto_mapeamento",
    list: "produtos_mapeamento_projeto",
    status: (7, "Projeto de mapeamento", "projeto_mapeamento"),
    movement: (14, "Projeto de mapeamento", "mapeamento_projeto"),
    returns_many: false,
};

pub(crate) const SERVICE: Holder = Holder {
    argument: "id_cliente_servico",
    kind: "servico_cliente",
    list: "produtos_cliente_servico",
    status: (4, "Vendido", "vendido"),
    movement: (15, "Venda", "cliente_venda"),
    returns_many: true,
};

const BACK: Word = (6, "Retorno de Estoque", "retorno_estoque");
const WAITING: Word = (10, "Recebimento pendente", "recebimento_pendente_tecnico");
const WAITING_MOVEMENT: Word = (12, "Aguardando usuário", "estoque_movimento_usuario");

/// A product that somebody has: its number, the warehouse it left, and what a user has it for.
type Thing = (u64, u64, Option<String>);

/// How much of it, and which items.
#[derive(Default)]
struct Held {
    quantity: f64,
    items: Vec<Key>,
}

/// Returns the number of the holder that the request names.
fn number(turn: &Turn<'_>, holder: &Holder) -> Result<u64, Refusal> {
    if holder.argument == SERVICE.argument {
        let service = must_find(turn, CUSTOMER_SERVICE, holder.argument, UNKNOWN_SERVICE)?;
        return Ok(service.number);
    }
    // The stand-in has no records of the others, so that every number is one.
    let number = turn.must(holder.argument)?;
    number.parse().map_err(|_| Refusal::Invalid(holder.argument.to_owned()))
}

/// Returns the end of a movement at a holder; a user has its name elsewhere in a return.
fn end(turn: &Turn<'_>, holder: &Holder, number: u64, is_return: bool) -> Facts {
    let end = Facts::new().with(holder.argument, number).with("tipo_vinculo", holder.kind);
    let display = if is_return { "display" } else { "nome" };
    if holder.argument == USER.argument {
        let email = format!("usuario{number}@example.com");
        return end.with(display, format!("USUÁRIO {number}")).with("email", email);
    }
    if holder.argument == SERVICE.argument {
        let service = turn.store.get(Key { kind: CUSTOMER_SERVICE, number });
        let fact = |name: &str| service.and_then(|facts| facts.get(name)).cloned();
        let told = ["display", "numero_plano", "cliente"];
        return told.into_iter().fold(end, |end, name| end.with(name, fact(name)));
    }
    let word = if holder.argument == POP.argument { "POP" } else { "PROJETO" };
    let end = end.with("display", format!("{word} {number}"));
    if holder.argument == PROJECT.argument { end.with("id_vinculo", number) } else { end }
}

/// Takes products out of a warehouse to a holder.
pub(crate) fn take_out(turn: &mut Turn<'_>, holder: &Holder) -> Result<Facts, Refusal> {
    let number = number(turn, holder)?;
    let warehouse = warehouse(turn, "id_local_estoque")?;
    let lines = sent_lines(turn, Some(warehouse))?;
    let is_waiting = turn.arguments.is_true("solicitar_confirmacao");
    let to = match is_waiting {
        true => waiting_end(turn, number),
        false => end(turn, holder, number, false),
    };
    let movement = Movement {
        direction: "saida",
        warehouse,
        from: warehouse_end(turn, warehouse),
        to: to.into(),
        kind: if is_waiting { WAITING_MOVEMENT } else { holder.movement },
        status: if is_waiting { WAITING } else { holder.status },
        lines,
    };
    let key = keep(turn, movement);
    // A user who has not confirmed has nothing yet.
    if !is_waiting {
        sign(turn, key, holder, number);
    }
    Ok(Facts::new().with(MOVEMENT, key))
}

/// Returns the end of a movement that waits for its user.
fn waiting_end(turn: &mut Turn<'_>, user: u64) -> Facts {
    let waiting = turn.store.add("estoque_movimento_usuario", 301, |_| Facts::new()).number;
    let responsible = end(turn, &USER, user, false).without(&["tipo_vinculo"]);
    Facts::new()
        .with("id_estoque_movimento_usuario", waiting)
        .with("status", "PENDENTE")
        .with("usuario_responsavel", responsible)
        .with("tipo_vinculo", "usuario_confirmacao")
}

/// Notes in a movement who got or gave the products.
fn sign(turn: &mut Turn<'_>, movement: Key, holder: &Holder, number: u64) {
    let utilization = turn.text("tipo_utilizacao");
    if let Some(facts) = turn.store.get_mut(movement) {
        facts.set("titular", holder.kind);
        facts.set("numero_do_titular", number);
        facts.set("tipo_utilizacao", utilization);
    }
}

/// Takes products back into the stock, one movement for each warehouse.
pub(crate) fn take_back(turn: &mut Turn<'_>, holder: &Holder) -> Result<Facts, Refusal> {
    let number = number(turn, holder)?;
    let lines = sent_lines(turn, None)?;
    let utilization = turn.text("tipo_utilizacao");
    let held = held(turn, holder, number);
    let mut wanted: BTreeMap<Thing, f64> = BTreeMap::new();
    for line in &lines {
        let thing = (line.product, line.warehouse, utilization.clone());
        *wanted.entry(thing).or_default() += line.quantity;
    }
    let is_there = |(thing, quantity): &(&Thing, &f64)| {
        held.get(thing).is_some_and(|held| held.quantity >= **quantity)
    };
    if !wanted.iter().all(|one| is_there(&one)) {
        let lacking = wanted.iter().filter(|one| !is_there(one));
        // Only a return from a user names what lacks.
        let lacking = lacking.filter(|_| holder.argument == USER.argument);
        let lacking = lacking.map(|(thing, quantity)| told_lack(number, thing, *quantity));
        return Err(Refusal::RuleOn("Quantidade indisponível para retorno.", lacking.collect()));
    }
    let asked = turn.arguments.number("id_local_estoque_retorno");
    let asked = asked.and_then(|number| u64::try_from(number).ok());
    let mut by_warehouse: BTreeMap<u64, Vec<Line>> = BTreeMap::new();
    for line in lines {
        by_warehouse.entry(asked.unwrap_or(line.warehouse)).or_default().push(line);
    }
    let mut kept = Vec::new();
    for (warehouse, lines) in by_warehouse {
        let movement = Movement {
            direction: "entrada",
            warehouse,
            from: end(turn, holder, number, true).into(),
            to: warehouse_end(turn, warehouse),
            kind: BACK,
            status: IN_STOCK,
            lines,
        };
        let key = keep(turn, movement);
        sign(turn, key, holder, number);
        kept.push(Fact::Link(key));
    }
    let told = match holder.returns_many {
        true => Some(kept.into()),
        false => kept.into_iter().next(),
    };
    Ok(Facts::new().with("movimentos_estoque", told))
}

/// Describes what a user does not have as the vendor's refusal does.
fn told_lack(user: u64, (product, warehouse, utilization): &Thing, quantity: f64) -> Value {
    json!({
        "id_usuario": user,
        "id_produto": product,
        "id_local_estoque": warehouse,
        "tipo_utilizacao": utilization,
        "quantidade": amount(quantity),
        "patrimonios": [],
    })
}

/// Sums up what a holder has.
fn held(turn: &Turn<'_>, holder: &Holder, number: u64) -> BTreeMap<Thing, Held> {
    let number = number.to_string();
    let mut held: BTreeMap<Thing, Held> = BTreeMap::new();
    for (_, movement) in turn.store.all(MOVEMENT) {
        if !movement.is("titular", holder.kind) || !movement.is("numero_do_titular", &number) {
            continue;
        }
        let is_out = movement.is("tipo", "saida");
        for line in lines_of(movement) {
            let Some((thing, quantity)) = thing(movement, line) else { continue };
            let held = held.entry(thing).or_default();
            let items = items_of_line(line);
            if is_out {
                held.quantity += quantity;
                held.items.extend(items);
            } else {
                held.quantity -= quantity;
                held.items.retain(|item| !items.contains(item));
            }
        }
    }
    held
}

/// Returns the product of a line, and how much of it.
fn thing(movement: &Facts, line: &Facts) -> Option<(Thing, f64)> {
    let product = line.text("id_produto")?.parse().ok()?;
    let warehouse = line.text("id_local_estoque")?.parse().ok()?;
    let quantity = line.text("quantidade")?.parse().ok()?;
    Some(((product, warehouse, movement.text("tipo_utilizacao")), quantity))
}

/// Returns whether the products of a movement are still where it brought them.
pub(super) fn can_undo(turn: &Turn<'_>, key: Key) -> bool {
    let Some(movement) = turn.store.get(key) else { return false };
    let holders = [USER, POP, PROJECT, SERVICE];
    let holder = holders.iter().find(|holder| movement.is("titular", holder.kind));
    let number = movement.text("numero_do_titular").and_then(|text| text.parse().ok());
    let (Some(holder), Some(number)) = (holder, number) else { return true };
    let held = held(turn, holder, number);
    movement.is("tipo", "entrada")
        || lines_of(movement)
            .filter_map(|line| thing(movement, line))
            .all(|(thing, quantity)| held.get(&thing).is_some_and(|held| held.quantity >= quantity))
}

/// Lists what a holder has.
pub(crate) fn list_held(turn: &mut Turn<'_>, holder: &Holder) -> Result<Facts, Refusal> {
    let number = number(turn, holder)?;
    let mut told = Vec::new();
    for ((product, warehouse, utilization), held) in held(turn, holder, number) {
        let mut facts = Facts::new()
            .with(holder.argument, number)
            .with("id_produto", product)
            .with("id_local_estoque", warehouse)
            .with("quantidade", amount(held.quantity))
            .with("id_produto_item_status", holder.status.0)
            .with("produto_item_status", told_status(holder.status));
        if let Some(utilization) = utilization {
            facts.set("tipo_utilizacao", utilization);
        }
        if !held.items.is_empty() {
            let items: Vec<Fact> = held.items.into_iter().map(Fact::Link).collect();
            facts.set("patrimonios", items);
        }
        let filters =
            ["id_produto", "id_local_estoque", "tipo_utilizacao", "id_produto_item_status"];
        let is_wanted = filters.iter().all(|name| {
            turn.text(name).is_none_or(|wanted| facts.text(name).is_none_or(|it| it == wanted))
        });
        if held.quantity > 0.0 && is_wanted {
            told.push(Fact::Own(facts));
        }
    }
    Ok(Facts::new().with(holder.list, told))
}
