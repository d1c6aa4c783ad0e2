//! Tests that a created record can be read, listed, answered and closed, and that logins expire.

use std::time::Duration;

use hubsoft::PasswordGrant;
use hubsoft::enums::{BuscaAtendimento, StatusFechamento};
use prumo_standin::{Clock, Running, StandIn};

use crate::{start, tomticket};

#[tokio::test]
async fn a_ticket_of_tomticket_v2_is_opened_read_listed_answered_and_closed() {
    let server = start(StandIn::tomticket_v2()).await;
    let client = tomticket(&server);
    let departments = client.department_list().send().await.expect("departments");
    let department = departments.data.first().expect("a department").id.clone();
    let created = client
        .ticket_new()
        .customer_id("4242")
        .department_id(department)
        .subject("Sem acesso")
        .message("Desde ontem.")
        .send()
        .await
        .expect("created");
    let id = created.ticket_id.clone().expect("an id");
    let ticket = client.ticket_detail().ticket_id(id.as_str()).send().await.expect("a ticket");
    assert_eq!(ticket.subject.as_deref(), Some("Sem acesso"));
    let page = client.ticket_list().send().await.expect("a page");
    assert_eq!(page.data.first().map(|ticket| ticket.id.as_str()), Some(id.as_str()));

    crate::close_ticket::answer_and_close(&client, &id, None, "Resolvido.").await.expect("closed");
    let ticket = client.ticket_detail().ticket_id(id.as_str()).send().await.expect("a ticket");
    assert!(ticket.end_date.is_some());
    let again = crate::close_ticket::answer_and_close(&client, &id, None, "Resolvido.").await;
    assert_eq!(again.expect_err("closed already").message(), Some("The ticket is finished."));
}

#[tokio::test]
async fn a_ticket_of_tomticket_v1_is_opened_read_listed_and_answered() {
    let server = start(StandIn::tomticket_v1()).await;
    let builder = tomticket_v1::Client::builder().base_url(server.url()).token(server.token());
    let client = builder.no_rate_limit().build().expect("a client");
    let departments = client.listar_departamentos().send().await.expect("departments");
    let department = departments.first().expect("a department").id.clone();
    let created = client
        .criar_chamado()
        .identificador_cliente("4242")
        .id_departamento(department)
        .titulo("Sem acesso")
        .mensagem("Desde ontem.")
        .send()
        .await
        .expect("created");
    let id = created.id_chamado.clone().expect("an id");
    let body = client.responder_chamado().id(id.as_str()).mensagem("Resolvido.");
    body.send().await.expect("answered");
    let ticket =
        client.ler_chamado().identificador_chamado(id.as_str()).send().await.expect("a ticket");
    assert_eq!(ticket.titulo, "Sem acesso");
    let history = ticket.historico.as_ref().expect("a history");
    assert_eq!(history.first().map(|entry| entry.mensagem.as_str()), Some("Resolvido."));
    let page = client.listar_chamados().pagina(1).send().await.expect("a page");
    assert_eq!(page.data.first().map(|ticket| ticket.idchamado.as_str()), Some(id.as_str()));
}

#[tokio::test]
async fn a_ticket_of_hubsoft_is_opened_answered_listed_and_closed() {
    let server = start(StandIn::hubsoft()).await;
    let client = crate::hubsoft(&server);
    let opened = client
        .criar_atendimento()
        .id_cliente_servico(11001)
        .descricao("Sem acesso")
        .nome("Ana")
        .telefone("11900000001")
        .send()
        .await
        .expect("opened");
    let id = opened.id_atendimento;
    let message = client.adicionar_mensagem_atendimento().id_atendimento(id);
    message.mensagem("A caminho.").send().await.expect("answered");
    let list = || {
        let search = client.consultar_atendimentos_cliente().busca(BuscaAtendimento::Protocolo);
        search.termo_busca(opened.protocolo.as_str()).send()
    };
    let listed = list().await.expect("a list");
    assert_eq!(listed.first().map(|ticket| ticket.id_atendimento), Some(id));
    assert!(listed.first().is_some_and(|ticket| ticket.data_fechamento.is_none()));
    let close = client.editar_atendimento().id_atendimento(id).fechar_atendimento(true);
    let closed = close.send().await.expect("closed");
    assert_eq!(closed.status_fechamento, Some(StatusFechamento::Concluido));
    let listed = list().await.expect("a list");
    assert!(listed.first().is_some_and(|ticket| ticket.data_fechamento.is_some()));
}

/// Makes a client of HubSoft that logs in by itself.
fn with_login(server: &Running) -> hubsoft::Client {
    let account = server.credentials();
    let grant = PasswordGrant::new(account.username.as_str(), account.password.as_str())
        .client(account.client_id.as_str(), account.client_secret.as_str());
    hubsoft::Client::builder()
        .base_url(server.url())
        .password_grant(grant)
        .build()
        .expect("a client")
}

#[tokio::test]
async fn a_login_that_ended_is_renewed_and_nobody_sees_it() {
    let clock = Clock::stopped();
    let stand_in =
        StandIn::hubsoft().clock(clock.clone()).token_lifetime(Duration::from_secs(3600));
    let server = start(stand_in).await;
    let client = with_login(&server);
    for ends in [false, true, true] {
        if ends {
            clock.advance(Duration::from_secs(3600));
        }
        client.consultar_tecnicos().send().await.expect("technicians");
    }
    assert_eq!(server.n_done("autenticar"), 3);
    // Each expiry shows as one call that is refused and sent again.
    let statuses = server
        .requests()
        .into_iter()
        .filter(|it| it.operation.as_deref() == Some("consultar_tecnicos"));
    let statuses: Vec<_> = statuses.map(|request| request.status).collect();
    assert_eq!(statuses, [200, 401, 200, 401, 200].map(Some));
}

#[tokio::test]
async fn many_calls_that_wait_for_a_login_share_one() {
    let server = start(StandIn::hubsoft()).await;
    let client = with_login(&server);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.consultar_tecnicos().send().await.map(|_| ()) })
        })
        .collect();
    for call in calls {
        call.await.expect("a call").expect("technicians");
    }
    assert_eq!(server.n_done("autenticar"), 1);
    assert_eq!(server.n_done("consultar_tecnicos"), 20);
}
