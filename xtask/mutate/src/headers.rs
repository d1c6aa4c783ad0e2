//! Mutates response headers and request cookies.

use prumo_drift::Rule;
use serde_json::{Value, json};

use super::mutant::{Mutant, cookie_header, cookies, object};
use super::promise::Promise;
use super::site::{Site, Slot};
use super::subject::Subject;

/// Pointer to the recorded response headers.
const HEADERS: &str = "/response/headers";

/// Lists the sites of promised headers that were recorded and hold one scalar.
pub(super) fn places<'s>(subject: &Subject<'s>) -> Vec<Site<'s>> {
    let headers = subject.operation.headers(subject.status).into_iter();
    let judged =
        headers.filter(|header| !header.is_secret && !header.is_json && is_scalar(&header.promise));
    let place = |header: super::operation::Parameter<'s>| {
        let name = header.name.to_lowercase();
        let pointer = format!("{HEADERS}/{name}");
        let value = subject.answered.pointer(&pointer)?;
        let at = format!("/header/{name}");
        Some(Site::new(&subject.answer_ground(), Slot::Text(pointer), &at, &header.promise, value))
    };
    judged.filter_map(place).collect()
}

fn is_scalar(promise: &Promise<'_>) -> bool {
    promise.item().is_none() && promise.fields().is_empty()
}

pub(super) fn dropped(subject: &Subject<'_>) -> Vec<Mutant> {
    let headers =
        subject.operation.headers(subject.status).into_iter().filter(|header| header.is_required);
    let without = |name: String| {
        let mut exchange = subject.answered.clone();
        let recorded = object(&mut exchange, "response", "headers")?;
        recorded.shift_remove(&name)?;
        // A recording without any header may just not have recorded them.
        if recorded.is_empty() {
            return None;
        }
        let at = format!("/header/{name}");
        let expected = vec![subject.answer_ground().expect(Rule::HeaderMissing, &at, None)];
        Some(Mutant::new(format!("{HEADERS}/{name}"), &exchange, expected))
    };
    headers.map(|header| header.name.to_lowercase()).filter_map(without).collect()
}

/// Adds a header that a proxy might add, which must give no finding.
pub(super) fn added(subject: &Subject<'_>) -> Vec<Mutant> {
    let mut exchange = subject.answered.clone();
    let Some(recorded) = object(&mut exchange, "response", "headers").filter(|all| !all.is_empty())
    else {
        return Vec::new();
    };
    recorded.insert("x-de-amanha".to_owned(), json!("7"));
    vec![Mutant::new(HEADERS, &exchange, Vec::new())]
}

pub(super) fn cookie_dropped(subject: &Subject<'_>) -> Vec<Mutant> {
    let cookies = cookies(&subject.exchange);
    let required =
        subject.operation.parameters().into_iter().filter(|p| p.place == "cookie" && p.is_required);
    let without = |name: &str| {
        let fewer: Vec<(&str, &str)> =
            cookies.iter().copied().filter(|(known, _)| *known != name).collect();
        // A request without any cookie may just not have recorded the header.
        (fewer.len() < cookies.len() && !fewer.is_empty() && !subject.is_refusal).then(|| {
            let at = format!("/cookie/{name}");
            let expected = vec![subject.request_ground().expect(Rule::ParamMissing, &at, None)];
            Mutant::new(format!("/request{at}"), &with_cookies(subject, &fewer), expected)
        })
    };
    required.filter_map(|cookie| without(cookie.name)).collect()
}

pub(super) fn cookie_added(subject: &Subject<'_>) -> Vec<Mutant> {
    let mut cookies = cookies(&subject.exchange);
    if cookies.is_empty() {
        return Vec::new();
    }
    cookies.push(("de_amanha", "7"));
    vec![Mutant::new("/request/headers/cookie", &with_cookies(subject, &cookies), Vec::new())]
}

fn with_cookies(subject: &Subject<'_>, cookies: &[(&str, &str)]) -> Value {
    let mut exchange = subject.exchange.clone();
    if let Some(headers) = object(&mut exchange, "request", "headers") {
        headers.insert("cookie".to_owned(), cookie_header(cookies));
    }
    exchange
}
