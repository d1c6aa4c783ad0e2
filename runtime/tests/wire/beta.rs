//! A client by hand of the API `beta`: it logs in, and its vendor limits the rate.

use prumo_runtime::call::Call;
use prumo_runtime::{
    BodyKind, ByteStream, CallOptions, ClientInfo, ClientSetup, Envelope, Error, FilePart, Form, FormBody,
    FormKind, Inner, Login, Operation, Parameter, PasswordGrant, Place, Placement, RateLimit, ResponseValue,
    Scheme, TagValue, Undocumented,
};
use serde::{Deserialize, Serialize};

use crate::clock::FakeClock;

/// What nothing may ever show.
pub(crate) const SECRET: &str = "s3cr3t-c0ffee";

const OWN: Envelope = Envelope {
    tag: Some("/erro"),
    success: &[TagValue::Bool(false)],
    message: Some("/mensagem"),
    errors: None,
    payload: Some("/data"),
};

const BASE: Operation = Operation {
    id: "",
    rust_name: "",
    method: "GET",
    path: "/",
    parameters: &[],
    body: None,
    security: &[],
    envelope: Some(OWN),
    max_request_bytes: None,
    rate_limit: None,
    paging: None,
    protocol: None,
    source: "by hand",
    tags: &[],
};

const SESSION: &[&[&str]] = &[&["session"]];

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        id: "logIn",
        rust_name: "log_in",
        method: "POST",
        path: "/oauth/token",
        body: Some(BodyKind::Json),
        envelope: None,
        ..BASE
    },
    Operation {
        id: "readOrder",
        rust_name: "read_order",
        path: "/orders/{id}",
        parameters: &[Parameter { name: "id", place: Place::Path, required: true, secret: false }],
        security: SESSION,
        ..BASE
    },
    Operation {
        id: "createOrder",
        rust_name: "create_order",
        method: "POST",
        path: "/orders",
        protocol: Some("/data/id"),
        body: Some(BodyKind::Json),
        security: SESSION,
        ..BASE
    },
    Operation {
        id: "attach",
        rust_name: "attach",
        method: "POST",
        path: "/files",
        body: Some(BodyKind::Multipart),
        security: SESSION,
        ..BASE
    },
    Operation { id: "news", rust_name: "news", path: "/news", ..BASE },
    Operation { id: "download", rust_name: "download", path: "/file", ..BASE },
    Operation {
        id: "list",
        rust_name: "list",
        path: "/list",
        rate_limit: Some(RateLimit { requests: 3, seconds: 1 }),
        ..BASE
    },
];

pub(crate) static SCHEMES: &[Scheme] = &[Scheme {
    name: "session",
    placement: Placement::Bearer,
    login: Some(Login { operation: "log_in", token: "/access_token", expires_in: Some("/expires_in") }),
}];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: i64,
}

pub(crate) struct Attachment(pub(crate) FilePart);

impl FormBody for Attachment {
    const MAX_REQUEST_BYTES: Option<u64> = None;
    const KIND: FormKind = FormKind::Multipart;

    fn write(&self, form: &mut Form) {
        form.text("titulo", "Sem link");
        form.file("anexo", &self.0);
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Beta {
    base_url: String,
    http: reqwest::Client,
    inner: Inner,
}

impl ClientInfo<Inner> for Beta {
    fn api_version() -> &'static str {
        "1"
    }
    fn baseurl(&self) -> &str {
        &self.base_url
    }
    fn client(&self) -> &reqwest::Client {
        &self.http
    }
    fn inner(&self) -> &Inner {
        &self.inner
    }
}

/// A client of `base_url` on this clock, with a user's name and password.
pub(crate) fn setup(base_url: &str, clock: &FakeClock) -> ClientSetup {
    let grant = PasswordGrant::new("api@provedor.example", SECRET).client("42", SECRET);
    ClientSetup::new(OPERATIONS, SCHEMES, None)
        .base_url(base_url)
        .clock(clock.clone())
        .password_grant(grant)
        // Real time: no test may hang on a bug.
        .timeout(std::time::Duration::from_secs(20))
}

impl Beta {
    pub(crate) fn with(setup: ClientSetup) -> Self {
        let parts = setup.build().unwrap();
        Self { base_url: parts.base_url, http: parts.http, inner: parts.inner }
    }

    /// The same client with other settings.
    pub(crate) fn but(&self, options: &CallOptions) -> Self {
        Self { inner: self.inner.with(options), ..self.clone() }
    }

    pub(crate) async fn read_order(&self, id: i64) -> Result<ResponseValue<Order>, Error> {
        let mut call = Call::new(self, "read_order");
        call.path("id", Some(id));
        call.ready().read().await
    }

    pub(crate) async fn create_order(&self) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "create_order").json::<Order, _>(Ok(Order { id: 7 })).read().await
    }

    pub(crate) async fn attach(&self, file: FilePart) -> Result<ResponseValue<Order>, Error> {
        let file = Attachment(file);
        Call::new(self, "attach").form::<&Attachment, _>(Ok(&file)).read().await
    }

    /// An upload whose body can be read once.
    pub(crate) async fn attach_once(&self, body: reqwest::Body) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "attach").raw("application/octet-stream", Ok(body)).read().await
    }

    pub(crate) async fn news(&self) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "news").ready().read().await
    }

    pub(crate) async fn download(&self) -> Result<ResponseValue<ByteStream>, Error> {
        Call::new(self, "download").ready().unread().await
    }

    pub(crate) fn undocumented(&self, method: &'static str, path: &'static str) -> Undocumented<'_> {
        Undocumented::new(&self.inner, method, path)
    }

    pub(crate) async fn list(&self) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "list").ready().read().await
    }
}
