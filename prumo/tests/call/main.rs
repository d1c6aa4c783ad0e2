//! Tests the verb `call` by running the program with an invented spec and a server on loopback.

mod credentials;
mod pages;
mod vendor;

use std::path::Path;
use std::process::Command;

use vendor::Vendor;

/// The text that no output may contain.
const SECRET: &str = "s3cr3t-0123456789";

/// The result of a run.
struct Run {
    code: Option<i32>,
    out: String,
    told: String,
}

impl Run {
    /// Runs a command, whose output must not hold the secret.
    fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, told) = (text(&output.stdout), text(&output.stderr));
        assert!(!out.contains(SECRET) && !told.contains(SECRET), "{out}{told}");
        Self { code: output.status.code(), out, told }
    }
}

/// Runs `prumo call acme …` in a folder with the spec, with every credential set.
fn call(root: &Path, base_url: Option<&str>, words: &[&str]) -> Run {
    fs_err::create_dir_all(root.join("specs")).expect("a folder");
    fs_err::write(root.join("specs/acme.yaml"), include_str!("acme.yaml")).expect("a spec");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prumo"));
    command.env("LC_ALL", "C");
    command.args(["call", "acme"]).args(words).current_dir(root);
    fs_err::write(root.join("prumo.toml"), "").expect("a project");
    command.env_remove("ACME_BASE_URL");
    command.env("ACME_BEARER", SECRET).env("ACME_TOKEN", SECRET);
    if let Some(base_url) = base_url {
        command.env("ACME_BASE_URL", base_url);
    }
    Run::of(&mut command)
}

fn offline(words: &[&str]) -> Run {
    let root = tempfile::tempdir().expect("a folder");
    fs_err::write(root.path().join("a.png"), "png").expect("a file");
    call(root.path(), None, words)
}

/// A name, the words of a dry run, and its output.
type DryRun = (&'static str, &'static [&'static str], &'static str);

const DRY_RUNS: [DryRun; 6] = [
    (
        "a secret in the path",
        &["read_ticket", "id=a b/c"],
        "curl --request GET \\\n  \
             --url 'http://acme.invalid/api/t/'\"$ACME_TOKEN\"'/tickets/a%20b%2Fc' \\\n  \
             --header 'accept: application/json'\n",
    ),
    (
        "a bearer, lists, an enum by its English name, a date",
        &[
            "list_tickets",
            "page=2",
            "status=a",
            "status=b",
            "tag=1",
            "tag=2",
            "order=newest",
            "since=16/11/2018",
        ],
        "curl --request GET \\\n  \
             --url 'http://acme.invalid/api/tickets?order=mais_novo&page=2&since=16%2F11%2F2018&status=a%2Cb&tag=1&tag=2' \\\n  \
             --header 'accept: application/json' \\\n  \
             --header 'authorization: Bearer '\"$ACME_BEARER\"\n",
    ),
    (
        "a body by its fields, with a quote and a password",
        &["create_ticket", "title=d'água", "urgent=true", "pin=1234"],
        "curl --request POST \\\n  \
             --url 'http://acme.invalid/api/tickets' \\\n  \
             --header 'accept: application/json' \\\n  \
             --header 'content-type: application/json' \\\n  \
             --header 'authorization: Bearer '\"$ACME_BEARER\" \\\n  \
             --data-raw '{\"title\":\"d'\\''água\",\"urgent\":true,\"pin\":\"***\"}'\n",
    ),
    (
        "a body as JSON",
        &["create_ticket", "--body", r#"{"title": "x"}"#],
        "curl --request POST \\\n  \
             --url 'http://acme.invalid/api/tickets' \\\n  \
             --header 'accept: application/json' \\\n  \
             --header 'content-type: application/json' \\\n  \
             --header 'authorization: Bearer '\"$ACME_BEARER\" \\\n  \
             --data-raw '{\"title\":\"x\"}'\n",
    ),
    (
        "a form with a file",
        &["attach", "title=x", "--file", "files=@a.png"],
        "curl --request POST \\\n  \
             --url 'http://acme.invalid/api/t/'\"$ACME_TOKEN\"'/files' \\\n  \
             --header 'accept: application/json' \\\n  \
             --form-string 'title=x' \\\n  \
             --form 'files=@\"a.png\"'\n",
    ),
    (
        "a header of the caller's, and another base URL",
        &["read_ticket", "id=1", "--header", "x-key: abc", "--base-url", "https://other.invalid/"],
        "curl --request GET \\\n  \
             --url 'https://other.invalid/t/'\"$ACME_TOKEN\"'/tickets/1' \\\n  \
             --header 'accept: application/json' \\\n  \
             --header 'x-key: ***'\n",
    ),
];

#[test]
fn a_dry_run_prints_a_curl_command_without_a_secret() {
    for (name, words, expected) in DRY_RUNS {
        let run = offline(&[words, &["--dry-run"]].concat());
        assert_eq!(
            (run.out.as_str(), run.told.as_str(), run.code),
            (expected, "", Some(0)),
            "case `{name}`"
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row a case")]
fn what_can_not_be_called_is_told_with_what_to_do_and_no_value() {
    let cases: [(&[&str], &str); 14] = [
        (
            &["read_tickt", "id=1"],
            "error: `acme` has no operation `read_tickt`\n  hint: did you mean `read_ticket`?\n",
        ),
        (
            &["read_ticket"],
            "error: `read_ticket` needs id\n  hint: `--describe` shows what each is\n",
        ),
        (
            &["read_ticket", "idd=1"],
            "error: `read_ticket` takes no `idd`\n  hint: did you mean `id`?\n",
        ),
        (&["read_ticket", "token=x"], "error: `token` is a credential: set `ACME_TOKEN`\n"),
        (&["read_ticket", "id=1", "id=2"], "error: `id` is given twice, and is no list\n"),
        (&["read_ticket", "Ana Modelo"], "error: an argument is no `name=value`\n"),
        (&["list_tickets", "page=Ana"], "error: `page`: expected an integer\n"),
        (
            &["list_tickets", "page=1", "since=2018-11-16"],
            "error: `since`: expected br-date such as 16/11/2018\n",
        ),
        (
            &["list_tickets", "page=1", "order=newst"],
            "error: `order`: did you mean `newest`? Expected one of newest (mais_novo), oldest (mais_antigo)\n",
        ),
        (
            &["create_ticket", "--body", "{Ana"],
            "error: the body is no JSON at line 1, column 2: something else is expected there\n",
        ),
        (
            &[
                "read_ticket",
                "id=1",
                "--base-url",
                "http://127.0.0.1:1",
                "--no-retry",
                "--record",
                "kept.json",
            ],
            "error: `read_ticket`: no connection: connection refused\n",
        ),
        (
            &["create_ticket", "title=a title that is far too long", "--yes"],
            "error: the request leaves the spec\n  \
             bound-exceeded at `/title`: promised at most 20 characters, given 28 characters\n  \
             hint: `--unchecked` sends it all the same\n",
        ),
        (
            &["create_ticket", "title=x"],
            "error: `create_ticket` may change something (POST), so nothing was sent\n  \
             hint: `--yes` sends it, `--dry-run` shows it\n",
        ),
        (&["read_ticket", "id=1", "--pages", "2"], "error: `read_ticket` does not come in pages\n"),
    ];
    for (words, expected) in cases {
        let run = offline(words);
        assert_eq!(
            (run.told.as_str(), run.out.as_str(), run.code),
            (expected, "", Some(1)),
            "words {words:?}"
        );
    }
}

/// A name, words, the vendor's response; the output, a word of standard error, the exit code.
type Answered =
    (&'static str, &'static [&'static str], &'static str, &'static str, &'static str, i32);

#[test]
fn an_answer_is_printed_judged_and_recorded() {
    let root = tempfile::tempdir().expect("a folder");
    let cases: [Answered; 6] = [
        (
            "fits",
            &["read_ticket", "id=1"],
            r#"{"id":7,"title":"x"}"#,
            "{\n  \"id\": 7,\n  \"title\": \"x\"\n}\n",
            "",
            0,
        ),
        ("raw", &["read_ticket", "id=1", "--output", "raw"], r#"{"id":7}"#, r#"{"id":7}"#, "", 0),
        ("a table", &["read_ticket", "id=1", "--output", "table"], r#"{"id":7}"#, "id  7\n", "", 0),
        (
            "named columns",
            &["read_ticket", "id=1", "--output", "table", "--columns", "title,id"],
            r#"{"id":7,"title":"x"}"#,
            "title  x\nid     7\n",
            "",
            0,
        ),
        (
            "characters that a terminal obeys",
            &["read_ticket", "id=1"],
            "{\"id\":7,\"title\":\"\u{9b}2J\u{202e}\"}",
            "{\n  \"id\": 7,\n  \"title\": \"\\u009b2J\\u202e\"\n}\n",
            "",
            0,
        ),
        (
            "drifts",
            &["read_ticket", "id=1"],
            r#"{"id":"7"}"#,
            "{\n  \"id\": \"7\"\n}\n",
            "type-changed",
            4,
        ),
    ];
    for (name, words, answer, out, told, code) in cases {
        let vendor = Vendor::answering(answer);
        let run = call(root.path(), Some(&vendor.url), words);
        assert_eq!((run.out.as_str(), run.code), (out, Some(code)), "case `{name}`: {}", run.told);
        assert!(run.told.contains(told), "case `{name}`: {}", run.told);
        assert_eq!(vendor.seen(), [format!("GET /t/{SECRET}/tickets/1 HTTP/1.1")], "case `{name}`");
    }
    let vendor = Vendor::answering(r#"{"id":7,"title":"Ana Modelo"}"#);
    let run = call(
        root.path(),
        Some(&vendor.url),
        &["create_ticket", "title=Ana Modelo", "--yes", "--record", "x.json"],
    );
    assert_eq!(run.code, Some(0), "{}", run.told);
    let recorded = fs_err::read_to_string(root.path().join("x.json")).expect("a recording");
    assert!(!recorded.contains(SECRET), "{recorded}");
    let recorded: serde_json::Value = serde_json::from_str(&recorded).expect("JSON");
    assert_eq!(recorded["operation"], "create_ticket");
    assert!(recorded["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{recorded}");
    assert_eq!(recorded["response"]["body"]["id"], 7);
}

/// Numbers that every reader of JSON as floats would respell.
const NUMBERS: &str =
    r#"{"preco": 119.90, "id": 123456789012345678901, "mil": 1e2, "l": [0.10, 1.0]}"#;

const NUMBERS_SPEC: &str = "openapi: 3.0.3
info: {title: t, version: '1'}
servers: [{url: 'http://numbers.invalid'}]
paths:
  /a: {post: {operationId: a, requestBody: {content: {application/json: {schema: {type: object,
    additionalProperties: true, properties: {preco: {type: number}, l: {type: array, items: {type: number}}, n: {type: string}}}}}},
    responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}
";

#[test]
fn numbers_keep_their_spelling_when_they_are_sent_printed_and_recorded() {
    let root = tempfile::tempdir().expect("a folder");
    fs_err::write(root.path().join("numbers.yaml"), NUMBERS_SPEC).expect("a spec");
    let bare = |text: &str| text.replace([' ', '\n'], "");
    let rows: [(&[&str], &str); 4] = [
        (&["--body", NUMBERS], NUMBERS),
        (&["preco=119.90", "l=0.10", "l=1.0"], r#"{"preco":119.90,"l":[0.10,1.0]}"#),
        (
            &["--body", r#"{"preco": 1, "id": 123456789012345678901}"#, "preco=1e2", "n=x"],
            r#"{"preco":1e2,"id":123456789012345678901,"n":"x"}"#,
        ),
        (&["l=7"], r#"{"l":[7]}"#),
    ];
    for (words, sent) in rows {
        let vendor = Vendor::answering(NUMBERS);
        let mut command = Command::new(env!("CARGO_BIN_EXE_prumo"));
        command.env("LC_ALL", "C");
        command.args(["call", "numbers.yaml", "a", "--yes", "--record", "x.json"]).args(words);
        command.current_dir(root.path()).env("NUMBERS_BASE_URL", &vendor.url);
        let run = Run::of(&mut command);
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.told);
        assert_eq!(vendor.bodies().iter().map(|body| bare(body)).collect::<Vec<_>>(), [bare(sent)]);
        assert_eq!(bare(&run.out), bare(NUMBERS), "{words:?}");
        let recorded = bare(&fs_err::read_to_string(root.path().join("x.json")).expect("a file"));
        for body in [sent, NUMBERS] {
            assert!(
                recorded.contains(&format!("\"body\":{}", bare(body))),
                "{words:?}: {recorded}"
            );
        }
    }
}

#[test]
fn a_body_in_a_charset_that_is_not_declared_is_an_error_that_says_so() {
    let root = tempfile::tempdir().expect("a folder");
    fs_err::write(root.path().join("numbers.yaml"), NUMBERS_SPEC).expect("a spec");
    let vendor = Vendor::with_bytes(vec![("200 OK", &b"{\"x\":\"S\xc6o Jos\x82\"}"[..])]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_prumo"));
    command.env("LC_ALL", "C");
    command.args(["call", "numbers.yaml", "a", "--yes", "n=x"]);
    let run = Run::of(command.current_dir(root.path()).env("NUMBERS_BASE_URL", &vendor.url));
    assert_eq!(run.code, Some(1), "{}", run.told);
    assert!(run.told.contains("perhaps in windows-1252"), "{}", run.told);
}

#[test]
fn a_refusal_is_an_error_of_its_own() {
    let root = tempfile::tempdir().expect("a folder");
    let vendor = Vendor::with(vec![("401 Unauthorized", "{}")]);
    let run = call(root.path(), Some(&vendor.url), &["list_tickets", "page=1"]);
    assert_eq!(run.code, Some(1));
    assert!(run.told.contains("credentials are read from `ACME_BEARER`"), "{}", run.told);
}
