//! Adds, reads, lists, changes and removes records that have no rules of their own.
//!
//! A shelf is a row of a table: it names the operation for each of these. Arguments are kept under
//! their names, and appear wherever an answer has a member of that name.

use serde_json::Value;

use crate::chance;
use crate::fact::{Fact, Facts};
use crate::record::{Key, RecordKind};
use crate::refusal::Refusal;
use crate::turn::Turn;

/// The number of the first record of each kind.
const FIRST: u64 = 501;

/// The number of records of each kind before the first request.
const N_FURNISHED: u64 = 3;

/// Values of a filter that keep all records.
const EVERY: &[&str] = &["todos", "todas"];

/// The records of one kind.
pub(crate) struct Shelf {
    pub(crate) kind: RecordKind,
    /// The name of the argument that holds a record's number.
    pub(crate) key: &'static str,
    /// The sentence of a refusal where there is no such record.
    pub(crate) unknown: &'static str,
    /// Facts of every new record.
    pub(crate) known: &'static [(&'static str, Known)],
    /// The work of each operation.
    pub(crate) verbs: &'static [(&'static str, Verb)],
}

/// The work of an operation; the text names the answer's member for the record, and is empty
/// without one.
#[derive(Clone, Copy)]
pub(crate) enum Verb {
    Add(&'static str),
    Read(&'static str),
    /// Lists in pages, if the spec says so; `around/list` names a list within an object.
    List(&'static str),
    Change(&'static str),
    Remove(&'static str),
    /// Sets facts of the record.
    Set(&'static str, &'static [(&'static str, Known)]),
}

/// A fact that no request sends.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    Null,
    Yes,
    No,
    Text(&'static str),
    Now,
}

impl Shelf {
    /// Adds the records that exist before the first request.
    pub(crate) fn furnish(&self, turn: &mut Turn<'_>) {
        for number in 0..N_FURNISHED {
            let mut facts =
                Facts::made(chance::number(turn.seed, &format!("{}/{number}", self.kind)));
            set(&mut facts, self.known, turn);
            self.keep(turn, facts);
        }
    }

    /// Does the work of an operation; `None` if the operation is not one of this shelf.
    pub(crate) fn act(
        &self,
        operation: &str,
        turn: &mut Turn<'_>,
    ) -> Option<Result<Facts, Refusal>> {
        let (_, verb) = self.verbs.iter().find(|(name, _)| *name == operation)?;
        Some(match verb {
            Verb::Add(place) => {
                let mut facts = Facts::new();
                set(&mut facts, self.known, turn);
                let key = self.keep(turn, facts);
                take_over(turn, key);
                Ok(told(place, Fact::Link(key)))
            }
            Verb::Read(place) => self.find(turn).map(|key| told(place, Fact::Link(key))),
            Verb::List(place) => Ok(told(place, Fact::List(self.wanted(turn)))),
            Verb::Change(place) => self.find(turn).map(|key| {
                take_over(turn, key);
                told(place, Fact::Link(key))
            }),
            Verb::Remove(place) => self.find(turn).map(|key| {
                let removed = turn.store.remove(key).unwrap_or_default();
                told(place, Fact::Own(removed))
            }),
            Verb::Set(place, known) => self.find(turn).map(|key| {
                let mut facts = turn.store.get(key).cloned().unwrap_or_default();
                set(&mut facts, known, turn);
                if let Some(kept) = turn.store.get_mut(key) {
                    *kept = facts;
                }
                told(place, Fact::Link(key))
            }),
        })
    }

    fn keep(&self, turn: &mut Turn<'_>, facts: Facts) -> Key {
        let now = turn.now;
        turn.store.add(self.kind, FIRST, |number| {
            let times = ["data_cadastro", "created_at", "updated_at"];
            times.iter().fold(facts, |facts, name| facts.with(*name, now)).with(self.key, number)
        })
    }

    fn find(&self, turn: &Turn<'_>) -> Result<Key, Refusal> {
        let number = turn.must(self.key)?;
        let key = number.parse().ok().map(|number| Key { kind: self.kind, number });
        key.filter(|key| turn.store.get(*key).is_some()).ok_or(Refusal::Unknown(self.unknown))
    }

    /// Returns the records that pass the filters of the request, newest first.
    fn wanted(&self, turn: &Turn<'_>) -> Vec<Fact> {
        let by = turn.text("busca").or_else(|| turn.text("tipo_busca"));
        let search = by.zip(turn.text("termo_busca"));
        let parameters: Vec<_> = turn.arguments.path.iter().chain(&turn.arguments.query).collect();
        let is_wanted = |facts: &Facts| {
            let is_found = search.as_ref().is_none_or(|(name, term)| {
                // A search must not match made-up members.
                if facts.rest.is_some() && facts.get(name).is_none() {
                    return true;
                }
                let text = facts.text(name).unwrap_or_default().to_lowercase();
                text.contains(&term.to_lowercase())
            });
            // A parameter with the name of a fact is a filter.
            let is_kept = |name: &str, text: &str| {
                EVERY.contains(&text) || facts.text(name).is_none_or(|told| told == text)
            };
            is_found && parameters.iter().all(|(name, text)| is_kept(name, text))
        };
        let all = turn.store.all(self.kind).rev().filter(|(_, facts)| is_wanted(facts));
        all.map(|(key, _)| Fact::Link(key)).collect()
    }
}

fn set(facts: &mut Facts, known: &[(&'static str, Known)], turn: &Turn<'_>) {
    for (name, known) in known {
        facts.set(
            *name,
            match known {
                Known::Null => Fact::Json(Value::Null),
                Known::Yes => true.into(),
                Known::No => false.into(),
                Known::Text(text) => (*text).into(),
                Known::Now => turn.now.into(),
            },
        );
    }
}

/// Stores the arguments as facts of a record.
fn take_over(turn: &mut Turn<'_>, key: Key) {
    let (sent, now) = (turn.arguments.named(), turn.now);
    if let Some(facts) = turn.store.get_mut(key) {
        for (name, value) in sent {
            facts.set(name, value);
        }
        facts.set("data_atualizacao", now);
        facts.set("updated_at", now);
    }
}

/// Puts a fact at its member of the answer.
fn told(place: &'static str, fact: Fact) -> Facts {
    match place.split_once('/') {
        Some((around, name)) => Facts::new().with(around, Facts::new().with(name, fact)),
        None if place.is_empty() => Facts::new(),
        None => Facts::new().with(place, fact),
    }
}
