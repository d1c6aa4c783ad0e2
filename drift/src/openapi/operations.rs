//! Paths, operations, bodies and answers of a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Reader, SpecError, SpecFault};
use crate::contract::{Body, Contract, Envelope, Media, Operation};
use crate::exchange::path_of_url;
use crate::shape::{Additional, Alternatives, Branch, Field, Scalar, Shape};
use prumo_spec::Kind;
use prumo_spec::document::{below, merge_patch};

pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Reader<'_> {
    pub(super) fn operations(&mut self, contract: &mut Contract) -> Result<(), SpecError> {
        let root = self.root;
        // A document of components alone promises no operation.
        let Some(paths) = root.get("paths") else {
            return Ok(());
        };
        let invented = prumo_spec::names::invented(root);
        for (path, item) in self.object("/paths", paths, "an object of paths")? {
            if path.starts_with("x-") {
                continue;
            }
            let at = below("/paths", path);
            if !path.starts_with('/') {
                return Err(self.fault(&at, SpecFault::Expected { expected: "a path that starts with `/`" }));
            }
            let (at, item) = self.follow(&at, item)?;
            contract.stems.extend(self.stems_of(&at, item)?);
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let at = below(&at, method);
                    let object = self.object(&at, operation, "an operation object")?;
                    contract.stems.extend(self.stems_of(&at, object)?);
                    let (id, operation) = self.operation(&at, path, method, item, object)?;
                    let invented = || invented.get(&(path.to_owned(), method.to_owned())).cloned();
                    let id = id.or_else(invented).unwrap_or_default();
                    if contract.operations.insert(id.clone(), operation).is_some() {
                        return Err(self.fault(&at, SpecFault::DuplicateOperation { id }));
                    }
                }
            }
        }
        contract.stems.sort();
        contract.stems.dedup();
        Ok(())
    }

    /// One operation, and its name if it has one.
    pub(super) fn operation(
        &mut self,
        at: &str,
        path: &str,
        method: &str,
        item: &Map<String, Value>,
        object: &Map<String, Value>,
    ) -> Result<(Option<String>, Operation), SpecError> {
        let id = self.text(at, object, "operationId")?.map(str::to_owned);
        let envelope = self.envelope(at, object)?;
        let parameters = self.parameters(at, path, item, object)?;
        let request = match object.get("requestBody") {
            Some(body) => Some(self.request_body(&below(at, "requestBody"), body)?),
            None => None,
        };
        let mut responses = BTreeMap::new();
        let at_responses = below(at, "responses");
        // Without answers, none is promised: each status is undocumented.
        let none = Map::new();
        let promised = match object.get("responses") {
            Some(promised) => self.object(&at_responses, promised, "an object of answers by status")?,
            None => &none,
        };
        for (status, response) in promised {
            if status.starts_with("x-") {
                continue;
            }
            let at = below(&at_responses, status);
            let status = self.status(&at, status)?;
            let (at, response) = self.follow(&at, response)?;
            let media = self.content(&at, response, envelope.as_ref())?;
            let headers = self.headers(&at, response)?;
            responses.insert(status, Body { media, headers, ..Body::default() });
        }
        let paging = self.paging(at, object, &parameters)?.map(Box::new);
        let operation = Operation {
            method: method.to_uppercase(),
            path: path.to_owned(),
            envelope,
            max_request_bytes: object.get("x-max-request-bytes").and_then(Value::as_u64),
            paging,
            parameters,
            request,
            responses,
            ..Operation::default()
        };
        Ok((id, operation))
    }

    /// `200`, `4XX` or `default`.
    fn status(&self, at: &str, status: &str) -> Result<String, SpecError> {
        let upper = status.to_uppercase();
        let is_range = matches!(upper.as_bytes(), [b'1'..=b'5', b'X', b'X']);
        let is_exact = matches!(upper.as_bytes(), [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']);
        if status == "default" || is_exact {
            return Ok(status.to_owned());
        }
        if is_range {
            return Ok(upper);
        }
        let expected = "a status, a range like `4XX`, or `default`";
        Err(self.fault(at, SpecFault::Expected { expected }))
    }

    fn request_body(&mut self, at: &str, body: &Value) -> Result<Body, SpecError> {
        let (at, body) = self.follow(at, body)?;
        let body = body.clone();
        Ok(Body {
            required: self.flag(&at, &body, "required")?,
            media: self.content(&at, &body, None)?,
            ..Body::default()
        })
    }

    fn content(
        &mut self,
        at: &str,
        holder: &Map<String, Value>,
        envelope: Option<&Envelope>,
    ) -> Result<BTreeMap<String, Media>, SpecError> {
        let mut all = BTreeMap::new();
        let Some(content) = holder.get("content") else {
            return Ok(all);
        };
        let at = below(at, "content");
        for (name, media) in self.object(&at, content, "an object of media types")? {
            let at = below(&at, name);
            let object = self.object(&at, media, "a media type object")?;
            let shape = match object.get("schema") {
                Some(schema) => self.schema(&below(&at, "schema"), schema)?,
                None => Shape::any(),
            };
            let shape = self.enveloped(&at, shape, envelope)?;
            let essence = name.split(';').next().unwrap_or_default().trim().to_lowercase();
            let styles = self.form_styles(&at, object)?;
            let media = Media { shape: shape.into(), styles, ..Media::default() };
            match all.get_mut(&essence) {
                // `application/json; version=1` beside `version=2`: either will do.
                Some(Media { shape, .. }) => **shape = shape.join(&media.shape),
                None => {
                    all.insert(essence, media);
                }
            }
        }
        Ok(all)
    }

    /// The shape of an answer, its reference followed when the answer has
    /// cases. An answer with a single case whose tag has an enum becomes the
    /// only branch of one without a name.
    fn enveloped(&mut self, at: &str, shape: Shape, envelope: Option<&Envelope>) -> Result<Shape, SpecError> {
        let full = self.inline(at, &shape)?;
        if full.alternatives.as_ref().is_some_and(|alternatives| alternatives.tag.is_some()) {
            return Ok(full);
        }
        let Some(envelope) = envelope.filter(|_| full.alternatives.is_none()) else {
            return Ok(shape);
        };
        let Some(field) = full.fields.get(&envelope.tag).filter(|field| field.required) else {
            return Ok(shape);
        };
        let said = self.inline(at, &field.shape)?;
        let Some(values) = said.values.clone() else {
            return Ok(shape);
        };
        let field = Field { required: true, shape: said.into(), ..Field::default() };
        let branch = Branch { values, shape: shape.into(), ..Branch::default() };
        let mut summary = Shape::of(&[Kind::Object]);
        summary.additional = Additional::Unsaid;
        summary.fields.insert(envelope.tag.clone(), field);
        summary.alternatives = Some(Alternatives {
            tag: Some(envelope.tag.clone()),
            is_exclusive: false,
            branches: BTreeMap::from([(String::new(), branch)]),
        });
        Ok(summary)
    }

    /// `x-envelope` of the document, patched by that of the operation.
    fn envelope(&self, at: &str, operation: &Map<String, Value>) -> Result<Option<Envelope>, SpecError> {
        let mut merged = self.root.get("x-envelope").cloned().unwrap_or(Value::Null);
        if let Some(patch) = operation.get("x-envelope") {
            merge_patch(&mut merged, patch);
        }
        let at = below(at, "x-envelope");
        let Value::Object(envelope) = &merged else {
            return Ok(None);
        };
        let Some(pointer) = self.text(&at, envelope, "tag")? else {
            return Ok(None);
        };
        let Some(tag) = top_level(pointer) else {
            let expected = "a pointer to a top-level member";
            return Err(self.fault(&below(&at, "tag"), SpecFault::Expected { expected }));
        };
        // A sentence that lies deeper plays no part in telling cases apart.
        let member = |name| Ok(self.text(&at, envelope, name)?.and_then(top_level));
        let (message, errors, payload) = (member("message")?, member("errors")?, member("payload")?);
        let success = match envelope.get("success") {
            Some(values) => {
                self.list(&below(&at, "success"), values)?.iter().map(Scalar::from_value).collect()
            }
            None => Vec::new(),
        };
        Ok(Some(Envelope { tag, success, message, errors, payload }))
    }

    /// Paths of the servers that an object names.
    pub(super) fn stems(&self, at: &str, holder: &Value) -> Result<Vec<String>, SpecError> {
        match holder.as_object() {
            Some(holder) => self.stems_of(at, holder),
            None => Ok(Vec::new()),
        }
    }

    fn stems_of(&self, at: &str, holder: &Map<String, Value>) -> Result<Vec<String>, SpecError> {
        let Some(servers) = holder.get("servers") else {
            return Ok(Vec::new());
        };
        let at = below(at, "servers");
        let mut stems = Vec::new();
        for (index, server) in self.list(&at, servers)?.iter().enumerate() {
            let at = below(&at, &index.to_string());
            let server = self.object(&at, server, "a server object")?;
            let Some(url) = self.text(&at, server, "url")? else {
                continue;
            };
            let stem = stem(url, server.get("variables"));
            if !stem.is_empty() {
                stems.push(stem);
            }
        }
        Ok(stems)
    }
}

/// The top-level member that a pointer names.
fn top_level(pointer: &str) -> Option<String> {
    let member = pointer.strip_prefix('/').filter(|member| !member.contains('/'))?;
    Some(member.replace("~1", "/").replace("~0", "~"))
}

/// The path of a server's URL with its variables at their defaults.
fn stem(url: &str, variables: Option<&Value>) -> String {
    let mut url = url.to_owned();
    for (name, variable) in variables.and_then(Value::as_object).into_iter().flatten() {
        if let Some(default) = variable.get("default").and_then(Value::as_str) {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    let path = path_of_url(&url).unwrap_or_default().trim_start_matches('/');
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}
