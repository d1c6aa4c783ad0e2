//! Turns a recorded value and its promise into the list of sites that can be mutated.
//!
//! A site knows where a changed value is put, and how findings name the site and its members.

use std::collections::BTreeSet;

use prumo_drift::{Identity, Rule, Side, below};
use serde_json::Value;

use super::operation::Envelope;
use super::promise::{Branch, Branches, JsonType, Others, Promise};

/// The place of a value in an exchange.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// A JSON value, by its pointer into the recording.
    Pointer(String),
    /// A text, by its pointer into the recording.
    Text(String),
    /// An item of a query parameter, and the separator if all items are one text.
    Query { name: String, index: usize, separator: Option<&'static str> },
    /// A part that is missing from the recorded form.
    Part(String),
    /// A segment of the path, counted from its end, and the prefix of its style.
    Path { from_end: usize, prefix: String },
    /// A cookie, by its name.
    Cookie { name: String },
}

/// The half of the exchange that a site is in.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub(super) operation: String,
    pub(super) side: Side,
    pub(super) status: Option<u16>,
}

/// A finding and the place where it was first seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sight {
    pub(super) finding: Identity,
    /// The pointer within the body; `None` outside of bodies.
    pub(super) evidence: Option<String>,
}

/// The role of a site in the object around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The whole body.
    Body,
    /// The member that chooses the branch, with the values of all branches.
    Tag { is_envelope: bool, values: Vec<Value> },
    /// Any other value.
    Plain,
}

/// A recorded value with its promise.
#[derive(Clone)]
pub(super) struct Site<'s> {
    pub(super) ground: Ground,
    pub(super) slot: Slot,
    pub(super) at: String,
    pub(super) role: Role,
    /// The case that findings about the value itself name.
    pub(super) case: Option<String>,
    /// The case that findings about its members name.
    pub(super) inner_case: Option<String>,
    /// The recorded value; null for an optional one that is absent.
    pub(super) value: Value,
    /// The types that any branch promises.
    pub(super) kinds: BTreeSet<JsonType>,
    /// The promise of the value's own branch, or of the value if it has no branches.
    pub(super) promise: Promise<'s>,
    /// The branches of a `oneOf`, exactly one of which must fit.
    pub(super) alternatives: Vec<Branch<'s>>,
    /// The member that chooses the object's branch, if one does.
    pub(super) tag: Option<String>,
    /// Whether that tag is the envelope's.
    is_enveloped: bool,
    /// Whether it is below a map's key, which reports mask.
    is_hidden: bool,
    /// Whether it is absent and belongs to the other side, so that any value there is a finding.
    is_misplaced: bool,
}

impl Ground {
    /// Expects a finding at `at`.
    pub(super) fn expect(&self, rule: Rule, at: &str, case: Option<&str>) -> Sight {
        let finding = Identity {
            operation: Some(self.operation.clone()),
            side: self.side,
            status: self.status,
            case: case.map(str::to_owned),
            at: at.to_owned(),
            rule,
        };
        Sight { finding, evidence: None }
    }

    /// Returns the keyword that marks members of the other side.
    pub(super) fn mark_of_the_other(&self) -> &'static str {
        match self.side {
            Side::Request => "readOnly",
            Side::Response => "writeOnly",
        }
    }

    /// Expects a finding about the whole body.
    pub(super) fn expect_body(&self, rule: Rule) -> Sight {
        self.expect(rule, "", None)
    }
}

impl<'s> Site<'s> {
    /// Makes the site of a whole value; findings about it are at `at`.
    pub(super) fn new(
        ground: &Ground,
        slot: Slot,
        at: &str,
        promise: &Promise<'s>,
        value: &Value,
    ) -> Self {
        let kinds = promise.kinds();
        let branches = promise.branches();
        let chosen = branches.as_ref().and_then(|all| Some((all, all.chosen(value)?)));
        let promised = chosen.as_ref().and_then(|(all, index)| all.all.get(*index));
        Self {
            ground: ground.clone(),
            slot,
            at: at.to_owned(),
            role: Role::Plain,
            case: None,
            inner_case: None,
            value: value.clone(),
            kinds,
            promise: promised.map_or_else(|| promise.clone(), |branch| branch.promise.clone()),
            alternatives: if promise.word("oneOf").is_some() {
                all_of(branches.as_ref())
            } else {
                Vec::new()
            },
            tag: branches.as_ref().and_then(|all| all.tag).map(str::to_owned),
            is_enveloped: false,
            is_hidden: false,
            is_misplaced: false,
        }
    }

    /// Lists the site of a whole body and all sites below it.
    pub(super) fn of_body(
        ground: &Ground,
        pointer: &str,
        promise: &Promise<'s>,
        envelope: Option<&Envelope>,
        value: &Value,
    ) -> Vec<Self> {
        let mut body = Self::new(ground, Slot::Pointer(pointer.to_owned()), "", promise, value);
        body.role = Role::Body;
        let branches = promise.branches().filter(|_| ground.side == Side::Response);
        if let Some(branches) = branches.filter(|branches| branches.tag.is_some()) {
            body.inner_case = branches.chosen(value).and_then(|index| branches.case(index));
            body.is_enveloped = true;
        }
        // A response with a single case has the envelope's tag if it promises the tag's values.
        if let Some(envelope) = envelope.filter(|envelope| envelope.is_promised(&body.promise)) {
            body.tag = Some(envelope.tag.clone());
            body.is_enveloped = true;
        }
        let mut places = Vec::new();
        body.walk(&tag_values(promise), &mut places);
        places
    }

    fn walk(self, tag_values: &[Value], places: &mut Vec<Self>) {
        let children = self.children(tag_values);
        places.push(self);
        for (child, promise) in children {
            child.walk(&self::tag_values(&promise), places);
        }
    }

    fn children(&self, tag_values: &[Value]) -> Vec<(Self, Promise<'s>)> {
        match &self.value {
            Value::Object(members) => {
                let of_member =
                    |(name, value): (&String, &Value)| self.member(name, value, tag_values);
                let absent = self
                    .promise
                    .fields()
                    .into_iter()
                    .filter(|(name, _)| !members.contains_key(*name));
                let absent = absent.map(|(name, field)| {
                    let mut child = self.child(name, name, &field, &Value::Null);
                    child.is_misplaced = field.is_flagged(self.ground.mark_of_the_other());
                    (child, field)
                });
                members.iter().filter_map(of_member).chain(absent).collect()
            }
            Value::Array(items) => {
                let Some(promise) = self.promise.item() else {
                    return Vec::new();
                };
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| {
                        (self.child(&index.to_string(), "*", &promise, item), promise.clone())
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn member(
        &self,
        name: &str,
        value: &Value,
        tag_values: &[Value],
    ) -> Option<(Self, Promise<'s>)> {
        if let Some(promise) = self.promise.field(name) {
            let mut child = self.child(name, name, &promise, value);
            if self.is_tag(name) {
                let own = || promise.values().cloned().unwrap_or_default();
                let values = if tag_values.is_empty() { own() } else { tag_values.to_vec() };
                child.role = Role::Tag { is_envelope: self.is_enveloped, values };
                if self.is_enveloped {
                    // A finding about the tag has no case, because the tag chooses the case.
                    child.case = None;
                }
            }
            return Some((child, promise));
        }
        match self.promise.others() {
            Others::Entries(schema) => {
                let promise = self.promise.entry(schema);
                let mut child = self.child(name, "*", &promise, value);
                child.is_hidden |=
                    !name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
                Some((child, promise))
            }
            Others::Free | Others::Unknown => None,
        }
    }

    fn child(&self, name: &str, called: &str, promise: &Promise<'s>, value: &Value) -> Self {
        let slot = match &self.slot {
            Slot::Pointer(pointer) => Slot::Pointer(below(pointer, name)),
            other => other.clone(),
        };
        let mut child = Self::new(&self.ground, slot, &below(&self.at, called), promise, value);
        child.is_hidden = self.is_hidden;
        child.case.clone_from(&self.inner_case);
        child.inner_case.clone_from(&self.inner_case);
        child
    }

    /// Returns whether the member `name` chooses the object's branch.
    pub(super) fn is_tag(&self, name: &str) -> bool {
        self.tag.as_deref() == Some(name)
    }

    pub(super) fn allows(&self, kind: JsonType) -> bool {
        self.kinds.contains(&kind)
            || (kind == JsonType::Int && self.kinds.contains(&JsonType::Number))
    }

    /// Returns the values of the enum; for a tag, those of all branches.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        match &self.role {
            Role::Tag { values, .. } => Some(values.clone()),
            Role::Body | Role::Plain => self.promise.values().cloned(),
        }
    }

    /// Returns whether a value outside of the enum keeps the promise. A tag has to choose a branch.
    pub(super) fn is_extensible(&self) -> bool {
        let is_tag = matches!(self.role, Role::Tag { .. });
        !is_tag && self.promise.text("x-open-enum") == Some("extensible")
    }

    /// Returns the finding that every value at this site causes, if one does.
    pub(super) fn always(&self) -> Option<Sight> {
        self.is_misplaced.then(|| self.expect(Rule::FieldMisplaced))
    }

    /// Expects a finding about the value itself.
    pub(super) fn expect(&self, rule: Rule) -> Sight {
        let sight = self.ground.expect(rule, &self.at, self.case.as_deref());
        Sight { evidence: self.in_body().map(str::to_owned), ..sight }
    }

    /// Returns the pointer within the body, if reports may show it.
    fn in_body(&self) -> Option<&str> {
        let Slot::Pointer(pointer) = &self.slot else {
            return None;
        };
        if self.is_hidden {
            return None;
        }
        pointer.strip_prefix("/response/body").or_else(|| pointer.strip_prefix("/request/body"))
    }

    /// Expects a finding about its member `name`.
    pub(super) fn expect_member(&self, rule: Rule, name: &str) -> Sight {
        let is_telling = self.is_tag(name) && self.is_enveloped && rule == Rule::FieldMissing;
        let case = self.inner_case.as_deref().filter(|_| !is_telling);
        let sight = self.ground.expect(rule, &below(&self.at, name), case);
        let evidence = self.in_body().filter(|_| name != "*").map(|at| below(at, name));
        Sight { evidence, ..sight }
    }
}

fn all_of<'s>(branches: Option<&Branches<'s>>) -> Vec<Branch<'s>> {
    branches.map(|branches| branches.all.clone()).unwrap_or_default()
}

/// Lists the values that a tag may have in any branch.
fn tag_values(promise: &Promise<'_>) -> Vec<Value> {
    promise
        .branches()
        .into_iter()
        .flat_map(|all| all.all)
        .flat_map(|branch| branch.values)
        .collect()
}
