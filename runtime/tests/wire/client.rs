//! A handwritten client of the API `alfa`, as the generator would write it.

use std::collections::BTreeMap;

use prumo_runtime::call::Call;
use prumo_runtime::{
    BodyKind, BrDateTime, ByteStream, CallOptions, ClientInfo, ClientSetup, Envelope, Error,
    FilePart, Form, FormBody, FormKind, Inner, Operation, Parameter, Password, Place, Placement,
    ResponseValue, RetryPolicy, Scheme, TagValue,
};
use serde::{Deserialize, Serialize};

use crate::server::Server;

/// A credential that a path segment must encode.
pub(crate) const TOKEN: &str = "s3cr3t/t0ken";

/// Maximum number of bytes in a request of `open_ticket`.
pub(crate) const LIMIT: u64 = 4096;

pub(crate) const OWN: Envelope = Envelope::new()
    .tag("/erro", &[TagValue::Bool(false)])
    .message("/mensagem")
    .errors("/errors")
    .payload("/data");

const FLAT: Envelope = Envelope::new()
    .tag("/status", &[TagValue::Text("success"), TagValue::Text("suscess"), TagValue::Int(1)])
    .message("/msg")
    .errors("/errors");

const SECRET: Parameter = Parameter::new("token", Place::Path).required().secret();
const ID: Parameter = Parameter::new("id", Place::Path).required();

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::new("readTicket", "read_ticket", "GET", "/tickets/{token}/{id}")
        .parameters(&[SECRET, ID, Parameter::new("stopwatch", Place::Query)])
        .envelope(OWN),
    Operation::new("findTickets", "find_tickets", "GET", "/find")
        .security(&[&["bearer"], &["key", "user"], &["q"]])
        .envelope(FLAT),
    Operation::new("openTicket", "open_ticket", "POST", "/tickets/{token}")
        .parameters(&[SECRET])
        .body(BodyKind::Multipart)
        .max_request_bytes(LIMIT)
        .envelope(OWN),
    Operation::new("sendForm", "send_form", "POST", "/form").body(BodyKind::Multipart),
    Operation::new("signIn", "sign_in", "POST", "/oauth/token").body(BodyKind::Form),
    Operation::new("download", "download", "GET", "/file").envelope(OWN),
    Operation::new("closeTicket", "close_ticket", "DELETE", "/tickets/{id}")
        .parameters(&[ID])
        .envelope(OWN),
    Operation::new("putNote", "put_note", "PUT", "/note").body(BodyKind::Text).max_request_bytes(8),
];

pub(crate) static SCHEMES: &[Scheme] = &[
    Scheme::new("token", Placement::PathSegment),
    Scheme::new("bearer", Placement::Bearer),
    Scheme::new("key", Placement::Header("X-Api-Key")),
    Scheme::new("user", Placement::Basic),
    Scheme::new("q", Placement::Query("api key")),
];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) history: Vec<Entry>,
    #[serde(flatten)]
    pub(crate) extra: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) at: BrDateTime,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct NewTicket {
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) files: Vec<FilePart>,
}

impl FormBody for NewTicket {
    const MAX_REQUEST_BYTES: Option<u64> = Some(LIMIT);
    const KIND: FormKind = FormKind::Multipart;

    fn write(&self, form: &mut Form) {
        form.text("titulo", &self.title);
        for (key, value) in &self.fields {
            form.entry("campos", key, value);
        }
        for file in &self.files {
            form.file_item("anexos", file);
        }
    }
}

/// A form with arbitrary names, for the properties.
#[derive(Default)]
pub(crate) struct AnyForm(pub(crate) Vec<(String, Result<String, FilePart>)>);

impl FormBody for AnyForm {
    const MAX_REQUEST_BYTES: Option<u64> = None;
    const KIND: FormKind = FormKind::Multipart;

    fn write(&self, form: &mut Form) {
        for (name, value) in &self.0 {
            match value {
                Ok(text) => form.text(name, text),
                Err(file) => form.file(name, file),
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) pass: Password,
    pub(crate) scopes: Vec<String>,
}

impl FormBody for Login {
    const MAX_REQUEST_BYTES: Option<u64> = Some(64);
    const KIND: FormKind = FormKind::UrlEncoded;

    fn write(&self, form: &mut Form) {
        form.text("user", &self.user);
        form.password("pass", &self.pass);
        for scope in &self.scopes {
            form.item("scopes", scope);
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Client {
    baseurl: String,
    client: reqwest::Client,
    inner: Inner,
}

impl ClientInfo<Inner> for Client {
    fn api_version() -> &'static str {
        "1"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &Inner {
        &self.inner
    }
}

pub(crate) fn setup(base_url: &str) -> ClientSetup {
    ClientSetup::new(OPERATIONS, SCHEMES, None).base_url(base_url).retry(RetryPolicy::never())
}

/// Returns a client of `server` with one credential.
pub(crate) fn client(server: &Server) -> Client {
    Client::with(setup(&server.base_url).credential("token", TOKEN).credential("bearer", TOKEN))
        .unwrap()
}

impl Client {
    pub(crate) fn with(setup: ClientSetup) -> Result<Self, Error> {
        let parts = setup.build()?;
        Ok(Self { baseurl: parts.base_url, client: parts.http, inner: parts.inner })
    }

    /// Returns the same client with other settings.
    pub(crate) fn but(&self, options: &CallOptions) -> Self {
        Self { inner: self.inner.with(options), ..self.clone() }
    }

    pub(crate) async fn read_ticket(
        &self,
        id: &str,
        stopwatch: Option<bool>,
    ) -> Result<ResponseValue<Ticket>, Error> {
        let mut call = Call::new(self, "read_ticket");
        call.path("id", Some(id));
        call.query("stopwatch", Some(stopwatch));
        call.ready().read().await
    }

    /// Calls without setting any parameter.
    pub(crate) async fn read_no_ticket(&self) -> Result<ResponseValue<Ticket>, Error> {
        Call::new(self, "read_ticket").ready().read().await
    }

    /// Calls with a value that does not convert.
    pub(crate) async fn read_what_is_no_ticket(&self) -> Result<ResponseValue<Ticket>, Error> {
        let mut call = Call::new(self, "read_ticket");
        call.path("id", None::<i64>);
        call.ready().read().await
    }

    pub(crate) async fn find_tickets(&self) -> Result<ResponseValue<Ticket>, Error> {
        Call::new(self, "find_tickets").ready().read().await
    }

    pub(crate) async fn open_ticket(
        &self,
        body: &NewTicket,
    ) -> Result<ResponseValue<Ticket>, Error> {
        Call::new(self, "open_ticket").form::<&NewTicket, _>(Ok(body)).read().await
    }

    pub(crate) async fn send_form<T: FormBody>(
        &self,
        body: &T,
    ) -> Result<ResponseValue<serde_json::Value>, Error> {
        Call::new(self, "send_form").form::<&T, _>(Ok(body)).read().await
    }

    pub(crate) async fn sign_in(
        &self,
        body: &Login,
    ) -> Result<ResponseValue<serde_json::Value>, Error> {
        Call::new(self, "sign_in").form::<&Login, _>(Ok(body)).read().await
    }

    pub(crate) async fn download(&self) -> Result<ResponseValue<ByteStream>, Error> {
        Call::new(self, "download").ready().unread().await
    }

    pub(crate) async fn unlisted(&self) -> Result<ResponseValue<()>, Error> {
        Call::new(self, "unlisted").ready().unread().await
    }

    pub(crate) async fn close_ticket(&self, id: &str) -> Result<ResponseValue<()>, Error> {
        let mut call = Call::new(self, "close_ticket");
        call.path("id", Some(id));
        call.ready().unread().await
    }

    pub(crate) async fn put_note(&self, note: &str) -> Result<ResponseValue<()>, Error> {
        Call::new(self, "put_note").raw("text/plain", Ok(note.to_owned().into())).unread().await
    }
}
