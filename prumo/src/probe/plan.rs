//! Decides which operations of a vendor a probe calls, in which order, and with which values.
//!
//! Invariants:
//!
//! * An operation that may change something is called only if its spec marks it safe and the
//!   project's `writes` name it.
//! * An operation whose values come from another one's answer is called after it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Span;
use jiff::civil::Date;
use prumo_codegen::prepare::Success;
use prumo_spec::formats::Format;
use prumo_spec::openapi::{OpenApi, Probe, ProbeSource};
use serde_json::Value;

use super::outcome::Outcome;
use crate::call::{Catalogue, Chosen, Kind};
use crate::screen::counted;

/// The operations of a vendor, as a probe sees them.
pub(super) struct Plan<'c> {
    /// The calls, in their order.
    pub(super) calls: Vec<Call<'c>>,
    /// The operations that are not called: the name, and why.
    pub(super) skipped: Vec<(String, Outcome, String)>,
}

/// A call to make.
pub(super) struct Call<'c> {
    pub(super) chosen: Chosen<'c>,
    /// The values, by the name of the parameter or field.
    pub(super) inputs: Vec<(String, Input)>,
    /// The places of its response that other calls take values from.
    pub(super) taken: Vec<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// The word itself.
    Given(String),
    /// The answer of another operation, at a place.
    From { operation: String, at: String },
    /// A variable of the environment that is not set.
    Variable(String),
}

impl Input {
    /// Describes the value to the person who reads the plan.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Given(word) => word.clone(),
            Self::From { operation, at } => format!("<{operation} {at}>"),
            Self::Variable(variable) => format!("<${variable}>"),
        }
    }
}

impl<'c> Plan<'c> {
    /// Plans the calls to a vendor.
    ///
    /// * `asked_before`: the operations that earlier runs asked, the one asked longest ago first.
    /// * `only`: the names of the wanted operations; all if it is empty. Operations that these need
    ///   are called, too.
    pub(super) fn new(
        catalogue: &'c Catalogue,
        api: OpenApi<'_>,
        only: &[String],
        (writes, asked_before): (&[String], &[String]),
        today: Date,
    ) -> Self {
        let probes: BTreeMap<String, Probe<'_>> =
            api.operations().filter_map(|one| Some((one.id().to_owned(), one.probe()?))).collect();
        let wanted = wanted(only, &probes);
        let mut plan = Self { calls: Vec::new(), skipped: Vec::new() };
        let is_wanted = |id: &str| match &wanted {
            Some(names) => names.iter().any(|name| name == id),
            None => true,
        };
        for chosen in catalogue.all().filter(|one| is_wanted(one.row.id)) {
            let Some(probe) = probes.get(chosen.row.id) else {
                // A write that no probe wants is not worth a word.
                if !chosen.is_write() {
                    plan.skip(chosen, Outcome::Unmarked, "");
                }
                continue;
            };
            match why_not(chosen, probe, writes) {
                Some((outcome, reason)) => plan.skip(chosen, outcome, reason),
                None => {
                    let inputs = inputs(catalogue, chosen, probe, today);
                    plan.calls.push(Call { chosen, inputs, taken: Vec::new() });
                }
            }
        }
        plan.order(asked_before);
        plan
    }

    fn skip(&mut self, chosen: Chosen<'_>, outcome: Outcome, reason: &str) {
        self.skipped.push((chosen.row.id.to_owned(), outcome, reason.to_owned()));
    }

    /// Orders the calls: first those that were never asked, then those that were asked longest ago;
    /// each behind those that it takes values from. Calls that wait for each other will find no
    /// value.
    fn order(&mut self, asked_before: &[String]) {
        let rank = |call: &Call<'_>| {
            let position = asked_before.iter().position(|id| id == call.chosen.row.id);
            position.map_or(0, |position| position + 1)
        };
        self.calls.sort_by_key(rank);
        let mut open: Vec<Option<Call<'c>>> = self.calls.drain(..).map(Some).collect();
        for index in 0..open.len() {
            self.add(&mut open, index);
        }
        let taken: Vec<(String, String)> =
            self.calls.iter().flat_map(|call| call.sources()).collect();
        for call in &mut self.calls {
            let of_call = taken.iter().filter(|(operation, _)| operation == call.chosen.row.id);
            call.taken = of_call.map(|(_, at)| at.clone()).collect();
        }
    }

    /// Adds a call behind its sources, if it has not been added.
    fn add(&mut self, open: &mut [Option<Call<'c>>], index: usize) {
        let Some(call) = open.get_mut(index).and_then(Option::take) else { return };
        for (operation, _) in call.sources() {
            let is_source = |other: &Option<Call<'_>>| {
                other.as_ref().is_some_and(|other| other.chosen.row.id == operation)
            };
            if let Some(index) = open.iter().position(is_source) {
                self.add(open, index);
            }
        }
        self.calls.push(call);
    }

    /// Describes the plan to a person.
    pub(super) fn in_words(&self, name: &str, budget: u64, time: Duration) -> String {
        let mut page = format!(
            "{name}: {}, at most {budget} requests in {} s\n",
            counted(self.calls.len(), "operation"),
            time.as_secs()
        );
        let width = self.calls.iter().map(|call| call.chosen.row.id.len()).max().unwrap_or(0);
        for Call { chosen: Chosen { row, .. }, inputs, .. } in &self.calls {
            let words: Vec<String> =
                inputs.iter().map(|(name, input)| format!("{name}={}", input.in_words())).collect();
            let (id, words) = (row.id, words.join(" "));
            let line = format!("  {id:<width$}  {} {}  {words}", row.method, row.path);
            page += &format!("{}\n", line.trim_end());
        }
        for (id, outcome, reason) in &self.skipped {
            page += &format!("  skipped  {id}  {}", outcome.name());
            page += &if reason.is_empty() { "\n".to_owned() } else { format!("  {reason}\n") };
        }
        page
    }
}

impl Call<'_> {
    /// Lists the operations and places that values come from.
    fn sources(&self) -> Vec<(String, String)> {
        let source = |input: &Input| match input {
            Input::From { operation, at } => Some((operation.clone(), at.clone())),
            Input::Given(_) | Input::Variable(_) => None,
        };
        self.inputs.iter().filter_map(|(_, input)| source(input)).collect()
    }
}

/// Returns the wanted operations and their sources, or `None` if all are wanted.
fn wanted(only: &[String], probes: &BTreeMap<String, Probe<'_>>) -> Option<Vec<String>> {
    if only.is_empty() {
        return None;
    }
    let mut names = only.to_vec();
    let mut next = 0;
    while let Some(name) = names.get(next).cloned() {
        next += 1;
        for source in probes.get(&name).map(|probe| probe.from.as_slice()).unwrap_or_default() {
            if !names.iter().any(|known| known == source.operation) {
                names.push(source.operation.to_owned());
            }
        }
    }
    Some(names)
}

fn why_not<'p>(
    chosen: Chosen<'_>,
    probe: &Probe<'p>,
    writes: &[String],
) -> Option<(Outcome, &'p str)> {
    if !probe.is_safe {
        return Some((Outcome::Unsafe, probe.reason.unwrap_or_default()));
    }
    if matches!(chosen.drafted.success, Success::Stream) {
        return Some((Outcome::Download, ""));
    }
    let is_allowed = !chosen.is_write() || writes.iter().any(|name| name == chosen.row.id);
    (!is_allowed).then_some((Outcome::Write, ""))
}

fn inputs(
    catalogue: &Catalogue,
    chosen: Chosen<'_>,
    probe: &Probe<'_>,
    today: Date,
) -> Vec<(String, Input)> {
    let kinds = kinds(catalogue, chosen);
    let mut inputs: Vec<(String, Input)> = Vec::new();
    for (name, value) in probe.parameters.into_iter().flatten() {
        let kind = kinds.iter().find(|(known, ..)| known == name).map(|(_, kind, _)| kind);
        inputs.push((name.clone(), Input::Given(word(value, kind, today))));
    }
    for ProbeSource { name, operation, at } in &probe.from {
        let source = Input::From { operation: (*operation).to_owned(), at: (*at).to_owned() };
        inputs.push(((*name).to_owned(), source));
    }
    for (name, _, is_required) in &kinds {
        let variable = variable(catalogue, name);
        let known = inputs.iter_mut().find(|(known, _)| known == name);
        match (std::env::var(&variable).ok().filter(|value| !value.is_empty()), known) {
            (Some(value), Some((_, input))) => *input = Input::Given(value),
            (Some(value), None) => inputs.push((name.clone(), Input::Given(value))),
            (None, None) if *is_required => inputs.push((name.clone(), Input::Variable(variable))),
            (None, _) => (),
        }
    }
    inputs
}

/// Lists the names that a call can set, each with its kind and whether it is required.
fn kinds<'c>(catalogue: &'c Catalogue, chosen: Chosen<'c>) -> Vec<(String, Kind<'c>, bool)> {
    let parameters = chosen.row.parameters.iter().zip(&chosen.drafted.parameters);
    let mut kinds: Vec<_> = parameters
        .filter(|(row, _)| !row.secret)
        .map(|(row, drafted)| {
            let kind = Kind::of(&catalogue.draft, &drafted.schema);
            (row.name.to_owned(), kind, row.required)
        })
        .collect();
    let fields = catalogue.fields(chosen.drafted).into_iter();
    kinds.extend(fields.map(|field| (field.name.to_owned(), field.kind, field.is_required)));
    kinds
}

/// Returns the variable that sets a parameter of a vendor's probes: `HUBSOFT_PROBE_TERMO_BUSCA`.
fn variable(catalogue: &Catalogue, name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("{}_PROBE_{}", catalogue.prefix(), name.chars().map(letter).collect::<String>())
}

/// Returns a value of `x-probe` as a word of a command line. `today` and `today-30d` are dates in the
/// format of the parameter.
fn word(value: &Value, kind: Option<&Kind<'_>>, today: Date) -> String {
    let Value::String(text) = value else { return value.to_string() };
    let Some(date) = relative(text, today) else { return text.clone() };
    let format = match kind {
        Some(Kind::Wire(format)) if format.picture.is_some() => Some(*format),
        _ => Format::named("date"),
    };
    let number_of = |letter| {
        let number = match letter {
            b'D' => i32::from(date.day()),
            b'M' => i32::from(date.month()),
            b'Y' => i32::from(date.year()),
            _ => 0,
        };
        u64::try_from(number).unwrap_or_default()
    };
    format.and_then(|format| format.picture).map_or(text.clone(), |picture| picture.text(number_of))
}

/// Reads `today`, `today-30d` or `today+1d`.
fn relative(text: &str, today: Date) -> Option<Date> {
    let rest = text.strip_prefix("today")?;
    if rest.is_empty() {
        return Some(today);
    }
    let days: i32 = rest.strip_suffix('d')?.parse().ok()?;
    today.checked_add(Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_day_is_written_in_the_format_of_its_parameter() {
        let today = date(2026, 11, 30);
        let br_date = Kind::Wire(Format::named("br-date").expect("a format"));
        let cases = [
            (json!("today"), None, "2026-11-30"),
            (json!("today-30d"), Some(&br_date), "31/10/2026"),
            (json!("today+1d"), Some(&br_date), "01/12/2026"),
            (json!("today or so"), Some(&br_date), "today or so"),
            (json!("today-99999999d"), None, "today-99999999d"),
            (json!(7), None, "7"),
            (json!(true), None, "true"),
        ];
        for (value, kind, expected) in cases {
            assert_eq!(word(&value, kind, today), expected, "value {value}");
        }
    }
}
