//! Tests the typed client of `agreement/specs/agreement.yaml` with answers that are no JSON or whose
//! kind depends on the status, and with requests that must not be sent.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

use std::sync::{Arc, Mutex};

use agreement::builder::{NowOrLaterAnswer, PdfOrLaterAnswer};
use agreement::types::Endereco;
use agreement::types::builder::Cliente as ClienteBuilder;
use httpmock::prelude::*;
use serde_json::json;

fn answers(status: u16, media_type: &str, body: &str) -> MockServer {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.is_true(|_| true);
        then.status(status).header("content-type", media_type).body(body);
    });
    server
}

fn client(server: &MockServer) -> agreement::Client {
    agreement::Client::builder().base_url(server.base_url()).build().unwrap()
}

#[tokio::test]
async fn a_download_is_the_bytes_as_they_came_with_their_media_type() {
    let server = answers(200, "application/pdf", "%PDF-1.4 \u{7f}\0");
    let answer = client(&server).pdf().send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.into_inner().read_all(1 << 20).await.unwrap(), "%PDF-1.4 \u{7f}\0");

    let server = answers(200, "text/csv; charset=utf-8", "id;nome\n7;São\n");
    let answer = client(&server).csv().send().await.unwrap();
    assert_eq!(answer.into_inner().read_all(1 << 20).await.unwrap(), "id;nome\n7;São\n");
}

#[tokio::test]
async fn an_answer_of_any_media_type_is_the_bytes_as_they_came() {
    for media_type in ["image/png", "application/json", "text/html; charset=utf-8"] {
        let server = answers(200, media_type, "{\"id\": 7}\n");
        let answer = client(&server).any_media().send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], media_type);
        assert_eq!(answer.into_inner().read_all(1 << 20).await.unwrap(), "{\"id\": 7}\n");
    }
    let server = answers(200, "application/zip", "PK\u{3}\u{4}\0");
    let answer = client(&server).any_application().send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(answer.into_inner().read_all(1 << 20).await.unwrap(), "PK\u{3}\u{4}\0");
}

#[tokio::test]
async fn no_content_is_told_apart_from_a_body() {
    let server = answers(204, "application/json", "");
    let answer = client(&server).json_or_nothing().send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.is_none()), (204, true));

    let server = answers(200, "application/json", r#"{"id": 7}"#);
    let answer = client(&server).json_or_nothing().send().await.unwrap();
    assert_eq!(answer.as_ref().as_ref().map(|item| item.id), Some(7));
    assert_eq!(answer.raw_payload(), br#"{"id": 7}"#);

    let server = answers(200, "application/json", "");
    let error = client(&server).json_or_nothing().send().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn each_status_has_a_body_of_its_own() {
    let server = answers(200, "application/json", r#"{"id": 7}"#);
    match client(&server).now_or_later().send().await.unwrap().into_inner() {
        NowOrLaterAnswer::Ok(item) => assert_eq!(item.id, 7),
        other => panic!("{other:?}"),
    }
    let server = answers(202, "application/json", r#"{"protocolo": "9"}"#);
    match client(&server).now_or_later().send().await.unwrap().into_inner() {
        NowOrLaterAnswer::Accepted(later) => assert_eq!(later.protocolo, "9"),
        other => panic!("{other:?}"),
    }
    let server = answers(202, "application/json", r#"{"id": 7}"#);
    let error = client(&server).now_or_later().send().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    let server = answers(206, "text/plain", "half");
    match client(&server).now_or_later().send().await.unwrap().into_inner() {
        NowOrLaterAnswer::Other(bytes) => assert_eq!(bytes.read_all(9).await.unwrap(), "half"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn bytes_json_and_nothing_are_kept_apart_by_status() {
    let server = answers(200, "application/pdf", "%PDF");
    match client(&server).pdf_or_later().send().await.unwrap().into_inner() {
        PdfOrLaterAnswer::Ok(bytes) => assert_eq!(bytes.read_all(9).await.unwrap(), "%PDF"),
        other => panic!("{other:?}"),
    }
    let server = answers(202, "application/json", r#"{"protocolo": "9"}"#);
    let answer = client(&server).pdf_or_later().send().await.unwrap();
    assert!(matches!(&*answer, PdfOrLaterAnswer::Accepted(later) if later.protocolo == "9"));
    let server = answers(204, "application/json", "");
    let answer = client(&server).pdf_or_later().send().await.unwrap();
    assert!(matches!(*answer, PdfOrLaterAnswer::NoContent));
    let server = answers(207, "application/json", r#"[{"id": 7}]"#);
    let answer = client(&server).pdf_or_later().send().await.unwrap();
    assert!(matches!(&*answer, PdfOrLaterAnswer::Success(items) if items.len() == 1));
}

#[tokio::test]
async fn a_number_that_json_cannot_hold_is_refused_before_anything_is_sent() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.is_true(|_| true);
        then.status(204);
    });
    for valor in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let call = client(&server).numbers().valor(valor).send().await;
        let error = call.unwrap_err().to_string();
        assert!(error.contains("/valor") && error.contains("not finite"), "{error}");
    }
    mock.assert_calls(0);
    let client = client(&server);
    client.numbers().valor(1.5).id(u64::MAX).send().await.unwrap();
    mock.assert_calls(1);
}

/// Sends `editar_cliente` with the body that `build` makes, and returns the body that arrives.
async fn text_of(build: impl FnOnce(ClienteBuilder) -> ClienteBuilder) -> String {
    let server = MockServer::start();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&sent);
    server.mock(|when, then| {
        when.is_true(move |request| {
            *kept.lock().unwrap() = request.body().to_vec();
            true
        });
        then.status(204);
    });
    client(&server).editar_cliente().body_map(build).send().await.unwrap();
    let sent = sent.lock().unwrap();
    String::from_utf8(sent.clone()).unwrap()
}

async fn body_of(build: impl FnOnce(ClienteBuilder) -> ClienteBuilder) -> serde_json::Value {
    serde_json::from_str(&text_of(build).await).unwrap()
}

#[tokio::test]
async fn a_nullable_member_is_left_out_null_or_a_value() {
    assert_eq!(body_of(|cliente| cliente.nome("B")).await, json!({"nome": "B"}));
    let nulls = body_of(|cliente| {
        let cliente = cliente.nome("B").gerente_null().nota_null_().endereco_null().outro_null();
        cliente.etiquetas_null().atributos_null().situacao_null().livre_null()
    });
    let expected = json!({
        "nome": "B", "gerente": null, "nota": null, "endereco": null, "outro": null,
        "etiquetas": null, "atributos": null, "situacao": null, "livre": null,
    });
    assert_eq!(nulls.await, expected);
    let values = body_of(|cliente| {
        let endereco = Endereco::builder().rua("A").numero_null();
        let cliente = cliente.gerente(7).nota("").nota_null(true).endereco(endereco);
        cliente.etiquetas(["a".to_owned()]).situacao("ativo")
    });
    let expected = json!({
        "gerente": 7, "nota": "", "nota_null": true, "endereco": {"rua": "A", "numero": null},
        "etiquetas": ["a"], "situacao": "ativo",
    });
    assert_eq!(values.await, expected);
    // The last setter counts.
    assert_eq!(
        body_of(|cliente| cliente.gerente(7).gerente_null()).await,
        json!({"gerente": null})
    );
    assert_eq!(body_of(|cliente| cliente.gerente_null().gerente(7)).await, json!({"gerente": 7}));
}

#[tokio::test]
async fn what_was_null_is_null_after_a_change() {
    let read =
        r#"{"nome":"B","gerente":null,"endereco":{"rua":"A","numero":null},"situacao":null}"#;
    let server = answers(200, "application/json", read);
    let mut cliente = client(&server).ler_cliente().send().await.unwrap().into_inner();
    assert_eq!((cliente.gerente, &cliente.nota), (Some(None), &None));
    cliente.nome = Some("C".to_owned());
    let sent = body_of(|_| cliente.into()).await;
    assert_eq!(
        sent,
        json!({
            "nome": "C", "gerente": null, "endereco": {"rua": "A", "numero": null}, "situacao": null,
        })
    );
}

#[tokio::test]
async fn what_the_spec_does_not_name_is_sent_back_digit_by_digit() {
    let read = r#"{"nome":"B","id":123456789012345678901,"preco":119.90,"total":{"liquido":1E+2}}"#;
    let server = answers(200, "application/json", read);
    let cliente = client(&server).ler_cliente().send().await.unwrap().into_inner();
    assert_eq!(cliente.extra.text("preco"), Some("119.90"));
    assert_eq!(text_of(|_| cliente.into()).await, read);
}
