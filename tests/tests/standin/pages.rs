//! Reads lists of each vendor's style of paging to their end.

use std::collections::BTreeSet;

use prumo_runtime::{Error, Items};
use prumo_standin::{Fault, Running, StandIn};

use crate::{hubsoft, start, tomticket};

const N_TICKETS: usize = 120;

/// Collects the ids of all items.
async fn all<T>(
    mut items: Items<'_, T>,
    id: impl Fn(&T) -> String,
) -> Result<BTreeSet<String>, Error> {
    let mut ids = BTreeSet::new();
    while let Some(item) = items.next().await {
        assert!(ids.insert(id(&item?)), "an item came twice");
    }
    Ok(ids)
}

fn n_asked(server: &Running, operation: &str) -> usize {
    server
        .requests()
        .iter()
        .filter(|request| request.operation.as_deref() == Some(operation))
        .count()
}

#[tokio::test]
async fn tomticket_v1_ends_at_an_empty_page_or_at_the_total() {
    let server = start(StandIn::tomticket_v1().tickets(N_TICKETS)).await;
    let builder = tomticket_v1::Client::builder().base_url(server.url()).token(server.token());
    let client = builder.no_rate_limit().build().expect("a client");
    let ids = all(client.listar_chamados().items(), |ticket| ticket.idchamado.clone())
        .await
        .expect("tickets");
    assert_eq!(ids.len(), N_TICKETS);
}

#[tokio::test]
async fn tomticket_v2_ends_where_no_next_page_is_named() {
    let server = start(StandIn::tomticket_v2().tickets(N_TICKETS)).await;
    server.faults().add(Fault::status(503).on("ticket_list").times(1));
    let client = tomticket(&server);
    let items = client.ticket_list().items();
    let ids = all(items, |ticket| ticket.id.clone()).await.expect("tickets");
    assert_eq!(ids.len(), N_TICKETS);
    assert_eq!(n_asked(&server, "ticket_list"), 4, "three pages, of which one was asked for twice");
}

#[tokio::test]
async fn hubsoft_ends_at_the_last_page_by_either_count() {
    let server = start(StandIn::hubsoft().tickets(N_TICKETS)).await;
    let client = hubsoft(&server);
    let from_zero = client.listar_atendimentos().itens_por_pagina(50).items();
    let ids = all(from_zero, |ticket| ticket.id_atendimento.to_string()).await.expect("tickets");
    assert_eq!((ids.len(), n_asked(&server, "listar_atendimentos")), (N_TICKETS, 3));
    let day = |text: &str| text.parse::<::hubsoft::IsoDate>().expect("a day");
    let from_one = client.consultar_atendimentos_paginado().quantidade(50);
    let from_one = from_one.data_inicio(day("2020-01-01")).data_fim(day("2040-01-01")).items();
    let ids = all(from_one, |ticket| ticket.id_atendimento.to_string()).await.expect("tickets");
    assert_eq!((ids.len(), n_asked(&server, "consultar_atendimentos_paginado")), (N_TICKETS, 3));
}
