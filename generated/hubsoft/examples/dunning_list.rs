//! Lists who owes what: overdue invoices by customer, with their exact sum (régua de cobrança).
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features rustls --example dunning_list -- 2026-11-30
//! ```

use std::collections::BTreeMap;

use hubsoft::enums::TipoDataFatura;
use hubsoft::jiff::ToSpan;
use hubsoft::jiff::civil::Date;
use hubsoft::{Client, Decimal, Error};

/// What a customer owes.
#[derive(Clone, Debug, PartialEq)]
pub struct Debt {
    pub customer: String,
    pub n_invoices: usize,
    pub total: Decimal,
    /// The day on which the oldest of the invoices fell due.
    pub since: Date,
    /// Invoices whose amount can't be read as a number, which `total` lacks.
    pub unreadable: Vec<i64>,
}

/// Returns the customers with open invoices that fell due in the year before `today`, by the number
/// that people know (código do cliente).
pub async fn debts(client: &Client, today: Date) -> Result<BTreeMap<i64, Debt>, Error> {
    let mut invoices = client
        .listar_faturas()
        .apenas_em_aberto(true)
        .tipo_data(TipoDataFatura::DataVencimento)
        .data_inicio(today.saturating_sub(1.year()))
        .data_fim(today.saturating_sub(1.day()))
        .items();
    let mut debts = BTreeMap::new();
    while let Some(invoice) = invoices.next().await {
        let invoice = invoice?;
        let Some(customer) = &invoice.cliente else { continue };
        let due = invoice.data_vencimento.civil();
        let debt = debts.entry(customer.codigo_cliente).or_insert_with(|| Debt {
            customer: customer.nome_razaosocial.clone(),
            n_invoices: 0,
            total: Decimal::ZERO,
            since: due,
            unreadable: Vec::new(),
        });
        debt.n_invoices += 1;
        debt.since = debt.since.min(due);
        match invoice.valor.amount() {
            Some(amount) => debt.total += amount,
            None => debt.unreadable.push(invoice.id_fatura),
        }
    }
    Ok(debts)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let today = std::env::args().nth(1).ok_or("give today's date, such as 2026-11-30")?;
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    for (number, debt) in debts(&client, today.parse()?).await? {
        println!("{number} {}: R$ {} since {}", debt.customer, debt.total, debt.since);
    }
    Ok(())
}
