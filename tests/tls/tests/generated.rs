//! Tests a generated client of a bank end to end: a charge is created, read and listed page by page,
//! behind mutual TLS and with tokens of an authorization server.

use bank::{Client, ClientBuilder, OAuthClient, UserGrant};
use tls::Authority;
use tls::bank::Bank;

const CHARGE: &str = r#"{"txid": "7978c0c97ea847e78e8849634473c1f1", "valor": "37.00"}"#;

/// Issues a token that is named by its scope, and demands the right one of each call.
fn answer(_: usize, request: &str) -> (u16, String) {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let scope = request.rsplit_once("scope=").map_or("ours", |(_, scope)| scope);
    let token = format!(r#"{{"access_token": "t-{scope}", "token_type": "Bearer", "expires_in": 300}}"#);
    let demands = |header: &str, body: String| match request.contains(header) {
        true => (200, body),
        false => (403, "{}".to_owned()),
    };
    match (request.split(' ').next().unwrap_or_default(), path) {
        ("POST", "/oauth/token") => (200, token),
        ("POST", "/pix/v2/cob") if request.contains("Bearer t-cob.write") => (201, CHARGE.to_owned()),
        ("GET", "/pix/v2/cob") => {
            let page = query.trim_start_matches("pagina=");
            let charge = CHARGE.replace("7978", page);
            let page = format!(r#"{{"atual": {page}, "ultima": 2, "cobs": [{charge}, {CHARGE}]}}"#);
            demands("Bearer t-cob.read", page)
        }
        ("GET", "/pix/v2/contas") => demands("Bearer t-ours", r#"{"n": 3}"#.to_owned()),
        ("GET", "/pix/v2/painel") => demands("cookie: sid=s; csrf=c\r\n", r#"{"n": 4}"#.to_owned()),
        ("GET", _) => demands("Bearer t-cob.read", CHARGE.to_owned()),
        _ => (403, "{}".to_owned()),
    }
}

async fn start() -> (Bank, ClientBuilder) {
    let authority = Authority::new("alfa");
    let bank = Bank::start(&authority, answer).await;
    let (certificate, key) = authority.issue("app.example");
    let builder = Client::builder()
        .base_url(format!("{}/pix/v2", bank.base_url))
        .root_certificate(authority.pem())
        .identity(format!("{certificate}{key}"));
    (bank, builder)
}

#[tokio::test]
async fn a_charge_is_created_read_and_listed_page_by_page() {
    let (bank, builder) = start().await;
    let application = OAuthClient::new("app").secret("a secret");
    let client = builder.client_credentials(application).build().expect("a client");
    let made = client.criar_cob().valor("37.00").chave("k").send().await.expect("a charge");
    let read = client.ler_cob().txid(&made.txid).send().await.expect("a charge");
    assert_eq!((read.txid.as_str(), read.valor.as_str()), (made.txid.as_str(), "37.00"));
    let mut charges = client.listar_cobs().items();
    let mut starts = Vec::new();
    while let Some(charge) = charges.next().await {
        starts.push(charge.expect("a charge").txid[..4].to_owned());
    }
    assert_eq!(starts, ["0c0c", "7978", "1c0c", "7978", "2c0c", "7978"]);
    assert_eq!(bank.requests("POST /oauth/token").len(), 2, "one token for each scope");
}

#[tokio::test]
async fn a_user_and_cookies_get_through() {
    let (bank, builder) = start().await;
    let consent = UserGrant::code("c0de", "https://app.example/back");
    let builder = builder.authorized(OAuthClient::new("app"), consent);
    let client = builder.sessao("s").csrf("c").build().expect("a client");
    assert_eq!(client.listar_contas().send().await.expect("accounts").n, 3);
    assert_eq!(client.ler_painel().send().await.expect("a board").n, 4);
    let calls = bank.requests("GET ");
    let n_headers = |call: &String| call.matches("authorization: ").count();
    assert_eq!(calls.iter().map(n_headers).collect::<Vec<_>>(), [1, 0]);
}
