//! One stand-in: a vendor, what it knows, and what it answers to a request that was read.
//!
//! Invariant: every answer but those of faults is one that the spec promises.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use prumo_drift::Scalar;
use prumo_drift::contract::{Envelope, Operation};
use serde_json::{Map, Value};

use crate::answer::{Answer, Body};
use crate::arguments::Arguments;
use crate::chance;
use crate::check::check;
use crate::clock::Clock;
use crate::credentials::{Credentials, Standing, Tokens};
use crate::fact::{Fact, Facts};
use crate::fault::Waiting;
use crate::paging;
use crate::received::Log;
use crate::refusal::{Form, Refusal, Said};
use crate::store::Store;
use crate::tell::Teller;
use crate::turn::Turn;
use crate::vendor::{Auth, Prepared, Vendor};

/// How many items a list has that no deed makes.
const N_MADE_ITEMS: u64 = 5;

/// How many made-up answers are kept; they are the same each time.
const MAX_KEPT_ANSWERS: usize = 1000;

/// What does not change while a stand-in runs.
pub(crate) struct Setup {
    pub(crate) vendor: &'static Vendor,
    pub(crate) prepared: &'static Prepared,
    pub(crate) credentials: Credentials,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
    pub(crate) page_size: Option<u64>,
    pub(crate) is_limited: bool,
    pub(crate) is_controlled: bool,
    pub(crate) url: String,
}

/// What does.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) log: Log,
    pub(crate) faults: Waiting,
    /// How often each operation's work was done.
    pub(crate) done: BTreeMap<String, u64>,
    about: Facts,
    hits: VecDeque<Timestamp>,
    kept: BTreeMap<String, Value>,
}

/// A request that was read.
pub(crate) struct Asked<'a> {
    /// The operation that takes it.
    pub(crate) id: &'a str,
    pub(crate) operation: &'a Operation,
    pub(crate) arguments: &'a Arguments,
    /// The text behind `Bearer`.
    pub(crate) bearer: Option<&'a str>,
    pub(crate) n_bytes: u64,
}

impl World {
    /// A stand-in that begins with `n_tickets` tickets.
    pub(crate) fn new(setup: &Setup, lifetime: std::time::Duration, n_tickets: usize) -> Self {
        let mut world = Self {
            store: Store::default(),
            tokens: Tokens::new(lifetime, setup.seed),
            log: Log::default(),
            faults: Waiting::default(),
            done: BTreeMap::new(),
            about: Facts::new(),
            hits: VecDeque::new(),
            kept: BTreeMap::new(),
        };
        let arguments = Arguments::default();
        (setup.vendor.furnish)(&mut world.turn(setup, &arguments), n_tickets);
        world.about = (setup.vendor.about)(&world.store);
        world
    }

    fn turn<'a>(&'a mut self, setup: &'a Setup, arguments: &'a Arguments) -> Turn<'a> {
        Turn {
            arguments,
            store: &mut self.store,
            tokens: &mut self.tokens,
            credentials: &setup.credentials,
            now: setup.clock.now(),
            seed: setup.seed,
            url: &setup.url,
        }
    }

    /// Does what was asked, and answers.
    pub(crate) fn answer(&mut self, setup: &Setup, asked: &Asked<'_>) -> Answer {
        match self.work(setup, asked) {
            Ok(answer) => {
                *self.done.entry(asked.id.to_owned()).or_default() += 1;
                answer
            }
            Err(refusal) => self.refuse(setup, Some(asked.operation), &refusal),
        }
    }

    fn work(&mut self, setup: &Setup, asked: &Asked<'_>) -> Result<Answer, Refusal> {
        self.admit(setup, asked)?;
        let limit = asked.operation.max_request_bytes;
        if limit.is_some_and(|limit| asked.n_bytes > limit) {
            return Err(Refusal::TooLarge);
        }
        check(&setup.prepared.contract, asked.operation, asked.arguments)?;
        let Some(facts) = setup.vendor.act(asked.id, &mut self.turn(setup, asked.arguments)) else {
            return Ok(self.made_up(setup, asked));
        };
        let mut facts = facts?;
        if let Some(paging) = &asked.operation.paging {
            paging::cut(&mut facts, paging, asked.arguments, setup.page_size, setup.vendor.behind)?;
        }
        Ok(self.success(setup, asked.operation, facts, setup.seed))
    }

    /// Whether this many requests may come, and this one may ask.
    fn admit(&mut self, setup: &Setup, asked: &Asked<'_>) -> Result<(), Refusal> {
        let now = setup.clock.now();
        if let Some((most, seconds)) = setup.prepared.limit.filter(|_| setup.is_limited) {
            let span = SignedDuration::from_secs(seconds.into());
            while self.hits.front().is_some_and(|hit| now.duration_since(*hit) >= span) {
                self.hits.pop_front();
            }
            if self.hits.len() >= most {
                return Err(Refusal::TooMany);
            }
            self.hits.push_back(now);
        }
        if setup.prepared.open.contains(asked.id) {
            return Ok(());
        }
        let token = match setup.vendor.auth {
            Auth::PathSecret => asked.arguments.text("token"),
            Auth::Bearer | Auth::Login(_) => asked.bearer.map(str::to_owned),
        };
        let token = token.ok_or(Refusal::NoToken)?;
        let standing = match setup.vendor.auth {
            Auth::Login(_) => self.tokens.standing(&token, now),
            Auth::PathSecret | Auth::Bearer if token == setup.credentials.token => Standing::Good,
            Auth::PathSecret | Auth::Bearer => Standing::Unknown,
        };
        match standing {
            Standing::Good => Ok(()),
            Standing::Expired => Err(Refusal::ExpiredToken),
            Standing::Unknown => Err(Refusal::NoToken),
        }
    }

    /// An answer that holds these facts, and of the rest what nobody knows.
    fn success(&self, setup: &Setup, operation: &Operation, facts: Facts, seed: u64) -> Answer {
        let facts = with_envelope(setup, operation, facts);
        let teller = self.teller(setup, seed);
        let body = json_of(operation, 200).and_then(|shape| teller.tell(shape, &facts));
        Answer { status: 200, body: body.map_or(Body::None, Body::Json) }
    }

    /// An answer as full as the promise allows, the same each time, with what was sent told again.
    fn made_up(&mut self, setup: &Setup, asked: &Asked<'_>) -> Answer {
        let seed = chance::number(setup.seed, asked.id);
        let mut facts = with_envelope(setup, asked.operation, Facts::new());
        if let Some(paging) = &asked.operation.paging {
            let items = (0..N_MADE_ITEMS).map(|number| Fact::Made(seed.wrapping_add(number)));
            let mut steps: Vec<&str> = paging.items.split('/').skip(1).collect();
            let last = steps.pop().unwrap_or_default().to_owned();
            let list = Facts::new().with(last, items.collect::<Vec<_>>());
            let list =
                steps.into_iter().rev().fold(list, |list, step| Facts::new().with(step.to_owned(), list));
            facts.absorb(list);
            // Behind the last page nothing is made, whatever the vendor says of it.
            if let Err(refusal) =
                paging::cut(&mut facts, paging, asked.arguments, setup.page_size, setup.vendor.behind)
            {
                return self.refuse(setup, Some(asked.operation), &refusal);
            }
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
        let Some(mut body) = body else { return Answer { status: 200, body: Body::None } };
        self.echo(setup, asked, &mut body);
        Answer { status: 200, body: Body::Json(body) }
    }

    /// Tells again what was sent, where the answer has a place of that name for it.
    fn echo(&self, setup: &Setup, asked: &Asked<'_>, body: &mut Value) {
        let Some(members) = body.as_object_mut() else { return };
        let Some(shape) = json_of(asked.operation, 200) else { return };
        let sent: Map<String, Value> = asked.arguments.named().into_iter().collect();
        if sent.is_empty() {
            return;
        }
        let envelope = asked.operation.envelope.as_ref();
        let mut told = members.clone();
        for (name, member) in &mut told {
            let is_envelope = envelope.is_some_and(|envelope| !envelope.reads(name) || *name == envelope.tag);
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
        let contract = &setup.prepared.contract;
        if prumo_drift::judge_value(contract, shape, &told.to_string()).is_empty() {
            *body = told;
        }
    }

    fn teller<'a>(&'a self, setup: &'a Setup, seed: u64) -> Teller<'a> {
        Teller { contract: &setup.prepared.contract, store: &self.store, about: &self.about, seed }
    }

    /// How the vendor says that it does not.
    pub(crate) fn refuse(&self, setup: &Setup, operation: Option<&Operation>, refusal: &Refusal) -> Answer {
        let said = (setup.vendor.say)(refusal);
        let page = Answer { status: said.status, body: Body::Page };
        if said.form == Form::Page {
            return page;
        }
        let Some(operation) = operation else { return page };
        let facts = failure(operation, &said);
        let told = json_of(operation, said.status)
            .and_then(|shape| self.teller(setup, setup.seed).tell(shape, &facts));
        let body = told.map(without_nulls(&facts));
        Answer { status: said.status, body: body.map_or(Body::Page, Body::Json) }
    }
}

/// The members of a refusal are those that it has something to say of.
fn without_nulls(facts: &Facts) -> impl Fn(Value) -> Value + '_ {
    move |value| match value {
        Value::Object(members) => {
            let told =
                members.into_iter().filter(|(name, value)| !value.is_null() || facts.get(name).is_some());
            Value::Object(told.collect())
        }
        value => value,
    }
}

/// What a refusal says, under the envelope's names and those of a token endpoint.
fn failure(operation: &Operation, said: &Said) -> Facts {
    let message = || Fact::from(said.message.clone());
    let mut facts = Facts::new();
    match said.form {
        Form::Code => {
            facts.set("error", said.code);
            facts.set("error_description", message());
            facts.set("message", message());
        }
        Form::Sentence => facts.set("message", message()),
        Form::Envelope | Form::Exception | Form::Page => {
            let Some(envelope) = &operation.envelope else { return facts };
            facts.set(envelope.tag.clone(), failure_value(operation, envelope));
            facts.set("success", false);
            if let Some(name) = &envelope.message {
                facts.set(name.clone(), message());
            }
            if let Some(name) = envelope.errors.as_ref().filter(|_| !said.errors.is_empty()) {
                let errors: Vec<Fact> = said.errors.iter().map(|text| text.as_str().into()).collect();
                facts.set(name.clone(), errors);
            }
            if said.form == Form::Exception {
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

/// The tag's value that means failure.
fn failure_value(operation: &Operation, envelope: &Envelope) -> Value {
    let media = operation.responses.get("200").and_then(|body| body.media.get("application/json"));
    let branches = media.and_then(|media| media.tagged()).into_iter().flat_map(|all| all.branches.values());
    let mut values = branches.flat_map(|branch| &branch.values);
    let failure = values.find(|value| !envelope.success.contains(value)).map(Scalar::to_value);
    failure.unwrap_or(Value::Bool(true))
}

/// The facts with what the envelope says of a success.
fn with_envelope(setup: &Setup, operation: &Operation, mut facts: Facts) -> Facts {
    let Some(envelope) = &operation.envelope else { return facts };
    if let Some(success) = envelope.success.first() {
        facts.set(envelope.tag.clone(), success.to_value());
        facts.set("success", true);
    }
    if let Some(name) = &envelope.message {
        facts.set(name.clone(), setup.vendor.done.map(str::to_owned));
    }
    facts
}

/// The promised JSON of a status.
fn json_of(operation: &Operation, status: u16) -> Option<&prumo_drift::Shape> {
    let body = operation.response(status)?;
    body.media.get(body.media_key("application/json")?).map(|media| &*media.shape)
}

/// Members that were sent in place of those of the same name.
fn overlay(members: &mut Map<String, Value>, sent: &Map<String, Value>) {
    for (name, member) in members {
        if let Some(value) = sent.get(name).filter(|value| !value.is_null()) {
            *member = value.clone();
        }
    }
}
