//! Turns a promised and a documented contract into the list of places where spec and docs differ.
//!
//! A rule is read as if the page were the wire: `field-missing` is a field that the page lacks, and
//! `type-changed` another type on the page.
//!
//! Invariants:
//!
//! * A page says little: an optional member that it does not name is a gap and no finding. A gap is
//!   never drift, but a waiver may be about it.
//! * Pages of one operation are one witness: a member is missing only if every page lacks it.
//! * A difference of the docs breaks no call, so none is more severe than risky.

mod absent;
mod request;
mod response;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::{Part, grouped};
use crate::contract::{Contract, Operation};
use crate::finding::{Finding, Identity, Place};
use crate::rules::{Rule, Severity, Side};
use crate::shape::Tally;

/// The differences between a spec and the docs.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Places where the docs contradict the spec, or where only one of the two says something.
    pub findings: Vec<Finding>,
    /// Promises that the docs leave out and need not state.
    pub gaps: Vec<Finding>,
    /// The documented operations, by the names of the spec.
    pub documented: Contract,
    /// The facts that both say alike: operation, side, place, and the rule that is kept.
    agreed: BTreeSet<Fact>,
}

type Fact = (String, Side, String, Rule);

/// The documented operations by the operations of a spec that they are about.
#[derive(Debug, Default)]
pub(crate) struct Pages<'c> {
    by_id: BTreeMap<&'c str, Vec<&'c Operation>>,
    /// Operations that pages have with another method than the spec.
    with_other_method: Vec<(&'c str, &'c Operation, &'c Operation)>,
    /// Operations that the spec lacks.
    unknown: Vec<&'c Operation>,
}

impl<'c> Pages<'c> {
    pub(crate) fn new(promised: &'c Contract, documented: &'c Contract) -> Self {
        let mut pages = Self::default();
        let mut strange = Vec::new();
        for page in documented.operations.values() {
            match find(promised, page, Method::Same) {
                Some((id, _)) => pages.by_id.entry(id).or_default().push(page),
                None => strange.push(page),
            }
        }
        for page in strange {
            // An operation that a page has with its own method is not the one that is meant.
            let found = find(promised, page, Method::Any);
            match found.filter(|(id, _)| !pages.by_id.contains_key(id)) {
                Some((id, operation)) => {
                    pages.with_other_method.push((id, operation, page));
                    pages.by_id.insert(id, vec![page]);
                }
                None => pages.unknown.push(page),
            }
        }
        pages
    }

    /// Returns what pages say about an operation of the spec.
    pub(crate) fn of(&self, id: &str) -> &[&'c Operation] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }
}

/// Compares the promise of a spec with what pages document.
pub fn compare(promised: &Contract, documented: &Contract) -> Differences {
    let mut sheet =
        Sheet { promised, found: Vec::new(), gaps: Vec::new(), agreed: BTreeSet::new() };
    let pages = Pages::new(promised, documented);
    for (id, operation, page) in &pages.with_other_method {
        sheet.other_method(id, operation, page);
    }
    for page in &pages.unknown {
        sheet.unknown_endpoint(page);
    }
    for (id, operation) in &promised.operations {
        let of_it = pages.of(id);
        if of_it.is_empty() {
            let spot = Spot::request(id);
            sheet.gap(&spot, Rule::OperationNeverSeen, "an operation", "on no page", None);
        } else {
            request::compare(&mut sheet, id, operation, of_it);
            response::compare(&mut sheet, id, operation, of_it);
        }
    }
    let mut seen = Contract { name: promised.name.clone(), ..Contract::default() };
    for (id, pages) in &pages.by_id {
        let mut one = Operation::default();
        one.exchanges.count = pages.len() as u64;
        seen.exchanges += one.exchanges.count;
        seen.operations.insert((*id).to_owned(), one);
    }
    Differences {
        findings: grouped(sheet.found),
        gaps: grouped(sheet.gaps),
        documented: seen,
        agreed: sheet.agreed,
    }
}

/// Tells whether two names of a parameter are one: a page often says only the name.
pub(crate) fn named_alike(one: &str, other: &str) -> bool {
    one.trim_end_matches("[]").eq_ignore_ascii_case(other.trim_end_matches("[]"))
}

/// Whether an operation must have the method of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Same,
    Any,
}

/// Finds the operation of a page's path; with any method, if it is the only one.
fn find<'c>(
    promised: &'c Contract,
    page: &Operation,
    method: Method,
) -> Option<(&'c str, &'c Operation)> {
    let stems = || promised.stems.iter().map(String::as_str).chain([""]);
    let fit = |operation: &Operation| {
        stems().filter_map(|stem| likeness(stem, &operation.path, &page.path)).max()
    };
    let known = promised.operations.iter().filter(|(_, one)| !one.path.is_empty());
    let alike = known.filter_map(|(id, one)| Some((fit(one)?, id.as_str(), one)));
    let alike: Vec<_> = alike.collect();
    if method == Method::Same {
        let same = alike.iter().filter(|(_, _, one)| one.method == page.method);
        return same.max_by_key(|(likeness, _, _)| *likeness).map(|(_, id, one)| (*id, *one));
    }
    match &alike[..] {
        [(_, id, one)] => Some((id, one)),
        _ => None,
    }
}

/// Counts the segments that a promised and a documented path spell alike; `None` if they differ.
fn likeness(stem: &str, promised: &str, documented: &str) -> Option<usize> {
    let segments = |path: &str| -> Vec<String> {
        path.split('/').filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let (ours, theirs) = (segments(&format!("{stem}{promised}")), segments(documented));
    if ours.len() != theirs.len() {
        return None;
    }
    let mut n_alike = 0;
    for (mine, other) in ours.iter().zip(&theirs) {
        match (mine == other, mine.contains('{')) {
            (true, _) => n_alike += 1,
            (false, true) => (),
            (false, false) => return None,
        }
    }
    Some(n_alike)
}

/// The findings so far.
struct Sheet<'c> {
    promised: &'c Contract,
    found: Vec<Part>,
    gaps: Vec<Part>,
    agreed: BTreeSet<Fact>,
}

/// The place of a finding.
#[derive(Clone, Debug)]
struct Spot {
    operation: Option<String>,
    side: Side,
    status: Option<u16>,
    case: Option<String>,
    at: String,
}

impl Spot {
    fn request(id: &str) -> Self {
        let operation = Some(id.to_owned());
        Self { operation, side: Side::Request, status: None, case: None, at: String::new() }
    }

    fn at(&self, at: impl Into<String>) -> Self {
        Self { at: at.into(), ..self.clone() }
    }

    fn below(&self, name: &str) -> Self {
        self.at(prumo_spec::below(&self.at, name))
    }
}

impl Sheet<'_> {
    fn unknown_endpoint(&mut self, page: &Operation) {
        let endpoint = format!("{} {}", page.method, page.path.replace("{}", "*"));
        let spot = Spot { operation: None, ..Spot::request("") };
        let rule = Rule::OperationUnknown;
        self.finding(&spot, rule, "an operation of the spec", endpoint, first(&page.exchanges));
    }

    fn other_method(&mut self, id: &str, operation: &Operation, page: &Operation) {
        let promised = format!("{} {}", operation.method, operation.path);
        let seen = format!("{} {}", page.method, page.path.replace("{}", "*"));
        let spot = Spot::request(id);
        self.finding(&spot, Rule::OperationUnknown, promised, seen, first(&page.exchanges));
    }

    fn finding(
        &mut self,
        spot: &Spot,
        rule: Rule,
        promised: impl Into<String>,
        seen: impl Into<String>,
        place: Option<Place>,
    ) {
        let part = self.part(spot, rule, promised.into(), seen.into(), place);
        self.found.push(part);
    }

    fn gap(
        &mut self,
        spot: &Spot,
        rule: Rule,
        promised: impl Into<String>,
        seen: impl Into<String>,
        place: Option<Place>,
    ) {
        let part = self.part(spot, rule, promised.into(), seen.into(), place);
        self.gaps.push(Part {
            finding: Finding { severity: Severity::Compatible, ..part.finding },
            ..part
        });
    }

    fn agrees(&mut self, spot: &Spot, rule: Rule) {
        let operation = spot.operation.clone().unwrap_or_default();
        self.agreed.insert((operation, spot.side, spot.at.clone(), rule));
    }

    fn part(
        &self,
        spot: &Spot,
        rule: Rule,
        promised: String,
        seen: String,
        first: Option<Place>,
    ) -> Part {
        let finding = Finding {
            spec: self.promised.name.clone(),
            rule,
            severity: rule.row().usual_severity().max(Severity::Risky),
            operation: spot.operation.clone(),
            side: spot.side,
            status: spot.status,
            case: spot.case.clone(),
            at: spot.at.clone(),
            promised,
            seen,
            count: 1,
            of: 1,
            first,
            waived: None,
            promised_at: None,
            standing: None,
            since: None,
        };
        Part { finding, set: 0 }
    }
}

/// Returns the place of a fact.
fn first(tally: &Tally) -> Option<Place> {
    tally.first.as_deref().cloned()
}

impl Differences {
    /// Lists the findings that an earlier version of the docs did not have.
    #[must_use]
    pub fn newer_than(&self, before: &Self) -> Vec<Finding> {
        let key = |finding: &Finding| {
            (finding.identity(), finding.promised.clone(), finding.seen.clone())
        };
        let known: BTreeSet<_> = before.findings.iter().map(key).collect();
        self.findings.iter().filter(|finding| !known.contains(&key(finding))).cloned().collect()
    }

    /// Tells whether spec and docs both say something about the fact that a waiver names, and say
    /// the same.
    pub(crate) fn agree(&self, waived: &Identity) -> bool {
        let Some(id) = &waived.operation else { return false };
        let is_endpoint = id.contains(' ') && waived.rule == Rule::OperationUnknown;
        is_endpoint
            || self.agreed.contains(&(id.clone(), waived.side, waived.at.clone(), waived.rule))
    }
}
