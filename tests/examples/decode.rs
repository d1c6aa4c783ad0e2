//! Decodes recorded responses with the typed clients, and lists what is lost.
//!
//! ```text
//! cargo run -p contract-tests --example decode -- PATH…
//! ```
//!
//! A path is a file with one exchange, or a folder of such files. The exchange names its operation,
//! or its method and path identify it. The client makes the call, and a server on loopback answers
//! as recorded. The exit code is 4 if a response is not decoded or loses a value, and 1 if an
//! exchange cannot be tried.

#![expect(clippy::print_stdout, reason = "a program for a screen")]

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use contract_tests::clients::CLIENTS;
use contract_tests::specs;
use prumo_drift::{Contract, Observation, Origin, read_exchange, sample, sample_request};
use prumo_replay::{Client, Request, losses, play, recordings};
use prumo_runtime::{Dispatched, Error, Operation};
use prumo_spec::openapi::OpenApi;
use serde_json::{Value, json};

/// The result for one response.
enum Outcome {
    /// Nothing is lost, or the vendor's refusal is an error with its message.
    Fits(&'static str, String),
    /// The response is not decoded, or something is lost.
    Drifts(&'static str, String),
}

fn main() -> anyhow::Result<ExitCode> {
    let mut files = Vec::new();
    for path in std::env::args_os().skip(1) {
        files.extend(recordings(Path::new(&path))?);
    }
    anyhow::ensure!(!files.is_empty(), "no recording: name files or folders");
    let (mut n_fits, mut n_drifts, mut n_untried) = (0, 0, 0);
    for file in &files {
        match decode(file) {
            Ok(Outcome::Fits(operation, said)) => {
                n_fits += 1;
                println!("fits    {} {operation}: {said}", file.display());
            }
            Ok(Outcome::Drifts(operation, said)) => {
                n_drifts += 1;
                println!("drifts  {} {operation}: {said}", file.display());
            }
            Err(error) => {
                n_untried += 1;
                println!("skipped {}: {error:#}", file.display());
            }
        }
    }
    println!("\n{} answers: {n_fits} fit, {n_drifts} drift, {n_untried} skipped", files.len());
    Ok(ExitCode::from(match (n_untried, n_drifts) {
        (0, 0) => 0,
        (0, _) => 4,
        _ => 1,
    }))
}

fn decode(file: &Path) -> anyhow::Result<Outcome> {
    let bytes = std::fs::read(file)?;
    let (client, operation) = operation_of(&bytes)?;
    let exchange: Value = serde_json::from_slice(&bytes).context("not one exchange in JSON")?;
    let request = exchange.get("request").context("no `request`")?;
    let spec = specs::spec(client.name)?;
    // A refused request may be one that the client can't make; only the response matters here.
    let recorded = prumo_replay::arguments(operation, request, OpenApi::new(&spec.document));
    let mut outcome =
        recorded.as_ref().ok().map(|request| play(client, operation, request, &exchange));
    for start in [recorded.ok(), Some(Request::default())].into_iter().flatten() {
        if !matches!(outcome, Some(Ok(_))) {
            let request = filled(start, &spec.contract, operation);
            outcome = Some(play(client, operation, &request, &exchange));
        }
    }
    let outcome = outcome.context("no request can be made")?;
    Ok(match outcome?.outcome {
        Ok(answer) => decoded(operation.id, &answer),
        Err(error) => refused(operation.id, &error),
    })
}

/// Fills in required parameters and a body.
fn filled(mut request: Request, contract: &Contract, operation: &Operation) -> Request {
    let Some(promised) = contract.operations.get(operation.id) else { return request };
    for (pointer, parameter) in
        promised.parameters.iter().filter(|(_, parameter)| parameter.required)
    {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        if !request.arguments.contains_key(name) {
            let value = sample(contract, &parameter.shape, 1);
            let value = value.filter(|value| !value.is_null() && *value != "");
            request.arguments.insert(name.to_owned(), value.unwrap_or_else(|| json!(1)));
        }
    }
    let body = promised.request.as_ref().and_then(|body| body.media.values().next());
    if let Some(mut value) = body.and_then(|body| sample_request(contract, &body.shape, 1)) {
        let shape = body.map(|body| contract.resolve(&body.shape).0);
        for (name, field) in shape.iter().flat_map(|shape| &shape.fields) {
            let is_file = contract.resolve(&field.shape).0.format.as_deref() == Some("binary");
            if let Some(member) = value.get_mut(name).filter(|_| is_file) {
                *member = json!({"name": "file.txt", "bytes": ""});
            }
        }
        request.body = Some(value);
    }
    request
}

fn decoded(operation: &'static str, answer: &Dispatched) -> Outcome {
    let losses = losses(&answer.raw, &answer.value);
    match losses.lost.is_empty() {
        true => Outcome::Fits(operation, "nothing is lost".to_owned()),
        false => Outcome::Drifts(operation, format!("lost {}", losses.lost.join(", "))),
    }
}

/// Judges a refusal: its error must have the vendor's message, unless the response has none.
fn refused(operation: &'static str, error: &Error) -> Outcome {
    match error.is_decode() {
        true => Outcome::Drifts(
            operation,
            format!("not decoded at `{}`: {error}", error.pointer().unwrap_or("")),
        ),
        false => Outcome::Fits(operation, format!("a refusal: {error}")),
    }
}

/// Returns the operation to which the judge assigns the exchange.
fn operation_of(bytes: &[u8]) -> anyhow::Result<(&'static Client, &'static Operation)> {
    let specs = CLIENTS
        .iter()
        .map(|client| specs::spec(client.name))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let promised: Vec<&Contract> = specs.iter().map(|spec| &spec.contract).collect();
    let mut observation = Observation::new(&promised);
    observation.observe(&read_exchange(bytes)?, &Origin { file: "recording", line: 1 });
    for (client, observed) in CLIENTS.iter().zip(observation.finish()) {
        if let Some(stranger) = observed.strangers.keys().next() {
            bail!("no client has the operation of `{stranger}`");
        }
        let seen = observed.operations.iter().find(|(_, operation)| operation.exchanges.count > 0);
        let Some((id, _)) = seen else { continue };
        let operation = client.operation(id);
        return Ok((
            client,
            operation.with_context(|| format!("`{id}` is called by the vendor itself"))?,
        ));
    }
    bail!("the exchange is of no operation")
}
