#![doc = include_str!("../README.md")]
//!
//! # Dates have no zone
//!
//! The wire gives no zone with `16/11/2018 10:58:21` and its like, so
//! [`BrDate`], [`BrDateShort`], [`BrDateTime`], [`BrDateTimeMinutes`],
//! [`IsoDate`], [`PhpDateTime`], [`SqlDateTime`], [`SqlDateTimeMinutes`],
//! [`SqlTime`] and [`SqlTimeMinutes`] hold none, and never guess one. The value is the **local
//! time of the vendor's account**: what a clock on the wall shows where the
//! account's time zone is set. Whoever knows the offset adds it:
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
//! By name it is `opened.civil().in_tz("America/Sao_Paulo")`, in a program
//! that depends on jiff with its zone database. [`IsoDateTime`],
//! [`OffsetDateTime`], [`OffsetDateTimeFilter`] and [`SqlDateTimeOffset`] have
//! an offset of their own, and with it an instant; [`EpochMillis`] is one.
//!
//! # Rooms
//!
//! | module | turns |
//! |---|---|
//! | `setup` | what a caller sets into the parts of a client |
//! | `call`, `undocumented`, `start` | what is given to an operation into a request without credentials |
//! | `pipeline` | such a request into an answer: turn, credentials, attempts, pauses |
//! | `limiter`, `retry` | a vendor's limit, or a failure, into when the next request goes out |
//! | `credentials`, `auth`, `login`, `inner` | an operation's security into what its request carries |
//! | `reply`, `envelope`, `decode` | an answer into a typed value or an [`Error`] |
//! | `trace`, `observer` | what happens in a call into spans, events and calls of an [`Observer`] |
//! | `transport` | time limits and bodies into the machine's HTTP client, or a browser's |
//! | `clock` | the machine's time, or a test's, into waiting |
//! | `paging` | a list in pages into a stream of them, or of their items |
//! | `record` | the members of a JSON object into the fields of a type, and back |
//! | `body` | what a builder was given into a request body |
//! | `emitted` | a line of a generated client into its code |
//! | `form`, `file_part` | a form body into `multipart/form-data` or urlencoded bytes |
//! | `scalars` | the wire's dates and numbers into types and back |
//! | `webhook` | what a vendor posts into a proof that it is the vendor's, and then into a typed value |
//! | `tls` | certificates of private authorities into what a connection trusts |
//! | `blocking` | a call into its answer, without an async runtime |
//! | `empty_or` | an object that may be `[]` into a value or none |
//!
//! Nothing here knows a vendor. What one vendor does otherwise is written in
//! its spec and arrives as a row of a table.

mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
#[doc(hidden)]
pub mod body;
#[doc(hidden)]
pub mod call;
mod client_info;
mod clock;
mod credentials;
mod decode;
pub mod dispatch;
mod emitted;
mod empty_or;
mod encode;
mod envelope;
mod error;
mod file_part;
mod form;
mod inner;
mod limiter;
mod login;
mod observer;
mod options;
mod paging;
mod pipeline;
mod protocol;
mod query;
#[doc(hidden)]
pub mod record;
mod reply;
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
mod trace;
mod transport;
mod undocumented;
#[cfg(feature = "webhooks")]
pub mod webhook;

pub use client_info::ClientInfo;
pub use clock::{Boxed, Clock, SystemClock};
pub use credentials::{CredentialError, Credentials, EnvCredentials, PasswordGrant};
pub use dispatch::Dispatched;
pub use empty_or::EmptyOr;
pub use encode::encode_path;
pub use error::{Error, PartSize};
pub use file_part::{FilePart, Progress};
pub use form::{Form, FormBody, FormKind};
pub use inner::Inner;
pub use observer::{Answer, Attempt, CallEnd, Observer};
pub use options::CallOptions;
pub use paging::{Cursor, CursorError, ItemError, Items, Page, Pages};
pub use reply::Reply;
pub use response::ResponseValue;
#[doc(hidden)]
pub use response::Unread;
pub use retry::RetryPolicy;
pub use scalars::{
    BoolAsInt, BrDate, BrDateShort, BrDateTime, BrDateTimeMinutes, DecimalString, EpochMillis, IntOrString,
    IsoDate, IsoDateTime, NumberOrString, OffsetDateTime, OffsetDateTimeFilter, Password, PhpDateTime,
    ScalarError, SqlDateTime, SqlDateTimeMinutes, SqlDateTimeOffset, SqlTime, SqlTimeMinutes,
};
pub use secret::Secret;
pub use send_or_find::{SendOrFind, send_or_find};
pub use setup::{
    ClientParts, ClientSetup, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_ANSWER_BYTES, DEFAULT_STALL_TIMEOUT,
    DEFAULT_TIMEOUT, DEFAULT_TOTAL_TIMEOUT,
};
pub use stream::ByteStream;
pub use table::{
    BodyKind, Envelope, Login, Operation, PageBehind, PageSize, Paging, PagingEnd, PagingStyle, Parameter,
    Place, Placement, RateLimit, Scheme, Signature, TagValue, Webhook,
};

pub use undocumented::Undocumented;

/// Re-exported for the methods of date scalars.
pub use jiff;
