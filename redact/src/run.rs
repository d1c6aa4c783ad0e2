//! Redacts one exchange: first by marks and names, then by form and by what is known already.

mod path;
mod rest;
mod value;

use prumo_spec::HIDDEN;
use prumo_spec::openapi::ParameterPlace;

use super::fake::{Faker, is_mark};
use super::json::{Json, Token};
use super::known::Known;
use super::search::{Place, Search};
use super::secrets::Secrets;
use super::spec::{Matched, Nodes, Specs};
use super::{Counts, Sensitive, names, reserved};

/// A value is redacted at most this deep within texts.
const MAX_DEPTH: usize = 3;

/// The redaction of one exchange.
pub(super) struct Run<'a> {
    pub(super) faker: Faker,
    pub(super) specs: &'a Specs,
    /// Each replaced value and its fake.
    pub(super) known: Known,
    pub(super) secrets: Secrets,
    pub(super) counts: Counts,
    /// Parts of the path that need a search, by their index.
    segments: Vec<(String, bool)>,
}

/// The marks and the name of a value, and those of the value around it.
#[derive(Clone, Copy)]
struct Around<'n> {
    name: &'n str,
    inherited: &'n [Sensitive],
    is_top: bool,
    depth: usize,
}

impl<'n> Around<'n> {
    fn top() -> Self {
        Self { name: "", inherited: &[], is_top: true, depth: 0 }
    }

    fn named(name: &'n str, inherited: &'n [Sensitive]) -> Self {
        Self { name, inherited, is_top: false, depth: 0 }
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(faker: Faker, specs: &'a Specs, secrets: Secrets) -> Self {
        Self {
            faker,
            specs,
            known: Known::default(),
            secrets,
            counts: Counts::default(),
            segments: Vec::new(),
        }
    }

    pub(super) fn redact(mut self, exchange: &mut Json<'_>) -> Counts {
        without_bytes(exchange);
        self.settle(exchange);
        if is_exchange(exchange) {
            self.marked(exchange);
        } else {
            self.value(exchange, &Nodes::default(), Around::top());
        }
        self.gather(exchange);
        self.known.sort();
        let known = std::mem::take(&mut self.known);
        let secrets = self.secrets.compiled();
        let search = Search { faker: self.faker, known: &known, secrets: &secrets };
        self.path_searched(exchange, &search);
        self.searched(exchange, &search, Place::Value);
        content_length(exchange);
        self.counts
    }

    /// Settles words of the format and the spec, so that they stay even if a person wrote the same
    /// word elsewhere.
    fn settle(&mut self, exchange: &mut Json<'_>) {
        for (place, is_known) in reserved::WORDS {
            let found = place.iter().try_fold(&mut *exchange, |value, name| value.get_mut(name));
            if let Some(token) = found.and_then(Json::text_mut) {
                if is_known(self.specs, &token.text) {
                    token.settle();
                }
            }
        }
        if !is_exchange(exchange) {
            return;
        }
        for (name, value) in exchange.members_mut() {
            name.settle();
            value.members_mut().iter_mut().for_each(|(name, _)| name.settle());
        }
    }

    fn marked(&mut self, exchange: &mut Json<'_>) {
        let matched = self.specs.matched(exchange);
        if let Some(request) = exchange.get_mut("request") {
            self.path(request, &matched);
            self.parameters(request.get_mut("query"), &matched);
            self.headers(request.get_mut("headers"), &matched);
            let nodes = matched.request_body();
            self.bodies(request, &nodes);
            self.form(request.get_mut("form"), &nodes);
        }
        if let Some(response) = exchange.get_mut("response") {
            self.headers(response.get_mut("headers"), &matched);
            self.bodies(response, &matched.response_bodies());
        }
    }

    /// Redacts the bodies of a message: JSON, or a text that may hold JSON.
    fn bodies(&mut self, message: &mut Json<'_>, nodes: &Nodes<'_>) {
        for name in ["body", "text"] {
            if let Some(body) = message.get_mut(name) {
                self.value(body, nodes, Around::top());
            }
        }
    }

    /// Redacts the members of `query`, each a text or a list of texts.
    fn parameters(&mut self, query: Option<&mut Json<'_>>, matched: &Matched<'_>) {
        for (name, value) in query.map(Json::members_mut).unwrap_or_default() {
            let nodes = matched.parameter(ParameterPlace::Query, &name.text);
            let inherited: &[Sensitive] =
                if self.specs.is_credential(&name.text) { &[Sensitive::Secret] } else { &[] };
            self.value(value, &nodes, Around::named(&name.text, inherited));
        }
    }

    fn headers(&mut self, headers: Option<&mut Json<'_>>, matched: &Matched<'_>) {
        for (name, value) in headers.map(Json::members_mut).unwrap_or_default() {
            name.settle();
            let marks = matched.parameter(ParameterPlace::Header, &name.text).marks();
            if !marks.is_empty() {
                self.value(value, &Nodes::default(), Around::named(&name.text, &marks));
                continue;
            }
            let Json::Text(token) = value else {
                continue;
            };
            let credential = token.text.rsplit(' ').next().unwrap_or_default();
            let is_secret =
                names::is_secret_header(&name.text) || self.specs.is_credential(&name.text);
            if is_secret && !is_mark(credential) && token.text != HIDDEN {
                self.hide(token);
            }
        }
    }

    /// Replaces a header that carries credentials, and remembers them.
    fn hide(&mut self, token: &mut Token<'_>) {
        const HARMLESS: [&str; 8] =
            ["path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "bearer"];
        let is_harmless = |word: &str| HARMLESS.contains(&word.to_ascii_lowercase().as_str());
        for part in token.text.split([';', ',']) {
            let part = part.trim();
            let (name, value) = part.split_once('=').unwrap_or(("", part));
            if is_harmless(name) {
                continue;
            }
            self.secrets.add(value);
            // The word before credentials is short, such as `Basic`.
            let words = part.split(' ').filter(|word| word.len() >= 6 && !is_harmless(word));
            words.for_each(|word| self.secrets.add(word));
        }
        self.counts.count(Sensitive::Secret);
        token.replace(HIDDEN.to_owned());
    }

    fn form(&mut self, form: Option<&mut Json<'_>>, nodes: &Nodes<'_>) {
        let Some(Json::List(parts)) = form else {
            return;
        };
        for part in parts {
            let name = part.get("name").and_then(Json::text).unwrap_or_default().to_owned();
            for (member, value) in part.members_mut() {
                member.settle();
                // The name is the vendor's name for the field.
                if let ("name" | "content_type", Json::Text(token)) =
                    (member.text.as_ref(), &mut *value)
                {
                    token.settle();
                }
            }
            let (nodes, inherited) = nodes.part(&name);
            if let Some(value) = part.get_mut("value") {
                self.value(value, &nodes, Around::named(&name, &inherited));
            }
            if let Some(Json::Text(file)) = part.get_mut("file") {
                self.replace_text(file, &[Sensitive::FreeText]);
            }
        }
    }
}

/// Returns whether a value is an exchange and not a bare body.
fn is_exchange(value: &Json<'_>) -> bool {
    value.get("request").is_some() || value.get("response").is_some()
}

/// Removes bodies recorded as bytes, since encoded bytes can't be searched.
fn without_bytes(exchange: &mut Json<'_>) {
    for side in ["request", "response"] {
        let bytes = exchange.get_mut(side).and_then(|message| message.get_mut("base64"));
        if let Some(Json::Text(token) | Json::Number(token) | Json::Word(token)) = bytes {
            token.remove();
        }
    }
}

/// Corrects `content-length` by what the body has grown.
fn content_length(exchange: &mut Json<'_>) {
    for side in ["request", "response"] {
        let Some(message) = exchange.get_mut(side) else {
            continue;
        };
        let body = message.get("body").map_or(0, Json::growth);
        let text = message.get("text").map_or(0, |text| match text {
            Json::Text(token) => length(token.now()) - length(&token.text),
            _ => 0,
        });
        let grown = body + text;
        let headers = message.get_mut("headers").map(Json::members_mut).unwrap_or_default();
        for (name, value) in headers {
            let Some(token) =
                value.text_mut().filter(|_| name.text.eq_ignore_ascii_case("content-length"))
            else {
                continue;
            };
            if let Ok(old) = token.text.trim().parse::<i64>() {
                token.replace((old + grown).max(0).to_string());
            }
        }
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}
