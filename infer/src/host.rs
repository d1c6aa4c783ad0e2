//! Chooses the hosts of the API among all hosts of a recording.
//!
//! The host with the most answers in JSON is the API's, and so is every host with the same endpoints,
//! such as a test system. A browser's recording has others: they are named, and not drafted.

use std::collections::BTreeSet;

use crate::evidence::{Endpoint, Evidence, Traffic};
use crate::note::Note;
use crate::options::Options;

/// The traffic of the chosen hosts.
pub(crate) struct Chosen {
    pub(crate) traffic: Traffic,
    /// Without a host, the recording has none.
    pub(crate) hosts: Vec<String>,
}

/// Chooses the hosts, and notes the others.
pub(crate) fn chosen(evidence: &Evidence, options: &Options, notes: &mut Vec<Note>) -> Chosen {
    let named: Vec<(&String, &Traffic)> = evidence
        .hosts
        .iter()
        .filter_map(|(host, traffic)| Some((host.as_ref()?, traffic)))
        .collect();
    let best = named.iter().rev().max_by_key(|(_, traffic)| n_json(traffic)).copied();
    let endpoints: BTreeSet<&Endpoint> =
        best.iter().flat_map(|(_, traffic)| traffic.endpoints.keys()).collect();
    let mut chosen = Chosen { traffic: Traffic::default(), hosts: Vec::new() };
    if let Some(traffic) = evidence.hosts.get(&None) {
        chosen.add(traffic);
    }
    for (host, traffic) in named {
        let is_wanted = match options.hosts.as_slice() {
            [] => {
                best.is_some_and(|(best, _)| best == host)
                    || traffic
                        .endpoints
                        .keys()
                        .any(|one| is_telling(one) && endpoints.contains(one))
            }
            hosts => hosts.contains(host),
        };
        if is_wanted {
            chosen.hosts.push(host.clone());
            chosen.add(traffic);
        } else {
            let count = traffic.n_calls();
            notes.push(Note::of("left out", format!("{count} calls of the host `{host}`")));
        }
    }
    chosen
}

/// Returns whether two APIs don't share an endpoint by chance.
fn is_telling(endpoint: &Endpoint) -> bool {
    endpoint.parts.len() >= 2
}

fn n_json(traffic: &Traffic) -> u64 {
    let by_answer = traffic.endpoints.values().flat_map(|calls| calls.by_answer.values());
    let is_json = |came: &&crate::calls::Exchanges| came.came.values().any(|c| c.json.is_some());
    by_answer.filter(is_json).map(|one| one.count).sum()
}

impl Chosen {
    fn add(&mut self, traffic: &Traffic) {
        self.traffic.n_others += traffic.n_others;
        for (endpoint, calls) in &traffic.endpoints {
            self.traffic.add(endpoint.clone(), calls.clone());
        }
    }

    /// Returns the URLs of the servers.
    pub(crate) fn servers(&self) -> Vec<String> {
        let is_local = |host: &str| {
            ["localhost", "127.", "10.", "192.168.", "[::1]"]
                .iter()
                .any(|one| host.starts_with(one))
        };
        let url = |host: &String| {
            let scheme = if is_local(host) { "http" } else { "https" };
            format!("{scheme}://{host}")
        };
        self.hosts.iter().map(url).collect()
    }
}
