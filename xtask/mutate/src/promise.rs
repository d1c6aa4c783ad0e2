//! A raw schema of a spec to what it promises of one value.
//!
//! This is a reader of its own, not the judge's: a keyword that the judge
//! overlooks is still mutated here, and the mutant survives. It knows just
//! enough of OpenAPI to break it: `$ref`, `allOf`, `oneOf`, and keywords by name.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::clocks::picture_of;

/// How many references and parts one schema may lead through.
const MAX_PARTS: usize = 64;

/// A kind of JSON value, as `type` tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    Bool,
    Int,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
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

/// Kinds that a format means where no `type` stands beside it (`specs/README.md`).
const IMPLIED: &[(&str, &[Kind])] = &[
    ("int-or-string", &[Kind::Int, Kind::Text]),
    ("number-or-string", &[Kind::Int, Kind::Number, Kind::Text]),
    ("bool-as-int", &[Kind::Int]),
    ("epoch-millis", &[Kind::Int]),
    ("decimal-string", &[Kind::Text]),
];

/// Formats of OpenAPI's own, which imply no kind.
const PUBLIC_CLOCKS: &[&str] = &["date", "date-time"];

fn implied_kinds(format: &str) -> &'static [Kind] {
    if let Some((_, kinds)) = IMPLIED.iter().find(|(name, _)| *name == format) {
        return kinds;
    }
    let is_own_clock = picture_of(format).is_some() && !PUBLIC_CLOCKS.contains(&format);
    if is_own_clock { &[Kind::Text] } else { &Kind::ALL }
}

/// What a spec promises of one value: its schema, references and `allOf` taken apart.
#[derive(Clone)]
pub(super) struct Promise<'s> {
    spec: &'s Value,
    parts: Vec<&'s Map<String, Value>>,
}

/// What a schema says of members that it does not name.
pub(super) enum Others<'s> {
    /// There are none, or it does not say: one more is worth a finding.
    Unknown,
    /// Each is shaped like this.
    Entries(&'s Value),
    /// Any.
    Free,
}

/// The branches of a `oneOf` or `anyOf`.
#[derive(Clone)]
pub(super) struct Branches<'s> {
    /// The member that tells them apart.
    pub(super) tag: Option<&'s str>,
    pub(super) all: Vec<Branch<'s>>,
}

/// One branch.
#[derive(Clone)]
pub(super) struct Branch<'s> {
    /// Values of the tag that choose it.
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

    /// What the first part that has this keyword says.
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

    /// The kinds that are promised.
    pub(super) fn kinds(&self) -> BTreeSet<Kind> {
        let mut kinds = self.own_kinds();
        if self.is_flagged("nullable") {
            kinds.insert(Kind::Null);
        }
        kinds
    }

    fn own_kinds(&self) -> BTreeSet<Kind> {
        if let Some(kind) = self.text("type").and_then(Kind::named) {
            return BTreeSet::from([kind]);
        }
        if let Some(branches) = self.branches() {
            return branches.all.iter().flat_map(|branch| branch.promise.kinds()).collect();
        }
        self.format().map_or(&Kind::ALL[..], implied_kinds).iter().copied().collect()
    }

    pub(super) fn allows(&self, kind: Kind) -> bool {
        let kinds = self.kinds();
        kinds.contains(&kind) || (kind == Kind::Int && kinds.contains(&Kind::Number))
    }

    /// The named members.
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
        let rest =
            || self.parts.iter().filter(|part| !part.contains_key("oneOf") && !part.contains_key("anyOf"));
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
                branch.values = self.mapped(schema).unwrap_or_else(|| tag_values(&branch.promise, tag));
            }
        }
        Some(Branches { tag, all })
    }

    /// The values that a discriminator's mapping gives to a branch.
    fn mapped(&self, branch: &Value) -> Option<Vec<Value>> {
        let mapping = self.word("discriminator")?.get("mapping")?.as_object()?;
        let target = branch.get("$ref")?;
        Some(mapping.iter().filter(|(_, to)| *to == target).map(|(value, _)| value.as_str().into()).collect())
    }
}

impl<'s> Branches<'s> {
    /// The branch whose value this is: by its tag, or else by its kind and its members.
    pub(super) fn chosen(&self, value: &Value) -> Option<usize> {
        if let Some(tag) = self.tag {
            let told = value.get(tag)?;
            return self.all.iter().position(|branch| branch.values.contains(told));
        }
        let fits = |branch: &Branch<'s>| {
            let has_all = || {
                let fields = branch.promise.fields();
                fields.iter().all(|(name, _)| !branch.promise.is_required(name) || value.get(name).is_some())
            };
            branch.promise.allows(Kind::of(value)) && (!value.is_object() || has_all())
        };
        let mut fitting = self.all.iter().enumerate().filter(|(_, branch)| fits(branch));
        let (first, _) = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }

    /// What findings call a branch: `erro=false`.
    pub(super) fn case(&self, index: usize) -> Option<String> {
        let value = self.all.get(index)?.values.first()?;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{}={value}", self.tag?))
    }
}

/// The first member by name that every branch requires, with enums that share no value.
fn tag_of<'s>(branches: &[Branch<'s>]) -> Option<&'s str> {
    let mut names: Vec<&str> = branches.first()?.promise.fields().into_iter().map(|(name, _)| name).collect();
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

/// What stands behind a reference, or the value itself.
pub(super) fn follow<'s>(spec: &'s Value, value: &'s Value) -> &'s Value {
    let mut value = value;
    for _ in 0..MAX_PARTS {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        match target.and_then(|pointer| spec.pointer(pointer)) {
            Some(next) => value = next,
            None => break,
        }
    }
    value
}
