//! Judges the example of each rule, so that what the reference of the rules prints is the judge's own word.
//!
//! The examples themselves are rows of [`rules`](crate::rules::examples).

use std::error::Error;

use jiff::civil::{Date, date};
use prumo_spec::Document;

use crate::compare::{compare, coverage};
use crate::exchange::read_exchange;
use crate::observe::{Observer, Origin};
use crate::openapi::read_openapi;
use crate::report::Report;
use crate::rules::Scope;
use crate::rules::examples::Example;
use crate::waivers::Waivers;

/// The day on which the examples are judged.
const TODAY: Date = date(2026, 11, 22);

impl Example {
    /// The report of the judge; the gaps in the coverage are those of a rule about
    /// the coverage only.
    ///
    /// # Errors
    ///
    /// The example itself is wrong: its spec, exchange or waivers can't be read.
    pub fn judge(&self) -> Result<Report, Box<dyn Error + Send + Sync>> {
        let promised = read_openapi(&Document::parse("example.yaml", &self.spec())?)?;
        let mut observer = Observer::new(&[&promised]);
        if let Some(exchange) = self.exchange() {
            observer.observe(&read_exchange(exchange.as_bytes())?, &Origin { file: "example.json", line: 1 });
        }
        let observed = observer.finish().pop().unwrap_or_default();
        let mut findings = compare(&promised, &observed);
        let waivers = Waivers::parse(&Document::parse("example.waivers.yaml", self.waivers)?)?;
        waivers.apply(&mut findings);
        findings.extend(waivers.stale(&observed, &findings, TODAY));
        let is_of_coverage = self.rule.row().is_some_and(|row| row.scope == Scope::Coverage);
        let gaps = if is_of_coverage { coverage(&promised, &observed) } else { Vec::new() };
        Ok(Report::new(findings, gaps, [&promised], [&observed], 0))
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::Rule;
    use crate::rules::examples::EXAMPLES;

    #[test]
    fn every_rule_has_one_example_in_the_order_of_the_table() {
        let rules: Vec<Rule> = EXAMPLES.iter().map(|example| example.rule).collect();
        assert_eq!(rules, Rule::ALL);
    }

    #[test]
    fn an_example_fires_its_rule_at_its_place_and_no_other() {
        for example in EXAMPLES {
            let name = example.rule.name();
            let report = example.judge().unwrap_or_else(|error| panic!("`{name}`: {error}"));
            let all: Vec<(&str, &str)> = report
                .findings
                .iter()
                .chain(&report.coverage)
                .map(|finding| (finding.rule.name(), finding.at.as_str()))
                .collect();
            assert_eq!(all, [(name, example.at)], "`{name}`");
        }
    }
}
