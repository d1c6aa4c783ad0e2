//! Holds the mutable state of a running stand-in, and answers requests from it.
//!
//! Invariant: every answer but those of faults is one that the spec promises.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use prumo_drift::contract::{Operation, Paging};
use serde_json::{Map, Value};

use crate::answer::{Answer, Body};
use crate::arguments::Arguments;
use crate::asked::Asked;
use crate::chance;
use crate::check::check;
use crate::credentials::{Standing, Tokens};
use crate::envelope::{self, json_of};
use crate::fact::{Fact, Facts};
use crate::fault::{Refused, Waiting};
use crate::paging::Page;
use crate::received::Log;
use crate::refusal::{Refusal, Said, Wording};
use crate::setup::{Setup, Start, Subject};
use crate::stateless::{Denial, Lists};
use crate::store::Store;
use crate::tell::Teller;
use crate::turn::Turn;
use crate::vendor::{Auth, Behind, Vendor};
use crate::webhook::Post;

/// The number of tickets that a vendor has from the start.
const N_TICKETS: usize = 3;

/// The number of items of a list that is made up.
const N_MADE_ITEMS: u64 = 5;

/// The number of made-up answers that are kept; they are the same each time.
const MAX_KEPT_ANSWERS: usize = 1000;

/// Mutable state of a running stand-in.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) log: Log,
    pub(crate) faults: Waiting,
    /// Counts how often the work of each operation was done.
    pub(crate) done: BTreeMap<String, u64>,
    pub(crate) start: Start,
    about: Facts,
    hits: VecDeque<Timestamp>,
    kept: BTreeMap<String, Value>,
}

impl World {
    /// Makes the state before the first request.
    pub(crate) fn new(setup: &Setup, start: Start) -> Self {
        let mut world = Self {
            store: Store::default(),
            tokens: Tokens::new(start.token_lifetime, start.seed),
            log: Log::default(),
            faults: Waiting::default(),
            done: BTreeMap::new(),
            start,
            about: Facts::new(),
            hits: VecDeque::new(),
            kept: BTreeMap::new(),
        };
        if let Subject::Vendor(vendor, _) = &setup.subject {
            let n_tickets = start.n_tickets.unwrap_or(N_TICKETS);
            (vendor.furnish)(&mut world.turn(setup, &Arguments::default()), n_tickets);
            world.about = (vendor.about)(&world.store);
        }
        world
    }

    fn turn<'a>(&'a mut self, setup: &'a Setup, arguments: &'a Arguments) -> Turn<'a> {
        Turn {
            arguments,
            store: &mut self.store,
            tokens: &mut self.tokens,
            credentials: &setup.credentials,
            now: setup.clock.now(),
            seed: self.start.seed,
            url: &setup.url,
        }
    }

    /// Does the work of a request, and answers it.
    pub(crate) fn answer(&mut self, setup: &Setup, asked: &Asked<'_>) -> Answer {
        let operation = Some(asked.operation);
        let outcome = match &setup.subject {
            Subject::Vendor(vendor, _) => self
                .work(setup, vendor, asked)
                .map_err(|refusal| self.refuse(setup, vendor, operation, &refusal)),
            Subject::Spec(spec) => match self.is_one_too_many(setup) {
                true => Err(Denial::from(Refused::TooMany)),
                false => spec.answer(
                    asked,
                    &setup.credentials,
                    &lists(setup, self.start),
                    &mut self.kept,
                ),
            }
            .map_err(|denial| spec.deny(operation, &denial)),
        };
        if outcome.is_ok() {
            *self.done.entry(asked.id.to_owned()).or_default() += 1;
        }
        outcome.unwrap_or_else(|refused| refused)
    }

    /// Writes the webhooks that a request caused: those of the operation, or of registering a
    /// receiver if it is empty.
    pub(crate) fn notices(
        &mut self,
        setup: &Setup,
        operation: &str,
        arguments: &Arguments,
        answer: &Value,
    ) -> Vec<Post> {
        let Subject::Vendor(vendor, prepared) = &setup.subject else { return Vec::new() };
        let caused = vendor.notices.iter().filter(|notice| notice.operation == operation);
        let turn = self.turn(setup, arguments);
        let posts = caused.filter_map(|notice| {
            let body = (notice.body)(&turn, answer)?;
            let webhook = prepared.webhooks.get(notice.webhook)?;
            webhook.post(notice.webhook, &body, &setup.credentials.webhook_secret).ok()
        });
        posts.collect()
    }

    /// Refuses on request.
    pub(crate) fn refuse_for(
        &self,
        setup: &Setup,
        operation: Option<&Operation>,
        why: Refused,
    ) -> Answer {
        match &setup.subject {
            Subject::Vendor(vendor, _) => {
                self.refuse(setup, vendor, operation, &Refusal::from(why))
            }
            Subject::Spec(spec) => spec.deny(operation, &Denial::from(why)),
        }
    }

    /// Refuses a request that no operation takes.
    pub(crate) fn refuse_unknown(&self, setup: &Setup, method: &str, path: &str) -> Answer {
        match &setup.subject {
            Subject::Vendor(vendor, _) => {
                self.refuse(setup, vendor, None, &Refusal::NoSuchOperation)
            }
            Subject::Spec(spec) => spec.unknown(method, path),
        }
    }

    fn work(
        &mut self,
        setup: &Setup,
        vendor: &'static Vendor,
        asked: &Asked<'_>,
    ) -> Result<Answer, Refusal> {
        if self.is_one_too_many(setup) {
            return Err(Refusal::TooMany);
        }
        self.admit(setup, vendor, asked)?;
        let limit = asked.operation.max_request_bytes;
        if limit.is_some_and(|limit| asked.body.len() as u64 > limit) {
            return Err(Refusal::TooLarge);
        }
        check(&setup.subject.prepared().contract, asked.operation, asked.arguments)?;
        let Some(facts) = vendor.act(asked.id, &mut self.turn(setup, asked.arguments)) else {
            return self.made_up(setup, vendor, asked);
        };
        let mut facts = facts?;
        if let Some(paging) = &asked.operation.paging {
            cut_to_page(&mut facts, paging, asked.arguments, setup.page_size, vendor.behind)?;
        }
        Ok(self.success(setup, vendor, asked.operation, facts))
    }

    /// Counts a request, and tells whether the spec's rate limit forbids it.
    fn is_one_too_many(&mut self, setup: &Setup) -> bool {
        let limit = setup.subject.prepared().limit.filter(|_| setup.is_limited);
        let Some((most, seconds)) = limit else { return false };
        let (now, span) = (setup.clock.now(), SignedDuration::from_secs(seconds.into()));
        while self.hits.front().is_some_and(|hit| now.duration_since(*hit) >= span) {
            self.hits.pop_front();
        }
        let is_one_too_many = self.hits.len() >= most;
        if !is_one_too_many {
            self.hits.push_back(now);
        }
        is_one_too_many
    }

    /// Checks the credential of a request.
    fn admit(&self, setup: &Setup, vendor: &Vendor, asked: &Asked<'_>) -> Result<(), Refusal> {
        if setup.subject.prepared().open.contains(asked.id) {
            return Ok(());
        }
        let token = match vendor.auth {
            Auth::PathSecret => asked.arguments.text("token"),
            Auth::Bearer | Auth::Login(_) => asked.bearer().map(str::to_owned),
        };
        let token = token.ok_or(Refusal::NoToken)?;
        let standing = match vendor.auth {
            Auth::Login(_) => self.tokens.standing(&token, setup.clock.now()),
            Auth::PathSecret | Auth::Bearer if token == setup.credentials.token => Standing::Good,
            Auth::PathSecret | Auth::Bearer => Standing::Unknown,
        };
        match standing {
            Standing::Good => Ok(()),
            Standing::Expired => Err(Refusal::ExpiredToken),
            Standing::Unknown => Err(Refusal::NoToken),
        }
    }

    /// Makes an answer of these facts; other required members are made up.
    fn success(
        &self,
        setup: &Setup,
        vendor: &Vendor,
        operation: &Operation,
        mut facts: Facts,
    ) -> Answer {
        envelope::succeed(operation, &mut facts, vendor.done);
        let teller = self.teller(setup, self.start.seed);
        let body = json_of(operation, 200).and_then(|shape| teller.tell(shape, &facts));
        Answer::new(200, body.map_or(Body::Absent, Body::json))
    }

    /// Makes up an answer, the same each time, and repeats the arguments in it.
    fn made_up(
        &mut self,
        setup: &Setup,
        vendor: &Vendor,
        asked: &Asked<'_>,
    ) -> Result<Answer, Refusal> {
        let seed = chance::number(self.start.seed, asked.id);
        let mut facts = Facts::new();
        envelope::succeed(asked.operation, &mut facts, vendor.done);
        if let Some(paging) = &asked.operation.paging {
            let items = (0..N_MADE_ITEMS).map(|number| Fact::Made(seed.wrapping_add(number)));
            facts.set_at(&paging.items, items.collect::<Vec<_>>());
            cut_to_page(&mut facts, paging, asked.arguments, setup.page_size, vendor.behind)?;
        }
        let key = asked.operation.paging.is_none().then(|| asked.id.to_owned());
        let kept = key.as_ref().and_then(|key| self.kept.get(key)).cloned();
        let body = kept.or_else(|| {
            let shape = json_of(asked.operation, 200)?;
            self.teller(setup, seed).fill(shape, &facts)
        });
        if let (Some(key), Some(body)) = (key, &body) {
            if self.kept.len() < MAX_KEPT_ANSWERS {
                self.kept.insert(key, body.clone());
            }
        }
        let Some(mut body) = body else { return Ok(Answer::new(200, Body::Absent)) };
        echo(setup, asked, &mut body);
        Ok(Answer::new(200, Body::json(body)))
    }

    fn teller<'a>(&'a self, setup: &'a Setup, seed: u64) -> Teller<'a> {
        let contract = &setup.subject.prepared().contract;
        Teller { contract, store: &self.store, about: &self.about, seed }
    }

    /// Refuses in the vendor's wording.
    fn refuse(
        &self,
        setup: &Setup,
        vendor: &Vendor,
        operation: Option<&Operation>,
        refusal: &Refusal,
    ) -> Answer {
        let said = (vendor.say)(refusal);
        let told = operation.filter(|_| said.wording != Wording::Page).and_then(|operation| {
            let facts = failure(operation, &said);
            let shape = json_of(operation, said.status)?;
            let told = self.teller(setup, self.start.seed).tell(shape, &facts)?;
            Some(without_nulls(&facts, told))
        });
        Answer::new(said.status, told.map_or(Body::Page, Body::json))
    }
}

fn lists(setup: &Setup, start: Start) -> Lists {
    Lists { seed: start.seed, page_size: setup.page_size, n_items: start.n_tickets }
}

/// Cuts the list in `facts` down to the requested page.
///
/// # Errors
///
/// The page is behind the last, and the vendor refuses that.
fn cut_to_page(
    facts: &mut Facts,
    paging: &Paging,
    arguments: &Arguments,
    size: Option<u64>,
    behind: Behind,
) -> Result<(), Refusal> {
    let Some(Fact::List(items)) = facts.at_mut(&paging.items) else { return Ok(()) };
    let page = Page::asked(paging, arguments, size, items.len());
    if page.is_behind_last() && behind == Behind::Refused {
        return Err(Refusal::NoSuchPage);
    }
    *items = items.drain(page.range()).collect();
    page.tell(facts);
    Ok(())
}

/// Repeats arguments in an answer that has members of their names.
fn echo(setup: &Setup, asked: &Asked<'_>, body: &mut Value) {
    let Some(members) = body.as_object_mut() else { return };
    let Some(shape) = json_of(asked.operation, 200) else { return };
    let sent: Map<String, Value> = asked.arguments.named().into_iter().collect();
    if sent.is_empty() {
        return;
    }
    let envelope = asked.operation.envelope.as_ref();
    let mut told = members.clone();
    for (name, member) in &mut told {
        let is_envelope =
            envelope.is_some_and(|envelope| !envelope.reads(name) || *name == envelope.tag);
        match member {
            Value::Object(inner) => overlay(inner, &sent),
            _ if is_envelope => (),
            member => {
                if let Some(value) = sent.get(name) {
                    *member = value.clone();
                }
            }
        }
    }
    let told = Value::Object(told);
    let contract = &setup.subject.prepared().contract;
    if prumo_drift::judge_value(contract, shape, &told.to_string()).is_empty() {
        *body = told;
    }
}

/// Leaves out the members of a refusal that have nothing to say.
fn without_nulls(facts: &Facts, told: Value) -> Value {
    let Value::Object(mut members) = told else { return told };
    members.retain(|name, value| !value.is_null() || facts.get(name).is_some());
    Value::Object(members)
}

/// Returns the facts of a refusal, under the envelope's names and those of a token endpoint.
fn failure(operation: &Operation, said: &Said) -> Facts {
    let message = || Fact::from(said.message.clone());
    let mut facts = Facts::new();
    match said.wording {
        Wording::Code => {
            facts.set("error", said.code);
            facts.set("error_description", message());
            facts.set("message", message());
        }
        Wording::Sentence => facts.set("message", message()),
        Wording::Envelope | Wording::Exception | Wording::Page => {
            let Some(envelope) = &operation.envelope else { return facts };
            let tag = envelope::failure(operation, envelope).unwrap_or(Value::Bool(true));
            facts.set(envelope.tag.clone(), tag);
            facts.set("success", false);
            if let Some(name) = &envelope.message {
                facts.set(name.clone(), message());
            }
            if let (Some(name), Some(errors)) = (&envelope.errors, &said.errors) {
                facts.set(name.clone(), Value::Array(errors.clone()));
            }
            if said.wording == Wording::Exception {
                facts.set("code", 0_u64);
                facts.set("description", "Trying to get property of non-object");
                facts.set("line", 120_u64);
                facts.set("file", "/var/www/exemplo/app/Exemplo.php");
                facts.set("hint", Value::Null);
                facts.set("error_type", Value::Null);
                facts.set("trace", vec![Fact::from("#0 /var/www/exemplo/app/Exemplo.php(120)")]);
            }
        }
    }
    facts
}

/// Replaces members by arguments of the same name.
fn overlay(members: &mut Map<String, Value>, sent: &Map<String, Value>) {
    for (name, member) in members {
        if let Some(value) = sent.get(name).filter(|value| !value.is_null()) {
            *member = value.clone();
        }
    }
}
