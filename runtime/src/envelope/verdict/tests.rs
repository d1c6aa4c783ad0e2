use reqwest::StatusCode;

use super::super::{Head, RawMembers, judged};
use super::{Doubt, Envelope, EnvelopeMember, TagValue, Verdict};

/// Has a tag of two types, and the payload in a member of its own.
const MIXED: Envelope = Envelope::new()
    .tag("/o~1k", &[TagValue::Text("ok"), TagValue::Int(0), TagValue::Text("done")])
    .crash("/trace")
    .message("/error/text")
    .errors("/error/all")
    .payload("/data");
/// Lists the failure values, too.
const TOLD: Envelope = MIXED.failure(&[TagValue::Text("no")]);
/// Has a boolean tag among the members of the payload.
const FLAT: Envelope = Envelope::new().tag("/ok", &[TagValue::Bool(true)]).message("/error/text");
/// Has a tag without any success value.
const OPEN: Envelope = Envelope::new().tag("/ok", &[]);
const NO_TAG: Envelope = Envelope::new().message("/msg");

fn verdict(status: u16, envelope: Option<&'static Envelope>, body: &str) -> String {
    let members: Option<RawMembers<'_>> = serde_json::from_str(body).ok();
    let head = Head::new(StatusCode::from_u16(status).unwrap(), envelope);
    match judged(&head, members.as_ref()) {
        Verdict::Success => "a success".to_owned(),
        Verdict::Refusal(Doubt::None) => "refused".to_owned(),
        Verdict::Refusal(Doubt::Contradiction) => "refused, yet it may have worked".to_owned(),
        Verdict::Refusal(Doubt::Crash) => "refused by a crash".to_owned(),
        Verdict::Unclear(misfit) => format!("unclear at {}: {}", misfit.pointer, misfit.what),
        Verdict::Untagged(misfit) => format!("untagged at {}: {}", misfit.pointer, misfit.what),
    }
}

/// Status, envelope, body and the expected verdict.
type Row = (u16, Option<&'static Envelope>, &'static str, &'static str);

const IN_DOUBT: &str = "refused, yet it may have worked";
const UNTAGGED: &str = "untagged at /o~1k: the field that indicates success is missing";

const VALUES: &[Row] = &[
    (200, Some(&FLAT), r#"{"ok":true}"#, "a success"),
    (200, Some(&FLAT), r#"{"ok":false}"#, "refused"),
    (200, Some(&FLAT), r#"{"ok":"true"}"#, "unclear at /ok: expected a boolean, found a string"),
    (200, Some(&FLAT), r#"{"ok":1}"#, "unclear at /ok: expected a boolean, found an integer"),
    (200, Some(&FLAT), r#"{"ok":null}"#, "unclear at /ok: expected a boolean, found null"),
    (200, Some(&FLAT), r#"{"ok":[true]}"#, "unclear at /ok: expected a boolean, found a list"),
    (200, Some(&FLAT), r#"{"ok":{}}"#, "unclear at /ok: expected a boolean, found an object"),
    (200, Some(&MIXED), r#"{"o/k":0}"#, "a success"),
    (200, Some(&MIXED), r#"{"o/k":"done"}"#, "a success"),
    (200, Some(&MIXED), r#"{"o/k":"DONE"}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":"0"}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":18446744073709551615}"#, "refused"),
    (
        200,
        Some(&MIXED),
        r#"{"o/k":true}"#,
        "unclear at /o~1k: expected a string or an integer, found a boolean",
    ),
    (
        200,
        Some(&MIXED),
        r#"{"o/k":0.0}"#,
        "unclear at /o~1k: expected a string or an integer, found another number",
    ),
    (200, Some(&OPEN), r#"{"ok":null}"#, "refused"),
    // A name comes twice: the last one counts.
    (200, Some(&MIXED), r#"{"o/k":1,"o/k":0}"#, "a success"),
    (200, Some(&TOLD), r#"{"o/k":"no"}"#, "refused"),
    (200, Some(&TOLD), r#"{"o/k":"okay"}"#, IN_DOUBT),
    (200, Some(&TOLD), r#"{"o/k":"NO"}"#, IN_DOUBT),
    (200, Some(&TOLD), r#"{"o/k":1}"#, IN_DOUBT),
    (200, Some(&MIXED), r#"{"o/k":"okay"}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":"NO"}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":1}"#, "refused"),
];

const NO_TAGS: &[Row] = &[
    (200, Some(&MIXED), r#"{"data":{"id":7}}"#, UNTAGGED),
    (200, Some(&MIXED), "{}", UNTAGGED),
    (200, Some(&MIXED), r#"{"O/K":1}"#, UNTAGGED),
    (200, Some(&MIXED), r#"{"ok":1,"error":{"text":"no"}}"#, UNTAGGED),
    (200, Some(&NO_TAG), r#"{"msg":"no"}"#, "a success"),
    (200, None, r#"{"ok":false}"#, "a success"),
    (204, Some(&NO_TAG), "", "a success"),
];

const BESIDE: &[Row] = &[
    (200, Some(&MIXED), r#"{"o/k":1,"data":{"id":7}}"#, IN_DOUBT),
    (200, Some(&MIXED), r#"{"o/k":"OK","data": [ {"id":7} ]}"#, IN_DOUBT),
    (200, Some(&MIXED), r#"{"o/k":1,"data":{ }}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":1,"data":[ ]}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":1,"data":null}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":1,"data":"no"}"#, "refused"),
    (200, Some(&FLAT), r#"{"ok":false,"id":"7"}"#, IN_DOUBT),
    (200, Some(&FLAT), r#"{"ok":false,"id":7}"#, IN_DOUBT),
    (200, Some(&FLAT), r#"{"ok":false,"error":{"text":"no"}}"#, "refused"),
    (200, Some(&FLAT), r#"{"ok":false,"id":"","n":0,"of":null,"is":false}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":1,"trace":["a"]}"#, "refused by a crash"),
    (200, Some(&MIXED), r#"{"o/k":1,"trace":[]}"#, "refused by a crash"),
    (200, Some(&MIXED), r#"{"o/k":1,"trace":null}"#, "refused"),
    (200, Some(&MIXED), r#"{"o/k":1,"trace":["a"],"data":{"id":7}}"#, IN_DOUBT),
    (200, Some(&MIXED), r#"{"o/k":0,"trace":["a"]}"#, "a success"),
];

const STATUSES: &[Row] = &[
    (404, Some(&MIXED), r#"{"o/k":1}"#, "refused"),
    (404, Some(&MIXED), r#"{"o/k":1,"data":{"id":7}}"#, "refused"),
    (404, Some(&MIXED), r#"{"o/k":0}"#, IN_DOUBT),
    (404, Some(&MIXED), r#"{"o/k":true}"#, "refused"),
    (404, Some(&MIXED), r#"{"message":"no"}"#, "refused"),
    (404, Some(&MIXED), "<html>", "refused"),
    (404, None, r#"{"message":"no"}"#, "refused"),
    (400, Some(&MIXED), r#"{"o/k":1,"trace":[]}"#, "refused by a crash"),
    (407, None, "", "refused"),
    (408, None, "", "refused by a crash"),
    (409, None, "", "refused"),
    (499, None, "", "refused"),
    (101, None, "", "refused by a crash"),
    (302, None, "", "refused by a crash"),
    (500, Some(&MIXED), r#"{"o/k":1}"#, "refused by a crash"),
    (500, Some(&MIXED), r#"{"o/k":0}"#, IN_DOUBT),
    (503, None, "<html>", "refused by a crash"),
    (999, None, "", "refused by a crash"),
];

#[test]
fn status_tag_and_the_members_beside_it_are_one_verdict() {
    for &(status, envelope, body, expect) in [VALUES, NO_TAGS, BESIDE, STATUSES].concat().iter() {
        assert_eq!(verdict(status, envelope, body), expect, "status {status}, body {body}");
    }
}

#[test]
fn members_are_passed_on_by_their_names() {
    let tagged = Envelope::new().tag("/o~1k", MIXED.success);
    let passed = TOLD.members().fold(tagged, |row, (name, member)| row.with(name, member));
    assert_eq!(passed, TOLD);
    assert_eq!(tagged.members().next(), None);
    assert_eq!(tagged.with("crsh", EnvelopeMember::Text(Some("/trace"))), tagged);
}
