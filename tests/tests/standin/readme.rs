//! Makes the calls of the READMEs against the stand-in, with the ids that are written there.

use prumo_standin::StandIn;

use crate::{hubsoft, start};

/// The pages whose code opens a ticket at HubSoft.
const PAGES: [(&str, &str); 2] = [
    ("README.md", include_str!("../../../README.md")),
    ("generated/hubsoft/README.md", include_str!("../../../generated/hubsoft/README.md")),
];

/// Returns the number that the code of a page passes to `method`.
fn number(page: &str, method: &str) -> Option<i64> {
    let (_, behind) = page.split_once(&format!(".{method}("))?;
    behind.split_once(')')?.0.parse().ok()
}

#[tokio::test]
async fn the_stand_in_knows_the_ids_of_the_pages() {
    let server = start(StandIn::hubsoft()).await;
    for (name, page) in PAGES {
        let service = number(page, "id_cliente_servico").expect(name);
        let client = hubsoft(&server);
        let call = client
            .criar_atendimento()
            .id_cliente_servico(service)
            .descricao("Sem acesso")
            .nome("Ana")
            .telefone("37999990000");
        let opened = call.send().await;
        assert!(opened.is_ok(), "{name}: {:?}", opened.err());
    }
}
