//! Runs the tasks of the examples of TomTicket's first version against the stand-in.

use std::collections::BTreeMap;

use prumo_runtime::FilePart;
use prumo_standin::StandIn;

use crate::{open_chamado, read_chamado, start};

#[tokio::test]
async fn a_ticket_with_fields_and_a_file_is_read_with_its_history() {
    let server = start(StandIn::tomticket_v1()).await;
    let builder = tomticket_v1::Client::builder().base_url(server.url()).token(server.token());
    let client = builder.no_rate_limit().build().expect("a client");
    let departments = client.listar_departamentos().send().await.expect("departments");
    let customers = client.listar_clientes().pagina(1).send().await.expect("customers");
    let ticket = open_chamado::NewTicket {
        email: customers.data.first().and_then(|one| one.email.clone()).expect("an address"),
        department: departments.first().expect("a department").id.clone(),
        subject: "Sem acesso".to_owned(),
        message: "Desde ontem.".to_owned(),
        fields: BTreeMap::from([("abc01".to_owned(), "Casa".to_owned())]),
        file: FilePart::from_bytes("foto.jpg", "pixels").content_type("image/jpeg"),
    };
    let id = open_chamado::open_ticket(&client, ticket).await.expect("opened").expect("an id");
    let reply = client.responder_chamado().id(id.as_str()).mensagem("Resolvido.");
    reply.anexos([FilePart::from_bytes("laudo.pdf", "pages")]).send().await.expect("answered");

    let history = read_chamado::history(&client, &id).await.expect("a ticket");
    let texts: Vec<&str> = history.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(texts, ["Desde ontem.", "Resolvido."]);
    let n_files: Vec<usize> = history.iter().map(|entry| entry.files.len()).collect();
    assert_eq!(n_files, [1, 1]);
    assert_ne!(history[0].author, history[1].author, "an operator answered");
    let ticket = client.ler_chamado().identificador_chamado(id).send().await.expect("a ticket");
    let field = ticket.campospersonalizados.first().expect("a custom field");
    assert_eq!(field.value.as_deref(), Some("Casa"));
}
