//! Tests uploads of files: exact size or failure, progress, and repetition where possible.

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::client::{AnyForm, Client, setup};
use crate::clock::FakeClock;
use crate::server::Server;
use prumo_runtime::{FilePart, RetryPolicy};

const OK: &str = r#"{"erro":false,"data":{"id":"7"}}"#;

async fn server_and_client() -> (Server, Client) {
    let server = Server::answering(200, "application/json", OK).await;
    let client = Client::with(setup(&server.base_url)).unwrap();
    (server, client)
}

fn form_of(file: FilePart) -> AnyForm {
    AnyForm(vec![("anexo".into(), Err(file))])
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
                "the file of field `anexo` could not be sent: its size is not the announced one"
            ),
            "{printed}"
        );
    }
}

#[tokio::test]
async fn a_reader_of_another_size_is_never_a_whole_request() {
    let of =
        |announced| FilePart::from_reader("link.txt", announced, Cursor::new("down since 10:58"));
    let (server, client) = server_and_client().await;
    for announced in [0, 15, 17, 100_000] {
        let form = form_of(of(announced));
        let error = client.send_form(&form).await.unwrap_err();
        let printed = crate::everything_printed(&error);
        assert!(!error.is_vendor() && !error.is_invalid_request(), "{announced}: {printed}");
        let expect =
            "the file of field `anexo` could not be sent: its size is not the announced one";
        assert!(printed.contains(expect), "{announced}: {printed}");
    }
    // The server handles one connection after the other, so once it answers this call, it is done
    // with the earlier ones.
    let form = form_of(of(16));
    client.send_form(&form).await.unwrap();
    assert!(server.request().text().contains("\r\n\r\ndown since 10:58\r\n--"));

    let error = client.send_form(&form).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`sendForm`: field `anexo` has no readable file: its reader was already read and can't be read again"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn progress_is_told_while_a_file_is_sent() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let file = |name: &'static str, n_bytes: usize| {
        let keep = Arc::clone(&told);
        let file = FilePart::from_bytes(name, vec![0; n_bytes]);
        file.on_progress(move |progress| {
            keep.lock().unwrap().push((name, progress.sent, progress.total))
        })
    };
    let (_server, client) = server_and_client().await;
    let files = [file("dump.bin", 100_000), file("link.txt", 16)];
    let fields = files.map(|file| ("anexos[]".to_owned(), Err(file)));
    client.send_form(&AnyForm(fields.into())).await.unwrap();
    assert_eq!(
        *told.lock().unwrap(),
        [
            ("dump.bin", 0, 100_000),
            ("dump.bin", 65_536, 100_000),
            ("dump.bin", 100_000, 100_000),
            ("link.txt", 0, 16),
            ("link.txt", 16, 16),
        ]
    );
}

#[tokio::test]
async fn a_progress_callback_that_panics_ends_the_call() {
    let file = FilePart::from_bytes("dump.bin", "down").on_progress(|progress| {
        // A panic that prints nothing.
        if progress.sent == progress.total {
            std::panic::resume_unwind(Box::new("the test's own"));
        }
    });
    let (server, client) = server_and_client().await;
    let error = client.send_form(&form_of(file)).await.unwrap_err();
    let printed = crate::everything_printed(&error);
    assert!(printed.contains("its reader or its progress callback panicked"), "{printed}");
    // The client still works.
    client.send_form(&AnyForm::default()).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_call_is_repeated_where_its_file_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("link.txt");
    std::fs::write(&path, "down since 10:58").unwrap();
    let reader = || Cursor::new("down since 10:58");
    let cases = [
        ("path", FilePart::from_path(&path), 3),
        ("bytes", FilePart::from_bytes("link.txt", "down since 10:58"), 3),
        ("reopened", FilePart::from_reopen("link.txt", 16, move || Ok(reader())), 3),
        ("reader", FilePart::from_reader("link.txt", 16, reader()), 1),
    ];
    for (name, file, n_attempts) in cases {
        let told = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        let file = file.on_progress(move |progress| {
            keep.lock().unwrap().push((progress.attempt, progress.sent))
        });
        let server = Server::answering(429, "application/json", "{}").await;
        let setup = setup(&server.base_url).clock(FakeClock::new()).retry(RetryPolicy::default());
        let error = Client::with(setup).unwrap().send_form(&form_of(file)).await.unwrap_err();
        assert!(error.is_rate_limited() && error.n_attempts() == n_attempts, "{name}: {error}");

        let bodies: Vec<String> =
            server.requests().iter().map(crate::server::Received::text).collect();
        assert_eq!(bodies.len(), n_attempts as usize, "{name}");
        for body in &bodies {
            assert_eq!(body, &bodies[0], "{name}: another body");
            assert!(body.contains("\r\n\r\ndown since 10:58\r\n--"), "{name}: {body}");
        }
        let expect: Vec<(u32, u64)> =
            (1..=n_attempts).flat_map(|nth| [(nth, 0), (nth, 16)]).collect();
        assert_eq!(*told.lock().unwrap(), expect, "{name}");
    }
}

#[tokio::test]
async fn a_file_may_take_longer_than_silence_but_not_stand_still() {
    // This limit is in the machine's time, as in `hostile`.
    let stall = Duration::from_millis(300);
    let (server, _) = server_and_client().await;
    let client = Client::with(setup(&server.base_url).stall_timeout(stall)).unwrap();

    let (mut source, reader) = tokio::io::duplex(1);
    let slow = FilePart::from_reader("link.txt", 30, reader);
    let written = tokio::spawn(async move {
        for _ in 0..30 {
            tokio::time::sleep(stall / 15).await;
            source.write_all(b"#").await.unwrap();
        }
    });
    client.send_form(&form_of(slow)).await.unwrap();
    written.await.unwrap();
    assert!(server.request().text().contains(&format!("\r\n\r\n{}\r\n--", "#".repeat(30))));

    let (_source, reader) = tokio::io::duplex(1);
    let still = FilePart::from_reader("link.txt", 30, reader);
    let error = client.send_form(&form_of(still)).await.unwrap_err();
    assert_eq!(error.to_string(), "`sendForm`: the upload made no progress and no response came");
    assert!(error.is_transport());
    assert_eq!(crate::classes(&error), ["timeout", "maybe"]);
}
