//! Opens a ticket with custom fields and a file (criar um chamado com campos personalizados e anexo).
//!
//! ```text
//! TOMTICKET_TOKEN=… cargo run -p tomticket-v1 --features rustls --example new_ticket -- \
//!     cliente@example.com 406f506f "Sem acesso" foto.jpg image/jpeg
//! ```

use std::collections::BTreeMap;

use tomticket_v1::enums::{Prioridade, TipoIdentificador};
use tomticket_v1::{Client, Error, FilePart};

/// A ticket to be opened.
pub struct NewTicket {
    /// The customer's e-mail address.
    pub email: String,
    /// The department's id, from `listar_departamentos`.
    pub department: String,
    pub subject: String,
    pub message: String,
    /// The ids of custom fields, from `listar_campos_personalizados`, with their values.
    pub fields: BTreeMap<String, String>,
    pub file: FilePart,
}

/// Opens an urgent ticket and returns its id, if the vendor tells it.
pub async fn open_ticket(client: &Client, ticket: NewTicket) -> Result<Option<String>, Error> {
    let created = client
        .criar_chamado()
        .identificador_cliente(ticket.email)
        .tipo_identificador(TipoIdentificador::Email)
        .id_departamento(ticket.department)
        .titulo(ticket.subject)
        .mensagem(ticket.message)
        .prioridade(Prioridade::Urgente)
        .campos(ticket.fields)
        .anexos([ticket.file])
        .send()
        .await?;
    Ok(created.id_chamado.clone())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [email, department, subject, path, media_type] = arguments.as_slice() else {
        return Err(
            "give the customer's address, the department, the subject, the file and its media type"
                .into(),
        );
    };
    let client = Client::builder().token(std::env::var("TOMTICKET_TOKEN")?).build()?;
    let ticket = NewTicket {
        email: email.clone(),
        department: department.clone(),
        subject: subject.clone(),
        message: subject.clone(),
        fields: BTreeMap::new(),
        file: FilePart::from_path(path).content_type(media_type.as_str()),
    };
    match open_ticket(&client, ticket).await? {
        Some(id) => println!("{id}"),
        None => println!("opened, without an id"),
    }
    Ok(())
}
