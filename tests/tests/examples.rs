//! Runs the clients' examples against a server on loopback that answers as recorded.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    unreachable_pub,
    reason = "the examples are separate programs, which print text"
)]

use httpmock::prelude::*;
use prumo_runtime::FilePart;
use serde_json::{Value, json};

#[path = "../../generated/hubsoft/examples/attach_file.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod attach_file;
#[path = "../../generated/hubsoft/examples/blocking.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod blocking;
#[path = "../../generated/tomticket-v2/examples/close_ticket.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod close_ticket;
#[path = "../../generated/hubsoft/examples/open_ticket.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod open_ticket;
#[path = "../../generated/tomticket-v2/examples/receive_webhook.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod receive_webhook;
#[path = "../../generated/hubsoft/examples/reschedule_work_order.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod reschedule_work_order;
#[path = "../../generated/tomticket-v2/examples/sync_changed_tickets.rs"]
#[expect(dead_code, reason = "its `main` reads the environment")]
mod sync_changed_tickets;

const API: &str = "/api/v1/integracao";

/// Returns the recorded body of a response.
fn recorded(path: &str) -> Value {
    contract_tests::fixtures::answer(path).expect("a fixture")
}

fn hubsoft(server: &MockServer) -> hubsoft::Client {
    hubsoft::Client::builder()
        .base_url(server.base_url())
        .bearer("b34r3r")
        .build()
        .expect("a client")
}

fn tomticket(server: &MockServer) -> tomticket_v2::Client {
    tomticket_v2::Client::builder()
        .base_url(server.base_url())
        .bearer("b34r3r")
        .build()
        .expect("a client")
}

#[tokio::test]
async fn a_customer_that_is_found_by_cpf_gets_a_ticket_with_a_work_order() {
    let server = MockServer::start();
    let search = server.mock(|when, then| {
        when.method(GET)
            .path(format!("{API}/cliente"))
            .query_param("busca", "cpf_cnpj")
            .query_param("termo_busca", "12345678909");
        then.status(200).json_body(recorded("hubsoft/consultar_cliente/connected.json"));
    });
    let create = server.mock(|when, then| {
        when.method(POST).path(format!("{API}/atendimento")).json_body(json!({
            "id_cliente_servico": 11000,
            "descricao": "Sem acesso",
            "nome": "ANA MODELO",
            "telefone": "11900000000",
            "abrir_os": true,
        }));
        then.status(200).json_body(recorded("hubsoft/criar_atendimento/with_work_order.json"));
    });
    let opened = open_ticket::open_ticket(&hubsoft(&server), "12345678909", "Sem acesso").await;
    let opened = opened.expect("an answer").expect("a ticket");
    search.assert();
    create.assert();
    assert_eq!(opened.protocolo, "201811161058999");
    assert_eq!(opened.numero_ordem_servico.as_deref(), Some("321"));
}

#[tokio::test]
async fn nobody_who_is_only_alike_gets_a_ticket() {
    let server = MockServer::start();
    let create = server.mock(|when, then| {
        when.method(POST);
        then.status(500);
    });
    server.mock(|when, then| {
        when.method(GET);
        then.status(200).json_body(recorded("hubsoft/consultar_cliente/connected.json"));
    });
    let opened = open_ticket::open_ticket(&hubsoft(&server), "98765432100", "Sem acesso").await;
    assert_eq!(opened.expect("an answer"), None);
    assert_eq!(create.calls(), 0, "a ticket was opened for somebody else");
}

#[tokio::test]
async fn a_work_order_is_given_another_time() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method(POST).path(format!("{API}/ordem_servico/reagendar")).json_body(json!({
            "id_ordem_servico": 341,
            "data_inicio_programado": "2026-12-01",
            "hora_inicio_programado": "08:00:00",
            "data_termino_programado": "2026-12-01",
            "hora_termino_programado": "10:00:00",
        }));
        then.status(200).json_body(recorded("hubsoft/reagendar_ordem_servico/moved.json"));
    });
    let day = "2026-12-01".parse().expect("a day");
    let status =
        reschedule_work_order::reschedule(&hubsoft(&server), 341, day, "08:00:00", "10:00:00")
            .await;
    mock.assert();
    let recorded = recorded("hubsoft/reagendar_ordem_servico/moved.json");
    assert_eq!(
        status.expect("an order"),
        recorded["ordem_servico"]["status"].as_str().expect("a status")
    );
}

#[tokio::test]
async fn a_ticket_with_an_operator_already_is_answered_and_closed_all_the_same() {
    let server = MockServer::start();
    let answer_to = |path: &'static str, fixture: &'static str| {
        server.mock(move |when, then| {
            when.method(POST).path(format!("/v2.0/ticket/{path}"));
            then.status(200).json_body(recorded(&format!("tomticket-v2/{fixture}.json")));
        })
    };
    let link = answer_to("operator/link", "ticket_operator_link/linked_already");
    let reply = answer_to("reply/operator", "ticket_reply_operator/stored");
    let finish = answer_to("finish", "ticket_finish/finished");
    let client = tomticket(&server);
    close_ticket::answer_and_close(&client, "a1", Some("b2"), "Resolvido.").await.expect("closed");
    for mock in [link, reply, finish] {
        mock.assert();
    }
}

#[tokio::test]
async fn a_ticket_whose_answer_is_refused_is_not_closed() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/v2.0/ticket/reply/operator");
        then.status(200)
            .json_body(recorded("tomticket-v2/ticket_reply_operator/unknown_ticket.json"));
    });
    let finish = server.mock(|when, then| {
        when.path("/v2.0/ticket/finish");
        then.status(200);
    });
    let error = close_ticket::answer_and_close(&tomticket(&server), "a1", None, "Resolvido.").await;
    assert!(error.expect_err("a refusal").is_vendor());
    assert_eq!(finish.calls(), 0);
}

#[tokio::test]
async fn every_page_of_what_changed_is_read_and_none_behind_the_last() {
    let server = MockServer::start();
    let pages = [("1", "first_of_two_pages"), ("2", "last_page")].map(|(number, fixture)| {
        server.mock(move |when, then| {
            when.path("/v2.0/ticket/list")
                .query_param("page", number)
                .query_param("last_update_ge", "2026-08-20 00:00:00-0300");
            then.status(200)
                .json_body(recorded(&format!("tomticket-v2/ticket_list/{fixture}.json")));
        })
    });
    let since = "2026-08-20 00:00:00-0300".parse().expect("a time");
    let ids = sync_changed_tickets::changed_since(&tomticket(&server), since).await.expect("ids");
    for page in pages {
        assert_eq!(page.calls(), 1);
    }
    let first = recorded("tomticket-v2/ticket_list/first_of_two_pages.json");
    let last = recorded("tomticket-v2/ticket_list/last_page.json");
    let both = [first, last];
    let expected = both.iter().flat_map(|page| page["data"].as_array().expect("tickets"));
    let expected: Vec<&str> =
        expected.map(|ticket| ticket["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn a_file_is_attached_to_a_ticket() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method(POST)
            .path(format!("{API}/atendimento/adicionar_anexo/4242"))
            .body_includes("name=\"files[0]\"; filename=\"foto.jpg\"")
            .body_includes("pixels");
        then.status(200).json_body(recorded("hubsoft/adicionar_anexo_atendimento/one_file.json"));
    });
    let file = FilePart::from_bytes("foto.jpg", "pixels").content_type("image/jpeg");
    let protocolo = attach_file::attach(&hubsoft(&server), 4242, file).await.expect("attached");
    mock.assert();
    assert_eq!(protocolo, "20260302101500900001");
}

/// Python computed the signatures: `hmac.new(b"wh-s3cret", base64.b64encode(body), "sha1")`, in
/// Base64.
#[test]
fn a_notification_is_taken_if_it_is_signed_and_as_promised() {
    let secrets = [tomticket_v2::Secret::from("new"), tomticket_v2::Secret::from("wh-s3cret")];
    let created = r#"{"type":"ticket","id":"9c1e5f27a8b34d60918273645a0b1c2d","action":"created"}"#;
    let validation = r#"{"id":"K7Q2-M9XD","action":"validation"}"#;
    let deleted = r#"{"type":"customer","id":"CLI-0007","action":"deleted"}"#;
    // This example is copied from the vendor's page.
    let broken = r#"{"id":"K7Q2-M9XD","action}"#;
    let (of_created, of_broken) =
        ("sha1=ZkYPNu/acIDU+QeiYfsPXDQ04pk=", "sha1=J3q+MkIsgMMXF95H2jHU7Cm3cd0=");
    let cases = [
        (created, Some(of_created), Ok("read the ticket 9c1e5f27a8b34d60918273645a0b1c2d")),
        (
            validation,
            Some("sha1=OV0r7NNcquGXzf2BvyeUooeNqgw="),
            Ok("copy the code K7Q2-M9XD into the panel"),
        ),
        (deleted, Some("sha1=oJN/c7Qm6NR+pXF3we9XAmCBt6I="), Ok("forget the customer CLI-0007")),
        (created, None, Err("401 Unauthorized")),
        (deleted, Some(of_created), Err("401 Unauthorized")),
        (created, Some("sha1={signature}"), Err("401 Unauthorized")),
        (broken, Some(of_broken), Err("400 Bad Request")),
    ];
    for (body, signature, expect) in cases {
        let outcome = receive_webhook::receive(&secrets, signature, body.as_bytes());
        let outcome = match &outcome {
            Ok(notification) => Ok(receive_webhook::task(notification)),
            Err(error) => Err(receive_webhook::status(error)),
        };
        assert_eq!(outcome.as_deref().map_err(|status| *status), expect, "{body}");
    }
    let nobody =
        receive_webhook::receive(&[], Some(of_created), created.as_bytes()).expect_err("no secret");
    assert_eq!(receive_webhook::status(&nobody), "500 Internal Server Error");
}

#[test]
fn a_program_without_an_async_runtime_reads_all_pages_and_sends() {
    let server = MockServer::start();
    // Three pages, as the recorded first one announces, each with its own alerts.
    let pages = [1, 2, 3].map(|number: i64| {
        let mut page = recorded("hubsoft/consultar_alertas/first_page.json");
        page["alertas"]["current_page"] = number.into();
        for (index, alert) in (0_i64..).zip(page["alertas"]["data"].as_array_mut().expect("alerts"))
        {
            alert["id_alerta"] = (10 * number + index).into();
        }
        server.mock(move |when, then| {
            let path = format!("{API}/configuracao/alerta/paginado/100");
            when.path(path).query_param("page", number.to_string());
            then.status(200).json_body(page);
        })
    });
    let client = hubsoft(&server);
    assert_eq!(blocking::count_alerts(&client).expect("alerts"), 6);
    assert_eq!(pages.map(|page| page.calls()), [1, 1, 1]);
    let one = client.consultar_alertas().quantidade(100).page(1).send_blocking().expect("a page");
    assert!(!one.raw_body().is_empty());
}

#[tokio::test]
async fn a_blocking_call_in_an_async_program_is_an_error_that_says_what_to_do() {
    let server = MockServer::start();
    let client = hubsoft(&server);
    let error = client.consultar_alertas().send_blocking().expect_err("no call");
    assert!(error.to_string().contains("await `send()` instead"), "{error}");
    let mut alerts = client.consultar_alertas().items().blocking();
    assert!(alerts.next().is_some_and(|one| one.is_err()));
    assert!(alerts.next().is_none());
}
