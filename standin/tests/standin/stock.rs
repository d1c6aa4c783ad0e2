//! Tests that HubSoft's suppliers, stock and ports keep what was done to them.

use crate::support::{Ask, start};

use serde_json::json;

const API: &str = "/api/v1/integracao";

#[tokio::test]
async fn a_supplier_of_hubsoft_is_added_found_changed_and_switched() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}/estoque/fornecedor{path}")) };
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let new = json!({"tipo": "fornecedor", "nome_razaosocial": "FIOS MODELO LTDA", "tipo_pessoa": "pj",
        "cpf_cnpj": "11222333000343", "uf": "MG",
        "enderecos": [{"cidade": {"id_cidade": "3170"}, "endereco": "RUA MODELO"}],
        "contatos": [{"tipo_contato": {"id_tipo_contato": "2"}, "nome": "ANA MODELO"},
            {"tipo_contato": {"id_tipo_contato": [2, 3]}, "nome": "BETO MODELO"}]});
    let added = send("POST", "", Some(new)).await["fornecedor"].clone();
    assert_eq!(added["uf_ie"], "MG");
    assert_eq!(added["enderecos"][0]["cidade"], "CIDADE 3170");
    assert_eq!(added["contatos"][0]["tipo_contato"], "CONTATO 2");
    assert_eq!(added["contatos"][1]["tipo_contato"], json!(["CONTATO 2", "CONTATO 3"]));
    let path = format!("/{}", added["id_fornecedor"]);
    assert_eq!(send("GET", &path, None).await["fornecedor"], added);
    let note = json!({"observacao": "Entrega às terças."});
    let changed = send("PUT", &path, Some(note)).await["fornecedor"].clone();
    assert_eq!(changed["observacao"], "Entrega às terças.");
    assert_eq!(changed["nome_razaosocial"], "FIOS MODELO LTDA");

    let listed = async |filter: &str| {
        let list = send("GET", &format!("?pagina=0{filter}"), None).await;
        list["paginacao"]["total_registros"].clone()
    };
    assert_eq!(listed("").await, 3);
    assert_eq!(listed("&busca=tipo&termo_busca=transportadora").await, 1);
    assert_eq!(send("DELETE", &path, None).await["status"], "success");
    assert_eq!((listed("").await, listed("&status=inativo").await), (json!(2), json!(1)));
    assert_eq!(send("GET", &path, None).await["msg"], "Fornecedor não encontrado.");
    assert_eq!(send("DELETE", &path, None).await["status"], "success");
    assert_eq!(listed("").await, 3, "switched twice");
    assert_eq!(send("DELETE", "/9", None).await["msg"], "Fornecedor não encontrado.");
}

#[tokio::test]
async fn stock_of_hubsoft_goes_out_comes_back_and_is_undone() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}/estoque{path}")) };
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let out = |use_: &str, waits: bool| {
        Some(json!({"id_local_estoque": 501, "id_usuario": 12, "tipo_utilizacao": use_,
            "solicitar_confirmacao": waits,
            "produtos": [{"id_produto": 501, "quantidade": 2, "patrimonios": [{"id_produto_item": 502}]},
                {"id_produto": 502, "quantidade": 12.5}]}))
    };
    let path = "/movimento_estoque/saida/usuario";
    let gone = send("POST", path, out("epi", false)).await["movimento_estoque"].clone();
    assert_eq!(gone["vinculo_destino"]["tipo_vinculo"], "usuario");
    assert_eq!(gone["valor_total"], json!(145.0));
    let waiting = send("POST", path, out("uso_proprio", true)).await["movimento_estoque"].clone();
    assert_eq!(waiting["vinculo_destino"]["tipo_vinculo"], "usuario_confirmacao");
    assert_eq!(waiting["vinculo_destino"]["status"], "PENDENTE");
    let held = async || {
        let list = send("GET", "/produto_vinculo/usuario/12?pagina=0", None).await;
        list["produtos_usuario"].clone()
    };
    let before = held().await;
    assert_eq!(before.as_array().map(Vec::len), Some(2), "what waits is not counted");
    assert_eq!(
        before[0]["patrimonios"][0]["produto_item_status"]["prefixo"],
        "recebimento_pendente_tecnico"
    );
    assert_eq!(before[1]["quantidade"], json!(12.5));
    assert!(before[1].get("patrimonios").is_none());

    let back = |quantity: f64, use_: &str| {
        Some(json!({"id_usuario": 12, "tipo_utilizacao": use_,
            "produtos": [{"id_local_estoque": 501, "id_produto": 502, "quantidade": quantity}]}))
    };
    let path = "/movimento_estoque/retorno_estoque/usuario";
    let refused = send("POST", path, back(13.0, "epi")).await;
    assert_eq!(refused["msg"], "Quantidade indisponível para retorno.");
    let lacking = json!({"id_usuario": 12, "id_produto": 502, "id_local_estoque": 501,
        "tipo_utilizacao": "epi", "quantidade": 13, "patrimonios": []});
    assert_eq!(refused["errors"], json!([lacking]));
    assert_eq!(send("POST", path, back(1.0, "retirado")).await["status"], "error", "another use");
    let returned = send("POST", path, back(12.0, "epi")).await["movimentos_estoque"][0].clone();
    assert_eq!(returned["data_movimento"]["timezone_type"], 3);
    assert_eq!(held().await[1]["quantidade"], json!(0.5));

    let undo = async |movement: &serde_json::Value| {
        let path = format!("/movimento_estoque/{}", movement["id_movimento_estoque"]);
        send("DELETE", &path, None).await["status"].clone()
    };
    assert_eq!(undo(&gone).await, "error", "part of it came back");
    assert_eq!(undo(&returned).await, "success");
    assert_eq!(held().await[1]["quantidade"], json!(12.5));
    assert_eq!(undo(&waiting).await, "success");
    assert_eq!(undo(&gone).await, "success");
    assert_eq!(held().await, json!([]));
    assert_eq!(undo(&json!({"id_movimento_estoque": 3001})).await, "error", "the panel made it");
    let item = send("GET", "/produto_item/502", None).await["produto"].clone();
    assert_eq!(item["produto_item_status"]["prefixo"], "estoque");
}

#[tokio::test]
async fn movements_of_hubsoft_are_listed_and_those_to_others_are_told_as_theirs() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}/estoque{path}")) };
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let products = json!([{"id_produto": 501, "quantidade": 3, "id_local_estoque": 501}]);
    let to = async |place: &str, key: &str, number: u64| {
        let body = json!({key: number, "id_local_estoque": 501, "id_tipo_movimento_estoque": 15,
            "produtos": products});
        send("POST", &format!("/movimento_estoque/saida/{place}"), Some(body)).await
    };
    let back = async |place: &str, key: &str, number: u64| {
        let body = json!({key: number, "id_local_estoque_retorno": 502, "produtos": products});
        send("POST", &format!("/movimento_estoque/retorno_estoque/{place}"), Some(body)).await
    };
    let end = "/movimento_estoque/vinculo_destino";
    let gone = to("cliente_servico", "id_cliente_servico", 11001).await;
    assert_eq!(
        gone.pointer(&format!("{end}/cliente/nome_razaosocial")),
        Some(&json!("ANA MODELO"))
    );
    assert_eq!(
        to("cliente_servico", "id_cliente_servico", 9).await["msg"],
        "Serviço não encontrado."
    );
    let gone = to("projeto_mapeamento", "id_mapeamento_projeto", 9).await;
    assert_eq!(gone.pointer(&format!("{end}/id_vinculo")), Some(&json!(9)));
    let gone = to("pop_conexao", "id_pop", 8).await;
    assert_eq!(gone.pointer(&format!("{end}/id_pop")), Some(&json!(8)));

    let returned = back("pop_conexao", "id_pop", 8).await["movimentos_estoque"].clone();
    assert_eq!(returned["vinculo_destino"]["id_local_estoque"], 502, "one movement, no list");
    assert_eq!(back("pop_conexao", "id_pop", 8).await["errors"], json!([]), "it is back");
    let returned = back("cliente_servico", "id_cliente_servico", 11001).await;
    assert_eq!(returned["movimentos_estoque"].as_array().map(Vec::len), Some(1));
    let transfer = json!({"id_local_estoque_origem": 501, "id_local_estoque_destino": 502,
        "produtos": [{"produto": {"id_produto": 501}, "quantidade": 1}]});
    send("POST", "/movimento_estoque/transferencia", Some(transfer)).await;

    let list = async |filter: &str| {
        let list = send("GET", &format!("/movimento_estoque?pagina=0{filter}"), None).await;
        list["movimentos_estoque"].as_array().expect("a list").clone()
    };
    assert_eq!(list("").await.len(), 9, "two were there before");
    assert_eq!(list("&plataforma=web").await.len(), 1);
    assert_eq!(list("&tipo_vinculo_origem=pop_conexao").await.len(), 1);
    assert_eq!(list("&tipo_vinculo_destino=servico_cliente&tipo_data=movimento").await.len(), 1);
    assert!(list("&data_inicio=2000-01-01&data_fim=2000-12-31").await.is_empty());
    let newest = &list("").await[0];
    let path = format!("/movimento_estoque/{}", newest["id_movimento_estoque"]);
    assert_eq!(send("GET", &path, None).await["movimento_estoque"], *newest);
    assert_eq!(newest["valor_total"], "10.000", "text, but a number where it is made");
}

#[tokio::test]
async fn an_entry_of_hubsoft_makes_its_items() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}/estoque{path}")) };
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let entry = json!({"id_local_estoque": 501, "produtos": [{"produto": {"id_produto": 501},
        "quantidade": 1, "campo_identificacao_patrimonio": "numero_serie",
        "patrimonios": [{"numero_serie": "SN-NOVO"}]}]});
    let entered = send("POST", "/movimento_estoque/entrada", Some(entry)).await;
    let item = &entered["movimento_estoque"]["produtos"][0]["patrimonios"][0];
    assert_eq!(item["numero_serie"], "SN-NOVO");
    let named = json!({"id_pop": 8, "id_local_estoque": 501, "produtos": [{"id_produto": 501,
        "quantidade": 1, "campo_identificacao_patrimonio": "numero_serie",
        "patrimonios": [{"numero_serie": "SN-NOVO"}]}]});
    let gone = send("POST", "/movimento_estoque/saida/pop_conexao", Some(named)).await;
    let told = &gone["movimento_estoque"]["produtos"][0]["patrimonios"][0];
    assert_eq!(told["id_produto_item"], item["id_produto_item"]);
}

#[tokio::test]
async fn a_port_of_hubsoft_is_reserved_bound_and_freed() {
    let server = start("hubsoft").await;
    let send = async |method: &str, path: &str, body: Option<serde_json::Value>| {
        let ask = Ask { body, ..Ask::new(method, &format!("{API}/mapeamento/projeto{path}")) };
        ask.bearer(&server.token()).send(&server).await.expect("an answer").json()
    };
    let reserve = async |query: &str| {
        send("PATCH", &format!("/porta_atendimento/reservar/502?{query}"), None).await
    };
    let path = "/cliente_servico/porta_atendimento/11001";
    let bind = async |body: serde_json::Value| send("PUT", path, Some(body)).await;
    assert_eq!(reserve("reservado=true").await["status"], "error", "without a purpose");
    let reserved = reserve("reservado=true&observacao=Sexta").await["porta_atendimento"].clone();
    assert_eq!((&reserved["reservado"], &reserved["observacao"]), (&json!(true), &json!("Sexta")));
    let port = json!({"id_porta_atendimento": 502});
    assert_eq!(bind(port.clone()).await["msg"], "A porta está reservada.");
    assert_eq!(reserve("reservado=false").await["porta_atendimento"]["observacao"], json!(null));
    let bound = bind(port).await;
    assert_eq!(bound["porta_atendimento"]["pivot"]["id_cliente_servico"], 11001);
    assert_eq!(bound["cliente"]["nome_razaosocial"], "ANA MODELO");
    let other = bind(json!({"id_porta_atendimento": 503})).await;
    assert_eq!(other["msg"], "O serviço já possui uma porta vinculada.");
    let moved = bind(json!({"id_porta_atendimento": 503, "forcar_troca_porta": true})).await;
    assert_eq!(moved["porta_atendimento"]["id_porta_atendimento"], 503);
    let freed = bind(json!({"remover": true})).await;
    assert_eq!((&freed["status"], &freed["porta_atendimento"]), (&json!("success"), &json!(null)));
    let note = json!({"id_porta_atendimento": "502", "referencia": "Ao lado da praça"});
    let noted = send("PUT", "/porta_atendimento", Some(note)).await["porta_atendimento"].clone();
    assert_eq!(noted["referencia"], "Ao lado da praça");
    assert_eq!(noted["id_porta_atendimento"], 502);
}
