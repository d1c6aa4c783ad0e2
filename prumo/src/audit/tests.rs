//! The verb reads what it is given, prints places and no values, and ends with the right code.

use super::Work;

fn audited(files: &[(&str, &[u8])]) -> Work {
    let folder = tempfile::tempdir().unwrap();
    let mut work = Work { base: folder.path().to_owned(), ..Work::default() };
    for (name, content) in files {
        let path = folder.path().join(name);
        fs_err::write(&path, content).unwrap();
        work.file(&path).unwrap();
    }
    work
}

#[test]
fn a_place_is_printed_without_its_value() {
    let work = audited(&[
        ("a.json", b"{\"nome\": \"Marta Quiroga\",\n \"email\": \"marta@provedor.com.br\"}"),
        ("b.md", b"Marta Modelo, ana@example.com, 192.0.2.1\n"),
        ("c.bin", b"\0\xff"),
    ]);
    let expect = "drifts   name       a.json:1:10\n\
                  drifts   email      a.json:2:11\n\
                  drifts: 1 email, 1 name in 2 files; 1 skipped, since they are no text\n";
    assert_eq!(work.as_text(), expect);
    assert!(!work.as_json().unwrap().contains("Quiroga"));
    assert!(!work.is_clean());
}

#[test]
fn files_without_a_person_fit() {
    let work = audited(&[("b.md", b"Marta Modelo, ana@example.com, 192.0.2.1\n")]);
    assert_eq!(work.as_text(), "fits: no person and no secret in 1 file\n");
    assert!(work.is_clean());
}
