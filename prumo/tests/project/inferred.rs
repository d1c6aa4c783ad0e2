//! Tests `prumo infer`: the traffic fits the spec that is drafted from it.

use std::path::{Path, PathBuf};

use super::{fine, project, prumo, read};

/// Returns the folder of the repository's own recordings.
fn fixtures(vendor: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(vendor)
}

#[test]
fn the_recordings_of_each_vendor_fit_their_own_draft() {
    for vendor in ["tomticket-v1", "tomticket-v2", "hubsoft"] {
        let folder = project();
        let recordings = fixtures(vendor).display().to_string();
        let spec = format!("specs/{vendor}.yaml");
        let infer = fine(folder.path(), &["infer", "--out", &spec, &recordings]);
        assert!(infer.last().starts_with(&format!("written  {spec}: ")), "{}", infer.out);
        let lint = fine(folder.path(), &["lint"]);
        assert!(lint.last().starts_with("fits     1 spec"), "{}{}", lint.out, lint.told);
        let judge = fine(folder.path(), &["judge", &recordings]);
        assert!(judge.last().starts_with("fits: 0 findings, 0 waived; "), "{}", judge.out);
        assert!(judge.last().ends_with(" seen, 0 coverage gaps"), "{}", judge.out);
    }
}

#[test]
fn a_draft_becomes_a_client() {
    let folder = project();
    let recordings = fixtures("tomticket-v2").display().to_string();
    fine(folder.path(), &["infer", "--out", "specs/helpdesk.yaml", &recordings]);
    fine(folder.path(), &["generate"]);
    let operations = read(folder.path(), "generated/helpdesk/src/operations.rs");
    assert!(operations.contains("chat_list"), "{operations}");
}

#[test]
fn a_draft_is_printed_or_written_and_replaces_nothing() {
    let folder = project();
    let exchange = r#"{"request":{"method":"GET","path":"/a/1"},"response":{"status":200,"headers":{"content-type":"application/json"},"body":{"id":1}}}"#;
    fs_err::write(folder.path().join("in.ndjson"), format!("{exchange}\nno exchange\n")).unwrap();
    let run = prumo(folder.path(), &["infer", "--name", "loja", "in.ndjson"]);
    assert_eq!(run.code, Some(1), "a line was no exchange: {}", run.told);
    assert!(run.told.contains("`in.ndjson`: 2:2: not JSON"), "{}", run.told);
    assert!(run.out.contains("/a/{a_id}:") && run.out.contains("title: loja"), "{}", run.out);

    fs_err::write(folder.path().join("in.ndjson"), exchange).unwrap();
    fs_err::write(folder.path().join("mine.yaml"), "mine").unwrap();
    let run = prumo(folder.path(), &["infer", "--out", "mine.yaml", "in.ndjson"]);
    assert_eq!(run.code, Some(1));
    assert!(run.told.contains("`mine.yaml` is there already"), "{}", run.told);
    assert_eq!(read(folder.path(), "mine.yaml"), "mine");
    fine(folder.path(), &["infer", "--force", "--out", "mine.yaml", "in.ndjson"]);
    assert!(read(folder.path(), "mine.yaml").contains("title: mine"));

    fs_err::write(folder.path().join("none.ndjson"), "").unwrap();
    let none = prumo(folder.path(), &["infer", "none.ndjson"]);
    assert_eq!((none.code, none.out.as_str()), (Some(1), ""));
}
