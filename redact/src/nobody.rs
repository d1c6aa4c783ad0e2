//! The places of an exchange that hold words of the format and the spec: no person's, though
//! somebody may have written the same word elsewhere.

use super::spec::Spec;
use prumo_spec::formats::Format;
use prumo_spec::mask::{safe_media, safe_method};

/// Whether a text is one that the format or the spec gives.
type IsKnown = fn(&Spec, &str) -> bool;

/// Where an exchange holds words that are no person's, if they are these.
pub(super) const WORDS: [(&str, IsKnown); 6] = [
    ("/at", |_, text| Format::named("date-time").is_some_and(|format| format.fits_text(text))),
    ("/origin", |_, text| ["live", "observed", "documented", "synthetic"].contains(&text)),
    ("/operation", |spec, text| spec.has(text)),
    ("/request/method", |_, text| safe_method(&text.to_uppercase()) == text.to_uppercase()),
    ("/request/headers/content-type", |_, text| is_media_type(text)),
    ("/response/headers/content-type", |_, text| is_media_type(text)),
];

/// A media type without parameters but the usual charset.
fn is_media_type(text: &str) -> bool {
    let (essence, parameter) = text.split_once(';').unwrap_or((text, "charset=utf-8"));
    safe_media(essence) == essence && parameter.trim().eq_ignore_ascii_case("charset=utf-8")
}
