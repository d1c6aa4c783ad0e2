//! An operation of a path, and a webhook.

use std::collections::BTreeMap;

use super::extensions::texts;
use super::parameter::IGNORED_HEADERS;
use super::path::Invented;
use super::{
    Envelope, Media, Node, Paging, Parameter, ParameterPlace, Probe, RateLimit, RequestBody,
    Response, Schema, Server, Signature, Source, SpecError, security, server,
};
use crate::method::Method;
use crate::pointer::names;

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    node: Node<'d>,
    item: Node<'d>,
    method: Method,
    path: &'d str,
    id: String,
}

impl<'d> Operation<'d> {
    pub(super) fn read(
        node: Node<'d>,
        item: &Node<'d>,
        method: Method,
        path: &'d str,
        invented: impl FnOnce() -> String,
    ) -> Result<Self, SpecError> {
        let node = node.object("an operation object")?;
        let given = node.text("operationId")?.filter(|id| !id.is_empty());
        let id = given.map_or_else(invented, str::to_owned);
        Ok(Self { node, item: item.clone(), method, path, id })
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the path item that holds it.
    pub fn item(&self) -> &Node<'d> {
        &self.item
    }

    /// Returns the JSON Pointer to it.
    pub fn at(&self) -> &str {
        self.node.at()
    }

    /// Returns `operationId`, or the invented name of an operation without one.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Returns the path template, which is empty for a webhook.
    pub fn path(&self) -> &'d str {
        self.path
    }

    /// Returns the operation's parameters, then those of its path.
    ///
    /// A parameter of the operation replaces the path's parameter of the same place and name. A path
    /// parameter that the path does not have is ignored; [`Self::written_parameters`] has it.
    pub fn parameters(&self) -> Vec<Result<Parameter<'d>, SpecError>> {
        let mut all = self.written_parameters();
        let is_of_path = |parameter: &Parameter<'_>| {
            parameter.place() != ParameterPlace::Path
                || self.path.is_empty()
                || template_names(self.path).any(|name| name == parameter.name())
        };
        all.retain(|parameter| parameter.as_ref().map_or(true, is_of_path));
        all
    }

    /// Returns the operation's parameters, then those of its path, also those that the path does not
    /// have.
    pub fn written_parameters(&self) -> Vec<Result<Parameter<'d>, SpecError>> {
        let mut all: Vec<Result<Parameter<'d>, SpecError>> = Vec::new();
        for holder in [&self.item, &self.node] {
            let items = match holder.items("parameters") {
                Ok(items) => items,
                Err(error) => {
                    all.push(Err(error));
                    continue;
                }
            };
            for item in items {
                let parameter = Parameter::read(&item);
                if let Ok(parameter) = &parameter {
                    all.retain(|other| {
                        !other.as_ref().is_ok_and(|other| other.is_same_as(parameter))
                    });
                }
                all.push(parameter);
            }
        }
        all
    }

    /// Returns the parameter of this place and name.
    pub fn parameter(&self, place: ParameterPlace, name: &str) -> Option<Parameter<'d>> {
        let mut all = self.parameters().into_iter().flatten();
        all.find(|parameter| parameter.place() == place && parameter.name() == name)
    }

    /// Returns the request body.
    ///
    /// # Errors
    ///
    /// Fails if its reference leads nowhere.
    pub fn request_body(&self) -> Result<Option<RequestBody<'d>>, SpecError> {
        self.node.child("requestBody").map(|body| RequestBody::read(&body)).transpose()
    }

    /// Returns the responses by status, in document order, without `x-` members.
    ///
    /// # Errors
    ///
    /// Fails if `responses` is not an object.
    pub fn responses(&self) -> Result<impl Iterator<Item = Response<'d>> + use<'d>, SpecError> {
        let entries = self.node.entries("responses", "an object of answers by status")?;
        let entries = entries.filter(|(status, _)| !status.starts_with("x-"));
        Ok(entries.map(|(status, node)| Response::new(status, node)))
    }

    /// Returns what an answer looks like, by the key of its status and that of its media type
    /// ([`MediaType::key`](crate::MediaType::key)).
    pub fn answer(&self, status: &str, media_type: &str) -> Option<Media<'d>> {
        let mut answers = self.responses().ok()?;
        let answer = answers.find(|answer| answer.status().is_ok_and(|known| known == status))?;
        let mut content = answer.followed().ok()?.content().ok()?;
        content.find(|media| media.media_type().key() == media_type)
    }

    /// Returns what an answer of success promises at a JSON Pointer; `None` where none has that
    /// place.
    pub fn promised_at(&self, pointer: &str) -> Option<Schema<'d>> {
        let good = self.responses().ok()?;
        let good =
            good.filter(|answer| answer.status().is_ok_and(|status| status.starts_with('2')));
        let mut contents =
            good.filter_map(|answer| answer.followed().ok()?.content().ok()).flatten();
        let names: Vec<String> = names(pointer).collect();
        contents.find_map(|media| media.schema()?.at_names(&names))
    }

    /// Returns the envelope of its responses: the document's, patched by the operation's.
    ///
    /// # Errors
    ///
    /// Fails if a member of `x-envelope` is of the wrong kind.
    pub fn envelope(&self) -> Result<Option<Envelope>, SpecError> {
        Envelope::read(&self.node)
    }

    /// Returns the paging of its list.
    ///
    /// # Errors
    ///
    /// Fails if a member of `x-paging` is of the wrong kind.
    pub fn paging(&self) -> Result<Option<Paging>, SpecError> {
        self.node.child("x-paging").map(|node| Paging::read(&node)).transpose()
    }

    /// Returns its rate limit, or the document's.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        match self.node.has("x-rate-limit") {
            true => RateLimit::read(&self.node),
            false => self.node.api().rate_limit(),
        }
    }

    /// Returns the most bytes of a request body.
    pub fn max_request_bytes(&self) -> Option<u64> {
        self.node.get("x-max-request-bytes").and_then(serde_json::Value::as_u64)
    }

    /// Returns the place of the vendor's number for a completed action.
    pub fn protocol(&self) -> Option<&'d str> {
        self.node.get("x-protocol").and_then(serde_json::Value::as_str)
    }

    /// Returns how a probe may call it.
    pub fn probe(&self) -> Option<Probe<'d>> {
        self.node.child("x-probe").map(|node| Probe::read(&node))
    }

    /// Returns where it was learned.
    pub fn sources(&self) -> Vec<Source> {
        self.node.get("x-source").map(Source::read_all).unwrap_or_default()
    }

    /// Returns the credentials that it needs: OR of ANDs of scheme names.
    pub fn security(&self) -> Vec<Vec<&'d str>> {
        match self.node.get("security") {
            Some(own) => security::alternatives(Some(own)),
            None => self.node.api().security(),
        }
    }

    /// Returns the scopes that it needs, by the name of the scheme.
    pub fn scopes(&self) -> BTreeMap<&'d str, Vec<&'d str>> {
        let own = self.node.get("security");
        security::scopes(own.or_else(|| self.node.api().root().get("security")))
    }

    /// Returns whether it states that it needs no credential (`security: []`).
    pub fn is_public(&self) -> bool {
        self.node.get("security").and_then(serde_json::Value::as_array).is_some_and(Vec::is_empty)
    }

    /// Returns the tags.
    pub fn tags(&self) -> Vec<&'d str> {
        texts(self.node.get("tags"))
    }

    /// Returns its own servers.
    ///
    /// # Errors
    ///
    /// Fails if `servers` is not a list of servers.
    pub fn servers(&self) -> Result<Vec<Server>, SpecError> {
        server::servers(&self.node)
    }

    /// Returns the summary, without space around it.
    pub fn summary(&self) -> &'d str {
        self.node.words("summary").trim()
    }

    /// Returns the description, without space around it.
    pub fn description(&self) -> &'d str {
        self.node.words("description").trim()
    }

    /// Returns whether it is deprecated.
    pub fn is_deprecated(&self) -> bool {
        self.node.is_marked("deprecated")
    }

    /// Returns whether OpenAPI describes this parameter elsewhere: by media types or `security`.
    pub fn is_told_elsewhere(parameter: &Parameter<'_>) -> bool {
        parameter.place() == ParameterPlace::Header
            && IGNORED_HEADERS.iter().any(|name| name.eq_ignore_ascii_case(parameter.name()))
    }
}

/// Returns the names in braces of a path template, in order.
pub fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// A call that the vendor makes to its customer's server (`x-webhooks`).
#[derive(Clone, Debug)]
pub struct Webhook<'d> {
    /// The operation; its path is empty.
    pub operation: Operation<'d>,
}

impl Webhook<'_> {
    /// Returns the vendor's signature of the call.
    ///
    /// # Errors
    ///
    /// Fails if a member of `x-signature` is of the wrong kind.
    pub fn signature(&self) -> Result<Option<Signature>, SpecError> {
        self.operation.node.child("x-signature").map(|node| Signature::read(&node)).transpose()
    }
}

/// Reads the calls of one webhook, one for each method.
pub(super) fn webhooks<'d>(
    name: &'d str,
    node: &Node<'d>,
    names: &Invented,
) -> Vec<Result<Webhook<'d>, SpecError>> {
    let item = match node.followed() {
        Ok(item) => item,
        Err(error) => return vec![Err(error)],
    };
    let calls =
        Method::ALL.into_iter().filter_map(|method| Some((method, item.child(method.key())?)));
    let read = |(method, node): (Method, Node<'d>)| {
        let invented = || names.webhook(name, method);
        Ok(Webhook { operation: Operation::read(node, &item, method, "", invented)? })
    };
    calls.map(read).collect()
}
