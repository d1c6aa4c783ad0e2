//! A client's state, and a prepared request to the one that is sent.
//!
//! A `Call` makes a request with markers in the place of credentials.
//! [`Inner::prepare`] puts the credentials in, right before sending, and
//! refuses whatever must not be sent: a path that a value would change, a
//! body over the limit, a call whose credentials are not set.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{Request, Url};

use crate::encode::{base64, encode_path};
use crate::error::Error;
use crate::scrub::Scrubber;
use crate::secret::Secret;
use crate::table::{Operation, Place, Placement, Scheme};

/// The state of a generated client: tables, credentials, limits. Cheap to clone.
#[derive(Clone)]
pub struct Inner(Arc<State>);

struct State {
    operations: &'static [Operation],
    schemes: &'static [Scheme],
    credentials: BTreeMap<&'static str, Secret>,
    scrubber: Scrubber,
    /// Number of path segments of the base URL.
    n_stem_segments: usize,
    max_answer_bytes: u64,
}

impl Inner {
    pub(crate) fn new(
        operations: &'static [Operation],
        schemes: &'static [Scheme],
        credentials: BTreeMap<&'static str, Secret>,
        base_url: &Url,
        max_answer_bytes: u64,
    ) -> Self {
        let stem = base_url.path().trim_end_matches('/');
        Self(Arc::new(State {
            operations,
            schemes,
            scrubber: Scrubber::new(credentials.values()),
            credentials,
            n_stem_segments: stem.matches('/').count(),
            max_answer_bytes,
        }))
    }

    /// The operation that generated code calls by this method name.
    pub(crate) fn operation(&self, rust_name: &str) -> Result<&'static Operation, Error> {
        let found = self.0.operations.iter().find(|operation| operation.rust_name == rust_name);
        found.ok_or_else(|| Error::invalid(format!("the client's table has no operation `{rust_name}`")))
    }

    pub(crate) fn scrubber(&self) -> &Scrubber {
        &self.0.scrubber
    }

    pub(crate) fn max_answer_bytes(&self) -> u64 {
        self.0.max_answer_bytes
    }

    /// Turns a request with markers into the one that is sent.
    pub(crate) fn prepare(&self, operation: &Operation, request: &mut Request) -> Result<(), Error> {
        refuse_too_large(operation, request)?;
        // First the path: it is checked as generated code wrote it.
        self.swap_segments(operation, request.url_mut())?;
        for name in self.choose_schemes(operation)? {
            self.apply(name, request)?;
        }
        Ok(())
    }

    /// The first alternative whose credentials are all set.
    fn choose_schemes(&self, operation: &Operation) -> Result<&'static [&'static str], Error> {
        let alternatives = operation.security;
        let is_set = |names: &&[&str]| names.iter().all(|name| self.0.credentials.contains_key(name));
        match (alternatives.iter().copied().find(is_set), alternatives.first()) {
            (Some(names), _) => Ok(names),
            (None, None) => Ok(&[]),
            (None, Some(names)) => {
                let missing = names.iter().find(|name| !self.0.credentials.contains_key(*name));
                Err(missing_credential(missing.copied().unwrap_or_default()))
            }
        }
    }

    fn apply(&self, name: &'static str, request: &mut Request) -> Result<(), Error> {
        let scheme = self.0.schemes.iter().find(|scheme| scheme.name == name);
        let scheme =
            scheme.ok_or_else(|| Error::invalid(format!("the client's table has no scheme `{name}`")))?;
        let secret = self.secret(name)?.expose();
        match scheme.placement {
            // Swapped with the path, by the parameter of the same name.
            Placement::PathSegment => Ok(()),
            Placement::Bearer => set_header(request, name, AUTHORIZATION, &format!("Bearer {secret}")),
            Placement::Basic => {
                let text = format!("Basic {}", base64(secret.as_bytes()));
                set_header(request, name, AUTHORIZATION, &text)
            }
            Placement::Header(header) => match HeaderName::from_bytes(header.as_bytes()) {
                Ok(header) => set_header(request, name, header, secret),
                Err(_) => Err(Error::invalid(format!("scheme `{name}` has an impossible header"))),
            },
            Placement::Query(parameter) => {
                request.url_mut().query_pairs_mut().append_pair(parameter, secret);
                Ok(())
            }
        }
    }

    fn secret(&self, name: &str) -> Result<&Secret, Error> {
        self.0.credentials.get(name).ok_or_else(|| missing_credential(name))
    }

    /// Compares the path with the template and puts secret segments in.
    ///
    /// A segment is found by its place, so no value of a caller can pass for a
    /// marker, and a value that made segments appear or vanish is noticed.
    fn swap_segments(&self, operation: &Operation, url: &mut Url) -> Result<(), Error> {
        let template: Vec<&str> = operation.path.split('/').skip(1).collect();
        let mut segments: Vec<String> = url.path().split('/').skip(1).map(str::to_owned).collect();
        if segments.len() != self.0.n_stem_segments + template.len() {
            return Err(Error::invalid("a path parameter is `..` or `.`, which no path segment can hold"));
        }
        let mut swapped = false;
        for (wanted, segment) in template.iter().zip(segments.iter_mut().skip(self.0.n_stem_segments)) {
            match parameter_of(wanted) {
                Some(name) if is_secret(operation, name) => {
                    *segment = encode_path(self.secret(name)?.expose());
                    swapped = true;
                }
                Some(name) if segment.is_empty() => {
                    return Err(Error::invalid(format!(
                        "path parameter `{name}` is empty or `.`, which no path segment can hold"
                    )));
                }
                Some(_) => {}
                None if wanted.contains('{') || same(wanted, segment) => {}
                None => {
                    return Err(Error::invalid("the path is not the one of the client's table"));
                }
            }
        }
        if swapped {
            url.set_path(&format!("/{}", segments.join("/")));
        }
        Ok(())
    }
}

impl AsRef<Inner> for Inner {
    fn as_ref(&self) -> &Inner {
        self
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even the names of the credentials that are set.
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

fn missing_credential(name: &str) -> Error {
    Error::invalid(format!("no credential `{name}` is set: call `.{name}(…)` on the client builder"))
}

/// `token` for `{token}`; `None` for a constant or mixed segment.
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

fn set_header(request: &mut Request, scheme: &str, name: HeaderName, text: &str) -> Result<(), Error> {
    let mut value = header_value(scheme, text)?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

/// A credential as a header's value. The error names the scheme, never the text.
pub(crate) fn header_value(scheme: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        Error::invalid(format!("credential `{scheme}` holds a character that no header can carry"))
    })
}

/// For bodies of every kind; a form is refused earlier, with its parts.
fn refuse_too_large(operation: &Operation, request: &Request) -> Result<(), Error> {
    let Some(limit) = operation.max_request_bytes else {
        return Ok(());
    };
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let held = request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.len() as u64);
    match held.or(announced) {
        Some(total) if total > limit => Err(Error::too_large(limit, total, Vec::new())),
        Some(_) | None => Ok(()),
    }
}
