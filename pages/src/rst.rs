//! Turns reStructuredText, as Sphinx reads it, into the blocks of a page.
//!
//! It reads what real pages have, also where docutils would complain: titles with short underlines,
//! literal blocks that are not indented, cells with tabs.

mod tables;

use crate::block::{Block, Blocks, bare_json_lines};
use crate::origin::Origin;

/// Reads a page.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = Reader { lines, at: 0, blocks: Blocks::default() };
    while reader.at < reader.lines.len() {
        reader.step();
    }
    reader.blocks.finish()
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    blocks: Blocks,
}

impl<'a> Reader<'a> {
    fn line(&self, n: usize) -> &'a str {
        self.lines.get(n).copied().unwrap_or_default()
    }

    /// Reads the next block, or the next line of a paragraph.
    fn step(&mut self) {
        let line = self.line(self.at);
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.blocks.close_paragraph();
            self.at += 1;
            return;
        }
        if self.title(trimmed) || self.directive(trimmed) || self.table(trimmed) || self.json() {
            return;
        }
        self.prose(line, trimmed);
    }

    /// Reads a title: a line with an underline.
    fn title(&mut self, trimmed: &str) -> bool {
        let mark = self.line(self.at + 1).trim_end();
        let is_title = is_underline(mark) && !self.line(self.at).starts_with([' ', '\t']);
        if is_title && !is_underline(trimmed) {
            let level = match mark.as_bytes()[0] {
                b'=' => 1,
                b'-' => 2,
                _ => 3,
            };
            let line = self.at + 1;
            self.blocks.push(Block::Heading { text: trimmed.to_owned(), level, line });
            self.at += 2;
            return true;
        }
        // An overline, or a line between sections.
        if is_underline(trimmed) && !tables::is_border(trimmed) {
            self.at += 1;
            return true;
        }
        false
    }

    /// Reads `.. name::` with its indented content, or a comment.
    fn directive(&mut self, trimmed: &str) -> bool {
        let Some(rest) = trimmed.strip_prefix(".. ").or((trimmed == "..").then_some("")) else {
            return false;
        };
        let (name, argument) = rest.split_once("::").unwrap_or(("", rest));
        let indent = indent_of(self.line(self.at));
        let first = self.at + 1;
        let end = (first..self.lines.len())
            .find(|n| !self.line(*n).trim().is_empty() && indent_of(self.line(*n)) <= indent)
            .unwrap_or(self.lines.len());
        let name = name.trim().to_ascii_lowercase();
        match name.as_str() {
            "list-table" => {
                let table = tables::list_table(&self.lines[first..end], first);
                self.blocks.push(Block::Table(table));
            }
            "code-block" | "code" | "sourcecode" | "parsed-literal" | "highlight" => {
                self.code(first, end);
            }
            "table" | "csv-table" | "note" | "warning" | "tip" | "important" | "attention"
            | "admonition" | "rubric" | "hint" | "caution" | "danger" | "container" => {
                // The content of the block is read as if it stood outside.
                if name == "rubric" {
                    let text = argument.trim().to_owned();
                    self.blocks.push(Block::Heading { text, level: 0, line: self.at + 1 });
                }
                self.blocks.close();
                self.at = first;
                return true;
            }
            _ if name.starts_with("http:") => {
                let method = name["http:".len()..].to_ascii_uppercase();
                let text =
                    format!("{method} {}", argument.trim().replace('(', "{").replace(')', "}"));
                self.blocks.push(Block::Heading { text, level: 2, line: self.at + 1 });
                self.at = first;
                return true;
            }
            _ => self.blocks.close(),
        }
        self.at = end.max(first);
        true
    }

    /// Adds the lines from `first` to before `end` as code, without options.
    fn code(&mut self, first: usize, end: usize) {
        let is_option = |line: &str| {
            let line = line.trim();
            line.starts_with(':') && line[1..].contains(':')
        };
        let start = (first..end).find(|n| !is_option(self.line(*n))).unwrap_or(end);
        let text = self.lines[start..end].join("\n");
        self.blocks.push(Block::Code { text, origin: Origin::lines_from(start + 1) });
    }

    fn table(&mut self, trimmed: &str) -> bool {
        let Some((table, length)) = tables::drawn(&self.lines[self.at..], self.at, trimmed) else {
            return false;
        };
        self.blocks.push(Block::Table(table));
        self.at += length;
        true
    }

    /// Reads JSON that is not marked as code.
    fn json(&mut self) -> bool {
        let length = bare_json_lines(&self.lines[self.at..]);
        if length == 0 {
            return false;
        }
        let (first, end) = (self.at, self.at + length);
        let text = self.lines[first..end].join("\n");
        self.blocks.push(Block::Code { text, origin: Origin::lines_from(first + 1) });
        self.at = end;
        true
    }

    fn prose(&mut self, line: &str, trimmed: &str) {
        let number = self.at + 1;
        let is_literal = trimmed.ends_with("::");
        let text = if is_literal { &trimmed[..trimmed.len() - 1] } else { trimmed };
        if let Some((name, rest)) = field(trimmed) {
            self.blocks.entry(name, rest, number);
        } else if let Some(rest) = item(text) {
            self.blocks.item(rest, number);
        } else if let Some(heading) = strong_line(trimmed) {
            self.blocks.push(Block::Heading { text: heading.to_owned(), level: 0, line: number });
        } else if !(line.starts_with([' ', '\t']) && self.blocks.continues(text)) {
            self.blocks.text(text, number);
        }
        self.at += 1;
        if is_literal {
            self.literal(indent_of(line));
        }
    }

    /// Reads the literal block after `::`.
    fn literal(&mut self, indent: usize) {
        let is_blank = |n: &usize| self.line(*n).trim().is_empty();
        let first = (self.at..self.lines.len()).find(|n| !is_blank(n)).unwrap_or(self.lines.len());
        let is_inside =
            |n: usize| self.line(n).trim().is_empty() || indent_of(self.line(n)) > indent;
        let end = (first..self.lines.len()).find(|n| !is_inside(*n)).unwrap_or(self.lines.len());
        if end > first {
            self.code(first, end);
            self.at = end;
        }
    }
}

fn indent_of(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 8 } else { 1 }).sum()
}

fn is_underline(line: &str) -> bool {
    let Some(first) = line.chars().next() else { return false };
    line.len() >= 3 && "=-~^\"'#*+_`".contains(first) && line.chars().all(|c| c == first)
}

/// Splits `:name: text`.
fn field(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(':')?;
    let (name, text) = rest.split_once(':')?;
    let is_role = text.starts_with('`');
    (!name.is_empty() && name.len() < 80 && !is_role).then(|| (name.trim(), text.trim()))
}

/// Returns the text of `- text` or `* text`.
fn item(line: &str) -> Option<&str> {
    ["- ", "* ", "+ ", "• "].iter().find_map(|mark| line.strip_prefix(mark)).map(str::trim)
}

/// Returns the text of a line that is strong as a whole.
fn strong_line(line: &str) -> Option<&str> {
    let inner = line.trim_end_matches(':').strip_prefix("**")?.strip_suffix("**")?;
    (!inner.contains("**") && inner.len() < 100).then_some(inner)
}
