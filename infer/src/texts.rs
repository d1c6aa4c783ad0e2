//! Counts texts: which forms all of them have, and the few distinct ones.
//!
//! Invariants:
//!
//! * [`Texts::absorb`] and [`Distinct::absorb`] are commutative and associative.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use prumo_spec::Kind;
use prumo_spec::formats::{FORMATS, Format};

/// The most distinct values that are kept; more of them are no enum.
pub(crate) const MAX_DISTINCT: usize = 24;

/// The longest value that is kept.
const MAX_BYTES: usize = 64;

/// A form that a text may have.
pub(crate) struct Form {
    /// The name of its format; `int`, `number` and `bool` are texts in the place of other types.
    pub(crate) name: &'static str,
    like: Like,
}

/// How a form is recognized.
enum Like {
    /// As a wire format.
    Format(&'static Format),
    By(fn(&str) -> bool),
}

impl Form {
    const fn by(name: &'static str, is_like: fn(&str) -> bool) -> Self {
        Self { name, like: Like::By(is_like) }
    }

    fn is_like(&self, text: &str) -> bool {
        match self.like {
            Like::Format(format) => format.fits_text(text),
            Like::By(is_like) => is_like(text),
        }
    }
}

/// The forms, the most special first. Each date and time of the table of formats is one.
pub(crate) static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let clocks = clocks().map(|format| Form { name: format.name, like: Like::Format(format) });
    NUMBERS.into_iter().chain(clocks).chain(WORDS).collect()
});

/// The forms before dates and times.
const NUMBERS: [Form; 5] = [
    Form::by("int", |text| Kind::of_text(text) == Kind::IntText && text.len() <= 18),
    Form::by("decimal-string", |text| text.contains('.') && is_of("decimal-string", text)),
    Form::by("number", |text| is_of("decimal-string", text) && text.len() <= 18),
    Form::by("bool", |text| matches!(text, "true" | "false")),
    Form::by("sim-nao", |text| is_of("sim-nao", text)),
];

/// The forms behind dates and times.
const WORDS: [Form; 7] = [
    Form::by("uuid", |text| is_of("uuid", text)),
    Form::by("email", |text| text.contains('.') && is_of("email", text)),
    Form::by("ipv4", |text| is_of("ipv4", text)),
    Form::by("ipv6", |text| text.contains(':') && is_of("ipv6", text)),
    Form::by("uri", |text| text.starts_with("http") && text.contains("://") && is_of("uri", text)),
    Form::by("cpf-cnpj", is_document),
    Form::by("any-date", is_day),
];

/// Returns the formats of dates and times.
fn clocks() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| format.picture.is_some())
}

fn is_of(format: &str, text: &str) -> bool {
    Format::named(format).is_some_and(|format| format.fits_text(text))
}

/// Returns whether a text is a day, with or without a time.
pub(crate) fn is_day(text: &str) -> bool {
    let has_day = |format: &&Format| !format.name.starts_with("sql-time");
    clocks().filter(has_day).any(|format| format.fits_text(text))
}

/// Returns whether a text is punctuated as a CPF or a CNPJ is.
fn is_document(text: &str) -> bool {
    matches!(prumo_spec::mask::mask(text).as_str(), "999.999.999-99" | "99.999.999/9999-99")
}

/// The texts at one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Texts {
    /// All of them.
    pub(crate) count: u64,
    pub(crate) n_empty: u64,
    /// A bit for each form that a text lacks; empty texts count for none.
    lacking: u64,
    pub(crate) distinct: Distinct,
}

impl Texts {
    pub(crate) fn see(&mut self, text: &str) {
        self.count += 1;
        if text.is_empty() {
            self.n_empty += 1;
            return;
        }
        for (bit, form) in FORMS.iter().enumerate() {
            let mask = 1_u64 << bit;
            if self.lacking & mask == 0 && !form.is_like(text) {
                self.lacking |= mask;
            }
        }
        self.distinct.see(text);
    }

    pub(crate) fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.n_empty += other.n_empty;
        self.lacking |= other.lacking;
        self.distinct.absorb(other.distinct);
    }

    /// Returns whether every text that is not empty has a form, and some text has it.
    pub(crate) fn are(&self, name: &str) -> bool {
        let bit = FORMS.iter().position(|form| form.name == name);
        self.count > self.n_empty && bit.is_some_and(|bit| self.lacking & (1_u64 << bit) == 0)
    }
}

/// The smallest of the distinct values at one place, each with its count.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Distinct {
    counts: BTreeMap<String, u64>,
    /// There were others.
    is_more: bool,
}

impl Distinct {
    pub(crate) fn see(&mut self, value: &str) {
        if value.len() > MAX_BYTES {
            self.is_more = true;
            return;
        }
        match self.counts.get_mut(value) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(value.to_owned(), 1)),
        }
        self.bound();
    }

    pub(crate) fn absorb(&mut self, other: Self) {
        self.is_more |= other.is_more;
        for (value, count) in other.counts {
            *self.counts.entry(value).or_default() += count;
        }
        self.bound();
    }

    /// Drops the largest values. One that is kept in the end was never dropped on the way.
    fn bound(&mut self) {
        while self.counts.len() > MAX_DISTINCT {
            self.counts.pop_last();
            self.is_more = true;
        }
    }

    /// Returns the values that are known, which may not be all.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.counts.keys().map(String::as_str)
    }

    /// Returns all values with their counts, or `None` if some were dropped.
    pub(crate) fn all(&self) -> Option<&BTreeMap<String, u64>> {
        (!self.is_more).then_some(&self.counts)
    }
}
