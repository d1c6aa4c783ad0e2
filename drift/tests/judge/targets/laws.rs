//! Laws of findings, reports and contracts, whatever they were made of.

use prumo_drift::{Contract, Finding, Report, Rule};

/// The longest that a promise or a sight may be told, in bytes.
const MAX_WORDS: usize = 16 << 10;

/// Sorted, each once, counted, at places that are JSON Pointers.
pub(super) fn findings_are_sound(findings: &[Finding]) {
    for pair in findings.windows(2) {
        assert!(key(&pair[0]) < key(&pair[1]), "in no order, or told twice: {pair:#?}");
    }
    for finding in findings {
        assert!(0 < finding.count && finding.count <= finding.of, "miscounted: {finding:#?}");
        assert!(is_pointer(&finding.at), "no pointer: {finding:#?}");
        assert!(finding.promised.len() + finding.seen.len() < MAX_WORDS, "endless: {finding:#?}");
        assert!(!finding.promised.is_empty() && !finding.seen.is_empty(), "says nothing: {finding:#?}");
        if let Some(first) = &finding.first {
            assert!(first.line > 0 && is_pointer(&first.pointer), "seen nowhere: {finding:#?}");
        }
    }
}

/// What one finding of a list differs in from all others.
fn key(finding: &Finding) -> (impl PartialOrd + '_, &str) {
    // Strangers stand at one place, each under its own name.
    let name = if finding.rule == Rule::OperationUnknown { finding.seen.as_str() } else { "" };
    (finding.sort_key(), name)
}

/// RFC 6901: empty, or tokens behind slashes in which `~` escapes.
pub(super) fn is_pointer(text: &str) -> bool {
    let escapes_well = |rest: &str| rest.starts_with('0') || rest.starts_with('1');
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(escapes_well)
}

/// The same in any order of findings, read back as it was, and safe to show.
pub(super) fn report_is_sound(
    findings: &[Finding],
    coverage: &[Finding],
    promised: &Contract,
    observed: &Contract,
) {
    let report = |findings: Vec<Finding>| Report::new(findings, coverage.to_vec(), [promised], [observed], 0);
    let whole = report(findings.to_vec());
    assert_eq!(report(findings.iter().rev().cloned().collect()), whole, "depends on the order");
    let json = whole.to_json();
    assert_eq!(
        serde_json::from_str::<Report>(&json).ok(),
        Some(whole.clone()),
        "JSON is not read back: {json}"
    );

    for text in [whole.to_text(), whole.coverage_to_text(), whole.to_markdown()] {
        let control = text.chars().find(|&character| character.is_control() && character != '\n');
        assert_eq!(control, None, "moves a cursor: {text:?}");
    }
    rows_keep_their_columns(&whole.to_markdown());
}

/// Each row of a table has as many borders as its head.
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

/// Written and read again it is the same, and nothing joined to it changes nothing.
pub(super) fn contract_is_sound(contract: &Contract) {
    let json = serde_json::to_string(contract).unwrap_or_default();
    assert_eq!(
        serde_json::from_str::<Contract>(&json).as_ref().ok(),
        Some(contract),
        "JSON is not read back: {json}"
    );
    let with_nothing = contract.join(&Contract::default());
    assert_eq!(with_nothing, Contract::default().join(contract), "the sides of a join matter");
}
