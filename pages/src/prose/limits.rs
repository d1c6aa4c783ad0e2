//! Reads limits: the smallest and largest value, lengths, and formats of dates.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::plain::{fold, plain};
use crate::words::NUMBERS;

/// Returns the limits that a text names, by name.
pub(crate) fn constraints(text: &str) -> Vec<(&'static str, String)> {
    let text = plain(text);
    let folded = fold(&text);
    let mut found = Vec::new();
    found.extend(format(&text).map(|format| ("format", format)));
    found.extend(lengths(&folded));
    if found.iter().any(|(name, _)| name.ends_with("Length")) {
        return found;
    }
    found.extend(bounds(&folded));
    found
}

fn format(text: &str) -> Option<String> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b((?:YYYY|AAAA|yyyy|aaaa|Y)[-/.](?:MM|mm|m)[-/.](?:DD|dd|d)(?:[T ]+(?:HH|hh|H)[:h]?(?:MM|mm|ii|i)?(?::?(?:SS|ss|s))?)?|(?:DD|dd|d)[-/.](?:MM|mm|m)[-/.](?:YYYY|AAAA|yyyy|aaaa|Y)(?:[T ]+(?:HH|hh|H)[:h]?(?:MM|mm|ii|i)?(?::?(?:SS|ss|s))?)?|(?:MM|mm)[-/](?:YYYY|AAAA)|(?:HH|hh):(?:MM|mm)(?::(?:SS|ss))?)(?:\W|$)",
        )
    });
    FORM.captures(text).map(|found| found[1].to_owned())
}

fn bounds(folded: &str) -> Vec<(&'static str, String)> {
    static MINIMUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:valor )?min(?:im[oa]|imum|\.)?(?: de| e| is)?\s*[:=]?\s*(-?\d+(?:[.,]\d+)?)")
    });
    static MAXIMUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:valor )?max(?:im[oa]|imum|\.)?(?: de| e| is)?\s*[:=]?\s*(-?\d+(?:[.,]\d+)?)")
    });
    static ABOVE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:maior(?:es)? (?:do )?que|greater than)\s+(-?\d+)"));
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:entre|between|de)\s+(-?\d+)\s+(?:e|and|a|ate|to)\s+(-?\d+)\b")
    });
    let mut found = Vec::new();
    let first = |form: &Regex| form.captures(folded).map(|found| found[1].to_owned());
    found.extend(first(&MINIMUM).map(|n| ("minimum", n)));
    found.extend(first(&ABOVE).map(|n| ("exclusiveMinimum", n)));
    found.extend(first(&MAXIMUM).map(|n| ("maximum", n)));
    if found.is_empty() {
        if let Some(both) = BETWEEN.captures(folded) {
            found.push(("minimum", both[1].to_owned()));
            found.push(("maximum", both[2].to_owned()));
        }
    }
    found
}

fn lengths(folded: &str) -> Vec<(&'static str, String)> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?P<which>minim[oa]|minimum|at least|max(?:im[oa]|imum)?|ate|at most|up to)\W+(?:de\s+)?(?P<n>\d+|[a-z]+)\s+(?:caracter(?:es)?|digitos|letras|characters|digits)",
        )
    });
    let mut found = Vec::new();
    for one in FORM.captures_iter(folded) {
        let is_least = one["which"].starts_with("min") || &one["which"] == "at least";
        let name = if is_least { "minLength" } else { "maxLength" };
        let word = &one["n"];
        let number = NUMBERS.iter().find(|(spelled, _)| spelled == &word).map(|(_, n)| *n);
        let digits = word.bytes().all(|byte| byte.is_ascii_digit()).then_some(word);
        found.extend(number.or(digits).map(|n| (name, n.to_owned())));
    }
    found
}
