//! Tests what goes over the socket (credentials, paths, headers) and what does not.

use std::time::Duration;

use crate::client::{Client, Login, NewTicket, OPERATIONS, SCHEMES, setup};
use crate::everything_printed;
use crate::server::Server;
use proptest::prelude::*;
use prumo_runtime::{Error, RetryPolicy, Secret};

const OK: &str = r#"{"erro":false,"data":{"id":"7"}}"#;
const FLAT_OK: &str = r#"{"status":"success","id":"7"}"#;

async fn ok_server() -> Server {
    Server::answering(200, "application/json", OK).await
}

fn with_token(base_url: &str, token: &str) -> Client {
    Client::with(setup(base_url).credential("token", token)).unwrap()
}

#[tokio::test]
async fn the_token_is_one_segment_in_its_own_place() {
    let cases = [
        ("", "abc", "7", "GET /tickets/abc/7"),
        ("/", "abc", "7", "GET /tickets/abc/7"),
        ("/stem/v1", "abc", "7", "GET /stem/v1/tickets/abc/7"),
        ("/stem//", "abc", "7", "GET /stem/tickets/abc/7"),
        ("", "a/b?c#d%e é", "7", "GET /tickets/a%2Fb%3Fc%23d%25e%20%C3%A9/7"),
        ("", "abc", "__token__", "GET /tickets/abc/__token__"),
        ("/__token__", "abc", "x", "GET /__token__/tickets/abc/x"),
        ("", "..%2f", "a/../b", "GET /tickets/..%252f/a%2F..%2Fb"),
        ("", "abc", "7?erro=1#x", "GET /tickets/abc/7%3Ferro%3D1%23x"),
    ];
    for (stem, token, id, expect) in cases {
        let server = ok_server().await;
        let client = with_token(&format!("{}{stem}", server.base_url), token);
        client.read_ticket(id, None).await.unwrap();
        assert_eq!(server.request().line(), expect, "stem {stem}, token {token}, id {id}");
    }
}

#[tokio::test]
async fn a_value_that_would_change_the_path_is_not_sent() {
    let expect = "`readTicket`: parameter `id` is empty, `.` or `..`, so the path would be that of another operation";
    for id in ["..", ".", ""] {
        let server = ok_server().await;
        let error = with_token(&server.base_url, "abc").read_ticket(id, None).await.unwrap_err();
        assert!(error.is_invalid_request());
        assert_eq!(error.to_string(), expect, "id {id}");
        assert_eq!(server.requests().len(), 0);
    }
}

#[tokio::test]
async fn a_call_that_cannot_be_made_is_not_sent() {
    let server = ok_server().await;
    let client = with_token(&server.base_url, "abc");
    let error = client.unlisted().await.unwrap_err();
    assert_eq!(error.to_string(), "`unlisted`: the client's table has no operation `unlisted`");
    let error = client.read_no_ticket().await.unwrap_err();
    assert_eq!(error.to_string(), "`readTicket`: parameter `id` is missing");
    let error = client.read_what_is_no_ticket().await.unwrap_err();
    assert_eq!(error.to_string(), "`readTicket`: the value for `id` does not convert");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn headers_are_few_and_query_is_typed() {
    let server = ok_server().await;
    let client =
        Client::with(setup(&server.base_url).credential("token", "abc").user_agent("alfa/1"))
            .unwrap();
    client.read_ticket("7", Some(true)).await.unwrap();
    let request = server.request();
    assert_eq!(request.line(), "GET /tickets/abc/7?stopwatch=true");
    assert_eq!(request.header("user-agent"), Some("alfa/1"));
    for name in ["api-version", "referer", "authorization", "x-api-key", "accept-encoding"] {
        assert_eq!(request.header(name), None, "header {name}");
    }
}

#[tokio::test]
async fn the_first_alternative_that_is_complete_is_used() {
    type Set = &'static [(&'static str, &'static str)];
    type Sent = (&'static str, Option<&'static str>, Option<&'static str>);
    let cases: [(Set, Sent); 4] = [
        (&[("bearer", "b"), ("q", "x")], ("GET /find", Some("Bearer b"), None)),
        (&[("key", "k"), ("q", "x&y")], ("GET /find?api+key=x%26y", None, None)),
        (
            &[("key", "k"), ("user", "ana:pw"), ("q", "x")],
            ("GET /find", Some("Basic YW5hOnB3"), Some("k")),
        ),
        (&[("q", "x"), ("token", "t")], ("GET /find?api+key=x", None, None)),
    ];
    for (set, (line, authorization, key)) in cases {
        let server = Server::answering(200, "application/json", FLAT_OK).await;
        let setup = set
            .iter()
            .fold(setup(&server.base_url), |setup, (name, text)| setup.credential(name, *text));
        Client::with(setup).unwrap().find_tickets().await.unwrap();
        let request = server.request();
        assert_eq!(request.line(), line);
        assert_eq!(request.header("authorization"), authorization, "{set:?}");
        assert_eq!(request.header("x-api-key"), key, "{set:?}");
    }
}

#[tokio::test]
async fn no_credential_goes_where_none_is_needed() {
    let server = Server::answering(200, "application/json", r#"{"access_token":"x"}"#).await;
    let all = setup(&server.base_url)
        .credential("bearer", "b")
        .credential("key", "k")
        .credential("q", "q");
    let client = Client::with(all.basic("user", "ana", "pw").credential("token", "t")).unwrap();
    let login =
        Login { user: "ana".into(), pass: "p&w".into(), scopes: vec!["a".into(), "b c".into()] };
    let answer = client.sign_in(&login).await.unwrap();
    assert_eq!(answer["access_token"], "x");

    let request = server.request();
    assert_eq!(request.line(), "POST /oauth/token");
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.text(), "user=ana&pass=p%26w&scopes%5B%5D=a&scopes%5B%5D=b+c");
    assert_eq!((request.header("authorization"), request.header("x-api-key")), (None, None));
}

#[tokio::test]
async fn a_missing_credential_names_the_method_to_call() {
    let server = ok_server().await;
    let nothing = Client::with(setup(&server.base_url)).unwrap();
    let half = Client::with(setup(&server.base_url).credential("key", "k")).unwrap();
    let cases: [(Error, &str); 3] = [
        (
            nothing.read_ticket("7", None).await.unwrap_err(),
            "`readTicket`: no credential `token` is set: call `.token(…)` on the client builder",
        ),
        (
            nothing.find_tickets().await.unwrap_err(),
            "`findTickets`: no credential `bearer` is set: call `.bearer(…)` on the client builder",
        ),
        (
            half.find_tickets().await.unwrap_err(),
            "`findTickets`: no credential `bearer` is set: call `.bearer(…)` on the client builder",
        ),
    ];
    for (error, expect) in cases {
        assert!(error.is_invalid_request());
        assert_eq!(error.to_string(), expect);
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_redirect_takes_nothing_along() {
    let other = ok_server().await;
    let head =
        format!("HTTP/1.1 302 X\r\nlocation: {}/x\r\ncontent-length: 0\r\n\r\n", other.base_url);
    let server = Server::answering_raw(head.into_bytes()).await;
    let error = with_token(&server.base_url, "s3cr3t").read_ticket("7", None).await.unwrap_err();
    assert_eq!((error.is_vendor(), error.status()), (true, Some(302)));
    assert_eq!((server.requests().len(), other.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_body_of_any_kind_has_its_limit() {
    let server = ok_server().await;
    let client = Client::with(setup(&server.base_url)).unwrap();
    client.put_note("12345678").await.unwrap();
    let error = client.put_note("123456789").await.unwrap_err();
    assert!(error.is_too_large());
    assert_eq!(error.to_string(), "`putNote`: the request body has 9 bytes, over the limit of 8");
    assert_eq!(server.request().text(), "12345678");
}

#[test]
fn a_client_that_can_not_work_is_not_built() {
    let https = "the base URL is `https`, but the client was compiled without TLS: \
                 enable its feature `rustls` or `native-tls`";
    let absolute = "the base URL is not an absolute URL such as `https://api.acme.example`";
    let user = "the base URL contains a user or a password: give credentials to the client builder";
    let query = "the base URL has a query or a fragment";
    let cases = [
        ("", absolute),
        ("api.acme.example", absolute),
        ("/alfa", absolute),
        ("http://", absolute),
        ("http://{tenant}.acme.example", "the base URL contains an unset variable"),
        ("ftp://acme.example", "the base URL's scheme is neither `https` nor `http`"),
        ("http://s3cr3t@acme.example", user),
        ("http://ana:s3cr3t@acme.example", user),
        ("http://acme.example/?token=s3cr3t", query),
        ("http://acme.example/#s3cr3t", query),
    ];
    for (base_url, expect) in cases {
        let error = setup(base_url).build().unwrap_err();
        assert!(error.is_invalid_request());
        assert_eq!(error.to_string(), expect, "base URL {base_url}");
        assert!(!everything_printed(&error).contains("s3cr3t"));
    }
    if cfg!(any(feature = "rustls", feature = "native-tls")) {
        assert!(setup("https://acme.example").build().is_ok());
    } else {
        assert_eq!(setup("https://acme.example").build().unwrap_err().to_string(), https);
    }

    let none = prumo_runtime::ClientSetup::new(OPERATIONS, SCHEMES, None).build().unwrap_err();
    assert_eq!(none.to_string(), "no base URL is set: call `.base_url(…)` on the client builder");
    let preset =
        prumo_runtime::ClientSetup::new(OPERATIONS, SCHEMES, Some("http://acme.example/v1/"));
    assert_eq!(preset.build().unwrap().base_url, "http://acme.example/v1");
}

#[test]
fn a_credential_that_can_not_be_sent_is_refused() {
    let cases = [
        ("token", "", "credential `token` is empty"),
        ("token", "..", "credential `token` can't be a path segment"),
        (
            "bearer",
            "s3cr3t\n",
            "credential `bearer` contains a character that is invalid in a header",
        ),
        ("key", "s3cr3t\0", "credential `key` contains a character that is invalid in a header"),
    ];
    for (scheme, text, expect) in cases {
        let error = setup("http://acme.example").credential(scheme, text).build().unwrap_err();
        assert_eq!(error.to_string(), expect);
        assert!(!everything_printed(&error).contains("s3cr3t"));
    }
}

#[tokio::test]
async fn debug_is_closed_everywhere() {
    let server = ok_server().await;
    let setup = setup(&server.base_url)
        .credential("token", "s3cr3t")
        .credential("bearer", Secret::from("s3cr3t"))
        .basic("user", "ana", "s3cr3t")
        .timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(1));
    let printed = format!("{setup:?} {setup:#?} {:?}", setup.clone().build().unwrap());
    assert!(!printed.contains("s3cr3t") && !printed.contains("ana"), "{printed}");

    let client = Client::with(setup).unwrap();
    let answer = client.read_ticket("7", None).await.unwrap();
    let printed = format!("{client:?} {client:#?} {answer:?}");
    assert!(!printed.contains("s3cr3t") && !printed.contains("ana"), "{printed}");

    let download = client.download().await.unwrap();
    assert_eq!(format!("{:?}", *download), "ByteStream { .. }");
    let login = Login { user: "x".into(), pass: "s3cr3t".into(), scopes: vec![] };
    assert!(!format!("{login:?}").contains("s3cr3t"), "{login:?}");
    let body = NewTicket {
        files: vec!["/home/ana/cpf.pdf".as_ref() as &std::path::Path]
            .into_iter()
            .map(Into::into)
            .collect(),
        ..NewTicket::default()
    };
    assert!(!format!("{body:?}").contains("ana"), "{body:?}");
}

#[tokio::test]
async fn a_call_can_be_spawned() {
    fn is_portable<T: Send + Sync + 'static>() {}
    is_portable::<Error>();
    is_portable::<Client>();

    let server = ok_server().await;
    let client = with_token(&server.base_url, "abc");
    let call = tokio::spawn(async move {
        client.read_ticket("7", None).await.map(|answer| answer.into_inner())
    });
    assert_eq!(call.await.unwrap().unwrap().id, "7");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A credential that a vendor echoes is neither printed nor kept in the bytes of an error.
    #[test]
    fn no_echo_of_a_credential_is_kept(token in "[A-Za-z0-9/+=_~ -]{12,24}", status in prop_oneof![Just(200), Just(404)]) {
        let path = prumo_runtime::encode_path(&token);
        let said = format!("{token} at /tickets/{path}/7");
        let body = serde_json::json!({"erro": true, "mensagem": said, "errors": [token, path]});
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (error, client) = runtime.block_on(async {
            let server = Server::answering(status, "application/json", body.to_string()).await;
            let client = with_token(&server.base_url, &token);
            (client.read_ticket("7", None).await.unwrap_err(), client)
        });
        prop_assert_eq!(error.message(), Some("*** at /tickets/***/7"));
        prop_assert_eq!(error.errors(), ["***", "***"]);
        let kept = String::from_utf8_lossy(error.body().unwrap()).into_owned();
        for text in [everything_printed(&error), kept, format!("{client:?} {:?}", Secret::new(token.as_str()))] {
            prop_assert!(!text.contains(token.trim()) && !text.contains(&path), "{text}");
        }
    }
}

#[tokio::test]
async fn a_secret_in_the_path_goes_over_plain_http_only_where_it_is_allowed() {
    let proxy = Server::answering(404, "application/json", "{}").await;
    let with = |base_url: &str| {
        setup(base_url)
            .credential("token", "abc")
            .proxy(&proxy.base_url)
            .retry(RetryPolicy::never())
    };
    let refused = [
        with("http://acme.example"),
        with("http://10.0.0.1:8080/api"),
        with("http://acme.example").allow_plain_http("other.example"),
    ];
    for setup in refused {
        let error = Client::with(setup).unwrap().read_ticket("7", None).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`readTicket`: `token` is a secret in the path, which everyone on the way can read over \
             plain `http`: use `https`, or allow the host by its name with `.allow_plain_http(…)` on \
             the client builder"
        );
        assert!(error.is_invalid_request() && error.n_attempts() == 0);
    }
    assert!(proxy.requests().is_empty());

    let allowed =
        Client::with(with("http://acme.example").allow_plain_http("ACME.example")).unwrap();
    assert!(allowed.read_ticket("7", None).await.unwrap_err().is_not_found());
    assert_eq!(proxy.request().line(), "GET http://acme.example/tickets/abc/7");
}

#[tokio::test]
async fn a_credential_with_a_line_break_is_refused() {
    for (scheme, text) in
        [("token", "abc\n"), ("token", "a\r\nb"), ("user", "ana:pw\n"), ("q", "x\0")]
    {
        let error = setup("http://127.0.0.1:1").credential(scheme, text).build().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("credential `{scheme}` contains a line break or another control character")
        );
    }
}
