//! Measures the cost of the observer: the same calls over loopback, with the observer and without.
//!
//! It compares medians, since other work of the machine only ever makes a call longer.
//!
//! `cargo run --release -p prumo-observer --example cost`

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use prumo_observer::DriftObserver;
use prumo_runtime::call::Call;
use prumo_runtime::{Answer, ClientParts, ClientSetup, Observer, Operation};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const N_CALLS: u32 = 2_000;
const N_ROUNDS: usize = 5;
const N_ITEMS: usize = 20;

const OPERATIONS: &[Operation] = &[Operation::new("list", "list", "GET", "/items")];

const SPEC: &str = r#"{"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {"/items": {"get": {
    "operationId": "list", "responses": {"200": {"description": "Items.", "content": {"application/json": {"schema": {
    "type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {
    "type": "object", "required": ["id", "title", "status"], "properties": {
    "id": {"type": "integer"}, "title": {"type": "string"}, "opened": {"type": "string", "format": "br-datetime"},
    "status": {"type": "string", "enum": ["open", "closed"]}, "price": {"type": "number", "nullable": true}}}}}}}}}}}}}}"#;

/// The observer, with the time that it took for each response.
#[derive(Clone)]
struct Timed {
    watch: DriftObserver,
    took: Arc<Mutex<Vec<Duration>>>,
}

impl Observer for Timed {
    fn answer(&self, answer: &Answer<'_>) {
        let start = Instant::now();
        self.watch.answer(answer);
        self.took.lock().unwrap_or_else(PoisonError::into_inner).push(start.elapsed());
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure())
}

#[expect(clippy::print_stdout, reason = "what was measured is read on a screen")]
async fn measure() -> Result<(), Box<dyn std::error::Error>> {
    let body = body();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    tokio::spawn(serve(listener, answer.into_bytes()));

    let watch = DriftObserver::new("acme", SPEC)?;
    let plain = ClientSetup::new(OPERATIONS, &[], None).base_url(&url).build()?;
    let timed = Timed { watch: watch.clone(), took: Arc::default() };
    let watched =
        ClientSetup::new(OPERATIONS, &[], None).base_url(&url).observer(timed.clone()).build()?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..N_ROUNDS {
        round(&plain, &mut without).await?;
        round(&watched, &mut with).await?;
    }
    let mut judging = timed.took.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (plain, watched, judging) = (median(&mut without), median(&mut with), median(&mut judging));
    println!("an answer of {} bytes, medians of {} calls", body.len(), with.len());
    println!("judging takes {judging:.1} µs, {:.3} of a call", judging / plain);
    println!(
        "without {plain:.1} µs a call, with {watched:.1} µs: {:.1} µs more, ratio {:.3}",
        watched - plain,
        watched / plain
    );
    println!("{} answers judged, {} missed", watch.contract().n_exchanges(), watch.n_missed());
    Ok(())
}

fn body() -> String {
    let item = |id: usize| {
        json!({
            "id": id, "title": "Sem acesso desde segunda-feira", "opened": "16/11/2018 10:58:21",
            "status": "open", "price": 119.9
        })
    };
    json!({"items": (0..N_ITEMS).map(item).collect::<Vec<_>>()}).to_string()
}

async fn round(client: &ClientParts, took: &mut Vec<Duration>) -> Result<(), prumo_runtime::Error> {
    for _ in 0..N_CALLS {
        let start = Instant::now();
        Call::new(client, "list").ready().read::<Value>().await?;
        took.push(start.elapsed());
    }
    Ok(())
}

/// Returns the median in microseconds, or 0 for an empty list.
fn median(took: &mut [Duration]) -> f64 {
    took.sort_unstable();
    took.get(took.len() / 2).map_or(0.0, |middle| middle.as_secs_f64() * 1e6)
}

async fn serve(listener: TcpListener, answer: Vec<u8>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(talk(stream, answer.clone()));
    }
}

/// Replies to each request, which has no body and arrives in one piece.
async fn talk(mut stream: TcpStream, answer: Vec<u8>) {
    let mut asked = [0; 4096];
    while let Ok(1..) = stream.read(&mut asked).await {
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}
