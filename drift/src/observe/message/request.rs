//! Turns the request of an exchange into facts: parameters, form fields, JSON body.
//!
//! Parameters and form fields are texts. Each is converted into the JSON value that it stands for
//! (`12` is a number where an integer is promised, else a text), lists and objects by their style,
//! and then judged like any body (`parameter.rs`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::answer::{Came, why_unreadable};
use super::media::strange;
use super::observed::{ObservedContract, Part, Root};
use super::route::Matched;
use super::wire::{Text, split_name};
use crate::contract::{self, Body, Parameter, Style, Unreadable, is_form, is_json};
use crate::exchange::{FormPart, Request};
use crate::observe::Origin;
use crate::observe::counts::record::NodeId;
use crate::rules::Side;
use crate::shape::bound;
use crate::shape::{Additional, Shape};
use prumo_spec::document::below;
use prumo_spec::mask::safe_name;
use prumo_spec::percent_decoded;

impl ObservedContract<'_> {
    pub(crate) fn request(
        &mut self,
        matched: &Matched<'_>,
        promised: &contract::Operation,
        request: &Request<'_>,
        origin: &Origin<'_>,
    ) {
        let id = matched.operation;
        if matched.is_contradicted {
            self.strange_request(id, request, origin);
        }
        let query = query_of(request);
        for (index, (pointer, parameter)) in promised.parameters.iter().enumerate() {
            let Some(texts) = texts(pointer, parameter, matched, request, &query) else {
                continue;
            };
            self.parameter(id, (index, pointer), parameter, &texts, origin);
        }
        for (name, _) in query.iter() {
            if !is_promised(promised, name) {
                let pointer = below("/query", &safe_name(name));
                let strange = &mut self.operation(id).observed.strange_parameters;
                strange.entry(pointer.clone()).or_default().see(origin.place(), &pointer);
                bound(strange);
            }
        }
        self.request_body(id, promised, request, origin);
    }

    fn strange_request(&mut self, id: usize, request: &Request<'_>, origin: &Origin<'_>) {
        let seen = self.routes.endpoint(&request.method, &request.path).name;
        let strange = &mut self.operation(id).observed.strange_requests;
        strange.entry(seen).or_default().see(origin.place(), "");
        bound(strange);
    }

    fn request_body(
        &mut self,
        id: usize,
        promised: &contract::Operation,
        request: &Request<'_>,
        origin: &Origin<'_>,
    ) {
        let content_type = request.headers.get("content-type");
        let none = Body::default();
        let body = promised.request.as_ref().unwrap_or(&none);
        let seen = self.operation(id).observed.request.get_or_insert_default();
        if promised.max_request_bytes.is_some_and(|most| n_bytes(request) > most) {
            seen.oversized.see(origin.place(), "");
        }
        match (&request.body, &request.form) {
            (Some(raw), _) => {
                seen.seen.see(origin.place(), "");
                let content_type = content_type.unwrap_or("application/json");
                let json = body.json_like(content_type);
                let Some(media) = self.request_media(id, body, content_type, json, origin) else {
                    return;
                };
                if self.takes_any_bytes(body, media, Some(content_type)) {
                    return;
                }
                self.read_request(id, media, raw.get(), None, origin);
            }
            (None, Some(parts)) if !parts.is_empty() => {
                seen.seen.see(origin.place(), "");
                let form = body.media_types().find(|media| is_form(media));
                let content_type = content_type.or(form).unwrap_or("multipart/form-data");
                let Some(media) = self.request_media(id, body, content_type, form, origin) else {
                    return;
                };
                let styles = body.media.get(media).map(|media| &media.styles);
                self.read_form(id, media, styles.unwrap_or(&BTreeMap::new()), parts, origin);
            }
            (None, None) if request.unreadable.is_some() || has_text(request) => {
                seen.seen.see(origin.place(), "");
                self.read_text(id, body, request, content_type, origin);
            }
            (None, _) if request.is_body_omitted => {
                if let (Some(content_type), Some(_)) = (content_type, &promised.request) {
                    self.request_media(id, body, content_type, None, origin);
                }
            }
            (None, form) => {
                // A missing body was not recorded, unless the recording says that there was one.
                let is_json = content_type.is_some_and(is_json) && body.media_types().any(is_json);
                if body.required && (form.is_some() || is_json) {
                    seen.missing.see(origin.place(), "");
                }
            }
        }
    }

    /// Returns the promised media type of a request body. An unexpected media type is recorded, and
    /// the body is then judged as `like`.
    fn request_media<'b>(
        &mut self,
        id: usize,
        promised: &'b Body,
        content_type: &str,
        like: Option<&'b str>,
        origin: &Origin<'_>,
    ) -> Option<&'b str> {
        if let Some(key) = promised.media_key(content_type) {
            return Some(key);
        }
        let name = strange(promised, content_type);
        let seen = self.operation(id).observed.request.get_or_insert_default();
        seen.strange_media.entry(name).or_default().see(origin.place(), "");
        bound(&mut seen.strange_media);
        like
    }

    /// Reads a body that is recorded as neither JSON nor a form.
    fn read_text(
        &mut self,
        id: usize,
        promised: &Body,
        request: &Request<'_>,
        content_type: Option<&str>,
        origin: &Origin<'_>,
    ) {
        let content_type =
            content_type.or_else(|| promised.media_types().next()).unwrap_or("text/plain");
        let Some(media) = self.request_media(id, promised, content_type, None, origin) else {
            return;
        };
        if self.takes_any_bytes(promised, media, Some(content_type)) {
            return;
        }
        let text = request.text.as_deref().unwrap_or_default();
        let items = self.items(promised, media, Some(content_type), &Came::Text(text));
        let is_plain = |looks_plain: bool| {
            !is_json(media) || self.is_plain(promised, media, Some(content_type), || looks_plain)
        };
        match (request.unreadable, text) {
            // Bytes that are no text may be a file, but never JSON.
            (Some(why), _) if why.is_no_text() && is_plain(true) => (),
            (Some(why), _) => self.unreadable_request(id, media, why, origin),
            (None, _) if items.is_some() => {
                let root = self.request_root(id, media);
                for item in items.into_iter().flatten() {
                    let node = root.map(|root| self.stream_item(root, &item));
                    self.read_at(node, (id, media), &item, None, origin);
                }
            }
            (None, text) if !is_plain(false) => self.read_request(id, media, text, None, origin),
            (None, text) => {
                let text = serde_json::Value::from(text).to_string();
                self.read_request(id, media, &text, None, origin);
            }
        }
    }

    fn request_root(&mut self, id: usize, media: &str) -> Option<NodeId> {
        let root = Root { operation: id, part: Part::Request, name: media };
        self.root(root, root)
    }

    /// Reads a body, or the JSON of a form with these files.
    fn read_request(
        &mut self,
        id: usize,
        media: &str,
        text: &str,
        files: Option<BTreeSet<String>>,
        origin: &Origin<'_>,
    ) {
        let node = self.request_root(id, media);
        self.read_at(node, (id, media), text, files, origin);
    }

    fn read_at(
        &mut self,
        node: Option<NodeId>,
        (id, media): (usize, &str),
        text: &str,
        files: Option<BTreeSet<String>>,
        origin: &Origin<'_>,
    ) {
        let Some(node) = node else {
            return;
        };
        let mut pass = self.pass(Side::Request);
        pass.files = files;
        let read = pass.judge(node, text);
        let failure = pass.failure;
        match read {
            Ok(()) => self.commit(origin),
            Err(error) => {
                let why = failure.unwrap_or_else(|| why_unreadable(text, &error));
                self.unreadable_request(id, media, why, origin);
            }
        }
    }

    fn unreadable_request(&mut self, id: usize, media: &str, why: Unreadable, origin: &Origin<'_>) {
        let seen = self.operation(id).observed.request.get_or_insert_default();
        let media = seen.media.entry(media.to_owned()).or_default();
        media.unreadable.entry(why).or_default().see(origin.place(), "");
    }

    fn read_form(
        &mut self,
        id: usize,
        media: &str,
        styles: &BTreeMap<String, Style>,
        parts: &[FormPart<'_>],
        origin: &Origin<'_>,
    ) {
        let Some(node) = self.request_root(id, media) else {
            return;
        };
        let pass = self.pass(Side::Request);
        let (json, files) = pass.form_json(node, styles, parts);
        self.read_request(id, media, &json, Some(files), origin);
    }
}

/// Query parameters in order, each with its values.
type Query<'a> = [(Cow<'a, str>, Vec<Cow<'a, str>>)];

/// Returns the recorded query, and the part of it that is in the path.
pub(crate) fn query_of<'r, 'a>(request: &'r Request<'a>) -> Cow<'r, Query<'a>> {
    let path = request.path.split('#').next().unwrap_or_default();
    let Some((_, text)) = path.split_once('?') else {
        return Cow::Borrowed(&request.query);
    };
    let mut query = request.query.clone();
    let mut positions: HashMap<String, usize> =
        query.iter().enumerate().map(|(index, (name, _))| (name.to_string(), index)).collect();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let [name, value] =
            [name, value].map(|text| percent_decoded(&text.replace('+', " ")).into_owned());
        match positions.get(&name).and_then(|index| query.get_mut(*index)) {
            Some((_, values)) => values.push(value.into()),
            None => {
                positions.insert(name.clone(), query.len());
                query.push((name.into(), vec![value.into()]));
            }
        }
    }
    Cow::Owned(query)
}

fn has_text(request: &Request<'_>) -> bool {
    request.text.as_deref().is_some_and(|text| !text.is_empty())
}

/// Returns the recorded size of a body in bytes.
fn n_bytes(request: &Request<'_>) -> u64 {
    let of_part = |part: &FormPart<'_>| match part {
        FormPart::Text { value, .. } => value.len() as u64,
        FormPart::File { bytes, .. } => bytes.unwrap_or_default(),
    };
    match (&request.body, &request.form) {
        (Some(raw), _) => raw.get().len() as u64,
        (None, Some(parts)) => parts.iter().map(of_part).fold(0, u64::saturating_add),
        (None, None) => request.text.as_ref().map_or(0, |text| text.len() as u64),
    }
}

/// Returns the texts of a parameter, with names for members of an object, or `None` if its place
/// was not recorded.
pub(crate) fn texts<'t>(
    pointer: &str,
    parameter: &Parameter,
    matched: &'t Matched<'_>,
    request: &'t Request<'_>,
    query: &'t Query<'_>,
) -> Option<Vec<Text<'t>>> {
    let name = parameter.name.as_str();
    if pointer.starts_with("/path/") {
        // If no path fits, the path parameters are unknown.
        let (_, value) = matched.path_values.iter().find(|(known, _)| **known == *name)?;
        return Some(vec![(None, value)]);
    }
    if pointer.starts_with("/header/") {
        if !request.headers.are_recorded() {
            return None;
        }
        return Some(request.headers.get(name).map(|text| (None, text)).into_iter().collect());
    }
    if pointer.starts_with("/cookie/") {
        let cookies = request.headers.get("cookie")?;
        let value = cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (None, value));
        return Some(value.into_iter().collect());
    }
    let members = &parameter.shape.fields;
    let mut texts = Vec::new();
    for (key, values) in query {
        let member = match parameter.style {
            Style::Exploded if members.contains_key(key.as_ref()) => Some(&**key),
            Style::Exploded => continue,
            _ if key == name => None,
            _ => match split_name(key) {
                (base, Some(member)) if base == name => Some(member),
                _ => continue,
            },
        };
        texts.extend(values.iter().map(|value| (member, &**value)));
    }
    Some(texts)
}

fn is_promised(promised: &contract::Operation, name: &str) -> bool {
    let is_known = |name: &str| {
        let mut parameters = promised.parameters.iter();
        parameters
            .any(|(pointer, parameter)| parameter.name == name && pointer.starts_with("/query/"))
    };
    is_known(name)
        || is_known(split_name(name).0)
        || promised.parameters.iter().any(|(pointer, parameter)| {
            let may_be_any = parameter.shape.additional == Additional::Entries
                || (parameter.shape.references.is_empty()
                    && parameter.shape.fields.is_empty()
                    && *parameter.shape != Shape::any());
            pointer.starts_with("/query/")
                && parameter.style == Style::Exploded
                && (may_be_any || parameter.shape.fields.contains_key(name))
        })
}
