//! Splits a stream in our own format into items: one object per line, one over many lines, or a
//! list.
//!
//! The three framings are recognized while reading. An object with a line break inside looks like a
//! truncated line, so an object stays open over a line break only as long as no later line is a
//! complete object that starts in the first column. Such a line makes the input one object per
//! line. In a list, such a line ends the broken item before it, and also the list if the broken
//! item is on the line that opened it.

use std::collections::VecDeque;
use std::io::BufRead;

use super::Item;
use super::scan::{depth_after, is_whole_object, next_line, skip_to_line_end, track};
use crate::exchange::{ExchangeError, ExchangeFault};

/// The exchanges of a stream in our own format.
pub(super) struct Lines<R> {
    reader: R,
    max_bytes: usize,
    /// The number of the last line read.
    line: usize,
    framing: Framing,
    /// The start of the list, and the expected next element.
    list: List,
    ready: VecDeque<Result<Item, ExchangeError>>,
    pending: Pending,
    is_done: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct List {
    /// The line of its opening bracket.
    line: usize,
    /// Whether a comma came last, so that an exchange must follow.
    is_behind_comma: bool,
    /// Whether an exchange came, so that the list may be closed only after another one.
    has_items: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Unknown,
    /// One object per line.
    Lines,
    /// Inside a list of objects.
    List,
}

/// An object, or an item of a list, that continues on the next line.
#[derive(Default)]
struct Pending {
    line: usize,
    column: usize,
    bytes: Vec<u8>,
    depth: usize,
    /// Whether it exceeds the limit, so that `bytes` is no longer kept.
    is_too_large: bool,
    is_open: bool,
    /// Whether a later line starts with `{` in the first column, which no printer would do.
    has_unindented_object: bool,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Item, ExchangeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if self.is_done {
                return None;
            }
            match self.read_line() {
                Ok(Some(line)) => self.take_line(line),
                Ok(None) => self.end(),
                Err(error) => {
                    self.is_done = true;
                    let line = self.line + 1;
                    self.fail(line, 1, ExchangeFault::Io(error.kind()));
                }
            }
        }
    }
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R, max_bytes: usize) -> Self {
        Self {
            reader,
            max_bytes,
            line: 0,
            framing: Framing::Unknown,
            list: List::default(),
            ready: VecDeque::new(),
            pending: Pending::default(),
            is_done: false,
        }
    }

    /// Returns the next line with its end, or an empty one if the line exceeds the limit.
    fn read_line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        // One more than the limit, and the two bytes of a line end.
        let limit = self.max_bytes.saturating_add(3);
        let mut line = next_line(&mut self.reader, limit)?;
        let n_read = line.len();
        if n_read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if self.line == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        let is_cut = n_read >= limit;
        if is_cut && line.last() != Some(&b'\n') {
            skip_to_line_end(&mut self.reader)?;
        }
        if is_cut || line.trim_ascii_end().len() > self.max_bytes {
            self.refuse_line();
            return Ok(Some(Vec::new()));
        }
        Ok(Some(line))
    }

    /// Refuses a single line that exceeds the limit.
    fn refuse_line(&mut self) {
        if self.pending.is_open {
            self.pending.outgrow();
        } else {
            self.fail(self.line, 1, ExchangeFault::TooLarge { max_bytes: self.max_bytes });
        }
    }

    fn take_line(&mut self, line: Vec<u8>) {
        match self.framing {
            Framing::List => self.continue_list(&line),
            Framing::Lines => self.push_item(self.line, 1, line),
            Framing::Unknown if self.pending.is_open => self.continue_object(line),
            Framing::Unknown => self.start(line),
        }
    }

    /// Starts with a line while no object is open.
    fn start(&mut self, line: Vec<u8>) {
        let n_blank = line.len() - line.trim_ascii_start().len();
        match line.get(n_blank) {
            Some(b'[') => {
                self.framing = Framing::List;
                self.list = List { line: self.line, ..List::default() };
                self.take_list_line(&line, n_blank + 1);
            }
            Some(b'{') if depth_after(&line, 0) > 0 => {
                self.pending = Pending {
                    line: self.line,
                    column: 1,
                    depth: depth_after(&line, 0),
                    bytes: line,
                    is_open: true,
                    ..Pending::default()
                };
            }
            Some(b'{') => {
                self.framing = Framing::Lines;
                self.push_item(self.line, 1, line);
            }
            _ => self.push_item(self.line, 1, line),
        }
    }

    /// Adds a further line to an open object.
    fn continue_object(&mut self, line: Vec<u8>) {
        let is_unindented = line.first() == Some(&b'{');
        if is_unindented && is_whole_object(&line) && !self.pending.expects_object() {
            self.break_up_pending();
            self.framing = Framing::Lines;
            self.push_item(self.line, 1, line);
            return;
        }
        let pending = &mut self.pending;
        pending.has_unindented_object |= is_unindented;
        pending.depth = depth_after(&line, pending.depth);
        pending.extend(&line, self.max_bytes);
        if pending.depth == 0 {
            self.finish_pending();
        }
    }

    /// Splits what looked like one object over many lines into broken lines.
    fn break_up_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_too_large {
            self.fail(
                pending.line,
                pending.column,
                ExchangeFault::TooLarge { max_bytes: self.max_bytes },
            );
            return;
        }
        for (index, line) in pending.bytes.split(|&byte| byte == b'\n').enumerate() {
            self.push_item(pending.line + index, 1, line.to_vec());
        }
    }

    fn finish_pending(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_too_large {
            let fault = ExchangeFault::TooLarge { max_bytes: self.max_bytes };
            self.fail(pending.line, pending.column, fault);
        } else {
            self.push_item(pending.line, pending.column, pending.bytes);
        }
    }

    /// Adds a further line to a list.
    fn continue_list(&mut self, line: &[u8]) {
        let is_inside = self.pending.is_open && self.pending.depth > 0;
        let object = line.trim_ascii_end();
        let object = object.strip_suffix(b",").unwrap_or(object);
        if !is_inside
            || line.first() != Some(&b'{')
            || !is_whole_object(object)
            || self.pending.expects_object()
        {
            self.take_list_line(line, 0);
            return;
        }
        let was_opened_broken = self.pending.line == self.list.line && !self.list.has_items;
        self.finish_pending();
        if was_opened_broken && object.len() == line.trim_ascii_end().len() {
            self.framing = Framing::Lines;
            self.push_item(self.line, 1, line.to_vec());
        } else {
            self.list.is_behind_comma = true;
            self.take_list_line(line, 0);
        }
    }

    /// Takes a comma, or the bracket that closes the list.
    fn take_separator(&mut self, byte: u8, column: usize) {
        let is_item = self.pending.is_open;
        if is_item {
            self.finish_pending();
        }
        let is_empty_list = byte == b']' && !self.list.has_items && !self.list.is_behind_comma;
        if !is_item && !is_empty_list {
            self.fail(self.line, column, ExchangeFault::ListItemMissing);
        }
        self.list.has_items |= is_item;
        self.list.is_behind_comma = byte == b',';
    }

    /// Takes the rest of a line from `start` on, inside a list.
    fn take_list_line(&mut self, line: &[u8], start: usize) {
        let mut in_string = false;
        let mut is_escaped = false;
        // Only white space and a bracket come before `start`.
        let mut column = start;
        for (index, &byte) in line.iter().enumerate().skip(start) {
            // Counts every byte except those inside a UTF-8 character.
            column += usize::from(byte & 0xc0 != 0x80);
            let is_separator = !in_string && self.pending.depth == 0 && matches!(byte, b',' | b']');
            if is_separator {
                self.take_separator(byte, column);
                if byte == b']' {
                    self.framing = Framing::Unknown;
                    let rest = line.get(index + 1..).unwrap_or_default();
                    self.push_item(self.line, column + 1, rest.to_vec());
                    return;
                }
                continue;
            }
            if !self.pending.is_open {
                if byte.is_ascii_whitespace() {
                    continue;
                }
                self.pending.is_open = true;
                self.pending.line = self.line;
                // A byte inside a character needs a column nevertheless.
                self.pending.column = column.max(1);
            }
            self.pending.extend(&[byte], self.max_bytes);
            track(byte, &mut in_string, &mut is_escaped, &mut self.pending.depth);
        }
    }

    fn end(&mut self) {
        self.is_done = true;
        if self.pending.has_unindented_object {
            self.break_up_pending();
        } else if self.pending.is_open {
            self.finish_pending();
        }
        if self.framing == Framing::List {
            self.fail(self.line, 1, ExchangeFault::ListNotClosed);
        }
    }

    fn push_item(&mut self, line: usize, column: usize, mut bytes: Vec<u8>) {
        bytes.truncate(bytes.trim_ascii_end().len());
        if !bytes.trim_ascii_start().is_empty() {
            self.ready.push_back(Ok(Item {
                line,
                column,
                bytes,
                max_bytes: self.max_bytes,
                is_entry: false,
            }));
        }
    }

    fn fail(&mut self, line: usize, column: usize, fault: ExchangeFault) {
        self.ready.push_back(Err(ExchangeError { line, column, fault }));
    }
}

impl Pending {
    fn extend(&mut self, bytes: &[u8], max_bytes: usize) {
        if self.is_too_large {
            return;
        }
        // The two bytes of the last line end are not part of the item.
        if self.bytes.len() + bytes.len() > max_bytes.saturating_add(2) {
            self.outgrow();
            return;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Returns whether it was printed over many lines and an object may come next in it.
    fn expects_object(&self) -> bool {
        let mut lines = self.bytes.split(|&byte| byte == b'\n');
        let first = lines.next().unwrap_or_default().trim_ascii_end();
        let last = self.bytes.trim_ascii_end().last();
        first == b"{" && lines.next().is_some() && matches!(last, Some(b':' | b'[' | b','))
    }

    fn outgrow(&mut self) {
        self.is_too_large = true;
        self.bytes = Vec::new();
    }
}
