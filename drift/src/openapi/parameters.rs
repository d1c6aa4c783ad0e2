//! Parameters of a path and its operations, credentials included, and the
//! headers of answers, which are described alike.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Reader, SpecError, SpecFault};
use crate::contract::{Parameter, Style};
use crate::shape::Shape;
use prumo_spec::Kind;
use prumo_spec::document::below;

/// Headers that OpenAPI describes elsewhere.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl Reader<'_> {
    /// Parameters by pointer; those of the operation replace those of the path.
    pub(super) fn parameters(
        &mut self,
        at: &str,
        path: &str,
        item: &Map<String, Value>,
        operation: &Map<String, Value>,
    ) -> Result<BTreeMap<String, Parameter>, SpecError> {
        let mut parameters = self.credentials();
        let at_item = at.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        for (at, holder) in [(at_item.as_str(), item), (at, operation)] {
            let Some(list) = holder.get("parameters") else {
                continue;
            };
            let at = below(at, "parameters");
            for (index, parameter) in self.list(&at, list)?.iter().enumerate() {
                let at = below(&at, &index.to_string());
                let (at, parameter) = self.follow(&at, parameter)?;
                let parameter = parameter.clone();
                if let Some((place, parameter)) = self.parameter(&at, &parameter)? {
                    parameters.insert(place, parameter);
                }
            }
        }
        for name in template_names(path) {
            // An undeclared template name still is a segment of the path.
            let shape = Shape::any();
            parameters.entry(below("/path", name)).or_insert_with(|| Parameter {
                name: name.to_owned(),
                required: true,
                shape: shape.into(),
                ..Parameter::default()
            });
        }
        Ok(parameters)
    }

    fn parameter(
        &mut self,
        at: &str,
        parameter: &Map<String, Value>,
    ) -> Result<Option<(String, Parameter)>, SpecError> {
        let (Some(name), Some(place)) = (self.text(at, parameter, "name")?, self.text(at, parameter, "in")?)
        else {
            let expected = "a parameter with `name` and `in`";
            return Err(self.fault(at, SpecFault::Expected { expected }));
        };
        let key = match place {
            "path" | "query" | "cookie" => name.to_owned(),
            "header" => name.to_lowercase(),
            _ => {
                let expected = "`path`, `query`, `header` or `cookie`";
                return Err(self.fault(&below(at, "in"), SpecFault::Expected { expected }));
            }
        };
        if place == "header" && IGNORED_HEADERS.contains(&key.as_str()) {
            return Ok(None);
        }
        if !parameter.contains_key("schema") && !parameter.contains_key("content") {
            let expected = "a parameter with `schema` or `content`";
            return Err(self.fault(at, SpecFault::Expected { expected }));
        }
        let parameter = self.described(at, parameter, name, place)?;
        Ok(Some((below(&format!("/{place}"), &key), parameter)))
    }

    /// Headers that an answer promises, by pointer.
    pub(super) fn headers(
        &mut self,
        at: &str,
        response: &Map<String, Value>,
    ) -> Result<BTreeMap<String, Parameter>, SpecError> {
        let mut promised = BTreeMap::new();
        let Some(headers) = response.get("headers") else {
            return Ok(promised);
        };
        let at = below(at, "headers");
        for (name, header) in self.object(&at, headers, "an object of headers by name")?.clone() {
            let key = name.to_lowercase();
            // `content` tells the media type.
            if key == "content-type" {
                continue;
            }
            let (at, header) = self.follow(&below(&at, &name), &header)?;
            let header = header.clone();
            promised.insert(below("/header", &key), self.described(&at, &header, &name, "header")?);
        }
        Ok(promised)
    }

    fn described(
        &mut self,
        at: &str,
        parameter: &Map<String, Value>,
        name: &str,
        place: &str,
    ) -> Result<Parameter, SpecError> {
        let (shape, is_json) = self.parameter_shape(at, parameter)?;
        let full = self.inline(at, &shape)?;
        let style = if is_json { Style::Json } else { self.style(at, parameter, place, &full)? };
        // Members that are parameters of their own are looked up by name.
        let shape = if style == Style::Exploded { full } else { shape };
        Ok(Parameter {
            name: name.to_owned(),
            required: place == "path" || self.flag(at, parameter, "required")?,
            style,
            may_be_empty: place == "query" && self.flag(at, parameter, "allowEmptyValue")?,
            is_secret: parameter.get("x-secret") == Some(&Value::Bool(true)),
            shape: shape.into(),
            ..Parameter::default()
        })
    }

    fn parameter_shape(
        &mut self,
        at: &str,
        parameter: &Map<String, Value>,
    ) -> Result<(Shape, bool), SpecError> {
        if let Some(schema) = parameter.get("schema") {
            return Ok((self.schema(&below(at, "schema"), schema)?, false));
        }
        // Of a header that is only described nothing but its presence is promised.
        let Some(content) = parameter.get("content") else {
            return Ok((Shape::any(), false));
        };
        let at = below(at, "content");
        match self.object(&at, content, "an object of media types")?.iter().next() {
            Some((media, object)) if crate::contract::is_json(media) => {
                let at = below(&at, media);
                match object.get("schema") {
                    Some(schema) => Ok((self.schema(&below(&at, "schema"), schema)?, true)),
                    None => Ok((Shape::any(), true)),
                }
            }
            _ => Ok((Shape::of(&[Kind::Text]), false)),
        }
    }

    fn style(
        &self,
        at: &str,
        parameter: &Map<String, Value>,
        place: &str,
        shape: &Shape,
    ) -> Result<Style, SpecError> {
        let default = if matches!(place, "query" | "cookie") { "form" } else { "simple" };
        let style = self.text(at, parameter, "style")?.unwrap_or(default);
        let explode = match parameter.get("explode") {
            Some(_) => self.flag(at, parameter, "explode")?,
            None => style == "form",
        };
        let is_object = shape.kinds.contains_key(&Kind::Object) && !shape.fields.is_empty();
        Ok(match (style, explode) {
            ("form", true) if is_object => Style::Exploded,
            ("form" | "spaceDelimited" | "pipeDelimited", true) => Style::Repeated,
            ("simple", true) => Style::Pairs,
            ("form" | "simple", _) => Style::Commas,
            ("label", false) => Style::Label,
            ("label", true) => Style::LabelPairs,
            ("matrix", false) => Style::Matrix,
            ("matrix", true) => Style::MatrixPairs,
            ("spaceDelimited", false) => Style::Spaces,
            ("pipeDelimited", false) => Style::Pipes,
            ("deepObject", _) => Style::DeepObject,
            _ => {
                let expected = "a style of OpenAPI 3.0";
                return Err(self.fault(&below(at, "style"), SpecFault::Expected { expected }));
            }
        })
    }

    /// Fields of a form whose `encoding` says how they are written.
    pub(super) fn form_styles(
        &self,
        at: &str,
        media: &Map<String, Value>,
    ) -> Result<BTreeMap<String, Style>, SpecError> {
        let mut styles = BTreeMap::new();
        let Some(encoding) = media.get("encoding") else {
            return Ok(styles);
        };
        let at = below(at, "encoding");
        for (name, field) in self.object(&at, encoding, "an object of encodings")? {
            let at = below(&at, name);
            let field = self.object(&at, field, "an encoding object")?;
            let is_json = self.text(&at, field, "contentType")?.is_some_and(crate::contract::is_json);
            let has_style = field.contains_key("style") || field.contains_key("explode");
            let style = match (is_json, has_style) {
                (true, _) => Style::Json,
                (false, true) => self.style(&at, field, "query", &Shape::default())?,
                (false, false) => continue,
            };
            styles.insert(name.clone(), style);
        }
        Ok(styles)
    }

    /// API keys in query, header or cookie: they may be sent with any operation.
    fn credentials(&self) -> BTreeMap<String, Parameter> {
        let schemes = self.root.pointer("/components/securitySchemes").and_then(Value::as_object);
        schemes
            .into_iter()
            .flat_map(Map::values)
            .filter(|scheme| scheme.get("type").and_then(Value::as_str) == Some("apiKey"))
            .filter_map(|scheme| {
                let name = scheme.get("name")?.as_str()?;
                let place = scheme.get("in")?.as_str()?;
                let key = if place == "header" { name.to_lowercase() } else { name.to_owned() };
                let parameter = Parameter {
                    name: name.to_owned(),
                    is_secret: true,
                    shape: Shape::any().into(),
                    ..Parameter::default()
                };
                Some((below(&format!("/{place}"), &key), parameter))
            })
            .collect()
    }
}

/// Names between braces.
pub(crate) fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
