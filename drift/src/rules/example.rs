//! Shows one rule: a promise, the traffic that breaks it, and the place of the finding.
//!
//! `docs/rules.md` is made from these examples and prints the judge's own findings on them. A test
//! judges each example and compares the finding with the place in its row.

/// An example of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The spec.
    pub promised: Promised,
    /// The traffic.
    pub came: Came,
    /// The waivers file beside the spec, in YAML; empty if there is none.
    pub waivers: &'static str,
    /// The place of the finding.
    pub at: &'static str,
}

/// The part of an example's spec that its row spells out.
#[derive(Clone, Copy, Debug)]
pub enum Promised {
    /// The schema of the response to `GET /item`, in YAML.
    Answer(&'static str),
    /// The operation `GET /item` itself, in YAML.
    Operation(&'static str),
}

/// The traffic of an example.
#[derive(Clone, Copy, Debug)]
pub enum Came {
    /// A response with status 200 and this JSON.
    Answer(&'static str),
    /// A whole exchange.
    Exchange(&'static str),
    /// No exchange.
    Nothing,
}

impl Example {
    /// Returns the whole spec, in YAML.
    pub fn spec(&self) -> String {
        let operation = match self.promised {
            Promised::Operation(operation) => operation.to_owned(),
            Promised::Answer(schema) => format!(
                "responses:\n  '200':\n    description: An item.\n    content:\n      application/json:\n        \
                 schema:\n{}",
                indented(schema, 10)
            ),
        };
        format!(
            "openapi: 3.0.3\ninfo: {{title: Acme, version: '1'}}\npaths:\n  /item:\n    get:\n      \
             operationId: ler_item\n{}\n",
            indented(&operation, 6)
        )
    }

    /// Returns the whole exchange in JSON, or `None` if there is none.
    pub fn exchange(&self) -> Option<String> {
        match self.came {
            Came::Nothing => None,
            Came::Exchange(exchange) => Some(exchange.to_owned()),
            Came::Answer(body) => Some(format!(
                r#"{{"request": {{"method": "GET", "path": "/item"}}, "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#
            )),
        }
    }
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{:by$}{line}", "")).collect::<Vec<_>>().join("\n")
}
