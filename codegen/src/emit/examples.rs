//! Writes one example call per operation, from a recorded exchange or from samples.
//!
//! Invariants:
//!
//! * Every example compiles: each value is written for the type that its setter takes, and a value
//!   that can't be written is left out. The client's doctests prove it.
//! * An operation has no example if one of its required values can't be written.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use syn::{Fields, Item, ItemStruct, Type};

use super::builders::{Model, setters_of};
use super::heads::is_called;
use super::presence::presence;
use crate::material::{Exchange, Material};
use crate::names;
use crate::polish::{inner_of, module, wire_name};
use crate::prepare::{Draft, EnumKind, FieldKind, Operation, Parameter, scalars};

/// The most items of a list that an example shows.
const MOST_ITEMS: usize = 2;

/// The greatest depth of a sample.
const MAX_DEPTH: usize = 8;

/// The sources of examples.
pub(super) struct Examples<'d> {
    library: String,
    draft: &'d Draft,
    client: &'d syn::File,
    material: &'d Material,
    structs: BTreeMap<String, &'d ItemStruct>,
    unions: BTreeMap<String, &'d syn::ItemEnum>,
}

impl<'d> Examples<'d> {
    pub(super) fn new(
        name: &str,
        draft: &'d Draft,
        client: &'d syn::File,
        material: &'d Material,
    ) -> Self {
        let (mut structs, mut unions) = (BTreeMap::new(), BTreeMap::new());
        for item in module(&client.items, "types").unwrap_or(&[]) {
            match item {
                Item::Struct(item) => drop(structs.insert(item.ident.to_string(), item)),
                Item::Enum(item) => drop(unions.insert(item.ident.to_string(), item)),
                _ => {}
            }
        }
        Self { library: name.replace('-', "_"), draft, client, material, structs, unions }
    }

    /// Returns an example call of `operation` as a doctest, or `None` if it can't be made up.
    pub(super) fn of(&self, operation: &Operation) -> anyhow::Result<Option<String>> {
        let model = Model::of(self.client, operation)?;
        let recorded = self
            .material
            .shortest_success(operation)
            .and_then(|one| self.call(operation, &model, Some(one)));
        let Some(call) = recorded.or_else(|| self.call(operation, &model, None)) else {
            return Ok(None);
        };
        let call = format!("async fn f() {{ let answer = client{call}.send().await?; }}");
        let Ok(file) = syn::parse_file(&call) else { return Ok(None) };
        let text = prettyplease::unparse(&file);
        let lines: Vec<&str> = text.lines().collect();
        let body = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
        let body: Vec<&str> =
            body.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
        let library = &self.library;
        Ok(Some(format!(
            "```no_run\n# async fn example(client: {library}::Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
             {}\n# Ok(())\n# }}\n```",
            body.join("\n")
        )))
    }

    /// Writes the method, its setters and its body.
    fn call(
        &self,
        operation: &Operation,
        model: &Model<'_>,
        exchange: Option<&Exchange>,
    ) -> Option<String> {
        let mut call = format!(".{}()", names::parameter(&operation.method_name));
        for one in operation.parameters.iter().filter(|one| !one.secret) {
            let target = model.field(&one.setter()).ok()?;
            let value = match exchange {
                Some(exchange) => exchange.parameter(operation, one),
                None => one.required.then(|| self.sample_of(one, &target)).flatten(),
            };
            match value.and_then(|value| self.given(&target, &value)) {
                Some(value) => call.push_str(&format!(".{}({value})", one.setter())),
                None if one.required => return None,
                None => {}
            }
        }
        if operation.body.is_some() {
            call.push_str(&self.body(operation, model, exchange)?);
        }
        Some(call)
    }

    fn sample_of(&self, parameter: &Parameter, target: &Type) -> Option<Value> {
        let example = parameter.schema.get("example");
        example.cloned().or_else(|| self.sample(target, 0))
    }

    fn body(
        &self,
        operation: &Operation,
        model: &Model<'_>,
        exchange: Option<&Exchange>,
    ) -> Option<String> {
        let target = model.field("body").ok()?;
        if is_called(&target, "Body") {
            return Some(".body(\"…\")".to_owned());
        }
        let form = self.form(&target);
        let value = match exchange {
            Some(exchange) => exchange.body(form.as_deref())?,
            None => self.sample(&target, 0)?,
        };
        if model.function("body_map").is_none() {
            return Some(format!(".body({})", self.given(&target, &value)?));
        }
        let taken = setters_of(operation);
        let (of_body, of_call): (Vec<_>, Vec<_>) = self
            .setters(self.record(&target)?, &value)?
            .into_iter()
            .partition(|(name, _)| taken.contains(name));
        let first = match chained(&of_body).as_str() {
            "" => String::new(),
            setters => format!(".body({}::builder(){setters})", self.path(&target)?),
        };
        Some(format!("{first}{}", chained(&of_call)))
    }

    /// Returns the fields of the form that `target` is sent as, and whether each is a list.
    fn form(&self, target: &Type) -> Option<Vec<(&'d str, bool)>> {
        let form = self.draft.forms.iter().find(|form| is_called(target, &form.name))?;
        let is_list = |kind: &FieldKind| {
            matches!(kind, FieldKind::Each(_) | FieldKind::Repeated(_) | FieldKind::Indexed(_))
        };
        Some(
            form.fields
                .iter()
                .map(|field| (field.property.as_str(), is_list(&field.kind)))
                .collect(),
        )
    }

    fn record(&self, target: &Type) -> Option<&'d ItemStruct> {
        let found = self.structs.get(&last(target)?)?;
        matches!(found.fields, Fields::Named(_)).then_some(*found)
    }

    /// Returns the setter and the expression for each member of `value`, or `None` if a required one
    /// can't be written.
    fn setters(&self, record: &ItemStruct, value: &Value) -> Option<Vec<(String, String)>> {
        let members = value.as_object()?;
        let mut setters = Vec::new();
        for field in &record.fields {
            let ident = field.ident.as_ref()?;
            let said = presence(&field.attrs).ok()?.word()?;
            let target = inner_of(&field.ty, "Option").unwrap_or_else(|| field.ty.clone());
            let value = members.get(&wire_name(field)).filter(|value| !value.is_null());
            match value.and_then(|value| self.given(&target, value)) {
                Some(value) => setters.push((ident.to_string(), value)),
                None if matches!(said, "required" | "nullable") => return None,
                None => {}
            }
        }
        Some(setters)
    }

    /// Writes `value` for a setter that converts its argument into `target`.
    fn given(&self, target: &Type, value: &Value) -> Option<String> {
        if let Some(inner) = inner_of(target, "Option") {
            return self.given(&inner, value);
        }
        match last(target)?.as_str() {
            "String" => text_of(value).map(|text| format!("{text:?}")),
            name if scalars().any(|scalar| scalar.rust == name) || name == "Password" => {
                loose_scalar(name, value)
            }
            "i64" => integer_of(value)
                .filter(|number| i32::try_from(*number).is_ok())
                .map(|number| number.to_string()),
            _ if self.record(target).is_some() => Some(format!(
                "{}::builder(){}",
                self.path(target)?,
                chained(&self.setters(self.record(target)?, value)?)
            )),
            "Vec" => self.list(&inner_of(target, "Vec")?, value).map(|items| format!("[{items}]")),
            _ => self.exact(target, value),
        }
    }

    /// Writes `value` as an expression of exactly the type `target`.
    fn exact(&self, target: &Type, value: &Value) -> Option<String> {
        let library = &self.library;
        let name = last(target)?;
        match name.as_str() {
            "String" => text_of(value).map(|text| format!("{text:?}.to_owned()")),
            "bool" => truth_of(value).map(|truth| truth.to_string()),
            "f64" => number_of(value).map(|number| format!("{number:?}")),
            "i64" | "i32" | "u64" | "u32" | "u8" => {
                integer_of(value).map(|number| format!("{number}_{name}"))
            }
            "Option" => None,
            "Vec" => {
                self.list(&inner_of(target, "Vec")?, value).map(|items| format!("vec![{items}]"))
            }
            "FilePart" => {
                let file = value.get("file").and_then(Value::as_str).unwrap_or("note.txt");
                Some(format!("{library}::FilePart::from_bytes({file:?}, \"…\")"))
            }
            "IntOrString" | "Money" | "NumberOrString" => {
                loose_scalar(&name, value).map(|value| format!("{library}::{name}::from({value})"))
            }
            known if scalars().any(|scalar| scalar.rust == known) => {
                let text = loose_scalar(known, value)?;
                Some(match known {
                    "BoolAsInt" | "DecimalString" => format!("{library}::{known}::from({text})"),
                    _ => format!("{library}::{known}::try_from({text})?"),
                })
            }
            _ => self.constant(&name, value).or_else(|| self.composed(target, &name, value)),
        }
    }

    /// Writes the items of a list, separated by commas.
    fn list(&self, inner: &Type, value: &Value) -> Option<String> {
        let items = value.as_array()?.iter().take(MOST_ITEMS).map(|item| self.exact(inner, item));
        let items = items.collect::<Option<Vec<_>>>().filter(|items| !items.is_empty())?;
        Some(items.join(", "))
    }

    /// Writes a value of an enum.
    fn constant(&self, name: &str, value: &Value) -> Option<String> {
        let known = self.draft.enums.iter().find(|one| one.name == name)?;
        let is_meant = |wire: &Value| match known.kind {
            EnumKind::Text => wire == value,
            EnumKind::Integer | EnumKind::IntegerOrText => wire.as_i64() == integer_of(value),
            EnumKind::Boolean => wire.as_bool() == truth_of(value),
        };
        let (variant, _) = known.variants.iter().find(|(_, wire)| is_meant(wire))?;
        Some(format!("{}::enums::{name}::{variant}", self.library))
    }

    /// Writes a record, or the branch of a union that `value` fits.
    fn composed(&self, target: &Type, name: &str, value: &Value) -> Option<String> {
        let path = self.path(target)?;
        if let Some(record) = self.record(target) {
            return Some(format!(
                "{path}::try_from({path}::builder(){})?",
                chained(&self.setters(record, value)?)
            ));
        }
        self.unions.get(name)?.variants.iter().find_map(|branch| {
            let inner = &branch.fields.iter().next()?.ty;
            let fits = match last(inner)?.as_str() {
                "i64" => value.is_i64(),
                "f64" => value.is_number(),
                "bool" => value.is_boolean(),
                "String" => value.is_string(),
                "Vec" => value.is_array(),
                _ => value.is_object(),
            };
            let value = self.exact(inner, value).filter(|_| fits)?;
            Some(format!("{path}::{}({value})", branch.ident))
        })
    }

    fn path(&self, target: &Type) -> Option<String> {
        Some(format!("{}::types::{}", self.library, last(target)?))
    }

    /// Makes up a value of the type `target` with only the required members.
    fn sample(&self, target: &Type, depth: usize) -> Option<Value> {
        let name = last(target)?;
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(one) = self.draft.enums.iter().find(|one| one.name == name) {
            return one.variants.first().map(|(_, value)| value.clone());
        }
        if let Some(record) = self.record(target) {
            return self.sample_record(record, depth);
        }
        if let Some(union) = self.unions.get(&name) {
            return self.sample(&union.variants.first()?.fields.iter().next()?.ty, depth + 1);
        }
        Some(match name.as_str() {
            "Option" => return self.sample(&inner_of(target, "Option")?, depth),
            "Vec" => json!([self.sample(&inner_of(target, "Vec")?, depth + 1)?]),
            "String" | "Password" => json!("…"),
            "bool" => json!(true),
            "f64" => json!(1.5),
            "i64" | "i32" | "u64" | "u32" | "u8" | "IntOrString" | "Money" | "NumberOrString"
            | "BoolAsInt" => json!(1),
            "FilePart" => json!({"file": "note.txt"}),
            name => scalars().find(|scalar| scalar.rust == name)?.format.example_values().next()?,
        })
    }

    fn sample_record(&self, record: &ItemStruct, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for field in &record.fields {
            if matches!(presence(&field.attrs).ok()?.word(), Some("required" | "nullable")) {
                members.insert(wire_name(field), self.sample(&field.ty, depth + 1)?);
            }
        }
        Some(Value::Object(members))
    }
}

fn chained(setters: &[(String, String)]) -> String {
    setters.iter().map(|(name, value)| format!(".{name}({value})")).collect()
}

/// Writes a value of a wire format for its setter.
fn loose_scalar(name: &str, value: &Value) -> Option<String> {
    match (name, value) {
        ("IntOrString" | "Money" | "NumberOrString", Value::Number(number)) => {
            number.as_i64().map(|number| format!("{number}_i64"))
        }
        ("BoolAsInt", _) => truth_of(value).map(|truth| truth.to_string()),
        ("DecimalString" | "EpochMillis", _) => None,
        (_, Value::String(text)) => Some(format!("{text:?}")),
        _ => None,
    }
}

fn last(target: &Type) -> Option<String> {
    match target {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// Returns a scalar as text, as paths and forms carry it.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn integer_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn number_of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn truth_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => Some(number.as_i64()? != 0),
        Value::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
