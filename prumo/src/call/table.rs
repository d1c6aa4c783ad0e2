//! Turns a value into a table for the screen: a row for each item of its list, or a line for each
//! member.
//!
//! A list of a vendor has more columns than a screen has room. The first are those by which a
//! person knows an item: its number, subject, name and status; then the others as they came.

use anyhow::ensure;
use console::{Alignment, measure_text_width, pad_str, truncate_str};
use prumo_drift::{is_unprintable, printable};
use serde_json::Value;

use super::kind::plain;
use crate::screen::counted;

/// Maximum width of a cell; a longer value is cut.
const MAX_CELL: usize = 32;

/// Marks a value that was cut.
const CUT: &str = "…";

/// Separates two columns.
const GAP: &str = "  ";

/// The words in the name of a member by which a person knows an item, in the order of the columns.
const CLASSES: [&[&str]; 5] = [
    &["protocolo", "protocol", "number", "numero", "codigo", "code"],
    &["assunto", "subject", "titulo", "title"],
    &["nome", "name", "display"],
    &["status", "situacao", "situation", "state", "estado"],
    &["descricao", "description"],
];

/// The members that name an object, best first.
const NAMES: [&str; 10] = [
    "nome",
    "name",
    "titulo",
    "title",
    "assunto",
    "subject",
    "descricao",
    "description",
    "nome_razaosocial",
    "display",
];

/// The form of a table.
#[derive(Clone, Copy)]
pub(crate) struct Layout<'l> {
    /// JSON Pointer to the list, if the spec has one; otherwise the first list of objects.
    pub(crate) items: Option<&'l str>,
    /// The columns to show; if empty, those that a person wants, as many as have room.
    pub(crate) columns: &'l [String],
    /// The width of the screen.
    pub(crate) width: usize,
    pub(crate) is_bold: bool,
}

/// Writes the table. Columns without room are omitted, and their number is shown.
///
/// # Errors
///
/// A requested column is in no row.
pub(crate) fn table(value: &Value, layout: Layout<'_>) -> anyhow::Result<String> {
    match rows(value, layout.items) {
        Some(rows) => list(rows, layout),
        None => members(value, layout.columns),
    }
}

fn rows<'v>(value: &'v Value, items: Option<&str>) -> Option<&'v [Value]> {
    let lists = value.as_object().into_iter().flat_map(|members| members.values());
    let named = items.and_then(|pointer| value.pointer(pointer));
    let mut found = named.into_iter().chain([value]).chain(lists).filter_map(Value::as_array);
    found.find(|items| items.iter().any(Value::is_object)).map(Vec::as_slice)
}

fn list(rows: &[Value], layout: Layout<'_>) -> anyhow::Result<String> {
    let is_named = !layout.columns.is_empty();
    let names = if is_named { requested(rows, layout.columns)? } else { wanted(rows) };
    let mut lines = vec![String::new(); rows.len() + 1];
    let mut left = layout.width;
    let mut n_hidden = 0;
    for name in names {
        let cells = rows.iter().map(|row| cell(member(row, &name)));
        let column: Vec<String> = [shown(&name)].into_iter().chain(cells).collect();
        let wide = column.iter().map(|cell| measure_text_width(cell)).max().unwrap_or_default();
        if !is_named && wide > left && left < layout.width {
            n_hidden += 1;
            continue;
        }
        left = left.saturating_sub(wide + GAP.len());
        for (line, cell) in lines.iter_mut().zip(&column) {
            *line += &pad_str(cell, wide, Alignment::Left, None);
            *line += GAP;
        }
    }
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim_end();
        match (index, layout.is_bold) {
            (0, true) => text += &format!("\u{1b}[1m{line}\u{1b}[0m\n"),
            _ => text += &format!("{line}\n"),
        }
    }
    let columns = match n_hidden {
        0 => String::new(),
        n_hidden => {
            format!(", {} more (`--columns`, `--output json`)", counted(n_hidden, "column"))
        }
    };
    Ok(text + &format!("{}{columns}\n", counted(rows.len(), "row")))
}

/// Returns the columns of rows that one line can show: members with one value, and objects with a
/// name.
fn all_columns(rows: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, value) in rows.iter().filter_map(Value::as_object).flatten() {
        let is_shown = !value.is_array() && (!value.is_object() || naming(value).is_some());
        if is_shown && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Sorts the columns by what a person wants. Columns without any value come last.
fn wanted(rows: &[Value]) -> Vec<String> {
    let mut names = all_columns(rows);
    let mut taken = [false; CLASSES.len()];
    let is_empty = |name: &str| rows.iter().all(|row| cell(member(row, name)).is_empty());
    let ranked = names.iter().enumerate().map(|(index, name)| {
        let class = class_of(name).filter(|_| !is_empty(name));
        let rank = match class {
            _ if is_empty(name) => usize::MAX,
            // The first number of an item is its own.
            _ if index == 0 && is_number_of_item(name) => 0,
            Some(class) if !std::mem::replace(&mut taken[class], true) => 1 + class,
            _ if is_number(name) => CLASSES.len() + 2,
            _ => CLASSES.len() + 1,
        };
        (rank, index)
    });
    let mut order: Vec<(usize, usize)> = ranked.collect();
    order.sort_unstable();
    order.into_iter().map(|(_, index)| std::mem::take(&mut names[index])).collect()
}

fn class_of(name: &str) -> Option<usize> {
    if is_number(name) {
        return None;
    }
    let is_of = |class: &[&str]| words(name).any(|word| class.contains(&word.as_str()));
    CLASSES.iter().position(|class| is_of(class))
}

/// Returns whether a member is a key of this or another item.
fn is_number(name: &str) -> bool {
    words(name).any(|word| matches!(word.as_str(), "id" | "uuid" | "guid"))
}

fn is_number_of_item(name: &str) -> bool {
    is_number(name) || name.starts_with("id")
}

/// Splits a name into its words, in lower case: `nomeCliente` and `nome_cliente` have two.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || (was_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

/// Checks the requested columns.
fn requested(rows: &[Value], columns: &[String]) -> anyhow::Result<Vec<String>> {
    for name in columns {
        let is_known = rows.iter().any(|row| member(row, name).is_some());
        ensure!(
            is_known,
            "no row has a column `{name}`\n  hint: there are {}",
            printable(&all_columns(rows).join(", "))
        );
    }
    Ok(columns.to_vec())
}

/// Returns a member of a row; `cliente.nome` is the member of a member.
fn member<'v>(row: &'v Value, name: &str) -> Option<&'v Value> {
    row.get(name).or_else(|| name.split('.').try_fold(row, |value, name| value.get(name)))
}

/// Returns the member that names an object.
fn naming(value: &Value) -> Option<&Value> {
    let is_scalar = |value: &&Value| !value.is_array() && !value.is_object() && !value.is_null();
    NAMES.iter().find_map(|name| value.get(name).filter(is_scalar))
}

fn members(value: &Value, columns: &[String]) -> anyhow::Result<String> {
    let Some(members) = value.as_object() else {
        return Ok(format!("{}\n", cell(Some(value))));
    };
    let names: Vec<String> = match columns {
        [] => members.keys().cloned().collect(),
        columns => requested(std::slice::from_ref(value), columns)?,
    };
    let widths = names.iter().map(|name| measure_text_width(&shown(name)));
    let wide = widths.max().unwrap_or_default();
    let line = |name: &String| {
        let name_cell = shown(name);
        let name_cell = pad_str(&name_cell, wide, Alignment::Left, None);
        format!("{name_cell}{GAP}{}\n", cell(member(value, name)))
    };
    Ok(names.iter().map(line).collect())
}

/// Writes a value as a single line, without control characters.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Array(items)) => format!("{} items", items.len()),
        Some(Value::Object(members)) => match value.and_then(naming) {
            Some(name) => shown(&plain(name)),
            None => format!("{} members", members.len()),
        },
        Some(scalar) => shown(&plain(scalar)),
    }
}

/// Cuts a text and replaces what would move a cursor.
fn shown(text: &str) -> String {
    let is_odd = |c: char| is_unprintable(c) || c.is_whitespace();
    let text: String = text.chars().map(|c| if is_odd(c) { ' ' } else { c }).collect();
    truncate_str(&text, MAX_CELL, CUT).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn layout(width: usize) -> Layout<'static> {
        Layout { items: None, columns: &[], width, is_bold: false }
    }

    #[test]
    fn a_value_is_shown_as_what_it_is() {
        let cases = [
            (
                "a list",
                json!([{"id": 1, "nome": "a"}, {"id": 22, "extra": null}]),
                "id  nome  extra\n1   a\n22\n2 rows\n",
            ),
            (
                "a list of which one column is empty, last",
                json!([{"anexos": null, "id": 1}, {"anexos": "", "id": 2}]),
                "id  anexos\n1\n2\n2 rows\n",
            ),
            (
                "a list in an object, its objects left out",
                json!({"paginacao": {"n": 1}, "itens": [{"id": 1, "dentro": {"a": 1}}]}),
                "id\n1\n1 row\n",
            ),
            (
                "an object of a row, by its name",
                json!([{"id": 1, "cliente": {"id": 7, "nome": "Ana"}}]),
                "id  cliente\n1   Ana\n1 row\n",
            ),
            (
                "an object",
                json!({"id": 1, "nome": "a\nb", "l": [1, 2]}),
                "id    1\nnome  a b\nl     2 items\n",
            ),
            ("a scalar", json!("x"), "x\n"),
            (
                "a value that moves the cursor, and is long",
                json!({"t": "\u{1b}[2J0123456789012345678901234567890"}),
                "t   [2J012345678901234567890123456…\n",
            ),
            (
                "characters that a terminal obeys or hides",
                json!({"a": "x\u{9b}y\u{202e}z"}),
                "a  x y z\n",
            ),
            (
                "wide characters",
                json!([{"a": "日本", "b": 1}, {"a": "x", "b": 2}]),
                "a     b\n日本  1\nx     2\n2 rows\n",
            ),
        ];
        for (name, value, expected) in cases {
            assert_eq!(table(&value, layout(80)).unwrap(), expected, "case `{name}`");
        }
    }

    /// A vendor chooses names and values, so neither may move the cursor or end a line.
    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        let bad =
            "\u{1b}[2J\u{9b}1m\u{202e}a\u{2066}b\u{2069}\0\u{200f}\r\nc\u{85}\u{2028}\u{feff}";
        let row = json!({"id": 1, "nome": bad, bad: bad, "dono": {"nome": bad}});
        let columns = ["x".to_owned()];
        let texts = [
            table(&json!([row]), layout(200)).unwrap(),
            table(&row, layout(200)).unwrap(),
            table(&json!(bad), layout(200)).unwrap(),
            table(&json!([row]), Layout { columns: &columns, ..layout(200) })
                .unwrap_err()
                .to_string(),
        ];
        for (text, n_lines) in texts.iter().zip([3, 4, 1, 2]) {
            assert_eq!(text.lines().count(), n_lines, "{text:?}");
            assert!(!text.lines().any(|line| line.contains(is_unprintable)), "{text:?}");
        }
    }

    #[test]
    fn columns_that_have_no_room_are_counted() {
        let value = json!([{"a": "12345678", "b": "12345678", "c": "1"}]);
        assert_eq!(
            table(&value, layout(14)).unwrap(),
            "a         c\n12345678  1\n1 row, 1 column more (`--columns`, `--output json`)\n"
        );
    }

    #[test]
    fn the_first_columns_are_those_by_which_a_person_knows_an_item() {
        let rows = [
            (
                json!({"id_atendimento": 1, "id_status": 2, "criado": "x", "status": {"descricao": "y"},
                    "protocolo": "9", "nome_cliente": "Ana", "nome_social": "An"}),
                "id_atendimento protocolo nome_cliente status criado nome_social id_status",
            ),
            (
                json!({"aberto": true, "customerName": "x", "subject": "y", "id": 1, "state": "z"}),
                "subject customerName state aberto id",
            ),
            (json!({"nome": null, "titulo": "x"}), "titulo nome"),
        ];
        for (row, expect) in rows {
            assert_eq!(wanted(std::slice::from_ref(&row)).join(" "), expect, "{row}");
        }
    }

    #[test]
    fn columns_are_those_that_are_named() {
        let value = json!({"itens": [{"id": 1, "c": {"nome": "Ana", "id": 7}, "l": [1]}]});
        let columns = ["c.id", "l", "c"].map(str::to_owned);
        let named = |columns| Layout { columns, ..layout(4) };
        let text = table(&value, named(&columns)).unwrap();
        assert_eq!(text, "c.id  l        c\n7     1 items  Ana\n1 row\n");
        let unknown = ["x".to_owned()];
        let error = table(&value, named(&unknown)).unwrap_err().to_string();
        assert_eq!(error, "no row has a column `x`\n  hint: there are id, c");
        let text = table(&value["itens"][0], named(&columns[..1])).unwrap();
        assert_eq!(text, "c.id  7\n");
    }
}
