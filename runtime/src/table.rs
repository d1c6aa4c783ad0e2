//! What a generated client knows of its API, as constant tables.
//!
//! The generator writes one `Operation` a method. The tables drive the calls
//! (credentials, envelope, size limit), the tests and the tools, so nothing
//! of this is written twice.
//!
//! Rows with columns that may be empty are written with constant functions
//! (`rows`), which name only what a row has: a column more breaks no table.

mod rows;

/// One operation of an API, as its spec promises it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The spec's `operationId`, in the vendor's own words.
    pub id: &'static str,
    /// The name of the client's method; also what a builder calls it by.
    pub rust_name: &'static str,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template below the base URL, such as `/tickets/{token}/{id}`.
    pub path: &'static str,
    /// Every parameter, the secret ones too.
    pub parameters: &'static [Parameter],
    /// How the request body is written; `None` for a request without one.
    pub body: Option<BodyKind>,
    /// Alternatives; each is a list of scheme names that are needed together.
    /// Empty means that no credential is sent, even if the client has one.
    pub security: &'static [&'static [&'static str]],
    /// How success is told from failure, if not by the HTTP status alone.
    pub envelope: Option<Envelope>,
    /// Most bytes of a request body that the vendor takes.
    pub max_request_bytes: Option<u64>,
    /// What the vendor allows per span of time.
    pub rate_limit: Option<RateLimit>,
    /// How the answer is one page of many, if it is.
    pub paging: Option<Paging>,
    /// JSON Pointer to what the vendor calls what was made, in an answer that says so.
    pub protocol: Option<&'static str>,
    /// The page or the evidence that this operation was learned from.
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
    /// Where it is sent.
    pub place: Place,
    /// Whether a request without it is refused.
    pub required: bool,
    /// Given once to the client, never an argument of the method.
    pub secret: bool,
}

/// Where a parameter is sent.
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

/// How a request body is written.
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
    /// Bytes as they are.
    Bytes,
}

/// At most `requests` in any span of `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Number of requests.
    pub requests: u32,
    /// Length of the span, in seconds.
    pub seconds: u32,
}

/// How a list comes in pages. Places in the answer are JSON Pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The vendor's way of paging.
    pub style: PagingStyle,
    /// The parameter that names the page; none where there is only a cap.
    pub page: Option<&'static str>,
    /// The number of the first page.
    pub first: u64,
    /// How many items a page has.
    pub size: Option<PageSize>,
    /// The list in the answer.
    pub items: &'static str,
    /// How many items all pages have together.
    pub total: Option<&'static str>,
    /// The number of this page.
    pub current: Option<&'static str>,
    /// The number of the last page.
    pub last: Option<&'static str>,
    /// The number of the next page, null at the end.
    pub next: Option<&'static str>,
    /// What tells that there are no further pages.
    pub end: PagingEnd,
    /// What comes for a page behind the last.
    pub behind: PageBehind,
}

/// A vendor's way of paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// Numbered pages, and members beside the list that say which this is.
    Pages,
    /// The object that Laravel's paginator makes, with the list in `data`.
    Paginator,
    /// A cap on the number of items; what is beyond it can't be asked for.
    Limit,
}

/// How many items a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageSize {
    /// As many as this parameter says.
    Parameter(&'static str),
    /// As many as the vendor has fixed.
    Fixed(u32),
}

/// What tells that there are no further pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingEnd {
    /// The answer names the last page.
    LastPage,
    /// The answer names no next page.
    NextPage,
    /// A page without items.
    EmptyPage,
    /// HTTP 404 for a page behind the last.
    NotFound,
    /// There is one page only.
    OnePage,
}

/// What a vendor answers to whoever asks for a page behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageBehind {
    /// A page without items, or nothing that is known.
    Empty,
    /// HTTP 404.
    NotFound,
}

/// A call that the vendor makes to its customer's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The spec's `operationId`.
    pub id: &'static str,
    /// How the vendor signs the body.
    pub signature: Option<Signature>,
    /// The page or the evidence that it was learned from.
    pub source: &'static str,
}

/// How a body is signed: a digest with a key that both sides know, in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The header's name.
    pub header: &'static str,
    /// What stands before the digest in it.
    pub prefix: &'static str,
    /// How the digest is made, such as `hmac-sha1`.
    pub algorithm: &'static str,
    /// What it is made of: `body`, or `base64-of-body`.
    pub over: &'static str,
    /// How it is written: `hex` or `base64`.
    pub encoding: &'static str,
}

/// How an answer's body tells success from failure. All places are JSON Pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope {
    /// The top-level member that decides; without it only the HTTP status does.
    pub tag: Option<&'static str>,
    /// Values of the tag that mean success. Every other value of their kinds is
    /// a failure; a value of another kind leaves the contract.
    pub success: &'static [TagValue],
    /// Values of the tag that plainly mean failure, if that is known: a failure
    /// with another value is in doubt.
    pub failure: &'static [TagValue],
    /// A member that a failure has when the vendor's program crashed: how far it came, nobody knows.
    pub crash: Option<&'static str>,
    /// The vendor's sentence.
    pub message: Option<&'static str>,
    /// A list of further sentences.
    pub errors: Option<&'static str>,
    /// The top-level member that holds what the caller asked for. Without it,
    /// that is the whole object less the members above.
    pub payload: Option<&'static str>,
}

/// A value that the tag of an [`Envelope`] can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagValue {
    /// JSON `true` or `false`.
    Bool(bool),
    /// A JSON integer.
    Int(i64),
    /// A JSON string.
    Text(&'static str),
}

/// One kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scheme {
    /// What [`Operation::security`] lists, and the method of the client builder that sets it.
    pub name: &'static str,
    /// Where the credential is put.
    pub placement: Placement,
    /// How a login gives it, if one does.
    pub login: Option<Login>,
}

/// A login that gives a token: an OAuth 2 password grant.
///
/// What is sent are the members `grant_type`, `client_id`, `client_secret`,
/// `username` and `password`, as the operation says by JSON or as a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// The method's name of the operation that is called, a
    /// [`rust_name`](Operation::rust_name).
    pub operation: &'static str,
    /// JSON Pointer to the token in its answer.
    pub token: &'static str,
    /// JSON Pointer to the number of seconds that the token lasts.
    pub expires_in: Option<&'static str>,
}

/// Where a credential is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// A segment of the path, in the place of the secret path parameter of the same name.
    PathSegment,
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// A header of this name.
    Header(&'static str),
    /// A query parameter of this name.
    Query(&'static str),
}
