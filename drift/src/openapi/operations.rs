//! Reads paths, operations, bodies and responses of a document.

use std::collections::BTreeMap;

use prumo_spec::Kind;
use prumo_spec::openapi::{self, Response, Server};

use super::{Reader, SpecError, SpecFault};
use crate::contract::{Body, Contract, Envelope, Media, Operation};
use crate::shape::{Additional, Alternatives, Branch, Field, Shape};

impl<'d> Reader<'d> {
    pub(super) fn operations(&mut self, contract: &mut Contract) -> Result<(), SpecError> {
        for item in self.api.paths()? {
            let Some(item) = self.if_read(item)? else { continue };
            add_servers(contract, self.or_default(item.servers())?);
            for operation in item.operations() {
                let Some(operation) = self.if_read(operation)? else { continue };
                add_servers(contract, self.or_default(operation.servers())?);
                let promised = self.operation(&operation)?;
                let id = operation.id().to_owned();
                if contract.operations.insert(id.clone(), promised).is_some() {
                    return Err(operation.node().fault(SpecFault::DuplicateOperation { id }));
                }
            }
        }
        for places in [&mut contract.stems, &mut contract.hosts] {
            places.sort();
            places.dedup();
        }
        Ok(())
    }

    /// Returns the promise of one operation.
    pub(super) fn operation(
        &mut self,
        operation: &openapi::Operation<'d>,
    ) -> Result<Operation, SpecError> {
        let envelope = self.or_default(operation.envelope())?;
        let mut promised = envelope.map_or_else(Operation::default, Operation::enveloped);
        let parameters = self.parameters(operation)?;
        let request = match self.request_body(operation) {
            Ok(request) => request,
            Err(error) => self.if_read(Err(error))?.or_else(|| Some(anything())),
        };
        // If no response is documented, every status is undocumented.
        match self.if_read(operation.responses())? {
            None => drop(promised.responses.insert("default".to_owned(), anything())),
            Some(responses) => {
                for response in responses {
                    let Some(status) = self.if_read(response.status())? else { continue };
                    let body = self.response(&response, promised.envelope.as_ref());
                    let body = self.if_read(body)?.unwrap_or_else(anything);
                    promised.responses.insert(status, body);
                }
            }
        }
        let paging = self.paging(operation, &parameters);
        let paging = self.or_default(paging)?.map(Box::new);
        Ok(Operation {
            method: operation.method().name(),
            path: operation.path().to_owned(),
            max_request_bytes: operation.max_request_bytes(),
            paging,
            parameters,
            request,
            ..promised
        })
    }

    fn response(
        &mut self,
        response: &Response<'d>,
        envelope: Option<&Envelope>,
    ) -> Result<Body, SpecError> {
        let response = response.followed()?;
        let media = self.content(response.content()?, envelope)?;
        let headers = self.headers(&response)?;
        Ok(Body { media, headers, ..Body::default() })
    }

    fn request_body(
        &mut self,
        operation: &openapi::Operation<'d>,
    ) -> Result<Option<Body>, SpecError> {
        let Some(body) = operation.request_body()? else { return Ok(None) };
        let media = self.content(body.content()?, None)?;
        Ok(Some(Body { required: body.is_required()?, media, ..Body::default() }))
    }

    fn content(
        &mut self,
        content: impl Iterator<Item = openapi::Media<'d>>,
        envelope: Option<&Envelope>,
    ) -> Result<BTreeMap<String, Media>, SpecError> {
        let mut all = BTreeMap::new();
        for media in content {
            let shape = self.media(&media, envelope);
            let shape = self.or_any(shape)?;
            let shape = if self.is_opaque(&media, &shape) { Shape::any() } else { shape };
            let key = media.media_type().key();
            let styles = self.or_default(self.form_styles(&media))?;
            let media = Media { shape: shape.into(), styles, ..Media::default() };
            match all.get_mut(&key) {
                // They differ in charset only: either fits.
                Some(Media { shape, .. }) => **shape = shape.join(&media.shape),
                None => {
                    all.insert(key, media);
                }
            }
        }
        Ok(all)
    }

    /// Returns whether a body is text or bytes by its media type while its schema describes something
    /// inside it, such as the members of an XML element or the claims of a signed token.
    fn is_opaque(&mut self, media: &openapi::Media<'d>, shape: &Shape) -> bool {
        let named = media.media_type();
        let is_read = named.may_be_json() || named.is_form() || named.stream().is_some();
        let described = if is_read { None } else { self.inline(media.at(), shape).ok() };
        described.is_some_and(|shape| !shape.allows(Kind::Text))
    }

    fn media(
        &mut self,
        media: &openapi::Media<'d>,
        envelope: Option<&Envelope>,
    ) -> Result<Shape, SpecError> {
        media.node().members("a media type object")?;
        let shape = match media.schema() {
            Some(schema) => self.schema(&schema)?,
            None => Shape::any(),
        };
        self.enveloped(media.at(), shape, envelope)
    }

    /// Returns the shape of a response, with its reference followed if the response has cases. A
    /// response with a single case whose tag has an enum becomes the only branch of alternatives
    /// without a name.
    fn enveloped(
        &mut self,
        at: &str,
        shape: Shape,
        envelope: Option<&Envelope>,
    ) -> Result<Shape, SpecError> {
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
        summary.alternatives = Some(Box::new(Alternatives {
            tag: Some(envelope.tag.clone()),
            is_exclusive: false,
            branches: BTreeMap::from([(String::new(), branch)]),
        }));
        Ok(summary)
    }
}

/// Returns a body of any media type and any value, which may be missing.
fn anything() -> Body {
    let media = Media { shape: Shape::any().into(), ..Media::default() };
    Body { media: BTreeMap::from([("*/*".to_owned(), media)]), ..Body::default() }
}

/// Adds the places where calls go.
pub(super) fn add_servers(contract: &mut Contract, servers: Vec<Server>) {
    for Server { host, stem } in servers {
        contract.hosts.extend(host);
        contract.stems.extend(Some(stem).filter(|stem| !stem.is_empty()));
    }
}
