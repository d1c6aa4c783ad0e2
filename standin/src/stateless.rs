//! Turns a request into an answer by a spec alone; no request affects the next one.
//!
//! Invariants:
//!
//! * A success fits the spec, and is the same for the same request and seed.
//! * A request that does not fit the spec is refused in a form that the spec promises, if there is
//!   one.

mod check;
mod credential;
mod denial;
pub(crate) mod examples;
mod loosen;
mod make;

use std::collections::BTreeMap;

use prumo_drift::contract::{Body as Promise, Operation};
use prumo_drift::{Document, SpecError};
use prumo_spec::{MediaType, Method, OpenApi};
use serde_json::{Value, json};

use crate::answer::{Answer, Body};
use crate::asked::Asked;
use crate::credentials::Credentials;
use crate::vendor::Prepared;
use loosen::Loosened;

pub(crate) use denial::Denial;
pub(crate) use make::Lists;

/// A spec, prepared for answers.
pub(crate) struct Stateless {
    pub(crate) prepared: Prepared,
    document: Document,
    /// The constructs of the document that are not served.
    pub(crate) taken_out: Vec<SpecError>,
}

impl Stateless {
    /// Reads a spec.
    ///
    /// # Errors
    ///
    /// The judge cannot use the spec, even without the schemas that it does not support.
    pub(crate) fn read(document: &Document) -> Result<Self, SpecError> {
        let Loosened { document, contract, taken_out } = loosen::loosened(document)?;
        Ok(Self { prepared: Prepared::of(&document, contract), document, taken_out })
    }

    fn api(&self) -> OpenApi<'_> {
        OpenApi::new(&self.document)
    }

    /// Returns the spec's file.
    pub(crate) fn name(&self) -> &str {
        self.document.file()
    }

    /// Returns the credentials for the operations, in lines for a person to read.
    pub(crate) fn opened_by(&self, credentials: &Credentials) -> Vec<String> {
        credential::opened_by(&self.prepared.contract, self.api(), credentials)
    }

    /// Answers a request to a known operation.
    ///
    /// * `kept`: bodies that were made before.
    ///
    /// # Errors
    ///
    /// The request lacks a credential, is too large, or does not fit the spec.
    pub(crate) fn answer(
        &self,
        asked: &Asked<'_>,
        credentials: &Credentials,
        lists: &Lists,
        kept: &mut BTreeMap<String, Value>,
    ) -> Result<Answer, Denial> {
        if let Some(lacking) = credential::lacking(self.api(), asked, credentials) {
            return Err(Denial::new(&[401, 403], lacking));
        }
        let limit = asked.operation.max_request_bytes;
        if limit.is_some_and(|limit| asked.body.len() as u64 > limit) {
            return Err(Denial::new(
                &[413, 400, 422],
                "the body is larger than the spec allows".to_owned(),
            ));
        }
        if let Some(misfit) = check::misfit(&self.prepared.contract, asked) {
            return Err(Denial::new(&[400, 422], misfit));
        }
        self.success(asked, lists, kept)
    }

    /// Refuses a request without an operation: another method of a known path, or an unknown path.
    pub(crate) fn unknown(&self, method: &str, path: &str) -> Answer {
        let takes = |other: &String| self.prepared.router.find(other, path).is_some();
        let others: Vec<String> = Method::ALL.map(Method::name).into_iter().filter(takes).collect();
        if others.is_empty() {
            return Answer::new(
                404,
                Body::json(json!({"message": "no operation of the spec has this path"})),
            );
        }
        let others = others.join(", ");
        let sentence = format!("this path takes {others}, not {}", method.to_uppercase());
        let headers = vec![("allow".to_owned(), others)];
        Answer { headers, ..Answer::new(405, Body::json(json!({"message": sentence}))) }
    }

    /// Refuses in a form that the spec promises, otherwise with a sentence in JSON.
    pub(crate) fn deny(&self, operation: Option<&Operation>, denial: &Denial) -> Answer {
        let promised =
            operation.and_then(|operation| denial.promised(&self.prepared.contract, operation));
        promised.unwrap_or_else(|| {
            let body = Body::json(json!({"message": denial.sentence}));
            Answer::new(denial.status(), body)
        })
    }

    fn success(
        &self,
        asked: &Asked<'_>,
        lists: &Lists,
        kept: &mut BTreeMap<String, Value>,
    ) -> Result<Answer, Denial> {
        let Some((status, key)) = success_of(asked.operation) else {
            return Ok(Answer::new(200, Body::Absent));
        };
        let Some(promise) = asked.operation.responses.get(key) else {
            return Ok(Answer::new(status, Body::Absent));
        };
        let (contract, api) = (&self.prepared.contract, self.api());
        let mut maker = make::Maker { contract, api, asked, lists, kept };
        let headers = maker.headers(promise);
        let body = match media_of(promise, asked.header("accept")) {
            Some(media_key) if !matches!(status, 204 | 205 | 304) => {
                maker.body(key, promise, media_key)
            }
            _ => Some(Body::Absent),
        };
        let body = body.ok_or_else(|| {
            Denial::new(
                &[501],
                format!("no value was found that fits the promise of `{}`", asked.id),
            )
        })?;
        Ok(Answer { status, headers, body })
    }
}

/// Returns the status of a success and the key of its promise; `None` if the operation promises
/// none.
fn success_of(operation: &Operation) -> Option<(u16, &str)> {
    let statuses = operation.responses.keys().map(String::as_str);
    let rank = |key: &str| match key.as_bytes() {
        [b'2', b'X', _] => 1,
        [b'2', ..] => 0,
        b"default" => 2,
        [b'3', ..] => 3,
        [b'1', ..] => 5,
        _ => 4,
    };
    let key = statuses.min_by_key(|key| (rank(key), *key))?;
    let status = match key {
        "default" => 200,
        // The range `4XX` begins with 400.
        key => key.replace("XX", "00").parse().unwrap_or(200),
    };
    Some((status, key))
}

/// Returns the media type of an answer: one that the client accepts, otherwise JSON, otherwise the
/// first.
fn media_of<'p>(promise: &'p Promise, accept: Option<&str>) -> Option<&'p str> {
    let mut accepted =
        accept.unwrap_or_default().split(',').map(|one| MediaType::new(one).essence());
    let accepted = accepted.find_map(|essence| promise.media.get_key_value(&*essence));
    let types = || promise.media.keys();
    let json = || types().find(|media_type| MediaType::new(media_type).is_json());
    accepted.map(|(key, _)| key).or_else(json).or_else(|| types().next()).map(String::as_str)
}
