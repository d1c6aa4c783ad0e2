//! Describes an API in the constant tables of a generated client.
//!
//! The generator writes one `Operation` per method. The tables drive the calls (credentials,
//! envelope, size limit), the tests and the tools, so each of these facts is written once.
//!
//! Rows are written with the constant functions in `rows`, which name only the columns that a row
//! has, so that a new column breaks no table.

mod rows;

pub use crate::envelope::{Envelope, EnvelopeMember, TagValue};

/// One operation of an API, as promised by its spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The spec's `operationId`, in the vendor's own words.
    pub id: &'static str,
    /// Name of the client's method, which also identifies the operation in its builder.
    pub rust_name: &'static str,
    /// HTTP method in upper case.
    pub method: &'static str,
    /// Path template below the base URL, such as `/tickets/{token}/{id}`.
    pub path: &'static str,
    /// All parameters, including the secret ones.
    pub parameters: &'static [Parameter],
    /// The encoding of the request body, `None` if there is no body.
    pub body: Option<BodyKind>,
    /// Alternatives, each a list of the schemes that are required together. If it is empty, no
    /// credential is sent, even if the client has one.
    pub security: &'static [&'static [&'static str]],
    /// The scopes that a token for this operation needs, by the name of the scheme. A scheme that
    /// is left out needs none.
    pub scopes: &'static [(&'static str, &'static [&'static str])],
    /// Distinguishes success from failure in the body, `None` if the HTTP status alone decides.
    pub envelope: Option<Envelope>,
    /// Maximum number of bytes of a request body that the vendor accepts.
    pub max_request_bytes: Option<u64>,
    /// The vendor's limit on requests.
    pub rate_limit: Option<RateLimit>,
    /// Describes the pages, if the response is one page of a list.
    pub paging: Option<Paging>,
    /// JSON Pointer to the vendor's identifier of the created resource, if the response contains
    /// one.
    pub protocol: Option<&'static str>,
    /// The media types that the client asks for, if it is not only `application/json`.
    pub accept: Option<&'static str>,
    /// The page or evidence that documents the operation.
    pub source: &'static str,
    /// The spec's tags.
    pub tags: &'static [&'static str],
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// Name on the wire.
    pub name: &'static str,
    /// The part of the request that contains it.
    pub place: Place,
    /// `true` if a request without it is refused.
    pub required: bool,
    /// `true` if it is given once to the client instead of to the method.
    pub secret: bool,
}

/// The part of a request that contains a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A segment of the path.
    Path,
    /// The query of the URL.
    Query,
    /// A request header.
    Header,
    /// The `Cookie` header.
    Cookie,
}

/// The encoding of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Plain text.
    Text,
    /// Arbitrary bytes.
    Bytes,
}

/// A limit of `requests` in any window of `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Number of requests.
    pub requests: u32,
    /// Length of the window in seconds.
    pub seconds: u32,
}

/// Describes the pages of a list. Places in the response are JSON Pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The vendor's way of paging.
    pub style: PagingStyle,
    /// The parameter for the page number, `None` if the vendor only caps the list.
    pub page: Option<&'static str>,
    /// Number of the first page.
    pub first: u64,
    /// Number of items on a page.
    pub size: Option<PageSize>,
    /// The list in the response.
    pub items: &'static str,
    /// The number of items on all pages.
    pub total: Option<&'static str>,
    /// The number of this page.
    pub current: Option<&'static str>,
    /// The number of the last page.
    pub last: Option<&'static str>,
    /// The number of the next page, null at the end.
    pub next: Option<&'static str>,
    /// The sign for the end of the list.
    pub end: PagingEnd,
    /// The response for a page after the last one.
    pub behind: PageBehind,
}

/// A vendor's way of paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// Numbered pages, with members for the page number beside the list.
    Pages,
    /// The object of Laravel's paginator, with the list in `data`.
    Paginator,
    /// A cap on the number of items. The items beyond it can't be requested.
    Limit,
}

/// The number of items on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageSize {
    /// Set by this parameter.
    Parameter(&'static str),
    /// Fixed by the vendor.
    Fixed(u32),
}

/// The sign for the end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingEnd {
    /// The response contains the number of the last page.
    LastPage,
    /// The response contains no number of a next page.
    NextPage,
    /// A page without items.
    EmptyPage,
    /// HTTP 404 for a page after the last one.
    NotFound,
    /// There is only one page.
    OnePage,
}

/// The response for a page after the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageBehind {
    /// A page without items, or unknown.
    Empty,
    /// HTTP 404.
    NotFound,
}

/// A request from the vendor to its customer's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The spec's `operationId`.
    pub id: &'static str,
    /// The signature of the body, if there is one.
    pub signature: Option<Signature>,
    /// The page or evidence that documents the webhook.
    pub source: &'static str,
}

/// The signature of a body: a digest with a shared key, in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the header.
    pub header: &'static str,
    /// Text before the digest in the header.
    pub prefix: &'static str,
    /// Algorithm of the digest, such as `hmac-sha1`.
    pub algorithm: &'static str,
    /// Message of the digest: `body` or `base64-of-body`.
    pub over: &'static str,
    /// Encoding of the digest: `hex` or `base64`.
    pub encoding: &'static str,
}

/// A kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scheme {
    /// The name in [`Operation::security`], and of the client builder's method that sets the
    /// credential.
    pub name: &'static str,
    /// The part of the request that contains it.
    pub placement: Placement,
    /// The login that issues the credential, if there is one.
    pub login: Option<Login>,
    /// The flows of OAuth 2 by which the client obtains the credential itself, if there are any.
    pub oauth: Option<OAuth>,
}

/// The flows of OAuth 2 by which a client obtains a token from an authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OAuth {
    /// The token of the application itself.
    pub client_credentials: Option<Flow>,
    /// The token of a user who has agreed in a browser.
    pub authorization_code: Option<Flow>,
}

/// The names and addresses of one flow of OAuth 2. An address is absolute or relative to the
/// base URL, and empty if the spec leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flow {
    /// Text before the names of the builder's methods, and of the credentials `client_id`,
    /// `client_secret`, `token_url` and `scope`. Empty if the client has only one such flow.
    pub prefix: &'static str,
    /// Where the client obtains a token.
    pub token_url: &'static str,
    /// Where the user agrees.
    pub authorization_url: &'static str,
    /// Where the client renews a token, if it is not the token URL.
    pub refresh_url: &'static str,
}

/// A login that issues a token: an OAuth 2 password grant.
///
/// It sends the members `grant_type`, `client_id`, `client_secret`, `username` and `password`, as
/// JSON or as a form, depending on the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// Method name of the login operation, a [`rust_name`](Operation::rust_name).
    pub operation: &'static str,
    /// JSON Pointer to the token in the response.
    pub token: &'static str,
    /// JSON Pointer to the token's lifetime in seconds.
    pub expires_in: Option<&'static str>,
}

/// The part of a request that contains a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The path segment of the secret parameter with the same name.
    PathSegment,
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header with this name.
    Header(&'static str),
    /// A query parameter with this name.
    Query(&'static str),
    /// A cookie with this name.
    Cookie(&'static str),
}
