//! Tests the bytes of forms on the wire, and the limit before the first byte.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use crate::client::{AnyForm, Client, LIMIT, Login, NewTicket, setup};
use crate::server::{Received, Server};
use proptest::prelude::*;
use prumo_runtime::FilePart;

const OK: &str = r#"{"erro":false,"data":{"id":"7"}}"#;

async fn server_and_client() -> (Server, Client) {
    let server = Server::answering(200, "application/json", OK).await;
    let client = Client::with(setup(&server.base_url).credential("token", "abc")).unwrap();
    (server, client)
}

/// Returns the body with its random boundary replaced by `B`.
fn with_plain_boundary(request: &Received) -> String {
    let kind = request.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    request.text().replace(boundary, "B")
}

#[tokio::test]
async fn a_form_is_spelled_as_php_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relatório [1].PDF");
    std::fs::write(&path, "%PDF").unwrap();
    let ticket = NewTicket {
        title: "Sem \"link\"\r\n".into(),
        fields: BTreeMap::from([("abc01".into(), "são".into()), ("abc02".into(), String::new())]),
        files: vec![
            FilePart::from_path(&path),
            FilePart::from_bytes("a\"b\r\nX-Evil: 1\\.txt", "xyz")
                .content_type("text/plain; charset=utf-8"),
        ],
    };
    let (server, client) = server_and_client().await;
    client.open_ticket(&ticket).await.unwrap();

    let request = server.request();
    assert_eq!(request.line(), "POST /tickets/abc");
    assert_eq!(
        with_plain_boundary(&request),
        "--B\r\nContent-Disposition: form-data; name=\"titulo\"\r\n\r\nSem \"link\"\r\n\r\n\
         --B\r\nContent-Disposition: form-data; name=\"campos[abc01]\"\r\n\r\nsão\r\n\
         --B\r\nContent-Disposition: form-data; name=\"campos[abc02]\"\r\n\r\n\r\n\
         --B\r\nContent-Disposition: form-data; name=\"anexos[]\"; filename=\"relatório [1].PDF\"\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF\r\n\
         --B\r\nContent-Disposition: form-data; name=\"anexos[]\"; filename=\"a%22b%0D%0AX-Evil: 1\\\\.txt\"\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nxyz\r\n\
         --B--\r\n",
    );
}

#[tokio::test]
async fn a_file_of_many_chunks_arrives_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.bin");
    let content: Vec<u8> = (0..1_000_003_u32).map(|n| n.to_le_bytes()[n as usize % 3]).collect();
    std::fs::write(&path, &content).unwrap();
    let mut form = AnyForm::default();
    form.0.push(("anexos[]".into(), Err(FilePart::from_path(&path))));

    let (server, client) = server_and_client().await;
    client.send_form(&form).await.unwrap();
    let body = server.request().body;
    let start = body.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert!(body[start..].starts_with(&content));
}

#[tokio::test]
async fn a_form_over_the_limit_is_refused_before_a_connection() {
    let (server, client) = server_and_client().await;
    // The exact edge: the last field grows by as much as the limit allows.
    let sized = |n_bytes: usize| NewTicket {
        title: "t".into(),
        files: vec![FilePart::from_bytes("a.log", vec![b'x'; n_bytes])],
        ..NewTicket::default()
    };
    client.open_ticket(&sized(0)).await.unwrap();
    let empty: u64 = server.request().header("content-length").unwrap().parse().unwrap();
    let room = usize::try_from(LIMIT - empty).unwrap();

    client.open_ticket(&sized(room)).await.unwrap();
    let sent = server.requests().pop().unwrap();
    assert_eq!(sent.header("content-length"), Some(LIMIT.to_string().as_str()));

    let error = client.open_ticket(&sized(room + 1)).await.unwrap_err();
    assert!(error.is_too_large() && !error.is_invalid_request() && !error.may_have_happened());
    assert_eq!(error.operation(), Some("openTicket"));
    assert_eq!(
        error.to_string(),
        format!(
            "`openTicket`: the request body has 4097 bytes, over the limit of 4096: `titulo` 1, `anexos[]` {}",
            room + 1
        ),
    );
    let parts: Vec<(&str, u64)> =
        error.parts().iter().map(|part| (part.name.as_str(), part.bytes)).collect();
    assert_eq!(parts, [("titulo", 1), ("anexos[]", room as u64 + 1)]);
    assert_eq!(server.requests().len(), 2, "the third was never sent");
}

#[tokio::test]
async fn an_urlencoded_form_has_its_limit() {
    let (server, client) = server_and_client().await;
    let login = Login { user: "x".repeat(54), pass: "".into(), scopes: vec![] };
    let error = client.sign_in(&login).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`signIn`: the request body has 65 bytes, over the limit of 64: `user` 54, `pass` 0"
    );
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_form_that_can_not_be_sent_says_why() {
    let ticket = |key: &str, file: Option<FilePart>| NewTicket {
        title: String::new(),
        fields: BTreeMap::from([(key.to_owned(), String::new())]),
        files: file.into_iter().collect(),
    };
    let brackets = "a key of `campos` is empty or holds a bracket or a control character";
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("gone.txt");
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    let cases = [
        (ticket("", None), brackets.to_owned()),
        (ticket("a]b[", None), brackets.to_owned()),
        (ticket("a\r\nb", None), brackets.to_owned()),
        (
            ticket("a", Some(FilePart::from_path(&missing))),
            "field `anexos[]` has no readable file: `gone.txt`: entity not found".to_owned(),
        ),
        (
            ticket("a", Some(FilePart::from_path(&missing).name("as sent.txt"))),
            "field `anexos[]` has no readable file: `gone.txt`: entity not found".to_owned(),
        ),
        (
            ticket("a", Some(FilePart::from(inner.as_path()))),
            "field `anexos[]` has no readable file: `inner` is not a file".to_owned(),
        ),
        (
            ticket("a", Some(FilePart::from(inner.join("..")))),
            "field `anexos[]` has no readable file: the path is not a file".to_owned(),
        ),
        (
            ticket("a", Some(FilePart::from_bytes("x", "").content_type("text\r\nX: 1"))),
            "the file of field `anexos[]` has a malformed content type".to_owned(),
        ),
    ];
    let (server, client) = server_and_client().await;
    for (body, expect) in cases {
        let error = client.open_ticket(&body).await.unwrap_err();
        assert!(error.is_invalid_request() && !error.may_have_happened());
        assert_eq!(error.operation(), Some("openTicket"));
        assert_eq!(error.to_string(), format!("`openTicket`: {expect}"));
        let printed = crate::everything_printed(&error);
        assert!(!printed.contains(folder.path().to_str().unwrap()), "{printed}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_file_of_a_reader_is_not_written_as_json() {
    let file = FilePart::from_reader("link.txt", 4, Cursor::new("down"));
    let error = serde_json::to_string(&file).unwrap_err();
    assert_eq!(error.to_string(), "a file that comes from a reader can't be written as JSON");
    assert_eq!(format!("{file:?}"), "FilePart(4 bytes of a reader)");
}

#[test]
fn a_file_goes_through_json_unchanged() {
    let cases = [
        r#"{"path":"/tmp/a.pdf","name":"a.pdf"}"#,
        r#"{"bytes":"text","name":"a.txt","content_type":"text/plain"}"#,
        r#"{"bytes":[255,0],"name":"a.bin"}"#,
    ];
    for json in cases {
        let file: FilePart = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&file).unwrap(), json);
    }
    let recorded: FilePart =
        serde_json::from_str(r#"{"file":"a.bin","content_type":"image/png","bytes":3}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&recorded).unwrap(),
        r#"{"bytes":"\u0000\u0000\u0000","name":"a.bin","content_type":"image/png"}"#
    );
    for json in ["{}", r#"{"path":"/a","bytes":"b"}"#, r#"{"bytes":99999999999}"#, "7"] {
        assert!(serde_json::from_str::<FilePart>(json).is_err(), "json {json}");
    }
}

/// Any name that a keyboard or an attacker can produce.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", "[\"\\\\\r\n\t \\[\\];=%'ãé]{1,12}", "\\PC{1,20}"]
}

/// The source of a field's bytes.
#[derive(Clone, Copy, Debug)]
enum Origin {
    Text,
    Memory,
    Disk,
    Reader,
    Reopened,
}

/// Mostly small contents, and some of more than one chunk.
fn any_field() -> impl Strategy<Value = (String, String, Vec<u8>, Origin)> {
    let content = prop_oneof![
        4 => proptest::collection::vec(any::<u8>(), 0..2000),
        1 => (65_000_usize..140_000, any::<u8>()).prop_map(|(size, byte)| vec![byte; size]),
    ];
    let origin = prop::sample::select(vec![
        Origin::Text,
        Origin::Memory,
        Origin::Disk,
        Origin::Reader,
        Origin::Reopened,
    ]);
    (any_name(), any_name(), content, origin)
}

/// Creates a file of `content` from any source except text. `on_disk` is an unused path.
fn file_of(origin: Origin, name: String, content: Vec<u8>, on_disk: &Path) -> FilePart {
    let size = content.len() as u64;
    match origin {
        Origin::Disk => {
            std::fs::write(on_disk, &content).unwrap();
            FilePart::from_path(on_disk).name(name)
        }
        Origin::Reader => FilePart::from_reader(name, size, Cursor::new(content)),
        Origin::Reopened => {
            FilePart::from_reopen(name, size, move || Ok(Cursor::new(content.clone())))
        }
        Origin::Memory | Origin::Text => FilePart::from_bytes(name, content),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The announced length is the length that is sent. A name stays inside its header, so that as
    /// many parts arrive as were added. Each part has the content that was added.
    #[test]
    fn computed_length_equals_sent_length(fields in proptest::collection::vec(any_field(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let mut form = AnyForm::default();
        let mut contents = Vec::new();
        for (idx, (name, file_name, content, origin)) in fields.into_iter().enumerate() {
            let value = match origin {
                Origin::Text => Ok(String::from_utf8_lossy(&content).into_owned()),
                _ => Err(file_of(origin, file_name, content.clone(), &folder.path().join(idx.to_string()))),
            };
            contents.push(value.as_ref().map_or(content, |text| text.clone().into_bytes()));
            form.0.push((name, value));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let request = runtime.block_on(async {
            let (server, client) = server_and_client().await;
            client.send_form(&form).await.unwrap();
            server.request()
        });
        let announced: usize = request.header("content-length").unwrap().parse().unwrap();
        prop_assert_eq!(announced, request.body.len());

        let kind = request.header("content-type").unwrap();
        let parts = parts(&request.body, kind.split_once("boundary=").unwrap().1);
        prop_assert_eq!(parts.len(), contents.len());
        for ((head, sent), content) in parts.into_iter().zip(contents) {
            prop_assert!(head.starts_with(b"Content-Disposition: form-data; name=\""));
            let lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
            let n_lines = lines.filter(|line| !line.is_empty()).count();
            prop_assert!(n_lines <= 2, "a name broke out: {}", String::from_utf8_lossy(&head));
            prop_assert!(sent == content, "{} bytes arrived of {}", sent.len(), content.len());
        }
    }
}

/// Returns the head and content of each part.
fn parts(body: &[u8], boundary: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let start = format!("--{boundary}\r\n");
    let end = format!("\r\n--{boundary}");
    let find =
        |text: &[u8], what: &[u8]| text.windows(what.len()).position(|window| window == what);
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(part) = rest.strip_prefix(start.as_bytes()) {
        let head = find(part, b"\r\n\r\n").unwrap();
        let content = &part[head + 4..];
        let n_bytes = find(content, end.as_bytes()).unwrap();
        parts.push((part[..head].to_vec(), content[..n_bytes].to_vec()));
        rest = &content[n_bytes + 2..];
    }
    assert_eq!(rest, format!("--{boundary}--\r\n").as_bytes(), "the last boundary");
    parts
}
