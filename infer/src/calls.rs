//! Counts the calls of one endpoint: what was sent, and what came.
//!
//! Requests are kept apart by what came, since a request that was refused is no example.
//!
//! Invariants:
//!
//! * [`Calls::absorb`] is commutative and associative.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::Kind;

use crate::credential::Credential;
use crate::segment::Form;
use crate::tag::Case;
use crate::texts::Texts;
use crate::value::Seen;

/// The most values of a segment that are compared with those of other endpoints.
const MAX_PRINTS: usize = 8;

/// The most names of parameters that are kept.
const MAX_NAMES: usize = 128;

/// The status of a response, and the case of its body.
pub(crate) type Came = (u16, Option<Case>);

/// All calls of one endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Calls {
    pub(crate) count: u64,
    /// The names that the recording gives the operation.
    pub(crate) names: BTreeSet<String>,
    /// The days on which they were recorded: the latest.
    pub(crate) latest: Option<String>,
    /// Facts about each segment of the path.
    pub(crate) segments: Vec<SegmentFacts>,
    pub(crate) by_answer: BTreeMap<Came, Exchanges>,
}

/// Facts that hold for all values of one segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SegmentFacts {
    pub(crate) forms: BTreeSet<Form>,
    /// The names of placeholders.
    pub(crate) names: BTreeSet<String>,
    pub(crate) texts: Texts,
    /// Prints of the values, to recognize the same value elsewhere.
    pub(crate) prints: BTreeSet<u64>,
    pub(crate) has_more_prints: bool,
    /// Calls whose response has the segment as a value.
    pub(crate) n_echoed: u64,
}

/// The calls with one kind of answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Exchanges {
    pub(crate) count: u64,
    /// The requests whose headers were recorded.
    pub(crate) n_with_headers: u64,
    pub(crate) query: BTreeMap<String, Parameter>,
    pub(crate) headers: BTreeMap<String, Parameter>,
    pub(crate) credentials: BTreeMap<Credential, u64>,
    /// The bodies of requests by media type.
    pub(crate) sent: BTreeMap<String, Sent>,
    /// The bodies of responses by media type.
    pub(crate) came: BTreeMap<String, Content>,
    /// The responses that had no body although they should say JSON.
    pub(crate) n_empty: u64,
}

/// The values of one parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) n_present: u64,
    pub(crate) is_repeated: bool,
    pub(crate) texts: Texts,
}

/// The bodies of requests with one media type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sent {
    pub(crate) count: u64,
    pub(crate) content: Content,
}

/// The contents of bodies with one media type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    /// Those that are JSON.
    pub(crate) json: Option<Seen>,
    /// Those that are forms: parts by name.
    pub(crate) form: BTreeMap<String, FormField>,
    /// Those that are text or bytes.
    pub(crate) n_plain: u64,
}

/// The parts of a form with one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FormField {
    pub(crate) n_present: u64,
    /// The name ends with `[]`, or is repeated.
    pub(crate) is_list: bool,
    /// The name ends with a number in brackets.
    pub(crate) is_indexed: bool,
    /// The name ends with a key in brackets.
    pub(crate) is_map: bool,
    pub(crate) n_files: u64,
    pub(crate) texts: Texts,
}

impl Calls {
    pub(crate) fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.names.extend(other.names);
        bound(&mut self.names);
        self.latest = self.latest.take().max(other.latest);
        if self.segments.len() < other.segments.len() {
            self.segments.resize_with(other.segments.len(), SegmentFacts::default);
        }
        for (mine, theirs) in self.segments.iter_mut().zip(other.segments) {
            mine.absorb(theirs);
        }
        for (came, theirs) in other.by_answer {
            self.by_answer.entry(came).or_default().absorb(theirs);
        }
    }

    /// Returns the calls that succeeded by their status.
    pub(crate) fn successes(&self) -> impl Iterator<Item = (&Came, &Exchanges)> {
        self.by_answer.iter().filter(|((status, _), _)| (200..300).contains(status))
    }
}

impl SegmentFacts {
    pub(crate) fn absorb(&mut self, other: Self) {
        self.forms.extend(other.forms);
        self.names.extend(other.names);
        bound(&mut self.names);
        self.texts.absorb(other.texts);
        self.prints.extend(other.prints);
        self.has_more_prints |= other.has_more_prints;
        self.n_echoed += other.n_echoed;
        while self.prints.len() > MAX_PRINTS {
            self.prints.pop_last();
            self.has_more_prints = true;
        }
    }
}

fn bound(names: &mut BTreeSet<String>) {
    while names.len() > MAX_PRINTS {
        names.pop_last();
    }
}

impl Exchanges {
    pub(crate) fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.n_with_headers += other.n_with_headers;
        self.n_empty += other.n_empty;
        absorb_all(&mut self.query, other.query, Parameter::absorb);
        absorb_all(&mut self.headers, other.headers, Parameter::absorb);
        for parameters in [&mut self.query, &mut self.headers] {
            while parameters.len() > MAX_NAMES {
                parameters.pop_last();
            }
        }
        for (credential, count) in other.credentials {
            *self.credentials.entry(credential).or_default() += count;
        }
        absorb_all(&mut self.sent, other.sent, Sent::absorb);
        absorb_all(&mut self.came, other.came, Content::absorb);
    }
}

fn absorb_all<V: Default>(
    mine: &mut BTreeMap<String, V>,
    theirs: BTreeMap<String, V>,
    absorb: fn(&mut V, V),
) {
    for (name, value) in theirs {
        absorb(mine.entry(name).or_default(), value);
    }
}

impl Parameter {
    pub(crate) fn absorb(&mut self, other: Self) {
        self.n_present += other.n_present;
        self.is_repeated |= other.is_repeated;
        self.texts.absorb(other.texts);
    }
}

impl Sent {
    fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.content.absorb(other.content);
    }
}

impl Content {
    pub(crate) fn absorb(&mut self, other: Self) {
        if let Some(json) = other.json {
            self.json.get_or_insert_default().absorb(json);
        }
        absorb_all(&mut self.form, other.form, FormField::absorb);
        while self.form.len() > MAX_NAMES {
            self.form.pop_last();
        }
        self.n_plain += other.n_plain;
    }
}

impl FormField {
    pub(crate) fn absorb(&mut self, other: Self) {
        self.n_present += other.n_present;
        self.is_list |= other.is_list;
        self.is_indexed |= other.is_indexed;
        self.is_map |= other.is_map;
        self.n_files += other.n_files;
        self.texts.absorb(other.texts);
    }
}

/// Returns whether a text is a whole number.
pub(crate) fn is_index(text: &str) -> bool {
    Kind::of_text(text) == Kind::IntText && text.len() <= 4
}
