//! Chooses the promise by which a body is judged, by its media type.
//!
//! Invariants:
//!
//! * The closest promise applies: the media type with its parameters, then ranges.
//! * Under a range the body's own media type decides whether it is JSON, text or bytes.

use std::borrow::Cow;

use super::answer::{Came, is_markup};
use super::observed::ObservedContract;
use super::stream;
use crate::contract::{Body, Contract, Unreadable, is_json};
use crate::observe::{Origin, obeys};
use crate::shape::{Shape, bound};
use prumo_spec::formats::Format;
use prumo_spec::mask::{safe_media, safe_name};
use prumo_spec::{Kind, MediaType};

impl ObservedContract<'_> {
    /// Returns the promised media type by which the body is judged, if there is one.
    #[expect(clippy::too_many_arguments, reason = "one decision, all of its grounds")]
    pub(super) fn media<'b>(
        &mut self,
        id: usize,
        status: u16,
        promised: &'b Body,
        content_type: Option<&str>,
        came: &Came<'_>,
        is_bodiless: bool,
        origin: &Origin<'_>,
    ) -> Option<&'b str> {
        let json = promised.json_like(content_type.unwrap_or_default());
        let is_empty = match came {
            Came::Nothing => true,
            Came::Text(text) => text.is_empty(),
            Came::Json(_) | Came::Judged(..) | Came::Unreadable(_) | Came::Omitted => false,
        };
        if is_empty {
            // A response without a body was not recorded, unless the recording says that it had
            // one.
            let is_other = content_type.is_some_and(|came| !is_json(came));
            let json = json.filter(|json| {
                let is_free = is_other && json.ends_with("/*");
                !is_free && !self.takes_any_bytes(promised, json, content_type)
            });
            let says_so = matches!(came, Came::Text(_)) || content_type.is_some_and(is_json);
            let is_optional = json.is_some_and(|json| {
                // In a recording, `null` and no body are the same.
                let promise = promised.media.get(json);
                promise.is_some_and(|media| allows_null(self.contract, &media.shape))
            });
            if let (Some(json), true, false) = (json, says_so, is_bodiless || is_optional) {
                self.unreadable(id, status, json, Unreadable::Empty, origin);
            }
            return None;
        }
        let Some(content_type) = content_type else {
            return match came {
                Came::Json(_) if json.is_none() && !promised.media_types().any(is_json) => {
                    self.strange_media(id, status, "application/json", true, origin);
                    None
                }
                Came::Text(text) if promised.media.is_empty() => {
                    let kind = if is_markup(text) { "text/html" } else { "text/plain" };
                    self.strange_media(id, status, kind, came.is_json(), origin);
                    None
                }
                Came::Text(_) => promised.media_types().find(|media| !is_json(media)).or(json),
                Came::Omitted => None,
                Came::Json(_) | Came::Judged(..) | Came::Unreadable(_) | Came::Nothing => json,
            };
        };
        if let Some(key) = promised.media_key(content_type) {
            let is_text = matches!(came, Came::Text(_) | Came::Unreadable(_));
            let is_stream = || MediaType::new(content_type).stream().is_some();
            return (is_text || is_json(key) || is_stream()).then_some(key);
        }
        // JSON is judged even under a wrong media type.
        let judged = json.filter(|_| came.is_json());
        // The client reads other JSON like the promised one.
        let is_read = came.is_json() && (judged.is_some() || self.is_like_all(promised, came));
        self.strange_media(id, status, &strange(promised, content_type), is_read, origin);
        judged
    }

    /// Returns whether a body fits all promises of JSON.
    fn is_like_all(&self, promised: &Body, came: &Came<'_>) -> bool {
        let (Came::Json(text) | Came::Text(text)) = came else {
            return false;
        };
        let mut json = promised.media.iter().filter(|(key, _)| is_json(key));
        json.all(|(_, media)| obeys(self.contract, &media.shape, text))
    }

    fn strange_media(
        &mut self,
        id: usize,
        status: u16,
        media: &str,
        is_json: bool,
        origin: &Origin<'_>,
    ) {
        let seen = self.answered(id, status);
        let maps = [Some(&mut seen.strange_media), is_json.then_some(&mut seen.strange_json)];
        for map in maps.into_iter().flatten() {
            map.entry(media.to_owned()).or_default().see(origin.place(), "");
            bound(map);
        }
    }

    /// Returns whether a body under a range of media types is not JSON but a text, or bytes: by its
    /// own media type, if the promise allows text. Without a media type, `looks_plain` decides.
    pub(super) fn is_plain(
        &self,
        promised: &Body,
        range: &str,
        content_type: Option<&str>,
        looks_plain: impl Fn() -> bool,
    ) -> bool {
        let is_other = || content_type.map_or_else(&looks_plain, |came| !is_json(came));
        range.ends_with("/*") && self.allows_text(promised, range) && is_other()
    }

    fn allows_text(&self, promised: &Body, media: &str) -> bool {
        promised.media.get(media).is_some_and(|media| {
            let (shape, _) = self.contract.resolve(&media.shape);
            shape.allows(Kind::Text)
        })
    }

    /// Returns whether any bytes fit the promise: `format: binary`, or no schema for a body that is
    /// not JSON by its media type.
    pub(super) fn takes_any_bytes(
        &self,
        promised: &Body,
        media: &str,
        content_type: Option<&str>,
    ) -> bool {
        let Some(promise) = promised.media.get(media) else {
            return false;
        };
        let (shape, _) = self.contract.resolve(&promise.shape);
        let is_file =
            || shape.format.as_deref().and_then(Format::named).is_some_and(Format::is_file);
        let is_json = MediaType::new(content_type.unwrap_or(media)).may_be_json();
        is_file() || (!is_json && *shape == Shape::any())
    }

    /// Returns the items of a stream of JSON values, or `None` if the body is no stream, or is
    /// promised as one text.
    pub(super) fn items<'t>(
        &self,
        promised: &Body,
        media: &str,
        content_type: Option<&str>,
        came: &Came<'t>,
    ) -> Option<Vec<Cow<'t, str>>> {
        let stream = MediaType::new(content_type.unwrap_or(media)).stream()?;
        match *came {
            _ if self.allows_text(promised, media) => None,
            // A recorder may have read a stream of one item as JSON.
            Came::Json(text) => Some(vec![text.into()]),
            Came::Text(text) => Some(stream::items(stream, text)),
            Came::Judged(..) | Came::Nothing | Came::Omitted | Came::Unreadable(_) => None,
        }
    }
}

/// Returns a media type that is not promised as a report may print it: with the distinctions that
/// promises of its kind have.
pub(super) fn strange(promised: &Body, content_type: &str) -> String {
    let came = MediaType::new(content_type);
    let essence = came.essence();
    let is_distinctive = |(name, _): &(&str, &str)| {
        let alike =
            promised.media_types().map(MediaType::new).filter(|key| key.essence() == essence);
        alike.flat_map(MediaType::distinctions).any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let mut text = safe_media(&essence);
    for (name, value) in came.distinctions().filter(is_distinctive) {
        text += &format!("; {}={}", name.to_ascii_lowercase(), safe_name(value));
    }
    text
}

fn allows_null(contract: &Contract, shape: &Shape) -> bool {
    let (resolved, or_null) = contract.resolve(shape);
    or_null || resolved.kinds.contains_key(&Kind::Null)
}
