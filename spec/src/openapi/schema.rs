//! A schema: the restrictions on a value, keyword by keyword.
//!
//! Invariants:
//!
//! * A missing keyword does not restrict values; a keyword of the wrong kind is an error.

use std::collections::BTreeSet;

use serde_json::Value;

use super::extensions::{Evidence, Pii};
use super::keywords::{Combination, FOREIGN_KEYWORDS, TYPES, is_annotation};
use super::{Node, SpecError, SpecFault, references};
use crate::bounds::{Bounds, Limit};
use crate::formats::implied_kinds;
use crate::kind::Kind;
use crate::pointer::below;

/// A schema, or a reference to one.
#[derive(Clone, Debug)]
pub struct Schema<'d>(Node<'d>);

/// The schema of unnamed members.
#[derive(Clone, Debug)]
pub enum AdditionalProperties<'d> {
    /// The keyword is missing.
    Unsaid,
    /// Unnamed members are forbidden.
    Forbidden,
    /// Any unnamed member is allowed.
    Allowed,
    /// Unnamed members fit this schema.
    Like(Schema<'d>),
}

/// The member that tells branches apart.
#[derive(Clone, Debug)]
pub struct Discriminator<'d> {
    /// The member's name.
    pub property: &'d str,
    mapping: Option<Vec<(&'d str, &'d str)>>,
}

impl<'d> Discriminator<'d> {
    /// Returns whether it maps values to branches.
    pub fn has_mapping(&self) -> bool {
        self.mapping.is_some()
    }

    /// Returns the values that select the branch of this name: its own name, unless a value is
    /// mapped to it.
    pub fn values_of(&self, name: &str) -> Vec<String> {
        let mapping = self.mapping.iter().flatten();
        let meant = mapping.filter(|(_, target)| references::is_mapped_to(target, name));
        let values: Vec<String> = meant.map(|(value, _)| (*value).to_owned()).collect();
        if values.is_empty() { vec![name.to_owned()] } else { values }
    }
}

impl<'d> Schema<'d> {
    /// Reads a node as a schema without checking that it is one, which [`Self::check`] does.
    pub fn of(node: Node<'d>) -> Self {
        Self(node)
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.0
    }

    /// Returns the JSON Pointer to it.
    pub fn at(&self) -> &str {
        self.0.at()
    }

    /// Returns a component's own name, or else its pointer.
    pub fn name(&self) -> String {
        references::schema_name(self.at())
    }

    /// Checks that it is an object.
    ///
    /// # Errors
    ///
    /// Fails if it is of another kind.
    pub fn check(&self) -> Result<(), SpecError> {
        self.0.members("a schema object").map(drop)
    }

    /// Returns the schema that its `$ref` names, which may be a reference again.
    ///
    /// # Errors
    ///
    /// Fails if the reference leads nowhere or out of the document.
    pub fn reference(&self) -> Result<Option<Self>, SpecError> {
        let Some(reference) = self.0.get("$ref") else { return Ok(None) };
        references::target(self.0.api(), &below(self.at(), "$ref"), reference).map(Self).map(Some)
    }

    /// Returns whether it is a reference.
    pub fn is_reference(&self) -> bool {
        self.0.has("$ref")
    }

    /// Returns the name of the schema that its `$ref` names, whether it exists or not.
    pub fn target_name(&self) -> Option<String> {
        Some(references::named_by(self.0.get("$ref")?.as_str()?))
    }

    /// Follows references to a schema that is none.
    ///
    /// # Errors
    ///
    /// Fails if a reference leads nowhere, out of the document or in a circle.
    pub fn followed(&self) -> Result<Self, SpecError> {
        self.0.followed().map(Self)
    }

    /// Returns the reference in an `allOf` that adds only annotations to it, which is OpenAPI's way
    /// to annotate a reference.
    pub fn sole_reference(&self) -> Option<Self> {
        let is_sole = |key: &String| key == Combination::AllOf.keyword() || is_annotation(key);
        if !self.0.value().as_object()?.keys().all(is_sole) {
            return None;
        }
        let mut parts = self.combined(Combination::AllOf).ok()?;
        let only = parts.next().filter(|_| parts.next().is_none())?;
        only.is_reference().then_some(only)
    }

    /// Returns the kinds of values; without `type`, the kinds that the format implies, or all.
    ///
    /// # Errors
    ///
    /// Fails for a `type` that OpenAPI 3.0 does not have.
    pub fn kinds(&self) -> Result<Vec<Kind>, SpecError> {
        if self.0.get("type").is_some_and(Value::is_array) {
            return Err(self.0.api().fault(&below(self.at(), "type"), SpecFault::TypeList));
        }
        let Some(name) = self.0.text("type")? else {
            let format = self.0.get("format").and_then(Value::as_str);
            return Ok(format.map_or_else(|| Kind::BASE.to_vec(), implied_kinds));
        };
        let known = TYPES.iter().find(|(known, _)| *known == name);
        let fault = || SpecFault::UnknownType { name: name.to_owned() };
        let unknown = || self.0.api().fault(&below(self.at(), "type"), fault());
        Ok(vec![known.ok_or_else(unknown)?.1])
    }

    /// Returns the word of `type`.
    pub fn type_word(&self) -> Option<&'d str> {
        self.0.get("type").and_then(Value::as_str)
    }

    /// Returns whether it states the kind of a value by `type`.
    pub fn has_type(&self) -> bool {
        self.0.has("type")
    }

    /// Returns whether `null` fits, too.
    ///
    /// # Errors
    ///
    /// Fails if `nullable` is no flag.
    pub fn is_nullable(&self) -> Result<bool, SpecError> {
        self.0.flag("nullable")
    }

    /// Returns the format.
    ///
    /// # Errors
    ///
    /// Fails if it is no text.
    pub fn format(&self) -> Result<Option<&'d str>, SpecError> {
        self.0.text("format")
    }

    /// Returns the pattern that a text must match.
    ///
    /// # Errors
    ///
    /// Fails if it is no text.
    pub fn pattern(&self) -> Result<Option<&'d str>, SpecError> {
        self.0.text("pattern")
    }

    /// Returns the values of the enum.
    ///
    /// # Errors
    ///
    /// Fails if it is no list.
    pub fn values(&self) -> Result<Option<&'d [Value]>, SpecError> {
        self.0.list("enum")
    }

    /// Returns whether a client keeps a value outside of the enum, which only `x-open-enum: false`
    /// rules out.
    pub fn is_open_enum(&self) -> bool {
        self.0.get("x-open-enum") != Some(&Value::Bool(false))
    }

    /// Returns whether a value outside of the enum is expected (`x-open-enum: extensible`).
    pub fn is_extensible_enum(&self) -> bool {
        self.0.words("x-open-enum") == "extensible"
    }

    /// Returns the limits of numbers, lengths and amounts.
    ///
    /// # Errors
    ///
    /// Fails if one of them is of the wrong kind.
    pub fn bounds(&self) -> Result<Bounds, SpecError> {
        let limit = |name: &str, exclusive: &str| -> Result<Option<Limit>, SpecError> {
            self.0.limit(name, self.0.flag(exclusive)?)
        };
        let multiple_of = self.0.number("multipleOf")?;
        if multiple_of.is_some_and(|step| step <= 0.0) {
            return Err(self.0.expected("multipleOf", "a number above 0"));
        }
        Ok(Bounds {
            minimum: limit("minimum", "exclusiveMinimum")?,
            maximum: limit("maximum", "exclusiveMaximum")?,
            multiple_of,
            min_length: self.0.amount("minLength")?,
            max_length: self.0.amount("maxLength")?,
            min_items: self.0.amount("minItems")?,
            max_items: self.0.amount("maxItems")?,
            unique_items: self.0.flag("uniqueItems")?,
            min_properties: self.0.amount("minProperties")?,
            max_properties: self.0.amount("maxProperties")?,
        })
    }

    /// Returns the named members.
    ///
    /// # Errors
    ///
    /// Fails if `properties` is not an object.
    pub fn properties(&self) -> Result<impl Iterator<Item = (&'d str, Self)> + use<'d>, SpecError> {
        let entries = self.0.entries("properties", "an object of schemas")?;
        Ok(entries.map(|(name, node)| (name, Self(node))))
    }

    /// Returns the member of this name.
    pub fn property(&self, name: &str) -> Option<Self> {
        self.0.child("properties")?.child(name).map(Self)
    }

    /// Returns the names of the required members.
    ///
    /// # Errors
    ///
    /// Fails if `required` is no list of names.
    pub fn required(&self) -> Result<Vec<&'d str>, SpecError> {
        let name = |item: Node<'d>| {
            let expected = "a member's name";
            item.value().as_str().ok_or_else(|| item.fault(SpecFault::Expected { expected }))
        };
        self.0.items("required")?.map(name).collect()
    }

    /// Returns the schema of unnamed members.
    pub fn additional(&self) -> AdditionalProperties<'d> {
        match self.0.child("additionalProperties") {
            None => AdditionalProperties::Unsaid,
            Some(node) => match node.value() {
                Value::Bool(false) => AdditionalProperties::Forbidden,
                Value::Bool(true) => AdditionalProperties::Allowed,
                _ => AdditionalProperties::Like(Self(node)),
            },
        }
    }

    /// Returns the schema of a list's items.
    pub fn items(&self) -> Option<Self> {
        self.0.child("items").map(Self)
    }

    /// Returns the schema that these names lead to, through references and combined schemas.
    pub(super) fn at_names(self, names: &[String]) -> Option<Self> {
        let mut seen = BTreeSet::new();
        let mut open = vec![(self, 0)];
        while let Some((schema, n_taken)) = open.pop() {
            let Ok(schema) = schema.followed() else { continue };
            // Schemas may be combined in a circle.
            if !seen.insert((schema.at().to_owned(), n_taken)) {
                continue;
            }
            let Some(name) = names.get(n_taken) else { return Some(schema) };
            if let Some(property) = schema.property(name) {
                open.push((property, n_taken + 1));
                continue;
            }
            if let Some(items) = schema.items().filter(|_| name == "*") {
                open.push((items, n_taken + 1));
                continue;
            }
            let start = open.len();
            let parts =
                Combination::ALL.into_iter().filter_map(|how| schema.combined(how).ok()).flatten();
            open.extend(parts.map(|part| (part, n_taken)));
            open[start..].reverse();
        }
        None
    }

    /// Returns the schemas that are combined in this way.
    ///
    /// # Errors
    ///
    /// Fails if the keyword has no list.
    pub fn combined(
        &self,
        how: Combination,
    ) -> Result<impl Iterator<Item = Self> + use<'d>, SpecError> {
        Ok(self.0.items(how.keyword())?.map(Self))
    }

    /// Returns whether schemas are combined in this way.
    pub fn combines(&self, how: Combination) -> bool {
        self.0.has(how.keyword())
    }

    /// Returns the names of the referenced schemas that are combined in this way.
    pub fn combined_names(&self, how: Combination) -> impl Iterator<Item = String> + use<'d> {
        self.combined(how).into_iter().flatten().filter_map(|schema| schema.target_name())
    }

    /// Returns the schema that a value must not fit.
    pub fn not(&self) -> Option<Self> {
        self.0.child("not").map(Self)
    }

    /// Returns the member that tells branches apart.
    ///
    /// # Errors
    ///
    /// Fails if `discriminator` is not an object, or names no member.
    pub fn discriminator(&self) -> Result<Option<Discriminator<'d>>, SpecError> {
        let Some(node) = self.0.child("discriminator") else { return Ok(None) };
        node.members("a discriminator object")?;
        let Some(property) = node.get("propertyName").and_then(Value::as_str) else {
            return Err(node.expected("propertyName", "the name of a member"));
        };
        let mapping = node.get("mapping").and_then(Value::as_object).map(|mapping| {
            mapping
                .iter()
                .filter_map(|(value, target)| Some((value.as_str(), target.as_str()?)))
                .collect()
        });
        Ok(Some(Discriminator { property, mapping }))
    }

    /// Returns whether other schemas declare themselves its branches, by `allOf`.
    pub fn has_implicit_heirs(&self) -> bool {
        self.0.has("discriminator")
            && !Combination::BRANCHES.into_iter().any(|how| self.combines(how))
    }

    /// Returns whether only responses have it, if the schema states that.
    pub fn read_only(&self) -> Option<bool> {
        self.0.has("readOnly").then(|| self.0.is_marked("readOnly"))
    }

    /// Returns whether only requests have it, if the schema states that.
    pub fn write_only(&self) -> Option<bool> {
        self.0.has("writeOnly").then(|| self.0.is_marked("writeOnly"))
    }

    /// Returns whether its value is a secret (`x-secret`).
    pub fn is_secret(&self) -> bool {
        self.0.is_marked("x-secret")
    }

    /// Returns the kinds of personal data in the value (`x-pii`).
    pub fn pii(&self) -> Vec<Pii> {
        Pii::read(&self.0)
    }

    /// Returns whether the spec says that the value is never personal (`x-pii: []`).
    pub fn is_never_personal(&self) -> bool {
        Pii::is_excluded(&self.0)
    }

    /// Returns the evidence for it (`x-evidence`).
    pub fn evidence(&self) -> Vec<Evidence> {
        Evidence::read(&self.0)
    }

    /// Returns the Rust names of the enum's values, in the same order.
    pub fn variant_names(&self) -> Vec<&'d str> {
        super::extensions::texts(self.0.get("x-enum-varnames"))
    }

    /// Returns the description.
    pub fn description(&self) -> &'d str {
        self.0.words("description")
    }

    /// Returns the example of a value.
    pub fn example(&self) -> Option<&'d Value> {
        self.0.get("example")
    }

    /// Returns its keywords of other dialects.
    pub fn foreign_keywords(&self) -> impl Iterator<Item = &'static str> {
        FOREIGN_KEYWORDS.into_iter().filter(|keyword| self.0.has(keyword))
    }
}
