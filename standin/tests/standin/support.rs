//! Provides a client that knows no vendor, and a judge of its exchanges.

use prumo_drift::{
    Contract, Document, Finding, Observation, Origin, compare, read_exchange, read_openapi,
};
use prumo_standin::{Running, StandIn};
use serde_json::{Map, Value, json};

/// The specs of the crate.
pub(crate) const SPECS: [(&str, &str); 3] = [
    ("hubsoft", include_str!("../../specs/hubsoft.json")),
    ("tomticket-v1", include_str!("../../specs/tomticket-v1.json")),
    ("tomticket-v2", include_str!("../../specs/tomticket-v2.json")),
];

/// The media type of a form without files.
pub(crate) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Reads the contract of a spec.
pub(crate) fn contract(spec: &str) -> Contract {
    let (_, text) = SPECS.iter().find(|(name, _)| *name == spec).expect("a spec");
    read_openapi(&Document::parse(spec, text).expect("a document")).expect("a contract")
}

/// Starts a stand-in without a rate limit.
pub(crate) async fn start(spec: &str) -> Running {
    StandIn::named(spec).expect("a vendor").unlimited().start().await.expect("a free port")
}

/// A request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) form: Option<Vec<(String, Field)>>,
    /// A body that is neither JSON nor a form, with its media type.
    pub(crate) text: Option<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) bearer: Option<String>,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    Text(String),
    File(String, Vec<u8>),
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub content_type: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Told {
    /// Returns the body as JSON; null if it is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

impl Ask {
    /// Makes a request without a body.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), ..Self::default() }
    }

    /// Adds a JSON body.
    pub(crate) fn json(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// Adds a form of texts.
    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let fields =
            fields.iter().map(|(name, text)| ((*name).to_owned(), Field::Text((*text).to_owned())));
        Self { form: Some(fields.collect()), ..self }
    }

    /// Adds a file to the form.
    pub(crate) fn file(mut self, field: &str, name: &str, bytes: &[u8]) -> Self {
        let file = Field::File(name.to_owned(), bytes.to_vec());
        self.form.get_or_insert_default().push((field.to_owned(), file));
        self
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a token.
    pub(crate) fn bearer(self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self }
    }

    /// Sends the request; returns `None` if the connection broke.
    pub(crate) async fn send(&self, server: &Running) -> Option<Told> {
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().ok()?;
        let method = self.method.parse().ok()?;
        let mut request =
            client.request(method, format!("{}{}", server.url(), self.path)).query(&self.query);
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        if let Some(fields) = &self.form {
            let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
            request = request.header("content-type", content_type).body(multipart(fields));
        }
        if let Some((media_type, text)) = &self.text {
            request = request.header("content-type", media_type).body(text.clone());
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let text =
            |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect();
        let content_type = headers.iter().find(|(name, _)| name == "content-type");
        let content_type = content_type.map(|(_, value)| value.clone()).unwrap_or_default();
        Some(Told { status, content_type, headers, text: response.text().await.ok()? })
    }

    /// Returns the exchange as a recording.
    pub(crate) fn recorded(&self, told: &Told) -> Value {
        let mut query: Map<String, Value> = Map::new();
        for (name, text) in &self.query {
            query.insert(name.clone(), json!(text));
        }
        let form = self.form.as_ref().map(|fields| {
            let parts = fields.iter().map(|(name, field)| match field {
                Field::Text(text) => json!({"name": name, "value": text}),
                Field::File(file, bytes) => {
                    json!({"name": name, "file": file, "content_type": "text/plain", "bytes": bytes.len()})
                }
            });
            parts.collect::<Vec<_>>()
        });
        let body = Some(told.json()).filter(|_| told.content_type.contains("json"));
        let text = body.is_none().then(|| told.text.clone()).filter(|text| !text.is_empty());
        let mut sent: Map<String, Value> = Map::new();
        let mut answered = sent.clone();
        sent.extend(self.headers.iter().map(|(name, value)| (name.clone(), json!(value))));
        sent.extend(
            self.text.iter().map(|(media_type, _)| ("content-type".to_owned(), json!(media_type))),
        );
        answered.extend(told.headers.iter().map(|(name, value)| (name.clone(), json!(value))));
        json!({
            "request": {"method": self.method, "path": self.path, "query": query, "headers": sent,
                "body": self.body, "form": form, "text": self.text.as_ref().map(|(_, text)| text)},
            "response": {
                "status": told.status,
                "headers": answered,
                "body": body,
                "text": text,
            },
        })
    }
}

/// The boundary between the fields of a form.
const BOUNDARY: &str = "standin-boundary";

/// Writes the bytes of a form.
fn multipart(fields: &[(String, Field)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, field) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        bytes.extend_from_slice(head.as_bytes());
        match field {
            Field::Text(text) => bytes.extend_from_slice(format!("\r\n\r\n{text}").as_bytes()),
            Field::File(file, content) => {
                let rest = format!("; filename=\"{file}\"\r\nContent-Type: text/plain\r\n\r\n");
                bytes.extend_from_slice(rest.as_bytes());
                bytes.extend_from_slice(content);
            }
        }
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    bytes
}

/// Lists the findings about these exchanges.
pub(crate) fn judged(contract: &Contract, exchanges: &[Value]) -> Vec<Finding> {
    let mut observation = Observation::new(&[contract]);
    for (index, exchange) in exchanges.iter().enumerate() {
        let line = exchange.to_string();
        let exchange = read_exchange(line.as_bytes()).expect("an exchange");
        observation.observe(&exchange, &Origin { file: "standin", line: index as u64 + 1 });
    }
    let observed = observation.finish();
    compare(contract, observed.first().expect("a contract"))
}

/// Formats findings, one per line.
pub(crate) fn lines(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let operation = finding.operation.clone().unwrap_or_default();
        format!(
            "{} {operation} {} ({} for {})",
            finding.rule.name(),
            finding.at,
            finding.seen,
            finding.promised
        )
    };
    findings.iter().map(line).collect()
}
