//! Constructs the rows of the tables: the required columns first, then the optional ones by name.

use super::{
    BodyKind, Envelope, Flow, Login, OAuth, Operation, PageBehind, PageSize, Paging, PagingEnd,
    PagingStyle, Parameter, Place, Placement, RateLimit, Scheme, Signature, Webhook,
};

impl Operation {
    /// Creates an operation without parameters, body, credentials and envelope.
    ///
    /// ```
    /// use prumo_runtime::{Envelope, Operation, Parameter, Place, TagValue};
    ///
    /// const OPERATIONS: &[Operation] = &[
    ///     Operation::new("readTicket", "read_ticket", "GET", "/tickets/{id}")
    ///         .parameters(&[Parameter::new("id", Place::Path).required()])
    ///         .envelope(Envelope::new().tag("/erro", &[TagValue::Bool(false)])),
    /// ];
    /// assert_eq!(OPERATIONS[0].security, [[""; 0]; 0]);
    /// ```
    #[must_use]
    pub const fn new(
        id: &'static str,
        rust_name: &'static str,
        method: &'static str,
        path: &'static str,
    ) -> Self {
        Self {
            id,
            rust_name,
            method,
            path,
            parameters: &[],
            body: None,
            security: &[],
            scopes: &[],
            envelope: None,
            max_request_bytes: None,
            rate_limit: None,
            paging: None,
            protocol: None,
            accept: None,
            source: "",
            tags: &[],
        }
    }

    /// Sets the parameters.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets the encoding of the body.
    #[must_use]
    pub const fn body(mut self, kind: BodyKind) -> Self {
        self.body = Some(kind);
        self
    }

    /// Sets the alternative sets of credentials.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [&'static [&'static str]]) -> Self {
        self.security = alternatives;
        self
    }

    /// Sets the scopes that a token for this operation needs.
    #[must_use]
    pub const fn scopes(
        mut self,
        scopes: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        self.scopes = scopes;
        self
    }

    /// Returns the scopes that a token of this scheme needs.
    pub(crate) fn scopes_of(&self, scheme: &str) -> &'static [&'static str] {
        self.scopes.iter().find(|(name, _)| *name == scheme).map_or(&[], |(_, scopes)| scopes)
    }

    /// Sets the envelope of the response.
    #[must_use]
    pub const fn envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }

    /// Sets the maximum size of a request body.
    #[must_use]
    pub const fn max_request_bytes(mut self, bytes: u64) -> Self {
        self.max_request_bytes = Some(bytes);
        self
    }

    /// Sets the vendor's limit on requests.
    #[must_use]
    pub const fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Declares the response as a page of a list.
    #[must_use]
    pub const fn paging(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    /// Sets the JSON Pointer to the identifier of the created resource.
    #[must_use]
    pub const fn protocol(mut self, pointer: &'static str) -> Self {
        self.protocol = Some(pointer);
        self
    }

    /// Sets the media types that the client asks for.
    #[must_use]
    pub const fn accept(mut self, media: &'static str) -> Self {
        self.accept = Some(media);
        self
    }

    /// Sets the page or evidence that documents the operation.
    #[must_use]
    pub const fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// Sets the spec's tags.
    #[must_use]
    pub const fn tags(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }
}

impl Parameter {
    /// Creates an optional parameter that is not secret.
    #[must_use]
    pub const fn new(name: &'static str, place: Place) -> Self {
        Self { name, place, required: false, secret: false }
    }

    /// Makes the parameter required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Makes the parameter secret: it is given once to the client.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

impl Paging {
    /// Creates paging for the list at the JSON Pointer `items`, without a page parameter. A page
    /// after the last one is empty.
    #[must_use]
    pub const fn new(style: PagingStyle, items: &'static str, end: PagingEnd) -> Self {
        Self {
            style,
            page: None,
            first: 0,
            size: None,
            items,
            total: None,
            current: None,
            last: None,
            next: None,
            end,
            behind: PageBehind::Empty,
        }
    }

    /// Sets the parameter for the page number, and the number of the first page.
    #[must_use]
    pub const fn page(mut self, name: &'static str, first: u64) -> Self {
        self.page = Some(name);
        self.first = first;
        self
    }

    /// Sets the number of items on a page.
    #[must_use]
    pub const fn size(mut self, size: PageSize) -> Self {
        self.size = Some(size);
        self
    }

    /// Sets the JSON Pointer to the number of items on all pages.
    #[must_use]
    pub const fn total(mut self, pointer: &'static str) -> Self {
        self.total = Some(pointer);
        self
    }

    /// Sets the JSON Pointer to the number of the page.
    #[must_use]
    pub const fn current(mut self, pointer: &'static str) -> Self {
        self.current = Some(pointer);
        self
    }

    /// Sets the JSON Pointer to the number of the last page.
    #[must_use]
    pub const fn last(mut self, pointer: &'static str) -> Self {
        self.last = Some(pointer);
        self
    }

    /// Sets the JSON Pointer to the number of the next page.
    #[must_use]
    pub const fn next(mut self, pointer: &'static str) -> Self {
        self.next = Some(pointer);
        self
    }

    /// Sets the response for a page after the last one.
    #[must_use]
    pub const fn behind(mut self, behind: PageBehind) -> Self {
        self.behind = behind;
        self
    }
}

impl Scheme {
    /// Creates a scheme whose credential is given to the client.
    #[must_use]
    pub const fn new(name: &'static str, placement: Placement) -> Self {
        Self { name, placement, login: None, oauth: None }
    }

    /// Sets the login that issues the credential.
    #[must_use]
    pub const fn login(mut self, login: Login) -> Self {
        self.login = Some(login);
        self
    }

    /// Sets the flows by which the client obtains the credential itself.
    #[must_use]
    pub const fn oauth(mut self, oauth: OAuth) -> Self {
        self.oauth = Some(oauth);
        self
    }
}

impl Default for OAuth {
    fn default() -> Self {
        Self::new()
    }
}

impl OAuth {
    /// Creates a scheme of OAuth 2 without a flow.
    #[must_use]
    pub const fn new() -> Self {
        Self { client_credentials: None, authorization_code: None }
    }

    /// Adds the flow `clientCredentials`.
    #[must_use]
    pub const fn client_credentials(mut self, flow: Flow) -> Self {
        self.client_credentials = Some(flow);
        self
    }

    /// Adds the flow `authorizationCode`.
    #[must_use]
    pub const fn authorization_code(mut self, flow: Flow) -> Self {
        self.authorization_code = Some(flow);
        self
    }
}

impl Flow {
    /// Creates a flow that obtains tokens from this URL.
    #[must_use]
    pub const fn new(token_url: &'static str) -> Self {
        Self { prefix: "", token_url, authorization_url: "", refresh_url: "" }
    }

    /// Sets the text before the names of methods and credentials.
    #[must_use]
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }

    /// Sets the URL where the user agrees.
    #[must_use]
    pub const fn authorization_url(mut self, url: &'static str) -> Self {
        self.authorization_url = url;
        self
    }

    /// Sets the URL where a token is renewed.
    #[must_use]
    pub const fn refresh_url(mut self, url: &'static str) -> Self {
        self.refresh_url = url;
        self
    }
}

impl Login {
    /// Creates a login by `operation`, with the JSON Pointer to the token in its response.
    #[must_use]
    pub const fn new(operation: &'static str, token: &'static str) -> Self {
        Self { operation, token, expires_in: None }
    }

    /// Sets the JSON Pointer to the token's lifetime in seconds.
    #[must_use]
    pub const fn expires_in(mut self, pointer: &'static str) -> Self {
        self.expires_in = Some(pointer);
        self
    }
}

impl Webhook {
    /// Creates a webhook without a signature.
    #[must_use]
    pub const fn new(id: &'static str, source: &'static str) -> Self {
        Self { id, signature: None, source }
    }

    /// Sets the signature of the body.
    #[must_use]
    pub const fn signature(mut self, signature: Signature) -> Self {
        self.signature = Some(signature);
        self
    }
}
