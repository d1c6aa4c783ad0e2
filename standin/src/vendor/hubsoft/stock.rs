//! Keeps HubSoft's movements of the stock (movimentos de estoque): what comes in and goes out.
//!
//! Invariant: what somebody has is the sum of the movements, so undoing one only removes it.

mod holdings;

use serde_json::{Map, Value};

use super::{is_in_period, must_find, numbered};
use crate::fact::{Fact, Facts, plain};
use crate::record::{Key, RecordKind};
use crate::refusal::Refusal;
use crate::turn::Turn;

pub(super) use holdings::{POP, PROJECT, SERVICE, USER, list_held, take_back, take_out};

const MOVEMENT: RecordKind = "movimento_estoque";
const WAREHOUSE: RecordKind = "local_estoque";
const PRODUCT: RecordKind = "produto";
const ITEM: RecordKind = "produto_item";

const UNKNOWN: &str = "Movimento não encontrado.";
pub(super) const UNKNOWN_WAREHOUSE: &str = "Local de estoque não encontrado.";

/// The price of a product that has none.
const PRICE: f64 = 10.0;

/// A status of items, or a kind of movement: its number, words and code.
type Word = (u64, &'static str, &'static str);
const IN_STOCK: Word = (1, "Estoque", "estoque");
const PURCHASE: Word = (3, "Compra", "produto_compra");
const MANUAL_ENTRY: Word = (1, "Entrada Manual", "entrada");
const MANUAL_EXIT: Word = (2, "Saída Manual", "saida");
const TRANSFER: Word = (4, "Transferência", "transferencia");

/// A product of a movement.
struct Line {
    product: u64,
    warehouse: u64,
    quantity: f64,
    items: Vec<Key>,
}

/// A movement to be kept.
struct Movement {
    direction: &'static str,
    warehouse: u64,
    from: Fact,
    to: Fact,
    kind: Word,
    /// The status that its items get.
    status: Word,
    lines: Vec<Line>,
}

/// Adds the movements that exist before the first request: one of the panel and one of the API.
pub(super) fn furnish(turn: &mut Turn<'_>) {
    for platform in ["web", "API"] {
        let Some((warehouse, _)) = turn.store.all(WAREHOUSE).next() else { return };
        let Some((product, _)) = turn.store.all(PRODUCT).next() else { return };
        let line = Line {
            product: product.number,
            warehouse: warehouse.number,
            quantity: 10.0,
            items: Vec::new(),
        };
        let to = warehouse_end(turn, warehouse.number);
        let movement = Movement {
            direction: "entrada",
            warehouse: warehouse.number,
            from: Vec::new().into(),
            to,
            kind: MANUAL_ENTRY,
            status: IN_STOCK,
            lines: vec![line],
        };
        let key = keep(turn, movement);
        if let Some(facts) = turn.store.get_mut(key) {
            facts.set("plataforma", platform);
        }
    }
}

/// Stores a movement, and gives its items their status.
fn keep(turn: &mut Turn<'_>, movement: Movement) -> Key {
    let now = turn.now;
    let note = turn.text("observacao");
    let total: f64 = movement.lines.iter().map(|line| line.quantity * price(turn, line)).sum();
    let lines: Vec<Fact> =
        (1..).zip(&movement.lines).map(|(index, line)| told_line(turn, index, line)).collect();
    for item in movement.lines.iter().flat_map(|line| &line.items) {
        set_status(turn, *item, movement.status);
    }
    let name = warehouse_name(turn, movement.warehouse);
    let seed = turn.seed;
    turn.store.add(MOVEMENT, 3001, |number| {
        Facts::new()
            .with("id_movimento_estoque", number)
            .with("tipo", movement.direction)
            .with("id_local_estoque", movement.warehouse)
            .with("local_estoque", name)
            .with("origem", words_of(&movement.from))
            .with("destino", words_of(&movement.to))
            .with("vinculo_origem", movement.from)
            .with("vinculo_destino", movement.to)
            .with("codigo_movimento", code(seed, number))
            .with("plataforma", "API")
            .with("valor_total", total)
            .with("observacao", note)
            .with("produtos", lines)
            .with("tipo_movimento_estoque", told_kind(movement.kind, movement.status))
            .with("usuario_cadastro", recorder())
            .with("data_movimento", now)
            .with("data_cadastro", now)
            .with("data_atualizacao", now)
            // The words of `tipo_data`.
            .with("cadastro", now)
            .with("edicao", now)
            .with("movimento", now)
    })
}

fn code(seed: u64, number: u64) -> String {
    let id = crate::chance::hex_id(seed, &format!("{MOVEMENT}/{number}"));
    let part = |range: std::ops::Range<usize>| id.get(range).unwrap_or_default().to_owned();
    [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-")
}

fn recorder() -> Facts {
    Facts::new()
        .with("id_usuario_cadastro", 7_u64)
        .with("nome", "INTEGRAÇÃO")
        .with("email", "integracao@example.com")
}

fn told_kind((number, words, code): Word, status: Word) -> Facts {
    Facts::new()
        .with("id_tipo_movimento_estoque", number)
        .with("nome", words)
        .with("prefixo", code)
        .with("produto_item_status", told_status(status))
}

fn told_status((number, words, code): Word) -> Facts {
    Facts::new()
        .with("id_produto_item_status", number)
        .with("descricao", words)
        .with("prefixo", code)
}

fn set_status(turn: &mut Turn<'_>, item: Key, status: Word) {
    if let Some(facts) = turn.store.get_mut(item) {
        facts.set("produto_item_status", told_status(status));
    }
}

fn told_line(turn: &Turn<'_>, index: u64, line: &Line) -> Fact {
    let product = turn.store.get(Key { kind: PRODUCT, number: line.product });
    let name = product.and_then(|facts| facts.text("nome")).unwrap_or_else(|| "PRODUTO".to_owned());
    let items: Vec<Fact> = line.items.iter().map(|item| Fact::Link(*item)).collect();
    let value = line.quantity * price(turn, line);
    let facts = Facts::new()
        .with("id_movimento_estoque_produto", index)
        .with("id_produto", line.product)
        .with("id_local_estoque", line.warehouse)
        .with("produto", format!("{name}: {} Unidade - (UN)", line.quantity))
        .with("valor", format!("{value:.3}"))
        .with("quantidade", amount(line.quantity))
        .with("patrimonios", items);
    facts.into()
}

fn price(turn: &Turn<'_>, line: &Line) -> f64 {
    let product = turn.store.get(Key { kind: PRODUCT, number: line.product });
    product.and_then(|facts| facts.text("valor_compra")?.parse().ok()).unwrap_or(PRICE)
}

/// Writes a quantity without a fraction if it is whole, as the vendor does.
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers are cut")]
fn amount(quantity: f64) -> Value {
    match quantity.fract() == 0.0 {
        true => Value::from(quantity as i64),
        false => Value::from(quantity),
    }
}

fn warehouse_name(turn: &Turn<'_>, number: u64) -> String {
    let facts = turn.store.get(Key { kind: WAREHOUSE, number });
    let name = facts.and_then(|facts| facts.text("descricao"));
    name.unwrap_or_else(|| format!("ESTOQUE {number}"))
}

fn warehouse_end(turn: &Turn<'_>, number: u64) -> Fact {
    let facts = Facts::new()
        .with("id_local_estoque", number)
        .with("display", warehouse_name(turn, number))
        .with("tipo_vinculo", WAREHOUSE);
    facts.into()
}

fn words_of(end: &Fact) -> String {
    let Fact::Own(facts) = end else { return String::new() };
    facts.text("display").or_else(|| facts.text("nome")).unwrap_or_default()
}

/// Reads the products of a request.
///
/// * `warehouse`: the warehouse of products that name none.
fn sent_lines(turn: &Turn<'_>, warehouse: Option<u64>) -> Result<Vec<Line>, Refusal> {
    let missing = |name: &str| Refusal::Missing(name.to_owned());
    let sent = turn.arguments.json("produtos").and_then(Value::as_array);
    let sent = sent.filter(|lines| !lines.is_empty()).ok_or_else(|| missing("produtos"))?;
    let line = |sent: &Value| {
        let within = sent.get("produto").unwrap_or(sent);
        let product = within.get("id_produto").and_then(plain);
        let product = product.ok_or_else(|| missing("id_produto"))?;
        let product = numbered(turn, PRODUCT, &product);
        let product = product.ok_or(Refusal::Unknown("Produto não encontrado."))?.number;
        let own = sent.get("id_local_estoque").and_then(Value::as_u64);
        let warehouse = own.or(warehouse).ok_or_else(|| missing("id_local_estoque"))?;
        let quantity = sent.get("quantidade").and_then(Value::as_f64);
        let quantity = quantity.filter(|quantity| *quantity > 0.0);
        let quantity = quantity.ok_or_else(|| Refusal::Invalid("quantidade".to_owned()))?;
        Ok(Line { product, warehouse, quantity, items: sent_items(turn, sent)? })
    };
    sent.iter().map(line).collect()
}

fn sent_items(turn: &Turn<'_>, line: &Value) -> Result<Vec<Key>, Refusal> {
    let by = line.get("campo_identificacao_patrimonio").and_then(Value::as_str);
    let sent = line.get("patrimonios").and_then(Value::as_array);
    let sent = sent.into_iter().flatten().filter_map(Value::as_object);
    sent.map(|item| sent_item(turn, by.unwrap_or("id_produto_item"), item)).collect()
}

/// Finds an item by the member `by`, or else by its id.
fn sent_item(turn: &Turn<'_>, by: &str, item: &Map<String, Value>) -> Result<Key, Refusal> {
    let named = item.get(by).and_then(plain);
    let found = named.and_then(|text| turn.store.find(ITEM, by, &text));
    let by_id = || numbered(turn, ITEM, &item.get("id_produto_item").and_then(plain)?);
    found.or_else(by_id).ok_or(Refusal::Unknown("Item não encontrado."))
}

/// Moves products into or out of a warehouse by hand: no customer, user or supplier takes part.
fn manual(turn: &mut Turn<'_>, direction: &'static str, kind: Word) -> Result<Facts, Refusal> {
    let warehouse = warehouse(turn, "id_local_estoque")?;
    if direction == "entrada" {
        make_items(turn);
    }
    let lines = sent_lines(turn, Some(warehouse))?;
    let here = warehouse_end(turn, warehouse);
    let (from, to) = match (direction, kind) {
        (_, PURCHASE) => (purchase_end(turn), here),
        ("entrada", _) => (Vec::new().into(), here),
        _ => (here, Vec::new().into()),
    };
    let movement = Movement { direction, warehouse, from, to, kind, status: IN_STOCK, lines };
    Ok(Facts::new().with(MOVEMENT, keep(turn, movement)))
}

/// Makes the items of an entry that do not exist yet; they are named by anything but their id.
fn make_items(turn: &mut Turn<'_>) {
    let lines = turn.arguments.json("produtos").and_then(Value::as_array);
    for line in lines.into_iter().flatten() {
        let by = line.get("campo_identificacao_patrimonio").and_then(Value::as_str);
        let by = by.filter(|by| *by != "id_produto_item");
        let items = line.get("patrimonios").and_then(Value::as_array).filter(|_| by.is_some());
        for item in items.into_iter().flatten().filter_map(Value::as_object) {
            if sent_item(turn, by.unwrap_or_default(), item).is_ok() {
                continue;
            }
            turn.store.add(ITEM, 501, |number| {
                let facts = Facts::made(number).with("id_produto_item", number);
                let sent = item.iter().filter(|(name, _)| *name != "id_produto_item");
                sent.fold(facts, |facts, (name, sent)| facts.with(name.clone(), sent.clone()))
            });
        }
    }
}

fn purchase_end(turn: &mut Turn<'_>) -> Fact {
    let purchase = turn.store.add("produto_compra", 801, |_| Facts::new()).number;
    let facts = Facts::new()
        .with("id_produto_compra", purchase)
        .with("display", format!("COMPRA {purchase}"))
        .with("tipo_vinculo", "compra_produto");
    facts.into()
}

pub(super) fn enter(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    manual(turn, "entrada", MANUAL_ENTRY)
}

pub(super) fn leave(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    manual(turn, "saida", MANUAL_EXIT)
}

pub(super) fn buy(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    manual(turn, "entrada", PURCHASE)
}

/// Moves products between warehouses: one movement leaves the first, another enters the second.
pub(super) fn transfer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let origin = warehouse(turn, "id_local_estoque_origem")?;
    let destination = warehouse(turn, "id_local_estoque_destino")?;
    let mut told = Facts::new();
    for (direction, warehouse) in [("saida", origin), ("entrada", destination)] {
        let movement = Movement {
            direction,
            warehouse,
            from: warehouse_end(turn, origin),
            to: warehouse_end(turn, destination),
            kind: TRANSFER,
            status: IN_STOCK,
            lines: sent_lines(turn, Some(warehouse))?,
        };
        told.set(direction, keep(turn, movement));
    }
    Ok(Facts::new().with("movimentos_estoque", told))
}

fn warehouse(turn: &Turn<'_>, name: &str) -> Result<u64, Refusal> {
    must_find(turn, WAREHOUSE, name, UNKNOWN_WAREHOUSE).map(|key| key.number)
}

/// Lists the movements that the request asks for, newest first.
pub(super) fn list(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let end = |facts: &Facts, name: &str| match facts.get(name) {
        Some(Fact::Own(end)) => end.text("tipo_vinculo"),
        _ => None,
    };
    let is_wanted = |facts: &Facts| {
        let is_end = |name: &str, argument: &str| {
            turn.text(argument).is_none_or(|wanted| end(facts, name) == Some(wanted))
        };
        let platform = facts.text("plataforma").unwrap_or_default().to_lowercase();
        is_end("vinculo_origem", "tipo_vinculo_origem")
            && is_end("vinculo_destino", "tipo_vinculo_destino")
            && turn.text("plataforma").is_none_or(|wanted| wanted == platform)
            && is_in_period(turn, facts, "cadastro")
    };
    let all = turn.store.all(MOVEMENT).rev().filter(|(_, facts)| is_wanted(facts));
    let told: Vec<Fact> = all.map(|(_, facts)| told_later(facts).into()).collect();
    Ok(Facts::new().with("movimentos_estoque", told))
}

pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = must_find(turn, MOVEMENT, "id_movimento_estoque", UNKNOWN)?;
    let facts = turn.store.get(key).map(told_later).unwrap_or_default();
    Ok(Facts::new().with(MOVEMENT, facts))
}

/// Writes the value as text, as the vendor does except in the answer that makes the movement.
fn told_later(facts: &Facts) -> Facts {
    let total = facts.text("valor_total").and_then(|text| text.parse::<f64>().ok());
    facts.clone().with("valor_total", format!("{:.3}", total.unwrap_or_default()))
}

/// Undoes a movement that was made through the API.
pub(super) fn undo(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let key = must_find(turn, MOVEMENT, "id_movimento_estoque", UNKNOWN)?;
    if turn.store.get(key).is_some_and(|facts| !facts.is("plataforma", "API")) {
        return Err(Refusal::Rule("Somente movimentos feitos pela API podem ser apagados."));
    }
    if !holdings::can_undo(turn, key) {
        return Err(Refusal::Rule("Os produtos deste movimento já retornaram ao estoque."));
    }
    let removed = turn.store.remove(key).unwrap_or_default();
    for item in items_of(&removed) {
        let last =
            turn.store.all(MOVEMENT).rev().find(|(_, facts)| items_of(facts).contains(&item));
        let status = last.and_then(|(_, facts)| match facts.get("tipo_movimento_estoque") {
            Some(Fact::Own(kind)) => kind.get("produto_item_status").cloned(),
            _ => None,
        });
        let status = status.unwrap_or_else(|| told_status(IN_STOCK).into());
        if let Some(facts) = turn.store.get_mut(item) {
            facts.set("produto_item_status", status);
        }
    }
    Ok(Facts::new())
}

fn lines_of(facts: &Facts) -> impl Iterator<Item = &Facts> {
    let lines = match facts.get("produtos") {
        Some(Fact::List(lines)) => &lines[..],
        _ => &[],
    };
    lines.iter().filter_map(|line| match line {
        Fact::Own(line) => Some(line),
        _ => None,
    })
}

fn items_of(movement: &Facts) -> Vec<Key> {
    lines_of(movement).flat_map(items_of_line).collect()
}

fn items_of_line(line: &Facts) -> Vec<Key> {
    let Some(Fact::List(items)) = line.get("patrimonios") else { return Vec::new() };
    let key = |item: &Fact| match item {
        Fact::Link(key) => Some(*key),
        _ => None,
    };
    items.iter().filter_map(key).collect()
}
