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
