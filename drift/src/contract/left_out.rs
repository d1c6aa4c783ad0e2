//! Counts what a recording has and no verdict covers, so that it is not taken for judged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::is_default;
use crate::shape::{count, counts, sum};

/// The most hosts that are kept by name; the others are counted under `…`.
const MAX_HOSTS: usize = 20;

/// The name of the hosts beyond those that are kept.
const OTHERS: &str = "…";

/// Recorded messages that were not judged, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeftOut {
    /// Exchanges with a request or response body that is missing from the recording. Their other
    /// parts were judged, so [`Contract::exchanges`](super::Contract::exchanges) counts them, too.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "count")]
    pub bodies: u64,
    /// Requests that were given up before a response came.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "count")]
    pub aborted: u64,
    /// Preflights of a browser, of paths for which the spec has no `OPTIONS`.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "count")]
    pub preflights: u64,
    /// Exchanges with hosts that are not the API's, by host.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "counts")]
    pub hosts: BTreeMap<String, u64>,
}

impl LeftOut {
    /// Counts an exchange with a host that is not the API's.
    pub(crate) fn see_host(&mut self, host: String) {
        let count = self.hosts.entry(host).or_default();
        *count = sum(*count, 1);
        self.bound();
    }

    /// Returns whether everything was judged.
    pub fn is_nothing(&self) -> bool {
        is_default(self)
    }

    /// Returns the number of exchanges that were not judged at all.
    pub fn exchanges(&self) -> u64 {
        self.to_hosts().saturating_add(self.aborted).saturating_add(self.preflights)
    }

    /// Returns the number of exchanges with hosts that are not the API's.
    pub(crate) fn to_hosts(&self) -> u64 {
        self.hosts.values().fold(0, |all, count| all.saturating_add(*count))
    }

    /// Returns whether a response came that was not judged at all. A request that was given up has
    /// no response, so it does not count.
    pub fn has_responses(&self) -> bool {
        self.exchanges() > self.aborted
    }

    /// Adds the counts of another contract.
    pub fn absorb(&mut self, other: &Self) {
        self.bodies = sum(self.bodies, other.bodies);
        self.aborted = sum(self.aborted, other.aborted);
        self.preflights = sum(self.preflights, other.preflights);
        for (host, count) in &other.hosts {
            let mine = self.hosts.entry(host.clone()).or_default();
            *mine = sum(*mine, *count);
        }
        self.bound();
    }

    /// Keeps the first hosts, so that joining does not depend on the order.
    fn bound(&mut self) {
        let mut others = self.hosts.remove(OTHERS);
        while self.hosts.len() > MAX_HOSTS {
            if let Some((_, count)) = self.hosts.pop_last() {
                let others = others.get_or_insert(0);
                *others = sum(*others, count);
            }
        }
        self.hosts.extend(others.map(|count| (OTHERS.to_owned(), count)));
    }
}
