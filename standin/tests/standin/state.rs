//! Tests that a created record is read, listed, answered and closed, and then missing from open
//! ones.

use crate::support::{Ask, Told, start};
use std::io::{Read, Write};

use serde_json::json;

const API: &str = "/api/v1/integracao";

#[tokio::test]
async fn a_ticket_of_the_second_generation_lives() {
    let server = start("tomticket-v2").await;
    let token = server.token();
    let send = async |ask: Ask| ask.bearer(&token).send(&server).await.expect("an answer");
    let get = async |path: &str| send(Ask::new("GET", path)).await.json();
    let departments = get("/v2.0/department/list?show_nested_items=1").await;
    let department = departments["data"][0]["id"].as_str().expect("an id");
    let operator = departments["data"][0]["operators"][0]["id"].as_str().expect("an id");

    let new = Ask::new("POST", "/v2.0/ticket/new")
        .form(&[
            ("customer_id", "ana@example.com"),
            ("customer_id_type", "E"),
            ("department_id", department),
            ("subject", "Sem acesso"),
            ("message", "Desde ontem."),
            ("custom_field[a1]", "azul"),
        ])
        .file("attachment[]", "foto.txt", b"pixels");
    let created = send(new).await.json();
    let id = created["ticket_id"].as_str().expect("an id");
    let detail = format!("/v2.0/ticket/detail?ticket_id={id}");
    let ticket = get(&detail).await;
    assert_eq!(ticket["data"]["protocol"], created["protocol"]);
    assert_eq!(ticket["data"]["customer"]["name"], "Ana Modelo");
    assert_eq!(ticket["data"]["custom_fields"]["open"][0]["value"], "azul");
    assert_eq!(ticket["data"]["operator"]["id"], json!(null));
    assert_eq!(ticket["data"]["attachments"][0]["size"], 6);
    let url = ticket["data"]["attachments"][0]["url"].as_str().expect("an address");
    let file =
        Ask::new("GET", url.strip_prefix(&server.url()).expect("our own")).send(&server).await;
    assert_eq!(file.expect("a file").text, "pixels");

    let list = get("/v2.0/ticket/list?situation=0").await;
    assert_eq!(list["data"][0]["id"], id, "the newest comes first");
    assert_eq!(list["size"], 4);

    let post = async |path: &str, fields: &[(&str, &str)]| {
        send(Ask::new("POST", path).form(fields)).await.json()
    };
    let by_operator = [("ticket_id", id), ("operator_id", operator)];
    assert_eq!(post("/v2.0/ticket/operator/link", &by_operator).await["error"], false);
    assert_eq!(
        post("/v2.0/ticket/operator/link", &by_operator).await["message"],
        "An operator has this ticket."
    );
    let message = [("ticket_id", id), ("message", "Resolvido.")];
    let reply = post("/v2.0/ticket/reply/operator", &message).await;
    let ticket = get(&detail).await;
    assert_eq!(ticket["data"]["replies"][0]["id"], reply["id"]);
    assert_eq!(ticket["data"]["replies"][0]["sender_type"], "A");
    assert_eq!(ticket["data"]["situation"]["id"], 2);
    assert_eq!(post("/v2.0/ticket/finish", &message).await["error"], false);
    let ticket = get(&detail).await;
    assert_eq!(ticket["data"]["situation"]["id"], 5);
    assert!(ticket["data"]["end_date"].is_string());
    assert_eq!(post("/v2.0/ticket/finish", &message).await["message"], "The ticket is finished.");
    let rating = [("ticket_id", id), ("grade", "5"), ("problem_solved", "Y")];
    assert_eq!(post("/v2.0/ticket/evaluation", &rating).await["error"], false);
    assert_eq!(get(&detail).await["data"]["evaluation"]["grade"], 5);
}

#[tokio::test]
async fn a_ticket_of_the_first_generation_lives() {
    let server = start("tomticket-v1").await;
    let token = server.token();
    let send = async |ask: Ask| ask.send(&server).await.expect("an answer").json();
    let departments = send(Ask::new("GET", &format!("/departamentos/{token}"))).await;
    let department = departments["data"][0]["id"].as_str().expect("an id");
    let new = Ask::new("POST", &format!("/criar_chamado/{token}/4242"))
        .form(&[
            ("id_departamento", department),
            ("titulo", "Sem acesso"),
            ("mensagem", "Desde ontem."),
        ])
        .file("anexos[]", "foto.txt", b"pixels");
    let created = send(new).await;
    let id = created["id_chamado"].as_str().expect("an id");
    let read =
        async || send(Ask::new("GET", &format!("/chamado/{token}/{id}"))).await["data"].clone();
    let ticket = read().await;
    assert_eq!(ticket["titulo"], "Sem acesso");
    assert_eq!(ticket["nomecliente"], "Ana Modelo");
    assert_eq!(ticket["anexos"][0]["tamanhobytes"], 6);
    let list =
        send(Ask::new("GET", &format!("/chamados/{token}/1?idcliente=4242&tipo_identificacao=I")))
            .await;
    assert_eq!(list["data"][0]["idchamado"], id);
    assert!(list["data"][0].get("historico").is_none(), "only the read of one ticket tells it");

    let post = async |path: String, fields: &[(&str, &str)]| {
        send(Ask::new("POST", &path).form(fields)).await
    };
    assert_eq!(
        post(format!("/chamado/{token}/{id}/responder"), &[("mensagem", "Resolvido.")]).await["erro"],
        false
    );
    let status = [("ticket_id", id), ("status_id", "a1")];
    assert_eq!(post(format!("/ticket/status/open/{token}"), &status).await["erro"], false);
    let ticket = read().await;
    assert_eq!(ticket["historico"][0]["mensagem"], "Resolvido.");
    assert_eq!(ticket["ultimasituacao"], 2);
    assert_eq!(ticket["status"], "Em análise");
    assert_eq!(post(format!("/ticket/status/open/{token}"), &status).await["erro"], true);
    assert_eq!(
        post(format!("/ticket/status/close/{token}"), &[("ticket_id", id)]).await["erro"],
        false
    );
    assert_eq!(read().await["status"], json!(null));
}

#[tokio::test]
async fn a_ticket_with_a_work_order_of_hubsoft_lives() {
    let server = start("hubsoft").await;
    let token = server.token();
    let send = async |ask: Ask| ask.bearer(&token).send(&server).await.expect("an answer");
    let json = |told: Told| {
        let told = told.json();
        assert_eq!(told["status"], "success", "{told}");
        told
    };
    let get = async |path: &str| json(send(Ask::new("GET", &format!("{API}{path}"))).await);
    let post = async |path: &str, body| {
        json(send(Ask::new("POST", &format!("{API}{path}")).json(body)).await)
    };

    let found = get("/cliente?busca=cpf_cnpj&termo_busca=123.456.789-09").await;
    let customer = &found["clientes"][0];
    assert_eq!(customer["nome_razaosocial"], "ANA MODELO");
    let service = &customer["servicos"][0];
    assert_eq!(service["status_prefixo"], "servico_habilitado");
    let created = post(
        "/atendimento",
        json!({"id_cliente_servico": service["id_cliente_servico"], "descricao": "Sem acesso",
            "nome": "Ana", "telefone": "11900000001", "abrir_os": true}),
    )
    .await;
    let ticket = &created["atendimento"];
    let id = ticket["id_atendimento"].as_i64().expect("an id");
    assert_eq!(ticket["cliente"]["cpf_cnpj"], "12345678909");
    let order = &ticket["ordens_servico"][0];
    assert_eq!(order["status"], "aguardando_agendamento");
    let id_order = order["id_ordem_servico"].clone();

    let moved = post(
        "/ordem_servico/reagendar",
        json!({"id_ordem_servico": id_order, "data_inicio_programado": "2026-12-01",
            "hora_inicio_programado": "08:00:00", "data_termino_programado": "2026-12-01",
            "hora_termino_programado": "10:00:00"}),
    )
    .await;
    assert_eq!(moved["ordem_servico"]["status"], "Pendente");
    assert_eq!(moved["ordem_servico"]["data_inicio_programado"], "2026-12-01 08:00");
    let named = "busca=cpf_cnpj&termo_busca=12345678909";
    let seen = get(&format!("/cliente/ordem_servico?{named}&status=pendente")).await;
    assert_eq!(seen["ordens_servico"][0]["data_inicio_programado"], "01/12/2026 08:00:00");

    post(&format!("/atendimento/adicionar_mensagem/{id}"), json!({"mensagem": "A caminho."})).await;
    let file = Ask::new("POST", &format!("{API}/atendimento/adicionar_anexo/{id}"))
        .file("files[0]", "foto.txt", b"pixels");
    json(send(file).await);
    let closing = json!({"fechar_atendimento": true,
        "parametros_fechamento": {"descricao_fechamento": "Resolvido.", "status_fechamento": "concluido"}});
    let close = || Ask::new("PUT", &format!("{API}/atendimento/{id}")).json(closing.clone());
    let closed = json(send(close()).await);
    assert_eq!(closed["atendimento"]["status_fechamento"], "concluido");
    assert_eq!(closed["atendimento"]["anexos_count"], 1);
    let again = send(close()).await.json();
    assert_eq!(again["msg"], "O atendimento está fechado.");
    let pending = get(&format!("/cliente/atendimento?{named}&apenas_pendente=sim")).await;
    let is_there = |list: &serde_json::Value| {
        list["atendimentos"].as_array().expect("a list").iter().any(|it| it["id_atendimento"] == id)
    };
    assert!(!is_there(&pending));
    assert!(is_there(&get("/atendimento/todos?pagina=0&itens_por_pagina=100").await));
}

#[tokio::test]
async fn an_invoice_of_hubsoft_is_due_until_it_is_paid() {
    let server = start("hubsoft").await;
    let send =
        async |ask: Ask| ask.bearer(&server.token()).send(&server).await.expect("an answer").json();
    let get = async |path: &str| send(Ask::new("GET", &format!("{API}{path}"))).await;
    let due = async |more: &str| {
        let list =
            get(&format!("/cliente/financeiro?busca=cpf_cnpj&termo_busca=52998224725{more}")).await;
        list["faturas"].as_array().expect("a list").clone()
    };
    let open = due("").await;
    assert_eq!(open.len(), 2, "one is overdue, one is not due yet");
    assert_eq!(open[0]["data_pagamento"], json!(null));
    assert_eq!(open[0]["cliente"]["nome_razaosocial"], "CÉLIA MODELO");
    let id = open[0]["id_fatura"].clone();
    let pay = json!({"id_fatura": id, "id_caixa_financeiro": 3, "data_pagamento": "2026-11-20",
        "valor_pago": 99.9, "meio_pagamento": "pix"});
    let pay = || Ask::new("POST", &format!("{API}/financeiro/fatura/liquidar")).json(pay.clone());
    let paid = send(pay()).await;
    assert_eq!(paid["recibo"]["data_pagamento"], "2026-11-20");
    assert_eq!(paid["recibo"]["meio_pagamento"]["prefixo"], "pix");
    assert_eq!(send(pay()).await["msg"], "A fatura já foi quitada.");

    assert_eq!(due("").await.len(), 1);
    let all = due("&apenas_pendente=nao&order_type=desc").await;
    let told = all.iter().find(|it| it["id_fatura"] == id).expect("the invoice");
    assert_eq!(told["data_pagamento"], "20/11/2026");
    assert_eq!(told["valor_pago"], json!(99.9));
    assert_eq!(all.len(), 3);
    assert_eq!(all[2]["quitado"], true, "the oldest was paid before");
    let list = async |filter: &str| {
        get(&format!("/financeiro/fatura?{filter}")).await["paginacao"]["total_registros"].clone()
    };
    let by_service = "busca=id_fatura&termo_busca=";
    assert_eq!(list(&format!("{by_service}{id}&apenas_quitado=sim")).await, 1);
    assert_eq!(list(&format!("{by_service}{id}&apenas_em_aberto=sim")).await, 0);
    assert_eq!(list("").await, 5, "one of each service was due in the last days");
    assert!(due("&data_inicio=2000-01-01&data_fim=2000-12-31").await.is_empty());
    let nobody = get("/cliente/financeiro?busca=cpf_cnpj&termo_busca=39053344705").await;
    assert_eq!(nobody["faturas"], json!([]));
}

#[tokio::test]
async fn a_service_of_hubsoft_is_unlocked_added_and_changed() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: serde_json::Value| {
        let ask = Ask::new(method, &format!("{API}{path}")).json(body);
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let services = async || {
        let ask = Ask::new("GET", &format!("{API}/cliente?busca=cpf_cnpj&termo_busca=52998224725"));
        let found = ask.bearer(&server.token()).send(&server).await.expect("an answer").json();
        found["clientes"][0].clone()
    };
    let before = services().await;
    let id = &before["servicos"][0]["id_cliente_servico"];
    assert_eq!(before["servicos"][0]["status_prefixo"], "suspenso_debito");
    let unlock = async |days: i64| {
        let body = json!({"id_cliente_servico": id, "dias_desbloqueio": days});
        send("POST", "/cliente/desbloqueio_confianca", body).await["status"].clone()
    };
    assert_eq!(unlock(90).await, "error");
    assert_eq!(services().await["servicos"][0]["status_prefixo"], "suspenso_debito");
    assert_eq!(unlock(2).await, "success");
    assert_eq!(services().await["servicos"][0]["status_prefixo"], "servico_habilitado");

    let new = json!({"id_cliente": before["id_cliente"], "id_servico": 10, "valor": 120.5});
    let added = send("POST", "/cliente/cliente_servico", new).await["cliente_servico"].clone();
    let path = format!("/cliente/cliente_servico/editar/{}", added["id_cliente_servico"]);
    let changed = send("PUT", &path, json!({"id_usuario_vendedor": 7})).await;
    assert_eq!(changed["cliente_servico"]["id_usuario_vendedor"], 7);
    let told = services().await["servicos"][1].clone();
    assert_eq!(told["id_cliente_servico"], added["id_cliente_servico"]);
    assert_eq!(told["status_prefixo"], "aguardando_instalacao");
    assert_eq!(told["valor"], json!(120.5));
}

#[tokio::test]
async fn a_ticket_of_hubsoft_is_rated_once() {
    let server = start("hubsoft").await;
    let path = format!("{API}/atendimento/4242/avaliacao");
    let send =
        async |ask: Ask| ask.bearer(&server.token()).send(&server).await.expect("an answer").json();
    let read = async || send(Ask::new("GET", &format!("{path}/consultar_avaliacao"))).await;
    assert_eq!(read().await["msg"], "Avaliação não encontrada.");
    let asked = send(Ask::new("GET", &format!("{path}/gerar_questoes_avaliacao"))).await;
    assert_eq!(asked["questoes"][1]["tipo_avaliacao"], "usuario_abertura");
    let marks = json!({"comentario": "Resolvido.", "questoes":
        [{"id_avaliacao": 1, "avaliacao": 8}, {"id_avaliacao": 2, "avaliacao": 9}]});
    let rate = || Ask::new("POST", &format!("{path}/avaliar")).json(marks.clone());
    assert_eq!(send(rate()).await["avaliacao"]["media"], json!(8.5));
    assert_eq!(send(rate()).await["msg"], "O atendimento já foi avaliado.");
    let rating = read().await["avaliacao"].clone();
    assert_eq!(rating["avaliacoes"][1]["avaliacao"], "9");
    assert_eq!(rating["comentario"], "Resolvido.");
}

#[tokio::test]
async fn a_package_and_a_fiscal_note_of_hubsoft_are_changed() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}{path}")) };
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let packages = async |status: &str| {
        let path = format!("/pacote/consultar?pagina=0&itens_por_pagina=50&status={status}");
        send("GET", &path, None).await["pacotes"].as_array().expect("a list").len()
    };
    let new = json!({"id_cliente_servico": 11001, "id_pacote": 41, "valor": 29.9});
    assert_eq!(send("POST", "/pacote", Some(new)).await["status"], "success");
    assert_eq!((packages("todos").await, packages("inativo").await), (4, 0));
    assert_eq!(send("DELETE", "/pacote/504", None).await["status"], "success");
    assert_eq!((packages("ativo").await, packages("inativo").await), (3, 1));
    assert_eq!(send("PATCH", "/pacote/ativar/504", None).await["status"], "success");
    assert_eq!(packages("ativo").await, 4);

    let state = json!({"status": "autorizado", "numero": "77"});
    assert_eq!(send("PUT", "/nota_fiscal/nfse/502", Some(state)).await["nfse"]["numero"], "77");
    let path = "/nota_fiscal/nfse?data_inicio=2026-01-01&data_fim=2026-01-31&documento=11222333000181\
                &pagina=0&itens_por_pagina=9&status=autorizado";
    let list = send("GET", path, None).await;
    assert_eq!(list["nfses"][0]["id_nfse"], 502);
    assert_eq!(list["paginacao"]["total_registros"], 1);
}

#[tokio::test]
async fn a_thing_that_is_only_kept_is_added_read_listed_changed_and_removed() {
    let server = start("hubsoft").await;
    let token = server.token();
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}{path}")) };
        ask.bearer(&token).send(&server).await.expect("an answer").json()
    };
    let product = |name: &str| {
        Some(json!({"nome": name, "unidade_medida": "UN", "valor_compra": 10, "valor_venda": 20.5,
            "controle_patrimonial": true, "epi": false, "produto_categoria": {"id_categoria": 1},
            "produto_marca": {"id_produto_marca": 2}}))
    };
    let added = send("POST", "/estoque/produto", product("ONU")).await;
    let path = format!("/estoque/produto/{}", added["produto"]["id_produto"]);
    assert_eq!(send("GET", &path, None).await["produto"]["nome"], "ONU");
    assert_eq!(send("PUT", &path, product("ONT")).await["produto"]["nome"], "ONT");
    let names = async || {
        let list = send("GET", "/estoque/produto?pagina=0&itens_por_pagina=2", None).await;
        (list["produtos"][0]["nome"].clone(), list["paginacao"]["total_registros"].clone())
    };
    assert_eq!(names().await, (json!("ONT"), json!(4)));
    assert_eq!(send("DELETE", &path, None).await["status"], "success");
    assert_eq!(send("GET", &path, None).await["msg"], "Produto não encontrado.");
    assert_eq!(names().await.1, 3);

    let state =
        async |path: &str| send("PUT", path, Some(json!({}))).await["tarefa"]["status"].clone();
    assert_eq!(state("/tarefa/inicia_tarefa/501").await, "em_execucao");
    assert_eq!(state("/tarefa/conclui_tarefa/501").await, "concluido");
}

#[test]
fn it_runs_beside_a_caller_that_is_not_asynchronous_until_it_is_dropped() {
    let server = prumo_standin::StandIn::hubsoft().start_in_thread().expect("a thread");
    let address = server.address();
    let ask = || -> std::io::Result<String> {
        let mut stream = std::net::TcpStream::connect(address)?;
        stream.write_all(b"GET /oauth/token HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text).map(|_| text)
    };
    assert!(ask().expect("an answer").starts_with("HTTP/1.1 404"));
    drop(server);
    // The thread needs time to notice.
    let is_gone = (0..1000).any(|_| {
        std::thread::yield_now();
        ask().is_err()
    });
    assert!(is_gone);
}

#[tokio::test]
async fn the_same_seed_and_requests_give_the_same_answers() {
    let told = async |seed: u64| {
        let stand_in = prumo_standin::StandIn::tomticket_v2()
            .seed(seed)
            .clock(prumo_standin::Clock::stopped());
        let server = stand_in.start().await.expect("a free port");
        let ask = |path: &str| Ask::new("GET", path).bearer(&server.token());
        let chats = ask("/v2.0/chat/list").send(&server).await.expect("an answer").text;
        chats + &ask("/v2.0/ticket/list").send(&server).await.expect("an answer").text
    };
    assert_eq!(told(3).await, told(3).await);
    assert_ne!(told(3).await, told(4).await);
}
