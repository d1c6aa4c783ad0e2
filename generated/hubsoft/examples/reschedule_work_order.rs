//! Gives a work order another time (reagendar uma ordem de serviço).
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features rustls --example reschedule_work_order -- 341 2026-12-01 08:00:00 10:00:00
//! ```

use hubsoft::{Client, Error};

/// Moves the order to this day, from one time of the day to another, and gives its new status in words.
///
/// `id_ordem_servico` is the order's id, not its number.
pub async fn reschedule(
    client: &Client,
    id_ordem_servico: i64,
    day: hubsoft::IsoDate,
    from: &str,
    to: &str,
) -> Result<String, Error> {
    let ordem = client
        .reagendar_ordem_servico()
        .id_ordem_servico(id_ordem_servico)
        .data_inicio_programado(day)
        .hora_inicio_programado(from)
        .data_termino_programado(day)
        .hora_termino_programado(to)
        .send()
        .await?;
    Ok(ordem.status.to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, day, from, to] = arguments.as_slice() else {
        return Err("give the order's id, the day, and the two times".into());
    };
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    println!("{}", reschedule(&client, id.parse()?, day.parse()?, from, to).await?);
    Ok(())
}
