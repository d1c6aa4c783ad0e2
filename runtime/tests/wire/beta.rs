//! A handwritten client of the API `beta`, which requires a login and limits the rate.

use prumo_runtime::call::Call;
use prumo_runtime::{
    BodyKind, ByteStream, CallOptions, ClientInfo, ClientSetup, Envelope, Error, FilePart, Form,
    FormBody, FormKind, Inner, Login, Operation, Parameter, PasswordGrant, Place, Placement,
    RateLimit, ResponseValue, Scheme, TagValue, Undocumented,
};
use serde::{Deserialize, Serialize};

use crate::clock::FakeClock;

/// The secret that nothing may ever show.
pub(crate) const SECRET: &str = "s3cr3t-c0ffee";

const OWN: Envelope =
    Envelope::new().tag("/erro", &[TagValue::Bool(false)]).message("/mensagem").payload("/data");

const SESSION: &[&[&str]] = &[&["session"]];

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::new("logIn", "log_in", "POST", "/oauth/token").body(BodyKind::Json),
    Operation::new("readOrder", "read_order", "GET", "/orders/{id}")
        .parameters(&[Parameter::new("id", Place::Path).required()])
        .security(SESSION)
        .envelope(OWN),
    Operation::new("createOrder", "create_order", "POST", "/orders")
        .protocol("/data/id")
        .body(BodyKind::Json)
        .security(SESSION)
        .envelope(OWN),
    Operation::new("attach", "attach", "POST", "/files")
        .body(BodyKind::Multipart)
        .security(SESSION)
        .envelope(OWN),
    Operation::new("news", "news", "GET", "/news").envelope(OWN),
    Operation::new("download", "download", "GET", "/file").envelope(OWN),
    Operation::new("list", "list", "GET", "/list")
        .rate_limit(RateLimit { requests: 3, seconds: 1 })
        .envelope(OWN),
];

pub(crate) static SCHEMES: &[Scheme] = &[Scheme::new("session", Placement::Bearer)
    .login(Login::new("log_in", "/access_token").expires_in("/expires_in"))];

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

/// Sets up a client of `base_url` on this clock, with a user's name and password.
pub(crate) fn setup(base_url: &str, clock: &FakeClock) -> ClientSetup {
    let grant = PasswordGrant::new("api@provedor.example", SECRET).client("42", SECRET);
    ClientSetup::new(OPERATIONS, SCHEMES, None)
        .base_url(base_url)
        .clock(clock.clone())
        .password_grant(grant)
        // Real time, so that no test hangs on a bug.
        .timeout(std::time::Duration::from_secs(20))
}

impl Beta {
    pub(crate) fn with(setup: ClientSetup) -> Self {
        let parts = setup.build().unwrap();
        Self { base_url: parts.base_url, http: parts.http, inner: parts.inner }
    }

    /// Returns the same client with other settings.
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

    /// Uploads a body that is single-use.
    pub(crate) async fn attach_once(
        &self,
        body: reqwest::Body,
    ) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "attach").raw("application/octet-stream", Ok(body)).read().await
    }

    pub(crate) async fn news(&self) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "news").ready().read().await
    }

    pub(crate) async fn download(&self) -> Result<ResponseValue<ByteStream>, Error> {
        Call::new(self, "download").ready().unread().await
    }

    pub(crate) fn undocumented(
        &self,
        method: &'static str,
        path: &'static str,
    ) -> Undocumented<'_> {
        Undocumented::new(&self.inner, method, path)
    }

    pub(crate) async fn list(&self) -> Result<ResponseValue<Order>, Error> {
        Call::new(self, "list").ready().read().await
    }
}
