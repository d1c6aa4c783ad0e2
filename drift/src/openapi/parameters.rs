//! Reads the parameters of a path and its operations, including credentials, and the headers of
//! responses, which OpenAPI describes the same way.

use std::collections::BTreeMap;

use prumo_spec::openapi::{
    self, Media, ParameterPlace, ParameterStyle, Placement, Response, template_names,
};
use prumo_spec::{Kind, below};

use super::{Reader, SpecError, SpecFault};
use crate::contract::{Parameter, Style};
use crate::shape::Shape;

impl<'d> Reader<'d> {
    /// Returns parameters by pointer; those of the operation replace those of the path.
    pub(super) fn parameters(
        &mut self,
        operation: &openapi::Operation<'d>,
    ) -> Result<BTreeMap<String, Parameter>, SpecError> {
        let mut parameters = self.credentials();
        for parameter in operation.parameters() {
            let Some(parameter) = self.if_read(parameter)? else { continue };
            if openapi::Operation::is_told_elsewhere(&parameter) {
                continue;
            }
            let described = match parameter.schema().is_none() && !parameter.has_content() {
                true => {
                    let expected = "a parameter with `schema` or `content`";
                    Err(parameter.node().fault(SpecFault::Expected { expected }))
                }
                false => self.described(&parameter),
            };
            let described = self.if_read(described)?.unwrap_or_else(|| anything(&parameter));
            parameters.insert(pointer(parameter.place(), parameter.name()), described);
        }
        for name in template_names(operation.path()) {
            // An undeclared name in the template still is a segment of the path.
            let shape = Shape::any();
            parameters.entry(pointer(ParameterPlace::Path, name)).or_insert_with(|| Parameter {
                name: name.to_owned(),
                required: true,
                shape: shape.into(),
                ..Parameter::default()
            });
        }
        Ok(parameters)
    }

    /// Returns the promised headers of a response, by pointer.
    pub(super) fn headers(
        &mut self,
        response: &Response<'d>,
    ) -> Result<BTreeMap<String, Parameter>, SpecError> {
        let mut promised = BTreeMap::new();
        for header in response.headers()? {
            let Some(header) = self.if_read(header)? else { continue };
            let described = self.described(&header);
            let described = self.if_read(described)?.unwrap_or_else(|| anything(&header));
            promised.insert(pointer(ParameterPlace::Header, header.name()), described);
        }
        Ok(promised)
    }

    fn described(&mut self, parameter: &openapi::Parameter<'d>) -> Result<Parameter, SpecError> {
        let (shape, is_json) = self.parameter_shape(parameter)?;
        let full = self.inline(parameter.at(), &shape)?;
        let style = if is_json { Style::Json } else { style(parameter.style()?, &full) };
        // Members that are separate parameters are looked up by name.
        let shape = if style == Style::Exploded { full } else { shape };
        Ok(Parameter {
            name: parameter.name().to_owned(),
            required: parameter.is_required()?,
            style,
            may_be_empty: parameter.may_be_empty()?,
            is_secret: parameter.is_secret(),
            shape: shape.into(),
            ..Parameter::default()
        })
    }

    fn parameter_shape(
        &mut self,
        parameter: &openapi::Parameter<'d>,
    ) -> Result<(Shape, bool), SpecError> {
        if let Some(schema) = parameter.schema() {
            return Ok((self.schema(&schema)?, false));
        }
        // A header with only a description promises only its presence.
        if !parameter.has_content() {
            return Ok((Shape::any(), false));
        }
        match parameter.content()?.filter(|media| media.media_type().may_be_json()) {
            Some(media) => match media.schema() {
                Some(schema) => Ok((self.schema(&schema)?, true)),
                None => Ok((Shape::any(), true)),
            },
            None => Ok((Shape::of(&[Kind::Text]), false)),
        }
    }

    /// Returns the styles of a form's fields that have an `encoding`.
    pub(super) fn form_styles(
        &self,
        media: &Media<'_>,
    ) -> Result<BTreeMap<String, Style>, SpecError> {
        let mut styles = BTreeMap::new();
        for field in media.encodings()? {
            let is_json = field.content_type()?.is_some_and(|media| media.may_be_json());
            let style = match is_json {
                true => Style::Json,
                false => match field.style()? {
                    Some(said) => style(said, &Shape::default()),
                    None => continue,
                },
            };
            styles.insert(field.name().to_owned(), style);
        }
        Ok(styles)
    }

    /// Returns the API keys in query, header or cookie, which may be sent with any operation.
    fn credentials(&self) -> BTreeMap<String, Parameter> {
        let place = |placement: Placement| match placement {
            Placement::Header(name) => Some((ParameterPlace::Header, name)),
            Placement::Query(name) => Some((ParameterPlace::Query, name)),
            Placement::Cookie(name) => Some((ParameterPlace::Cookie, name)),
            Placement::Bearer | Placement::Basic => None,
        };
        let places = self.api.security_schemes().filter_map(|scheme| place(scheme.placement()?));
        let parameter = |(place, name): (ParameterPlace, String)| {
            let key = pointer(place, &name);
            let shape = Shape::any().into();
            (key, Parameter { name, is_secret: true, shape, ..Parameter::default() })
        };
        places.map(parameter).collect()
    }
}

/// Returns a parameter that may be missing and may have any value.
fn anything(parameter: &openapi::Parameter<'_>) -> Parameter {
    Parameter {
        name: parameter.name().to_owned(),
        may_be_empty: true,
        is_secret: parameter.is_secret(),
        shape: Shape::any().into(),
        ..Parameter::default()
    }
}

/// Returns the pointer of a parameter in a contract; names of headers are in lower case.
pub(super) fn pointer(place: ParameterPlace, name: &str) -> String {
    let holder = below("", place.word());
    match place {
        ParameterPlace::Header => below(&holder, &name.to_lowercase()),
        ParameterPlace::Path | ParameterPlace::Query | ParameterPlace::Cookie => {
            below(&holder, name)
        }
    }
}

/// Returns the style in which a value of this shape becomes text.
fn style((style, is_exploded): (ParameterStyle, bool), shape: &Shape) -> Style {
    use ParameterStyle::{DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let is_object = shape.kinds.contains_key(&Kind::Object) && !shape.fields.is_empty();
    match (style, is_exploded) {
        (Form, true) if is_object => Style::Exploded,
        (Form | SpaceDelimited | PipeDelimited, true) => Style::Repeated,
        (Simple, true) => Style::Pairs,
        (Form | Simple, false) => Style::Commas,
        (Label, false) => Style::Label,
        (Label, true) => Style::LabelPairs,
        (Matrix, false) => Style::Matrix,
        (Matrix, true) => Style::MatrixPairs,
        (SpaceDelimited, false) => Style::Spaces,
        (PipeDelimited, false) => Style::Pipes,
        (DeepObject, _) => Style::DeepObject,
    }
}
