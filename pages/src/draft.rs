//! Collects what the parts of a page say about one operation, so that one fact said three times is
//! one fact.
//!
//! Invariants:
//!
//! * A column of a table outranks a sentence; among equals the first one counts.
//! * A parameter that a table and an example name is one parameter.

use std::collections::{BTreeMap, HashMap};

use crate::facts::{Kind, Operation, Parameter, Place, Requirement, Told};
use crate::json::Node;
use crate::prose;
use crate::route::Route;
use crate::shape::Fields;
use crate::statement::Statement;
use crate::words::KINDS;

/// An operation that is being read.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The path that the page's commands have by mistake.
    pub(crate) other_path: Option<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) line: usize,
    parameters: Vec<Slot>,
    by_name: HashMap<String, usize>,
    headers: Vec<Told<String>>,
    body: Fields,
    has_body: bool,
    response: Fields,
}

/// A parameter that is being read.
#[derive(Debug, Default)]
struct Slot {
    parameter: Parameter,
    place: Option<Place>,
    has_cell_values: bool,
    has_cell_type: bool,
}

impl Draft {
    pub(crate) fn new(method: &str, path: &str, line: usize) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), line, ..Self::default() }
    }

    /// Adds a statement about a parameter.
    pub(crate) fn state(&mut self, statement: &Statement) {
        let slot = self.slot(&statement.name, statement.line);
        slot.parameter.is_described = true;
        slot.state(statement);
    }

    /// Adds a parameter of the query that an address or example has.
    pub(crate) fn query(&mut self, name: &str, line: usize) {
        self.slot(name, line).place = Some(Place::Query);
    }

    /// Adds a part of the body that an example has.
    pub(crate) fn body_part(&mut self, name: &str, line: usize) {
        self.has_body = true;
        self.slot(name, line).place.get_or_insert(Place::Body);
    }

    /// Adds an example of the body.
    pub(crate) fn body(&mut self, root: &Node) {
        self.has_body = true;
        self.body.add_example(root);
    }

    /// Adds an example of a response.
    pub(crate) fn response(&mut self, root: &Node) {
        self.response.add_example(root);
    }

    /// Adds a field that a table of the response names.
    pub(crate) fn response_field(&mut self, statement: &Statement) {
        let field = self.response.field(&statement.name, statement.line);
        let word = statement.kind.as_deref().and_then(prose::type_word);
        let kind = KINDS.iter().find(|(name, _)| Some(*name) == word).map(|(_, kind)| *kind);
        field.kinds.extend(kind);
    }

    pub(crate) fn header(&mut self, name: &str, line: usize) {
        let name = name.trim();
        let is_name = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let is_known = self.headers.iter().any(|known| known.value.eq_ignore_ascii_case(name));
        if is_name && !is_known {
            self.headers.push(Told { value: name.to_owned(), line });
        }
    }

    /// Tells whether an example names some parameter of this operation.
    pub(crate) fn knows_name(&self, name: &str) -> bool {
        self.by_name.contains_key(&normal(name))
    }

    /// Adds values that a list below a sentence about a parameter has.
    pub(crate) fn values(&mut self, name: &str, values: Vec<Told<String>>) {
        if let Some(at) = self.by_name.get(&normal(name)) {
            let slot = &mut self.parameters[*at];
            if slot.parameter.values.is_empty() {
                slot.parameter.values = values;
            }
        }
    }

    fn slot(&mut self, name: &str, line: usize) -> &mut Slot {
        let at = *self.by_name.entry(normal(name)).or_insert_with(|| {
            let parameter = Parameter { name: name.to_owned(), line, ..Parameter::default() };
            self.parameters.push(Slot { parameter, ..Slot::default() });
            self.parameters.len() - 1
        });
        &mut self.parameters[at]
    }

    /// Turns the draft into an operation: each parameter gets its place, and the examples' bodies
    /// become parameters.
    pub(crate) fn finish(mut self) -> Operation {
        self.add_body_parameters();
        let is_query = ["GET", "HEAD", "DELETE", "OPTIONS"].contains(&self.method.as_str());
        let usual = if is_query && !self.has_body { Place::Query } else { Place::Body };
        let variables: Vec<&str> = Route::variables(&self.path).collect();
        self.parameters.iter_mut().for_each(Slot::drop_slips);
        let parameters = self.parameters.into_iter().map(|slot| {
            let name = slot.parameter.name.as_str();
            let place =
                if variables.contains(&name) { Place::Path } else { slot.place.unwrap_or(usual) };
            Parameter { place, ..slot.parameter }
        });
        Operation {
            page: String::new(),
            parameters: parameters.collect(),
            method: self.method,
            titles: self.titles,
            line: self.line,
            headers: self.headers,
            response: self.response.into_fields(),
            path: self.path,
        }
    }

    fn add_body_parameters(&mut self) {
        let fields = std::mem::take(&mut self.body).into_fields();
        let mut by_last: BTreeMap<String, usize> = BTreeMap::new();
        for field in &fields {
            *by_last.entry(last(&field.path).to_owned()).or_default() += 1;
        }
        for field in fields {
            let path = field.path.trim_start_matches("[].");
            let short = last(path).to_owned();
            let is_said = self.by_name.contains_key(&normal(path))
                || (by_last.get(&short) == Some(&1) && self.by_name.contains_key(&normal(&short)));
            if is_said {
                let name = if self.by_name.contains_key(&normal(path)) { path } else { &short };
                self.slot(name, field.line).place.get_or_insert(Place::Body);
                continue;
            }
            // `servico.id_servico` in a table says that there is a `servico`.
            let inner = format!("{}.", normal(path));
            if self.parameters.iter().any(|slot| slot.is_described_below(&inner)) {
                continue;
            }
            let kind = field.kinds.iter().find(|kind| **kind != Kind::Null);
            let slot = self.slot(path, field.line);
            slot.place = Some(Place::Body);
            slot.parameter.kind = kind.map(|kind| Told { value: kind.word(), line: field.line });
        }
    }
}

impl Slot {
    fn is_described_below(&self, beginning: &str) -> bool {
        self.parameter.is_described && normal(&self.parameter.name).starts_with(beginning)
    }

    fn state(&mut self, statement: &Statement) {
        let line = statement.line;
        let text = statement.text.as_deref().unwrap_or_default();
        self.place = self.place.or(statement.place);
        self.require(statement, text);
        self.type_it(statement, text);
        self.limit(statement, text);
        let default = statement.default.clone().or_else(|| prose::default_in_prose(text));
        let default = default.or_else(|| prose::marked_default(text));
        if self.parameter.default.is_none() {
            self.parameter.default = default.map(|value| Told { value, line });
        }
    }

    /// Drops a yes or no that slipped into the column of defaults, and turns alternatives there into
    /// the values that they are.
    fn drop_slips(&mut self) {
        let parameter = &mut self.parameter;
        let Some(default) = &parameter.default else { return };
        let is_answer = ["Sim", "Não", "Nao"].contains(&default.value.as_str());
        let is_boolean = parameter.kind.as_ref().is_some_and(|kind| kind.value == "boolean");
        if is_answer && parameter.values.is_empty() && !is_boolean {
            parameter.default = None;
        } else if parameter.values.is_empty() && default.value.contains(" ou ") {
            let line = default.line;
            let values = prose::values_in_cell(&default.value);
            if values.len() > 1 {
                parameter.values = values.into_iter().map(|value| Told { value, line }).collect();
                parameter.default = None;
            }
        }
    }

    fn require(&mut self, statement: &Statement, text: &str) {
        let said = statement.required.clone().or_else(|| prose::requirement_of_prose(text));
        if self.parameter.required.is_none() {
            self.parameter.required = said.map(|value| Told { value, line: statement.line });
        }
    }

    fn type_it(&mut self, statement: &Statement, text: &str) {
        let line = statement.line;
        let of_cell = statement
            .kind
            .as_deref()
            .and_then(|cell| prose::type_word(cell).or_else(|| prose::type_in_cell(cell)));
        let of_text = prose::type_word(text).or_else(|| prose::marked_type(text));
        let of_text = of_text
            .or_else(|| if statement.is_about_values { prose::type_in_cell(text) } else { None });
        let said = of_cell.or(of_text);
        if said.is_some()
            && (self.parameter.kind.is_none() || (of_cell.is_some() && !self.has_cell_type))
        {
            self.has_cell_type |= of_cell.is_some();
            self.parameter.kind = said.map(|value| Told { value, line });
        }
    }

    fn limit(&mut self, statement: &Statement, text: &str) {
        let line = statement.line;
        let listed = statement.values.as_deref().map(prose::values_in_cell).unwrap_or_default();
        let is_cell = !listed.is_empty() || statement.is_about_values;
        let values = match () {
            () if !listed.is_empty() => listed,
            () if statement.is_about_values => prose::values_in_cell(text),
            () => prose::values_in_prose(text),
        };
        let outranks = self.parameter.values.is_empty() || (is_cell && !self.has_cell_values);
        if !values.is_empty() && outranks {
            self.has_cell_values = is_cell;
            let told = |value| Told { value, line };
            self.parameter.values = values.into_iter().map(told).collect();
        }
        let mut found = prose::constraints(text);
        found.extend(statement.max_length.clone().map(|length| ("maxLength", length)));
        found.extend(statement.kind.as_deref().map(prose::constraints).unwrap_or_default());
        for (name, value) in found {
            self.parameter.constraints.entry(name).or_insert(Told { value, line });
        }
    }
}

impl Parameter {
    /// Returns the type for a report: `enum`, `string, date (YYYY-MM-DD)`, `number`; `None` if the
    /// page says no type.
    #[must_use]
    pub fn kind_name(&self) -> Option<String> {
        if !self.values.is_empty() {
            return Some("enum".to_owned());
        }
        let format = self.constraints.get("format").map(|format| format.value.as_str());
        match (self.kind.as_ref().map(|kind| kind.value), format) {
            (Some("date") | None, Some(format)) => Some(format!("string, date ({format})")),
            (Some("date"), None) => Some("string, date".to_owned()),
            (kind, _) => kind.map(str::to_owned),
        }
    }

    /// Tells whether every request must have the parameter, `None` if the page does not say.
    #[must_use]
    pub fn is_required(&self) -> Option<bool> {
        match self.required.as_ref()?.value {
            Requirement::Always => Some(true),
            Requirement::Never => Some(false),
            Requirement::When(_) => None,
        }
    }
}

/// Returns a name as it is compared: `produtos[].id`, `produtos.*.id` and `produtos.id` are one.
pub(crate) fn normal(name: &str) -> String {
    let name = name.replace("[]", "").replace(".*", "").replace("[*]", "").replace("[0]", "");
    let name = name.replace('[', ".").replace(']', "");
    name.replace("..", ".").trim_matches('.').to_owned()
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]")
}
