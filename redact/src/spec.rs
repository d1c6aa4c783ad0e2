//! Turns an OpenAPI document into what it tells about one value: `x-pii`,
//! `x-secret`, and which values are nobody's.
//!
//! The schema is walked beside the value, so schemas that hold themselves need
//! no special care: the walk ends where the value ends. A node is the set of
//! all schemas that may stand there; one mark among them is enough.

use serde_json::Value;

use super::{Sensitive, names};
use prumo_spec::formats::Format;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// How many `$ref` in a row are followed.
const MAX_REFERENCES: usize = 16;

/// An OpenAPI document; the default is one that says nothing.
#[derive(Default)]
pub(super) struct Spec {
    root: Value,
    operations: Vec<Operation>,
    /// Names of headers and query parameters that carry a credential, lower case.
    credentials: Vec<String>,
}

struct Operation {
    id: String,
    method: String,
    template: Vec<String>,
    /// JSON Pointers to the operation and the path item that holds it.
    pointer: String,
    path_pointer: String,
}

/// Every schema that may describe a value.
#[derive(Default)]
pub(super) struct Nodes<'a>(Vec<&'a Value>);

impl Spec {
    pub(super) fn new(root: &Value) -> Self {
        let mut operations = Vec::new();
        let paths = root.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let path_pointer = prumo_spec::document::below("/paths", path);
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                operations.push(Operation {
                    id: text(operation, "operationId").to_owned(),
                    method: method.to_owned(),
                    template: path.split('/').map(str::to_owned).collect(),
                    pointer: format!("{path_pointer}/{method}"),
                    path_pointer: path_pointer.clone(),
                });
            }
        }
        let schemes = root.pointer("/components/securitySchemes").and_then(Value::as_object);
        let credentials = schemes
            .into_iter()
            .flat_map(|schemes| schemes.values())
            .filter(|scheme| text(scheme, "type") == "apiKey")
            .map(|scheme| text(scheme, "name").to_ascii_lowercase())
            .collect();
        Self { root: root.clone(), operations, credentials }
    }

    /// Whether an operation has this name.
    pub(super) fn has(&self, id: &str) -> bool {
        self.operations.iter().any(|operation| operation.id == id)
    }

    /// The operation of a recorded exchange, by its name or by method and path.
    pub(super) fn operation(&self, exchange: &Value) -> Option<&Value> {
        let id = text(exchange, "operation");
        let named = self.operations.iter().find(|operation| operation.id == id);
        let request = exchange.get("request").unwrap_or(&Value::Null);
        let (method, path) = (text(request, "method"), text(request, "path"));
        let found = named.or_else(|| {
            let segments: Vec<&str> = path.split('/').collect();
            let takes = |operation: &&Operation| {
                operation.method.eq_ignore_ascii_case(method) && fits(&operation.template, &segments)
            };
            // Of two that fit, the one with more fixed words is meant.
            let n_fixed = |operation: &&Operation| {
                operation.template.iter().filter(|part| !part.starts_with('{')).count()
            };
            self.operations.iter().filter(takes).max_by_key(n_fixed)
        });
        found.and_then(|operation| self.root.pointer(&operation.pointer))
    }

    fn row(&self, operation: Option<&Value>) -> Option<&Operation> {
        let operation = operation?;
        let is_it = |row: &&Operation| {
            self.root.pointer(&row.pointer).is_some_and(|found| std::ptr::eq(found, operation))
        };
        self.operations.iter().find(is_it)
    }

    /// The segments of the operation's path template, without the leading empty one.
    pub(super) fn template(&self, operation: Option<&Value>) -> &[String] {
        let template = self.row(operation).map_or(&[][..], |row| &row.template);
        template.get(1..).unwrap_or_default()
    }

    /// A parameter of the operation or its path.
    pub(super) fn parameter<'a>(
        &'a self,
        operation: Option<&'a Value>,
        place: &str,
        name: &str,
    ) -> Option<&'a Value> {
        let item = self.row(operation).and_then(|row| self.root.pointer(&row.path_pointer));
        let lists = [operation, item].into_iter().flatten();
        lists
            .filter_map(|holder| holder.get("parameters")?.as_array())
            .flatten()
            .map(|parameter| self.resolved(parameter))
            .find(|parameter| text(parameter, "in") == place && text(parameter, "name") == name)
    }

    /// Whether a header or query parameter of this name carries a credential.
    pub(super) fn is_credential(&self, name: &str) -> bool {
        self.credentials.iter().any(|credential| credential.eq_ignore_ascii_case(name))
    }

    pub(super) fn request_body<'a>(&'a self, operation: Option<&'a Value>) -> Nodes<'a> {
        let body = operation.and_then(|operation| operation.get("requestBody"));
        self.nodes(body.into_iter().flat_map(|body| self.schemas(body)).collect())
    }

    /// The schemas of every answer: which one it was does not matter for a mark.
    pub(super) fn response_bodies<'a>(&'a self, operation: Option<&'a Value>) -> Nodes<'a> {
        let responses = operation.and_then(|operation| operation.get("responses")?.as_object());
        let responses = responses.into_iter().flat_map(|responses| responses.values());
        self.nodes(responses.flat_map(|response| self.schemas(response)).collect())
    }

    fn schemas<'a>(&'a self, body: &'a Value) -> Vec<&'a Value> {
        let content = self.resolved(body).get("content").and_then(Value::as_object);
        let media = content.into_iter().flat_map(|content| content.values());
        media.filter_map(|media| media.get("schema")).collect()
    }

    /// The schemas with all that they refer to and all their branches.
    pub(super) fn nodes<'a>(&'a self, mut open: Vec<&'a Value>) -> Nodes<'a> {
        let mut reached: Vec<&Value> = Vec::new();
        while let Some(node) = open.pop() {
            if reached.iter().any(|known| std::ptr::eq(*known, node)) {
                continue;
            }
            reached.push(node);
            if node.get("$ref").is_some() {
                open.push(self.resolved(node));
            }
            open.extend(node.get("schema"));
            for key in ["allOf", "oneOf", "anyOf"] {
                open.extend(node.get(key).and_then(Value::as_array).into_iter().flatten());
            }
        }
        Nodes(reached)
    }

    /// The schemas of a member.
    pub(super) fn below<'a>(&'a self, nodes: &Nodes<'a>, name: &str) -> Nodes<'a> {
        let member = |node: &&'a Value| {
            let property = node.get("properties").and_then(|properties| properties.get(name));
            property.or_else(|| node.get("additionalProperties").filter(|more| more.is_object()))
        };
        self.nodes(nodes.0.iter().filter_map(member).collect())
    }

    /// The schemas of a form's part, and what the values around it are marked
    /// as: `anexos[0]` is an item of `anexos`, `campos[cor]` an entry of `campos`.
    pub(super) fn part<'a>(&'a self, nodes: &Nodes<'a>, name: &str) -> (Nodes<'a>, Vec<Sensitive>) {
        let whole = self.below(nodes, name);
        let Some((base, members)) = name.split_once('[').filter(|_| whole.0.is_empty()) else {
            return (whole, Vec::new());
        };
        let mut found = self.below(nodes, base);
        let mut marks = Vec::new();
        for member in members.trim_end_matches(']').split("][") {
            marks.extend(self.marks(&found));
            let items = self.items(&found);
            found = if items.0.is_empty() { self.below(&found, member) } else { items };
        }
        (found, marks)
    }

    /// The schemas of a list's items.
    pub(super) fn items<'a>(&'a self, nodes: &Nodes<'a>) -> Nodes<'a> {
        self.nodes(nodes.0.iter().filter_map(|node| node.get("items")).collect())
    }

    /// What the spec marks the value as.
    pub(super) fn marks(&self, nodes: &Nodes<'_>) -> Vec<Sensitive> {
        let mut kinds = Vec::new();
        for node in &nodes.0 {
            if is_secret(node) {
                kinds.push(Sensitive::Secret);
            }
            let named: Vec<&str> = match node.get("x-pii") {
                Some(Value::String(name)) => vec![name],
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            kinds.extend(named.into_iter().filter_map(Sensitive::parse));
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    pub(super) fn is_marked(&self, nodes: &Nodes<'_>) -> bool {
        !self.marks(nodes).is_empty()
    }

    /// What the spec marks the value as, or else what its format or name tells.
    pub(super) fn kinds(&self, nodes: &Nodes<'_>, name: &str) -> Vec<Sensitive> {
        let marks = self.marks(nodes);
        if !marks.is_empty() {
            return marks;
        }
        if nodes.0.iter().any(|node| text(node, "format") == "email") {
            return vec![Sensitive::Email];
        }
        names::kind(name).into_iter().collect()
    }

    /// Whether the spec says that the value is one of a list, a time or a number.
    pub(super) fn is_protected(&self, nodes: &Nodes<'_>) -> bool {
        nodes.0.iter().any(|node| node.get("enum").is_some() || is_impersonal(text(node, "format")))
    }

    fn resolved<'a>(&'a self, mut node: &'a Value) -> &'a Value {
        for _ in 0..MAX_REFERENCES {
            let target = node.get("$ref").and_then(Value::as_str);
            let Some(found) = target.and_then(|target| self.root.pointer(target.strip_prefix('#')?)) else {
                break;
            };
            node = found;
        }
        node
    }
}

fn is_impersonal(format: &str) -> bool {
    Format::named(format).is_some_and(|format| format.is_impersonal)
}

pub(super) fn is_secret(node: &Value) -> bool {
    node.get("x-secret") == Some(&Value::Bool(true))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether the end of a path is what the template says.
fn fits(template: &[String], segments: &[&str]) -> bool {
    let template = template.get(1..).unwrap_or_default();
    let Some(n_before) = segments.len().checked_sub(template.len()) else {
        return false;
    };
    let pairs = template.iter().zip(segments.iter().skip(n_before));
    n_before > 0 && pairs.into_iter().all(|(part, segment)| part.starts_with('{') || part == segment)
}
