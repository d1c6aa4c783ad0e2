//! Makes calls that are not in the spec, with everything that other calls have.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::sync::{Mutex, PoisonError};

use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::finite::{json_text, plain_text};
use crate::form::{FormBody, FormPayload};
use crate::inner::Inner;
use crate::job::{Job, Purpose, ReadMode};
use crate::pipeline;
use crate::query;
use crate::response::ResponseValue;
use crate::start::start;
use crate::table::{Envelope, Operation, Parameter, Place};

/// A call of an operation for which the client has no method.
///
/// It has the credentials, envelope, rate limit, retries, time limits, spans and redaction of the
/// client's own operations. In errors and spans its `operation` is `undocumented`. Path parameters
/// are given by their names in the template.
///
/// It returns the whole object without the envelope's members, because it is unknown which of them
/// holds the payload.
#[must_use]
pub struct Undocumented<'c> {
    inner: &'c Inner,
    operation: &'static Operation,
    path: BTreeMap<&'static str, String>,
    query: Vec<(String, String)>,
    body: Option<Result<RequestBody, Error>>,
    /// The first problem with a parameter. It is kept until `send`, so that no setter fails.
    refused: Option<String>,
}

enum RequestBody {
    Json(String),
    Form(FormPayload),
}

impl<'c> Undocumented<'c> {
    /// Starts a call. `path` is a template below the base URL.
    #[doc(hidden)]
    pub fn new(inner: &'c Inner, method: &'static str, path: &'static str) -> Self {
        let operation = operation(inner, method, path);
        Self {
            inner,
            operation,
            path: BTreeMap::new(),
            query: Vec::new(),
            body: None,
            refused: None,
        }
    }

    /// Sets `{name}` in the template. The client sets credentials itself.
    pub fn path(mut self, name: &'static str, value: impl Display + Serialize) -> Self {
        if let Some(text) = self.text(name, &value) {
            self.path.insert(name, text);
        }
        self
    }

    /// Adds a pair to the query.
    pub fn query(mut self, name: impl Into<String>, value: impl Display + Serialize) -> Self {
        let name = name.into();
        if let Some(text) = self.text(&name, &value) {
            self.query.push((name, text));
        }
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        let text = json_text(body).map_err(|why| Error::invalid(format!("the body {why}")));
        self.body = Some(text.map(RequestBody::Json));
        self
    }

    /// Sets a form as the body.
    pub fn form<T: FormBody + ?Sized>(mut self, body: &T) -> Self {
        self.body = Some(FormPayload::of(body).map(RequestBody::Form));
        self
    }

    /// Sends the call and decodes the response as JSON. `T` may be `serde_json::Value`.
    ///
    /// # Errors
    ///
    /// Returns any error that a call of an operation can fail with.
    pub async fn send<T: DeserializeOwned + 'static>(self) -> Result<ResponseValue<T>, Error> {
        let (inner, id) = (self.inner, self.operation.id);
        let job = self.job().map_err(|error| error.in_operation(id))?;
        ResponseValue::from_sent(pipeline::send(inner, job).await?).await
    }

    /// Returns the text of a parameter, or keeps the reason why there is none until `send`.
    fn text<T: Display + Serialize>(&mut self, name: &str, value: &T) -> Option<String> {
        let text = plain_text(value).map_err(|why| format!("parameter `{name}` {why}"));
        text.map_err(|why| self.refused.get_or_insert(why)).ok()
    }

    fn job(self) -> Result<Job, Error> {
        let Self { inner, operation, path: values, query, body, refused } = self;
        if let Some(why) = refused {
            return Err(Error::invalid(why));
        }
        if !operation.path.starts_with('/') {
            // It would become part of the host name.
            return Err(Error::invalid("the path does not start with `/`"));
        }
        let is_missing = |one: &&Parameter| !one.secret && !values.contains_key(one.name);
        if let Some(parameter) = operation.parameters.iter().find(is_missing) {
            return Err(Error::invalid(format!("parameter `{}` is missing", parameter.name)));
        }
        if let Some(name) = values.keys().find(|name| !is_parameter(operation, name)) {
            return Err(Error::invalid(format!("the path has no parameter `{name}`")));
        }
        let text_of = |parameter: &Parameter| values.get(parameter.name).map(String::as_str);
        let mut request = start(inner, operation, text_of, &query::encoded(&query)?)?;
        let mut form = None;
        match body.transpose()? {
            None => {}
            Some(RequestBody::Json(text)) => {
                request = request.header(CONTENT_TYPE, "application/json").body(text)
            }
            Some(RequestBody::Form(payload)) => {
                request = payload.announce(request);
                form = Some(payload);
            }
        }
        let mut request = request.build()?;
        if let Some(options) = inner.options() {
            options.lay_over(request.headers_mut())?;
        }
        Ok(Job {
            operation,
            request,
            form,
            read_mode: ReadMode::Whole(None),
            purpose: Purpose::Call,
        })
    }
}

impl fmt::Debug for Undocumented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A value may be personal data or a secret.
        f.debug_struct("Undocumented")
            .field("method", &self.operation.method)
            .field("path", &self.operation.path)
            .finish_non_exhaustive()
    }
}

fn is_parameter(operation: &Operation, name: &str) -> bool {
    operation.parameters.iter().any(|parameter| parameter.name == name)
}

/// Returns the row for `method` and `path`, modeled on the client's own operations.
///
/// There is one row per template, which is kept for the life of the program. Templates are
/// constants, so their number is limited.
fn operation(inner: &Inner, method: &'static str, path: &'static str) -> &'static Operation {
    type Key = (usize, &'static str, &'static str);
    static ROWS: Mutex<BTreeMap<Key, &'static Operation>> = Mutex::new(BTreeMap::new());
    let table = inner.operations();
    let key = (table.as_ptr() as usize, method, path);
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    rows.entry(key).or_insert_with(|| Box::leak(Box::new(row(table, method, path))))
}

fn row(table: &'static [Operation], method: &'static str, path: &'static str) -> Operation {
    let is_secret = |name: &str| {
        table.iter().flat_map(|one| one.parameters).any(|one| one.secret && one.name == name)
    };
    let names = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Parameter> = names
        .map(|name| Parameter {
            secret: is_secret(name),
            ..Parameter::new(name, Place::Path).required()
        })
        .collect();
    let example = table.iter().find(|one| {
        !one.security.is_empty() || one.parameters.iter().any(|parameter| parameter.secret)
    });
    let example = example.or_else(|| table.first());
    Operation {
        parameters: Box::leak(parameters.into_boxed_slice()),
        security: example.map_or(&[], |one| one.security),
        scopes: example.map_or(&[], |one| one.scopes),
        envelope: example
            .and_then(|one| one.envelope)
            .map(|envelope| Envelope { payload: None, ..envelope }),
        max_request_bytes: example.and_then(|one| one.max_request_bytes),
        rate_limit: example.and_then(|one| one.rate_limit),
        ..Operation::new("undocumented", "undocumented", method, path)
    }
}
