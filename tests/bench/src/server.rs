//! Answers each path with a prepared response.
//!
//! The server does as little as possible, in its own process, because only the callers are
//! measured. With a gate, it answers no request before a number of them has arrived, which proves
//! that they were concurrent.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Barrier;

use crate::subjects::{PAGE, TICKET, body};

/// Maximum number of connections that wait to be accepted.
const BACKLOG: u32 = 16_384;

/// A running server.
pub(crate) struct Server {
    /// The base URL.
    pub(crate) base_url: String,
    process: Option<Child>,
}

impl Server {
    /// Starts a server in its own process.
    pub(crate) fn start(gate: usize) -> anyhow::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", "--gate", &gate.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the server")?;
        let said = process.stdout.take().context("the server has no standard output")?;
        let mut port = String::new();
        BufReader::new(said).read_line(&mut port)?;
        Ok(Self {
            base_url: base_url(port.trim().parse().context("the server says no port")?),
            process: Some(process),
        })
    }

    /// Starts a server in a thread of this process, which runs until the process ends.
    #[cfg(test)]
    pub(crate) fn within(gate: usize) -> Self {
        let (said, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || listen(gate, move |port| Ok(said.send(port)?)));
        Self { base_url: base_url(heard.recv().unwrap()), process: None }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // The process exits when its input ends. If it has already exited, nothing is left to
            // do.
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}

fn base_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Runs the server until standard input ends.
pub(crate) fn serve(gate: usize) -> anyhow::Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    listen(gate, |port| Ok(writeln!(std::io::stdout(), "{port}")?))
}

fn listen(gate: usize, tell: impl FnOnce(u16) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let answers = Arc::new([(TICKET, answer(TICKET)?), (PAGE, answer(PAGE)?)]);
    let gate = Arc::new(Barrier::new(gate));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(BACKLOG)?;
        tell(listener.local_addr()?.port())?;
        loop {
            let (socket, _) = listener.accept().await?;
            socket.set_nodelay(true)?;
            tokio::spawn(converse(socket, Arc::clone(&answers), Arc::clone(&gate)));
        }
    })
}

type Answers = [(&'static str, Vec<u8>); 2];

/// Serves one connection until the client closes it.
async fn converse(
    mut socket: TcpStream,
    answers: Arc<Answers>,
    gate: Arc<Barrier>,
) -> std::io::Result<()> {
    let mut request = Vec::with_capacity(4096);
    loop {
        while !request.ends_with(b"\r\n\r\n") {
            if socket.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        gate.wait().await;
        let is_asked = |operation: &str| request.starts_with(path(operation));
        let Some((_, answer)) = answers.iter().find(|(operation, _)| is_asked(operation)) else {
            return Ok(());
        };
        socket.write_all(answer).await?;
        request.clear();
    }
}

/// Returns how the path of an operation's request starts.
fn path(operation: &str) -> &'static [u8] {
    if operation == TICKET { b"GET /chamado/" } else { b"GET /api/v1/integracao/cliente/todos?" }
}

/// Returns head and body as the vendors' servers send them.
fn answer(operation: &str) -> anyhow::Result<Vec<u8>> {
    let body = body(operation)?;
    let head = format!(
        "HTTP/1.1 200 OK\r\nserver: nginx\r\ndate: Sun, 22 Nov 2026 12:00:00 GMT\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: keep-alive\r\n\
         cache-control: no-cache, private\r\nx-ratelimit-limit: 60\r\nx-ratelimit-remaining: 59\r\n\r\n",
        body.len()
    );
    Ok([head.into_bytes(), body].concat())
}
