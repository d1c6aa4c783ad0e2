//! Runs a server on loopback that gives prepared responses in order and records the requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

pub(crate) struct Vendor {
    pub(crate) url: String,
    /// The first line and the body of each request.
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl Vendor {
    /// Starts a server with one response.
    pub(crate) fn answering(body: &'static str) -> Self {
        Self::with(vec![("200 OK", body)])
    }

    /// Starts a server with these responses in order: status and body.
    pub(crate) fn with(answers: Vec<(&'static str, &'static str)>) -> Self {
        Self::with_bytes(
            answers.into_iter().map(|(status, body)| (status, body.as_bytes())).collect(),
        )
    }

    /// Starts a server with these responses in order: status and the bytes of the body.
    pub(crate) fn with_bytes(answers: Vec<(&'static str, &'static [u8])>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        std::thread::spawn(move || {
            for (status, body) in answers {
                let (stream, _) = listener.accept().expect("a connection");
                let asked = reply(stream, status, body);
                record.lock().expect("the record").push(asked);
            }
        });
        Self { url, seen }
    }

    /// Returns the first line of each request.
    pub(crate) fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("the record");
        seen.iter().map(|(line, _)| line.clone()).collect()
    }

    /// Returns the body of each request.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("the record");
        seen.iter().map(|(_, body)| body.clone()).collect()
    }
}

/// Reads one request, answers it and closes.
fn reply(mut stream: TcpStream, status: &str, answer: &[u8]) -> (String, String) {
    let mut reader = BufReader::new(stream.try_clone().expect("a reader"));
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_lowercase());
        if lines.len() == 1 {
            lines[0] = line.trim().to_owned();
        }
    }
    let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).expect("a body");
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        answer.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(answer)).expect("an answer");
    (lines.swap_remove(0), String::from_utf8_lossy(&body).into_owned())
}
