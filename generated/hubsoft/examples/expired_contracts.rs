//! Lists customers whose contract has expired while they use the service (contratos vencidos).
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features rustls --example expired_contracts -- 2026-11-30
//! ```

use hubsoft::enums::StatusServico;
use hubsoft::jiff::civil::Date;
use hubsoft::types::ServicoCompleto;
use hubsoft::{Client, Error, IntOrString};

/// A service whose contract has expired.
#[derive(Debug, PartialEq)]
pub struct Expired {
    pub customer: String,
    pub service: IntOrString,
    pub ended: Date,
}

/// Returns the services in use whose contract ended before `today`, the longest ago first.
pub async fn expired(client: &Client, today: Date) -> Result<Vec<Expired>, Error> {
    let mut customers = client.listar_clientes().itens_por_pagina(100).cancelado(false).items();
    let mut expired = Vec::new();
    while let Some(customer) = customers.next().await {
        let customer = customer?;
        for service in &customer.servicos {
            let ended = end_of_contract(service).filter(|end| *end < today && is_in_use(service));
            expired.extend(ended.map(|ended| Expired {
                customer: customer.nome_razaosocial.clone(),
                service: service.id_cliente_servico.clone(),
                ended,
            }));
        }
    }
    expired.sort_by_key(|one| one.ended);
    Ok(expired)
}

fn end_of_contract(service: &ServicoCompleto) -> Option<Date> {
    service.data_fim_contrato.as_ref()?.date()
}

fn is_in_use(service: &ServicoCompleto) -> bool {
    service.status_prefixo != Some(StatusServico::Cancelado)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let today = std::env::args().nth(1).ok_or("give today's date, such as 2026-11-30")?;
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    for one in expired(&client, today.parse()?).await? {
        println!("{} {} (service {})", one.ended, one.customer, one.service);
    }
    Ok(())
}
