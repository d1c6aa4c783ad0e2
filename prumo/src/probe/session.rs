//! Asks one vendor, call by call, and judges each response at once.
//!
//! A response with a finding is asked for a second time, and so is a call that failed and may pass.
//! Two calls in a row that fail for a reason of the vendor end the session.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use prumo_drift::exchange::OwnedExchange;
use prumo_drift::finding::Identity;
use prumo_drift::{Contract, Origin, read_exchange};
use serde_json::Value;

use super::ask::{Asked, Line, value_at};
use super::outcome::Outcome;
use super::plan::{Call, Input, Plan};
use super::{Limits, Probe, Probed};
use crate::call::{Catalogue, verdict};
use crate::judge::Bench;
use crate::record::free_name;
use crate::{clock, screen};

/// The number of calls in a row that may fail for a reason of the vendor.
const MAX_FAILURES: u32 = 2;

/// The pause before a failed call is sent again.
const PAUSE: Duration = Duration::from_secs(1);

/// The calls to one vendor.
pub(super) struct Session<'s> {
    catalogue: &'s Catalogue,
    bench: &'s Bench,
    /// The position of the vendor's spec in the bench.
    position: usize,
    limits: &'s Limits<'s>,
    probed: &'s mut Probed,
    /// The values that later calls take from responses: the operation and the place.
    values: BTreeMap<(String, String), String>,
    n_failures: u32,
    /// Why the vendor is not asked any more.
    given_up: Option<Outcome>,
}

impl<'s> Session<'s> {
    pub(super) fn new(
        catalogue: &'s Catalogue,
        (bench, position): (&'s Bench, usize),
        limits: &'s Limits<'s>,
        probed: &'s mut Probed,
    ) -> Self {
        Self {
            catalogue,
            bench,
            position,
            limits,
            probed,
            values: BTreeMap::new(),
            n_failures: 0,
            given_up: None,
        }
    }

    /// Makes the calls of a plan.
    ///
    /// # Errors
    ///
    /// A response can't be recorded.
    pub(super) async fn run(mut self, plan: Plan<'_>) -> anyhow::Result<()> {
        for (operation, outcome, said) in &plan.skipped {
            self.note(operation, *outcome, said.clone(), (0, Duration::ZERO));
        }
        let (budget, time) = self.limits.of(self.catalogue);
        let end = Instant::now() + time;
        let line = match Line::open(self.catalogue, end) {
            Ok(line) => line,
            Err(error) => {
                let outcome = match self.catalogue.base_url() {
                    Some(_) => Outcome::Unsendable,
                    None => Outcome::NoBaseUrl,
                };
                let said = error.to_string().lines().next().unwrap_or_default().to_owned();
                for call in &plan.calls {
                    self.note(call.chosen.row.id, outcome, said.clone(), (0, Duration::ZERO));
                }
                return Ok(());
            }
        };
        for call in &plan.calls {
            let start = Instant::now();
            let why_not = match self.given_up {
                Some(cause) => Some((Outcome::GivenUp, format!("after {}", cause.name()))),
                None if line.n_requests() >= budget => Some((Outcome::OverBudget, String::new())),
                None if start >= end => Some((Outcome::OverTime, String::new())),
                None => None,
            };
            let id = call.chosen.row.id;
            if let Some((outcome, said)) = why_not {
                self.note(id, outcome, said, (0, Duration::ZERO));
                continue;
            }
            match self.words(call) {
                Err(said) => self.note(id, Outcome::NoValue, said, (0, Duration::ZERO)),
                Ok(words) => {
                    let is_left =
                        |line: &Line<'_>| line.n_requests() < budget && Instant::now() < end;
                    let n_before = line.n_requests();
                    let (outcome, said, n_asked) = self.ask(&line, call, &words, is_left).await?;
                    let n_asked = if line.n_requests() == n_before { 0 } else { n_asked };
                    self.note(id, outcome, said, (n_asked, start.elapsed()));
                }
            }
        }
        if let Some(seconds) = line.skew() {
            let (name, by) = (&self.catalogue.name, seconds.abs());
            let how = if seconds > 0 { "ahead of" } else { "behind" };
            self.probed.notes.push(format!("the clock of `{name}` is {by} s {how} this machine's"));
        }
        Ok(())
    }

    /// Asks for an operation, and asks again if the answer has a finding or there was none.
    async fn ask(
        &mut self,
        line: &Line<'_>,
        call: &Call<'_>,
        words: &[String],
        is_left: impl Fn(&Line<'_>) -> bool,
    ) -> anyhow::Result<(Outcome, String, u32)> {
        let mut first = line.ask(call.chosen, words).await;
        let mut n_asked = 1;
        if first.outcome.may_pass() && is_left(line) {
            tokio::time::sleep(PAUSE).await;
            first = line.ask(call.chosen, words).await;
            n_asked += 1;
        }
        self.count_failure(first.outcome);
        let Some(exchange) = judgeable(&mut first) else {
            return Ok((first.outcome, first.said, n_asked));
        };
        self.keep_values(call, &exchange);
        self.record(line, call, &exchange)?;
        let (mut observed, found) = self.observe(&exchange);
        if found.is_empty() {
            self.absorb(observed);
            let outcome = match first.outcome {
                // The client fails where the judge sees nothing: both can't be right.
                Outcome::Drifts => Outcome::Unsendable,
                outcome => outcome,
            };
            return Ok((outcome, first.said, n_asked));
        }
        if is_left(line) {
            let mut second = line.ask(call.chosen, words).await;
            n_asked += 1;
            if let Some(exchange) = judgeable(&mut second) {
                let (again, found_again) = self.observe(&exchange);
                let both: Vec<&Identity> =
                    found.iter().filter(|one| found_again.contains(one)).collect();
                let all = found.iter().chain(&found_again);
                let once: Vec<Identity> = all.filter(|one| !both.contains(one)).cloned().collect();
                self.soften(once);
                observed.absorb(again);
            } else {
                self.soften(found);
            }
        } else {
            self.soften(found);
        }
        self.absorb(observed);
        Ok((Outcome::Drifts, first.said, n_asked))
    }

    fn soften(&mut self, found: Vec<Identity>) {
        let name = self.catalogue.name.clone();
        self.probed.once.extend(found.into_iter().map(|one| (name.clone(), one)));
    }

    /// Counts failures in a row, and gives up after some.
    fn count_failure(&mut self, outcome: Outcome) {
        self.n_failures = if outcome.is_of_vendor() { self.n_failures + 1 } else { 0 };
        let is_final = matches!(outcome, Outcome::RateLimited | Outcome::NoCredential);
        if is_final || self.n_failures >= MAX_FAILURES {
            self.given_up = Some(outcome);
        }
    }

    /// Returns what one exchange shows, and the findings about it that no waiver silences.
    fn observe(&self, exchange: &OwnedExchange) -> (Contract, Vec<Identity>) {
        let line = u64::try_from(self.probed.probes.len() + 1).unwrap_or(u64::MAX);
        let bytes = serde_json::to_vec(exchange).unwrap_or_default();
        let observed = match read_exchange(&bytes) {
            Ok(read) => self.bench.observe(self.position, &read, &Origin { file: "probe", line }),
            Err(_) => Contract::default(),
        };
        let found = self.bench.findings(self.position, &observed);
        let live = found.iter().filter(|one| one.waived.is_none());
        let identities = live.map(prumo_drift::Finding::identity).collect();
        (observed, identities)
    }

    fn absorb(&mut self, observed: Contract) {
        if let Some(mine) = self.probed.observed.get_mut(self.position) {
            mine.absorb(observed);
        }
    }

    /// Returns the words of a call, or which value is missing.
    fn words(&self, call: &Call<'_>) -> Result<Vec<String>, String> {
        let word = |(name, input): &(String, Input)| match input {
            Input::Given(word) => Ok(format!("{name}={word}")),
            Input::Variable(variable) => Err(format!("`{name}` needs `{variable}`")),
            Input::From { operation, at } => {
                match self.values.get(&(operation.clone(), at.clone())) {
                    Some(value) => Ok(format!("{name}={value}")),
                    None => Err(format!("`{operation}` returned no `{at}`")),
                }
            }
        };
        call.inputs.iter().map(word).collect()
    }

    /// Keeps the values of a response that other calls of the plan may take.
    fn keep_values(&mut self, call: &Call<'_>, exchange: &OwnedExchange) {
        let Some(raw) = &exchange.response.body else { return };
        let Ok(body) = serde_json::from_str::<Value>(raw.get()) else { return };
        for at in &call.taken {
            if let Some(value) = value_at(&body, at) {
                self.values.insert((call.chosen.row.id.to_owned(), at.clone()), value);
            }
        }
    }

    fn record(
        &self,
        line: &Line<'_>,
        call: &Call<'_>,
        exchange: &OwnedExchange,
    ) -> anyhow::Result<()> {
        let Some(folder) = self.limits.record else { return Ok(()) };
        let folder = folder.join(&self.catalogue.name).join(call.chosen.row.id);
        fs_err::create_dir_all(&folder)?;
        let path = free_name(&folder, &format!("live_{}", clock::today().strftime("%Y_%m_%d")));
        let known = (&line.client.inner, &line.given);
        verdict::record(self.catalogue, known, exchange.clone(), &path)?;
        screen::note(&format!("recorded {}", path.display()));
        Ok(())
    }

    fn note(&mut self, operation: &str, outcome: Outcome, said: String, cost: (u32, Duration)) {
        self.probed.probes.push(Probe {
            spec: self.catalogue.name.clone(),
            operation: operation.to_owned(),
            outcome,
            said,
            n_asked: cost.0,
            took: cost.1,
        });
    }
}

/// Takes the exchange of a call that the judge can judge.
fn judgeable(asked: &mut Asked) -> Option<OwnedExchange> {
    let is_answer = matches!(asked.outcome, Outcome::Fits | Outcome::Refused | Outcome::Drifts);
    if is_answer { asked.exchange.take() } else { None }
}
