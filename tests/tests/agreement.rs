//! Tests that the judge and the generated client agree about every response.
//!
//! `agreement/specs/agreement.yaml` has one operation for each construct of JSON Schema.
//! `agreement/answers.tsv` has the responses, with the expected verdicts of judge and client, by
//! hand. Two laws hold for every row: the client decodes what the judge lets pass, and the judge
//! calls breaking what the client cannot decode.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

use std::collections::BTreeSet;
use std::fmt;

use contract_tests::fixtures;
use httpmock::prelude::*;
use prumo_drift::{
    Contract, Document, Observation, Origin, Severity, compare, read_exchange, read_openapi,
};
use serde_json::{Map, json};

/// Minimum number of rows in the table.
const MIN_ROWS: usize = 190;

/// The verdicts of the judge and of the client's caller about one response.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    judge: String,
    client: String,
}

/// One line of the table.
struct Row<'t> {
    operation: &'t str,
    expected: Verdict,
    status: u16,
    /// The media type of the response, if the row names it.
    media: Option<&'t str>,
    situation: &'t str,
    body: &'t str,
}

#[test]
fn the_judge_and_the_client_are_of_one_mind() {
    let text = read("answers.tsv");
    let rows = rows(&text);
    assert!(rows.len() >= MIN_ROWS, "{} rows", rows.len());
    let contract = contract();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut wrong = Vec::new();
    for row in &rows {
        let client = runtime.block_on(called(&contract, row));
        let verdict = Verdict { judge: judged(&contract, row), client };
        if verdict != row.expected {
            wrong.push(format!("{row}: expected {}, got {verdict}", row.expected));
        }
        // A client that fails where the judge sees no break is an alarm that never rings.
        if verdict.client == "failure" && verdict.judge != "breaking" {
            wrong.push(format!("{row}: the client fails, and the judge says {}", verdict.judge));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn every_operation_has_an_answer_that_comes_through() {
    let text = read("answers.tsv");
    let passed: BTreeSet<&str> = rows(&text)
        .iter()
        .filter(|row| row.expected.client == "value")
        .map(|row| row.operation)
        .collect();
    let all: BTreeSet<&str> = agreement::OPERATIONS.iter().map(|operation| operation.id).collect();
    let lacking: Vec<&str> = all.difference(&passed).copied().collect();
    assert_eq!(lacking, [""; 0], "operations without a response that decodes");
}

fn read(name: &str) -> String {
    std::fs::read_to_string(fixtures::root().join("tests/agreement").join(name)).unwrap()
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| row(line).unwrap_or_else(|| panic!("not a row: `{line}`"))).collect()
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut fields = line.splitn(6, '\t');
    let operation = fields.next()?;
    let [judge, client] = [fields.next()?, fields.next()?].map(str::to_owned);
    let status = fields.next()?;
    let (status, media) =
        status.split_once(' ').map_or((status, None), |(status, media)| (status, Some(media)));
    let status = status.parse().ok()?;
    let (situation, body) = (fields.next()?, fields.next()?);
    Some(Row { operation, expected: Verdict { judge, client }, status, media, situation, body })
}

fn contract() -> Contract {
    read_openapi(&Document::parse("agreement.yaml", &read("specs/agreement.yaml")).unwrap())
        .unwrap()
}

/// Returns the judge's worst finding about the response.
fn judged(contract: &Contract, row: &Row<'_>) -> String {
    let exchange = json!({
        "operation": row.operation,
        "request": {
            "method": contract.operations[row.operation].method,
            "path": contract.operations[row.operation].path,
        },
        "response": {
            "status": row.status,
            "headers": {"content-type": media_type(contract, row)},
            "text": row.body,
        },
    });
    let exchange = exchange.to_string();
    let mut observation = Observation::new(&[contract]);
    let exchange = read_exchange(exchange.as_bytes()).unwrap();
    observation.observe(&exchange, &Origin { file: "answers.tsv", line: 1 });
    let observed = observation.finish();
    let findings = compare(contract, &observed[0]);
    let worst = findings.iter().map(|finding| finding.severity).min();
    worst.map_or("fits", Severity::name).to_owned()
}

/// Returns the media type of the row, or else the first that the operation promises for this
/// status: by default plain JSON, and one of its range.
fn media_type<'c>(contract: &'c Contract, row: &Row<'c>) -> &'c str {
    if let Some(media) = row.media {
        return media;
    }
    let response = contract.operations[row.operation].response(row.status);
    let promised = response.and_then(|response| response.media.keys().next());
    match promised.map_or("application/json", String::as_str) {
        "*/*" => "image/png",
        "application/*" => "application/zip",
        promised => promised,
    }
}

/// Returns the result of a client's call to a server on loopback that sends this response.
async fn called(contract: &Contract, row: &Row<'_>) -> String {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.is_true(|_| true);
        then.status(row.status).header("content-type", media_type(contract, row)).body(row.body);
    });
    let builder = agreement::Client::builder().base_url(server.base_url());
    let client = builder.retry(agreement::RetryPolicy::never()).build().unwrap();
    let answer =
        agreement::dispatch::dispatch(&client, row.operation, &Map::new(), Some(&json!({}))).await;
    match answer {
        Ok(_) => "value".to_owned(),
        Err(error) if error.is_vendor() => "refusal".to_owned(),
        Err(error) if error.is_decode() => "failure".to_owned(),
        Err(error) => format!("neither a refusal nor a failure to decode: {error}"),
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {}", self.judge, self.client)
    }
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, {}", self.operation, self.situation)
    }
}
