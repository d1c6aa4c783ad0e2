//! Splits a HAR document into the bytes of its entries.
//!
//! The document is scanned byte by byte, so that only one entry is in memory at a time. Truncated
//! and broken entries are passed on unchanged.

use std::collections::VecDeque;
use std::io::{BufRead, ErrorKind};

use crate::exchange::split::Item;
use crate::exchange::split::scan::track;
use crate::exchange::{ExchangeError, ExchangeFault};

/// The member of `log` with the entries.
const ENTRIES: &[u8] = b"entries";

/// The depth of an entry: in the document, in `log`, in the list.
const DEPTH: usize = 3;

/// The most bytes that are scanned before their entries are passed on.
const MAX_TAKEN_BYTES: usize = 64 * 1024;

/// The entries of a HAR document.
pub(in crate::exchange) struct Entries<R> {
    reader: R,
    max_bytes: usize,
    /// The line of the last byte read, from 1.
    line: usize,
    column: usize,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    progress: Progress,
    /// The start of the last text read among the members of `log`.
    name: Vec<u8>,
    open: Option<Open>,
    /// Whether an entry came since the last comma.
    has_entry: bool,
    is_behind_comma: bool,
    ready: VecDeque<Result<Item, ExchangeError>>,
    is_done: bool,
}

/// The reader's position in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Before,
    Inside,
    Behind,
}

/// An entry that is not complete yet.
struct Open {
    line: usize,
    column: usize,
    bytes: Vec<u8>,
    /// Whether it exceeds the limit, so that `bytes` is no longer kept.
    is_too_large: bool,
}

impl<R: BufRead> Iterator for Entries<R> {
    type Item = Result<Item, ExchangeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if self.is_done {
                return None;
            }
            self.read();
        }
    }
}

impl<R: BufRead> Entries<R> {
    pub(in crate::exchange) fn new(reader: R, max_bytes: usize) -> Self {
        Self {
            reader,
            max_bytes,
            line: 1,
            column: 0,
            depth: 0,
            in_string: false,
            is_escaped: false,
            progress: Progress::Before,
            name: Vec::new(),
            open: None,
            has_entry: false,
            is_behind_comma: false,
            ready: VecDeque::new(),
            is_done: false,
        }
    }

    /// Reads the bytes that the reader has buffered, up to a limit.
    fn read(&mut self) {
        let mut n_taken = 0;
        match self.reader.fill_buf() {
            Ok([]) => return self.end(),
            Ok(bytes) => {
                // Copied, so that the reader is free during the scan.
                let bytes = bytes.get(..MAX_TAKEN_BYTES).unwrap_or(bytes).to_vec();
                n_taken = bytes.len();
                bytes.into_iter().for_each(|byte| self.take(byte));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => {
                self.is_done = true;
                self.fail(ExchangeFault::Io(error.kind()));
            }
        }
        self.reader.consume(n_taken);
    }

    fn take(&mut self, byte: u8) {
        // Counts every byte except those inside a UTF-8 character.
        self.column += usize::from(byte & 0xc0 != 0x80);
        match self.progress {
            Progress::Before => self.take_before(byte),
            Progress::Inside => self.take_inside(byte),
            Progress::Behind => (),
        }
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
        }
    }

    fn take_before(&mut self, byte: u8) {
        let is_in_log = self.depth == DEPTH - 1;
        if is_in_log && byte == b'[' && !self.in_string && self.name == ENTRIES {
            self.progress = Progress::Inside;
        }
        let was_in_string = self.in_string;
        self.track(byte);
        if is_in_log && self.in_string && !was_in_string {
            self.name.clear();
        } else if is_in_log && self.in_string && self.name.len() <= ENTRIES.len() {
            self.name.push(byte);
        }
    }

    fn take_inside(&mut self, byte: u8) {
        let is_between = self.depth == DEPTH && !self.in_string;
        match byte {
            b',' | b']' if is_between => self.take_separator(byte),
            _ if self.open.is_none() && byte.is_ascii_whitespace() => (),
            _ => self.extend(byte),
        }
        self.track(byte);
    }

    /// Takes a comma, or the bracket that closes the list.
    fn take_separator(&mut self, byte: u8) {
        self.finish();
        let is_empty_list = byte == b']' && !self.is_behind_comma;
        if !self.has_entry && !is_empty_list {
            self.fail(ExchangeFault::ListItemMissing);
        }
        self.has_entry = false;
        self.is_behind_comma = byte == b',';
        if byte == b']' {
            self.progress = Progress::Behind;
        }
    }

    fn extend(&mut self, byte: u8) {
        // A byte inside a character needs a column nevertheless.
        let (line, column) = (self.line, self.column.max(1));
        let open = self.open.get_or_insert_with(|| Open {
            line,
            column,
            bytes: Vec::new(),
            is_too_large: false,
        });
        if open.bytes.len() >= self.max_bytes {
            open.is_too_large = true;
            open.bytes = Vec::new();
        }
        if !open.is_too_large {
            open.bytes.push(byte);
        }
    }

    fn finish(&mut self) {
        let Some(Open { line, column, mut bytes, is_too_large }) = self.open.take() else {
            return;
        };
        self.has_entry = true;
        if is_too_large {
            let fault = ExchangeFault::TooLarge { max_bytes: self.max_bytes };
            self.ready.push_back(Err(ExchangeError { line, column, fault }));
            return;
        }
        bytes.truncate(bytes.trim_ascii_end().len());
        self.ready.push_back(Ok(Item::entry((line, column), bytes, self.max_bytes)));
    }

    fn end(&mut self) {
        self.is_done = true;
        self.finish();
        match self.progress {
            Progress::Before => {
                let pointer = "/log/entries".to_owned();
                self.fail(ExchangeFault::Missing { pointer, expected: "a list of entries" });
            }
            Progress::Inside => self.fail(ExchangeFault::ListNotClosed),
            Progress::Behind => (),
        }
    }

    fn track(&mut self, byte: u8) {
        track(byte, &mut self.in_string, &mut self.is_escaped, &mut self.depth);
    }

    fn fail(&mut self, fault: ExchangeFault) {
        self.ready.push_back(Err(ExchangeError {
            line: self.line,
            column: self.column.max(1),
            fault,
        }));
    }
}
