//! Gathers what a schema promises of a value, with the parts of its `allOf` merged.
//!
//! Invariants:
//!
//! * At most [`MAX_PARTS`] parts are read, so that no circle of `allOf` runs forever.

use std::collections::BTreeSet;

use prumo_spec::openapi::{AdditionalProperties, Combination, FOREIGN_KEYWORDS, Schema};
use prumo_spec::{Bounds, SpecError, SpecFault};
use serde_json::Value;

/// The most parts of one schema.
const MAX_PARTS: usize = 1_000;

/// The promises of a schema about a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts<'d> {
    /// The pointer to the schema, references followed.
    pub(crate) at: String,
    /// The name of the component, if it is one, or adds only annotations to one.
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<&'d str>,
    pub(crate) format: Option<&'d str>,
    pub(crate) is_nullable: bool,
    pub(crate) values: Option<Vec<&'d Value>>,
    pub(crate) variants: Vec<&'d str>,
    pub(crate) is_open: bool,
    pub(crate) is_extensible: bool,
    pub(crate) bounds: Bounds,
    pub(crate) patterns: BTreeSet<&'d str>,
    pub(crate) default: Option<&'d Value>,
    pub(crate) is_deprecated: bool,
    pub(crate) is_read_only: bool,
    pub(crate) is_write_only: bool,
    pub(crate) is_secret: bool,
    /// The members in document order.
    pub(crate) properties: Vec<(&'d str, Schema<'d>)>,
    /// The required members, each with the pointer to the schema that requires it.
    pub(crate) required: Vec<(&'d str, String)>,
    pub(crate) additional: Unnamed<'d>,
    pub(crate) items: Option<Schema<'d>>,
    pub(crate) branches: Vec<Schema<'d>>,
    /// The components among the parts.
    pub(crate) parts: BTreeSet<String>,
    /// The values of `x-extensible-enum`.
    pub(crate) examples: Vec<&'d Value>,
    pub(crate) discriminator: Option<(&'d str, Option<&'d Value>)>,
    /// `not`, and keywords of other dialects.
    pub(crate) undecided: Vec<(&'static str, &'d Value)>,
}

/// The members without a name in the schema.
#[derive(Clone, Debug, Default)]
pub(crate) enum Unnamed<'d> {
    #[default]
    Unsaid,
    Forbidden,
    Allowed,
    Like(Schema<'d>),
}

impl<'d> Facts<'d> {
    /// Reads a schema, references followed.
    pub(crate) fn of(schema: &Schema<'d>) -> Result<Self, SpecError> {
        let whole = schema.followed()?;
        let mut facts = Self { at: whole.at().to_owned(), is_open: true, ..Self::default() };
        facts.name = component(&whole);
        if let Some(sole) = whole.sole_reference() {
            facts.name = component(&sole.followed()?).or(facts.name);
        }
        if whole.sole_reference().is_none() {
            facts.parts = whole.combined_names(Combination::AllOf).collect();
        }
        let mut open = vec![whole.clone()];
        let mut seen = BTreeSet::new();
        let mut n_parts = 0;
        while let Some(part) = open.pop() {
            let part = part.followed()?;
            if !seen.insert(part.at().to_owned()) {
                continue;
            }
            n_parts += 1;
            if n_parts > MAX_PARTS {
                let fault = SpecFault::TooComplex { what: "too many parts of an `allOf`" };
                return Err(whole.node().fault(fault));
            }
            facts.add(&part)?;
            let start = open.len();
            open.extend(part.combined(Combination::AllOf)?);
            open[start..].reverse();
        }
        Ok(facts)
    }

    /// Adds what one part states.
    fn add(&mut self, part: &Schema<'d>) -> Result<(), SpecError> {
        part.check()?;
        part.kinds()?;
        self.kind = self.kind.or(part.type_word());
        self.format = self.format.or(part.format()?);
        self.is_nullable |= part.is_nullable()?;
        if let Some(values) = part.values()? {
            self.is_nullable |= values.iter().any(Value::is_null);
            self.values.get_or_insert_with(|| values.iter().filter(|one| !one.is_null()).collect());
            self.variants = part.variant_names();
            self.is_open = part.is_open_enum();
            self.is_extensible = part.is_extensible_enum();
        }
        self.bounds = self.bounds.meet(&part.bounds()?).unwrap_or_default();
        self.patterns.extend(part.pattern()?.filter(|pattern| !pattern.is_empty()));
        let examples = part.node().get("x-extensible-enum").and_then(Value::as_array);
        self.examples.extend(examples.into_iter().flatten());
        self.default = self.default.or(part.node().get("default"));
        self.is_deprecated |= part.node().is_marked("deprecated");
        self.is_read_only |= part.read_only() == Some(true);
        self.is_write_only |= part.write_only() == Some(true);
        self.is_secret |= part.is_secret();
        self.add_members(part)?;
        if let Some(items) = part.items() {
            self.items.get_or_insert(items);
        }
        for how in Combination::BRANCHES {
            self.add_branches(part.combined(how)?.collect())?;
        }
        if let Some(discriminator) = part.discriminator()? {
            let mapping = part.node().get("discriminator").and_then(|one| one.get("mapping"));
            self.discriminator.get_or_insert((discriminator.property, mapping));
        }
        let keywords = FOREIGN_KEYWORDS.into_iter().chain(["not"]);
        self.undecided.extend(keywords.filter_map(|key| Some((key, part.node().get(key)?))));
        Ok(())
    }

    fn add_members(&mut self, part: &Schema<'d>) -> Result<(), SpecError> {
        for (name, schema) in part.properties()? {
            match self.properties.iter_mut().find(|(known, _)| *known == name) {
                // The part that is written closer to the whole says more.
                Some(_) => {}
                None => self.properties.push((name, schema)),
            }
        }
        for name in part.required()? {
            if !self.requires(name) {
                self.required.push((name, part.at().to_owned()));
            }
        }
        let additional = match part.additional() {
            AdditionalProperties::Unsaid => return Ok(()),
            AdditionalProperties::Forbidden => Unnamed::Forbidden,
            AdditionalProperties::Allowed => Unnamed::Allowed,
            AdditionalProperties::Like(schema) => Unnamed::Like(schema),
        };
        if matches!(self.additional, Unnamed::Unsaid) {
            self.additional = additional;
        }
        Ok(())
    }

    /// Adds branches, except those that only state which members go together, and `null`.
    fn add_branches(&mut self, branches: Vec<Schema<'d>>) -> Result<(), SpecError> {
        let is_condition = |schema: &Schema<'_>| {
            let members = schema.node().value().as_object();
            members.is_some_and(|members| members.keys().all(|key| key == "required"))
        };
        if branches.iter().all(is_condition) {
            return Ok(());
        }
        for branch in branches {
            let values = branch.followed()?.values()?.unwrap_or_default();
            match !values.is_empty() && values.iter().all(Value::is_null) {
                true => self.is_nullable = true,
                false => self.branches.push(branch),
            }
        }
        Ok(())
    }

    /// Returns whether an object must have the member.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.required.iter().any(|(known, _)| *known == name)
    }

    /// Returns the member's schema.
    pub(crate) fn property(&self, name: &str) -> Option<&Schema<'d>> {
        self.properties.iter().find(|(known, _)| *known == name).map(|(_, schema)| schema)
    }
}

/// Returns the name of a schema that is a component.
fn component(schema: &Schema<'_>) -> Option<String> {
    let name = schema.name();
    (!name.starts_with('/') && !name.is_empty()).then_some(name)
}
