#![doc = include_str!("../README.md")]
//!
//! # Dates have no zone
//!
//! The wire gives no zone with `16/11/2018 10:58:21` and the like, so [`BrDateTime`] and every
//! other type of a date or time without an offset hold none and never guess one. The value is the
//! **local time of the vendor's account**: the time on a clock on the wall in the account's time
//! zone. If you know the offset, add it:
//!
//! ```
//! use prumo_runtime::{BrDateTime, jiff};
//!
//! let opened: BrDateTime = "16/11/2018 10:58:21".parse()?;
//! let instant = jiff::tz::offset(-3).to_timestamp(opened.civil())?;
//! assert_eq!(instant.to_string(), "2018-11-16T13:58:21Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the name of the zone it is `opened.civil().in_tz("America/Sao_Paulo")`, in a program that
//! depends on jiff with its zone database. Types with an offset of their own, such as
//! [`IsoDateTime`] and [`OffsetDateTime`], are instants, as is [`EpochMillis`].
//!
//! # Rooms
//!
//! | module | does |
//! |---|---|
//! | `setup` | turns the settings of a client builder into the parts of a client |
//! | `call`, `undocumented`, `start` | turn the values for an operation into a request |
//! | `job` | holds a call before it is sent: its request, and how its response is read |
//! | `pipeline` | sends the request: credentials, turn, attempts, pauses |
//! | `limiter`, `retry` | decide when the next request is sent |
//! | `credentials`, `auth`, `login`, `inner` | turn an operation's security into credentials |
//! | `oauth`, `token` | obtain a token from an authorization server |
//! | `connector` | builds the HTTP clients |
//! | `raw_response`, `coding`, `envelope`, `decode` | turn a response into a typed value or an [`Error`] |
//! | `weight` | bounds the memory of the values that a response is decoded into |
//! | `trace`, `observer` | report the events of a call as spans and to each [`Observer`] |
//! | `proxy` | decides whether requests go by a proxy |
//! | `transport` | wraps the HTTP client, which is a different one in a browser |
//! | `clock` | provides the time, also in tests |
//! | `paging` | turns a paged list into a stream of its pages or items |
//! | `record` | maps the members of a JSON object to the fields of a type, and back |
//! | `union` | ranks the branches of a union by the members of a value |
//! | `body` | holds a request body while a builder fills it |
//! | `emitted` | holds the macros that a generated client is written in |
//! | `form`, `file_part` | turn a form into `multipart/form-data` or urlencoded bytes |
//! | `scalars` | converts the dates and numbers of the wire into types and back |
//! | `webhook` | verifies that a webhook's request comes from the vendor, and decodes it |
//! | `tls`, `pem` | add the certificates of private authorities, and the caller's own |
//! | `blocking` | runs calls without an async runtime |
//! | `empty_or` | reads an object that is sent as `[]` when there is none |
//!
//! This crate knows no vendor. The habits of a vendor are written in its spec and arrive as rows of
//! a table.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
#[doc(hidden)]
pub mod body;
#[doc(hidden)]
pub mod by_status;
#[doc(hidden)]
pub mod call;
mod client_info;
mod clock;
mod coding;
mod connector;
mod credentials;
mod decode;
pub mod dispatch;
mod emitted;
mod empty_or;
mod encode;
mod envelope;
mod error;
mod extra;
mod file_part;
mod finite;
mod form;
mod inner;
mod job;
mod limiter;
mod login;
mod oauth;
mod observer;
mod options;
mod paging;
#[cfg(all(
    any(feature = "oauth", feature = "native-tls", feature = "rustls"),
    not(target_arch = "wasm32")
))]
mod pem;
mod pipeline;
mod protocol;
mod proxy;
mod query;
mod raw_response;
#[doc(hidden)]
pub mod record;
mod response;
mod retry;
mod scalars;
mod scrub;
mod secret;
mod send_or_find;
mod setup;
mod start;
mod stream;
mod table;
#[cfg(not(target_arch = "wasm32"))]
mod tls;
mod token;
mod trace;
mod transport;
mod undocumented;
#[doc(hidden)]
pub mod union;
#[cfg(feature = "webhooks")]
pub mod webhook;
mod weight;

pub use client_info::ClientInfo;
pub use clock::{Boxed, Clock, SystemClock};
pub use credentials::{CredentialError, Credentials, EnvCredentials, PasswordGrant};
pub use dispatch::Dispatched;
pub use empty_or::EmptyOr;
pub use encode::encode_path;
pub use error::{Error, PartSize};
pub use extra::Extra;
pub use file_part::{FilePart, Progress};
pub use form::{Form, FormBody, FormKind};
pub use inner::Inner;
pub use oauth::{AssertionSigner, OAuthClient, RefreshTokens, UserGrant};
#[cfg(all(feature = "oauth", not(target_arch = "wasm32")))]
pub use oauth::{AuthorizationRequest, SigningKey};
pub use observer::{Answer, Attempt, CallEnd, Observer};
pub use options::CallOptions;
pub use paging::{Cursor, CursorError, ItemError, Items, Page, Pages};
#[doc(hidden)]
pub use raw_response::RawResponse;
pub use response::ResponseValue;
#[doc(hidden)]
pub use response::Unread;
pub use retry::RetryPolicy;
pub use rust_decimal::Decimal;
pub use scalars::*;
pub use secret::Secret;
pub use send_or_find::{SendOrFind, send_or_find};
pub use setup::{
    ClientParts, ClientSetup, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_ANSWER_BYTES,
    DEFAULT_STALL_TIMEOUT, DEFAULT_TIMEOUT, DEFAULT_TOTAL_TIMEOUT, ServerVariable,
};
pub use stream::ByteStream;
pub use table::{
    BodyKind, Envelope, EnvelopeMember, Flow, Login, OAuth, Operation, PageBehind, PageSize,
    Paging, PagingEnd, PagingStyle, Parameter, Place, Placement, RateLimit, Scheme, Signature,
    TagValue, Webhook,
};
pub use undocumented::Undocumented;

// Public functions name types of these crates: a caller needs no dependency on them.

/// Re-exported for its `Bytes`, the chunks of a [`ByteStream`].
pub use bytes;
/// Re-exported for its `Stream`, which [`Pages`], [`Items`] and [`ByteStream`] are.
pub use futures_core;
/// Re-exported for the civil times and instants of the date scalars.
pub use jiff;
/// Re-exported for its `StatusCode`, its `HeaderMap` and the client underneath.
pub use reqwest;
/// Re-exported for the traits that request bodies and decoded values implement.
pub use serde;
/// Re-exported for its `Value`.
pub use serde_json;

/// Re-exported for [`FilePart::from_reader`].
#[cfg(not(target_arch = "wasm32"))]
pub use tokio::io::AsyncRead;
