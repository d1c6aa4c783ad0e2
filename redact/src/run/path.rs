//! Redacts the path of a request: along its template by marks, then by form.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use prumo_spec::openapi::ParameterPlace;

use super::super::Sensitive;
use super::super::json::Json;
use super::super::search::{Place, Search};
use super::super::spec::{Matched, Nodes};
use super::Run;

impl Run<'_> {
    /// Redacts the path, segment by segment along its template.
    pub(super) fn path(&mut self, request: &mut Json<'_>, matched: &Matched<'_>) {
        let Some(token) = request.get_mut("path").and_then(Json::text_mut) else {
            return;
        };
        let template = matched.template();
        let n_segments = token.text.split('/').count();
        // A server's base path may come before the template's.
        let n_before = n_segments.checked_sub(template.len());
        for (index, segment) in token.text.split('/').enumerate() {
            let part = n_before
                .and_then(|n_before| index.checked_sub(n_before))
                .and_then(|index| template.get(index));
            let parameter = part.and_then(|part| part.strip_prefix('{')?.strip_suffix('}'));
            let done = match part {
                // The segment is the spec's own word.
                Some(part) if part == segment => Some(segment.to_owned()),
                _ => self.segment(segment, parameter, matched),
            };
            let is_open = done.is_none();
            self.segments.push((done.unwrap_or_else(|| segment.to_owned()), is_open));
        }
        token.settle();
    }

    /// Returns the segment without a marked value, or `None` if it needs a search.
    fn segment(
        &mut self,
        segment: &str,
        parameter: Option<&str>,
        matched: &Matched<'_>,
    ) -> Option<String> {
        if segment.starts_with('{') || segment.is_empty() {
            return Some(segment.to_owned());
        }
        let plain = percent_decode_str(segment).decode_utf8().unwrap_or(Cow::Borrowed(segment));
        let Some(name) = parameter else {
            // The spec does not describe the segment, so one as long as a token counts as a token.
            return (matched.is_empty() && is_token(segment)).then(|| {
                self.secrets.add(segment);
                self.counts.count(Sensitive::Secret);
                self.faker.fake(&[Sensitive::Secret], segment)
            });
        };
        if matched.is_secret(ParameterPlace::Path, name) {
            self.secrets.add(segment);
            self.secrets.add(&plain);
            self.counts.count(Sensitive::Secret);
            return Some(format!("{{{name}}}"));
        }
        let nodes = matched.parameter(ParameterPlace::Path, name);
        let kinds = or_implied(nodes.marks(), &nodes, name);
        let kind = *kinds.first()?;
        let fake = self.faker.fake(&kinds, &plain);
        self.known.add(kind, &plain, &fake);
        self.counts.count(kind);
        Some(percent_encoded(&fake))
    }

    pub(super) fn path_searched(&mut self, exchange: &mut Json<'_>, search: &Search<'_>) {
        let path = exchange.get_mut("request").and_then(|request| request.get_mut("path"));
        let Some(token) = path.and_then(Json::text_mut) else {
            return;
        };
        let segments = std::mem::take(&mut self.segments).into_iter().map(|(segment, is_open)| {
            let found =
                is_open.then(|| search.text(&segment, Place::Id, &mut self.counts)).flatten();
            found.map_or(segment, |found| found.replace([' ', '/'], "%20"))
        });
        let path: Vec<String> = segments.collect();
        token.replace(path.join("/"));
    }
}

/// Returns the marks, or else the kinds that the format or the name implies.
fn or_implied(marks: Vec<Sensitive>, nodes: &Nodes<'_>, name: &str) -> Vec<Sensitive> {
    if marks.is_empty() { nodes.implied(name) } else { marks }
}

/// Returns whether a text is thirty-two or more hexadecimal digits, or a JWT.
fn is_token(text: &str) -> bool {
    let is_hexadecimal = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal || (text.starts_with("eyJ") && text.matches('.').count() == 2)
}

/// Encodes the characters that a path segment can't hold.
fn percent_encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@{}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}
