//! States the laws of findings, reports and contracts, whatever their source.

use prumo_drift::report::FORMATS;
use prumo_drift::{
    Contract, ContractFile, Finding, Identity, Observation, Report, Rule, Scope, compare, coverage,
};

/// The longest description of a promise or an observation, in bytes.
const MAX_WORDS: usize = 16 << 10;

/// Judges an observation, and checks its findings, gaps and report.
pub(super) fn judged(promised: &Contract, observed: &Contract) -> (Vec<Finding>, Vec<Finding>) {
    let (findings, gaps) = (compare(promised, observed), coverage(promised, observed));
    findings_are_sound(&findings);
    findings_are_sound(&gaps);
    report_is_sound(&findings, &gaps, promised, observed);
    (findings, gaps)
}

/// Checks that findings are sorted, distinct, counted and short.
pub(super) fn findings_are_sound(findings: &[Finding]) {
    for pair in findings.windows(2) {
        assert!(key(&pair[0]) < key(&pair[1]), "in no order, or told twice: {pair:#?}");
    }
    for finding in findings {
        // A gap counts how often the promise could have occurred, which may be never.
        let is_gap = finding.rule.row().scope == Scope::Coverage;
        let is_counted = if is_gap { finding.count == finding.of } else { 0 < finding.count };
        assert!(is_counted && finding.count <= finding.of, "miscounted: {finding:#?}");
        assert!(finding.promised.len() + finding.seen.len() < MAX_WORDS, "endless: {finding:#?}");
    }
}

/// Checks that places are JSON Pointers with a first line, and that both sides have a description.
/// A forged contract file need not keep this law.
pub(super) fn findings_are_placed(findings: &[Finding]) {
    for finding in findings {
        assert!(
            !finding.promised.is_empty() && !finding.seen.is_empty(),
            "says nothing: {finding:#?}"
        );
        assert!(is_pointer(&finding.at), "no pointer: {finding:#?}");
        if let Some(first) = &finding.first {
            assert!(first.line > 0 && is_pointer(&first.pointer), "seen nowhere: {finding:#?}");
        }
    }
}

/// Returns the key that must be distinct for each finding.
fn key(finding: &Finding) -> (Identity, &str) {
    // Unknown requests share one place, each with its own name.
    let name = if finding.rule == Rule::OperationUnknown { finding.seen.as_str() } else { "" };
    (finding.identity(), name)
}

/// Checks a pointer by RFC 6901: empty, or tokens after slashes in which `~` escapes.
pub(super) fn is_pointer(text: &str) -> bool {
    let escapes_well = |rest: &str| rest.starts_with('0') || rest.starts_with('1');
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(escapes_well)
}

/// Checks that a report does not depend on the order of findings, can be read back, and is safe to
/// show.
fn report_is_sound(
    findings: &[Finding],
    coverage: &[Finding],
    promised: &Contract,
    observed: &Contract,
) {
    let report = |findings: Vec<Finding>| {
        Report::new(findings, coverage.to_vec(), [promised], [observed], 0)
    };
    let whole = report(findings.to_vec());
    assert_eq!(report(findings.iter().rev().cloned().collect()), whole, "depends on the order");
    let json = whole.to_json();
    assert_eq!(
        serde_json::from_str::<Report>(&json).ok(),
        Some(whole.clone()),
        "JSON is not read back: {json}"
    );

    let written = FORMATS.iter().map(|format| (format.write)(&whole));
    for text in written.chain([whole.coverage_to_text()]) {
        let control = text.chars().find(|&character| character.is_control() && character != '\n');
        assert_eq!(control, None, "moves a cursor: {text:?}");
    }
    rows_keep_their_columns(&whole.to_markdown());
}

/// Checks that each row of a table has as many borders as its head.
fn rows_keep_their_columns(page: &str) {
    let mut n_borders = None;
    for line in page.lines() {
        let n = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        if !line.starts_with('|') {
            n_borders = None;
            continue;
        }
        assert_eq!(*n_borders.get_or_insert(n), n, "a cell breaks the table: {line}");
    }
}

/// Checks that joining an empty contract changes nothing, from either side.
pub(super) fn join_has_an_identity(contract: &Contract) {
    let nothing = Contract::default();
    let joined = contract.join(&nothing);
    assert_eq!(nothing.join(contract), joined, "the sides of a join matter");
    assert_eq!(joined.join(&nothing), joined, "nothing changes something");
}

/// Checks that a contract file gives the same findings, and is written again with the same bytes.
pub(super) fn observed_is_carried(promised: &Contract, observed: &Contract) {
    let written = |contract: &Contract| {
        let file = ContractFile::new(&[promised], std::slice::from_ref(contract), 0);
        file.to_json("written").unwrap_or_else(|error| panic!("{error}"))
    };
    let text = written(observed);
    let file = ContractFile::read("read", text.as_bytes())
        .unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut poured = Observation::new(&[promised]).finish();
    file.pour("poured", &[promised], &mut poured).unwrap_or_else(|error| panic!("{error}: {text}"));
    let poured = poured.remove(0);
    assert_eq!(written(&poured), text, "carried, it is another");
    assert_eq!(
        compare(promised, &poured),
        compare(promised, observed),
        "carried, it is judged otherwise"
    );
}
