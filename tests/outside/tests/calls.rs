//! Calls both clients as a user's program would, against a server on loopback.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers one request with `body`, and returns the request.
async fn serve_once(listener: TcpListener, body: &'static str) -> String {
    let (mut socket, _) = listener.accept().await.expect("a connection");
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    while !is_whole(&request) {
        let n_read = socket.read(&mut chunk).await.expect("a request");
        request.extend_from_slice(&chunk[..n_read]);
    }
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    socket.write_all(format!("{head}{body}").as_bytes()).await.expect("an answer");
    String::from_utf8_lossy(&request).into_owned()
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, base_url)
}

#[tokio::test]
async fn a_failure_with_http_200_is_an_err_with_what_the_vendor_said() {
    let (listener, base_url) = listen().await;
    let client = tomticket_v1::Client::builder().base_url(base_url).token("s3cr3t").build().expect("a client");
    let call = client.ler_chamado().identificador_chamado("4f1d2c3b4a5968778695a4b3c2d1e0f9").send();
    let server = serve_once(listener, r#"{"erro": true, "mensagem": "Chamado inexistente"}"#);
    let (answer, request) = tokio::join!(call, server);

    let error = answer.expect_err("a refusal");
    assert!(error.is_vendor());
    assert_eq!(error.message(), Some("Chamado inexistente"));
    assert_eq!(error.status(), Some(200));
    assert_eq!(error.operation(), Some("ler_chamado"));
    assert!(request.starts_with("GET /chamado/s3cr3t/4f1d2c3b4a5968778695a4b3c2d1e0f9 HTTP/1.1\r\n"), "{request}");
    assert!(!format!("{error} {error:?} {client:?}").contains("s3cr3t"));
}

#[tokio::test]
async fn a_list_of_errors_reaches_the_caller() {
    let (listener, base_url) = listen().await;
    let client = hubsoft::Client::builder().base_url(base_url).bearer("s3cr3t").build().expect("a client");
    let call = client
        .criar_atendimento()
        .body_map(|body| body.id_cliente_servico(11001).descricao("Sem acesso").nome("Ana").telefone("37999990000"))
        .send();
    let server = serve_once(listener, r#"{"status": "error", "msg": "Verifique", "errors": ["O campo nome"]}"#);
    let (answer, request) = tokio::join!(call, server);

    let error = answer.expect_err("a refusal");
    assert_eq!(error.message(), Some("Verifique"));
    assert_eq!(error.errors(), ["O campo nome"]);
    assert!(request.to_ascii_lowercase().contains("\r\nauthorization: bearer s3cr3t\r\n"), "{request}");
    assert!(request.contains(r#""id_cliente_servico":11001"#), "{request}");
}

/// Users of a client neither build the generator nor see its types.
#[test]
fn nothing_of_the_generator_is_in_the_tree_or_in_a_type() {
    let lock = include_str!("../Cargo.lock");
    assert!(lock.contains("name = \"prumo-runtime\""));
    assert!(!lock.contains("name = \"progenitor"));
    for name in [std::any::type_name::<hubsoft::Error>(), std::any::type_name::<tomticket_v1::ResponseValue<()>>()] {
        assert!(name.starts_with("prumo_runtime::"), "{name}");
    }
}
