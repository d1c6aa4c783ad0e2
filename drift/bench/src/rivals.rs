//! Lists the programs that read the traffic, and the work of each.

use std::hint::black_box;
use std::path::Path;

use jsonschema::Validator;
use prumo_drift::exchange::{DEFAULT_MAX_EXCHANGE_BYTES, split};
use prumo_drift::{Contract, Finding, Observation, Origin, compare};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The input that every rival gets.
pub struct Course<'a> {
    /// The file of exchanges.
    pub file: &'a Path,
    /// The contents of the file.
    pub bytes: &'a [u8],
    /// The contents, split into lines: only the judge splits them itself.
    pub lines: &'a [&'a [u8]],
    /// The promise.
    pub promised: &'a Contract,
    /// The same promise, for the validator.
    pub validator: &'a Validator,
}

/// One way to read the traffic.
pub struct Rival {
    /// The rival's work, in words.
    pub name: &'static str,
    /// Reads everything and returns the number of lines, findings or errors.
    pub run: fn(&Course<'_>) -> usize,
}

/// Position of the judge in [`RIVALS`].
pub const JUDGE: usize = 4;

/// All rivals; the judge is compared with each.
pub const RIVALS: &[Rival] = &[
    Rival {
        name: "read the file",
        run: |course| fs_err::read(course.file).map_or(0, |bytes| bytes.len()),
    },
    Rival { name: "serde_json IgnoredAny", run: |course| parsed::<IgnoredAny>(course.lines) },
    Rival { name: "serde_json Value", run: |course| parsed::<Value>(course.lines) },
    Rival {
        name: "serde_json Value, jsonschema errors",
        run: |course| course.lines.iter().map(|line| errors(course.validator, line)).sum(),
    },
    Rival {
        name: "prumo, findings",
        run: |course| {
            judged(course.promised, course.bytes).map_or(0, |(findings, _)| findings.len())
        },
    },
];

/// Returns the lines of the traffic.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}

fn parsed<'b, T: Deserialize<'b>>(lines: &[&'b [u8]]) -> usize {
    lines.iter().filter(|line| serde_json::from_slice::<T>(line).map(black_box).is_ok()).count()
}

/// Returns the number of errors that the validator finds in the body of one line.
pub fn errors(validator: &Validator, line: &[u8]) -> usize {
    let exchange: Value = serde_json::from_slice(line).unwrap_or_default();
    exchange.pointer("/response/body").map_or(0, |body| validator.iter_errors(body).count())
}

/// Returns the judge's findings and what it observed, or `None` if a line is not an exchange.
pub fn judged(promised: &Contract, bytes: &[u8]) -> Option<(Vec<Finding>, Contract)> {
    let mut observation = Observation::new(&[promised]);
    for item in split(bytes, DEFAULT_MAX_EXCHANGE_BYTES) {
        let item = item.ok()?;
        let origin = Origin { file: "traffic.ndjson", line: item.line() as u64 };
        observation.observe_item(&item, &origin).ok()?;
    }
    let observed = observation.finish().into_iter().next()?;
    Some((compare(promised, &observed), observed))
}
