//! A client by hand, in the words of generated code, for the API `alfa`.

use std::collections::BTreeMap;

use prumo_runtime::call::Call;
use prumo_runtime::{
    BodyKind, BrDateTime, ByteStream, CallOptions, ClientInfo, ClientSetup, Envelope, Error, FilePart, Form,
    FormBody, FormKind, Inner, Operation, Parameter, Password, Place, Placement, ResponseValue, RetryPolicy,
    Scheme, TagValue,
};
use serde::{Deserialize, Serialize};

use crate::server::Server;

/// A credential that no path holds as it is.
pub(crate) const TOKEN: &str = "s3cr3t/t0ken";

/// Most bytes of `open_ticket`.
pub(crate) const LIMIT: u64 = 4096;

pub(crate) const OWN: Envelope = Envelope {
    tag: Some("/erro"),
    success: &[TagValue::Bool(false)],
    message: Some("/mensagem"),
    errors: Some("/errors"),
    payload: Some("/data"),
};

const FLAT: Envelope = Envelope {
    tag: Some("/status"),
    success: &[TagValue::Text("success"), TagValue::Text("suscess"), TagValue::Int(1)],
    message: Some("/msg"),
    errors: Some("/errors"),
    payload: None,
};

const fn path_parameter(name: &'static str, secret: bool) -> Parameter {
    Parameter { name, place: Place::Path, required: true, secret }
}

pub(crate) const BASE: Operation = Operation {
    id: "",
    rust_name: "",
    method: "GET",
    path: "/",
    parameters: &[],
    body: None,
    security: &[],
    envelope: None,
    max_request_bytes: None,
    rate_limit: None,
    paging: None,
    protocol: None,
    source: "by hand",
    tags: &[],
};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        id: "readTicket",
        rust_name: "read_ticket",
        path: "/tickets/{token}/{id}",
        parameters: &[
            path_parameter("token", true),
            path_parameter("id", false),
            Parameter { name: "stopwatch", place: Place::Query, required: false, secret: false },
        ],
        envelope: Some(OWN),
        ..BASE
    },
    Operation {
        id: "findTickets",
        rust_name: "find_tickets",
        path: "/find",
        security: &[&["bearer"], &["key", "user"], &["q"]],
        envelope: Some(FLAT),
        ..BASE
    },
    Operation {
        id: "openTicket",
        rust_name: "open_ticket",
        method: "POST",
        path: "/tickets/{token}",
        parameters: &[path_parameter("token", true)],
        body: Some(BodyKind::Multipart),
        max_request_bytes: Some(LIMIT),
        envelope: Some(OWN),
        ..BASE
    },
    Operation {
        id: "sendForm",
        rust_name: "send_form",
        method: "POST",
        path: "/form",
        body: Some(BodyKind::Multipart),
        ..BASE
    },
    Operation {
        id: "signIn",
        rust_name: "sign_in",
        method: "POST",
        path: "/oauth/token",
        body: Some(BodyKind::Form),
        ..BASE
    },
    Operation { id: "download", rust_name: "download", path: "/file", envelope: Some(OWN), ..BASE },
    Operation {
        id: "closeTicket",
        rust_name: "close_ticket",
        method: "DELETE",
        path: "/tickets/{id}",
        parameters: &[path_parameter("id", false)],
        envelope: Some(OWN),
        ..BASE
    },
    Operation {
        id: "putNote",
        rust_name: "put_note",
        method: "PUT",
        path: "/note",
        body: Some(BodyKind::Text),
        max_request_bytes: Some(8),
        ..BASE
    },
];

pub(crate) static SCHEMES: &[Scheme] = &[
    Scheme { name: "token", placement: Placement::PathSegment, login: None },
    Scheme { name: "bearer", placement: Placement::Bearer, login: None },
    Scheme { name: "key", placement: Placement::Header("X-Api-Key"), login: None },
    Scheme { name: "user", placement: Placement::Basic, login: None },
    Scheme { name: "q", placement: Placement::Query("api key"), login: None },
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

/// A form with any names, for the properties.
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

/// A client of `server` with one credential.
pub(crate) fn client(server: &Server) -> Client {
    Client::with(setup(&server.base_url).credential("token", TOKEN).credential("bearer", TOKEN)).unwrap()
}

impl Client {
    pub(crate) fn with(setup: ClientSetup) -> Result<Self, Error> {
        let parts = setup.build()?;
        Ok(Self { baseurl: parts.base_url, client: parts.http, inner: parts.inner })
    }

    /// The same client with other settings.
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

    /// As a caller who sets nothing.
    pub(crate) async fn read_no_ticket(&self) -> Result<ResponseValue<Ticket>, Error> {
        Call::new(self, "read_ticket").ready().read().await
    }

    /// As a caller whose value does not convert.
    pub(crate) async fn read_what_is_no_ticket(&self) -> Result<ResponseValue<Ticket>, Error> {
        let mut call = Call::new(self, "read_ticket");
        call.path("id", None::<i64>);
        call.ready().read().await
    }

    pub(crate) async fn find_tickets(&self) -> Result<ResponseValue<Ticket>, Error> {
        Call::new(self, "find_tickets").ready().read().await
    }

    pub(crate) async fn open_ticket(&self, body: &NewTicket) -> Result<ResponseValue<Ticket>, Error> {
        Call::new(self, "open_ticket").form::<&NewTicket, _>(Ok(body)).read().await
    }

    pub(crate) async fn send_form<T: FormBody>(
        &self,
        body: &T,
    ) -> Result<ResponseValue<serde_json::Value>, Error> {
        Call::new(self, "send_form").form::<&T, _>(Ok(body)).read().await
    }

    pub(crate) async fn sign_in(&self, body: &Login) -> Result<ResponseValue<serde_json::Value>, Error> {
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
