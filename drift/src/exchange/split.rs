//! Splits a stream into the bytes of its exchanges.
//!
//! The format is recognized by the first bytes: a HAR document starts with its `log`, a file that
//! is no recording is refused by its kind (see [`foreign`]), and everything else is read as our own
//! format (see [`lines`]).
//!
//! Invariants:
//!
//! * Bytes are not judged here: an item may be broken, and reading it reports the fault.
//! * No more than the limit is held in memory.

mod lines;
pub(super) mod scan;

use std::io::{BufRead, Chain, Cursor, ErrorKind, Read};

use self::lines::Lines;
use super::foreign::{self, ForeignKind};
use super::har::{self, Entries};
use super::head::{Head, head};
use super::read::read_at;
use super::{Exchange, ExchangeError, ExchangeFault};

/// The default size limit of one exchange: 16 MiB.
pub const DEFAULT_MAX_EXCHANGE_BYTES: usize = 16 << 20;

/// The number of bytes from which a stream is recognized.
const MAX_SNIFFED_BYTES: usize = 4096;

/// The bytes of one exchange and where they start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    line: usize,
    column: usize,
    bytes: Vec<u8>,
    max_bytes: usize,
    /// Whether it is an entry of a HAR document.
    is_entry: bool,
}

impl Item {
    /// Returns an entry of a HAR document that starts at this line and column.
    pub(super) fn entry((line, column): (usize, usize), bytes: Vec<u8>, max_bytes: usize) -> Self {
        Self { line, column, bytes, max_bytes, is_entry: true }
    }

    /// Returns a whole line of a stream in our own format, unless it is blank.
    ///
    /// The result is what [`split`] makes of such a line.
    pub(crate) fn of_line(
        line: usize,
        bytes: &[u8],
        max_bytes: usize,
    ) -> Option<Result<Self, ExchangeError>> {
        let bytes = bytes.trim_ascii_end();
        if bytes.trim_ascii_start().is_empty() {
            return None;
        }
        if bytes.len() > max_bytes {
            let fault = ExchangeFault::TooLarge { max_bytes };
            return Some(Err(ExchangeError { line, column: 1, fault }));
        }
        let bytes = bytes.to_vec();
        Some(Ok(Self { line, column: 1, bytes, max_bytes, is_entry: false }))
    }

    /// Returns the line on which it starts, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns its bytes, whether complete or broken.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads it; line and column of an error are those of the stream.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`super::read_exchange`].
    pub fn read(&self) -> Result<Exchange<'_>, ExchangeError> {
        let place = (self.line, self.column);
        match self.is_entry {
            true => har::read_at(&self.bytes, place, self.max_bytes),
            false => read_at(&self.bytes, place, self.max_bytes),
        }
    }

    /// Reads everything except the response body, or returns `None` if the whole line must be read.
    pub(crate) fn head(&self) -> Option<Head<'_>> {
        if self.is_entry { None } else { head(&self.bytes, self.max_bytes) }
    }
}

/// Splits a stream into exchanges of at most `max_bytes`.
///
/// Blank lines and a byte order mark at the start are skipped.
pub fn split<R: BufRead>(reader: R, max_bytes: usize) -> Items<R> {
    Items { max_bytes, n_lines_before: 0, input: Input::Unknown(reader) }
}

/// The exchanges of a stream, see [`split`].
pub struct Items<R> {
    max_bytes: usize,
    /// The number of lines that come before the stream in its file.
    n_lines_before: usize,
    input: Input<R>,
}

enum Input<R> {
    /// Nothing has been read yet.
    Unknown(R),
    Lines(Box<Lines<Sniffed<R>>>),
    Har(Box<Entries<Sniffed<R>>>),
    Ended,
}

/// A stream whose first bytes were read for recognition.
type Sniffed<R> = Chain<Cursor<Vec<u8>>, R>;

/// The format of a stream, by its first bytes.
#[derive(Clone, Copy)]
enum StreamKind {
    Lines,
    Har,
    Utf16,
    Foreign(&'static ForeignKind),
}

impl<R: BufRead> Iterator for Items<R> {
    type Item = Result<Item, ExchangeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let n_before = self.n_lines_before;
        Some(match self.next_of_stream()? {
            Ok(item) => Ok(Item { line: item.line.saturating_add(n_before), ..item }),
            Err(error) => Err(ExchangeError { line: error.line.saturating_add(n_before), ..error }),
        })
    }
}

impl<R: BufRead> Items<R> {
    /// Sets the number of the first line, for a stream that is a part of a file.
    #[must_use]
    pub fn from_line(self, first_line: usize) -> Self {
        Self { n_lines_before: first_line.saturating_sub(1), ..self }
    }

    fn next_of_stream(&mut self) -> Option<Result<Item, ExchangeError>> {
        match &mut self.input {
            Input::Unknown(_) => match std::mem::replace(&mut self.input, Input::Ended) {
                Input::Unknown(reader) => self.start(reader),
                _ => None,
            },
            Input::Lines(lines) => lines.next(),
            Input::Har(entries) => entries.next(),
            Input::Ended => None,
        }
    }

    fn start(&mut self, mut reader: R) -> Option<Result<Item, ExchangeError>> {
        let mut head = Vec::new();
        let fault = match sniff(&mut reader, &mut head) {
            Ok(StreamKind::Utf16) => ExchangeFault::Utf16,
            Ok(StreamKind::Foreign(kind)) => {
                ExchangeFault::Foreign { name: kind.name, remedy: kind.remedy }
            }
            Ok(StreamKind::Lines) => {
                let lines = Lines::new(Cursor::new(head).chain(reader), self.max_bytes);
                self.input = Input::Lines(Box::new(lines));
                return self.next_of_stream();
            }
            Ok(StreamKind::Har) => {
                let entries = Entries::new(Cursor::new(head).chain(reader), self.max_bytes);
                self.input = Input::Har(Box::new(entries));
                return self.next_of_stream();
            }
            Err(error) => ExchangeFault::Io(error.kind()),
        };
        Some(Err(ExchangeError { line: 1, column: 1, fault }))
    }
}

/// Reads into `head` until the format of the stream is known.
fn sniff(reader: &mut impl BufRead, head: &mut Vec<u8>) -> std::io::Result<StreamKind> {
    loop {
        let n_wanted = MAX_SNIFFED_BYTES.saturating_sub(head.len());
        let n_read = match reader.fill_buf() {
            Ok(bytes) => {
                let bytes = bytes.get(..n_wanted).unwrap_or(bytes);
                head.extend_from_slice(bytes);
                bytes.len()
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        reader.consume(n_read);
        match kind_of(head) {
            Some(StreamKind::Lines) => return Ok(kind_by_names(head)),
            Some(kind) => return Ok(kind),
            None if n_read == 0 => return Ok(kind_by_names(head)),
            None => (),
        }
    }
}

/// Returns the format of a stream that does not start like a HAR document.
fn kind_by_names(head: &[u8]) -> StreamKind {
    match foreign::recognize(head) {
        Some(kind) => StreamKind::Foreign(kind),
        None => StreamKind::Lines,
    }
}

/// Returns the format of a stream with this start, or `None` while it is undecided.
fn kind_of(head: &[u8]) -> Option<StreamKind> {
    // Byte order marks, and opening brackets of two bytes.
    const UTF_16: [&[u8]; 6] = [b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{", b"[\0", b"\0["];
    if UTF_16.iter().any(|start| head.starts_with(start)) {
        return Some(StreamKind::Utf16);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut rest = text;
    for token in [&b"{"[..], b"\"log\"", b":"] {
        rest = rest.trim_ascii_start();
        match rest.strip_prefix(token) {
            Some(behind) => rest = behind,
            None if token.starts_with(rest) => return None,
            None => return Some(StreamKind::Lines),
        }
    }
    Some(StreamKind::Har)
}
