//! Lists open work orders by technician and day (ordens de serviço em aberto, por técnico e dia).
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features rustls --example open_work_orders -- 2026-11-30 2026-12-06
//! ```

use std::collections::BTreeMap;

use hubsoft::enums::{
    RelacaoListaOrdensServico, StatusOrdemServico, StatusOrdemServicoTexto, TipoDataOrdemServico,
};
use hubsoft::jiff::civil::Date;
use hubsoft::types::DataHoraOuMinutos;
use hubsoft::{Client, Error};

/// A technician's name and a day.
pub type Shift = (String, Date);

/// Returns the numbers of the work orders that are planned from `first` to `last` and not finished.
/// An order of two technicians is in the shifts of both.
pub async fn shifts(
    client: &Client,
    first: Date,
    last: Date,
) -> Result<BTreeMap<Shift, Vec<String>>, Error> {
    let mut orders = client
        .listar_ordens_servico()
        .itens_por_pagina(100)
        .tipo_data(TipoDataOrdemServico::DataInicioProgramado)
        .data_inicio(first)
        .data_fim(last)
        .status([StatusOrdemServico::AguardandoAgendamento, StatusOrdemServico::Pendente])
        .relacoes([RelacaoListaOrdensServico::Tecnicos])
        .items();
    let mut shifts: BTreeMap<Shift, Vec<String>> = BTreeMap::new();
    while let Some(order) = orders.next().await {
        let order = order?;
        let planned = order.data_inicio_programado.as_ref().map(day);
        let Some(day) = planned.filter(|_| order.status != StatusOrdemServicoTexto::Finalizado)
        else {
            continue;
        };
        for technician in order.tecnicos.iter().flatten() {
            let shift = shifts.entry((technician.name.clone(), day)).or_default();
            shift.push(order.numero.to_string());
        }
    }
    Ok(shifts)
}

/// Returns the day of a time, which the vendor sends with or without seconds.
fn day(time: &DataHoraOuMinutos) -> Date {
    match time {
        DataHoraOuMinutos::SqlDateTime(time) => time.civil().date(),
        DataHoraOuMinutos::SqlDateTimeMinutes(time) => time.civil().date(),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [first, last] = arguments.as_slice() else {
        return Err("give the first and the last day, such as 2026-11-30 2026-12-06".into());
    };
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    for ((technician, day), numbers) in shifts(&client, first.parse()?, last.parse()?).await? {
        println!("{day} {technician}: {}", numbers.join(", "));
    }
    Ok(())
}
