//! Counts exchanges by host, method and path.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use prumo_drift::Exchange;
use prumo_spec::openapi::path_of_url;
use prumo_spec::percent_decoded;
use serde_json::Value;

use crate::calls::{Calls, Exchanges, Parameter, SegmentFacts};
use crate::credential::{self, Credential};
use crate::form;
use crate::segment::{self, Form, Segment};
use crate::tag::Case;

/// The most endpoints of a host. More of them are a crawl, not an API.
const MAX_ENDPOINTS: usize = 20_000;

/// The most segments of a path.
const MAX_SEGMENTS: usize = 24;

/// The most hosts.
const MAX_HOSTS: usize = 256;

/// The most values of a response that are compared with the path.
const MAX_ECHOES: usize = 4096;

/// Headers that every client sends, or that describe the body.
const USUAL_HEADERS: &[&str] = &[
    "accept",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "dnt",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "origin",
    "pragma",
    "priority",
    "range",
    "referer",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-requested-with",
    "x-real-ip",
    "x-request-id",
    "x-correlation-id",
];

/// The beginnings of such headers.
const USUAL_STARTS: &[&str] =
    &["accept-", "access-control-", "if-", "sec-", "x-forwarded-", "proxy-", ":"];

/// Counts of the exchanges in a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    pub(crate) hosts: BTreeMap<Option<String>, Traffic>,
    /// Exchanges that no operation is drafted from, by the reason.
    pub(crate) left_out: BTreeMap<&'static str, u64>,
}

/// The endpoints of one host.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Traffic {
    pub(crate) endpoints: BTreeMap<Endpoint, Calls>,
    /// Calls of endpoints beyond the bound.
    pub(crate) n_others: u64,
}

/// A method and a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Endpoint {
    pub(crate) method: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) ends_in_slash: bool,
}

/// A segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Word(String),
    /// A value, and the extension behind it.
    Value(&'static str),
}

impl Evidence {
    /// Counts one exchange.
    pub fn observe(&mut self, exchange: &Exchange<'_>) {
        if let Some(reason) = reason_to_leave_out(exchange) {
            *self.left_out.entry(reason).or_default() += 1;
            return;
        }
        let (endpoint, segments, query) = endpoint(exchange);
        let mut calls = Calls { count: 1, segments, ..Calls::default() };
        calls.names.extend(exchange.operation.as_deref().map(str::to_owned));
        calls.latest = exchange.at.as_deref().and_then(day).map(str::to_owned);
        let body = form::json_of_answer(exchange);
        if (200..300).contains(&exchange.response.status) {
            see_echoes(&endpoint, &mut calls, body.as_ref());
        }
        let case = body.as_ref().and_then(Case::of);
        let exchanges = exchanges(exchange, query, body.as_ref());
        calls.by_answer.insert((exchange.response.status, case), exchanges);
        let host = exchange.request.host.as_deref().map(str::to_owned);
        self.hosts.entry(host).or_default().add(endpoint, calls);
        self.bound();
    }

    /// Adds what another recording shows.
    pub fn absorb(&mut self, other: Self) {
        for (host, traffic) in other.hosts {
            let mine = self.hosts.entry(host).or_default();
            mine.n_others += traffic.n_others;
            for (endpoint, calls) in traffic.endpoints {
                mine.add(endpoint, calls);
            }
        }
        for (reason, count) in other.left_out {
            *self.left_out.entry(reason).or_default() += count;
        }
        self.bound();
    }

    fn bound(&mut self) {
        while self.hosts.len() > MAX_HOSTS {
            self.hosts.pop_last();
        }
    }
}

impl Traffic {
    pub(crate) fn add(&mut self, endpoint: Endpoint, calls: Calls) {
        match self.endpoints.entry(endpoint) {
            Entry::Occupied(mut known) => known.get_mut().absorb(calls),
            Entry::Vacant(place) => drop(place.insert(calls)),
        }
        while self.endpoints.len() > MAX_ENDPOINTS {
            if let Some((_, calls)) = self.endpoints.pop_last() {
                self.n_others += calls.count;
            }
        }
    }

    pub(crate) fn n_calls(&self) -> u64 {
        self.endpoints.values().map(|calls| calls.count).sum::<u64>() + self.n_others
    }
}

/// Returns why no operation is drafted from an exchange.
fn reason_to_leave_out(exchange: &Exchange<'_>) -> Option<&'static str> {
    const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "PATCH"];
    let request = &exchange.request;
    let method = request.method.to_ascii_uppercase();
    let media = exchange.response.headers.media_type().unwrap_or_default();
    let is_script =
        media.contains("javascript") || media == "text/css" || media.starts_with("font/");
    let file = bare_path(&request.path).rsplit('/').next().unwrap_or_default();
    let is_image = media.starts_with("image/") && file.contains('.');
    match () {
        () if request.path.is_empty() => Some("without a path"),
        () if request.host.as_deref().is_some_and(|host| host.ends_with(':')) => Some("to no host"),
        () if !METHODS.contains(&method.as_str()) => Some("of other methods (HEAD, OPTIONS, …)"),
        () if !(100..600).contains(&exchange.response.status) => Some("with a status beyond 599"),
        () if method == "GET" && (is_script || is_image) => Some("of a web page's files"),
        () => None,
    }
}

pub(crate) fn bare_path(path: &str) -> &str {
    path_of_url(path.split(['?', '#']).next().unwrap_or_default()).unwrap_or_default()
}

/// Returns the date of a time.
fn day(at: &str) -> Option<&str> {
    let day = at.get(..10)?;
    let date = prumo_spec::formats::Format::named("date")?;
    date.fits_text(day).then_some(day)
}

type Query = BTreeMap<String, Parameter>;

/// Returns the endpoint of a request, what its segments show, and its query.
fn endpoint(exchange: &Exchange<'_>) -> (Endpoint, Vec<SegmentFacts>, Query) {
    let request = &exchange.request;
    let path = bare_path(&request.path);
    let (mut parts, mut facts) = (Vec::new(), Vec::new());
    let mut before = None;
    let raw: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    for raw in raw.iter().take(MAX_SEGMENTS) {
        let mut one = SegmentFacts::default();
        match segment::read(raw, before) {
            Segment::Word(word) => {
                one.see(Form::Word, &word);
                parts.push(Part::Word(word.into_owned()));
            }
            Segment::Value { form, text, ending } => {
                one.see(form, &text);
                parts.push(Part::Value(ending));
            }
        }
        facts.push(one);
        before = Some(*raw);
    }
    let ends_in_slash = path.ends_with('/') && !parts.is_empty();
    let method = request.method.to_ascii_uppercase();
    (Endpoint { method, parts, ends_in_slash }, facts, query(exchange))
}

impl SegmentFacts {
    fn see(&mut self, form: Form, text: &str) {
        self.forms.insert(form);
        if form == Form::Placeholder {
            self.names.insert(text.to_owned());
            return;
        }
        self.texts.see(text);
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.prints.insert(hasher.finish());
    }
}

/// Returns the query, with the part of it that is in the path.
fn query(exchange: &Exchange<'_>) -> Query {
    let request = &exchange.request;
    let mut query = Query::new();
    let mut see = |name: &str, values: &mut dyn Iterator<Item = &str>| {
        let parameter = query.entry(name.to_owned()).or_default();
        for value in values {
            parameter.is_repeated |= parameter.n_present > 0;
            parameter.n_present = 1;
            parameter.texts.see(value);
        }
        // A list without items was sent, too.
        parameter.n_present = 1;
    };
    for (name, values) in &request.query {
        see(name, &mut values.iter().map(AsRef::as_ref));
    }
    let path = request.path.split('#').next().unwrap_or_default();
    let text = path.split_once('?').map_or("", |(_, text)| text);
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let [name, value] =
            [name, value].map(|text| percent_decoded(&text.replace('+', " ")).into_owned());
        see(&name, &mut std::iter::once(value.as_str()));
    }
    query
}

fn exchanges(exchange: &Exchange<'_>, query: Query, body: Option<&Value>) -> Exchanges {
    let mut one = Exchanges { count: 1, ..Exchanges::default() };
    for credential in credential::of_headers(exchange) {
        one.credentials.insert(credential, 1);
    }
    for (name, parameter) in query {
        if credential::is_query_credential(&name) {
            one.credentials.insert(Credential::Query(name), 1);
        } else {
            one.query.insert(name, parameter);
        }
    }
    for (name, value) in exchange.request.headers.iter() {
        one.n_with_headers = 1;
        let name = name.to_ascii_lowercase();
        if is_usual(&name) || credential::is_credential(&name) {
            continue;
        }
        let parameter = one.headers.entry(name).or_default();
        parameter.n_present = 1;
        parameter.texts.see(value);
    }
    form::see_request(exchange, &mut one);
    form::see_answer(exchange, body, &mut one);
    one
}

fn is_usual(header: &str) -> bool {
    USUAL_HEADERS.contains(&header)
        || USUAL_STARTS.iter().any(|start| header.starts_with(start))
        || prumo_redact::is_secret_header(header)
}

/// Notes the segments that the response has as a value.
fn see_echoes(endpoint: &Endpoint, calls: &mut Calls, body: Option<&Value>) {
    let Some(body) = body else { return };
    let (mut open, mut n_seen) = (vec![body], 0);
    while let Some(value) = open.pop() {
        n_seen += 1;
        match value {
            _ if n_seen > MAX_ECHOES => return,
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            Value::String(text) => {
                for (part, facts) in endpoint.parts.iter().zip(&mut calls.segments) {
                    if matches!(part, Part::Word(word) if word == text) {
                        facts.n_echoed = 1;
                    }
                }
            }
            _ => {}
        }
    }
}
