//! Tests faults: what the client receives, whether the work was done, and how the judge reports
//! drift.

use std::io::{Read, Write};
use std::time::Duration;

use crate::support::{Ask, contract, judged, start};
use prumo_drift::Rule;
use prumo_standin::{Change, Clock, Fault, Running, StandIn};

/// Sends a request that creates a ticket.
async fn open_ticket(server: &Running) -> Option<crate::support::Told> {
    let departments =
        Ask::new("GET", "/v2.0/department/list").bearer(&server.token()).send(server).await?;
    let department = departments.json()["data"][0]["id"].as_str()?.to_owned();
    let fields = [
        ("customer_id", "4242"),
        ("department_id", &department),
        ("subject", "a"),
        ("message", "b"),
    ];
    Ask::new("POST", "/v2.0/ticket/new").form(&fields).bearer(&server.token()).send(server).await
}

/// Describes an answer as the client sees it: the status or its absence, and the start of the body.
fn seen(told: Option<&crate::support::Told>) -> String {
    told.map_or_else(
        || "cut".to_owned(),
        |told| format!("{} {}", told.status, told.text.chars().take(6).collect::<String>()),
    )
}

#[tokio::test]
async fn a_fault_is_seen_once_and_the_work_is_done_or_not() {
    // The fault in one line, what the client sees, and the number of created tickets.
    let cases = [
        ("ticket_new:status=503,times=1", "503 <html>", 0),
        ("ticket_new:status=502,after,times=1", "502 <html>", 1),
        ("ticket_new:page,times=1", "200 <html>", 0),
        ("ticket_new:cut-unread,times=1", "cut", 0),
        ("ticket_new:cut,times=1", "cut", 0),
        ("ticket_new:cut,after,times=1", "cut", 1),
        ("ticket_new:cut-body,times=1", "cut", 1),
        ("ticket_new:truncate,times=1", "200 {\"erro", 1),
        ("ticket_new:redirect=http://127.0.0.1:9/other,times=1", "307 <html>", 0),
        ("ticket_finish:status=503,times=1", "200 {\"erro", 1),
    ];
    for (line, expected, n_done) in cases {
        let server = start("tomticket-v2").await;
        server.faults().add(line.parse().expect(line));
        let told = open_ticket(&server).await;
        assert_eq!(seen(told.as_ref()), expected, "{line}");
        assert_eq!(server.n_done("ticket_new"), n_done, "{line}");
        let told = open_ticket(&server).await.expect("an answer");
        assert_eq!(told.json()["error"], false, "{line}: the fault hits once");
        assert_eq!(server.n_done("ticket_new"), n_done + 1, "{line}");
        let statuses: Vec<_> =
            server.requests().iter().map(|request| request.status.is_some()).collect();
        assert_eq!(statuses.len(), 4, "{line}");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_begins_before_the_connection_ends() {
    let server = start("tomticket-v2").await;
    server.faults().add(Fault::cut_body());
    let address = server.address();
    let bytes = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        stream.write_all(b"GET /v2.0/department/list HTTP/1.1\r\nhost: a\r\n\r\n").expect("sent");
        let mut bytes = Vec::new();
        // Reading fails because the connection broke, as it should.
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let text = bytes.await.expect("read");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    let length: usize = length.parse().expect("a number");
    assert!(!body.is_empty() && body.len() < length, "{} of {length}", body.len());
}

#[tokio::test]
async fn when_to_come_back_is_told_in_seconds_or_as_a_date() {
    let cases = [
        (Fault::status(429), None),
        (Fault::status(429).retry_after(Duration::from_secs(2)), Some("2")),
        (
            Fault::status(429).retry_after_date(Duration::from_secs(90)),
            Some("Thu, 15 Jan 2026 15:01:30 GMT"),
        ),
    ];
    for (fault, expected) in cases {
        let stand_in = StandIn::tomticket_v2().clock(Clock::stopped());
        let server = stand_in.start().await.expect("a free port");
        server.faults().add(fault);
        let told = Ask::new("GET", "/v2.0/department/list").send(&server).await.expect("an answer");
        let header = told.headers.iter().find(|(name, _)| name == "retry-after");
        assert_eq!((told.status, header.map(|(_, value)| value.as_str())), (429, expected));
    }
}

#[tokio::test]
async fn a_fault_by_chance_hits_its_share_and_the_same_requests_again() {
    let hits = async |seed: u64| {
        let stand_in = StandIn::tomticket_v2().unlimited().seed(seed);
        let server = stand_in.start().await.expect("a free port");
        server.faults().add(Fault::status(500).chance(0.25));
        let mut hits = Vec::new();
        for _ in 0..200 {
            let told = Ask::new("GET", "/v2.0/department/list")
                .bearer(&server.token())
                .send(&server)
                .await;
            hits.push(told.expect("an answer").status == 500);
        }
        hits
    };
    let first = hits(1).await;
    let n_hits = first.iter().filter(|hit| **hit).count();
    assert!((30..70).contains(&n_hits), "{n_hits} of 200");
    assert_eq!(first, hits(1).await);
}

/// Lists each kind of drift: the answer, the change, and the only finding of the judge.
fn drifts() -> Vec<(&'static str, &'static str, Change, (Rule, &'static str))> {
    let list = "/v2.0/ticket/list";
    vec![
        ("tomticket-v2", list, Change::drop("/data"), (Rule::FieldMissing, "/data")),
        (
            "tomticket-v2",
            list,
            Change::add("/data/*/novo"),
            (Rule::FieldUndocumented, "/data/*/novo"),
        ),
        (
            "tomticket-v2",
            list,
            Change::retype("/data/*/subject"),
            (Rule::TypeChanged, "/data/*/subject"),
        ),
        (
            "tomticket-v2",
            list,
            Change::value("/data/*/creation_date", "ontem"),
            (Rule::FormatViolated, "/data/*/creation_date"),
        ),
        (
            "tomticket-v2",
            list,
            Change::value("/data/*/ticket_type", "Misto"),
            (Rule::EnumValueUnknown, "/data/*/ticket_type"),
        ),
        (
            "tomticket-v2",
            list,
            Change::rename("/data/*/subject", "assunto"),
            (Rule::FieldUndocumented, "/data/*/assunto"),
        ),
        (
            "tomticket-v1",
            "/chamados/standin-token/1",
            Change::rename("/data/*/titulo", "assunto"),
            (Rule::FieldMissing, "/data/*/titulo"),
        ),
        (
            "hubsoft",
            "/api/v1/integracao/cliente/todos?pagina=0&itens_por_pagina=50",
            Change::retype("/clientes/*/servicos/*/nome"),
            (Rule::TypeChanged, "/clientes/*/servicos/*/nome"),
        ),
    ]
}

#[tokio::test]
async fn drift_on_request_is_found_where_it_is() {
    for (spec, path, change, (rule, at)) in drifts() {
        let server = start(spec).await;
        let contract = contract(spec);
        let ask =
            Ask::new("GET", path.split('?').next().unwrap_or_default()).bearer(&server.token());
        let pairs = path.split_once('?').map(|(_, query)| query).unwrap_or_default().split('&');
        let query = pairs
            .filter_map(|pair| pair.split_once('='))
            .map(|(a, b)| (a.to_owned(), b.to_owned()));
        let ask = Ask { query: query.collect(), ..ask };
        let told = ask.send(&server).await.expect("an answer");
        assert_eq!(judged(&contract, &[ask.recorded(&told)]), [], "{change:?}: before");
        server.faults().add(Fault::drift(change.clone()));
        let told = ask.send(&server).await.expect("an answer");
        let findings = judged(&contract, &[ask.recorded(&told)]);
        let seen: Vec<_> =
            findings.iter().map(|finding| (finding.rule, finding.at.as_str())).collect();
        assert!(seen.contains(&(rule, at)), "{change:?}: {seen:?}");
        // A renamed member is undocumented under its new name, and may be missing under its old
        // one.
        let n_most = if format!("{change:?}").contains("Rename") { 2 } else { 1 };
        assert!(seen.len() <= n_most, "{change:?}: {seen:?}");
    }
}

#[tokio::test]
async fn a_refusal_on_request_is_one_that_the_spec_promises() {
    // An operation of each vendor, with the status of each refusal there.
    let whys = ["forbidden", "not-found", "invalid", "token", "expired", "too-many", "broken"];
    let cases = [
        (
            "hubsoft",
            "GET",
            "/api/v1/integracao/configuracao/caixa_financeiro",
            [403, 200, 200, 401, 401, 429, 200],
        ),
        (
            "tomticket-v1",
            "GET",
            "/departamentos/standin-token",
            [403, 404, 200, 401, 401, 429, 500],
        ),
        ("tomticket-v2", "GET", "/v2.0/department/list", [403, 404, 200, 401, 401, 429, 504]),
    ];
    for (spec, method, path, statuses) in cases {
        let (server, contract) = (start(spec).await, contract(spec));
        let ask = Ask::new(method, path).bearer(&server.token());
        for (why, status) in whys.into_iter().zip(statuses) {
            server.faults().add(format!("refuse={why},times=1").parse().expect(why));
            let told = ask.send(&server).await.expect("an answer");
            assert_eq!(told.status, status, "{spec} {why}");
            // TomTicket v1 promises nothing for a crash.
            if status != 500 {
                assert_eq!(
                    judged(&contract, &[ask.recorded(&told)]),
                    [],
                    "{spec} {why}: {}",
                    told.text
                );
            }
        }
        assert_eq!(ask.send(&server).await.expect("an answer").status, 200);
    }
}

#[tokio::test]
async fn faults_are_taken_over_http_where_that_is_wanted() {
    let server = StandIn::hubsoft().controlled().start().await.expect("a free port");
    let control = async |method: &str, text: &'static str| {
        let client = reqwest::Client::new();
        let url = format!("{}/__standin/faults", server.url());
        let request = client.request(method.parse().expect("a method"), url).body(text);
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.text().await.expect("a text"))
    };
    let two = "criar_atendimento:cut,after,times=1\nlatency=5,chance=0.5\n";
    assert_eq!(control("POST", two).await, (200, "2 added\n".to_owned()));
    assert_eq!(control("GET", "").await.1, "2 waiting\n");
    assert_eq!(
        server.faults().left()[0],
        Fault::cut().after_work().on("criar_atendimento").times(1)
    );
    assert_eq!(control("POST", "explode").await.0, 400);
    let slip = "latency=5\ncriar_atendimnto:cut";
    assert_eq!(
        control("POST", slip).await,
        (400, "`hubsoft` has no operation `criar_atendimnto`\n".to_owned())
    );
    assert_eq!(
        control("GET", "").await.1,
        "2 waiting\n",
        "of a request with a slip nothing is taken"
    );
    assert_eq!(control("DELETE", "").await.1, "none left\n");
    assert!(server.faults().left().is_empty());
    let server = start("hubsoft").await;
    let told = Ask::new("POST", "/__standin/faults").send(&server).await.expect("an answer");
    assert_eq!(told.status, 404);
}
