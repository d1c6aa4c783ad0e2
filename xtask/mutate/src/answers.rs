//! Mutates a response as a whole: its status, its media type, its bytes.

use prumo_drift::Rule;
use serde_json::{Value, json};

use super::mutant::{Mutant, object, raw};
use super::subject::Subject;

const PAGE: &str =
    "<!DOCTYPE html><html><head><title>503</title></head><body><h1>Manutenção</h1></body></html>";
const BODY: &str = "/response/body";
const CONTENT_TYPE: &str = "/response/headers/content-type";

/// Statuses that no spec promises but a vendor may start to send.
const STATUSES: [u16; 9] = [202, 206, 299, 302, 409, 418, 500, 503, 530];

/// A depth of nesting that no client accepts.
const N_LEVELS: usize = 200;

pub(super) fn status(subject: &Subject<'_>) -> Vec<Mutant> {
    let is_judged = !subject.operation.is_webhook;
    let is_unknown = |status: &u16| is_judged && subject.operation.response(*status).is_none();
    // A refusal must not become a success, because the judge would then report faults of the
    // request.
    let is_alike = |status: &u16| !subject.is_refusal || *status >= 400;
    let statuses = STATUSES.into_iter().filter(is_unknown).filter(is_alike);
    statuses
        .map(|status| {
            let mut exchange = subject.answered.clone();
            if let Some(place) = exchange.pointer_mut("/response/status") {
                *place = status.into();
            }
            let mut ground = subject.answer_ground();
            ground.status = Some(status);
            Mutant::new(
                "/response/status",
                &exchange,
                vec![ground.expect_body(Rule::StatusUndocumented)],
            )
        })
        .collect()
}

pub(super) fn content_type(subject: &Subject<'_>) -> Vec<Mutant> {
    let promised = subject.answer_types();
    if promised.is_empty() || (subject.answer_body().is_none() && text_of(subject).is_none()) {
        return Vec::new();
    }
    let others = ["text/html", "text/plain", "application/xml"];
    let others = others.into_iter().filter(|other| !is_promised(&promised, other));
    others
        .map(|other| {
            let exchange = with_type(subject, other);
            Mutant::new(
                CONTENT_TYPE,
                &exchange,
                vec![subject.answer_ground().expect_body(Rule::ContentTypeChanged)],
            )
        })
        .collect()
}

fn is_promised(promised: &[&str], media: &str) -> bool {
    let range = media.split_once('/').map(|(kind, _)| format!("{kind}/*")).unwrap_or_default();
    promised.iter().any(|known| *known == media || *known == range || *known == "*/*")
}

fn text_of<'v>(subject: &'v Subject<'_>) -> Option<&'v str> {
    subject.exchange.pointer("/response/text").and_then(Value::as_str)
}

fn with_type(subject: &Subject<'_>, media: &str) -> Value {
    let mut exchange = subject.answered.clone();
    if let Some(headers) = object(&mut exchange, "response", "headers") {
        headers.insert("content-type".to_owned(), media.into());
    }
    exchange
}

/// Copies the exchange with `text` as the response body.
fn with_text(exchange: &Value, text: String) -> Value {
    let mut exchange = exchange.clone();
    if let Some(response) = exchange.get_mut("response").and_then(Value::as_object_mut) {
        response.shift_remove("body");
        response.insert("text".to_owned(), text.into());
    }
    exchange
}

/// Returns the JSON body as the vendor wrote it, and its promise.
fn json_text(subject: &Subject<'_>) -> Option<String> {
    subject.answer_media()?;
    subject.answer_body().map(Value::to_string)
}

/// Replaces the JSON body by texts that are not JSON.
fn unreadable(subject: &Subject<'_>, texts: impl IntoIterator<Item = String>) -> Vec<Mutant> {
    let media = subject.answer_media().map_or("application/json", |media| media.name);
    let exchange = with_type(subject, media);
    let expected = || vec![subject.answer_ground().expect_body(Rule::BodyUnreadable)];
    texts
        .into_iter()
        .map(|text| Mutant::new(BODY, &with_text(&exchange, text), expected()))
        .collect()
}

pub(super) fn html(subject: &Subject<'_>) -> Vec<Mutant> {
    let promised = subject.answer_types();
    if promised.is_empty() || is_promised(&promised, "text/html") {
        return Vec::new();
    }
    let exchange = with_text(&with_type(subject, "text/html; charset=UTF-8"), PAGE.to_owned());
    vec![Mutant::new(
        BODY,
        &exchange,
        vec![subject.answer_ground().expect_body(Rule::ContentTypeChanged)],
    )]
}

pub(super) fn html_as_promised(subject: &Subject<'_>) -> Vec<Mutant> {
    unreadable(subject, json_text(subject).map(|_| PAGE.to_owned()))
}

pub(super) fn truncated(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(text) = json_text(subject).filter(|text| text.len() > 2) else {
        return Vec::new();
    };
    let lengths = [1, text.len() / 3, text.len() / 2, text.len() - 1];
    unreadable(subject, lengths.map(|length| text[..text.floor_char_boundary(length)].to_owned()))
}

pub(super) fn empty(subject: &Subject<'_>) -> Vec<Mutant> {
    unreadable(subject, json_text(subject).map(|_| String::new()))
}

pub(super) fn mark_before(subject: &Subject<'_>) -> Vec<Mutant> {
    unreadable(subject, json_text(subject).map(|text| format!("\u{feff}{text}")))
}

pub(super) fn warning_before(subject: &Subject<'_>) -> Vec<Mutant> {
    let warn = |text| {
        format!(
            "<br />\n<b>Warning</b>:  Undefined array key in <b>api.php</b> on line <b>7</b><br />\n{text}"
        )
    };
    unreadable(subject, json_text(subject).map(warn))
}

pub(super) fn text_behind(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(text) = json_text(subject) else {
        return Vec::new();
    };
    unreadable(
        subject,
        [format!("{text}{text}"), format!("{text}}}"), format!("{text}<!-- 0.07 s -->")],
    )
}

pub(super) fn single_quotes(subject: &Subject<'_>) -> Vec<Mutant> {
    unreadable(
        subject,
        json_text(subject).filter(|text| text.contains('"')).map(|text| text.replace('"', "'")),
    )
}

pub(super) fn too_deep(subject: &Subject<'_>) -> Vec<Mutant> {
    let Some(body) = subject.answer_body().filter(|_| subject.answer_media().is_some()) else {
        return Vec::new();
    };
    let deep = raw(&format!("{}{}", "[".repeat(N_LEVELS), "]".repeat(N_LEVELS)));
    let whole = Some(deep.clone());
    let in_member = body.as_object().map(|members| {
        let mut members = members.clone();
        members.insert("campo_novo".to_owned(), deep);
        Value::from(members)
    });
    let mutant = |body: Value| {
        let mut exchange = subject.answered.clone();
        if let Some(place) = exchange.pointer_mut(BODY) {
            *place = body;
        }
        Mutant::new(
            BODY,
            &exchange,
            vec![subject.answer_ground().expect_body(Rule::BodyUnreadable)],
        )
    };
    in_member.into_iter().chain(whole).map(mutant).collect()
}

/// Copies the exchange with another status and response body.
pub(super) fn answering(subject: &Subject<'_>, status: u16, body: Value) -> Value {
    let mut exchange = subject.answered.clone();
    if let Some(response) = exchange.get_mut("response").and_then(Value::as_object_mut) {
        response.insert("status".to_owned(), json!(status));
        response.insert("body".to_owned(), body);
    }
    exchange
}
