//! Runs a bank on loopback: an API and its authorization server behind mutual TLS.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::Authority;

/// A running bank, which ends with the test's runtime.
pub struct Bank {
    /// Where it listens.
    pub base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Returns status and JSON for a request, given the number of requests before.
pub type Answer = fn(usize, &str) -> (u16, String);

impl Bank {
    /// Starts a bank that asks every caller for a certificate of `authority`.
    pub async fn start(authority: &Authority, answer: Answer) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config(authority)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(acceptor.clone(), socket, Arc::clone(&heard), answer));
            }
        });
        Self { base_url: format!("https://localhost:{port}"), requests }
    }

    /// Returns the requests so far whose text starts with `start`.
    pub fn requests(&self, start: &str) -> Vec<String> {
        let requests = self.requests.lock().expect("requests");
        requests.iter().filter(|one| one.starts_with(start)).cloned().collect()
    }
}

fn config(authority: &Authority) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).expect("an authority");
    let provider = Arc::new(aws_lc_rs::default_provider());
    let callers = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let (certificate, key) = authority.certificate("localhost");
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_client_cert_verifier(callers.build().expect("a verifier"))
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        )
        .expect("a certificate that fits its key")
}

async fn serve(
    acceptor: TlsAcceptor,
    socket: TcpStream,
    heard: Arc<Mutex<Vec<String>>>,
    answer: Answer,
) {
    let Ok(mut socket) = acceptor.accept(socket).await else { return };
    let mut bytes = Vec::new();
    while !is_whole(&bytes) {
        match socket.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => return,
            Ok(_) => (),
        }
    }
    let request = String::from_utf8_lossy(&bytes).into_owned();
    let n_before = {
        let mut heard = heard.lock().expect("requests");
        heard.push(request.clone());
        heard.len() - 1
    };
    let (status, body) = answer(n_before, &request);
    let head = "content-type: application/json\r\nconnection: close";
    let text = format!("HTTP/1.1 {status} x\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let _ = socket.write_all(text.as_bytes()).await;
    let _ = socket.shutdown().await;
}

/// Returns whether a request has come with its whole body.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}
