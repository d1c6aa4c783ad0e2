//! Keeps an exchange as a fixture: redacts and names it, compares it with the fixtures of its operation,
//! and says what it shows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use prumo_drift::compare::{Member, presence};
use prumo_drift::exchange::OwnedExchange;
use prumo_drift::observe::Router;
use prumo_drift::{Contract, Origin, read_exchange};
use prumo_redact::Redactor;
use serde_json::{Map, Value};

use crate::call::{Catalogue, verdict};
use crate::judge::Bench;
use crate::redact::Key;
use crate::{judge, language, screen, specs, write};

/// Headers that say nothing about a vendor's contract: of one connection, of one moment, of one session.
const DROPPED: &[&str] = &[
    "age",
    "alt-svc",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "date",
    "etag",
    "expires",
    "host",
    "keep-alive",
    "last-modified",
    "nel",
    "proxy-authenticate",
    "proxy-authorization",
    "report-to",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-request-id",
];

/// The result for an exchange.
pub(super) enum Kept {
    /// It is a fixture now, or would be.
    New { is_drifting: bool },
    /// It shows nothing new.
    Known,
    /// No operation of the spec takes its request.
    Foreign,
}

/// Keeps the exchanges of one vendor.
pub(super) struct Keeper<'c> {
    catalogue: &'c Catalogue,
    folder: PathBuf,
    bench: Bench,
    router: Router,
    redactor: Redactor,
    keeps_all: bool,
    is_dry: bool,
}

/// The contents of an exchange: its status and case, and its members, each with whether it was null.
type Shown = BTreeSet<(Member, bool)>;

impl<'c> Keeper<'c> {
    /// Reads the spec and the key of the redaction.
    ///
    /// # Errors
    ///
    /// One of them can't be read.
    pub(super) fn new(
        catalogue: &'c Catalogue,
        folder: PathBuf,
        keeps_all: bool,
        is_dry: bool,
    ) -> anyhow::Result<Self> {
        let key = Key::find(catalogue.redact_key.as_ref())?;
        key.tell();
        let document = specs::document(&catalogue.base, &specs::parts_of(&catalogue.path)?)?;
        let bench = Bench::read(&catalogue.base, std::slice::from_ref(&catalogue.path))?;
        let contract = bench.contracts().first().map(|contract| (*contract).clone());
        let router = Router::new(&contract.unwrap_or_default());
        let redactor = Redactor::new(key.bytes()).with_spec(&document);
        Ok(Self { catalogue, folder, bench, router, redactor, keeps_all, is_dry })
    }

    /// Keeps one exchange, if it shows something new.
    ///
    /// # Errors
    ///
    /// It can't be redacted or written.
    pub(super) fn keep(&mut self, mut exchange: OwnedExchange) -> anyhow::Result<Kept> {
        let Some(operation) = self.operation(&exchange) else {
            let method = &exchange.request.method;
            screen::note(&format!(
                "skipped  {method} of no operation of `{}`",
                self.catalogue.name
            ));
            return Ok(Kept::Foreign);
        };
        exchange.operation = Some(operation.clone());
        exchange.origin = exchange.origin.or_else(|| Some("live".to_owned()));
        exchange.request.host = None;
        for headers in [&mut exchange.request.headers, &mut exchange.response.headers] {
            drop_headers(headers);
        }
        let redacted = self.redactor.redact_text(&serde_json::to_string(&exchange)?);
        let (text, _) = redacted.context("an exchange nests too deep to be recorded")?;
        let text = verdict::as_fixture(&text);

        let observed = self.observed(&text);
        let shown = shown(&observed);
        let folder = self.folder.join(&operation);
        let known = self.known(&folder)?;
        let is_known = known.iter().any(|(_, one)| *one == shown);
        if is_known && !self.keeps_all {
            return Ok(Kept::Known);
        }
        let case = case_of(&observed, &operation, exchange.response.status);
        let path = free_name(&folder, &case);
        if !self.is_dry {
            fs_err::create_dir_all(&folder)?;
            write::at_once(&path, text.as_bytes())?;
        }
        let is_drifting = self.tell(&path, &text, &shown, &known)?;
        Ok(Kept::New { is_drifting })
    }

    fn operation(&self, exchange: &OwnedExchange) -> Option<String> {
        let named = exchange.operation.as_ref();
        let named = named.filter(|id| self.catalogue.rows.iter().any(|row| row.id == id.as_str()));
        let request = &exchange.request;
        let found = || self.router.find(&request.method, &request.path).map(|one| one.operation);
        named.cloned().or_else(found)
    }

    fn observed(&self, text: &str) -> Contract {
        match read_exchange(text.as_bytes()) {
            Ok(exchange) => {
                self.bench.observe(0, &exchange, &Origin { file: "recording", line: 1 })
            }
            Err(_) => Contract::default(),
        }
    }

    /// Reads what the fixtures of an operation show.
    fn known(&self, folder: &Path) -> anyhow::Result<Vec<(PathBuf, Shown)>> {
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut known = Vec::new();
        for entry in fs_err::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs_err::read_to_string(&path)?;
                known.push((path, shown(&self.observed(&text))));
            }
        }
        known.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(known)
    }

    /// Prints the name of a new fixture, what it shows beside the nearest one, and the findings. Returns
    /// whether it leaves the spec.
    fn tell(
        &self,
        path: &Path,
        text: &str,
        shown: &Shown,
        known: &[(PathBuf, Shown)],
    ) -> anyhow::Result<bool> {
        let word = if self.is_dry { "Would keep" } else { "Created" };
        let mut page = format!("{word}  {}\n", specs::shown(path, &self.catalogue.base));
        let statuses = |shown: &Shown| -> BTreeSet<String> {
            shown.iter().map(|(member, _)| member.status.clone()).collect()
        };
        let alike = known.iter().filter(|(_, one)| statuses(one) == statuses(shown));
        let nearest = alike.min_by_key(|(_, one)| one.symmetric_difference(shown).count());
        if let Some((path, nearest)) = nearest {
            page += &format!("  beside {}\n", specs::shown(path, &self.catalogue.base));
            page += &lines('+', shown.difference(nearest));
            page += &lines('-', nearest.difference(shown));
        }
        let exchange = read_exchange(text.as_bytes())?;
        let report = judge::judge_exchange(&self.catalogue.base, &self.catalogue.path, &exchange)?;
        if report.is_drifting() {
            for line in language::for_reader(&report).to_text().lines() {
                page += &format!("  {line}\n");
            }
        }
        screen::print(&page)?;
        Ok(report.is_drifting())
    }
}

/// The maximum number of lines that show one side of a difference.
const MAX_LINES: usize = 20;

fn lines<'m>(sign: char, members: impl Iterator<Item = &'m (Member, bool)>) -> String {
    let mut all: Vec<String> = members
        .map(|(member, is_null)| {
            let null = if *is_null { " null" } else { "" };
            format!("  {sign} {} {}{null}\n", member.status, member.at)
        })
        .collect();
    let n_more = all.len().saturating_sub(MAX_LINES);
    all.truncate(MAX_LINES);
    if n_more > 0 {
        all.push(format!("  {sign} and {n_more} more\n"));
    }
    prumo_drift::printable_lines(&all.concat())
}

fn drop_headers(headers: &mut Map<String, Value>) {
    headers.retain(|name, _| !DROPPED.contains(&name.to_ascii_lowercase().as_str()));
}

/// Returns what one exchange shows.
fn shown(observed: &Contract) -> Shown {
    let members = presence(observed).into_iter().filter(|one| one.present > 0);
    let mut shown: Shown = members.map(|one| (one.member, one.nulls > 0)).collect();
    // A response without a member shows its status.
    for (id, operation) in &observed.operations {
        let statuses = operation.responses.iter().filter(|(_, body)| body.seen.count > 0);
        let statuses = statuses.map(|(status, _)| status.clone());
        let strange = operation.strange_statuses.keys().map(u16::to_string);
        for status in statuses.chain(strange) {
            let (operation, case, at) = (id.clone(), String::new(), String::new());
            shown.insert((Member { operation, status, case, at }, false));
        }
    }
    shown
}

/// Names the case of a response: `good_answer`, `refusal`, or the status.
fn case_of(observed: &Contract, operation: &str, status: u16) -> String {
    if !(200..300).contains(&status) {
        return format!("status_{status}");
    }
    let Some(seen) = observed.operations.get(operation) else { return "good_answer".to_owned() };
    let success = seen.envelope.as_ref().map(|envelope| envelope.success.as_slice());
    let bodies = seen.responses.values().flat_map(|body| body.media.values());
    let branches = bodies
        .filter_map(|media| media.shape.alternatives.as_ref())
        .flat_map(|alternatives| alternatives.branches.values());
    let chosen = branches.filter(|branch| branch.chosen.count > 0);
    let is_refusal = |success: &[prumo_drift::Scalar]| {
        chosen.clone().any(|branch| {
            !branch.values.is_empty() && !branch.values.iter().any(|one| success.contains(one))
        })
    };
    let name = if success.is_some_and(is_refusal) { "refusal" } else { "good_answer" };
    name.to_owned()
}

/// Returns a file in `folder` that does not exist yet.
pub(crate) fn free_name(folder: &Path, stem: &str) -> PathBuf {
    let first = folder.join(format!("{stem}.json"));
    let more = (2..).map(|number| folder.join(format!("{stem}_{number}.json")));
    std::iter::once(first).chain(more).find(|path| !path.exists()).unwrap_or_default()
}
