//! Attaches a file to a ticket (anexar um arquivo ao atendimento).
//!
//! ```text
//! HUBSOFT_URL=https://api.provedor.hubsoft.com.br HUBSOFT_TOKEN=… \
//!     cargo run -p hubsoft --features rustls --example attach_file -- 35051 foto.jpg image/jpeg
//! ```

use hubsoft::{Client, Error, FilePart};

/// Attaches one file to the ticket with this id, and gives the ticket's protocol.
pub async fn attach(client: &Client, id_atendimento: i64, file: FilePart) -> Result<String, Error> {
    let atendimento = client
        .adicionar_anexo_atendimento()
        .id_atendimento(id_atendimento)
        .files(vec![file])
        .send()
        .await?;
    Ok(atendimento.protocolo.clone())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, path, media_type] = arguments.as_slice() else {
        return Err("give the ticket's id, the file and its media type".into());
    };
    let file = FilePart::from_path(path).content_type(media_type.as_str());
    let client = Client::builder()
        .base_url(std::env::var("HUBSOFT_URL")?)
        .bearer(std::env::var("HUBSOFT_TOKEN")?)
        .build()?;
    println!("{}", attach(&client, id.parse()?, file).await?);
    Ok(())
}
