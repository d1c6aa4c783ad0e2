//! The parts of a page that all formats have in common.

use crate::origin::Origin;

/// A part of a page.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A heading, or a line that is set apart as one. `level` is 0 for the latter.
    Heading {
        text: String,
        level: usize,
        line: usize,
    },
    Paragraph {
        text: String,
        line: usize,
    },
    Table(Table),
    /// A list of names with texts: `:name: text`.
    Entries(Vec<Entry>),
    /// A list of items.
    Items(Vec<Item>),
    Code {
        text: String,
        origin: Origin,
    },
}

/// A table; whether its first row is a header is for the reader of the table to say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

/// A name with its text.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Builds the blocks of a page from its lines.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    blocks: Vec<Block>,
    paragraph: Option<(String, usize)>,
    items: Vec<Item>,
    entries: Vec<Entry>,
}

impl Blocks {
    /// Adds a line to the current paragraph or item.
    pub(crate) fn text(&mut self, line_text: &str, line: usize) {
        self.close_entries();
        match &mut self.paragraph {
            Some((text, _)) => {
                text.push('\n');
                text.push_str(line_text);
            }
            None => {
                self.close_items();
                self.paragraph = Some((line_text.to_owned(), line));
            }
        }
    }

    /// Adds a line that continues the last item or entry; `false` if there is none.
    pub(crate) fn continues(&mut self, line_text: &str) -> bool {
        if self.paragraph.is_some() {
            return false;
        }
        let last = self.items.last_mut().map(|item| &mut item.text);
        let Some(text) = last.or(self.entries.last_mut().map(|entry| &mut entry.text)) else {
            return false;
        };
        text.push('\n');
        text.push_str(line_text);
        true
    }

    pub(crate) fn item(&mut self, text: &str, line: usize) {
        self.close_paragraph();
        self.close_entries();
        self.items.push(Item { text: text.to_owned(), line });
    }

    pub(crate) fn entry(&mut self, name: &str, text: &str, line: usize) {
        self.close_paragraph();
        self.close_items();
        self.entries.push(Entry { name: name.to_owned(), text: text.to_owned(), line });
    }

    pub(crate) fn push(&mut self, block: Block) {
        self.close();
        self.blocks.push(block);
    }

    /// Ends the current paragraph; lists go on.
    pub(crate) fn close_paragraph(&mut self) {
        if let Some((text, line)) = self.paragraph.take() {
            self.blocks.push(Block::Paragraph { text, line });
        }
    }

    fn close_items(&mut self) {
        if !self.items.is_empty() {
            self.blocks.push(Block::Items(std::mem::take(&mut self.items)));
        }
    }

    fn close_entries(&mut self) {
        if !self.entries.is_empty() {
            self.blocks.push(Block::Entries(std::mem::take(&mut self.entries)));
        }
    }

    /// Ends the current paragraph and lists.
    pub(crate) fn close(&mut self) {
        self.close_paragraph();
        self.close_items();
        self.close_entries();
    }

    pub(crate) fn finish(mut self) -> Vec<Block> {
        self.close();
        self.blocks
    }
}

/// Returns how many lines of a text, from its first, are one JSON value that is not marked as code;
/// 0 if it does not begin with one.
pub(crate) fn bare_json_lines(lines: &[&str]) -> usize {
    let Some(first) = lines.first().map(|line| line.trim_start()) else { return 0 };
    let rest = first.get(1..).unwrap_or_default().trim_start();
    let begins = (first.starts_with('{')
        && (rest.is_empty() || rest.starts_with(['"', '\'', '}', '/'])))
        || (first.starts_with('[') && (rest.is_empty() || rest.starts_with(['{', '"'])));
    if !begins {
        return 0;
    }
    let mut depth = 0_i64;
    let mut blank = 0;
    for (n, line) in lines.iter().enumerate() {
        blank = if line.trim().is_empty() { blank + 1 } else { 0 };
        if blank > 3 {
            return n - 3;
        }
        depth += depth_of(line);
        if depth <= 0 {
            return n + 1;
        }
    }
    lines.len()
}

/// Returns how many brackets a line opens beyond those it closes, outside of texts.
fn depth_of(line: &str) -> i64 {
    let mut depth = 0;
    let mut is_text = false;
    let mut is_escaped = false;
    for byte in line.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => depth += 1,
            b'}' | b']' if !is_text => depth -= 1,
            _ => (),
        }
    }
    depth
}
