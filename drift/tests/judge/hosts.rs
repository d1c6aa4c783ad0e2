//! Tests which recorded requests belong to the API: by host, by method and by path.

use prumo_drift::contract::LeftOut;
use prumo_drift::{Observation, Origin, compare, read_exchange};
use serde_json::{Value, json};

use crate::acme;

/// Returns a document with `GET /thing/{id}` and these servers.
fn document(servers: &Value) -> Value {
    let mut document = acme::answering(&json!({"type": "object"}));
    document["servers"] = servers.clone();
    document
}

/// Returns whether a call is judged, along with the findings and counts.
fn judged(document: &Value, hosts: &[&str], request: &Value) -> (u64, Vec<String>, LeftOut) {
    let contract = acme::read(document);
    let text = json!({"request": request, "response": {"status": 200}}).to_string();
    let mut observation = Observation::new(&[&contract]);
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    observation.add_hosts(&hosts);
    let exchange = read_exchange(text.as_bytes()).unwrap();
    observation.observe(&exchange, &Origin { file: "acme.ndjson", line: 1 });
    let observed = observation.finish().remove(0);
    let found = compare(&contract, &observed);
    let seen = found.into_iter().map(|one| format!("{} {}", one.rule.name(), one.seen)).collect();
    (observed.exchanges, seen, observed.left_out)
}

#[test]
fn only_hosts_of_the_servers_count() {
    let at = |url: &str| json!([{"url": url}]);
    let tenants =
        json!([{"url": "https://{t}.acme.example/t/{t}", "variables": {"t": {"default": "a"}}}]);
    let versions = json!([{"url": "https://acme.example/{v}", "variables": {
        "v": {"default": "v2", "enum": ["v2", "v3"]}}}]);
    let both = json!([{"url": "/api"}, {"url": "https://acme.example/api"}]);
    let rows: Vec<(&str, Value, &[&str], &str, bool)> = vec![
        ("no server", json!([]), &[], "https://any.example/thing/1", true),
        ("a relative server", at("/v1"), &[], "https://any.example/v1/thing/1", true),
        ("its own host", at("https://acme.example"), &[], "https://acme.example/thing/1", true),
        (
            "other case and port",
            at("https://acme.example"),
            &[],
            "https://Acme.Example:443/thing/1",
            true,
        ),
        ("another scheme", at("https://acme.example"), &[], "http://acme.example/thing/1", true),
        ("another host", at("https://acme.example"), &[], "https://other.example/thing/1", false),
        ("a subdomain", at("https://acme.example"), &[], "https://api.acme.example/thing/1", false),
        (
            "another port",
            at("https://acme.example"),
            &[],
            "https://acme.example:8443/thing/1",
            false,
        ),
        ("no host", at("https://acme.example"), &[], "/thing/1", true),
        (
            "a user in the URL",
            at("https://acme.example"),
            &[],
            "https://u:p@acme.example/thing/1",
            true,
        ),
        ("a relative one beside it", both, &[], "https://other.example/api/thing/1", false),
        ("a free variable", tenants.clone(), &[], "https://b.acme.example/t/b/thing/1", true),
        ("a free variable elsewhere", tenants, &[], "https://acme.test/t/b/thing/1", false),
        ("a value of an enum", versions, &[], "https://acme.example/v3/thing/1", true),
        (
            "an added host",
            at("https://acme.example"),
            &["other.example"],
            "https://other.example/thing/1",
            true,
        ),
        (
            "an added host at any port",
            at("https://acme.example"),
            &["localhost"],
            "http://localhost:8080/thing/1",
            true,
        ),
        ("an added port", json!([]), &["localhost:8080"], "http://localhost:8080/thing/1", true),
        (
            "another than the added",
            json!([]),
            &["localhost:8080"],
            "http://localhost:9090/thing/1",
            false,
        ),
        ("an added URL", json!([]), &["http://localhost:80/x"], "http://localhost/thing/1", true),
        ("no host at all", json!([]), &[], "data:text/plain,/thing/1", false),
        ("an extension of a browser", json!([]), &[], "chrome-extension://abc/thing/1", false),
    ];
    for (name, servers, hosts, url, counts) in rows {
        let request = json!({"method": "GET", "path": url});
        let (n_judged, found, left_out) = judged(&document(&servers), hosts, &request);
        let expected = (u64::from(counts), u64::from(!counts));
        assert_eq!((n_judged, left_out.exchanges()), expected, "case `{name}`: {found:?}");
        assert_eq!(found, [""; 0], "case `{name}`");
    }
}

#[test]
fn hosts_are_counted_by_name_without_ids() {
    let acme = document(&json!([{"url": "https://acme.example"}]));
    let rows = [
        ("https://fonts.example.net/a.woff2", "fonts.example.net"),
        ("http://127.0.0.1:8080/thing/1", "127.0.0.1:8080"),
        ("http://203.0.113.77/thing/1", "999.9.999.99"),
        ("https://c2f81a90d7.example.com/x", "a9a99a99a9.aaaaaaa.aaa"),
        ("blob:https://acme.example/1", "blob:"),
    ];
    for (url, host) in rows {
        let (_, _, left_out) = judged(&acme, &[], &json!({"method": "GET", "path": url}));
        let hosts: Vec<&str> = left_out.hosts.keys().map(String::as_str).collect();
        assert_eq!(hosts, [host], "{url}");
    }
}

#[test]
fn preflights_are_left_out_unless_the_spec_has_options() {
    let plain = document(&json!([]));
    let mut with_options = plain.clone();
    with_options["paths"]["/thing/{id}"]["options"] =
        json!({"operationId": "opcoes", "responses": {"200": {"description": "ok"}}});
    let asks = json!({"origin": "https://a.example", "access-control-request-method": "GET"});
    let other = json!({"accept": "*/*"});
    let rows = [
        ("a preflight", &plain, &asks, "/thing/1", (0, 1, 0)),
        ("a preflight of an unknown path", &plain, &asks, "/nada/1", (0, 1, 0)),
        ("without headers", &plain, &json!({}), "/thing/1", (0, 1, 0)),
        ("no preflight", &plain, &other, "/thing/1", (1, 0, 1)),
        ("a documented one", &with_options, &asks, "/thing/1", (1, 0, 0)),
    ];
    for (name, document, headers, path, expected) in rows {
        let request = json!({"method": "OPTIONS", "path": path, "headers": headers});
        let (n_judged, found, left_out) = judged(document, &[], &request);
        assert_eq!((n_judged, left_out.preflights, found.len()), expected, "case `{name}`");
    }
}

#[test]
fn head_stands_for_the_get_of_its_path() {
    let mut document = document(&json!([]));
    let headers = json!({"content-type": "application/json", "content-length": "12"});
    let observed = |document: &Value, path: &str| {
        let text = json!({"request": {"method": "HEAD", "path": path},
                          "response": {"status": 200, "headers": headers}})
        .to_string();
        let contract = acme::read(document);
        let observed = acme::observe(&contract, &[text]);
        assert_eq!(acme::short(&compare(&contract, &observed)), [], "{path}");
        let seen = observed.operations.into_iter().filter(|(_, one)| one.exchanges.count > 0);
        seen.map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(observed(&document, "/thing/1"), ["ler_coisa"]);
    document["paths"]["/thing/{id}"]["head"] =
        json!({"operationId": "ver_coisa", "responses": {"200": {"description": "ok"}}});
    assert_eq!(observed(&document, "/thing/1"), ["ver_coisa"]);
}

#[test]
fn a_slash_at_the_end_decides_only_between_two_paths() {
    let mut document = document(&json!([]));
    let list =
        |id: &str| json!({"get": {"operationId": id, "responses": {"200": {"description": "ok"}}}});
    document["paths"]["/list"] = list("sem_barra");
    document["paths"]["/list/"] = list("com_barra");
    document["paths"]["/other/"] = list("outra");
    let contract = acme::read(&document);
    let router = prumo_drift::Router::new(&contract);
    let rows = [
        ("/list", "sem_barra"),
        ("/list/", "com_barra"),
        ("/list/?a=/b", "com_barra"),
        ("/list?a=/b/", "sem_barra"),
        ("/other", "outra"),
        ("/other/", "outra"),
        ("/thing/1/", "ler_coisa"),
    ];
    for (path, expected) in rows {
        let found = router.find("GET", path).map(|taken| taken.operation);
        assert_eq!(found.as_deref(), Some(expected), "{path}");
    }
}

#[test]
fn an_unknown_endpoint_is_one_finding_whatever_the_ids() {
    let mut document = document(&json!([{"url": "https://acme.example/v1"}]));
    document["paths"]["/pessoa/{cpf}/contratos"] = json!({"get": {"operationId": "contratos",
        "parameters": [{"name": "cpf", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "ok"}}}});
    let rows: &[(&str, &str, &[&str])] = &[
        (
            "ids",
            "GET /v1/orders/*",
            &[
                "/v1/orders/7",
                "/v1/orders/550e8400-e29b-41d4-a716-446655440000",
                "/v1/orders/PtYgjmUhBel31iEl2hpCh",
                "/v1/orders/deadbeefcafe",
                "/v1/orders/2026-11-30",
                "/v1/orders/V1StGXR8_Z5jdHi6B-myT",
                "/v1/orders/ana%40example.com",
                "/v1/orders/maria-clara",
                "/v1/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV",
            ],
        ),
        (
            "behind an unknown segment",
            "GET /orders/*/contratos",
            &["/orders/7/contratos", "/orders/ab/contratos"],
        ),
        (
            "behind a parameter",
            "GET /pessoa/*/pedidos",
            &["/pessoa/12345678909/pedidos", "/pessoa/ana/pedidos"],
        ),
        ("of a known path", "DELETE /thing/*", &["DELETE /thing/7", "DELETE /thing/ana"]),
        ("deep paths", "GET /files/*/*/…", &["/files/a/b/c", "/files/a/b/c/d/e"]),
        (
            "an id first",
            "GET /*",
            &[
                "/7",
                "/550e8400-e29b-41d4-a716-446655440000",
                "/djAWtGSUpoNksnRH",
                "/a1b2c3",
                "/item-12",
            ],
        ),
        ("words", "GET /exportarNotas", &["/exportarNotas"]),
        ("a version", "GET /v2/*", &["/v2/7"]),
        ("another version of a known path", "GET /v2/thing/*", &["/v2/thing/7"]),
        ("nothing", "GET /", &["/"]),
    ];
    for (name, expected, paths) in rows {
        for path in *paths {
            let (method, path) = path.split_once(' ').unwrap_or(("GET", path));
            let (_, found, _) = judged(&document, &[], &json!({"method": method, "path": path}));
            assert_eq!(found, [format!("operation-unknown {expected}")], "case `{name}`: {path}");
        }
    }
}

/// A name, the calls, and each finding with its count.
type Scan<'s> = (&'s str, Vec<String>, &'s [(&'s str, u64)]);

#[test]
fn a_scan_of_unknown_endpoints_is_one_finding_a_method_and_known_start() {
    let document = document(&json!([{"url": "https://acme.example/v1"}]));
    let contract = acme::read(&document);
    let calls = |start: &str, n: usize| -> Vec<String> {
        let vowels = ["a", "e", "i", "o", "u"];
        let word =
            |n: usize| format!("t{}l{}r{}", vowels[n / 25 % 5], vowels[n / 5 % 5], vowels[n % 5]);
        (0..n).map(|n| format!("{start}{}", word(n))).collect()
    };
    let rows: &[Scan<'_>] = &[
        ("a few words", calls("GET /", 2), &[("GET /talara", 1), ("GET /talare", 1)]),
        ("as many as are listed", calls("GET /", 16), &[("GET /talara", 1)]),
        ("one more", calls("GET /", 17), &[("GET /…", 17)]),
        ("more than are kept", calls("GET /", 120), &[("GET /…", 120)]),
        ("behind a known start", calls("GET /v1/", 120), &[("GET /v1/…", 64), ("GET /…", 56)]),
        (
            "two methods",
            [calls("GET /", 60), calls("POST /", 60)].concat(),
            &[("GET /…", 60), ("POST /…", 60)],
        ),
        (
            "one that is known to be called beside them",
            [calls("GET /", 20), calls("DELETE /", 1)].concat(),
            &[("DELETE /talara", 1), ("GET /…", 20)],
        ),
    ];
    for (name, calls, expected) in rows {
        let exchanges: Vec<String> = calls.iter().map(|call| exchange(call)).collect();
        let findings = compare(&contract, &acme::observe(&contract, &exchanges));
        let found: Vec<_> = findings.iter().map(|one| (one.seen.as_str(), one.count)).collect();
        assert!(expected.iter().all(|one| found.contains(one)), "case `{name}`: {found:?}");
        assert_eq!(found.iter().map(|(_, n)| n).sum::<u64>(), calls.len() as u64, "case `{name}`");
        assert!(found.len() == expected.len() || found.len() == 16, "case `{name}`: {found:?}");
    }
}

fn exchange(call: &str) -> String {
    let (method, path) = call.split_once(' ').unwrap_or_default();
    json!({"request": {"method": method, "path": path}, "response": {"status": 404}}).to_string()
}
