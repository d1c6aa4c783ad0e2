//! How the rows of a table are written: a row begins with what each has, and says what else it has.

use super::{
    BodyKind, Envelope, Login, Operation, PageBehind, PageSize, Paging, PagingEnd, PagingStyle, Parameter,
    Place, Placement, RateLimit, Scheme, Signature, TagValue, Webhook,
};

impl Operation {
    /// An operation without parameters, body and credentials, whose HTTP status alone decides.
    ///
    /// ```
    /// use prumo_runtime::{Envelope, Operation, Parameter, Place, TagValue};
    ///
    /// const OPERATIONS: &[Operation] = &[
    ///     Operation::new("readTicket", "read_ticket", "GET", "/tickets/{id}")
    ///         .parameters(&[Parameter::new("id", Place::Path).required()])
    ///         .envelope(Envelope::new().tag("/erro", &[TagValue::Bool(false)]).message("/mensagem")),
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
            envelope: None,
            max_request_bytes: None,
            rate_limit: None,
            paging: None,
            protocol: None,
            source: "",
            tags: &[],
        }
    }

    /// It has these parameters.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// It has a body of this kind.
    #[must_use]
    pub const fn body(mut self, kind: BodyKind) -> Self {
        self.body = Some(kind);
        self
    }

    /// It needs one of these sets of credentials.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [&'static [&'static str]]) -> Self {
        self.security = alternatives;
        self
    }

    /// Its answer's body tells success from failure.
    #[must_use]
    pub const fn envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = Some(envelope);
        self
    }

    /// The vendor takes no more bytes of a request body.
    #[must_use]
    pub const fn max_request_bytes(mut self, bytes: u64) -> Self {
        self.max_request_bytes = Some(bytes);
        self
    }

    /// The vendor allows no more requests.
    #[must_use]
    pub const fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Its answer is a page of a list.
    #[must_use]
    pub const fn paging(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    /// An answer says at this JSON Pointer what was made.
    #[must_use]
    pub const fn protocol(mut self, pointer: &'static str) -> Self {
        self.protocol = Some(pointer);
        self
    }

    /// It was learned from here.
    #[must_use]
    pub const fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// The spec has it under these tags.
    #[must_use]
    pub const fn tags(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }
}

impl Parameter {
    /// A parameter that may be left out, and is no secret.
    #[must_use]
    pub const fn new(name: &'static str, place: Place) -> Self {
        Self { name, place, required: false, secret: false }
    }

    /// A request without it is refused.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// It is given once to the client.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

impl Paging {
    /// A list at the JSON Pointer `items`; nobody names a page, and an empty one stands behind the last.
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

    /// This parameter names the page, and the first one is called `first`.
    #[must_use]
    pub const fn page(mut self, name: &'static str, first: u64) -> Self {
        self.page = Some(name);
        self.first = first;
        self
    }

    /// A page has so many items.
    #[must_use]
    pub const fn size(mut self, size: PageSize) -> Self {
        self.size = Some(size);
        self
    }

    /// The answer says at this JSON Pointer how many items all pages have.
    #[must_use]
    pub const fn total(mut self, pointer: &'static str) -> Self {
        self.total = Some(pointer);
        self
    }

    /// The answer says at this JSON Pointer the number of its page.
    #[must_use]
    pub const fn current(mut self, pointer: &'static str) -> Self {
        self.current = Some(pointer);
        self
    }

    /// The answer says at this JSON Pointer the number of the last page.
    #[must_use]
    pub const fn last(mut self, pointer: &'static str) -> Self {
        self.last = Some(pointer);
        self
    }

    /// The answer says at this JSON Pointer the number of the next page.
    #[must_use]
    pub const fn next(mut self, pointer: &'static str) -> Self {
        self.next = Some(pointer);
        self
    }

    /// This comes for a page behind the last.
    #[must_use]
    pub const fn behind(mut self, behind: PageBehind) -> Self {
        self.behind = behind;
        self
    }
}

impl Envelope {
    /// One that says nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            tag: None,
            success: &[],
            failure: &[],
            crash: None,
            message: None,
            errors: None,
            payload: None,
        }
    }

    /// The member at this JSON Pointer decides: these values of it mean success.
    #[must_use]
    pub const fn tag(mut self, pointer: &'static str, success: &'static [TagValue]) -> Self {
        self.tag = Some(pointer);
        self.success = success;
        self
    }

    /// These values of the tag mean failure; of any other nobody knows.
    #[must_use]
    pub const fn failure(mut self, values: &'static [TagValue]) -> Self {
        self.failure = values;
        self
    }

    /// Something stands at this JSON Pointer if the vendor's program crashed.
    #[must_use]
    pub const fn crash(mut self, pointer: &'static str) -> Self {
        self.crash = Some(pointer);
        self
    }

    /// The vendor's sentence stands at this JSON Pointer.
    #[must_use]
    pub const fn message(mut self, pointer: &'static str) -> Self {
        self.message = Some(pointer);
        self
    }

    /// Further sentences stand at this JSON Pointer.
    #[must_use]
    pub const fn errors(mut self, pointer: &'static str) -> Self {
        self.errors = Some(pointer);
        self
    }

    /// What the caller asked for stands at this JSON Pointer.
    #[must_use]
    pub const fn payload(mut self, pointer: &'static str) -> Self {
        self.payload = Some(pointer);
        self
    }
}

impl Default for Envelope {
    fn default() -> Self {
        Self::new()
    }
}

impl Scheme {
    /// A credential that is given to the client.
    #[must_use]
    pub const fn new(name: &'static str, placement: Placement) -> Self {
        Self { name, placement, login: None }
    }

    /// A login gives it.
    #[must_use]
    pub const fn login(mut self, login: Login) -> Self {
        self.login = Some(login);
        self
    }
}

impl Login {
    /// A call of `operation`, with the token at this JSON Pointer of its answer.
    #[must_use]
    pub const fn new(operation: &'static str, token: &'static str) -> Self {
        Self { operation, token, expires_in: None }
    }

    /// The answer says at this JSON Pointer how many seconds the token lasts.
    #[must_use]
    pub const fn expires_in(mut self, pointer: &'static str) -> Self {
        self.expires_in = Some(pointer);
        self
    }
}

impl Webhook {
    /// One that is not signed.
    #[must_use]
    pub const fn new(id: &'static str, source: &'static str) -> Self {
        Self { id, signature: None, source }
    }

    /// Its body is signed.
    #[must_use]
    pub const fn signature(mut self, signature: Signature) -> Self {
        self.signature = Some(signature);
        self
    }
}
