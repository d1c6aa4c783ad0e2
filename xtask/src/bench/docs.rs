//! `cargo xtask bench docs`: measures how fast a Postman collection is read.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use prumo::screen;

/// The least speed, in MB/s.
const LEAST: f64 = 50.0;

/// The number of requests in the collection that is made up.
const REQUESTS: usize = 400;

/// The number of rows in each saved answer of it.
const ROWS: usize = 500;

/// Measures the reader of collections.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A collection; by default a made-up one.
    collection: Option<PathBuf>,
}

/// Runs the bench: 0 if it is fast enough, or else 4.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = crate::root();
    let build = ["build", "--release", "--quiet", "--locked", "--package", "prumo"];
    let status = Command::new("cargo").args(build).current_dir(&root).status();
    ensure!(status.context("failed to start `cargo build`")?.success(), "prumo does not compile");
    let file = match &args.collection {
        Some(file) => file.clone(),
        None => {
            let file = root.join(super::OUT).join("collection.json");
            fs_err::create_dir_all(root.join(super::OUT))?;
            fs_err::write(&file, collection())?;
            file
        }
    };
    let bytes = fs_err::metadata(&file)?.len();
    let start = Instant::now();
    // The verb reads both of its files.
    let status = Command::new(root.join("target/release/prumo"))
        .args(["docs", "diff"])
        .args([&file, &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("failed to start `prumo docs diff`")?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "`prumo docs diff` ended with {status}");
    let speed = 2.0 * bytes as f64 / 1e6 / seconds;
    let size = bytes as f64 / 1e6;
    screen::print(&format!(
        "prumo docs: {size:.1} MB twice in {seconds:.2} s, {speed:.0} MB/s of at least {LEAST:.0}\n"
    ))?;
    Ok(if speed >= LEAST { ExitCode::SUCCESS } else { ExitCode::from(screen::DRIFTING) })
}

/// Makes up a collection whose answers are long lists, as real ones have.
fn collection() -> String {
    let mut text = String::from(r#"{"info": {"name": "Loja"}, "item": ["#);
    for n in 0..REQUESTS {
        let comma = if n == 0 { "" } else { "," };
        let mut rows = String::new();
        for row in 0..ROWS {
            let comma = if row == 0 { "" } else { "," };
            let _ = write!(
                rows,
                r#"{comma}\r\n    {{\r\n        \"id_pedido\": {row},\r\n        \"nome\": \"Pedido número {row}\",\r\n        \"valor\": 10.5,\r\n        \"cliente\": {{\"id\": {row}, \"ativo\": true, \"observacao\": null}}\r\n    }}"#
            );
        }
        let _ = write!(
            text,
            r#"{comma}
  {{"name": "Listar {n}", "request": {{"method": "GET", "url": "{{{{url}}}}/api/area_{n}/pedido?pagina=1",
    "description": "| Campo | Tipo | Obrigatório |\n|---|---|---|\n| pagina | integer | Não |\n| busca | string | Sim |"}},
   "response": [{{"name": "Sucesso", "code": 200, "body": "{{\"status\": \"success\", \"pedidos\": [{rows}]}}"}}]}}"#
        );
    }
    text + "\n]}\n"
}
