//! Turns the values that a caller gives to one operation into a request.
//!
//! The builder of an operation holds a [`Call`], and each of its setters passes one value on to it.
//! All other logic is here, shared by every operation of every client and driven by the table
//! [`Operation`], so that a builder compiles to a few lines.
//!
//! Invariants:
//!
//! * Parameters are sent in the order of their names, whatever the order in which they are set. If
//!   one is set twice, the last value counts.
//! * A value that does not convert or can't be encoded, or a parameter that is missing, is an error
//!   of `send`. The error names the operation, and nothing is sent.

mod ready;

pub use ready::Ready;

use std::fmt::{self, Display};

use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::body;
use crate::client_info::ClientInfo;
use crate::error::Error;
use crate::finite::{json_text, plain_text};
use crate::form::{FormBody, FormPayload, json, json_if_any};
use crate::inner::Inner;
use crate::job::{Job, Purpose, ReadMode};
use crate::query::{self, Pair};
use crate::start::start;
use crate::table::{Operation, Parameter, Place};

/// A call that is being set up.
#[derive(Clone)]
pub struct Call<'c> {
    inner: &'c Inner,
    /// The name of the client's method.
    name: &'static str,
    given: Vec<Given>,
    /// The first problem. It is kept until `send`, so that no setter fails.
    refused: Option<String>,
}

/// A parameter as it is sent. A list or an object in the query is any number of pairs.
#[derive(Clone)]
struct Given {
    place: Place,
    name: &'static str,
    /// Names and texts. Only the query uses the names.
    pairs: Vec<Pair>,
}

impl Given {
    fn is(&self, parameter: &Parameter) -> bool {
        (self.place, self.name) == (parameter.place, parameter.name)
    }
}

impl<'c> Call<'c> {
    /// Starts a call of the operation whose method on `client` is named `name`.
    pub fn new(client: &'c impl ClientInfo<Inner>, name: &'static str) -> Self {
        Self { inner: client.inner(), name, given: Vec::new(), refused: None }
    }

    /// Sets a query parameter. `None` means that the value did not convert.
    pub fn query<T: Serialize>(&mut self, name: &'static str, value: Option<T>) {
        let pairs = value.map(|value| query_pairs(&value, |text| query::pairs(name, text)));
        self.set(Place::Query, name, pairs);
    }

    /// Sets a query parameter whose list is sent as one text. `None` means that the value did not
    /// convert.
    pub fn joined<T: Serialize>(&mut self, name: &'static str, separator: char, value: Option<T>) {
        let joined = |text: &str| query::joined(name, text, separator);
        let pairs = value.map(|value| query_pairs(&value, joined));
        self.set(Place::Query, name, pairs);
    }

    /// Sets a path parameter. `None` means that the value did not convert.
    pub fn path<T: Display + Serialize>(&mut self, name: &'static str, value: Option<T>) {
        let pairs = value.map(|value| only_pair(&value));
        self.set(Place::Path, name, pairs);
    }

    /// Sets a header. `None` means that the value did not convert.
    pub fn header<T: Display + Serialize>(&mut self, name: &'static str, value: Option<T>) {
        let pairs = value.map(|value| only_pair(&value));
        self.set(Place::Header, name, pairs);
    }

    fn set(&mut self, place: Place, name: &'static str, pairs: Option<Result<Vec<Pair>, String>>) {
        match pairs {
            Some(Ok(pairs)) => {
                self.given.retain(|one| (one.place, one.name) != (place, name));
                self.given.push(Given { place, name, pairs });
            }
            Some(Err(why)) => self.refuse(format!("parameter `{name}` {why}")),
            None => self.refuse(format!("the value for `{name}` does not convert")),
        }
    }

    /// Returns the text of a parameter that is set to a single value.
    pub(crate) fn given(&self, parameter: &Parameter) -> Option<&str> {
        let mut given = self.given.iter().filter(|one| one.is(parameter));
        match given.next()?.pairs.as_slice() {
            [(_, text)] => Some(text),
            _ => None,
        }
    }

    /// Sets a parameter to a text that needs no conversion.
    pub(crate) fn give(&mut self, parameter: &Parameter, text: String) {
        self.set(parameter.place, parameter.name, Some(Ok(vec![(parameter.name.into(), text)])));
    }

    /// Returns the operation that is called.
    pub(crate) fn operation(&self) -> Result<&'static Operation, Error> {
        self.inner.operation(self.name)
    }

    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    /// Finishes the call without a body.
    #[must_use]
    pub fn ready(self) -> Ready<'c> {
        self.with(Ok(()), |request, ()| Ok((request, None)))
    }

    /// Finishes the call with a JSON body, or with the error of the body's builder.
    #[must_use]
    pub fn json<T: Serialize, B: TryInto<T>>(self, body: Result<B, String>) -> Ready<'c>
    where
        B::Error: Display,
    {
        self.with(whole::<T, B>(body), |request, body| Ok((json(request, &body)?, None)))
    }

    /// Finishes the call with a JSON body, which is left out if it is an empty object.
    #[must_use]
    pub fn json_if_any<T: Serialize, B: TryInto<T>>(self, body: Result<B, String>) -> Ready<'c>
    where
        B::Error: Display,
    {
        self.with(whole::<T, B>(body), |request, body| Ok((json_if_any(request, &body)?, None)))
    }

    /// Finishes the call with a form as its body, or with the error of the body's builder.
    #[must_use]
    pub fn form<T: FormBody, B: TryInto<T>>(self, body: Result<B, String>) -> Ready<'c>
    where
        B::Error: Display,
    {
        self.with(whole::<T, B>(body), |request, body| {
            let form = FormPayload::of(&body)?;
            Ok((form.announce(request), Some(form)))
        })
    }

    /// Finishes the call with a body that is sent unchanged.
    #[must_use]
    pub fn raw(self, content_type: &'static str, body: Result<reqwest::Body, String>) -> Ready<'c> {
        self.with(body, |request, body| {
            Ok((request.header(CONTENT_TYPE, content_type).body(body), None))
        })
    }

    fn with<T>(
        self,
        body: Result<T, String>,
        add: impl FnOnce(RequestBuilder, T) -> Result<(RequestBuilder, Option<FormPayload>), Error>,
    ) -> Ready<'c> {
        let Self { inner, name, .. } = self;
        let request = inner.operation(name).and_then(|operation| {
            // A caller learns at once of every value that is missing.
            let body = match (self.problem(operation), body) {
                (None, Ok(body)) => body,
                (Some(why), Ok(_)) | (None, Err(why)) => return Err(Error::invalid(why)),
                (Some(why), Err(other)) => return Err(Error::invalid(format!("{why}; {other}"))),
            };
            let (request, form) = add(self.request(operation)?, body)?;
            Ok(Job {
                operation,
                request: request.build()?,
                form,
                read_mode: ReadMode::Whole(None),
                purpose: Purpose::Call,
            })
        });
        let job = request.map_err(|error| error.in_operation(id_of(inner, name)));
        Ready { inner, name, job }
    }

    /// Returns the reason why the parameters make no request, if there is one.
    fn problem(&self, operation: &Operation) -> Option<String> {
        if let Some(why) = &self.refused {
            return Some(why.clone());
        }
        let is_given = |one: &Parameter| self.given.iter().any(|given| given.is(one));
        let required = operation.parameters.iter().filter(|one| one.required && !one.secret);
        let mut missing: Vec<String> =
            required.filter(|one| !is_given(one)).map(|one| format!("`{}`", one.name)).collect();
        missing.sort_unstable();
        let names = body::listed(&missing);
        match missing.len() {
            0 => None,
            1 => Some(format!("parameter {names} is missing")),
            _ => Some(format!("parameters {names} are missing")),
        }
    }

    /// Builds the request without its body and its credentials.
    fn request(mut self, operation: &Operation) -> Result<RequestBuilder, Error> {
        let of_caller = || operation.parameters.iter().filter(|parameter| !parameter.secret);
        self.given.retain(|given| of_caller().any(|parameter| given.is(parameter)));
        self.given.sort_by_key(|given| given.name);
        let mut pairs: Vec<&Pair> = Vec::new();
        let mut headers = HeaderMap::new();
        for Given { place, name, pairs: given } in &self.given {
            match (place, given.first()) {
                (Place::Query, _) => pairs.extend(given),
                (Place::Header, Some((_, text))) => {
                    headers.insert(
                        HeaderName::from_bytes(name.as_bytes())?,
                        HeaderValue::from_str(text)?,
                    );
                }
                _ => {}
            }
        }
        let text_of = |parameter: &Parameter| self.given(parameter);
        let request = start(self.inner, operation, text_of, &query::encoded(&pairs)?)?;
        if let Some(options) = self.inner.options() {
            options.lay_over(&mut headers)?;
        }
        // They replace the headers that are already there under the same names.
        Ok(request.headers(headers))
    }
}

/// Returns the pairs of a query parameter, or the reason why there are none, to follow its name.
fn query_pairs<T: Serialize>(
    value: &T,
    pairs: impl FnOnce(&str) -> Option<Vec<Pair>>,
) -> Result<Vec<Pair>, String> {
    pairs(&json_text(value)?).ok_or_else(|| "can't be written".to_owned())
}

/// Returns the text of a path parameter or a header as a pair without a name.
fn only_pair<T: Display + Serialize>(value: &T) -> Result<Vec<Pair>, String> {
    Ok(vec![("".into(), plain_text(value)?)])
}

/// Builds the body, or returns the error of its builder.
fn whole<T, B: TryInto<T>>(body: Result<B, String>) -> Result<T, String>
where
    B::Error: Display,
{
    body.and_then(|body| body.try_into().map_err(|error| error.to_string()))
}

/// Returns the operation's name in the spec.
fn id_of(inner: &Inner, name: &'static str) -> &'static str {
    inner.operation(name).map_or(name, |operation| operation.id)
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only the names: a value may be personal data or a secret.
        let given: Vec<&str> = self.given.iter().map(|one| one.name).collect();
        f.debug_struct("Call")
            .field("name", &self.name)
            .field("given", &given)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::ClientSetup;

    const VALUE: &[Parameter] = &[
        Parameter::new("p", Place::Path).required(),
        Parameter::new("q", Place::Query),
        Parameter::new("x-h", Place::Header),
    ];
    const OPERATIONS: &[Operation] =
        &[Operation::new("taxas", "taxas", "GET", "/taxas/{p}").parameters(VALUE)];

    #[test]
    fn a_number_that_is_not_finite_is_refused_in_every_place() {
        let client =
            ClientSetup::new(OPERATIONS, &[], None).base_url("http://a.example").build().unwrap();
        type Set = fn(&mut Call<'_>, f64);
        let rows: [(&str, Set); 7] = [
            ("`p` is not a finite number", |call, number| call.path("p", Some(number))),
            ("`x-h` is not a finite number", |call, number| call.header("x-h", Some(number))),
            ("`q` is not a finite number", |call, number| call.query("q", Some(number))),
            ("`q` is not a finite number", |call, number| call.query("q", Some(Some(number)))),
            ("`q` can't be written as JSON: the number at `/1` is not finite", |call, number| {
                call.query("q", Some([1.0, number]))
            }),
            ("`q` can't be written as JSON: the number at `/1` is not finite", |call, number| {
                call.joined("q", ',', Some([1.0, number]))
            }),
            ("`p` is not a finite number", |call, number| call.path("p", Some(number as f32))),
        ];
        for (expect, set) in rows {
            let asked = |number| {
                let mut call = Call::new(&client, "taxas");
                call.path("p", Some("a"));
                set(&mut call, number);
                call.ready().request().map(|_| ()).map_err(ToString::to_string)
            };
            for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let expect = format!("`taxas`: parameter {expect}");
                assert_eq!(asked(number), Err(expect), "{number}");
            }
            assert_eq!(asked(1.5), Ok(()), "{expect}");
        }
    }
}
