//! Tests the result of a success: its payload, no body, or bytes.

use std::collections::BTreeMap;

use prumo_runtime::Dispatched;
use serde_json::json;

use super::REFUSED;
use crate::classes;
use crate::client::client;
use crate::server::Server;

#[tokio::test]
async fn a_success_gives_the_payload_and_its_surroundings() {
    let body = r#"{"mensagem":"lido","erro":false,"data":{"id":"7","history":[{"at":"16/11/2018 10:58:21"}],"novo":[1]}}"#;
    let bom = format!("\u{feff}{body}");
    for text in [body, &bom] {
        let server = Server::answering(200, "application/json", text).await;
        let answer = client(&server).read_ticket("7", Some(true)).await.unwrap();
        assert_eq!(answer.id, "7");
        assert_eq!(answer.history[0].at.to_string(), "16/11/2018 10:58:21");
        assert_eq!(answer.extra["novo"], json!([1]));
        assert_eq!(answer.message(), Some("lido"));
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.raw_body(), text.as_bytes());
        assert_eq!(format!("{answer:?}"), "ResponseValue { status: 200, .. }");

        let dispatched = Dispatched::typed(answer).unwrap();
        assert_eq!(dispatched.value, dispatched.raw);
        assert_eq!(dispatched.raw["id"], "7");
        assert_eq!((dispatched.status, dispatched.message.as_deref()), (200, Some("lido")));
    }
}

#[tokio::test]
async fn an_answer_that_can_not_be_written_again_was_no_invalid_request() {
    let server =
        Server::answering(200, "application/json", r#"{"erro":false,"data":{"id":"7"}}"#).await;
    let answer = client(&server).read_ticket("7", None).await.unwrap();
    let error =
        Dispatched::typed(answer.map(|ticket| BTreeMap::from([(vec![ticket.id], 7)]))).unwrap_err();
    assert_eq!((classes(&error), error.status()), (vec!["decode", "maybe"], Some(200)));
    assert_eq!(
        error.to_string(),
        "can't decode the response with status 200: its value can't be written as JSON again"
    );
}

#[tokio::test]
async fn a_payload_without_a_place_is_the_object_less_its_envelope() {
    for tag in [r#""success""#, r#""suscess""#, "1"] {
        let body = format!(
            r#"{{"status":{tag},"msg":"ok","id":"7","errors":[],"a\"b":1,"paginacao":{{}}}}"#
        );
        let server = Server::answering(200, "application/json", &body).await;
        let answer = client(&server).find_tickets().await.unwrap();
        let extra: Vec<&str> = answer.extra.keys().map(String::as_str).collect();
        assert_eq!(extra, ["a\"b", "paginacao"], "tag {tag}");
        assert_eq!(answer.message(), Some("ok"));
    }
}

#[tokio::test]
async fn nothing_is_a_success_where_nothing_is_promised() {
    let server = Server::answering_raw(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()).await;
    assert_eq!(client(&server).close_ticket("7").await.unwrap().status(), 204);

    let server =
        Server::answering(200, "application/json", r#"{"erro":false,"mensagem":"fechado"}"#).await;
    let answer = client(&server).close_ticket("7").await.unwrap();
    assert_eq!(answer.message(), Some("fechado"), "no payload is wanted, so none is missed");

    let server = Server::answering(200, "text/html", REFUSED.body).await;
    let error = client(&server).close_ticket("7").await.unwrap_err();
    assert_eq!(error.message(), Some("Chamado inexistente"));

    // It may be a refusal, so it is not a success even here.
    let server =
        Server::answering(200, "application/json", r#"{"erro":"true","mensagem":"Não"}"#).await;
    for error in [
        client(&server).close_ticket("7").await.unwrap_err(),
        client(&server).download().await.map(drop).unwrap_err(),
    ] {
        assert_eq!((classes(&error), error.pointer()), (vec!["decode", "maybe"], Some("/erro")));
    }
}

#[tokio::test]
async fn a_download_is_bytes_unless_it_is_a_refusal() {
    let pdf = [b"%PDF".as_slice(), &[0, 255, 1], &vec![7; 100_000]].concat();
    for kind in ["application/pdf", "text/csv"] {
        let server = Server::answering(200, kind, &pdf).await;
        let answer = client(&server).download().await.unwrap();
        let bytes = answer.into_inner().read_all(usize::MAX).await.unwrap();
        assert_eq!(bytes, pdf, "kind {kind}");
    }

    let server = Server::answering(200, "application/pdf", &pdf).await;
    let error =
        client(&server).download().await.unwrap().into_inner().read_all(9).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`download`: can't decode the response with status 200: it is over the limit of 9 bytes"
    );

    let server = Server::answering(200, "application/json", REFUSED.body).await;
    let error = client(&server).download().await.unwrap_err();
    assert_eq!(classes(&error), ["vendor"]);

    let server = Server::answering(200, "text/plain", "a text").await;
    let dispatched = Dispatched::stream(client(&server).download().await.unwrap()).await.unwrap();
    assert_eq!(dispatched.raw, "a text");
}
