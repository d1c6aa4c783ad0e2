//! Writes what became of the documents as a table, the faults of each below it, and totals.

use std::collections::BTreeMap;

use crate::limits::Usage;
use crate::trial::Outcome;

/// The most faults of one kind that are shown of a document.
const MOST: usize = 8;

/// The row of one document.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    usage: Usage,
    /// `None` if it was not compiled, `Some(None)` if it compiles, or else the first error.
    pub(crate) compiled: Option<Option<String>>,
}

impl Row {
    pub(crate) fn new(name: String, outcome: Outcome, usage: Usage) -> Self {
        Self { name, outcome, usage, compiled: None }
    }

    /// Returns whether anything of the document does not work.
    pub(crate) fn has_failed(&self) -> bool {
        let Outcome { is_generated, lost, refused, drifting, .. } = &self.outcome;
        let has_fault = [lost, refused, drifting].into_iter().any(|all| !all.is_empty());
        has_fault || !is_generated || matches!(self.compiled, Some(Some(_)))
    }

    fn n_lost(&self) -> usize {
        self.outcome.n_operations.saturating_sub(self.outcome.n_generated)
    }

    fn cells(&self) -> [String; 8] {
        let one = &self.outcome;
        let generated = match (one.is_generated, self.n_lost()) {
            (false, _) => "no".to_owned(),
            (true, 0) => "yes".to_owned(),
            (true, n_lost) => format!("{n_lost} lost"),
        };
        let compiled = match &self.compiled {
            None => "-",
            Some(None) => "yes",
            Some(Some(_)) => "no",
        };
        let n_fit = one.n_examples - one.drifting.len();
        let version = one.version.rsplit(' ').next().unwrap_or_default();
        [
            self.name.clone(),
            version.to_owned(),
            one.n_operations.to_string(),
            generated,
            compiled.to_owned(),
            format!("{n_fit}/{}", one.n_examples),
            format!("{:.1} s", self.usage.secs),
            format!("{} MiB", self.usage.mib),
        ]
    }

    /// Lists what does not work, a line each.
    fn faults(&self, with_warnings: bool) -> String {
        let one = &self.outcome;
        let mut text = String::new();
        let broken: Vec<String> = self.compiled.clone().flatten().into_iter().collect();
        let warnings = if with_warnings { &one.warnings[..] } else { &[] };
        let unjudged = if with_warnings { &one.unjudged[..] } else { &[] };
        for (word, all) in [
            ("refused", &one.refused[..]),
            ("lost", &one.lost[..]),
            ("broken", &broken[..]),
            ("drifts", &one.drifting[..]),
            ("warning", warnings),
            ("unjudged", unjudged),
        ] {
            for fault in all.iter().take(MOST) {
                text.push_str(&format!("    {word}  {}\n", fault.replace('\n', " ")));
            }
            if all.len() > MOST {
                text.push_str(&format!("    {word}  {} more\n", all.len() - MOST));
            }
        }
        text
    }
}

const HEAD: [&str; 8] =
    ["document", "version", "operations", "generated", "compiled", "examples", "time", "memory"];

/// Writes the table, the faults, and the totals.
pub(crate) fn text(rows: &[Row], with_warnings: bool) -> String {
    let cells: Vec<[String; 8]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(rows.iter().map(Row::cells)).collect();
    let mut widths = [0; 8];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &cells {
        let padded: Vec<String> = row
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(index, (cell, width))| match index {
                0 | 1 | 3 | 4 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    for row in rows {
        let faults = row.faults(with_warnings);
        if !faults.is_empty() {
            text.push_str(&format!("\n{}\n{faults}", row.name));
        }
    }
    text.push_str(&totals(rows));
    text
}

fn totals(rows: &[Row]) -> String {
    let count = |is: &dyn Fn(&&Row) -> bool| rows.iter().filter(is).count();
    let sum = |of: &dyn Fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *versions.entry(&row.outcome.version).or_default() += 1;
    }
    let versions: Vec<String> =
        versions.iter().map(|(version, count)| format!("{count} of {version}")).collect();
    let n_examples = sum(&|row| row.outcome.n_examples);
    let n_drifting = sum(&|row| row.outcome.drifting.len());
    format!(
        "\n{} documents ({}): {} generated, {} compiled, {} without a fault\n\
         {} operations: {} generated; {} of {n_examples} examples fit\n\
         at most {:.1} s and {} MiB\n",
        rows.len(),
        versions.join(", "),
        count(&|row| row.outcome.is_generated),
        count(&|row| matches!(row.compiled, Some(None))),
        count(&|row| !row.has_failed()),
        sum(&|row| row.outcome.n_operations),
        sum(&|row| if row.outcome.is_generated { row.outcome.n_generated } else { 0 }),
        n_examples - n_drifting,
        rows.iter().map(|row| row.usage.secs).fold(0.0, f64::max),
        rows.iter().map(|row| row.usage.mib).max().unwrap_or_default(),
    )
}
