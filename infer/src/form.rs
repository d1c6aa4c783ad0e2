//! Reads the bodies of requests and responses.

use prumo_drift::Exchange;
use prumo_drift::exchange::FormPart;
use prumo_spec::MediaType;
use serde_json::Value;

use crate::calls::{Content, Exchanges, FormField, Sent, is_index};

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";

/// Returns the JSON of a response, or `None` if its body is of another kind or can't be read.
pub(crate) fn json_of_answer(exchange: &Exchange<'_>) -> Option<Value> {
    let response = &exchange.response;
    let content_type = response.headers.get("content-type");
    if content_type.is_some_and(|kind| !MediaType::new(kind).is_json()) {
        return None;
    }
    let text = match (&response.body, &response.text) {
        (Some(body), _) => body.get(),
        (None, Some(text)) if content_type.is_some() => text.as_ref(),
        _ => return None,
    };
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// Counts the body of a response.
pub(crate) fn see_answer(exchange: &Exchange<'_>, json: Option<&Value>, one: &mut Exchanges) {
    let response = &exchange.response;
    let content_type = response.headers.get("content-type");
    let is_json = content_type.is_none_or(|kind| MediaType::new(kind).is_json());
    let text = response.text.as_deref();
    let mut content = Content::default();
    let otherwise = match (json, &response.body, text) {
        (Some(value), _, _) => {
            content.json.get_or_insert_default().see(value);
            JSON
        }
        (None, Some(_), _) if is_json => {
            content.json.get_or_insert_default().see_unread();
            JSON
        }
        (None, None, None | Some("")) if response.is_body_omitted => {
            // It had a body of a kind that is known, and no more is.
            let Some(_) = content_type else { return };
            match is_json {
                true => content.json.get_or_insert_default().see_unread(),
                false => content.n_plain += 1,
            }
            JSON
        }
        (None, None, Some("")) | (None, None, None) if response.base64.is_none() => {
            let says_json = text.is_some() || content_type.is_some_and(|_| is_json);
            one.n_empty += u64::from(says_json);
            return;
        }
        (None, None, Some(_)) if content_type.is_some_and(|_| is_json) => {
            content.json.get_or_insert_default().see_unread();
            JSON
        }
        (None, _, Some(text)) => {
            content.n_plain += 1;
            if text.trim_start().starts_with('<') { "text/html" } else { "text/plain" }
        }
        _ => {
            content.n_plain += 1;
            "application/octet-stream"
        }
    };
    one.came.insert(essence(content_type, otherwise), content);
}

/// Counts the body of a request.
pub(crate) fn see_request(exchange: &Exchange<'_>, one: &mut Exchanges) {
    let request = &exchange.request;
    let content_type = request.headers.get("content-type");
    let mut content = Content::default();
    let otherwise = match (&request.body, &request.form, request.text.as_deref()) {
        (Some(raw), _, _) => {
            let seen = content.json.get_or_insert_default();
            match serde_json::from_str(raw.get()) {
                Ok(value) => seen.see(&value),
                Err(_) => seen.see_unread(),
            }
            JSON
        }
        (None, Some(parts), _) if !parts.is_empty() => {
            parts.iter().for_each(|part| content.see_part(part));
            FORM
        }
        (None, _, Some(text)) if !text.is_empty() => {
            let json = content_type.filter(|kind| MediaType::new(kind).is_json());
            match json.map(|_| serde_json::from_str(text)) {
                Some(Ok(value)) => content.json.get_or_insert_default().see(&value),
                Some(Err(_)) => content.json.get_or_insert_default().see_unread(),
                None => content.n_plain += 1,
            }
            "text/plain"
        }
        _ if request.base64.is_some() => {
            content.n_plain += 1;
            "application/octet-stream"
        }
        _ => return,
    };
    one.sent.insert(essence(content_type, otherwise), Sent { count: 1, content });
}

impl Content {
    fn see_part(&mut self, part: &FormPart<'_>) {
        let (base, key) = match part.name().split_once('[') {
            Some((base, rest)) if !base.is_empty() => (base, Some(rest.trim_end_matches(']'))),
            _ => (part.name(), None),
        };
        let is_again = self.form.contains_key(base);
        let field = self.form.entry(base.to_owned()).or_default();
        field.n_present = 1;
        match key {
            None => field.is_list |= is_again,
            Some("") => field.is_list = true,
            Some(key) if is_index(key) => field.is_indexed = true,
            Some(_) => field.is_map = true,
        }
        field.see_value(part);
    }
}

impl FormField {
    fn see_value(&mut self, part: &FormPart<'_>) {
        match part {
            FormPart::File { .. } => self.n_files += 1,
            FormPart::Text { value, .. } if value == "<binary>" => self.n_files += 1,
            FormPart::Text { value, .. } => self.texts.see(value),
        }
    }
}

/// Returns the media type of a header, or what its absence means.
fn essence(content_type: Option<&str>, otherwise: &str) -> String {
    let essence = content_type.map(|text| MediaType::new(text).essence());
    let essence = essence.filter(|text| prumo_spec::mask::safe_media(text) == **text);
    essence.map_or_else(|| otherwise.to_owned(), |text| text.into_owned())
}
