//! Turns a flat sequence of opened, closed and scalar nodes into one value with places.
//!
//! Both notations use it, so duplicate keys, depth and aliases are checked in one place. It keeps
//! its own stack and does not recurse.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{DocumentFault, Fault, MAX_DEPTH, Position};

/// The most that aliases may copy in one document, in units of [`NODE_WEIGHT`] and bytes.
const ALIAS_BUDGET: usize = 64 << 20;

/// The weight of a node without its text, about its size in memory.
const NODE_WEIGHT: usize = 64;

/// The place of a node, and the places of its children in order.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The index of the document's file.
    pub(super) source: usize,
    pub(super) position: Position,
    pub(super) below: Vec<Place>,
}

/// A finished node.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) value: Value,
    pub(super) place: Place,
    weight: usize,
    height: usize,
    /// An integer beyond 64 bits as written.
    digits: Option<Box<str>>,
}

/// An integer beyond 64 bits as written, and its place.
pub(super) type Digits = (Position, Box<str>);

/// A node that is not closed yet.
struct Frame {
    node: Built,
    anchor: usize,
    /// In a mapping, the key whose value is expected next.
    key: Option<(String, Position)>,
}

#[derive(Default)]
pub(super) struct Builder {
    open: Vec<Frame>,
    root: Option<Built>,
    /// Finished nodes by anchor number.
    anchors: HashMap<usize, Built>,
    copied: usize,
    /// The integers beyond 64 bits.
    digits: Vec<Digits>,
}

impl Builder {
    /// Returns whether the next scalar is a key.
    pub(super) fn expects_key(&self) -> bool {
        match self.open.last() {
            Some(frame) => frame.node.value.is_object() && frame.key.is_none(),
            None => false,
        }
    }

    pub(super) fn open_list(&mut self, at: Position, anchor: usize) -> Result<(), Fault> {
        self.open_node(Value::Array(Vec::new()), at, anchor)
    }

    pub(super) fn open_mapping(&mut self, at: Position, anchor: usize) -> Result<(), Fault> {
        self.open_node(Value::Object(Map::new()), at, anchor)
    }

    fn open_node(&mut self, value: Value, at: Position, anchor: usize) -> Result<(), Fault> {
        if self.expects_key() {
            return Err((at, DocumentFault::KeyNotText));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err((at, DocumentFault::TooDeep));
        }
        self.open.push(Frame { node: Built::new(value, at), anchor, key: None });
        Ok(())
    }

    /// Closes the innermost open node.
    pub(super) fn close(&mut self) -> Result<(), Fault> {
        match self.open.pop() {
            Some(frame) => self.finish(frame.node, frame.anchor),
            None => Ok(()),
        }
    }

    pub(super) fn key(&mut self, text: String, at: Position) -> Result<(), Fault> {
        let Some(frame) = self.open.last_mut() else {
            return Ok(());
        };
        let taken = match &frame.node.value {
            Value::Object(members) => members.contains_key(&text),
            _ => false,
        };
        if taken {
            return Err((at, DocumentFault::DuplicateKey(text)));
        }
        frame.key = Some((text, at));
        Ok(())
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

    fn finish(&mut self, mut node: Built, anchor: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.copied = self.copied.saturating_add(node.weight);
            if self.copied > ALIAS_BUDGET {
                return Err((node.place.position, DocumentFault::AliasTooLarge));
            }
            self.anchors.insert(anchor, node.clone());
        }
        let digits = node.digits.take();
        let position = match self.open.last_mut() {
            Some(frame) => frame.insert(node),
            None => self.root.insert(node).place.position,
        };
        self.digits.extend(digits.map(|digits| (position, digits)));
        Ok(())
    }
}

impl Built {
    pub(super) fn new(value: Value, position: Position) -> Self {
        let (text, height) = match &value {
            Value::String(text) => (text.len(), 0),
            Value::Array(_) | Value::Object(_) => (0, 1),
            _ => (0, 0),
        };
        let place = Place { source: 0, position, below: Vec::new() };
        Self { value, place, weight: NODE_WEIGHT + text, height, digits: None }
    }
}

impl Frame {
    /// Adds a child and returns its final place.
    fn insert(&mut self, mut node: Built) -> Position {
        let parent = &mut self.node;
        parent.weight = parent.weight.saturating_add(node.weight);
        parent.height = parent.height.max(node.height + 1);
        match &mut parent.value {
            Value::Array(items) => items.push(node.value),
            Value::Object(members) => {
                let Some((key, at)) = self.key.take() else {
                    return node.place.position;
                };
                node.place.position = at;
                parent.weight = parent.weight.saturating_add(key.len());
                members.insert(key, node.value);
            }
            _ => return node.place.position,
        }
        let position = node.place.position;
        parent.place.below.push(node.place);
        position
    }
}
