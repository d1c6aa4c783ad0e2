//! Tests which certificates a client trusts, and that it sends nothing to other servers.

use std::io::ErrorKind;
use std::net::TcpListener;

use tls::{Authority, Server, TLS12, TLS13};
use tomticket_v1::{Client, Error, RetryPolicy};

const SECRET: &str = "s3cr3t-t0ken";

/// Returns the shortest response of a server that refuses.
fn refusal() -> String {
    let body = r#"{"erro": true, "mensagem": "Chamado inexistente"}"#;
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn client(base_url: &str, roots: &[&str]) -> Result<Client, Error> {
    let builder = Client::builder().base_url(base_url).token(SECRET).retry(RetryPolicy::never());
    roots.iter().fold(builder, |builder, pem| builder.root_certificate(pem)).build()
}

async fn call(client: &Client) -> Error {
    let answer = client.ler_chamado().identificador_chamado("4f1d2c3b4a5968778695a4b3c2d1e0f9").send().await;
    answer.expect_err("a refusal, or no connection")
}

#[tokio::test]
async fn a_server_with_a_certificate_of_the_given_authority_is_asked() {
    let (authority, other) = (Authority::new("alfa"), Authority::new("beta"));
    let bundle = format!("# theirs\n{}\n# ours\n{}", other.pem(), authority.pem());
    let rows: [(&[&str], _); 4] = [
        (&[&authority.pem()], &TLS13),
        (&[&authority.pem()], &TLS12),
        (&[&other.pem(), &authority.pem()], &TLS13),
        (&[&bundle], &TLS13),
    ];
    for (roots, version) in rows {
        let (base_url, heard) = Server { version, ..Server::good(&refusal()) }.start(&authority).await;
        let error = call(&client(&base_url, roots).expect("a client")).await;
        assert_eq!(error.message(), Some("Chamado inexistente"), "{error}");
        let request = heard.await.expect("a request");
        assert!(request.starts_with(&format!("GET /chamado/{SECRET}/4f1d2c3b")), "{request}");
    }
}

#[tokio::test]
async fn a_server_that_can_not_prove_who_it_is_is_told_nothing() {
    let authority = Authority::new("alfa");
    let (trusted, another) = (authority.pem(), Authority::new("beta").pem());
    let namesake = Authority::new("alfa").pem();
    let good = || Server::good(&refusal());
    let rows: [(&str, Server, &[&str], &str); 5] = [
        ("no authority is given", good(), &[], "no trusted authority signed it"),
        ("another authority is given", good(), &[&another], "no trusted authority signed it"),
        (
            "a namesake of the authority is given",
            good(),
            &[&namesake],
            "the authority that it names did not sign it",
        ),
        (
            "the name is another's",
            Server { name: "other.example", ..good() },
            &[&trusted],
            "it is for another name",
        ),
        ("it is expired", Server { is_expired: true, ..good() }, &[&trusted], "it has expired"),
    ];
    for (what, server, roots, why) in rows {
        let (base_url, mut heard) = server.start(&authority).await;
        let error = call(&client(&base_url, roots).expect("a client")).await;
        assert!(error.is_connect(), "{what}: {error}");
        assert!(!error.may_have_happened(), "{what}: {error}");
        if cfg!(feature = "rustls") {
            assert!(error.to_string().contains(why), "{what}: {error}");
            assert!(error.is_certificate() && !error.is_retryable(), "{what}: {error}");
            assert_eq!(error.n_attempts(), 1, "{what}: asking again does not make it better");
        }
        assert!(heard.try_recv().is_err(), "{what}: the server was told something");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{what}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_server_without_tls_is_not_followed() {
    let authority = Authority::new("alfa");
    let plain = TcpListener::bind("127.0.0.1:0").expect("a port");
    plain.set_nonblocking(true).expect("a listener that does not wait");
    let location = format!("http://{}/chamado/{SECRET}/1", plain.local_addr().expect("an address"));
    let answer = format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
    let (base_url, _heard) = Server::good(&answer).start(&authority).await;

    let error = call(&client(&base_url, &[&authority.pem()]).expect("a client")).await;
    assert_eq!(error.status(), Some(302), "{error}");
    assert_eq!(plain.accept().expect_err("nobody").kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_certificate_that_is_none_is_named_before_anything_is_sent() {
    let good = Authority::new("alfa").pem();
    let broken = good.replace("MII", "!!!");
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cases: [(&[&str], &str); 5] = [
        (&["ca.pem"], "a root certificate is not PEM text"),
        (&[&good, ""], "a root certificate is not PEM text"),
        (&[&broken], "root certificate 1,"),
        (&[&good, empty], "root certificate 2,"),
        (&[&format!("{good}{good}{broken}")], "root certificate 3,"),
    ];
    for (roots, expect) in cases {
        let error = client("https://localhost", roots).expect_err("no client");
        assert!(error.to_string().starts_with(expect), "{error}");
    }
}
