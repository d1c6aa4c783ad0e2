//! Compares a night with earlier ones: what is new, gone or worse, and which members vanished.
//!
//! Invariant: a finding is gone, and a member vanished, only if its operation was seen again.

use std::collections::{BTreeMap, BTreeSet};

use prumo_drift::Finding;
use prumo_drift::compare::{Member, Presence};
use prumo_drift::finding::Identity;
use serde::Serialize;

use super::store::{Dated, Live};

/// The number of nights in which a member must have been there before it can vanish.
const MIN_NIGHTS: usize = 2;

/// How much a share must grow to be worth a word.
const MIN_GROWTH: f64 = 0.2;

/// The number of objects from which a share says something.
const MIN_OBJECTS: u64 = 20;

/// The changes from one night to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Changes {
    pub(crate) new: Vec<Finding>,
    /// Findings that are more severe, or at least twice as frequent.
    pub(crate) worse: Vec<Finding>,
    pub(crate) gone: Vec<Finding>,
    /// Members that were there every night, and are not any more.
    pub(crate) vanished: Vec<Trend>,
    /// Members that are null or absent much more often than before.
    pub(crate) rarer: Vec<Trend>,
}

/// How often a member was there, night by night.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Trend {
    pub(crate) spec: String,
    #[serde(flatten)]
    pub(crate) member: Member,
    /// The share of objects that had a value there, from the oldest night to this one.
    pub(crate) shares: Vec<f64>,
}

/// A night to compare.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) findings: Vec<Dated>,
    pub(crate) live: Live,
}

/// The key of a finding from night to night. Unknown requests differ in `seen` alone.
pub(crate) fn key(finding: &Finding) -> (String, Identity, String) {
    let seen = if finding.operation.is_none() { finding.seen.clone() } else { String::new() };
    (finding.spec.clone(), finding.identity(), seen)
}

fn counting(findings: &[Dated]) -> BTreeMap<(String, Identity, String), &Dated> {
    let counting = findings.iter().filter(|one| one.finding.waived.is_none());
    counting.map(|one| (key(&one.finding), one)).collect()
}

impl Changes {
    /// Compares a night with the findings of another one, and with the live sources of earlier
    /// nights, the newest of which comes first.
    pub(crate) fn between(now: &Seen, base: &[Dated], earlier: &[Live]) -> Self {
        let (mine, theirs) = (counting(&now.findings), counting(base));
        let mut changes = Self::default();
        for (key, one) in mine.iter().filter(|(_, one)| !one.is_carried) {
            match theirs.get(key) {
                None => changes.new.push(one.finding.clone()),
                Some(before) if is_worse(&one.finding, &before.finding) => {
                    changes.worse.push(one.finding.clone());
                }
                Some(_) => (),
            }
        }
        let gone = theirs.iter().filter(|(key, _)| !mine.contains_key(*key));
        changes.gone = gone.map(|(_, one)| one.finding.clone()).collect();
        for list in [&mut changes.new, &mut changes.worse, &mut changes.gone] {
            list.sort_by_key(|finding| finding.severity);
        }
        changes.trends(now, earlier);
        changes
    }

    fn trends(&mut self, now: &Seen, earlier: &[Live]) {
        let indexes: Vec<BTreeMap<(&str, &Member), &Presence>> =
            earlier.iter().map(index).collect();
        for ((spec, member), seen) in index(&now.live) {
            let earlier: Vec<&Presence> = indexes
                .iter()
                .rev()
                .filter_map(|index| index.get(&(spec, member)).copied())
                .collect();
            let trend = || Trend {
                spec: spec.to_owned(),
                member: member.clone(),
                shares: earlier.iter().map(|one| share(one)).chain([share(seen)]).collect(),
            };
            let was_always = earlier.iter().all(|one| one.present == one.of);
            if seen.present == 0 && earlier.len() >= MIN_NIGHTS && was_always {
                self.vanished.push(trend());
            } else if became_rare(seen, &earlier) {
                self.rarer.push(trend());
            }
        }
    }

    /// Returns whether nothing changed.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Dates the findings of a night: since when each is there without a break. Findings of the last night
/// whose operation no live source showed again are carried on, so that they are neither gone now nor
/// new the next time.
///
/// * `of_live`: the findings of live sources.
pub(crate) fn dated(
    findings: &[Finding],
    of_live: &[Finding],
    live: &Live,
    last: &[Dated],
    now: &str,
) -> Vec<Dated> {
    let known: BTreeMap<_, _> = last.iter().map(|one| (key(&one.finding), one)).collect();
    let of_live: BTreeSet<_> = of_live.iter().map(key).collect();
    let date = |finding: &Finding| {
        let key = key(finding);
        Dated {
            since: known.get(&key).map_or_else(|| now.to_owned(), |one| one.since.clone()),
            is_live: of_live.contains(&key),
            is_carried: false,
            finding: finding.clone(),
        }
    };
    let mut dated: Vec<Dated> = findings.iter().map(date).collect();
    let here: BTreeSet<_> = findings.iter().map(key).collect();
    let is_open = |one: &&Dated| {
        one.is_live && !here.contains(&key(&one.finding)) && !was_seen(live, &one.finding)
    };
    let carried = last.iter().filter(is_open).cloned();
    dated.extend(carried.map(|one| Dated { is_carried: true, ..one }));
    dated
}

fn is_worse(now: &Finding, before: &Finding) -> bool {
    let share = |finding: &Finding| ratio(finding.count, finding.of);
    let has_grown = share(now) >= 2.0 * share(before) && share(now) - share(before) >= MIN_GROWTH;
    now.severity < before.severity || has_grown
}

/// Returns whether a live source showed the operation of a finding, or might have shown that an unknown
/// request is sent no more.
fn was_seen(live: &Live, finding: &Finding) -> bool {
    match (&finding.operation, live.operations.get(&finding.spec)) {
        (Some(operation), Some(seen)) => seen.contains_key(operation),
        (None, Some(seen)) => !seen.is_empty(),
        (_, None) => false,
    }
}

fn index(live: &Live) -> BTreeMap<(&str, &Member), &Presence> {
    let each = live.members.iter().flat_map(|(spec, members)| {
        members.iter().map(move |one| ((spec.as_str(), &one.member), one))
    });
    each.collect()
}

/// Returns the share of objects that had a value at a member.
#[expect(clippy::cast_precision_loss, reason = "a share needs no exact counts")]
fn ratio(count: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

fn share(seen: &Presence) -> f64 {
    ratio(seen.present.saturating_sub(seen.nulls), seen.of)
}

fn became_rare(now: &Presence, earlier: &[&Presence]) -> bool {
    let before: u64 = earlier.iter().map(|one| one.of).sum();
    if now.of < MIN_OBJECTS || before < MIN_OBJECTS {
        return false;
    }
    let with_value = earlier.iter().map(|one| one.present.saturating_sub(one.nulls)).sum();
    ratio(with_value, before) - share(now) >= MIN_GROWTH
}

#[cfg(test)]
mod tests;
