//! Things that are added, read, listed, changed and removed, and of which nothing more is known.
//!
//! A shelf is a row of a table: which operation does which of these. What was sent is kept
//! under the name that it was sent by, and told wherever an answer has a place of that name.

use serde_json::Value;

use crate::chance;
use crate::fact::{Fact, Facts};
use crate::record::{Key, RecordKind};
use crate::refusal::Refusal;
use crate::turn::Turn;

/// The number of the first thing of each kind.
const FIRST: u64 = 501;

/// How many of each are there from the start.
const N_FURNISHED: u64 = 3;

/// Words of a filter that leave nothing out.
const EVERY: &[&str] = &["todos", "todas"];

/// Things of one kind.
pub(crate) struct Shelf {
    pub(crate) kind: RecordKind,
    /// The name of the number by which one is asked for.
    pub(crate) key: &'static str,
    /// What a refusal says where there is none.
    pub(crate) unknown: &'static str,
    /// What is known of those that are there from the start.
    pub(crate) known: &'static [(&'static str, Known)],
    /// What the operations do.
    pub(crate) verbs: &'static [(&'static str, Verb)],
}

/// What an operation does; the text is where the answer has the thing, and empty where it does not.
#[derive(Clone, Copy)]
pub(crate) enum Verb {
    Add(&'static str),
    Read(&'static str),
    /// In pages, if the spec says so; `around/list` for a list within an object.
    List(&'static str),
    Change(&'static str),
    Remove(&'static str),
    /// Sets what is known of it.
    Set(&'static str, &'static [(&'static str, Known)]),
}

/// What is known before anything was sent.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    Null,
    Yes,
    No,
    Text(&'static str),
    Now,
}

impl Shelf {
    /// Puts what is there from the start on it.
    pub(crate) fn furnish(&self, turn: &mut Turn<'_>) {
        for number in 0..N_FURNISHED {
            let mut facts = Facts::made(chance::number(turn.seed, &format!("{}/{number}", self.kind)));
            set(&mut facts, self.known, turn);
            self.keep(turn, facts);
        }
    }

    /// Does what the operation does with a thing of this kind; none if it does nothing with one.
    pub(crate) fn act(&self, operation: &str, turn: &mut Turn<'_>) -> Option<Result<Facts, Refusal>> {
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

    /// Those that the request does not leave out, newest first.
    fn wanted(&self, turn: &Turn<'_>) -> Vec<Fact> {
        let by = turn.text("busca").or_else(|| turn.text("tipo_busca"));
        let search = by.zip(turn.text("termo_busca"));
        let parameters: Vec<_> = turn.arguments.path.iter().chain(&turn.arguments.query).collect();
        let is_wanted = |facts: &Facts| {
            let is_found = search.as_ref().is_none_or(|(name, term)| {
                // What is made up may as well be what was looked for.
                if facts.rest.is_some() && facts.get(name).is_none() {
                    return true;
                }
                let text = facts.text(name).unwrap_or_default().to_lowercase();
                text.contains(&term.to_lowercase())
            });
            // A parameter of the same name as a fact is a filter.
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

/// Keeps what was sent of a thing.
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

/// The thing where the answer has it.
fn told(place: &'static str, fact: Fact) -> Facts {
    match place.split_once('/') {
        Some((around, name)) => Facts::new().with(around, Facts::new().with(name, fact)),
        None if place.is_empty() => Facts::new(),
        None => Facts::new().with(place, fact),
    }
}
