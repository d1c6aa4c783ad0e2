//! Calls an operation in two ways: through its typed client, and by hand.
//!
//! The code by hand is what someone writes who knows the vendor well: one request with its
//! parameters, its credential and a time limit, one pass that decodes the response into the same
//! generated types, and a check of the member that indicates a failure within HTTP 200.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use hubsoft::types::{ClienteCompleto, PaginaClientes, Paginacao};
use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::Value;
use tomticket_v1::types::Chamado;

/// The operation for a ticket of TomTicket.
pub(crate) const TICKET: &str = "ler_chamado";
/// The operation for a page of HubSoft's customers.
pub(crate) const PAGE: &str = "listar_clientes";

const TICKET_ID: &str = "4f1d2c3b4a5968778695a4b3c2d1e0f9";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Returns the body of the operation's recorded response.
pub(crate) fn body(operation: &str) -> anyhow::Result<Vec<u8>> {
    let recording = match operation {
        TICKET => "tomticket-v1/ler_chamado/with_stopwatch.json",
        _ => "hubsoft/listar_clientes/page.json",
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(recording);
    let exchange: Value = serde_json::from_slice(&fs_err::read(path)?)?;
    let body =
        exchange.pointer("/response/body").with_context(|| format!("`{recording}` has no body"))?;
    Ok(serde_json::to_vec(body)?)
}

/// Makes TomTicket's client.
pub(crate) fn tomticket(base_url: &str) -> anyhow::Result<tomticket_v1::Client> {
    Ok(tomticket_v1::Client::builder().base_url(base_url).token(SECRET).no_rate_limit().build()?)
}

/// Makes HubSoft's client.
pub(crate) fn hubsoft(base_url: &str) -> anyhow::Result<hubsoft::Client> {
    Ok(hubsoft::Client::builder().base_url(base_url).bearer(SECRET).no_rate_limit().build()?)
}

/// Makes a client of `reqwest` with the settings of a careful user.
pub(crate) fn http() -> anyhow::Result<reqwest::Client> {
    let http = reqwest::Client::builder()
        .redirect(Policy::none())
        .connect_timeout(Duration::from_secs(10));
    Ok(http.timeout(Duration::from_secs(60)).build()?)
}

/// Reads a ticket through the client.
pub(crate) async fn ticket(client: &tomticket_v1::Client) -> anyhow::Result<Chamado> {
    Ok(client
        .ler_chamado()
        .identificador_chamado(TICKET_ID)
        .stopwatch(true)
        .send()
        .await?
        .into_inner())
}

/// Reads the same ticket by hand.
pub(crate) async fn ticket_by_hand(
    http: &reqwest::Client,
    base_url: &str,
) -> anyhow::Result<Chamado> {
    #[derive(Deserialize)]
    struct Answer {
        erro: bool,
        data: Option<Chamado>,
    }

    let url = format!("{base_url}/chamado/{SECRET}/{TICKET_ID}");
    let request = http.get(url).query(&[("stopwatch", "1")]).header(ACCEPT, "application/json");
    let bytes = request.send().await?.error_for_status()?.bytes().await?;
    let answer: Answer = serde_json::from_slice(&bytes)?;
    ensure!(!answer.erro, "the vendor refuses");
    answer.data.context("the answer has no ticket")
}

/// Reads a page of customers through the client.
pub(crate) async fn page(client: &hubsoft::Client) -> anyhow::Result<PaginaClientes> {
    Ok(client.listar_clientes().pagina(0).itens_por_pagina(2).send().await?.into_inner())
}

/// Reads the same page by hand.
pub(crate) async fn page_by_hand(
    http: &reqwest::Client,
    base_url: &str,
) -> anyhow::Result<PaginaClientes> {
    #[derive(Deserialize)]
    struct Answer {
        status: String,
        paginacao: Paginacao,
        clientes: Vec<ClienteCompleto>,
    }

    let url = format!("{base_url}/api/v1/integracao/cliente/todos");
    let request =
        http.get(url).query(&[("pagina", 0), ("itens_por_pagina", 2)]).bearer_auth(SECRET);
    let request = request.header(ACCEPT, "application/json");
    let bytes = request.send().await?.error_for_status()?.bytes().await?;
    let answer: Answer = serde_json::from_slice(&bytes)?;
    ensure!(answer.status == "success", "the vendor refuses");
    Ok(PaginaClientes {
        paginacao: answer.paginacao,
        clientes: answer.clientes,
        extra: Default::default(),
    })
}
