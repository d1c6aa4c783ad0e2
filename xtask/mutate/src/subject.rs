//! Turns a fixture into the sites of its response and its request.

use anyhow::Context as _;
use percent_encoding::percent_decode_str;
use prumo_drift::{Side, below};
use serde_json::{Map, Value};

use super::mutant::{cookies, texts};
use super::operation::{Media, Parameter, RawOperation};
use super::promise::{JsonType, Others, Promise};
use super::site::{Ground, Site, Slot};

/// A recorded exchange and its operation.
pub(super) struct Subject<'s> {
    pub(super) operation: RawOperation<'s>,
    /// The whole exchange as recorded.
    pub(super) exchange: Value,
    /// The exchange for mutants of the response.
    ///
    /// A refused request keeps only its method, path and query. Its faults are the reason for the
    /// refusal, and the judge would report them if the mutated response is no longer a refusal.
    pub(super) answered: Value,
    pub(super) status: u16,
    pub(super) is_refusal: bool,
}

impl<'s> Subject<'s> {
    pub(super) fn new(spec: &'s Value, exchange: Value) -> anyhow::Result<Self> {
        let id = exchange
            .get("operation")
            .and_then(Value::as_str)
            .context("the fixture names no `operation`")?;
        let operation = RawOperation::find(spec, id)?;
        let status = exchange.pointer("/response/status").and_then(Value::as_u64);
        let status = u16::try_from(status.context("the fixture has no status")?)
            .context("the status of the fixture is not one of HTTP")?;
        let is_refusal =
            !operation.is_webhook && operation.is_refusal(status, &exchange["response"]);
        let answered = if is_refusal { without_request(&exchange) } else { exchange.clone() };
        Ok(Self { operation, exchange, answered, status, is_refusal })
    }

    pub(super) fn answer_ground(&self) -> Ground {
        Ground {
            operation: self.operation.id.clone(),
            side: Side::Response,
            status: Some(self.status),
        }
    }

    pub(super) fn request_ground(&self) -> Ground {
        Ground { operation: self.operation.id.clone(), side: Side::Request, status: None }
    }

    pub(super) fn answer_body(&self) -> Option<&Value> {
        self.exchange.pointer("/response/body").filter(|body| !body.is_null())
    }

    pub(super) fn request_body(&self) -> Option<&Value> {
        self.exchange.pointer("/request/body").filter(|body| !body.is_null())
    }

    /// Returns the parts of the request's form.
    pub(super) fn form(&self) -> Option<&Vec<Value>> {
        self.exchange.pointer("/request/form").and_then(Value::as_array)
    }

    /// Returns the promise of the response's JSON body.
    pub(super) fn answer_media(&self) -> Option<Media<'s>> {
        let response = self.operation.response(self.status)?;
        self.operation.media(response).into_iter().find(|media| is_json(media.name))
    }

    /// Lists the media types that the response may have.
    pub(super) fn answer_types(&self) -> Vec<&'s str> {
        let response = self.operation.response(self.status);
        response
            .map(|response| self.operation.media(response))
            .into_iter()
            .flatten()
            .map(|media| media.name)
            .collect()
    }

    pub(super) fn request_media(&self, is_wanted: fn(&str) -> bool) -> Option<Media<'s>> {
        let body = self.operation.request_body()?;
        self.operation.media(body).into_iter().find(|media| is_wanted(media.name))
    }

    /// Lists every site of the response body.
    pub(super) fn answer_places(&self) -> Vec<Site<'s>> {
        match (self.answer_body(), self.answer_media()) {
            (Some(body), Some(media)) => {
                let envelope = self.operation.envelope();
                let ground = self.answer_ground();
                Site::of_body(&ground, "/response/body", &media.promise, envelope.as_ref(), body)
            }
            _ => Vec::new(),
        }
    }

    /// Lists every site of the request's JSON body; empty if the request was refused.
    pub(super) fn request_places(&self) -> Vec<Site<'s>> {
        match (self.request_body(), self.request_media(is_json)) {
            (Some(body), Some(media)) if !self.is_refusal => {
                Site::of_body(&self.request_ground(), "/request/body", &media.promise, None, body)
            }
            _ => Vec::new(),
        }
    }

    /// Lists every text of the request that stands for a value: parameters and form parts.
    pub(super) fn text_places(&self) -> Vec<Site<'s>> {
        if self.is_refusal {
            return Vec::new();
        }
        let parameters = self.operation.parameters();
        let of_parameters =
            parameters.iter().filter(|parameter| !parameter.is_secret && !parameter.is_json);
        let of_parameters = of_parameters.flat_map(|parameter| self.parameter_places(parameter));
        let mut places: Vec<Site<'s>> =
            of_parameters.filter(|place| !is_place_holder(&place.value)).collect();
        if let Some(media) = self.request_media(is_form) {
            let parts = self.form().into_iter().flatten().enumerate();
            places.extend(parts.filter_map(|(index, part)| self.part_place(&media, index, part)));
            places.extend(self.absent_parts(&media));
        }
        places
    }

    fn parameter_places(&self, parameter: &Parameter<'s>) -> Vec<Site<'s>> {
        let ground = self.request_ground();
        let at = format!("/{}/{}", parameter.place, parameter.name);
        let promise = &parameter.promise;
        match parameter.place {
            "path" => {
                let braced = format!("{{{}}}", parameter.name);
                let from_end =
                    self.operation.path.rsplit('/').position(|segment| segment == braced);
                let path = self
                    .exchange
                    .pointer("/request/path")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let Some((from_end, text)) =
                    from_end.and_then(|index| Some((index, path.rsplit('/').nth(index)?)))
                else {
                    return Vec::new();
                };
                let text = percent_decode_str(text).decode_utf8_lossy().into_owned();
                let prefix = parameter.prefix();
                let Some(text) = text.strip_prefix(&prefix).filter(|_| promise.item().is_none())
                else {
                    return Vec::new();
                };
                vec![Site::new(
                    &ground,
                    Slot::Path { from_end, prefix },
                    &at,
                    promise,
                    &text.into(),
                )]
            }
            "query" => self.query_places(parameter, &at),
            "header" => {
                let name = parameter.name.to_lowercase();
                let pointer = below("/request/headers", &name);
                let Some(value) = self.exchange.pointer(&pointer) else {
                    return Vec::new();
                };
                vec![Site::new(
                    &ground,
                    Slot::Text(pointer),
                    &format!("/header/{name}"),
                    promise,
                    value,
                )]
            }
            "cookie" => {
                let cookies = cookies(&self.exchange);
                let Some((_, value)) =
                    cookies.into_iter().find(|(name, _)| *name == parameter.name)
                else {
                    return Vec::new();
                };
                let slot = Slot::Cookie { name: parameter.name.to_owned() };
                vec![Site::new(&ground, slot, &at, promise, &value.into())]
            }
            _ => Vec::new(),
        }
    }

    fn query_places(&self, parameter: &Parameter<'s>, at: &str) -> Vec<Site<'s>> {
        let ground = self.request_ground();
        let recorded =
            self.exchange.pointer("/request/query").and_then(|query| query.get(parameter.name));
        let slot =
            |index, separator| Slot::Query { name: parameter.name.to_owned(), index, separator };
        if parameter.is_deep() {
            return self.deep_places(parameter, at);
        }
        let Some(item) = parameter.promise.item() else {
            let value = recorded.unwrap_or(&Value::Null);
            return vec![Site::new(&ground, slot(0, None), at, &parameter.promise, value)];
        };
        let separator = parameter.separator();
        let texts = recorded
            .map(|recorded| texts(recorded, separator))
            .unwrap_or_default()
            .into_iter()
            .enumerate();
        texts
            .map(|(index, text)| {
                Site::new(&ground, slot(index, separator), &format!("{at}/*"), &item, &text.into())
            })
            .collect()
    }

    /// Lists the sites of `name[member]` in the query.
    fn deep_places(&self, parameter: &Parameter<'s>, at: &str) -> Vec<Site<'s>> {
        let place = |(member, field): (&str, Promise<'s>)| {
            let name = format!("{}[{member}]", parameter.name);
            let recorded =
                self.exchange.pointer("/request/query").and_then(|query| query.get(&name));
            let slot = Slot::Query { name, index: 0, separator: None };
            Site::new(
                &self.request_ground(),
                slot,
                &below(at, member),
                &field,
                recorded.unwrap_or(&Value::Null),
            )
        };
        parameter.promise.fields().into_iter().map(place).collect()
    }

    /// Lists the sites of scalar parts that the form may have but does not.
    fn absent_parts(&self, media: &Media<'s>) -> Vec<Site<'s>> {
        let names =
            || self.form().into_iter().flatten().filter_map(|part| part.get("name")?.as_str());
        let is_scalar =
            |field: &Promise<'s>| !field.allows(JsonType::List) && !field.allows(JsonType::Object);
        let absent = media.promise.fields().into_iter().filter(|(name, field)| {
            is_scalar(field) && names().count() > 0 && names().all(|known| known != *name)
        });
        let place = |(name, field): (&str, Promise<'s>)| {
            let slot = Slot::Part(name.to_owned());
            Site::new(&self.request_ground(), slot, &below("", name), &field, &Value::Null)
        };
        absent.map(place).collect()
    }

    /// Returns the site of a part with a text; `None` for a file, whose content is not recorded.
    fn part_place(&self, media: &Media<'s>, index: usize, part: &Value) -> Option<Site<'s>> {
        let value = part.get("value")?;
        let (base, is_within) = base_name(part.get("name")?.as_str()?);
        let field = media.promise.field(base)?;
        let (promise, at) = match (is_within, field.others(), field.item()) {
            (false, _, _) => (field, format!("/{base}")),
            (true, _, Some(item)) => (item, format!("/{base}/*")),
            (true, Others::Entries(schema), None) => (field.entry(schema), format!("/{base}/*")),
            (true, _, None) => return None,
        };
        let slot = Slot::Text(format!("/request/form/{index}/value"));
        Some(Site::new(&self.request_ground(), slot, &at, &promise, value))
    }
}

/// Splits `campos[7]` into `campos` and whether the name has a part in brackets.
pub(super) fn base_name(name: &str) -> (&str, bool) {
    name.split_once('[').map_or((name, false), |(base, _)| (base, true))
}

pub(super) fn is_json(media: &str) -> bool {
    media == "application/json" || media.ends_with("+json")
}

pub(super) fn is_form(media: &str) -> bool {
    matches!(media, "multipart/form-data" | "application/x-www-form-urlencoded")
}

/// Returns whether a text stands for a value that was removed from the recording.
fn is_place_holder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('{'))
}

fn without_request(exchange: &Value) -> Value {
    let mut answered = exchange.clone();
    if let Some(request) = answered.get_mut("request") {
        let kept = ["method", "path", "query"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), request.get(name)?.clone())));
        *request = Value::Object(kept.collect::<Map<String, Value>>());
    }
    answered
}
