//! Applies a waivers file to the findings of one night: it silences only the findings that it
//! names.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use prumo_drift::exchange::split;
use prumo_drift::{Contract, Document, Finding, Observation, Origin, Rule, Waivers, compare};

use super::specs;

/// The day on which the waivers are applied.
const TODAY: Date = date(2026, 11, 22);

/// The traffic of one night along `orders.yaml`.
struct Night {
    observed: Contract,
    findings: Vec<Finding>,
}

static NIGHT: LazyLock<Night> = LazyLock::new(|| {
    // The first three bytes are the choices of the target `observe`.
    let stream = include_bytes!("../seeds/observe/orders_drifting").get(3..).unwrap_or_default();
    let promised = promised();
    let mut observation = Observation::new(&[promised]);
    for item in split(stream, 1 << 20).flatten() {
        if let Ok(exchange) = item.read() {
            observation
                .observe(&exchange, &Origin { file: "night.ndjson", line: item.line() as u64 });
        }
    }
    let observed = observation.finish().into_iter().next().unwrap_or_default();
    let findings = compare(promised, &observed);
    Night { observed, findings }
});

fn promised() -> &'static Contract {
    &specs::chosen(b'0').contract
}

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(document) = Document::parse("acme.waivers.yaml", text) else {
        return;
    };
    match Waivers::parse(&document) {
        Ok(waivers) => {
            check_applied(&waivers);
            check_stale(&waivers);
            assert!(waivers.check_places(promised()).len() <= waivers.iter().count());
        }
        Err(error) => {
            assert!(error.to_string().starts_with("acme.waivers.yaml:"), "{error} names no file")
        }
    }
}

fn check_applied(waivers: &Waivers) {
    let mut applied = NIGHT.findings.clone();
    waivers.apply(&mut applied);
    for (before, after) in NIGHT.findings.iter().zip(&applied) {
        let silencing = waivers.iter().find(|waiver| {
            waiver.witness == prumo_drift::Witness::Wire && waiver.finding.covers(before)
        });
        assert_eq!(after.waived.as_ref(), silencing.map(|waiver| &waiver.reason), "{before:#?}");
        let bare = Finding { waived: None, ..after.clone() };
        assert_eq!(&bare, before, "more than the waiver was written");
    }
    let mut twice = applied.clone();
    waivers.apply(&mut twice);
    assert_eq!(twice, applied, "laid over twice");
}

fn check_stale(waivers: &Waivers) {
    let stale = waivers.stale(&NIGHT.observed, &NIGHT.findings, TODAY);
    for finding in &stale {
        assert_eq!(finding.rule, Rule::WaiverStale);
        let worn = waivers.iter().find(|waiver| {
            finding.first.as_ref().is_some_and(|first| first.line == waiver.position.line as u64)
        });
        assert!(worn.is_some(), "no waiver stands there: {finding:#?}");
    }
    let over = waivers.iter().filter(|waiver| {
        waiver.witness == prumo_drift::Witness::Wire
            && waiver.until.is_some_and(|until| until < TODAY)
    });
    assert!(over.count() <= stale.len() && stale.len() <= waivers.iter().count(), "{stale:#?}");
}
