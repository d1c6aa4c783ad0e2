//! Reads every paged list of every client, page after page, from a server on loopback.
//!
//! The server has two pages, made from a recorded one: its items, then the same items twice. Every
//! page must be requested once, and every item must come once, in order. For the lists in the
//! table, the requested pages and the number of items are written by hand. A list without a row is
//! read with the arguments of its first good recording.

use contract_tests::{clients, fixtures};
use prumo_replay::{Client, Fixture, Request, Walk, arguments, walk};
use prumo_runtime::{Operation, PagingStyle};

/// One list.
struct List {
    spec: &'static str,
    operation: &'static str,
    /// The required parameters of the list, by their wire names.
    arguments: &'static [(&'static str, &'static str)],
    /// The recorded page.
    case: &'static str,
    /// The pages that must be requested.
    asked: &'static [u64],
    n_items: usize,
}

const fn list(
    spec: &'static str,
    operation: &'static str,
    arguments: &'static [(&'static str, &'static str)],
    case: &'static str,
    asked: &'static [u64],
    n_items: usize,
) -> List {
    List { spec, operation, arguments, case, asked, n_items }
}

const HUBSOFT: &str = "hubsoft";
const TOMTICKET_V1: &str = "tomticket-v1";
const TOMTICKET_V2: &str = "tomticket-v2";
const DAY: &str = "2026-03-01";

const LISTS: &[List] = &[
    list(HUBSOFT, "consultar_alertas", &[("quantidade", "2")], "first_page", &[1, 2], 6),
    list(
        HUBSOFT,
        "consultar_atendimentos_paginado",
        &[("quantidade", "2"), ("data_inicio", DAY), ("data_fim", DAY)],
        "page_of_2021",
        &[1, 2],
        6,
    ),
    list(
        HUBSOFT,
        "consultar_pacotes",
        &[("itens_por_pagina", "2")],
        "page_of_configuration",
        &[0, 1],
        6,
    ),
    list(
        HUBSOFT,
        "listar_atendimentos",
        &[("itens_por_pagina", "2")],
        "every_filter_on_the_last_page",
        &[0, 1],
        6,
    ),
    // The list ends with an empty page.
    list(HUBSOFT, "listar_clientes", &[("itens_por_pagina", "2")], "page", &[0, 1, 2], 6),
    list(HUBSOFT, "listar_cobrancas_avulsas", &[], "every_parameter", &[0, 1], 6),
    list(HUBSOFT, "listar_contas_a_pagar", &[], "every_parameter", &[0, 1], 15),
    list(HUBSOFT, "listar_cpes", &[("itens_por_pagina", "20")], "every_parameter", &[0, 1], 6),
    list(HUBSOFT, "listar_faturas", &[], "every_parameter", &[0, 1], 6),
    list(HUBSOFT, "listar_itens_produto", &[("id_produto", "7")], "every_parameter", &[0, 1], 6),
    list(HUBSOFT, "listar_locais_estoque", &[], "every_parameter", &[0, 1], 6),
    list(
        HUBSOFT,
        "listar_nfses",
        &[("data_inicio", DAY), ("data_fim", DAY), ("documento", "1"), ("itens_por_pagina", "10")],
        "every_parameter",
        &[0, 1],
        30,
    ),
    list(
        HUBSOFT,
        "listar_notas_telecom",
        &[
            ("data_inicio", DAY),
            ("data_fim", DAY),
            ("documento", "1"),
            ("itens_por_pagina", "2"),
            ("modelo", "21"),
        ],
        "every_parameter",
        &[0, 1],
        6,
    ),
    list(HUBSOFT, "listar_ordens_servico", &[("itens_por_pagina", "2")], "first_page", &[0, 1], 6),
    list(HUBSOFT, "listar_produtos", &[], "every_parameter", &[0, 1], 6),
    list(HUBSOFT, "listar_renegociacoes", &[], "every_parameter", &[0, 1], 15),
    list(TOMTICKET_V1, "listar_chamados", &[], "two_tickets", &[1, 2, 3], 6),
    list(TOMTICKET_V1, "listar_clientes", &[], "two_customers", &[1, 2, 3], 6),
    // The items' form is unknown: no recording shows an organisation.
    list(TOMTICKET_V1, "listar_organizacoes", &[], "envelope_alone", &[1], 0),
    list(TOMTICKET_V2, "chat_list", &[], "first_of_two_pages", &[1, 2], 6),
    list(TOMTICKET_V2, "customer_list", &[], "first_of_two_pages", &[1, 2], 6),
    list(TOMTICKET_V2, "organization_list", &[], "first_of_two_pages", &[1, 2], 6),
    list(TOMTICKET_V2, "ticket_list", &[], "first_of_two_pages", &[1, 2], 6),
];

fn is_paged(operation: &Operation) -> bool {
    operation.paging.is_some_and(|paging| paging.style != PagingStyle::Limit)
}

#[test]
fn every_list_is_read_to_its_end() {
    let fixtures = fixtures::all().expect("the fixtures can be read");
    for client in clients::CLIENTS {
        for operation in client.operations.iter().filter(|operation| is_paged(operation)) {
            let row = LISTS
                .iter()
                .find(|list| (list.spec, list.operation) == (client.name, operation.id));
            let walked = match row {
                Some(row) => by_hand(client, operation, row),
                None => as_recorded(client, operation, &fixtures),
            };
            let is_whole = walked.and_then(|walked| walked.ensure_whole());
            is_whole
                .unwrap_or_else(|error| panic!("`{}` `{}`: {error:#}", client.name, operation.id));
        }
    }
}

fn by_hand(client: &Client, operation: &'static Operation, row: &List) -> anyhow::Result<Walk> {
    let recorded = fixtures::answer(&format!("{}/{}/{}.json", row.spec, row.operation, row.case))?;
    let arguments = row.arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).into()));
    let request = Request { arguments: arguments.collect(), body: None };
    let walked = walk(client, operation, &request, &recorded)?;
    let expected = (row.asked, row.n_items);
    assert_eq!((&walked.asked[..], walked.n_items), expected, "`{}` `{}`", row.spec, row.operation);
    Ok(walked)
}

fn as_recorded(
    client: &Client,
    operation: &'static Operation,
    fixtures: &[Fixture],
) -> anyhow::Result<Walk> {
    let mut own =
        fixtures.iter().filter(|one| (&*one.spec, &*one.operation) == (client.name, operation.id));
    let envelope = client.envelope(operation)?;
    let good = own.find(|fixture| fixture.is_good(envelope.as_ref())).expect("a good answer");
    let request = arguments(operation, &good.exchange["request"], client.spec()?)?;
    walk(client, operation, &request, &good.exchange["response"]["body"])
}

#[test]
fn every_row_is_of_a_list_that_comes_in_pages() {
    for list in LISTS {
        let operation = clients::of(list.spec).and_then(|client| client.operation(list.operation));
        assert!(
            operation.is_some_and(is_paged),
            "`{}` `{}` is not a paged list",
            list.spec,
            list.operation
        );
    }
}

/// The law for lists without a row also holds for those with one.
#[test]
fn the_recorded_arguments_read_every_list_to_its_end() {
    let fixtures = fixtures::all().expect("the fixtures can be read");
    for list in LISTS {
        let client = clients::of(list.spec).expect("a client");
        let operation = client.operation(list.operation).expect("an operation");
        let is_whole =
            as_recorded(client, operation, &fixtures).and_then(|walked| walked.ensure_whole());
        is_whole.unwrap_or_else(|error| panic!("`{}` `{}`: {error:#}", list.spec, list.operation));
    }
}
