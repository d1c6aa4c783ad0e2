//! Compares the seeded drift with the findings of the judge, and with those of the validator.

use std::fmt::Write as _;

use anyhow::{Context, ensure};
use jsonschema::Validator;
use prumo_drift::{Contract, Finding};
use serde::Serialize;

use crate::rivals::{errors, judged, lines};
use crate::seeded::{CLASSES, Told};
use crate::traffic::Traffic;

/// The seeded drift, and how much of it was found.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// Each class of drift.
    pub classes: Vec<Found>,
    /// Exchanges without drift.
    pub n_clean: usize,
    /// Findings of the judge that were not seeded.
    pub false_findings: Vec<String>,
    /// Clean exchanges in which the validator finds errors.
    pub n_false_errors: usize,
}

/// One class of drift.
#[derive(Debug, Serialize)]
pub struct Found {
    /// Its name.
    pub name: &'static str,
    /// The number of exchanges with it.
    pub n_seeded: u64,
    /// The number of exchanges in which the judge found it, by the right rule at the right place.
    pub n_judge: u64,
    /// The number of exchanges in which the validator found an error.
    pub n_validator: u64,
}

impl Verdict {
    /// Judges and validates the traffic.
    ///
    /// # Errors
    ///
    /// Returns an error if a line is no exchange.
    pub fn new(
        promised: &Contract,
        validator: &Validator,
        operation: &str,
        traffic: &Traffic,
    ) -> anyhow::Result<Self> {
        let (findings, observed) =
            judged(promised, &traffic.bytes).context("a line is no exchange")?;
        let mut classes: Vec<Found> = CLASSES
            .iter()
            .map(|class| Found {
                name: class.name,
                n_seeded: 0,
                n_judge: n_told(&class.told, &findings, &observed, operation),
                n_validator: 0,
            })
            .collect();
        let mut n_false_errors = 0;
        for (line, class) in lines(&traffic.bytes).zip(&traffic.classes) {
            let is_wrong = errors(validator, line) > 0;
            match class.and_then(|class| classes.get_mut(class)) {
                Some(class) => {
                    class.n_seeded += 1;
                    class.n_validator += u64::from(is_wrong);
                }
                None => n_false_errors += usize::from(is_wrong),
            }
        }
        let is_seeded =
            |finding: &&Finding| CLASSES.iter().any(|class| tells(&class.told, finding));
        let false_findings =
            findings.iter().filter(|finding| !is_seeded(finding)).map(in_words).collect();
        let n_clean = traffic.classes.iter().filter(|class| class.is_none()).count();
        Ok(Self { classes, n_clean, false_findings, n_false_errors })
    }

    /// Returns the text for a screen.
    pub fn to_text(&self) -> String {
        let mut text = format!("{:<38}{:>12}{:>9}{:>14}\n", "", "seeded", "prumo", "jsonschema");
        for Found { name, n_seeded, n_judge, n_validator } in &self.classes {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{name:<38}{n_seeded:>12}{n_judge:>9}{n_validator:>14}");
        }
        let (n_clean, n_false) = (self.n_clean, self.false_findings.len());
        let _ = writeln!(
            text,
            "{:<38}{n_clean:>12}{n_false:>9}{:>14}",
            "clean answers, alarms", self.n_false_errors
        );
        text
    }

    /// Checks that the judge found every class exactly as often as it was seeded, and nothing else.
    ///
    /// # Errors
    ///
    /// Returns an error that names the differences.
    pub fn require_right(&self) -> anyhow::Result<()> {
        for Found { name, n_seeded, n_judge, .. } in &self.classes {
            ensure!(
                n_judge == n_seeded,
                "the judge found `{name}` {n_judge} times, seeded were {n_seeded}"
            );
        }
        ensure!(
            self.false_findings.is_empty(),
            "the judge found what nobody seeded: {}",
            self.false_findings.join(", ")
        );
        Ok(())
    }
}

fn n_told(told: &Told, findings: &[Finding], observed: &Contract, operation: &str) -> u64 {
    match told {
        Told::Finding(..) => {
            findings.iter().find(|finding| tells(told, finding)).map_or(0, |it| it.count)
        }
        Told::Case(case) => {
            let answers =
                observed.operations.get(operation).and_then(|seen| seen.responses.get("200"));
            let media = answers.and_then(|seen| seen.media.get("application/json"));
            media.and_then(|media| media.case(case)).map_or(0, |branch| branch.chosen.count)
        }
    }
}

fn tells(told: &Told, finding: &Finding) -> bool {
    match told {
        Told::Finding(rule, at) => finding.rule == *rule && finding.at == *at,
        Told::Case(_) => false,
    }
}

fn in_words(finding: &Finding) -> String {
    format!("{} {} ({} of {})", finding.rule.name(), finding.at, finding.count, finding.of)
}
