//! Measures what watching costs a call: the same calls over loopback, with the observer and without.
//!
//! `cargo run --release -p prumo-observer --example cost`

use std::time::{Duration, Instant};

use prumo_observer::DriftObserver;
use prumo_runtime::call::Call;
use prumo_runtime::{ClientParts, ClientSetup, Operation};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const N_CALLS: u32 = 2_000;
const N_ROUNDS: usize = 5;
const N_ITEMS: usize = 20;

const OPERATIONS: &[Operation] = &[Operation {
    id: "list",
    rust_name: "list",
    method: "GET",
    path: "/items",
    parameters: &[],
    body: None,
    security: &[],
    envelope: None,
    max_request_bytes: None,
    rate_limit: None,
    paging: None,
    protocol: None,
    source: "",
    tags: &[],
}];

const SPEC: &str = r#"{"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {"/items": {"get": {
    "operationId": "list", "responses": {"200": {"description": "Items.", "content": {"application/json": {"schema": {
    "type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {
    "type": "object", "required": ["id", "title", "status"], "properties": {
    "id": {"type": "integer"}, "title": {"type": "string"}, "opened": {"type": "string", "format": "br-datetime"},
    "status": {"type": "string", "enum": ["open", "closed"]}, "price": {"type": "number", "nullable": true}}}}}}}}}}}}}}"#;

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
    let watched = ClientSetup::new(OPERATIONS, &[], None).base_url(&url).observer(watch.clone()).build()?;
    let (mut best_plain, mut best_watched) = (Duration::MAX, Duration::MAX);
    for _ in 0..N_ROUNDS {
        best_plain = best_plain.min(round(&plain).await?);
        best_watched = best_watched.min(round(&watched).await?);
    }
    let micros = |whole: Duration| whole.as_secs_f64() * 1e6 / f64::from(N_CALLS);
    let (plain, watched) = (micros(best_plain), micros(best_watched));
    println!("an answer of {} bytes, the best of {N_ROUNDS} rounds of {N_CALLS} calls", body.len());
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

async fn round(client: &ClientParts) -> Result<Duration, prumo_runtime::Error> {
    let start = Instant::now();
    for _ in 0..N_CALLS {
        Call::new(client, "list").ready().read::<Value>().await?;
    }
    Ok(start.elapsed())
}

async fn serve(listener: TcpListener, answer: Vec<u8>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(talk(stream, answer.clone()));
    }
}

/// Answers each request, which has no body and comes in one piece.
async fn talk(mut stream: TcpStream, answer: Vec<u8>) {
    let mut asked = [0; 4096];
    while let Ok(1..) = stream.read(&mut asked).await {
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}
