//! Asks the judge about a mutant, and decides whether it reports exactly the expected findings.

use prumo_drift::{Contract, Finding, Observation, Origin, Waivers, compare, read_exchange};

use super::mutant::Mutant;
use super::site::Sight;

/// Filters the judge's findings before they count. Only tests of the score change them.
pub(super) type Heard = fn(Vec<Finding>) -> Vec<Finding>;

/// The judge on trial, and what it knows.
pub(super) struct Court<'c> {
    contract: &'c Contract,
    /// An observation of no exchange, from which each trial starts.
    start: Observation<'c>,
    waivers: Option<&'c Waivers>,
    heard: Heard,
}

/// The expected and the actual findings about a mutant that the judge failed on.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) expected: Vec<String>,
    pub(super) came: Vec<String>,
}

impl<'c> Court<'c> {
    pub(super) fn new(contract: &'c Contract, waivers: Option<&'c Waivers>, heard: Heard) -> Self {
        Self { contract, start: Observation::new(&[contract]), waivers, heard }
    }

    /// Returns `None` if the judge reports exactly the expected findings.
    pub(super) fn failure(&self, mutant: &Mutant) -> Option<Failure> {
        let expected = || mutant.expected.iter().map(Sight::phrase).collect();
        let findings = match self.findings(&mutant.text) {
            Ok(findings) => findings,
            Err(error) => {
                let came = vec![format!("the exchange could not be read: {error}")];
                return Some(Failure { expected: expected(), came });
            }
        };
        let mut came: Vec<(Sight, u64)> =
            findings.iter().map(|finding| (Sight::of(finding), finding.count)).collect();
        came.sort();
        let is_alike = came.len() == mutant.expected.len()
            && came
                .iter()
                .zip(&mutant.expected)
                .all(|((came, count), expected)| came.is(expected) && *count == 1);
        let phrase = |(finding, count): &(Sight, u64)| match count {
            1 => finding.phrase(),
            _ => format!("{} ({count} times)", finding.phrase()),
        };
        (!is_alike)
            .then(|| Failure { expected: expected(), came: came.iter().map(phrase).collect() })
    }

    /// Lists the findings that no waiver covers, so that a waiver that is too wide shows as
    /// survivors.
    fn findings(&self, text: &str) -> Result<Vec<Finding>, prumo_drift::ExchangeError> {
        let exchange = read_exchange(text.as_bytes())?;
        let mut observation = self.start.another();
        observation.observe(&exchange, &Origin { file: "mutant", line: 1 });
        let mut findings = Vec::new();
        for observed in observation.finish() {
            findings.extend(compare(self.contract, &observed));
        }
        if let Some(waivers) = self.waivers {
            waivers.apply(&mut findings);
        }
        findings.retain(|finding| finding.waived.is_none());
        Ok((self.heard)(findings))
    }
}

impl Sight {
    fn of(finding: &Finding) -> Self {
        Self {
            finding: finding.identity(),
            evidence: finding.first.as_ref().map(|first| first.pointer.clone()),
        }
    }

    /// Returns whether this is the expected finding, with the expected evidence if that is known.
    fn is(&self, expected: &Self) -> bool {
        let evidence = expected.evidence.as_ref().and(self.evidence.clone());
        *expected == Self { evidence, ..self.clone() }
    }

    /// Writes `null-unexpected ler_item response 200 erro=false /data/*/id, seen at /data/0/id`.
    fn phrase(&self) -> String {
        let Self { finding, evidence } = self;
        let evidence = evidence.as_ref().filter(|evidence| **evidence != finding.at);
        let evidence = evidence.map(|evidence| format!(", seen at {evidence}")).unwrap_or_default();
        format!("{finding}{evidence}")
    }
}
