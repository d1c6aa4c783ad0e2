//! Tests the typed clients for properties that callers rely on.

use httpmock::prelude::*;
use hubsoft::types::NovoAtendimento;
use prumo_runtime::FilePart;
use serde_json::{Value, json};
use tomticket_v1::enums::{Prioridade, TipoChamado};

const TICKET: &str = "4f1d2c3b4a5968778695a4b3c2d1e0f9";

fn recorded(path: &str) -> Value {
    contract_tests::fixtures::answer(path).expect("a fixture")
}

fn full_ticket() -> Value {
    recorded("tomticket-v1/ler_chamado/full_ticket.json")
}

fn answers(body: &Value) -> MockServer {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.is_true(|_| true);
        then.status(200).header("content-type", "application/json").body(body.to_string());
    });
    server
}

fn tomticket(server: &MockServer) -> tomticket_v1::Client {
    tomticket_v1::Client::builder()
        .base_url(server.base_url())
        .token("t0k3n")
        .build()
        .expect("a client")
}

fn hubsoft(server: &MockServer) -> hubsoft::Client {
    hubsoft::Client::builder()
        .base_url(server.base_url())
        .bearer("b34r3r")
        .build()
        .expect("a client")
}

#[tokio::test]
async fn a_read_gives_the_ticket_itself() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method(GET).path(format!("/chamado/t0k3n/{TICKET}")).query_param("stopwatch", "1");
        then.status(200).header("content-type", "application/json").body(full_ticket().to_string());
    });
    let chamado =
        tomticket(&server).ler_chamado().identificador_chamado(TICKET).stopwatch(true).send().await;
    let chamado = chamado.expect("a ticket");
    mock.assert();
    assert_eq!(chamado.idchamado, full_ticket()["data"]["idchamado"].as_str().expect("an id"));
    let again = serde_json::to_value(&*chamado).expect("JSON");
    assert!(again.get("erro").is_none(), "the envelope is in the ticket");
}

#[tokio::test]
async fn an_unknown_value_of_an_enum_is_kept_and_written_back() {
    let mut body = full_ticket();
    body["data"]["prioridade"] = json!(9);
    body["data"]["tipochamado"] = json!("Escalonado");
    let server = answers(&body);
    let chamado = tomticket(&server)
        .ler_chamado()
        .identificador_chamado(TICKET)
        .send()
        .await
        .expect("a ticket");
    assert_eq!(chamado.prioridade, Prioridade::Unknown(9));
    assert_eq!(chamado.tipochamado, TipoChamado::Unknown("Escalonado".to_owned()));
    assert!(!chamado.prioridade.is_known());
    let again = serde_json::to_value(&*chamado).expect("JSON");
    assert_eq!((&again["prioridade"], &again["tipochamado"]), (&json!(9), &json!("Escalonado")));
}

#[tokio::test]
async fn an_unknown_field_never_fails_a_decode_and_is_kept() {
    let mut body = full_ticket();
    body["data"]["campo_de_amanha"] = json!({"a": [1]});
    body["data"]["historico"][0]["campo_de_amanha"] = json!(null);
    let server = answers(&body);
    let chamado = tomticket(&server)
        .ler_chamado()
        .identificador_chamado(TICKET)
        .send()
        .await
        .expect("a ticket");
    assert_eq!(chamado.extra.get("campo_de_amanha"), Some(json!({"a": [1]})));
    assert_eq!(
        serde_json::to_value(&*chamado).expect("JSON")["historico"][0]["campo_de_amanha"],
        json!(null)
    );
}

#[tokio::test]
async fn a_decode_failure_names_operation_status_and_place_but_no_value() {
    let mut body = full_ticket();
    body["data"]["historico"][1]["data_hora"] = json!("amanhã cedo, Dona Clotilde");
    let server = answers(&body);
    let failed = tomticket(&server).ler_chamado().identificador_chamado(TICKET).send().await;
    let error = failed.expect_err("a decode failure");
    assert!(error.is_decode());
    assert_eq!(error.operation(), Some("ler_chamado"));
    assert_eq!(error.status(), Some(200));
    assert_eq!(error.pointer(), Some("/data/historico/1/data_hora"));
    assert!(!format!("{error} {error:?} {error:#?}").contains("Clotilde"), "{error:?}");
    let kept = error.body().expect("the raw answer");
    assert!(String::from_utf8_lossy(kept).contains("Clotilde"));
}

#[tokio::test]
async fn dates_are_typed_each_in_its_own_form() {
    let server = answers(&full_ticket());
    let chamado = tomticket(&server)
        .ler_chamado()
        .identificador_chamado(TICKET)
        .send()
        .await
        .expect("a ticket");
    let raw = full_ticket()["data"]["data_criacao"].as_str().expect("a date").to_owned();
    assert_eq!(chamado.data_criacao.to_string(), raw);
    let civil = chamado.data_criacao.civil();
    assert_eq!(
        format!(
            "{:02}/{:02}/{} {:02}:{:02}",
            civil.day(),
            civil.month(),
            civil.year(),
            civil.hour(),
            civil.minute()
        ),
        raw
    );
}

#[tokio::test]
async fn a_number_of_a_work_order_is_read_as_text_and_as_int() {
    for number in [json!("320"), json!(320), json!("00132508"), json!(202_208_121_530_001_234_i64)]
    {
        let mut body = recorded("hubsoft/criar_atendimento/with_work_order.json");
        body["atendimento"]["ordens_servico"][0]["numero_ordem_servico"] = number.clone();
        let server = answers(&body);
        let call = hubsoft(&server);
        let sent = call.criar_atendimento().body_map(a_request).send().await;
        let atendimento = sent.expect("a ticket");
        let again = serde_json::to_value(&*atendimento).expect("JSON");
        assert_eq!(again["ordens_servico"][0]["numero_ordem_servico"], number);
    }
}

fn a_request(
    body: hubsoft::types::builder::NovoAtendimento,
) -> hubsoft::types::builder::NovoAtendimento {
    body.id_cliente_servico("11000").descricao("Sem acesso").nome("Ana").telefone("37999990000")
}

#[tokio::test]
async fn the_misspelt_success_is_a_success_and_gives_the_ticket() {
    let mut body = recorded("hubsoft/criar_atendimento/with_work_order.json");
    body["status"] = json!("suscess");
    let server = answers(&body);
    let client = hubsoft(&server);
    let atendimento =
        client.criar_atendimento().body_map(a_request).send().await.expect("a ticket");
    assert_eq!(Value::from(atendimento.protocolo.clone()), body["atendimento"]["protocolo"]);
    assert_eq!(atendimento.message(), body["msg"].as_str());
}

#[tokio::test]
async fn a_success_that_is_misspelt_anew_is_a_refusal_of_which_nobody_knows() {
    for (status, is_unknown) in [("sucess", true), ("error", false)] {
        let server = answers(&json!({"status": status, "msg": "Produto removido", "errors": []}));
        let error =
            hubsoft(&server).apagar_produto().id_produto(7).send().await.expect_err("a refusal");
        assert_eq!(error.is_outcome_unknown(), is_unknown, "{error}");
        assert_eq!(error.message(), Some("Produto removido"));
    }
}

#[tokio::test]
async fn a_crash_within_a_success_leaves_a_write_in_doubt() {
    let server = answers(&recorded("hubsoft/criar_atendimento/uncaught_exception.json"));
    let client = hubsoft(&server);
    let error = client.criar_atendimento().body_map(a_request).send().await.expect_err("a refusal");
    assert!(error.is_vendor() && error.is_outcome_unknown() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn an_operation_that_no_spec_knows_gives_all_that_is_no_envelope() {
    let server = answers(&json!({"status": "success", "msg": "ok", "novidades": [7]}));
    let client = hubsoft(&server);
    let call = client.undocumented("POST", "/api/v1/integracao/novidade").json(&json!({"id": 7}));
    let answer = call.send::<Value>().await.expect("an answer");
    assert_eq!((answer.message(), &*answer), (Some("ok"), &json!({"novidades": [7]})));

    let server = answers(&json!({"erro": false, "mensagem": null}));
    let client = tomticket(&server);
    let answer =
        client.undocumented("POST", "/novidade/{token}").send::<Value>().await.expect("an answer");
    assert_eq!(*answer, json!({}));
}

#[tokio::test]
async fn a_customer_who_is_named_in_the_query_or_the_body_is_not_named_by_the_error() {
    let server = answers(
        &json!({"status": "error", "msg": "Cliente Ana Souza não encontrado", "errors": []}),
    );
    let client = hubsoft(&server);
    let by_query =
        client.consultar_cliente().busca("nome_razaosocial").termo_busca("Ana Souza").send().await;
    let by_body = client
        .undocumented("POST", "/api/v1/integracao/prospecto")
        .json(&json!({"nome_razaosocial": "ana souza"}))
        .send::<Value>();
    let by_body = by_body.await.expect_err("a refusal");
    for error in [by_query.expect_err("a refusal"), by_body] {
        assert!(error.to_string().ends_with(": Cliente *** não encontrado"), "{error}");
        assert_eq!(error.message(), Some("Cliente Ana Souza não encontrado"));
    }
}

#[tokio::test]
async fn an_upload_over_the_cap_is_refused_before_the_first_byte_with_the_sizes() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.is_true(|_| true);
        then.status(200);
    });
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("filme.mp4");
    std::fs::File::create(&film)
        .and_then(|file| file.set_len(25 * 1024 * 1024))
        .expect("a large file");
    let refused = tomticket(&server)
        .criar_chamado()
        .identificador_cliente("4321")
        .id_departamento("d")
        .titulo("t")
        .mensagem("m")
        .anexos(vec![FilePart::from_path(&film), FilePart::from_bytes("nota.txt", b"abc".to_vec())])
        .send()
        .await;
    let error = refused.expect_err("a refusal");
    assert!(error.is_too_large(), "{error}");
    mock.assert_calls(0);
    let sizes: Vec<(&str, u64)> =
        error.parts().iter().map(|part| (part.name.as_str(), part.bytes)).collect();
    assert!(sizes.contains(&("anexos[]", 25 * 1024 * 1024)), "{sizes:?}");
    assert!(sizes.contains(&("titulo", 1)), "{sizes:?}");
    assert!(error.to_string().contains("26214400"), "the limit is named: {error}");
}

#[tokio::test]
async fn everything_that_a_request_lacks_is_named_at_once() {
    let server = MockServer::start();
    let client = hubsoft(&server);
    let error = client.editar_cadastro_cliente().ativo(true).send().await.expect_err("a refusal");
    assert_eq!(
        error.to_string(),
        "`editar_cadastro_cliente`: parameter `id_cliente` is missing; no value supplied for \
         tipo_pessoa, nome_razaosocial, cpf_cnpj and telefone_primario"
    );
    let atendimento = NovoAtendimento::new("11000", "Sem acesso", "Ana", "37999990000");
    let server = answers(&recorded("hubsoft/criar_atendimento/with_work_order.json"));
    let client = hubsoft(&server);
    let opened = client.criar_atendimento().body(atendimento).abrir_os(true).send().await;
    assert!(opened.is_ok(), "{:?}", opened.err());
}

#[tokio::test]
async fn a_request_that_lacks_something_is_refused_before_it_is_sent() {
    let server = MockServer::start();
    let error = tomticket(&server).ler_chamado().send().await.expect_err("a refusal");
    assert!(error.is_invalid_request(), "{error}");
    assert!(error.to_string().contains("identificador_chamado"), "{error}");

    let client = tomticket_v1::Client::builder().base_url(server.base_url()).build();
    let error = match client {
        Ok(client) => {
            client.ler_chamado().identificador_chamado(TICKET).send().await.expect_err("a refusal")
        }
        Err(error) => error,
    };
    assert!(error.to_string().contains("token"), "{error}");
}

#[tokio::test]
async fn the_bearer_is_not_sent_to_the_operation_that_makes_it() {
    let server = MockServer::start();
    let with_bearer = server.mock(|when, then| {
        when.header_exists("authorization");
        then.status(500);
    });
    server.mock(|when, then| {
        when.path("/oauth/token");
        then.status(200)
            .header("content-type", "application/json")
            .body(recorded("hubsoft/autenticar/token_issued.json").to_string());
    });
    let login = hubsoft(&server)
        .autenticar()
        .grant_type("password")
        .client_id("7")
        .client_secret("s")
        .username("ana@mail.example")
        .password("p")
        .send()
        .await
        .expect("a token");
    with_bearer.assert_calls(0);
    assert_eq!(
        Value::from(login.access_token.clone()),
        recorded("hubsoft/autenticar/token_issued.json")["access_token"]
    );
}
