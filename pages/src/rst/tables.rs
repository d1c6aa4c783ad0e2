//! Reads the tables of reStructuredText: list-tables, simple tables and grid tables.

use crate::block::{Row, Table};

/// Reads the content of a list-table, whose first line is line `first` counted from 0.
pub(super) fn list_table(lines: &[&str], first: usize) -> Table {
    let mut table = Table::default();
    for (n, line) in lines.iter().enumerate() {
        let trimmed = line.trim();
        let after_star = trimmed
            .strip_prefix('*')
            .filter(|rest| rest.trim_start().is_empty() || rest.trim_start().starts_with('-'));
        if let Some(rest) = after_star {
            table.rows.push(Row { line: first + n + 1, cells: Vec::new() });
            add_cell(&mut table, rest.trim());
        } else if trimmed == "-" || trimmed.starts_with("- ") {
            add_cell(&mut table, trimmed);
        } else if let Some(cell) = table.rows.last_mut().and_then(|row| row.cells.last_mut()) {
            if !trimmed.is_empty() {
                cell.push('\n');
                cell.push_str(trimmed);
            }
        }
    }
    table
}

fn add_cell(table: &mut Table, text: &str) {
    let Some(row) = table.rows.last_mut() else { return };
    if let Some(cell) = text.strip_prefix('-') {
        row.cells.push(cell.trim().to_owned());
    }
}

/// Tells whether a line is the border of a simple table.
pub(super) fn is_border(line: &str) -> bool {
    let is_drawn = line.starts_with("==") && line.chars().all(|c| c == '=' || c == ' ');
    is_drawn && line.contains(' ')
}

/// Reads a simple or grid table at the first of the lines, and returns how many lines it takes.
pub(super) fn drawn(lines: &[&str], first: usize, trimmed: &str) -> Option<(Table, usize)> {
    if trimmed.starts_with("+-") && trimmed.ends_with('+') {
        return Some(grid(lines, first));
    }
    is_border(trimmed).then(|| simple(lines, first))
}

fn grid(lines: &[&str], first: usize) -> (Table, usize) {
    let mut table = Table::default();
    let mut row = Row::default();
    let mut length = 0;
    for line in lines {
        let trimmed = line.trim();
        if trimmed.starts_with('+') {
            if !row.cells.is_empty() {
                table.rows.push(std::mem::take(&mut row));
            }
        } else if trimmed.starts_with('|') {
            add_line(&mut row, trimmed, first + length + 1);
        } else {
            break;
        }
        length += 1;
    }
    if !row.cells.is_empty() {
        table.rows.push(row);
    }
    (table, length)
}

fn add_line(row: &mut Row, line: &str, number: usize) {
    let inner = line.trim_matches('|');
    if row.cells.is_empty() {
        row.line = number;
    }
    for (n, part) in inner.split('|').enumerate() {
        let part = part.trim();
        match row.cells.get_mut(n) {
            Some(cell) if part.is_empty() => _ = cell,
            Some(cell) => {
                cell.push('\n');
                cell.push_str(part);
            }
            None => row.cells.push(part.to_owned()),
        }
    }
}

/// Reads a simple table: the border says in which columns of text the cells begin.
fn simple(lines: &[&str], first: usize) -> (Table, usize) {
    let border: Vec<char> = lines[0].chars().collect();
    let begins: Vec<usize> = (0..border.len())
        .filter(|n| border[*n] == '=' && (*n == 0 || border[*n - 1] != '='))
        .collect();
    let mut table = Table::default();
    let mut borders = 0;
    let mut length = 0;
    for (n, line) in lines.iter().enumerate() {
        length = n + 1;
        let trimmed = line.trim();
        if is_border(trimmed) {
            borders += 1;
            let is_next_border = |line: &&str| is_border(line.trim());
            let is_last = borders >= 2
                && !lines[n + 1..].iter().take_while(|l| !l.trim().is_empty()).any(is_next_border);
            if is_last {
                break;
            }
            continue;
        }
        if trimmed.is_empty() {
            if borders >= 2 && !lines[n..].iter().take(200).any(|line| is_border(line.trim())) {
                break;
            }
            continue;
        }
        add_simple(&mut table, line, &begins, first + n + 1);
    }
    (table, length)
}

fn add_simple(table: &mut Table, line: &str, begins: &[usize], number: usize) {
    let chars: Vec<char> = line.chars().collect();
    let cell = |n: usize| -> String {
        let start = begins[n].min(chars.len());
        let end = begins.get(n + 1).copied().unwrap_or(chars.len()).clamp(start, chars.len());
        chars[start..end].iter().collect::<String>().trim().to_owned()
    };
    let cells: Vec<String> = (0..begins.len()).map(cell).collect();
    let is_continued = cells.first().is_some_and(String::is_empty);
    let Some(row) = table.rows.last_mut().filter(|_| is_continued) else {
        table.rows.push(Row { line: number, cells });
        return;
    };
    for (old, new) in row.cells.iter_mut().zip(&cells).filter(|(_, new)| !new.is_empty()) {
        old.push('\n');
        old.push_str(new);
    }
}
