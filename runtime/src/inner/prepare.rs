//! Turns a prepared request into the one that is sent.
//!
//! A `Call` builds a request with placeholders for its credentials. [`Inner::prepare`] inserts the
//! credentials right before sending, and refuses what must not be sent: a path that was changed by
//! a value, a body over the limit, or a credential that does not fit into its place.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use percent_encoding::percent_decode_str;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use super::Inner;
use crate::auth::Carried;
use crate::encode::encode_path;
use crate::error::Error;
use crate::secret::Secret;
use crate::table::{Operation, Place, Placement};

impl Inner {
    /// Turns a request with placeholders into the one that is sent, and returns its secrets.
    pub(crate) async fn prepare(
        &self,
        operation: &Operation,
        request: &mut Request,
        carried: &[Carried],
    ) -> Result<Vec<Secret>, Error> {
        refuse_too_large(operation, request)?;
        // The path comes first: it is checked as generated code wrote it.
        let mut secrets = self.swap_segments(operation, request.url_mut()).await?;
        for one in carried {
            apply(one, request)?;
            secrets.push(one.secret.clone());
        }
        secrets.iter().for_each(|secret| self.learn(secret));
        Ok(secrets)
    }

    /// Compares the path with the template and inserts the secret segments, which are returned.
    ///
    /// Segments are identified by their position, so a caller's value can't pass for a placeholder,
    /// and a value that adds or removes segments is detected.
    async fn swap_segments(
        &self,
        operation: &Operation,
        url: &mut Url,
    ) -> Result<Vec<Secret>, Error> {
        let n_stem = self.state.base_url.path().trim_end_matches('/').matches('/').count();
        let template = operation.path.split('/').skip(1);
        let segments = url.path().split('/').skip(1);
        if segments.clone().count() != n_stem + template.clone().count() {
            return Err(other_path());
        }
        let (mut swapped, mut secrets) = (Vec::new(), Vec::new());
        for (idx, (wanted, segment)) in template.zip(segments.skip(n_stem)).enumerate() {
            match parameter_of(wanted) {
                Some(name) if is_secret(operation, name) => {
                    if !self.state.is_confidential {
                        return Err(unprotected(name));
                    }
                    let secret = self.auth().path_secret(name).await?;
                    swapped.push((n_stem + idx, encode_path(path_text(name, &secret)?)));
                    secrets.push(secret);
                }
                Some(_) if !segment.is_empty() => {}
                None if wanted.contains('{') || same(wanted, segment) => {}
                Some(_) | None => return Err(other_path()),
            }
        }
        if !swapped.is_empty() {
            let path = with_segments(url.path(), &swapped);
            url.set_path(&path);
        }
        Ok(secrets)
    }
}

/// Returns `path` with the segments at some positions replaced.
fn with_segments(path: &str, swapped: &[(usize, String)]) -> String {
    let mut out = String::with_capacity(
        path.len() + swapped.iter().map(|(_, text)| text.len()).sum::<usize>(),
    );
    for (idx, segment) in path.split('/').skip(1).enumerate() {
        let other = swapped.iter().find(|(place, _)| *place == idx);
        out.push('/');
        out.push_str(other.map_or(segment, |(_, text)| text));
    }
    out
}

fn apply(carried: &Carried, request: &mut Request) -> Result<(), Error> {
    let name = carried.scheme.name;
    let secret = carried.secret.expose();
    match carried.scheme.placement {
        // Already inserted into the path, by the parameter with the same name.
        Placement::PathSegment => Ok(()),
        Placement::Bearer => set_header(request, name, AUTHORIZATION, &format!("Bearer {secret}")),
        Placement::Basic => {
            let text = format!("Basic {}", BASE64_STANDARD.encode(plain_text(name, secret)?));
            set_header(request, name, AUTHORIZATION, &text)
        }
        Placement::Header(header) => match HeaderName::from_bytes(header.as_bytes()) {
            Ok(header) => set_header(request, name, header, secret),
            Err(_) => Err(Error::invalid(format!("scheme `{name}` has an invalid header name"))),
        },
        Placement::Query(parameter) => {
            request.url_mut().query_pairs_mut().append_pair(parameter, plain_text(name, secret)?);
            Ok(())
        }
        Placement::Cookie(cookie) => {
            let pair = format!("{cookie}={}", cookie_text(name, secret)?);
            // Several cookies are one header.
            let before = request.headers().get(COOKIE).and_then(|value| value.to_str().ok());
            let all = before.map(|before| format!("{before}; {pair}")).unwrap_or(pair);
            set_header(request, name, COOKIE, &all)
        }
    }
}

/// Validates a credential as a path segment.
pub(crate) fn path_text<'a>(name: &str, secret: &'a Secret) -> Result<&'a str, Error> {
    match secret.expose() {
        "" => Err(Error::invalid(format!("credential `{name}` is empty"))),
        "." | ".." => Err(Error::invalid(format!("credential `{name}` can't be a path segment"))),
        text => plain_text(name, text),
    }
}

/// Refuses a credential with a line break or another control character, which most likely comes
/// from the file that it was read from.
pub(crate) fn plain_text<'a>(name: &str, text: &'a str) -> Result<&'a str, Error> {
    if text.contains(char::is_control) {
        return Err(Error::invalid(format!(
            "credential `{name}` contains a line break or another control character"
        )));
    }
    Ok(text)
}

/// Refuses a credential that would end its cookie and begin another (RFC 6265).
pub(crate) fn cookie_text<'a>(name: &str, text: &'a str) -> Result<&'a str, Error> {
    let is_sign = |sign: char| sign.is_ascii_graphic() && !matches!(sign, '"' | ',' | ';' | '\\');
    if !text.chars().all(is_sign) {
        return Err(Error::invalid(format!(
            "credential `{name}` contains a character that is invalid in a cookie"
        )));
    }
    Ok(text)
}

fn other_path() -> Error {
    Error::invalid("the path does not match the client's table")
}

fn unprotected(name: &str) -> Error {
    Error::invalid(format!(
        "`{name}` is a secret in the path, which everyone on the way can read over plain `http`: \
         use `https`, or allow the host by its name with `.allow_plain_http(…)` on the client builder"
    ))
}

/// Returns `token` for `{token}`, and `None` for a constant or mixed segment.
fn parameter_of(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then_some(name)
}

fn is_secret(operation: &Operation, name: &str) -> bool {
    let parameters = operation.parameters.iter();
    let mut of_name = parameters.filter(|parameter| parameter.name == name);
    of_name.any(|parameter| parameter.secret && parameter.place == Place::Path)
}

fn same(wanted: &str, segment: &str) -> bool {
    percent_decode_str(wanted).eq(percent_decode_str(segment))
}

fn set_header(
    request: &mut Request,
    scheme: &str,
    name: HeaderName,
    text: &str,
) -> Result<(), Error> {
    let mut value = header_value(scheme, text)?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

/// Converts a credential into a header value. The error names the scheme, never the text.
pub(crate) fn header_value(scheme: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        Error::invalid(format!(
            "credential `{scheme}` contains a character that is invalid in a header"
        ))
    })
}

/// Checks the size of any body. A form is refused earlier, with the sizes of its parts.
fn refuse_too_large(operation: &Operation, request: &Request) -> Result<(), Error> {
    let Some(limit) = operation.max_request_bytes else {
        return Ok(());
    };
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let held = request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.len() as u64);
    match held.or(announced) {
        Some(total) if total > limit => Err(Error::too_large(limit, total, Vec::new())),
        Some(_) | None => Ok(()),
    }
}
