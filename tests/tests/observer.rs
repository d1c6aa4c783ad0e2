//! Tests that the observer judges a client's responses in production like any recorded traffic.

use contract_tests::{fixtures, specs};
use httpmock::prelude::*;
use prumo_drift::exchange::Response;
use prumo_drift::{Contract, ContractFile, Finding, Observation, Origin, compare, read_exchange};
use prumo_observer::DriftObserver;
use serde_json::{Value, json};

const TICKET: &str = "4f1d2c3b4a5968778695a4b3c2d1e0f9";

fn full_ticket() -> Value {
    fixtures::answer("tomticket-v1/ler_chamado/full_ticket.json").expect("a fixture")
}

/// Makes a client with an observer, and a server that always answers with `body`.
fn watched(body: &Value, watch: &DriftObserver) -> (MockServer, tomticket_v1::Client) {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.is_true(|_| true);
        then.status(200).header("content-type", "application/json").body(body.to_string());
    });
    let client = tomticket_v1::Client::builder().base_url(server.base_url()).token("t0k3n");
    let client = client.observer(watch.clone()).build().expect("a client");
    (server, client)
}

fn watch() -> DriftObserver {
    DriftObserver::new("tomticket-v1", tomticket_v1::SPEC).expect("a spec")
}

async fn read(client: &tomticket_v1::Client) -> bool {
    client.ler_chamado().identificador_chamado(TICKET).send().await.is_ok()
}

/// Judges a contract file by the spec, and returns rule and place of each finding.
fn judged(file: ContractFile) -> Vec<String> {
    let spec = specs::spec("tomticket-v1").expect("a spec");
    let mut observed = [Contract::default()];
    file.pour("observed", &[&spec.contract], &mut observed).expect("the same promise");
    compare(&spec.contract, &observed[0]).iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    format!("{} {} {} of {}", finding.rule.name(), finding.at, finding.count, finding.of)
}

#[tokio::test]
async fn what_drifts_is_in_the_file_and_no_value_is() {
    let watch = watch();
    let (_server, client) = watched(&full_ticket(), &watch);
    assert!(read(&client).await);
    assert_eq!(judged(watch.contract()), [""; 0]);

    let mut body = full_ticket();
    body["data"]["campo_de_amanha"] = json!("Ana Modelo");
    body["data"]["prioridade"] = json!(9);
    let (_server, client) = watched(&body, &watch);
    assert!(read(&client).await);
    body["data"]["titulo"] = json!(987_654_321);
    let (_server, client) = watched(&body, &watch);
    assert!(!read(&client).await, "a ticket whose title is a number must not decode");

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tomticket.contract.json");
    watch.write_to(&path).expect("a file");
    let text = std::fs::read_to_string(&path).expect("a file");
    for value in ["Ana Modelo", "987654321", "ana.modelo", "Sem sinal", TICKET, "t0k3n"] {
        assert!(!text.contains(value), "`{value}` is in the file");
    }
    let file = ContractFile::read("observed", text.as_bytes()).expect("a contract file");
    assert_eq!(file.n_exchanges(), 3);
    assert_eq!(
        judged(file),
        [
            "field-undocumented /data/campo_de_amanha 2 of 3",
            "enum-value-unknown /data/prioridade 2 of 3",
            "type-changed /data/titulo 1 of 3",
        ]
    );
    assert_eq!(watch.n_missed(), 0);
}

#[tokio::test]
async fn what_is_not_wanted_is_let_go() {
    let few = watch().every(3);
    let (_server, client) = watched(&full_ticket(), &few);
    for _ in 0..7 {
        assert!(read(&client).await);
    }
    assert_eq!((few.contract().n_exchanges(), few.n_missed()), (3, 0));

    let small = watch().max_answer_bytes(10);
    let (_server, client) = watched(&full_ticket(), &small);
    assert!(read(&client).await);
    assert_eq!((small.contract().n_exchanges(), small.n_missed()), (0, 1));
}

/// Every file of a run names the run, so that `join` counts it once.
#[tokio::test]
async fn the_files_of_one_run_have_one_identity_and_those_of_two_have_two() {
    let (one, two) = (watch(), watch());
    let shard = |watch: &DriftObserver| {
        let shards = watch.contract().shards().to_vec();
        let [shard] = shards.as_slice() else { panic!("one shard: {shards:?}") };
        shard.clone()
    };
    let start = shard(&one);
    assert!(start.is_empty(), "{start}");
    let (_server, client) = watched(&full_ticket(), &one);
    assert!(read(&client).await);
    let noon = shard(&one);
    assert_eq!(noon.to_string(), "`observer of tomticket-v1` (1 exchange)");
    assert_eq!(noon.digest, start.digest);
    assert!(read(&client).await);
    assert_eq!((shard(&one).exchanges, shard(&one).digest), (2, noon.digest.clone()));
    assert_ne!(shard(&two).digest, noon.digest);
    let text = one.contract().to_json("a").expect("a text");
    let file = ContractFile::read("a", text.as_bytes()).expect("a contract file");
    assert_eq!(file.shards(), [shard(&one)]);
}

#[test]
fn a_text_that_is_no_spec_is_an_error() {
    assert!(DriftObserver::new("x", "{").is_err());
    assert!(DriftObserver::new("x", "[]").is_err());
}

/// A response without its request gets the same verdict, and the client's copy of the spec is
/// current.
#[test]
fn no_recorded_answer_is_a_false_alarm() {
    let copies = [
        ("hubsoft", hubsoft::SPEC),
        ("tomticket-v1", tomticket_v1::SPEC),
        ("tomticket-v2", tomticket_v2::SPEC),
    ];
    let all = fixtures::all().expect("fixtures");
    for (name, copy) in copies {
        let document = prumo_drift::Document::parse(name, copy).expect("a document");
        let promised = prumo_drift::read_openapi(&document).expect("a spec");
        let mut observation = Observation::new(&[&promised]);
        let mut n_answers = 0;
        for fixture in all.iter().filter(|fixture| fixture.spec == name) {
            let exchange = read_exchange(&fixture.bytes).expect("an exchange");
            let body = match (&exchange.response.body, &exchange.response.text) {
                (Some(body), _) => body.get(),
                (None, text) => text.as_deref().unwrap_or_default(),
            };
            let headers = exchange.response.headers.iter().collect();
            let answer = Response::new(exchange.response.status, headers, body.as_bytes());
            observation.observe_answer(
                &fixture.operation,
                answer,
                &Origin { file: &fixture.case, line: 1 },
            );
            n_answers += 1;
        }
        assert!(n_answers > 20, "`{name}` has {n_answers} answers");
        let observed = observation.finish();
        let spec = specs::spec(name).expect("a spec");
        let file = ContractFile::new(&[&promised], &observed, 0);
        file.pour(name, &[&spec.contract], &mut [Contract::default()]).expect("the same promise");
        let mut findings = compare(&promised, &observed[0]);
        if let Some(waivers) = &spec.waivers {
            waivers.apply(&mut findings);
        }
        findings.retain(|finding| finding.waived.is_none());
        assert_eq!(findings.iter().map(line).collect::<Vec<_>>(), [""; 0], "spec `{name}`");
    }
}
