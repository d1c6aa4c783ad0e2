//! Finds a customer by CPF or CNPJ and opens a ticket with a work order for a service that is in use
//! (buscar o cliente, abrir um atendimento com ordem de serviço).
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features rustls --example open_ticket -- 12345678909 "Sem acesso desde ontem"
//! ```

use hubsoft::enums::{BuscaCliente, StatusServico};
use hubsoft::{Client, CpfCnpj, Error};

/// What was opened.
#[derive(Debug, PartialEq)]
pub struct Opened {
    /// The ticket's number for people (protocolo).
    pub protocolo: String,
    /// The work order's number, once it has one.
    pub numero_ordem_servico: Option<String>,
}

/// Opens a ticket and a work order for the customer with this tax number; none if nobody has it, or
/// no service of theirs is in use.
///
/// Matches of the search may be inexact, so that the tax number is compared again.
pub async fn open_ticket(
    client: &Client,
    cpf_cnpj: &str,
    descricao: &str,
) -> Result<Option<Opened>, Error> {
    let clientes = client
        .consultar_cliente()
        .busca(BuscaCliente::CpfCnpj)
        .termo_busca(cpf_cnpj)
        .send()
        .await?;
    let wanted = CpfCnpj::from(cpf_cnpj).bare();
    let is_wanted = |number: &CpfCnpj| number.bare() == wanted;
    let cliente = clientes.iter().find(|cliente| cliente.cpf_cnpj.as_ref().is_some_and(is_wanted));
    let Some(cliente) = cliente else { return Ok(None) };
    let in_use = Some(StatusServico::ServicoHabilitado);
    let servico = cliente.servicos.iter().find(|servico| servico.status_prefixo == in_use);
    let Some(servico) = servico else { return Ok(None) };

    let telefone = cliente.telefone_primario.clone().unwrap_or_default();
    let atendimento = client
        .criar_atendimento()
        .id_cliente_servico(servico.id_cliente_servico.clone())
        .descricao(descricao)
        .nome(cliente.nome_razaosocial.clone())
        .telefone(telefone)
        .abrir_os(true)
        .send()
        .await?;
    let ordem = atendimento.ordens_servico.as_ref().and_then(|ordens| ordens.first());
    Ok(Some(Opened {
        protocolo: atendimento.protocolo.clone(),
        numero_ordem_servico: ordem.map(|ordem| ordem.numero_ordem_servico.to_string()),
    }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(cpf_cnpj), Some(descricao)) = (arguments.next(), arguments.next()) else {
        return Err("give the CPF or CNPJ, and what the customer wants".into());
    };
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    match open_ticket(&client, &cpf_cnpj, &descricao).await? {
        Some(opened) => println!("{opened:?}"),
        None => println!("no service in use of anybody with that number"),
    }
    Ok(())
}
