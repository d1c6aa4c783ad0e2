//! Tests what `prumo docs fetch` and the night say of a vendor's pages, which a server on loopback
//! serves.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::followed::{committed, git};
use crate::{Run, prumo};

const PAGE: &str = "# Pedidos\n\nGET /api/pedido\n\n| Campo | Tipo | Obrigatório |\n|---|---|---|\n| cor | string | Não |\n";

const SPEC: &str = "openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example/api'}]
paths:
  /pedido:
    get:
      operationId: listar_pedidos
      parameters: [{name: cor, in: query, schema: {type: string}}]
      responses: {'200': {description: Pedidos.}}
";

/// A host: its answers by path, in order, the last one again and again; and what it was asked.
#[derive(Clone, Default)]
struct Host {
    answers: Arc<Mutex<HashMap<String, Vec<String>>>>,
    asked: Arc<Mutex<Vec<String>>>,
    address: String,
}

impl Host {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let host = Self { address, ..Self::default() };
        let serving = host.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serving.answer(stream);
            }
        });
        host
    }

    /// Sets the answers to a path: status and headers, an empty line, and the body.
    fn say(&self, path: &str, answers: &[&str]) {
        let answers = answers.iter().map(|one| (*one).to_owned()).collect();
        self.answers.lock().expect("the answers").insert(path.to_owned(), answers);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("the requests"))
    }

    fn answer(&self, mut stream: TcpStream) {
        let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
        let head: Vec<String> =
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else { return };
        let mut answers = self.answers.lock().expect("the answers");
        let answer = match answers.get_mut(path) {
            Some(list) if list.len() > 1 => list.remove(0),
            Some(list) => list[0].clone(),
            None => "404 Not Found\n\nno such page".to_owned(),
        };
        self.asked.lock().expect("the requests").push(head.join("\n"));
        let (said, body) = answer.split_once("\n\n").unwrap_or((&answer, ""));
        let said = said.replace('\n', "\r\n");
        let length = body.len();
        let text = format!(
            "HTTP/1.1 {said}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        let _ = stream.write_all(text.as_bytes());
    }
}

fn project(root: &Path, urls: &[String]) {
    let list = urls.iter().map(|url| format!("\"{url}\"")).collect::<Vec<_>>().join(", ");
    fs_err::create_dir_all(root.join("specs")).expect("a folder");
    fs_err::create_dir_all(root.join("fixtures")).expect("a folder");
    fs_err::write(root.join("specs/loja.yaml"), SPEC).expect("a spec");
    let text = format!("out = \"out\"\n\n[vendor.loja]\ndocs = [{list}]\n");
    fs_err::write(root.join("prumo.toml"), text).expect("a project");
}

fn fetch(root: &Path) -> Run {
    prumo(root, &["docs", "fetch", "--pause", "1"])
}

/// Rows: what became of the page, the host's answers, the exit code, and what is told.
#[test]
fn a_page_that_is_no_longer_there_is_told_and_its_copy_stays() {
    let login = "200 OK\n\n<form><input type=\"password\" name=\"p\"></form>";
    let rows: [(&str, &[&str], i32, &str); 11] = [
        ("is as it was", &["304 Not Modified\n\n"], 0, "fresh    loja URL is as it was"),
        (
            "moved",
            &["302 Found\nlocation: https://other.example/a?key=k3y\n\n"],
            4,
            "drifts   loja URL moved to https://other.example/a\n",
        ),
        ("is gone", &["410 Gone\n\n"], 4, "drifts   loja URL is gone: 410"),
        ("was never there", &["404 Not Found\n\n"], 4, "drifts   loja URL is gone: 404"),
        ("is locked", &["401 Unauthorized\n\n"], 4, "drifts   loja URL asks for a login"),
        ("redirects to a login", &["302 Found\nlocation: /login?to=a\n\n"], 4, "asks for a login"),
        ("is a login", &[login], 4, "asks for a login"),
        ("is empty", &["200 OK\n\n"], 4, "drifts   loja URL names no operation"),
        ("lost its facts", &["200 OK\n\n# Em breve\n"], 4, "drifts   loja URL names no operation"),
        (
            "is busy, then fine",
            &["503 Busy\nretry-after: 0\n\n", "429 Slow down\n\n", "304 Not Modified\n\n"],
            0,
            "fresh    loja URL is as it was",
        ),
        ("stays busy", &["429 Slow\nretry-after: 9999\n\n"], 1, "the host answered 429"),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let (root, host) = (folder.path(), Host::start());
    let url = format!("{}/kb/pedidos.md", host.address);
    project(root, std::slice::from_ref(&url));
    let sent =
        format!("200 OK\netag: \"v1\"\nlast-modified: Mon, 30 Nov 2026 10:00:00 GMT\n\n{PAGE}");
    host.say("/kb/pedidos.md", &[&sent]);
    let first = fetch(root);
    assert_eq!(first.code, Some(0), "{}{}", first.out, first.told);
    assert!(first.out.contains(&format!("fresh    loja {url} was read")), "{}", first.out);
    for (name, answers, code, told) in rows {
        host.asked();
        host.say("/kb/pedidos.md", answers);
        let run = fetch(root);
        assert_eq!(run.code, Some(code), "the page {name}: {}{}", run.out, run.told);
        assert!(run.out.contains(&told.replace("URL", &url)), "the page {name}: {}", run.out);
        let asked = host.asked();
        assert!(asked[0].starts_with("GET /robots.txt "), "{}", asked[0]);
        let request = asked[1].to_ascii_lowercase();
        assert!(request.contains("if-none-match: \"v1\""), "{request}");
        assert!(request.contains("if-modified-since: mon, 30 nov 2026"), "{request}");
        assert!(request.contains("user-agent: prumo/"), "{request}");
        // The copy is still the page that was read.
        let locked = prumo(root, &["docs", "lock", "loja"]);
        assert_eq!(locked.code, Some(0), "the page {name}: {}", locked.told);
    }
}

#[test]
fn robots_and_addresses_without_tls_are_respected() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, host) = (folder.path(), Host::start());
    let closed = format!("{}/kb/a.md", host.address);
    project(root, &[closed, "http://loja.example/a".to_owned()]);
    host.say("/robots.txt", &["200 OK\n\nUser-agent: *\nDisallow: /kb\n"]);
    let run = fetch(root);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("is closed by robots.txt"), "{}", run.out);
    assert!(run.out.contains("its address is not https"), "{}", run.out);
    assert_eq!(host.asked().len(), 1, "only robots.txt was asked for");
    let locked = prumo(root, &["docs", "lock", "loja"]);
    assert_eq!(locked.code, Some(1), "{}", locked.out);
    assert!(locked.told.contains("was not fetched"), "{}", locked.told);
}

#[test]
fn the_night_reads_the_pages_and_tells_what_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, host) = (folder.path(), Host::start());
    project(root, &[format!("{}/a.md", host.address)]);
    host.say("/a.md", &[&format!("200 OK\n\n{PAGE}")]);
    let docs = |run: &Run| {
        let line = run.out.lines().find(|line| line.starts_with("docs "));
        line.unwrap_or_default().to_owned()
    };
    let offline = prumo(root, &["nightly", "--offline"]);
    assert!(docs(&offline).starts_with("docs       skipped"), "{}", offline.out);
    assert_eq!(fetch(root).code, Some(0));
    assert_eq!(prumo(root, &["docs", "lock", "loja"]).code, Some(0));
    let fits = prumo(root, &["nightly"]);
    assert!(docs(&fits).starts_with("docs       fits"), "{}{}", fits.out, fits.told);
    assert!(docs(&fits).contains("0 changes since the lock"), "{}", fits.out);

    let wider = PAGE.replace("| cor |", "| tamanho | integer | Sim |\n| cor |");
    host.say("/a.md", &[&format!("200 OK\n\n{wider}")]);
    let changed = prumo(root, &["nightly"]);
    assert_eq!(changed.code, Some(4), "{}", changed.out);
    assert!(docs(&changed).starts_with("docs       drifts"), "{}", changed.out);
    assert!(changed.out.contains("param-added GET /api/pedido tamanho"), "{}", changed.out);

    // Once it is locked, the spec lacks it: a finding of the report.
    assert_eq!(prumo(root, &["docs", "lock", "loja"]).code, Some(0));
    let differs = prumo(root, &["nightly"]);
    assert_eq!(differs.code, Some(4), "{}", differs.out);
    let report = fs_err::read_to_string(root.join("out/report.json")).expect("a report");
    assert!(report.contains("param-undocumented"), "{report}");
    assert!(report.contains("/query/tamanho"), "{report}");

    host.say("/a.md", &["404 Not Found\n\n"]);
    let gone = prumo(root, &["nightly"]);
    assert!(gone.out.contains("/a.md is gone: 404"), "{}", gone.out);
}

#[test]
fn pages_are_fetched_before_they_are_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, host) = (folder.path(), Host::start());
    project(root, &[format!("{}/a.md", host.address)]);
    host.say("/a.md", &[&format!("200 OK\n\n{PAGE}")]);
    assert_eq!(fetch(root).code, Some(0));
    assert_eq!(prumo(root, &["docs", "lock", "loja"]).code, Some(0));
    fs_err::write(root.join("fixtures/.gitkeep"), "").expect("a file");
    committed(root);
    let follow = || prumo(root, &["follow", "--patch", "out/a.patch", "--test", "true"]);
    let patch = root.join("out/a.patch");

    let same = follow();
    assert_eq!(same.code, Some(0), "{}{}", same.out, same.told);
    assert_eq!(same.out, "fits     the pages of loja say the same\n");

    for (answer, code, told) in [
        ("404 Not Found\n\n", 4, "/a.md is gone: 404"),
        ("200 OK\n\n# Em breve\n", 4, "/a.md names no operation"),
        ("429 Slow\nretry-after: 9999\n\n", 1, "nothing was changed; ask again later"),
    ] {
        host.say("/a.md", &[answer]);
        let run = follow();
        assert_eq!(run.code, Some(code), "{}{}", run.out, run.told);
        assert!(format!("{}{}", run.out, run.told).contains(told), "{}{}", run.out, run.told);
        assert!(!patch.exists(), "{told}");
    }

    let wider = PAGE.replace("| cor |", "| tamanho | integer | Não |\n| cor |");
    host.say("/a.md", &[&format!("200 OK\n\n{wider}")]);
    let changed = follow();
    assert_eq!(changed.code, Some(4), "{}{}", changed.out, changed.told);
    let patch = fs_err::read_to_string(&patch).expect("a patch");
    assert!(patch.contains("{name: tamanho, in: query, schema: {type: integer}}"), "{patch}");
    assert_eq!(git(root, &["status", "--porcelain"]), "");
}
