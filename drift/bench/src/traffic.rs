//! Turns a promised operation and a seed into recorded exchanges, one per line.
//!
//! The responses are as full as the promise allows: every optional field, a few items per list,
//! null where it is allowed, Portuguese texts. The vendor's order of members is not alphabetical
//! and the same in every response. A quarter of the bodies is escaped as PHP does it (`\u00e3`,
//! `\/`), the rest is plain UTF-8. Each class of drift is in one of a hundred exchanges, and no
//! exchange has two.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context;
use prumo_drift::contract::{self, Media};
use prumo_drift::shape::Branch;
use prumo_drift::{Contract, Kind, Shape, below, sample};
use serde_json::{Map, Value, json};

use crate::chance::Chance;
use crate::prose;
use crate::seeded::{Answer, CLASSES};

/// The number of exchanges that contain each class once.
const BLOCK: usize = 100;

/// The number of values that are made for each place, to be drawn from.
const N_SAMPLES: u64 = 64;

/// Recorded exchanges.
pub struct Traffic {
    /// The exchanges, one per line.
    pub bytes: Vec<u8>,
    /// The class of each line's drift, by its position in [`CLASSES`].
    pub classes: Vec<Option<usize>>,
}

/// Makes `n_answers` exchanges of an operation.
///
/// # Errors
///
/// Returns an error if the contract does not have the operation, or if no value fits its promise.
pub fn make(
    promised: &Contract,
    operation: &str,
    n_answers: usize,
    seed: u64,
) -> anyhow::Result<Traffic> {
    let operation = promised.operations.get(operation).context("the spec lacks the operation")?;
    let success = success_of(operation).context("the operation promises no success in JSON")?;
    let mut maker = Maker { promised, chance: Chance::new(seed), drawn: BTreeMap::new() };
    let mut traffic = Traffic { bytes: Vec::new(), classes: maker.classes(n_answers) };
    for class in &traffic.classes {
        let body = maker.value(success, "").context("no answer fits the spec")?;
        let mut answer = Answer { status: 200, body };
        if let Some(class) = class.and_then(|class| CLASSES.get(class)) {
            (class.apply)(&mut answer);
        }
        maker.write(operation, &answer, &mut traffic.bytes);
    }
    Ok(traffic)
}

/// Returns the shape of a success: the branch that the envelope calls a success, or the whole.
fn success_of(operation: &contract::Operation) -> Option<&Shape> {
    let media = operation.responses.get("200")?.media.get("application/json")?;
    let envelope = operation.envelope.as_ref();
    let is_success = |branch: &&Branch| {
        envelope.is_some_and(|all| branch.values.iter().any(|it| all.success.contains(it)))
    };
    match Media::tagged(media) {
        Some(alternatives) => {
            alternatives.branches.values().find(is_success).map(|branch| &*branch.shape)
        }
        None => Some(&media.shape),
    }
}

struct Maker<'c> {
    promised: &'c Contract,
    chance: Chance,
    /// Values to draw from for each place.
    drawn: BTreeMap<String, Vec<Value>>,
}

impl Maker<'_> {
    /// The drifting exchanges and their classes: one of each class in every block.
    fn classes(&mut self, n_answers: usize) -> Vec<Option<usize>> {
        let mut classes = vec![None; n_answers];
        for block in classes.chunks_mut(BLOCK) {
            for class in 0..CLASSES.len().min(block.len()) {
                let mut at = self.chance.below(block.len());
                while block[at].is_some() {
                    at = (at + 1) % block.len();
                }
                block[at] = Some(class);
            }
        }
        classes
    }

    fn value(&mut self, shape: &Shape, at: &str) -> Option<Value> {
        let (resolved, or_null) = self.promised.resolve(shape);
        let is_nullable = or_null || resolved.kinds.contains_key(&Kind::Null);
        if is_nullable && self.chance.is_one_in(6) {
            return Some(Value::Null);
        }
        if !resolved.fields.is_empty() {
            return self.object(resolved, at);
        }
        if let Some(item) = &resolved.item {
            let n_items = 1 + self.chance.below(2);
            return (0..n_items).map(|_| self.value(item, &below(at, "*"))).collect();
        }
        if is_prose(resolved) {
            let name = at.rsplit('/').next().unwrap_or_default();
            return Some(prose::text(&mut self.chance, name).into());
        }
        self.leaf(resolved, at)
    }

    fn object(&mut self, shape: &Shape, at: &str) -> Option<Value> {
        let mut fields: Vec<_> = shape.fields.iter().collect();
        fields.sort_by_key(|(name, _)| own_order(name));
        let mut members = Map::new();
        for (name, field) in fields {
            members.insert(name.clone(), self.value(&field.shape, &below(at, name))?);
        }
        Some(members.into())
    }

    fn leaf(&mut self, shape: &Shape, at: &str) -> Option<Value> {
        if !self.drawn.contains_key(at) {
            let start = self.chance.number();
            let seeds = (0..N_SAMPLES).map(|offset| start.wrapping_add(offset));
            let values = seeds.filter_map(|seed| sample(self.promised, shape, seed));
            self.drawn.insert(at.to_owned(), values.filter(|value| !value.is_null()).collect());
        }
        self.chance.pick(self.drawn.get(at)?).cloned()
    }

    /// Appends one line.
    fn write(&mut self, operation: &contract::Operation, answer: &Answer, lines: &mut Vec<u8>) {
        let body = answer.body.to_string();
        let body = if self.chance.is_one_in(4) { as_php(&body) } else { body };
        let path = operation.path.replace("{identificador_chamado}", &prose::key(&mut self.chance));
        let request = json!({
            "method": operation.method, "path": path, "query": {"stopwatch": "1"},
            "headers": {"accept": "application/json", "user-agent": "prumo-bench"},
        });
        let headers = json!({"content-type": "application/json; charset=utf-8", "server": "nginx"});
        let line = format!(
            r#"{{"at":"2026-11-22T03:00:00Z","origin":"synthetic","request":{request},"response":{{"status":{},"headers":{headers},"body":{body}}}}}"#,
            answer.status,
        );
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
    }
}

/// Returns whether any text fits.
fn is_prose(shape: &Shape) -> bool {
    shape.kinds.contains_key(&Kind::Text)
        && shape.kinds.keys().all(|kind| matches!(kind, Kind::Text | Kind::Null))
        && shape.format.is_none()
        && shape.values.is_none()
        && shape.patterns.is_empty()
}

/// Returns the rank of a member in the vendor's order, which is not alphabetical.
fn own_order(name: &str) -> u64 {
    name.bytes().fold(7, |mixed: u64, byte| {
        (mixed.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// Returns JSON text as PHP writes it: ASCII only, with escaped slashes.
fn as_php(json: &str) -> String {
    let mut spelled = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '/' => spelled.push_str("\\/"),
            _ if character.is_ascii() => spelled.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string can't fail.
                    let _ = write!(spelled, "\\u{unit:04x}");
                }
            }
        }
    }
    spelled
}
