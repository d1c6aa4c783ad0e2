//! Judges the example of a rule, so that `docs/rules.md` prints the judge's own words.

use std::error::Error;

use jiff::civil::{Date, date};
use prumo_spec::Document;

use crate::compare::{compare, coverage};
use crate::exchange::read_exchange;
use crate::observe::{Observation, Origin};
use crate::openapi::read_openapi;
use crate::report::Report;
use crate::rules::{Rule, Scope};
use crate::waivers::Waivers;

/// The day on which the examples are judged.
const TODAY: Date = date(2026, 11, 22);

impl Rule {
    /// Judges the rule's example. The report lists gaps in the coverage only for a rule about the
    /// coverage.
    ///
    /// # Errors
    ///
    /// Returns an error if the spec, the exchange or the waivers of the example can't be read.
    pub fn judge_example(self) -> Result<Report, Box<dyn Error + Send + Sync>> {
        let example = &self.row().example;
        let promised = read_openapi(&Document::parse("example.yaml", &example.spec())?)?;
        let mut observation = Observation::new(&[&promised]);
        if let Some(exchange) = example.exchange() {
            observation.observe(
                &read_exchange(exchange.as_bytes())?,
                &Origin { file: "example.json", line: 1 },
            );
        }
        let observed = observation.finish().pop().unwrap_or_default();
        let mut findings = compare(&promised, &observed);
        let waivers = Waivers::parse(&Document::parse("example.waivers.yaml", example.waivers)?)?;
        waivers.holding(TODAY).apply(&mut findings);
        findings.extend(waivers.stale(&observed, &findings, TODAY));
        let gaps = match self.row().scope {
            Scope::Coverage => coverage(&promised, &observed),
            _ => Vec::new(),
        };
        Ok(Report::new(findings, gaps, [&promised], [&observed], 0))
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::Rule;

    #[test]
    fn an_example_fires_its_rule_at_its_place_and_no_other() {
        for rule in Rule::ALL {
            let name = rule.name();
            let report = rule.judge_example().unwrap_or_else(|error| panic!("`{name}`: {error}"));
            let all: Vec<(&str, &str)> = report
                .findings
                .iter()
                .chain(&report.coverage)
                .map(|finding| (finding.rule.name(), finding.at.as_str()))
                .collect();
            assert_eq!(all, [(name, rule.row().example.at)], "`{name}`");
        }
    }
}
