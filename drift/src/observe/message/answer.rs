//! Turns the response of an exchange into facts: status, headers, media type, body.

use std::borrow::Cow;

use super::observed::{ObservedContract, Part, Root};
use super::route::Matched;
use crate::contract::{self, Body, Contract, Media, Unreadable, is_json};
use crate::exchange::{Exchange, Head};
use crate::observe::body::lexical::Refusal;
use crate::observe::counts::record::NodeId;
use crate::observe::{Origin, obeys};
use crate::rules::Side;
use crate::shape::Shape;
use crate::shape::bound;
use prumo_spec::Kind;
use prumo_spec::mask::safe_media;
use prumo_spec::openapi::Outcome;

/// The body of a response as recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Came<'a> {
    /// The recording has no body.
    Nothing,
    /// There was a body, or may have been one, which the recording does not have.
    Omitted,
    /// JSON, as the recording has it.
    Json(&'a str),
    /// JSON that is already judged, see [`ObservedContract::unread_body`].
    Judged(&'a str, BodyRead),
    /// A body that is not JSON, or is not treated as JSON.
    Text(&'a str),
    /// Bytes that no client can read.
    Unreadable(Unreadable),
}

/// The outcome of reading a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyRead {
    /// The envelope means that the vendor refused.
    Refuses,
    /// The body is as promised, apart from members that the spec does not mention.
    Fits,
    /// The body leaves the promise.
    Drifts,
}

/// The places of a body in the promise and in the observations.
#[derive(Clone, Copy)]
struct Spot<'a> {
    promised: &'a contract::Operation,
    id: usize,
    status: u16,
    /// The key of the promise for the status.
    key: &'a str,
    media: &'a str,
}

impl<'a> Came<'a> {
    pub(crate) fn of(exchange: &'a Exchange<'_>) -> Self {
        let response = &exchange.response;
        match (&response.body, response.text.as_deref(), response.unreadable) {
            (Some(raw), _, _) => Self::Json(raw.get()),
            (None, Some(text), _) => Self::Text(text),
            (None, None, Some(why)) => Self::Unreadable(why),
            (None, None, None) if response.is_body_omitted => Self::Omitted,
            (None, None, None) => Self::Nothing,
        }
    }

    /// Returns whether a client that ignores the media type reads JSON.
    fn is_json(&self) -> bool {
        match self {
            Self::Json(_) | Self::Judged(..) => true,
            Self::Text(text) => text.trim_start().starts_with(['{', '[']) && is_whole_json(text),
            Self::Nothing | Self::Omitted | Self::Unreadable(_) => false,
        }
    }
}

impl ObservedContract<'_> {
    /// Returns whether the vendor refused the request.
    pub(crate) fn answer(
        &mut self,
        matched: &Matched<'_>,
        promised: &contract::Operation,
        (exchange, came): (&Exchange<'_>, Came<'_>),
        origin: &Origin<'_>,
    ) -> bool {
        let id = matched.operation;
        let status = exchange.response.status;
        let is_refusal = Outcome::of_answer(None, status) == Outcome::Failure;
        let Some(key) = promised.response_key(status) else {
            let is_unread = (200..300).contains(&status) && self.is_unread(promised, exchange);
            let operation = &mut self.operation(id).observed;
            operation.strange_statuses.entry(status).or_default().see(origin.place(), "");
            if is_unread {
                operation.unread_statuses.entry(status).or_default().see(origin.place(), "");
            }
            return is_refusal;
        };
        let Some(body) = promised.responses.get(key) else {
            return is_refusal;
        };
        self.answered(id, status).seen.see(origin.place(), "");
        if !body.headers.is_empty() {
            self.headers(id, (status, key), &body.headers, &exchange.response.headers, origin);
        }
        let essence = exchange.response.headers.media_type();
        // A client that is promised JSON fails on a success without a body, whatever its status.
        let is_bodiless = exchange.request.method.eq_ignore_ascii_case("HEAD") || status == 304;
        let Some(media) =
            self.media(id, status, body, essence.as_deref(), &came, is_bodiless, origin)
        else {
            return is_refusal;
        };
        let text: Cow<'_, str> = match came {
            Came::Json(text) | Came::Judged(text, _) => text.into(),
            Came::Text(text)
                if is_json(media) && !self.is_plain(body, media, essence.as_deref(), text) =>
            {
                match text.strip_prefix('\u{feff}') {
                    // The client skips the mark, so the text after it counts.
                    Some(text) if is_whole_json(text) => {
                        self.unreadable(id, status, media, Unreadable::ByteOrderMark, origin);
                        text.into()
                    }
                    _ => text.into(),
                }
            }
            Came::Text(text) => serde_json::Value::from(text).to_string().into(),
            Came::Unreadable(why) => {
                // Bytes that are no text may be a picture, but never JSON.
                if is_json(media) || why == Unreadable::BadCoding {
                    self.unreadable(id, status, media, why, origin);
                }
                return is_refusal;
            }
            Came::Nothing | Came::Omitted => return is_refusal,
        };
        let read = match came {
            Came::Judged(_, read) => read,
            _ => self.body(Spot { promised, id, status, key, media }, &text, origin),
        };
        if read == BodyRead::Fits && promised.paging.is_some() {
            self.pages((id, status, media), promised, &text, (matched, &exchange.request), origin);
        }
        read == BodyRead::Refuses || is_refusal
    }

    /// Returns whether a body under a range of media types is a text and not JSON: by its own media
    /// type, if the promise allows text.
    fn is_plain(&self, promised: &Body, range: &str, essence: Option<&str>, text: &str) -> bool {
        let allows_text = promised.media.get(range).is_some_and(|media| {
            let (shape, _) = self.contract.resolve(&media.shape);
            shape.allows(Kind::Text)
        });
        let is_other = essence.map_or_else(|| !is_whole_json(text), |essence| !is_json(essence));
        range.ends_with("/*") && is_other && allows_text
    }

    /// Returns whether the client can't decode this response, given that it decodes every success
    /// like the promised one. A body that was not recorded counts as decodable.
    fn is_unread(&self, promised: &contract::Operation, exchange: &Exchange<'_>) -> bool {
        let Some(media) = promised_json(promised) else {
            return false;
        };
        match Came::of(exchange) {
            Came::Nothing | Came::Omitted => matches!(exchange.response.status, 204 | 205),
            Came::Json(text) | Came::Text(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                !obeys(self.contract, &media.shape, text)
            }
            Came::Judged(..) | Came::Unreadable(_) => true,
        }
    }

    pub(crate) fn answered(&mut self, id: usize, status: u16) -> &mut Body {
        self.operation(id).answers.entry(status).or_default()
    }

    pub(crate) fn answered_media(&mut self, id: usize, status: u16, media: &str) -> &mut Media {
        self.answered(id, status).media.entry(media.to_owned()).or_default()
    }

    /// Returns the promised media type by which the body is judged, if there is one.
    #[expect(clippy::too_many_arguments, reason = "one decision, all of its grounds")]
    fn media<'b>(
        &mut self,
        id: usize,
        status: u16,
        promised: &'b Body,
        essence: Option<&str>,
        came: &Came<'_>,
        is_bodiless: bool,
        origin: &Origin<'_>,
    ) -> Option<&'b str> {
        let json = promised.media_types().find(|media| is_json(media));
        let is_empty = match came {
            Came::Nothing => true,
            Came::Text(text) => text.is_empty(),
            Came::Json(_) | Came::Judged(..) | Came::Unreadable(_) | Came::Omitted => false,
        };
        if is_empty {
            // A response without a body was not recorded, unless the recording says that it had
            // one.
            let is_other = essence.is_some_and(|essence| !is_json(essence));
            let json = json.filter(|json| !(is_other && json.ends_with("/*")));
            let says_so = matches!(came, Came::Text(_)) || essence.is_some_and(is_json);
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
        let Some(essence) = essence else {
            return match came {
                Came::Json(_) if json.is_none() => {
                    self.strange_media(id, status, "application/json", came, origin);
                    None
                }
                Came::Text(text) if promised.media.is_empty() => {
                    let kind = if is_markup(text) { "text/html" } else { "text/plain" };
                    self.strange_media(id, status, kind, came, origin);
                    None
                }
                Came::Text(_) => promised.media_types().find(|media| !is_json(media)).or(json),
                Came::Omitted => None,
                Came::Json(_) | Came::Judged(..) | Came::Unreadable(_) | Came::Nothing => json,
            };
        };
        if let Some(key) = promised.media_key(essence) {
            let is_text = matches!(came, Came::Text(_) | Came::Unreadable(_));
            return (is_text || is_json(key)).then_some(key);
        }
        self.strange_media(id, status, essence, came, origin);
        // JSON is judged even under a wrong media type.
        json.filter(|_| came.is_json())
    }

    fn strange_media(
        &mut self,
        id: usize,
        status: u16,
        essence: &str,
        came: &Came<'_>,
        origin: &Origin<'_>,
    ) {
        let seen = self.answered(id, status);
        let maps =
            [Some(&mut seen.strange_media), came.is_json().then_some(&mut seen.strange_json)];
        for map in maps.into_iter().flatten() {
            map.entry(safe_media(essence)).or_default().see(origin.place(), "");
            bound(map);
        }
    }

    fn unreadable(
        &mut self,
        id: usize,
        status: u16,
        media: &str,
        why: Unreadable,
        origin: &Origin<'_>,
    ) {
        let unreadable = &mut self.answered_media(id, status, media).unreadable;
        unreadable.entry(why).or_default().see(origin.place(), "");
    }

    /// Judges a body that may be JSON. Returns `None` and records no fact if it is not, or if this
    /// takes more than the head of the exchange.
    pub(crate) fn unread_body<'h>(
        &mut self,
        matched: &Matched<'_>,
        Head { exchange, body }: &Head<'h>,
        origin: &Origin<'_>,
    ) -> Option<Came<'h>> {
        let id = matched.operation;
        let promised = Some(self.promised(id)).filter(|promised| promised.webhook.is_none())?;
        let status = exchange.response.status;
        let key = promised.response_key(status)?;
        // The same choice that `media` makes for JSON.
        let answers = promised.responses.get(key)?;
        let media = match exchange.response.headers.media_type() {
            Some(essence) => answers.media_key(&essence).filter(|media| is_json(media))?,
            None => answers.media_types().find(|media| is_json(media))?,
        };
        // Creating the node would already count a response.
        let node =
            self.known_root(Root { operation: id, part: Part::Answered(status), name: media })?;
        let read =
            self.body_at(node, Spot { promised, id, status, key, media }, body, origin).ok()?;
        Some(Came::Judged(body, read))
    }

    /// Reads one body.
    fn body(&mut self, spot: Spot<'_>, text: &str, origin: &Origin<'_>) -> BodyRead {
        let root = |part| Root { operation: spot.id, part, name: spot.media };
        let Some(node) =
            self.root(root(Part::Answered(spot.status)), root(Part::Promised(spot.key)))
        else {
            return BodyRead::Drifts;
        };
        self.body_at(node, spot, text, origin).unwrap_or_else(|(came_to, why)| {
            self.unreadable(spot.id, spot.status, spot.media, why, origin);
            came_to
        })
    }

    /// Records the facts of one body, or only the reason if it can't be read.
    fn body_at(
        &mut self,
        node: NodeId,
        Spot { promised, id, status, key, media }: Spot<'_>,
        text: &str,
        origin: &Origin<'_>,
    ) -> Result<BodyRead, (BodyRead, Unreadable)> {
        let envelope = promised.envelope.as_ref().map(|envelope| (envelope, status));
        let mut pass = self.pass(Side::Response).of_answer(envelope);
        let read = pass.judge(node, text);
        let (is_refusal, contradiction) = (pass.is_refusal, pass.contradiction.take());
        let failure = pass.failure;
        let (n_faults, _) = pass.journal.score(Default::default());
        let came_to = match is_refusal {
            true => BodyRead::Refuses,
            false if read.is_ok() && contradiction.is_none() && n_faults == 0 => BodyRead::Fits,
            false => BodyRead::Drifts,
        };
        if let Err(error) = read {
            return Err((came_to, failure.unwrap_or_else(|| why_unreadable(text, &error))));
        }
        self.commit(origin);
        if let Some((case, how, sample)) = contradiction {
            let media_promise = promised.responses.get(key).and_then(|body| body.media.get(media));
            let tag = media_promise.and_then(Media::tagged).and_then(|all| all.tag.as_deref());
            let pointer = prumo_spec::document::below("", tag.unwrap_or_default());
            let contradictions = &mut self.answered_media(id, status, media).contradictions;
            let entry = contradictions.entry((case, how)).or_default();
            entry.tally.see(origin.place(), &pointer);
            entry.add_sample(&sample, 1);
        }
        Ok(came_to)
    }
}

/// Returns the reason why a text is not the JSON that it should be.
pub(crate) fn why_unreadable(text: &str, error: &serde_json::Error) -> Unreadable {
    if text.starts_with('\u{feff}') {
        return Unreadable::ByteOrderMark;
    }
    if is_markup(text) {
        return Unreadable::Markup;
    }
    if error.is_eof() {
        return Unreadable::Truncated;
    }
    match Refusal::of(error) {
        Refusal::HalfSurrogate => Unreadable::BadEncoding,
        Refusal::TooDeep => Unreadable::TooDeep,
        Refusal::HugeNumber | Refusal::Other => Unreadable::NotJson,
    }
}

/// Returns the promised body of a success of this operation, if that is JSON.
fn promised_json(promised: &contract::Operation) -> Option<&Media> {
    let mut successes = promised.responses.iter().filter(|(status, _)| status.starts_with('2'));
    successes.find_map(|(_, body)| {
        body.media.iter().find(|(name, _)| is_json(name)).map(|(_, media)| media)
    })
}

fn is_whole_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn allows_null(contract: &Contract, shape: &Shape) -> bool {
    let (resolved, or_null) = contract.resolve(shape);
    or_null || resolved.kinds.contains_key(&Kind::Null)
}

fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}
