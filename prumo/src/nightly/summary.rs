//! Turns the results of a night's steps into text, a page and an exit code.

use std::fmt::Write as _;
use std::time::Duration;

use prumo_drift::finding::Standing;
use prumo_drift::report::{self, ReportFormat, Run, RunStep};
use prumo_drift::{Finding, Report, printable_json, printable_lines};

use crate::history::changes::{Changes, key};
use crate::history::{self, store::Dated};
use crate::{language, screen};

/// The possible results of a step, in the closed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Fits,
    Fresh,
    Drifts,
    Stale,
    Skipped,
    /// No verdict, because something prevented judging.
    NotJudged,
}

/// The result of a step.
pub(crate) struct Outcome {
    pub(crate) word: Word,
    pub(crate) said: String,
    /// Lines that tell a person what to do.
    pub(crate) lines: Vec<String>,
}

/// One step of the night.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    pub(super) duration: Duration,
}

impl Word {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Fresh => "fresh",
            Self::Drifts => "drifts",
            Self::Stale => "stale",
            Self::Skipped => "skipped",
            Self::NotJudged => "not judged",
        }
    }

    /// Returns the exit code of a run whose worst result this is.
    pub(crate) fn exit_code(self) -> u8 {
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

    fn in_report(&self) -> RunStep {
        RunStep {
            name: self.name.clone(),
            verdict: self.outcome.word.text().to_owned(),
            said: self.outcome.said.clone(),
            millis: u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX),
        }
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

/// A night, as it is written.
#[derive(Default)]
pub(super) struct Page<'s> {
    pub(super) steps: &'s [Step],
    /// The report on all sources.
    pub(super) report: Option<Report>,
    /// When and where it runs.
    pub(super) run: Run,
    /// Its number in the history.
    pub(super) night: Option<i64>,
    /// Earlier nights, the oldest first.
    pub(super) nights: Vec<report::Night>,
    /// Since when each finding is there.
    pub(super) dated: Vec<Dated>,
    /// The changes since the last night; `None` if they are unknown.
    pub(super) changes: Option<Changes>,
    /// Whether a live source must have been judged.
    pub(super) must_be_live: bool,
    /// Whether the night has ended.
    pub(super) is_whole: bool,
}

/// Steps that only look at specs and clients, not at recorded or live traffic.
const WITHOUT_A_VENDOR: [&str; 4] = ["lint", "generated", "docs", "waivers"];

/// Steps that look at what a vendor sends now.
const LIVE: [&str; 2] = ["traffic", "probes"];

impl Page<'_> {
    /// Returns the exit code. 1 outweighs 4, because an incomplete night must not look complete.
    pub(super) fn exit_code(&self) -> u8 {
        let codes = || self.steps.iter().map(|step| step.outcome.word.exit_code());
        let is_failed = codes().any(|code| code == screen::COULD_NOT_JUDGE);
        if is_failed || !self.is_whole || (self.must_be_live && !self.is_live()) {
            return screen::COULD_NOT_JUDGE;
        }
        codes().max().unwrap_or(0)
    }

    /// Returns whether a live source was judged.
    fn is_live(&self) -> bool {
        let is_judged = |step: &Step| {
            matches!(step.outcome.word, Word::Fits | Word::Drifts)
                && LIVE.contains(&step.name.as_str())
        };
        self.steps.iter().any(is_judged)
    }

    /// Returns the verdict. A night without any recorded or live response is skipped and does not
    /// fit.
    pub(super) fn verdict(&self) -> &'static str {
        let is_judged = |step: &Step| {
            step.outcome.word == Word::Fits && !WITHOUT_A_VENDOR.contains(&step.name.as_str())
        };
        match self.exit_code() {
            0 if self.steps.iter().any(is_judged) => "fits",
            0 => "skipped",
            screen::DRIFTING => "drifts",
            _ => "not judged",
        }
    }

    /// Sums up the night in one line.
    pub(super) fn last_line(&self) -> String {
        let (verdict, is_live) = (self.verdict(), self.is_live());
        let said = match (verdict, is_live) {
            _ if !self.is_whole => format!("{verdict}: the night has not ended"),
            (_, true) => verdict.to_owned(),
            ("fits", false) => "fixtures fit; no live source was checked".to_owned(),
            (_, false) => format!("{verdict}; no live source was checked"),
        };
        let named = |word: Word| {
            let steps = self.steps.iter().filter(move |step| step.outcome.word == word);
            steps.map(|step| step.name.as_str()).collect::<Vec<_>>()
        };
        let took: f64 = self.steps.iter().map(|step| step.duration.as_secs_f64()).sum();
        let mut line = format!("{said}: {} steps in {took:.1} s", self.steps.len());
        for word in [Word::Drifts, Word::Stale, Word::NotJudged, Word::Skipped] {
            let names = named(word);
            if !names.is_empty() {
                let _ = write!(line, ", {}: {}", word.text(), names.join(", "));
            }
        }
        line
    }

    /// Returns the report with the steps, and with what earlier nights say about it.
    pub(super) fn report(&self) -> Report {
        let mut report =
            self.report.clone().unwrap_or_else(|| Report::new(Vec::new(), Vec::new(), [], [], 0));
        let steps = self.steps.iter().map(Step::in_report).collect();
        report.run = Some(Run { headline: Some(self.last_line()), steps, ..self.run.clone() });
        report.nights.clone_from(&self.nights);
        if let Some(changes) = &self.changes {
            report.set_standings(|finding| self.standing(changes, finding));
            report.add_gone(changes.gone.iter().cloned());
        }
        report
    }

    fn standing(&self, changes: &Changes, finding: &Finding) -> Option<(Standing, Option<String>)> {
        if finding.waived.is_some() {
            return None;
        }
        let is_in = |list: &[Finding]| list.iter().any(|one| key(one) == key(finding));
        let dated = self.dated.iter().find(|one| key(&one.finding) == key(finding));
        let standing = match () {
            () if is_in(&changes.new) => Standing::New,
            () if is_in(&changes.worse) => Standing::Worse,
            () => Standing::Known,
        };
        Some((standing, dated.map(|one| one.since.clone())))
    }

    /// Returns the name and the content of each file of the night; of one that still runs, the two
    /// that say so.
    ///
    /// # Errors
    ///
    /// Never: every member can be written.
    pub(super) fn files(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let report = self.report();
        let formats = report::FORMATS.iter().filter_map(|format| Some((format.file?, format)));
        // A night that runs is looked at by people and programs alone.
        let wanted = formats.filter(|(file, _)| self.is_whole || OF_RUNNING.contains(file));
        let text = |(file, format): (&'static str, &ReportFormat)| {
            Ok(match file {
                "report.md" => {
                    (file, self.markdown(&(format.write)(&language::for_reader(&report))))
                }
                "report.json" => (file, self.json(&report)?),
                _ => (file, (format.write)(&report)),
            })
        };
        wanted.map(text).collect()
    }

    /// Adds to the report, as a page, what members became rare and what the steps have to say.
    fn markdown(&self, report: &str) -> String {
        let mut page = format!("# prumo nightly\n\n{report}");
        let mut told = Vec::new();
        if let Some(changes) = &self.changes {
            let trends = history::trends_in_words(changes);
            told.push(("members that vanish", trends.lines().map(fenced).collect::<Vec<_>>()));
        }
        // The report has the findings of these.
        let judged = ["fixtures", "traffic"];
        for step in self.steps.iter().filter(|step| !judged.contains(&step.name.as_str())) {
            told.push((&step.name, step.outcome.lines.iter().map(|line| fenced(line)).collect()));
        }
        for (name, mut lines) in told.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            let n_more = lines.len().saturating_sub(MAX_LINES);
            lines.truncate(MAX_LINES);
            if n_more > 0 {
                lines.push(format!("and {n_more} more in report.json"));
            }
            let section = format!("\n## {name}\n\n```text\n{}\n```\n", lines.join("\n"));
            if page.len() + section.len() < MAX_BYTES {
                page += &section;
            }
        }
        page
    }

    /// Writes the night as JSON: the judge's document with the night's own members added.
    fn json(&self, report: &Report) -> anyhow::Result<String> {
        let mut document = serde_json::to_value(report)?;
        document["verdict"] = self.verdict().into();
        document["line"] = self.last_line().into();
        document["live"] = self.is_live().into();
        if let Some(night) = self.night {
            document["night"] = night.into();
        }
        if let Some(changes) = &self.changes {
            document["changes"] = serde_json::to_value(changes)?;
        }
        document["steps"] = self.steps.iter().map(Step::to_json).collect();
        Ok(printable_json(&format!("{document:#}\n")))
    }
}

/// The files of a night that still runs.
const OF_RUNNING: [&str; 2] = ["report.md", "report.json"];

/// The maximum number of lines of a step on the page.
const MAX_LINES: usize = 40;

/// The limit of a page, which an issue on GitHub still takes.
const MAX_BYTES: usize = 60_000;

/// Returns a line that does not end the block of text around it.
fn fenced(line: &str) -> String {
    printable_lines(line).replace("```", "'''")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(words: &[(&str, Word)]) -> Vec<Step> {
        let step = |(name, word): &(&str, Word)| Step {
            name: (*name).to_owned(),
            outcome: Outcome::new(*word, String::new()),
            duration: Duration::ZERO,
        };
        words.iter().map(step).collect()
    }

    fn page(steps: &[Step]) -> Page<'_> {
        Page { steps, is_whole: true, ..Page::default() }
    }

    #[test]
    fn a_night_that_could_not_be_judged_outweighs_one_that_drifts() {
        let cases: [(&[(&str, Word)], u8); 4] = [
            (&[("a", Word::Fits), ("b", Word::Fresh), ("c", Word::Skipped)], 0),
            (&[("a", Word::Fits), ("b", Word::Drifts)], 4),
            (&[("a", Word::Stale), ("b", Word::Fits)], 4),
            (&[("a", Word::Drifts), ("b", Word::NotJudged), ("c", Word::Stale)], 1),
        ];
        for (words, code) in cases {
            assert_eq!(page(&steps(words)).exit_code(), code);
        }
    }

    #[test]
    fn the_last_line_says_whether_a_live_source_was_judged() {
        use Word::{Drifts, Fits, Fresh, NotJudged, Skipped};
        let night = |fixtures, traffic, probes| {
            steps(&[
                ("lint", Fits),
                ("generated", Fresh),
                ("fixtures", fixtures),
                ("traffic", traffic),
                ("probes", probes),
            ])
        };
        let cases = [
            (
                night(Fits, Skipped, Skipped),
                "fixtures fit; no live source was checked: 5 steps in 0.0 s, skipped: traffic, probes",
            ),
            (
                night(Skipped, Skipped, Skipped),
                "skipped; no live source was checked: 5 steps in 0.0 s, \
                 skipped: fixtures, traffic, probes",
            ),
            (night(Fits, Fits, Skipped), "fits: 5 steps in 0.0 s, skipped: probes"),
            (
                night(Fits, Skipped, Drifts),
                "drifts: 5 steps in 0.0 s, drifts: probes, skipped: traffic",
            ),
            (
                night(Drifts, Skipped, NotJudged),
                "not judged; no live source was checked: 5 steps in 0.0 s, drifts: fixtures, \
                 not judged: probes, skipped: traffic",
            ),
        ];
        for (steps, expected) in cases {
            assert_eq!(page(&steps).last_line(), expected);
        }
    }

    #[test]
    fn a_night_must_be_live_if_that_is_required_and_must_have_ended() {
        let steps = steps(&[("fixtures", Word::Fits), ("probes", Word::Skipped)]);
        let required = Page { must_be_live: true, ..page(&steps) };
        assert_eq!((required.exit_code(), required.verdict()), (1, "not judged"));
        let stopped = Page { is_whole: false, ..page(&steps) };
        assert_eq!((stopped.exit_code(), stopped.verdict()), (1, "not judged"));
        assert_eq!((page(&steps).exit_code(), page(&steps).verdict()), (0, "fits"));
    }
}
