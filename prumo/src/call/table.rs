//! Turns a value into a table for the screen: a row for each item of its list, or a line for each
//! member.

use serde_json::Value;

use super::kind::plain;

/// Maximum width of a cell; a longer value is cut.
const MAX_CELL: usize = 32;

/// Marks a value that was cut.
const CUT: char = '…';

/// Separates two columns.
const GAP: &str = "  ";

/// Writes the table. Columns beyond `width` are omitted, and their number is shown.
///
/// * `items`: JSON Pointer to the list, if the spec has one; otherwise the first list of objects.
pub(crate) fn table(value: &Value, items: Option<&str>, width: usize, is_bold: bool) -> String {
    match rows(value, items) {
        Some(rows) => list(rows, width, is_bold),
        None => members(value),
    }
}

fn rows<'v>(value: &'v Value, items: Option<&str>) -> Option<&'v [Value]> {
    let lists = value.as_object().into_iter().flat_map(|members| members.values());
    let named = items.and_then(|pointer| value.pointer(pointer));
    let mut found = named.into_iter().chain([value]).chain(lists).filter_map(Value::as_array);
    found.find(|items| items.iter().any(Value::is_object)).map(Vec::as_slice)
}

fn list(rows: &[Value], width: usize, is_bold: bool) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (name, value) in rows.iter().filter_map(Value::as_object).flatten() {
        let is_scalar = !value.is_array() && !value.is_object();
        if is_scalar && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    // Columns without any value come last.
    names.sort_by_key(|name| rows.iter().all(|row| cell(row.get(name)).is_empty()));
    let cells = |name: &str| rows.iter().map(|row| cell(row.get(name))).collect::<Vec<_>>();
    let mut lines = vec![String::new(); rows.len() + 1];
    let mut left = width;
    let mut n_hidden = 0;
    for name in names {
        let column: Vec<String> = [name.to_owned()].into_iter().chain(cells(name)).collect();
        let wide =
            column.iter().map(|cell| cell.chars().count()).max().unwrap_or_default() + GAP.len();
        if wide > left && left < width {
            n_hidden += 1;
            continue;
        }
        left = left.saturating_sub(wide);
        for (line, cell) in lines.iter_mut().zip(&column) {
            *line += &format!("{cell:<0$}", wide);
        }
    }
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim_end();
        match (index, is_bold) {
            (0, true) => text += &format!("\u{1b}[1m{line}\u{1b}[0m\n"),
            _ => text += &format!("{line}\n"),
        }
    }
    let columns = match n_hidden {
        0 => String::new(),
        1 => ", 1 column more in `--output json`".to_owned(),
        n_hidden => format!(", {n_hidden} columns more in `--output json`"),
    };
    let s = if rows.len() == 1 { "" } else { "s" };
    text + &format!("{} row{s}{columns}\n", rows.len())
}

fn members(value: &Value) -> String {
    let Some(members) = value.as_object() else {
        return format!("{}\n", cell(Some(value)));
    };
    let wide = members.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    members
        .iter()
        .map(|(name, value)| format!("{name:<wide$}{GAP}{}\n", cell(Some(value))))
        .collect()
}

/// Writes a value as a single line, without control characters.
fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Array(items)) => format!("{} items", items.len()),
        Some(Value::Object(members)) => format!("{} members", members.len()),
        Some(scalar) => plain(scalar),
    };
    let is_odd = |c: char| c.is_control() || c.is_whitespace();
    let text: String = text.chars().map(|c| if is_odd(c) { ' ' } else { c }).collect();
    match text.chars().count() > MAX_CELL {
        true => text.chars().take(MAX_CELL - 1).chain([CUT]).collect(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::table;

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
        ];
        for (name, value, expected) in cases {
            assert_eq!(table(&value, None, 80, false), expected, "case `{name}`");
        }
    }

    #[test]
    fn columns_that_have_no_room_are_counted() {
        let value = json!([{"a": "12345678", "b": "12345678", "c": "1"}]);
        assert_eq!(
            table(&value, None, 14, false),
            "a         c\n12345678  1\n1 row, 1 column more in `--output json`\n"
        );
    }
}
