//! Reads a ticket with its history and files (ler um chamado com histórico e anexos).
//!
//! ```text
//! TOMTICKET_TOKEN=… cargo run -p tomticket-v1 --features rustls --example read_ticket -- 4bd2a1c0…
//! ```

use tomticket_v1::enums::OrigemHistorico;
use tomticket_v1::types::{Anexo, Chamado};
use tomticket_v1::{BrDateTimeMinutes, Client, Error};

/// What somebody wrote in a ticket.
#[derive(Debug, PartialEq)]
pub struct Entry {
    /// The customer's name, or the operator's.
    pub author: String,
    /// Wall-clock time of the account.
    pub written_at: BrDateTimeMinutes,
    pub text: String,
    /// The addresses of the files (anexos).
    pub files: Vec<String>,
}

/// Returns the opening of the ticket with this id and all replies, as the vendor sorts them.
pub async fn history(client: &Client, id: &str) -> Result<Vec<Entry>, Error> {
    let chamado = client.ler_chamado().identificador_chamado(id).send().await?;
    let opening = Entry {
        author: chamado.nomecliente.clone(),
        written_at: chamado.data_criacao,
        text: chamado.mensagem.clone(),
        files: addresses(chamado.anexos.as_deref()),
    };
    Ok(std::iter::once(opening).chain(replies(&chamado)).collect())
}

fn replies(chamado: &Chamado) -> impl Iterator<Item = Entry> {
    chamado.historico.iter().flatten().map(|reply| {
        let operator =
            reply.atendente.as_ref().filter(|_| reply.origem == OrigemHistorico::Atendente);
        Entry {
            author: operator.unwrap_or(&chamado.nomecliente).clone(),
            written_at: reply.data_hora,
            text: reply.mensagem.clone(),
            files: addresses(reply.anexos.as_deref()),
        }
    })
}

fn addresses(files: Option<&[Anexo]>) -> Vec<String> {
    files.unwrap_or_default().iter().map(|file| file.url.clone()).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let id = std::env::args().nth(1).ok_or("give the ticket's id")?;
    let client = Client::builder().token(std::env::var("TOMTICKET_TOKEN")?).build()?;
    for entry in history(&client, &id).await? {
        println!("{} {}: {}", entry.written_at, entry.author, entry.text);
        for address in entry.files {
            println!("    {address}");
        }
    }
    Ok(())
}
