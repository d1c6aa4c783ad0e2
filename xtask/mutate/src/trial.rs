//! A mutant to what the judge says of it, and whether that is exactly what it has to say.

use prumo_drift::{Contract, Finding, Observation, Origin, Waivers, compare, read_exchange};

use super::mutant::Mutant;
use super::place::Sight;

/// What becomes of the judge's findings before they count: nothing, but in tests of the score.
pub(super) type Heard = fn(Vec<Finding>) -> Vec<Finding>;

/// What a spec promises, and the judge that is on trial.
pub(super) struct Court<'c> {
    pub(super) contract: &'c Contract,
    pub(super) waivers: Option<&'c Waivers>,
    pub(super) heard: Heard,
}

/// How the judge failed on a mutant.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) expected: Vec<String>,
    pub(super) came: Vec<String>,
}

impl Court<'_> {
    /// Nothing, when the judge says exactly what it has to.
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
        (!is_alike).then(|| Failure { expected: expected(), came: came.iter().map(phrase).collect() })
    }

    /// What nobody has waived. A waived finding is none: who waives more than
    /// was known would silence a mutant too.
    fn findings(&self, text: &str) -> Result<Vec<Finding>, prumo_drift::ExchangeError> {
        let exchange = read_exchange(text.as_bytes())?;
        let mut observation = Observation::new(&[self.contract]);
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

    /// Whether this is the expected finding, with its evidence where that is known.
    fn is(&self, expected: &Self) -> bool {
        let evidence = expected.evidence.as_ref().and(self.evidence.clone());
        *expected == Self { evidence, ..self.clone() }
    }

    /// `null-unexpected ler_item response 200 erro=false /data/*/id, seen at /data/0/id`.
    fn phrase(&self) -> String {
        let Self { finding, evidence } = self;
        let evidence = evidence.as_ref().filter(|evidence| **evidence != finding.at);
        let evidence = evidence.map(|evidence| format!(", seen at {evidence}")).unwrap_or_default();
        format!("{finding}{evidence}")
    }
}
