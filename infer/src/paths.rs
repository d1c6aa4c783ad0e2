//! Decides which segments of the paths are values, from all paths together.
//!
//! A word is a value if its siblings say so: many words at one place whose endpoints are alike, or a
//! word that its own response repeats. A recording that names its operations settles it: equal names
//! have equal paths, and different ones do not.
//!
//! Invariants:
//!
//! * The decision depends on the set of endpoints alone, never on their order.

use std::collections::{BTreeMap, BTreeSet};

use crate::calls::Calls;
use crate::evidence::{Endpoint, Part, Traffic};
use crate::similar::Signature;

/// The words at one place that are values if their endpoints go on alike and answer alike.
const ENOUGH_WITH_TAIL: usize = 3;

/// The words that are values if their endpoints end there and answer alike.
const ENOUGH_AT_END: usize = 6;

/// The words that are values if the answers are alike but poor.
const ENOUGH_POOR: usize = 24;

/// The words beyond which no API has names for all.
const TOO_MANY: usize = 300;

/// The beginning of a path, and the number of the segment behind it.
type Place = Vec<Part>;

/// A continuation of a path: the method, the next word, and the number of segments.
type Tail = (String, Option<String>, usize);

/// Facts about one word at a place.
#[derive(Default)]
struct Child {
    tails: BTreeMap<Tail, Signature>,
    names: BTreeSet<String>,
    /// Each call that succeeded repeats the word.
    is_echoed: bool,
}

/// Replaces the words that are values.
pub(crate) fn templated(traffic: &Traffic) -> Traffic {
    let mut traffic = by_names(traffic);
    let longest = traffic.endpoints.keys().map(|one| one.parts.len()).max().unwrap_or_default();
    for position in 0..longest {
        traffic = at_position(traffic, position);
    }
    traffic
}

/// Makes values of the segments in which endpoints with the same recorded name differ.
fn by_names(traffic: &Traffic) -> Traffic {
    let mut groups: BTreeMap<(String, &str, usize), Vec<&Endpoint>> = BTreeMap::new();
    for (endpoint, calls) in &traffic.endpoints {
        if let (Some(name), 1) = (calls.names.first(), calls.names.len()) {
            let key = (name.clone(), endpoint.method.as_str(), endpoint.parts.len());
            groups.entry(key).or_default().push(endpoint);
        }
    }
    let mut renamed: BTreeMap<&Endpoint, Endpoint> = BTreeMap::new();
    for group in groups.values().filter(|group| group.len() > 1) {
        let Some(first) = group.first() else { continue };
        let mut common = (*first).clone();
        for (position, part) in common.parts.iter_mut().enumerate() {
            if group.iter().any(|one| one.parts.get(position) != Some(part)) {
                *part = Part::Value("");
            }
        }
        renamed.extend(group.iter().map(|one| (*one, common.clone())));
    }
    rebuilt(traffic, |endpoint| renamed.get(endpoint).cloned())
}

fn rebuilt(traffic: &Traffic, renamed: impl Fn(&Endpoint) -> Option<Endpoint>) -> Traffic {
    let mut after = Traffic { n_others: traffic.n_others, ..Traffic::default() };
    for (endpoint, calls) in &traffic.endpoints {
        let endpoint = renamed(endpoint).unwrap_or_else(|| endpoint.clone());
        after.add(endpoint, calls.clone());
    }
    after
}

fn at_position(traffic: Traffic, position: usize) -> Traffic {
    let mut places: BTreeMap<Place, BTreeMap<Part, Child>> = BTreeMap::new();
    for (endpoint, calls) in &traffic.endpoints {
        let Some(part) = endpoint.parts.get(position) else { continue };
        let place = endpoint.parts[..position].to_vec();
        let children = places.entry(place).or_default();
        children.entry(part.clone()).or_default().see(endpoint, calls, position);
    }
    let values: BTreeSet<(Place, String)> = places
        .into_iter()
        .flat_map(|(place, children)| {
            values(&children).into_iter().map(move |word| (place.clone(), word))
        })
        .collect();
    if values.is_empty() {
        return traffic;
    }
    rebuilt(&traffic, |endpoint| {
        let Part::Word(word) = endpoint.parts.get(position)? else { return None };
        let place = endpoint.parts[..position].to_vec();
        let mut endpoint = endpoint.clone();
        let is_value = values.contains(&(place, word.clone()));
        *endpoint.parts.get_mut(position)? = Part::Value("");
        is_value.then_some(endpoint)
    })
}

impl Child {
    fn see(&mut self, endpoint: &Endpoint, calls: &Calls, position: usize) {
        let rest = endpoint.parts.get(position + 1..).unwrap_or_default();
        let word = match rest.first() {
            Some(Part::Word(word)) => Some(word.clone()),
            _ => None,
        };
        let tail = (endpoint.method.clone(), word, rest.len());
        self.tails.entry(tail).or_default().absorb(&Signature::of(calls));
        self.names.extend(calls.names.iter().cloned());
        let n_echoed = calls.segments.get(position).map_or(0, |facts| facts.n_echoed);
        let n_good: u64 = calls.successes().map(|(_, one)| one.count).sum();
        self.is_echoed |= n_good > 0 && n_echoed == n_good;
    }

    /// Returns whether two words lead to the same endpoints, as far as both were called.
    fn is_like(&self, other: &Self) -> bool {
        let mut common = self
            .tails
            .iter()
            .filter_map(|(tail, mine)| other.tails.get(tail).map(|theirs| (mine, theirs)));
        let mut is_any = false;
        let are_like = common.all(|(mine, theirs)| {
            is_any = true;
            mine.is_like(theirs)
        });
        let differ = !self.names.is_empty()
            && !other.names.is_empty()
            && self.names.is_disjoint(&other.names);
        is_any && are_like && !differ
    }

    fn is_rich(&self) -> bool {
        self.tails.values().any(Signature::is_rich)
    }

    /// Returns whether every path goes on behind the word.
    fn goes_on(&self) -> bool {
        self.tails.keys().all(|(_, _, length)| *length > 0)
    }
}

/// Returns the words of one place that are values.
fn values(children: &BTreeMap<Part, Child>) -> Vec<String> {
    let mut words = Vec::new();
    for (part, child) in children {
        if let Part::Word(word) = part {
            words.push((word.as_str(), child));
        }
    }
    let are_named = children.values().any(|child| !child.names.is_empty());
    if words.len() > TOO_MANY && !are_named {
        return words.into_iter().map(|(word, _)| word.to_owned()).collect();
    }
    let known: Vec<&Child> = children
        .iter()
        .filter(|(part, _)| matches!(part, Part::Value(_)))
        .map(|(_, child)| child)
        .collect();
    let mut found = Vec::new();
    while let Some((first, child)) = words.pop() {
        let (like, others): (Vec<_>, Vec<_>) =
            words.into_iter().partition(|(_, other)| child.is_like(other));
        words = others;
        let group: Vec<(&str, &Child)> = like.into_iter().chain([(first, child)]).collect();
        if are_values(&group, &known) {
            found.extend(group.iter().map(|(word, _)| (*word).to_owned()));
        }
    }
    found
}

/// Returns whether these words, which lead to the same endpoints, are values.
fn are_values(group: &[(&str, &Child)], known: &[&Child]) -> bool {
    let Some((_, first)) = group.first() else { return false };
    let n_echoed = group.iter().filter(|(_, child)| child.is_echoed).count();
    let is_rich = group.iter().all(|(_, child)| child.is_rich());
    let goes_on = group.iter().all(|(_, child)| child.goes_on());
    let is_beside_value = is_rich && known.iter().any(|value| value.is_like(first));
    let is_one_name = group.len() > 1 && {
        let names: BTreeSet<&String> = group.iter().flat_map(|(_, one)| &one.names).collect();
        names.len() == 1 && group.iter().all(|(_, one)| !one.names.is_empty())
    };
    match group.len() {
        _ if is_one_name => true,
        0 | 1 => false,
        n if n_echoed == n => true,
        n if is_beside_value => n >= 2,
        n if is_rich && goes_on => n >= ENOUGH_WITH_TAIL,
        n if is_rich => n >= ENOUGH_AT_END,
        n => n >= ENOUGH_POOR,
    }
}
