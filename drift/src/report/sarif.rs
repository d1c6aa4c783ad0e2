//! Turns a report into SARIF 2.1.0, with each finding at the line of the spec that promised
//! otherwise.
//!
//! Invariants:
//!
//! * Waived findings are suppressed results, so that viewers hide them.
//! * Messages are plain text: brackets and braces of others make no link and no placeholder.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Report, Verdict, full_name, remedy, whereabouts};
use crate::finding::{Finding, Standing};
use crate::language::Language;
use crate::printable::{printable, printable_json};
use crate::rules::{Rule, Severity};

/// The characters of a path that a relative URI escapes.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn as_sarif(report: &Report) -> String {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run(report)],
    });
    printable_json(&format!("{log:#}\n"))
}

fn run(report: &Report) -> Value {
    let (word, line) = report.summary(Language::English);
    let mut run = json!({
        "tool": {"driver": {
            "name": "prumo",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": Rule::ALL.iter().map(|rule| descriptor(*rule)).collect::<Vec<Value>>(),
        }},
        "invocations": [invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": report.findings.iter().map(|finding| result(report, finding)).collect::<Vec<Value>>(),
        "properties": {"verdict": word, "summary": line},
    });
    if let Some(commit) = report.run.as_ref().and_then(|run| run.commit.as_ref()) {
        run["properties"]["commit"] = json!(commit);
    }
    let gone = report.gone.iter().map(|finding| result(report, finding));
    if let Some(results) = run["results"].as_array_mut() {
        results.extend(gone);
    }
    run
}

fn descriptor(rule: Rule) -> Value {
    let row = rule.row();
    json!({
        "id": row.name,
        "shortDescription": {"text": text(row.sentence.en)},
        "help": {"text": text(&format!("{} `prumo explain {}` shows an example.", row.advice.en, row.name))},
        "defaultConfiguration": {"level": level(row.usual_severity())},
    })
}

/// Describes the run, with what could not be judged as its notifications.
fn invocation(report: &Report) -> Value {
    let unjudged = report.totals.unjudged.iter().map(|place| ("error", place));
    let stale = report.totals.stale.iter().map(|entry| ("warning", entry));
    let notifications: Vec<Value> = unjudged
        .chain(stale)
        .map(|(level, said)| json!({"level": level, "message": {"text": text(said)}}))
        .collect();
    let mut invocation = json!({
        "executionSuccessful": report.totals.verdict != Verdict::NotJudged,
        "toolExecutionNotifications": notifications,
    });
    if let Some(run) = &report.run {
        if let Ok(started) = run.started.parse::<jiff::Timestamp>() {
            invocation["startTimeUtc"] = json!(started.to_string());
        }
        if let Some(host) = &run.host {
            invocation["machine"] = json!(host);
        }
    }
    invocation
}

fn result(report: &Report, finding: &Finding) -> Value {
    let Finding { promised, seen, count, of, .. } = finding;
    let message = format!(
        "{} {}: promised {promised}; seen {seen}, {count} of {of}. {}",
        full_name(finding, Language::English),
        whereabouts(finding, Language::English),
        finding.rule.row().advice.en
    );
    let mut result = json!({
        "ruleId": finding.rule.name(),
        "level": level(finding.severity),
        "message": {"text": text(&message)},
        "partialFingerprints": {"prumoIdentity/v1": fingerprint(finding)},
        "properties": {
            "severity": finding.severity.name(),
            "count": count,
            "of": of,
        },
    });
    if let Some(index) = Rule::ALL.iter().position(|rule| *rule == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if *count > 0 {
        result["occurrenceCount"] = json!(count);
    }
    if let Some(location) = location(report, finding) {
        result["locations"] = json!([location]);
    }
    if let Some(first) = &finding.first {
        let place = physical(&first.file, first.line, None);
        let said = text(&format!("first seen at {}", first.pointer));
        result["relatedLocations"] =
            json!([{"physicalLocation": place, "message": {"text": said}}]);
    }
    if let Some(reason) = &finding.waived {
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": text(reason)}]);
    }
    if let Some(standing) = finding.standing {
        result["baselineState"] = json!(match standing {
            Standing::New => "new",
            Standing::Worse => "updated",
            Standing::Known => "unchanged",
            Standing::Gone => "absent",
        });
    }
    if let Some(since) = &finding.since {
        result["properties"]["since"] = json!(since);
    }
    if let Some(waiver) = remedy::waiver(report, finding) {
        result["properties"]["waiver"] = json!(waiver.block());
    }
    result
}

/// Returns the place in the spec, or else the first line of its file.
fn location(report: &Report, finding: &Finding) -> Option<Value> {
    let spec = report.specs.iter().find(|spec| spec.name == finding.spec);
    let place = match (&finding.promised_at, spec) {
        (Some(place), _) => physical(&place.file, place.line, Some(place.column)),
        (None, Some(spec)) => physical(&spec.file, 1, None),
        (None, None) => return None,
    };
    let name = format!(
        "{} {}",
        full_name(finding, Language::English),
        whereabouts(finding, Language::English)
    );
    Some(json!({
        "physicalLocation": place,
        "logicalLocations": [{"fullyQualifiedName": printable(&name), "kind": "member"}],
    }))
}

fn physical(file: &str, line: u64, column: Option<u64>) -> Value {
    let path = file.replace('\\', "/");
    let mut place = json!({
        "artifactLocation": {"uri": utf8_percent_encode(&path, ESCAPED).to_string()},
        "region": {"startLine": line.max(1)},
    });
    if let Some(column) = column {
        place["region"]["startColumn"] = json!(column.max(1));
    }
    place
}

/// Returns a text that is the same for the same finding on every night.
fn fingerprint(finding: &Finding) -> String {
    let stranger = if finding.rule == Rule::OperationUnknown { finding.seen.as_str() } else { "" };
    let identity = format!("{} {} {stranger}", finding.spec, finding.identity());
    printable(identity.trim())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "error",
        Severity::Risky => "warning",
        Severity::Compatible => "note",
    }
}

/// Escapes what a message reads as a link or a placeholder.
fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '[' | ']' => safe.extend(['\\', character]),
            '{' | '}' => safe.extend([character, character]),
            _ => safe.push(character),
        }
    }
    safe
}
