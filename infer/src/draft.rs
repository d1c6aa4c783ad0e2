//! Puts the draft of a document together.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::invented_name;
use serde_json::{Map, Value, json};

use crate::calls::Calls;
use crate::credential::Credential;
use crate::envelope::{self, Envelope, Envelopes};
use crate::evidence::{Endpoint, Evidence, Part};
use crate::note::Note;
use crate::operation::{self, Path, Requests};
use crate::options::Options;
use crate::shared::Components;
use crate::{host, paths, yaml};

/// The server of a recording without hosts.
const NO_SERVER: &str = "https://api.example.com";

/// The draft of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The document in YAML.
    pub text: String,
    /// Notes for the person who completes the draft, sorted.
    pub notes: Vec<Note>,
    /// The number of operations.
    pub n_operations: usize,
    /// The number of exchanges that they are drafted from.
    pub n_exchanges: u64,
}

/// One operation before it is written.
struct Drafted<'c> {
    endpoint: &'c Endpoint,
    calls: &'c Calls,
    envelope: Option<Envelope>,
    requests: Requests,
}

impl Evidence {
    /// Returns the draft of a document.
    pub fn draft(&self, options: &Options) -> Draft {
        Draft::of(self, options)
    }
}

impl Draft {
    fn of(evidence: &Evidence, options: &Options) -> Self {
        let mut notes = Vec::new();
        for (reason, count) in &evidence.left_out {
            notes.push(Note::of("left out", format!("{count} requests {reason}")));
        }
        let chosen = host::chosen(evidence, options, &mut notes);
        let traffic = paths::templated(&chosen.traffic);
        if traffic.n_others > 0 {
            let text = format!("{} calls: there are too many endpoints", traffic.n_others);
            notes.push(Note::of("left out", text));
        }
        let drafted: Vec<Drafted<'_>> = traffic
            .endpoints
            .iter()
            .map(|(endpoint, calls)| {
                let envelope = envelope::of(calls);
                let requests = Requests::of(calls, envelope.as_ref());
                Drafted { endpoint, calls, envelope, requests }
            })
            .collect();
        let mut writer = Writer::new(options, &drafted);
        let secrets = operation::secrets(&traffic.endpoints);
        let none = BTreeSet::new();
        for one in &drafted {
            writer.operation(one, secrets.get(one.endpoint).unwrap_or(&none));
        }
        let n_exchanges = drafted.iter().map(|one| one.calls.count).sum();
        let servers = chosen.servers();
        if servers.is_empty() {
            let text = "the recording has no host: write the server's URL".to_owned();
            writer.notes.push(Note::of("decide", text));
        }
        notes.append(&mut writer.notes);
        notes.sort();
        notes.dedup();
        let document = writer.document(servers);
        let text = format!("{}{}", head(n_exchanges, &notes), yaml::written(&document));
        Self { text, notes, n_operations: drafted.len(), n_exchanges }
    }
}

/// The most notes that the draft itself repeats.
const MAX_NOTES: usize = 40;

/// Returns the comment at the start of a draft.
fn head(n_exchanges: u64, notes: &[Note]) -> String {
    let exchanges = if n_exchanges == 1 { "exchange" } else { "exchanges" };
    let mut text = format!(
        "# A draft by `prumo infer` from {n_exchanges} recorded {exchanges}. It says what came, not what may come:\n\
         # complete it, correct the names, and say in `x-source` what else it rests on.\n"
    );
    let decisions = notes.iter().filter(|note| note.kind == "decide").take(MAX_NOTES);
    decisions.for_each(|note| text += &format!("# To decide: {}.\n", note.text));
    text
}

struct Writer<'o> {
    options: &'o Options,
    envelopes: Envelopes,
    /// The credentials of most operations.
    credentials: BTreeSet<Credential>,
    all_credentials: BTreeSet<Credential>,
    /// Whether any request has headers.
    has_headers: bool,
    /// The number of words that all paths start with.
    n_common: usize,
    ids: BTreeSet<String>,
    recorded: BTreeMap<String, usize>,
    paths: BTreeMap<String, Map<String, Value>>,
    components: Components,
    notes: Vec<Note>,
}

impl<'o> Writer<'o> {
    fn new(options: &'o Options, drafted: &[Drafted<'_>]) -> Self {
        let envelopes = Envelopes::of(drafted.iter().map(|one| (one.calls, one.envelope.clone())));
        let mut votes: BTreeMap<BTreeSet<Credential>, usize> = BTreeMap::new();
        let mut recorded: BTreeMap<String, usize> = BTreeMap::new();
        for one in drafted {
            *votes.entry(one.requests.credentials()).or_default() += 1;
            for name in &one.calls.names {
                *recorded.entry(name.clone()).or_default() += 1;
            }
        }
        let all_credentials = votes.keys().flatten().cloned().collect();
        // Operations without credentials are the exception, however many they are.
        let named = votes.into_iter().rev().filter(|(set, _)| !set.is_empty());
        let credentials = named.max_by_key(|(_, count)| *count).map(|(set, _)| set);
        Self {
            options,
            envelopes,
            credentials: credentials.unwrap_or_default(),
            all_credentials,
            has_headers: drafted.iter().any(|one| one.requests.all.n_with_headers > 0),
            n_common: n_common(drafted),
            ids: BTreeSet::new(),
            recorded,
            paths: BTreeMap::new(),
            components: Components::default(),
            notes: Vec::new(),
        }
    }

    fn operation(&mut self, one: &Drafted<'_>, secrets: &BTreeSet<usize>) {
        let Drafted { endpoint, calls, envelope, requests } = one;
        let mut others: BTreeSet<String> = requests.all.query.keys().cloned().collect();
        others.extend(requests.all.headers.keys().cloned());
        let path = Path::of(endpoint, &calls.segments, secrets, &others);
        let id = self.id(endpoint, calls, &path);
        let mut operation = Map::new();
        operation.insert("operationId".to_owned(), json!(id));
        operation.insert("x-source".to_owned(), self.source(calls));
        let has_tag = calls.by_answer.keys().any(|(_, case)| case.is_some());
        if let Some(patch) = self.envelopes.patch(envelope.as_ref()) {
            operation.insert("x-envelope".to_owned(), patch);
            if envelope.is_none() && has_tag {
                let text = format!("only some responses of `{id}` have the envelope's tag");
                self.notes.push(Note::of("decide", text));
            }
        }
        self.add_security(requests, &mut operation);
        let mut parameters = path.parameters(calls, secrets);
        parameters.extend(operation::parameters(requests, &id, &mut self.notes));
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if let Some(body) = operation::request_body(requests, &id, &mut self.notes) {
            operation.insert("requestBody".to_owned(), body);
        }
        if requests.are_refused {
            let text = format!("every recorded call of `{id}` was refused");
            self.notes.push(Note::of("decide", text));
        }
        let responses = operation::responses(calls, envelope.as_ref(), &id, &mut self.components);
        operation.insert("responses".to_owned(), responses);
        let item = self.paths.entry(path.template).or_default();
        item.insert(endpoint.method.to_ascii_lowercase(), Value::Object(operation));
    }

    /// Returns the recorded name if it is this operation's alone, else one from method and path.
    fn id(&mut self, endpoint: &Endpoint, calls: &Calls, path: &Path) -> String {
        let is_id = |name: &str| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_part)
        };
        let own: Vec<&String> = calls.names.iter().collect();
        let recorded = match own.as_slice() {
            [only] if self.recorded.get(*only) == Some(&1) && is_id(only) => Some((*only).clone()),
            [] => None,
            _ => {
                let text = format!("`{}` has several recorded names, or shares one", path.template);
                self.notes.push(Note::of("decide", text));
                None
            }
        };
        let rest: Vec<&str> = path.template.split('/').skip(1 + self.n_common).collect();
        let invented = invented_name(&endpoint.method, &format!("/{}", rest.join("/")));
        let first = recorded.unwrap_or(invented);
        let numbered = (2..).map(|number| format!("{first}_{number}"));
        let id = std::iter::once(first.clone())
            .chain(numbered)
            .find(|id| self.ids.insert(prumo_spec::method_key(id)));
        id.unwrap_or_default()
    }

    fn source(&self, calls: &Calls) -> Value {
        let evidence = match calls.count {
            1 => "1 recorded exchange".to_owned(),
            count => format!("{count} recorded exchanges"),
        };
        let date = calls.latest.as_ref().unwrap_or(&self.options.date);
        json!({"evidence": evidence, "date": date})
    }

    fn add_security(&self, requests: &Requests, operation: &mut Map<String, Value>) {
        let own = requests.credentials();
        let is_known = requests.all.n_with_headers > 0 || !own.is_empty();
        if own != self.credentials && is_known {
            operation.insert("security".to_owned(), security(&own));
        }
    }

    fn document(mut self, servers: Vec<String>) -> Value {
        let urls = if servers.is_empty() { vec![NO_SERVER.to_owned()] } else { servers };
        let urls: Vec<Value> = urls.into_iter().map(|url| json!({"url": url})).collect();
        let mut document = Map::new();
        document.insert("openapi".to_owned(), json!("3.0.3"));
        let info = json!({"title": self.options.name, "version": "0"});
        document.insert("info".to_owned(), info);
        document.insert("servers".to_owned(), Value::Array(urls));
        if !self.credentials.is_empty() {
            document.insert("security".to_owned(), security(&self.credentials));
        }
        if let Some(envelope) = self.envelopes.root() {
            document.insert("x-envelope".to_owned(), envelope);
        }
        let items = std::mem::take(&mut self.paths).into_iter();
        let mut paths =
            Value::Object(items.map(|(path, item)| (path, Value::Object(item))).collect());
        let schemas = self.components.finish(&mut paths);
        document.insert("paths".to_owned(), paths);
        let mut components = Map::new();
        if !self.all_credentials.is_empty() {
            let all = self.all_credentials.iter();
            let schemes: Map<String, Value> = all.map(|one| (one.scheme(), scheme(one))).collect();
            components.insert("securitySchemes".to_owned(), Value::Object(schemes));
        }
        if !schemas.is_empty() {
            components.insert("schemas".to_owned(), Value::Object(schemas));
        }
        if !components.is_empty() {
            document.insert("components".to_owned(), Value::Object(components));
        }
        if self.has_headers {
            return Value::Object(document);
        }
        Value::Object(document)
    }
}

fn security(credentials: &BTreeSet<Credential>) -> Value {
    if credentials.is_empty() {
        return json!([]);
    }
    let all: Map<String, Value> =
        credentials.iter().map(|credential| (credential.scheme(), json!([]))).collect();
    json!([all])
}

fn scheme(credential: &Credential) -> Value {
    match credential {
        Credential::Bearer => json!({"type": "http", "scheme": "bearer"}),
        Credential::Basic => json!({"type": "http", "scheme": "basic"}),
        Credential::Header(name) => json!({"type": "apiKey", "in": "header", "name": name}),
        Credential::Query(name) => json!({"type": "apiKey", "in": "query", "name": name}),
    }
}

/// Returns the number of words that all paths start with, if something follows them.
fn n_common(drafted: &[Drafted<'_>]) -> usize {
    let Some(first) = drafted.first().filter(|_| drafted.len() > 1) else { return 0 };
    let is_common = |position: usize| {
        let part = first.endpoint.parts.get(position);
        matches!(part, Some(Part::Word(_)))
            && drafted.iter().all(|one| {
                let parts = &one.endpoint.parts;
                parts.len() > position + 1 && parts.get(position) == part
            })
    };
    (0..).take_while(|position| is_common(*position)).count()
}
