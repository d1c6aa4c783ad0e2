//! Answers requests on loopback with a recorded body.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::Context;

/// The body of the answer to `GET /itens`.
const LIST: &str = r#"{"itens":[{"id":1,"nome":"a","obs":null}],"total":1}"#;

/// The body of the answers to reads and writes of an item.
const ITEM: &str = r#"{"id":1,"nome":"a","obs":null,"cor":"c","peso":1.5,"criado":"2026-01-02T03:04:05Z","etiquetas":["x"],"estado":"novo","fase":"a","nivel":1,"medidas":{"altura":2}}"#;

/// The body of the answer to `GET /figura`.
const FIGURE: &str = r#"{"tipo":"Circulo","raio":2}"#;

/// A server that answers until the process ends.
pub(super) struct Server {
    port: u16,
}

impl Server {
    /// Starts a server that answers with this body, or as the base promises.
    pub(super) fn start(answer: Option<&str>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("failed to listen on loopback")?;
        let port = listener.local_addr()?.port();
        let answer = answer.map(str::to_owned);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A caller that hangs up early fails by itself.
                drop(serve(stream, answer.as_deref()));
            }
        });
        Ok(Self { port })
    }

    /// Returns the base URL.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn serve(mut stream: TcpStream, answer: Option<&str>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut n_bytes = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let length = line.to_ascii_lowercase();
        if let Some(length) = length.strip_prefix("content-length:") {
            n_bytes = length.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; n_bytes];
    reader.read_exact(&mut body)?;
    let (media, body) = match answer {
        Some(answer) => ("application/json", answer),
        None => promised(&first),
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: {media}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Returns the answer of the base to a request.
fn promised(first: &str) -> (&'static str, &'static str) {
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match (method, target.split('?').next().unwrap_or_default()) {
        (_, "/recibo" | "/comprovante") => ("application/pdf", "%PDF-1.7"),
        (_, "/figura") => ("application/json", FIGURE),
        ("GET", "/itens") => ("application/json", LIST),
        _ => ("application/json", ITEM),
    }
}
