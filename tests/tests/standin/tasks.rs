//! Runs the tasks of the examples against the stand-in and against a server that answers as
//! recorded.

use contract_tests::fixtures;
use httpmock::prelude::*;
use prumo_runtime::FilePart;
use prumo_standin::{Running, StandIn};

use crate::{
    attach_file, close_ticket, open_ticket, reschedule_work_order, start, sync_changed_tickets,
};

/// The recordings of the operations that the tasks call: the method, the path, and the fixture.
const RECORDED: &[(&str, &str, &str)] = &[
    ("GET", "/api/v1/integracao/cliente", "hubsoft/consultar_cliente/connected"),
    ("POST", "/api/v1/integracao/atendimento", "hubsoft/criar_atendimento/with_work_order"),
    ("POST", "/api/v1/integracao/ordem_servico/reagendar", "hubsoft/reagendar_ordem_servico/moved"),
    (
        "POST",
        "/api/v1/integracao/atendimento/adicionar_anexo/4242",
        "hubsoft/adicionar_anexo_atendimento/one_file",
    ),
    ("POST", "/v2.0/ticket/operator/link", "tomticket-v2/ticket_operator_link/linked"),
    ("POST", "/v2.0/ticket/reply/operator", "tomticket-v2/ticket_reply_operator/stored"),
    ("POST", "/v2.0/ticket/finish", "tomticket-v2/ticket_finish/finished"),
];

/// A server for the tasks.
struct Place {
    name: &'static str,
    hubsoft: hubsoft::Client,
    tomticket: tomticket_v2::Client,
    /// An open ticket of TomTicket, and an operator.
    ticket: String,
    operator: String,
    /// The number of changed tickets.
    n_changed: usize,
    _servers: (Vec<Running>, Option<MockServer>),
}

async fn at_the_stand_in() -> Place {
    let (provider, helpdesk) =
        (start(StandIn::hubsoft()).await, start(StandIn::tomticket_v2().tickets(120)).await);
    let tomticket = crate::tomticket(&helpdesk);
    let tickets = tomticket.ticket_list().send().await.expect("tickets");
    let departments =
        tomticket.department_list().show_nested_items(true).send().await.expect("departments");
    let operator =
        departments.data.first().and_then(|department| department.operators.as_ref()?.first());
    Place {
        name: "stand-in",
        hubsoft: crate::hubsoft(&provider),
        ticket: tickets.data.first().map(|ticket| ticket.id.clone()).expect("a ticket"),
        operator: operator.and_then(|operator| operator.id.clone()).expect("an operator"),
        tomticket,
        n_changed: 120,
        _servers: (vec![provider, helpdesk], None),
    }
}

fn at_the_recordings() -> Place {
    let server = MockServer::start();
    let answer = |path: &str| fixtures::answer(&format!("{path}.json")).expect("a fixture");
    for (method, path, fixture) in RECORDED {
        server.mock(|when, then| {
            when.method(*method).path(*path);
            then.status(200).json_body(answer(fixture));
        });
    }
    for (page, fixture) in [("1", "first_of_two_pages"), ("2", "last_page")] {
        server.mock(|when, then| {
            when.path("/v2.0/ticket/list").query_param("page", page);
            then.status(200).json_body(answer(&format!("tomticket-v2/ticket_list/{fixture}")));
        });
    }
    let hubsoft = hubsoft::Client::builder().base_url(server.base_url()).bearer("b34r3r");
    let tomticket = tomticket_v2::Client::builder().base_url(server.base_url()).bearer("b34r3r");
    Place {
        name: "recordings",
        hubsoft: hubsoft.build().expect("a client"),
        tomticket: tomticket.no_rate_limit().build().expect("a client"),
        ticket: "a1".to_owned(),
        operator: "b2".to_owned(),
        n_changed: 3,
        _servers: (Vec::new(), Some(server)),
    }
}

async fn places() -> [Place; 2] {
    [at_the_stand_in().await, at_the_recordings()]
}

#[tokio::test]
async fn a_customer_who_is_found_by_cpf_gets_a_ticket_with_a_work_order() {
    for place in places().await {
        let opened = open_ticket::open_ticket(&place.hubsoft, "12345678909", "Sem acesso").await;
        let opened = opened.expect(place.name).expect(place.name);
        assert!(!opened.protocolo.is_empty(), "{}", place.name);
        assert!(opened.numero_ordem_servico.is_some(), "{}", place.name);
        let nobody = open_ticket::open_ticket(&place.hubsoft, "98765432100", "Sem acesso").await;
        assert_eq!(nobody.expect(place.name), None, "{}", place.name);
    }
}

#[tokio::test]
async fn a_work_order_is_given_another_time() {
    for place in places().await {
        let day = "2026-12-01".parse().expect("a day");
        let moved =
            reschedule_work_order::reschedule(&place.hubsoft, 2101, day, "08:00:00", "10:00:00")
                .await;
        assert_eq!(moved.expect(place.name), "Pendente", "{}", place.name);
    }
}

#[tokio::test]
async fn a_file_is_attached() {
    for place in places().await {
        let file = FilePart::from_bytes("foto.jpg", "pixels").content_type("image/jpeg");
        let protocol = attach_file::attach(&place.hubsoft, 4242, file).await.expect(place.name);
        assert!(protocol.starts_with("2026"), "{}: {protocol}", place.name);
    }
}

#[tokio::test]
async fn a_ticket_is_answered_and_closed() {
    for place in places().await {
        let operator = Some(place.operator.as_str());
        let closed =
            close_ticket::answer_and_close(&place.tomticket, &place.ticket, operator, "Resolvido.")
                .await;
        closed.expect(place.name);
    }
}

#[tokio::test]
async fn every_page_of_what_changed_is_read() {
    for place in places().await {
        let since = "2026-08-20 00:00:00-0300".parse().expect("a time");
        let mut ids =
            sync_changed_tickets::changed_since(&place.tomticket, since).await.expect(place.name);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), place.n_changed, "{}", place.name);
    }
}
