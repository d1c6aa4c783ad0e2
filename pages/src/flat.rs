//! Turns the text that is left of a help page, without markup, into the blocks of a page.
//!
//! The cells of a table run together (`tokenToken de acesso`, `String250`) or stand one on a line. A
//! row begins with a name in small letters and ends where its last columns are complete: a type, a
//! size, yes or no.

use std::sync::LazyLock;

use regex::Regex;

use crate::block::{Block, Row, Table};
use crate::markdown;
use crate::origin::Origin;
use crate::plain::{fold, folded, is_name};
use crate::prose::pattern;
use crate::statement::required_section;
use crate::words::{COLUMNS, Column, FLAT_LABELS, FLAT_TYPES};

/// Reads a page.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < lines.len() {
        if let Some(heading) = teaser(lines[at], at + 1) {
            blocks.extend(prose(&lines, start, at));
            blocks.push(heading);
            at += 1;
            start = at;
        } else if let Some((columns, below)) = header(&lines, at) {
            blocks.extend(prose(&lines, start, at));
            let (table, end) = table(&lines, &columns, at, below);
            blocks.push(Block::Table(table));
            at = end;
            start = end;
        } else {
            at += 1;
        }
    }
    blocks.extend(prose(&lines, start, lines.len()));
    blocks
}

fn prose(lines: &[&str], start: usize, end: usize) -> Vec<Block> {
    markdown::blocks(&lines[start..end].join("\n"), Origin::lines_from(start + 1))
}

/// Reads the beginning of an article in a list of articles: `Endpointhttps://…Método HTTPPOST`.
fn teaser(line: &str, number: usize) -> Option<Block> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i-u:Endpoint)\s*(?P<url>https?://\S+?)\s*M(?:é|e)todo(?: HTTP)?\s*(?P<method>GET|POST|PUT|PATCH|DELETE)",
        )
    });
    let found = FORM.captures(line)?;
    let text = format!("{} {}", &found["method"], &found["url"]);
    Some(Block::Heading { text, level: 2, line: number })
}

/// Reads the header of a table, and returns its columns and the line below it.
fn header(lines: &[&str], at: usize) -> Option<(Vec<Column>, usize)> {
    let mut columns = header_words(lines[at])?;
    if columns.first() != Some(&Column::Name) || lines[at].contains('|') {
        return None;
    }
    let mut below = at + 1;
    while let Some(more) = lines.get(below).and_then(|line| header_words(line)) {
        if more.contains(&Column::Name) {
            break;
        }
        columns.extend(more);
        below += 1;
    }
    (columns.len() > 1).then_some((columns, below))
}

/// Returns the columns of a line that consists of header words only.
fn header_words(line: &str) -> Option<Vec<Column>> {
    let mut rest = folded(line).replace(' ', "");
    let mut columns = Vec::new();
    while !rest.is_empty() {
        let words = COLUMNS.iter().flat_map(|(column, words)| {
            words.iter().map(move |word| (*column, word.replace(' ', "")))
        });
        let (column, word) = words
            .filter(|(_, word)| rest.starts_with(word.as_str()))
            .max_by_key(|(_, word)| word.len())?;
        columns.push(column);
        rest.drain(..word.len());
    }
    (!columns.is_empty()).then_some(columns)
}

/// Reads the rows of a table, and returns the line after them.
fn table(lines: &[&str], columns: &[Column], at: usize, below: usize) -> (Table, usize) {
    let word = |column: &Column| {
        COLUMNS.iter().find(|(one, _)| one == column).map(|(_, words)| words[0].to_owned())
    };
    let head = Row { line: at + 1, cells: columns.iter().filter_map(word).collect() };
    let mut table = Table { rows: vec![head] };
    let ending = ending(columns);
    let mut at = below;
    while at < lines.len() {
        let line = lines[at].trim();
        if line.is_empty() {
            at += 1;
        } else if required_section(line).is_some() {
            table.rows.push(Row { line: at + 1, cells: vec![line.to_owned()] });
            at += 1;
        } else if let Some((row, end)) = row(lines, columns, &ending, at) {
            table.rows.push(row);
            at = end;
        } else {
            break;
        }
    }
    (table, at)
}

/// Builds the pattern of a description and the columns after it.
fn ending(columns: &[Column]) -> Regex {
    let rest = columns.iter().skip(2).map(|column| match column {
        Column::Required => r"(Sim|N[ãa]o|Yes|No)\s*".to_owned(),
        Column::Type => {
            format!(r"((?:{})\b|(?:{}))\.?\s*", FLAT_TYPES.join("|"), FLAT_TYPES.join("|"))
        }
        Column::MaxLength => r"(\d{1,7}|-|/)\s*".to_owned(),
        _ if columns.last() == Some(column) => r"(\S+)\s*".to_owned(),
        _ => r"([^\n]{0,60}?)\s*".to_owned(),
    });
    pattern(&format!(r"(?s)^(.*?)\s*{}$", rest.collect::<String>()))
}

/// Reads a row; `None` if the table ends here.
fn row(lines: &[&str], columns: &[Column], ending: &Regex, start: usize) -> Option<(Row, usize)> {
    let (name, mut text, mut at) = names(lines, start)?;
    let limit = (at + 40).min(lines.len());
    loop {
        if let Some(found) = ending.captures(&text).filter(|_| !text.trim().is_empty()) {
            let mut cells = vec![name];
            cells.extend(
                found
                    .iter()
                    .skip(1)
                    .map(|cell| cell.map_or("", |cell| cell.as_str()).trim().to_owned()),
            );
            return Some((Row { line: start + 1, cells }, at));
        }
        let next = lines.get(at).filter(|line| at < limit && !is_label(line));
        let Some(line) = next else {
            // The page is cut within the row: its name and text are known.
            let is_cut = at >= lines.len() && columns.len() > 2;
            return is_cut.then(|| (Row { line: start + 1, cells: vec![name, text] }, at));
        };
        text.push('\n');
        text.push_str(line.trim());
        at += 1;
    }
}

fn is_label(line: &str) -> bool {
    let line = folded(line);
    FLAT_LABELS
        .iter()
        .any(|label| line == *label || (label.contains(' ') && line.starts_with(label)))
        || header_words(&line).is_some_and(|columns| columns.len() > 1)
}

/// Returns the name at the start of a row, what follows it on its line, and the next line. Names on
/// lines of their own above it are the objects around it.
fn names(lines: &[&str], start: usize) -> Option<(String, String, usize)> {
    let mut path: Vec<&str> = Vec::new();
    let mut at = start;
    while let Some(line) = lines.get(at).map(|line| line.trim()).filter(|line| is_plain_name(line))
    {
        if is_label(line) {
            return None;
        }
        path.push(line);
        at += 1;
    }
    if !path.is_empty() {
        return Some((path.join("."), String::new(), at));
    }
    let line = lines.get(at)?.trim();
    let end = line.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))?;
    let (name, rest) = line.split_at(end);
    let is_row = rest.starts_with(|c: char| c.is_uppercase() || c == ' ');
    (is_row && is_plain_name(name)).then(|| (name.to_owned(), rest.trim().to_owned(), at + 1))
}

fn is_plain_name(text: &str) -> bool {
    is_name(text) && text == fold(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}
