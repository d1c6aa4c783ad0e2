//! Lists the places of an exchange whose words the format or the spec reserves.
//!
//! Such words are not personal, even if a person wrote the same word elsewhere.

use super::spec::Specs;
use prumo_spec::formats::Format;
use prumo_spec::mask::{safe_media, safe_method};

/// Tests whether the format or the spec defines a text.
type IsKnown = fn(&Specs, &str) -> bool;

/// The places, each with the test for its words.
pub(super) const WORDS: [(&[&str], IsKnown); 6] = [
    (&["at"], |_, text| Format::named("date-time").is_some_and(|format| format.fits_text(text))),
    (&["origin"], |_, text| ["live", "observed", "documented", "synthetic"].contains(&text)),
    (&["operation"], |spec, text| spec.has(text)),
    (&["request", "method"], |_, text| safe_method(&text.to_uppercase()) == text.to_uppercase()),
    (&["request", "headers", "content-type"], |_, text| is_media_type(text)),
    (&["response", "headers", "content-type"], |_, text| is_media_type(text)),
];

/// Returns whether the text is a media type without parameters other than the usual charset.
fn is_media_type(text: &str) -> bool {
    let (essence, parameter) = text.split_once(';').unwrap_or((text, "charset=utf-8"));
    safe_media(essence) == essence && parameter.trim().eq_ignore_ascii_case("charset=utf-8")
}
