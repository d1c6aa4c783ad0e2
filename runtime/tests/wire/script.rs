//! A loopback server that follows a script for each connection and may misbehave.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{Received, complete};

/// The server's next step with a connection.
#[derive(Clone)]
pub(crate) enum Step {
    /// Reads a whole request and keeps it.
    Read,
    /// Reads this many bytes without keeping them.
    ReadBytes(usize),
    Send(Vec<u8>),
    /// Sends one byte at a time.
    Drip(Vec<u8>),
    /// Stays silent and keeps the connection open.
    Stall,
    /// Resets the connection.
    Reset,
}

/// Creates the response to a request, given the number of earlier requests with the same line.
type Answerer = dyn Fn(usize, &Received) -> Vec<u8> + Send + Sync;

/// A running server, which ends with the test's runtime.
pub(crate) struct Scripted {
    pub(crate) base_url: String,
    state: Arc<State>,
}

struct State {
    play: Play,
    seen: Mutex<Seen>,
}

enum Play {
    Scripts(Vec<Vec<Step>>),
    Answers(Box<Answerer>),
}

#[derive(Default)]
struct Seen {
    n_connections: usize,
    requests: Vec<Received>,
}

impl Scripted {
    /// Plays one script per connection. The last one is repeated.
    pub(crate) async fn playing(scripts: Vec<Vec<Step>>) -> Self {
        Self::start(Play::Scripts(scripts)).await
    }

    /// Sends the response that `answer` returns for each request.
    pub(crate) async fn answering(
        answer: impl Fn(usize, &Received) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Play::Answers(Box::new(answer))).await
    }

    async fn start(play: Play) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State { play, seen: Mutex::default() });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&shared)));
            }
        });
        Self { base_url, state }
    }

    /// Returns all requests so far.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.state.seen.lock().unwrap().requests.clone()
    }

    /// Returns the request lines of all requests so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.line().to_owned()).collect()
    }

    pub(crate) fn n_connections(&self) -> usize {
        self.state.seen.lock().unwrap().n_connections
    }

    /// Runs all tasks until this many requests have arrived.
    pub(crate) async fn until_requests(&self, n: usize) {
        while self.state.seen.lock().unwrap().requests.len() < n {
            tokio::task::yield_now().await;
        }
    }
}

/// Creates a JSON response that closes the connection.
pub(crate) fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, "content-type: application/json\r\n", body)
}

/// Creates a response with these header lines that closes the connection.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

async fn serve(mut socket: TcpStream, state: Arc<State>) {
    let n_before = {
        let mut seen = state.seen.lock().unwrap();
        seen.n_connections += 1;
        seen.n_connections - 1
    };
    let steps = match &state.play {
        Play::Scripts(scripts) => scripts[n_before.min(scripts.len() - 1)].clone(),
        Play::Answers(answer) => {
            let Some(request) = read(&mut socket).await else { return };
            vec![Step::Send(answer(state.keep(request.clone()), &request))]
        }
    };
    play(&mut socket, steps, &state).await;
}

impl State {
    /// Keeps a request, and returns the number of earlier ones with the same line.
    fn keep(&self, request: Received) -> usize {
        let requests = &mut self.seen.lock().unwrap().requests;
        let n_before = requests.iter().filter(|one| one.line() == request.line()).count();
        requests.push(request);
        n_before
    }
}

async fn play(socket: &mut TcpStream, steps: Vec<Step>, state: &State) {
    for step in steps {
        match step {
            Step::Read => {
                let Some(request) = read(socket).await else { return };
                state.keep(request);
            }
            Step::ReadBytes(n) => drop(socket.read_exact(&mut vec![0; n]).await),
            Step::Send(bytes) => drop(socket.write_all(&bytes).await),
            Step::Drip(bytes) => {
                for byte in bytes {
                    let _ = socket.write_all(&[byte]).await;
                    tokio::task::yield_now().await;
                }
            }
            Step::Stall => std::future::pending().await,
            Step::Reset => {
                let _ = socket.set_zero_linger();
                return;
            }
        }
    }
    let _ = socket.shutdown().await;
    // Read the rest, or the system would reset the connection and lose the response.
    let _ = socket.read_to_end(&mut Vec::new()).await;
}

async fn read(socket: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        if let Some(received) = complete(&bytes) {
            return Some(received);
        }
        match socket.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(n_read) => bytes.extend_from_slice(&chunk[..n_read]),
        }
    }
}
