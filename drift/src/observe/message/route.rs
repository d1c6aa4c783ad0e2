//! Finds the operation that takes a request, by method and path.
//!
//! Literal segments win over templated ones, from the left; the path may start with the path of a
//! server. A placeholder (`{token}`) matches any segment. A slash at the end only decides between
//! two paths that differ by it. `HEAD` stands for the `GET` of its path, unless the spec has both.
//!
//! A request whose host was recorded belongs to the API only if the host is one of a server, or the
//! caller added it; without a known host, every host counts.
//!
//! A webhook has no path: a request that no path takes is a webhook if it carries the header of its
//! signature.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use prumo_spec::percent_decoded;

use crate::contract::{Contract, Webhook};
use crate::exchange::{Request, host_of_url, path_of_url};

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
        let ends_in_slash = ends_in_slash(path);
        let path = segments(bare_path(path));
        let Matched { operation, path_values, .. } =
            self.routes.by_path(method, &path, ends_in_slash)?;
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
    pub(crate) rank: Rank,
    /// The operation was named, but the recorded method or path belongs to another one.
    pub(crate) is_contradicted: bool,
}

/// How closely a request fits an operation; the greatest rank wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    is_named: bool,
    fits: bool,
    /// How literal each segment of the path is.
    literals: Arc<[u8]>,
    /// Both paths end in a slash, or neither does.
    is_slash_alike: bool,
    is_own_method: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Routes {
    /// Templates of the hosts that count; an empty list takes every host.
    hosts: Vec<Vec<Piece>>,
    stems: Vec<Vec<Vec<Piece>>>,
    /// The routes in the order of the contract's operations.
    routes: Vec<Route>,
}

#[derive(Clone, Debug)]
struct Route {
    operation: String,
    method: String,
    segments: Vec<Vec<Piece>>,
    ends_in_slash: bool,
    /// How literal each segment is.
    literals: Arc<[u8]>,
    webhook: Option<Webhook>,
}

/// A part of a segment or host: a text, or a name that stands for any text.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Literal(String),
    Name(Arc<str>),
}

impl Routes {
    pub(crate) fn new(contract: &Contract) -> Self {
        let stem = |stem: &String| raw_segments(stem).map(pieces).collect();
        let stems = contract.stems.iter().map(stem).chain([Vec::new()]).collect();
        let hosts = contract.hosts.iter().map(|host| pieces(host)).collect();
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
                    ends_in_slash: promised.path.ends_with('/'),
                    webhook: promised.webhook.as_deref().cloned(),
                }
            })
            .collect();
        Self { hosts, stems, routes }
    }

    /// Adds a host that counts: with a port only that one, without a port any.
    pub(crate) fn add_host(&mut self, host: &str) {
        let host = host_of_url(host).unwrap_or_else(|| host.to_ascii_lowercase());
        if !host.contains(':') {
            self.hosts.push(pieces(&format!("{host}:{{port}}")));
        }
        self.hosts.push(pieces(&host));
    }

    /// Returns whether a request went to a host that is not the API's, or to no host at all.
    pub(crate) fn is_foreign(&self, request: &Request<'_>) -> bool {
        let Some(host) = request.host.as_deref() else {
            return false;
        };
        let takes = |host: &str| self.hosts.iter().any(|template| fits_one(template, host));
        // A template may name the default port that a recording leaves out.
        let takes_with = |port: &&str| takes(&format!("{host}{port}"));
        let is_taken =
            self.hosts.is_empty() || takes(host) || [":443", ":80"].iter().any(takes_with);
        host.ends_with(':') || !is_taken
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
            let rank = Rank { is_named: true, fits, literals, ..Rank::default() };
            let is_elsewhere = !fits && !request.path.is_empty() && route.webhook.is_none();
            return Some(Matched {
                operation,
                path_values: matched.unwrap_or_default(),
                rank,
                is_contradicted: !is_method || is_elsewhere,
            });
        }
        let by_path = match self.is_foreign(request) {
            true => None,
            false => self.by_path(method, &path, ends_in_slash(&request.path)),
        };
        // The vendor sends a webhook to a host of the customer.
        by_path.or_else(|| self.webhook(request))
    }

    /// Returns the routes, each with the number of its operation.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Route)> {
        self.routes.iter().enumerate()
    }

    fn by_path<'r>(
        &self,
        method: &str,
        path: &[Cow<'r, str>],
        ends_in_slash: bool,
    ) -> Option<Matched<'r>> {
        let is_head = method.eq_ignore_ascii_case("HEAD");
        self.numbered()
            .filter(|(_, route)| route.webhook.is_none())
            .filter_map(|(operation, route)| {
                let is_own_method = route.method.eq_ignore_ascii_case(method);
                let stands_for_it = is_head && route.method == "GET";
                if !(is_own_method || stands_for_it) {
                    return None;
                }
                let path_values = self.matches(route, path)?;
                let rank = Rank {
                    is_named: false,
                    fits: true,
                    literals: route.literals.clone(),
                    is_slash_alike: route.ends_in_slash == ends_in_slash,
                    is_own_method,
                };
                Some(Matched { operation, path_values, rank, is_contradicted: false })
            })
            // The last of equally good ones, in the order of the contract.
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
        let (path_values, rank) = (Vec::new(), Rank::default());
        Some(Matched { operation, path_values, rank, is_contradicted: false })
    }

    fn matches<'r>(&self, route: &Route, path: &[Cow<'r, str>]) -> Option<PathValues<'r>> {
        self.stems.iter().find_map(|stem| {
            let (before, rest) = path.split_at_checked(stem.len())?;
            if rest.len() != route.segments.len() {
                return None;
            }
            if !stem.iter().zip(before).all(|(pieces, segment)| fits_one(pieces, segment)) {
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

    /// Returns the segments of every path, with and without the path of each server.
    pub(crate) fn whole_paths(&self) -> impl Iterator<Item = Vec<&[Piece]>> {
        self.stems.iter().flat_map(|stem| {
            let routes = self.routes.iter().filter(|route| route.webhook.is_none());
            routes.map(move |route| stem.iter().chain(&route.segments).map(Vec::as_slice).collect())
        })
    }

    /// Returns whether a path of the spec has this segment.
    pub(crate) fn has_literal(&self, segment: &str) -> bool {
        let pieces = self.stems.iter().flatten().flatten();
        pieces
            .chain(self.routes.iter().flat_map(|route| route.segments.iter().flatten()))
            .any(|piece| matches!(piece, Piece::Literal(text) if text == segment))
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

/// Returns whether a template takes a text.
pub(crate) fn fits_one(pieces: &[Piece], text: &str) -> bool {
    may_fit(pieces, text) && fit(pieces, Cow::Borrowed(text), &mut Vec::new()).is_some()
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
pub(crate) fn bare_path(path: &str) -> &str {
    path_of_url(path.split(['?', '#']).next().unwrap_or_default()).unwrap_or_default()
}

fn raw_segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn ends_in_slash(path: &str) -> bool {
    bare_path(path).ends_with('/')
}

pub(crate) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    raw_segments(path).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

/// Returns whether the text is `{name}`, the placeholder for a secret in a recording.
pub(crate) fn is_place_holder(text: &str) -> bool {
    text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).is_some_and(|name| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    })
}
