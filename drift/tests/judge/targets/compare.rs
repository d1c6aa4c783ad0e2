//! Turns invented traffic into findings: none if nothing was changed, and never with a vendor's
//! value.
//!
//! The bytes choose a spec and a few exchanges. Each starts as a sample of the promise. Then
//! members are changed, and a marker that no report may show is planted wherever a vendor or a
//! person could have written it.

use prumo_drift::contract::Media;
use prumo_drift::{Contract, Finding, Observation, Origin, Report, Side, read_exchange, sample};
use serde_json::{Map, Value, json};

use super::choices::Choices;
use super::laws::{findings_are_placed, join_has_an_identity, judged, observed_is_carried};
use super::specs;

/// With this many digits it is no word but may be a document, so reports mask it.
const PLANTED: &str = "PLANTED52998";

/// Enough exchanges for findings to merge.
const MAX_EXCHANGES: usize = 6;

pub(crate) fn check(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let promised = &specs::chosen(choices.byte()).contract;
    let n_exchanges = choices.below(MAX_EXCHANGES);
    let made: Vec<Made> = (0..n_exchanges).filter_map(|_| made(promised, &mut choices)).collect();

    let whole = observed(promised, made.iter().zip(1..));
    join_has_an_identity(&whole);
    observed_is_carried(promised, &whole);
    let singles: Vec<Contract> =
        made.iter().zip(1..).map(|one| observed(promised, [one])).collect();
    if let Some(joined) = singles.iter().cloned().reduce(|all, one| one.join(&all)) {
        assert_eq!(joined, whole, "one by one is not the whole");
    }

    let (findings, gaps) = judged(promised, &whole);
    findings_are_placed(&findings);
    if made.iter().all(|made| made.is_clean) {
        let of_answers: Vec<&Finding> =
            findings.iter().filter(|finding| finding.side == Side::Response).collect();
        assert!(of_answers.is_empty(), "a false alarm: {of_answers:#?} in {:?}", lines(&made));
    }
    tells_nothing(&serde_json::to_string(&whole).unwrap_or_default());
    tells_nothing(&serde_json::to_string(&findings).unwrap_or_default());
    let report = Report::new(findings, gaps, [promised], [&whole], 0);
    for text in
        [report.to_text(), report.to_markdown(), report.to_json(), report.coverage_to_text()]
    {
        tells_nothing(&text);
    }
    for made in &made {
        errors_tell_nothing(&made.line, choices.byte());
    }
}

/// An exchange as written in a file.
struct Made {
    line: String,
    /// Whether it is as promised.
    is_clean: bool,
}

fn lines(made: &[Made]) -> Vec<&str> {
    made.iter().map(|made| made.line.as_str()).collect()
}

fn observed<'m>(promised: &Contract, made: impl IntoIterator<Item = (&'m Made, u64)>) -> Contract {
    let mut observation = Observation::new(&[promised]);
    for (made, line) in made {
        let exchange = read_exchange(made.line.as_bytes())
            .unwrap_or_else(|error| panic!("{error} in {}", made.line));
        observation.observe(&exchange, &Origin { file: "night.ndjson", line });
    }
    observation.finish().into_iter().next().unwrap_or_default()
}

fn made(promised: &Contract, choices: &mut Choices<'_>) -> Option<Made> {
    let operations: Vec<_> = promised.operations.iter().collect();
    let (id, operation) = *choices.of(&operations)?;
    let answers: Vec<_> = operation.responses.iter().collect();
    let (status, answer) = *choices.of(&answers)?;
    let status = match status.as_str() {
        "default" => "500".to_owned(),
        range => range.replace("XX", "04"),
    };
    let medias: Vec<_> = answer.media.iter().collect();
    let (media, body) = match choices.of(&medias) {
        None => ("application/json", None),
        Some((name, media)) => (media_type(name), body(promised, name, media, choices)),
    };
    let mut body = body.unwrap_or(Value::Null);
    let n_edits = choices.below(4);
    for _ in 0..n_edits {
        edit(&mut body, choices);
    }
    let request = request(operation.parameters.keys(), choices);
    let is_clean = n_edits == 0 && request.as_object().is_some_and(Map::is_empty);
    let member = if media.ends_with("json") { "body" } else { "text" };
    // A value that is not a text fits only into a JSON body.
    let body = if member == "text" { Value::from(body.as_str().unwrap_or(PLANTED)) } else { body };
    let exchange = json!({
        "operation": id,
        "request": request,
        "response": {"status": status.parse::<u16>().ok()?, "headers": {"Content-Type": media}, member: body},
    });
    Some(Made { line: exchange.to_string(), is_clean })
}

/// Returns one media type of a range.
fn media_type(promised: &str) -> &str {
    if promised.ends_with("/*") { "application/json" } else { promised }
}

fn body(
    promised: &Contract,
    name: &str,
    media: &Media,
    choices: &mut Choices<'_>,
) -> Option<Value> {
    if media_type(name).ends_with("json") {
        return sample(promised, &media.shape, u64::from(choices.byte()));
    }
    Some(Value::from("<html>"))
}

/// Returns an empty request, or one with the marker in one of its parts.
fn request<'n>(names: impl Iterator<Item = &'n String>, choices: &mut Choices<'_>) -> Value {
    let named = |of: &str| -> Map<String, Value> {
        let names = names.filter_map(|name| name.strip_prefix(of)).map(str::to_owned);
        names.chain([PLANTED.to_owned()]).map(|name| (name, Value::from(PLANTED))).collect()
    };
    match choices.below(7) {
        1 => json!({"method": PLANTED, "path": format!("/{PLANTED}/{{id}}?{PLANTED}#{PLANTED}")}),
        2 => json!({"query": named("/query/")}),
        3 => json!({"headers": named("/header/"), "path": format!("/pedido/{PLANTED}/{PLANTED}")}),
        4 => {
            json!({"form": [{"name": "titulo", "value": PLANTED}, {"name": PLANTED, "file": PLANTED, "content_type": PLANTED}]})
        }
        5 => {
            json!({"body": {PLANTED: [PLANTED], "tipo": PLANTED}, "headers": {"content-type": PLANTED}})
        }
        6 => {
            json!({"query": {"filtro[de]": PLANTED, "j": format!("{{\"{PLANTED}\":1}}"), "tags": format!("{PLANTED}|{PLANTED}")}})
        }
        _ => json!({}),
    }
}

/// Changes one value of a body.
fn edit(body: &mut Value, choices: &mut Choices<'_>) {
    let mut n_left = choices.below(count(body));
    let Some(value) = nth(body, &mut n_left) else {
        return;
    };
    match (choices.below(12), value) {
        (0, value) => *value = Value::from(PLANTED),
        (1, value) => *value = Value::Null,
        (2, value) => *value = json!([]),
        (3, value) => *value = json!({}),
        (4, value) => *value = json!(52998.5),
        (5, value) => *value = json!(-1),
        (6, value) => *value = json!({PLANTED: PLANTED, "a/b": [PLANTED], "m~n": null, "novo": {}}),
        (7, value) => *value = json!([PLANTED, 52998, null, [[]]]),
        (8, value) => *value = Value::from(format!("22/11/2026 {PLANTED}\u{202e}\n")),
        (9, Value::Object(members)) => {
            members.insert(PLANTED.to_owned(), json!([PLANTED]));
        }
        (10, Value::Object(members)) => {
            let last = members.keys().next_back().cloned();
            last.and_then(|last| members.shift_remove(&last));
        }
        (_, Value::Array(items)) => items.extend(items.clone()),
        (_, value) => *value = Value::from(value.to_string()),
    }
}

fn count(value: &Value) -> usize {
    1 + below(value).map(count).sum::<usize>()
}

fn below(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// Returns the value with this number, counting parents first.
fn nth<'v>(value: &'v mut Value, n_left: &mut usize) -> Option<&'v mut Value> {
    if *n_left == 0 {
        return Some(value);
    }
    *n_left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, n_left)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, n_left)),
        _ => None,
    }
}

/// A file that ends early or has an extra byte is refused, and the error does not quote it.
fn errors_tell_nothing(line: &str, choice: u8) {
    let end = line.len() * usize::from(choice) / 256;
    let (before, behind) = line.as_bytes().split_at(end);
    for bytes in
        [before.to_vec(), [before, b"\"", behind].concat(), [before, b"\xff", behind].concat()]
    {
        if let Err(error) = read_exchange(&bytes) {
            tells_nothing(&error.to_string());
        }
    }
}

fn tells_nothing(text: &str) {
    assert!(!text.to_lowercase().contains("planted"), "a planted value is told: {text}");
}
