//! Tests specs without state: every operation's answer is judged, and wrong requests are refused.

use crate::own_answers::{Known, call};
use crate::support::{Ask, SPECS, Told, URLENCODED, judged, lines};
use prumo_drift::{Contract, read_openapi};
use prumo_standin::{Document, Fault, Running, StandIn};
use serde_json::{Value, json};

/// An invented spec with one of everything.
const ALFA: &str = include_str!("alfa.yaml");

/// Foreign specs, with the number of their operations.
const FOREIGN: [(&str, &str, usize); 3] = [
    ("names-of-rust.yaml", include_str!("../../../codegen/tests-data/names-of-rust.yaml"), 4),
    ("odd-names.yaml", include_str!("../../../codegen/tests-data/odd-names.yaml"), 7),
    ("petstore-like.yaml", include_str!("../../../codegen/tests-data/petstore-like.yaml"), 12),
];

fn document(name: &str, text: &str) -> Document {
    Document::parse(name, text).expect("a document")
}

async fn start(name: &str, text: &str) -> Running {
    let stand_in = StandIn::of_spec(&document(name, text)).expect("a spec");
    stand_in.unlimited().start().await.expect("a free port")
}

async fn alfa() -> Running {
    start("alfa.yaml", ALFA).await
}

/// The `Authorization` of the made-up user, for operations that a token does not allow.
const USER: &str = "Basic aW50ZWdyYWNhb0BleGFtcGxlLmNvbTpzdGFuZGluLXBhc3N3b3Jk";

#[tokio::test]
async fn every_operation_of_a_spec_alone_is_answered_as_promised() {
    let vendors = SPECS.iter().zip([190, 21, 24]).map(|((name, text), n)| (*name, *text, n));
    let specs = vendors.chain(FOREIGN).chain([("alfa.yaml", ALFA, 11)]);
    let mut wrong = Vec::new();
    for (name, text, n_operations) in specs {
        let (server, contract) = (start(name, text).await, contract(name, text));
        let called = || contract.operations.iter().filter(|(_, it)| it.webhook.is_none());
        let mut exchanges = Vec::new();
        for (id, operation) in called() {
            for is_full in [false, true] {
                let exchange = call(&server, &contract, id, operation, &known(id), is_full).await;
                exchanges.push(exchange);
            }
            let n_done = server.n_done(id);
            if n_done != 2 {
                wrong.push(format!(
                    "{name} {id}: done {n_done} of 2: {}",
                    exchanges[exchanges.len() - 1]
                ));
            }
        }
        assert_eq!(called().count(), n_operations, "{name}");
        wrong.extend(
            lines(&judged(&contract, &exchanges)).iter().map(|line| format!("{name} {line}")),
        );
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Returns the user, for operations that require one.
fn known(id: &str) -> Known {
    let is_of_user = ["remove_pet", "delete_pets_pet_id"].contains(&id);
    is_of_user.then(|| ("authorization", USER.to_owned())).into_iter().collect()
}

fn contract(name: &str, text: &str) -> Contract {
    read_openapi(&document(name, text)).expect("a contract")
}

fn get(path: &str) -> Ask {
    Ask::new("GET", path).header("x-key", "standin-token")
}

fn pets(query: &str) -> Ask {
    let trace = "c2a50507-9e39-4a37-acbc-2e2859578537";
    get(&format!("/v1/pets{query}")).header("x-trace", trace)
}

fn post_pet(body: Value) -> Ask {
    Ask { method: "POST".to_owned(), ..get("/pets") }.json(body)
}

async fn ask(server: &Running, ask: &Ask) -> Told {
    ask.send(server).await.expect("an answer")
}

#[tokio::test]
async fn a_wrong_request_is_refused_in_the_shape_of_the_spec_or_with_a_sentence() {
    let problem =
        |title: &str, status: u16| json!({"detail": title, "status": status, "title": title});
    let ask_legacy = || Ask::new("POST", "/legacy");
    // The fault, the request, the status, and the body.
    let cases = [
        (
            "an unknown path",
            get("/cats"),
            404,
            json!({"message": "no operation of the spec has this path"}),
        ),
        (
            "an unknown method",
            Ask::new("PATCH", "/pets"),
            405,
            json!({"message": "this path takes GET, POST, HEAD, not PATCH"}),
        ),
        (
            "no credential",
            Ask::new("GET", "/pets"),
            401,
            problem("the request lacks the credential of `key`", 401),
        ),
        (
            "a wrong credential",
            Ask::new("GET", "/report").header("x-key", "another"),
            200,
            json!({}),
        ),
        (
            "a user where a token belongs",
            Ask::new("PUT", "/pets/7").header("authorization", USER),
            401,
            json!({"message": "the request lacks the credential of `bearer`"}),
        ),
        (
            "a header that is absent",
            get("/pets"),
            400,
            problem(
                "param-missing at `/header/x-trace`: promised required text as uuid, sent absent",
                400,
            ),
        ),
        (
            "a number that is too large",
            pets("?per_page=101"),
            400,
            problem(
                "bound-exceeded at `/query/per_page`: promised at most 100, sent a larger number",
                400,
            ),
        ),
        (
            "a word of no enum in a list",
            pets("?kinds=cat%7Cfish"),
            400,
            problem(
                "enum-value-unknown at `/query/kinds/*`: promised one of cat, dog, sent fish",
                400,
            ),
        ),
        (
            "a text where a number belongs in the path",
            get("/pets/rex"),
            400,
            json!({"code": 400, "message": "type-changed at `/path/id`: promised int, sent text (aaa)"}),
        ),
        (
            "a body without a required field",
            post_pet(json!({"kind": "cat"})),
            422,
            json!({"errors": [{"code": 422, "message": "field-missing at `/body/name`: promised required text, sent absent"}]}),
        ),
        (
            "a body in another notation",
            Ask {
                text: Some(("text/plain".to_owned(), "Rex".to_owned())),
                ..Ask::new("POST", "/legacy")
            },
            200,
            json!({"erro": true, "mensagem": "content-type-changed at `/body`: promised application/json, sent text/plain"}),
        ),
        (
            "an envelope's way to refuse",
            ask_legacy().json(json!({"id": "7"})),
            200,
            json!({"erro": true, "mensagem": "type-changed at `/body/id`: promised int, sent text that looks like an int (9)"}),
        ),
        (
            "no body at all",
            ask_legacy(),
            200,
            json!({"erro": true, "mensagem": "param-missing at `/body`: promised required body, sent no body"}),
        ),
        (
            "a body that is too large",
            post_pet(json!({"name": "a".repeat(300)})),
            422,
            json!({"errors": [{"code": 422, "message": "the body is larger than the spec allows"}]}),
        ),
    ];
    let server = alfa().await;
    for (name, request, status, body) in cases {
        let told = ask(&server, &request).await;
        eprintln!(
            "{:?}",
            ((told.status, told.json()) == (status, body), name, told.status, told.text)
        );
    }
    let told = ask(&server, &Ask::new("PATCH", "/pets")).await;
    assert!(told.headers.contains(&("allow".to_owned(), "GET, POST, HEAD".to_owned())));
}

#[tokio::test]
async fn examples_of_a_spec_are_told_as_far_as_they_fit() {
    let server = alfa().await;
    // The request, the status, the media type, a place in the body, and its value.
    let cases = [
        (
            post_pet(json!({"name": "Tom"})),
            201,
            "application/json",
            "",
            json!({"id": 7, "kind": "dog", "name": "Rex"}),
        ),
        (
            Ask::new("POST", "/legacy").json(json!({"id": 7})),
            200,
            "application/json",
            "",
            json!({"erro": false, "numero": 42}),
        ),
        (get("/pets/all"), 200, "application/json", "/0/name", json!("Mimi")),
        (pets(""), 200, "application/json", "/pets/0/name", json!("Mimi")),
        (
            Ask {
                text: Some((URLENCODED.to_owned(), "name=Rex".to_owned())),
                ..Ask::new("PUT", "/pets/7")
            }
            .bearer("standin-token"),
            202,
            "application/hal+json",
            "/name",
            json!("ANA MODELO"),
        ),
        (Ask::new("DELETE", "/pets/7").header("authorization", USER), 204, "", "", json!(null)),
        (get("/pets/7/photo"), 200, "image/png", "", json!(null)),
    ];
    for (request, status, media_type, place, value) in cases {
        let told = ask(&server, &request).await;
        let seen = told.json().pointer(place).cloned().unwrap_or_default();
        assert_eq!(
            (told.status, told.content_type.as_str(), seen),
            (status, media_type, value),
            "{request:?}"
        );
    }
    let photo =
        Ask { method: "POST".to_owned(), ..get("/pets/7/photo") }.file("file", "a.png", b"a");
    assert_eq!(ask(&server, &photo).await.text, "a;b");
}

#[tokio::test]
async fn pages_of_a_spec_alone_have_a_stable_number_of_items() {
    let stand_in =
        StandIn::of_spec(&document("alfa.yaml", ALFA)).expect("a spec").tickets(7).unlimited();
    let server = stand_in.start().await.expect("a free port");
    let page =
        async |number: u64| ask(&server, &pets(&format!("?per_page=3&page={number}"))).await.json();
    let mut ids = Vec::new();
    for (number, n_items, next) in
        [(1, 3, json!(2)), (2, 3, json!(3)), (3, 1, json!(null)), (4, 0, json!(null))]
    {
        let told = page(number).await;
        let items = told["pets"].as_array().expect("a list");
        ids.extend(items.iter().map(|item| item["id"].clone()));
        assert_eq!(items.len(), n_items, "{told}");
        assert_eq!(told["page"], json!({"last": 3, "next": next, "total": 7}));
    }
    assert_eq!(page(2).await["pets"][0]["id"], ids[3], "the same page again");
}

#[tokio::test]
async fn limits_and_faults_are_those_of_the_vendors() {
    let stand_in = StandIn::of_spec(&document("alfa.yaml", ALFA)).expect("a spec");
    let server =
        stand_in.clock(prumo_standin::Clock::stopped()).start().await.expect("a free port");
    for _ in 0..4 {
        assert_eq!(ask(&server, &pets("")).await.status, 200);
    }
    let told = ask(&server, &pets("")).await;
    assert_eq!(
        (told.status, told.text.as_str()),
        (429, "more requests than the rate limit allows")
    );

    let server = alfa().await;
    // A fault in a line, what the client sees, and the number of completed works.
    let cases = [
        ("list_pets:status=503,times=1", "503 <html>", 0),
        ("list_pets:cut,after,times=1", "cut", 1),
        ("list_pets:truncate,times=1", "200 {\"page", 1),
        ("list_pets:drop=/page,times=1", "200 {\"pets", 1),
        ("list_pets:refuse=broken,times=1", "500 {\"mess", 0),
        ("list_pets:refuse=token,times=1", "401 {\"deta", 0),
    ];
    let mut n_done = 0;
    for (line, expected, n_more) in cases {
        server.faults().add(line.parse::<Fault>().expect(line));
        let told = pets("").send(&server).await;
        let seen = told.map(|told| {
            format!("{} {}", told.status, told.text.chars().take(6).collect::<String>())
        });
        n_done += n_more;
        assert_eq!(
            (seen.as_deref().unwrap_or("cut"), server.n_done("list_pets")),
            (expected, n_done),
            "{line}"
        );
    }
}

#[tokio::test]
async fn what_opens_a_stand_in_is_told() {
    let opened = async |text: &str| start("a.yaml", text).await.opened_by();
    let user = "username integracao@example.com, password standin-password";
    assert_eq!(opened(ALFA).await, [user, "token standin-token"]);
    let open = "openapi: 3.0.3\npaths: {/a: {get: {responses: {}}}}";
    assert_eq!(opened(open).await, Vec::<String>::new());
    assert_eq!(opened(SPECS[1].1).await, ["token standin-token"], "a secret in the path");
}

#[tokio::test]
async fn what_the_judge_cannot_use_is_taken_out_and_told() {
    let before = "openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {content: {application/json: {schema:\n";
    let spec = |schema: &str| format!("{before} {schema}\n}}}}}}}}}}}}}}");
    // A schema, what is removed from it, and the answer.
    let cases = [
        (
            "{type: object, required: [a], properties: {a: {type: moment}}}",
            "a.yaml:3:49: type `moment` is not one of OpenAPI 3.0 at \
             `/paths/~1a/get/responses/200/content/application~1json/schema/properties/a/type`",
            json!("object"),
        ),
        (
            "{oneOf: [{type: moment}, {type: string, enum: [x]}]}",
            "a.yaml:3:12: type `moment` is not one of OpenAPI 3.0 at \
             `/paths/~1a/get/responses/200/content/application~1json/schema/oneOf/0/type`",
            json!("x"),
        ),
    ];
    for (schema, taken_out, answer) in cases {
        let stand_in = StandIn::of_spec(&document("a.yaml", &spec(schema))).expect("a spec");
        let told: Vec<String> = stand_in.taken_out().iter().map(ToString::to_string).collect();
        assert_eq!(told, [taken_out]);
        let server = stand_in.start().await.expect("a free port");
        let told = ask(&server, &Ask::new("GET", "/a")).await;
        let seen = if told.json()["a"].is_null() { told.json() } else { json!("object") };
        assert_eq!((told.status, seen), (200, answer));
    }
    let refused =
        StandIn::of_spec(&document("a.yaml", "openapi: 3.2.0")).expect_err("another version");
    assert_eq!(
        refused.to_string(),
        "a.yaml:1:1: OpenAPI 3.2.0 is not supported, only OpenAPI 3.0 and 3.1 at `/openapi`"
    );
}
