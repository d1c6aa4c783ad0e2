//! Bodies of requests and responses, by media type.

use serde_json::Value;

use super::{
    Node, Parameter, ParameterPlace, ParameterStyle, Schema, SpecError, SpecFault, is_annotation,
};
use crate::media::MediaType;

/// The body of a request.
#[derive(Clone, Debug)]
pub struct RequestBody<'d> {
    node: Node<'d>,
}

impl<'d> RequestBody<'d> {
    pub(super) fn read(node: &Node<'d>) -> Result<Self, SpecError> {
        Ok(Self { node: node.followed()? })
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns whether a caller must send it.
    ///
    /// # Errors
    ///
    /// Fails if `required` is no flag.
    pub fn is_required(&self) -> Result<bool, SpecError> {
        self.node.flag("required")
    }

    /// Returns the contents by media type, in document order.
    ///
    /// # Errors
    ///
    /// Fails if `content` is not an object.
    pub fn content(&self) -> Result<impl Iterator<Item = Media<'d>> + use<'d>, SpecError> {
        content(&self.node)
    }

    /// Returns the description.
    pub fn description(&self) -> &'d str {
        self.node.words("description")
    }
}

/// The responses of one status.
#[derive(Clone, Debug)]
pub struct Response<'d> {
    key: &'d str,
    node: Node<'d>,
}

impl<'d> Response<'d> {
    pub(super) fn new(key: &'d str, node: Node<'d>) -> Self {
        Self { key, node }
    }

    /// Returns the object, which may be a reference; [`Self::followed`] follows it.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the status: `200`, `4XX` or `default`.
    ///
    /// # Errors
    ///
    /// Fails if it is none of these.
    pub fn status(&self) -> Result<String, SpecError> {
        let expected = "a status, a range like `4XX`, or `default`";
        read_status(self.key).ok_or_else(|| self.node.fault(SpecFault::Expected { expected }))
    }

    /// Returns the response that its reference leads to.
    ///
    /// # Errors
    ///
    /// Fails if the reference leads nowhere.
    pub fn followed(&self) -> Result<Self, SpecError> {
        Ok(Self { key: self.key, node: self.node.followed()? })
    }

    /// Returns the contents by media type, in document order.
    ///
    /// # Errors
    ///
    /// Fails if `content` is not an object.
    pub fn content(&self) -> Result<impl Iterator<Item = Media<'d>> + use<'d>, SpecError> {
        content(&self.node)
    }

    /// Returns the headers except `Content-Type`, which the media types describe.
    ///
    /// # Errors
    ///
    /// Fails if `headers` is not an object. A header whose reference leads nowhere is an error in
    /// the list.
    pub fn headers(
        &self,
    ) -> Result<impl Iterator<Item = Result<Parameter<'d>, SpecError>> + use<'d>, SpecError> {
        let headers = self.node.entries("headers", "an object of headers by name")?;
        let headers = headers.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        Ok(headers.map(|(name, node)| Parameter::header(name, &node)))
    }
}

/// A body of one media type.
#[derive(Clone, Debug)]
pub struct Media<'d> {
    name: &'d str,
    node: Node<'d>,
}

impl<'d> Media<'d> {
    /// Returns the media type as written.
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// Returns the media type.
    pub fn media_type(&self) -> MediaType<'d> {
        MediaType::new(self.name)
    }

    /// Returns the media type object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the JSON Pointer to it.
    pub fn at(&self) -> &str {
        self.node.at()
    }

    /// Returns the schema.
    pub fn schema(&self) -> Option<Schema<'d>> {
        self.node.child("schema").map(Schema::of)
    }

    /// Returns the examples of a whole body, in document order; references are followed.
    pub fn examples(&self) -> impl Iterator<Item = &'d Value> + use<'d> {
        let named = self.node.entries("examples", "").into_iter().flatten();
        let named = named.filter_map(|(_, example)| example.followed().ok()?.get("value"));
        self.node.get("example").into_iter().chain(named)
    }

    /// Returns whether its schema promises bytes, under whatever media type.
    pub fn is_binary(&self) -> bool {
        self.followed_schema().is_some_and(|schema| schema.words("format") == "binary")
    }

    /// Returns whether a client reads it as JSON, and not as bytes.
    ///
    /// A range that includes JSON promises JSON only if its schema describes a value.
    pub fn reads_as_json(&self) -> bool {
        let schema = self.followed_schema();
        let keywords = schema.iter().filter_map(|schema| schema.value().as_object());
        let is_described = || keywords.flat_map(|all| all.keys()).any(|key| !is_annotation(key));
        let media = self.media_type();
        !self.is_binary() && (media.is_json() || (media.is_json_range() && is_described()))
    }

    fn followed_schema(&self) -> Option<Node<'d>> {
        self.schema()?.node().followed().ok()
    }

    /// Returns the `encoding` of a form's fields.
    ///
    /// # Errors
    ///
    /// Fails if `encoding` is not an object of objects.
    pub fn encodings(&self) -> Result<Vec<Encoding<'d>>, SpecError> {
        let entries = self.node.entries("encoding", "an object of encodings")?;
        let read = |(name, node): (&'d str, Node<'d>)| {
            Ok(Encoding { name, node: node.object("an encoding object")? })
        };
        entries.map(read).collect()
    }
}

/// The `encoding` of a form's field.
#[derive(Clone, Debug)]
pub struct Encoding<'d> {
    name: &'d str,
    node: Node<'d>,
}

impl<'d> Encoding<'d> {
    /// Returns the field's name.
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns the media type of the field.
    ///
    /// # Errors
    ///
    /// Fails if it is no text.
    pub fn content_type(&self) -> Result<Option<MediaType<'d>>, SpecError> {
        Ok(self.node.text("contentType")?.map(MediaType::new))
    }

    /// Returns the style of the value and whether it is exploded, or `None` for the default.
    ///
    /// # Errors
    ///
    /// Fails if `style` is none of OpenAPI 3.0, or `explode` is no flag.
    pub fn style(&self) -> Result<Option<(ParameterStyle, bool)>, SpecError> {
        let is_said = self.node.has("style") || self.node.has("explode");
        is_said.then(|| ParameterStyle::read(&self.node, ParameterPlace::Query)).transpose()
    }
}

pub(super) fn content<'d>(
    holder: &Node<'d>,
) -> Result<impl Iterator<Item = Media<'d>> + use<'d>, SpecError> {
    let entries = holder.entries("content", "an object of media types")?;
    Ok(entries.map(|(name, node)| Media { name, node }))
}

/// Reads a status, a range of statuses, or `default`, in OpenAPI's spelling.
pub fn read_status(status: &str) -> Option<String> {
    let upper = status.to_ascii_uppercase();
    match upper.as_bytes() {
        _ if status == "default" => Some(status.to_owned()),
        [b'1'..=b'5', b'X', b'X'] | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => Some(upper),
        _ => None,
    }
}
