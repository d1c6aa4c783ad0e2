//! Turns the results of a night's steps into text, a page and an exit code.

use std::fmt::Write as _;
use std::time::Duration;

use prumo_drift::{Report, printable, printable_json, printable_lines};

use crate::screen;

/// The possible results of a step, in the closed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Fits,
    Fresh,
    Drifts,
    Stale,
    Skipped,
    /// No verdict, because something prevented judging.
    NotJudged,
}

/// The result of a step.
pub(super) struct Outcome {
    pub(super) word: Word,
    pub(super) said: String,
    /// Lines that tell a person what to do.
    lines: Vec<String>,
}

/// One step of the night.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    pub(super) duration: Duration,
}

impl Word {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Fresh => "fresh",
            Self::Drifts => "drifts",
            Self::Stale => "stale",
            Self::Skipped => "skipped",
            Self::NotJudged => "not judged",
        }
    }

    fn exit_code(self) -> u8 {
        match self {
            Self::Fits | Self::Fresh | Self::Skipped => 0,
            Self::Drifts | Self::Stale => screen::DRIFTING,
            Self::NotJudged => screen::COULD_NOT_JUDGE,
        }
    }
}

impl Outcome {
    pub(super) fn new(word: Word, said: String) -> Self {
        Self { word, said, lines: Vec::new() }
    }

    pub(super) fn not_judged(said: String) -> Self {
        Self::new(Word::NotJudged, said)
    }

    pub(super) fn with_lines(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }
}

impl Step {
    /// Writes the step as one line, and below it what a person has to do.
    pub(super) fn line(&self) -> String {
        let mut text = format!(
            "{:<10} {:<11} {}  ({})",
            self.name,
            self.outcome.word.text(),
            self.outcome.said,
            self.took()
        );
        for line in &self.outcome.lines {
            let _ = write!(text, "\n  {line}");
        }
        text
    }

    fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.name,
            "verdict": self.outcome.word.text(),
            "said": self.outcome.said,
            "lines": self.outcome.lines,
            "seconds": self.duration.as_secs_f64(),
        })
    }

    fn took(&self) -> String {
        format!("{:.1} s", self.duration.as_secs_f64())
    }
}

/// Returns the exit code. 1 outweighs 4, because an incomplete night must not look complete.
pub(super) fn exit_code(steps: &[Step]) -> u8 {
    let codes = || steps.iter().map(|step| step.outcome.word.exit_code());
    if codes().any(|code| code == screen::COULD_NOT_JUDGE) {
        return screen::COULD_NOT_JUDGE;
    }
    codes().max().unwrap_or(0)
}

/// Steps that only look at specs and clients, not at recorded or live traffic.
const WITHOUT_A_VENDOR: [&str; 2] = ["lint", "generated"];

/// Returns the verdict. A night without any recorded or live response is skipped and does not fit.
fn verdict(steps: &[Step]) -> &'static str {
    let is_judged = |step: &Step| {
        step.outcome.word == Word::Fits && !WITHOUT_A_VENDOR.contains(&step.name.as_str())
    };
    match exit_code(steps) {
        0 if steps.iter().any(is_judged) => "fits",
        0 => "skipped",
        screen::DRIFTING => "drifts",
        _ => "not judged",
    }
}

/// Sums up the night in one line.
pub(super) fn last_line(steps: &[Step]) -> String {
    let verdict = verdict(steps);
    let skipped: Vec<&str> = steps
        .iter()
        .filter(|step| step.outcome.word == Word::Skipped)
        .map(|step| step.name.as_str())
        .collect();
    let took: f64 = steps.iter().map(|step| step.duration.as_secs_f64()).sum();
    let mut line = format!("{verdict}: {} steps in {took:.1} s", steps.len());
    if !skipped.is_empty() {
        let _ = write!(line, ", skipped: {}", skipped.join(", "));
    }
    if skipped.contains(&"probes") {
        line.push_str("; no live vendor was asked");
    }
    line
}

/// Writes the night as a page: the steps, what has to be done, then the judge's report.
pub(super) fn markdown(steps: &[Step], report: Option<&Report>) -> String {
    let mut page = format!(
        "# prumo nightly\n\n{}\n\n| step | verdict | what | took |\n|---|---|---|---|\n",
        last_line(steps)
    );
    for step in steps {
        let said = printable(&step.outcome.said).replace('|', "\\|");
        let _ = writeln!(
            page,
            "| {} | {} | {said} | {} |",
            step.name,
            step.outcome.word.text(),
            step.took()
        );
    }
    for step in steps.iter().filter(|step| step.name != "judge" && !step.outcome.lines.is_empty()) {
        let lines: Vec<String> = step.outcome.lines.iter().map(|line| fenced(line)).collect();
        let _ = write!(page, "\n## {}\n\n```text\n{}\n```\n", step.name, lines.join("\n"));
    }
    if let Some(report) = report {
        let _ = write!(page, "\n{}", report.to_markdown());
    }
    page
}

/// Writes the night as JSON: the judge's document with the steps added.
pub(super) fn json(steps: &[Step], report: Option<&Report>) -> anyhow::Result<String> {
    let mut document = match report {
        Some(report) => serde_json::to_value(report)?,
        None => serde_json::json!({}),
    };
    document["verdict"] = verdict(steps).into();
    document["steps"] = steps.iter().map(Step::to_json).collect();
    Ok(printable_json(&format!("{document:#}\n")))
}

/// Returns a line that does not end the block of text around it.
fn fenced(line: &str) -> String {
    printable_lines(line).replace("```", "'''")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(words: &[Word]) -> Vec<Step> {
        let step = |word: &Word| Step {
            name: "a".to_owned(),
            outcome: Outcome::new(*word, String::new()),
            duration: Duration::ZERO,
        };
        words.iter().map(step).collect()
    }

    #[test]
    fn a_night_that_could_not_be_judged_outweighs_one_that_drifts() {
        assert_eq!(exit_code(&night(&[Word::Fits, Word::Fresh, Word::Skipped])), 0);
        assert_eq!(exit_code(&night(&[Word::Fits, Word::Drifts])), 4);
        assert_eq!(exit_code(&night(&[Word::Stale, Word::Fits])), 4);
        assert_eq!(exit_code(&night(&[Word::Drifts, Word::NotJudged, Word::Stale])), 1);
    }

    #[test]
    fn what_is_skipped_is_in_the_last_line() {
        assert_eq!(
            last_line(&night(&[Word::Fits, Word::Skipped])),
            "fits: 2 steps in 0.0 s, skipped: a"
        );
    }

    #[test]
    fn a_night_that_looked_at_no_answer_does_not_fit() {
        let mut steps = night(&[Word::Fits, Word::Fresh, Word::Skipped, Word::Skipped]);
        for (step, name) in steps.iter_mut().zip(["lint", "generated", "judge", "probes"]) {
            step.name = name.to_owned();
        }
        let expected =
            "skipped: 4 steps in 0.0 s, skipped: judge, probes; no live vendor was asked";
        assert_eq!(last_line(&steps), expected);
        steps[2].outcome.word = Word::Fits;
        let expected = "fits: 4 steps in 0.0 s, skipped: probes; no live vendor was asked";
        assert_eq!(last_line(&steps), expected);
    }
}
