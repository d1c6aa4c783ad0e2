//! Reads one operation of a spec: its responses, bodies and parameters.

use anyhow::Context as _;
use serde_json::{Map, Value};

use super::promise::{Promise, follow};

/// The members of a path item that are operations.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// An operation, read directly from the tree of its spec.
pub(super) struct RawOperation<'s> {
    pub(super) id: String,
    /// The path template; empty for a webhook.
    pub(super) path: &'s str,
    /// Whether it is a webhook, whose response is the customer's and is not judged.
    pub(super) is_webhook: bool,
    spec: &'s Value,
    item: &'s Value,
    operation: &'s Value,
}

/// The response member that separates success from failure.
#[derive(Clone)]
pub(super) struct Envelope {
    pub(super) tag: String,
    pub(super) success: Vec<Value>,
}

/// A parameter or header.
pub(super) struct Parameter<'s> {
    pub(super) name: &'s str,
    /// `path`, `query`, `header` or `cookie`.
    pub(super) place: &'s str,
    pub(super) is_required: bool,
    /// Whether its value is secret and never judged.
    pub(super) is_secret: bool,
    /// Whether its text is JSON (`content`).
    pub(super) is_json: bool,
    style: Option<&'s str>,
    is_exploded: Option<bool>,
    pub(super) promise: Promise<'s>,
}

/// The promise of a body under one media type.
pub(super) struct Media<'s> {
    pub(super) name: &'s str,
    pub(super) promise: Promise<'s>,
}

impl<'s> RawOperation<'s> {
    /// Finds the operation `id` of `spec`.
    pub(super) fn find(spec: &'s Value, id: &str) -> anyhow::Result<Self> {
        let paths =
            spec.get("paths").and_then(Value::as_object).context("the spec has no `paths`")?;
        let webhooks = spec.get("x-webhooks").and_then(Value::as_object).into_iter().flatten();
        let items = paths.iter().map(|(path, item)| (path.as_str(), item, false));
        for (path, item, is_webhook) in items.chain(webhooks.map(|(_, item)| ("", item, true))) {
            let operation = METHODS.iter().filter_map(|method| item.get(method));
            let mut named =
                operation.filter(|operation| operation.get("operationId") == Some(&id.into()));
            if let Some(operation) = named.next() {
                return Ok(Self { id: id.to_owned(), path, is_webhook, spec, item, operation });
            }
        }
        anyhow::bail!("the spec has no operation `{id}`")
    }

    /// Returns a member of its `x-paging`.
    pub(super) fn paging(&self, name: &str) -> Option<&'s Value> {
        self.operation.get("x-paging")?.get(name)
    }

    /// Finds the response of a status: by the status itself, its range, or `default`.
    pub(super) fn response(&self, status: u16) -> Option<&'s Value> {
        let responses = self.operation.get("responses")?;
        let keys = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
        let found = keys.iter().find_map(|key| responses.get(key))?;
        Some(follow(self.spec, found))
    }

    /// Lists the bodies that a response or a request may have.
    pub(super) fn media(&self, holder: &'s Value) -> Vec<Media<'s>> {
        let content = holder.get("content").and_then(Value::as_object).into_iter().flatten();
        content
            .filter_map(|(name, media)| {
                let promise = Promise::of(self.spec, media.get("schema")?);
                Some(Media { name, promise })
            })
            .collect()
    }

    pub(super) fn request_body(&self) -> Option<&'s Value> {
        self.operation.get("requestBody").map(|body| follow(self.spec, body))
    }

    pub(super) fn is_body_required(&self) -> bool {
        self.request_body().and_then(|body| body.get("required")) == Some(&Value::Bool(true))
    }

    pub(super) fn max_request_bytes(&self) -> Option<u64> {
        self.operation.get("x-max-request-bytes").and_then(Value::as_u64)
    }

    pub(super) fn parameters(&self) -> Vec<Parameter<'s>> {
        let mut parameters: Vec<Parameter<'_>> = Vec::new();
        for holder in [self.operation, self.item] {
            for parameter in
                holder.get("parameters").and_then(Value::as_array).into_iter().flatten()
            {
                let Some(parameter) = self.parameter(follow(self.spec, parameter)) else {
                    continue;
                };
                let is_known = |known: &Parameter<'_>| {
                    (known.name, known.place) == (parameter.name, parameter.place)
                };
                if !parameters.iter().any(is_known) {
                    parameters.push(parameter);
                }
            }
        }
        parameters
    }

    /// Lists the promised headers of the response with this status.
    pub(super) fn headers(&self, status: u16) -> Vec<Parameter<'s>> {
        let headers =
            self.response(status).and_then(|response| response.get("headers")?.as_object());
        let headers = headers.into_iter().flatten();
        let headers = headers
            .filter_map(|(name, header)| self.described(name, "header", follow(self.spec, header)));
        headers.filter(|header| !header.name.eq_ignore_ascii_case("content-type")).collect()
    }

    fn parameter(&self, parameter: &'s Value) -> Option<Parameter<'s>> {
        self.described(parameter.get("name")?.as_str()?, parameter.get("in")?.as_str()?, parameter)
    }

    fn described(
        &self,
        name: &'s str,
        place: &'s str,
        parameter: &'s Value,
    ) -> Option<Parameter<'s>> {
        let content = || parameter.get("content")?.as_object()?.values().next()?.get("schema");
        let schema = parameter.get("schema");
        let is_flagged = |keyword: &str| parameter.get(keyword) == Some(&Value::Bool(true));
        Some(Parameter {
            name,
            place,
            is_required: place == "path" || is_flagged("required"),
            is_secret: is_flagged("x-secret"),
            is_json: schema.is_none(),
            style: parameter.get("style").and_then(Value::as_str),
            is_exploded: parameter.get("explode").and_then(Value::as_bool),
            promise: Promise::of(self.spec, schema.or_else(content)?),
        })
    }

    /// Returns whether a recorded response says that the vendor refused, by its status or its
    /// envelope.
    pub(super) fn is_refusal(&self, status: u16, response: &Value) -> bool {
        let told = self.envelope().and_then(|envelope| {
            let told = response.get("body")?.get(&envelope.tag)?;
            Some(!envelope.is_success(told))
        });
        status >= 400 || told == Some(true)
    }

    /// Returns the envelope: the root's `x-envelope`, patched by the operation's.
    pub(super) fn envelope(&self) -> Option<Envelope> {
        let mut rule = self.spec.get("x-envelope").cloned().unwrap_or(Value::Null);
        if let Some(patch) = self.operation.get("x-envelope") {
            prumo_drift::merge_patch(&mut rule, patch);
        }
        let rule: &Map<String, Value> = rule.as_object()?;
        let tag = rule.get("tag")?.as_str()?.trim_start_matches('/').to_owned();
        let success = rule.get("success").and_then(Value::as_array).cloned().unwrap_or_default();
        Some(Envelope { tag, success })
    }
}

impl Envelope {
    /// Returns whether an object requires the tag and promises its values.
    pub(super) fn is_promised(&self, object: &Promise<'_>) -> bool {
        object.is_required(&self.tag)
            && object.field(&self.tag).is_some_and(|tag| tag.values().is_some())
    }

    pub(super) fn is_success(&self, value: &Value) -> bool {
        self.success.contains(value)
    }
}

impl Parameter<'_> {
    /// Returns the text that the style puts before a value in a path segment.
    pub(super) fn prefix(&self) -> String {
        match self.style {
            Some("label") => ".".to_owned(),
            Some("matrix") => format!(";{}=", self.name),
            _ => String::new(),
        }
    }

    /// Returns whether each member of an object is a parameter `name[member]`.
    pub(super) fn is_deep(&self) -> bool {
        self.style == Some("deepObject")
    }

    /// Returns what separates the items of a list in one text; `None` if each item has its own
    /// text.
    pub(super) fn separator(&self) -> Option<&'static str> {
        let default = if matches!(self.place, "query" | "cookie") { "form" } else { "simple" };
        let style = self.style.unwrap_or(default);
        let is_exploded = self.is_exploded.unwrap_or(style == "form");
        match (style, is_exploded) {
            ("form" | "simple", false) => Some(","),
            ("spaceDelimited", false) => Some(" "),
            ("pipeDelimited", false) => Some("|"),
            _ => None,
        }
    }
}
