//! Keeps a night in the history, and says what it changed.

use prumo_drift::compare::presence;
use prumo_drift::report::{self, Run};
use prumo_drift::{Contract, Report};

use super::sources::Sources;
use crate::history::MAX_COMPARED;
use crate::history::changes::{Changes, Seen, dated};
use crate::history::store::{Counts, Dated, Entry, Live, Night, Store};

/// The changes since earlier nights, and everything else that the history keeps of a night.
pub(super) struct Compared {
    pub(super) changes: Changes,
    pub(super) findings: Vec<Dated>,
    live: Live,
    contract: Option<String>,
    probes: Vec<(String, String, &'static str, bool)>,
    counts: Counts,
    /// Earlier nights, the oldest first.
    pub(super) nights: Vec<report::Night>,
}

/// Compares the night with earlier ones.
///
/// # Errors
///
/// The history can't be read.
pub(super) fn compared(
    store: &Store,
    sources: &Sources<'_>,
    report: &Report,
    now: &str,
) -> anyhow::Result<Compared> {
    let observed = sources.live();
    let live = live(&observed);
    let nights = store.nights(MAX_COMPARED)?;
    let last = match nights.first() {
        Some(night) => Some(store.findings(night.id)?),
        None => None,
    };
    let earlier = nights.iter().map(|night| store.live(night.id));
    let earlier = earlier.collect::<anyhow::Result<Vec<_>>>()?;
    let of_live = sources.live_findings(&observed);
    let base = last.as_deref().unwrap_or_default();
    let findings = dated(&report.findings, &of_live, &live, base, now);
    let seen = Seen { findings, live };
    // In the first night everything would be new.
    let changes = match &last {
        Some(last) => Changes::between(&seen, last, &earlier),
        None => Changes::default(),
    };
    let totals = &report.totals;
    let counts = Counts {
        breaking: totals.findings.breaking,
        risky: totals.findings.risky,
        compatible: totals.findings.compatible,
        waived: totals.waived,
        exchanges: totals.exchanges,
        operations: totals.operations.seen,
        new: changes.new.len(),
        gone: changes.gone.len(),
        worse: changes.worse.len(),
        vanished: changes.vanished.len(),
    };
    let is_live = observed.iter().any(|contract| contract.exchanges > 0);
    let contract = if is_live { Some(sources.live_file(&observed)?) } else { None };
    let probes =
        sources.probed.iter().flat_map(|probed| &probed.probes).map(|one| {
            (one.spec.clone(), one.operation.clone(), one.outcome.name(), one.n_asked > 0)
        });
    let Seen { findings, live } = seen;
    let nights = nights.iter().rev().map(in_report).collect();
    let probes = probes.collect();
    Ok(Compared { changes, findings, live, contract, probes, counts, nights })
}

/// Adds the night to the history.
///
/// # Errors
///
/// The history can't be written.
pub(super) fn keep(
    store: &mut Store,
    compared: &Compared,
    run: &Run,
    (now, verdict, line): (&str, &str, &str),
) -> anyhow::Result<i64> {
    let night = Night {
        id: 0,
        at: now.to_owned(),
        host: run.host.clone().unwrap_or_default(),
        commit: run.commit.clone(),
        verdict: verdict.to_owned(),
        line: line.to_owned(),
        is_live: compared.contract.is_some(),
        counts: compared.counts.clone(),
    };
    store.add(&Entry {
        night,
        findings: compared.findings.clone(),
        live: compared.live.clone(),
        contract: compared.contract.as_deref(),
        probes: compared.probes.clone(),
    })
}

fn in_report(night: &Night) -> report::Night {
    let Counts { breaking, risky, compatible, exchanges, operations, .. } = night.counts;
    let date = night.at.get(..10).unwrap_or(&night.at).to_owned();
    report::Night { date, breaking, risky, compatible, exchanges, operations }
}

fn live(observed: &[Contract]) -> Live {
    let mut live = Live::default();
    for contract in observed.iter().filter(|contract| contract.exchanges > 0) {
        let operations = contract.operations.iter().filter(|(_, one)| one.exchanges.count > 0);
        let counts = operations.map(|(id, one)| (id.clone(), one.exchanges.count)).collect();
        live.operations.insert(contract.name.clone(), counts);
        live.members.insert(contract.name.clone(), presence(contract));
    }
    live
}
