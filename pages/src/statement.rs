//! Turns rows of tables and entries of lists into statements about parameters and fields.

use crate::block::{Entry, Item, Row, Table};
use crate::facts::{Place, Requirement};
use crate::plain::{folded, is_name, plain};
use crate::prose;
use crate::words::{COLUMNS, Column, PLACES, SECTIONS};

/// The columns that only a table about a request has.
pub(crate) const REQUEST_COLUMNS: [Column; 2] = [Column::Required, Column::Default];

/// The facts of a row about one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Statement {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Whether the text is about the values, not about the meaning.
    pub(crate) is_about_values: bool,
    pub(crate) text: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) required: Option<Requirement>,
    pub(crate) default: Option<String>,
    pub(crate) values: Option<String>,
    pub(crate) max_length: Option<String>,
    pub(crate) place: Option<Place>,
}

/// The facts of the table around a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    pub(crate) is_about_values: bool,
    pub(crate) required: Option<bool>,
    pub(crate) place: Option<Place>,
}

/// Returns what the columns of a table mean; `None` if its first row is no known header.
pub(crate) fn columns(table: &Table) -> Option<Vec<Option<Column>>> {
    let header = table.rows.first()?;
    let mut columns: Vec<Option<Column>> = header.cells.iter().map(|cell| column(cell)).collect();
    let known = columns.iter().flatten().count();
    // `Header | Obrigatório`: the first column of a table about parameters has their names.
    if columns.first() == Some(&None) && known > 0 && known + 1 == columns.len() {
        columns[0] = Some(Column::Name);
    }
    let has_name = columns.contains(&Some(Column::Name));
    (has_name && columns.iter().flatten().count() > 1).then_some(columns)
}

fn column(cell: &str) -> Option<Column> {
    let word = folded(cell);
    let word = word.trim_matches([':', '.', ' ']);
    COLUMNS.iter().find(|(_, words)| words.contains(&word)).map(|(column, _)| *column)
}

/// Reads rows without their header.
pub(crate) fn of_table(
    rows: &[Row],
    columns: &[Option<Column>],
    context: Context,
) -> Vec<Statement> {
    let mut context = context;
    let has = |column| columns.contains(&Some(column));
    context.is_about_values |= has(Column::Default) && !has(Column::Required);
    let mut statements = Vec::new();
    for row in rows {
        if let Some(required) = section(row) {
            context.required = Some(required);
            continue;
        }
        statements.extend(of_row(row, columns, context));
    }
    statements
}

/// Returns whether the rows below a section row are required.
fn section(row: &Row) -> Option<bool> {
    let mut filled = row.cells.iter().filter(|cell| !cell.trim_matches(['|', ' ']).is_empty());
    let only = filled.next().filter(|_| filled.next().is_none())?;
    required_section(only)
}

/// Returns whether the parameters below a heading are required.
pub(crate) fn required_section(text: &str) -> Option<bool> {
    let text = folded(text);
    let text = text.trim_matches([':', '.', ' ']);
    let is_found = |words: &str| {
        text == words
            || text.strip_prefix(words).is_some_and(|rest| rest.len() < 20 && rest.starts_with(' '))
    };
    SECTIONS.iter().find(|(words, _)| is_found(words)).map(|(_, required)| *required)
}

/// Returns where the parameters below a heading are.
pub(crate) fn place_in(text: &str) -> Option<Place> {
    let text = folded(text);
    PLACES.iter().find(|(words, _)| text.contains(words)).map(|(_, place)| *place)
}

fn of_row(row: &Row, columns: &[Option<Column>], context: Context) -> Vec<Statement> {
    let cell = |wanted: Column| {
        let at = columns.iter().position(|column| *column == Some(wanted))?;
        row.cells.get(at).map(String::as_str)
    };
    let Some((names, rest)) = cell(Column::Name).and_then(names) else { return Vec::new() };
    let section =
        context.required.map(|is| if is { Requirement::Always } else { Requirement::Never });
    let required = cell(Column::Required).and_then(prose::requirement_of_cell).or(section);
    let place = cell(Column::Place).and_then(place_word).or(context.place);
    let text = cell(Column::Description).map(str::to_owned);
    let statement = Statement {
        name: String::new(),
        line: row.line,
        is_about_values: context.is_about_values,
        required: required.or_else(|| prose::requirement_of_prose(&rest)),
        kind: cell(Column::Type).map(str::to_owned),
        default: cell(Column::Default).and_then(prose::default_of_cell),
        values: cell(Column::Values).map(str::to_owned),
        max_length: cell(Column::MaxLength).and_then(length),
        place,
        text,
    };
    names.into_iter().map(|name| Statement { name, ..statement.clone() }).collect()
}

fn length(cell: &str) -> Option<String> {
    let digits: String = plain(cell).chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

fn place_word(cell: &str) -> Option<Place> {
    match folded(cell).as_str() {
        "query" | "url" | "querystring" | "query string" => Some(Place::Query),
        "path" | "rota" => Some(Place::Path),
        "header" | "cabecalho" | "headers" => Some(Place::Header),
        "body" | "corpo" | "form" | "formdata" | "form-data" => Some(Place::Body),
        _ => place_in(cell),
    }
}

/// Returns the names of a name's cell, and what stands after them.
fn names(cell: &str) -> Option<(Vec<String>, String)> {
    let text = cell.replace("\\_", "_").replace("\\*", "*").replace(['`', '"', '“', '”'], "");
    let text = text.trim().trim_matches(|c| c == '*' || c == ':' || c == ' ');
    let text = text.strip_prefix("$.").unwrap_or(text);
    if is_name(text) {
        return Some((vec![text.to_owned()], String::new()));
    }
    // `limit (opcional)`.
    if let Some((name, rest)) = text.split_once([' ', '(', '\n']) {
        let is_remark = text[name.len()..].trim_start().starts_with(['(', '*', '[', '\n']);
        if is_name(name) && is_remark {
            return Some((vec![name.to_owned()], text[text.len() - rest.len() - 1..].to_owned()));
        }
    }
    let several: Vec<String> = text
        .split([',', '/'])
        .flat_map(|part| part.split(" e "))
        .flat_map(|part| part.split(" ou "))
        .map(|part| part.trim().to_owned())
        .collect();
    (several.len() > 1 && several.iter().all(|name| is_name(name)))
        .then(|| (several, String::new()))
}

/// Reads the entries of a field list.
pub(crate) fn of_entries(entries: &[Entry], context: Context) -> Vec<Statement> {
    let one = |entry: &Entry| of_named(&entry.name, &entry.text, entry.line, context);
    entries.iter().flat_map(one).collect()
}

/// Reads the items of a list that have the form `name (Obrigatório): text`.
pub(crate) fn of_items(items: &[Item], context: Context) -> Vec<Statement> {
    let one = |item: &Item| {
        let (name, text) = named(&item.text)?;
        Some(of_named(name, text, item.line, context))
    };
    items.iter().filter_map(one).flatten().collect()
}

/// Splits an item at the mark after its name.
fn named(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = [": ", ":\n", " - ", " – ", " — "]
        .iter()
        .filter_map(|mark| Some((text.find(mark)?, *mark)))
        .min()?;
    let (name, rest) = (&text[..end.0], &text[end.0 + end.1.len()..]);
    let is_short = name.len() <= 80 && name.split_whitespace().count() <= 8;
    is_short.then_some((name, rest))
}

fn of_named(name: &str, text: &str, line: usize, context: Context) -> Vec<Statement> {
    let Some((names, remark)) = names(name) else { return Vec::new() };
    // Words of prose are no names: a name of one part in a list is spelled in small letters.
    if names.iter().any(|name| name.starts_with(char::is_uppercase)) {
        return Vec::new();
    }
    let section =
        context.required.map(|is| if is { Requirement::Always } else { Requirement::Never });
    let required =
        prose::requirement_of_prose(&remark).or_else(|| prose::requirement_of_prose(text));
    let kind = remark.trim_matches(['(', ')', ' ']).split([',', ';']).find_map(prose::type_word);
    let statement = Statement {
        line,
        is_about_values: context.is_about_values,
        text: Some(without_mark(text)),
        required: required.or(section),
        kind: kind.map(str::to_owned),
        default: prose::default_in_prose(text),
        place: context.place,
        ..Statement::default()
    };
    names.into_iter().map(|name| Statement { name, ..statement.clone() }).collect()
}

/// Removes the mark of a requirement from the start of a text: `(OBRIGATÓRIO) login`.
fn without_mark(text: &str) -> String {
    let text = text.trim();
    let Some(end) = text.find(')').filter(|_| text.starts_with('(')) else {
        return text.to_owned();
    };
    let is_mark = prose::requirement_of_prose(&text[..=end]).is_some();
    if is_mark { text[end + 1..].trim().to_owned() } else { text.to_owned() }
}
