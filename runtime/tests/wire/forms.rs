//! Forms on the wire, byte for byte, and the limit before the first byte.

use std::collections::BTreeMap;
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

/// The body with its random boundary replaced by `B`.
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
            FilePart::from_bytes("a\"b\r\nX-Evil: 1\\.txt", "xyz").content_type("text/plain; charset=utf-8"),
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
    // The exact edge: grow the last field by what is missing to the limit.
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
    let parts: Vec<(&str, u64)> = error.parts().iter().map(|part| (part.name.as_str(), part.bytes)).collect();
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
            "field `anexos[]` has no readable file: `inner` is no file".to_owned(),
        ),
        (
            ticket("a", Some(FilePart::from(inner.join("..")))),
            "field `anexos[]` has no readable file: the path is no file".to_owned(),
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

#[tokio::test]
async fn a_file_that_changes_on_the_way_is_an_error() {
    /// A file that is overwritten once its size is known.
    struct Changes<'a>(&'a Path, &'a str);
    impl prumo_runtime::FormBody for Changes<'_> {
        const MAX_REQUEST_BYTES: Option<u64> = None;
        const KIND: prumo_runtime::FormKind = prumo_runtime::FormKind::Multipart;
        fn write(&self, form: &mut prumo_runtime::Form) {
            form.file("anexo", &FilePart::from_path(self.0));
            std::fs::write(self.0, self.1).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    for later in ["less", "much more than there was before"] {
        std::fs::write(&path, "as it was before").unwrap();
        let (_server, client) = server_and_client().await;
        let error = client.send_form(&Changes(&path, later)).await.unwrap_err();
        let printed = crate::everything_printed(&error);
        assert!(!error.is_vendor() && !error.is_invalid_request(), "{printed}");
        assert!(error.may_have_happened(), "a part of it was sent: {printed}");
        assert!(
            printed.contains(
                "the file of field `anexo` could not be sent: it changed its size while it was sent"
            ),
            "{printed}"
        );
    }
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

/// A name of anything that a keyboard or an attacker has.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", "[\"\\\\\r\n\t \\[\\];=%'ãé]{1,12}", "\\PC{1,20}"]
}

fn any_field() -> impl Strategy<Value = (String, Option<String>, Vec<u8>, bool)> {
    let content = proptest::collection::vec(any::<u8>(), 0..2000);
    (any_name(), proptest::option::of(any_name()), content, any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The length that is announced is the length that is sent, and a name
    /// stays inside its header: as many parts arrive as were put in.
    #[test]
    fn computed_length_equals_sent_length(fields in proptest::collection::vec(any_field(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let mut form = AnyForm::default();
        let n_parts = fields.len();
        for (idx, (name, file_name, content, on_disk)) in fields.into_iter().enumerate() {
            form.0.push((name, match file_name {
                None => Ok(String::from_utf8_lossy(&content).into_owned()),
                Some(file_name) if on_disk => {
                    let path = folder.path().join(idx.to_string());
                    std::fs::write(&path, &content).unwrap();
                    Err(FilePart::from_path(path).name(file_name))
                }
                Some(file_name) => Err(FilePart::from_bytes(file_name, content)),
            }));
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
        let heads = header_blocks(&request.body, kind.split_once("boundary=").unwrap().1);
        prop_assert_eq!(heads.len(), n_parts);
        for head in heads {
            prop_assert!(head.starts_with(b"Content-Disposition: form-data; name=\""));
            let lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
            let n_lines = lines.filter(|line| !line.is_empty()).count();
            prop_assert!(n_lines <= 2, "a name broke out: {}", String::from_utf8_lossy(&head));
        }
    }
}

/// The header block of each part.
fn header_blocks(body: &[u8], boundary: &str) -> Vec<Vec<u8>> {
    let start = format!("--{boundary}\r\n");
    let mut blocks = Vec::new();
    for at in 0..body.len() {
        let Some(rest) = body[at..].strip_prefix(start.as_bytes()) else {
            continue;
        };
        let end = rest.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        blocks.push(rest[..end].to_vec());
    }
    blocks
}
