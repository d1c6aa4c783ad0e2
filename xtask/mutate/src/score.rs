//! Sums up the outcome of all mutants as a score, in text and in JSON.

use serde::Serialize;

use super::mutators::MUTATORS;

/// Maximum number of survivors that are listed by default.
const N_LISTED: usize = 20;

/// The result of a run.
#[derive(Debug, Serialize)]
pub(super) struct Score {
    pub(super) fixtures: usize,
    pub(super) applied: u64,
    pub(super) noticed: u64,
    pub(super) argued: u64,
    pub(super) survived: u64,
    /// Percentage of noticed mutants among those that are not argued away.
    pub(super) score: f64,
    pub(super) mutators: Vec<Row>,
    pub(super) survivors: Vec<Survivor>,
    /// Lines of `argued.tsv` that match no survivor.
    pub(super) stale: Vec<String>,
}

/// The number of one mutator's mutants by outcome.
#[derive(Debug, Default, Clone, Serialize)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) does: &'static str,
    pub(super) applied: u64,
    pub(super) noticed: u64,
    pub(super) argued: u64,
    pub(super) survived: u64,
}

/// A mutant about which the judge did not report exactly the expected findings.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Survivor {
    pub(super) fixture: String,
    pub(super) mutator: &'static str,
    pub(super) place: String,
    pub(super) expected: Vec<String>,
    pub(super) came: Vec<String>,
}

impl Score {
    pub(super) fn new(
        fixtures: usize,
        rows: &[Row],
        survivors: Vec<Survivor>,
        stale: Vec<String>,
    ) -> Self {
        let sum = |count: fn(&Row) -> u64| rows.iter().map(count).sum::<u64>();
        let (applied, noticed, argued) =
            (sum(|row| row.applied), sum(|row| row.noticed), sum(|row| row.argued));
        let score = 100.0 * noticed as f64 / (applied - argued).max(1) as f64;
        let survived = sum(|row| row.survived);
        Self {
            fixtures,
            applied,
            noticed,
            argued,
            survived,
            score,
            mutators: rows.to_vec(),
            survivors,
            stale,
        }
    }

    /// Makes an empty row for each mutator.
    pub(super) fn rows() -> Vec<Row> {
        MUTATORS
            .iter()
            .map(|mutator| Row { name: mutator.name, does: mutator.does, ..Row::default() })
            .collect()
    }

    /// Lists the mutators that applied to no fixture, and so cannot fail.
    pub(super) fn idle(&self) -> Vec<&'static str> {
        self.mutators.iter().filter(|row| row.applied == 0).map(|row| row.name).collect()
    }

    pub(super) fn to_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    pub(super) fn to_text(&self, lists_all: bool) -> String {
        let mut text = format!(
            "{:<30}{:>8}{:>8}{:>8}{:>9}\n",
            "mutator", "applied", "noticed", "argued", "survived"
        );
        for row in &self.mutators {
            text += &format!(
                "{:<30}{:>8}{:>8}{:>8}{:>9}  {}\n",
                row.name, row.applied, row.noticed, row.argued, row.survived, row.does
            );
        }
        let n_listed = if lists_all { self.survivors.len() } else { N_LISTED };
        for survivor in self.survivors.iter().take(n_listed) {
            text += &survivor.to_text();
        }
        if let Some(n_more @ 1..) = self.survivors.len().checked_sub(n_listed) {
            text += &format!("\nand {n_more} more; `--survivors` lists all\n");
        }
        for line in &self.stale {
            text += &format!("\nstale    an argument that matches no survivor, {line}\n");
        }
        text + &format!(
            "\nmutation score {:.2} %: {} mutants of {} fixtures, {} noticed, {} argued away, {} survived\n",
            self.percent(),
            self.applied,
            self.fixtures,
            self.noticed,
            self.argued,
            self.survived
        )
    }

    /// Formats the percentage, which is never rounded up to 100.
    fn percent(&self) -> f64 {
        (self.score * 100.0).floor() / 100.0
    }
}

impl Survivor {
    fn to_text(&self) -> String {
        let list =
            |said: &[String]| if said.is_empty() { "nothing".to_owned() } else { said.join("; ") };
        format!(
            "\nsurvived  {}  {} {}\n  expected  {}\n  came      {}\n",
            self.mutator,
            self.fixture,
            self.place,
            list(&self.expected),
            list(&self.came)
        )
    }
}
