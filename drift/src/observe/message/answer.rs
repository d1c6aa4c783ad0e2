//! Turns the response of an exchange into facts: status, headers, media type, body.

use std::borrow::Cow;

use super::observed::{ObservedContract, Part, Root};
use super::route::Matched;
use crate::contract::{self, Body, Media, Unreadable, is_json};
use crate::exchange::{Exchange, Head};
use crate::observe::body::lexical::Refusal;
use crate::observe::counts::record::NodeId;
use crate::observe::{Origin, obeys};
use crate::rules::Side;
use prumo_spec::MediaType;
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
    pub(super) fn is_json(&self) -> bool {
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
        let content_type = exchange.response.headers.get("content-type");
        // Where no body is promised, `null` is as good as none.
        let came = match came {
            Came::Text("null") if body.media.is_empty() => Came::Nothing,
            came => came,
        };
        // A client that is promised JSON fails on a success without a body, whatever its status.
        let is_bodiless = exchange.request.method.eq_ignore_ascii_case("HEAD") || status == 304;
        let Some(media) = self.media(id, status, body, content_type, &came, is_bodiless, origin)
        else {
            return is_refusal;
        };
        let spot = Spot { promised, id, status, key, media };
        let Some((text, read)) = self.came(spot, body, content_type, came, origin) else {
            return is_refusal;
        };
        if read == BodyRead::Fits && promised.paging.is_some() {
            self.pages((id, status, media), promised, &text, (matched, &exchange.request), origin);
        }
        read == BodyRead::Refuses || is_refusal
    }

    /// Judges the body of a response, and returns its JSON, or `None` if there is none to judge.
    fn came<'t>(
        &mut self,
        spot: Spot<'_>,
        body: &Body,
        content_type: Option<&str>,
        came: Came<'t>,
        origin: &Origin<'_>,
    ) -> Option<(Cow<'t, str>, BodyRead)> {
        let Spot { id, status, media, .. } = spot;
        if self.takes_any_bytes(body, media, content_type) {
            return None;
        }
        if let Some(items) = self.items(body, media, content_type, &came) {
            let reads = items.iter().map(|item| self.item(spot, item, origin));
            let refuses = reads.fold(false, |refuses, read| refuses | (read == BodyRead::Refuses));
            let read = if refuses { BodyRead::Refuses } else { BodyRead::Drifts };
            return Some(("".into(), read));
        }
        let text: Cow<'_, str> = match came {
            Came::Json(text) => text.into(),
            Came::Judged(text, read) => return Some((text.into(), read)),
            Came::Text(text)
                if is_json(media)
                    && !self.is_plain(body, media, content_type, || !is_whole_json(text)) =>
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
                let is_plain = self.is_plain(body, media, content_type, || why.is_no_text());
                if (is_json(media) && !is_plain) || !why.is_no_text() {
                    self.unreadable(id, status, media, why, origin);
                }
                return None;
            }
            Came::Nothing | Came::Omitted => return None,
        };
        let read = self.body(spot, &text, origin);
        Some((text, read))
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

    pub(super) fn unreadable(
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
        let media = match exchange.response.headers.get("content-type") {
            Some(came) => answers
                .media_key(came)
                .filter(|media| is_json(media) && MediaType::new(came).stream().is_none())?,
            None => answers.json_like("")?,
        };
        if self.takes_any_bytes(answers, media, Some("application/json")) {
            return None;
        }
        // Creating the node would already count a response.
        let node =
            self.known_root(Root { operation: id, part: Part::Answered(status), name: media })?;
        let read =
            self.body_at(node, Spot { promised, id, status, key, media }, body, origin).ok()?;
        Some(Came::Judged(body, read))
    }

    /// Reads one body.
    fn body(&mut self, spot: Spot<'_>, text: &str, origin: &Origin<'_>) -> BodyRead {
        let node = self.answer_root(spot);
        node.map_or(BodyRead::Drifts, |node| self.told_of(node, spot, text, origin))
    }

    /// Reads one item of a stream.
    fn item(&mut self, spot: Spot<'_>, text: &str, origin: &Origin<'_>) -> BodyRead {
        let node = self.answer_root(spot).map(|node| self.stream_item(node, text));
        node.map_or(BodyRead::Drifts, |node| self.told_of(node, spot, text, origin))
    }

    fn answer_root(&mut self, spot: Spot<'_>) -> Option<NodeId> {
        let root = |part| Root { operation: spot.id, part, name: spot.media };
        self.root(root(Part::Answered(spot.status)), root(Part::Promised(spot.key)))
    }

    /// Records the facts of one body, or that it can't be read.
    fn told_of(
        &mut self,
        node: NodeId,
        spot: Spot<'_>,
        text: &str,
        origin: &Origin<'_>,
    ) -> BodyRead {
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
        let n_faults = pass.journal.score(Default::default()).n_faults;
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

pub(super) fn is_whole_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

pub(super) fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}
