//! Reads every paged list of every client, page after page, from a server on loopback.
//!
//! The server has two pages, made from one that was recorded: its items, then
//! the same items twice. What an answer says of its pages is written into the
//! places that the operation's row names. Which pages must be asked for, and how
//! many items come of them, is written by hand.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use contract_tests::clients::{self, CLIENTS};
use contract_tests::fixtures;
use httpmock::prelude::*;
use prumo_runtime::{Error, Items, Operation, Paging, PagingEnd, PagingStyle, Place};
use serde_json::Value;

/// How many items there were, or why not.
type Counted<'a> = Pin<Box<dyn Future<Output = Result<usize, Error>> + 'a>>;

/// One list.
struct List {
    spec: &'static str,
    operation: &'static str,
    /// The recorded page.
    case: &'static str,
    /// The pages that must be asked for.
    asked: &'static [u64],
    n_items: usize,
    read: for<'a> fn(base_url: &'a str) -> Counted<'a>,
}

/// A row: the recorded page, what comes of it, and the parameters that the list can't do without.
macro_rules! list {
    ($spec:literal, $client:ident.$credential:ident, $operation:ident($($setter:ident: $value:expr),*), $case:literal, $asked:expr, $n_items:literal) => {
        List {
            spec: $spec,
            operation: stringify!($operation),
            case: $case,
            asked: $asked,
            n_items: $n_items,
            read: |base_url| {
                Box::pin(async move {
                    let builder = $client::Client::builder().base_url(base_url).$credential(clients::PLANTED_SECRET);
                    let client = builder.no_rate_limit().retry($client::RetryPolicy::never()).build()?;
                    count(client.$operation()$(.$setter($value))*.items()).await
                })
            },
        }
    };
}

macro_rules! hubsoft {
    ($($row:tt)*) => { list!("hubsoft", hubsoft.bearer, $($row)*) };
}

macro_rules! tomticket_v1 {
    ($($row:tt)*) => { list!("tomticket-v1", tomticket_v1.token, $($row)*) };
}

macro_rules! tomticket_v2 {
    ($($row:tt)*) => { list!("tomticket-v2", tomticket_v2.bearer, $($row)*) };
}

const DAY: &str = "2026-03-01";

const LISTS: &[List] = &[
    hubsoft!(consultar_alertas(quantidade: 2), "first_page", &[1, 2], 6),
    hubsoft!(consultar_atendimentos_paginado(quantidade: 2, data_inicio: DAY, data_fim: DAY), "page_of_2021", &[1, 2], 6),
    hubsoft!(consultar_pacotes(itens_por_pagina: 2), "page_of_configuration", &[0, 1], 6),
    hubsoft!(listar_atendimentos(itens_por_pagina: 2), "every_filter_on_the_last_page", &[0, 1], 6),
    // An empty page comes behind the last.
    hubsoft!(listar_clientes(itens_por_pagina: 2), "page", &[0, 1, 2], 6),
    hubsoft!(listar_cobrancas_avulsas(), "every_parameter", &[0, 1], 6),
    hubsoft!(listar_contas_a_pagar(), "every_parameter", &[0, 1], 15),
    hubsoft!(listar_cpes(itens_por_pagina: 20), "every_parameter", &[0, 1], 6),
    hubsoft!(listar_faturas(), "every_parameter", &[0, 1], 6),
    hubsoft!(listar_itens_produto(id_produto: 7), "every_parameter", &[0, 1], 6),
    hubsoft!(listar_locais_estoque(), "every_parameter", &[0, 1], 6),
    hubsoft!(listar_nfses(data_inicio: DAY, data_fim: DAY, documento: "1", itens_por_pagina: 10), "every_parameter", &[0, 1], 30),
    hubsoft!(
        listar_notas_telecom(data_inicio: DAY, data_fim: DAY, documento: "1", itens_por_pagina: 2, modelo: "21"),
        "every_parameter", &[0, 1], 6
    ),
    hubsoft!(listar_ordens_servico(itens_por_pagina: 2), "first_page", &[0, 1], 6),
    hubsoft!(listar_produtos(), "every_parameter", &[0, 1], 6),
    hubsoft!(listar_renegociacoes(), "every_parameter", &[0, 1], 15),
    tomticket_v1!(listar_chamados(), "two_tickets", &[1, 2, 3], 6),
    tomticket_v1!(listar_clientes(), "two_customers", &[1, 2, 3], 6),
    // What an item looks like is not known: no organisation was ever recorded.
    tomticket_v1!(listar_organizacoes(), "envelope_alone", &[1], 0),
    tomticket_v2!(chat_list(), "first_of_two_pages", &[1, 2], 6),
    tomticket_v2!(customer_list(), "first_of_two_pages", &[1, 2], 6),
    tomticket_v2!(organization_list(), "first_of_two_pages", &[1, 2], 6),
    tomticket_v2!(ticket_list(), "first_of_two_pages", &[1, 2], 6),
];

async fn count<T>(mut items: Items<'_, T>) -> Result<usize, Error> {
    let mut n_items = 0;
    while let Some(item) = items.next().await {
        item?;
        n_items += 1;
    }
    Ok(n_items)
}

#[tokio::test]
async fn every_list_is_read_to_its_end() {
    for list in LISTS {
        let id = format!("{}/{}/{}", list.spec, list.operation, list.case);
        let client = clients::of(list.spec).expect("a client");
        let operation = client.operation(list.operation).expect("an operation");
        let recorded = fixtures::answer(&format!("{id}.json")).expect("a fixture");
        let server = MockServer::start();
        let asked = serve(&server, operation, recorded);
        let n_items = (list.read)(&server.base_url()).await;
        assert_eq!(n_items.expect(&id), list.n_items, "{id}");
        assert_eq!(*asked.lock().expect("the pages"), list.asked, "{id}");
    }
}

#[test]
fn no_list_that_comes_in_pages_is_left_out() {
    for client in CLIENTS {
        for operation in client.operations {
            let is_paged = operation.paging.is_some_and(|paging| paging.style != PagingStyle::Limit);
            let has_row = LISTS.iter().any(|list| (list.spec, list.operation) == (client.name, operation.id));
            assert_eq!(is_paged, has_row, "{} {}", client.name, operation.id);
        }
    }
}

/// Serves the two pages, and keeps the numbers that are asked for.
fn serve(server: &MockServer, operation: &'static Operation, recorded: Value) -> Arc<Mutex<Vec<u64>>> {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&asked);
    let paging = operation.paging.expect("a paged operation");
    server.mock(|_, then| {
        then.respond_with(move |request| {
            let number = page_of(operation, paging.page.expect("a parameter"), request);
            keep.lock().expect("the pages").push(number);
            let body = page(&paging, recorded.clone(), number).to_string();
            let response = HttpMockResponse::builder().status(200).header("content-type", "application/json");
            response.body(body).build()
        });
    });
    asked
}

/// The number in the query, or in the path's segment of the template.
fn page_of(operation: &Operation, name: &str, request: &HttpMockRequest) -> u64 {
    let parameter = operation.parameters.iter().find(|one| one.name == name).expect("the parameter");
    let text = match parameter.place {
        Place::Query => {
            request.query_params().into_iter().find(|(known, _)| known == name).map(|(_, text)| text)
        }
        _ => {
            let marker = format!("{{{name}}}");
            let place = operation.path.split('/').position(|segment| segment == marker);
            place.and_then(|place| request.uri().path().split('/').nth(place).map(str::to_owned))
        }
    };
    text.and_then(|text| text.parse().ok()).expect("a page is asked for")
}

/// The page of this number, of two.
fn page(paging: &Paging, mut body: Value, number: u64) -> Value {
    let last = paging.first + 1;
    if let Some(items) = body.pointer_mut(paging.items).and_then(Value::as_array_mut) {
        match number - paging.first {
            0 => {}
            1 => items.extend(items.clone()),
            _ => items.clear(),
        }
    }
    let next = if number < last { Value::from(number + 1) } else { Value::Null };
    let said = [(paging.current, number.into()), (paging.last, last.into()), (paging.next, next)];
    for (place, value) in said {
        if let Some(slot) = place.and_then(|place| body.pointer_mut(place)) {
            *slot = value;
        }
    }
    let is_past = number > last && paging.end != PagingEnd::EmptyPage;
    assert!(!is_past, "page {number} is asked for, behind the last");
    body
}
