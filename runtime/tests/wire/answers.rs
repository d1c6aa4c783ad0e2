//! Tests how a complete response becomes an error: envelopes, statuses, misfits.

mod successes;

use serde_json::json;

use crate::client::{NewTicket, client};
use crate::server::Server;
use crate::{classes, everything_printed};

struct Case {
    name: &'static str,
    status: u16,
    kind: &'static str,
    body: &'static str,
    classes: &'static [&'static str],
    message: Option<&'static str>,
    pointer: Option<&'static str>,
    display: &'static str,
}

const REFUSED: Case = Case {
    name: "refused inside a success",
    status: 200,
    kind: "application/json",
    body: r#"{"erro":true,"mensagem":"Chamado inexistente"}"#,
    classes: &["vendor"],
    message: Some("Chamado inexistente"),
    pointer: None,
    display: "`readTicket`: the vendor refused with status 200: Chamado inexistente",
};

const MISFIT: Case = Case {
    name: "no tag",
    body: r#"{"data":{"id":"7"}}"#,
    classes: &["decode", "maybe"],
    message: None,
    pointer: Some("/erro"),
    display: "`readTicket`: can't decode the response with status 200 at `/erro`: the field that indicates success is missing",
    ..REFUSED
};

const REFUSALS: &[Case] = &[
    REFUSED,
    Case { name: "JSON as text/html", kind: "text/html; charset=UTF-8", ..REFUSED },
    Case { name: "no known content type", kind: "", ..REFUSED },
    Case {
        name: "no sentence, and nothing in the payload's place",
        body: r#"{"erro":true,"mensagem":null,"data":[]}"#,
        message: None,
        display: "`readTicket`: the vendor refused with status 200",
        ..REFUSED
    },
    Case {
        name: "refused, with a payload",
        body: r#"{"erro":true,"mensagem":"Aberto","data":{"id":"7"}}"#,
        classes: &["vendor", "maybe"],
        message: Some("Aberto"),
        display: "`readTicket`: the vendor refused with status 200, yet the call may have worked: Aberto",
        ..REFUSED
    },
    Case {
        name: "a list of sentences, on one line",
        status: 422,
        body: r#"{"erro":true,"mensagem":"Verifique\r\nos campos","errors":["nome","fone"]}"#,
        message: Some("Verifique\r\nos campos"),
        display: "`readTicket`: the vendor refused with status 422: Verifique  os campos; nome; fone",
        ..REFUSED
    },
    Case {
        name: "a tag of success does not mend a status",
        status: 404,
        body: r#"{"erro":false,"mensagem":"?","data":{"id":"7"}}"#,
        classes: &["vendor", "maybe"],
        message: Some("?"),
        display: "`readTicket`: the vendor refused with status 404, yet the call may have worked: ?",
        ..REFUSED
    },
    Case {
        name: "a crash, which may come after the deed",
        status: 500,
        classes: &["vendor", "maybe"],
        display: "`readTicket`: the vendor refused with status 500: Chamado inexistente",
        ..REFUSED
    },
    Case {
        name: "a framework's sentence",
        status: 401,
        body: r#"{"message":"Unauthenticated."}"#,
        classes: &["vendor", "auth"],
        message: Some("Unauthenticated."),
        display: "`readTicket`: the vendor refused with status 401: Unauthenticated.",
        ..REFUSED
    },
    Case {
        name: "a sentence of OAuth, with an echo of the token",
        status: 400,
        body: r#"{"error":"invalid_grant","error_description":"no s3cr3t/t0ken","message":"m"}"#,
        message: Some("no ***"),
        display: "`readTicket`: the vendor refused with status 400: no ***",
        ..REFUSED
    },
    Case {
        name: "a sentence that would turn the line",
        body: r#"{"erro":true,"mensagem":"fatura\u202efdp.exe"}"#,
        message: Some("fatura\u{202e}fdp.exe"),
        display: "`readTicket`: the vendor refused with status 200: fatura\\u{202e}fdp.exe",
        ..REFUSED
    },
    Case {
        name: "no permission",
        status: 403,
        classes: &["vendor", "auth"],
        display: "`readTicket`: the vendor refused with status 403: Chamado inexistente",
        ..REFUSED
    },
    Case {
        name: "expired, and no JSON",
        status: 401,
        kind: "text/plain",
        body: "expired",
        classes: &["vendor", "auth"],
        message: None,
        display: "`readTicket`: the vendor refused with status 401",
        ..REFUSED
    },
    Case {
        name: "too many requests, as a page",
        status: 429,
        kind: "text/html",
        body: "<html><h1>Too Many Requests</h1></html>",
        classes: &["vendor", "rate-limited"],
        message: None,
        display: "`readTicket`: the vendor refused with status 429",
        ..REFUSED
    },
    Case {
        name: "a redirect is not followed",
        status: 302,
        body: "",
        classes: &["vendor", "maybe"],
        message: None,
        display: "`readTicket`: the vendor refused with status 302",
        ..REFUSED
    },
    Case {
        name: "an echo of the token",
        body: r#"{"erro":true,"mensagem":"sem rota: /tickets/s3cr3t%2Ft0ken/7 (s3cr3t/t0ken)"}"#,
        message: Some("sem rota: /tickets/***/7 (***)"),
        display: "`readTicket`: the vendor refused with status 200: sem rota: /tickets/***/7 (***)",
        ..REFUSED
    },
    Case {
        name: "an echo of the token in a page",
        status: 404,
        kind: "text/html",
        body: "<p>s3cr3t/t0ken</p>",
        message: None,
        display: "`readTicket`: the vendor refused with status 404",
        ..REFUSED
    },
];

const MISFITS: &[Case] = &[
    MISFIT,
    Case {
        name: "no payload",
        body: r#"{"erro":false}"#,
        pointer: Some("/data"),
        display: "`readTicket`: can't decode the response with status 200 at `/data`: the field is missing",
        ..MISFIT
    },
    Case {
        name: "a value inside a list",
        body: r#"{"erro":false,"data":{"id":"7","history":[{"at":"31/02/2018 10:58:21"}]}}"#,
        pointer: Some("/data/history/0/at"),
        display: "`readTicket`: can't decode the response with status 200 at `/data/history/0/at`: \
                  expected a date and time such as `16/11/2018 10:58:21`, found text like `99/99/9999 99:99:99`",
        ..MISFIT
    },
    Case {
        name: "a missing field",
        body: r#"{"erro":false,"data":{}}"#,
        pointer: Some("/data/id"),
        display: "`readTicket`: can't decode the response with status 200 at `/data/id`: the field is missing",
        ..MISFIT
    },
    Case {
        name: "a value of another type",
        body: r#"{"erro":false,"data":{"id":{"nome":"Ana"}}}"#,
        pointer: Some("/data/id"),
        display: "`readTicket`: can't decode the response with status 200 at `/data/id`: \
                  expected a string, found an object",
        ..MISFIT
    },
    Case {
        name: "no object",
        body: "[]",
        pointer: Some(""),
        display: "`readTicket`: can't decode the response with status 200: expected an object, found a list",
        ..MISFIT
    },
    Case {
        name: "no object, but a text",
        body: r#""Ana""#,
        pointer: Some(""),
        display: "`readTicket`: can't decode the response with status 200: expected an object, found a string",
        ..MISFIT
    },
    Case {
        name: "a tag that is text",
        body: r#"{"erro":"true","mensagem":"Ana","data":{"id":"7"}}"#,
        display: "`readTicket`: can't decode the response with status 200 at `/erro`: \
                  expected a boolean, found a string",
        ..MISFIT
    },
    Case {
        name: "a tag that is a number",
        body: r#"{"erro":1,"mensagem":"Ana"}"#,
        display: "`readTicket`: can't decode the response with status 200 at `/erro`: \
                  expected a boolean, found an integer",
        ..MISFIT
    },
    Case {
        name: "a tag that is null",
        body: r#"{"erro":null,"data":{"id":"7"}}"#,
        display: "`readTicket`: can't decode the response with status 200 at `/erro`: \
                  expected a boolean, found null",
        ..MISFIT
    },
    Case {
        name: "a page",
        kind: "text/html",
        body: "<html>Ana</html>",
        pointer: Some(""),
        display: "`readTicket`: can't decode the response with status 200: not JSON at line 1 column 1",
        ..MISFIT
    },
    Case {
        name: "half of an object",
        body: r#"{"erro":false,"data":{"id":"#,
        pointer: Some(""),
        display: "`readTicket`: can't decode the response with status 200: the JSON ends too early",
        ..MISFIT
    },
    Case {
        name: "nothing",
        body: "",
        pointer: Some(""),
        display: "`readTicket`: can't decode the response with status 200: expected JSON, found nothing",
        ..MISFIT
    },
];

#[tokio::test]
async fn an_answer_that_is_no_ticket_is_an_error() {
    for case in REFUSALS.iter().chain(MISFITS) {
        let server = Server::answering(case.status, case.kind, case.body).await;
        let error = client(&server).read_ticket("7", None).await.unwrap_err();
        let name = case.name;

        assert_eq!(classes(&error), case.classes, "case `{name}`");
        assert_eq!(error.operation(), Some("readTicket"), "case `{name}`");
        assert_eq!(error.status(), Some(case.status), "case `{name}`");
        assert_eq!(error.message(), case.message, "case `{name}`");
        assert_eq!(error.pointer(), case.pointer, "case `{name}`");
        assert_eq!(error.to_string(), case.display, "case `{name}`");
        assert_eq!(
            error.body().is_some_and(|body| body.is_empty()),
            case.body.is_empty(),
            "case `{name}`"
        );

        let printed = everything_printed(&error);
        let body = String::from_utf8_lossy(error.body().unwrap()).into_owned();
        for leak in ["s3cr3t", "Ana", "127.0.0.1", "text/html", "<html>"] {
            assert!(!printed.contains(leak), "case `{name}` prints {leak}: {printed}");
        }
        assert!(!body.contains("s3cr3t"), "case `{name}` keeps the token: {body}");
        assert_eq!(server.requests().len(), 1, "case `{name}` sent once");
    }
}

#[tokio::test]
async fn a_refusal_lists_its_sentences() {
    let body =
        r#"{"status":"error","msg":"Erro","errors":{"nome":["vazio","curto"],"n":7,"fone":"?"}}"#;
    let server = Server::answering(200, "application/json", body).await;
    let error = client(&server).find_tickets().await.unwrap_err();
    assert_eq!(error.message(), Some("Erro"));
    let mut errors = error.errors().to_vec();
    errors.sort();
    assert_eq!(errors, ["?", "curto", "vazio"]);
}

#[tokio::test]
async fn a_sentence_that_tells_of_a_person_is_printed_without_address_and_number() {
    let said = "O CPF 529.982.247-25 (ana@example.com) já existe";
    let body = json!({"erro": true, "mensagem": said}).to_string();
    let server = Server::answering(200, "application/json", body).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!(error.message(), Some(said));
    let printed = everything_printed(&error);
    assert!(printed.contains("O CPF 999.999.999-99 (***) já existe"), "{printed}");
    assert!(!printed.contains("529") && !printed.contains("ana@"), "{printed}");
}

#[tokio::test]
async fn a_name_that_was_sent_and_comes_back_is_not_printed() {
    let said = "A cliente ANA SOUZA já tem um chamado";
    let body = json!({"erro": true, "mensagem": said}).to_string();
    let server = Server::answering(200, "application/json", body).await;
    let ticket = |title: &str| NewTicket { title: title.to_owned(), ..NewTicket::default() };
    let error = client(&server).open_ticket(&ticket("Ana Souza sem sinal")).await.unwrap_err();
    assert_eq!(error.message(), Some(said));
    let printed = everything_printed(&error);
    assert!(printed.contains("A cliente *** já tem um chamado"), "{printed}");
    assert!(!printed.to_lowercase().contains("souza"), "{printed}");
    // Without the request, a name can't be told from other words.
    let error = client(&server).open_ticket(&ticket("Sem sinal")).await.unwrap_err();
    assert!(error.to_string().ends_with(said), "{error}");
}

#[tokio::test]
async fn a_long_sentence_is_one_bounded_line() {
    let said = "não\n".repeat(5000);
    let body = json!({"erro": true, "mensagem": said}).to_string();
    let server = Server::answering(200, "application/json", body).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!(error.message().map(str::len), Some(4096));
    let line = error.to_string();
    assert_eq!(line.lines().count(), 1);
    assert_eq!(
        line.chars().count(),
        "`readTicket`: the vendor refused with status 200: ".len() + 513
    );
    assert!(line.ends_with('…'));
}

#[tokio::test]
async fn a_text_that_nobody_promised_is_a_refusal_in_doubt() {
    let cases = [
        (r#"{"status":"SUCCESS","msg":"ok","id":"7"}"#, vec!["vendor", "maybe"]),
        (r#"{"status":"warning","msg":"ok","id":null,"errors":["a"]}"#, vec!["vendor"]),
        (r#"{"status":"error","msg":"no"}"#, vec!["vendor"]),
        (r#"{"status":0,"msg":"no"}"#, vec!["vendor"]),
        (r#"{"status":true,"msg":"ok","id":"7"}"#, vec!["decode", "maybe"]),
        (r#"{"status":null,"msg":"ok","id":"7"}"#, vec!["decode", "maybe"]),
    ];
    for (body, expect) in cases {
        let server = Server::answering(200, "application/json", body).await;
        let error = client(&server).find_tickets().await.unwrap_err();
        assert_eq!(classes(&error), expect, "body {body}");
        assert_eq!(error.operation(), Some("findTickets"), "body {body}");
        assert_eq!(error.status(), Some(200), "body {body}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_an_error() {
    let body = [br#"{"erro":false,"data":{"id":""#.as_slice(), &[0xff, 0xfe], br#""}}"#].concat();
    let server = Server::answering(200, "application/json", &body).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!(classes(&error), ["decode", "maybe"]);
    assert_eq!(error.body(), Some(body.as_slice()));
    assert!(error.to_string().ends_with("not UTF-8 at offset 28"), "{error}");
}

#[tokio::test]
async fn depth_is_an_error_and_not_a_crash() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let inside = format!(r#"{{"erro":false,"data":{{"id":"7","x":{deep}}}}}"#);
    let beside = format!(r#"{{"erro":false,"x":{deep},"data":{{"id":"7"}}}}"#);
    let refused = format!(r#"{{"erro":true,"mensagem":{deep},"errors":{deep}}}"#);

    let server = Server::answering(200, "application/json", &inside).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert!(error.to_string().ends_with("more than 128 levels deep"), "{error}");

    let server = Server::answering(200, "application/json", &beside).await;
    assert_eq!(client(&server).read_ticket("7", None).await.unwrap().id, "7");

    let server = Server::answering(200, "application/json", &refused).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!((classes(&error), error.message()), (vec!["vendor"], None));
}
