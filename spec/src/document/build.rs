//! Turns a flat sequence of opened, closed and scalar nodes into one value with places.
//!
//! Both notations use it, so duplicate keys, depth and aliases are checked in one place. It keeps
//! its own stack and does not recurse.

use std::collections::HashMap;
use std::vec::Drain;

use serde_json::Value;
use serde_json::map::{Entry, Map};

use super::{DocumentFault, Fault, MAX_DEPTH, Position};

/// The most that aliases may copy in one document, in units of [`NODE_WEIGHT`] and bytes.
const ALIAS_BUDGET: usize = 64 << 20;

/// The weight of a node without its text, about its size in memory.
const NODE_WEIGHT: usize = 64;

/// The place of a node, and the places of its children in order.
///
/// A large document has hundreds of thousands of them, so it takes 4 bytes for a number.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The index of the document's file.
    pub(super) source: u32,
    line: u32,
    column: u32,
    pub(super) below: Vec<Place>,
}

/// A finished node.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) value: Value,
    pub(super) place: Place,
    weight: usize,
    height: usize,
    /// A number that a JSON number cannot hold, as written.
    digits: Option<Box<str>>,
}

/// A number that a JSON number cannot hold, as written, and its place.
pub(super) type Digits = (Position, Box<str>);

/// A node that is not closed yet.
struct Frame {
    is_mapping: bool,
    at: Position,
    anchor: usize,
    /// The number of finished children of all outer frames.
    n_before: usize,
    weight: usize,
    height: usize,
    /// In a mapping, the key whose value is expected next.
    key: Option<(String, Position)>,
}

/// A finished child of an open node. Its key is empty in a list.
struct Child {
    key: String,
    value: Value,
    place: Place,
}

#[derive(Default)]
pub(super) struct Builder {
    open: Vec<Frame>,
    /// The finished children of all open nodes, those of the innermost last. A node is made when it
    /// closes, so it is allocated once, in its final size.
    children: Vec<Child>,
    root: Option<Built>,
    /// Finished nodes by anchor number.
    anchors: HashMap<usize, Built>,
    copied: usize,
    /// The numbers that a JSON number cannot hold.
    digits: Vec<Digits>,
}

impl Builder {
    /// Returns whether the next scalar is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|frame| frame.is_mapping && frame.key.is_none())
    }

    pub(super) fn open_list(&mut self, at: Position, anchor: usize) -> Result<(), Fault> {
        self.open_node(false, at, anchor)
    }

    pub(super) fn open_mapping(&mut self, at: Position, anchor: usize) -> Result<(), Fault> {
        self.open_node(true, at, anchor)
    }

    fn open_node(&mut self, is_mapping: bool, at: Position, anchor: usize) -> Result<(), Fault> {
        if self.expects_key() {
            return Err((at, DocumentFault::KeyNotText));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err((at, DocumentFault::TooDeep));
        }
        let n_before = self.children.len();
        let (weight, height) = (NODE_WEIGHT, 1);
        self.open.push(Frame { is_mapping, at, anchor, n_before, weight, height, key: None });
        Ok(())
    }

    /// Closes the innermost open node.
    pub(super) fn close(&mut self) -> Result<(), Fault> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let children = self.children.drain(frame.n_before..);
        let mut place = Place::new(frame.at);
        place.below.reserve_exact(children.len());
        let value = match frame.is_mapping {
            true => Value::Object(mapping(children, &mut place.below)?),
            false => Value::Array(list(children, &mut place.below)),
        };
        let Frame { weight, height, anchor, .. } = frame;
        self.finish(Built { value, place, weight, height, digits: None }, anchor)
    }

    pub(super) fn key(&mut self, text: String, at: Position) {
        if let Some(frame) = self.open.last_mut() {
            frame.key = Some((text, at));
        }
    }

    pub(super) fn scalar(
        &mut self,
        value: Value,
        at: Position,
        anchor: usize,
    ) -> Result<(), Fault> {
        self.finish(Built::new(value, at), anchor)
    }

    /// Adds an integer beyond 64 bits, whose `value` is the nearest float.
    pub(super) fn wide_integer(
        &mut self,
        value: Value,
        digits: &str,
        at: Position,
        anchor: usize,
    ) -> Result<(), Fault> {
        self.finish(Built { digits: Some(digits.into()), ..Built::new(value, at) }, anchor)
    }

    /// Copies the node with this anchor.
    pub(super) fn alias(&mut self, anchor: usize, at: Position) -> Result<(), Fault> {
        if self.expects_key() {
            return Err((at, DocumentFault::KeyNotText));
        }
        // The scanner knows the anchor, so if the map does not, its node is still open.
        let Some(node) = self.anchors.get(&anchor) else {
            return Err((at, DocumentFault::AliasInsideItself));
        };
        if self.open.len() + node.height > MAX_DEPTH {
            return Err((at, DocumentFault::TooDeep));
        }
        self.copied = self.copied.saturating_add(node.weight);
        if self.copied > ALIAS_BUDGET {
            return Err((at, DocumentFault::AliasTooLarge));
        }
        let copy = node.clone();
        self.finish(copy, 0)
    }

    /// Returns the whole value, which is null for an empty text, and the integers beyond 64 bits.
    pub(super) fn into_root(self) -> (Built, Vec<Digits>) {
        let start = Position { line: 1, column: 1 };
        (self.root.unwrap_or_else(|| Built::new(Value::Null, start)), self.digits)
    }

    /// Returns the first fault of a text: `later`, or a key that appeared twice before it in a
    /// mapping that is still open.
    pub(super) fn first_fault(mut self, later: Fault) -> Fault {
        let mut first = later;
        while let Some(frame) = self.open.pop() {
            let pending = frame.key.map(|(key, at)| {
                let (value, place) = (Value::Null, Place::new(at));
                Child { key, value, place }
            });
            self.children.extend(pending);
            let children = self.children.drain(frame.n_before..);
            if !frame.is_mapping {
                continue;
            }
            if let Err(earlier) = mapping(children, &mut Vec::new()) {
                first = std::cmp::min_by_key(first, earlier, |(at, _)| *at);
            }
        }
        first
    }

    fn finish(&mut self, mut node: Built, anchor: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.copied = self.copied.saturating_add(node.weight);
            if self.copied > ALIAS_BUDGET {
                return Err((node.place.position(), DocumentFault::AliasTooLarge));
            }
            self.anchors.insert(anchor, node.clone());
        }
        let digits = node.digits.take();
        let position = match self.open.last_mut() {
            Some(frame) => {
                let (child, position) = frame.child(node);
                self.children.push(child);
                position
            }
            None => self.root.insert(node).place.position(),
        };
        self.digits.extend(digits.map(|digits| (position, digits)));
        Ok(())
    }
}

impl Place {
    fn new(position: Position) -> Self {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let Position { line, column } = position;
        Self { source: 0, line: narrow(line), column: narrow(column), below: Vec::new() }
    }

    pub(super) fn position(&self) -> Position {
        Position { line: self.line as usize, column: self.column as usize }
    }
}

impl Built {
    fn new(value: Value, position: Position) -> Self {
        let text = value.as_str().map_or(0, str::len);
        let place = Place::new(position);
        Self { value, place, weight: NODE_WEIGHT + text, height: 0, digits: None }
    }
}

impl Frame {
    /// Returns a finished node as a child of this one, and its final position: in a mapping, that
    /// of its key.
    fn child(&mut self, node: Built) -> (Child, Position) {
        let Built { value, mut place, weight, height, digits: _ } = node;
        self.weight = self.weight.saturating_add(weight);
        self.height = self.height.max(height + 1);
        let mut position = place.position();
        let mut key = String::new();
        if let Some((text, at)) = self.key.take() {
            self.weight = self.weight.saturating_add(text.len());
            place = Place { below: place.below, ..Place::new(at) };
            (key, position) = (text, at);
        }
        (Child { key, value, place }, position)
    }
}

fn list(children: Drain<'_, Child>, places: &mut Vec<Place>) -> Vec<Value> {
    let mut items = Vec::with_capacity(children.len());
    for child in children {
        items.push(child.value);
        places.push(child.place);
    }
    items
}

/// Makes a mapping of its members, or returns the fault of a key that appears twice.
fn mapping(
    children: Drain<'_, Child>,
    places: &mut Vec<Place>,
) -> Result<Map<String, Value>, Fault> {
    let mut members = Map::with_capacity(children.len());
    for Child { key, value, place } in children {
        match members.entry(key) {
            Entry::Vacant(entry) => entry.insert(value),
            Entry::Occupied(entry) => {
                let fault = DocumentFault::DuplicateKey(entry.key().clone());
                return Err((place.position(), fault));
            }
        };
        places.push(place);
    }
    Ok(members)
}
