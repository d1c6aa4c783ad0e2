//! Turns HTML into the blocks of a page.
//!
//! Help centres write tags without their ends and tables within paragraphs. The reader takes the
//! tokens in order and needs no tree.

use html5gum::{Span, Token, Tokenizer};

use crate::block::{Block, Blocks, Row, Table};
use crate::origin::Origin;

/// Elements whose text is no content.
const SILENT: &[&str] =
    &["script", "style", "head", "nav", "footer", "noscript", "svg", "template"];

/// Elements that end the text before and after them.
const BREAKING: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "header",
    "main",
    "aside",
    "blockquote",
    "form",
    "figure",
    "body",
    "html",
    "hr",
    "address",
    "details",
    "summary",
];

/// Reads a page or a description.
pub(crate) fn blocks(text: &str, origin: Origin) -> Vec<Block> {
    let mut reader = Reader {
        text,
        origin,
        blocks: Blocks::default(),
        silent: Vec::new(),
        current: String::new(),
        line: origin.line(0),
        counted: (0, 0),
        heading: None,
        is_item: false,
        is_pre: false,
        tables: Vec::new(),
        cell: None,
        span: 1,
    };
    let emitter = html5gum::emitters::default::DefaultEmitter::<usize>::new_with_span();
    for token in Tokenizer::new_with_emitter(text, emitter).flatten() {
        reader.token(&token);
    }
    reader.finish()
}

struct Reader<'a> {
    text: &'a str,
    origin: Origin,
    blocks: Blocks,
    /// Silent elements that are open.
    silent: Vec<String>,
    current: String,
    line: usize,
    /// The offset up to which lines are counted, and their number.
    counted: (usize, usize),
    heading: Option<usize>,
    is_item: bool,
    is_pre: bool,
    tables: Vec<Table>,
    cell: Option<String>,
    span: usize,
}

impl Reader<'_> {
    fn token(&mut self, token: &Token<usize>) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).to_lowercase();
                self.count(tag.span);
                if SILENT.contains(&name.as_str()) && !tag.self_closing {
                    self.silent.push(name);
                } else if self.silent.is_empty() {
                    let span = tag.attributes.get(b"colspan".as_slice()).and_then(|span| {
                        std::str::from_utf8(&span.value).ok()?.trim().parse::<usize>().ok()
                    });
                    self.start(&name, span.unwrap_or(1).clamp(1, 20));
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).to_lowercase();
                self.count(tag.span);
                if self.silent.last() == Some(&name) {
                    self.silent.pop();
                } else if self.silent.is_empty() {
                    self.end(&name);
                }
            }
            Token::String(text) if self.silent.is_empty() => {
                self.count(text.span);
                self.add(&String::from_utf8_lossy(text));
            }
            _ => (),
        }
    }

    /// Counts the lines up to a token.
    fn count(&mut self, span: Span<usize>) {
        let (from, lines) = self.counted;
        let to = span.start.clamp(from, self.text.len());
        let new = memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..to]).count();
        self.counted = (to, lines + new);
    }

    fn add(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell {
            cell.push_str(text);
            return;
        }
        if !self.tables.is_empty() {
            return;
        }
        if self.current.trim().is_empty() {
            let blank = text.len() - text.trim_start().len();
            let skipped = memchr::memchr_iter(b'\n', &text.as_bytes()[..blank]).count();
            self.line = self.origin.line(self.counted.1 + skipped);
        }
        self.current.push_str(text);
    }

    fn start(&mut self, name: &str, span: usize) {
        match name {
            "br" => self.add("\n"),
            "table" => {
                self.flush();
                self.tables.push(Table::default());
            }
            "tr" => {
                self.end_cell();
                let line = self.origin.line(self.counted.1);
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Row { line, cells: Vec::new() });
                }
            }
            "td" | "th" => {
                self.end_cell();
                if !self.tables.is_empty() {
                    self.cell = Some(String::new());
                    self.span = span;
                }
            }
            _ if self.cell.is_some() && BREAKING.contains(&name) => self.add("\n"),
            _ if self.cell.is_some() => (),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = Some(usize::from(name.as_bytes()[1] - b'0'));
            }
            "pre" | "textarea" => {
                self.flush();
                self.is_pre = true;
            }
            "li" | "dt" => {
                self.flush();
                self.is_item = true;
            }
            _ if BREAKING.contains(&name) && !self.is_pre => self.flush(),
            _ => (),
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "td" | "th" | "tr" => self.end_cell(),
            "table" => {
                self.end_cell();
                let table = self.tables.pop().unwrap_or_default();
                self.blocks.push(Block::Table(table));
            }
            _ if self.cell.is_some() && BREAKING.contains(&name) => self.add("\n"),
            _ if self.cell.is_some() => (),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "textarea" | "li" | "dt" => {
                self.flush()
            }
            _ if BREAKING.contains(&name) && !self.is_pre => self.flush(),
            _ => (),
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let Some(row) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) else {
            return;
        };
        row.cells.push(cell.trim().to_owned());
        row.cells.extend((1..self.span).map(|_| String::new()));
    }

    /// Turns the text so far into a block.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.current);
        let (level, is_item, is_pre) = (self.heading.take(), self.is_item, self.is_pre);
        (self.is_item, self.is_pre) = (false, false);
        if text.trim().is_empty() {
            // `<li><p>` opens the text of one item twice.
            (self.heading, self.is_item, self.is_pre) = (level, is_item, is_pre);
            return;
        }
        let line = self.line;
        if is_pre {
            let text = text.trim_start_matches(['\n', '\r']).to_owned();
            self.blocks.push(Block::Code { text, origin: Origin::lines_from(line) });
        } else if let Some(level) = level {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.blocks.push(Block::Heading { text, level, line });
        } else if is_item {
            self.blocks.item(text.trim(), line);
        } else {
            self.paragraph(&text, line);
        }
    }

    /// Adds a paragraph; JSON and commands in it are code.
    fn paragraph(&mut self, text: &str, line: usize) {
        let start = text.trim_start();
        let is_code = start.starts_with("curl ")
            || crate::block::bare_json_lines(&start.lines().collect::<Vec<_>>()) > 0;
        if is_code {
            let text = start.to_owned();
            self.blocks.push(Block::Code { text, origin: Origin::lines_from(line) });
            return;
        }
        self.blocks.close();
        for (n, one) in start.lines().enumerate() {
            if !one.trim().is_empty() {
                self.blocks.text(one.trim(), line + n);
            }
        }
        self.blocks.close_paragraph();
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_cell();
        for table in std::mem::take(&mut self.tables) {
            self.blocks.push(Block::Table(table));
        }
        self.flush();
        self.blocks.finish()
    }
}
