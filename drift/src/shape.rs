//! Describes one JSON value as it is promised, documented or observed.
//!
//! All witnesses share one type. A promised shape has kinds, fields and constraints, with all
//! counts zero; an observed one has counts with the smallest place of each, and no constraints.
//!
//! Invariants:
//!
//! * [`Shape::join`] is commutative and associative, and idempotent up to counts; the default
//!   shape, which is empty, is its identity.
//! * Counts add up, the smallest place survives, and bounded sets keep their smallest members, so
//!   neither the order nor a split of the input changes a result.
//! * A shape holds no vendor's value except those of declared enums and unknown values beside them,
//!   which are limited in number and length.

mod join;
mod names;
mod pattern;
mod rare;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::Kind;
pub use prumo_spec::{Bounds, Limit, Scalar};
pub(crate) use prumo_spec::{Decimal, scalar::canonical};
use serde::{Deserialize, Serialize};

pub(crate) use join::merge;
pub use names::MAX_STRANGERS;
pub(crate) use names::{bound, keep, keep_endpoints, pairs};
pub use pattern::Pattern;
pub use rare::{Lacking, Rare};
pub use tally::{MAX_COUNT, MAX_SAMPLES, MAX_UNKNOWN_FIELDS, Sampled, Tally};
pub(crate) use tally::{count, counts, sum};

/// A description of JSON values. The module doc states its laws.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shape {
    /// Names of the shapes in [`Contract::shapes`](crate::contract::Contract::shapes) that this one
    /// stands for; `kinds` beside it can only add null.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub references: BTreeSet<String>,
    /// Kinds that are allowed (counts zero) or were observed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<Kind, Tally>,
    /// The declared enum; `None` if any value is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeSet<Scalar>>,
    /// Whether the client can't keep a value outside of `values`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_closed_enum: bool,
    /// Whether a value outside of `values` is expected.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_extensible_enum: bool,
    /// Name of the promised format (see [`formats`](prumo_spec::formats)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Patterns that a text must all match, sorted and without duplicates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<Pattern>,
    /// Limits of numbers, lengths and amounts.
    #[serde(skip_serializing_if = "Bounds::is_none")]
    pub bounds: Rare<Bounds>,
    /// Named members of an object.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Field>,
    /// The promise for members that the spec does not name.
    #[serde(skip_serializing_if = "Additional::is_closed")]
    pub additional: Additional,
    /// Shape of the members that are entries of a map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<Box<Shape>>,
    /// Shape of array items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Box<Shape>>,
    /// Branches, one of which a value must fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Box<Alternatives>>,
    /// Shapes that a value must not fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<Shape>,
    /// Observations beyond kinds and fields.
    #[serde(skip_serializing_if = "Seen::is_empty")]
    pub seen: Rare<Seen>,
}

/// One named member of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    /// Whether the member is required.
    pub required: bool,
    /// Whether only responses have it, so that requests never require it.
    pub is_read_only: bool,
    /// Whether only requests have it, so that responses never require it.
    pub is_write_only: bool,
    /// The number of objects that had it.
    pub present: u64,
    /// The objects that lacked it although it is required.
    pub missing: Tally,
    /// Its value; boxed, since a map reserves room for many fields.
    pub shape: Box<Shape>,
}

/// The promise for members that a spec does not name, from the narrowest to the widest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Additional {
    /// Such members are forbidden.
    #[default]
    Closed,
    /// They are entries of a map with the shape [`Shape::entries`].
    Entries,
    /// The spec does not say: an unknown member is a finding, but no fault.
    Unsaid,
}

/// Branches, one of which a value must fit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alternatives {
    /// The member whose value selects the branch; `None` if the branches must be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Whether a value must fit exactly one branch, as with `oneOf`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_exclusive: bool,
    /// The branches by name: `<tag>=<value>`, or a component's name or a number.
    pub branches: BTreeMap<String, Branch>,
}

/// One branch of [`Alternatives`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branch {
    /// The tag's values that select it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub values: BTreeSet<Scalar>,
    /// The shape of a value of this branch, including the tag.
    pub shape: Box<Shape>,
    /// How often it was selected.
    pub chosen: Tally,
}

/// Observations of a value beyond its kinds and fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seen {
    /// The declared enum values that occurred.
    #[serde(with = "names::pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Scalar, Tally>,
    /// The broken constraints, with masks or unknown values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub strays: BTreeMap<Stray, Sampled>,
    /// Masks of texts where no text was promised.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub masks: BTreeMap<Kind, Sampled>,
    /// Unknown members, with the smallest [`MAX_UNKNOWN_FIELDS`] names; samples are their kinds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown: BTreeMap<String, Sampled>,
    /// Members that appeared twice in one object, as many names as of unknown ones.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub twice: BTreeMap<String, Tally>,
    /// Unknown members whose names are not kept.
    #[serde(skip_serializing_if = "Tally::is_none")]
    pub others: Tally,
}

/// A constraint that a value broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stray {
    /// U+FFFD, in place of a text that could not be decoded.
    Encoding,
    /// A value outside the declared enum; samples are values.
    Value,
    /// The format; samples are masks.
    Format,
    /// A pattern; samples are masks.
    Pattern,
    /// The smallest allowed number.
    Minimum,
    /// The largest allowed number.
    Maximum,
    /// A number beyond those that the client can hold, whether whole or with a fraction.
    Int64,
    /// The step of numbers.
    MultipleOf,
    /// The shortest allowed text.
    MinLength,
    /// The longest allowed text.
    MaxLength,
    /// The least allowed items.
    MinItems,
    /// The most allowed items.
    MaxItems,
    /// Two equal items in a list of unique ones.
    UniqueItems,
    /// The least allowed members.
    MinProperties,
    /// The most allowed members.
    MaxProperties,
    /// A shape fits although it must not.
    Not,
    /// More than one branch fits although only one may; samples are their names.
    Branches,
    /// A request holds a member that only responses have.
    ReadOnly,
    /// A response holds a member that only requests have.
    WriteOnly,
    /// No broken constraint: a pattern took too many steps, so the value is not judged by it.
    Undecided,
}

impl Additional {
    fn is_closed(&self) -> bool {
        *self == Self::Closed
    }
}

impl Seen {
    /// No observations.
    const EMPTY: Self = Self {
        values: BTreeMap::new(),
        strays: BTreeMap::new(),
        masks: BTreeMap::new(),
        unknown: BTreeMap::new(),
        twice: BTreeMap::new(),
        others: Tally { count: 0, first: None },
    };

    fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }
}

impl Lacking for Seen {
    fn lacking() -> &'static Self {
        const { &Self::EMPTY }
    }
}

impl Lacking for Bounds {
    fn lacking() -> &'static Self {
        const { &Self::NONE }
    }
}

impl Shape {
    /// Returns a shape that promises nothing: every kind, any content.
    pub fn any() -> Self {
        Self::of(&Kind::BASE)
    }

    /// Returns a shape that allows these kinds without further restrictions.
    pub fn of(kinds: &[Kind]) -> Self {
        Self {
            kinds: kinds.iter().map(|&kind| (kind, Tally::default())).collect(),
            additional: Additional::Unsaid,
            ..Self::default()
        }
    }

    /// Returns the shape named `name` in the contract.
    pub fn reference(name: &str) -> Self {
        Self { references: BTreeSet::from([name.to_owned()]), ..Self::default() }
    }

    /// Returns whether `kind`, or the kind that it refines, is allowed.
    pub fn allows(&self, kind: Kind) -> bool {
        let base = kind.base();
        self.kinds.contains_key(&base)
            || (base == Kind::Int && self.kinds.contains_key(&Kind::Number))
    }

    /// Returns the number of observed values.
    pub fn count(&self) -> u64 {
        self.kinds.values().fold(0, |all, tally| all.saturating_add(tally.count))
    }

    /// Returns whether members of any name are promised: the spec describes no more than an object.
    pub fn is_free_form(&self) -> bool {
        self.fields.is_empty()
            && self.additional == Additional::Unsaid
            && self.bounds.max_properties.is_none()
            && self.alternatives.is_none()
    }
}
