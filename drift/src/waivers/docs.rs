//! Silences the differences between spec and docs with the waivers of the docs witness, and sorts
//! these waivers.
//!
//! | a waiver is | if |
//! |---|---|
//! | *met* | the docs differ where it says so |
//! | *stale* | spec and docs both say it, and say the same; or its last day is over |
//! | *not visible* | no page states the fact, or it says itself why the pages cannot (`unseen`) |

use jiff::civil::Date;

use super::{Waiver, Waivers, Witness};
use crate::documented::Differences;
use crate::finding::Finding;

/// The waivers of the docs witness, sorted.
#[derive(Debug, Clone, Default)]
pub struct DocsWaivers {
    /// The number of those that are met.
    pub n_met: usize,
    /// A finding for each stale one.
    pub stale: Vec<Finding>,
    /// Those that the docs cannot show.
    pub invisible: Vec<Waiver>,
}

impl Waivers {
    /// Marks the differences that a waiver of the docs witness silences, and sorts these waivers.
    pub fn apply_to_docs(&self, differences: &mut Differences, today: Date) -> DocsWaivers {
        let mut sorted = DocsWaivers::default();
        for (index, waiver) in self.waivers.iter().enumerate() {
            if waiver.witness != Witness::Docs {
                continue;
            }
            if let Some(until) = waiver.until.filter(|_| waiver.is_over(today)) {
                let seen = format!("its last day was {until}, so it silences nothing");
                sorted.stale.push(self.stale_of_docs(index, differences, seen));
                continue;
            }
            let (findings, gaps) = (&mut differences.findings, &mut differences.gaps);
            let covered = findings.iter_mut().chain(gaps).filter(|one| waiver.finding.covers(one));
            let n_covered = covered.map(|one| one.waived = Some(waiver.reason.clone())).count();
            if n_covered > 0 {
                sorted.n_met += 1;
            } else if waiver.unseen.is_none() && differences.agree(&waiver.finding) {
                let seen = "the docs say the same as the spec".to_owned();
                sorted.stale.push(self.stale_of_docs(index, differences, seen));
            } else {
                sorted.invisible.push(waiver.clone());
            }
        }
        sorted
    }

    fn stale_of_docs(&self, index: usize, differences: &Differences, seen: String) -> Finding {
        let waiver = &self.waivers[index];
        let before = self.waivers.iter().take(index);
        let n_before = before.filter(|other| other.file == waiver.file).count();
        waiver.stale_finding(&differences.documented.name, n_before, seen)
    }
}
