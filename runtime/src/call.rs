//! What a caller gives to one operation, to the request that is sent.
//!
//! The builder of an operation holds a [`Call`], and its setters say where a
//! value goes. All the rest is here, once for all operations of all clients,
//! driven by the table [`Operation`]: a builder is a few lines to compile.
//!
//! Invariants:
//!
//! * Parameters go out in the order of their names, whatever the order of setting;
//!   of one that is set twice the last value counts.
//! * A value that does not convert or can't be written, and a parameter that is
//!   missing, are errors of `send`, which names the operation; nothing is sent.

use std::fmt::{self, Display};

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client_info::ClientInfo;
use crate::envelope::decode_early;
use crate::error::Error;
use crate::form::{FormBody, FormPayload, json_if_any};
use crate::inner::Inner;
use crate::job::{Job, ReadMode};
use crate::pipeline::{self, Sent};
use crate::query::{self, Pair};
use crate::raw_response::ResponseContext;
use crate::response::{ResponseValue, Unread};
use crate::start::start;
use crate::table::{Operation, Parameter, Place};

/// A call that is being set up.
#[derive(Clone)]
pub struct Call<'c> {
    inner: &'c Inner,
    /// The name of the client's method.
    name: &'static str,
    given: Vec<Given>,
    /// The first thing that was wrong. Kept back, so that no setter fails.
    refused: Option<String>,
}

/// A parameter as it is sent; a list or an object in a query is several pairs, or none.
#[derive(Clone)]
struct Given {
    place: Place,
    name: &'static str,
    /// Name and text; a path segment or a header goes by the parameter's name alone.
    pairs: Vec<Pair>,
}

impl Given {
    fn is(&self, parameter: &Parameter) -> bool {
        (self.place, self.name) == (parameter.place, parameter.name)
    }
}

impl<'c> Call<'c> {
    /// Starts a call of the operation whose method of `client` is called `name`.
    pub fn new(client: &'c impl ClientInfo<Inner>, name: &'static str) -> Self {
        Self { inner: client.inner(), name, given: Vec::new(), refused: None }
    }

    /// Sets a parameter of the query; `None` if the value did not convert.
    pub fn query<T: Serialize>(&mut self, name: &'static str, value: Option<T>) {
        let text = value.map(|value| serde_json::to_string(&value).ok());
        let pairs = text.map(|text| query::pairs(name, &text?));
        self.set(Place::Query, name, pairs);
    }

    /// Sets a list in the query that is sent as one text; `None` if the value did not convert.
    pub fn joined<T: Serialize>(&mut self, name: &'static str, separator: char, value: Option<T>) {
        let text = value.map(|value| serde_json::to_string(&value).ok());
        let pairs = text.map(|text| query::joined(name, &text?, separator));
        self.set(Place::Query, name, pairs);
    }

    /// Sets a parameter of the path; `None` if the value did not convert.
    pub fn path<T: Display>(&mut self, name: &'static str, value: Option<T>) {
        let pairs = value.map(|value| Some(vec![("".into(), value.to_string())]));
        self.set(Place::Path, name, pairs);
    }

    /// Sets a header; `None` if the value did not convert.
    pub fn header<T: Display>(&mut self, name: &'static str, value: Option<T>) {
        let pairs = value.map(|value| Some(vec![("".into(), value.to_string())]));
        self.set(Place::Header, name, pairs);
    }

    #[expect(clippy::option_option, reason = "a value may not convert, and may be one that can't be written")]
    fn set(&mut self, place: Place, name: &'static str, pairs: Option<Option<Vec<Pair>>>) {
        match pairs {
            Some(Some(pairs)) => {
                self.given.retain(|one| (one.place, one.name) != (place, name));
                self.given.push(Given { place, name, pairs });
            }
            Some(None) => self.refuse(format!("parameter `{name}` can't be written")),
            None => self.refuse(format!("the value for `{name}` does not convert")),
        }
    }

    /// The text of a parameter, as far as it was set to a single value.
    pub(crate) fn given(&self, parameter: &Parameter) -> Option<&str> {
        let mut given = self.given.iter().filter(|one| one.is(parameter));
        match given.next()?.pairs.as_slice() {
            [(_, text)] => Some(text),
            _ => None,
        }
    }

    /// Sets a parameter to a text that needs no converting.
    pub(crate) fn give(&mut self, parameter: &Parameter, text: String) {
        self.set(parameter.place, parameter.name, Some(Some(vec![(parameter.name.into(), text)])));
    }

    /// What is called.
    pub(crate) fn operation(&self) -> Result<&'static Operation, Error> {
        self.inner.operation(self.name)
    }

    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    /// The call, without a body.
    #[must_use]
    pub fn ready(self) -> Ready<'c> {
        self.with(|request| Ok((request, None)))
    }

    /// The call with a JSON body, or with what is wrong with the body.
    #[must_use]
    pub fn json<T: Serialize, B: TryInto<T>>(self, body: Result<B, String>) -> Ready<'c>
    where
        B::Error: Display,
    {
        self.with(|request| Ok((request.json(&whole::<T, B>(body)?), None)))
    }

    /// The call with a JSON body, unless it is an empty object.
    #[must_use]
    pub fn json_if_any<T: Serialize, B: TryInto<T>>(self, body: Result<B, String>) -> Ready<'c>
    where
        B::Error: Display,
    {
        self.with(|request| Ok((json_if_any(request, &whole::<T, B>(body)?)?, None)))
    }

    /// The call with a form for its body, or with what is wrong with the body.
    #[must_use]
    pub fn form<T: FormBody, B: TryInto<T>>(self, body: Result<B, String>) -> Ready<'c>
    where
        B::Error: Display,
    {
        self.with(|request| {
            let form = FormPayload::of(&whole::<T, B>(body)?)?;
            Ok((form.announce(request), Some(form)))
        })
    }

    /// The call with a body that is sent as it is.
    #[must_use]
    pub fn raw(self, content_type: &'static str, body: Result<reqwest::Body, String>) -> Ready<'c> {
        let body = body.map_err(Error::invalid);
        self.with(|request| Ok((request.header(CONTENT_TYPE, content_type).body(body?), None)))
    }

    fn with(
        self,
        add: impl FnOnce(RequestBuilder) -> Result<(RequestBuilder, Option<FormPayload>), Error>,
    ) -> Ready<'c> {
        let Self { inner, name, .. } = self;
        let request = inner.operation(name).and_then(|operation| {
            let (request, form) = add(self.request(operation)?)?;
            Ok(Job {
                operation,
                request: request.build()?,
                form,
                read_mode: ReadMode::Whole(None),
                is_login: false,
            })
        });
        let job = request.map_err(|error| error.in_operation(id_of(inner, name)));
        Ready { inner, name, job }
    }

    /// The request, but for its body and its credentials.
    fn request(mut self, operation: &Operation) -> Result<RequestBuilder, Error> {
        if let Some(why) = self.refused.take() {
            return Err(Error::invalid(why));
        }
        let of_caller = || operation.parameters.iter().filter(|parameter| !parameter.secret);
        let is_missing = |one: &&Parameter| one.required && !self.given.iter().any(|given| given.is(one));
        if let Some(parameter) = of_caller().filter(is_missing).min_by_key(|parameter| parameter.name) {
            return Err(Error::invalid(format!("parameter `{}` is missing", parameter.name)));
        }
        self.given.retain(|given| of_caller().any(|parameter| given.is(parameter)));
        self.given.sort_by_key(|given| given.name);
        let mut pairs: Vec<&Pair> = Vec::new();
        let mut headers = HeaderMap::new();
        for Given { place, name, pairs: given } in &self.given {
            match (place, given.first()) {
                (Place::Query, _) => pairs.extend(given),
                (Place::Header, Some((_, text))) => {
                    headers.insert(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(text)?);
                }
                _ => {}
            }
        }
        let text_of = |parameter: &Parameter| self.given(parameter);
        let request = start(self.inner, operation, text_of, &query::encoded(&pairs)?)?;
        if let Some(options) = self.inner.options() {
            options.lay_over(&mut headers)?;
        }
        // They take the place of what is there under the same name.
        Ok(request.headers(headers))
    }
}

/// The body that a builder makes, or why it makes none.
fn whole<T, B: TryInto<T>>(body: Result<B, String>) -> Result<T, Error>
where
    B::Error: Display,
{
    let made = body.and_then(|body| body.try_into().map_err(|error| error.to_string()));
    made.map_err(Error::invalid)
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names alone: a value may be a person's, or a secret.
        let given: Vec<&str> = self.given.iter().map(|one| one.name).collect();
        f.debug_struct("Call").field("name", &self.name).field("given", &given).finish_non_exhaustive()
    }
}

/// The spec's name of an operation.
fn id_of(inner: &Inner, name: &'static str) -> &'static str {
    inner.operation(name).map_or(name, |operation| operation.id)
}

/// A call that can be sent, or the reason why not.
pub struct Ready<'c> {
    inner: &'c Inner,
    name: &'static str,
    job: Result<Job, Error>,
}

impl Ready<'_> {
    /// Says another media type of the body than the one that comes with it.
    #[must_use]
    pub fn content_type(mut self, content_type: &'static str) -> Self {
        if let Ok(job) = &mut self.job {
            job.request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        self
    }

    /// The request as it was set up, with marks in the place of path secrets and without any
    /// credential. The body of a form is not in it: each attempt makes its own.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn request(&self) -> Result<&Request, &Error> {
        self.job.as_ref().map(|job| &job.request)
    }

    /// Sends, and reads JSON.
    ///
    /// # Errors
    ///
    /// All that a call of an operation can fail with.
    pub async fn read<T: DeserializeOwned + Send + 'static>(self) -> Result<ResponseValue<T>, Error> {
        let mut job = self.job?;
        job.read_mode = ReadMode::Whole(Some(decode_early::<T>));
        ResponseValue::from_sent(pipeline::send(self.inner, job).await?).await
    }

    /// Sends, and reads the answer to its end without decoding it.
    pub(crate) async fn opened(self) -> Result<(ResponseContext, Bytes), Error> {
        let Sent { response, ending } = pipeline::send(self.inner, self.job?).await?;
        ending.end(response.open().await.map(|(context, bytes, _)| (context, bytes)))
    }

    /// Sends, and hands the answer on as it is: a download, or nothing.
    ///
    /// # Errors
    ///
    /// All that a call of an operation can fail with.
    pub async fn unread<T>(self) -> Result<ResponseValue<T>, Error>
    where
        ResponseValue<T>: Unread,
    {
        let mut job = self.job?;
        job.read_mode = ReadMode::Streamed;
        job.request.headers_mut().remove(ACCEPT);
        let Sent { response, ending } = pipeline::send(self.inner, job).await?;
        ending.end(Ok(ResponseValue::unread(response)))
    }
}

impl fmt::Debug for Ready<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("name", &self.name).finish_non_exhaustive()
    }
}
