//! Turns Markdown into the blocks of a page, also the piped text that is left of a help page's
//! tables.

use crate::block::{Block, Blocks, Row, Table, bare_json_lines};
use crate::origin::Origin;

/// Reads a page or a description.
pub(crate) fn blocks(text: &str, origin: Origin) -> Vec<Block> {
    if has_html_table(text) {
        return crate::html::blocks(text, origin);
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = Reader { lines, at: 0, origin, blocks: Blocks::default() };
    while reader.at < reader.lines.len() {
        reader.step();
    }
    reader.blocks.finish()
}

fn has_html_table(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text.as_bytes().get(at + 1..at + 6).is_some_and(|tag| tag.eq_ignore_ascii_case(b"table"))
    })
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    origin: Origin,
    blocks: Blocks,
}

impl<'a> Reader<'a> {
    fn line(&self, n: usize) -> &'a str {
        self.lines.get(n).copied().unwrap_or_default()
    }

    fn number(&self) -> usize {
        self.origin.line(self.at)
    }

    fn step(&mut self) {
        let line = self.line(self.at);
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.blocks.close_paragraph();
            self.at += 1;
            return;
        }
        if self.fence(trimmed) || self.heading(trimmed) || self.table() || self.json() {
            return;
        }
        self.prose(line, trimmed);
    }

    /// Reads code between fences.
    fn fence(&mut self, trimmed: &str) -> bool {
        let Some(fence) = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence))
        else {
            return false;
        };
        // ```` ```GET /users``` ````, on one line.
        let inner = trimmed[3..].strip_suffix(fence).filter(|inner| !inner.is_empty());
        if let Some(inner) = inner {
            let origin = self.origin.below(self.at);
            self.blocks.push(Block::Code { text: inner.to_owned(), origin });
            self.at += 1;
            return true;
        }
        let first = self.at + 1;
        let end = (first..self.lines.len()).find(|n| self.line(*n).trim().starts_with(fence));
        let end = end.unwrap_or(self.lines.len());
        self.code(first, end);
        self.at = end + 1;
        true
    }

    fn code(&mut self, first: usize, end: usize) {
        let text = self.lines[first.min(end)..end].join("\n");
        self.blocks.push(Block::Code { text, origin: self.origin.below(first) });
    }

    fn heading(&mut self, trimmed: &str) -> bool {
        let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
        if (1..=6).contains(&level) && trimmed[level..].starts_with(' ') {
            let text = trimmed[level..].trim_matches(['#', ' ']).to_owned();
            self.blocks.push(Block::Heading { text, level, line: self.number() });
            self.at += 1;
            return true;
        }
        let below = self.line(self.at + 1).trim();
        let is_underlined = below.len() >= 3
            && (below.bytes().all(|byte| byte == b'=') || below.bytes().all(|byte| byte == b'-'))
            && !trimmed.contains('|')
            && !trimmed.starts_with(['-', '*', '=']);
        if is_underlined {
            let level = if below.starts_with('=') { 1 } else { 2 };
            let text = trimmed.to_owned();
            self.blocks.push(Block::Heading { text, level, line: self.number() });
            self.at += 2;
        }
        is_underlined
    }

    /// Reads a table: at least two lines with bars, or one with a bar at its end.
    fn table(&mut self) -> bool {
        let count = self.lines[self.at..].iter().take_while(|line| is_row(line)).count();
        if count < 2 {
            return false;
        }
        let mut table = Table::default();
        for n in self.at..self.at + count {
            let cells = cells(self.line(n));
            let is_rule = cells.iter().all(|cell| {
                !cell.is_empty()
                    && cell.bytes().all(|byte| b"-: ".contains(&byte))
                    && cell.contains("--")
            }) || cells
                .iter()
                .all(|cell| cell.len() > 1 && cell.bytes().all(|byte| b"-:".contains(&byte)));
            if !is_rule {
                table.rows.push(Row { line: self.origin.line(n), cells });
            }
        }
        self.blocks.push(Block::Table(table));
        self.at += count;
        true
    }

    /// Reads JSON and commands that are not marked as code.
    fn json(&mut self) -> bool {
        let rest = &self.lines[self.at..];
        let is_command = self.line(self.at).trim_start().starts_with("curl ");
        let length = match is_command {
            true => rest.iter().take_while(|line| !line.trim().is_empty()).count(),
            false => bare_json_lines(rest),
        };
        if length > 0 {
            self.code(self.at, self.at + length);
            self.at += length;
        }
        length > 0
    }

    fn prose(&mut self, line: &str, trimmed: &str) {
        let number = self.number();
        if let Some(rest) = item(trimmed) {
            self.blocks.item(rest, number);
        } else if let Some(heading) = strong_line(trimmed) {
            self.blocks.push(Block::Heading { text: heading.to_owned(), level: 0, line: number });
        } else if !(line.starts_with([' ', '\t']) && self.blocks.continues(trimmed)) {
            self.blocks.text(trimmed, number);
        }
        self.at += 1;
    }
}

fn is_row(line: &str) -> bool {
    let line = line.trim();
    let bars = line.matches('|').count() - line.matches("\\|").count();
    bars >= 2
        || (bars == 1 && (line.ends_with('|') || line.starts_with('|') || line.contains(" | ")))
}

/// Splits a row at its bars, outside of code and unless escaped.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    let mut is_code = false;
    let has_pairs = line.matches('`').count() % 2 == 0;
    while let Some(char) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match char {
            '\\' if chars.peek() == Some(&'|') => cell.extend(chars.next()),
            '`' => {
                is_code = has_pairs && !is_code;
                cell.push(char);
            }
            '|' if !is_code => cells.push(String::new()),
            _ => cell.push(char),
        }
    }
    cells
        .iter()
        .map(|cell| {
            cell.trim().replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n")
        })
        .collect()
}

fn item(line: &str) -> Option<&str> {
    let marked =
        ["- ", "* ", "+ ", "• ", "\\* ", "\\*   "].iter().find_map(|mark| line.strip_prefix(mark));
    if marked.is_some() {
        return marked.map(str::trim);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(". ").or_else(|| line[digits..].strip_prefix(") "))?;
    (digits > 0 && digits < 3).then(|| rest.trim())
}

/// Returns the text of a line that is strong as a whole.
fn strong_line(line: &str) -> Option<&str> {
    let line = line.trim_end_matches(':');
    let inner = ["**", "__"].iter().find_map(|mark| line.strip_prefix(mark)?.strip_suffix(mark))?;
    (!inner.contains("**") && !inner.is_empty() && inner.len() < 100)
        .then(|| inner.trim_end_matches(':'))
}
