//! Turns a schema of a spec into what it promises about one value.
//!
//! This reader is deliberately separate from the judge's: a keyword that the judge overlooks is
//! still mutated here, and the mutant survives. It knows just enough of OpenAPI to break it:
//! `$ref`, `allOf`, `oneOf`, and keywords by name.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::clocks::picture_of;

/// Maximum number of references and parts of `allOf` in one schema.
const MAX_PARTS: usize = 64;

/// A type of JSON values, as in the keyword `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum JsonType {
    Null,
    Bool,
    Int,
    Number,
    Text,
    List,
    Object,
}

impl JsonType {
    pub(super) const ALL: [Self; 7] =
        [Self::Null, Self::Bool, Self::Int, Self::Number, Self::Text, Self::List, Self::Object];

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Int,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Bool,
            "integer" => Self::Int,
            "number" => Self::Number,
            "string" => Self::Text,
            "array" => Self::List,
            "object" => Self::Object,
            _ => return None,
        })
    }
}

/// The types that a format implies without a `type` beside it (`specs/README.md`).
const IMPLIED: &[(&str, &[JsonType])] = &[
    ("int-or-string", &[JsonType::Int, JsonType::Text]),
    ("number-or-string", &[JsonType::Int, JsonType::Number, JsonType::Text]),
    ("money", &[JsonType::Int, JsonType::Number, JsonType::Text]),
    ("bool-as-int", &[JsonType::Int]),
    ("epoch-millis", &[JsonType::Int]),
    ("decimal-string", &[JsonType::Text]),
    ("sim-nao", &[JsonType::Text]),
    ("cpf-cnpj", &[JsonType::Text]),
    ("any-date", &[JsonType::Text]),
];

/// OpenAPI's own formats of dates, which imply no type.
const PUBLIC_CLOCKS: &[&str] = &["date", "date-time"];

fn implied_kinds(format: &str) -> &'static [JsonType] {
    if let Some((_, kinds)) = IMPLIED.iter().find(|(name, _)| *name == format) {
        return kinds;
    }
    let is_own_clock = picture_of(format).is_some() && !PUBLIC_CLOCKS.contains(&format);
    if is_own_clock { &[JsonType::Text] } else { &JsonType::ALL }
}

/// The schema of one value, with references and `allOf` resolved into parts.
#[derive(Clone)]
pub(super) struct Promise<'s> {
    spec: &'s Value,
    parts: Vec<&'s Map<String, Value>>,
}

/// A schema's rule for members that it does not name.
pub(super) enum Others<'s> {
    /// It forbids them or does not mention them, so an unknown member gives a finding.
    Unknown,
    /// Each of them obeys this schema.
    Entries(&'s Value),
    /// Any member is allowed.
    Free,
}

/// The branches of a `oneOf` or `anyOf`.
#[derive(Clone)]
pub(super) struct Branches<'s> {
    /// The member whose value chooses the branch.
    pub(super) tag: Option<&'s str>,
    pub(super) all: Vec<Branch<'s>>,
}

/// One branch.
#[derive(Clone)]
pub(super) struct Branch<'s> {
    /// The values of the tag that choose this branch.
    pub(super) values: Vec<Value>,
    pub(super) promise: Promise<'s>,
}

impl<'s> Promise<'s> {
    pub(super) fn of(spec: &'s Value, schema: &'s Value) -> Self {
        let mut promise = Self { spec, parts: Vec::new() };
        promise.take(schema);
        promise
    }

    fn take(&mut self, schema: &'s Value) {
        let schema = follow(self.spec, schema);
        let Some(part) = schema.as_object().filter(|_| self.parts.len() < MAX_PARTS) else {
            return;
        };
        self.parts.push(part);
        for member in part.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.take(member);
        }
    }

    /// Returns the keyword's value from the first part that has it.
    pub(super) fn word(&self, keyword: &str) -> Option<&'s Value> {
        self.parts.iter().find_map(|part| part.get(keyword))
    }

    pub(super) fn text(&self, keyword: &str) -> Option<&'s str> {
        self.word(keyword).and_then(Value::as_str)
    }

    pub(super) fn amount(&self, keyword: &str) -> Option<usize> {
        self.word(keyword).and_then(Value::as_u64).and_then(|amount| usize::try_from(amount).ok())
    }

    pub(super) fn is_flagged(&self, keyword: &str) -> bool {
        self.parts.iter().any(|part| part.get(keyword) == Some(&Value::Bool(true)))
    }

    pub(super) fn values(&self) -> Option<&'s Vec<Value>> {
        self.word("enum").and_then(Value::as_array)
    }

    pub(super) fn format(&self) -> Option<&'s str> {
        self.text("format")
    }

    /// Returns the promised types.
    pub(super) fn kinds(&self) -> BTreeSet<JsonType> {
        let mut kinds = self.own_kinds();
        if self.is_flagged("nullable") {
            kinds.insert(JsonType::Null);
        }
        kinds
    }

    fn own_kinds(&self) -> BTreeSet<JsonType> {
        if let Some(kind) = self.text("type").and_then(JsonType::named) {
            return BTreeSet::from([kind]);
        }
        if let Some(branches) = self.branches() {
            return branches.all.iter().flat_map(|branch| branch.promise.kinds()).collect();
        }
        self.format().map_or(&JsonType::ALL[..], implied_kinds).iter().copied().collect()
    }

    pub(super) fn allows(&self, kind: JsonType) -> bool {
        let kinds = self.kinds();
        kinds.contains(&kind) || (kind == JsonType::Int && kinds.contains(&JsonType::Number))
    }

    /// Lists the named members.
    pub(super) fn fields(&self) -> Vec<(&'s str, Promise<'s>)> {
        let objects = self.parts.iter().filter_map(|part| part.get("properties")?.as_object());
        let mut fields: Vec<(&str, Promise<'_>)> = Vec::new();
        for (name, schema) in objects.flatten() {
            if !fields.iter().any(|(known, _)| known == name) {
                fields.push((name, Promise::of(self.spec, schema)));
            }
        }
        fields
    }

    pub(super) fn field(&self, name: &str) -> Option<Promise<'s>> {
        self.fields().into_iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    pub(super) fn is_required(&self, name: &str) -> bool {
        let lists = self.parts.iter().filter_map(|part| part.get("required")?.as_array());
        lists.flatten().any(|required| required == name)
    }

    pub(super) fn others(&self) -> Others<'s> {
        match self.word("additionalProperties") {
            Some(Value::Bool(true)) => Others::Free,
            Some(schema @ Value::Object(members)) if !members.is_empty() => Others::Entries(schema),
            Some(Value::Object(_)) => Others::Free,
            None if self.fields().is_empty() && self.branches().is_none() => Others::Free,
            Some(_) | None => Others::Unknown,
        }
    }

    pub(super) fn item(&self) -> Option<Promise<'s>> {
        self.word("items").map(|items| Promise::of(self.spec, items))
    }

    pub(super) fn entry(&self, schema: &'s Value) -> Promise<'s> {
        Promise::of(self.spec, schema)
    }

    pub(super) fn branches(&self) -> Option<Branches<'s>> {
        let list = self.word("oneOf").or_else(|| self.word("anyOf"))?.as_array()?;
        let rest = || {
            self.parts
                .iter()
                .filter(|part| !part.contains_key("oneOf") && !part.contains_key("anyOf"))
        };
        let mut all: Vec<Branch<'_>> = Vec::new();
        for schema in list {
            let mut promise = Promise::of(self.spec, schema);
            promise.parts.extend(rest());
            all.push(Branch { values: Vec::new(), promise });
        }
        let tag = match self.word("discriminator") {
            Some(discriminator) => discriminator.get("propertyName").and_then(Value::as_str),
            None => tag_of(&all),
        };
        if let Some(tag) = tag {
            for (branch, schema) in all.iter_mut().zip(list) {
                branch.values =
                    self.mapped(schema).unwrap_or_else(|| tag_values(&branch.promise, tag));
            }
        }
        Some(Branches { tag, all })
    }

    /// Lists the values that a discriminator's mapping assigns to a branch.
    fn mapped(&self, branch: &Value) -> Option<Vec<Value>> {
        let mapping = self.word("discriminator")?.get("mapping")?.as_object()?;
        let target = branch.get("$ref")?;
        Some(
            mapping
                .iter()
                .filter(|(_, to)| *to == target)
                .map(|(value, _)| value.as_str().into())
                .collect(),
        )
    }
}

impl<'s> Branches<'s> {
    /// Finds the branch of a value: by its tag, otherwise by its type and members.
    pub(super) fn chosen(&self, value: &Value) -> Option<usize> {
        if let Some(tag) = self.tag {
            let told = value.get(tag)?;
            return self.all.iter().position(|branch| branch.values.contains(told));
        }
        let fits = |branch: &Branch<'s>| {
            let has_all = || {
                let fields = branch.promise.fields();
                fields
                    .iter()
                    .all(|(name, _)| !branch.promise.is_required(name) || value.get(name).is_some())
            };
            branch.promise.allows(JsonType::of(value)) && (!value.is_object() || has_all())
        };
        let mut fitting = self.all.iter().enumerate().filter(|(_, branch)| fits(branch));
        let (first, _) = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }

    /// Returns the name of a branch in findings, such as `erro=false`.
    pub(super) fn case(&self, index: usize) -> Option<String> {
        let value = self.all.get(index)?.values.first()?;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{}={value}", self.tag?))
    }
}

/// Finds the first member that every branch requires with an enum, where no two enums share a
/// value.
fn tag_of<'s>(branches: &[Branch<'s>]) -> Option<&'s str> {
    let mut names: Vec<&str> =
        branches.first()?.promise.fields().into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.into_iter().find(|name| {
        let mut taken = Vec::new();
        branches.iter().all(|branch| {
            let values = tag_values(&branch.promise, name);
            let is_new = values.iter().all(|value| !taken.contains(value));
            let is_tag = branch.promise.is_required(name) && !values.is_empty() && is_new;
            taken.extend(values);
            is_tag
        })
    })
}

fn tag_values(promise: &Promise<'_>, tag: &str) -> Vec<Value> {
    promise.field(tag).and_then(|field| field.values().cloned()).unwrap_or_default()
}

/// Follows references until they lead to something else.
pub(super) fn follow<'s>(spec: &'s Value, value: &'s Value) -> &'s Value {
    let mut value = value;
    for _ in 0..MAX_PARTS {
        let target =
            value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        match target.and_then(|pointer| spec.pointer(pointer)) {
            Some(next) => value = next,
            None => break,
        }
    }
    value
}
