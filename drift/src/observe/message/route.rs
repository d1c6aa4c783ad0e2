//! Finds the operation that takes a request, by method and path.
//!
//! Literal segments win over templated ones, from the left; the path may start with the path of a
//! server. A placeholder (`{token}`) matches any segment.
//!
//! A webhook has no path: a request that no path takes is a webhook if it carries the header of its
//! signature.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use prumo_spec::percent_decoded;

use crate::contract::{Contract, Webhook};
use crate::exchange::{Request, path_of_url};
use prumo_spec::mask::{is_word, mask};

/// Values of the path parameters, decoded, by name.
type PathValues<'a> = Vec<(Arc<str>, Cow<'a, str>)>;

/// Finds the operation that takes a request, by method and path alone.
#[derive(Debug)]
pub struct Router {
    routes: Routes,
}

/// The operation that takes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The `operationId`.
    pub operation: String,
    /// Values of the path parameters, decoded, by name.
    pub path_values: Vec<(String, String)>,
}

impl Router {
    /// Prepares to look up the operations of `contract`.
    pub fn new(contract: &Contract) -> Self {
        Self { routes: Routes::new(contract) }
    }

    /// Returns the operation that takes a request with this method and path (without a query), or
    /// `None` if there is none. Webhooks have no path, so they are never found.
    pub fn find(&self, method: &str, path: &str) -> Option<Taken> {
        let path = segments(bare_path(path));
        let Matched { operation, path_values, .. } = self.routes.by_path(method, &path)?;
        let operation = self.routes.routes.get(operation)?.operation.clone();
        let owned =
            |(name, value): (Arc<str>, Cow<'_, str>)| (name.to_string(), value.into_owned());
        Some(Taken { operation, path_values: path_values.into_iter().map(owned).collect() })
    }
}

/// An operation, and how closely the request fits it.
#[derive(Debug)]
pub(crate) struct Matched<'a> {
    /// Its position in the contract.
    pub(crate) operation: usize,
    pub(crate) path_values: PathValues<'a>,
    /// Whether it was named, whether the path fits, and how literal each segment is.
    pub(crate) rank: (bool, bool, Arc<[u8]>),
    /// The operation was named, but the recorded method or path belongs to another one.
    pub(crate) is_contradicted: bool,
}

#[derive(Debug)]
pub(crate) struct Routes {
    stems: Vec<Vec<String>>,
    /// The routes in the order of the contract's operations.
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    operation: String,
    method: String,
    segments: Vec<Vec<Piece>>,
    /// How literal each segment is.
    literals: Arc<[u8]>,
    webhook: Option<Webhook>,
}

#[derive(Debug)]
enum Piece {
    Literal(String),
    Name(Arc<str>),
}

impl Routes {
    pub(crate) fn new(contract: &Contract) -> Self {
        let stem = |stem: &String| {
            raw_segments(stem).map(|segment| percent_decoded(segment).into_owned()).collect()
        };
        let stems = contract.stems.iter().map(stem).chain([Vec::new()]).collect();
        let routes = contract
            .operations
            .iter()
            .map(|(operation, promised)| {
                let segments: Vec<_> = raw_segments(&promised.path).map(pieces).collect();
                Route {
                    operation: operation.clone(),
                    method: promised.method.clone(),
                    literals: segments.iter().map(|pieces| literalness(pieces)).collect(),
                    segments,
                    webhook: promised.webhook.as_deref().cloned(),
                }
            })
            .collect();
        Self { stems, routes }
    }

    pub(crate) fn find<'r>(
        &self,
        named: Option<&str>,
        request: &'r Request<'_>,
    ) -> Option<Matched<'r>> {
        let path = segments(bare_path(&request.path));
        let method = request.method.as_ref();
        if let Some(name) = named {
            let (operation, route) = self.numbered().find(|(_, route)| route.operation == name)?;
            // The base URL of a client may be none of the spec's servers.
            let n_before = path.len().saturating_sub(route.segments.len());
            let matched = self
                .matches(route, &path)
                .or_else(|| self.matches(route, path.get(n_before..).unwrap_or_default()));
            let fits = matched.is_some();
            let is_method = method.is_empty()
                || method.eq_ignore_ascii_case(&route.method)
                || (method.eq_ignore_ascii_case("HEAD") && route.method == "GET");
            let literals = if fits { route.literals.clone() } else { Arc::default() };
            let is_elsewhere = !fits && !request.path.is_empty() && route.webhook.is_none();
            return Some(Matched {
                operation,
                path_values: matched.unwrap_or_default(),
                rank: (true, fits, literals),
                is_contradicted: !is_method || is_elsewhere,
            });
        }
        self.by_path(method, &path).or_else(|| self.webhook(request))
    }

    /// Returns the routes, each with the number of its operation.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Route)> {
        self.routes.iter().enumerate()
    }

    fn by_path<'r>(&self, method: &str, path: &[Cow<'r, str>]) -> Option<Matched<'r>> {
        self.numbered()
            .filter(|(_, route)| {
                route.webhook.is_none() && route.method.eq_ignore_ascii_case(method)
            })
            .filter_map(|(operation, route)| {
                let path_values = self.matches(route, path)?;
                let rank = (false, true, route.literals.clone());
                Some(Matched { operation, path_values, rank, is_contradicted: false })
            })
            .max_by(|a, b| a.rank.cmp(&b.rank))
    }

    /// Returns the webhook with the request's signature.
    fn webhook<'r>(&self, request: &Request<'_>) -> Option<Matched<'r>> {
        let is_signed = |(_, route): &(usize, &Route)| {
            let header = route.webhook.as_ref().and_then(|webhook| webhook.signature.as_deref());
            route.method.eq_ignore_ascii_case(&request.method)
                && header.is_some_and(|header| request.headers.get(header).is_some())
        };
        let (operation, _) = self.numbered().find(is_signed)?;
        let (path_values, rank) = (Vec::new(), (false, false, Arc::default()));
        Some(Matched { operation, path_values, rank, is_contradicted: false })
    }

    fn matches<'r>(&self, route: &Route, path: &[Cow<'r, str>]) -> Option<PathValues<'r>> {
        self.stems.iter().find_map(|stem| {
            let (before, rest) = path.split_at_checked(stem.len())?;
            if rest.len() != route.segments.len() || before != stem.as_slice() {
                return None;
            }
            // Nearly all operations of a large API fail at a literal, so nothing is allocated
            // before that.
            if !route.segments.iter().zip(rest).all(|(pieces, segment)| may_fit(pieces, segment)) {
                return None;
            }
            let mut values = Vec::new();
            route
                .segments
                .iter()
                .zip(rest)
                .try_for_each(|(pieces, segment)| fit(pieces, segment.clone(), &mut values))?;
            Some(values)
        })
    }

    /// Returns the literal segments of all paths, which may be printed.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &str> {
        let stems = self.stems.iter().flatten().map(String::as_str);
        let pieces = self.routes.iter().flat_map(|route| route.segments.iter().flatten());
        stems.chain(pieces.filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Name(_) => None,
        }))
    }
}

/// Ranks a segment: the more literal, the higher.
fn literalness(pieces: &[Piece]) -> u8 {
    match pieces {
        [Piece::Literal(_)] => 2,
        [Piece::Name(_)] => 0,
        _ => 1,
    }
}

/// Returns whether a segment can fit: a single literal must be equal, any other may.
fn may_fit(pieces: &[Piece], segment: &str) -> bool {
    match pieces {
        [Piece::Literal(text)] => text == segment,
        _ => true,
    }
}

/// Matches one segment; a name takes the text up to the next literal.
fn fit<'r>(pieces: &[Piece], segment: Cow<'r, str>, values: &mut PathValues<'r>) -> Option<()> {
    let mut start = 0;
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        let rest = segment.get(start..)?;
        match piece {
            Piece::Literal(text) => {
                start += rest.starts_with(text.as_str()).then_some(text.len())?
            }
            Piece::Name(name) => {
                let length = match pieces.peek() {
                    Some(Piece::Literal(text)) => rest.rfind(text.as_str())?,
                    _ => rest.len(),
                };
                let end = start + length;
                if length == 0 {
                    return None;
                }
                values.push((name.clone(), part(&segment, start..end)?));
                start = end;
            }
        }
    }
    (start == segment.len()).then_some(())
}

/// Returns a part of a text, borrowed if the text is.
fn part<'r>(text: &Cow<'r, str>, range: Range<usize>) -> Option<Cow<'r, str>> {
    match text {
        Cow::Borrowed(text) => text.get(range).map(Cow::Borrowed),
        Cow::Owned(text) => text.get(range).map(|part| Cow::Owned(part.to_owned())),
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Literal(percent_decoded(before).into_owned()));
        }
        pieces.push(Piece::Name(name.into()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(percent_decoded(rest).into_owned()));
    }
    pieces
}

/// Returns the path of a path or URL.
fn bare_path(path: &str) -> &str {
    path_of_url(path.split(['?', '#']).next().unwrap_or_default()).unwrap_or_default()
}

fn raw_segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn segments(path: &str) -> Vec<Cow<'_, str>> {
    raw_segments(path).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

/// Returns a path with only those segments unmasked that a spec names.
pub(crate) fn masked(path: &str, literals: &BTreeSet<&str>) -> String {
    let path = bare_path(path);
    let masked: Vec<String> = raw_segments(path)
        .map(|segment| {
            let is_known =
                literals.contains(segment) || (is_place_holder(segment) && is_mark(segment));
            if is_known { segment.to_owned() } else { mask(segment) }
        })
        .collect();
    format!("/{}", masked.join("/"))
}

/// Returns whether the name of a placeholder may be printed.
fn is_mark(segment: &str) -> bool {
    let name = segment.trim_matches(['{', '}']);
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && is_word(name)
}

/// Returns whether the text is `{name}`, the placeholder for a secret in a recording.
pub(crate) fn is_place_holder(text: &str) -> bool {
    text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).is_some_and(|name| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    })
}
