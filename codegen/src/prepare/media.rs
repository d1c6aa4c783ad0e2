//! Decides how a request body of a media type is sent: as one of the few kinds that progenitor
//! knows, with the document's media type in the header.
//!
//! Invariants:
//!
//! * A media type that can't be kept is a warning.

use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::Media;

/// The kinds of bodies that can be sent, best first.
const SENT: [&str; 5] = [
    "application/json",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
];

/// Names the bodies that can be sent, for a hint.
pub(super) const SENDABLE: &str =
    "JSON, multipart/form-data, x-www-form-urlencoded, text and bytes can be sent";

/// How a body is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// One of [`SENT`].
    pub(super) kind: &'static str,
    /// The document's media type, if it is another one.
    pub(super) content_type: Option<String>,
    /// Whether the document leaves the media type open.
    is_guess: bool,
}

/// Returns how a body of a media type is sent, or `None` if it can't be sent.
pub(super) fn sent_as(promised: &Media<'_>) -> Option<Sent> {
    let media = promised.media_type();
    let plain = media.essence();
    // JSON whose schema promises bytes is sent as it is given.
    let is_bytes = promised.is_binary() && media.may_be_json();
    if let Some(kind) = SENT.into_iter().find(|sent| *sent == plain && !is_bytes) {
        return Some(Sent { kind, content_type: None, is_guess: false });
    }
    let (family, subtype) = media.type_and_subtype()?;
    let kind = match family {
        // The types of its parts are unknown.
        family if family.eq_ignore_ascii_case("multipart") => return None,
        _ if is_bytes => SENT[4],
        _ if media.may_be_json() || subtype.eq_ignore_ascii_case("json") => SENT[0],
        _ if media.is_text() => SENT[3],
        _ => SENT[4],
    };
    let is_guess = media.is_range();
    let name = promised.name();
    let is_header = name.chars().all(|sign| sign.is_ascii_graphic() || sign == ' ');
    let content_type = (!is_guess && is_header).then(|| name.trim().to_owned());
    Some(Sent { kind, content_type, is_guess: is_guess || !is_header })
}

impl Sent {
    /// Ranks the kind; the best has the lowest rank.
    pub(super) fn rank(&self) -> (usize, bool) {
        let place = SENT.iter().position(|sent| *sent == self.kind).unwrap_or(SENT.len());
        (place, self.is_guess || self.content_type.is_some())
    }

    /// Warns of what the client does not keep.
    pub(super) fn tell(&self, promised: &Media<'_>, complaints: &mut Complaints<'_>) {
        let (media, at) = (promised.name(), promised.at());
        if self.is_guess {
            let message = format!("a request body of `{media}` is sent as `{}`", self.kind);
            complaints.warning(at, message, "name the media type that the server takes");
        }
        let is_text = matches!(self.kind, "text/plain" | "application/octet-stream");
        let is_typed = promised.schema().is_some_and(|schema| {
            schema.is_reference() || (schema.has_type() && schema.node().words("type") != "string")
        });
        if is_text && self.content_type.is_some() && is_typed {
            let message =
                format!("a request body of `{media}` has no type: the caller writes it out");
            complaints.warning(at, message, "");
        }
    }
}

#[cfg(test)]
mod tests {
    use prumo_spec::{Document, OpenApi};
    use serde_json::json;

    use super::*;

    fn sent(media: &str, format: &str) -> Option<Sent> {
        let schema = json!({"type": "string", "format": format});
        let body = json!({"content": {media: {"schema": schema}}});
        let document = json!({"paths": {"/a": {"put": {"requestBody": body}}}});
        let document = Document::parse("a.json", &document.to_string()).unwrap();
        let operation = OpenApi::new(&document).operations().next().unwrap();
        sent_as(&operation.request_body().unwrap().unwrap().content().unwrap().next().unwrap())
    }

    #[test]
    fn each_media_type_is_sent_by_its_own_name_or_as_a_guess() {
        let json = "application/json";
        let bytes = "application/octet-stream";
        let cases = [
            ("application/json; charset=utf-8", "", json, None, false),
            ("text/json", "", json, Some("text/json"), false),
            ("application/vnd.api+json", "", json, Some("application/vnd.api+json"), false),
            ("application/*+json", "", json, None, true),
            ("*/*", "", json, None, true),
            ("*/*", "binary", bytes, None, true),
            ("application/json", "binary", bytes, Some("application/json"), false),
            ("application/vnd.a+json", "binary", bytes, Some("application/vnd.a+json"), false),
            ("image/*", "binary", bytes, None, true),
            ("image/png", "binary", bytes, Some("image/png"), false),
            ("application/xml", "", bytes, Some("application/xml"), false),
            ("text/csv", "", "text/plain", Some("text/csv"), false),
            ("text/*", "", "text/plain", None, true),
        ];
        for (media, format, kind, content_type, is_guess) in cases {
            let expected = Sent { kind, content_type: content_type.map(str::to_owned), is_guess };
            assert_eq!(
                sent(media, format),
                Some(expected),
                "media type `{media}` of format `{format}`"
            );
        }
        for media in ["multipart/mixed", "json", ""] {
            assert_eq!(sent(media, ""), None, "media type `{media}`");
        }
    }
}
