//! Turns the text of a JSON example, also of a broken one, into a tree with the line of every node.
//!
//! An example is written by hand: commas are missing or too many, comments stand between members,
//! quotes are lost, and the end is cut. The reader takes what it can and reports the rest.
//!
//! Invariants:
//!
//! * It never fails and never recurses deeper than [`MAX_DEPTH`].
//! * Valid JSON is read without a fault.

mod text;

use crate::facts::Fault;
use crate::origin::Origin;

/// How deep arrays and objects may nest.
const MAX_DEPTH: usize = 64;

/// A value and its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) value: Value,
}

/// A JSON value. Numbers are not evaluated: a page's facts don't need them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean,
    Number(String),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Returns the member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    /// Returns the member of an object if it is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items of the array that a member is; without it, an empty list.
    pub(crate) fn items(&self, name: &str) -> &[Node] {
        match self.get(name).map(|node| &node.value) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }
}

/// The values of a text, and what was wrong.
pub(crate) struct Reading {
    /// The arrays and objects at the top, in order.
    pub(crate) roots: Vec<Node>,
    pub(crate) faults: Vec<Fault>,
}

/// Reads all arrays and objects of a text; what stands between them is ignored.
pub(crate) fn read(text: &str, origin: Origin) -> Reading {
    let mut reader =
        Reader { bytes: text.as_bytes(), text, at: 0, line: 0, origin, faults: vec![] };
    let mut roots = Vec::new();
    while let Some(next) = reader.next_opening() {
        reader.advance(next);
        if let Some(node) = reader.value(0) {
            roots.push(node);
        }
    }
    Reading { roots, faults: reader.faults }
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    /// The lines before `at`.
    line: usize,
    origin: Origin,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, prefix: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(prefix)
    }

    fn advance(&mut self, to: usize) {
        let to = to.min(self.bytes.len());
        self.line += memchr::memchr_iter(b'\n', &self.bytes[self.at..to]).count();
        self.at = to;
    }

    fn here(&self) -> usize {
        self.origin.line(self.line)
    }

    fn fault(&mut self, message: &'static str) {
        let fault = Fault { line: self.here(), message };
        if self.faults.last() != Some(&fault) {
            self.faults.push(fault);
        }
    }

    fn next_opening(&self) -> Option<usize> {
        let found = memchr::memchr2(b'{', b'[', &self.bytes[self.at..])?;
        Some(self.at + found)
    }

    /// Skips white space, comments and marks of omission.
    fn skip_space(&mut self) {
        loop {
            let before = self.at;
            let rest = &self.bytes[self.at..];
            let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.advance(self.at + blank);
            if self.starts_with(b"/*") {
                let end =
                    self.text[self.at..].find("*/").map_or(self.bytes.len(), |n| self.at + n + 2);
                self.fault("a comment in JSON");
                self.advance(end);
            } else if self.starts_with(b"//") || self.peek() == Some(b'#') {
                self.fault("a comment in JSON");
                self.advance(self.end_of_line());
            } else if self.starts_with(b"...") {
                self.fault("JSON with an omission");
                self.advance(self.at + 3);
            } else if self.starts_with("…".as_bytes()) {
                self.fault("JSON with an omission");
                self.advance(self.at + "…".len());
            } else if self.starts_with(b"\xc2\xa0") {
                self.advance(self.at + 2);
            }
            if self.at == before {
                return;
            }
        }
    }

    fn end_of_line(&self) -> usize {
        memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |n| self.at + n)
    }

    /// Reads a value; `None` if there is none before the next separator.
    fn value(&mut self, depth: usize) -> Option<Node> {
        self.skip_space();
        let line = self.here();
        let value = match self.peek()? {
            b'{' if self.starts_with(b"{{") && !self.is_object_in_object() => self.placeholder(),
            b'{' if depth < MAX_DEPTH => self.object(depth),
            b'[' if depth < MAX_DEPTH => self.array(depth),
            b'{' | b'[' => {
                self.fault("JSON that nests too deep");
                self.advance(self.bytes.len());
                return None;
            }
            b'"' | b'\'' => Value::Text(self.quoted()),
            b',' | b'}' | b']' => return None,
            _ => self.bare(),
        };
        Some(Node { line, value })
    }

    /// Tells `{{` that opens two objects, which no JSON has, from a placeholder such as `{{url}}`.
    fn is_object_in_object(&self) -> bool {
        let rest = &self.bytes[self.at + 2..];
        let name =
            rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-. $".contains(b)).count();
        name == 0 || !rest[name..].starts_with(b"}}")
    }

    fn placeholder(&mut self) -> Value {
        let end = self.text[self.at..].find("}}").map_or(self.bytes.len(), |n| self.at + n + 2);
        let text = self.text[self.at..end].to_owned();
        self.advance(end);
        Value::Text(text)
    }

    fn array(&mut self, depth: usize) -> Value {
        self.advance(self.at + 1);
        let mut items = Vec::new();
        let mut is_separated = true;
        loop {
            self.skip_space();
            match self.peek() {
                None => {
                    self.fault("JSON that is cut");
                    break;
                }
                Some(b']') => {
                    self.advance(self.at + 1);
                    break;
                }
                // A bracket is missing: the brace ends the object around this array.
                Some(b'}') => {
                    self.fault("a missing `]` in JSON");
                    break;
                }
                Some(b',') => {
                    if is_separated {
                        self.fault("a comma too many in JSON");
                    }
                    is_separated = true;
                    self.advance(self.at + 1);
                    continue;
                }
                Some(_) => (),
            }
            if !is_separated {
                self.fault("a missing comma in JSON");
            }
            items.extend(self.value(depth + 1));
            is_separated = false;
        }
        if is_separated && !items.is_empty() {
            self.fault("a comma too many in JSON");
        }
        Value::Array(items)
    }

    fn object(&mut self, depth: usize) -> Value {
        self.advance(self.at + 1);
        let mut members = Vec::new();
        let mut is_separated = true;
        loop {
            self.skip_space();
            match self.peek() {
                None => {
                    self.fault("JSON that is cut");
                    break;
                }
                Some(b'}') => {
                    self.advance(self.at + 1);
                    break;
                }
                Some(b']') => {
                    self.fault("a missing `}` in JSON");
                    break;
                }
                Some(b',') => {
                    if is_separated {
                        self.fault("a comma too many in JSON");
                    }
                    is_separated = true;
                    self.advance(self.at + 1);
                    continue;
                }
                Some(_) => (),
            }
            if !is_separated {
                self.fault("a missing comma in JSON");
            }
            members.extend(self.member(depth));
            is_separated = false;
        }
        if is_separated && !members.is_empty() {
            self.fault("a comma too many in JSON");
        }
        Value::Object(members)
    }

    fn member(&mut self, depth: usize) -> Option<(String, Node)> {
        let line = self.here();
        let key = self.key()?;
        self.skip_space();
        if self.peek() == Some(b':') {
            self.advance(self.at + 1);
            let node = self.value(depth + 1);
            self.skip_rest_of_value();
            return Some((key, node.unwrap_or(Node { line, value: Value::Null })));
        }
        self.fault("a missing colon in JSON");
        // `"action: "created"`: the quote after the key is lost.
        let lost = key.trim_end().strip_suffix(':')?.trim_end().to_owned();
        Some((lost, Node { line, value: self.bare() }))
    }
}
