//! Judges one fixture, as `prumo judge` does.

use contract_tests::specs;
use prumo_drift::{Observation, Origin, compare, read_exchange};
use prumo_replay::Fixture;

/// Formats the findings about one exchange, one per line, or `fits` if there are none.
pub(crate) fn of(fixture: &Fixture) -> anyhow::Result<String> {
    let spec = specs::spec(&fixture.spec)?;
    let exchange = read_exchange(&fixture.bytes)?;
    let mut observation = Observation::new(&[&spec.contract]);
    observation.observe(&exchange, &Origin { file: &fixture.id(), line: 1 });
    let mut findings = Vec::new();
    for observed in observation.finish() {
        findings.extend(compare(&spec.contract, &observed));
    }
    if let Some(waivers) = &spec.waivers {
        waivers.apply(&mut findings);
    }
    let open = findings.iter().filter(|finding| finding.waived.is_none()).count();
    anyhow::ensure!(
        open == 0,
        "the judge finds {open} deviations that no waiver covers: {findings:#?}"
    );
    if findings.is_empty() {
        return Ok("fits".to_owned());
    }
    let line = |finding: &prumo_drift::Finding| {
        format!(
            "waived {} at {}: {}",
            finding.rule.name(),
            finding.at,
            finding.waived.as_deref().unwrap_or_default()
        )
    };
    Ok(findings.iter().map(line).collect::<Vec<_>>().join("\n"))
}
