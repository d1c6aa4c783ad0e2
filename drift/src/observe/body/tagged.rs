//! Judges objects whose tag selects the branch, wherever in the object the tag is.
//!
//! Members before the tag are held as slices of the input; from the tag on everything streams. The
//! outermost object of a response is its envelope. If the envelope contradicts itself, that is the
//! only finding on the response.

use std::borrow::Cow;

use serde::de::{Error as _, MapAccess};
use serde_json::value::RawValue;

use super::object::{Found, Name, Object};
use super::visit::{Pass, kind_of, skip};
use crate::contract::Contradiction;
use crate::observe::counts::journal::{Fact, Fit, Weight};
use crate::observe::counts::plan::{BranchPlan, Branches};
use crate::observe::counts::record::{Child, NodeId, Step};
use crate::shape::Scalar;
use prumo_spec::Kind;
use prumo_spec::openapi::Outcome;

/// The meaning of a tag's value.
enum Told<'v> {
    Branch(usize),
    Unknown(&'v Scalar),
    /// Not a scalar, or of a kind that no branch has.
    Unusable,
}

/// Reads an object with tagged branches; its kind is already recorded.
pub(crate) fn tagged<'de, A: MapAccess<'de>>(
    pass: &mut Pass<'_>,
    node: NodeId,
    mut members: A,
) -> Result<(), A::Error> {
    let plan = pass.plan(node);
    let Some(branches) = &plan.branches else {
        return skip(pass, members);
    };
    let mut held = Vec::new();
    let (index, raw) = loop {
        match members.next_key_seed(Name { plan, likely: None })? {
            Some(Found::Field(index, _)) => break (index, members.next_value::<&RawValue>()?),
            Some(Found::Other(name)) => held.push((name, members.next_value::<&RawValue>()?)),
            None => {
                missing_tag(pass, node);
                return skip_held(pass, &held);
            }
        }
    };
    pass.count(node, Fit::Present(index));
    let is_envelope = pass.is_answer && pass.steps.is_empty() && pass.n_attempts == 0;
    let value = serde_json::from_str(raw.get()).ok().map(|value| Scalar::from_value(&value));
    let told = told(branches, raw, value.as_ref());
    if is_envelope {
        pass.is_refusal = is_refusal(pass, value.as_ref());
        pass.contradiction = match &told {
            Told::Branch(chosen) => status_contradiction(pass, branches, *chosen, value.as_ref()),
            Told::Unknown(value) => Some(unknown_tag(pass, value)),
            Told::Unusable => None,
        };
        if pass.contradiction.is_some() {
            skip_held(pass, &held)?;
            return skip(pass, members);
        }
    }
    let Told::Branch(chosen) = told else {
        read_tag(pass, node, index, raw).map_err(A::Error::custom)?;
        skip_held(pass, &held)?;
        return skip(pass, members);
    };
    let tag = plan.fields.get(index).map(|field| field.name.as_str()).unwrap_or_default();
    held.push((Cow::Borrowed(tag), raw));
    in_branch(pass, (node, branches, chosen), held, members, is_envelope)
}

/// Reads the members of an object whose branch is known.
fn in_branch<'de, A: MapAccess<'de>>(
    pass: &mut Pass<'_>,
    (node, branches, chosen): (NodeId, &Branches, usize),
    held: Vec<(Cow<'_, str>, &'de RawValue)>,
    mut members: A,
    is_envelope: bool,
) -> Result<(), A::Error> {
    let Some(branch) = branches.all.get(chosen) else {
        return skip(pass, members);
    };
    pass.count(node, Fit::Branch(chosen));
    let child = pass.nodes.child(pass.plans, node, Child::Branch(chosen), branch.plan);
    if pass.plan(child).needs_raw || pass.plan(child).is_tagged() {
        return whole(pass, child, held, members);
    }
    pass.kind(child, Kind::Object);
    let mut object = Object::new(pass, child);
    for (name, raw) in held {
        object.member_held::<A::Error>(&name, raw)?;
    }
    while let Some(name) = members.next_key_seed(object.name())? {
        object.member(name, &mut members)?;
    }
    match branch_of_members(&object, branches, chosen).filter(|_| is_envelope) {
        Some(other) => {
            let said = (branch.name.clone(), Contradiction::Members, other.name.clone());
            object.abandon();
            pass.kind(node, Kind::Object);
            pass.count(node, Fit::Branch(chosen));
            pass.kind(child, Kind::Object);
            pass.contradiction = Some(said);
        }
        None => object.finish(),
    }
    Ok(())
}

/// Skims the members before a tag that selects no branch.
fn skip_held<E: serde::de::Error>(
    pass: &mut Pass<'_>,
    held: &[(Cow<'_, str>, &RawValue)],
) -> Result<(), E> {
    held.iter().try_for_each(|(_, raw)| pass.skim(raw).map(drop))
}

fn missing_tag(pass: &mut Pass<'_>, node: NodeId) {
    let plan = pass.plan(node);
    for (index, field) in plan.fields.iter().enumerate() {
        pass.record_below(node, Fact::Missing(index), Weight::Breaks, &field.name);
    }
}

fn told<'v>(branches: &Branches, raw: &RawValue, value: Option<&'v Scalar>) -> Told<'v> {
    let is_scalar = !matches!(kind_of(raw.get()).base(), Kind::Array | Kind::Object);
    let Some(value) = value.filter(|_| is_scalar) else {
        return Told::Unusable;
    };
    let chosen = branches.all.iter().position(|branch| branch.values.contains(value));
    let is_kin = branches
        .all
        .iter()
        .flat_map(|branch| &branch.values)
        .any(|known| std::mem::discriminant(known) == std::mem::discriminant(value));
    match chosen {
        Some(index) => Told::Branch(index),
        None if is_kin => Told::Unknown(value),
        None => Told::Unusable,
    }
}

/// Returns whether the tag means a refusal.
fn is_refusal(pass: &Pass<'_>, value: Option<&Scalar>) -> bool {
    let Some((envelope, _)) = pass.envelope else {
        return false;
    };
    value.is_some_and(|value| envelope.outcome(value) == Outcome::Failure)
}

fn status_contradiction(
    pass: &Pass<'_>,
    branches: &Branches,
    chosen: usize,
    value: Option<&Scalar>,
) -> Option<(String, Contradiction, String)> {
    let (envelope, status) = pass.envelope?;
    let value = value?;
    let case = branches.all.get(chosen)?;
    envelope
        .outcome(value)
        .contradicts(status)
        .then(|| (case.name.clone(), Contradiction::Status, value.phrase()))
}

fn unknown_tag(pass: &Pass<'_>, value: &Scalar) -> (String, Contradiction, String) {
    let is_success =
        pass.envelope.is_some_and(|(envelope, status)| envelope.outcome(value).contradicts(status));
    let how = if is_success { Contradiction::Status } else { Contradiction::Tag };
    (String::new(), how, value.safe_phrase())
}

/// Records a tag that selects no branch as an ordinary member.
fn read_tag(
    pass: &mut Pass<'_>,
    node: NodeId,
    index: usize,
    raw: &RawValue,
) -> Result<(), serde_json::Error> {
    let plan = pass.plan(node);
    let Some(field) = plan.fields.get(index) else {
        return Ok(());
    };
    let child = pass.nodes.child(pass.plans, node, Child::Field(index), field.plan);
    pass.steps.push(Step::Field(&field.name));
    let read = pass.read(child, raw.get());
    pass.steps.pop();
    read
}

/// Reads an object of a branch that must be seen whole.
fn whole<'de, A: MapAccess<'de>>(
    pass: &mut Pass<'_>,
    child: NodeId,
    mut held: Vec<(Cow<'_, str>, &'de RawValue)>,
    mut members: A,
) -> Result<(), A::Error> {
    let mut text = String::from("{");
    while let Some((name, raw)) = members.next_entry::<String, &RawValue>()? {
        held.push((name.into(), raw));
    }
    for (name, raw) in &held {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::Value::from(name.as_ref()).to_string());
        text.push(':');
        text.push_str(raw.get());
    }
    text.push('}');
    // The caller has entered the object already.
    pass.depth -= 1;
    let read = pass.read(child, &text).map_err(A::Error::custom);
    pass.depth += 1;
    read
}

/// Returns the other branch that the members belong to.
fn branch_of_members<'b>(
    object: &Object<'_, '_>,
    branches: &'b Branches,
    chosen: usize,
) -> Option<&'b BranchPlan> {
    branches.all.iter().enumerate().find_map(|(index, other)| {
        (index != chosen && object.speaks_for(other.plan)).then_some(other)
    })
}
