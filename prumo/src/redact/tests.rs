//! Files are redacted in place or elsewhere, each in its own format.

use std::io::{BufReader, Read, Write};
use std::path::Path;

use super::{Args, DEFAULT_MAX_EXCHANGE_BYTES, Work};
use crate::packed::{Packer, Packing, Unpacked, unpacked_from};
use prumo_redact::Redactor;

/// Redacts one file of this name; returns what was written, or the error.
fn redacted(name: &str, text: &[u8], out: Option<&str>) -> Result<(String, String), String> {
    let root = tempfile::tempdir().expect("a folder");
    let path = root.path().join(name);
    fs_err::write(&path, text).expect("a file");
    let args = Args {
        out: out.map(|out| root.path().join(out)),
        specs: Vec::new(),
        max_exchange_bytes: DEFAULT_MAX_EXCHANGE_BYTES,
        paths: Vec::new(),
    };
    let target = out.map_or(path.clone(), |out| root.path().join(out).join(name));
    let mut work = Work::new(&args, Redactor::new(b"key"));
    let done = work.file(&path, None);
    let names = fs_err::read_dir(root.path()).expect("a folder").map(|one| one.expect("a file"));
    let parts = names.filter(|one| one.path().extension().is_some_and(|end| end == "part"));
    assert_eq!(parts.count(), 0, "a part is left");
    match done {
        Ok(()) => Ok((read(&target), work.summary())),
        Err(error) => {
            assert_eq!(fs_err::read(&path).expect("the file"), text, "the file was changed");
            Err(format!("{error:#}").replace(&root.path().display().to_string(), "ROOT"))
        }
    }
}

fn read(path: &Path) -> String {
    fs_err::read_to_string(path).expect("the file")
}

const EXCHANGE: &str = concat!(
    r#"{ "request": {"method": "GET", "path": "/a", "headers": {"authorization": "Bearer s3cr3t-t0k3n"}},"#,
    "\n  ",
    r#""response": {"status": 200, "headers": {}, "body": {"n": 1.0, "cpf": "529.982.247-25"}}}"#
);

#[test]
fn every_format_keeps_its_layout() {
    let line = EXCHANGE.replace("\n  ", " ");
    let rows = [
        ("one exchange, on several lines", "a.json", format!("{EXCHANGE}\n"), 1),
        ("one exchange on each line", "a.ndjson", format!("{line}\n{line}\n"), 2),
        ("a list", "a.json", format!("[\n{line},\n{line}\n]\n"), 2),
    ];
    for (name, file, text, n) in rows {
        let (written, summary) = redacted(file, text.as_bytes(), None).expect(name);
        assert_eq!(written.lines().count(), text.lines().count(), "case `{name}`: {written}");
        assert_eq!(written.matches(r#""n": 1.0"#).count(), n, "case `{name}`: {written}");
        assert!(!written.contains("529.982.247-25"), "case `{name}`: {written}");
        assert!(!written.contains("s3cr3t"), "case `{name}`: {written}");
        assert!(summary.ends_with(&format!("replaced {n} cpf, {n} secret")), "{summary}");
    }
}

#[test]
fn the_original_stays_if_another_folder_is_written() {
    let (written, _) = redacted("a.json", EXCHANGE.as_bytes(), Some("deep/out")).expect("written");
    assert!(!written.contains("529.982.247-25"), "{written}");
}

#[test]
fn a_har_document_keeps_only_what_a_recording_needs() {
    let har = r#"{"log": {"version": "1.2", "creator": {"name": "b", "version": "1"}, "pages": [{"title": "Ana Lima"}], "entries": [
        {"startedDateTime": "2026-11-22T03:00:00Z", "time": 1, "serverIPAddress": "203.0.113.57", "cache": {}, "timings": {},
         "request": {"method": "GET", "url": "https://api.example/a?cpf=52998224725", "httpVersion": "1.1", "cookies": [{"name": "sid", "value": "s3ss10n-1d"}],
                     "headers": [{"name": "Cookie", "value": "sid=s3ss10n-1d"}], "queryString": [{"name": "cpf", "value": "52998224725"}], "headersSize": -1, "bodySize": 0},
         "response": {"status": 200, "statusText": "OK", "httpVersion": "1.1", "cookies": [], "headers": [{"name": "Content-Type", "value": "application/json"}],
                      "content": {"size": 20, "mimeType": "application/json", "text": "eyJub21lIjogIkFuYSBMaW1hIn0=", "encoding": "base64"}, "redirectURL": "", "headersSize": -1, "bodySize": 20}}]}}"#;
    let (written, _) = redacted("a.har", har.as_bytes(), None).expect("written");
    for planted in ["Ana Lima", "203.0.113.57", "s3ss10n", "52998224725", "eyJub21l"] {
        assert!(!written.contains(planted), "`{planted}` is in {written}");
    }
    assert!(written.contains(r#"\"nome\""#), "{written}");
}

#[test]
fn a_body_of_bytes_becomes_text_or_goes() {
    let with = |base64: &str| {
        format!(
            r#"{{"request": {{"method": "GET", "path": "/a"}}, "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "base64": "{base64}"}}}}"#
        )
    };
    let (written, _) =
        redacted("a.json", with("eyJub21lIjogIkFuYSBMaW1hIiwgIm4iOiAxfQ==").as_bytes(), None)
            .expect("written");
    assert!(written.contains(r#""n": 1"#) && !written.contains("Ana Lima"), "{written}");
    assert!(!written.contains("base64"), "{written}");
    let (written, _) =
        redacted("a.json", with("/9j/4AAQSkZJRg==").as_bytes(), None).expect("written");
    assert!(!written.contains("/9j/"), "{written}");
}

#[test]
fn what_cannot_be_read_is_not_written() {
    let rows: [(&str, Vec<u8>, &str); 4] = [
        ("broken", format!("{}\n{{\n", EXCHANGE.replace('\n', " ")).into_bytes(), "not JSON"),
        ("no exchange", b"{\"a\": 1}".to_vec(), "`/request` is missing"),
        ("an archive", b"PK\x03\x04rest".to_vec(), "is a zip archive; unpack it first"),
        ("packed and broken", b"\x28\xb5\x2f\xfdrest".to_vec(), "invalid data"),
    ];
    for (name, text, expect) in rows {
        let error = redacted("a.ndjson", &text, None).expect_err(name);
        assert!(error.contains(expect), "case `{name}`: {error}");
    }
}

#[test]
fn a_compressed_file_stays_one() {
    let args = Args { out: None, specs: Vec::new(), max_exchange_bytes: 10_000, paths: Vec::new() };
    for (name, packing) in [
        ("a.ndjson.gz", Packing::Gzip),
        ("a.ndjson.zst", Packing::Zstd),
        // The bytes decide, not the name.
        ("a.ndjson", Packing::Zstd),
    ] {
        let mut packer = Packer::new(packing, Vec::new());
        packer.write_all(EXCHANGE.as_bytes()).expect("bytes");
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join(name);
        fs_err::write(&path, packer.finish().expect("bytes")).expect("a file");
        Work::new(&args, Redactor::new(b"key")).file(&path, None).expect("written");
        let file = BufReader::new(fs_err::File::open(&path).expect("the file"));
        let unpacked = unpacked_from(file).expect("the file");
        let Unpacked { packing: came, mut content } = unpacked.expect("a known compression");
        assert_eq!(came, packing, "`{name}`");
        let mut text = String::new();
        content.read_to_string(&mut text).expect("a text");
        assert!(text.contains("\"n\": 1.0") && !text.contains("529.982.247-25"), "{text}");
    }
}
