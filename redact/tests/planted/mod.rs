//! Makes a corpus of exchanges with persons and secrets planted in many kinds and places, and
//! counts what the redactor leaves and what the audit overlooks.
//!
//! Every value is drawn from a seed and belongs to no person.

mod numbers;
mod places;
mod random;
mod texts;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use prumo_redact::{Redactor, Syntax, audit};
use serde_json::Value;

use random::Random;

/// A group of kinds with one bound.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Class {
    /// Document numbers, cards, e-mail addresses, tokens and addresses of a network.
    Numbered,
    /// A name beside the name of a field.
    NameBesideKey,
    /// Everything else, which is reported without a bound.
    Other,
}

/// One planted value.
pub(crate) struct Plant {
    pub(crate) kind: &'static str,
    pub(crate) place: &'static str,
    pub(crate) class: Class,
    /// The file with the value.
    pub(crate) file: String,
    pub(crate) syntax: Syntax,
    /// The spellings of the value in lower case; none may survive.
    pub(crate) spellings: Vec<String>,
}

/// How many were planted, survived the redaction, and were overlooked by the audit.
#[derive(Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) planted: usize,
    pub(crate) redacted: usize,
    pub(crate) survived: usize,
    pub(crate) overlooked: usize,
}

/// The counts of a corpus, by class, kind and place.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) counts: BTreeMap<(Class, &'static str, &'static str), Count>,
    /// The bytes that were redacted, and the time that it took.
    redacting: (usize, Duration),
    /// The bytes that were audited, and the time that it took.
    auditing: (usize, Duration),
}

/// Returns the corpus of a seed: each kind in each place, so many times.
pub(crate) fn corpus(seed: u64, n_rounds: usize) -> Vec<Plant> {
    let mut random = Random::new(seed);
    let mut plants = Vec::new();
    for _ in 0..n_rounds {
        for make in places::KINDS {
            places::planted(*make, &mut random, &mut plants);
        }
        places::names(&mut random, &mut plants);
    }
    plants
}

/// Redacts and audits every exchange of a corpus.
pub(crate) fn measured(plants: &[Plant]) -> Report {
    let redactor = Redactor::new(b"a key for the planted corpus");
    let mut report = Report::default();
    for plant in plants {
        let count = report.counts.entry((plant.class, plant.kind, plant.place)).or_default();
        count.planted += 1;
        let start = Instant::now();
        count.overlooked += usize::from(audit(&plant.file, plant.syntax).is_empty());
        report.auditing.0 += plant.file.len();
        report.auditing.1 += start.elapsed();
        if plant.syntax == Syntax::Json {
            let start = Instant::now();
            let redacted = redactor.redact_text(&plant.file);
            report.redacting.0 += plant.file.len();
            report.redacting.1 += start.elapsed();
            count.redacted += 1;
            count.survived +=
                usize::from(!redacted.is_some_and(|(after, _)| is_gone(&after, plant)));
        }
    }
    report
}

/// Returns whether redaction removes every spelling and keeps the exchange's shape.
fn is_gone(after: &str, plant: &Plant) -> bool {
    let (before, read): (Value, Option<Value>) =
        (serde_json::from_str(&plant.file).expect("JSON"), serde_json::from_str(after).ok());
    let has_shape = read.is_some_and(|read| shape(&read) == shape(&before));
    let text = after.to_lowercase();
    has_shape && !plant.spellings.iter().any(|spelling| text.contains(spelling.as_str()))
}

/// Returns kinds and presence, without the names of maps.
fn shape(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match name.len() {
                0..=10 => (name.clone(), shape(value)),
                n => (n.min(11).to_string(), shape(value)),
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::String(_) => Value::from("text"),
        Value::Number(_) => Value::from("number"),
        other => other.clone(),
    }
}

impl Report {
    /// Returns the counts of a class.
    pub(crate) fn of(&self, class: Class) -> Count {
        let own = self.counts.iter().filter(|((of, ..), _)| *of == class);
        own.fold(Count::default(), |sum, (_, count)| Count {
            planted: sum.planted + count.planted,
            redacted: sum.redacted + count.redacted,
            survived: sum.survived + count.survived,
            overlooked: sum.overlooked + count.overlooked,
        })
    }

    /// Returns a table of the classes, and of each kind and place with a miss.
    pub(crate) fn table(&self) -> String {
        let mut table = format!(
            "{:<16}{:>8}{:>10}{:>10}{:>12}{:>10}\n",
            "class", "planted", "survived", "recall", "overlooked", "recall"
        );
        for class in [Class::Numbered, Class::NameBesideKey, Class::Other] {
            let count = self.of(class);
            let _ = writeln!(
                table,
                "{:<16}{:>8}{:>10}{:>9.2}%{:>12}{:>9.2}%",
                format!("{class:?}"),
                count.planted,
                count.survived,
                recall(count.survived, count.redacted),
                count.overlooked,
                recall(count.overlooked, count.planted)
            );
        }
        for (what, (n_bytes, took)) in [("redact", self.redacting), ("audit", self.auditing)] {
            let megabytes = f64::from(u32::try_from(n_bytes).unwrap_or(u32::MAX)) / 1e6;
            let rate = megabytes / took.as_secs_f64().max(0.001);
            let _ = writeln!(table, "{what}: {megabytes:.1} MB, {rate:.2} MB/s");
        }
        for ((_, kind, place), count) in &self.counts {
            if count.survived + count.overlooked > 0 {
                let Count { planted, survived, overlooked, .. } = count;
                let _ = writeln!(
                    table,
                    "{kind}, {place}: {planted} planted, {survived} survived, {overlooked} overlooked"
                );
            }
        }
        table
    }
}

/// Returns the share of values that were not missed, in percent.
pub(crate) fn recall(missed: usize, of: usize) -> f64 {
    let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if of == 0 { 100.0 } else { 100.0 * (1.0 - float(missed) / float(of)) }
}
