//! Redacts one exchange: first by marks and names, then by form and by what is known already.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use prumo_spec::HIDDEN;
use prumo_spec::openapi::ParameterPlace;

use super::fake::{DOCUMENTS, Faker, is_boleto, is_card, is_mark};
use super::json::{Json, Token};
use super::known::Known;
use super::search::{Place, Search};
use super::secrets::Secrets;
use super::spec::{Matched, Nodes, Specs};
use super::{Counts, Sensitive, cues, detect, names, nobody, people};

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
        if exchange.get("request").is_some() || exchange.get("response").is_some() {
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
        for (place, is_known) in nobody::WORDS {
            let found = place.iter().try_fold(&mut *exchange, |value, name| value.get_mut(name));
            if let Some(token) = found.and_then(Json::text_mut) {
                if is_known(self.specs, &token.text) {
                    token.settle();
                }
            }
        }
        let is_exchange = exchange.get("request").is_some() || exchange.get("response").is_some();
        for (name, value) in exchange.members_mut().iter_mut().filter(|_| is_exchange) {
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

    /// Redacts the path, segment by segment along its template.
    fn path(&mut self, request: &mut Json<'_>, matched: &Matched<'_>) {
        let Some(token) = request.get_mut("path").and_then(Json::text_mut) else {
            return;
        };
        let template = matched.template();
        let n_segments = token.text.split('/').count();
        // A server's base path may come before the template's.
        let n_before = n_segments.checked_sub(template.len());
        for (index, segment) in token.text.split('/').enumerate() {
            let part = n_before
                .and_then(|n_before| index.checked_sub(n_before))
                .and_then(|index| template.get(index));
            let parameter = part.and_then(|part| part.strip_prefix('{')?.strip_suffix('}'));
            let done = match part {
                // The segment is the spec's own word.
                Some(part) if part == segment => Some(segment.to_owned()),
                _ => self.segment(segment, parameter, matched),
            };
            let is_open = done.is_none();
            self.segments.push((done.unwrap_or_else(|| segment.to_owned()), is_open));
        }
        token.settle();
    }

    /// Returns the segment without a marked value, or `None` if it needs a search.
    fn segment(
        &mut self,
        segment: &str,
        parameter: Option<&str>,
        matched: &Matched<'_>,
    ) -> Option<String> {
        if segment.starts_with('{') || segment.is_empty() {
            return Some(segment.to_owned());
        }
        let plain = percent_decode_str(segment).decode_utf8().unwrap_or(Cow::Borrowed(segment));
        let Some(name) = parameter else {
            // The spec does not describe the segment, so one as long as a token counts as a token.
            return (matched.is_empty() && is_token(segment)).then(|| {
                self.secrets.add(segment);
                self.counts.count(Sensitive::Secret);
                self.faker.fake(&[Sensitive::Secret], segment)
            });
        };
        if matched.is_secret(ParameterPlace::Path, name) {
            self.secrets.add(segment);
            self.secrets.add(&plain);
            self.counts.count(Sensitive::Secret);
            return Some(format!("{{{name}}}"));
        }
        let nodes = matched.parameter(ParameterPlace::Path, name);
        let kinds = or_implied(nodes.marks(), &nodes, name);
        let kind = *kinds.first()?;
        let fake = self.faker.fake(&kinds, &plain);
        self.known.add(kind, &plain, &fake);
        self.counts.count(kind);
        Some(percent_encoded(&fake))
    }

    fn path_searched(&mut self, exchange: &mut Json<'_>, search: &Search<'_>) {
        let path = exchange.get_mut("request").and_then(|request| request.get_mut("path"));
        let Some(token) = path.and_then(Json::text_mut) else {
            return;
        };
        let segments = std::mem::take(&mut self.segments).into_iter().map(|(segment, is_open)| {
            let found =
                is_open.then(|| search.text(&segment, Place::Id, &mut self.counts)).flatten();
            found.map_or(segment, |found| found.replace([' ', '/'], "%20"))
        });
        let path: Vec<String> = segments.collect();
        token.replace(path.join("/"));
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

    /// Redacts one value of a body by marks and names.
    fn value(&mut self, value: &mut Json<'_>, nodes: &Nodes<'_>, around: Around<'_>) {
        let mut kinds = nodes.marks();
        if kinds.is_empty() {
            kinds = around.inherited.to_vec();
        }
        match value {
            Json::Object(members) => {
                let told = told(members);
                for (name, member) in members {
                    if nodes.declares(&name.text) {
                        name.settle();
                    }
                    let nodes = nodes.below(&name.text);
                    // The message of an envelope is the vendor's, not free text of a person.
                    let is_envelope =
                        around.is_top && !member.is_container() && names::is_message(&name.text);
                    let name = match &told {
                        _ if is_envelope => "",
                        Some(told) if names::is_value(&name.text) => told,
                        _ => &name.text,
                    };
                    let around =
                        Around { name, inherited: &kinds, is_top: false, depth: around.depth };
                    self.value(member, &nodes, around);
                }
            }
            Json::List(items) => {
                let nodes = nodes.items();
                for item in items {
                    self.value(item, &nodes, Around { inherited: &kinds, is_top: false, ..around });
                }
            }
            Json::Text(_) | Json::Number(_) => self.leaf(value, nodes, kinds, around),
            Json::Word(_) => {}
        }
    }

    fn leaf(
        &mut self,
        value: &mut Json<'_>,
        nodes: &Nodes<'_>,
        mut kinds: Vec<Sensitive>,
        around: Around<'_>,
    ) {
        if kinds.is_empty() {
            kinds = nodes.implied(around.name);
            let is_free = nodes.is_impersonal() && kinds != [Sensitive::BirthDate];
            if nodes.is_enum() || is_free {
                match value {
                    Json::Text(token) | Json::Number(token) => token.settle(),
                    _ => {}
                }
                return;
            }
            if !names::may_be_personal(around.name, value, &kinds) {
                self.within(value, nodes, around);
                return;
            }
        }
        match value {
            Json::Text(token) => self.replace_text(token, &kinds),
            Json::Number(token) => self.replace_number(token, &kinds),
            _ => {}
        }
    }

    /// Remembers the persons of JSON that is written in a text; the search replaces them.
    fn within(&mut self, value: &Json<'_>, nodes: &Nodes<'_>, around: Around<'_>) {
        let Some(text) = value.text().filter(|text| around.depth < MAX_DEPTH && is_json_text(text))
        else {
            return;
        };
        if let Some(mut inner) = Json::parse(text) {
            let counts = self.counts.clone();
            self.value(&mut inner, nodes, Around { depth: around.depth + 1, ..around });
            self.counts = counts;
        }
    }

    fn replace_text(&mut self, token: &mut Token<'_>, kinds: &[Sensitive]) {
        if !token.is_open() || token.text.is_empty() {
            return;
        }
        let text = token.text.to_string();
        let fake = self.faker.fake(kinds, &text);
        self.replaced(kinds, &text, &fake);
        token.replace(fake);
    }

    fn replace_number(&mut self, token: &mut Token<'_>, kinds: &[Sensitive]) {
        if !token.is_open() {
            return;
        }
        let text = token.text.to_string();
        let fake = self.faker.fake_number(kinds, &text);
        self.replaced(kinds, &text, &fake);
        token.replace(fake);
    }

    /// Remembers a replaced value.
    fn replaced(&mut self, kinds: &[Sensitive], text: &str, fake: &str) {
        let Some(kind) = kinds.first().copied().filter(|_| text != fake) else {
            return;
        };
        self.counts.count(kind);
        if kinds.contains(&Sensitive::Secret) {
            self.secrets.add(text);
        } else {
            self.known.add(kind, text, fake);
        }
    }

    /// Remembers persons that texts name, so that they are found wherever they are named again.
    fn gather(&mut self, value: &Json<'_>) {
        match value {
            Json::Text(token) => self.gather_text(token),
            Json::List(items) => items.iter().for_each(|item| self.gather(item)),
            Json::Object(members) => {
                for (name, member) in members {
                    self.gather_text(name);
                    self.gather(member);
                }
            }
            Json::Word(_) | Json::Number(_) => {}
        }
    }

    fn gather_text(&mut self, token: &Token<'_>) {
        // A free text that was replaced still names its persons.
        let view = super::view::View::of(&token.text);
        let text = view.text();
        if text.len() < 6 || is_mark(text) {
            return;
        }
        for at in people::found(text) {
            let name = text.get(at).unwrap_or_default();
            if name.contains(' ') {
                self.known.add(Sensitive::Name, name, &self.faker.fake(&[Sensitive::Name], name));
            }
        }
        for (at, kind) in cues::found(text) {
            let part = text.get(at).unwrap_or_default();
            match kind {
                Sensitive::Secret if part.len() >= 6 => self.secrets.add(part),
                Sensitive::Name if part.contains(' ') => {
                    self.known.add(kind, part, &self.faker.fake(&[kind], part));
                }
                Sensitive::BirthDate => self.known.add(kind, part, &self.faker.fake(&[kind], part)),
                _ => {}
            }
        }
    }

    /// Redacts everything that is open yet, by form and by known values.
    fn searched(&mut self, value: &mut Json<'_>, search: &Search<'_>, place: Place) {
        match value {
            Json::Text(token) => self.search_text(token, search, place),
            Json::Number(token) => self.search_number(token, search, place),
            Json::List(items) => {
                items.iter_mut().for_each(|item| self.searched(item, search, place));
            }
            Json::Object(members) => {
                for (name, member) in members.iter_mut() {
                    let place = if names::is_id(&name.text) { Place::Id } else { Place::Value };
                    self.searched(member, search, place);
                    self.search_name(name, search);
                }
                apart(members);
            }
            Json::Word(_) => {}
        }
    }

    fn search_name(&mut self, name: &mut Token<'_>, search: &Search<'_>) {
        if !name.is_open() {
            return;
        }
        if let Some(new) = search.text(&name.text, Place::Name, &mut self.counts) {
            name.replace(new);
        }
    }

    fn search_text(&mut self, token: &mut Token<'_>, search: &Search<'_>, place: Place) {
        if !token.is_open() {
            return;
        }
        let inner =
            Some(&token.text).filter(|text| is_json_text(text)).and_then(|text| Json::parse(text));
        if let Some(mut inner) = inner {
            self.value(&mut inner, &Nodes::default(), Around { is_top: false, ..Around::top() });
            self.searched(&mut inner, search, place);
            let written = inner.written(&token.text);
            token.replace(written);
            return;
        }
        if let Some(new) = search.text(&token.text, place, &mut self.counts) {
            token.replace(new);
        }
    }

    fn search_number(&mut self, token: &mut Token<'_>, search: &Search<'_>, place: Place) {
        if !token.is_open() {
            return;
        }
        let text = token.text.to_string();
        if !search.secrets.found(&text).is_empty() {
            self.counts.count(Sensitive::Secret);
            token.replace(self.faker.fake_number(&[Sensitive::Secret], &text));
            return;
        }
        let known = search
            .known
            .number(&text)
            .filter(|(_, fake)| fake.len() == text.len() && !fake.starts_with('0'));
        let (kind, fake) = match known {
            Some((kind, fake)) => (*kind, fake.clone()),
            None => match self.kind_of_number(&text, place) {
                Some(kind) => (kind, self.faker.fake_number(&[kind], &text)),
                None => return,
            },
        };
        self.counts.count(kind);
        token.replace(fake);
    }

    /// Returns the kind of a number that can only be personal.
    fn kind_of_number(&self, digits: &str, place: Place) -> Option<Sensitive> {
        let fits =
            |kind: Sensitive| DOCUMENTS.iter().any(|row| row.kind == kind && row.fits(digits));
        let is_phone =
            || place == Place::Value && digits.len() == 11 && !detect::found(digits).is_empty();
        match digits.len() {
            11 if fits(Sensitive::Cpf) => Some(Sensitive::Cpf),
            14 if fits(Sensitive::Cnpj) && !detect::found(digits).is_empty() => {
                Some(Sensitive::Cnpj)
            }
            15 | 16 if is_card(digits) && place == Place::Value => Some(Sensitive::Payment),
            44.. if is_boleto(digits) => Some(Sensitive::Payment),
            11 if is_phone() => Some(Sensitive::Phone),
            _ => None,
        }
    }
}

/// Returns the marks, or else the kinds that the format or the name implies.
fn or_implied(marks: Vec<Sensitive>, nodes: &Nodes<'_>, name: &str) -> Vec<Sensitive> {
    if marks.is_empty() { nodes.implied(name) } else { marks }
}

/// Returns whether a text is thirty-two or more hexadecimal digits, or a JWT.
fn is_token(text: &str) -> bool {
    let is_hexadecimal = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal || (text.starts_with("eyJ") && text.matches('.').count() == 2)
}

/// Returns whether a text may be an object or a list of JSON.
fn is_json_text(text: &str) -> bool {
    let text = text.trim();
    text.len() > 2 && text.starts_with(['{', '[']) && text.ends_with(['}', ']'])
}

/// Returns the name that one member gives to another: `{"nome": "CPF", "valor": "…"}`.
fn told(members: &mut [(Token<'_>, Json<'_>)]) -> Option<String> {
    let has_value = members.iter().any(|(name, _)| names::is_value(&name.text));
    let naming = members.iter_mut().find(|(name, _)| has_value && names::is_naming(&name.text));
    let token = naming.and_then(|(_, value)| value.text_mut())?;
    // The name of a field is a word or two; anything else may be a person.
    let is_label = !token.text.contains(|c: char| c == '@' || c.is_ascii_digit());
    names::kind(&token.text).filter(|_| is_label)?;
    token.settle();
    Some(token.text.to_string())
}

/// Keeps names of members apart that became one.
fn apart(members: &mut [(Token<'_>, Json<'_>)]) {
    for index in 1..members.len() {
        let (before, rest) = members.split_at_mut(index);
        let Some((name, _)) = rest.first_mut() else {
            continue;
        };
        let is_taken = |name: &Token<'_>| {
            before.iter().any(|(other, _)| other.now() == name.now() && other.text != name.text)
        };
        for number in 2..1000 {
            if !is_taken(name) {
                break;
            }
            let next = format!("{} {number}", name.now());
            name.replace(next);
        }
    }
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

/// Encodes the characters that a path segment can't hold.
fn percent_encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@{}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}
