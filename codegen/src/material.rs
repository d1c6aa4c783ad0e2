//! Holds what a client's text is made from, besides the spec: recorded exchanges, from which
//! examples are written, programs, to which the front page points, and the command that makes it.
//!
//! The caller has read the files; this module works on their texts.

use std::collections::BTreeMap;

use prumo_spec::Scalar;
use prumo_spec::openapi::{Outcome, ParameterPlace};
use serde_json::{Map, Value, json};

use crate::prepare::{Operation, Parameter};

/// The command that a generated file names as its maker, unless another is said.
const COMMAND: &str = "cargo xtask generate";

/// Recorded exchanges of one spec by operation, programs that use its client, and the command
/// that makes it.
#[derive(Clone, Debug, Default)]
pub struct Material {
    exchanges: BTreeMap<String, Vec<Exchange>>,
    programs: BTreeMap<String, String>,
    command: Option<&'static str>,
}

impl Material {
    /// Returns material without exchanges, of a client that `command` makes.
    #[must_use]
    pub fn made_by(command: &'static str) -> Self {
        Self { command: Some(command), ..Self::default() }
    }

    /// Returns the command that each file's first line names.
    pub(crate) fn command(&self) -> &'static str {
        self.command.unwrap_or(COMMAND)
    }

    /// Adds the text of one exchange of `operation`. Ignores a text that is no exchange, since the
    /// judge complains about it.
    pub fn add(&mut self, operation: &str, text: &str) {
        if let Ok(exchange) = serde_json::from_str(text) {
            self.exchanges.entry(operation.to_owned()).or_default().push(Exchange(exchange));
        }
    }

    /// Adds the program `name`, a file in the crate's `examples`.
    pub fn add_program(&mut self, name: &str, text: &str) {
        let docs = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
        let paragraph: Vec<&str> = docs.take_while(|line| !line.is_empty()).collect();
        self.programs.insert(name.to_owned(), paragraph.join(" "));
    }

    /// Returns the name and the purpose of each program.
    pub(crate) fn programs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.programs.iter().map(|(name, docs)| (name.as_str(), docs.as_str()))
    }

    /// Returns the exchange with the shortest request among those that succeeded.
    pub(crate) fn shortest_success(&self, operation: &Operation) -> Option<&Exchange> {
        let exchanges = self.exchanges.get(&operation.id)?;
        let good = exchanges.iter().filter(|exchange| exchange.succeeded(operation));
        good.min_by_key(|exchange| {
            (exchange.request().to_string().len(), exchange.request().to_string())
        })
    }
}

/// One recorded exchange.
#[derive(Clone, Debug)]
pub(crate) struct Exchange(Value);

impl Exchange {
    fn request(&self) -> &Value {
        &self.0["request"]
    }

    /// Returns whether the response is a success, by its status and its envelope.
    fn succeeded(&self, operation: &Operation) -> bool {
        let status = self.0["response"]["status"].as_u64().unwrap_or_default();
        let said = operation.envelope.as_ref().and_then(|envelope| {
            let tag = self.0["response"]["body"].pointer(envelope.tag.as_deref()?)?;
            Some(envelope.outcome(&Scalar::from_value(tag)))
        });
        (200..300).contains(&status) && said.is_none_or(|said| said == Outcome::Success)
    }

    /// Returns the value that was sent for `parameter`.
    pub(crate) fn parameter(&self, operation: &Operation, parameter: &Parameter) -> Option<Value> {
        let request = self.request();
        match parameter.place {
            ParameterPlace::Path => {
                let wanted = format!("{{{}}}", parameter.name);
                let sent = request["path"].as_str()?.split('/');
                let text = operation
                    .path
                    .split('/')
                    .zip(sent)
                    .find(|(template, _)| *template == wanted)?
                    .1;
                // Redacted or percent-encoded values read badly in an example.
                let is_plain = !text.contains(['{', '%']);
                is_plain.then(|| json!(text))
            }
            ParameterPlace::Header => {
                request["headers"].get(parameter.name.to_lowercase()).cloned()
            }
            ParameterPlace::Query | ParameterPlace::Cookie => {
                request["query"].get(&parameter.name).cloned()
            }
        }
    }

    /// Returns the body that was sent; for a form, the value of each of its `fields`.
    pub(crate) fn body(&self, fields: Option<&[(&str, bool)]>) -> Option<Value> {
        let request = self.request();
        let Some(fields) = fields else {
            return request.get("body").filter(|body| !body.is_null()).cloned();
        };
        let parts = request["form"].as_array()?;
        let mut members = Map::new();
        for (field, is_list) in fields {
            let bare = field.trim_end_matches("[]");
            let is_of_field = |part: &&Value| {
                let name = part["name"].as_str().unwrap_or_default();
                name == *field || name.split('[').next() == Some(bare)
            };
            let value = |part: &Value| match part.get("file") {
                Some(file) => json!({"file": file}),
                None => part["value"].clone(),
            };
            let values: Vec<Value> = parts.iter().filter(is_of_field).map(value).collect();
            match (values.first(), is_list) {
                (None, _) => {}
                (Some(_), true) => drop(members.insert((*field).to_owned(), json!(values))),
                (Some(first), false) => drop(members.insert((*field).to_owned(), first.clone())),
            }
        }
        Some(Value::Object(members))
    }
}
