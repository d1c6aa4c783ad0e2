//! Tests `call --pages`: which pages are requested, printed and recorded.

use super::call;
use super::vendor::Vendor;

/// A paged list to follow.
struct List {
    name: &'static str,
    words: &'static [&'static str],
    /// Status and body of each requested page.
    answers: &'static [(&'static str, &'static str)],
    out: &'static str,
    /// A part of standard error.
    told: &'static str,
    code: i32,
}

const OK: &str = "200 OK";
const NOT_FOUND: &str = "404 Not Found";

const FIRST_OF_TWO: (&str, &str) = (OK, r#"{"items":[{"id":1},{"id":2}],"page":1,"last":2}"#);
const FILE: (&str, &str) = (OK, r#"{"items":[{"id":1}],"next":2}"#);

const LISTS: [List; 10] = [
    List {
        name: "the answer names the last page",
        words: &["list_tickets", "--pages", "all", "--output", "table"],
        answers: &[FIRST_OF_TWO, (OK, r#"{"items":[{"id":3}],"page":2,"last":2}"#)],
        out: "id\n1\n2\n3\n3 rows\n",
        told: "",
        code: 0,
    },
    List {
        name: "no more pages than are wanted",
        words: &["list_tickets", "--pages", "1", "--output", "table", "--verbose"],
        answers: &[FIRST_OF_TWO],
        out: "id\n1\n2\n2 rows\n",
        told: "list_tickets attempt 1: 200 in ",
        code: 0,
    },
    List {
        name: "from the page that is given",
        words: &["list_tickets", "page=2", "--pages", "all", "--output", "table"],
        answers: &[(OK, r#"{"items":[{"id":3}],"page":2,"last":2}"#)],
        out: "id\n3\n1 row\n",
        told: "",
        code: 0,
    },
    List {
        name: "the body of the last page as it came",
        words: &["list_files", "--pages", "all", "--output", "raw"],
        answers: &[FILE, (OK, r#"{"items":[{"id":2}],"next":null}"#)],
        out: r#"{"items":[{"id":2}],"next":null}"#,
        told: "",
        code: 0,
    },
    List {
        name: "the next page is gone when it is asked for",
        words: &["list_files", "--pages", "all", "--output", "raw"],
        answers: &[FILE, (NOT_FOUND, r#"{"message":"no such page"}"#)],
        out: r#"{"items":[{"id":1}],"next":2}"#,
        told: "",
        code: 0,
    },
    List {
        name: "404 tells the end",
        words: &["list_people", "--pages", "all", "--output", "table"],
        answers: &[(OK, r#"{"items":[{"id":1}]}"#), (NOT_FOUND, r#"{"message":"no such page"}"#)],
        out: "id\n1\n1 row\n",
        told: "",
        code: 0,
    },
    List {
        name: "404 at once is no end",
        words: &["list_people", "--pages", "all"],
        answers: &[(NOT_FOUND, r#"{"message":"no such path"}"#)],
        out: "",
        told: "error: page 1: `list_people`: the vendor refused with status 404",
        code: 1,
    },
    List {
        name: "404 where the vendor has none for a page",
        words: &["list_tickets", "--pages", "all"],
        answers: &[FIRST_OF_TWO, (NOT_FOUND, r#"{"message":"no such path"}"#)],
        out: "",
        told: "error: page 2: `list_tickets`: the vendor refused with status 404",
        code: 1,
    },
    List {
        name: "the same items again",
        words: &["list_people", "--pages", "all"],
        answers: &[(OK, r#"{"items":[{"id":1}]}"#), (OK, r#"{"items":[{"id":1}]}"#)],
        out: "",
        told: "error: page 2: `list_people`: can't decode the response with status 200 at `/items`: \
               the same items as on the page before: the vendor may ignore `page`\n",
        code: 1,
    },
    List {
        name: "no list, where one is promised",
        words: &["list_tickets", "--pages", "all"],
        answers: &[(OK, r#"{"page":1,"last":1}"#)],
        out: "[]\n",
        told: "drifts",
        code: 4,
    },
];

#[test]
fn pages_are_followed_to_the_last_as_a_client_does() {
    let root = tempfile::tempdir().expect("a folder");
    for List { name, words, answers, out, told, code } in LISTS {
        let vendor = Vendor::with(answers.to_vec());
        let run = call(root.path(), Some(&vendor.url), words);
        assert_eq!((run.out.as_str(), run.code), (out, Some(code)), "case `{name}`: {}", run.told);
        assert!(run.told.contains(told), "case `{name}`: {}", run.told);
        assert_eq!(vendor.seen().len(), answers.len(), "case `{name}`");
    }
}

#[test]
fn a_vendor_that_gives_the_same_page_again_is_told() {
    let root = tempfile::tempdir().expect("a folder");
    let vendor = Vendor::with(vec![FIRST_OF_TWO, FIRST_OF_TWO]);
    let run = call(root.path(), Some(&vendor.url), &["list_tickets", "--pages", "all"]);
    let told = "error: page 2: `list_tickets`: can't decode the response with status 200 at `/page`: \
                not the page that was requested by `page`\n";
    assert!(run.told.ends_with(told), "{}", run.told);
    assert_eq!(vendor.seen(), ["GET /tickets?page=1 HTTP/1.1", "GET /tickets?page=2 HTTP/1.1"]);
}

#[test]
fn the_page_that_was_answered_is_the_one_that_is_recorded() {
    let root = tempfile::tempdir().expect("a folder");
    let cases: [(&str, &str, &str, serde_json::Value); 2] = [
        (
            "list_files",
            r#"{"items":[{"id":2}],"next":null}"#,
            "/files",
            serde_json::json!({"page": "2"}),
        ),
        ("list_people", r#"{"items":[]}"#, "/people/2", serde_json::json!({})),
    ];
    for (operation, last, path, query) in cases {
        let vendor = Vendor::with(vec![FILE, (OK, last)]);
        let words = [operation, "--pages", "2", "--record", "x.json"];
        let run = call(root.path(), Some(&vendor.url), &words);
        assert!(vendor.seen()[1].contains(path), "{operation}: {}", run.told);
        let recorded = fs_err::read(root.path().join("x.json")).expect("a recording");
        let recorded: serde_json::Value = serde_json::from_slice(&recorded).expect("JSON");
        assert_eq!(recorded["request"]["path"], path, "{operation}");
        assert_eq!(recorded["request"]["query"], query, "{operation}");
    }
}
