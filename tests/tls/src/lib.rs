//! Runs a server on loopback with a certificate of a private authority.

pub mod bank;

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};

pub use tokio_rustls::rustls::version::{TLS12, TLS13};

/// The certificate authority of a private network.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Makes an authority that is not trusted yet. Two with the same name have different keys.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::OrganizationName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority"))
    }

    /// Returns its certificate in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Issues a certificate for `name` and returns it with its key, each in PEM.
    pub fn issue(&self, name: &str) -> (String, String) {
        let (certificate, key) = self.certificate(name);
        (certificate.pem(), key.serialize_pem())
    }

    fn certificate(&self, name: &str) -> (Certificate, KeyPair) {
        let params = CertificateParams::new([name.to_owned()]).expect("parameters");
        let key = KeyPair::generate().expect("a key");
        (params.signed_by(&key, &self.0).expect("a certificate"), key)
    }
}

/// A server, with a fault if any.
pub struct Server {
    /// The name that its certificate is for.
    pub name: &'static str,
    /// Whether its certificate has expired.
    pub is_expired: bool,
    /// The only version of TLS that it supports.
    pub version: &'static SupportedProtocolVersion,
    /// The response that it sends.
    pub answer: String,
}

impl Server {
    /// Makes a server without faults.
    pub fn good(answer: &str) -> Self {
        Self { name: "localhost", is_expired: false, version: &TLS13, answer: answer.to_owned() }
    }

    /// Accepts connections until a handshake succeeds, and answers that one. Returns the base URL,
    /// and the request if there was one.
    pub async fn start(self, authority: &Authority) -> (String, oneshot::Receiver<String>) {
        let acceptor = TlsAcceptor::from(Arc::new(self.config(authority)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base_url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
        let (asked, heard) = oneshot::channel();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.expect("a connection");
                let Ok(mut socket) = acceptor.accept(socket).await else { continue };
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    // Some clients reject the certificate only after the handshake, and disconnect.
                    match socket.read_buf(&mut request).await {
                        Ok(0) | Err(_) => break,
                        Ok(_) => (),
                    }
                }
                if request.is_empty() {
                    continue;
                }
                socket.write_all(self.answer.as_bytes()).await.expect("an answer");
                let _ = socket.shutdown().await;
                let _ = asked.send(String::from_utf8_lossy(&request).into_owned());
                return;
            }
        });
        (base_url, heard)
    }

    fn config(&self, authority: &Authority) -> ServerConfig {
        let mut params = CertificateParams::new([self.name.to_owned()]).expect("parameters");
        if self.is_expired {
            params.not_before = date_time_ymd(1999, 1, 1);
            params.not_after = date_time_ymd(2000, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &authority.0).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[self.version])
            .expect("a version of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate that fits its key")
    }
}
