//! Tests authentication, refusals, rate limits and paging.

use std::time::Duration;

use crate::support::{Ask, start};
use prumo_standin::{Clock, StandIn};
use serde_json::{Value, json};

const API: &str = "/api/v1/integracao";

fn log_in(password: &str) -> Ask {
    Ask::new("POST", "/oauth/token").json(json!({
        "grant_type": "password", "client_id": "7", "client_secret": "standin-client-secret",
        "username": "integracao@example.com", "password": password,
    }))
}

#[tokio::test]
async fn hubsoft_gives_out_tokens_that_end() {
    let clock = Clock::stopped();
    let stand_in = StandIn::hubsoft().clock(clock.clone()).token_lifetime(Duration::from_secs(60));
    let server = stand_in.start().await.expect("a free port");
    let wrong = log_in("wrong").send(&server).await.expect("an answer");
    assert_eq!((wrong.status, wrong.json()["error"].clone()), (401, json!("invalid_credentials")));
    let token = log_in("standin-password").send(&server).await.expect("an answer").json();
    assert_eq!(token["expires_in"], 60);
    let token = token["access_token"].as_str().expect("a token").to_owned();
    let status = async |token: &str| {
        let ask = Ask::new("GET", &format!("{API}/configuracao/tecnico")).bearer(token);
        let told = ask.send(&server).await.expect("an answer");
        (told.status, told.json())
    };
    assert_eq!(status(&token).await.0, 200);
    clock.advance(Duration::from_secs(59));
    assert_eq!(status(&token).await.0, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(status(&token).await, (401, json!({"status": "error", "msg": "Token expirado."})));
    assert_eq!(status("made-up").await, (401, json!({"message": "Unauthenticated."})));
    let token = server.token();
    server.expire_tokens();
    assert_eq!(status(&token).await.0, 401);
}

/// A spec, a request, and the status and body of the refusal.
type Refused = (&'static str, Ask, u16, Value);

fn refused_by_hubsoft() -> [Refused; 6] {
    [
        (
            "hubsoft",
            Ask::new("GET", &format!("{API}/atendimento/todos?itens_por_pagina=5")),
            200,
            json!({"status": "error", "msg": "Preencha os campos obrigatórios como especificado.",
                "errors": ["O campo pagina é obrigatório."]}),
        ),
        (
            "hubsoft",
            Ask::new("GET", &format!("{API}/cliente?busca=cpf_cnpj")),
            200,
            json!({"status": "error", "msg": "Preencha os campos obrigatórios como especificado.",
                "errors": ["O campo termo_busca é obrigatório."]}),
        ),
        (
            "hubsoft",
            Ask::new("POST", &format!("{API}/atendimento/adicionar_mensagem/4242"))
                .json(json!({"mensagem": 7})),
            200,
            json!({"status": "error", "msg": "Preencha os campos obrigatórios como especificado.",
                "errors": ["O campo mensagem não possui um valor válido."]}),
        ),
        (
            "hubsoft",
            Ask::new("POST", &format!("{API}/atendimento/adicionar_mensagem/9"))
                .json(json!({"mensagem": "Oi"})),
            200,
            json!({"status": "error", "msg": "Atendimento não encontrado."}),
        ),
        // Nothing is stored for these two, but the record that they are about must exist.
        (
            "hubsoft",
            Ask::new("POST", &format!("{API}/cliente/reset_mac_addr"))
                .json(json!({"id_cliente_servico": 9})),
            200,
            json!({"status": "error", "msg": "Serviço não encontrado."}),
        ),
        (
            "hubsoft",
            Ask::new("PUT", &format!("{API}/estoque/produto_item/alterar_status"))
                .json(json!({"ids_produto_item": [501, 9], "status": "manutencao"})),
            200,
            json!({"status": "error", "msg": "Item não encontrado."}),
        ),
    ]
}

fn refused_by_tomticket() -> [Refused; 6] {
    [
        (
            "tomticket-v1",
            Ask::new("GET", "/chamado/standin-token/ffffffffffffffffffffffffffffffff"),
            200,
            json!({"erro": true, "mensagem": "Chamado não encontrado."}),
        ),
        (
            "tomticket-v1",
            Ask::new("GET", "/chamado/another-token/ffffffffffffffffffffffffffffffff"),
            401,
            json!({"erro": true, "mensagem": "Token de acesso inválido."}),
        ),
        (
            "tomticket-v2",
            Ask::new("GET", "/v2.0/ticket/list?creation_date_ge=yesterday"),
            401,
            json!({"message": "The date is not valid."}),
        ),
        (
            "tomticket-v2",
            Ask::new("POST", "/v2.0/ticket/finish").json(json!({"ticket_id": "a1"})),
            401,
            json!({"error": true, "message": null, "success": false}),
        ),
        (
            "tomticket-v2",
            Ask::new("POST", "/v2.0/ticket/finish").form(&[("ticket_id", "a1")]),
            200,
            json!({"error": true, "message": "The field message is missing.", "success": false}),
        ),
        (
            "tomticket-v2",
            Ask::new("GET", "/v2.0/ticket/list?page=99"),
            404,
            json!({"error": true, "message": "There is no such page.", "success": false}),
        ),
    ]
}

#[tokio::test]
async fn a_refusal_is_said_in_the_vendors_own_way() {
    for (spec, ask, status, body) in refused_by_hubsoft().into_iter().chain(refused_by_tomticket())
    {
        let server = start(spec).await;
        let told = ask.clone().bearer(&server.token()).send(&server).await.expect("an answer");
        assert_eq!((told.status, told.json()), (status, body), "{} {}", ask.method, ask.path);
    }
}

#[tokio::test]
async fn a_request_too_many_gets_a_web_page_until_a_second_is_over() {
    let clock = Clock::stopped();
    let server = StandIn::tomticket_v2().clock(clock.clone()).start().await.expect("a free port");
    let ask = Ask::new("GET", "/v2.0/department/list").bearer(&server.token());
    let status = async || ask.send(&server).await.expect("an answer").status;
    assert_eq!([status().await, status().await, status().await], [200; 3]);
    let refused = ask.send(&server).await.expect("an answer");
    assert_eq!((refused.status, refused.content_type.as_str()), (429, "text/html; charset=UTF-8"));
    clock.advance(Duration::from_secs(1));
    assert_eq!(status().await, 200);
}

#[tokio::test]
async fn lists_come_in_pages() {
    // With 120 tickets: the URL of a page, its number of items, and a place in it with a value.
    let cases: [(&str, &str, &str, usize, &str, Value); 8] = [
        ("tomticket-v1", "/chamados/standin-token/1", "/data", 50, "/total_itens", json!(120)),
        ("tomticket-v1", "/chamados/standin-token/3", "/data", 20, "/total_itens", json!(120)),
        ("tomticket-v1", "/chamados/standin-token/4", "/data", 0, "/total_itens", json!(120)),
        ("tomticket-v2", "/v2.0/ticket/list", "/data", 50, "/next_page", json!(2)),
        ("tomticket-v2", "/v2.0/ticket/list?page=3", "/data", 20, "/next_page", json!(null)),
        (
            "hubsoft",
            "/api/v1/integracao/atendimento/todos?pagina=2&itens_por_pagina=50",
            "/atendimentos",
            20,
            "/paginacao/ultima_pagina",
            json!(2),
        ),
        (
            "hubsoft",
            "/api/v1/integracao/atendimento/paginado/50?pagina=3&data_inicio=2020-01-01&data_fim=2040-01-01",
            "/atendimentos/data",
            20,
            "/atendimentos/last_page",
            json!(3),
        ),
        (
            "hubsoft",
            "/api/v1/integracao/cliente/atendimento?busca=cpf_cnpj&termo_busca=11144477735&limit=7",
            "/atendimentos",
            7,
            "/status",
            json!("success"),
        ),
    ];
    for (spec, path, items, n_items, place, told) in cases {
        let stand_in = StandIn::named(spec).expect("a vendor").unlimited().tickets(120);
        let server = stand_in.start().await.expect("a free port");
        let answer = Ask::new("GET", path)
            .bearer(&server.token())
            .send(&server)
            .await
            .expect("an answer")
            .json();
        let seen = answer.pointer(items).and_then(Value::as_array).map(Vec::len);
        assert_eq!((seen, answer.pointer(place)), (Some(n_items), Some(&told)), "{path}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let server = start("tomticket-v2").await;
    let large = vec![b'a'; 26 << 20];
    let ask = Ask::new("POST", "/v2.0/ticket/new").bearer(&server.token()).file(
        "attachment[]",
        "a.txt",
        &large,
    );
    let told = ask.send(&server).await.expect("an answer").json();
    assert_eq!(told["message"], "The request is larger than 25 MB.");
    assert_eq!(server.n_done("ticket_new"), 0);
}

#[tokio::test]
async fn what_came_is_told_and_no_secret_of_it_is_shown() {
    let server = start("tomticket-v2").await;
    let form = [("ticket_id", "s3cr3t-ticket"), ("message", "s3cr3t words")];
    Ask::new("POST", "/v2.0/ticket/finish").form(&form).bearer("s3cr3t-bearer").send(&server).await;
    let requests = server.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(request.operation.as_deref(), Some("ticket_finish"));
    assert_eq!(request.template.as_deref(), Some("/v2.0/ticket/finish"));
    assert_eq!((request.status, request.is_done), (Some(401), false));
    assert_eq!(request.argument("message"), Some("s3cr3t words"));
    assert_eq!(request.header("authorization"), Some("Bearer s3cr3t-bearer"));
    let shown =
        format!("{requests:?} {server:?} {:?} {:?}", server.credentials(), StandIn::hubsoft());
    assert!(!shown.contains("s3cr3t") && !shown.contains("standin-"), "{shown}");
}
