//! What the judge says of one fixture, as `cargo xtask judge` would say it.

use anyhow::Context;
use contract_tests::fixtures::{self, Fixture};
use prumo_drift::{Document, Observer, Origin, Waivers, compare, read_exchange, read_openapi};
use serde_json::Value;

fn document(name: &str) -> anyhow::Result<Option<Document>> {
    let file = format!("specs/{name}.yaml");
    let path = fixtures::root().join(&file);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Document::parse(&file, &std::fs::read_to_string(path)?)?))
}

/// The spec of this name, as JSON.
pub(crate) fn spec(name: &str) -> anyhow::Result<Value> {
    Ok(document(name)?.with_context(|| format!("there is no spec `{name}`"))?.value().clone())
}

/// The findings of one exchange, one a line; `fits` when there is none.
pub(crate) fn of(fixture: &Fixture) -> anyhow::Result<String> {
    let spec = document(&fixture.spec)?.with_context(|| format!("there is no spec `{}`", fixture.spec))?;
    let promised = read_openapi(&spec)?;
    let exchange = read_exchange(&fixture.bytes)?;
    let mut observer = Observer::new(&[&promised]);
    observer.observe(&exchange, &Origin { file: &fixture.id(), line: 1 });
    let mut findings = Vec::new();
    for observed in observer.finish() {
        findings.extend(compare(&promised, &observed));
    }
    if let Some(waivers) = document(&format!("{}.waivers", fixture.spec))? {
        Waivers::parse(&waivers)?.apply(&mut findings);
    }
    let open = findings.iter().filter(|finding| finding.waived.is_none()).count();
    anyhow::ensure!(open == 0, "the judge finds {open} deviations that nobody has waived: {findings:#?}");
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
